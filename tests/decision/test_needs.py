"""What is still needed: exactly the facts that can change the verdict, ranked, each with what its answers lead to."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import EXAMPLES, FACTS, PARTS, fact_at
from vwv_im import Decision, evaluate, needs
from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.case_edits import value_at, values_worth_trying, with_changes
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import needs_of
from vwv_im.lang import parameters_of
from vwv_im.review.corpus import CorpusCase, corpus

DAY = "2018-06-01"
WHOLE: dict[str, Any] = {
    "antrag": {
        "art": "erstantrag",
        "antragsdatum": "2018-01-15",
        "durchfuehrung": ["eigen"],
        "gezaehlte_personen": 166,
        "antragsteller": {"art": "gemeinde", "bundesland": "BW", "kreisangehoerig": True},
        "stellen": [
            {
                "vzae": 1,
                "beschaeftigungsbeginn": "2018-03-01",
                "hochschulabschluss": "bachelor",
                "fachrichtung": "sozialwesen",
                "person_benannt": True,
            }
        ],
    }
}
POST = (
    "vzae", "beschaeftigungsbeginn", "hochschulabschluss", "fachrichtung", "schulabschluss", "berufsausbildung",
    "zusatzvoraussetzung", "person_benannt", "verlaengerung_2019_beantragt", "verlaengerung_2020_beantragt",
)  # fmt: skip
DROPPABLE = ["art", "durchfuehrung", "gezaehlte_personen", *(f"stelle.{name}" for name in POST)]


def lacking(dropped: set[str], whole: dict[str, Any] = WHOLE) -> dict[str, Any]:
    """Return a whole case without some of its facts."""
    case = deepcopy(whole)
    for name in dropped:
        part = case["antrag"]["stellen"][0] if name.startswith("stelle.") else case["antrag"]
        del part[name.removeprefix("stelle.")]
    return case


def facts(decision: Decision) -> list[str]:
    return [need.fact for need in needs_of(decision).facts]


def unknown(decision: Decision) -> dict[str, tuple[Any, ...]]:
    """Return every fact that the plan reads and the case does not state, with values worth trying.

    What only replaces another fact, which the case states, is not unknown: the extension granted beside the one that
    was applied for.
    """
    context, plan = decision.context, decision.context.plan
    found = {}
    for fact in sorted(plan.reads & FACTS.keys()):
        if FACTS[fact].private or scope_of(fact) not in plan.scopes:
            continue
        for subject in context.subjects(scope_of(fact)):
            if not subject.stated:
                continue
            same = [fact, *(one for one in FACTS[fact].replaces if one in FACTS and scope_of(one) == scope_of(fact))]
            if all(value_at(decision.case, subject.path(one)) is None for one in same):
                found[subject.path(fact)] = values_worth_trying(plan, FACTS[fact])
    return found


def unanswered(decision: Decision) -> bool:
    """Whether an open requirement rests on a value that no source tells."""
    parameters = decision.context.fassung.parameters
    forms = [(one.requirement.applies, one.requirement.condition) for one in decision.reasons if one.verdict == "open"]
    return any(parameters[name].model.wert is None for form in forms for name in parameters_of(*form))


def verdict_with(decision: Decision, answers: dict[str, Any]) -> Any:
    return decide(decision.regulation, with_changes(decision.case, answers), decision.request).verdict


def relevant(decision: Decision, free: dict[str, tuple[Any, ...]]) -> set[str]:
    """Return the facts of which an answer changes the verdict, given some answers to the others or none."""
    verdicts = {}
    for values in product(*((None, *values) for values in free.values())):
        answers = {fact: value for fact, value in zip(free, values, strict=True) if value is not None}
        verdicts[values] = verdict_with(decision, answers)
    if decision.verdict != "open":
        return set()
    found = set()
    for number, fact in enumerate(free):
        for values, verdict in verdicts.items():
            without = (*values[:number], None, *values[number + 1 :])
            if verdict not in (None, verdicts[without]):
                found.add(fact)
                break
    return found


def _names(dropped: set[str]) -> set[str]:
    return {name.rpartition(".")[2] for name in dropped}


def _met(decision: Decision, answers: dict[str, Any]) -> int:
    other = decide(decision.regulation, with_changes(decision.case, answers), decision.request)
    return sum(reason.verdict == "yes" for reason in other.reasons) if other.outcome == "decided" else -1


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_needs_are_the_facts_that_can_change_the_verdict(data: st.DataObject) -> None:
    """Compared with every combination of answers: listed is what changes the verdict, and nothing else."""
    full = deepcopy(WHOLE)
    full["antrag"]["art"] = data.draw(st.sampled_from(["erstantrag", "verlaengerung"]))
    full["antrag"]["durchfuehrung"] = data.draw(st.sampled_from([["eigen"], ["dritte"], ["landkreis"]]))
    full["antrag"]["stellen"][0] |= {
        "hochschulabschluss": data.draw(st.sampled_from(["keiner", "bachelor"])),
        "fachrichtung": data.draw(st.sampled_from(["sozialwesen", "andere_geeignete"])),
        "schulabschluss": data.draw(st.sampled_from(["keiner", "hochschulreife"])),
        "berufsausbildung": data.draw(st.booleans()),
        "zusatzvoraussetzung": data.draw(st.booleans()),
        "vzae": data.draw(st.sampled_from(["0.2", "0.5"])),
        "derzeit_besetzt": data.draw(st.booleans()),
        "stand_2018_12_31": "besetzt",
    } | {f"verlaengerung_{year}_beantragt": data.draw(st.booleans()) for year in (2019, 2020, 2022)}
    dropped = data.draw(st.sets(st.sampled_from(DROPPABLE), min_size=1, max_size=3))
    if (
        "art" in dropped
    ):  # else what is asked of the person turns on it, and whatever it is another requirement may fail
        full["antrag"]["stellen"][0]["derzeit_besetzt"] = True
    decision = evaluate(lacking(dropped, full), on="2019-10-01", engine="direct")
    free = {fact: values for fact, values in unknown(decision).items() if fact.rpartition(".")[2] in _names(dropped)}
    listed = {fact for fact in facts(decision) if fact in free or not fact_at(fact).replaces}
    assert listed - set(PARTS) == relevant(decision, free)


OPEN = [case for case in corpus() if case.expected.get("verdict") == "open"]


@pytest.mark.parametrize("case", OPEN, ids=lambda case: f"{case.id}-{case.on}")
def test_every_fact_that_alone_decides_is_listed(case: CorpusCase) -> None:
    decision = case.decide("direct")
    listed = set(facts(decision))
    assert listed or unanswered(decision), "an open case needs something"
    for fact, values in unknown(decision).items():
        if fact not in listed:
            assert all(verdict_with(decision, {fact: value}) in ("open", None) for value in values), fact


@pytest.mark.parametrize("case", OPEN[::3], ids=lambda case: f"{case.id}-{case.on}")
def test_without_a_fact_that_is_not_listed_nothing_is_lost(case: CorpusCase) -> None:
    """With every listed fact answered, again and again, the verdict is no longer open."""
    decision = case.decide("direct")
    for _ in range(80):
        listed = [need for need in needs_of(decision).facts if need.fact not in PARTS]
        if decision.verdict != "open" or not listed:
            break
        fact = listed[0].fact
        answers = values_worth_trying(decision.context.plan, fact_at(fact))
        best = max(answers, key=lambda value, fact=fact, decision=decision: _met(decision, {fact: value}))
        decision = decide(decision.regulation, with_changes(decision.case, {fact: best}), decision.request)
    open_parts = {need.fact for need in needs_of(decision).facts} & set(PARTS)
    assert decision.verdict != "open" or open_parts or unanswered(decision)


def test_the_verdict_told_for_an_answer_is_the_one_that_follows() -> None:
    decision = evaluate(EXAMPLES / "berglen.yaml", on="2022-06-01", engine="direct")
    told = 0
    for need in needs_of(decision).facts:
        for answer in need.answers:
            value = tuple(answer.value) if isinstance(answer.value, list) else answer.value
            assert verdict_with(decision, {need.fact: value}) == answer.verdict
            told += 1
    assert told > 20


def test_facts_that_settle_the_verdict_come_first() -> None:
    for case in OPEN:
        ranks = [need.decides for need in needs_of(case.decide("direct")).facts]
        assert ranks == sorted(ranks, reverse=True), case.id


@pytest.mark.parametrize("verdict", ["yes", "no", "discretion"])
def test_a_decided_case_needs_nothing(verdict: str) -> None:
    cases = [case for case in corpus() if case.expected.get("verdict") == verdict]
    assert cases or verdict == "discretion"
    assert not any(facts(case.decide("direct")) for case in cases)


def test_the_turning_point_of_a_number_and_of_a_day_is_told() -> None:
    (need,) = needs(lacking({"gezaehlte_personen"}), on=DAY).facts[:1]
    told = {need.fact: [(answer.value, answer.verdict) for answer in need.answers]}
    assert told["antrag.gezaehlte_personen"] == [(0, "no"), (65, "yes")]


def test_a_fact_in_a_branch_that_is_decided_is_not_asked() -> None:
    listed = {need.fact for need in needs(lacking({"gezaehlte_personen", "stelle.vzae"}), on=DAY).facts}
    assert not {path for path in listed if path.endswith(("schulabschluss", "berufsausbildung"))}


def test_the_posts_are_asked_for_first_of_all() -> None:
    found = needs({"antrag": {}}, on=DAY)
    assert "antrag.stellen" in {need.fact for need in found.facts}
    assert not {need.fact for need in found.facts if need.fact.startswith("antrag.stellen[")}


@pytest.mark.parametrize(("lang", "word"), [("de", "keine Angabe mehr"), ("en", "no further fact")])
def test_it_says_that_nothing_is_needed(lang: Any, word: str) -> None:
    assert word in needs(WHOLE, on=date(2018, 6, 1)).explain(lang)


@pytest.mark.parametrize("case", OPEN[::4], ids=lambda case: f"{case.id}-{case.on}")
def test_questions_and_answers_are_complete_in_both_languages(case: CorpusCase) -> None:
    found = needs_of(case.decide("direct"))
    for lang in ("de", "en"):
        for line in found.explain(lang).splitlines():
            assert not line.endswith("→ "), line
            assert "True" not in line
            assert "None" not in line
    for need in found.to_dict()["needs"]:
        assert need["question"]["de"].endswith("?")
        assert need["question"]["en"].endswith("?")
        assert need["rules"]


def test_what_weighs_alike_is_asked_for_in_the_order_of_the_form() -> None:
    """The degree comes before the subject and the training, which depend on it."""
    post = {"vzae": 1, "beschaeftigungsbeginn": "2018-07-01", "person_benannt": True}
    found = needs_of(evaluate({"antrag": {"stellen": [post]}}, on="2018-06-01", engine="direct"))
    alike = [need.fact.rpartition(".")[2] for need in found.facts if need.fact.startswith("antrag.stellen[0]")]
    assert alike == sorted(alike, key=[fact.rpartition(".")[2] for fact in FACTS if "stelle." in fact].index)
    assert alike[0] == "hochschulabschluss"
