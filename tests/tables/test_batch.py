"""`vwv-im batch`: every row answered or told, German cells, applications in pieces, no half file, no formula."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import python_calamine
import xlsxwriter
from typer.testing import CliRunner

import vwv_im
from support import ROOT
from vwv_im.cli.main import app
from vwv_im.tables.batch import Batch
from vwv_im.tables.frames import request_of

GERMAN = """antrag_id;on;stelle.vzae;stelle.beschaeftigungsbeginn;antrag.art;stelle.personalkosten_eur_jahr;bemerkung
1;01.06.2018;0,5;1.3.2018;erstantrag;64.000,50;=1+1
1;01.06.2018;0,2;01.04.2018;;;x
2;;0,x;;;;
3;2021-06-01;1;32.1.2018;;;-5
4;01.06.2018;0,25;;verlaengerung;;"zwei
Zeilen; ein Feld"
"""


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["batch", *map(str, arguments)])
    return result.exit_code, result.output


def rows_of(path: Path) -> list[dict[str, str | None]]:
    return pl.read_csv(path, separator=";", infer_schema=False).to_dicts()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ein.csv"
    path.write_text(GERMAN, "utf-8")
    return path


def test_german_cells_are_read_and_written(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "aus.csv"
    assert run(source, target)[0] == 1
    rows = rows_of(target)
    assert [row["outcome"] for row in rows] == ["decided", "decided", "faulty", "faulty", "decided"]
    assert rows[0]["antrag.vzae_gesamt"] == "0,7"
    assert rows[0]["stelle.bewilligungsende"] == "29.02.2020"
    assert rows[4]["bemerkung"] == "zwei\nZeilen; ein Feld"
    faults = rows_of(tmp_path / "aus.csv.fehler.csv")
    assert [(one["zeile"], one["spalte"], one["code"]) for one in faults] == [
        ("4", "on", "VIM116"), ("4", "stelle.vzae", "VIM112"), ("5", "stelle.beschaeftigungsbeginn", "VIM117"),
    ]  # fmt: skip


def test_text_never_becomes_a_formula(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "aus.csv")
    assert [row["bemerkung"] for row in rows_of(tmp_path / "aus.csv")][:4] == ["'=1+1", "x", None, "-5"]
    run(source, tmp_path / "aus.xlsx")
    sheet = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "aus.xlsx")).get_sheet_by_name("Ergebnis")
    assert sheet.to_python()[1][6] == "=1+1"


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl", ".xlsx"])
def test_every_form_gives_the_same(source: Path, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"aus{ending}"
    assert run(source, target)[0] == 1
    verdicts = ["no", "no", None, None, "no"]
    match ending:
        case ".csv":
            found = [row["verdict"] for row in rows_of(target)]
        case ".parquet":
            found = pl.read_parquet(target)["verdict"].to_list()
        case ".jsonl":
            found = [json.loads(line)["verdict"] for line in target.read_text("utf-8").splitlines()]
        case _:
            head, *lines = python_calamine.CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
            found = [line[head.index("verdict")] or None for line in lines]
    assert found == verdicts


def test_a_workbook_comes_back_with_reasons_and_can_be_decided_again(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "aus.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "aus.xlsx"))
    reasons = book.get_sheet_by_name("Gründe").to_python()
    assert reasons[0] == ["Zeile", "Regel", "Anforderung", "Ergebnis"]
    assert [3.0, "stelle-mindestumfang", "Mindestumfang der einzelnen Stelle", "nein"] in reasons
    assert [2.0, "stelle-mindestumfang", "Mindestumfang der einzelnen Stelle", "nein"] not in reasons
    run(source, tmp_path / "eins.parquet")
    run(tmp_path / "aus.xlsx", tmp_path / "zwei.parquet")
    columns = ["verdict", "antrag.vzae_gesamt", "reasons_no", "stelle.reasons_open"]
    assert pl.read_parquet(tmp_path / "eins.parquet", columns=columns).equals(
        pl.read_parquet(tmp_path / "zwei.parquet", columns=columns)
    )


def test_the_template_holds_every_fact_and_can_be_filled_in(tmp_path: Path) -> None:
    assert run("--template", tmp_path / "vorlage.xlsx")[0] == 0
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "vorlage.xlsx"))
    head = book.get_sheet_by_name("Stellen").to_python()[0]
    facts = {path for path, fact in vwv_im.case.FACTS.items() if fact.scope in ("antrag", "stelle")}
    assert facts <= set(head)
    filled = xlsxwriter.Workbook(str(tmp_path / "voll.xlsx"))
    sheet = filled.add_worksheet("Stellen")
    values = {
        "on": date(2018, 6, 1),
        "stelle.vzae": 0.2,
        "stelle.person_benannt": "ja",
        "antrag.durchfuehrung": "eigen, dritte",
    }
    day = filled.add_format({"num_format": "dd.mm.yyyy"})
    for column, name in enumerate(head):
        sheet.write(0, column, name)
        if name == "on":
            sheet.write_datetime(1, column, values[name], day)
        elif name in values:
            sheet.write(1, column, values[name])
    filled.close()
    assert run(tmp_path / "voll.xlsx", tmp_path / "aus.csv")[0] == 0
    assert rows_of(tmp_path / "aus.csv")[0]["verdict"] == "no"


def test_planted_faults_come_back_and_all_other_rows_are_answered(tmp_path: Path) -> None:
    sizes = ["viel" if number % 100 == 7 else f"0,{number % 90 + 10}" for number in range(2000)]
    lines = [f"{size};01.06.2018" for size in sizes]
    (tmp_path / "ein.csv").write_text("stelle.vzae;on\n" + "\n".join(lines) + "\n", "utf-8")
    law, request = request_of(question="antrag")
    summary = Batch(tmp_path / "ein.csv", tmp_path / "aus.parquet", law, request, True, at_once=300).run()
    assert (summary.rows, summary.faulty_rows, summary.faults) == (2000, 20, 20)
    found = pl.read_parquet(tmp_path / "aus.parquet")
    wanted = {
        size: vwv_im.evaluate(
            {"antrag": {"stellen": [{"vzae": size.replace(",", ".")}]}}, on="2018-06-01", engine="direct"
        )
        for size in set(sizes) - {"viel"}
    }
    for size, verdict in zip(sizes, found["verdict"], strict=True):
        assert verdict == (None if size == "viel" else wanted[size].verdict)
    assert [int(one["zeile"] or 0) for one in rows_of(tmp_path / "aus.parquet.fehler.csv")] == [
        number + 2 for number, size in enumerate(sizes) if size == "viel"
    ]


def test_applications_are_not_parted_by_pieces(tmp_path: Path) -> None:
    lines = [f"{number // 7};0,{number % 3 + 3};01.06.2018" for number in range(700)]
    (tmp_path / "ein.csv").write_text("antrag_id;stelle.vzae;on\n" + "\n".join(lines) + "\n", "utf-8")
    law, request = request_of(question="antrag")
    for name, size in (("ganz", 10_000), ("klein", 5)):
        Batch(tmp_path / "ein.csv", tmp_path / f"{name}.parquet", law, request, True, at_once=size).run()
    assert pl.read_parquet(tmp_path / "ganz.parquet").equals(pl.read_parquet(tmp_path / "klein.parquet"))


def test_scattered_applications_are_refused(tmp_path: Path) -> None:
    lines = [f"{number % 350};0,5;01.06.2018" for number in range(700)]
    (tmp_path / "ein.csv").write_text("antrag_id;stelle.vzae;on\n" + "\n".join(lines) + "\n", "utf-8")
    law, request = request_of(question="antrag")
    with pytest.raises(vwv_im.FrameError, match="do not follow"):
        Batch(tmp_path / "ein.csv", tmp_path / "aus.csv", law, request, True, at_once=20).run()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ein.csv"]


def test_the_day_asked_for_is_that_of_rows_without_one(tmp_path: Path) -> None:
    (tmp_path / "ein.csv").write_text("on;stelle.vzae\n;0,5\n01.06.2021;0,5\n", "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.csv", "--on", "2018-06-01")[0] == 0
    assert [row["fassung"] for row in rows_of(tmp_path / "aus.csv")] == ["2017-12-11", "2020-11-11"]


def test_windows_encoding_and_rows_of_any_length(tmp_path: Path) -> None:
    text = "stelle.bezeichnung;stelle.vzae\nGrün;0,5\n\nkurz\nlang;0,5;zu viel\n"
    (tmp_path / "ein.csv").write_bytes(text.encode("cp1252"))
    assert run(tmp_path / "ein.csv", tmp_path / "aus.csv", "--on", "2018-06-01")[0] == 1
    rows = rows_of(tmp_path / "aus.csv")
    assert [(row["stelle.bezeichnung"], row["outcome"]) for row in rows] == [
        ("Grün", "decided"), ("kurz", "decided"), ("lang", "faulty"),
    ]  # fmt: skip
    assert [(one["zeile"], one["code"]) for one in rows_of(tmp_path / "aus.csv.fehler.csv")] == [("5", "VIM184")]


def test_json_lines_hold_whole_cases(tmp_path: Path) -> None:
    cases = [
        {"antrag": {"stellen": [{"vzae": "0.5"}, {"vzae": 0.2}]}},
        {"stelle.vzae": "0.5"},
        {"antrag": {"art": "x"}},
    ]
    (tmp_path / "ein.jsonl").write_text("\n".join(map(json.dumps, cases)) + "\nkein json\n", "utf-8")
    assert run(tmp_path / "ein.jsonl", tmp_path / "aus.jsonl", "--on", "2018-06-01")[0] == 1
    found = [json.loads(line) for line in (tmp_path / "aus.jsonl").read_text("utf-8").splitlines()]
    assert [one["outcome"] for one in found] == ["decided", "decided", "faulty", "faulty"]
    assert found[0]["derived"] == vwv_im.evaluate(cases[0], on="2018-06-01", engine="direct").derived
    assert run(tmp_path / "ein.jsonl", tmp_path / "aus.csv", "--on", "2018-06-01")[0] == 1
    assert [row["verdict"] for row in rows_of(tmp_path / "aus.csv")] == ["no", "open", None, None]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ein.csv", b"", "Kopfzeile"),
        ("ein.csv", b"a;a\n1;2\n", "VIM180"),
        ("ein.csv", b"stelle.vzae\n", "keine Zeilen"),
        ("ein.csv", b"stelle.vzea\n0,5\n", "VIM101"),
        ("ein.parquet", b"kaputt", "Parquet"),
        ("ein.xlsx", b"kaputt", "Arbeitsmappe"),
        ("ein.doc", b"x", "sind"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    status, told = run(tmp_path / name, tmp_path / "aus.csv", "--on", "2018-06-01")
    assert status == 2
    assert words in told
    assert not (tmp_path / "aus.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_killed_run_leaves_nothing_under_the_final_name_and_runs_again(tmp_path: Path) -> None:
    lines = "".join(f"0,{number % 90 + 10};01.06.2018\n" for number in range(200_000))
    (tmp_path / "ein.csv").write_text("stelle.vzae;on\n" + lines, "utf-8")
    command = [sys.executable, "-m", "vwv_im", "batch", str(tmp_path / "ein.csv"), str(tmp_path / "aus.csv")]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    until = time.monotonic() + 60
    while not any(path.stat().st_size for path in tmp_path.glob(".aus.csv.[0-9]*")) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    assert not (tmp_path / "aus.csv").exists()
    (tmp_path / "ein.csv").write_text("stelle.vzae;on\n0,5;01.06.2018\n", "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.csv")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aus.csv", "ein.csv"]
