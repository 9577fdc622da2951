"""A workbook that states one case: its sheets in words become the lists of the case, for the page that loads it."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from typer.testing import CliRunner

from vwv_im import CaseError, evaluate, regulation
from vwv_im.cli.main import app
from vwv_im.decision.case_edits import data_of
from vwv_im.tables.table_faults import FrameError
from vwv_im.tables.workbook_case import case_in

KEY = "Förderung (Kennung)"
SHEETS: dict[str, list[list[Any]]] = {
    "Förderung": [[KEY, "Veröffentlichter Planungsrahmen"], ["F1", 200000]],
    "Stellen": [
        [KEY, "Kennung der Stelle", "Beschäftigungsbeginn"],
        ["F1", "1", "01.01.2018"],
        ["F1", "2", "01.01.2018"],
    ],
    "Bescheide": [
        [KEY, "Bescheid (Kennung)", "Tag des Bescheids", "Art des Bescheids"],
        ["F1", "B1", "01.02.2018", "Erstbescheid"],
    ],
    "Positionen": [
        ["Bescheid (Kennung)", "Stelle der Position", "Erster bewilligter Tag", "Bewilligter Umfang"],
        ["B1", "1", "01.01.2018", 1],
        ["B1", "2", "01.01.2018", 0.5],
    ],
    "Auszahlungen": [[KEY, "Tag der Auszahlung", "Ausgezahlter Betrag (€)"], ["F1", "15.06.2018", 160000]],
}


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def read(sheets: dict[str, list[list[Any]]], question: str = "verwendungsnachweis") -> Any:
    return data_of(case_in(workbook(sheets), regulation(), question, "mappe.xlsx").case)


def test_sheets_in_words_become_the_lists_of_a_case() -> None:
    stated = read(SHEETS)["foerderung"]
    assert stated["stellen"][1] == {"id": "2", "beschaeftigungsbeginn": date(2018, 1, 1)}
    (notice,) = stated["bewilligungen"]
    assert (notice["tag"], notice["art"]) == (date(2018, 2, 1), "erstbescheid")
    assert [(one["stelle"], one["vzae"]) for one in notice["positionen"]] == [("1", Decimal(1)), ("2", Decimal("0.5"))]
    assert stated["auszahlungen"] == [{"tag": date(2018, 6, 15), "betrag_eur": Decimal(160000)}]
    assert "beschaeftigungen" not in stated, "what has no sheet is unknown, not empty"


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ({**SHEETS, "Auszahlungen": [SHEETS["Auszahlungen"][0], ["F1", "15.06.2018", "viel"]]}, "'viel'"),
        (
            {**SHEETS, "Auszahlungen": [SHEETS["Auszahlungen"][0], ["F2", "15.06.2018", 1]]},
            "Auszahlungen!Förderung (Kennung) Förderung mit der Kennung 'F2' gibt es nicht. 2",
        ),
        (
            {**SHEETS, "Auszahlungen": [SHEETS["Auszahlungen"][0], [None, "15.06.2018", 1]]},
            "Auszahlungen!Förderung (Kennung) Die Kennung fehlt. 2",
        ),
        (
            {**SHEETS, "Bescheide": [*SHEETS["Bescheide"], ["F1", "B1", "01.02.2019", "Erstbescheid"]]},
            "Bescheide!Bescheid (Kennung) Die Kennung 'B1' steht mehr als einmal da. Siehe Zeile 3 der",
        ),
        (
            {
                "Stellen": [
                    [KEY, "Kennung der Stelle", "Veröffentlichter Planungsrahmen"],
                    *(["F1", f"{at}", 20 + at] for at in (0, 0, 7)),
                ]
            },
            "nennen Verschiedenes: hier '27', zuvor '20'. Siehe Zeile 2 der gelesenen Tabelle. 4",
        ),
        ({**SHEETS, "Förderung": [SHEETS["Förderung"][0], ["F1", 1], ["F2", 1]]}, "2 Fälle"),
        ({**SHEETS, "Förderung": [SHEETS["Förderung"][0]]}, "keine Zeilen"),
        ({**SHEETS, "Zahlungen": SHEETS["Auszahlungen"]}, "Zahlungen"),
    ],
)
def test_what_is_no_case_is_told_with_its_place(sheets: dict[str, list[list[Any]]], told: str) -> None:
    with pytest.raises(FrameError) as error:
        read(sheets)
    said = " ".join(f"{fault.path} {fault.message.de} {fault.place.line}" for fault in error.value.faults)
    assert told in said, said


def test_a_sheet_that_is_empty_or_of_the_template_is_no_fault() -> None:
    assert read({**SHEETS, "Tabelle7": [], "Erklärung": [["Blatt", "Spalte"]]}) == read(SHEETS)


def test_a_sheet_without_entries_is_an_empty_list_where_it_is_said_to_be_complete() -> None:
    listed = "Unterbrechungen des Entgelts"
    sheets = {
        **SHEETS,
        "Beschäftigungen": [
            [KEY, "Beschäftigung (Kennung)", "Stelle der Beschäftigung", f"{listed} vollständig (ja/nein)"],
            ["F1", "P1", "1", "ja"],
            ["F1", "P2", "2", None],
        ],
        listed: [["Beschäftigung (Kennung)", "Erster Tag ohne Entgelt"]],
    }
    first, second = read(sheets)["foerderung"]["beschaeftigungen"]
    assert first["entgelt_unterbrochen"] == []
    assert "entgelt_unterbrochen" not in second, "unknown, as nobody said that there was none"


def test_a_workbook_of_another_question_is_the_case_of_that_one() -> None:
    assert read(SHEETS, "antrag") == read(SHEETS), "sheets of a Förderung, while the question of the Antrag is chosen"
    with pytest.raises(FrameError) as error:
        read({**SHEETS, "Zahlungen": SHEETS["Auszahlungen"]}, "antrag")
    assert "Zahlungen" in error.value.faults[0].message.de


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(FrameError):
        case_in(b"PK", regulation(), "verwendungsnachweis", "mappe.xlsx")


@pytest.mark.parametrize(
    ("days", "on"),
    [(["30.11.2026", None], date(2026, 11, 30)), ([None, "2026-11-30"], date(2026, 11, 30)), ([None, None], None)],
)
def test_the_day_of_decision_is_read_with_the_case(days: list[str | None], on: date | None) -> None:
    rows = [["Tag der Entscheidung", "Kennung der Stelle", "Förderung (Kennung)"]]
    sheets = {"Stellen": [*rows, *([day, f"{at}", "F1"] for at, day in enumerate(days))]}
    assert case_in(workbook(sheets), regulation(), "verwendungsnachweis", "mappe.xlsx").on == on


@pytest.mark.parametrize("days", [["gestern", None], ["30.11.2026", "29.11.2026"]])
def test_a_day_of_decision_that_is_none_is_told(days: list[str | None]) -> None:
    rows = [["Tag der Entscheidung", "Kennung der Stelle", "Förderung (Kennung)"]]
    sheets = {"Stellen": [*rows, *([day, f"{at}", "F1"] for at, day in enumerate(days))]}
    with pytest.raises(FrameError) as error:
        read(sheets)
    (fault,) = error.value.faults
    assert fault.path == "Stellen!Tag der Entscheidung"


@pytest.mark.parametrize("left_out", [None, "Förderung", "Stellen"])
def test_sheets_of_another_question_say_which(left_out: str | None, tmp_path: Path) -> None:
    """Without the question the command asks for an application; the sheets are those of a Förderung."""
    (tmp_path / "mappe.xlsx").write_bytes(workbook({name: rows for name, rows in SHEETS.items() if name != left_out}))
    done = CliRunner().invoke(app, ["batch", str(tmp_path / "mappe.xlsx"), str(tmp_path / "aus.xlsx")])
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("--question verwendungsnachweis")


def test_a_case_of_another_question_says_which() -> None:
    with pytest.raises(CaseError) as error:
        evaluate({"foerderung": {}}, on="2026-11-30")
    (fault,) = error.value.faults
    assert fault.hint is not None
    assert fault.hint.de.endswith("--question verwendungsnachweis")


def test_what_contradicts_itself_is_told_with_its_row_in_the_results(tmp_path: Path) -> None:
    """Each row of a Förderung said that a Position ends before it begins; none said which."""
    header, first, second = SHEETS["Positionen"]
    ends = [[*header, "Letzter bewilligter Tag"], [*first, "31.12.2018"], [*second, "31.12.2017"]]
    source, target = tmp_path / "ein.xlsx", tmp_path / "aus.xlsx"
    source.write_bytes(workbook({**SHEETS, "Positionen": ends}))
    asked = ["--question", "verwendungsnachweis", "--on", "2026-11-30"]
    CliRunner().invoke(app, ["batch", str(source), str(target), *asked])
    reasons = python_calamine.CalamineWorkbook.from_path(str(target)).get_sheet_by_name("Gründe").to_python()
    told = [said for _, verdict, said, _ in reasons if verdict == "widersprüchlich"]
    assert told == ["Positionen, Zeile 4: Die Position endet, bevor sie beginnt"]
    with zipfile.ZipFile(target) as archive:
        notes = "".join(archive.read(name).decode() for name in archive.namelist() if "comments" in name)
    assert "Die Position endet, bevor sie beginnt" in notes
