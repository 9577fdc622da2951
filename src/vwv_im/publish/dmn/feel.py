"""Conditions and computations of a plan, written in FEEL, the expression language of DMN.

FEEL joins truth values as the plan does (strong Kleene, null is open), but its `=` and `in` answer with false where a
value is null; there the null is asked for first. A number, a sum or a day that reads null is null, as in the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from vwv_im.case import FACTS
from vwv_im.lang.nodes import (
    READING,
    Atom,
    Compute,
    Condition,
    Constant,
    Every,
    Expression,
    Over,
    Read,
    Some,
)
from vwv_im.lang.table import COMPARISONS
from vwv_im.lang.types import FactType
from vwv_im.lang.values import Value, plain
from vwv_im.law.types import DAY, scope_of
from vwv_im.reasoning.plan import Plan

LISTS: Mapping[str, str] = {"stelle": "stellen", "mitglied": "mitglieder"}
_SIGNS: Mapping[str, str] = {
    "mindestens": ">=",
    "weniger_als": "<",
    "hoechstens": "<=",
    "mehr_als": ">",
    "vor": "<",
    "nicht_vor": ">=",
    "nach": ">",
    "nicht_nach": "<=",
}
_READING = FactType("auswahl")
_RANKED = ("mindestens", "weniger_als", "hoechstens", "mehr_als")
_NEGATED: Mapping[str, str] = {"ist_nicht": "ist", "nicht_in": "in", "enthaelt_nicht": "enthaelt"}
_JOINED: Mapping[str, str] = {"summe": " + ", "differenz": " - ", "produkt": " * "}
_CALLED: Mapping[str, str] = {
    "ende_der_frist": "ende_der_frist",
    "laufender_monat": "laufender_monat",
    "monate_zwischen": "volle_monate",
    "resttage_zwischen": "resttage",
}
COMPUTED = frozenset(
    {*_JOINED, *_CALLED, "quotient", "zwoelftel", "kleinster", "groesster", "erster_bekannter"}
    | {"runde_euro", "runde_cent", "ende_der_frist_nach"}
)
"""The operations that can be written; together with `OPERATIONS` a test keeps this whole."""


def variable(fact: str) -> str:
    """Return the name of the decision that gives a derived fact.

    >>> variable("stelle.qualifikationsgruppe")
    'stelle_qualifikationsgruppe'
    """
    return fact.replace(".", "_").replace("-", "_")


def literal(value: Value) -> str:
    """Return a value as FEEL writes it.

    >>> literal("a"), literal(Decimal("0.50")), literal(date(2020, 1, 1)), literal(None)
    ('"a"', '0.5', 'date("2020-01-01")', 'null')
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return plain(value)
        case int():
            return str(value)
        case date():
            return f'date("{value.isoformat()}")'
        case str():
            return f'"{value}"'
        case tuple():
            return f"[{', '.join(map(literal, value))}]"


