"""Passages of sources: their Kernworte as they were checked, and what a source proves that speaks of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kernworte
from support import EXAMPLES, TOY, Edit, edited
from vwv_im import evaluate, regulation
from vwv_im.decision.blocks import Block, Heading, Item
from vwv_im.law.evidence import Beleg
from vwv_im.law.regulation import Regulation, load_regulation
from vwv_im.programm import page_of
from vwv_im.text import read_yaml

RECORD: dict[str, Any] = read_yaml(kernworte.RECORD).data
LAW = regulation()


@pytest.mark.parametrize("name", RECORD)
def test_the_kernworte_of_a_source_that_lay_before_us_are_those_checked(name: str) -> None:
    passages = LAW.sources[name].fundstellen
    assert {key: list(passage.kernworte) for key, passage in passages.items()} == RECORD[name]["kernworte"], (
        "check them again with tests/kernworte.py"
    )


def test_kernworte_must_stand_within_one_paragraph() -> None:
    (name, source), text = next(iter(LAW.sources.items())), "\n\n".join
    words = [passage.kernworte for passage in source.fundstellen.values()]
    apart, together = text(word for row in words for word in row), text(" … ".join(row) for row in words)
    assert kernworte.checked(source, together) == ({k: list(v.kernworte) for k, v in source.fundstellen.items()}, [])
    assert kernworte.copied(source, f"Es heißt: {next(iter(source.fundstellen.values())).wiedergabe}")
    assert not kernworte.copied(source, together)
    assert kernworte.checked(source, apart) == ({}, list(source.fundstellen)), name


def speaking(tmp_path: Path, topic: str) -> Regulation:
    """Return the toy with a newspaper that speaks of a topic."""
    of = "grad: presse, spricht_ueber: {}"
    return load_regulation(edited(tmp_path, Edit("quellen.yaml", of.format("ordnung"), of.format(topic)), source=TOY))


def test_evidence_that_speaks_of_something_else_is_an_inference(tmp_path: Path) -> None:
    beleg = Beleg(grad="presse", quelle="dorfbote", fundstelle="bericht")
    about, beside = speaking(tmp_path / "a", "ordnung"), speaking(tmp_path / "b", "versammlung")
    assert [law.grade(beleg) for law in (about, beside)] == ["presse", "schluss"]
    assert [law.graded(beleg).de for law in (about, beside)] == [
        "Presse",
        "Presse, aus der Versammlung; für die Ordnung Schlussfolgerung",
    ]
    assert beside.graded(beleg).en == "press, from the assembly; for the rules an inference"
    for weaker in ("schluss", "annahme"):
        inferred = Beleg(grad=weaker, quelle="dorfbote", herleitung="Man sagt es.")
        assert (beside.grade(inferred), beside.graded(inferred)) == (weaker, about.graded(inferred))
    assert beside.passage(beleg) is not None
    assert beside.passage(Beleg(grad="annahme", herleitung="Man sagt es.")) is None


SPOKEN = {
    "grunddauer_monate": ("verband", "Verband"),
    "mindestumfang_stelle": (
        "schluss",
        "amtliche Veröffentlichung, zu den Hinweisen von 2017; für die VwV Schlussfolgerung",
    ),
    "festbetrag_a_eur": ("schluss", "kommunale Quelle, zu den Hinweisen von 2017; für die VwV Schlussfolgerung"),
    "festbetrag_c_eur": ("amtlich", "amtliche Veröffentlichung"),
    "mindestumfang_antrag": ("schluss", "Presse, zu den Hinweisen von 2017; für die VwV Schlussfolgerung"),
}


@pytest.mark.parametrize("name", SPOKEN)
def test_what_was_known_of_2017_is_proved_by_continuity(name: str) -> None:
    beleg = LAW.fassungen[0].parameters[name].model.beleg[0]
    assert (LAW.grade(beleg), LAW.graded(beleg).de) == SPOKEN[name]


def test_every_kind_of_evidence_that_only_carries_on_says_so_in_both_languages() -> None:
    spoken = {name: topic.fortgeltung for name, topic in LAW.topics.items()}
    assert {name for name, carried in spoken.items() if carried is None} == {"vwv", "gesetz"}
    assert all("Schlussfolgerung" in c.de and "inference" in c.en for c in spoken.values() if c is not None)


CASE: dict[str, Any] = {"antrag": {"veroeffentlichter_planungsrahmen_eur": 90000, "antragsteller": {"art": "stadt"}}}


def test_what_the_user_states_is_called_so_and_never_graded() -> None:
    stated = evaluate(CASE, on="2018-06-01")
    counted = evaluate({"antrag": {"gezaehlte_personen": 166, "antragsteller": {"art": "stadt"}}}, on="2018-06-01")
    assert stated.evidence.by_derived["antrag.planungsrahmen_eur"] == "angabe"
    assert counted.evidence.by_derived["antrag.planungsrahmen_eur"] == "schluss"
    assert "90.000,00 € [Angabe]" in " ".join(stated.explain().split())
    assert "[stated]" in stated.explain("en")
    assert stated.evidence.weakest != "angabe"


def test_a_page_says_beside_a_requirement_what_its_source_says() -> None:
    page = " ".join(evaluate(CASE, on="2018-06-01").explain().split())
    passage = LAW.sources["sm-pakt-2022"].fundstellen["antragsteller"].wiedergabe
    assert f"Quelle 1: {passage}" in page


@cache
def whole_page() -> list[Block]:
    return page_of(evaluate(EXAMPLES / "tettnang.yaml", on="2018-06-01", engine="direct"), "de")


def entries(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in found:
        yield one
        yield from entries(one["entries"])


def test_a_sentence_quoted_for_an_amount_speaks_of_that_amount_or_is_explained() -> None:
    items = [{"text": block.text, "entries": block.tree} for block in whole_page() if isinstance(block, Item)]
    supported = 0
    for entry in entries(items):
        if (value := re.search(r": ([\d.]+),00\s€  \[", entry["text"])) is None:
            continue
        for quote in (one["text"] for one in entry["entries"] if one["text"].startswith("Quelle ")):
            if "€" in quote and not quote.endswith(")"):
                assert value[1] in quote, (entry["text"], quote)
                supported += 1
    assert supported


def test_that_key_figures_were_due_every_half_year_is_what_the_source_of_that_duty_says() -> None:
    duty = next(one for one in whole_page() if isinstance(one, Item) and one.text.startswith("Kennzahlen halbjährlich"))
    ((_, quote),) = duty.details
    assert "bis dahin halbjährlich" in quote
    assert "Tage und Empfänger nennt keine Quelle" in quote


def test_the_list_of_sources_says_of_each_how_official_it_is_and_all_that_is_quoted_of_it() -> None:
    page = whole_page()
    begin = next(at for at, one in enumerate(page) if isinstance(one, Heading) and one.name == "sources")
    sources = {one.mark: one for one in page[begin:] if isinstance(one, Item) and one.mark[:1].isdecimal()}
    bgb = next(one for one in sources.values() if "Bürgerliches Gesetzbuch" in one.text)
    assert "(Wortlaut der Norm)" in bgb.text
    quoted = [text for one in page[:begin] if isinstance(one, Item) for _, text in one.details if text[:7] == "Quelle "]
    assert len(quoted) > 20
    for number, quote in (text.removeprefix("Quelle ").split(": ", 1) for text in quoted):
        assert any(quote.startswith(told) for _, told in sources[f"{number}."].details), quote


def test_a_value_that_rests_on_assumptions_does_not_make_the_statute_behind_it_one() -> None:
    lines = [one.text for one in whole_page() if isinstance(one, Item)]
    (left,) = (one for one in lines if one.startswith("Verbleibende volle Monate (Stelle 1)"))
    assert re.search(r"\[im Ergebnis Arbeitsannahme; Wortlaut der Norm: \d+]$", left)
    (end,) = (one for one in lines if one.startswith("Spätestens mögliches Ende (Stelle 1)"))
    assert re.search(r"\[Verband: \d+; daneben: \d+, \d+]$", end)
