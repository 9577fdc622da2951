"""From nodes back to what a rule file writes; parsed again, it gives the same nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import READING, Atom, Compute, Constant, Every, Over, Read, Some
from vwv_im.lang.table import Operation

Raw = Any
"""What stands in a rule file: mappings, lists and values."""


class Writer(Fold[Raw, Raw, None]):
    """Writes parsed nodes as a rule file does.

    >>> from vwv_im.lang.parsing import parse_condition
    >>> WRITER.condition(parse_condition({"nicht": {"fakt": "stelle.vzae", "mindestens": 1}}), None)
    {'nicht': {'fakt': 'stelle.vzae', 'mindestens': 1}}
    """

    def joined(self, node: Every | Some, parts: Iterator[Raw], here: None) -> Raw:
        """Write a conjunction or disjunction."""
        return {node.operator: list(parts)}

    def atom(self, node: Atom, here: None) -> Raw:
        """Write a comparison; a denied one as the negation that the file has."""
        operand = node.operand
        if node.fact.startswith(READING) and isinstance(operand, Constant):
            raw: Raw = {"auslegung": node.fact.removeprefix(READING), "ist": operand.value}
        else:
            parts = [self.expression(part, None) for part in node.operands]
            raw = {"fakt": node.fact, node.written: parts if isinstance(operand, tuple) else parts[0]}
        return raw if node.operator == node.written else {"nicht": raw}

    def constant(self, node: Constant, here: None) -> Raw:
        """Write a value, or the parameter it comes from."""
        return node.value if node.parameter is None else {"parameter": node.parameter}

    def read(self, node: Read, here: None) -> Raw:
        """Write which fact is read."""
        return {"fakt": node.fact}

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Raw], here: None) -> Raw:
        """Write an operation."""
        parts = list(operands)
        if operation.keys:
            return {operation.written: dict(zip(operation.keys, parts, strict=True))}
        return {operation.written: parts if operation.listed else parts[0], **operation.fixed}

    def over(self, node: Over, here: None) -> Raw:
        """Write an operation over the entries of a list."""
        return {f"{node.operation}_ueber": node.scope, "wert": self.expression(node.value, None)}


WRITER = Writer()
