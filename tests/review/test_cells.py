"""The quick examination sees every way in which conditions turn that the engine shows on random cases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reasoning.random_cases import CaseMaker
from reasoning.random_plans import random_plan
from support import RULES
from vwv_im.law.fassung import Fassung
from vwv_im.law.regulation import load_regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.diagnostics import cells as quick_look
from vwv_im.review.diagnostics.cells import LIMIT, Cells, TooManyCells

CASES, TRIES = 40, 300
DRAWS = 2_000
LAW = load_regulation(RULES)
Outcomes = set[tuple[object, object]]


def seen(program: Direct, maker: CaseMaker, readings: bool) -> dict[str, Outcomes]:
    """Return how each requirement turned out on random cases that state everything and contradict nothing."""
    found: dict[str, Outcomes] = {r.id: set() for r in program.plan.requirements}
    sound = 0
    for _ in range(TRIES):
        evaluation = program.evaluate(maker.case(0.0), maker.day(), maker.readings() if readings else {})
        if evaluation.contradicted:
            continue
        findings = iter(evaluation.findings)
        for requirement in program.plan.requirements:
            for _frame in evaluation.records.of[requirement.scope]:
                found[requirement.id].add(next(findings))
        sound += 1
        if sound == CASES:
            break
    return found


def cells_of(program: Direct, readings: Any, identifier: str) -> Cells:
    requirement = next(r for r in program.plan.requirements if r.id == identifier)
    return Cells(program, readings, requirement.scope, [requirement.applies, requirement.condition])


def outcomes(program: Direct, identifier: str, records: Iterator[Any]) -> Iterator[tuple[object, object]]:
    """Yield how a requirement turns out in each of some records."""
    requirement = next(r for r in program.plan.requirements if r.id == identifier)
    applies, holds = requirement.applies, program.value(requirement.condition, requirement.scope)
    applying = (lambda _frame: True) if applies is None else program.value(applies, requirement.scope)
    yield from ((applying(record), holds(record)) for record in records)


def expected(program: Direct, readings: object, identifier: str) -> Outcomes:
    cells = cells_of(program, readings, identifier)
    return set(outcomes(program, identifier, (cell.record for cell in cells)))


def drawn(cells: Cells, seed: int) -> Iterator[Any]:
    """Yield records of cells drawn at random, where there are too many to look at all of them."""
    draw = random.Random(seed)
    barred = [cells.program.value(one.condition, one.scope) for one in cells.barring]
    for _ in range(DRAWS):
        record = cells.record({fact: draw.choice(values) for fact, values in cells.choices.items()})
        if not any(test(record) for test in barred):
            yield record


def known(found: Outcomes) -> Outcomes:
    return {outcome for outcome in found if None not in outcome}


def shown(seed: int) -> tuple[Direct, dict[str, Outcomes]]:
    """Return a random plan with what is seen of it; without its contradictions where they bar every case."""
    plan = random_plan(seed)
    for one in (plan, replace(plan, named=())):
        program = Direct(one)
        found = seen(program, CaseMaker(seed, [one]), readings=False)
        if any(map(known, found.values())):
            break
    return program, found


@pytest.mark.parametrize("seed", range(16))
def test_no_outcome_of_a_random_plan_is_overlooked(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All cells are looked at, but for requirements with too many: of these, as many as it takes."""
    program, found = shown(seed)
    assert any(map(known, found.values()))
    many: dict[str, int] = {}
    for identifier in found:
        try:
            assert known(found[identifier]) <= expected(program, {}, identifier), identifier
        except TooManyCells as told:
            many[identifier] = told.count
    monkeypatch.setattr(quick_look, "LIMIT", float("inf"))
    for identifier, count in many.items():
        cells = cells_of(program, {}, identifier)
        assert count == cells.count > LIMIT
        missing = known(found[identifier])
        for outcome in outcomes(program, identifier, drawn(cells, seed)):
            missing.discard(outcome)
            if not missing:
                break
        assert not missing, identifier


@pytest.mark.parametrize("state", LAW.states, ids=lambda state: state.name)
def test_no_outcome_of_our_rules_is_overlooked(state: Fassung) -> None:
    """None of our requirements has too many cells: `TooManyCells` would end this test."""
    plan = make_plan(LAW, state, "antrag")
    program = Direct(plan)
    found = seen(program, CaseMaker(7, [plan], LAW), readings=True)
    for identifier, shown_ in found.items():
        assert known(shown_) <= expected(program, LAW.readings, identifier), identifier
    both = [identifier for identifier, shown_ in found.items() if {True, False} <= {holds for _, holds in shown_}]
    assert len(both) > len(found) * 2 / 3
