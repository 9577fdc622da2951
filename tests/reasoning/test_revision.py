"""What follows from other facts of one record is what follows where the whole case is evaluated with them."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from reasoning.random_cases import MISSING, CaseMaker
from reasoning.random_plans import random_plan
from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.attribution import dependants
from vwv_im.law import OperationId
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.engines import differences
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.reasoning.revision import Revision, follow

LAW = regulation()
ALONE = [name for name, question in LAW.questions.items() if not question.eigene_tage]
"""The questions of which no verdict rests on a series: those are worked out anew as a whole."""
STATES = [(state, question) for state in (LAW.states[0], LAW.states[-2]) for question in ALONE]


class Other:
    """A random case of a plan, and the same with other facts of one record."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.direct = plan, Direct(plan)
        self.maker = CaseMaker(seed, [plan], LAW)
        self.draw = random.Random(seed)
        self.stated = {scope: self._stated(scope) for scope in plan.scopes}

    def _stated(self, scope: str) -> list[str]:
        facts, producers = self.plan.vocabulary.facts, self.plan.producers
        return [fact for fact in facts if scope_of(fact) == scope and fact not in producers]

    def compare(self, missing: float, several: int) -> Counter[str]:
        """Fail where a revision differs from evaluating anew; return how much was found to change."""
        on, readings, layout = self.maker.day(), self.maker.readings(), self.direct.layout
        case, donor = (layout.fill(self.maker.case(missing), on, readings) for _ in range(2))
        evaluation = self.direct.run(case)
        revision, seen = Revision(self.direct, evaluation), Counter[str]()
        for scope in [one for one in self.plan.scopes if self.stated[one] and donor.of[one] and case.of[one]]:
            index, other = self.draw.randrange(len(case.of[scope])), self.draw.choice(donor.of[scope])
            facts = self.draw.sample(self.stated[scope], min(several, len(self.stated[scope])))
            stated = {fact: other[layout.slot(fact)[1]] for fact in facts}
            revised = revision.revised(scope, index, stated)
            expected = self._anew(evaluation.records, scope, index, stated)
            places = [(n, i) for n, one in enumerate(self.plan.requirements) for i in range(len(case.of[one.scope]))]
            before = dict(zip(places, evaluation.findings, strict=True))
            assert {**before, **revised.findings} == dict(zip(places, expected.findings, strict=True)), (scope, stated)
            assert revised.contradicted == expected.contradicted, (scope, stated)
            seen.update(same=before == {**before, **revised.findings}, other=before != {**before, **revised.findings})
            seen.update(kept=len(places) - len(revised.findings))
        return seen

    def _anew(self, records: Any, scope: str, index: int, stated: dict[str, Any]) -> Any:
        anew = records.copy()
        for fact, value in stated.items():
            anew.of[scope][index][self.direct.layout.slot(fact)[1]] = value
        return self.direct.run(anew)


@pytest.mark.parametrize("seed", range(60))
def test_random_plans_are_revised_as_they_are_evaluated(seed: int) -> None:
    other = Other(random_plan(seed), seed)
    for missing in MISSING[:3]:
        for several in (1, 3):
            other.compare(missing, several)


@pytest.mark.parametrize(("state", "question"), STATES, ids=lambda one: getattr(one, "name", one))
def test_the_regulation_is_revised_as_it_is_evaluated(state: Any, question: str) -> None:
    other, seen = Other(make_plan(LAW, state, question), 5), Counter[str]()
    for number in range(60):
        seen.update(other.compare(MISSING[number % 3], 1 + number % 2))
    assert min(seen["same"], seen["other"]) > 0, seen
    assert question != "antrag" or seen["kept"] > 0, seen


def test_what_changed_is_put_back() -> None:
    other = Other(random_plan(4), 4)
    records = other.direct.layout.fill(other.maker.case(0.1), other.maker.day(), other.maker.readings())
    revision = Revision(other.direct, other.direct.run(records))
    before = {scope: [list(map(repr, record[1:])) for record in ones] for scope, ones in revision.of.items()}
    revision.revised("stelle", 0, dict.fromkeys(other.stated["stelle"]))
    assert before == {scope: [list(map(repr, record[1:])) for record in ones] for scope, ones in revision.of.items()}


@pytest.mark.parametrize("question", LAW.questions)
def test_another_state_of_the_law_is_followed_as_it_is_evaluated(question: str) -> None:
    groups, nothing = dependants(LAW), frozenset[OperationId]()
    states = [(law, nothing) for law in LAW.laws]
    states += [(law, groups[one]) for law in LAW.laws for one in LAW.operations if one.act == law.last_act]
    plans = [make_plan(LAW, LAW.fassung(law.fassung, law.erlasse, gone), question) for law, gone in states]
    engines = {state: Direct(plan) for state, plan in zip(states, plans, strict=True)}
    maker, draw = CaseMaker(7, plans, LAW), random.Random(7)
    for number, (law, gone) in enumerate([*states, *states]):
        first, second = engines[draw.choice(((law, nothing), draw.choice(states)))], engines[law, gone]
        case, on, readings = maker.case(MISSING[number % 3]), maker.day(), maker.readings()
        others = draw.choice((readings, maker.readings()))
        followed = follow(second, first.evaluate(case, on, readings), others)
        assert followed is not None
        assert differences(second.plan, followed, second.evaluate(case, on, others), ("followed", "anew")) == []
