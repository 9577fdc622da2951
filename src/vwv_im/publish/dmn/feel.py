"""Conditions and computations of a plan, written in FEEL, the expression language of DMN.

FEEL joins truth values as the plan does (strong Kleene, null is open), but its `=` and `in` answer with false where a
value is null; there null is tested for first. A number, a sum or a day that reads null is null, as in the plan.
FEEL adds months as the BGB counts them (a month that lacks the day gives its last one), so that a period ends on the
day before its anniversary or, where that day is missing, on the last day of the month (§§ 187 (2), 188 (2), (3) BGB).
FEEL computes with decimals. Some tools do so in binary; what they leave of a number at its end is rounded away, to as
many decimals as the number can have at all (`Term.settled`), so that a tool that computes in decimals does the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Self, TypedDict, Unpack

from vwv_im.case.vocabulary import DECISION_DAY, scope_of
from vwv_im.lang.fold import Algebra
from vwv_im.lang.nodes import READING, Compute, Over
from vwv_im.lang.numbers import MOST_PLACES
from vwv_im.lang.table import OPERATIONS, Comparator, Operation
from vwv_im.lang.truth import WEAKEST_FIRST, Connective
from vwv_im.lang.types import WORD, FactType
from vwv_im.reasoning.plan import Plan
from vwv_im.text import Text, Value, plain

_OF_LIST: Mapping[str, str] = {"summe": "sum", "kleinster": "min", "groesster": "max"}
_OF_DAYS: Mapping[str, str] = {"min": "fruehester", "max": "spaetester"}
"""What joins the values of a list; not every tool has `min` and `max` of days."""
_PLACE = re.compile(r"(\(|, |)\{(\d)\}(?=([,)]?))")


class NoFormError(NotImplementedError):
    """What FEEL has no form for: its kind and its name."""

    what: str

    def __init__(self, kind: Text, name: str) -> None:
        super().__init__(f"FEEL has no form for the {kind.en} '{name}'")
        self.what = f"{kind.de} {name}"


class Marks(TypedDict, total=False):
    """What is known of a text in FEEL besides; see `Term`."""

    joined: bool
    day: bool
    known: bool
    places: int | None
    computed: bool


class Term(str):
    """A text in FEEL. `joined`: as part of another it stands in brackets; `day`: it gives one; `known`: never null.

    `test` is what a comparison of a fact with fixed values is as a test in a column that reads the fact. `places`: how
    many decimals the number has at most, `None` where that is not known or it is none; `computed`: it was added up or
    multiplied, and not rounded since.
    """

    __slots__ = ("computed", "day", "joined", "known", "places", "test")
    joined: bool
    day: bool
    known: bool
    test: str
    places: int | None
    computed: bool

    def __new__(cls, text: str, test: str = "", **marks: Unpack[Marks]) -> Self:
        """Return a text with its marks."""
        term = super().__new__(cls, text)
        term.test, term.places = test, marks.get("places")
        term.joined, term.day = marks.get("joined", False), marks.get("day", False)
        term.known, term.computed = marks.get("known", False), marks.get("computed", False)
        return term

    @property
    def settled(self) -> Term:
        """A number without what computing in binary leaves at its end; in decimals that is nothing."""
        if not (self.computed and self.places):
            return self
        return Term(f"decimal({self}, {self.places})", places=self.places)

    @property
    def part(self) -> str:
        """The text as a part of another."""
        return f"({self})" if self.joined else self


UNKNOWN = Term("null")


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


@dataclass(eq=False)
class Feel(Algebra[Term, Term, str | None]):
    """Writes FEEL, and notes in `needs` the names of what the text reads and calls. `here` is the scope at hand.

    `calls` gives, for a sum over a list whose parts are derived, the call of the service that derives them for one
    entry, and what that needs; `refused` the facts that could not be written; `places` how many decimals a derived fact
    has. Raises `NoFormError` for what FEEL has no form for, and for what rests on it.
    """

    plan: Plan
    calls: Mapping[Over, tuple[Term, Sequence[str]]]
    refused: Mapping[str, NoFormError] = field(default_factory=dict)
    places: Mapping[str, int | None] = field(default_factory=dict)
    needs: dict[str, None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.types = self.plan.types

    def need(self, names: Iterable[str]) -> None:
        """Note what is read or called."""
        self.needs.update(dict.fromkeys(names))

    def title(self, path: str) -> str:
        """Return what a fact is called in German; a reading by its name."""
        if path in self.plan.producers:
            return self.plan.producers[path].item.model.titel.de
        if path == DECISION_DAY:
            return "Tag der Entscheidung"
        facts = self.plan.vocabulary.facts
        return facts[path].title.de if path in facts else path.removeprefix(READING)

    def reach(self, scope: str) -> None:
        """Refuse what is about a series."""
        for series in self.plan.series:
            if series.scope == scope:
                raise NoFormError(Text("Reihe", "series"), scope)

    def fact(self, path: str, here: str | None) -> Term:
        """Return how a fact is read; what nobody states or derives is null."""
        self.reach(scope_of(path))
        if path in self.refused:
            raise self.refused[path]
        day, reading = self.types.get(path, WORD).kind == "datum", path.startswith(READING)
        if path in self.plan.producers or reading:
            self.need([variable(path)])
            return Term(variable(path), day=day, known=reading, places=self.places.get(path))
        if path not in self.plan.vocabulary.facts and path != DECISION_DAY:
            return UNKNOWN
        self.need({scope_of(path)} - {here})
        return Term(path, day=day, places=self._places_stated(path))

    def _places_stated(self, path: str) -> int | None:
        """Return with how many decimals a number may be stated."""
        if not self.types.get(path, WORD).numeric:
            return None
        limits = self.plan.vocabulary.facts[path].limits
        return 0 if limits is None else limits.places

    def fixed(self, value: Any, kind: FactType) -> Term:
        """Return a fixed value."""
        return Term(literal(value), day=isinstance(value, date), known=True, places=_places_of(value))

    def unknown(self) -> Term:
        """Return null."""
        return UNKNOWN

    unsettled = unknown

    def compare(self, how: Comparator, left: Term, right: Term) -> Term:
        """Return a comparison; one for more or less is null where a side is."""
        if not (how.sign or how.feel):
            raise NoFormError(Text("Vergleich", "comparison"), how.name)
        text, test = how.in_feel.format(left, right), ""
        if right.known and how.sign:
            test = f"{how.sign} {right}" if how.ordered else _outside(right) if how.denies else right
        return Term(text, test) if how.ordered else _if_known(text, left, right, test=test)

    def among(self, left: Term, values: tuple[Any, ...], kind: FactType) -> Term:
        """Return a membership in a fixed list."""
        return _if_known(f"list contains({literal(values)}, {left})", left, test=literals(values))

    def contains(self, left: Term, word: str, kind: FactType) -> Term:
        """Return whether a list has a member; null where the list is."""
        return Term(f"list contains({left}, {literal(word)})")

    def consists_of(self, left: Term, words: tuple[str, ...], kind: FactType) -> Term:
        """Return whether each of two lists holds what the other does."""
        both = (left, literal(words)), (literal(words), left)
        each = [f"(every teil in {one} satisfies list contains({other}, teil))" for one, other in both]
        return _if_known(" and ".join(each), left)

    def rank(self, value: Term, ranks: Mapping[str, int]) -> Term:
        """Return the rank of a value, looked up."""
        entries = ", ".join(f'"{value}": {rank}' for value, rank in ranks.items())
        return Term(f"get value({{{entries}}}, {value})")

    def inverted(self, truth: Term) -> Term:
        """Return the negation."""
        return Term(f"not({truth})", truth.test and _outside(truth.test))

    def join(self, connective: Connective, parts: Iterator[Term]) -> Term:
        """Return how truth values are joined."""
        return Term((" or " if connective.decides else " and ").join(one.part for one in parts), joined=True)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Term], here: str | None) -> Term:
        """Return an operation: joined by its sign, or with its operands in their places."""
        parts = list(operands)
        if operation.rounds or operation.fraction:
            parts = [one.settled for one in parts]
        day = parts[0].day if operation.gives is None else operation.gives.kind == "datum"
        marks: Marks = {"day": day, "places": places_after(operation, parts)}
        marks["computed"] = _is_computed(operation, parts)
        if operation.lazy:
            *earlier, last = [one.part for one in parts]
            text = "".join(f"if {one} != null then {one} else " for one in earlier) + last
            marks["joined"] = True
            return Term(text, **marks)
        if (form := operation.feel) is None:
            return self._of_list(operation.name, f"[{', '.join(parts)}]", **marks)
        self.need(name for name in FUNCTIONS if f"{name}(" in form)
        if "{0}" not in form:
            marks["joined"] = len(parts) > 1
            return Term(form.join(one.part for one in parts), **marks)
        return Term(_PLACE.sub(lambda place: _fill_place(place, parts), form), **marks)

    def over(self, node: Over, here: str | None) -> Term:
        """Return an operation on what each entry of a list gives; null where the list is."""
        if node.where is not None or node.empty is not None:
            raise NoFormError(Text("Summe über einzelne Einträge", "sum over some entries"), node.scope)
        self.reach(node.scope)
        above, entries = list_of(self.plan, node.scope)
        self.need([above])
        part, needs = self.calls.get(node) or (self.expression(node.value, node.scope), ())
        self.need(needs)
        marks: Marks = {"day": part.day, "places": part.places}
        total = self._of_list(node.operation, each(entries, node.scope, part), **marks)
        total.computed = _is_computed(OPERATIONS[node.operation], [part])
        marks["joined"] = True
        return Term(f"if {entries} = null then null else {total.settled}", **marks)

    def _of_list(self, operation: str, values: str, **marks: Unpack[Marks]) -> Term:
        if operation not in _OF_LIST:
            raise NoFormError(Text("Rechnung", "operation"), operation)
        name = _OF_LIST[operation]
        if marks.get("day"):
            name = _OF_DAYS[name]
            self.need([name])
        return Term(f"{name}({values})", **marks)


def _places_of(value: Value) -> int | None:
    """Return how many decimals a fixed number has; nothing for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return len(plain(Decimal(value)).partition(".")[2])


