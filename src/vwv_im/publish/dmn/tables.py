"""Decision tables in DMN: rows as cells, and what the plan leaves open as rows of their own.

A cell of DMN knows only "fits" and "does not fit". A row of the plan may also be open, and then the table is: so each
row is followed by rows that give null where none of its conditions fails and one of them is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from vwv_im.lang.nodes import Atom, Condition, Constant, Every, Row
from vwv_im.lang.truth import Art, Truth, contribution, verdict_of
from vwv_im.publish.dmn.feel import Feel, listed, literal, ranked
from vwv_im.reasoning.plan import Derivation, Requirement

ANY = "-"
_UNKNOWN = "null"
_ORDERED = {"mindestens": ">=", "weniger_als": "<", "hoechstens": "<=", "mehr_als": ">"}
_DATED = {"vor": "<", "nicht_vor": ">=", "nach": ">", "nicht_nach": "<="}
_TRUTHS: tuple[Truth, ...] = (True, False, None)


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions: what it is called, and what it reads."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results: its name (none where there is one only), its type, and the values it may have."""

    name: str | None
    type: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each input column, a result for each output column, and a remark."""

    tests: tuple[str, ...]
    results: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; `first` says that the first row that fits counts, else only one may fit."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    first: bool


class _Columns:
    """The input columns of a table, as they come up: what a column reads, and the test of a condition in it."""

    def __init__(self, feel: Feel) -> None:
        self.feel = feel
        self.titles: dict[str, str] = {}

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The columns found so far."""
        return tuple(Input(title, text) for text, title in self.titles.items())

    def tests(self, row: Row) -> dict[int, str]:
        """Return the test of each column that a row asks; a column asked twice becomes a condition of its own."""
        found: dict[int, str] = {}
        for part in _parts(row.condition):
            column, title, test = self._cell(part)
            if self._number(column, title) in found:
                column, title, test = self._condition(part)
            found[self._number(column, title)] = test
        return found

    def _cell(self, part: Condition) -> tuple[str, str, str]:
        test = self._test(part) if isinstance(part, Atom) else None
        if test is None or not isinstance(part, Atom):
            return self._condition(part)
        return self.feel.fact(part.fact), self.feel.title(part.fact), test

    def _condition(self, part: Condition) -> tuple[str, str, str]:
        title = f"{self.feel.title(part.fact)} (Vergleich)" if isinstance(part, Atom) else "Bedingung"
        return self.feel.condition(part), title, "true"

    def _test(self, atom: Atom) -> str | None:
        """Return a comparison with constants as a unary test; none where it is something else."""
        kind = self.feel.kind(atom.fact)
        if kind.kind == "auswahlliste" or self.feel.fact(atom.fact) == _UNKNOWN:
            return None
        if isinstance(atom.operand, tuple):
            values = [constant.value for constant in atom.operand]
            return None if None in values else _member(atom.operator == "in", listed(values))
        if not isinstance(atom.operand, Constant) or atom.operand.value is None:
            return None
        if kind.ranks is not None and atom.operator in _ORDERED:
            return listed(ranked(atom.operator, str(atom.operand.value), kind.ranks))
        if (sign := (_ORDERED | _DATED).get(atom.operator)) is not None:
            return f"{sign} {literal(atom.operand.value)}"
        return _member(atom.operator == "ist", literal(atom.operand.value))

    def _number(self, column: str, title: str) -> int:
        self.titles.setdefault(column, title)
        return list(self.titles).index(column)


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, Every) else (condition,)


def _member(inside: bool, values: str) -> str:
    return values if inside else f"not({_UNKNOWN},{values})"


def _or_unknown(test: str) -> str:
    return test.replace(f"not({_UNKNOWN},", "not(") if test.startswith("not(") else f"{_UNKNOWN},{test}"


def table_of(form: tuple[Row, ...], derivation: Derivation, feel: Feel, output: Output) -> Table:
    """Return a decision table of the plan as one of DMN."""
    columns = _Columns(feel)
    asked = [columns.tests(row) for row in form]
    remarks = [_remark(number, derivation) for number in range(len(form))]
    alone = derivation.item.model.treffer == "einzige" and all(row.condition is not None for row in form)
    rules: list[Rule] = []
    width = len(columns.titles)
    for number, (row, tests) in enumerate(zip(form, asked, strict=True)):
        rules.append(Rule(_cells(tests, width), (feel.expression(row.value),), remarks[number]))
        if not alone and number + 1 < len(form):
            rules += [rule for rule in _open_rules(tests, width) if rule not in rules]
    return Table(columns.inputs, (output,), tuple(rules), first=not alone)


def _cells(tests: dict[int, str], width: int) -> tuple[str, ...]:
    return tuple(tests.get(number, ANY) for number in range(width))


def _open_rules(tests: dict[int, str], width: int) -> Iterator[Rule]:
    """Yield the rows in which a row is open: its first unknown test, all before it met, none after it failed."""
    for unknown in tests:
        cells = {
            number: test if number < unknown else _UNKNOWN if number == unknown else _or_unknown(test)
            for number, test in tests.items()
        }
        yield Rule(_cells(cells, width), (_UNKNOWN,), "offen: eine Angabe fehlt")


def _remark(number: int, derivation: Derivation) -> str:
    belege = (derivation.item.model.faelle or ())[number].beleg
    return "" if belege is None else "; ".join(filter(None, (beleg.quelle or beleg.herleitung for beleg in belege)))


def verdict_table(requirement: Requirement, feel: Feel, outputs: Iterable[Output]) -> Table:
    """Return what a requirement contributes, and whether it applies, for each truth of its conditions."""
    asked = [Input("Bedingung", feel.condition(requirement.condition))]
    if requirement.applies is not None:
        asked.insert(0, Input("Gilt für", feel.condition(requirement.applies)))
    rules = _conditional(requirement.art) if len(asked) > 1 else _plain(requirement.art)
    return Table(tuple(asked), tuple(outputs), tuple(rules), first=False)


def _plain(art: Art) -> Iterator[Rule]:
    for holds in _TRUTHS:
        yield Rule((_truth(holds),), _results(art, True, holds))


def _conditional(art: Art) -> Iterator[Rule]:
    yield Rule(("false", ANY), _results(art, False, None), "entfällt")
    for applies, holds in product((True, None), _TRUTHS):
        yield Rule((_truth(applies), _truth(holds)), _results(art, applies, holds))


def _truth(truth: Truth) -> str:
    return literal(truth)


def _results(art: Art, applies: Truth, holds: Truth) -> tuple[str, str]:
    return literal(contribution(art, applies, holds).value), literal(verdict_of(applies).value)
