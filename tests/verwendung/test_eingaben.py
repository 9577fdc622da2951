"""What does not fit in a funding is told in one sentence that a clerk can check: with what both places say."""

from datetime import date

import polars as pl
import pytest

import vwv_im
from vwv_im.review.corpus import corpus
from vwv_im.tables.table_faults import FrameError

SAID = {
    "ve-beschaeftigung-nach-dem-bescheid": (
        "Erster Tag der Beschäftigung: 1. Januar 2020; Stelle der Beschäftigung: 1; "
        "Stelle bewilligt von: 1. Januar 2018; Stelle bewilligt bis: 31. Dezember 2019. Fehlt ein Bescheid, "
    ),
    "ve-zwei-beschaeftigte-an-einem-tag": (
        "Letzter Tag der Beschäftigung: 31. Dezember 2018; "
        "Tage, an denen auf der Stelle mehr VZÄ beschäftigt als bewilligt sind: 1 Tag. "
    ),
    "ve-ausgezahlt-um-den-bescheid-und-die-pruefung": "Tag des ersten Bescheids: 1. Februar 2018. Fehlt ein Bescheid, ",
    "ve-vor-dem-beginn-der-stelle": "Beschäftigung: 31. Dezember 2017; Beginn der Stelle: 1. Januar 2018. ",
}


@pytest.mark.parametrize("case", SAID)
def test_the_sentence_says_what_both_places_say(case):
    (found,) = (one for one in corpus() if one.id == case)
    decision = vwv_im.evaluate(found.case, on=date(2026, 11, 30), question="verwendungsnachweis", engine="direct")
    assert [note for note in decision.plausibility if SAID[case] in note.text.de.replace("\N{NO-BREAK SPACE}", " ")]


@pytest.mark.parametrize(
    "case", ["ve-zwei-stellen-einer-kennung-die-niemand-nennt", "vn-grenze-zwei-stellen-derselben-kennung"]
)
def test_posts_of_one_key_are_told_with_both_places_whether_anything_names_them_or_not(case):
    (found,) = (one for one in corpus() if one.id == case)
    told = found.decide("direct").contradictions
    assert {one.id for one in told} == {"mehrere-stellen-einer-kennung"}
    posts = found.case["foerderung"]["stellen"]
    assert [one.places[0] for one in told] == [
        f"foerderung.stellen[{at}].id" for at in range(len(posts) - 2, len(posts))
    ]
    assert told[0].text.de.startswith("Mehrere Stellen haben dieselbe Kennung (Stelle ")


@pytest.mark.parametrize(("name", "scope"), [("bewilligungen", "bewilligung"), ("beschaeftigungen", "beschaeftigung")])
def test_rows_of_one_id_are_told_in_a_table_though_no_other_names_the_id(name, scope):
    rows = pl.DataFrame({"foerderung_id": ["F", "F", "F"], f"{scope}_id": ["X", None, "X"]})
    with pytest.raises(FrameError) as refused:
        vwv_im.evaluate_frame(
            pl.DataFrame({"foerderung_id": ["F"]}), lists={name: rows}, question="verwendungsnachweis", on="2026-11-30"
        )
    assert [(one.code, one.place.file) for one in refused.value.faults] == [
        ("VIM181", f"{name}[0]"), ("VIM181", f"{name}[2]"),
    ]  # fmt: skip


@pytest.mark.parametrize("scope", ["bewilligungen", "beschaeftigungen"])
def test_two_fundings_may_number_their_rows_alike(scope):
    named = {"bewilligungen": "bewilligung_id", "beschaeftigungen": "beschaeftigung_id"}[scope]
    rows = pl.DataFrame({"foerderung_id": ["F", "G"], named: ["1", "1"]})
    fundings = pl.DataFrame({"foerderung_id": ["F", "G"]})
    found = vwv_im.evaluate_frame(fundings, lists={scope: rows}, question="verwendungsnachweis", on="2026-11-30")
    assert found.rows["outcome"].to_list() == ["decided", "decided"]
