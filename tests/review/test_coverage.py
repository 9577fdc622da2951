"""Coverage: every result of every rule, and every row of every table, under every state of the law has its case."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support import RULES, Edit, edited
from vwv_im import regulation
from vwv_im.cli.main import app
from vwv_im.review.corpus import CorpusCase, CorpusError, Unreachable, cases_directory, corpus, unreachable
from vwv_im.review.coverage import Cell, Coverage, cells_of, coverage, results_of, rows_of
from vwv_im.text import Place

LAW = regulation()


@cache
def whole() -> Coverage:
    return coverage(LAW, corpus(), unreachable())


def rule(name: str, law: str, result: str) -> Cell:
    return Cell("regel", name, law, result)


def test_every_reachable_result_has_a_case() -> None:
    """The gate: whoever adds a rule, a row or an act adds its cases."""
    assert [tuple(cell) for cell in whole().of("missing")] == []


def test_nothing_is_declared_out_of_reach_that_a_case_shows() -> None:
    assert [tuple(cell) for cell in whole().of("refuted")] == []
    assert whole().complete


BY_THEIR_OWN_DAY = {
    one for asked in LAW.questions.values() if asked.eigene_tage for one in LAW.vocabulary.scopes(asked.wurzel)
}
"""What is asked about where the day chooses no Fassung: under the last one, which has the others for earlier days."""


def test_every_rule_and_table_of_every_state_is_examined() -> None:
    examined = {(cell.item, cell.law) for cell in whole().cells}
    for state in LAW.states:
        tables = {name: item.model.scope for name, item in state.derivations.items() if item.model.faelle}
        asked = {**{name: item.model.bezug for name, item in state.rules.items()}, **tables}
        by_day = {name for name, scope in asked.items() if scope not in BY_THEIR_OWN_DAY}
        assert {(name, state.name) for name in by_day} <= examined
    last = LAW.fassungen[-1]
    assert {(name, last.name) for name, item in last.rules.items() if item.model.bezug in BY_THEIR_OWN_DAY} <= examined
    assert {cell.law for cell in whole().cells} == {state.name for state in LAW.states}


@pytest.mark.parametrize(
    ("name", "results"),
    [
        ("stelle-mindestumfang", {"yes", "no", "open"}),
        ("verlaengerung-moeglich", {"yes", "no", "open", "entfaellt"}),
        ("rueckwirkende-antragstellung", {"discretion", "no", "open", "entfaellt"}),
        ("antrag-ab-juli-2017", {"yes", "no", "open", "entfaellt"}),
    ],
)
def test_the_results_of_a_rule_follow_from_its_kind(name: str, results: set[str]) -> None:
    assert set(results_of(LAW.fassungen[0].rules[name].model)) == results


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("festbetrag-grund", ("zeile-1", "zeile-2", "zeile-3", "zeile-4", "open")),
        ("planungsrahmen-der-mitglieder", ("zeile-1", "keine-zeile", "open")),
        ("satzgruppe-nachbesetzung", ("zeile-1", "zeile-2", "zeile-3", "keine-zeile", "open")),
        ("hoechstdauer", ()),
    ],
)
def test_the_rows_of_a_table_are_counted(name: str, rows: tuple[str, ...]) -> None:
    assert rows_of(LAW.fassungen[0].derivations[name].model) == rows


def test_a_cell_names_the_cases_that_show_it() -> None:
    found = whole().cells[rule("verlaengerung-moeglich", "2020-11-11", "yes")]
    assert "berglen-fassung-2020" in found.cases
    assert "berglen-fassung-2019" not in found.cases


def test_a_case_counts_under_the_law_of_its_own_day_and_knowledge() -> None:
    case = next(case for case in corpus() if case.id == "deckung-ukraine-nicht-angegeben-fassung-2019")
    alone = coverage(LAW, [case])
    assert (case.on, case.known_on) == ("2022-02-24", "2019-09-15")
    assert {cell.law for cell, found in alone.cells.items() if found.cases} == {"2019-08-28"}


def test_a_rule_that_does_not_apply_is_no_result_of_its_condition() -> None:
    case = next(case for case in corpus() if case.id == "deckung-entgelt-nicht-unterbrochen@2022-02-10")
    alone = coverage(LAW, [case])
    assert alone.cells[rule("verlaengerung-moeglich", "2022-01-26", "entfaellt")].cases == (case.id,)
    assert not alone.cells[rule("verlaengerung-moeglich", "2022-01-26", "no")].cases


def test_without_its_case_a_result_is_missing() -> None:
    cell = rule("nachbesetzung-mit-hoeherer-qualifikation", "2022-01-26", "no")
    showing = set(whole().cells[cell].cases)
    left = coverage(LAW, [case for case in corpus() if case.id not in showing], unreachable())
    assert cell in left.of("missing")
    assert not left.complete


def test_a_declaration_that_a_case_refutes_is_refused() -> None:
    place = Place("deckung.yaml", 1, 1)
    claim = Unreachable("stelle-mindestumfang", "no", "2017-12-11", "Niemand beantragt so wenig.", place)
    found = coverage(LAW, corpus(), (*unreachable(), claim))
    assert found.of("refuted") == (rule("stelle-mindestumfang", "2017-12-11", "no"),)
    assert not found.complete


@pytest.mark.parametrize(
    "claim",
    [
        {"item": "gibt-es-nicht"},
        {"result": "discretion"},
        {"law": "2020-11-12"},
    ],
)
def test_a_declaration_of_what_does_not_exist_is_a_fault(claim: dict[str, str]) -> None:
    declared = replace(unreachable()[0], **claim)
    with pytest.raises(CorpusError, match="has no result"):
        coverage(LAW, (), (declared,))


def test_every_declaration_has_a_reason_a_reader_understands() -> None:
    assert unreachable()
    for entry in unreachable():
        assert entry.reason.endswith(".")
        assert len(entry.reason.split()) >= 5


def test_a_new_row_wants_new_cases(tmp_path: Path) -> None:
    row = "      - {wenn: {fakt: stelle.satzgruppe, ist: a}, dann: {parameter: festbetrag_a_eur}}\n"
    edit = Edit("2017-12-11-stammfassung/foerderhoehe.yaml", row, row * 2)
    law = regulation(edited(tmp_path, edit, source=RULES))
    tables = [cell for cell in cells_of(law) if cell.item == "festbetrag-grund"]
    assert Cell("ableitung", "festbetrag-grund", "2017-12-11", "zeile-5") in tables


def test_the_cases_are_decided_by_the_rules_given() -> None:
    """A case that fits the first Fassung alone covers no other."""
    case: CorpusCase = next(case for case in corpus() if case.on == "2018-06-01")
    covered = {cell.law for cell, found in coverage(LAW, [case]).cells.items() if found.cases}
    assert covered == {"2017-12-11"}


# Files that declare


def declared_in(tmp_path: Path, text: str) -> tuple[Unreachable, ...]:
    (tmp_path / "deckung.yaml").write_text(f"faelle: []\nunerreichbar:\n{text}", "utf-8")
    return unreachable(tmp_path)


def test_a_declaration_stands_beside_the_cases(tmp_path: Path) -> None:
    text = '  - {ableitung: festbetrag, ergebnis: open, fassung: "2022-01-26", grund: "Darum."}\n'
    (entry,) = declared_in(tmp_path, text)
    assert (entry.item, entry.result, entry.law, entry.reason) == ("festbetrag", "open", "2022-01-26", "Darum.")
    assert (entry.place.line, corpus(tmp_path)) == (3, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('  - {regel: x, ergebnis: open, fassung: "2022-01-26"}\n', "VIM010"),
        ('  - {ergebnis: open, fassung: "2022-01-26", grund: "Darum."}\n', "VIM010"),
        ('  - {regel: x, ergebnis: open, fassung: "2022-01-26", grund: "Darum.", warum: y}\n', "VIM011"),
    ],
)
def test_a_faulty_declaration_is_told_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(CorpusError) as refused:
        declared_in(tmp_path, text)
    assert [(fault.code, fault.place.line) for fault in refused.value.faults] == [(code, 3)]


# The command line


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["coverage", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def few(tmp_path: Path) -> str:
    """Return a directory with one file of cases."""
    shutil.copy(cases_directory() / "zielgruppe.yaml", tmp_path)
    return str(tmp_path)


def test_the_command_prints_a_matrix_and_ends_with_0_when_all_is_covered() -> None:
    status, output = run()
    assert status == 0
    assert "verlaengerung-moeglich" in output
    assert "3/3*" in output
    assert "Die Stammfassung kennt keine Verlängerung" in output
    assert "Ohne Fall" not in output


def test_the_command_ends_with_1_and_names_what_is_missing(few: str) -> None:
    status, output = run("--cases", few, "--missing", "--lang", "en")
    assert status == 1
    assert output.startswith("Without a case:")
    assert "  stelle-mindestumfang: met (2017-12-11, 2019-08-28," in output


def test_the_command_prints_markdown(few: str) -> None:
    status, output = run("--cases", few, "--format", "markdown")
    lines = output.splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert status == 1
    assert len({line.count("|") for line in table}) == 1
    assert "## Ohne Fall" in lines


def test_the_command_prints_json(few: str) -> None:
    status, output = run("--cases", few, "--format", "json", "--missing")
    document = json.loads(output)
    assert status == 1
    assert document["complete"] is False
    assert {cell["state"] for cell in document["cells"]} == {"missing"}
    assert document["reachable"] - document["covered"] == len(document["cells"])


def test_bad_input_ends_with_2(tmp_path: Path) -> None:
    assert run("--cases", str(tmp_path / "fehlt"))[0] == 2
    assert run("--rules", str(tmp_path / "fehlt"))[0] == 2
