"""Decision tables in DMN: rows as cells, and what the plan leaves open as rows of their own.

A cell of DMN knows only "fits" and "does not fit". A row of the plan may also be open, and then the table is: so each
row is followed by rows that give null where none of its conditions fails and one of them is not known.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import NamedTuple

from vwv_im.lang import Atom, Compute, Condition, Every, Expression, Operation, Row, Some
from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import Constant, Over, Read
from vwv_im.lang.truth import ALL, TRUTHS, Truth, contribution, verdict_of
from vwv_im.law.evidence import Beleg
from vwv_im.publish.dmn.feel import UNKNOWN, Feel, literal
from vwv_im.reasoning.plan import Derivation, Requirement

ANY = "-"


class Input(NamedTuple):
    """A column of conditions: what it is called, and what it reads."""

    title: str
    text: str


class Output(NamedTuple):
    """A column of results: its name (none where there is one only), its type, and the values it may have."""

    name: str | None
    type: str
    values: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A row: a test for each input column, a result for each output column, and a remark."""

    tests: tuple[str, ...]
    results: tuple[str, ...]
    remark: str = ""


class Table(NamedTuple):
    """A decision table; `first` says that the first row that fits counts, else only one may fit."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    first: bool


class _Cell(NamedTuple):
    """What a column is called, what it reads, and the test in it."""

    title: str
    column: str
    test: str


_Cells = tuple[tuple[_Cell, ...], ...]
"""For each part of a condition the cells that ask it: of the fact, where that can be, and of the part as a whole."""


class Logic(Fold[_Cells, Table | str, None]):
    """What derives a fact: a decision table of DMN, or a text in FEEL."""

    def __init__(self, feel: Feel, derivation: Derivation, output: Output) -> None:
        self.feel = feel
        self.derivation = derivation
        self.output = output
        self._places: list[int | None] = []

    def joined(self, node: Every | Some, parts: Iterator[_Cells], here: None) -> _Cells:
        """Return the cells of the parts of a conjunction; a disjunction has one of its own."""
        if node.connective is ALL:
            return tuple(chain.from_iterable(parts))
        return ((_Cell("Bedingung", self.feel.condition(node, None), "true"),),)

    def atom(self, node: Atom, here: None) -> _Cells:
        """Return the cells of a comparison."""
        title, text = self.feel.title(node.fact), self.feel.condition(node, None)
        whole = _Cell(f"{title} (Vergleich)", text, "true")
        return ((_Cell(title, self.feel.fact(node.fact, None), text.test), whole) if text.test else (whole,),)

    def text(self, node: Expression, here: None) -> str:
        """Return a computation, and note how many decimals its result can have."""
        term = self.feel.expression(node, None)
        self._places.append(term.places)
        return term.settled

    @property
    def places(self) -> int | None:
        """How many decimals the results written have at most; nothing where one can have any number of them."""
        known = [one for one in self._places if one is not None]
        return max(known) if known and len(known) == len(self._places) else None

    def constant(self, node: Constant, here: None) -> str:
        """Return a fixed value."""
        return self.text(node, None)

    def read(self, node: Read, here: None) -> str:
        """Return the value of a fact."""
        return self.text(node, None)

    def over(self, node: Over, here: None) -> str:
        """Return what is joined over a list."""
        return self.text(node, None)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Table | str], here: None) -> str:
        """Return a computation."""
        return self.text(node, None)

    def truth(self, node: Condition, truth: _Cells, here: None) -> str:
        """Return a condition."""
        return self.feel.condition(node, None)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[_Cells | None, Table | str]], here: None) -> Table:
        """Return a decision table."""
        columns: dict[str, str] = {}
        asked = [(_tests(cells or (), columns), str(value)) for cells, value in meant]
        model, rules, names = self.derivation.item.model, list[Rule](), list(columns)
        alone = model.treffer == "einzige" and all(row.condition is not None for row in rows)
        for number, (tests, value) in enumerate(asked, start=1):
            remark = _remark((model.faelle or ())[number - 1].beleg)
            rules.append(Rule(tuple(tests.get(name, ANY) for name in names), (value,), remark))
            if not alone and number < len(rows):
                rules += [rule for rule in _open_rules(tests, names) if rule not in rules]
        inputs = tuple(Input(title, text) for text, title in columns.items())
        return Table(inputs, (self.output,), tuple(rules), first=not alone)


def _tests(cells: _Cells, columns: dict[str, str]) -> Mapping[str, str]:
    """Return the test in each column that a row asks, and note the columns; one asked twice is asked as a whole."""
    found: dict[str, str] = {}
    for possible in cells:
        title, column, test = next((cell for cell in possible if cell.column not in found), possible[-1])
        columns.setdefault(column, title)
        found[column] = test
    return found


def _or_unknown(test: str) -> str:
    return test.replace(f"not({UNKNOWN},", "not(") if test.startswith("not(") else f"{UNKNOWN},{test}"


def _open_rules(tests: Mapping[str, str], names: list[str]) -> Iterator[Rule]:
    """Yield the rows in which a row is open: its first unknown test, all before it met, none after it failed."""
    for unknown in map(names.index, tests):
        met = [tests.get(name, ANY) for name in names]
        rest = [_or_unknown(test) if test != ANY else ANY for test in met]
        yield Rule((*met[:unknown], UNKNOWN, *rest[unknown + 1 :]), (UNKNOWN,), "offen: eine Angabe fehlt")


def _remark(belege: tuple[Beleg, ...] | None) -> str:
    return "; ".join(filter(None, (beleg.quelle or beleg.herleitung for beleg in belege or ())))


def verdict_table(requirement: Requirement, feel: Feel, outputs: tuple[Output, ...]) -> Table:
    """Return what a requirement contributes, and whether it applies, for each truth of its conditions."""

    def rule(applies: Truth, holds: Truth, *tests: str, remark: str = "") -> Rule:
        contributed = contribution(requirement.art, applies, holds)
        return Rule(tests, (literal(contributed.value), literal(verdict_of(applies).value)), remark)

    asked = Input("Bedingung", feel.condition(requirement.condition, None))
    if requirement.applies is None:
        return Table((asked,), outputs, tuple(rule(True, holds, literal(holds)) for holds in TRUTHS), first=False)
    rules = [rule(False, None, "false", ANY, remark="entfällt")]
    rules += [rule(one, holds, literal(one), literal(holds)) for one, holds in product((True, None), TRUTHS)]
    scope = Input("Gilt für", feel.condition(requirement.applies, None))
    return Table((scope, asked), outputs, tuple(rules), first=False)
