"""Workbooks for people: headings and values in words, read again in whichever form; what a sheet looks like."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
import python_calamine
import xlsxwriter
from typer.testing import CliRunner

from support import EXAMPLES, TESTS, Edit, edited
from vwv_im import regulation
from vwv_im.cli.main import app
from vwv_im.tables.words import Words

FILES = Path(__file__).parent / "dateien"
WORLD = TESTS / "welt" / "regeln"
WORDS = [
    "Tag der Entscheidung",
    "Stellenumfang (VZÄ)",
    "Person steht  fest",
    "art des antrags",
    "Durchführung",
    "Az",
]
NAMES = ["on", "stelle.vzae", "stelle.person_benannt", "antrag.art", "antrag.durchfuehrung", ""]
ROW = ["1.6.2018", "0,5", "ja", "Erstantrag", "eigenes Personal; Dritte", "17"]
STATED = {
    "on": "2018-06-01",
    "stelle.vzae": "0.5",
    "stelle.person_benannt": True,
    "antrag.art": "erstantrag",
    "antrag.durchfuehrung": ["eigen", "dritte"],
}
Line = Sequence[object]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["batch", *map(str, arguments)])
    return result.exit_code, result.output


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def stated_in(source: Path) -> list[dict[str, object]]:
    """Return what the rows of a table state, as a program reads it from the results."""
    target = source.with_suffix(".jsonl")
    assert run(source, target, "--on", "2018-06-01")[0] == 0
    return [{name: line.get(name) for name in STATED} for line in lines_of(target)]


def write_table(path: Path, *lines: Line) -> Path:
    if path.suffix == ".csv":
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in line) for line in lines), "utf-8")
        return path
    book = path if path.suffix == ".xlsx" else path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(str(book)) as written:
        sheet = written.add_worksheet("Stellen")
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    return book if path.suffix == ".xlsx" else converted(book, "ods")


def converted(path: Path, ending: str) -> Path:
    """Return what LibreOffice makes of a workbook."""
    command = ["soffice", f"-env:UserInstallation=file://{path.parent}/profil", "--headless", "--convert-to", ending]
    subprocess.run([*command, "--outdir", str(path.parent), str(path)], check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{ending}")


office = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")


def sheet_of(path: Path, name: str) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


def parts_of(path: Path) -> Mapping[str, str]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".vml"))}


@pytest.mark.parametrize("ending", [".csv", ".xlsx", pytest.param(".ods", marks=office)])
@pytest.mark.parametrize("header", [[WORDS], [NAMES], [WORDS, NAMES]], ids=["words", "names", "both"])
def test_a_header_says_words_or_names_or_both(tmp_path: Path, ending: str, header: list[list[str]]) -> None:
    *first, _ = header[0]
    lines = [*header, ROW] if header[0] is WORDS else [[*first, "Az"], ROW]
    assert stated_in(write_table(tmp_path / f"ein{ending}", *lines)) == [STATED]


def test_english_words_are_read_too(tmp_path: Path) -> None:
    header = ["Day of the decision", "Size of the post", "Naming of the person", "Kind of application"]
    row = ["2018-06-01", "0.5", "ja", "first application"]
    (found,) = stated_in(write_table(tmp_path / "ein.csv", header, row))
    assert found == {**STATED, "antrag.durchfuehrung": None}


def test_a_word_beside_names_is_a_column_of_its_own(tmp_path: Path) -> None:
    source = write_table(tmp_path / "ein.csv", ["stelle.vzae", "Art des Antrags"], ["0,5", "x"])
    assert run(source, tmp_path / "aus.jsonl", "--on", "2018-06-01")[0] == 0
    assert lines_of(tmp_path / "aus.jsonl")[0]["Art des Antrags"] == "x"


def test_a_title_above_the_names_is_no_header_in_words(tmp_path: Path) -> None:
    source = write_table(tmp_path / "ein.csv", ["Stellen 2018", "", ""], ["on", "stelle.vzae", "Az"], ROW[:3])
    status, told = run(source, tmp_path / "aus.csv")
    assert (status, "Die Kopfzeile steht erst in Zeile 2" in told) == (2, True)


@pytest.mark.parametrize("source", [FILES / "wahr.ods", pytest.param(None, marks=office)], ids=["stored", "converted"])
def test_truth_values_of_a_table_that_libreoffice_wrote_are_read(tmp_path: Path, source: Path | None) -> None:
    if source is None:
        lines = [["stelle.vzae", "stelle.person_benannt"], [0.5, True], [0.5, False], [0.5, "nein"]]
        source = write_table(tmp_path / "wahr.ods", *lines)
    assert run(source, tmp_path / "aus.jsonl", "--on", "2018-06-01")[0] == 0
    assert [line["stelle.person_benannt"] for line in lines_of(tmp_path / "aus.jsonl")] == [True, False, False]


def test_a_number_is_no_truth_value_in_a_workbook_of_excel(tmp_path: Path) -> None:
    source = write_table(tmp_path / "ein.xlsx", ["stelle.vzae", "stelle.person_benannt"], [0.5, 1])
    assert run(source, tmp_path / "aus.csv", "--on", "2018-06-01")[0] == 1


SOURCE = """Aktenzeichen;antrag_id;on;stelle.vzae;stelle.bezeichnung;stelle.person_benannt;Ergebnis;antrag.art
AZ 1;A;01.06.2018;0,2;Mitte;ja;liegt bei;erstantrag
AZ 1;A;01.06.2018;viel;Nord;;;
AZ 2;B;01.06.2018;0,2;Süd;nein;;verlaengerung
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "ein.csv").write_text(SOURCE, "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.xlsx")[0] == 1
    return tmp_path / "aus.xlsx"


