"""From parsed to linked nodes: parameters get their values, lists the scope of their entries, values their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from vwv_im.lang.fold import Rebuilt
from vwv_im.lang.nodes import READING, Atom, Condition, Constant, Expression, Over, Row
from vwv_im.lang.table import COMPARISONS
from vwv_im.lang.types import WORD, FactType
from vwv_im.lang.values import Value
from vwv_im.text.days import iso_day


class Linker(Rebuilt[FactType]):
    """Links nodes to what they name: `parameter` gives the value of one, `lists` the scope of a list's entries.

    A node is linked for the type of fact that it is the value of, or is compared with.
    """

    def __init__(
        self, types: Mapping[str, FactType], parameter: Callable[[str], Any], lists: Mapping[str, str]
    ) -> None:
        self.types = types
        self.parameter = parameter
        self.lists = lists

    def linked(self, condition: Condition) -> Condition:
        """Return a condition linked."""
        return self.condition(condition, WORD)

    def atom(self, node: Atom, here: FactType) -> Condition:
        """Return a comparison with what it names."""
        if node.fact.startswith(READING):
            return node
        wanted, operand = self.types[node.fact], node.operand
        if not isinstance(operand, tuple):
            linked: Any = self.expression(operand, wanted)
        else:
            linked = tuple(self.constant(part, wanted) for part in operand)
            if COMPARISONS[node.written].of_lists:
                linked = Constant(tuple(sorted(str(part.value) for part in linked)), at=node.at)
        return Atom(node.fact, node.operator, linked, node.at, node.written)

    def constant(self, node: Constant, here: FactType) -> Constant:
        """Return a fixed value or the value of a parameter, as one of the type wanted."""
        value = node.value if node.parameter is None else self.parameter(node.parameter)
        return Constant(typed_value(value, here), node.parameter, node.at)

    def over(self, node: Over, here: FactType) -> Expression:
        """Return an operation over the entries of a list, named by their scope."""
        return Over(node.operation, self.lists[node.scope], self.expression(node.value, here), node.at)

    def linked_rows(self, rows: tuple[Row, ...], wanted: FactType) -> tuple[Row, ...]:
        """Return the rows of a decision table, linked."""
        return tuple(Row(*self.row(row, wanted)) for row in rows)


def typed_value(value: Any, wanted: FactType) -> Value:
    """Return a written value as a value of the wanted type: days as dates, amounts as exact decimals."""
    if isinstance(value, str):
        return iso_day(value) or value
    if isinstance(value, int) and not isinstance(value, bool) and wanted.kind == "dezimal":
        return Decimal(value)
    result: Value = value
    return result
