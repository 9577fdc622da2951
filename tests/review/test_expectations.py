"""What a case expects is compared part by part, and every difference is told."""

from __future__ import annotations

from typing import Any

import pytest

from vwv_im import Decision, evaluate
from vwv_im.review.corpus import CHECKS, corpus, mismatches

ANTRAG = {
    "art": "erstantrag",
    "durchfuehrung": ["eigen"],
    "gezaehlte_personen": 13,
    "antragsteller": {"art": "stadt", "bundesland": "BW"},
    "stellen": [{"vzae": 1, "beschaeftigungsbeginn": "2018-03-01", "person_benannt": True}],
}
END = "antrag.stellen[0].bewilligungsende"


@pytest.fixture(scope="module")
def decision() -> Decision:
    return evaluate({"antrag": ANTRAG}, on="2018-06-01", engine="direct")


MET: dict[str, Any] = {
    "verdict": "no",
    "fassung": "2017-12-11",
    "erlasse": [],
    "reasons": {"mindestplanungsrahmen": "no", "stelle-mindestumfang": ["yes"], "verlaengerung-moeglich": "entfaellt"},
    "derived": {END: "2020-02-29", "antrag.fehlende_personen": 52},
    "options": {"rueckwirkende-antragstellung": None},
    "hints": {"zusammenschluss-noetig": "yes"},
    "duties": [{"id": "sachbericht", "fehlt": True}],
    "contradictions": {},
    "plausibility": {},
    "readings": {"mindestantrag": False, "fortbildung_vor_2020": {"kommune": {"outcome": "decided", "verdict": "no"}}},
    "open_questions": [],
    "without_questions": ["nirgends"],
    "weakest": "schluss",
    "grades": {END: "verband"},
    "on_demand": {END: "2020-02-29", "antrag.stellen[0].foerderjahre[0].ungekuerzt": None},
}
UNMET: dict[str, Any] = {
    "outcome": "contradictory",
    "verdict": "yes",
    "fassung": "2019-08-28",
    "erlasse": ["2022-03-11"],
    "reasons": {"mindestplanungsrahmen": "yes"},
    "derived": {END: "2020-03-01"},
    "missing": [],
    "options": {"rueckwirkende-antragstellung": "discretion"},
    "hints": {"zusammenschluss-noetig": None},
    "duties": [{"id": "sachbericht", "due": "2020-05-31"}],
    "contradictions": {"kreisangehoerig-und-kreis": ["a", "b"]},
    "plausibility": {"stelle-ueber-zwei-vzae": ["a"]},
    "readings": {"mindestantrag": True},
    "open_questions": ["nirgends"],
    "without_questions": ["haushaltsvorbehalt"],
    "weakest": "wortlaut",
    "grades": {END: "wortlaut"},
    "on_demand": {END: "2020-03-01"},
}


def test_every_part_has_its_check() -> None:
    expected = {key for case in corpus() for key in case.expected}
    assert expected - {"outcome"} <= CHECKS.keys()
    assert UNMET.keys() == {"outcome", *CHECKS}


@pytest.mark.parametrize("part", UNMET)
def test_what_is_not_as_expected_is_told(decision: Decision, part: str) -> None:
    (found,) = mismatches(decision, {part: UNMET[part]})
    assert found.part.partition(".")[0] == part
    assert str(found) == found.text.en
    assert "erwartet" in found.text.de


@pytest.mark.parametrize("part", MET)
def test_what_is_as_expected_is_not(decision: Decision, part: str) -> None:
    assert list(mismatches(decision, {part: MET[part]})) == []


def test_a_duty_is_compared_by_what_is_expected_of_it() -> None:
    granted = evaluate({"antrag": ANTRAG | {"gezaehlte_personen": 130}}, on="2018-06-01", engine="direct")
    for duty, differs in (
        ({"id": "sachbericht", "due": "2020-05-31"}, False),
        ({"id": "sachbericht", "due": "2020-06-01"}, True),
        ({"id": "sachbericht", "fehlt": True}, True),
        ({"id": "verwendungsnachweis-anderer-art", "fehlt": True}, False),
    ):
        assert bool(list(mismatches(granted, {"duties": [duty]}))) is differs


def test_all_differences_are_told_at_once(decision: Decision) -> None:
    parts = [found.part.partition(".")[0] for found in mismatches(decision, UNMET)]
    assert sorted(parts) == sorted(UNMET)


def test_a_reading_that_nothing_relies_on_differs_from_what_is_expected(decision: Decision) -> None:
    (found,) = mismatches(decision, {"readings": {"zwei_jahre": False}})
    assert (found.part, found.found) == ("readings.zwei_jahre", "fehlt")


def test_another_reading_is_compared_in_every_part(decision: Decision) -> None:
    expected = {"mindestantrag": {"geld_und_vollzeitstelle": {"verdict": "yes", "derived": {END: "2000-01-01"}}}}
    parts = [found.part for found in mismatches(decision, {"readings": expected})]
    option = "readings.mindestantrag.geld_und_vollzeitstelle"
    assert parts == [f"{option}.verdict", f"{option}.derived.{END}"]
