"""What is not plausible is told, and changes nothing else: all the rest is as without the notes."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vwv_im
from support import RULES, TOY, Edit, edited, faults_in
from test_laws import APPLICATION, CASES, SETTINGS
from vwv_im.law.model import NewItem

NOTES = "2017-12-11-stammfassung/plausibilitaet.yaml"
DAYS = st.dates(date(2016, 12, 1), date(2023, 12, 31))
HUGE = {"antrag": {"stellen": [{"vzae": 39}]}}


def rest(case: dict[str, Any], on: date, rules: Path | None = None) -> tuple[dict[str, Any], list[str]]:
    """Return a decision without its notes and its receipt, and the ids of the notes."""
    decision = vwv_im.evaluate(case, on=on, engine="direct", rules=rules)
    document = decision.to_dict()
    notes = [one["id"] for one in document.pop("plausibility")]
    del document["receipt"]
    return document, notes


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rule files without a note, and without what only notes read."""
    directory = tmp_path_factory.mktemp("ohne") / "rules"
    shutil.copytree(RULES, directory)
    (directory / NOTES).unlink()
    return directory


def test_notes_change_nothing_else(without: Path) -> None:
    seen: Counter[str] = Counter()

    @given(case=CASES | APPLICATION, on=DAYS)
    @settings(SETTINGS, max_examples=500)
    def law(case: dict[str, Any], on: date) -> None:
        told, notes = rest(case, on)
        assert (told, []) == rest(case, on, without)
        seen.update(notes)

    law()
    assert len(seen) > 6, seen


def test_every_engine_finds_the_same_notes() -> None:
    found = [vwv_im.evaluate(HUGE, on="2018-06-01", engine=engine).plausibility for engine in ("direct", "durable")]
    (brief,) = vwv_im.evaluate_many([HUGE], on="2018-06-01")
    assert (
        [[one.id for one in notes] for notes in found]
        == [["stelle-ueber-zwei-vzae"]] * 2
        == [[*brief.plausibility]] * 2
    )


def test_nothing_is_told_where_the_case_contradicts_itself() -> None:
    frame = {"gezaehlte_personen": 166, "veroeffentlichter_planungsrahmen_eur": 1}
    decision = vwv_im.evaluate({"antrag": {**HUGE["antrag"], **frame}}, on="2018-06-01", engine="direct")
    assert (decision.outcome, decision.plausibility) == ("contradictory", ())


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
@pytest.mark.parametrize(("lang", "title", "words"), [
    ("de", "Bitte prüfen", "39 VZÄ. Sind Wochenstunden gemeint"),
    ("en", "Please check", "39 FTE. Are weekly hours meant"),
])  # fmt: skip
def test_the_notes_stand_first_on_the_page(form: Any, lang: Any, title: str, words: str) -> None:
    page = " ".join(vwv_im.evaluate(HUGE, on="2018-06-01", engine="direct").explain(lang, form).split())
    assert page.index(title) < page.index(words) < page.index("I. ")


def test_in_a_list_each_entry_is_named() -> None:
    posts = [{"vzae": size} for size in (1, 3, "2.01")]
    found = vwv_im.evaluate({"antrag": {"stellen": posts}}, on="2018-06-01", engine="direct").plausibility
    assert [(one.subject, one.facts) for one in found] == [
        (f"antrag.stellen[{index}]", (f"antrag.stellen[{index}].vzae",)) for index in (1, 2)
    ]
    assert ["(Stelle 2)" in found[0].text.de, "(post 3)" in found[1].text.en] == [True, True]


NOTE = """plausibilitaeten:
  - id: auffaellig
    titel: {de: Auffällig, en: Unusual}
    satz: {de: Stimmt das?, en: Is that right?}
    bezug: BEZUG
    wenn: {fakt: antrag.gesamtumfang, mehr_als: 2}
    orte: [ORT]
    beleg: [{grad: annahme, herleitung: Erfunden.}]
"""
PERSONAL = "2001-03-01-stammfassung/personal.yaml"


@pytest.mark.parametrize(("scope", "place", "code"), [
    ("antrag", "stelle.vzae", None),
    ("antrag", "antrag.gesamtumfang", None),
    ("stelle", "antrag.gesamtumfang", None),
    ("antrag", "stelle.vzea", "VIM012"),
    ("antrag", "person.gefluechtet", "VIM027"),
    ("stele", "stelle.vzae", "VIM015"),
])  # fmt: skip
def test_a_note_may_stand_at_each_entry_of_a_list(scope: str, place: str, code: str | None, tmp_path: Path) -> None:
    note = NOTE.replace("BEZUG", scope).replace("ORT", place)
    found = faults_in(edited(tmp_path, Edit(PERSONAL, "widersprueche:\n", f"{note}widersprueche:\n"), source=TOY))
    assert [fault.code for fault in found][:1] == ([] if code is None else [code])


def test_an_act_may_insert_a_note() -> None:
    item = {"id": "neu", "titel": {"de": "a", "en": "a"}, "satz": {"de": "b", "en": "b"}, "bezug": "stelle"}
    item |= {
        "wenn": {"fakt": "stelle.vzae", "mehr_als": 1},
        "orte": ["stelle.vzae"],
        "beleg": [{"grad": "annahme", "herleitung": "c"}],
    }
    assert NewItem.model_validate({"plausibilitaet": item}).plausibilitaet is not None
