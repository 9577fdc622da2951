"""Which unanswered questions a decision touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vwv_im.decision.context import Context
from vwv_im.decision.reason import Reason
from vwv_im.reasoning.plan import Requirement, parameters_of
from vwv_im.reasoning.truth import Verdict
from vwv_im.text import Text


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that no source answers."""

    id: str
    text: Text

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"id": self.id, "text": self.text.as_dict()}


def open_questions_of(context: Context, reasons: Iterable[Reason]) -> tuple[Unanswered, ...]:
    """Return the questions that touch a requirement that may apply or a fact that was derived, and unknown values."""
    applying = [reason for reason in reasons if _in_play(reason)]
    derived = {d.item.id for d, subject in context.derived() if context.value(d.fact, subject) not in (False, 0)}
    duties = {duty.id for duty in context.plan.duties}
    touched = {reason.rule for reason in applying} | derived | duties
    asked = context.regulation.open_questions.values()
    found = [
        Unanswered(question.id, question.frage.text) for question in asked if not touched.isdisjoint(question.betrifft)
    ]
    used = (name for reason in applying for name in _unknown(context, reason.requirement))
    for name in dict.fromkeys(used):
        title = context.fassung.parameters[name].model.titel.text
        text = Text(f"Kein Beleg nennt den Wert: {title.de}.", f"No source tells the value: {title.en}.")
        found.append(Unanswered(name.replace("_", "-"), text))
    return tuple(found)


def _unknown(context: Context, requirement: Requirement) -> tuple[str, ...]:
    """Return the parameters of a requirement whose value no source tells."""

    def names() -> tuple[str, ...]:
        used = (*parameters_of(requirement.applies), *parameters_of(requirement.condition))
        return tuple(name for name in used if context.fassung.parameters[name].model.wert is None)

    return context.once("unknown", requirement, names)


def _in_play(reason: Reason) -> bool:
    """Whether a requirement may apply, and advice may be due."""
    return reason.applies is not Verdict.NO and not (reason.art == "hinweis" and reason.verdict is Verdict.NO)
