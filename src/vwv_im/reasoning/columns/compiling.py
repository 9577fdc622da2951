"""From the plan to expressions: conditions, computations and decision tables, with the reference's truth values.

What is known when the plan is compiled is worked out then: the readings followed, and facts that no column states.
An expression that is `None` is unknown in every row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, or_

import polars as pl

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
    Row,
    Some,
)
from vwv_im.lang.table import COMPARISONS
from vwv_im.lang.truth import Truth, all_of, any_of
from vwv_im.lang.types import FactKind, FactType
from vwv_im.reasoning.columns import dates, numbers
from vwv_im.reasoning.columns.dates import Keep
from vwv_im.reasoning.columns.flow import joined
from vwv_im.reasoning.columns.numbers import Number
from vwv_im.reasoning.columns.words import BITS, CODE, Words, bits_of


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of days, truth values, texts, words (as numbers) or lists of words (as bits)."""

    kind: FactKind
    expr: pl.Expr


Cell = Number | Column | None
Test = Truth | pl.Expr
Totals = Callable[[Over, Cell], Cell]

TYPES: Mapping[str, type[pl.DataType]] = {
    "auswahl": CODE,
    "auswahlliste": BITS,
    "datum": pl.Date,
    "wahrheitswert": pl.Boolean,
    "text": pl.String,
    "ganzzahl": pl.Int64,
    "dezimal": pl.Int64,
}
"""How each kind of fact is held."""

_DATES: Mapping[str, Callable[[pl.Expr, pl.Expr, Keep], pl.Expr]] = {
    "ende_der_frist": dates.period_end,
    "ende_der_frist_nach": dates.period_end_after,
    "laufender_monat": dates.running_month,
    "monate_zwischen": dates.full_months,
    "resttage_zwischen": dates.remaining_days,
}
_MOST_DAYS = 10**7  # more than from the first to the last day of any calendar here
_ORDER: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "vor": lambda a, b: a < b,
    "nicht_vor": lambda a, b: a >= b,
    "nach": lambda a, b: a > b,
    "nicht_nach": lambda a, b: a <= b,
    "ist": lambda a, b: a == b,
    "ist_nicht": lambda a, b: a != b,
    "mindestens": lambda a, b: a >= b,
    "weniger_als": lambda a, b: a < b,
    "hoechstens": lambda a, b: a <= b,
    "mehr_als": lambda a, b: a > b,
}
_RANKED = ("mindestens", "weniger_als", "hoechstens", "mehr_als")


def stated_cell(path: str) -> Cell:
    """Return how a stated fact is read from its column."""
    fact, column = FACTS[path], pl.col(path)
    if fact.limits is None:
        return Column(fact.type, column)
    return numbers.stated(column, fact.limits.maximum, fact.limits.places, whole=fact.type == "ganzzahl")


def unknown(kind: str) -> pl.Expr:
    """Return a column in which nothing is known."""
    return pl.lit(None, TYPES[kind])


