"""What a change of the law does to the cases of the corpus: each case's day held fixed, the law swapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from vwv_im.decision.compare import Causes, decide_as, findings, in_words, titles
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.review.corpus import CorpusCase
from vwv_im.text import Language
from vwv_im.text.json_object import JsonObject


@dataclass(frozen=True, slots=True)
class Effect(JsonObject, schema="EffectDocument"):
    """One thing that differs in a case's decision, old and new in words, and the operations that caused it.

    `old` and `new` are "–" where there is nothing of the kind.
    """

    path: str
    title: str
    old: str
    new: str
    causes: tuple[OperationId, ...]


@dataclass(frozen=True, slots=True)
class CaseEffect(JsonObject, schema="CaseEffectDocument"):
    """A case whose decision changes; `source`: the source it was taken from, `None` where it was made up for a rule.

    `applies`: on its own day the state after the change is the law.
    """

    case: str
    place: str
    source: str | None
    question: str
    on: date
    applies: bool
    effects: tuple[Effect, ...]

    def caused_by(self, operations: Iterable[OperationId]) -> CaseEffect | None:
        """Return the case with only what these operations caused; `None` where that is nothing."""
        wanted = set(operations)
        effects = tuple(effect for effect in self.effects if wanted & set(effect.causes))
        if not effects:
            return None
        return replace(self, effects=effects)


def effects_on(
    law: Regulation,
    before: Law,
    after: Law,
    operations: Sequence[OperationId],
    cases: Iterable[CorpusCase],
    lang: Language,
) -> Iterator[CaseEffect]:
    """Yield each case whose decision differs between two states of the law.

    Cases whose day lies outside the scope of the regulation are left out. Raises `CaseError` and `RequestError` for
    cases that do not fit the regulation.
    """
    for case in cases:
        found = _CaseUnder(law, case, operations, lang)
        if found.inside and (effects := tuple(found.effects(before, after))):
            source, on = case.herkunft.get("quelle"), found.request.on
            yield CaseEffect(case.id, str(case.place), source, case.question, on, found.applies(after), effects)


def within(law: Regulation, cases: Iterable[CorpusCase]) -> int:
    """Return how many of the cases have a day within the scope of the regulation."""
    requests = (case.request(law) for case in cases)
    return sum(law.choose(one.on, one.known_on, one.readings).place == "inside" for one in requests)


class _CaseUnder:
    def __init__(self, law: Regulation, case: CorpusCase, operations: Sequence[OperationId], lang: Language) -> None:
        self.law, self.operations, self.lang = law, operations, lang
        self.case, self.request = case.valid, case.request(law)
        self.choice = law.choose(self.request.on, self.request.known_on, self.request.readings)

    @property
    def inside(self) -> bool:
        return self.choice.place == "inside"

    def applies(self, after: Law) -> bool:
        return (self.choice.basis, self.choice.erlasse) == (after.fassung, after.erlasse)

    def effects(self, before: Law, after: Law) -> Iterator[Effect]:
        old, new = (decide_as(self.law, state, self.case, self.request) for state in (before, after))
        left, right = findings(old), findings(new)
        causes = Causes(self.law, self.operations, lambda gone: self._without(after, gone))
        paths = [path for path in {**left, **right} if left.get(path) != right.get(path)]
        if not paths:
            return
        named = {**dict(titles(old, self.lang)), **dict(titles(new, self.lang))}
        was, is_now = dict(in_words(old, self.lang)), dict(in_words(new, self.lang))
        for path in paths:
            whole = causes.whole(causes.of(path), path, left.get(path))
            yield Effect(path, named[path], was.get(path, "–"), is_now.get(path, "–"), whole)

    def _without(self, after: Law, gone: frozenset[OperationId]) -> Any:
        return findings(decide_as(self.law, after, self.case, self.request, gone))
