"""How amounts came about, as the Prüfvermerk shows it to a clerk."""

from __future__ import annotations

from functools import cache

from support import EXAMPLES
from vwv_im import evaluate
from vwv_im.decision.blocks import write
from vwv_im.decision.decision_page import page_of
from vwv_im.publish.office_files import note_of
from vwv_im.review.corpus import corpus


@cache
def note() -> str:
    case = EXAMPLES / "verwendungsnachweis-stuttgart.yaml"
    decision = evaluate(case, on="2026-11-30", question="verwendungsnachweis")
    return note_of(decision, "md", "de").decode().replace("\N{NO-BREAK SPACE}", " ")


def full(case: str) -> list[str]:
    (found,) = (one for one in corpus() if one.id == case)
    return write(page_of(found.decide("direct"), "de"), "text", 200).replace("\N{NO-BREAK SPACE}", " ").splitlines()


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


def test_a_justified_amount_is_told_stretch_by_stretch() -> None:
    """Stelle 2 had nobody in September and October 2018."""
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in note().splitlines()
        if line[:1] == "|" and "Zeitabschnitt" in line and "Tabelle" not in line
    ]
    assert rows[0] == ["Zeitabschnitt", "von", "bis", "bewilligt", "besetzt", "gerechtfertigt, hier gerundet"]
    assert [row[1:] for row in rows if row[0].startswith("Stelle 2: Freie Träger")] == [
        ["01.01.2018", "31.08.2018", "31 VZÄ", "31 VZÄ", "1.322.666,67 €"],
        ["01.09.2018", "31.10.2018", "31 VZÄ", "0 VZÄ", "0,00 €"],
        ["01.11.2018", "31.12.2018", "31 VZÄ", "30 VZÄ", "320.000,00 €"],
        ["01.01.2019", "31.12.2019", "31 VZÄ", "30 VZÄ", "1.920.000,00 €"],
    ]


def test_what_is_added_up_over_stretches_names_their_table() -> None:
    lines = full("vn-gruppe-c-beide-unterschiede")
    at = next(number for number, line in enumerate(lines) if line.startswith("  Besetzte Monate (Stelle 1)"))
    assert lines[at + 1].strip() == "aus: der Tabelle „Zeitabschnitte“"


def test_where_both_bounds_are_the_same_amount_it_stands_once() -> None:
    assert "Mindestens" not in note()
    assert "| Gedeckt | 6.135.466,67 € |" in note()


def test_where_two_amounts_are_possible_both_stand_with_their_bounds() -> None:
    lines = full("vn-gruppe-c-beide-unterschiede")
    for bound in ("Mindestens", "Höchstens"):
        assert any(line.startswith(f"  {bound} gedeckt: bewilligt und durch Beschäftigung") for line in lines), bound


def test_an_amount_that_is_not_below_zero_says_so() -> None:
    assert "6.290.000,00 € − 6.540.594,00 €, mindestens 0 |" in note()
    assert "Wert aus: " not in note()


def test_a_single_comparison_is_no_choice_among_several() -> None:
    assert "Eine davon genügt" not in note()
    assert "Eine der Alternativen genügt" not in "".join(full("vn-luecke-und-verspaetung"))


def test_a_year_in_which_no_bescheid_binds_has_no_deadline() -> None:
    lines = full("vn-kennzahlen-nicht-verlangt")
    assert not any("Frist für die Kennzahlen" in line for line in lines)
    (row,) = [line.split() for line in lines if line.startswith("  Berichtsjahr 1 ")]
    assert row[:4] == ["Berichtsjahr", "1", "2020", "0"]
    assert "–" in row
    assert "offen" not in row
