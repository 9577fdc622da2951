"""What is still needed: the facts that can change an open verdict, those that decide most first.

A fact is needed where it stands in a branch of an open requirement that is not decided yet. Facts that cannot change
the verdict are not asked for; a decided case needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from vwv_im.decision.case_edits import natural_order, texts_stated, values_worth_trying
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import why_undecided
from vwv_im.decision.evaluate import decide_with, evaluate
from vwv_im.decision.missing import Missing, missing_of
from vwv_im.decision.phrases import value_phrase
from vwv_im.lang import Verdict
from vwv_im.text import FactPath, Json, JsonDocument, JsonObject, Language, Text, to_json


@dataclass(frozen=True, slots=True)
class Answer(JsonObject, schema="AnswerDocument"):
    """A value that might be stated, how it reads, and the verdict that would follow."""

    value: Json
    text: Text
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Need(JsonObject, schema="NeedDocument"):
    """A fact still needed: its question, why it matters, and what would follow from the answers."""

    fact: FactPath
    question: Text
    rules: tuple[str, ...]
    because: Text
    answers: tuple[Answer, ...]

    @property
    def decides(self) -> int:
        """How many of its answers settle the verdict alone."""
        return sum(answer.verdict not in (Verdict.OPEN, None) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Needs(JsonDocument, schema="NeedsDocument", keys="outcome:decision.outcome verdict:decision.verdict needs:facts"):
    """The decision as it stands, and the facts still needed, ranked."""

    decision: Decision
    facts: tuple[Need, ...]

    def explain(self, lang: Language = "de") -> str:
        """Return the facts still needed as text, one a paragraph."""
        if self.decision.verdict is None:
            return why_undecided(self.decision).in_(lang)
        if not self.facts:
            return Text("Es wird nichts mehr gebraucht.\n", "Nothing more is needed.\n").in_(lang)
        lines = []
        for need in self.facts:
            lines += [f"? {need.question.in_(lang)}  [{need.fact}]", f"    {need.because.in_(lang)}"]
            lines += [f"    {one.text.in_(lang)} → {_VERDICTS[one.verdict].in_(lang)}" for one in need.answers]
            lines.append("")
        return "\n".join(lines)


_VERDICTS = {
    None: Text("widersprüchliche Angaben", "contradictory facts"),
    Verdict.YES: Text("ja", "yes"),
    Verdict.NO: Text("nein", "no"),
    Verdict.OPEN: Text("noch offen", "still open"),
    Verdict.DISCRETION: Text("Ermessen", "discretion"),
}


def needs(case: Any, *, on: date | str, **options: Any) -> Needs:
    """Return the facts still needed to decide a case, ranked by how much they decide.

    `case`, `on` and the further options are those of `evaluate`; the same errors are raised.

    >>> found = needs("examples/neukirch.yaml", on="2018-06-01")
    >>> found.decision.verdict.value, found.facts
    ('no', ())
    """
    decision = evaluate(case, on=on, **{"engine": "direct", **options})
    return needs_of(decision)


def needs_of(decision: Decision) -> Needs:
    """Return the facts still needed for a decision that was made."""
    if decision.verdict is not Verdict.OPEN:
        return Needs(decision, ())
    needed = {entry.fact for entry in missing_of(decision.context, decision.reasons, prune=True)}
    found = [_need(decision, entry) for entry in decision.missing if entry.fact in needed]
    order = {path: number for number, path in enumerate(natural_order(need.fact for need in found))}
    found.sort(key=lambda need: (-need.decides, -len(need.rules), order[need.fact]))
    return Needs(decision, tuple(found))


def _need(decision: Decision, entry: Missing) -> Need:
    reason = next(reason for reason in decision.reasons if reason.rule in entry.rules)
    act = decision.regulation.act(reason.citation.act).kurz
    number = f", Nr. {reason.citation.nummer}" if reason.citation.nummer else ""
    because = Text(
        f"Wichtig für: {reason.title.de} ({act.de}{number}).", f"Matters for: {reason.title.en} ({act.en}{number})."
    )
    return Need(entry.fact, entry.question, entry.rules, because, tuple(_answers(decision, entry.fact)))


def _answers(decision: Decision, fact: str) -> Iterator[Answer]:
    """Yield the answers that matter; of numbers and days the least from which each verdict follows."""
    context = decision.context
    known = context.vocabulary.fact_at(fact)
    if known is None:
        return
    values = values_worth_trying(context.plan, known)
    if known.type == "text":
        values = tuple(dict.fromkeys((*texts_stated(context.vocabulary, decision.case, known), *values)))
    tried = [(value, decide_with(decision, {fact: value}).verdict) for value in values]
    ordered = known.type in ("ganzzahl", "dezimal", "datum")
    for value, verdict in _turns(decision, fact, tried) if ordered else tried:
        text = Text(*(value_phrase(value, context, known.path, lang) for lang in ("de", "en")))
        yield Answer(to_json(value), Text(f"ab {text.de}", f"from {text.en}") if ordered else text, verdict)


def _turns(
    decision: Decision, fact: str, tried: list[tuple[Any, Verdict | None]]
) -> Iterator[tuple[Any, Verdict | None]]:
    """Yield the first value and each at which the verdict turns, found by bisection between whole numbers or days."""
    yield tried[0]
    for (low, before), (high, after) in pairwise(tried):
        if before != after:
            yield _turning_point(decision, fact, low, high, before), after


def _turning_point(decision: Decision, fact: str, low: Any, high: Any, before: Verdict | None) -> Any:
    """Return the first value above `low` that no longer gives the verdict `before`; `high` does not."""
    while not isinstance(low, Decimal) and low < (middle := low + (high - low) // 2) < high:
        if decide_with(decision, {fact: middle}).verdict == before:
            low = middle
        else:
            high = middle
    return high
