"""What is still needed: the facts that can change an open verdict, those that decide most first.

A fact is needed where it stands in a branch of an open requirement that is not decided yet. Facts that cannot change
the verdict are not asked for; a decided case needs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, Generic

from typing_extensions import TypeVar

from vwv_im.case.vocabulary import Fact
from vwv_im.decision.answers import why_undecided
from vwv_im.decision.case_edits import texts_stated, value_at, values_worth_trying
from vwv_im.decision.missing import Missing, missing_of
from vwv_im.decision.phrases import bracketed, value_phrase, which_entry
from vwv_im.decision.result import Result
from vwv_im.decision.what_if import WhatIf
from vwv_im.lang import Verdict
from vwv_im.text import FactPath, Json, JsonDocument, JsonObject, Language, Text, sentence, to_json

_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Answer(JsonObject, schema="AnswerDocument"):
    """A value that might be stated, how it reads, and the verdict that would follow."""

    value: Json
    """The value, as a case states it."""
    text: Text
    """How it reads."""
    verdict: Verdict | None
    """The verdict that would follow; `None` where the case would contradict itself."""


@dataclass(frozen=True, slots=True)
class Need(JsonObject, schema="NeedDocument"):
    """A fact still needed: its question, why it matters, and what would follow from the answers."""

    fact: FactPath
    question: Text
    """What is to be asked."""
    rules: tuple[str, ...]
    """The requirements that are open for lack of it."""
    because: Text
    """Why it matters."""
    answers: tuple[Answer, ...]
    """Values worth trying, each with the verdict that would follow."""

    @property
    def decides(self) -> int:
        """How many of its answers settle the verdict alone."""
        return sum(answer.verdict not in (Verdict.OPEN, None) for answer in self.answers)


R = TypeVar("R", bound=Result, default=Result)
"""The decision that was asked about: its result, or all of it."""


@dataclass(frozen=True, slots=True)
class Needs(
    JsonDocument,
    Generic[R],
    schema="NeedsDocument",
    keys="outcome:decision.outcome verdict:decision.verdict needs:facts",
):
    """The decision as it stands, and the facts still needed, ranked."""

    decision: R
    """The decision as it stands."""
    facts: tuple[Need, ...]
    """The facts still needed, those that decide most first."""

    def explain(self, lang: Language = "de") -> str:
        """Return the facts still needed as text, one a paragraph."""
        if self.decision.verdict is None:
            return why_undecided(self.decision).in_(lang)
        if not self.facts:
            return f"{sentence('needs.none').in_(lang)}\n"
        return "\n".join(line for need in self.facts for line in (*self.told(need, lang), ""))

    def told(self, need: Need, lang: Language) -> Iterator[str]:
        """Yield a question, why it matters, and the answers with the verdict that follows, those of one together."""
        context = self.decision.context
        holders = (one for scope in context.plan.scopes for one in context.subjects(scope))
        holder = next((one for one in holders if one.name == need.fact.rpartition(".")[0]), None)
        which = "" if holder is None else bracketed(which_entry(holder, context, lang))
        yield f"? {need.question.in_(lang)}{which}"
        yield f"    {need.because.in_(lang)}"
        for verdict, answers in groupby(need.answers, key=lambda one: one.verdict):
            follows = sentence(f"needs.{verdict or 'contradictory'}").in_(lang)
            yield f"    {', '.join(one.text.in_(lang) for one in answers)} → {follows}"
        if not need.answers:
            yield f"    {sentence('needs.further').in_(lang)}"


def needs_of(decision: R) -> Needs[R]:
    """Return the facts still needed for a decision that was made; those that weigh alike in the order of a form."""
    if decision.verdict is not Verdict.OPEN:
        return Needs(decision, ())
    needed = {entry.fact for entry in missing_of(decision.context, decision.reasons, prune=True)}
    search = _Search(decision)
    found = [search.need(entry) for entry in decision.missing if entry.fact in needed]
    facts = {fact: number for number, fact in enumerate(decision.context.vocabulary.facts)}

    def place(path: str) -> tuple[list[int], int]:
        fact = decision.context.vocabulary.fact_at(path)
        return [int(number) for number in _NUMBER.findall(path)], len(facts) if fact is None else facts[fact.path]

    found.sort(key=lambda need: (-need.decides, -len(need.rules), *place(need.fact)))
    return Needs(decision, tuple(found))


class _Search:
    """Finds the answers that matter. Entries of a list that state the same share them."""

    def __init__(self, decision: Result) -> None:
        self.decision, self.context = decision, decision.context
        self.what_if = WhatIf(decision)
        self.reasons = {rule: next(of) for rule, of in groupby(decision.reasons, key=lambda reason: reason.rule)}
        self.known: dict[tuple[str, Any], tuple[Answer, ...]] = {}

    def need(self, entry: Missing) -> Need:
        reason = next(reason for rule, reason in self.reasons.items() if rule in entry.rules)
        act = self.decision.regulation.act(reason.citation.act).kurz
        number = f", Nr. {reason.citation.nummer}" if reason.citation.nummer else ""
        because = sentence("needs.because", title=reason.title, act=act.text, number=number)
        return Need(entry.fact, entry.question, entry.rules, because, self._shared(entry.fact))

    def _shared(self, path: str) -> tuple[Answer, ...]:
        fact = self.context.vocabulary.fact_at(path)
        if fact is None:
            return ()
        key = fact.path, value_at(self.decision.case, fact.home(path))
        if key not in self.known:
            self.known[key] = tuple(self._answers(path, fact))
        return self.known[key]

    def _answers(self, path: str, fact: Fact) -> Iterator[Answer]:
        """Yield the answers that matter; of numbers and days the least from which each verdict follows."""
        values = values_worth_trying(self.context.plan, fact)
        if fact.type == "text":
            values = tuple(dict.fromkeys((*texts_stated(self.context.vocabulary, self.decision.case, fact), *values)))
        tried = [(value, self._verdict(path, value)) for value in values]
        ordered = fact.type in ("ganzzahl", "dezimal", "datum")
        for value, verdict in self._turns(path, tried) if ordered else tried:
            text = Text(*(value_phrase(value, self.context, fact.path, lang) for lang in ("de", "en")))
            yield Answer(to_json(value), Text(f"ab {text.de}", f"from {text.en}") if ordered else text, verdict)

    def _verdict(self, path: str, value: Any) -> Verdict | None:
        return self.what_if.otherwise({path: value}).verdict

    def _turns(self, path: str, tried: list[tuple[Any, Verdict | None]]) -> Iterator[tuple[Any, Verdict | None]]:
        """Yield the first value and each at which the verdict turns, found by bisection of whole numbers or days."""
        yield tried[0]
        for (low, before), (high, after) in pairwise(tried):
            if before != after:
                yield self._turning_point(path, low, high, before), after

    def _turning_point(self, path: str, low: Any, high: Any, before: Verdict | None) -> Any:
        """Return the first value above `low` that no longer gives the verdict `before`; `high` does not."""
        while not isinstance(low, Decimal) and low < (middle := low + (high - low) // 2) < high:
            if self._verdict(path, middle) == before:
                low = middle
            else:
                high = middle
        return high
