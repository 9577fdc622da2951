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
from support import FACTS, ROOT
from vwv_im.cli.main import app
from vwv_im.tables.file_batch import Batch
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
    assert book(tmp_path / "aus.xlsx")["Ergebnis"][0]["bemerkung"] == "=1+1"


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
            found = [row["verdict"] for row in book(target)["Ergebnis"]]
            verdicts = ["nein", "nein", "fehlerhaft", "fehlerhaft", "nein"]
    assert found == verdicts


def test_a_workbook_comes_back_with_reasons_and_can_be_decided_again(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "aus.xlsx")
    reasons = [list(row.values()) for row in book(tmp_path / "aus.xlsx")["Gründe"]]
    assert list(book(tmp_path / "aus.xlsx")["Gründe"][0]) == [
        "Zeile in „Ergebnis“",
        "Ergebnis",
        "Anforderung",
        "Kennung der Regel",
    ]
    assert [4.0, "nein", "Mindestumfang der einzelnen Stelle", "stelle-mindestumfang"] in reasons
    assert [3.0, "nein", "Mindestumfang der einzelnen Stelle", "stelle-mindestumfang"] not in reasons
    run(source, tmp_path / "eins.parquet")
    run(tmp_path / "aus.xlsx", tmp_path / "zwei.parquet")
    columns = ["verdict", "antrag.vzae_gesamt", "reasons_no", "stelle.reasons_open"]
    assert pl.read_parquet(tmp_path / "eins.parquet", columns=columns).equals(
        pl.read_parquet(tmp_path / "zwei.parquet", columns=columns)
    )


ODD = "stelle-ueber-zwei-vzae"


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl", ".xlsx"])
def test_what_is_not_plausible_is_told_in_every_form(tmp_path: Path, ending: str) -> None:
    (tmp_path / "ein.csv").write_text("antrag_id;on;stelle.vzae\n1;01.06.2018;39\n1;01.06.2018;2\n", "utf-8")
    target = tmp_path / f"aus{ending}"
    run(tmp_path / "ein.csv", target)
    match ending:
        case ".csv":
            found = [(row["plausibility"], row["stelle.plausibility"]) for row in rows_of(target)]
        case ".parquet":
            names, masks = vwv_im.mask_layout().names, pl.read_parquet(target)
            columns = ("plausibility", "stelle.plausibility")
            found = [
                tuple(", ".join(names("plausibility", one)) or None for one in row)
                for row in masks.select(columns).iter_rows()
            ]
        case ".jsonl":
            lines = map(json.loads, target.read_text("utf-8").splitlines())
            found = [
                tuple(", ".join(line[key] or ()) or None for key in ("plausibility", "stelle.plausibility"))
                for line in lines
            ]
        case _:
            title, sentence = "Ungewöhnlich großer Stellenumfang", "Sind Wochenstunden gemeint oder mehrere Stellen?"
            rows = book(target)["Ergebnis"]
            found = [
                tuple({title: ODD, "": None}[str(row[key])] for key in ("plausibility", "stelle.plausibility"))
                for row in rows
            ]
            told = [list(row.values()) for row in book(target)["Gründe"] if ODD in row.values()]
            assert told == [[3.0, "auffällig", f"{title}. {sentence}", ODD]]
    assert found == [(ODD, ODD), (ODD, None)]


def test_a_fault_of_a_line_shows_what_stands_there(tmp_path: Path) -> None:
    stated = {"stellen": [{"vzae": "x"}, {"vzea": [1]}], "mitglieder": 3}
    (tmp_path / "ein.jsonl").write_text(json.dumps({"antrag": stated}) + "\n", "utf-8")
    assert run(tmp_path / "ein.jsonl", tmp_path / "aus.jsonl", "--on", "2018-06-01")[0] == 1
    faults = rows_of(tmp_path / "aus.jsonl.fehler.csv")
    assert {one["spalte"]: one["wert"] for one in faults} == {
        "antrag.stellen[0].vzae": "x",
        "antrag.stellen[1].vzea": "[1]",
        "antrag.mitglieder": "3",
    }