class Compiler:
    """Compiles the parts of a plan. `cells` holds what each fact is read from and grows as facts are derived.

    `totals` gives the total over posts or members; `keep` gives a part of an expression a column of its own.
    """

    def __init__(
        self, types: Mapping[str, FactType], words: Words, readings: Mapping[str, str], totals: Totals, keep: Keep
    ) -> None:
        self.types = types
        self.words = words
        self.readings = readings
        self.totals = totals
        self.keep = keep
        self.cells: dict[str, Cell] = {}

    def kept(self, test: Test) -> Test:
        """Give a truth value that is read more than once a column of its own."""
        return self.keep(test) if isinstance(test, pl.Expr) else test

    def test(self, condition: Condition | None) -> Test:
        """Return whether a condition holds; without a condition, yes."""
        return self.kept(self._test(condition))

    def _test(self, condition: Condition | None) -> Test:
        match condition:
            case None:
                return True
            case Every(parts=parts):
                return every([self.test(part) for part in parts])
            case Some(parts=parts):
                return some([self.test(part) for part in parts])
            case Atom():
                return self._atom(condition)

    def value(self, expression: Expression, kind: FactKind) -> Cell:
        """Return what an expression computes; `kind` is that of the fact it is computed for."""
        match expression:
            case Constant(value=value):
                return self._constant(value, kind)
            case Read(fact=fact) if fact.startswith(READING):
                return self._constant(self.readings[fact.removeprefix(READING)], "auswahl")
            case Read(fact=fact):
                return self.cells.get(fact)
            case Over(value=inner):
                return self.totals(expression, self.value(inner, kind))
            case Compute(operation=operation, operands=operands):
                return self._kept(self._compute(operation, [self.value(operand, kind) for operand in operands]))

    def table(self, rows: Sequence[Row], kind: FactKind) -> Cell:
        """Return the value of the first row that holds; an open row before it leaves the result open."""
        taken: list[tuple[Test, Cell]] = []
        for row in rows:
            test = self.test(row.condition)
            if test is None:
                break
            if test is not False:
                taken.append((test, self.value(row.value, kind)))
            if test is True:
                break
        columns, result = _one_kind([cell for _, cell in taken])
        return None if result is None else _at(result, _first_row([test for test, _ in taken], columns))

    def _kept(self, cell: Cell) -> Cell:
        if isinstance(cell, Number):
            divisor = None if cell.divisor is None else self.keep(cell.divisor)
            return replace(cell, scaled=self.keep(cell.scaled), divisor=divisor)
        return None if cell is None else Column(cell.kind, self.keep(cell.expr))

    def _constant(self, value: object, kind: FactKind) -> Cell:
        match value:
            case bool():
                return Column("wahrheitswert", pl.lit(value))
            case int() | Decimal():
                return numbers.constant(value)
            case date():
                return Column("datum", pl.lit(value))
            case str() if kind == "text":
                return Column("text", pl.lit(value))
            case str():
                return Column("auswahl", pl.lit(self.words.code(value), CODE))
        return None

    def _compute(self, operation: str, cells: list[Cell]) -> Cell:
        if operation == "erster_bekannter":
            return _first_known([cell for cell in cells if cell is not None])
        known = [cell for cell in cells if cell is not None]
        if len(known) < len(cells):
            return None
        if operation in _DATES:
            return self._of_days(operation, known)
        if isinstance(known[0], Column):
            pick = {"kleinster": numbers.smaller, "groesster": numbers.larger}[operation]
            return Column("datum", reduce(pick, [cell.expr for cell in known if isinstance(cell, Column)]))
        return numbers.OPERATIONS[operation](*known)

    def _of_days(self, operation: str, cells: Sequence[Number | Column]) -> Cell:
        first, second = (cell.whole() if isinstance(cell, Number) else cell.expr for cell in cells)
        found = _DATES[operation](first, second, self.keep)
        if operation.startswith("ende_der_frist"):
            return Column("datum", found)
        return numbers.stated(found, _MOST_DAYS, 0, whole=True)

    def _atom(self, atom: Atom) -> Test:
        if atom.fact.startswith(READING):
            return self._reading(atom)
        cell, kind = self.cells.get(atom.fact), self.types[atom.fact]
        if isinstance(atom.operand, tuple):
            return self._within(atom, cell)
        other = self.value(atom.operand, "text" if kind.kind == "text" else "auswahl")
        if kind.kind == "auswahlliste" and isinstance(cell, Column):
            return _listed(atom, cell.expr, kind)
        if cell is None or other is None:
            return None
        if isinstance(cell, Number):
            assert isinstance(other, Number)
            return numbers.compared(cell, atom.operator, other)
        assert isinstance(other, Column)
        if kind.ranks is not None and atom.operator in _RANKED:
            return self._ranked(atom, cell.expr, other.expr, kind.ranks)
        return _ORDER[atom.operator](cell.expr, other.expr)

    def _reading(self, atom: Atom) -> Truth:
        followed = self.readings[atom.fact.removeprefix(READING)]
        operand = atom.operand
        if isinstance(operand, tuple):
            return COMPARISONS[atom.operator].test(followed, [constant.value for constant in operand])
        assert isinstance(operand, Constant)
        return None if operand.value is None else COMPARISONS[atom.operator].test(followed, operand.value)

    def _within(self, atom: Atom, cell: Cell) -> Test:
        assert isinstance(atom.operand, tuple)
        if cell is None or None in [constant.value for constant in atom.operand]:
            return None
        equal = [self._atom(Atom(atom.fact, "ist", constant)) for constant in atom.operand]
        found = some(equal)
        return inverted(found) if atom.operator == "nicht_in" else found

    def _ranked(self, atom: Atom, left: pl.Expr, right: pl.Expr, ranks: Mapping[str, int]) -> pl.Expr:
        if isinstance(atom.operand, Read):
            return _ORDER[atom.operator](self._rank(left, ranks), self._rank(right, ranks))
        assert isinstance(atom.operand, Constant)
        required, compare = ranks[str(atom.operand.value)], COMPARISONS[atom.operator].test
        enough = [word for word, rank in ranks.items() if compare(rank, required)]
        if not enough:
            return numbers.never(left)
        return joined(or_, [left == self.words.code(word) for word in enough])

    def _rank(self, code: pl.Expr, ranks: Mapping[str, int]) -> pl.Expr:
        return pl.coalesce([pl.when(code == self.words.code(word)).then(rank) for word, rank in ranks.items()])


