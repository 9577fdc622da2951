"""Files that are odd, damaged or hostile: each is read as it is meant, or a fault says where and why."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import stat
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner

from hostile_tables import FILES, table_files
from vwv_im.cli.main import app
from vwv_im.tables import limits
from vwv_im.tables.file_batch import Batch
from vwv_im.tables.frames import request_of
from vwv_im.tables.workbooks import excel_source
from vwv_im.text import FaultyInputError

HEAD = "antrag_id;on;stelle.vzae;bemerkung\n"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["batch", *map(str, arguments)])
    return result.exit_code, result.output


def decided(path: Path, tmp_path: Path, ending: str = ".csv", *more: object) -> tuple[int, Any, list[tuple[str, ...]]]:
    """Return the status, the outcomes or what was told, and row, column and code of each fault."""
    target = tmp_path / f"aus{ending}"
    status, told = run(path, target, "--on", "2018-06-01", *more)
    if not target.exists():
        return status, told, []
    rows = pl.read_csv(target, separator=";", infer_schema=False, truncate_ragged_lines=True)
    listed = target.with_name(f"{target.name}.fehler.csv")
    faults = pl.read_csv(listed, separator=";", infer_schema=False).rows(named=True) if listed.exists() else []
    outcomes = rows["outcome"].to_list() if "outcome" in rows.columns else []
    return status, outcomes, [(one["zeile"], one["spalte"] or "", one["code"]) for one in faults]


def csv_file(tmp_path: Path, content: str | bytes, name: str = "ein.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Text: what decides how bytes are read, and where rows end


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_bad_byte_is_a_fault_of_its_cell(tmp_path: Path, mark: bytes) -> None:
    rows = HEAD.encode() + "1;2018-06-01;0,5;Köngen\n2;2018-06-01;0,5;".encode() + b"\xff\n"
    status, outcomes, faults = decided(csv_file(tmp_path, mark + rows), tmp_path)
    assert (status, outcomes) == (1, ["decided", "faulty"])
    assert faults == [("3", "bemerkung", "VIM185")]
    assert "Köngen" in (tmp_path / "aus.csv").read_text("utf-8")


def test_windows_text_stays_windows_text(tmp_path: Path) -> None:
    rows = (HEAD + "1;2018-06-01;0,5;Köngen – „Straße“\n").encode("cp1252")
    assert decided(csv_file(tmp_path, rows), tmp_path)[:2] == (0, ["decided"])
    assert "Köngen – „Straße“" in (tmp_path / "aus.csv").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_a_mark_decides_the_encoding(tmp_path: Path, encoding: str) -> None:
    rows = (HEAD + "1;2018-06-01;0,5;Köngen\n").encode(encoding)
    assert decided(csv_file(tmp_path, rows), tmp_path)[:2] == (0, ["decided"])
    assert "Köngen" in (tmp_path / "aus.csv").read_text("utf-8")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_rows_end_at_three_marks_alone(tmp_path: Path, end: str) -> None:
    odd = "\x0b\x0c\x1c\x85\u2028\u2029"
    rows = HEAD.replace("\n", end) + f"1;2018-06-01;0,5;a{odd}b;zuviel{end}2;2018-06-01;0,5;a{odd}b{end}"
    status, outcomes, faults = decided(csv_file(tmp_path, rows), tmp_path)
    assert (status, outcomes, faults) == (1, ["faulty", "decided"], [("2", "", "VIM184")])


@pytest.mark.parametrize(
    ("cells", "outcomes", "faults"),
    [
        ('1;2018-06-01;0,5;12" Rohr\n2;2018-06-01;0,5;b\n', ["decided", "decided"], []),
        ('1;2018-06-01;0,5;"Rohr\n2;2018-06-01;0,5;b\n', ["faulty", "decided"], [("2", "", "VIM185")]),
        ('1;2018-06-01;0,5;"12" Rohr"\n2;2018-06-01;0,5;b\n', ["faulty", "decided"], [("2", "", "VIM185")]),
        ('1;2018-06-01;0,5;"a\n2;2018-06-01;0,5;"b"\n', ["faulty", "decided"], [("2", "", "VIM185")]),
        ('1;2018-06-01;0,5;"zwei\nZeilen"\n2;2018-06-01;0,5;"b"\n', ["decided", "decided"], []),
        (f"1;2018-06-01;0,5;{'x' * 140_000}\n2;2018-06-01;0,5;b\n", ["faulty", "decided"], [("2", "", "VIM186")]),
    ],
    ids=["stray", "open", "closed-within", "open-then-quoted", "two-lines", "long"],
)
def test_a_quote_costs_no_more_than_its_row(
    tmp_path: Path, cells: str, outcomes: list[str], faults: list[tuple[str, ...]]
) -> None:
    assert decided(csv_file(tmp_path, HEAD + cells), tmp_path)[1:] == (outcomes, faults)


def test_a_line_that_names_the_separator_is_read(tmp_path: Path) -> None:
    assert decided(csv_file(tmp_path, "sep=|\n" + (HEAD + "1;2018-06-01;0.5;b\n").replace(";", "|")), tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "ein.csv",
            "Stellen 2018;;\n;;\nantrag_id;on;stelle.vzae\n1;2018-06-01;0,5\n",
            "ein.csv:3:1 VIM180 Die Kopfzeile",
        ),
        ("ein.csv", (HEAD + "1;2018-06-01;0,5;b\n").encode("utf-16")[2:], "UTF-16"),
        ("ein.csv", b"PK\x03\x04", "Arbeitsmappe"),
        ("ein.csv", b'{"stelle.vzae": 1}\n', "JSON"),
        ("ein.pdf", b"%PDF", "VIM183 Möglich sind .csv"),
        ("ein.xlsx", b"PAR1", "Parquet"),
        ("ein.xlsx", "a;b\n1;2\n", "Text"),
        ("ein.xlsx", b"\xd0\xcf\x11\xe0", "alte oder verschlüsselte"),
        ("ein.csv", f"on;{'x' * 1001}\n2018-06-01;1\n", "VIM186"),
        ("ein.csv", ";".join(f"s{number}" for number in range(16_385)) + "\n", "VIM186"),
        ("ein.csv", b"on;stelle.vz\xff\xe4e\n2018-06-01;1\n" + "ä".encode(), "VIM185"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, name: str, content: str | bytes, words: str) -> None:
    status, told = run(csv_file(tmp_path, content, name), tmp_path / "aus.csv", "--on", "2018-06-01")
    assert (status, words in told) == (2, True), told


def test_a_line_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROW", 1000)
    for name, line in (("ein.csv", "x;" * 600), ("ein.jsonl", '{"stelle.vzae": "' + "1" * 1200 + '"}')):
        status, told = run(csv_file(tmp_path, line, name), tmp_path / "aus.csv", "--on", "2018-06-01")
        assert (status, "VIM186" in told and "1000" in told) == (2, True)


def test_headers_are_neutralised_and_never_reach_the_terminal_raw(tmp_path: Path) -> None:
    head = "on;stelle.vzae;=HYPERLINK(1);＝1;-5\n"
    assert decided(csv_file(tmp_path, f"{head}2018-06-01;0,5;＝2;@x;y\n"), tmp_path)[0] == 0
    written = (tmp_path / "aus.csv").read_text("utf-8-sig").split("\n")
    assert written[0].startswith("on;stelle.vzae;'=HYPERLINK(1);'＝1;-5;")
    assert written[1].startswith("01.06.2018;0,5;'＝2;'@x;y;") or written[1].startswith("2018-06-01;0,5;'＝2;'@x;y;")
    status, told = run(csv_file(tmp_path, "stelle.\x1b[31mrot\n1\n"), tmp_path / "b.csv", "--on", "2018-06-01")
    assert (status, "\x1b" in told, r"\x1b[31mrot" in told) == (2, False, True)


# JSON Lines


def test_lines_are_read_by_the_one_reader_and_written_as_json(tmp_path: Path) -> None:
    lines = [
        '{"on": "2018-06-01", "stelle.vzae": "0.5", "notiz": "a\u2028b"}',
        '{"on": "2018-06-01", "stelle.vzae": 0.2, "stelle.vzae": 0.5}',
        '{"on": "2018-06-01", "stelle.vzae": NaN}',
        '{"on": "2018-06-01", "stelle.vzae": 1e400}',
        f'{{"on": "2018-06-01", "stelle.vzae": {"9" * 5000}}}',
        r'{"on": "2018-06-01", "stelle.vzae": "0.5", "notiz": "\ud800"}',
        "[" * 100_000,
    ]
    path = csv_file(tmp_path, "\n".join(lines), "ein.jsonl")
    assert run(path, tmp_path / "aus.jsonl", "--on", "2018-06-01")[0] == 1
    written = (tmp_path / "aus.jsonl").read_text("utf-8").rstrip("\n").split("\n")
    rows = [json.loads(line, parse_constant=pytest.fail) for line in written]
    assert [row["outcome"] for row in rows] == ["decided", *["faulty"] * 6]
    faults = pl.read_csv(tmp_path / "aus.jsonl.fehler.csv", separator=";", infer_schema=False)
    assert faults["code"].to_list() == ["VIM002", "VIM007", "VIM007", "VIM007", "VIM008", "VIM183"]
    assert rows[0]["notiz"] == "a\u2028b"


def test_whole_cases_that_say_a_thing_twice_are_faulty(tmp_path: Path) -> None:
    assert run(FILES / "dupkeys_case.jsonl", tmp_path / "aus.jsonl")[0] == 1
    assert run(FILES / "nan.jsonl", tmp_path / "nan.jsonl")[0] == 1
    for line in (tmp_path / "nan.jsonl").read_text("utf-8").rstrip("\n").split("\n"):
        json.loads(line, parse_constant=pytest.fail)


# Workbooks


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        (
            "x_errcells",
            [("2", "stelle.vzae", "VIM185"), ("2", "Bemerkung", "VIM185"), ("3", "stelle.person_benannt", "VIM185")],
        ),
        ("x_formula_nocache", [("2", "stelle.vzae", "VIM185")]),
        ("x_bigids", [("2", "antrag_id", "VIM185"), ("3", "antrag_id", "VIM185")]),
        ("far_both_small", [("20000", "", "VIM184")]),
        ("x_far_value", []),
        ("x_corners", []),
        ("merged_right", []),
    ],
)
def test_a_cell_of_a_workbook_states_a_value_or_a_fault(tmp_path: Path, name: str, faults: list[Any]) -> None:
    status, outcomes, found = decided(FILES / f"{name}.xlsx", tmp_path)
    assert (status, found) == (1 if faults else 0, faults)
    assert outcomes.count("faulty") >= len({row for row, *_ in faults})


def test_hidden_sheets_are_decided_only_where_they_are_named(tmp_path: Path) -> None:
    status, told = run(FILES / "x_hidden_first.xlsx", tmp_path / "aus.csv")
    assert (status, "Gelesen: Daten." in told, "ausgeblendet: Alt" in told) == (0, True, True)
    status, told = run(FILES / "x_hidden_first.xlsx", tmp_path / "aus.csv", "--sheet", "Alt")
    assert "Gelesen: Alt." in told
    status, told = run(FILES / "x_hidden_first.xlsx", tmp_path / "aus.csv", "--sheet", "Neu")
    assert (status, "es gibt Alt, Daten" in told) == (2, True)
    status, told = run(FILES / "bom_good2.csv", tmp_path / "aus.csv", "--sheet", "Neu")
    assert status == 2


def test_a_sheet_that_no_list_is_called_like_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ein.xlsx"
    with xlsxwriter.Workbook(path) as book:
        rows, members = book.add_worksheet("Stellen"), book.add_worksheet("Mitgliedr")
        book.add_worksheet("Tabelle3")
        rows.write_row(0, 0, ["antrag_id", "on", "stelle.vzae"])
        rows.write_row(1, 0, ["1", "2018-06-01", 1])
        members.write_row(0, 0, ["antrag_id", "mitglied.art"])
    status, told = run(path, tmp_path / "aus.csv")
    assert (status, "heißt: Mitgliedr." in told, "Tabelle3" in told) == (0, True, False)
    assert "Mitgliedr" not in run(path, tmp_path / "aus.csv", "--sheet", "Stellen")[1]


def test_a_hidden_list_is_neither_read_nor_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ein.xlsx"
    with xlsxwriter.Workbook(path) as book:
        rows, members = book.add_worksheet("Stellen"), book.add_worksheet("Mitglieder")
        members.hide()
        for sheet, lines in (
            (rows, [["antrag_id", "on", "stelle.vzae"], ["1", "2018-06-01", 1]]),
            (members, [["antrag_id", "mitglied.art"], ["1", "gemeinde"]]),
        ):
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    status, told = run(path, tmp_path / "aus.csv")
    assert (status, "'Mitglieder' ist ausgeblendet" in told) == (2, True)
    assert run(path, tmp_path / "aus.csv", "--sheet", "Stellen")[0] == 0
    assert run(path, tmp_path / "aus.csv", "--sheet", "Stellen", "--sheet", "Mitglieder")[0] == 0


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">{}</row>{}'
NAMES = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("on", "stelle.vzae"))
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def made_book(path: Path, rest: Iterable[str]) -> Path:
    """Write a workbook from the XML of its rows."""

    def related(name: str, kind: str, part: str) -> str:
        return f'<Relationships><Relationship Id="{name}" Type="{RELATION}/{kind}" Target="{part}"/></Relationships>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("_rels/.rels", related("a", "officeDocument", "xl/workbook.xml"))
        book.writestr("xl/_rels/workbook.xml.rels", related("b", "worksheet", "worksheets/sheet1.xml"))
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{RELATION}"><sheets><sheet name="Stellen" r:id="b"/></sheets></workbook>',
        )
        with book.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(SHEET.format(NAMES, "").encode())
            for text in rest:
                part.write(text.encode())
    return path


@pytest.mark.parametrize(
    ("rest", "limit"),
    [
        ([" " * 10_000_000] * 30, "256000000"),
        (["<row/>" * 1_000_000] * 2, "150"),
        (["<row><c><v>1</v></c></row>"] * 20_000, "10000"),
    ],
    ids=["size", "packed", "cells"],
)
def test_a_workbook_is_bounded_before_it_is_unpacked(
    tmp_path: Path, rest: list[str], limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if limit == "10000":
        monkeypatch.setattr(limits, "CELLS", 10_000)
    path = made_book(tmp_path / "ein.xlsx", [*rest, "</sheetData></worksheet>"])
    status, told = run(path, tmp_path / "aus.csv")
    assert (status, "VIM186" in told and limit in told) == (2, True), told


def test_merged_cells_that_overlap_are_filled_once(tmp_path: Path) -> None:
    rows = (f'<row r="{row}"><c r="A{row}"/><c r="B{row}"><v>0.5</v></c></row>' for row in range(2, 400))
    merged = "".join(f'<mergeCell ref="A{row}:A1048576"/>' for row in range(2, 400))
    rest = [*rows, "</sheetData><mergeCells>", merged, "</mergeCells></worksheet>"]
    law, _ = request_of()
    source = excel_source(made_book(tmp_path / "ein.xlsx", rest), law, "antrag")
    assert source.total == 398


def test_a_document_type_is_no_workbook(tmp_path: Path) -> None:
    path = made_book(tmp_path / "ein.xlsx", ["</sheetData></worksheet>"])
    content = path.read_bytes()
    assert b"DOCTYPE" not in content
    path = made_book(tmp_path / "zwei.xlsx", ["<!DOCTYPE x>", "</sheetData></worksheet>"])
    assert run(path, tmp_path / "aus.csv", "--on", "2018-06-01")[0] == 2


@pytest.mark.parametrize("encoding", ["TF-8", "rot13", "base64", "punycode", "", "UTF-7"])
def test_an_encoding_that_xml_does_not_know_is_no_workbook(tmp_path: Path, encoding: str) -> None:
    path = made_book(tmp_path / "eins.xlsx", ["</sheetData></worksheet>"])
    other = tmp_path / "zwei.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            declared = f'<?xml version="1.0" encoding="{encoding}"?>' if name.endswith("sheet1.xml") else ""
            new.writestr(name, declared.encode() + old.read(name))
    assert run(other, tmp_path / "aus.csv", "--on", "2018-06-01")[0] in (1, 2)


# Parquet


@pytest.mark.parametrize(("name", "status"), [("crash_2_1", 2), ("dezimal_38_30", 0), ("pq_dur", 0), ("pq_tz", 0)])
@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_odd_parquet_is_carried_or_refused(tmp_path: Path, name: str, status: int, ending: str) -> None:
    ended, told = run(FILES / f"{name}.parquet", tmp_path / f"aus{ending}", "--on", "2018-06-01")
    assert (ended, "Traceback" in told) == (status, False)


@pytest.mark.parametrize(
    ("column", "dtype", "code"),
    [
        ("x", pl.List(pl.Binary), "VIM180"),
        ("antrag_id", pl.Binary, "VIM181"),
        ("antrag_id", pl.List(pl.Int8), "VIM181"),
    ],
)
def test_a_type_that_no_table_has_is_refused_by_name(tmp_path: Path, column: str, dtype: Any, code: str) -> None:
    path = tmp_path / "ein.parquet"
    pl.DataFrame({"stelle.vzae": [0.5], column: pl.Series([None], dtype=dtype)}).write_parquet(path)
    status, told = run(path, tmp_path / "aus.csv", "--on", "2018-06-01")
    assert (status, f"{code} {column}" in told) == (2, True), told


# What is written


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")
def test_what_is_there_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    source, real, link = csv_file(tmp_path, HEAD + "1;2018-06-01;0,5;b\n"), tmp_path / "wahr.csv", tmp_path / "aus.csv"
    real.write_text("alt")
    real.chmod(0o640)
    link.symlink_to(real)
    assert run(source, link)[0] == 0
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "outcome" in real.read_text("utf-8")


def test_no_file_is_written_that_is_read(tmp_path: Path) -> None:
    for name in ("x.csv.fehler.csv", "y.csv"):
        source = csv_file(tmp_path, HEAD + "1;2018-06-01;0,5;b\n", name)
        before = source.read_bytes()
        status, told = run(source, tmp_path / name.removesuffix(".fehler.csv"))
        assert (status, "VIM003" in told, source.read_bytes()) == (2, True, before)
    linked = tmp_path / "z.csv"
    os.link(source, linked)
    assert run(source, linked)[0] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv.fehler.csv", "y.csv", "z.csv"]


def test_a_template_for_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    status, told = run("--template", tmp_path / "fehlt" / "vorlage.xlsx")
    assert (status, "den Ordner gibt es nicht" in told) == (2, True)


# Anything


@given(table_files())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, bytes]) -> None:
    ending, content = drawn
    folder = tmp_path_factory.mktemp("beliebig")
    path = csv_file(folder, content, f"ein{ending}")
    law, request = request_of(on="2018-06-01")
    with contextlib.suppress(FaultyInputError):
        Batch(path, folder / "aus.jsonl", law, request, dated=False).run()
        for line in (folder / "aus.jsonl").read_text("utf-8").rstrip("\n").split("\n"):
            json.loads(line, parse_constant=pytest.fail)
    assert {one.name for one in folder.iterdir()} <= {path.name, "aus.jsonl", "aus.jsonl.fehler.csv"}
