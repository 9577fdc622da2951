"""The states of the law with the days on which each applies by itself, and their plans."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from vwv_im.decision.evaluate import programs_of
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan


@dataclass(frozen=True, slots=True)
class Period:
    """A state of the law and the span of days on which it applies; `before` is the first day after it."""

    law: Law
    first: date
    before: date


def periods(law: Regulation) -> tuple[Period, ...]:
    """Return every state of the law in order, each with the days on which it is chosen by itself."""
    return tuple(_periods(law))


def _periods(law: Regulation) -> Iterator[Period]:
    days = sorted({akt.gilt_ab.datum for akt in law.acts})
    for first, before in pairwise(days):
        choice = law.choose(first)
        if choice.place == "inside" and choice.basis is not None:
            yield Period(Law(choice.basis, choice.erlasse), first, before)


def plan_of(law: Regulation, state: Law, question: Question, without: Collection[OperationId] = ()) -> Plan:
    """Return the plan of a question under a state of the law, `without` some operations."""
    return programs_of(law).get(state.fassung, state.erlasse, question, without).plan


def alike(one: Plan, other: Plan) -> bool:
    """Whether two plans are the same in all that a decision is made from."""
    return _form(one) == _form(other)


def _form(plan: Plan) -> object:
    return (
        [(d.fact, d.form, d.item.model.zwischenwert) for d in plan.derivations],
        [(r.id, r.scope, r.art, r.applies, r.condition) for r in plan.requirements],
        [(k.id, k.scope, k.condition) for k in plan.contradictions],
        [(d.id, d.applies, d.day, d.item.model.faellig) for d in plan.duties],
    )