def every(tests: Sequence[Test]) -> Test:
    """Return the Kleene conjunction."""
    fixed = all_of(test for test in tests if not isinstance(test, pl.Expr))
    columns = [test for test in tests if isinstance(test, pl.Expr)]
    if fixed is False or not columns:
        return fixed
    return joined(and_, columns if fixed else [*columns, pl.lit(None, pl.Boolean)])


def some(tests: Sequence[Test]) -> Test:
    """Return the Kleene disjunction."""
    fixed = any_of(test for test in tests if not isinstance(test, pl.Expr))
    columns = [test for test in tests if isinstance(test, pl.Expr)]
    if fixed or not columns:
        return fixed
    return joined(or_, columns if fixed is False else [*columns, pl.lit(None, pl.Boolean)])


def inverted(test: Test) -> Test:
    """Return the Kleene negation."""
    if isinstance(test, pl.Expr):
        return ~test
    return None if test is None else not test


def as_column(test: Test) -> pl.Expr:
    """Return a truth value as a column."""
    return test if isinstance(test, pl.Expr) else pl.lit(test, pl.Boolean)


def _listed(atom: Atom, stated: pl.Expr, kind: FactType) -> Test:
    """Compare a list of words, which is a set of bits."""
    assert isinstance(atom.operand, Constant)
    value = atom.operand.value
    if value is None:
        return None
    wanted = bits_of(value if isinstance(value, tuple) else [str(value)], kind)
    bits = pl.lit(wanted, BITS)
    match atom.operator:
        case "ist":
            return stated == bits
        case "ist_nicht":
            return stated != bits
        case "enthaelt":
            return (stated & bits) != 0
    return (stated & bits) == 0


def _first_known(cells: Sequence[Number | Column]) -> Cell:
    if not cells:
        return None
    figures = [cell for cell in cells if isinstance(cell, Number)]
    if figures:
        return numbers.first_known(figures)
    columns = [cell for cell in cells if isinstance(cell, Column)]
    return Column(columns[0].kind, pl.coalesce([column.expr for column in columns]))


def _one_kind(cells: Sequence[Cell]) -> tuple[list[pl.Expr], Cell]:
    """Return the columns of some values, comparable, and what kind of value each row then holds."""
    figures = [cell for cell in cells if isinstance(cell, Number)]
    if figures:
        columns, result = numbers.chosen(figures)
        rest = iter(columns)
        return [pl.lit(None, result.dtype) if cell is None else next(rest) for cell in cells], result
    known = [cell for cell in cells if isinstance(cell, Column)]
    if not known:
        return [], None
    found = known[0].kind
    return [cell.expr if isinstance(cell, Column) else unknown(found) for cell in cells], known[0]


def _first_row(tests: Sequence[Test], values: Sequence[pl.Expr]) -> pl.Expr:
    result: pl.Expr = pl.lit(None)
    for test, value in zip(reversed(tests), reversed(values), strict=True):
        if test is True:
            result = value
        else:
            column = as_column(test)
            result = pl.when(column).then(value).when(~column).then(result)
    return result


def _at(cell: Number | Column, column: pl.Expr) -> Cell:
    return cell.at(column) if isinstance(cell, Number) else Column(cell.kind, column)
