"""The engine `durable` finds what `direct` finds, for real and random plans, alone and in threads."""

from __future__ import annotations

import sys
import threading
import time
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import vwv_im
from reasoning.random_cases import MISSING, CaseMaker
from reasoning.random_plans import derived_of, named_of, no, plan_of, random_plan, yes
from vwv_im.lang.nodes import Condition, Constant, Every, Row, Some
from vwv_im.law.regulation import regulation
from vwv_im.reasoning import durable, durable_groups
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.durable import Durable, EngineFailure, EngineLimitError, EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement, differences
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.typed import Case, read_case

needs_durable = pytest.mark.skipif(not durable.available(), reason="durable-rules cannot be imported")

DAY = date(2020, 6, 1)
PERSON = read_case({"person": {"gefluechtet": True, "aus_ukraine": False}})
TRUE, FALSE, OPEN = yes("person.gefluechtet"), yes("person.aus_ukraine"), yes("person.familiennachzug")


class Pair:
    """A plan with both engines."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.direct = Direct(plan)
        self.durable = Durable(plan)

    def compare(self, maker: CaseMaker, missing: float) -> Evaluation:
        """Fail where the engines differ on a new case; return what they found."""
        case, on, readings = maker.case(missing), maker.day(), maker.readings()
        expected, found = (engine.evaluate(case, on, readings) for engine in (self.direct, self.durable))
        assert differences(self.plan, expected, found) == [], (case, on, readings)
        return found


@pytest.fixture(scope="module")
def real_plans() -> list[Plan]:
    law = regulation()
    questions: Any = ("antrag", "zielgruppe", "zaehlung")
    return [make_plan(law, fassung, question) for fassung in law.fassungen for question in questions]


def truths(*conditions: Condition, case: Case = PERSON) -> list[bool | None]:
    """Return what `durable` finds each condition to be; `direct` must find the same."""
    plan = plan_of(*conditions)
    found = Durable(plan).evaluate(case, DAY, {})
    assert found.findings == Direct(plan).evaluate(case, DAY, {}).findings
    return [holds for _, holds in found.findings]


@needs_durable
@pytest.mark.parametrize("missing", MISSING)
def test_agrees_with_direct_on_every_real_plan(real_plans: list[Plan], missing: float) -> None:
    maker = CaseMaker(round(missing * 100), real_plans, regulation())
    seen: Counter[bool | None] = Counter()
    for plan in real_plans:
        pair = Pair(plan)
        for _ in range(200 if plan.question == "antrag" else 50):
            found = pair.compare(maker, missing)
            seen.update(holds for _, holds in found.findings)
    assert missing == 1 or (seen[True] and seen[False])
    assert missing == 0 or seen[None]


@needs_durable
@pytest.mark.parametrize("seed", range(50))
def test_agrees_with_direct_on_random_plans(seed: int) -> None:
    pair = Pair(random_plan(seed))
    maker = CaseMaker(seed, [pair.plan])
    for missing in MISSING:
        for _ in range(10):
            pair.compare(maker, missing)


@needs_durable
def test_agrees_with_direct_in_four_threads_at_once(real_plans: list[Plan]) -> None:
    pairs = [Pair(plan) for plan in (real_plans[-3], random_plan(3), random_plan(7))]

    def compare(seed: int) -> int:
        maker = CaseMaker(seed, [pair.plan for pair in pairs], regulation())
        for number in range(120):
            pairs[number % len(pairs)].compare(maker, MISSING[number % len(MISSING)])
        return 120

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(compare, range(4))) == 480
    finally:
        sys.setswitchinterval(interval)


@needs_durable
def test_conditions_are_strong_kleene() -> None:
    atoms = {True: TRUE, False: FALSE, None: OPEN}
    pairs = [(left, right) for left in atoms for right in atoms]
    both = truths(*(Every((atoms[left], atoms[right])) for left, right in pairs))
    either = truths(*(Some((atoms[left], atoms[right])) for left, right in pairs))
    rank = {False: 0, None: 1, True: 2}
    assert both == [min(pair, key=rank.__getitem__) for pair in pairs]
    assert either == [max(pair, key=rank.__getitem__) for pair in pairs]


@needs_durable
def test_a_comparison_and_its_opposite_are_both_open_where_the_fact_is_unknown() -> None:
    opposite = no("person.familiennachzug")
    assert truths(Some((OPEN, opposite)), Every((OPEN, opposite))) == [None, None]


@needs_durable
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(TRUE, TRUE, 1), (FALSE, TRUE, 2), (FALSE, FALSE, 3), (OPEN, TRUE, None), (FALSE, OPEN, None), (TRUE, OPEN, 1)],
)
def test_a_table_gives_its_first_row_that_holds(first: Any, second: Any, expected: int | None) -> None:
    values = [Constant(number) for number in (1, 2, 3)]
    rows = (Row(first, values[0]), Row(second, values[1]), Row(None, values[2]))
    plan = plan_of(derivations=[derived_of("person.d0_0n", 0, rows)])
    engine = Durable(plan)
    records = engine.evaluate(PERSON, DAY, {}).records
    assert engine.layout.value(records.top, "person", "person.d0_0n") == expected


@needs_durable
def test_more_conditions_at_once_than_the_engine_can_match() -> None:
    conditions = [
        Every((TRUE, *(no("person.ankunft", date(2000 + year, 1, day)) for day in range(1, 4)))) for year in range(150)
    ]
    case = read_case({"person": {"gefluechtet": True, "ankunft": "1999-01-01"}})
    assert truths(*conditions, case=case) == [True] * 150
    assert len(list(durable_groups.Groups(plan_of(*conditions)))) == 4


@needs_durable
def test_more_comparisons_than_a_message_can_hold() -> None:
    days = [date(2000 + number // 300, 1 + number // 25 % 12, 1 + number % 25) for number in range(900)]
    conditions = [Every(tuple(no("person.ankunft", day) for day in days[start::9])) for start in range(9)]
    assert truths(*conditions, case=read_case({"person": {"ankunft": "1999-01-01"}})) == [True] * 9
    assert [len(group.literals) for group in durable_groups.Groups(plan_of(*conditions))] == [200, 200, 200, 200, 100]


@needs_durable
def test_disjunctions_in_a_conjunction_hold_once_however_often_they_fire() -> None:
    alternatives = Some((TRUE, no("person.aus_ukraine"), TRUE))
    assert truths(Every((alternatives, alternatives, alternatives)), Every((alternatives, FALSE))) == [True, False]


@needs_durable
def test_more_messages_than_a_session_has_ids() -> None:
    law = regulation()
    plan = make_plan(law, law.fassungen[-1], "antrag")
    readings = {name: point.vorgabe for name, point in law.readings.items()}
    posts = [{"vzae": number % 3, "person_benannt": number % 2 == 0} for number in range(150)]
    case = read_case({"antrag": {"stellen": posts}})
    pair = Pair(plan)
    left, right = (engine.evaluate(case, DAY, readings) for engine in (pair.direct, pair.durable))
    assert differences(plan, left, right) == []


@needs_durable
def test_a_plan_without_conditions() -> None:
    assert truths() == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Every(()), "without parts"),
        (Every((TRUE, Some(()))), "without parts"),
        (Some(tuple(yes("person.ankunft", day) for day in range(41))), "41 alternatives"),
        (Every(tuple(yes("person.ankunft", day) for day in range(241))), "241 comparisons"),
        (Every(tuple(Some((yes("person.ankunft", n), TRUE)) for n in range(7))), "128 ways"),
    ],
)
def test_what_the_engine_cannot_hold_is_refused_in_words(condition: Condition, words: str) -> None:
    with pytest.raises(EngineLimitError, match=words):
        durable_groups.Groups(plan_of(condition))


@needs_durable
def test_the_deepest_condition_that_is_accepted_is_matched_and_one_deeper_is_refused() -> None:
    condition: Condition = OPEN
    for depth in range(14):
        condition = (Every, Some)[depth % 2]((condition, (TRUE, FALSE)[depth % 2]))
    assert truths(condition, Every((condition, TRUE))) == [None, None]
    with pytest.raises(EngineLimitError, match="16 conjunctions and disjunctions"):
        durable_groups.Groups(plan_of(Every((Some((condition, FALSE)), TRUE))))


@needs_durable
def test_the_widest_group_fits_on_the_stack_of_the_engine() -> None:
    wide = Some(tuple(no("person.ankunft", date(2000, 1, day)) for day in range(1, 21)))
    chain = Every((Some((TRUE, no("person.aus_ukraine"))),) * 6)
    case = read_case({"person": {"gefluechtet": True, "aus_ukraine": False, "ankunft": "1999-01-01"}})
    assert truths(wide, chain, Every((TRUE, wide)), Every((chain, FALSE)), case=case) == [True, True, True, False]


@needs_durable
def test_conditions_that_appear_twice_are_matched_once() -> None:
    groups = durable_groups.Groups(plan_of(TRUE, Every((TRUE, FALSE)), TRUE, Every((TRUE, FALSE))))
    assert [len(group.rules) for group in groups] == [2]


@needs_durable
def test_waits_for_a_session_and_gives_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = only_start()
    with ExitStack() as all_but_one, ThreadPoolExecutor(1) as pool:
        for _ in durable_groups.SIDS[1:]:
            all_but_one.enter_context(sessions.open())
        with sessions.open():
            waiting = pool.submit(lease, sessions)
            time.sleep(0.05)
            assert not waiting.done()
            monkeypatch.setattr(durable, "LONGEST_WAIT", 0.01)
            with pytest.raises(EngineFailure, match="none of 64 sessions"):
                lease(sessions)
        waiting.result(timeout=5)


@needs_durable
def test_a_session_that_did_not_begin_is_not_leased_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = only_start()
    with monkeypatch.context() as patch:
        patch.setattr(sessions.host, "assert_fact", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lease(sessions)
    with ExitStack() as all_others:
        used = {all_others.enter_context(sessions.open())._sid for _ in durable_groups.SIDS[1:]}
    assert used == set(durable_groups.SIDS) - {"s0"}


@needs_durable
def test_a_session_that_did_not_begin_anew_is_neither_deleted_nor_leased_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "IDS", ("m0",))
    sessions = only_start()
    deleted: list[str] = []
    with sessions.open() as session:
        session.fired("g0", [])
    monkeypatch.setattr(sessions.host, "delete_state", lambda _, sid: deleted.append(sid))

    def use_two_messages() -> None:
        with sessions.open() as session:
            session.fired("g0", [])
            monkeypatch.setattr(sessions.host, "assert_fact", lambda *_: 1 / 0)
            session.fired("g0", [])

    with pytest.raises(EngineFailure, match="did not begin anew"):
        use_two_messages()
    assert (deleted, sessions._free.qsize()) == (["s0"], 63)


def only_start() -> durable.Sessions:
    """Return the sessions of a host without rules but the first."""
    return durable.Sessions(durable_groups.Groups(plan_of()).definitions())


def lease(sessions: durable.Sessions) -> None:
    """Open a session and close it."""
    with sessions.open():
        pass


@needs_durable
def test_other_errors_of_the_engine_come_out_and_the_session_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Durable(plan_of(TRUE))
    host, deleted = engine._sessions.host, []
    original, delete = host.assert_fact, host.delete_state

    def failing(rules: str, fact: dict[str, Any]) -> Any:
        return original(rules, fact) if fact["id"] == "start" else 1 / 0

    with monkeypatch.context() as patch:
        patch.setattr(host, "assert_fact", failing)
        patch.setattr(host, "delete_state", lambda *args: (deleted.append(args), delete(*args)))
        with pytest.raises(ZeroDivisionError):
            engine.evaluate(PERSON, DAY, {})
    assert deleted == [("vwv-im", "s0")]
    assert engine.evaluate(PERSON, DAY, {}).findings == ((True, True),)


@needs_durable
def test_no_warning_is_given_and_none_is_suppressed() -> None:
    before = list(warnings.filters)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert truths(TRUE) == [True]
    assert warnings.filters == before
    assert durable.import_engine()._unix_now is time.time


def test_where_durable_rules_is_missing_the_message_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable", None)
    durable.available.cache_clear()
    try:
        assert not durable.available()
        with pytest.raises(EngineUnavailable, match=r"C compiler[\s\S]*PyEval_CallObject=PyObject_CallObject"):
            Durable(plan_of(TRUE))
    finally:
        durable.available.cache_clear()


@needs_durable
@pytest.mark.parametrize("engine", [Direct, Durable])
def test_a_sabotaged_engine_gives_no_decision(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    original = engine.evaluate

    def lying(self: Any, *arguments: Any) -> Evaluation:
        found = original(self, *arguments)
        (applies, holds), *others = found.findings
        return replace(found, findings=((applies, not holds), *others))

    monkeypatch.setattr(engine, "evaluate", lying)
    with pytest.raises(EngineDisagreement, match="holds: direct says") as raised:
        vwv_im.evaluate({"antrag": {"antragsteller": {"art": "gemeinde"}}}, on="2018-06-01")
    assert len(raised.value.differences) == 1


@needs_durable
def test_differences_are_told_in_words() -> None:
    row = derived_of("stelle.d0_0n", 0, (Row(None, Constant(24)),))
    plan = plan_of(yes("stelle.vzae", 1), scope="stelle", derivations=[row])
    plan = replace(plan, named=(named_of("k0", "antrag", yes("antrag.art", "erstantrag")),))
    case = read_case({"antrag": {"stellen": [{}, {"vzae": 1}]}})
    left, right = (engine(plan).evaluate(case, DAY, {}) for engine in (Direct, Durable))
    assert differences(plan, left, right) == []
    right.records.of["stelle"][1][Direct(plan).layout.slot("stelle.d0_0n")[1]] = None
    wrong = replace(right, findings=(right.findings[0], (False, True)), present={"widerspruch": [True]})
    assert differences(plan, left, wrong) == [
        "antrag.stellen[1].d0_0n: direct says 24, durable says unknown",
        "requirement q0 of antrag.stellen[1] applies: direct says yes, durable says no",
        "widerspruch k0 of antrag is present: direct says open, durable says yes",
    ]
    fewer = replace(right, findings=right.findings[:1], present={"widerspruch": []})
    assert differences(plan, right, fewer, ("a", "b")) == [
        "number of findings: a says 2, b says 1",
        "number of widerspruch: a says 1, b says 0",
    ]


@needs_durable
def test_one_is_not_true() -> None:
    plan = plan_of(derivations=[derived_of("person.d0_0t", 0, TRUE)])
    left, right = (engine(plan).evaluate(PERSON, DAY, {}) for engine in (Direct, Durable))
    right.records.top[-1] = 1
    assert differences(plan, left, right) == ["person.d0_0t: direct says True, durable says 1"]


@needs_durable
def test_no_thread_is_started_by_building_or_evaluating() -> None:
    before = threading.active_count()
    truths(TRUE, FALSE, OPEN)
    time.sleep(0.15)  # the engine's own threads would start after 0.1 s
    assert threading.active_count() == before
