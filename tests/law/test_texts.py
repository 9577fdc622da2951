"""The texts for people in rule files: all there, true to the data beside them, and replaced as any other field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from support import Edit, edited, toy
from vwv_im.law.base import Zweisprachig
from vwv_im.law.history import OperationId
from vwv_im.law.model import Parameter, Regel, Vermerk
from vwv_im.law.regulation import load_regulation, regulation
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.diagnostics.examine import changes_a_plan, examine
from vwv_im.review.synopsis import synopsis

LAW = regulation()
ITEMS = {
    (item.entry.key, item.act): item for state in LAW.states for item in state if not isinstance(item.model, Vermerk)
}
"""Every item in every wording that it ever had."""
TEXTS = {
    (*place, name): text
    for place, item in ITEMS.items()
    for name in ("kurz", "titel_nein")
    if (text := getattr(item.model, name, None)) is not None
}
UNSURE = re.compile(
    r"erschlossen|angenommen|streitig|unbekannt|soweit bekannt|nennt keine Quelle|sagt keine Quelle|keine Pflicht"
)
FIRST = "2002-06-01-aenderung.yaml"
TOLD = """- op: ersetze
    ziel: gelernt.kurz
    alt: null
    neu: {de: "Wer gelernt hat, wird gefördert.", en: "Whoever is trained is funded."}
    ohne_wirkung: "Nur die Erklärung."
    beleg: [{grad: presse, quelle: dorfbote, fundstelle: bericht}]
"""


def numbers(text: str) -> set[int]:
    return {int(digits) for digits in re.findall(r"\d+", text)}


def stated(data: Any) -> set[int]:
    """Return the numbers in what a rule file says of an item, its texts for people apart."""
    return numbers(str({key: value for key, value in data.items() if key not in ("kurz", "titel_nein")}))


def test_every_item_act_and_question_tells_what_it_means() -> None:
    silent = [place for place, item in ITEMS.items() if item.model.kurz is None]
    silent += [name for name, question in LAW.questions.items() if question.kurz is None]
    silent += [akt.id for akt in LAW.acts if not akt.inhalt]
    assert silent == []


def test_what_can_be_denied_has_a_title_for_it_and_nothing_else() -> None:
    rules = [item.model for item in ITEMS.values() if isinstance(item.model, Regel)]
    assert [rule.id for rule in rules if (rule.titel_nein is None) != (rule.art == "hinweis")] == []


def test_a_text_names_no_number_that_its_item_does_not_state() -> None:
    invented = {}
    for place, text in TEXTS.items():
        item = ITEMS[place[:2]]
        data = {**item.entry.data, "wert": None} if isinstance(item.model, Parameter) else item.entry.data
        invented[place] = numbers(text.de) - stated(data)
    assert {place: found for place, found in invented.items() if found} == {}


def test_a_kurz_is_one_or_two_plain_sentences_without_names_of_the_rule_files() -> None:
    said = [(place, said) for place, text in TEXTS.items() if place[2] == "kurz" for said in text.text]
    assert [one for one in said if not re.fullmatch(r"(?:[^.?!]|\d\.)+\.(?: (?:[^.?!]|\d\.)+\.)?", one[1])] == []
    assert [one for one in said if re.search(r"[_{}<>]|[a-z]\.[a-z]|\d{4}-\d", one[1])] == []


def test_a_denied_title_is_one_statement_that_differs_from_the_title() -> None:
    pairs = [
        pair
        for place, text in TEXTS.items()
        if place[2] == "titel_nein"
        for pair in zip(text.text, ITEMS[place[:2]].model.titel.text, strict=True)
    ]
    assert pairs
    assert [
        denied for denied, said in pairs if denied == said or not re.fullmatch(r"[A-Z](?:[^.]|\d\.)+[^.]", denied)
    ] == []


@pytest.mark.parametrize("kind", ["regel", "parameter", "pflicht"])
def test_what_is_weakly_supported_sounds_no_surer(kind: str) -> None:
    weak = {
        place: item.model.kurz.de
        for place, item in ITEMS.items()
        if item.entry.kind == kind and item.model.kurz and LAW.grade(item.model.beleg[0]) in ("schluss", "annahme")
    }
    assert weak
    assert {place: said for place, said in weak.items() if not UNSURE.search(said)} == {}


@pytest.mark.parametrize("akt", LAW.acts, ids=lambda akt: akt.id)
def test_what_an_act_changed_is_told_in_two_to_four_sentences_with_no_number_of_its_own(akt: Any) -> None:
    steps = [step.model_dump() for name, step in LAW.operations.items() if name.act == akt.id]
    known = numbers(str([akt.model_dump(mode="json", exclude={"inhalt"}), *steps]))
    for said in akt.content:
        assert 2 <= said.count(". ") + 1 <= 4
        assert numbers(said) <= known


def test_a_world_without_them_loads() -> None:
    assert {getattr(item.model, "kurz", None) for item in toy().items} == {None}
    assert {akt.inhalt for akt in toy().acts} == {()}


def test_an_act_replaces_a_text_without_changing_what_is_decided(tmp_path: Path) -> None:
    start = "aenderungen:\n  "
    law = load_regulation(edited(tmp_path, Edit(FIRST, start, f"{start}{TOLD}  ")))
    said = [state.rules["gelernt"].model.kurz for state in law.fassungen]
    assert said[0] is None
    assert said[1] == Zweisprachig(de="Wer gelernt hat, wird gefördert.", en="Whoever is trained is funded.")
    operation = OperationId("2002-06-01", "ersetze gelernt.kurz")
    assert not changes_a_plan(law, frozenset((operation,)))
    assert {fault.code for fault in examine(law)} == {"VIM031", "VIM045"}
    (row,) = [row for row in synopsis(law, "2002-06-01", cases=()).rows if row.id == "gelernt"]
    assert row.reworded
    assert "Wer gelernt hat, wird gefördert." in [line.text for line in row.new]


def test_an_act_that_replaces_a_text_has_both_in_the_synopsis() -> None:
    (row,) = [row for row in synopsis(LAW, "2020-11-11", cases=()).rows if row.id == "fortbildung-im-festbetrag"]
    old, new = ([line.text for line in side] for side in (row.old, row.new))
    assert [said for said in old if "für die Zeit vor 2020 streitig" in said]
    assert "Was Fortbildungen kosten, ist im Festbetrag enthalten." in new


def test_a_plan_has_them_with_its_items() -> None:
    plan = make_plan(LAW, LAW.fassung("2022-01-26"), "antrag")
    (small,) = [rule.item.model for rule in plan.requirements if rule.id == "stelle-mindestumfang"]
    assert small.titel_nein.de == "Die Stelle ist zu klein"
    assert {one.item.model.kurz is None for one in (*plan.derivations, *plan.observations, *plan.duties)} == {False}
