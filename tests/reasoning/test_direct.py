"""The engine `direct`: evaluating a case again under other readings, without doing again what they do not touch."""

from __future__ import annotations

import pytest

from reasoning.random_cases import CaseMaker
from reasoning.random_plans import random_plan
from vwv_im.lang.nodes import READING
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.engines import differences
from vwv_im.reasoning.planning import make_plan


@pytest.mark.parametrize("question", ["antrag", "zielgruppe", "zaehlung"])
def test_following_other_readings_is_evaluating_anew(question: str) -> None:
    law = regulation()
    plans = [make_plan(law, fassung, question) for fassung in (*law.fassungen, law.with_erlasse)]
    maker = CaseMaker(11, plans, law)
    changed = 0
    for plan in plans:
        direct = Direct(plan)
        for missing in (0.0, 0.05, 0.5):
            for _ in range(60):
                case, day, before, after = maker.case(missing), maker.day(), maker.readings(), maker.readings()
                first = direct.evaluate(case, day, before)
                anew, followed = direct.evaluate(case, day, after), direct.follow(first, after)
                assert differences(plan, followed, anew, ("followed", "anew")) == []
                for name in plan.readings:
                    slot = direct.layout.slot(READING + name)[1]
                    assert followed.frames.top[slot] == anew.frames.top[slot]
                assert differences(plan, first, direct.evaluate(case, day, before)) == []
                changed += bool(differences(plan, first, anew))
    assert changed > 0 or not any(plan.readings for plan in plans)


@pytest.mark.parametrize("seed", range(4))
def test_following_the_same_readings_changes_nothing(seed: int) -> None:
    plan = random_plan(seed)
    direct, maker = Direct(plan), CaseMaker(seed, [plan], regulation())
    for _ in range(20):
        found = direct.evaluate(maker.case(0.1), maker.day(), {})
        assert differences(plan, direct.follow(found, {}), found) == []
