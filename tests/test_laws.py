"""Laws that hold for every case: unknown is never decided, no Fassung shortens a period, money is exact."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import holidays
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pairs import SOAK, Asked, changed, near_the_rules, ours, some_case, some_readings
from support import FACTS
from vwv_im import Decision, evaluate, regulation
from vwv_im.case.vocabulary import Fact
from vwv_im.lang.dates import full_months, may_be_holiday, next_working_day, period_end, remaining_days
from vwv_im.law.examination import Land
from vwv_im.programm import amounts

DAYS = st.dates(date(2014, 1, 1), date(2023, 12, 31))
ON = st.dates(date(2017, 1, 1), date(2023, 6, 5))
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values(fact: Fact) -> st.SearchStrategy[Any]:
    """Return values of a fact, with those at the rules' boundaries often among them."""
    match fact.type:
        case "auswahl":
            return st.sampled_from(fact.values)
        case "auswahlliste":
            return st.lists(st.sampled_from(fact.values), min_size=1, unique=True)
        case "ganzzahl":
            most = fact.limits.maximum if fact.limits else 5000
            return st.sampled_from([0, 13, 64, 65, 166]) | st.integers(0, min(most, 5000))
        case "dezimal" if fact.unit == "VZAE":
            return st.sampled_from(["0.24", "0.25", "0.5", "1", "1.01"]) | st.decimals(0, 3, places=3).map(str)
        case "dezimal":
            return st.sampled_from(["50999", "51000", "132149"]) | st.integers(0, 10**7).map(str)
        case "datum":
            return DAYS
        case "wahrheitswert":
            return st.booleans()
        case _:
            return st.just("Bodenseekreis")


def part(scope: str, prefix: str = "") -> st.SearchStrategy[dict[str, Any]]:
    """Return a part of a case in which any fact may be missing."""
    facts = {p.removeprefix(f"{scope}."): f for p, f in FACTS.items() if f.scope == scope and not f.private}
    own = {name: values(fact) for name, fact in facts.items() if "." not in name and not name.startswith("bewilligt_")}
    return st.fixed_dictionaries({}, optional=own)


APPLICANT = st.fixed_dictionaries(
    {},
    optional={
        path.removeprefix("antrag.antragsteller."): values(fact)
        for path, fact in FACTS.items()
        if path.startswith("antrag.antragsteller.") and not fact.private and not path.endswith(".ags")
    },
)
APPLICATION = st.builds(
    lambda antrag, antragsteller, stellen, mitglieder: {
        "antrag": {**antrag, "antragsteller": antragsteller, "stellen": stellen, "mitglieder": mitglieder}
    },
    part("antrag"),
    APPLICANT,
    st.lists(part("stelle"), min_size=1, max_size=3),
    st.lists(part("mitglied"), max_size=2),
).filter(lambda case: Asked(case, "", {}).valid is not None)
MOSTLY_GRANTED = (
    st.integers(0, 10**6)
    .map(some_case)
    .filter(lambda asked: asked.options["question"] == "antrag" and "stellen" in asked.case["antrag"])
    .filter(lambda asked: asked.valid is not None)
)
"""Applications of the corpus, and others made from them: of these much is known."""
CASES = MOSTLY_GRANTED.map(lambda asked: asked.case)


def decided(case: dict[str, Any], on: date, **options: Any) -> Decision:
    return evaluate(case, on=on, engine="direct", **options)


@given(on=ON, posts=st.integers(1, 3))
@SETTINGS
def test_without_facts_nothing_that_reads_a_fact_is_decided(on: date, posts: int) -> None:
    decision = decided({"antrag": {"stellen": [{}] * posts}}, on)
    assert decision.verdict == "open"
    for reason in decision.examined:
        if reason.applies != "no" and any(path.startswith("antrag") for path in reason.facts):
            assert reason.verdict == "open"


def test_a_later_fassung_never_shortens_the_longest_period() -> None:
    ladders: list[list[int]] = []

    @given(asked=MOSTLY_GRANTED)
    @settings(SETTINGS, max_examples=120)
    def law(asked: Asked) -> None:
        assume(decided(asked.case, date.fromisoformat(asked.on)).outcome == "decided")
        months: dict[str, list[int]] = {}
        for day in (date(2018, 6, 1), date(2019, 12, 1), date(2021, 6, 1), date(2022, 6, 1)):
            for path, value in decided(asked.case, day).derived.items():
                if path.endswith("hoechstdauer_monate") and isinstance(value, int):
                    months.setdefault(path, []).append(value)
        for ladder in months.values():
            assert ladder == sorted(ladder)
            assert set(ladder) <= {24, 36, 48, 60, 72}
        ladders.extend(months.values())

    law()
    assert sum(len(set(ladder)) > 1 for ladder in ladders) > 5, "so many posts were prolonged"