class Feel:
    """Writes FEEL, and notes in `needs` the names of what the text reads and calls.

    `calls` gives, for a sum over posts or members whose parts are derived, the service that derives them for one post
    or member, and what it is called with.
    """

    def __init__(
        self, plan: Plan, calls: Mapping[Over, tuple[str, tuple[str, ...]]], within: str | None = None
    ) -> None:
        self.plan = plan
        self.calls = calls
        self.within = within
        self.needs: dict[str, None] = {}

    def fact(self, path: str) -> str:
        """Return how a fact is read; what nobody states or derives is null."""
        if path in self.plan.producers or path.startswith(READING):
            name = variable(path)
            self.needs[name] = None
            return name
        if path not in FACTS and path != DAY:
            return "null"
        if (scope := scope_of(path)) != self.within:
            self.needs[scope] = None
        return path

    def title(self, path: str) -> str:
        """Return what a fact is called in German; a reading by its name."""
        if path in self.plan.producers:
            return self.plan.producers[path].item.model.titel.de
        if path == DAY:
            return "Tag der Entscheidung"
        return FACTS[path].title.de if path in FACTS else path.removeprefix(READING)

    def kind(self, path: str) -> FactType:
        """Return the type of a fact; a reading is a word."""
        return self.plan.types.get(path, _READING)

    def condition(self, condition: Condition, *, inner: bool = False) -> str:
        """Return a condition: true, false, or null where it is open."""
        match condition:
            case Every(parts=parts):
                text = " and ".join(self.condition(part, inner=True) for part in parts)
            case Some(parts=parts):
                text = " or ".join(self.condition(part, inner=True) for part in parts)
            case Atom():
                text = self.atom(condition)
                inner = inner and text.startswith("if ")
        return f"({text})" if inner else text

    def atom(self, atom: Atom) -> str:
        """Return one comparison."""
        ranks = self.kind(atom.fact).ranks if atom.operator in _RANKED else None
        left = self.fact(atom.fact)
        if ranks is not None and isinstance(atom.operand, Constant) and atom.operand.value is not None:
            fitting = ranked(atom.operator, str(atom.operand.value), ranks)
            return f"if {left} = null then null else list contains({literal(fitting)}, {left})"
        right = self._operand(atom)
        if "null" in (left, right):
            return "null"
        if atom.operator in _SIGNS:
            sides = [left, right] if ranks is None else [_rank(side, ranks) for side in (left, right)]
            return f" {_SIGNS[atom.operator]} ".join(sides)
        base = _NEGATED.get(atom.operator, atom.operator)
        text = self._membership(atom, base, left, right)
        if base != atom.operator:
            text = f"not({text})"
        if base == "enthaelt" or atom.fact.startswith(READING):
            return text  # null where the list is null; a reading is never null
        unknown = [left, right] if isinstance(atom.operand, Read) else [left]
        return f"if {' or '.join(f'{side} = null' for side in unknown)} then null else {text}"

    def _operand(self, atom: Atom) -> str:
        if isinstance(atom.operand, Read):
            return self.fact(atom.operand.fact)
        if isinstance(atom.operand, tuple):
            values = tuple(constant.value for constant in atom.operand)
            return "null" if None in values else literal(values)  # type: ignore[arg-type]
        return literal(atom.operand.value)

    def _membership(self, atom: Atom, base: str, left: str, right: str) -> str:
        if base == "in":
            return f"list contains({right}, {left})"
        if base == "enthaelt":
            return f"list contains({left}, {right})"
        if self.kind(atom.fact).kind == "auswahlliste":
            both = (left, right), (right, left)
            return " and ".join(f"(every teil in {one} satisfies list contains({other}, teil))" for one, other in both)
        return f"{left} = {right}"

    def expression(self, expression: Expression, *, inner: bool = False) -> str:
        """Return a computation."""
        match expression:
            case Constant(value=value):
                return literal(value)
            case Read(fact=fact):
                return self.fact(fact)
            case Over():
                return f"({self._over(expression)})" if inner else self._over(expression)
            case Compute(operation=operation, operands=operands) if operation in _JOINED:
                text = _JOINED[operation].join(self.expression(operand, inner=True) for operand in operands)
                return f"({text})" if inner and len(operands) > 1 else text
            case Compute(operation=operation, operands=operands):
                first = operation == "erster_bekannter"
                text = self._computed(operation, [self.expression(part, inner=first) for part in operands], operands)
                return f"({text})" if inner and first else text

    def _computed(self, operation: str, parts: list[str], operands: tuple[Expression, ...]) -> str:
        match operation:
            case "zwoelftel":
                return f"({parts[0]}) / 12"
            case "quotient":
                return f"({parts[0]}) / ({parts[1]})"
            case "kleinster" | "groesster":
                return self._extreme(operation, f"[{', '.join(parts)}]", operands[0])
            case "erster_bekannter":
                return "".join(f"if {part} != null then {part} else " for part in parts[:-1]) + parts[-1]
            case "runde_euro" | "runde_cent":
                return self.call("kaufmaennisch", [parts[0], "0" if operation == "runde_euro" else "2"])
            case "ende_der_frist_nach":
                return self.call(
                    "ende_der_frist", [f'{self.expression(operands[0], inner=True)} + duration("P1D")', parts[1]]
                )
            case _:
                return self.call(_CALLED[operation], parts)

    def call(self, name: str, arguments: Iterable[str]) -> str:
        """Return the call of a function or service."""
        self.needs[name] = None
        return f"{name}({', '.join(arguments)})"

    def _over(self, over: Over) -> str:
        self.needs["antrag"] = None
        entries = f"antrag.{LISTS[over.scope]}"
        parts = self.each(entries, over.scope, self._part(over))
        total = f"sum({parts})" if over.operation == "summe" else self._extreme("groesster", parts, over.value)
        return f"if {entries} = null then null else {total}"

    def _extreme(self, operation: str, values: str, one: Expression) -> str:
        """Return the smallest or largest of a list; not every tool has min and max of days."""
        if self._is_day(one):
            return self.call("fruehester" if operation == "kleinster" else "spaetester", [values])
        return f"{'min' if operation == 'kleinster' else 'max'}({values})"

    def _is_day(self, expression: Expression) -> bool:
        match expression:
            case Read(fact=fact):
                return self.kind(fact).kind == "datum"
            case Constant(value=value):
                return isinstance(value, date)
            case Over(value=value):
                return self._is_day(value)
            case Compute(operation=operation, operands=operands):
                if operation in ("kleinster", "groesster", "erster_bekannter"):
                    return self._is_day(operands[0])
                return operation.startswith("ende_der_frist")

    def _part(self, over: Over) -> str:
        if over in self.calls:
            name, inputs = self.calls[over]
            self.needs.update(dict.fromkeys(needed for needed in inputs if needed != over.scope))
            return self.call(name, inputs)
        one = Feel(self.plan, self.calls, over.scope)
        text = one.expression(over.value)
        self.needs.update(one.needs)
        return text

    @staticmethod
    def each(entries: str, scope: str, text: str) -> str:
        """Return the list of what `text` gives for each entry."""
        return f"for {scope} in {entries} return {text}"


def ranked(operator: str, wanted: str, ranks: Mapping[str, int]) -> tuple[str, ...]:
    """Return the values of an ordered enumeration that stand so to the one wanted, in their order.

    >>> ranked("mindestens", "mittlerer", {"hauptschule": 0, "mittlerer": 1, "hochschulreife": 2})
    ('mittlerer', 'hochschulreife')
    """
    compare = COMPARISONS[operator].test
    return tuple(value for value, rank in ranks.items() if compare(rank, ranks[wanted]))


def _rank(side: str, ranks: Mapping[str, int]) -> str:
    entries = ", ".join(f'"{value}": {rank}' for value, rank in ranks.items())
    return f"get value({{{entries}}}, {side})"


def listed(values: Iterable[Any]) -> str:
    """Return values as the list of a unary test: `"a","b"`."""
    return ",".join(map(literal, values))