def test_what_may_be_granted_and_what_is_advised_stand_apart_from_the_reasons(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "aus.csv")
    bits = vwv_im.mask_layout()
    arts = dict(zip(bits.requirements, bits.arts, strict=True))
    for row in rows_of(tmp_path / "aus.csv"):
        for column, text in row.items():
            names = (text or "").split(", ") if text else []
            if "reasons_" in column:
                assert {arts[name] for name in names} <= {"muss", "soll"}
        assert {arts[name] for name in (row["options"] or "").split(", ") if name} <= {"kann", "darf"}
        assert {arts[name] for name in (row["hints"] or "").split(", ") if name} <= {"hinweis"}
    assert any(row["hints"] for row in rows_of(tmp_path / "aus.csv"))


def test_a_permission_is_an_option_of_the_row(tmp_path: Path) -> None:
    table = tmp_path / "stellen.csv"
    table.write_text(
        "antrag.art;stelle.bewilligte_gruppe;stelle.hochschulabschluss;stelle.fachrichtung;stelle.nachbesetzt_ab\n"
        "nachbesetzung;c;bachelor;sozialwesen;2021-01-01\n",
        "utf-8",
    )
    run(table, tmp_path / "aus.csv", "--on", "2021-06-01")
    (row,) = rows_of(tmp_path / "aus.csv")
    assert "nachbesetzung-mit-hoeherer-qualifikation" in (row["options"] or "").split(", ")


def test_the_template_holds_every_fact_and_can_be_filled_in(tmp_path: Path) -> None:
    assert run("--template", tmp_path / "vorlage.xlsx")[0] == 0
    sheets = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "vorlage.xlsx"))
    head = sheets.get_sheet_by_name("Stellen").to_python()[1]
    facts = {path for path, fact in FACTS.items() if fact.scope in ("antrag", "stelle")}
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
    assert (summary.rows, summary.outcomes["faulty"], summary.faults) == (2000, 20, 20)
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
    with pytest.raises(vwv_im.FrameError, match="do not follow") as raised:
        Batch(tmp_path / "ein.csv", tmp_path / "aus.csv", law, request, True, at_once=20).run()
    fault = raised.value.faults[0]
    assert (fault.place.line, fault.message.de) == (
        352, "Antrag '0' beginnt schon in Zeile 2; die Zeilen folgen nicht aufeinander.",
    )  # fmt: skip
    assert len(raised.value.faults) == 350
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


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody may write to")
def test_a_folder_that_cannot_be_written_to_is_told_in_german(source: Path) -> None:
    status, told = run(source, "/proc/aus.csv")
    assert (status, "Die Datei kann nicht geschrieben werden: den Ordner gibt es nicht." in told) == (2, True)


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


