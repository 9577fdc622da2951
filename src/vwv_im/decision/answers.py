"""What a decision answers, in words: its result, and why there is none."""

from __future__ import annotations

from vwv_im.decision.result import Result
from vwv_im.lang import Verdict
from vwv_im.text import Text, sentence


def result_of(decision: Result) -> Text:
    """Return the result in words."""
    if decision.verdict is None:
        return sentence(f"answer.{decision.outcome}")
    return answer(decision, decision.verdict)


def answer(decision: Result, verdict: Verdict) -> Text:
    """Return what a verdict means as an answer to the question of a decision."""
    asked, authority = decision.asked, decision.regulation.examination.behoerde
    discretion = Text(f"ERMESSEN {authority.de}.", f"At {authority.en} DISCRETION.")
    answers = {Verdict.YES: asked.ja.text, Verdict.NO: asked.nein.text, Verdict.OPEN: asked.offen.text}
    return answers.get(verdict, discretion)


def disclaimer_of(decision: Result) -> Text:
    """Return what a decision is not."""
    said = decision.asked.vorbehalt
    return sentence("answer.disclaimer") if said is None else said.text


def why_undecided(decision: Result) -> Text:
    """Say why there is no verdict: the contradictions, or why the day lies outside the scope."""
    head, because = result_of(decision), decision.fassung.choice.because
    parts = [contradiction.text for contradiction in decision.contradictions] or [because]
    return Text(
        *("".join([f"{one}\n", *(f"  ! {part}\n" for part in why)]) for one, *why in zip(head, *parts, strict=True))
    )
