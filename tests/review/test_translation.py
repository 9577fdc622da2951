"""The translation of a plan to the solver says of every case what `direct` says of it."""

from __future__ import annotations

from functools import cache

import pytest

from reasoning.random_cases import MISSING, CaseMaker
from reasoning.random_plans import random_plan
from review.solver_values import Solver
from vwv_im import regulation
from vwv_im.lang.truth import FOLDED, conjunction, contribution
from vwv_im.law.fassung import Law
from vwv_im.review.proofs.prover import periods_of, plan_of

LAWS = [period.law for period in periods_of(regulation())]
READINGS = {name: tuple(entry.lesarten) for name, entry in regulation().readings.items()}
CASES = {"antrag": 12, "zielgruppe": 8, "zaehlung": 4, "verwendungsnachweis": 4}


@cache
def solver(state: Law, question: str) -> Solver:
    return Solver(plan_of(regulation(), state, question), READINGS)


@pytest.mark.parametrize("state", LAWS, ids=lambda state: state.name)
@pytest.mark.parametrize("question", regulation().questions)
def test_a_random_case_is_understood_alike(state: Law, question: str) -> None:
    both = solver(state, question)
    draw = CaseMaker(sum(map(ord, state.name)), [both.plan], regulation())
    for number in range(CASES[question]):
        case, on, readings = draw.case(MISSING[number % len(MISSING)]), draw.day(), draw.readings()
        found, verdict = both.found_by_solver(case, on, readings)
        wanted = both.found_by_direct(case, on, readings)
        assert found == wanted
        places = [r for r in both.plan.requirements for _ in both.direct.layout.fill(case, on, readings).of[r.scope]]
        if verdict is not None:
            folded = [
                contribution(r.art, *pair) for r, pair in zip(places, wanted.findings, strict=True) if r.art in FOLDED
            ]
            assert verdict == conjunction(folded)


def test_what_rests_on_some_entries_of_a_list_or_on_a_series_is_refused_by_its_name() -> None:
    refused = solver(LAWS[-1], "verwendungsnachweis").refused
    assert refused["position-zeitraum"] == "einzelne Einträge aus 'foerderstelle'"
    assert refused["zeitabschnitt.tage"] == "Reihe 'zeitabschnitt'"
    assert "position-mindestumfang" not in refused


@pytest.mark.parametrize("seed", range(12))
def test_a_random_plan_is_understood_alike(seed: int) -> None:
    both = Solver(random_plan(seed), READINGS)
    draw = CaseMaker(seed, [both.plan], regulation())
    for missing in MISSING:
        case, on, readings = draw.case(missing), draw.day(), draw.readings()
        assert both.found_by_solver(case, on, readings)[0] == both.found_by_direct(case, on, readings)
