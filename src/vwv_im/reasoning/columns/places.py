"""How many decimals the derived numbers of a plan may have, however their units are usually counted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import Atom, Compute, Condition, Constant, Every, Over, Read, Row, Some
from vwv_im.lang.table import Operation
from vwv_im.reasoning.plan import Plan


def decimals_of(plan: Plan) -> dict[str, int]:
    """Return how many decimals each fact may have that is a number, stated or derived."""
    limits = {path: fact.limits for path, fact in plan.vocabulary.facts.items()}
    fold = _Decimals({path: one.places for path, one in limits.items() if one is not None})
    for derivation in plan.derivations:
        fold.known[derivation.fact] = fold.form(derivation.form, None)
    return fold.known


class _Decimals(Fold[None, int, None]):
    """Counts the decimals that a value may have, at most; a quotient is rounded wherever it stands."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known

    def joined(self, node: Every | Some, parts: Iterator[None], here: None) -> None: ...

    def atom(self, node: Atom, here: None) -> None: ...

    def truth(self, node: Condition, truth: None, here: None) -> int:
        return 0

    def constant(self, node: Constant, here: None) -> int:
        return _decimals(node.value) if isinstance(node.value, Decimal) else 0

    def read(self, node: Read, here: None) -> int:
        return self.known.get(node.fact, 0)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[int], here: None) -> int:
        decimals = list(operands)
        if operation.rounds:
            return _decimals(operation.run(Decimal(0)))
        return sum(decimals) if operation.takes == "numbers" else max(decimals)

    def over(self, node: Over, here: None) -> int:
        return self.expression(node.value, here)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[None, int]], here: None) -> int:
        return max(value for _, value in meant)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
