"""The quick examination sees every way in which conditions turn that the engine shows on random cases."""

from __future__ import annotations

import pytest

from reasoning.random_cases import CaseMaker
from reasoning.random_plans import random_plan
from support import RULES
from vwv_im.law.regulation import load_regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import Plan
from vwv_im.reasoning.planning import make_plan
from vwv_im.review.diagnostics.cells import Cells, TooManyCells

CASES = 40


def seen(program: Direct, maker: CaseMaker, readings: bool) -> dict[str, set[tuple[object, object]]]:
    """Return how each requirement turned out on random cases that state everything and contradict nothing."""
    found: dict[str, set[tuple[object, object]]] = {r.id: set() for r in program.plan.requirements}
    for _ in range(CASES):
        evaluation = program.evaluate(maker.case(0.0), maker.day(), maker.readings() if readings else {})
        if any(evaluation.contradictions):
            continue
        findings = iter(evaluation.findings)
        for requirement in program.plan.requirements:
            for _frame in evaluation.frames.of(requirement.scope):
                found[requirement.id].add(next(findings))
    return found


def expected(program: Direct, readings: object, identifier: str) -> set[tuple[object, object]]:
    requirement = next(r for r in program.plan.requirements if r.id == identifier)
    applies, holds = requirement.applies, program.test(requirement.condition, requirement.scope)
    applying = (lambda _frame: True) if applies is None else program.test(applies, requirement.scope)
    cells = Cells(program, readings, requirement.scope, [applies, requirement.condition])  # type: ignore[arg-type]
    return {(applying(cell.frame), holds(cell.frame)) for cell in cells}


def known(outcomes: set[tuple[object, object]]) -> set[tuple[object, object]]:
    return {outcome for outcome in outcomes if None not in outcome}


@pytest.mark.parametrize("seed", range(16))
def test_no_outcome_of_a_random_plan_is_overlooked(seed: int) -> None:
    program = Direct(random_plan(seed))
    for identifier, outcomes in seen(program, CaseMaker(seed, [program.plan]), readings=False).items():
        try:
            foreseen = expected(program, {}, identifier)
        except TooManyCells:
            continue
        assert known(outcomes) <= foreseen, identifier


def test_no_outcome_of_our_rules_is_overlooked() -> None:
    law = load_regulation(RULES)
    for state in law.states:
        plan: Plan = make_plan(law, state, "antrag")
        program = Direct(plan)
        for identifier, outcomes in seen(program, CaseMaker(7, [plan], law), readings=True).items():
            assert known(outcomes) <= expected(program, law.readings, identifier), (state.name, identifier)