@pytest.mark.parametrize("seed", range(4))
def test_evaluate_and_amounts_agree_to_the_cent(seed: int) -> None:
    """Half of the cases are of the corpus, or made from them; the others have every fact stated, from around the rules.

    `VWV_IM_SOAK=25 pytest tests/test_laws.py -k to_the_cent` takes 10,000.
    """
    draw, (asked, values) = random.Random(seed), ours()
    theirs = [one for one in asked if one.options["question"] == "antrag" and "stellen" in one.case["antrag"]]
    near = near_the_rules(seed, {"question": "antrag", "known_on": None, "readings": some_readings(draw)})
    compared, capped, found = 0, 0, 0
    while found < 100 * SOAK:
        one = next(near) if found % 2 else changed(draw, draw.choice(theirs), values)
        if one.valid is None or (decision := one.decided()).outcome != "decided":
            continue
        found += 1
        whole, years = decision.derived["antrag.foerderbetrag_eur"], amounts(decision)
        assert years.foerderbetrag_eur == (None if whole is None else Decimal(str(whole))), one
        if whole is not None:
            for parts in (years.summen, years.deckeljahre):
                assert sum((part.capped for part in parts), Decimal(0)) == years.foerderbetrag_eur, one
            capped += years.foerderbetrag_eur < sum(part.amount for part in years.summen)
        for index in range(len(one.case["antrag"].get("stellen", ()))):
            of_post = decision.derived[f"antrag.stellen[{index}].foerderbetrag_eur"]
            for spans in (years.foerderjahre, years.haushaltsjahre):
                parts = [amount.amount for amount in spans if amount.post == index]
                if parts:
                    assert sum(parts) == Decimal(str(of_post)), one
                compared += sum(parts) > 0
    assert compared > 0.5 * found, "so many posts were compared"
    assert capped > 0.02 * found, "so many were capped by the frame"


@given(persons=st.integers(0, 10**6))
@SETTINGS
def test_the_frame_is_the_exact_share_rounded_half_up(persons: int) -> None:
    exact = Fraction(persons * 58_000_000, 72_857)
    case = {"antrag": {"gezaehlte_personen": persons, "stellen": [{}]}}
    frame = decided(case, date(2018, 6, 1)).derived["antrag.planungsrahmen_eur"]
    assert abs(Fraction(str(frame)) - exact) <= Fraction(1, 2)


@given(case=APPLICATION | CASES, on=ON)
@SETTINGS
def test_the_verdict_follows_from_the_reasons_alone(case: dict[str, Any], on: date) -> None:
    decision = decided(case, on)
    assume(decision.outcome == "decided")
    order = ["no", "open", "discretion", "yes"]
    assert decision.verdict == min((reason.verdict for reason in decision.reasons), key=order.index)


@given(case=APPLICATION | CASES, on=ON)
@SETTINGS
def test_what_is_missing_is_not_stated_and_is_asked_only_where_open(case: dict[str, Any], on: date) -> None:
    decision = decided(case, on)
    assume(decision.outcome == "decided")
    open_rules = {reason.rule for reason in decision.reasons if reason.verdict == "open"}
    for entry in decision.missing:
        assert set(entry.rules) <= open_rules
        assert entry.fact not in decision.receipt.facts
    if not open_rules:
        assert not decision.missing


@given(start=DAYS, months=st.integers(1, 72))
@SETTINGS
def test_a_period_counts_its_own_months(start: date, months: int) -> None:
    end = period_end(start, months)
    assert full_months(start, end) == months
    assert full_months(start, end - timedelta(days=1)) == months - 1
    assert remaining_days(start, end) == 0


@given(day=DAYS)
@SETTINGS
def test_a_deadline_moves_only_forward_and_only_to_a_working_day(day: date) -> None:
    moved = next_working_day(day, "BW")
    assert day <= moved <= day + timedelta(days=5)
    assert moved.weekday() < 5


@pytest.mark.parametrize("land", get_args(Land))
def test_the_calendar_is_asked_wherever_a_land_has_a_holiday(land: str) -> None:
    days = holidays.country_holidays("DE", subdiv=land, years=range(1900, 2201))
    assert len(days) > 1000
    assert [day for day in days if not may_be_holiday(day)] == []


def test_every_boundary_day_has_one_fassung_or_a_named_answer() -> None:
    law = regulation()
    days = {day for akt in law.acts for day in (akt.gilt_ab.datum, akt.gilt_ab.spaetestens)}
    for boundary in sorted(days):
        for day in (boundary - timedelta(days=1), boundary, boundary + timedelta(days=1)):
            choice = law.choose(day)
            if choice.status == "inside":
                assert choice.gilt_ab is not None
                assert choice.gilt_bis is not None
                assert choice.gilt_ab <= day < choice.gilt_bis
            else:
                assert choice.nearest is not None
