"""What a clerk keeps of a proof of use: the short page, the letter, the months as bars and as a table, the batch."""

from xml.etree import ElementTree as ET

import polars as pl
import pytest

import vwv_im
from support import ROOT
from vwv_im.decision.blocks import write
from vwv_im.decision.decision_page import page_of
from vwv_im.decision.documents import documents_of
from vwv_im.publish.occupancy import CHARTS, months_of
from vwv_im.publish.office_files import note_of
from vwv_im.review.corpus import corpus

STUTTGART = ROOT / "examples" / "verwendungsnachweis-stuttgart.yaml"
CASES = {case.id: case for case in corpus()}


@pytest.fixture(scope="module")
def decision() -> vwv_im.Decision:
    return vwv_im.evaluate(STUTTGART, on="2026-11-30", question="verwendungsnachweis")


def test_the_short_page_has_the_amounts_the_deadlines_and_what_is_missing(decision: vwv_im.Decision) -> None:
    text = write(page_of(decision, "de", "short"), "text", 100).replace("\N{NO-BREAK SPACE}", " ")

    assert len(text.splitlines()) <= 30
    for told in ("Bewilligt: 6.540.594,00 €", "ausgezahlt", "6.135.466,67 €", "20 Tage", "Sachbericht, fällig am"):
        assert told in text


def test_where_two_amounts_bound_what_is_covered_both_are_told() -> None:
    case = CASES["vn-gruppe-c-beide-unterschiede"].decide_by(vwv_im.regulation())
    text = " ".join(write(page_of(case, "de", "short"), "text", 100).replace("\N{NO-BREAK SPACE}", " ").split())
    assert "mehr als gedeckt: 0,00 € bis 18.000,00 €; weniger als gedeckt: 0,00 € bis 8.000,00 €" in text
    case = CASES["vn-hand-zu-viele-zugleich"].decide_by(vwv_im.regulation())
    text = " ".join(write(page_of(case, "de", "short"), "text", 100).replace("\N{NO-BREAK SPACE}", " ").split())
    assert "190.000,00 €; verlangt: höchstens 131.562,50 € oder höchstens 138.875,00 €" in text


def test_a_gap_is_asked_about_though_the_objection_is_another() -> None:
    late = CASES["vn-luecke-und-verspaetung"].decide_by(vwv_im.regulation())
    assert [one.rule for one in late.reasons if one.verdict == "no"] == ["sachbericht-rechtzeitig"]
    assert "verwendung-luecke" in {one.id for one in late.decisive_questions}


@pytest.mark.parametrize(
    ("on", "told"), [("2010-01-01", "AUSSERHALB DES ANWENDUNGSBEREICHS"), ("2018-06-01", "WIDERSPRÜCHLICH")]
)
def test_where_nothing_is_decided_the_letter_says_why(on: str, told: str) -> None:
    """Also where the case bears a name in braces."""
    case = {
        "antragsteller": {"art": "zusammenschluss", "bundesland": "BW", "name": "{Amt}"},
        "mitglieder": [{"art": "gemeinde", "landkreis": "Ortenaukreis", "gezaehlte_personen": 5}],
        "gezaehlte_personen": 900,
    }
    letter = note_of(vwv_im.evaluate({"antrag": case}, on=on), "md", "de", "anforderung").decode()
    assert "An: {Amt}" in letter
    assert told in letter
    assert "fehlt" not in letter


def test_the_letter_asks_for_what_is_due_and_not_there_and_for_facts_that_lack(decision: vwv_im.Decision) -> None:
    assert list(documents_of(decision, "de")) == ["Sachbericht, fällig am 31. März 2020"]
    missing = CASES["vn-berglen-kennzahlen-2021-fehlen"].decide_by(vwv_im.regulation())
    assert list(documents_of(missing, "en")) == ["key figures for the year 2021, due on 31 January 2022"]
    unknown = CASES["vn-vorlagen-unbekannt"].decide_by(vwv_im.regulation())
    assert list(documents_of(unknown, "de")) == []
    asked = note_of(unknown, "md", "de", "anforderung").decode()
    assert "- Welche Unterlagen wurden wann vorgelegt?\n" in asked
    assert "An: " in asked
    assert "foerderung." not in asked
    assert "An: Landeshauptstadt Stuttgart" in note_of(decision, "md", "de", "anforderung").decode()
    nothing = CASES["vn-alles-in-ordnung"].decide_by(vwv_im.regulation())
    assert "fehlt nichts" in note_of(nothing, "md", "de", "anforderung").decode()


def test_the_letter_names_whom_it_asks_about_by_post_and_day() -> None:
    """The municipality does not know our numbers."""
    case = CASES["vn-zwei-ohne-fachrichtung"].decide_by(vwv_im.regulation())
    asked = note_of(case, "md", "de", "anforderung").decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "- Beschäftigung 1: A (Stelle 1, von 1. Januar 2018, bis 31. Mai 2018, Umfang 1 VZÄ)\n" in asked
    assert "- Beschäftigung 2 (Stelle 1, von 1. Juni 2018, bis 31. Dezember 2019, Umfang 1 VZÄ)\n" in asked
    assert "- Beschäftigung 3" not in asked


def test_the_bars_and_the_table_tell_the_same_months(decision: vwv_im.Decision) -> None:
    own, others = months_of(decision, "de").values()

    assert [len(own), len(others)] == [24, 24]
    assert [str(one.filled) for one in others[7:11]] == ["31.00", "0.00", "0.00", "30.00"]
    bars = [one for one in ET.fromstring(CHARTS["svg"](decision, "de")).iter() if one.tag.endswith("rect")]
    assert len(bars) == 2 + 2 * 48
    assert "| Stelle 2: Freie Träger | 01.09.2018 | 31 | 0 | 0 |" in CHARTS["md"](decision, "de")
    assert "<svg" in (page := CHARTS["html"](decision, "de"))
    assert "<table" in page


def test_many_fundings_are_decided_row_by_row() -> None:
    names = [f"F{number}" for number in range(40)]
    notice = {"bewilligung.tag": "2018-02-01", "bewilligung.art": "erstbescheid", "bewilligung.betrag_eur": "128000"}
    days = {"bescheidposition.von": "2018-01-01", "bescheidposition.bis": "2019-12-31"}
    lists = {
        "stellen": {"foerderstelle.id": "1", "foerderstelle.beschaeftigungsbeginn": "2018-01-01"},
        "auszahlungen": {"auszahlung.tag": "2018-06-01", "auszahlung.betrag_eur": "1"},
    }
    tables = {
        name: pl.DataFrame({"foerderung_id": names, **{key: [value] * 40 for key, value in one.items()}})
        for name, one in lists.items()
    }
    tables["bewilligungen"] = pl.DataFrame(
        {"foerderung_id": names, "bewilligung_id": names, **{key: [value] * 40 for key, value in notice.items()}}
    )
    items = {**days, "bescheidposition.stelle": "1", "bescheidposition.vzae": "1", "bescheidposition.gruppe": "a"}
    tables["positionen"] = pl.DataFrame(
        {"bewilligung_id": names, **{key: [value] * 40 for key, value in items.items()}}
    )

    found = vwv_im.evaluate_frame(
        pl.DataFrame({"foerderung_id": names}), on="2026-11-30", question="verwendungsnachweis", lists=tables
    )

    assert found.rows["verdict"].to_list() == ["open"] * 40
    assert found.rows["foerderung.bewilligt_eur"].cast(str).unique().to_list() == ["128000.00"]
    assert found.lists["bewilligungen"]["bewilligung.satzbetrag_eur"].null_count() == 0