def places_after(operation: Operation, parts: Sequence[Term]) -> int | None:
    """Return how many decimals a result can have; nothing where it can have any number of them, or is no number.

    >>> from vwv_im.lang.table import OPERATIONS
    >>> operands = Term("a", places=2), Term("b", places=6)
    >>> [places_after(OPERATIONS[name], operands) for name in ("summe", "produkt", "quotient")]
    [6, 8, None]
    """
    if operation.rounds:
        return _places_of(operation.run(Decimal("0." + "1" * MOST_PLACES)))
    if operation.gives is not None and operation.takes != "numbers":
        return 0 if operation.gives.kind == "ganzzahl" else None
    each_one = [one.places for one in parts]
    if operation.fraction or None in each_one:
        return None
    known = [one for one in each_one if one is not None]
    return sum(known) if operation.takes == "numbers" else max(known)


def _is_computed(operation: Operation, parts: Sequence[Term]) -> bool:
    """Whether something is left of a number at its end where it was computed in binary."""
    return not operation.rounds and (operation.feel is not None or any(one.computed for one in parts))


def _if_known(text: str, *sides: Term, test: str = "") -> Term:
    """Return a text, or null where one of its sides is."""
    unknown = [f"{side} = null" for side in sides if not side.known]
    guarded = f"if {' or '.join(unknown)} then null else {text}" if unknown else text
    return Term(guarded, test, joined=bool(unknown))


