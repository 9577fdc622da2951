"""What a case states and the Fassung at hand does not read, since the act that reads it was not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vwv_im.decision.case_edits import value_at
from vwv_im.decision.result import Result
from vwv_im.lang import facts_of
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath


class PassedOver(NamedTuple):
    """A stated fact, of what it is stated, and the act that first reads it."""

    fact: str
    subject: Subject
    act: str

    @property
    def path(self) -> FactPath:
        """Where it stands in the case."""
        return self.subject.path(self.fact)


def passed_over(decision: Result) -> Iterator[PassedOver]:
    """Yield what would be read if all acts were known that apply on the day; what is stated as "no" has no effect."""
    law, request = decision.regulation, decision.request
    chosen, known = decision.fassung.choice, law.choose(request.on, None, request.readings)
    if request.known_on is None or chosen.basis is None or known.basis is None or chosen.basis == known.basis:
        return
    names, read = [one.id for one in law.fassungen], _read(decision.context.plan)
    for name in names[names.index(chosen.basis) + 1 : names.index(known.basis) + 1]:
        new = _read(make_plan(law, law.fassung(name), request.question)) - read
        read |= new
        for fact in (one for one in law.vocabulary.facts.values() if one.path in new):
            for subject in decision.context.subjects(fact.scope) if fact.scope in decision.context.plan.scopes else ():
                if value_at(decision.case, subject.path(fact.path)) not in (None, False):
                    yield PassedOver(fact.path, subject, name)


def _read(plan: Plan) -> set[str]:
    return {fact for fact in facts_of(*plan.roots()) if fact in plan.vocabulary.facts}
