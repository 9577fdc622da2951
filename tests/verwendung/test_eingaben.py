"""What does not fit in a funding is told in one sentence that a clerk can check: with what both places say."""

from datetime import date

import pytest

import vwv_im
from vwv_im.review.corpus import corpus

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