def test_what_matters_stands_first_and_in_words(results: Path) -> None:
    words, names, *rows = sheet_of(results, "Ergebnis")
    first = ["antrag_id", "stelle.bezeichnung", "on", "verdict", "contradictions", "reasons_no", "stelle.reasons_no"]
    assert [name for name in names if name][:7] == first
    amounts = {"stelle.bewilligungsende", "antrag.foerderbetrag_eur", "stelle.festbetrag_eur_jahr"}
    assert amounts <= {*names[8:12]}
    assert words[names.index("verdict")] == "Ergebnis"
    assert not any("." in str(word) for word in words if not str(word).endswith(".2018"))
    verdicts = [row[names.index("verdict")] for row in rows]
    assert verdicts == ["fehlerhaft", "fehlerhaft", "nein"]
    assert str(rows[2][names.index("stelle.reasons_no")]).splitlines()
    assert [row[names.index("antrag.art")] for row in rows] == ["Erstantrag", "", "Verlängerung"]
    assert [row[names.index("stelle.person_benannt")] for row in rows] == ["ja", "", "nein"]


def test_the_result_answers_the_question(tmp_path: Path) -> None:
    """Whether there is anything to object to is not answered by the verdict's bare "nein"."""
    heads = ["foerderung.veroeffentlichter_planungsrahmen_eur", "foerderung.antragsteller.art"]
    source = write_table(tmp_path / "ein.csv", heads, ["300000", "Stadt"])
    asked = ("--on", "2026-11-30", "--question", "verwendungsnachweis")
    assert run(source, tmp_path / "aus.xlsx", *asked)[0] == 0
    _, names, row = sheet_of(tmp_path / "aus.xlsx", "Ergebnis")
    assert row[names.index("verdict")] == "offen"
    words = Words(regulation(), "de", regulation().questions["verwendungsnachweis"]).labels("verdict")
    assert (words["yes"], words["no"]) == ("nichts einzuwenden", "beanstandet")
    usual = Words(regulation(), "en", regulation().questions["antrag"]).labels("verdict")
    assert usual == Words(regulation(), "en").labels("verdict")


