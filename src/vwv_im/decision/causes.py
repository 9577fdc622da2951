"""Which operations of the acts caused a change: each is taken back, with those that refer to what it brought.

Where a value then differs, the operation is a cause of it. Where taking back all causes does not give the value from
before, they hide others, which are found in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from vwv_im.lang.values import Json
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation

Facets = Mapping[str, Json]
"""Everything of a decision that an act can change, by a path."""


class Causes:
    """What taking operations back changes for one case.

    `decided` returns the facets of its decision without the operations it is given.
    """

    def __init__(
        self,
        law: Regulation,
        operations: Sequence[OperationId],
        decided: Callable[[frozenset[OperationId]], Facets],
    ) -> None:
        self.operations = operations
        self._dependants = dependants(law)
        self._decided = cache(decided)
        self.facets = cache(self._facets)
        self.effects = cache(self._effects)

    def _facets(self, gone: frozenset[OperationId]) -> Facets:
        return self._decided(frozenset(other for operation in gone for other in self._dependants[operation]))

    def _effects(self, gone: frozenset[OperationId]) -> dict[OperationId, set[str]]:
        """Return, for each operation that is left, the paths that change when it is taken back as well."""
        facets = self.facets(gone)
        found: dict[OperationId, set[str]] = {}
        for operation in self.operations:
            if operation not in gone:
                other = self.facets(gone | {operation})
                found[operation] = {p for p in {*facets, *other} if facets.get(p) != other.get(p)}
        return found

    def of(self, path: str) -> tuple[OperationId, ...]:
        """Return the operations that change the value at a path, each taken back alone."""
        return tuple(operation for operation, paths in self.effects(frozenset()).items() if path in paths)

    def whole(self, causes: tuple[OperationId, ...], path: str, old: Json) -> tuple[OperationId, ...]:
        """Add to the causes those that they hide, until taking all of them back gives the old value."""
        while causes and self.facets(frozenset(causes)).get(path) != old:
            hidden = tuple(o for o, paths in self.effects(frozenset(causes)).items() if path in paths)
            if not hidden:
                break
            causes += hidden
        return causes


@cache
def dependants(law: Regulation) -> dict[OperationId, frozenset[OperationId]]:
    """Return each operation with all that refer, directly or not, to what it inserted."""
    brought = {operation: _brought(model.neu) for operation, model in law.operations.items()}
    read = {operation: set(_referred(model.neu)) for operation, model in law.operations.items()}
    closed: dict[OperationId, frozenset[OperationId]] = {}
    for operation in law.operations:
        group = {operation}
        while grown := {o for o in law.operations if o not in group and any(brought[g] & read[o] for g in group)}:
            group |= grown
        closed[operation] = frozenset(group)
    return closed


def _brought(new: Any) -> set[str]:
    """Return what an inserted item can be referred to by."""
    if not isinstance(new, dict) or len(new) != 1:
        return set()
    ((kind, item),) = new.items()
    if kind == "parameter" and isinstance(item, dict):
        return {f"parameter:{name}" for name in item}
    return {f"fakt:{item['ergibt']}"} if kind == "ableitung" else set()


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("parameter", "fakt") and isinstance(value, str):
                yield f"{key}:{value}"
            yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)
