"""Comparing: the day held fixed, the law swapped, and for each change the operations that caused it.

An operation whose effect another one hides, so that both Fassungen agree although taking it back changes the value, is
reported as well (`old` and `new` are then equal).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from vwv_im.case import CasePart
from vwv_im.decision.attribution import (
    Attribution,
    columns,
    differences,
)
from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide, prepare
from vwv_im.decision.request import Request
from vwv_im.law import ApplicableFassung, Law, OperationId, Regulation
from vwv_im.text import Json, JsonDocument, JsonObject, Text, written_day


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
    """Whose states are compared."""
    laws: tuple[Law, ...]
    """Each state of the law: a Fassung, with the Erlasse beside it."""
    decisions: tuple[Decision, ...]
    """The decision under each of them."""
    known: tuple[Decision, ...]
    """The decision for each state of knowledge on the day, where it differs from the one before."""
    changes: tuple[Change, ...]
    """What changed from one state to the next, and by which operation."""

    @property
    def all_decisions(self) -> tuple[Decision, ...]:
        """One decision per Fassung, then one per state of knowledge."""
        return (*self.decisions, *self.known)


def compare(
    case: CasePart | Mapping[str, object] | str | os.PathLike[str],
    *,
    on: date | str,
    question: str | None = None,
    known_on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | None = None,
) -> Comparison:
    """Decide a case under each Fassung, the day held fixed, and tell what changed by which operation.

    What is asked is said as to `evaluate`; the same errors are raised. `direct` decides. `known_on` is recorded in the
    decisions; every state of knowledge is compared whatever it is.

    >>> comparison = compare("examples/berglen.yaml", on="2020-06-01")
    >>> for law in comparison.laws:
    ...     print(law.name)
    2017-12-11
    2019-08-28
    2020-11-11
    2022-01-26
    2022-01-26+2022-03-11
    """
    law, valid, request = prepare(
        case, on=on, question=question, known_on=known_on, engine="direct", readings=readings, rules=rules
    )

    def under(state: Law, without: frozenset[OperationId] = frozenset(), before: Decision | None = None) -> Decision:
        return decide_as(law, state, valid, request, without, None if before is None else before.context)

    decisions = [under(law.laws[0])]
    for state in law.laws[1:]:
        decisions.append(under(state, before=decisions[-1]))
    pairs = pairwise(zip(law.laws, decisions, strict=True))
    changes = tuple(change for before, after in pairs for change in _changes(law, *before, *after, under))
    known = tuple(_by_knowledge(law, valid, request, decisions[-1].context))
    return Comparison(law, law.laws, tuple(decisions), known, changes)


def _by_knowledge(law: Regulation, case: CasePart, request: Request, before: Context) -> Iterator[Decision]:
    """Yield a decision for each state of knowledge, where it differs from the one before."""
    seen: list[tuple[Any, ...]] = []
    days = sorted({akt.bekannt_ab.datum for akt in law.acts if akt.art != "nachfolge"})
    for day in [days[0] - timedelta(days=1), *days]:
        choice = law.choose(request.on, day, request.readings, request.question)
        if (key := (choice.status, choice.basis, choice.erlasse)) not in seen:
            seen.append(key)
            yield decide(law, case, replace(request, known_on=day), choice=choice, before=before)


def _changes(
    law: Regulation, before: Law, old: Decision, after: Law, new: Decision, under: Callable[..., Decision]
) -> Iterator[Change]:
    """Yield what differs between two states of the law; `under` decides under one, without some operations."""
    left, right = columns(old), columns(new)
    changed = differences(left, right)
    operations = [operation for operation in law.operations if operation.act == after.last_act]
    attribution = Attribution(law, operations, lambda gone: differences(right, columns(under(after, gone, new))))
    hidden = {path: (attribution.value(path),) * 2 for path in attribution.several if path not in changed}
    for path, (was, now) in sorted([*changed.items(), *hidden.items()]):
        causes = attribution.complete(attribution.causes(path), path, was, now)
        yield Change(before.name, after.name, path, was, now, causes)


def decide_as(
    regulation: Regulation,
    law: Law,
    case: CasePart,
    request: Request,
    without: frozenset[OperationId] = frozenset(),
    before: Context | None = None,
) -> Decision:
    """Decide a valid case under a state of the law, whatever its day, `without` some operations; see `decide`."""
    kurz, on = regulation.act(law.fassung).kurz, request.on
    erlasse = [regulation.act(name).kurz for name in law.erlasse]
    because = Text(
        f"Vergleich: Auf den {written_day(on, 'de')} ist die Fassung nach der {kurz.de}"
        f"{''.join(f' mit dem {erlass.de}' for erlass in erlasse)} angewandt.",
        f"Comparison: the Fassung after the {kurz.en}{''.join(f' with the {erlass.en}' for erlass in erlasse)} "
        f"is applied to {written_day(on, 'en')}.",
    )
    choice = ApplicableFassung("inside", law.fassung, law.erlasse, None, None, None, None, (), partial(Text, *because))
    return decide(regulation, case, request, without, choice, before)
