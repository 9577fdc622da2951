"""The plainest algebra: conditions and computations worked out on facts given by their paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vwv_im.lang.fold import Algebra
from vwv_im.lang.nodes import Compute, Over, Row
from vwv_im.lang.table import Comparator, Operation
from vwv_im.lang.truth import Connective, Truth, negated_truth
from vwv_im.lang.types import FactType

Facts = Mapping[str, Any]


class Interpreter(Algebra[Truth, Any, Facts]):
    """Works out nodes on facts; what is not among them is unknown.

    >>> from vwv_im.lang.parsing import parse_condition
    >>> Interpreter({}).condition(parse_condition({"fakt": "stelle.vzae", "mindestens": 1}), {"stelle.vzae": 2})
    True
    """

    def __init__(self, types: Mapping[str, FactType]) -> None:
        self.types = types

    def fact(self, path: str, here: Facts) -> Any:
        """Return the value of a fact."""
        return here.get(path)

    def fixed(self, value: Any, kind: FactType) -> Any:
        """Return a fixed value as it is."""
        return value

    def unknown(self) -> Any:
        """Return what is never known."""
        return None

    def compare(self, how: Comparator, left: Any, right: Any) -> Truth:
        """Return whether a comparison holds."""
        return None if left is None or right is None else bool(how.test(left, right))

    def among(self, left: Any, values: tuple[Any, ...], kind: FactType) -> Truth:
        """Return whether a value is one of several."""
        return None if left is None else left in values

    def contains(self, left: Any, word: str, kind: FactType) -> Truth:
        """Return whether a list has a member."""
        return None if left is None else word in left

    def consists_of(self, left: Any, words: tuple[str, ...], kind: FactType) -> Truth:
        """Return whether a list has just these members."""
        return None if left is None else frozenset(left) == frozenset(words)

    def rank(self, value: Any, ranks: Mapping[str, int]) -> Any:
        """Return the rank of a value."""
        return None if value is None else ranks[value]

    def inverted(self, truth: Truth) -> Truth:
        """Return the negation."""
        return negated_truth(truth)

    def join(self, connective: Connective, parts: Iterator[Truth]) -> Truth:
        """Return how truth values are joined."""
        return connective.join(parts)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Any], here: Facts) -> Any:
        """Return an operation; unknown where an operand is, unless the first that is known counts."""
        values = tuple(operands)
        return None if None in values and not operation.lazy else operation.run(*values)

    def over(self, node: Over, here: Facts) -> Any:
        """Refuse an operation over a list: facts by their paths have no lists."""
        raise NotImplementedError(f"{node.operation}_ueber {node.scope}")

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Truth | None, Any]], here: Facts) -> Any:
        """Return the value of the first row that holds; an open row before it leaves the value open."""
        for row, (test, value) in zip(rows, meant, strict=True):
            if row.condition is None or test:
                return value
            if test is None:
                return None
        return None
