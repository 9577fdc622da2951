"""What would be found with other facts is what is found where the case is decided with them."""

from __future__ import annotations

from typing import Any

import pytest

import vwv_im
from vwv_im.decision.case_edits import values_worth_trying
from vwv_im.decision.decision import Decision
from vwv_im.decision.what_if import WhatIf
from vwv_im.lang import Verdict
from vwv_im.review.corpus import CorpusCase, corpus

SOME = corpus()[::40]
POST = {"vzae": "0.5", "beschaeftigungsbeginn": "2018-03-01", "hochschulabschluss": "bachelor"}
APPLICATION = {
    "art": "erstantrag",
    "durchfuehrung": ["eigen"],
    "antragsteller": {"art": "stadt", "bundesland": "BW", "kreisangehoerig": True},
    "veroeffentlichter_planungsrahmen_eur": 6540594,
}


def decided(case: CorpusCase) -> Decision:
    asked = {"on": case.on, "question": case.question, "known_on": case.known_on, "readings": case.readings}
    return vwv_im.evaluate(dict(case.case), engine="direct", **asked)


def application(*posts: dict[str, Any]) -> dict[str, Any]:
    return {"antrag": {**APPLICATION, "stellen": list(posts)}}


@pytest.mark.parametrize("case", SOME, ids=lambda case: case.id)
def test_every_fact_that_is_read_turns_a_case_as_deciding_anew_does(case: CorpusCase) -> None:
    decision = decided(case)
    if decision.outcome == "outside_scope":
        pytest.skip("nothing is decided")
    found, plan = WhatIf(decision), decision.context.plan
    verdicts = {(one.rule, one.subject): one.verdict for one in decision.reasons}
    for fact in (one for one in plan.vocabulary.facts.values() if one.path in plan.reads and one.scope in plan.scopes):
        for subject in [one for one in decision.context.subjects(fact.scope) if one.stated][:2]:
            for value in values_worth_trying(plan, fact)[:3]:
                changes = {subject.path(fact.path): value}
                other, expected = found.otherwise(changes), decision.with_changes(changes)
                assert other.verdict == expected.verdict, changes
                if verdicts and expected.verdict is not None:
                    anew = {(one.rule, one.subject): one.verdict for one in expected.reasons}
                    assert {**verdicts, **other.requirements} == anew, changes


@pytest.mark.parametrize("case", corpus()[::8], ids=lambda case: case.id)
def test_another_reading_gives_what_deciding_under_it_gives(case: CorpusCase) -> None:
    decision = decided(case)
    for name, used in decision.readings.items():
        for option, other in used.others.items():
            asked = {"on": case.on, "question": case.question, "known_on": case.known_on}
            anew = vwv_im.evaluate(
                dict(case.case), engine="direct", readings={**decision.request.readings, name: option}, **asked
            )
            assert (other.outcome, other.verdict) == (anew.outcome, anew.verdict), (name, option)
            paths = {*decision.derived, *anew.derived}
            differ = {path for path in paths if decision.derived.get(path) != anew.derived.get(path)}
            assert other.derived == {path: anew.derived.get(path) for path in differ}, (name, option)
            if other.verdict == decision.verdict:
                assert other.duties == (None if anew.duties == decision.duties else anew.duties), (name, option)


def test_facts_of_two_posts_turn_a_case_together() -> None:
    decision = vwv_im.evaluate(application(POST, POST), on="2018-06-01", engine="direct")
    changes = {
        f"antrag.stellen[{n}].{fact}": value
        for n in (0, 1)
        for fact, value in (("vzae", "0.2"), ("person_benannt", True))
    }
    assert WhatIf(decision).otherwise(changes).verdict is Verdict.NO


def test_what_is_needed_of_many_posts_is_found_without_deciding_the_case_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [{**POST, "vzae": f"0.{25 + n}"} for n in range(12)]
    few, many = (vwv_im.needs(application(*posts[:count]), on="2018-06-01") for count in (2, 12))

    def refuse(*_: object) -> Decision:
        raise AssertionError("the whole case was decided anew")

    monkeypatch.setattr(Decision, "with_changes", refuse)
    assert vwv_im.needs(application(*posts), on="2018-06-01") is not None
    assert len(many.facts) == 6 * len(few.facts)


def test_posts_that_state_the_same_share_their_answers() -> None:
    found = vwv_im.needs(application(POST, POST), on="2018-06-01")
    first, second = ([one.answers for one in found.facts if f"[{n}]" in one.fact] for n in (0, 1))
    assert first == second
    assert all(one is other for one, other in zip(first, second, strict=True))
