"""The derived values of a decision as an object: `values.zimmer[0].hoehe_cm`.

Which there are follows from the rules; for those of the library `vwv_im.typed` says them with their types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vwv_im.decision.context import Context
from vwv_im.reasoning.records import Subject
from vwv_im.text.faults import did_you_mean


class Values:
    """The derived values of one record: `None` where one is open, a tuple of records for a list, `None` if unstated."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        hint = did_you_mean(name, self._values)
        raise AttributeError(f"no derived value {name!r}" + (f"; {hint.en}" if hint else ""))

    def __dir__(self) -> list[str]:
        return sorted(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Values({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"


def values_of(context: Context, *, known: bool) -> Values:
    """Return the values of the record that the question is about; all open where they are not `known`."""
    (top,) = context.subjects(context.plan.top)
    return _Record(context, known=known).of(top.scope, top)


class _Record:
    def __init__(self, context: Context, *, known: bool) -> None:
        self.context, self.known = context, known

    def of(self, scope: str, subject: Subject) -> Values:
        context, found = self.context, dict[str, Any]()
        for derivation in context.plan.derivations:
            if derivation.scope == scope and not derivation.item.model.zwischenwert:
                value = context.value(derivation.fact, subject) if self.known else None
                _set(found, derivation.fact.split(".")[1:], value)
        for inner, slot in context.program.layout.lists[scope].items():
            entity = context.vocabulary.entities[inner]
            if entity.series is None:
                entries = [one for one in context.entries(subject, inner) if one.stated]
                stated = self.known and subject.record[slot] is not None
                keys = entity.path.removeprefix(f"{context.vocabulary.entities[scope].path}.").split(".")
                _set(found, keys, tuple(self.of(inner, one) for one in entries) if stated else None)
        return _closed(found)


def _set(found: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        found = found.setdefault(key, {})
    found[keys[-1]] = value


def _closed(found: Mapping[str, Any]) -> Values:
    return Values({key: _closed(value) if isinstance(value, dict) else value for key, value in found.items()})
