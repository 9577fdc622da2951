"""Tables of another regulation: lists within lists as tables of their own, series, files, a template, by `--rules`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import python_calamine
import xlsxwriter
from typer.testing import CliRunner

import vwv_im
from support import TESTS, Edit, edited
from vwv_im import FrameError, evaluate_frame, evaluate_many, mask_layout
from vwv_im.cli.main import app
from vwv_im.reasoning.columns import masks
from vwv_im.tables.cell_values import Cells

RULES = TESTS / "welt" / "regeln"
ON = "1999-06-01"
CASES: dict[str, dict[str, Any]] = {
    "a": {
        "lage": "hang",
        "zwecke": ["licht", "verkauf"],
        "betreiber": {"ortsansaessig": True},
        "anlagen": [
            {
                "leistung_kw": "10",
                "inbetriebnahme": "1998-07-01",
                "ablesungen": [{"menge_kwh": 800, "ablesetag": "1998-12-31"}, {"menge_kwh": 300}],
            },
            {"leistung_kw": "6.5", "inbetriebnahme": "1999-01-01", "ablesungen": [{"ablesetag": "1999-02-01"}]},
        ],
    },
    "b": {"lage": "alp", "anlagen": [{"ablesungen": []}, {"leistung_kw": "4"}]},
    "c": {"betreiber": {"ortsansaessig": False}},
}
FARMS = pl.DataFrame(
    {
        "hof_id": ["a", "b", "c"],
        "hof.lage": ["hang", "alp", None],
        "hof.zwecke": [["licht", "verkauf"], None, None],
        "hof.betreiber.ortsansaessig": [True, None, False],
    }
)
PLANTS = pl.DataFrame(
    {
        "hof_id": ["b", "a", "a", "b"],
        "anlage_id": [3, 1, 2, 4],
        "anlage.leistung_kw": [None, "10", "6.5", "4"],
        "anlage.inbetriebnahme": [None, date(1998, 7, 1), date(1999, 1, 1), None],
        "anlage.ablesungen_angegeben": [True, None, None, None],
    }
)
READINGS = pl.DataFrame(
    {
        "anlage_id": [2, 1, 1],
        "ablesung.menge_kwh": [None, 800, 300],
        "ablesung.ablesetag": ["1999-02-01", "1998-12-31", None],
    }
)


def decided(name: str) -> vwv_im.Decision:
    return vwv_im.evaluate({"hof": CASES[name]}, on=ON, rules=RULES, engine="direct")


def bits(kind: str, mask: int) -> set[str]:
    return set(mask_layout(rules=RULES).names(kind, mask))


def agrees(row: Mapping[str, Any], decision: vwv_im.Decision) -> None:
    """Check what is said of a row of the top against the decision of its case."""
    assert (row["outcome"], row["verdict"], row["fassung"]) == (
        decision.outcome,
        decision.verdict,
        decision.fassung.id,
    )
    amount = decision.derived["hof.betrag_franken"]
    assert row["hof.betrag_franken"] == (None if amount is None else Decimal(str(amount)))
    named = {decision.regulation.vocabulary.at(one.fact) for one in decision.missing}
    assert bits("facts", row["missing"]) == {one.path for one in named if one is not None}
    reached = [reason for reason in decision.reasons if reason.verdict == "no"]
    assert bits("requirements", row["reasons_no"]) >= {reason.rule for reason in reached}


def test_lists_within_lists_are_tables_of_their_own() -> None:
    found = evaluate_frame(FARMS, lists={"ablesungen": READINGS, "anlagen": PLANTS}, on=ON, rules=RULES)
    for row in found.rows.iter_rows(named=True):
        agrees(row, decided(row["hof_id"]))
    assert list(found.lists) == ["anlagen", "ablesungen"]
    plants = found.lists["anlagen"]
    assert plants["anlage_id"].to_list() == [3, 1, 2, 4]
    assert plants["anlage.gesamtmenge_kwh"].to_list() == [None, 1100, None, None]
    assert [bits("facts", mask) for mask in plants["missing"]] == [
        {"anlage.leistung_kw"},
        {"ablesung.ablesetag"},
        {"ablesung.menge_kwh"},
        {"anlage.inbetriebnahme", "hof.anlagen.ablesungen"},
    ]
    readings = found.lists["ablesungen"]
    assert ["ablesung-im-betrieb" in bits("requirements", mask) for mask in readings["reasons_open"]] == [
        False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("named", [True, False])
def test_rows_that_are_plants_join_their_readings(named: bool) -> None:
    rows = PLANTS.drop("anlage.ablesungen_angegeben").join(FARMS, on="hof_id", how="left")
    frame = rows if named else rows.drop("hof_id")
    found = evaluate_frame(frame, lists={"ablesungen": READINGS}, on=ON, rules=RULES)
    assert found.rows["anlage.gesamtmenge_kwh"].to_list() == [None, 1100, None, None]
    amounts = [Decimal("2002.74"), Decimal("1301.78")]
    assert found.rows["hof.betrag_franken"].to_list() == (
        [None, sum(amounts), sum(amounts), None] if named else [None, *amounts, None]
    )
    assert ("anlage.reasons_no" in found.rows.columns) is named
    assert found.lists["ablesungen"]["anlage_id"].to_list() == [2, 1, 1]


def test_a_lazy_frame_of_another_regulation_says_the_same() -> None:
    rows = PLANTS.drop("anlage.ablesungen_angegeben").join(FARMS, on="hof_id", how="left").sort("hof_id")
    wanted = evaluate_frame(rows, on=ON, rules=RULES)
    assert evaluate_frame(rows.lazy(), on=ON, rules=RULES).collect().equals(wanted)


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        ({"anlage": PLANTS}, [("VIM180", "<lists>", "anlage")]),
        ({"ablesungen": READINGS}, [("VIM180", "<frame>", "anlage_id")]),
        ({"anlagen": PLANTS.drop("anlage_id"), "ablesungen": READINGS}, [("VIM180", "<anlagen>", "anlage_id")]),
        (
            {"anlagen": PLANTS, "ablesungen": READINGS.with_columns(anlage_id=pl.lit(9))},
            [("VIM181", f"ablesungen[{row}]", "anlage_id") for row in range(3)],
        ),
        (
            {"anlagen": PLANTS.with_columns(anlage_id=pl.Series([3, 1, 2, 3])), "ablesungen": READINGS},
            [("VIM181", "anlagen[0]", "anlage_id"), ("VIM181", "anlagen[3]", "anlage_id")],
        ),
        (
            {"anlagen": PLANTS, "ablesungen": READINGS.with_columns(pl.lit("1,5").alias("ablesung.menge_kwh"))},
            [("VIM110", f"ablesungen[{row}]", "ablesung.menge_kwh") for row in range(3)],
        ),
        (
            {"anlagen": pl.DataFrame({"hof_id": ["a"] * 41})},
            [("VIM107", "frame[0]", "hof_id")],
        ),
        ({"anlagen": PLANTS.with_columns(pl.lit(1).alias("hof.lage"))}, [("VIM101", "<anlagen>", "hof.lage")]),
        ({"anlagen": PLANTS.with_columns(missing=pl.lit(1), verdict=pl.lit(1))}, [("VIM180", "<anlagen>", "missing")]),
    ],
)
def test_what_is_wrong_with_lists_is_told_with_their_names(
    lists: dict[str, pl.DataFrame], told: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(FrameError) as raised:
        evaluate_frame(FARMS, lists=lists, on=ON, rules=RULES)
    assert [(fault.code, str(fault.place), fault.path) for fault in raised.value.faults] == told


def test_a_faulty_reading_makes_its_farm_faulty() -> None:
    faulty = READINGS.with_columns(pl.Series("ablesung.ablesetag", ["gestern", None, None]))
    found = evaluate_frame(FARMS, lists={"anlagen": PLANTS, "ablesungen": faulty}, on=ON, rules=RULES, faults="mark")
    assert found.rows["outcome"].to_list() == ["faulty", "decided", "decided"]
    assert found.lists["anlagen"]["reasons_no"].is_null().to_list() == [False, True, True, False]
    assert found.lists["ablesungen"]["reasons_no"].null_count() == 3


def test_what_is_derived_of_a_series_is_told_of_a_case_and_not_of_a_row(tmp_path: Path) -> None:
    step, file = "  - id: betrag-im-jahr\n", "1998-04-01-stammfassung/beihilfe.yaml"
    rules = edited(tmp_path, Edit(file, f"{step}    zwischenwert: true\n", step), source=RULES)
    case = {"hof": CASES["a"]}
    (brief,) = evaluate_many([case], on=ON, rules=rules)
    amounts = [brief.derived[f"hof.anlagen[0].betriebsjahre[{year}].betrag_franken"] for year in range(3)]
    assert sum(Decimal(str(one)) for one in amounts) == Decimal("2002.74")
    assert brief.derived == vwv_im.evaluate(case, on=ON, rules=rules, engine="direct").derived
    assert evaluate_frame(FARMS, on=ON, rules=rules).columns == evaluate_frame(FARMS, on=ON, rules=RULES).columns
    with pytest.raises(FrameError, match="not derived"):
        evaluate_frame(FARMS, on=ON, rules=rules, derive=["betriebsjahr.betrag_franken"])


def test_an_amount_that_is_not_rounded_has_all_its_decimals(tmp_path: Path) -> None:
    rules = edited(tmp_path, source=RULES)
    (rules / "1998-04-01-stammfassung" / "gewicht.yaml").write_text(
        """gegenstand: {de: Gewicht, en: Weight}