@pytest.mark.parametrize("negative", [None, "Der Lehrling ist zu jung"])
def test_what_stands_in_the_way_is_said_in_the_negative(tmp_path: Path, negative: str | None) -> None:
    rules, positive = WORLD, "Der Lehrling ist alt genug"
    if negative is not None:
        title = f"titel: {{de: {positive}, en: The apprentice is old enough}}"
        added = f"{title}\n    titel_nein: {{de: {negative}, en: The apprentice is too young}}"
        rules = edited(tmp_path, Edit("1998-04-01-stammfassung/lehre.yaml", title, added), source=WORLD)
    source = write_table(tmp_path / "ein.csv", ["Alter"], ["9"])
    asked = ("--on", "1999-06-01", "--question", "lehre", "--rules", rules)
    assert run(source, tmp_path / "aus.xlsx", *asked)[0] == 0
    _, names, row = sheet_of(tmp_path / "aus.xlsx", "Ergebnis")
    assert row[names.index("reasons_no")] == (negative or f"Nicht erfüllt: {positive}")


def test_a_result_is_ready_to_be_read_and_printed(results: Path) -> None:
    sheet = parts_of(results)["xl/worksheets/sheet1.xml"]
    assert 'orientation="landscape"' in sheet
    assert 'ySplit="2"' in sheet
    assert re.search(r'<autoFilter ref="A2:[A-Z]+5"', sheet)
    assert re.search(r'<row r="1"[^>]* ht="', sheet)
    assert 'hidden="1"' in sheet


def test_a_row_is_as_high_as_its_duties_need(tmp_path: Path) -> None:
    assert run(EXAMPLES / "stellen.csv", tmp_path / "aus.xlsx")[0] == 1
    names, row = sheet_of(tmp_path / "aus.xlsx", "Ergebnis")[1:3]
    lines = row[names.index("duties")].count("\n") + 1
    found = re.search(r'<row r="3" ht="([\d.]+)"', parts_of(tmp_path / "aus.xlsx")["xl/worksheets/sheet1.xml"])
    assert found is not None
    assert float(found[1]) >= 15 * lines > 15


def test_a_fault_is_marked_and_told_in_its_cell(results: Path) -> None:
    parts = parts_of(results)
    names = sheet_of(results, "Ergebnis")[1]
    place = f"{xlsxwriter.utility.xl_col_to_name(names.index('stelle.vzae'))}4"
    (note,) = re.findall(rf'<comment ref="{place}".*?</comment>', parts["xl/comments1.xml"])
    assert "'viel' ist keine Dezimalzahl. Schreiben Sie eine Zahl" in note
    (style,) = re.findall(rf'<c r="{place}" s="(\d+)"', parts["xl/worksheets/sheet1.xml"])
    looks = parts["xl/styles.xml"].partition("<cellXfs")[2].split("<xf ")
    assert re.search(r'fillId="[2-9]', looks[int(style) + 1])


def test_a_fault_of_a_list_is_told_in_its_sheet(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "ein.xlsx")) as book:
        for name, lines in {
            "Stellen": [["antrag_id", "stelle.vzae"], ["A", 1]],
            "Mitglieder": [["Antrag (Kennung)", "Gezählte Personen des Mitglieds"], ["A", 3], ["A", "viele"]],
        }.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
    assert run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx", "--on", "2018-06-01")[0] == 1
    notes = [text for name, text in parts_of(tmp_path / "aus.xlsx").items() if "comments" in name]
    assert ["'viele' ist keine ganze Zahl" in text and 'ref="B4"' in text for text in notes] == [True]


@pytest.mark.parametrize("ending", ["xlsx", pytest.param("ods", marks=office)])
def test_results_in_words_are_decided_again(results: Path, tmp_path: Path, ending: str) -> None:
    again = results if ending == "xlsx" else converted(results, ending)
    assert run(again, tmp_path / "zwei.csv")[0] == 1
    assert run(tmp_path / "ein.csv", tmp_path / "eins.csv")[0] == 1
    one, two = (pl.read_csv(tmp_path / f"{name}.csv", separator=";", infer_schema=False) for name in ("eins", "zwei"))
    assert one.select(sorted(one.columns)).equals(two.select(sorted(two.columns)))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_values_in_either_language_are_decided_again(tmp_path: Path, lang: str) -> None:
    (tmp_path / "ein.csv").write_text(SOURCE.replace("viel", "1"), "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.xlsx", "--lang", lang)[0] == 0
    kept = ["Aktenzeichen", "Ergebnis", "antrag.art", "stelle.person_benannt", "stelle.vzae", "verdict"]
    for name, source in (("eins", "ein.csv"), ("zwei", "aus.xlsx")):
        assert run(tmp_path / source, tmp_path / f"{name}.jsonl")[0] == 0
    one, two = (
        [{key: line[key] for key in kept} for line in lines_of(tmp_path / f"{n}.jsonl")] for n in ("eins", "zwei")
    )
    assert one == two


