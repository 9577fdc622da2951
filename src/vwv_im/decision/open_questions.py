"""What the sources do not tell and a decision touches, the weightiest first; whether a lawyer reviewed the rules."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vwv_im.decision.citations import items_behind
from vwv_im.decision.context import Context
from vwv_im.decision.reason import Reason
from vwv_im.lang import Art, Condition, Form, Truth, Verdict, facts_of, parameters_of
from vwv_im.law import AnyItem
from vwv_im.law.base import ForWhom
from vwv_im.law.register import EFFECTS, Effect
from vwv_im.reasoning.direct import functions_of
from vwv_im.reasoning.plan import Requirement, linked_condition
from vwv_im.reasoning.records import Record
from vwv_im.text import JsonObject, Text

_IDLE: Mapping[Art, tuple[Verdict, ...]] = {"hinweis": (Verdict.NO,), "kann": (Verdict.NO, Verdict.OPEN)}
"""How advice and options turn out that touch no question: those that do not come into question."""
_WEIGHTY: tuple[Effect, ...] = ("ergebnis", "betrag")


@dataclass(frozen=True, slots=True)
class OpenQuestion(JsonObject, schema="OpenQuestionDocument", keys="id effect text"):
    """A question that no source answers, and what the answer could change.

    `touches` has the ids of what it is about; `unexamined` says in short what is not examined for want of an answer.
    """

    id: str
    effect: Effect
    text: Text
    touches: tuple[str, ...] = ()
    unexamined: Text | None = None


def open_questions_of(context: Context, reasons: Iterable[Reason], duties: Collection[str]) -> tuple[OpenQuestion, ...]:
    """Return the questions that touch a requirement that may apply, a duty, a derived fact or an act, by their effect.

    Left out are those that say of the case that they do not concern it.
    """
    applying = [one for one in reasons if one.applies is not Verdict.NO and one.verdict not in _IDLE.get(one.art, ())]
    touched = {*duties, *(reason.rule for reason in applying)}
    found: list[tuple[int, OpenQuestion]] = []
    for scope, questions, test in context.memoize("questions", context.plan, lambda: tuple(_bearing(context))):
        truths = [test(subject.record) for subject in context.subjects(scope)]
        for index, (place, question, always, wanted) in enumerate(questions):
            due = always or not touched.isdisjoint(question.touches)
            if due and any(row[index] in wanted for row in truths):
                found.append((place, question))
    weights = {effect: weight for weight, effect in enumerate(EFFECTS)}
    return tuple(one for _, one in sorted(found, key=lambda one: (weights[one[1].effect], one[0])))


def decisive_questions(
    context: Context, reasons: Iterable[Reason], hints: Iterable[Reason], questions: Iterable[OpenQuestion]
) -> tuple[OpenQuestion, ...]:
    """Return the questions whose answer could change the result or an amount.

    Where requirements are not met, only what touches one of them, or advice that is due, could.
    """
    weighty = [one for one in questions if one.effect in _WEIGHTY and one.unexamined is None]
    unmet = [reason.requirement for reason in reasons if reason.verdict is Verdict.NO]
    if unmet:
        due = {one.rule for one in hints if one.verdict is Verdict.YES}
        relied_on = due.union(*(_relied_on(context, one) for one in unmet))
        weighty = [one for one in weighty if not relied_on.isdisjoint(one.touches)]
    return tuple(weighty)


Bearing = tuple[str, Sequence[tuple[int, OpenQuestion, bool, tuple[Truth, ...]]], Callable[[Record], Any]]
"""Questions about subjects of one scope, with what tests whom they concern.

Each has its place, whether it bears on every case, and how its condition turns out where it concerns a subject.
"""


def _bearing(context: Context) -> Iterator[Bearing]:
    """Yield the questions that may bear on a case of the plan, with what tests of a record whether they concern it."""
    plan, law = context.plan, context.regulation
    always = {akt.id for akt in law.acts} | {one.item.id for one in plan.derivations}
    always.update(parameters_of(*plan.roots()))
    sometimes = {one.id for one in plan.requirements} | {one.id for one in plan.duties}
    for scope in plan.scopes:
        found, conditions = [], []
        for place, one in enumerate(law.open_questions.values()):
            about = one.bezug or law.questions[law.first_question].wurzel
            if about == scope and one.unerreichbar is None and not (always | sometimes).isdisjoint(one.betrifft):
                question = OpenQuestion(one.id, one.wirkung, one.text, one.betrifft, one.unexamined)
                wanted = (True,) if one.nur_wenn_sicher else (True, None)
                found.append((place, question, not always.isdisjoint(one.betrifft), wanted))
                conditions.append(condition_for(context, one, scope))
        if found:
            (test,) = functions_of(context.direct.layout, [(scope, conditions)])
            yield scope, found, test


def condition_for(context: Context, told: ForWhom, scope: str) -> Condition | None:
    """Return whom something concerns as this plan knows it; nothing where that reads what this law does not have."""
    condition = told.gilt_fuer
    if condition is None or not context.direct.layout.slots.keys() >= {*facts_of(condition)}:
        return None
    return linked_condition(context.plan, context.fassung, condition, scope)


def is_reviewed(context: Context, reasons: Iterable[Reason]) -> bool:
    """Whether a lawyer reviewed every requirement that may apply, and all values and derived facts that it rests on."""
    approvals = context.regulation.approvals.values()
    reviewed = {name for one in approvals if one.fassung == context.fassung.name for name in one.betrifft}
    applying = (reason.requirement for reason in reasons if reason.applies is not Verdict.NO)
    return bool(reviewed) and all(_relied_on(context, one) <= reviewed for one in applying)


def _relied_on(context: Context, requirement: Requirement) -> frozenset[str]:
    """Return the ids of a requirement, of the parameters it uses, and likewise of the derived facts it reads."""

    def found() -> frozenset[str]:
        names, producers = set[str](), context.plan.producers
        ahead: list[tuple[AnyItem, tuple[Form | None, ...]]]
        ahead = [(requirement.item, (requirement.applies, requirement.condition))]
        while ahead:
            item, forms = ahead.pop()
            if item.id not in names:
                names.update(one.id for one in items_behind(context, item, *forms))
                ahead += ((producers[f].item, (producers[f].form,)) for f in facts_of(*forms) if f in producers)
        return frozenset(names)

    return context.memoize("relied on", requirement, found)