ableitungen:
  - id: gewicht-der-anlage
    titel: {de: Gewicht, en: Weight}
    ergibt: anlage.gewicht_franken
    typ: dezimal
    einheit: Franken
    rechne: {produkt: [{fakt: anlage.leistung_kw}, {fakt: anlage.leistung_kw}, 0.125]}
    nummer: null
    beleg: [{grad: wortlaut, quelle: talbuch, fundstelle: satz}]
""",
        "utf-8",
    )
    found = evaluate_frame(pl.DataFrame({"anlage.leistung_kw": ["0.3", None]}), on=ON, rules=rules)
    assert found["anlage.gewicht_franken"].to_list() == [Decimal("0.01125"), None]


def test_many_cases_of_another_regulation() -> None:
    found = evaluate_many([{"hof": case} for case in CASES.values()], on=ON, rules=RULES)
    for name, brief in zip(CASES, found, strict=True):
        decision = decided(name)
        assert (brief.verdict, brief.derived) == (decision.verdict, decision.derived)
    (brief,) = evaluate_many([{"lehrling": {"lebensjahre": 12}}], on=ON, rules=RULES, question="lehre")
    assert brief.verdict == "no"


@pytest.mark.parametrize("cell", ["123456789012.123456", "0.1", "1000000000000.000001", Decimal("7.000001"), 0.1, 3])
def test_numbers_of_more_figures_than_a_float_holds_are_exact(cell: Any, tmp_path: Path) -> None:
    narrow, wide = (f"hoechstens: {most}\n    nachkommastellen: {places}" for most, places in ((5000, 1), (10**12, 6)))
    rules = edited(tmp_path, Edit("sachverhalt.yaml", narrow, wide), source=RULES)
    law = vwv_im.regulation(rules)
    fact = law.vocabulary.facts["anlage.leistung_kw"]
    frame = pl.DataFrame({fact.path: [cell]})
    found = frame.select(Cells(law).value(fact, frame.schema[fact.path])).item()
    try:
        case = law.read_case({"hof": {"anlagen": [{"leistung_kw": cell}]}})
    except vwv_im.CaseError:
        assert found is None
    else:
        assert found == int(case.hof.anlagen[0].leistung_kw * 10**6)  # type: ignore[attr-defined]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["batch", "--rules", str(RULES), *map(str, arguments)])
    return result.exit_code, result.output


def rows_of(path: Path) -> list[dict[str, str | None]]:
    return pl.read_csv(path, separator=";", infer_schema=False).to_dicts()


def heads(path: Path) -> dict[str, list[str]]:
    """Return the names of the columns of each sheet of a workbook, which stand below the words for them."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {name: [str(cell) for cell in book.get_sheet_by_name(name).to_python()[1]] for name in book.sheet_names}