def _outside(test: str) -> str:
    """Return the test that neither null nor what a test meets fits."""
    return f"not({UNKNOWN},{test})"


def _fill_place(place: re.Match[str], parts: Sequence[Term]) -> str:
    """Return what stands in a place of a form; one between brackets or commas needs no brackets of its own."""
    part = parts[int(place[2])]
    return place[1] + (part if place[1] and place[3] else part.part)


def list_of(plan: Plan, scope: str) -> tuple[str, str]:
    """Return the input that holds the list of a scope, and how the list is read.

    >>> from vwv_im import regulation
    >>> from vwv_im.reasoning.plan import make_plan
    >>> list_of(make_plan(regulation(), regulation().fassungen[0], "antrag"), "stelle")
    ('antrag', 'antrag.stellen')
    """
    entities, above = plan.vocabulary.entities, plan.vocabulary.parent(scope) or ""
    return above, above + entities[scope].path.removeprefix(entities[above].path)


def each(entries: str, scope: str, text: str) -> str:
    """Return the list of what a text gives for each entry."""
    return f"for {scope} in {entries} return {text}"


def literals(values: Iterable[Any]) -> str:
    """Return values as the list of a unary test: `"a","b"`."""
    return ",".join(map(literal, values))


class Function(NamedTuple):
    """A function in FEEL: its title, its parameters with their types, its body, and the functions that it calls."""

    title: str
    parameters: Mapping[str, str]
    result: str
    body: str
    needs: Sequence[str] = ()


*_WEAKER, _STRONGEST = WEAKEST_FIRST
_FILE = Path(__file__).with_name("functions.toml")
FUNCTIONS: Mapping[str, Function] = {
    **{name: Function(**known) for name, known in tomllib.loads(_FILE.read_text("utf-8")).items()},
    "schwaechstes": Function(
        "Das schwächste Ergebnis: nein vor offen vor Ermessen vor ja",
        {"ergebnisse": "Any"},
        "string",
        "".join(f'if list contains(ergebnisse, "{one}") then "{one}" else ' for one in _WEAKER) + f'"{_STRONGEST}"',
    ),
}
"""The functions of the model: those that operations call, and those that fold results."""
