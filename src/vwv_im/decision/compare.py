"""Comparing: the day held fixed, the law swapped, and for each change the operations that caused it.

Each operation of an act is taken back, with those that refer to what it brought; where a value then differs, the
operation is a cause of it. Where taking back all causes does not give the value from before, they hide others, which
are found in the same way. An operation whose effect another one hides, so that both Fassungen agree although taking
it back changes the value, is told too (`old` and `new` are then equal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from vwv_im.case import CasePart
from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.decision.evaluate import decide_under, prepare
from vwv_im.decision.phrases import OUTCOME_WORDS, outcome_word, subject_phrase, value_phrase
from vwv_im.decision.reason import Reason
from vwv_im.decision.request import Request
from vwv_im.lang.truth import Verdict
from vwv_im.law.choice import Choice
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.text import Language, Text
from vwv_im.text.format import written_day
from vwv_im.text.json_object import JsonDocument, JsonObject
from vwv_im.text.values import Json


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

    >>> comparison = compare("examples/berglen.yaml", on="2020-06-01")
    >>> for law in comparison.laws:
    ...     print(law.name)
    2017-12-11
    2019-08-28
    2020-11-11
    2022-01-26
    2022-01-26+2022-03-11
    """
    law, valid, request = prepare(case, on=on, engine="direct", rules=rules, **options)
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
    case: CasePart,
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


_VERDICT_WORDS = {Verdict.YES: Text("ja", "yes"), Verdict.NO: Text("nein", "no")}
_VERDICT_TITLE, _OUTCOME_TITLE = Text("Ergebnis", "Result"), Text("Ob entschieden wird", "Whether it is decided")
_OPEN = Text("offen", "open")
_PLACES = {"muss": "reasons", "soll": "reasons", "kann": "options", "hinweis": "hints"}


def facets(decision: Decision) -> dict[str, Json]:
    """Return everything of a decision that an act can change, by a path."""
    found: dict[str, Json] = {"outcome": decision.outcome}
    if decision.verdict is not None:
        found["verdict"] = decision.verdict.value
    found.update(decision.derived)
    for reason in decision.options:
        found[_path("options", reason)] = reason.verdict.value
    for duty in decision.duties:
        found[_duty_path(duty)] = duty.due.isoformat() if duty.due else "offen"
    return found


def findings(decision: Decision) -> dict[str, Json]:
    """Return the facets with what stands in the way of a grant and what is to be noted."""
    unmet = (reason for reason in decision.reasons if reason.verdict is not Verdict.YES)
    beside = {_path(_PLACES[reason.art], reason): reason.verdict.value for reason in (*unmet, *decision.hints)}
    return {**facets(decision), **beside}


def titles(decision: Decision, lang: Language) -> Iterator[tuple[str, str]]:
    """Yield the title of each facet by its path."""
    yield "verdict", _VERDICT_TITLE.in_(lang)
    yield "outcome", _OUTCOME_TITLE.in_(lang)
    for derivation, subject in decision.context.results() if decision.derived else ():
        where = subject_phrase(subject, decision.context, lang)
        yield subject.path(derivation.fact), f"{derivation.item.model.titel.text.in_(lang)}{where}"
    for reason in decision.examined:
        yield _path(_PLACES[reason.art], reason), reason.full_title(lang)
    for duty in decision.duties:
        year = f" ({duty.year})" if duty.year is not None else ""
        yield _duty_path(duty), f"{duty.title.in_(lang)}{year}"


def in_words(decision: Decision, lang: Language) -> Iterator[tuple[str, str]]:
    """Yield the value of each finding by its path, as a reader expects it."""
    yield "outcome", OUTCOME_WORDS[decision.outcome].in_(lang)
    if decision.verdict is not None:
        word = _VERDICT_WORDS.get(decision.verdict) or outcome_word(decision.regulation, "kann", decision.verdict)
        yield "verdict", word.in_(lang)
    for derivation, subject in decision.context.results() if decision.derived else ():
        value = decision.context.value(derivation.fact, subject)
        shown = _OPEN.in_(lang) if value is None else value_phrase(value, decision.context, derivation.fact, lang)
        yield subject.path(derivation.fact), shown
    yield from ((_path(_PLACES[reason.art], reason), reason.outcome(lang)) for reason in decision.examined)
    for duty in decision.duties:
        yield _duty_path(duty), written_day(duty.due, lang) if duty.due else _OPEN.in_(lang)


def _path(place: str, reason: Reason) -> str:
    return f"{place}.{reason.rule}.{reason.subject}"


def _duty_path(duty: Owed) -> str:
    return f"duties.{duty.id}{f'.{duty.year}' if duty.year is not None else ''}"


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
