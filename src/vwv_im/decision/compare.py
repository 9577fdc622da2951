"""Comparing: the day held fixed, the law swapped, and for each change the operations that caused it.

An operation whose effect another one hides, so that both Fassungen agree although taking it back changes the value,
is told too (`old` and `new` are then equal). How causes are found, see `causes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from vwv_im.case import Case
from vwv_im.decision.causes import Causes
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide_under, prepared
from vwv_im.decision.facets import facets
from vwv_im.decision.request import Request
from vwv_im.lang.values import Json
from vwv_im.law.choice import Choice
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.text import Text
from vwv_im.text.format import written_day
from vwv_im.text.json_object import JsonDocument, JsonObject


@dataclass(frozen=True, slots=True)
class Change(JsonObject, schema="ChangeDocument", keys="from:before to:after path old new causes"):
    """What differs between two states of the law, and the operations that caused it."""

    before: str
    after: str
    path: str
    old: Json
    new: Json
    causes: tuple[OperationId, ...]


@dataclass(frozen=True)
class Comparison(JsonDocument, schema="ComparisonDocument", keys="decisions:all_decisions changes"):
    """One decision for each state of the law, one for each state of knowledge, and what changed by which act."""

    regulation: Regulation
    laws: tuple[Law, ...]
    decisions: tuple[Decision, ...]
    known: tuple[Decision, ...]
    changes: tuple[Change, ...]

    @property
    def all_decisions(self) -> tuple[Decision, ...]:
        """One decision per Fassung, then one per state of knowledge."""
        return (*self.decisions, *self.known)


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
    return _Comparer(law, valid, request).comparison()


class _Comparer:
    def __init__(self, law: Regulation, case: Any, request: Any) -> None:
        self.law, self.case, self.request = law, case, request

    def comparison(self) -> Comparison:
        laws = self.law.laws
        decisions = tuple(self.under(law) for law in laws)
        changes = [
            change
            for before, after, old, new in zip(laws, laws[1:], decisions, decisions[1:], strict=False)
            for change in self._changes(before, after, old, new)
        ]
        return Comparison(self.law, laws, decisions, tuple(self._known()), tuple(changes))

    def under(self, law: Law, without: frozenset[OperationId] = frozenset()) -> Decision:
        return decide_as(self.law, law, self.case, self.request, without)

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
        left, right = facets(old), facets(new)
        operations = [operation for operation in self.law.operations if operation.act == after.last_act]
        causes = Causes(self.law, operations, lambda gone: facets(self.under(after, gone)))
        for path in sorted({*left, *right}):
            found = causes.of(path)
            if left.get(path) != right.get(path) or len(found) > 1:
                whole = causes.whole(found, path, left.get(path))
                yield Change(before.name, after.name, path, left.get(path), right.get(path), whole)


def decide_as(
    regulation: Regulation,
    law: Law,
    case: Case,
    request: Request,
    without: frozenset[OperationId] = frozenset(),
) -> Decision:
    """Decide a valid case under a state of the law, whatever its day, `without` some operations."""
    kurz, on = regulation.act(law.fassung).kurz, request.on
    beside = [regulation.act(name).kurz for name in law.erlasse]
    because = Text(
        f"Vergleich: Auf den {written_day(on, 'de')} ist die Fassung nach der {kurz.de}"
        f"{''.join(f' mit dem {erlass.de}' for erlass in beside)} angewandt.",
        f"Comparison: the Fassung after the {kurz.en}{''.join(f' with the {erlass.en}' for erlass in beside)} "
        f"is applied to {written_day(on, 'en')}.",
    )
    choice = Choice("inside", law.fassung, law.erlasse, None, None, None, None, (), lambda: because)
    return decide_under(regulation, case, request, choice, without)
