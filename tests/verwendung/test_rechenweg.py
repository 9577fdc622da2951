"""How amounts came about, as the Prüfvermerk shows it to a clerk."""

from __future__ import annotations

from functools import cache

from support import EXAMPLES
from vwv_im import evaluate
from vwv_im.publish.office_files import note_of


@cache
def note() -> str:
    case = EXAMPLES / "verwendungsnachweis-stuttgart.yaml"
    return note_of(evaluate(case, on="2026-11-30", question="verwendungsnachweis"), "md", "de").decode()


def test_only_entries_that_count_stand_in_a_sum() -> None:
    """The one document that was handed in is no Sachbericht: its day does not stand under that of the Sachbericht."""
    lines = note().splitlines()
    at = next(number for number, line in enumerate(lines) if "an dem der Sachbericht vorlag" in line)
    assert "die Vorlagen zählen hier nicht" in lines[at + 1]


def test_mere_numbers_of_the_calculation_are_not_shown() -> None:
    assert "in Jahresteilen" not in note()
    assert "Teile eines Jahres" not in note()
    assert "Bewilligter Umfang (Bescheid 1, Position 1) | 20,1 VZÄ |" in note(), "what they were worked out from is"


def test_a_comparison_stands_once_under_its_requirement() -> None:
    _, found = note().split("### II. ", 1)
    lines = [line.split("|", 2)[2] for line in found.split("\n### ")[0].splitlines() if "höchstens" in line]
    assert len(lines) == len(set(lines)) == 1


def test_why_a_value_was_taken_is_told_as_it_is_and_not_as_a_demand() -> None:
    """That a Bescheid is no refusal is no fault of it: nothing is required there."""
    whys = [line for line in note().splitlines() if "weil |" in line]
    assert any("Art des Bescheids: Erstbescheid (nicht Ablehnung)" in line for line in whys)
    assert any("Unterlagen: Sachbericht: 0; Sachbericht: Tage" in line for line in whys)
    assert not any("verlangt" in line for line in whys)


def test_a_number_of_days_is_not_explained_by_two_periods_that_are_one() -> None:
    assert "gemeinsam hat" not in note()
