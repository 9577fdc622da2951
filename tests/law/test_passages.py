"""Passages of sources: their Kernworte as they were checked, and what a source proves that speaks of something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import kernworte
from support import TOY, Edit, edited
from vwv_im import evaluate, regulation
from vwv_im.law.evidence import Beleg
from vwv_im.law.regulation import Regulation, load_regulation
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
