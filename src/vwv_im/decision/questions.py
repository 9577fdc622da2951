"""Which unanswered questions a decision touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from vwv_im.decision.context import UNSTATED, Context
from vwv_im.decision.reason import Reason
from vwv_im.lang.fold import parameters_of
from vwv_im.lang.truth import Verdict
from vwv_im.reasoning.plan import Derivation, Requirement
from vwv_im.text import Text
from vwv_im.text.json_object import JsonObject


@dataclass(frozen=True, slots=True)
class Unanswered(JsonObject, schema="OpenQuestionDocument"):
    """A question that no source answers."""

    id: str
    text: Text


def open_questions_of(context: Context, reasons: Iterable[Reason]) -> tuple[Unanswered, ...]:
    """Return the questions that touch a requirement that may apply or a fact that was derived, and unknown values."""
    applying = [reason for reason in reasons if _in_play(reason)]
    rules = {reason.rule for reason in applying}
    found = [
        one.question
        for one in context.once("questions", context.plan, lambda: _asked(context))
        if one.touched(context, rules)
    ]
    used = (name for reason in applying for name in _unknown(context, reason.requirement))
    for name in dict.fromkeys(used):
        title = context.fassung.parameters[name].model.titel.text
        text = Text(f"Kein Beleg nennt den Wert: {title.de}.", f"No source tells the value: {title.en}.")
        found.append(Unanswered(name.replace("_", "-"), text))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question about a plan: on which of its requirements and derived facts it bears, and whether on a duty."""

    question: Unanswered
    duty: bool
    rules: frozenset[str]
    derivations: tuple[Derivation, ...]

    def touched(self, context: Context, applying: Collection[str]) -> bool:
        """Whether a decision touches it: by a duty, a requirement that may apply, or a fact that was derived."""
        return (
            self.duty or not self.rules.isdisjoint(applying) or any(self._derived(context, d) for d in self.derivations)
        )

    def _derived(self, context: Context, derivation: Derivation) -> bool:
        subjects = context.subjects(derivation.scope)
        return any(
            context.value(derivation.fact, subject) not in (False, 0)
            for subject in subjects
            if subject.name not in UNSTATED
        )


def _asked(context: Context) -> tuple[_Asked, ...]:
    """Return the questions that bear on anything of a plan."""
    plan, found = context.plan, []
    for question in context.regulation.open_questions.values():
        duty = any(duty.id in question.betrifft for duty in plan.duties)
        rules = frozenset(requirement.id for requirement in plan.requirements).intersection(question.betrifft)
        derivations = tuple(d for d in plan.derivations if d.item.id in question.betrifft)
        if duty or rules or derivations:
            found.append(_Asked(Unanswered(question.id, question.frage.text), duty, rules, derivations))
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
