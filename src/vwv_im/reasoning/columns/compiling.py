"""From the plan to expressions: conditions, computations and decision tables, with the reference's truth values.

What is known when the plan is compiled is worked out then: the readings followed, and facts that no column states.
An expression that is `None` is unknown in every row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, partial, reduce
from operator import and_, or_
from typing import Any, Self

import polars as pl

from vwv_im.case.vocabulary import Fact, Vocabulary
from vwv_im.lang import COMPARISONS, READING, Comparator, Compute, Condition, FactKind, FactType, Operation, Over, Row
from vwv_im.lang.fold import Algebra, constants_of
from vwv_im.lang.table import table_of
from vwv_im.lang.truth import ALL, ANY, Connective, Truth, negated_truth
from vwv_im.lang.types import TEXT, WORD
from vwv_im.reasoning.columns import exact_numbers as numbers
from vwv_im.reasoning.columns.days import MOST_DAYS, MOST_PARTS, Days, Materialize
from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError, Number
from vwv_im.reasoning.columns.graph import Node, coalesce, lit, when
from vwv_im.reasoning.columns.schedule import join_tree
from vwv_im.reasoning.plan import Plan
from vwv_im.text import Value

CODE = pl.UInt8
BITS = pl.UInt32
_MOST_WORDS, _MOST_BITS = 255, 31


@lru_cache(maxsize=16)
def stated_codes(vocabulary: Vocabulary) -> dict[str, int]:
    """Return the words that a case may state, each with its number, which is the same in every plan."""
    words = dict.fromkeys(word for fact in vocabulary.facts.values() for word in fact.values)
    return {word: code for code, word in enumerate(words)}


class EnumCodes:
    """The words of a plan: first those that a case may state, then those of the rules, then the readings followed."""

    all: tuple[str, ...]
    code: dict[str, int]

    def __init__(self, plan: Plan, readings: Iterable[str]) -> None:
        derived = [word for kind in plan.types.values() for word in kind.values]
        constants = [node.value for node in constants_of(*plan.roots())]
        written = [value for value in constants if isinstance(value, str)]
        self.all = tuple(dict.fromkeys([*stated_codes(plan.vocabulary), *derived, *written, *readings]))
        if len(self.all) > _MOST_WORDS:
            raise NotInColumnsError(f"{len(self.all)} words")
        self.code = {word: code for code, word in enumerate(self.all)}

    def decode(self, code: pl.Expr, values: Sequence[str]) -> pl.Expr:
        """Return the words of a column of numbers, as an enumeration of `values`."""
        return code.cat.to(pl.Enum(self.all)).cast(pl.Enum(values))


def bits_of(words: Iterable[str], kind: FactType | Fact) -> int:
    """Return the bits that stand for a set of values of an enumeration.

    >>> bits_of(["rot", "blau"], FactType("auswahlliste", values=("rot", "gelb", "blau")))
    5
    """
    if len(kind.values) > _MOST_BITS:
        raise NotInColumnsError(f"a list of {len(kind.values)} words")
    known = {word: bit for bit, word in enumerate(kind.values)}
    return sum(1 << known.get(word, len(known)) for word in set(words))


def as_bits(column: pl.Expr, kind: Fact) -> pl.Expr:
    """Return a column of lists of words as a column of bits.

    There are as many bits as words just if every word is one of `kind`, and none stands there twice: a sum of powers
    of two has that many bits only if they differ.
    """
    bits = [
        pl.when(pl.element() == word).then(pl.lit(bits_of([word], kind), BITS)).otherwise(pl.lit(0, BITS))
        for word in kind.values
    ]
    return column.list.eval(join_tree(or_, bits)).list.sum().cast(BITS)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of days, truth values, texts, words (as numbers) or lists of words (as bits).

    `fixed` is the value where it is the same in every row.
    """

    expr: Node
    fixed: Value = None

    def at(self, column: Node) -> Self:
        """Return the same read from a column."""
        return replace(self, expr=column, fixed=None)


Known = Number | Column
Cell = Known | None
Test = Truth | Node
Totals = Callable[[Over, FactType], Cell]

TYPES: Mapping[FactKind, type[pl.DataType]] = {
    "auswahl": CODE,
    "auswahlliste": BITS,
    "datum": pl.Date,
    "wahrheitswert": pl.Boolean,
    "text": pl.String,
    "ganzzahl": pl.Int64,
    "dezimal": pl.Int64,
}
"""How each kind of fact is held."""


