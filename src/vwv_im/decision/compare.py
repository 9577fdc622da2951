"""Comparing: the day held fixed, the law swapped, and for each change the operations that caused it.

A cause is found by taking operations back, each with those that refer to what it brought; where the value then differs
from the one under the later law, the operation is a cause. Where taking back all causes does not give the old value,
they hide others, which are found in the same way. An operation whose effect another one hides, so that both Fassungen
agree although taking it back changes the value, is told too (`old` and `new` are then equal).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide_under, prepared
from vwv_im.law.choice import Choice
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.values import Json
from vwv_im.text import Language, Text
from vwv_im.text.format import written_day


@dataclass(frozen=True, slots=True)
class Law:
    """A state of the law: a Fassung with the Erlasse beside it."""

    fassung: str
    erlasse: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name: the ids joined by a plus sign."""
        return "+".join((self.fassung, *self.erlasse))

    @property
    def last_act(self) -> str:
        """The act that distinguishes it from the one before."""
        return (self.erlasse or (self.fassung,))[-1]


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two states of the law, and the operations that caused it."""

    before: str
    after: str
    path: str
    old: Json
    new: Json
    causes: tuple[OperationId, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        causes = [{"act": cause.act, "operation": cause.operation} for cause in self.causes]
        return {
            "from": self.before,
            "to": self.after,
            "path": self.path,
            "old": self.old,
            "new": self.new,
            "causes": causes,
        }


@dataclass(frozen=True)
class Comparison:
    """One decision for each state of the law, one for each state of knowledge, and what changed by which act."""

    regulation: Regulation
    laws: tuple[Law, ...]
    decisions: tuple[Decision, ...]
    known: tuple[Decision, ...]
    changes: tuple[Change, ...]

    def to_dict(self, lang: Language = "de") -> dict[str, Any]:
        """Return the JSON document: `decisions` (per Fassung, then per state of knowledge) and `changes`."""
        return {
            "decisions": [decision.to_dict(lang) for decision in (*self.decisions, *self.known)],
            "changes": [change.to_dict() for change in self.changes],
        }


def compare(case: Any, *, on: date | str, rules: Any = None, **options: Any) -> Comparison:
    """Decide a case under each Fassung, the day held fixed, and tell what changed by which operation.

    `case`, `on` and the further options (`question`, `readings`) are those of `evaluate`; the same errors are raised.

    >>> comparison = compare({"antrag": {"stellen": [{}]}}, on="2020-06-01")
    >>> for law in comparison.laws:
    ...     print(law.name)
    2017-12-11
    2019-08-28
    2020-11-11
    2022-01-26
    2022-01-26+2022-03-11
    """
    law, valid, request = prepared(case, on=on, engine="direct", rules=rules, **options)
    laws = tuple(_laws(law))
    return _Comparer(law, valid, request, laws).comparison()


def _laws(law: Regulation) -> Iterator[Law]:
    for fassung in law.fassungen:
        yield Law(fassung.id, ())
    if law.with_erlasse.erlasse:
        yield Law(law.with_erlasse.id, law.with_erlasse.erlasse)


class _Comparer:
    def __init__(self, law: Regulation, case: Any, request: Any, laws: tuple[Law, ...]) -> None:
        self.law, self.case, self.request, self.laws = law, case, request, laws

    def comparison(self) -> Comparison:
        decisions = tuple(self.under(law) for law in self.laws)
        changes = [
            change
            for before, after, old, new in zip(self.laws, self.laws[1:], decisions, decisions[1:], strict=False)
            for change in self._changes(before, after, old, new)
        ]
        return Comparison(self.law, self.laws, decisions, tuple(self._known()), tuple(changes))

    def under(self, law: Law, without: frozenset[OperationId] = frozenset()) -> Decision:
        kurz, on = self.law.act(law.fassung).kurz, self.request.on
        beside = [self.law.act(name).kurz for name in law.erlasse]
        because = Text(
            f"Vergleich: Auf den {written_day(on, 'de')} ist die Fassung nach der {kurz.de}"
            f"{''.join(f' mit dem {erlass.de}' for erlass in beside)} angewandt.",
            f"Comparison: the Fassung after the {kurz.en}{''.join(f' with the {erlass.en}' for erlass in beside)} "
            f"is applied to {written_day(on, 'en')}.",
        )
        choice = Choice("inside", law.fassung, law.erlasse, None, None, None, None, (), lambda: because)
        return decide_under(self.law, self.case, self.request, choice, without)

    def _known(self) -> Iterator[Decision]:
        """Yield a decision for each state of knowledge, where it differs from the one before."""
        seen: list[tuple[Any, ...]] = []
        days = sorted({akt.bekannt_ab.datum for akt in self.law.acts if akt.art != "nachfolge"})
        for day in [days[0] - timedelta(days=1), *days]:
            request = replace(self.request, known_on=day)
            choice = self.law.choose(request.on, day, request.readings)
            if (key := (choice.place, choice.basis, choice.erlasse)) not in seen:
                seen.append(key)
                yield decide_under(self.law, self.case, request, choice)

    def _changes(self, before: Law, after: Law, old: Decision, new: Decision) -> Iterator[Change]:
        left, right = _facets(old), _facets(new)
        without = _Without(self, after)
        effects = without.effects(frozenset())
        for path in sorted({*left, *right}):
            causes = tuple(operation for operation, paths in effects.items() if path in paths)
            if left.get(path) != right.get(path) or len(causes) > 1:
                whole = without.whole(causes, path, left.get(path))
                yield Change(before.name, after.name, path, left.get(path), right.get(path), whole)

    @cached_property
    def with_dependants(self) -> dict[OperationId, frozenset[OperationId]]:
        return dependants(self.law)


class _Without:
    """What a state of the law would decide without some operations of its last act."""

    def __init__(self, comparer: _Comparer, law: Law) -> None:
        self.comparer, self.law = comparer, law
        self.operations = [o for o in comparer.law.operations if o.act == law.last_act]
        self.facets = cache(self._facets)
        self.effects = cache(self._effects)

    def _facets(self, gone: frozenset[OperationId]) -> Mapping[str, Json]:
        whole = frozenset(other for operation in gone for other in self.comparer.with_dependants[operation])
        return _facets(self.comparer.under(self.law, whole))

    def _effects(self, gone: frozenset[OperationId]) -> dict[OperationId, set[str]]:
        """Return, for each operation that is left, the paths that change when it is taken back as well."""
        facets = self.facets(gone)
        found: dict[OperationId, set[str]] = {}
        for operation in self.operations:
            if operation not in gone:
                other = self.facets(gone | {operation})
                found[operation] = {p for p in {*facets, *other} if facets.get(p) != other.get(p)}
        return found

    def whole(self, causes: tuple[OperationId, ...], path: str, old: Json) -> tuple[OperationId, ...]:
        """Add to the causes those that they hide, until taking all of them back gives the old value."""
        while causes and self.facets(frozenset(causes)).get(path) != old:
            hidden = tuple(o for o, paths in self.effects(frozenset(causes)).items() if path in paths)
            if not hidden:
                break
            causes += hidden
        return causes


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


def _facets(decision: Decision) -> dict[str, Json]:
    """Return everything of a decision that an act can change, by a path."""
    facets: dict[str, Json] = {"outcome": decision.outcome}
    if decision.verdict is not None:
        facets["verdict"] = decision.verdict.value
    facets.update(decision.derived)
    for reason in decision.options:
        facets[f"options.{reason.rule}.{reason.subject}"] = reason.verdict.value
    for duty in decision.duties:
        year = f".{duty.year}" if duty.year is not None else ""
        facets[f"duties.{duty.id}{year}"] = duty.due.isoformat() if duty.due else "offen"
    return facets