def test_a_template_has_a_sheet_for_each_list(tmp_path: Path) -> None:
    assert run("--template", tmp_path / "vorlage.xlsx")[0] == 0
    found = heads(tmp_path / "vorlage.xlsx")
    assert list(found) == ["Anlagen", "Ablesungen", "Erklärung", "Auswahl"]
    facts = vwv_im.regulation(RULES).vocabulary.facts
    stated = {path for path, fact in facts.items() if fact.scope in ("hof", "anlage")}
    assert {"on", "hof_id", "anlage_id", "anlage.ablesungen_angegeben", *stated} == set(found["Anlagen"])
    assert found["Ablesungen"] == ["anlage_id", "ablesung.ablesetag", "ablesung.menge_kwh"]
    assert run("--template", tmp_path / "lehre.xlsx", "--question", "lehre")[0] == 0
    assert heads(tmp_path / "lehre.xlsx")["Lehrling"] == ["on", "lehrling.lebensjahre", "lehrling.schwindelfrei"]


def write_book(path: Path, **sheets: pl.DataFrame) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, frame.columns)
            for number, row in enumerate(frame.iter_rows(), start=1):
                sheet.write_row(number, 0, [_cell(value) for value in row])


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case list():
            return ", ".join(value)
        case date():
            return value.strftime("%d.%m.%Y")
    return value