def test_the_template_explains_itself_and_offers_what_may_be_picked(tmp_path: Path) -> None:
    assert run("--template", tmp_path / "vorlage.xlsx")[0] == 0
    words, names = sheet_of(tmp_path / "vorlage.xlsx", "Stellen")[:2]
    assert dict(zip(names, words, strict=True))["stelle.vzae"] == "Stellenumfang (VZÄ)"
    assert list(names[:4]) == ["antrag_id", "antrag.antragsteller.name", "stelle.bezeichnung", "on"]
    head, *told = sheet_of(tmp_path / "vorlage.xlsx", "Erklärung")
    assert head == ["Blatt", "Spalte", "Gefragt ist", "Einzutragen ist", "Kennung der Spalte"]
    assert {row[4] for row in told} >= {*names}
    (kind,) = (row[3] for row in told if row[4] == "antrag.art")
    assert kind == "Einer dieser Werte: Erstantrag, Verlängerung, Nachbesetzung"
    heads, *choices = sheet_of(tmp_path / "vorlage.xlsx", "Auswahl")
    lists = {head: [row[at] for row in choices if row[at]] for at, head in enumerate(heads)}
    assert lists["Art des Antrags"] == ["Erstantrag", "Verlängerung", "Nachbesetzung"]
    assert {"Bodenseekreis", "Schwäbisch Hall", "Ortenaukreis"} <= {*lists["Landkreis des Antragstellers"]}
    sheet = parts_of(tmp_path / "vorlage.xlsx")["xl/worksheets/sheet1.xml"]
    at = xlsxwriter.utility.xl_col_to_name(heads.index("Landkreis des Antragstellers"))
    assert f"&apos;Auswahl&apos;!${at}$2:${at}$36" in sheet.replace("'", "&apos;")
    assert '"ja,nein"' in sheet.replace("&quot;", '"')


@office
def test_a_template_filled_in_with_libreoffice_is_decided(tmp_path: Path) -> None:
    assert run("--template", tmp_path / "vorlage.xlsx")[0] == 0
    words, names = sheet_of(tmp_path / "vorlage.xlsx", "Stellen")[:2]
    row = [
        {**STATED, "antrag.art": "Erstantrag", "antrag.durchfuehrung": "Dritte"}.get(str(name), "") for name in names
    ]
    assert stated_in(write_table(tmp_path / "voll.ods", words, names, row)) == [
        {**STATED, "antrag.durchfuehrung": ["dritte"]}
    ]


def test_another_vocabulary_has_its_own_words(tmp_path: Path) -> None:
    header = ["Hof (Kennung)", "Lage", "Zwecke", "Leistung (kW)", "Tag der Inbetriebnahme"]
    source = write_table(tmp_path / "ein.csv", header, ["a", "am Hang", "Licht, Verkauf", "10", "1.7.1998"])
    rules = ("--on", "1999-06-01", "--rules", WORLD)
    assert run(source, tmp_path / "aus.xlsx", *rules)[0] == 0
    words, names, row = sheet_of(tmp_path / "aus.xlsx", "Ergebnis")
    found = dict(zip(names, row, strict=True))
    assert (found["hof.lage"], found["hof.zwecke"]) == ("am Hang", "Licht, Verkauf")
    assert dict(zip(names, words, strict=True))["anlage.leistung_kw"] == "Leistung (kW)"
    assert run(tmp_path / "aus.xlsx", tmp_path / "zwei.jsonl", *rules)[0] == 0
    assert lines_of(tmp_path / "zwei.jsonl")[0]["hof.zwecke"] == ["licht", "verkauf"]
