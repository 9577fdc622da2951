"""The fourteen ways in which durable-rules gives wrong answers or dies in normal use, and what keeps each out.

A canary runs the package as it comes, in a process of its own, and expects it to misbehave: if a new release no longer
does, the canary fails, and the guard may go. Beside each stands the test of the guard.
"""

from __future__ import annotations

import json
import platform
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reasoning.random_cases import MISSING, CaseMaker
from reasoning.random_plans import no, plan_of, random_plan, yes
from reasoning.raw_engine import run, run_raw
from vwv_im.lang.nodes import Atom, Constant, Every, Read, Some
from vwv_im.law.regulation import regulation
from vwv_im.reasoning import durable, durable_groups
from vwv_im.reasoning.durable import Durable, EngineFailure, EngineLimitError
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.typed import read_case

pytestmark = pytest.mark.skipif(not durable.available(), reason="durable-rules cannot be imported")

DAY = date(2020, 6, 1)
TRUE, FALSE = yes("person.gefluechtet"), yes("person.aus_ukraine")
PERSON = read_case({"person": {"gefluechtet": True, "aus_ukraine": False}})

canary = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="what crashes how was seen on Linux on x86-64"
)


class Spy:
    """Notes what durable-rules is asked, and whether from inside an action."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        engine = durable.import_engine()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.from_actions: list[str] = []
        self._depth = 0
        for owner in (engine.Host, engine.Closure):
            for name in [name for name in vars(owner) if not name.startswith("_")]:
                monkeypatch.setattr(owner, name, self._noting(f"{owner.__name__}.{name}", getattr(owner, name)))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages that were asserted."""
        return [arguments[1] for name, arguments in self.calls if name == "Host.assert_fact"]

    def used(self, owner: str = "") -> set[str]:
        """Which methods were used."""
        inner = {"Host.get_ruleset", "Host.get_action", "Host.register_rulesets"}
        return {name for name, _ in self.calls if name.startswith(owner)} - inner

    def _noting(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def noting(this: Any, *arguments: Any) -> Any:
            self.calls.append((name, arguments))
            if self._depth and name not in ("Host.get_ruleset", "Host.get_action"):
                self.from_actions.append(name)
            self._depth += name == "Host.assert_fact"
            try:
                return method(this, *arguments)
            finally:
                self._depth -= name == "Host.assert_fact"

        return noting


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    return Spy(monkeypatch)


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    law = regulation()
    return [*(make_plan(law, fassung, "antrag") for fassung in law.fassungen), *map(random_plan, range(5))]


@pytest.fixture(scope="module")
def definitions(plans: list[Plan]) -> list[dict[str, Any]]:
    return [rule for plan in plans for rule in durable_groups.Groups(plan).definitions().values()]


def evaluate_many(plans: list[Plan]) -> None:
    """Evaluate varied cases, so that all kinds of messages are sent."""
    maker = CaseMaker(11, plans, regulation())
    for plan in plans:
        engine = Durable(plan)
        for missing in MISSING * 5:
            engine.evaluate(maker.case(missing), maker.day(), maker.readings())


def found(*conditions: Any, case: Any = PERSON) -> list[bool | None]:
    """Return what `durable` finds each condition to be."""
    return [holds for _, holds in Durable(plan_of(*conditions)).evaluate(case, DAY, {}).findings]


def keys_in(definition: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of a rule's definition with its value, however deep."""
    if isinstance(definition, dict):
        for key, value in definition.items():
            yield key, value
            yield from keys_in(value)
    elif isinstance(definition, list):
        for value in definition:
            yield from keys_in(value)


def assert_small(messages: list[dict[str, Any]]) -> None:
    """Messages hold a known session and id, the number 1, and nothing else."""
    assert messages
    for message in messages:
        assert message["sid"] in durable_groups.SIDS
        assert message["id"] in (durable_groups.START, *durable_groups.IDS)
        assert {(type(value), value) for key, value in message.items() if key not in ("sid", "id")} == {(int, 1)}
        assert len(message) <= durable_groups.MOST_LITERALS + 3


# 1: deleting a session in which no rule fired crashes


@canary
def test_1_canary_deleting_a_session_without_a_match_crashes() -> None:
    program = """
quiet = Quiet({"r": {"a": rule("a", {"a": 1})}})
tell(quiet, id="1", b=1)
quiet.delete_state("r", "s")
"""
    assert min(run_raw(program).returncode for _ in range(3)) < 0


def test_1_an_evaluation_in_which_no_rule_fires_is_deleted_cleanly() -> None:
    result = run("""
from reasoning.test_durable_hazards import FALSE, found
for _ in range(30):
    assert found(FALSE, FALSE) == [False, False]
print("clean")
""")
    assert (result.returncode, result.stdout) == (0, "clean\n"), result.stderr


def test_1_every_session_begins_with_a_message_that_fires(spy: Spy) -> None:
    found(FALSE)
    names = [(name, arguments[1]) for name, arguments in spy.calls if name in ("Host.assert_fact", "Host.delete_state")]
    assert names[0] == ("Host.assert_fact", {"sid": "s0", "id": "start", "start": 1})
    assert names[-1] == ("Host.delete_state", "s0")


# 2: a comparison with a missing fact fires by chance


@canary
def test_2_canary_comparing_with_a_missing_fact_fires() -> None:
    program = """
quiet = host(a=rule("a", {"$and": [{"k": 1}, {"$gt": {"a": {"$m": "b"}}}]}))
tell(quiet, id="1", k=1, a=5)
print(hits)
"""
    assert run_raw(program).stdout == "['a']\n"


def test_2_two_facts_are_never_compared_by_the_engine(definitions: list[dict[str, Any]], spy: Spy) -> None:
    later = Atom("person.ankunft", "nach", Read("entscheidung.tag"))
    earlier = Atom("entscheidung.tag", "nach", Read("person.ankunft"))
    assert found(later, earlier, Every((TRUE, earlier))) == [None, None, None]
    arrived = read_case({"person": {"gefluechtet": True, "ankunft": "2019-01-01"}})
    assert found(later, earlier, Every((TRUE, earlier)), case=arrived) == [False, True, True]
    assert_small(spy.messages)
    leaves = [value for definition in definitions for _, value in keys_in(definition["all"][0]["m"])]
    assert {(type(value), value) for value in leaves if not isinstance(value, list)} == {(int, 1)}


# 3: "missing" in a rule loops for ever


@canary
def test_3_canary_a_rule_about_a_missing_fact_never_ends() -> None:
    program = """
import os
def count(c):
    hits.append(1)
    if len(hits) > 1000:
        os._exit(42)
quiet = host(a=rule("a", {"$nex": {"x": 1}}, act=count), b=rule("b", {"y": 1}, act=count))
tell(quiet, id="1", y=1)
"""
    assert run_raw(program).returncode == 42


def test_3_rules_know_only_literals_and_or_behind_the_guard_of_their_group(plans: list[Plan]) -> None:
    for plan in plans:
        groups = durable_groups.Groups(plan)
        rules = groups.definitions()
        names = {key for rule in rules.values() for key, _ in keys_in(rule["all"])}
        literals = {name for group in groups for name in (group.guard, *group.literals)}
        assert names <= {"m", "$and", "$or", "start"} | literals
        for group in groups:
            assert all(rules[name]["all"][0]["m"]["$and"][0] == {group.guard: 1} for name in group.rules)


# 4: a host starts threads that walk over deleted sessions


@canary
def test_4_canary_a_host_starts_threads() -> None:
    program = "import threading; Host({'r': {'a': rule('a', {'a': 1})}}); print(threading.active_count())"
    assert run_raw(program).stdout == "3\n"


def test_4_no_thread_is_ever_started(monkeypatch: pytest.MonkeyPatch, plans: list[Plan]) -> None:
    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", started.append)
    before = threading.active_count()
    evaluate_many(plans[-3:])
    assert (started, threading.active_count()) == ([], before)


# 5: negation works only in one order of messages


@canary
def test_5_canary_a_negation_misses_what_comes_later() -> None:
    program = """
for order in ("xy", "yx"):
    only_without_x = {"all": [{"p": {"y": 1}}, {"n$not": {"x": 1}}], "run": lambda c: hits.append("a")}
    quiet = Quiet({"r" + order: {"start": rule("start", {"start": 1}), "a": only_without_x}})
    hits.clear()
    for name in ("start", *order):
        try:
            quiet.assert_fact("r" + order, {"sid": "s", "id": name, name: 1})
        except MessageNotHandledException:
            pass
    print(hits.count("a"))
"""
    assert run_raw(program).stdout == "0\n1\n"


def test_5_each_rule_looks_at_one_message_and_negates_nothing(definitions: list[dict[str, Any]]) -> None:
    for definition in definitions:
        assert list(definition) == ["all"]
        assert [list(part) for part in definition["all"]] == [["m"]]
        assert not [key for key, _ in keys_in(definition) if "not" in key or "none" in key or "nex" in key]
    assert found(no("person.aus_ukraine"), no("person.gefluechtet"), no("person.familiennachzug")) == [
        True,
        False,
        None,
    ]


# 6: comparing values of different types is silently wrong


@canary
def test_6_canary_types_are_mixed_up() -> None:
    program = """
quiet = host(a=rule("a", {"a": 1}), b=rule("b", {"$gt": {"b": 0}}), n=rule("n", {"$neq": {"n": 5}}))
for number, message in enumerate(({"a": True}, {"a": "1"}, {"a": ""}, {"b": "x"}, {"n": None})):
    tell(quiet, id=str(number), **message)
print(hits)
"""
    assert run_raw(program).stdout == "['a', 'a', 'a', 'b']\n"


def test_6_values_of_all_types_are_compared_outside(spy: Spy) -> None:
    case = read_case({"antrag": {"antragsteller": {"name": "1", "kreisangehoerig": True}, "gezaehlte_personen": 1}})
    name, member, persons = (
        "antrag.antragsteller.name",
        "antrag.antragsteller.kreisangehoerig",
        "antrag.gezaehlte_personen",
    )
    conditions = (yes(name, "1"), yes(name, "A"), yes(member), yes(persons, 1), yes("antrag.antragsteller.ags", ""))
    engine = Durable(plan_of(*conditions, scope="antrag"))
    assert [holds for _, holds in engine.evaluate(case, DAY, {}).findings] == [True, False, True, True, None]
    assert_small(spy.messages)


# 7: numbers with exponents are errors, a division by zero ends the process


@canary
@pytest.mark.parametrize("number", ["1e16", "1e-07", "float('inf')"])
def test_7_canary_a_large_or_small_number_is_an_error(number: str) -> None:
    result = run_raw(f"tell(host(a=rule('a', {{'a': 1}})), id='1', a={number})")
    assert "Could not assert fact, error code: 20" in result.stderr


@canary
def test_7_canary_dividing_by_zero_ends_the_process() -> None:
    program = """
quiet = host(a=rule("a", {"a": {"$div": {"$l": {"$m": "b"}, "$r": {"$m": "c"}}}}))
tell(quiet, id="1", a=1, b=3, c=0)
"""
    assert run_raw(program).returncode < 0


def test_7_amounts_of_any_size_are_compared_outside(spy: Spy) -> None:
    fact, wanted = "antrag.veroeffentlichter_planungsrahmen_eur", ("999999999999.99", "0.01", "0.3")
    conditions = [Atom(fact, "mindestens", Constant(Decimal(text))) for text in wanted]
    engine = Durable(plan_of(*conditions, scope="antrag"))
    for amount, expected in ((Decimal("1e12"), [True] * 3), ("0", [False] * 3), ("0.30", [False, True, True])):
        case = read_case({"antrag": {"veroeffentlichter_planungsrahmen_eur": amount}})
        assert [holds for _, holds in engine.evaluate(case, DAY, {}).findings] == expected
    assert_small(spy.messages)


# 8: text is ordered wrongly


@canary
def test_8_canary_a_text_does_not_come_before_its_continuation() -> None:
    program = """
quiet = host(a=rule("a", {"$lt": {"a": "abc def"}}))
tell(quiet, id="1", a="abc")
print(hits)
"""
    assert run_raw(program).stdout == "[]\n"


def test_8_days_and_ranks_are_ordered_outside(spy: Spy) -> None:
    days = [Atom("person.ankunft", "vor", Constant(date(2024, month, 1))) for month in (2, 7, 12)]
    assert found(*days, case=read_case({"person": {"ankunft": "2024-07-01"}})) == [False, False, True]
    degrees = [Atom("stelle.hochschulabschluss", "mindestens", Constant(word)) for word in ("bachelor", "master")]
    engine = Durable(plan_of(*degrees, scope="stelle"))
    case = read_case({"antrag": {"stellen": [{"hochschulabschluss": "diplom"}]}})
    assert [holds for _, holds in engine.evaluate(case, DAY, {}).findings] == [True, False]
    assert_small(spy.messages)


# 9: a date or decimal is a TypeError


@canary
@pytest.mark.parametrize("value", ["datetime.date(2020, 1, 1)", "decimal.Decimal(1)", "{1}", "b'x'"])
def test_9_canary_values_that_json_does_not_know_are_errors(value: str) -> None:
    result = run_raw(f"import datetime, decimal\ntell(host(a=rule('a', {{'a': 1}})), id='1', a={value})")
    assert "is not JSON serializable" in result.stderr


def test_9_messages_are_small_whatever_the_plans_and_cases_hold(spy: Spy, plans: list[Plan]) -> None:
    evaluate_many(plans)
    assert len(spy.messages) > 1000
    assert_small(spy.messages)
    assert json.loads(json.dumps(spy.messages)) == spy.messages


# 10: sessions, messages and properties are known by a hash of 32 bits only


@canary
def test_10_canary_sessions_with_the_same_hash_share_their_facts() -> None:
    program = """
quiet = host(a=rule("a", {"a": 1}, {"b": 1}))
quiet.assert_fact("r", {"sid": "fall-149599", "id": "1", "a": 1})
quiet.assert_fact("r", {"sid": "fall-312382", "id": "2", "b": 1})
print(hits)
"""
    assert run_raw(program).stdout == "['a']\n"


@pytest.mark.parametrize(
    ("module", "name", "words"),
    [
        (durable, "SIDS", "sessions"),
        (durable, "IDS", "messages"),
        (durable_groups, "_ENGINE_WORDS", "property names"),
    ],
)
def test_10_colliding_names_are_refused(module: Any, name: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, name, (*getattr(module, name), "fall-149599", "fall-312382"))
    with pytest.raises(EngineLimitError, match=f"{words} 'fall-149599' and 'fall-312382' have the same hash"):
        Durable(plan_of(TRUE))


@pytest.mark.parametrize("taken", ["l0", "g0", "start"])
def test_10_every_property_is_checked(taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = durable_groups.fnv1a
    monkeypatch.setattr(durable_groups, "fnv1a", lambda name: 3593476751 if name == taken else hashes(name))
    with pytest.raises(EngineLimitError, match=f"property names 'sid' and '{taken}'"):
        durable_groups.Groups(plan_of(TRUE))


def test_10_the_message_by_which_the_engine_keeps_its_state_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "IDS", (*durable.IDS, "sid-s7"))
    hashes = durable_groups.fnv1a
    monkeypatch.setattr(durable_groups, "fnv1a", lambda name: 1 if name in ("m9", "sid-s9") else hashes(name))
    with pytest.raises(EngineLimitError, match="messages"):
        Durable(plan_of(TRUE))


def test_10_sessions_open_at_once_share_nothing() -> None:
    engine = Durable(plan_of(Every((TRUE, FALSE))))
    with engine._sessions.open() as one, engine._sessions.open() as other:
        assert one.fired("g0", ["l0"]) == other.fired("g0", ["l1"]) == set()
        assert one.fired("g0", ["l0", "l1"]) == {"r0"}
        assert other.fired("g0", ["l0"]) == set()


def test_10_no_id_is_used_twice_in_a_session(spy: Spy, plans: list[Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "IDS", durable.IDS[:16])
    posts = [{"vzae": number % 3} for number in range(60)]
    readings = {name: point.vorgabe for name, point in regulation().readings.items()}
    Durable(plans[0]).evaluate(read_case({"antrag": {"stellen": posts}}), DAY, readings)
    used: list[str] = []
    sessions = 0
    for name, arguments in spy.calls:
        if name == "Host.assert_fact":
            used.append(arguments[1]["id"])
        elif name == "Host.delete_state":
            assert len(used) == len(set(used))
            used, sessions = [], sessions + 1
    assert sessions > 1


# 11: an error in an action is swallowed


@canary
@pytest.mark.parametrize("error", ["RuntimeError('x')", "KeyboardInterrupt()", "SystemExit(1)"])
def test_11_canary_an_error_in_an_action_is_swallowed(error: str) -> None:
    program = f"""
def fail(c):
    raise {error}
quiet = host(a=rule("a", {{"a": 1}}, act=fail))
print("exception" in tell(quiet, id="1", a=1))
"""
    assert run_raw(program).stdout == "True\n"


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt(), SystemExit(1)])
def test_11_an_error_in_an_action_surfaces(error: BaseException) -> None:
    class Failing(list[Any]):
        def append(self, entry: Any) -> None:
            if entry[0] != durable_groups.START:
                raise error

    engine = Durable(plan_of(TRUE))
    fired = engine._sessions._fired
    fired["s0"] = Failing()
    with pytest.raises(EngineFailure, match="a rule's action failed: exception caught"):
        engine.evaluate(PERSON, DAY, {})
    fired["s0"] = []
    assert engine.evaluate(PERSON, DAY, {}).findings == ((True, True),)


def test_11_a_rule_that_fires_for_another_message_surfaces() -> None:
    class Late(list[Any]):
        def append(self, entry: Any) -> None:
            super().append(("m200", entry[1]))

    engine = Durable(plan_of(TRUE))
    engine._sessions._fired["s0"] = Late()
    with pytest.raises(EngineFailure, match="rules fired for other messages than m0"):
        engine.evaluate(PERSON, DAY, {})


# 12: what an action derives is lost without a word


@canary
def test_12_canary_deriving_a_fact_twice_skips_the_rest_of_the_action() -> None:
    program = """
def derive(c):
    c.assert_fact({"id": "d", "d": 1})
    hits.append("after")
quiet = host(a=rule("a", {"a": 1}, act=derive), b=rule("b", {"b": 1}, act=derive), d=rule("d", {"d": 1}))
tell(quiet, id="1", a=1)
tell(quiet, id="2", b=1)
print(hits.count("after"))
"""
    assert run_raw(program).stdout == "1\n"


def test_12_actions_ask_the_engine_nothing(spy: Spy, plans: list[Plan]) -> None:
    evaluate_many(plans)
    assert spy.used("Closure") == set()
    assert spy.from_actions == []


def test_12_actions_have_exactly_one_parameter() -> None:
    engine = Durable(plan_of(TRUE, FALSE))
    (ruleset,) = engine._sessions.host._ruleset_list
    assert [promise._func.__code__.co_argcount for promise in ruleset._actions.values()] == [1, 1, 1]
    assert all(promise._sync and promise._func.__defaults__ is None for promise in ruleset._actions.values())


# 13: an event is consumed by the first rule that fires


@canary
def test_13_canary_an_event_fires_one_rule_of_three() -> None:
    program = """
quiet = host(**{name: rule(name, {"a": 1}) for name in "abc"})
quiet.post("r", {"sid": "s", "id": "1", "a": 1})
print(len(hits))
"""
    assert run_raw(program).stdout == "1\n"


def test_13_one_message_fires_all_its_rules_because_it_is_a_fact(spy: Spy, plans: list[Plan]) -> None:
    conditions = [Every((TRUE, no("person.ankunft", date(2000, 1, day)))) for day in range(1, 31)]
    case = read_case({"person": {"gefluechtet": True, "aus_ukraine": False, "ankunft": "1999-01-01"}})
    assert found(*conditions, Some((TRUE, FALSE)), case=case) == [True] * 31
    assert [message["id"] for message in spy.messages] == ["start", "m0"]
    evaluate_many(plans[:1])
    assert spy.used() == {"Host.assert_fact", "Host.delete_state"}


# 14: deleting the session in an action leaves it half alive


@canary
def test_14_canary_deleting_in_an_action_breaks_the_session() -> None:
    program = """
quiet = host(**{name: rule(name, {"a": 1}, act=lambda c: c.delete_state()) for name in "abc"})
tell(quiet, id="1", a=1)
"""
    assert "error code: 307" in run_raw(program).stderr


def test_14_a_session_is_deleted_once_and_last_by_the_one_who_opened_it(spy: Spy) -> None:
    engine = Durable(plan_of(TRUE, FALSE, yes("person.familiennachzug")))
    for _ in range(70):
        engine.evaluate(PERSON, DAY, {})
    names = [name for name, _ in spy.calls if name in ("Host.assert_fact", "Host.delete_state")]
    assert names == ["Host.assert_fact", "Host.assert_fact", "Host.assert_fact", "Host.delete_state"] * 70
    assert not [name for name in spy.used() | set(spy.from_actions) if name.startswith("Closure")]


def test_14_a_session_is_deleted_where_the_evaluation_fails(spy: Spy) -> None:
    engine = Durable(plan_of(Atom("person.ankunft", "nach", Constant(5))))
    with pytest.raises(TypeError):
        engine.evaluate(read_case({"person": {"ankunft": "2020-01-01"}}), DAY, {})
    assert [name for name, _ in spy.calls if name in spy.used()] == ["Host.assert_fact", "Host.delete_state"]