def test_a_workbook_of_three_sheets_is_decided_and_comes_back(tmp_path: Path) -> None:
    write_book(tmp_path / "ein.xlsx", Hof=FARMS, Anlagen=PLANTS, Ablesungen=READINGS)
    assert run(tmp_path / "ein.xlsx", tmp_path / "aus.xlsx", "--on", ON)[0] == 0
    assert list(heads(tmp_path / "aus.xlsx")) == ["Ergebnis", "Gründe", "Anlagen", "Ablesungen"]
    status, told = run(tmp_path / "aus.xlsx", tmp_path / "zwei.parquet", "--on", ON)
    assert (status, "früheren Laufs" in told) == (0, True)
    wanted = evaluate_frame(FARMS, lists={"anlagen": PLANTS, "ablesungen": READINGS}, on=ON, rules=RULES).rows
    names = ["verdict", "hof.betrag_franken", "reasons_no", "missing"]
    found = pl.read_parquet(tmp_path / "zwei.parquet", columns=names)
    assert found.rows() == wanted.select(pl.col("verdict").cast(pl.String), *names[1:]).rows()


def test_faults_of_a_workbook_are_told_with_the_sheet_of_the_list(tmp_path: Path) -> None:
    rows = PLANTS.drop("anlage.ablesungen_angegeben").join(FARMS, on="hof_id", how="left")
    readings = READINGS.with_columns(pl.Series("ablesung.menge_kwh", ["viel", "800", "300"]))
    write_book(tmp_path / "ein.xlsx", Anlagen=rows, Ablesungen=readings)
    assert run(tmp_path / "ein.xlsx", tmp_path / "aus.csv", "--on", ON)[0] == 1
    (fault,) = rows_of(tmp_path / "aus.csv.fehler.csv")
    assert (fault["zeile"], fault["spalte"], fault["wert"]) == ("2", "Ablesungen!ablesung.menge_kwh", "viel")
    assert [row["outcome"] for row in rows_of(tmp_path / "aus.csv")] == ["decided", "faulty", "faulty", "decided"]


