"""The commands that explain: `compare`, `needs`, `counterfactuals`, `note`, `replay`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from support import EXAMPLES, RULES, Edit, Run, edited
from vwv_im import evaluate

BERGLEN, TETTNANG = (str(EXAMPLES / f"{name}.yaml") for name in ("berglen", "tettnang"))
DAY = ("--on", "2022-06-01")


@pytest.fixture
def run(cli: Run) -> Run:
    """Return a function that runs `vwv-im` with the arguments given."""
    return cli


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    """Return the path of a receipt."""
    path = tmp_path / "quittung.json"
    path.write_text(evaluate(TETTNANG, on="2018-06-01", engine="direct").receipt.canonical(), "utf-8")
    return path


def test_compare_shows_the_steps_the_acts_and_the_knowledge(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    ended = run("compare", BERGLEN, *DAY, "--full")
    text = " ".join(ended.out.split())
    assert ended.status == 0
    title = "Höchstens möglicher Bewilligungszeitraum der Stelle (Stelle 1)"
    changes = text[text.index("Was sich ändert, und wodurch") : text.index("Welche Änderungen waren damals bekannt?")]
    acts = ("28.08.2019", "11.11.2020", "26.01.2022")
    for act, old, new in zip(acts, (24, 36, 60), (36, 60, 72), strict=True):
        told = changes[changes.index(f"Änderung vom {act}: ") :]
        later = [told.find(f"Änderung vom {one}: ", 1) for one in acts]
        told = told[: min((place for place in later if place > 0), default=None)]
        assert f"{title}: {old} Monate → {new} Monate" in told
    known = text[text.index("Welche Änderungen waren damals bekannt?") :]
    row = known[known.index(title) :][:250]
    assert [int(months) for months in re.findall(r"(\d+) Monate", row)][:4] == [24, 36, 60, 72]


def test_compare_says_first_what_each_act_changes(run: Run) -> None:
    told = run("compare", BERGLEN, *DAY).out.replace("\xa0", " ")
    text = " ".join(told.split())
    assert "Stammfassung vom 11.12.2017: Ergebnis offen." in text
    title = "Höchstens möglicher Bewilligungszeitraum der Stelle (Stelle 1)"
    steps = [("28.08.2019", 24, 36), ("11.11.2020", 36, 60), ("26.01.2022", 60, 72)]
    begun = text.index("Ergebnis offen.")
    places = [text.index(f"Änderung vom {act} ", begun) for act, *_ in steps]
    assert places == sorted(places)
    for (_, old, new), begin, end in zip(steps, places, [*places[1:], None], strict=True):
        assert f"{title}: {old} Monate → {new} Monate" in text[begin:end]
    assert "… und 2 weitere, davon 2 an Pflichten" in text
    assert text.endswith("--full")


def test_what_an_act_made_possible_for_others_is_told_in_short(run: Run) -> None:
    """Of the Änderung of 2020 the holder of a post with vocational training learns that refilling it pays more."""
    text = " ".join(run("compare", TETTNANG, "--on", "2018-06-01").out.split())
    told = text[text.index("Änderung vom 11.11.2020") : text.index("Änderung vom 26.01.2022")]
    assert "Wird eine Stelle der Gruppe (c) ab dem 01.01.2020 mit einer Hochschulabsolventin" in told


def test_what_is_the_same_for_several_posts_is_compared_once(run: Run) -> None:
    text = " ".join(run("compare", TETTNANG, "--on", "2018-06-01").out.replace("\xa0", " ").split())
    assert "Bewilligungszeitraum der Stelle (Stellen 1 und 2): 24 Monate → offen" in text
    assert "Spätestens mögliches Ende (Stelle 1): 29. Februar 2020 → offen" in text


@pytest.mark.parametrize("case", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_comparison_is_seen_on_one_screen(case: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    others = (name for name in ("zielgruppe", "zaehlung", "verwendungsnachweis") if name in case.read_text("utf-8"))
    question = next((("--question", name) for name in others), ())
    ended = run("compare", case, *DAY, *question)
    assert ended.status == 0, ended.err
    assert len(ended.out.splitlines()) <= 40


def test_compare_as_json(run: Run) -> None:
    ended = run("compare", BERGLEN, *DAY, "--format", "json")
    document = json.loads(ended.out)
    assert set(document) == {"decisions", "changes", "contract"}
    assert document["decisions"][0]["fassung"]["id"] == "2017-12-11"
    for change in document["changes"]:
        assert set(change) == {"from", "to", "path", "old", "new", "causes"}
        assert all(set(cause) == {"act", "operation"} for cause in change["causes"])


@pytest.mark.parametrize(
    ("form", "mark"),
    [("text", "Änderung vom 28.08.2019"), ("markdown", "## Was sich"), ("html", "<h2>Was sich")],
)
def test_compare_in_each_form(run: Run, form: str, mark: str) -> None:
    assert mark in run("compare", BERGLEN, *DAY, "--format", form).out


@pytest.mark.parametrize("command", ["needs", "counterfactuals"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_what_is_needed_and_what_would_help(run: Run, command: str, lang: str) -> None:
    ended = run(command, BERGLEN, *DAY, "--lang", lang)
    assert ended.status == 0
    assert ended.out.strip()
    assert "True" not in ended.out


def test_where_the_result_is_certain_it_is_said_that_it_needs_no_more(run: Run) -> None:
    assert run("needs", str(EXAMPLES / "neukirch.yaml"), "--on", "2018-06-01").out == (
        "Für das Ergebnis wird keine Angabe mehr gebraucht.\n"
    )


def test_where_no_duty_is_owed_it_is_said_instead_of_an_empty_table(run: Run) -> None:
    asked = "duties", str(EXAMPLES / "neukirch.yaml"), "--on", "2018-06-01"
    assert run(*asked).out == "Die Regeln nennen hierzu keine Pflicht.\n"
    assert json.loads(run(*asked, "--format", "json").out)["duties"] == []


def test_needs_as_json(run: Run) -> None:
    document = json.loads(run("needs", BERGLEN, *DAY, "--format", "json").out)
    assert document["verdict"] == "open"
    assert {"fact", "question", "rules", "because", "answers"} == set(document["needs"][0])


def test_counterfactuals_as_json(run: Run) -> None:
    document = json.loads(run("counterfactuals", BERGLEN, *DAY, "--format", "json").out)
    assert set(document) == {"outcome", "verdict", "sets", "beyond", "contract"}
    assert document["beyond"]


@pytest.mark.parametrize("command", ["compare", "needs", "counterfactuals"])
@pytest.mark.parametrize("arguments", [("nirgends.yaml", *DAY), (BERGLEN,), (BERGLEN, "--on", "gestern")])
def test_bad_input_is_refused(run: Run, command: str, arguments: tuple[str, ...]) -> None:
    ended = run(command, *arguments)
    assert ended.status == 2
    assert ended.err
    assert not ended.out


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_note_is_written(run: Run, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"vermerk.{form}"
    ended = run("note", BERGLEN, str(path), *DAY)
    assert ended.status == 0
    assert "Prüfvermerk" in path.read_text("utf-8")


def test_a_note_as_docx(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("docx")
    path = tmp_path / "vermerk.docx"
    assert run("note", BERGLEN, str(path), *DAY).status == 0
    assert path.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(("form", "module", "extra"), [("pdf", "typst", "pdf"), ("docx", "docx", "note")])
def test_a_note_that_lacks_its_extra_names_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "vwv_im.publish.word_file", raising=False)
    path = tmp_path / f"vermerk.{form}"
    ended = run("note", BERGLEN, str(path), *DAY)
    assert ended.status == 2
    assert f"Dafür fehlt {module}" in ended.err
    assert f'pip install "vwv-im[{extra}]"' in ended.err
    assert not path.exists()


@pytest.mark.parametrize("name", ["vermerk.odt", "vermerk", "fehlt/vermerk.md"])
def test_a_note_that_cannot_be_written_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    ended = run("note", BERGLEN, str(tmp_path / name), *DAY)
    assert ended.status == 2
    assert ended.err


@pytest.mark.parametrize(("lang", "answer"), [("de", "Dieselbe Entscheidung."), ("en", "The same decision.")])
def test_a_receipt_replays(run: Run, receipt: Path, lang: str, answer: str) -> None:
    assert run("replay", str(receipt), "--lang", lang) == (0, f"{answer}\n", "")


def test_the_json_of_evaluate_replays(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "entscheidung.json"
    path.write_text(run("evaluate", TETTNANG, "--on", "2018-06-01", "--format", "json").out, "utf-8")
    assert run("replay", str(path)).status == 0


def test_evaluate_writes_a_receipt_that_replays(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "quittung.json"
    run("evaluate", TETTNANG, "--on", "2018-06-01", "--receipt", str(path))
    assert run("replay", str(path)).status == 0


def spoil(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


def test_a_receipt_that_was_tampered_with_gets_a_clear_answer(run: Run, receipt: Path) -> None:
    spoil(receipt, verdict="no")
    ended = run("replay", str(receipt))
    assert ended.status == 2
    assert "verändert" in ended.err


@pytest.mark.parametrize("content", ["", "{", "antrag: {}", "[]", "{}", "null"])
def test_what_is_no_receipt_gets_a_clear_answer(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "quittung.json"
    path.write_text(content, "utf-8")
    ended = run("replay", str(path))
    assert ended.status == 2
    assert "VIM16" in ended.err


def test_a_difference_is_told_with_status_1(run: Run, tmp_path: Path) -> None:
    document = evaluate(TETTNANG, on="2018-06-01", engine="direct").to_dict()
    path = tmp_path / "entscheidung.json"
    path.write_text(json.dumps({**document, "verdict": "no"}), "utf-8")
    ended = run("replay", str(path))
    assert ended.status == 1
    assert ended.out == "Eine andere Entscheidung:\nErgebnis: im Prüfprotokoll 'no', jetzt 'yes'.\n"


@pytest.mark.parametrize(
    ("lang", "said"), [("de", "Dieselbe Entscheidung.\nHinweis: R"), ("en", "The same decision.\nNote: r")]
)
def test_rule_files_that_changed_are_named_with_status_0(
    run: Run, receipt: Path, tmp_path: Path, lang: str, said: str
) -> None:
    name = "2017-12-11-stammfassung/stellenumfang.yaml"
    title = "  - id: stelle-mindestumfang\n    titel: {de: Mindestumfang"
    rules = edited(tmp_path, Edit(name, title, title.replace("Mindestumfang", "Länge")), source=RULES)
    ended = run("replay", receipt, "--rules", rules, "--lang", lang)
    assert ended.status == 0
    assert ended.out.startswith(said)
    assert ended.out.count("\n") == 2
    assert name in ended.out


def test_a_decision_in_english_replays(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "entscheidung.json"
    path.write_text(run("evaluate", TETTNANG, "--on", "2024-01-01", "--format", "json", "--lang", "en").out, "utf-8")
    assert run("replay", path) == (0, "Dieselbe Entscheidung.\n", "")


@pytest.mark.parametrize("command", ["needs", "counterfactuals"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_case_that_contradicts_itself_is_bad_input(run: Run, command: str, lang: str, tmp_path: Path) -> None:
    case = tmp_path / "fall.yaml"
    text = (EXAMPLES / "tettnang.yaml").read_text("utf-8")
    case.write_text(text.replace("gezaehlte_personen: 166", "gezaehlte_personen: 5"), "utf-8")
    result = run(command, str(case), "--on", "2018-06-01", "--lang", lang)
    assert result.status == 2
    assert {"de": "WIDERSPRÜCHLICHE ANGABEN", "en": "CONTRADICTORY FACTS"}[lang] in result.out


@pytest.mark.parametrize("command", ["needs", "counterfactuals"])
def test_outside_the_scope_it_is_said(run: Run, command: str) -> None:
    result = run(command, str(EXAMPLES / "tettnang.yaml"), "--on", "2024-01-01")
    assert result.status == 0
    assert "AUSSERHALB DES ANWENDUNGSBEREICHS" in result.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", TETTNANG, *DAY, "--receipt"),
        ("duties", TETTNANG, *DAY, "--ics"),
        ("synopsis", "2020-11-11", "--out"),
        ("export", "json", "--out"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_file_that_cannot_be_written_is_said_with_place_and_remedy(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, "/nirgends/ziel")
    assert ended.status == 2
    assert "/nirgends/ziel" in ended.err
    assert "Prüfen Sie Ordner, Rechte und Platz." in ended.err
