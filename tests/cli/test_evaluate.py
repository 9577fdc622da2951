"""`vwv-im evaluate`: exit statuses, what is said about bad input, and the JSON document."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support import EXAMPLES, ROOT, TOY, Edit, Run, edited, place_of
from vwv_im import __version__, regulation
from vwv_im.law.register import EFFECTS
from vwv_im.reasoning.durable import Durable, available
from vwv_im.text import read_yaml

BERGLEN, EPPINGEN, NEUKIRCH, TETTNANG = (
    str(EXAMPLES / f"{name}.yaml") for name in ("berglen", "eppingen", "neukirch", "tettnang")
)
NOTHING_KNOWN = "{antrag: {stellen: [{}]}}"
GRADES = ["wortlaut", "amtlich", "behoerdlich", "verband", "presse", "schluss", "annahme"]
NAMES = ("Frieda Geheim", "Stelle von Max Verborgen")


@pytest.fixture
def run(cli: Run) -> Run:
    """Return a function that runs `vwv-im evaluate` with the arguments given."""
    return partial(cli, "evaluate")


@pytest.fixture
def case(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes a case and returns the path of its file."""

    def written(content: str | bytes, name: str = "fall.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def as_json(run: Run, *arguments: str) -> dict[str, Any]:
    return run(*arguments, "--format", "json").document


# Exit statuses


@pytest.mark.parametrize(
    ("file", "on", "status", "verdict"),
    [
        (TETTNANG, "2018-06-01", 0, "yes"),
        (NEUKIRCH, "2018-06-01", 1, "no"),
        (BERGLEN, "2019-06-01", 3, "open"),
        (TETTNANG, "2016-01-01", 4, None),
        (TETTNANG, "2024-01-01", 4, None),
    ],
)
def test_the_status_tells_the_verdict(run: Run, file: str, on: str, status: int, verdict: str | None) -> None:
    text, document = run(file, "--on", on), run(file, "--on", on, "--format", "json")
    assert (text.status, document.status) == (status, status)
    assert document.document["verdict"] == verdict
    assert text.err == document.err == ""


def test_discretion_is_status_3(run: Run, case: Callable[..., str]) -> None:
    """Under the toy's first Fassung an untrained person is a matter of discretion."""
    post = "{vzae: 0.5, person_benannt: true, schulabschluss: keiner}"
    file = case(f"{{antrag: {{antragsteller: {{art: gemeinde, bundesland: BW}}, stellen: [{post}]}}}}")
    ended = run(file, "--on", "2001-06-01", "--rules", str(TOY), "--format", "json")
    assert (ended.status, ended.document["verdict"]) == (3, "discretion")
    assert run(file, "--on", "2003-06-01", "--rules", str(TOY)).status == 1, "from 01.06.2003 it is a must"


def test_contradictory_statements_are_bad_input(run: Run, case: Callable[..., str]) -> None:
    file = case("{antrag: {antragsteller: {art: stadtkreis, kreisangehoerig: true}, stellen: [{vzae: 0.5}]}}")
    ended = run(file, "--on", "2018-06-01", "--format", "json")
    document = ended.document
    assert (ended.status, document["outcome"], document["verdict"]) == (2, "contradictory", None)
    (found,) = document["contradictions"]
    assert found["places"] == ["antrag.antragsteller.kreisangehoerig", "antrag.antragsteller.art"]
    assert found["stated"] == {"antrag.antragsteller.kreisangehoerig": True, "antrag.antragsteller.art": "stadtkreis"}
    text = run(file, "--on", "2018-06-01")
    assert text.status == 2
    assert "Stadtkreis" in text.out
    check(document)


@pytest.mark.skipif(not available(), reason="the second engine is not installed")
def test_two_engines_that_differ_decide_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Durable.evaluate

    def evaluate(self: Durable, *arguments: Any) -> Any:
        found = honest(self, *arguments)
        return replace(found, findings=((True, None), *found.findings[1:]))

    monkeypatch.setattr(Durable, "evaluate", evaluate)
    ended = run(TETTNANG, "--on", "2018-06-01")
    assert (ended.status, ended.out) == (5, "")
    assert "Die beiden Verfahren stimmen nicht überein" in ended.err
    assert "requirement antragsteller of antrag holds: direct says yes, durable says open" in ended.err
    assert "nothing is decided" in run(TETTNANG, "--on", "2018-06-01", "--lang", "en").err
    assert run(TETTNANG, "--on", "2018-06-01", "--engine", "direct").status == 0


def test_an_unexpected_fault_is_status_70(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("unerwartet kaputt")

    monkeypatch.setattr("vwv_im.programm.page_of", broken)
    monkeypatch.delenv("VWV_IM_DEBUG", raising=False)
    ended = run(TETTNANG, "--on", "2018-06-01")
    assert (ended.status, ended.out) == (70, "")
    assert "unerwartet kaputt" in ended.err
    assert "Traceback" not in ended.err
    monkeypatch.setenv("VWV_IM_DEBUG", "1")
    with pytest.raises(RuntimeError, match="unerwartet kaputt"):
        run(TETTNANG, "--on", "2018-06-01")


# What is asked


def test_the_day_has_no_default(run: Run) -> None:
    ended = run(TETTNANG)
    assert (ended.status, ended.out) == (2, "")
    assert "Der Tag der Entscheidung fehlt; er bestimmt, welche Fassung gilt" in ended.err
    assert ended.err.startswith("--on VIM150"), "the place of the fault is the option"
    assert "2018-06-01" in ended.err
    assert "determines which Fassung applies" in run(TETTNANG, "--lang", "en").err


@pytest.mark.parametrize("day", ["31.11.2018", "29.2.2018", "2018-02-30"])
def test_a_day_that_no_calendar_has_is_told_as_it_was_written(run: Run, day: str) -> None:
    assert run(TETTNANG, "--on", day).err.startswith(f"--on VIM150 Den Tag '{day}' gibt es im Kalender nicht.")


@pytest.mark.parametrize("option", ["--on", "--known-on"])
@pytest.mark.parametrize(
    "day",
    [
        "2018-02-30",
        "2018-13-01",
        "30.02.2018",
        "01.06.18",
        "2018-6-1",
        "heute",
        "",
        "20180601",
        "2018-W22-5",
        "2018-06-01T00:00",
    ],
)
def test_an_impossible_day_is_refused(run: Run, option: str, day: str) -> None:
    others = [] if option == "--on" else ["--on", "2018-06-01"]
    ended = run(TETTNANG, *others, option, day)
    assert (ended.status, ended.out) == (2, "")
    assert f"'{day}'" in ended.err
    how = "gibt es im Kalender nicht" if day in ("2018-02-30", "30.02.2018", "2018-13-01") else "01.06.2018"
    assert how in ended.err


@pytest.mark.parametrize(
    ("arguments", "stated", "meant"),
    [
        (["--question", "antra"], "'antra'", "antrag"),
        (["--engine", "direkt"], "'direkt'", "direct"),
        (["--reading", "mindestantag=geld"], "'mindestantag'", "mindestantrag"),
        (["--reading", "mindestantrag=gelt"], "'gelt'", "geld"),
        (["--reading", "inkrafttreten_2019=spät"], "'spät'", "spaet"),
    ],
)
def test_what_is_unknown_is_told_with_a_suggestion(run: Run, arguments: list[str], stated: str, meant: str) -> None:
    for lang, phrase in (("de", f"Meinten Sie '{meant}'?"), ("en", f"Did you mean '{meant}'?")):
        ended = run(TETTNANG, "--on", "2018-06-01", *arguments, "--lang", lang)
        assert (ended.status, ended.out) == (2, "")
        assert stated in ended.err
        assert phrase in ended.err


@pytest.mark.parametrize(
    "arguments", [["--reading", "mindestantrag"], ["--lang", "fr"], ["--format", "xml"], ["--weiter"], ["zweiter.yaml"]]
)
def test_options_that_make_no_sense_are_refused(run: Run, arguments: list[str]) -> None:
    ended = run(TETTNANG, "--on", "2018-06-01", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_everything_wrong_with_the_question_is_told_at_once(run: Run) -> None:
    ended = run(
        TETTNANG, "--on", "gestern", "--known-on", "morgen", "--question", "x", "--engine", "y", "--reading", "z=1"
    )
    assert ended.status == 2
    places = [line.partition(" VIM150 ")[0] for line in ended.err.strip().splitlines()]
    assert places == ["--on", "--known-on", "--question", "--engine", "--reading z"]


@pytest.mark.parametrize(("question", "part"), [("antrag", "antrag"), ("zielgruppe", "person"), ("zaehlung", "person")])
def test_a_case_without_the_require_part(run: Run, case: Callable[..., str], question: str, part: str) -> None:
    other = "{person: {gefluechtet: true}}" if part == "antrag" else "{antrag: {art: erstantrag}}"
    ended = run(case(other), "--on", "2018-06-01", "--question", question)
    assert (ended.status, ended.out) == (2, "")
    assert f"Der Teil '{part}' fehlt" in ended.err


# Bad cases: where it stands, what it says, how to mend it

BAD = {
    "unknown field": ("antrag:\n  stellen:\n    - vzea: 1", "antrag.stellen[0].vzea", "3:", "Meinten Sie 'vzae'?"),
    "unknown value": ("antrag:\n  antragsteller: {art: gemeide}", "antragsteller.art", "'gemeide'", "'gemeinde'"),
    "decimal comma": ("antrag: {stellen: [{vzae: '0,5'}]}", "antrag.stellen[0].vzae", "'0,5'", "0.5"),
    "bare decimal comma": ("antrag: {stellen: [{vzae: 0,5}]}", "antrag.stellen[0]", "5", "mit Punkt"),
    "text for a share": ("antrag: {stellen: [{vzae: halb}]}", "antrag.stellen[0].vzae", "'halb'", "0.5"),
    "text for a number": ("antrag: {gezaehlte_personen: '166'}", "antrag.gezaehlte_personen", "'166'", "Ziffern"),
    "half a person": ("antrag: {gezaehlte_personen: 12.5}", "antrag.gezaehlte_personen", "12.5", "Ziffern"),
    "text for a truth value": ("antrag: {stellen: [{person_benannt: ja}]}", "benannt", "'ja'", "true oder false"),
    "YAML 1.1 truth value": ("antrag: {stellen: [{person_benannt: yes}]}", "benannt", "'yes'", "true oder false"),
    "number for a truth value": ("antrag: {stellen: [{person_benannt: 1}]}", "person_benannt", "1", "true oder false"),
    "negative share": ("antrag: {stellen: [{vzae: -0.5}]}", "antrag.stellen[0].vzae", "-0.5", "0 und 1000"),
    "no number": ("antrag: {stellen: [{vzae: .nan}]}", "antrag.stellen[0].vzae", "'.nan'", "0.5"),
    "endless number": ("antrag: {stellen: [{vzae: .inf}]}", "antrag.stellen[0].vzae", "'.inf'", "0.5"),
    "huge number": (f"antrag: {{gezaehlte_personen: {'9' * 30}}}", "antrag.gezaehlte_personen", "999", "Prüfen Sie"),
    "thousands": ("antrag: {veroeffentlichter_planungsrahmen_eur: 51.0001}", "planungsrahmen_eur", "51.0001", "51000"),
    "German date": ("antrag: {antragsdatum: 1.10.2017}", "antrag.antragsdatum", "'1.10.2017'", "2017-10-01"),
    "impossible date": ("antrag: {antragsdatum: 2017-02-29}", "antrag.antragsdatum", "2017-02-29", "Monat und Tag"),
    "date with a time": ("antrag: {antragsdatum: 2017-10-01 12:00}", "antrag.antragsdatum", "12:00", "2017-10-01"),
    "date of another age": ("antrag: {antragsdatum: 0017-10-01}", "antrag.antragsdatum", "0017", "das Jahr"),
    "no posts": ("antrag: {stellen: []}", "antrag.stellen", "leer", "lassen Sie die Angabe weg"),
    "a post that is none": ("antrag: {stellen: [halb]}", "antrag.stellen[0]", "'halb'", "schluessel: wert"),
    "posts that are none": ("antrag: {stellen: {vzae: 1}}", "antrag.stellen", "Liste", "'- '"),
    "the same twice": ("antrag: {durchfuehrung: [eigen, eigen]}", "antrag.durchfuehrung", "eigen", "einmal"),
    "a key twice": ("antrag: {art: erstantrag, art: erstantrag}", ":1:", "'art' steht zweimal", "Streichen"),
    "empty": ("", "fall.yaml", "leer", "'antrag:'"),
    "a remark only": ("# nichts\n", "fall.yaml", "leer", "'antrag:'"),
    "a list": ("- antrag", "fall.yaml", "[…]", "schluessel: wert"),
    "a word": ("antrag", "fall.yaml", "'antrag'", "schluessel: wert"),
    "another part": ("antraege: {}", "antraege", "'antraege'", "Meinten Sie 'antrag'?"),
    "broken YAML": ("antrag: {stellen: [{vzae: 1}", "fall.yaml:1", "kein gültiges YAML", "Klammern"),
    "two documents": ("antrag: {}\n---\nantrag: {}", "fall.yaml:2", "Mehr als ein", "'---'"),
    "anchors": ("antrag: &a {art: erstantrag}", "fall.yaml:1:9", "Anker", "Schreiben Sie den Inhalt aus"),
    "no text": (b"\x00\x01\x02", "fall.yaml", "UTF-8", "Speichern"),
    "Latin-1": ("antrag: {art: führung}".encode("latin-1"), "fall.yaml", "UTF-8", "Speichern"),
    "too deep": ("[" * 500, "fall.yaml:1", "Tiefer", "Klammern"),
    "too large": (b"#" * 9_000_000, "fall.yaml", "größer", "kurze Texte"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "path", "value", "remedy"), BAD.values(), ids=BAD)
def test_a_bad_case_is_told_with_path_value_and_remedy(
    run: Run, case: Callable[..., str], content: str | bytes, path: str, value: str, remedy: str
) -> None:
    ended = run(case(content), "--on", "2018-06-01")
    assert (ended.status, ended.out) == (2, "")
    assert "fall.yaml" in ended.err
    for part in (path, value, remedy):
        assert part in ended.err
    assert "Traceback" not in ended.err
    english = run(case(content), "--on", "2018-06-01", "--lang", "en")
    assert english.status == 2
    assert english.err != ended.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("fall.json", "{"),
        ("fall.json", '{"antrag": {"art": "erstantrag", "art": "x"}}'),
        ("fall.json", '{"antrag": NaN}'),
    ],
)
def test_a_bad_case_in_json(run: Run, case: Callable[..., str], name: str, content: str) -> None:
    ended = run(case(content, name), "--on", "2018-06-01")
    assert (ended.status, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_a_case_that_is_no_file(run: Run, tmp_path: Path) -> None:
    missing = run(str(tmp_path / "fehlt.yaml"), "--on", "2018-06-01")
    folder = run(str(tmp_path), "--on", "2018-06-01")
    assert (missing.status, folder.status) == (2, 2)
    assert "fehlt.yaml VIM003 Die Datei gibt es nicht. Prüfen Sie Pfad und Rechte." in missing.err
    assert "Verzeichnis" in folder.err


def test_all_that_is_wrong_with_a_case_is_told_at_once(run: Run, case: Callable[..., str]) -> None:
    file = case("antrag:\n  art: erstantag\n  stellen:\n    - vzae: 0,5\n      person_benannt: ja\n    - vzae: '1,0'")
    ended = run(file, "--on", "2018-06-01")
    lines = ended.err.strip().splitlines()
    assert ended.status == 2
    assert [line.split()[0].rpartition("fall.yaml:")[2].split(":")[0] for line in lines] == ["2", "4", "5", "6"]


# Faulty rule files


def test_faulty_rule_files_are_bad_input(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")
    file = "2001-03-01-stammfassung/umfang.yaml"
    size = "bedingung: {fakt: stelle.vzae, mind"
    edits = [Edit(file, size, size.replace("vzae", "vzea")), Edit("2003-06-01-aenderung.yaml", "alt: 24", "alt: 25")]
    rules = edited(tmp_path, *edits)
    ended = run(TETTNANG, "--on", "2002-06-01", "--rules", str(rules))
    path, line, column = place_of(rules / file, "stelle.vzea")
    assert (ended.status, ended.out) == (2, "")
    assert f"{path}:{line}:{column} VIM012" in ended.err
    assert "unbekannter Fakt 'stelle.vzea'. Meinten Sie 'stelle.vzae'?" in ended.err
    assert "VIM018" in ended.err
    english = run(TETTNANG, "--on", "2002-06-01", "--rules", str(rules), "--lang", "en")
    assert "unknown fact 'stelle.vzea'. Did you mean 'stelle.vzae'?" in english.err


def test_missing_rule_files_are_bad_input(run: Run, tmp_path: Path) -> None:
    for rules in (tmp_path / "nirgends", tmp_path):
        ended = run(TETTNANG, "--on", "2018-06-01", "--rules", str(rules))
        assert (ended.status, ended.out) == (2, "")
        assert "VIM003" in ended.err


# The law


def test_the_end_of_the_berglen_post_under_each_fassung(run: Run) -> None:
    found = [
        (document["fassung"]["id"], document["derived"]["antrag.stellen[0].bewilligungsende"])
        for on in ("2018-06-01", "2019-06-01", "2021-06-01", "2022-06-01")
        for document in [as_json(run, BERGLEN, "--on", on)]
    ]
    assert found == [
        ("2017-12-11", "2019-09-30"),
        ("2019-08-28", "2020-09-30"),
        ("2020-11-11", "2022-09-30"),
        ("2022-01-26", "2023-09-30"),
    ]


@pytest.mark.parametrize(
    ("known_on", "fassung", "months"),
    [("2020-06-01", "2019-08-28", 36), ("2020-11-10", "2019-08-28", 36), ("2020-12-01", "2020-11-11", 60)],
)
def test_the_law_as_known_on_a_day(run: Run, known_on: str, fassung: str, months: int) -> None:
    document = as_json(run, BERGLEN, "--on", "2020-06-01", "--known-on", known_on)
    assert (document["on"], document["known_on"]) == ("2020-06-01", known_on)
    assert document["fassung"]["id"] == fassung
    assert document["derived"]["antrag.stellen[0].hoechstdauer_monate"] == months
    assert ("noch nicht bekannt" in document["fassung"]["chosen_because"]) is (months == 36)


def test_before_the_first_act_was_known_there_is_no_fassung(run: Run) -> None:
    arguments = (TETTNANG, "--on", "2018-06-01", "--known-on", "2017-08-01")
    assert run(*arguments).status == 4
    document = as_json(run, *arguments)
    assert "vorläufigen Hinweise" in document["fassung"]["chosen_because"]
    assert (document["derived"], document["duties"], document["reasons"]) == ({}, [], [])


def test_before_the_first_fassung(run: Run) -> None:
    document = as_json(run, BERGLEN, "--on", "2016-01-01")
    assert document["outcome"] == "outside_scope"
    assert document["fassung"]["id"] is None
    assert (document["fassung"]["nearest"], document["fassung"]["successor"]) == ("2017-12-11", None)
    assert (document["derived"], document["duties"], document["reasons"]) == ({}, [], [])
    check(document)


def test_after_the_end_periods_are_still_computed(run: Run) -> None:
    document = as_json(run, BERGLEN, "--on", "2024-01-01")
    assert document["outcome"] == "outside_scope"
    assert document["fassung"]["nearest"] == "2022-01-26"
    assert "2023" in document["fassung"]["successor"]
    assert document["derived"]["antrag.stellen[0].bewilligungsende"] == "2023-09-30"
    assert (document["reasons"], document["options"], document["missing"]) == ([], [], [])
    check(document)


@pytest.mark.parametrize("on", ["2018-06-01", "2019-06-01", "2021-06-01", "2022-06-01"])
def test_a_case_of_which_nothing_is_known_is_open(run: Run, case: Callable[..., str], on: str) -> None:
    file = case(NOTHING_KNOWN)
    ended = run(file, "--on", on, "--format", "json")
    document = ended.document
    assert (ended.status, document["verdict"]) == (3, "open")
    facts = {missing["fact"] for missing in document["missing"]}
    assert facts >= {
        "antrag.antragsteller.art",
        "antrag.antragsteller.bundesland",
        "antrag.durchfuehrung",
        "antrag.gezaehlte_personen",
        "antrag.stellen[0].vzae",
        "antrag.stellen[0].hochschulabschluss",
        "antrag.stellen[0].person_benannt",
    }
    for reason in document["reasons"]:
        stated = {path for path, value in reason["facts"].items() if value is not None}
        if reason["applies"] == "no":
            assert any(path.startswith("auslegung.") for path in stated), reason["rule"]
        else:
            assert reason["verdict"] == "open", reason["rule"]
    text = run(file, "--on", on, "--full")
    assert text.status == 3
    assert "Umfang hat die Stelle" in text.out


def test_posts_that_are_not_stated_are_missing_as_such(run: Run, case: Callable[..., str]) -> None:
    document = as_json(run, case("{antrag: {art: erstantrag}}"), "--on", "2018-06-01")
    assert document["verdict"] == "open"
    facts = {missing["fact"] for missing in document["missing"]}
    assert "antrag.stellen" in facts
    assert not any(fact.startswith("antrag.stellen[") for fact in facts)
    assert {reason["subject"] for reason in document["reasons"]} >= {"antrag", "antrag.stellen"}
    check(document)


def test_another_reading_may_turn_the_verdict(run: Run, case: Callable[..., str]) -> None:
    content = Path(TETTNANG).read_text("utf-8").replace("vzae: 1.0", "vzae: 0.25").replace("vzae: 0.5", "vzae: 0.5")
    file = case(content)
    assert run(file, "--on", "2018-06-01").status == 0
    assert run(file, "--on", "2018-06-01", "--reading", "mindestantrag=geld_und_vollzeitstelle").status == 1
    used = as_json(run, file, "--on", "2018-06-01")["readings"]["mindestantrag"]
    assert (used["used"], used["others_differ"]) == ("geld", True)
    assert used["others"]["geld_und_vollzeitstelle"]["verdict"] == "no"


# Language and form


def test_german_and_english(run: Run) -> None:
    german, english = (run(NEUKIRCH, "--on", "2018-06-01", "--full", "--lang", lang).out for lang in ("de", "en"))
    assert "\nNEIN" in german
    assert "\nNO" in english
    for word in ("Ergebnis", "nicht erfüllt", "verlangt", "Quellen", "Januar", "Schlussfolgerung"):
        assert word not in english.replace("January", "")
    assert "Das ist noch keine Bewilligung, kein Bescheid und begründet keinen Anspruch." in german
    assert "no Bescheid" in english


def test_reasons_name_the_actual_and_the_required_value(run: Run) -> None:
    text = run(NEUKIRCH, "--on", "2018-06-01", "--full").out.replace("\xa0", " ")
    assert "Stellenumfang: 0,2 VZÄ; verlangt: mindestens 0,25 VZÄ" in text
    assert "Planungsrahmen: 10.349,00 €; verlangt: mindestens 51.000,00 €" in text
    (size,) = [
        r for r in as_json(run, NEUKIRCH, "--on", "2018-06-01")["reasons"] if r["rule"] == "stelle-mindestumfang"
    ]
    assert (size["actual"], size["operator"], size["required"]) == ("0.2", "mindestens", "0.25")
    assert (size["verdict"], size["subject"], size["grade"]) == ("no", "antrag.stellen[0]", "schluss")
    assert size["citation"]["source"] == "rp-faq-2017"


@pytest.mark.parametrize("columns", [120, 100, 80])
@pytest.mark.parametrize(("file", "on"), [(TETTNANG, "2018-06-01"), (TETTNANG, "2022-06-01"), (EPPINGEN, "2018-06-01")])
def test_two_posts_are_answered_on_one_screen(
    run: Run, file: str, on: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run(file, "--on", on).out.splitlines()
    assert len(lines) <= (26 if columns >= 100 else 32)
    assert max(map(len, lines)) <= min(columns, 100)
    assert any(line.startswith(("JA", "NEIN", "OFFEN")) for line in lines[:3])
    assert len(run(file, "--on", on, "--full").out.splitlines()) > 100


def test_it_says_where_the_reasons_are(run: Run) -> None:
    told = [run(TETTNANG, "--on", "2018-06-01", *options).out for options in ((), ("--full",))]
    assert [text.rstrip().endswith("Gründe, Rechenweg und Quellen: --full") for text in told] == [True, False]


def test_markdown_and_html_have_all(run: Run) -> None:
    for form, mark in (("markdown", "## Quellen"), ("html", "<h2>Quellen</h2>")):
        assert mark in run(TETTNANG, "--on", "2018-06-01", "--format", form).out


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("file", [BERGLEN, TETTNANG], ids=["berglen", "tettnang"])
@pytest.mark.parametrize("on", ["2018-06-01", "2019-06-01", "2024-01-01"])
def test_text_shows_no_values_of_python(run: Run, file: str, on: str, lang: str) -> None:
    text = run(file, "--on", on, "--lang", lang).out
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for word in ("None", "True", "False", "Decimal", "datetime"):
        assert word not in text


def test_a_decision_without_the_second_engine_says_so(run: Run) -> None:
    document = as_json(run, TETTNANG, "--on", "2018-06-01", "--engine", "direct")
    assert document["engine"] == {"used": "direct", "cross_checked": False}
    assert "Nicht gegengeprüft" in run(TETTNANG, "--on", "2018-06-01", "--engine", "direct", "--full").out
    if available():
        assert as_json(run, TETTNANG, "--on", "2018-06-01")["engine"] == {"used": "direct", "cross_checked": True}
        durable = as_json(run, TETTNANG, "--on", "2018-06-01", "--engine", "durable")
        assert durable["engine"] == {"used": "durable", "cross_checked": False}


def test_names_never_leave_the_case(run: Run, case: Callable[..., str]) -> None:
    content = Path(TETTNANG).read_text("utf-8")
    content = content.replace("name: Tettnang", f"name: {NAMES[0]}").replace(
        "bezeichnung: Stelle 1", f"bezeichnung: {NAMES[1]}"
    )
    file = case(content)
    document = as_json(run, file, "--on", "2018-06-01")
    receipt = json.dumps(document["receipt"], ensure_ascii=False)
    everything = run(file, "--on", "2018-06-01", "--format", "json").out + run(file, "--on", "2018-06-01").out
    for name in NAMES:
        assert name in content
        assert name not in receipt
        assert name not in everything
    assert not [path for path in document["receipt"]["facts"] if path.endswith(("name", "bezeichnung"))]


@pytest.mark.parametrize("value", [f"[{NAMES[0]}]", f'"{NAMES[0]}\\n"', f'"{NAMES[0] * 20}"', f"{{a: {NAMES[0]}}}"])
@pytest.mark.parametrize("field", ["antragsteller: {name: %s}", "stellen: [{bezeichnung: %s}]"])
def test_a_faulty_name_is_not_repeated(run: Run, case: Callable[..., str], field: str, value: str) -> None:
    ended = run(case("antrag: {" + field % value + "}"), "--on", "2018-06-01")
    assert ended.status == 2
    assert NAMES[0] not in ended.err


def test_the_receipt_replays(run: Run) -> None:
    receipt = as_json(run, TETTNANG, "--on", "2018-06-01")["receipt"]
    assert receipt["version"] == __version__
    assert receipt["facts"]["antrag.gezaehlte_personen"] == 166
    assert receipt["facts"]["antrag.stellen[1].vzae"] == "0.5"
    assert set(receipt["rules"]) == {
        path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.yaml")
    }


# The JSON document

TEXT = {"type": "string", "minLength": 1}
NULL = {"type": "null"}
MAYBE = {"type": ["string", "null"]}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
VERDICT = {"enum": ["yes", "no", "open", "discretion"]}
GRADE = {"enum": GRADES}
AMOUNT = {"type": "string", "not": {"pattern": r"^-?\d+\.\d*0$|^-?[\d.]+[eE]"}}
VALUE = {"anyOf": [{"type": ["boolean", "integer", "null"]}, AMOUNT]}
VALUES = {"anyOf": [VALUE, {"type": "array", "items": VALUE}]}


def record(**properties: Any) -> dict[str, Any]:
    """Return the schema of a mapping that has exactly these keys."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def by_name(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema}


SENTENCE = record(de=TEXT, en=TEXT)
CITATION = record(act=DAY, nummer=MAYBE, source=MAYBE, url=MAYBE)
PART = record(
    fact=MAYBE,
    verdict=VERDICT,
    actual=VALUES,
    operator=TEXT,
    required=VALUES,
    facts=by_name(VALUES),
    parts=many({"$ref": "#/$defs/part"}),
    text=SENTENCE,
)
REASON = record(
    rule=TEXT,
    heading={"type": "string", "pattern": r"^[IVX]+\. "},
    subject={"type": "string", "pattern": r"^(antrag|person|foerderung)(\.[a-z_]+(\[\d+\])?)*$"},
    art={"enum": ["muss", "soll", "kann", "hinweis"]},
    verdict=VERDICT,
    applies=VERDICT,
    actual=VALUES,
    operator=TEXT,
    required=VALUES,
    facts=by_name(VALUES),
    parts=many({"$ref": "#/$defs/part"}),
    citation=CITATION,
    further_citations=many(CITATION),
    grade=GRADE,
    text=SENTENCE,
)
FASSUNG = {
    "oneOf": [
        record(id=DAY, gilt_ab=DAY, gilt_bis={"anyOf": [DAY, NULL]}, chosen_because=TEXT, erlasse=many(DAY)),
        record(id=NULL, nearest={"anyOf": [DAY, NULL]}, successor=MAYBE, chosen_because=TEXT),
    ]
}
OUTCOME = {"enum": ["decided", "outside_scope", "contradictory"]}
VARIANT = record(outcome=OUTCOME, verdict={"anyOf": [VERDICT, NULL]}, derived=by_name(VALUES))
DECISION = record(
    outcome=OUTCOME,
    verdict={"anyOf": [VERDICT, NULL]},
    question={"enum": ["antrag", "zielgruppe", "zaehlung", "verwendungsnachweis"]},
    on=DAY,
    known_on={"anyOf": [DAY, NULL]},
    fassung=FASSUNG,
    derived=by_name(VALUES),
    reasons=many(REASON),
    options=many(REASON),
    hints=many(REASON),
    missing=many(record(fact=TEXT, question=SENTENCE, rules=many(TEXT))),
    duties=many(
        record(id=TEXT, due={"anyOf": [DAY, NULL]}, due_shifted={"anyOf": [DAY, NULL]}, grade=GRADE, text=SENTENCE)
    ),
    open_questions=many(record(id=TEXT, effect={"enum": [*EFFECTS]}, text=SENTENCE)),
    contradictions=many(record(id=TEXT, places=many(TEXT), stated=by_name(VALUES), text=SENTENCE)),
    plausibility=many(record(id=TEXT, subject=TEXT, facts=many(TEXT), text=SENTENCE)),
    readings=by_name(record(used=TEXT, others_differ={"type": "boolean"}, others=by_name(VARIANT))),
    contract={"const": "1.1"},
    reviewed_by_lawyer={"type": "boolean"},
    evidence=record(weakest={"anyOf": [GRADE, NULL]}, by_derived=by_name({"enum": [*GRADES, "angabe"]})),
    engine=record(used={"enum": ["direct", "durable"]}, cross_checked={"type": "boolean"}),
    receipt=record(
        version=TEXT,
        rules=by_name({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        facts=by_name(VALUES),
    ),
)
VALIDATOR = jsonschema.Draft202012Validator({**DECISION, "$defs": {"part": PART}})


def check(document: dict[str, Any]) -> None:
    """Check a decision against the documented structure, and its parts against each other."""
    errors = [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(document)]
    assert not errors, "\n".join(errors)
    assert (document["verdict"] is None) is (document["outcome"] != "decided")
    assert {reason["art"] for reason in document["reasons"]} <= {"muss", "soll"}
    assert {reason["art"] for reason in document["options"]} <= {"kann"}
    assert {reason["art"] for reason in document["hints"]} <= {"hinweis"}
    assert set(document["evidence"]["by_derived"]) <= set(document["derived"])
    folded = [reason["verdict"] for reason in document["reasons"]]
    if document["verdict"] is not None:
        order = ["no", "open", "discretion", "yes"]
        assert document["verdict"] == min(folded, key=order.index)
    open_rules = {reason["rule"] for reason in document["reasons"] if reason["verdict"] == "open"}
    assert {rule for missing in document["missing"] for rule in missing["rules"]} <= open_rules


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("on", ["2018-06-01", "2022-06-01"])
def test_the_json_of_every_example_is_as_documented(run: Run, file: Path, on: str) -> None:
    parts = read_yaml(file).data.keys()
    questions = [name for name, question in regulation().questions.items() if question.wurzel in parts]
    assert questions
    for question in questions:
        ended = run(str(file), "--on", on, "--question", question, "--format", "json")
        assert ended.status in (0, 1, 2, 3, 4), ended.err
        document = ended.document
        check(document)
        assert (document["on"], document["question"], document["known_on"]) == (on, question, None)


def test_the_json_is_the_same_from_day_to_day(run: Run) -> None:
    first, second = (run(TETTNANG, "--on", "2018-06-01", "--format", "json").out for _ in range(2))
    assert first == second


# The command itself


def started(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "vwv_im", *arguments]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, check=False, timeout=60
    )


def test_the_command_runs_from_anywhere(tmp_path: Path) -> None:
    ended = started("evaluate", TETTNANG, "--on", "2018-06-01", cwd=tmp_path, PYTHONUTF8="1")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"\nJA, soweit bekannt" in ended.stdout
    bad = started("evaluate", "fehlt.yaml", "--on", "2018-06-01", cwd=tmp_path, PYTHONUTF8="1")
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert b"Traceback" not in bad.stderr


def test_a_terminal_that_knows_few_characters_is_no_fault(tmp_path: Path) -> None:
    """What is written to a file on Windows is in cp1252 unless told otherwise; JSON is UTF-8 everywhere."""
    environment = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    text = started("evaluate", TETTNANG, "--on", "2018-06-01", cwd=tmp_path, **environment)
    assert (text.returncode, text.stderr) == (0, b"")
    assert b"\nJA, soweit bekannt" in text.stdout
    ended = started("evaluate", TETTNANG, "--on", "2018-06-01", "--format", "json", cwd=tmp_path, **environment)
    assert ended.returncode == 0
    assert "Antragsberechtigung" in json.loads(ended.stdout.decode("utf-8"))["reasons"][0]["heading"]


# A case saved by the page: with what is asked about it


@pytest.fixture
def saved(case: Callable[..., str]) -> str:
    """Return the file of a saved case, with a question, a day and a reading that is not the default."""
    stated = read_yaml(Path(NEUKIRCH)).data
    asked = {
        "on": "2018-06-01",
        "known_on": None,
        "question": "antrag",
        "readings": {"mindestantrag": "geld_und_vollzeitstelle"},
    }
    return case(json.dumps({"case": stated, **asked}, default=str), "fall.json")


def test_a_saved_case_brings_what_is_asked_about_it(run: Run, saved: str) -> None:
    by_options = run(NEUKIRCH, "--on", "2018-06-01", "--reading", "mindestantrag=geld_und_vollzeitstelle")
    assert (run(saved).status, run(saved).out) == (by_options.status, by_options.out)
    assert "Was entgegensteht" in by_options.out


def test_an_option_goes_before_what_a_saved_case_says(run: Run, saved: str) -> None:
    assert as_json(run, saved, "--on", "2021-06-01")["on"] == "2021-06-01"
    followed = as_json(run, saved, "--reading", "mindestantrag=geld")["readings"]["mindestantrag"]["used"]
    assert (followed, as_json(run, saved)["readings"]["mindestantrag"]["used"]) == ("geld", "geld_und_vollzeitstelle")


@pytest.mark.parametrize("command", ["needs", "counterfactuals", "compare", "duties"])
def test_every_command_about_a_case_takes_a_saved_one(cli: Run, saved: str, command: str) -> None:
    assert cli(command, saved).err == cli(command, NEUKIRCH, "--on", "2018-06-01").err


def test_a_fault_in_a_saved_case_is_told_with_its_file(run: Run, saved: str) -> None:
    faulty = Path(saved)
    faulty.write_text(faulty.read_text("utf-8").replace('"vzae"', '"vzea"', 1), "utf-8")
    ended = run(saved)
    assert ended.status == 2
    assert ended.err.startswith(f"{saved} VIM101 antrag.stellen[0].vzea: ")