def test_text_and_json_lines_of_another_regulation(tmp_path: Path) -> None:
    text = "hof_id;on;hof.lage;anlage.leistung_kw\na;01.06.1999;hang;10,5\na;;;4,5\nb;1.6.1999;alp;x\n"
    (tmp_path / "ein.csv").write_text(text, "utf-8")
    assert run(tmp_path / "ein.csv", tmp_path / "aus.csv")[0] == 1
    assert [row["verdict"] for row in rows_of(tmp_path / "aus.csv")] == ["no", "no", None]
    lines = [{"hof_id": name, "hof": case} for name, case in CASES.items()]
    lines.append({"hof.lage": "hang", "ablesung.menge_kwh": 3})
    (tmp_path / "ein.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert run(tmp_path / "ein.jsonl", tmp_path / "aus.jsonl", "--on", ON)[0] == 0
    found = [json.loads(line) for line in (tmp_path / "aus.jsonl").read_text("utf-8").splitlines()]
    assert [one["verdict"] for one in found[:3]] == [decided(name).verdict for name in CASES]
    assert found[3]["derived"]["hof.gesamtmenge_kwh"] == 3
    assert run(tmp_path / "ein.jsonl", tmp_path / "zeilen.csv", "--on", ON)[0] == 0
    assert [row["hof_id"] for row in rows_of(tmp_path / "zeilen.csv")] == ["a", "b", "c", None]


def test_a_table_of_another_regulation_that_states_nothing_is_told_one_of_its_columns(tmp_path: Path) -> None:
    (tmp_path / "ein.csv").write_text("Ort;Wert\nA;1\n", "utf-8")
    assert "'anlage.leistung_kw'" in run(tmp_path / "ein.csv", tmp_path / "aus.csv", "--on", ON)[1]


def test_what_columns_cannot_compute_is_decided_row_by_row(tmp_path: Path) -> None:
    one = "rechne: {summe_ueber: betriebsjahre, wert: {fakt: betriebsjahr.betrag_franken}}"
    other = """rechne:
      runde:
        summe_ueber: betriebsjahre
        wert: {quotient: {zaehler: {fakt: anlage.leistung_kw}, nenner: {fakt: betriebsjahr.beihilfetage}}}
      auf: cent
      art: kaufmaennisch"""
    rules = edited(tmp_path, Edit("1998-04-01-stammfassung/beihilfe.yaml", one, other), source=RULES)
    case = {"hof": {"anlagen": [{"leistung_kw": "1", "inbetriebnahme": "1999-01-01"}]}}
    (tmp_path / "ein.csv").write_text("anlage.leistung_kw;anlage.inbetriebnahme\n" + "1;1.1.1999\n" * 99, "utf-8")
    told = run(tmp_path / "ein.csv", tmp_path / "aus.parquet", "--on", ON, "--rules", str(rules))
    assert told[0] == 0, told
    rows = pl.read_parquet(tmp_path / "aus.parquet")
    decision = vwv_im.evaluate(case, on=ON, rules=rules, engine="direct")
    assert rows["outcome"].to_list() == [decision.outcome] * 99
    (brief,) = evaluate_many([case], on=ON, rules=rules)
    assert (brief.outcome, brief.verdict, brief.derived) == (decision.outcome, decision.verdict, decision.derived)
    amount = Decimal(str(decision.derived["hof.anlagen[0].betrag_franken"]))
    assert rows["anlage.betrag_franken"].to_list() == [amount] * 99


def test_names_that_no_mask_has_room_for_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "MOST", 3)
    masks.masks_of_question.cache_clear()
    (tmp_path / "ein.csv").write_text("anlage.leistung_kw\n1\n", "utf-8")
    ended = run(tmp_path / "ein.csv", tmp_path / "aus.csv", "--on", ON)
    masks.masks_of_question.cache_clear()
    assert ended[0] == 2
    assert "Tabellen können das nicht rechnen" in ended[1]
    assert not (tmp_path / "aus.csv").exists()