def negate(test: Test) -> Test:
    """Return the Kleene negation."""
    return ~test if isinstance(test, Node) else negated_truth(test)


class Compiler(Algebra[Test, Cell, FactType]):
    """Compiles the parts of a plan, each for the type of fact that it is the value of.

    `cells` holds what each fact is read from and grows as facts are derived. `totals` gives the total over the entries
    of a list; `materialize` gives a part of an expression a column of its own.
    """

    types: Mapping[str, FactType]
    codes: EnumCodes
    totals: Totals
    materialize: Materialize
    cells: dict[str, Cell]

    def __init__(self, plan: Plan, readings: Mapping[str, str], totals: Totals, materialize: Materialize) -> None:
        self.types, self.codes = plan.types, EnumCodes(plan, readings.values())
        self.totals, self.materialize = totals, materialize
        self.cells = {READING + name: self.fixed(option, WORD) for name, option in readings.items()}

    def read_from(self, column: Node, fact: Fact) -> None:
        """Read a stated fact from its column."""
        cell: Cell = Column(column)
        if (limits := fact.limits) is not None:
            cell = numbers.stated_number(column, limits.maximum, limits.places, whole=fact.type == "ganzzahl")
        self.cells[fact.path] = cell

    def share(self, test: Test) -> Test:
        """Give a truth value that is read more than once a column of its own."""
        return self.materialize(test) if isinstance(test, Node) else test

    def test(self, condition: Condition | None) -> Test:
        """Return whether a condition holds; without a condition, yes."""
        return True if condition is None else self.condition(condition, WORD)

    def condition(self, node: Condition, here: FactType) -> Test:
        """Return whether a condition holds."""
        return self.share(super().condition(node, here))

    def wanted(self, here: FactType) -> FactType:
        """Return the type for which a value is worked out."""
        return here

    def fact(self, path: str, here: FactType) -> Cell:
        """Return what a fact is read from."""
        return self.cells.get(path)

    def fixed(self, value: Any, kind: FactType) -> Cell:
        """Return a value that is the same in every row."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return numbers.constant(value)
        coded = isinstance(value, str) and kind.kind != "text"
        return Column(lit(self.codes.code[value], CODE) if coded else lit(value), value)

    def unknown(self) -> Cell:
        """Return what no row knows."""
        return None

    def compare(self, how: Comparator, left: Cell, right: Cell) -> Test:
        """Return whether a comparison holds."""
        if left is None or right is None:
            return None
        if left.fixed is not None and right.fixed is not None:
            return bool(how.test(left.fixed, right.fixed))
        if isinstance(left, Number) and isinstance(right, Number):
            left, right = numbers.align((left, right))
        found: Node = how.test(left.expr, right.expr)
        return found

    def among(self, left: Cell, values: tuple[Any, ...], kind: FactType) -> Test:
        """Return whether a value is one of several."""
        if left is None:
            return None
        same = [self.compare(COMPARISONS["ist"], left, self.fixed(value, kind)) for value in values]
        return some(same) if same else ~left.expr.is_known() & lit(None, pl.Boolean)

    def contains(self, left: Cell, word: str, kind: FactType) -> Test:
        """Return whether a list, which is a set of bits, has a member."""
        return None if left is None else (left.expr & lit(bits_of([word], kind), BITS)) != 0

    def consists_of(self, left: Cell, words: tuple[str, ...], kind: FactType) -> Test:
        """Return whether a list has just these members."""
        return None if left is None else left.expr == lit(bits_of(words, kind), BITS)

    def rank(self, value: Cell, ranks: Mapping[str, int]) -> Cell:
        """Return the rank of a word."""
        if value is None:
            return None
        codes = ((self.codes.code[word], rank) for word, rank in ranks.items())
        return Column(reduce(lambda rest, one: when(value.expr == one[0], one[1], rest), codes, lit(None, pl.Int32)))

    def inverted(self, truth: Test) -> Test:
        """Return the negation."""
        return negate(truth)

    def join(self, connective: Connective, parts: Iterator[Test]) -> Test:
        """Return how truth values are joined."""
        return join(connective, list(parts))

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Cell], here: FactType) -> Cell:
        """Return an operation; unknown where an operand is, unless the first that is known counts."""
        cells = list(operands)
        known = [cell for cell in cells if cell is not None]
        if operation.lazy:
            columns, result = _alike(known)
            return None if result is None else self._share(result.at(coalesce(columns)))
        return None if len(known) < len(cells) else self._share(self._compute_known(operation, known, here))

    def _compute_known(self, operation: Operation, cells: Sequence[Known], here: FactType) -> Cell:
        if operation.symbolic is not None and isinstance(operation.takes, tuple):
            days, gives = Days(self.materialize), operation.gives or here
            columns = [cell.whole() if isinstance(cell, Number) else cell.expr for cell in cells]
            known = join_tree(and_, [column.is_known() for column in columns])
            found = when(known, operation.symbolic(days, *map(days.as_number, columns, operation.takes)))
            column = found.cast(TYPES[gives.kind])
            most = MOST_DAYS if gives.unit else MOST_PARTS
            return numbers.stated_number(column, most, 0, whole=True) if gives.numeric else Column(column)
        if operation.gives == TEXT:  # all that gives a text: what a table has for the beginning of another
            text, length, table = cells
            count = length.whole() if isinstance(length, Number) else length.expr
            return Column(text.expr.mapped("head", count).mapped("replaced", table_of(str(table.fixed))))
        if operation.name in numbers.PICKS and isinstance(cells[0], Column):
            return Column(reduce(numbers.PICKS[operation.name], [cell.expr for cell in cells]))
        if operation.name not in numbers.OPERATIONS:
            raise NotInColumnsError(operation.name)
        return numbers.OPERATIONS[operation.name](*cells)

    def _share(self, cell: Cell) -> Cell:
        if isinstance(cell, Number) and cell.divisor is not None:
            cell = replace(cell, divisor=self.materialize(cell.divisor))
        return None if cell is None else cell.at(self.materialize(cell.expr))

    def over(self, node: Over, here: FactType) -> Cell:
        """Return an operation over the entries of a list."""
        return self.totals(node, here)

    def truth(self, node: Condition, truth: Test, here: FactType) -> Cell:
        """Return a truth value as the value of a fact."""
        return None if truth is None else Column(as_column(truth))

    def row(self, row: Row, here: FactType) -> tuple[Test, Cell]:
        """Return the condition and the value of a row: the value only where the row may hold."""
        test = self.test(row.condition)
        return test, self.expression(row.value, here) if isinstance(test, Node) or test else None

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Test, Cell]], here: FactType) -> Cell:
        """Return the value of the first row that holds; an open row before it leaves the result open."""
        taken: list[tuple[Test, Cell]] = []
        for test, cell in meant:
            if test is None:
                break
            if test is not False:
                taken.append((test, cell))
            if test is True:
                break
        columns, result = _alike([cell for _, cell in taken])
        return None if result is None else result.at(_first_row([test for test, _ in taken], columns))


def join(connective: Connective, tests: Sequence[Test]) -> Test:
    """Return how truth values are joined: strong Kleene, as polars has it for nulls."""
    fixed = connective.join(test for test in tests if not isinstance(test, Node))
    columns = [test for test in tests if isinstance(test, Node)]
    if fixed is connective.decides or not columns:
        return fixed
    columns += [lit(None, pl.Boolean)] if fixed is None else []
    return join_tree(or_ if connective.decides else and_, columns)


every: partial[Test] = partial(join, ALL)
some: partial[Test] = partial(join, ANY)


def as_column(test: Test) -> Node:
    """Return a truth value as a column."""
    return test if isinstance(test, Node) else lit(test, pl.Boolean)


def settle(test: Test, *, open_as: bool) -> Test:
    """Return a truth value where what is open is taken for *yes* or for *no*."""
    if isinstance(test, Node):
        return test.settled(open_as=open_as)
    return open_as if test is None else test


def _alike(cells: Sequence[Cell]) -> tuple[list[Node], Cell]:
    """Return the columns of some values, comparable, and what kind of value each row then holds."""
    figures = [cell for cell in cells if isinstance(cell, Number)]
    known: list[Any] = numbers.with_common_bounds(figures) if figures else [cell for cell in cells if cell is not None]
    rest = iter(known)
    columns = [lit(None) if cell is None else next(rest).expr for cell in cells]
    return columns, known[0] if known else None


def _first_row(tests: Sequence[Test], values: Sequence[Node]) -> Node:
    result = lit(None)
    for test, value in zip(reversed(tests), reversed(values), strict=True):
        column = as_column(test)
        result = value if test is True else when(column, value, when(~column, result))
    return result
