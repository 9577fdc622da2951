"""What would help: the smallest sets of changes that turn the verdict to yes, or that there is none."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import FACTS, fact_at
from vwv_im import Decision, counterfactuals, evaluate
from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.case_edits import value_at, values_worth_trying, with_changes
from vwv_im.decision.counterfactuals import Counterfactuals, counterfactuals_of, negative_of
from vwv_im.decision.evaluate import decide
from vwv_im.review.corpus import corpus

DAY = "2018-06-01"
UNMET = [case for case in corpus() if case.expected.get("verdict") in ("no", "open", "discretion")]
POST: dict[str, Any] = {
    "vzae": 1,
    "beschaeftigungsbeginn": "2018-03-01",
    "hochschulabschluss": "bachelor",
    "fachrichtung": "sozialwesen",
    "person_benannt": True,
}


def application(*posts: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """Return an application that is granted, but for what is said otherwise."""
    whole = {
        "art": "erstantrag",
        "durchfuehrung": ["eigen"],
        "gezaehlte_personen": 166,
        "antragsteller": {"art": "gemeinde", "bundesland": "BW"},
        "stellen": [{**POST, **post} for post in posts or ({},)],
    }
    return {"antrag": {**whole, **facts}}


def settings_of(found: Counterfactuals) -> list[dict[str, Any]]:
    return [{adjustment.fact: adjustment.new for adjustment in adjustments} for adjustments in found.sets]


def gives_yes(decision: Decision, changes: dict[str, Any]) -> bool:
    return decide(decision.regulation, with_changes(decision.case, changes), decision.request).verdict == "yes"


def assert_true_and_minimal(found: Counterfactuals) -> None:
    for changes in settings_of(found):
        assert gives_yes(found.decision, changes)
        for size in range(len(changes)):
            for part in combinations(changes.items(), size):
                assert not gives_yes(found.decision, dict(part)), (changes, part)


def alternatives(decision: Decision) -> dict[str, list[Any]]:
    """Return every changeable fact that the plan reads, with other values worth trying."""
    context, plan = decision.context, decision.context.plan
    found = {}
    for fact in sorted(plan.reads & FACTS.keys()):
        if not FACTS[fact].changeable or scope_of(fact) not in plan.scopes:
            continue
        for subject in context.subjects(scope_of(fact)):
            if subject.number is None and scope_of(fact) in ("stelle", "mitglied"):
                continue
            path = subject.path(fact)
            found[path] = [v for v in values_worth_trying(plan, FACTS[fact]) if v != value_at(decision.case, path)]
    return found


@pytest.mark.parametrize("case", UNMET[::2], ids=lambda case: f"{case.id}-{case.on}")
def test_each_set_flips_the_verdict_and_no_part_of_it_does(case: Any) -> None:
    found = counterfactuals_of(case.decide("direct"))
    assert_true_and_minimal(found)
    assert all(fact_at(fact).changeable for changes in settings_of(found) for fact in changes)
    assert bool(found.sets) != bool(found.beyond)


@pytest.mark.parametrize("case", UNMET[1::4], ids=lambda case: f"{case.id}-{case.on}")
def test_no_single_change_that_helps_is_left_out(case: Any) -> None:
    found = counterfactuals_of(case.decide("direct"))
    listed = [changes.keys() for changes in settings_of(found)]
    for fact, values in alternatives(found.decision).items():
        if any(gives_yes(found.decision, {fact: value}) for value in values):
            assert {fact} in listed, fact


BROKEN = {
    "art": {"art": "nachbesetzung"},
    "durchfuehrung": {"durchfuehrung": ["landkreis"]},
    "sitz": {"antragsteller": {"art": "gemeinde", "bundesland": "BY"}},
    "wer": {"antragsteller": {"art": "sonstige", "bundesland": "BW"}},
}
BROKEN_POSTS: list[dict[str, Any]] = [
    {},
    {"vzae": "0.1"},
    {"vzae": None},
    {"person_benannt": False},
    {"person_benannt": None, "vzae": "0.2"},
    {"hochschulabschluss": "keiner"},
]


@given(
    broken=st.sets(st.sampled_from(sorted(BROKEN)), max_size=2),
    posts=st.lists(st.sampled_from(BROKEN_POSTS), min_size=1, max_size=2),
)
@settings(max_examples=20, deadline=None)
def test_sets_are_those_that_brute_force_finds(broken: set[str], posts: list[dict[str, Any]]) -> None:
    facts: dict[str, Any] = {}
    for name in sorted(broken):
        facts.update(BROKEN[name])
    decision = evaluate(application(*posts, **facts), on=DAY, engine="direct")
    if decision.outcome != "decided" or decision.verdict == "yes":
        return
    found = counterfactuals_of(decision)
    assert_true_and_minimal(found)
    listed = {frozenset(changes) for changes in settings_of(found)}
    free = alternatives(decision)
    for fact in free:
        if any(gives_yes(decision, {fact: value}) for value in free[fact]):
            assert frozenset({fact}) in listed
    if not found.sets and len(posts) == 1:
        for one, other in combinations(free, 2):
            for values in product(free[one], free[other]):
                assert not gives_yes(decision, dict(zip((one, other), values, strict=True)))


def test_a_post_that_is_too_small_is_made_just_large_enough() -> None:
    found = counterfactuals(application({"vzae": "0.2"}), on=DAY)
    assert [{fact: str(value) for fact, value in changes.items()} for changes in settings_of(found)] == [
        {"antrag.stellen[0].vzae": "0.25"}
    ]
    assert "0,25 VZÄ statt 0,2 VZÄ" in found.explain("de")
    assert "0.25 FTE instead of 0.2 FTE" in found.explain("en")


def test_what_several_posts_lack_is_put_together() -> None:
    found = counterfactuals(application({"vzae": "0.2"}, {"vzae": "0.1"}), on=DAY)
    assert all(len(changes) == 2 for changes in settings_of(found))
    assert_true_and_minimal(found)


REMEDY = (
    "Allein nicht; gemeinsam mit anderen Kommunen (es fehlen 52 Personen) oder durch Übertragung auf den Landkreis."
)


@pytest.mark.parametrize(
    ("facts", "remedy"),
    [({"gezaehlte_personen": 13}, REMEDY), ({"antragsteller": {"art": "gemeinde", "bundesland": "BY"}}, None)],
    ids=["too few persons", "another state"],
)
def test_it_says_so_when_there_is_none_and_what_helps_instead(facts: dict[str, Any], remedy: str | None) -> None:
    found = counterfactuals(application(**facts), on=DAY)
    assert not found.sets
    (reason,) = found.beyond
    assert found.explain("de").startswith(remedy or "Keine Änderung")
    negative = negative_of(reason)
    assert negative is not None, "what is in the way is said in the negative"
    assert negative.de in found.explain("de")
    assert negative.en in found.explain("en")
    (told,) = found.to_dict()["beyond"]
    helps = told.pop("remedy")
    assert (helps and helps["de"]) == remedy
    assert told == {"rule": reason.rule, "subject": reason.subject, "verdict": "no", "text": negative.as_dict()}


def test_one_requirement_beyond_mending_leaves_no_set() -> None:
    found = counterfactuals(application({"vzae": "0.1"}, gezaehlte_personen=13), on=DAY)
    assert not found.sets
    assert [reason.subject for reason in found.beyond] == ["antrag"]


@pytest.mark.parametrize("on", [date(2016, 12, 1), date(2024, 1, 1), date(2018, 6, 1)])
def test_nothing_is_proposed_where_nothing_is_decided_or_all_is_met(on: date) -> None:
    found = counterfactuals(application(), on=on)
    assert (found.sets, found.beyond) == ((), ())


def test_what_stays_open_is_named_with_the_facts_it_lacks() -> None:
    post = {"vzae": "0.5", "person_benannt": True, "beschaeftigungsbeginn": "2018-03-01"}
    known = {"hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen"}
    case = {"antrag": {"art": "erstantrag", "stellen": [{**post, **known}, post]}}
    told = counterfactuals(case, on="2018-06-01").explain()
    assert "(Stelle 2): Hochschulabschluss, Fachrichtung" in told


@pytest.mark.parametrize(("lang", "open_"), [("de", "Noch offen"), ("en", "Still open")])
def test_what_mends_a_failing_requirement_is_named_while_another_is_open(lang: Any, open_: str) -> None:
    whole = application({"vzae": "0.2", "fachrichtung": None})
    whole["antrag"]["antragsteller"]["bundesland"] = None
    found = counterfactuals(whole, on=DAY)
    assert found.decision.verdict == "no"
    assert not found.sets
    assert {reason.verdict.value for reason in found.beyond} == {"open"}
    assert [(one.fact, str(one.new)) for (one,) in found.mends] == [("antrag.stellen[0].vzae", "0.25")]
    change, still, *_ = found.explain(lang).splitlines()
    assert change == found.mends[0][0].text.in_(lang)
    assert still.startswith(open_)


OPEN_BESIDE_NO = [case for case in UNMET if case.expected.get("verdict") == "no"]


@pytest.mark.parametrize("case", OPEN_BESIDE_NO[::3], ids=lambda case: f"{case.id}-{case.on}")
def test_after_what_mends_the_rest_only_missing_facts_are_in_the_way(case: Any) -> None:
    found = counterfactuals_of(case.decide("direct"))
    for mend in found.mends:
        changed = with_changes(found.decision.case, {one.fact: one.new for one in mend})
        assert decide(found.decision.regulation, changed, found.decision.request).verdict == "open"
        assert all(reason.verdict == "open" for reason in found.beyond)
