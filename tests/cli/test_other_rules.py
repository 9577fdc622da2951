"""The command line under other rules: other entities, lists in lists, other questions, nothing of their own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from support import TESTS, Run
from vwv_im import evaluate

WORLD = TESTS / "welt" / "regeln"
CASE = TESTS / "welt" / "hof.yaml"
ASKED = ("--on", "1999-06-01", "--rules", WORLD)


def test_a_case_is_decided_and_explained(cli: Run) -> None:
    ended = cli("evaluate", CASE, *ASKED, "--full")
    assert ended.status == 0
    assert "JA – der Hof kann die Beihilfe haben." in ended.out
    assert "Die Anlage ist stark genug (Anlage 2)" in ended.out
    document = cli("evaluate", CASE, *ASKED, "--format", "json").document
    assert document == evaluate(CASE, on="1999-06-01", rules=WORLD).to_dict()


def test_a_receipt_replays_under_the_same_rules(cli: Run, tmp_path: Path) -> None:
    receipt = tmp_path / "quittung.json"
    cli("evaluate", CASE, *ASKED, "--receipt", receipt)
    assert cli("replay", receipt, "--rules", WORLD).status == 0


@pytest.mark.parametrize("command", ["compare", "needs", "counterfactuals"])
def test_what_explains_a_case_is_printed(cli: Run, command: str) -> None:
    ended = cli(command, CASE, *ASKED)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out


def test_a_note_is_written(cli: Run, tmp_path: Path) -> None:
    note = tmp_path / "vermerk.md"
    assert cli("note", CASE, note, *ASKED).status == 0
    text = note.read_text("utf-8")
    assert "Abgelesen wird im Betrieb (Anlage 1, Ablesung 2)" in text
    assert "Rufname" not in text, "a name enters no note"


def test_without_granted_posts_there_is_nothing_to_draw(cli: Run, tmp_path: Path) -> None:
    ended = cli("chart", CASE, tmp_path / "verlauf.md", *ASKED)
    assert (ended.status, ended.err) == (2, "Diese Regeln kennen keine bewilligten Stellen.\n")


def test_an_unknown_question_is_told_which_there_are(cli: Run) -> None:
    ended = cli("evaluate", CASE, *ASKED, "--question", "lere")
    assert ended.status == 2
    assert "--question VIM150 'lere' ist unbekannt. Meinten Sie 'lehre'? Möglich sind: beihilfe, lehre." in ended.err
    assert "Meinten Sie 'lehre'?" in cli("export", "dmn", "--rules", WORLD, "--question", "lere").err


@pytest.mark.parametrize("arguments", [("rules",), ("rules", "--all"), ("rules", "--python"), ("rules", "--open")])
def test_the_rules_are_listed(cli: Run, arguments: tuple[str, ...]) -> None:
    ended = cli(*arguments, "--rules", WORLD)
    assert ended.status == 0
    assert "fischtreppe" in ended.out


def test_schemas_and_models_are_its_own(cli: Run) -> None:
    assert "Hof" in cli("schema", "case", "--rules", WORLD).document["$defs"]
    regel = cli("schema", "gegenstand", "--rules", WORLD).document["$defs"]["Regel"]["properties"]
    assert regel["bezug"]["enum"] == ["hof", "anlage", "ablesung", "betriebsjahr", "lehrling"]
    models = cli("schema", "models", "--rules", WORLD).out
    assert "class Ablesung(BuiltPart):" in models
    assert cli("export", "json", "--rules", WORLD).document["fragen"]["lehre"]["wurzel"] == "lehrling"


def test_an_interview_asks_for_lists_in_lists(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "fall.yaml"
    answers = {
        "Wo liegt der Hof": "hang", "Wozu dient": "licht, verkauf", "Wohnt der Betreiber": "ja",
        "Wie viele Anlagen": "2", "Seit wann": "1998-07-01", "Leistung": "12.5",
        "Wie viele Ablesungen": "1", "Wann wurde abgelesen": "1998-12-31", "Welche Menge": "600",
    }  # fmt: skip
    lines: list[str] = []

    class Asked:
        def readline(self) -> str:
            question = sys.stdout.getvalue().rpartition("\n\n")[2]  # type: ignore[attr-defined]
            lines.append(question)
            return next((f"{answer}\n" for word, answer in answers.items() if word in question), "\n")

    monkeypatch.setattr(sys, "stdin", Asked())
    ended = cli("interview", *ASKED, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    asked = [line.partition(" (")[0].strip() for line in lines]
    assert "Anlage 2: Wie viele Ablesungen gibt es für die Anlage?" in asked
    assert "Anlage 1, Ablesung 1: Welche Menge wurde abgelesen" in asked
    decision = evaluate(out, on="1999-06-01", rules=WORLD, engine="direct")
    assert decision.verdict == "yes"
    assert decision.derived["hof.gesamtmenge_kwh"] == 1200


def test_another_question_is_asked_about_its_own_part(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Young:
        def readline(self) -> str:
            return "14\n"

    monkeypatch.setattr(sys, "stdin", Young())
    ended = cli("interview", *ASKED, "--question", "lehre")
    assert (ended.status, "NEIN – er darf nicht anfangen." in ended.out) == (1, True)
    assert "lehrling:\n  lebensjahre: 14\n" in ended.out


def test_rules_are_checked_and_compared(cli: Run, tmp_path: Path) -> None:
    assert cli("check", WORLD).status in (0, 1)
    (tmp_path / "faelle").mkdir()
    ended = cli("synopsis", "2000-02-01", "--rules", WORLD, "--cases", tmp_path / "faelle")
    assert (ended.status, "Mindestleistung" in ended.out) == (0, True)
    assert json.loads(cli("coverage", "--rules", WORLD, "--cases", tmp_path / "faelle", "--format", "json").out)


def test_a_template_is_filled_in_and_decided(cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="the extra columns is not installed")
    source, target = tmp_path / "lehrlinge.csv", tmp_path / "ergebnis.csv"
    source.write_text("lehrling.lebensjahre;lehrling.schwindelfrei\n20;ja\n14;ja\n", "utf-8")
    ended = cli("batch", source, target, *ASKED, "--question", "lehre")
    assert (ended.status, ended.err) == (0, f"2 Zeilen nach {target}: 2 entschieden (nein: 1, ja: 1).\n")
    lines = target.read_text("utf-8-sig").splitlines()
    assert ["yes" in lines[1], "no" in lines[2]] == [True, True]
    template = tmp_path / "vorlage.xlsx"
    assert cli("batch", "--template", template, "--rules", WORLD).status == 0
    assert template.stat().st_size > 0