def book(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each sheet of a workbook, by the names of the columns where a second row has these."""
    sheets = python_calamine.CalamineWorkbook.from_path(str(path))
    found: dict[str, list[dict[str, object]]] = {}
    for name in sheets.sheet_names:
        head, *lines = sheets.get_sheet_by_name(name).to_python()
        if lines and {*FACTS, "antrag_id", "on"} & {*map(str, lines[0])}:
            head, lines = [name or word for word, name in zip(head, lines[0], strict=True)], lines[1:]
        found[name] = [dict(zip(map(str, head), line, strict=True)) for line in lines]
    return found


def write_book(path: Path, **sheets: list[list[object]]) -> None:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"}) as written:
        for name, lines in sheets.items():
            sheet = written.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)


TYPED = """on;stelle.vzae;stelle.nachbesetzt_ab;stelle.person_benannt;antrag.gezaehlte_personen;antrag.durchfuehrung;AZ
01.06.2018;0,5;01.03.2018;ja;166;eigen, dritte;0815
01.06.2018;halb;32.1.2018;x;viele;selbst;0816
"""
FACTS_OF_TYPED = TYPED.splitlines()[0].split(";")[1:6]


def test_numbers_days_and_truth_values_come_back_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "ein.csv").write_text(TYPED, "utf-8")
    run(tmp_path / "ein.csv", tmp_path / "aus.xlsx")
    sound, faulty = book(tmp_path / "aus.xlsx")["Ergebnis"]
    assert [sound[name] for name in FACTS_OF_TYPED] == [0.5, date(2018, 3, 1), "ja", 166, "eigenes Personal, Dritte"]
    assert [faulty[name] for name in FACTS_OF_TYPED] == ["halb", "32.1.2018", "x", "viele", "selbst"]
    assert (sound["AZ"], faulty["AZ"]) == ("0815", "0816")

    run(tmp_path / "ein.csv", tmp_path / "aus.parquet")
    frame = pl.read_parquet(tmp_path / "aus.parquet")
    assert [frame.schema[name].base_type() for name in FACTS_OF_TYPED] == [
        pl.Decimal, pl.Date, pl.Boolean, pl.Int64, pl.List,
    ]  # fmt: skip
    assert frame.row(1, named=True)["stelle.vzae"] is None
    told = {one["spalte"]: one["wert"] for one in rows_of(tmp_path / "aus.parquet.fehler.csv")}
    assert [told[name] for name in FACTS_OF_TYPED] == ["halb", "32.1.2018", "x", "viele", "selbst"]

    run(tmp_path / "ein.csv", tmp_path / "aus.jsonl")
    sound, faulty = map(json.loads, (tmp_path / "aus.jsonl").read_text("utf-8").splitlines())
    assert [sound[name] for name in FACTS_OF_TYPED] == ["0.5", "2018-03-01", True, 166, ["eigen", "dritte"]]
    assert [faulty[name] for name in FACTS_OF_TYPED] == ["halb", "32.1.2018", "x", "viele", "selbst"]


def test_other_columns_of_a_workbook_keep_their_type(tmp_path: Path) -> None:
    head = ["on", "stelle.vzae", "Betrag", "Eingang", "erledigt", "gemischt"]
    first = [date(2018, 6, 1), 0.5, 1234.5, date(2018, 1, 2), True, 7]
    write_book(tmp_path / "ein.xlsx", Stellen=[head, first, [date(2018, 6, 1), "0,25", 3, None, False, "k. A."]])
    assert run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx")[0] == 0
    one, two = book(tmp_path / "aus.xlsx")["Ergebnis"]
    assert [one[name] for name in head] == [date(2018, 6, 1), 0.5, 1234.5, date(2018, 1, 2), True, "7"]
    assert [two[name] for name in head[1:]] == [0.25, 3, "", False, "k. A."]
    run(tmp_path / "ein.xlsx", tmp_path / "aus.csv")
    assert list(rows_of(tmp_path / "aus.csv")[0].values())[:6] == [
        "01.06.2018", "0,5", "1234,5", "02.01.2018", "ja", "7",
    ]  # fmt: skip


def test_a_table_is_carried_along_as_it_stands_from_csv_to_csv(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "aus.csv")
    assert rows_of(tmp_path / "aus.csv")[0]["stelle.personalkosten_eur_jahr"] == "64.000,50"


def test_the_whole_text_of_a_faulty_cell_stands_in_the_fault_file(tmp_path: Path) -> None:
    (tmp_path / "ein.csv").write_text(f"stelle.vzae;on\n{'x' * 300};01.06.2018\n1;01.06.2018;zu;viel\n", "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.parquet")[0] == 1
    assert [one["wert"] for one in rows_of(tmp_path / "aus.parquet.fehler.csv")] == ["x" * 300, "zu;viel"]


def test_hints_of_a_cell_fit_a_cell(tmp_path: Path) -> None:
    (tmp_path / "ein.csv").write_text(TYPED, "utf-8")
    for lang in ("de", "en"):
        run(tmp_path / "ein.csv", tmp_path / "aus.csv", "--lang", lang)
        hints = " ".join(str(one["hinweis"]) for one in rows_of(tmp_path / "aus.csv.fehler.csv"))
        for word in ("Anführungszeichen", "quotes", "true", "JJJJ", "YYYY", "--on"):
            assert word not in hints
        assert "ja oder nein" in hints or "ja or nein" in hints


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl", ".xlsx"])
def test_results_of_an_earlier_run_are_replaced(source: Path, tmp_path: Path, ending: str) -> None:
    first, again = tmp_path / f"eins{ending}", tmp_path / f"zwei{ending}"
    lines = [line for number, line in enumerate(GERMAN.splitlines()) if number not in (3, 4)]
    source.write_text("\n".join(lines), "utf-8")
    assert run(source, first)[0] == 0
    status, told = run(first, again)
    assert (status, told.count("früheren Laufs")) == (0, 1)
    columns = ["bemerkung", "verdict", "antrag.vzae_gesamt", "stelle.bewilligungsende", "reasons_no"]
    run(first, tmp_path / "eins.vergleich.parquet")
    run(again, tmp_path / "zwei.vergleich.parquet")
    run(source, tmp_path / "aus.parquet")
    wanted = pl.read_parquet(tmp_path / "aus.parquet", columns=columns[1:])
    for name in ("eins", "zwei"):
        assert pl.read_parquet(tmp_path / f"{name}.vergleich.parquet", columns=columns[1:]).equals(wanted)
    assert pl.read_parquet(tmp_path / "eins.vergleich.parquet").columns.count("outcome") == 1


def test_cases_in_json_lines_come_back_with_their_results_and_can_be_decided_again(tmp_path: Path) -> None:
    case = {"antrag_id": 7, "antrag": {"stellen": [{"vzae": "0.5"}, {"vzae": "0.2"}]}}
    (tmp_path / "ein.jsonl").write_text(json.dumps(case) + "\n", "utf-8")
    run(tmp_path / "ein.jsonl", tmp_path / "eins.jsonl", "--on", "2018-06-01")
    status, told = run(tmp_path / "eins.jsonl", tmp_path / "zwei.jsonl")
    assert (status, "früheren Laufs" in told) == (0, True)
    one, two = ((tmp_path / f"{name}.jsonl").read_text("utf-8") for name in ("eins", "zwei"))
    assert one == two
    assert json.loads(one)["antrag"] == case["antrag"]


def test_flat_json_lines_are_rows_of_a_table(tmp_path: Path) -> None:
    rows = [
        {"antrag_id": 1, "stelle.vzae": "0.5", "Anteil": 0.5},
        {"antrag_id": 1, "stelle.vzae": 0.25, "stelle.person_benannt": True, "Anteil": 2},
    ]
    (tmp_path / "ein.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n{kein json\n", "utf-8")
    assert run(tmp_path / "ein.jsonl", tmp_path / "aus.jsonl", "--on", "2018-06-01")[0] == 1
    found = [json.loads(line) for line in (tmp_path / "aus.jsonl").read_text("utf-8").splitlines()]
    assert [(one["antrag_id"], one["antrag.vzae_gesamt"], one["Anteil"], one["outcome"]) for one in found] == [
        (1, "0.75", 0.5, "decided"), (1, "0.75", 2.0, "decided"), (None, None, None, "faulty"),
    ]  # fmt: skip
    (fault,) = rows_of(tmp_path / "aus.jsonl.fehler.csv")
    assert (fault["zeile"], fault["code"], fault["wert"]) == ("3", "VIM183", "{kein json")
    assert fault["meldung"] == "Die Zeile ist kein lesbares JSON-Objekt."


def test_members_of_every_application_are_found_and_come_back(tmp_path: Path) -> None:
    head = ["antrag_id", "antrag.antragsteller.art", "stelle.vzae"]
    posts = [["A", "zusammenschluss", 1], ["B", "zusammenschluss", 1], ["C", "zusammenschluss", 1]]
    members = [[name, "gemeinde", 40] for name in "ABC"]
    sheet = [["antrag_id", "mitglied.art", "mitglied.gezaehlte_personen"], *members]
    write_book(tmp_path / "ein.xlsx", Stellen=[head, *posts], Mitglieder=sheet)
    assert run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx", "--on", "2018-06-01")[0] == 0
    assert [row["mitglied.gezaehlte_personen"] for row in book(tmp_path / "aus.xlsx")["Mitglieder"]] == [40, 40, 40]
    run(tmp_path / "aus.xlsx", tmp_path / "zwei.xlsx", "--on", "2018-06-01")
    frames = [row["antrag.planungsrahmen_eur"] for row in book(tmp_path / "zwei.xlsx")["Ergebnis"]]
    of_40 = {"antrag": {"antragsteller": {"art": "gemeinde"}, "gezaehlte_personen": 40}}
    frame = vwv_im.evaluate(of_40, on="2018-06-01", engine="direct").derived["antrag.planungsrahmen_eur"]
    assert frames == [float(str(frame))] * 3


def test_faults_are_told_row_by_row_with_their_sheet(tmp_path: Path) -> None:
    posts = [["antrag_id", "on", "stelle.vzae"], ["B", "gestern", "x"], ["A", date(2018, 6, 1), 1], ["C", None, "y"]]
    members = [["antrag_id", "mitglied.gezaehlte_personen"], ["A", 3], [None, None], ["Z", "viele"]]
    write_book(tmp_path / "ein.xlsx", Stellen=posts, Mitglieder=members)
    assert run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx")[0] == 1
    assert [(one["zeile"], one["spalte"]) for one in rows_of(tmp_path / "aus.xlsx.fehler.csv")] == [
        ("2", "on"), ("2", "stelle.vzae"), ("4", "on"), ("4", "stelle.vzae"),
        ("4", "Mitglieder!antrag_id"), ("4", "Mitglieder!mitglied.gezaehlte_personen"),
    ]  # fmt: skip


def test_what_is_wrong_with_a_header_is_told_with_its_sheet(tmp_path: Path) -> None:
    write_book(tmp_path / "ein.xlsx", Stellen=[["on", "stelle.vzea"]], Mitglieder=[["antrag_id", "x", "x"], [1, 2, 3]])
    told = run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx")[1]
    assert "ein.xlsx, Mitglieder:1:2 VIM180 x: Der Name steht mehr als einmal in der Kopfzeile." in told
    write_book(tmp_path / "ein.xlsx", Stellen=[["on", "stelle.vzea"], [1, 2]])
    told = run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx")[1]
    assert "ein.xlsx, Stellen:1:2 VIM101 stelle.vzea" in told


def test_a_cell_merged_over_several_rows_holds_for_each(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "ein.xlsx")) as written:
        sheet = written.add_worksheet()
        for row, size in enumerate(("stelle.vzae", 0.5, 0.25, 1)):
            sheet.write(row, 1, size)
        sheet.write(0, 0, "antrag_id")
        sheet.merge_range(1, 0, 2, 0, "A")
    run(tmp_path / "ein.xlsx", tmp_path / "aus.csv", "--on", "2018-06-01")
    assert [row["antrag.vzae_gesamt"] for row in rows_of(tmp_path / "aus.csv")] == ["0,75", "0,75", "1"]


def test_a_table_that_states_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ein.csv").write_text("Ort;VZAE\nA;0,5\n", "utf-8")
    status, told = run(tmp_path / "ein.csv", tmp_path / "aus.csv", "--on", "2018-06-01")
    assert (status, "Keine Spalte macht eine Angabe" in told, "'stelle.vzae'" in told) == (2, True, True)


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_more_rows_than_a_workbook_holds_are_refused_before_any_work(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vwv_im.tables.file_batch.MOST_ROWS", 3)
    frame = pl.DataFrame({"on": ["2018-06-01"] * 4, "stelle.vzae": ["0.5"] * 4})
    source = tmp_path / f"ein{ending}"
    {".csv": frame.write_csv, ".parquet": frame.write_parquet, ".jsonl": frame.write_ndjson}[ending](source)
    monkeypatch.setattr(Batch, "_write_both", lambda *_: pytest.fail("work was done"))
    status, told = run(source, tmp_path / "aus.xlsx")
    assert (status, "Ein Blatt fasst höchstens" in told) == (2, True)


@pytest.mark.parametrize(
    ("rows", "lang", "words"),
    [
        (["0,5"], "de", "1 Zeile nach {}: 1 entschieden (offen: 1)."),
        (["0,5", "x"], "de", "2 Zeilen nach {}: 1 entschieden (offen: 1), 1 fehlerhaft.\n1 Fehler in {}.fehler.csv."),
        (["0,5"], "en", "1 row to {}: 1 decided (open: 1)."),
        (["x", "0,5"], "en", "2 rows to {}: 1 decided (open: 1), 1 faulty.\n1 fault in {}.fehler.csv."),
        (["x", "x"], "en", "2 rows to {}: 2 faulty.\n2 faults in {}.fehler.csv."),
    ],
)
def test_one_and_several_are_told_apart(tmp_path: Path, rows: list[str], lang: str, words: str) -> None:
    (tmp_path / "ein.csv").write_text("stelle.vzae;AZ\n" + "".join(f"{row};1\n" for row in rows), "utf-8")
    target = tmp_path / "aus.csv"
    told = run(tmp_path / "ein.csv", target, "--on", "2018-06-01", "--lang", lang)[1]
    assert told.strip() == words.replace("{}", str(target))


def test_where_rows_are_of_one_record_records_are_counted_with_their_answers(tmp_path: Path) -> None:
    rows = "antrag_id;on;stelle.vzae\nA;01.06.2018;0,5\nA;;0,5\nB;01.06.2018;0,1\n"
    (tmp_path / "ein.csv").write_text(rows, "utf-8")
    told = run(tmp_path / "ein.csv", tmp_path / "aus.csv")[1]
    assert told.strip().endswith("aus.csv: 2 entschieden (nein: 1, offen: 1).")
    assert told.startswith("3 Zeilen (Antrag: 2) nach ")


def test_rows_of_an_application_that_say_the_same_in_other_forms_do_not_differ(tmp_path: Path) -> None:
    rows = "antrag_id;on;antrag.veroeffentlichter_planungsrahmen_eur;stelle.vzae\nA;01.06.2018;64.000,00;1\n"
    (tmp_path / "ein.csv").write_text(rows + "A;2018-06-01;64000;1\nB;01.06.2018;1;1\nB;2.6.2018;;1\n", "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.csv")[0] == 1
    assert [row["outcome"] for row in rows_of(tmp_path / "aus.csv")] == ["decided", "decided", "faulty", "faulty"]
    (fault,) = rows_of(tmp_path / "aus.csv.fehler.csv")
    assert (fault["zeile"], fault["spalte"], fault["wert"], fault["code"]) == ("5", "on", "2.6.2018", "VIM182")


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_columns_of_any_type_are_carried_along(tmp_path: Path, ending: str) -> None:
    columns = {
        "stelle.vzae": [0.5], "bytes": [b"x"], "struct": [{"a": 1}], "lists": [[{"a": date(2018, 1, 1)}]],
        "list": [[1, 2]], "none": [float("nan")], "long": [2**60], "old": [date(1700, 1, 1)],
    }  # fmt: skip
    pl.DataFrame(columns).write_parquet(tmp_path / "ein.parquet")
    assert run(tmp_path / "ein.parquet", tmp_path / f"aus{ending}", "--on", "2018-06-01")[0] == 0
