"""What became of a funding, decided by tables and by many cases at once: the same as case by case."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import xlsxwriter
from typer.testing import CliRunner

from tables.case_tables import Frames, tables_of
from vwv_im import Decision, evaluate_frame, evaluate_many, mask_layout, regulation
from vwv_im.cli.main import app
from vwv_im.reasoning.columns.compiled_plan import REASONS
from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.tables.layout import names_of_lists
from vwv_im.tables.workbooks import sheets_of

QUESTION = "verwendungsnachweis"


@cache
def cases() -> list[CorpusCase]:
    return [one for one in corpus() if one.question == QUESTION and not one.readings and one.known_on is None]


@cache
def tables() -> tuple[pl.DataFrame, Frames]:
    rows, lists = tables_of(regulation(), "foerderung", [one.case for one in cases()])
    return rows.with_columns(pl.Series("on", [one.on for one in cases()])), lists


@cache
def decisions() -> list[Decision]:
    return [one.decide() for one in cases()]


def by_verdict(decision: Decision) -> dict[str, set[str]]:
    """Return the rules that were examined, by what was found."""
    found: dict[str, set[str]] = {kind: set() for kind in REASONS}
    for one in decision.examined:
        found["not_applicable" if one.applies == "no" else one.verdict].add(one.rule)
    return found


def facts_of(decision: Decision) -> set[str]:
    found = (regulation().vocabulary.at(one.fact) for one in decision.missing)
    return {one.path for one in found if one is not None}


def test_rows_and_lists_say_what_decisions_say() -> None:
    rows, lists = tables()
    found = evaluate_frame(rows, lists=lists, question=QUESTION)
    layout = mask_layout(QUESTION)
    assert found.rows.height == len(decisions()) > 200
    assert found.lists.keys() == lists.keys()
    for case, decision, row in zip(cases(), decisions(), found.rows.iter_rows(named=True), strict=True):
        assert (row["outcome"], row["verdict"]) == (decision.outcome, decision.verdict), case.id
        if decision.outcome == "decided":
            reasons = {kind: set(layout.names("requirements", row[f"reasons_{kind}"])) for kind in REASONS}
            assert reasons == by_verdict(decision), case.id
            assert set(layout.names("facts", row["missing"])) == facts_of(decision), case.id
            due = row["foerderung.gerechtfertigt_hoechstens_eur"]
            stated = decision.derived["foerderung.gerechtfertigt_hoechstens_eur"]
            assert due == (None if stated is None else Decimal(str(stated))), case.id
        noted = {one.id for one in decision.plausibility}
        assert set(layout.names("plausibility", row["plausibility"] or 0)) == noted, case.id
        assert set(layout.names("contradictions", row["contradictions"])) == {one.id for one in decision.contradictions}


def test_a_workbook_of_cases_says_the_same(tmp_path: Path) -> None:
    rows, lists = tables()
    sheets = sheets_of(regulation().vocabulary, "foerderung")
    given = {name: lists[name] for name in names_of_lists(regulation().vocabulary, "foerderung")}
    with xlsxwriter.Workbook(tmp_path / "ein.xlsx") as book:
        for title, frame in zip(sheets.values(), (rows, *given.values()), strict=True):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, frame.columns)
            for number, row in enumerate(frame.iter_rows(), start=1):
                sheet.write_row(number, 0, row)
    asked = ["batch", str(tmp_path / "ein.xlsx"), str(tmp_path / "aus.parquet"), "--question", QUESTION]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    decided, wanted = pl.read_parquet(tmp_path / "aus.parquet"), evaluate_frame(rows, lists=lists, question=QUESTION)
    results = [name for name in wanted.rows.columns if name not in rows.columns]
    enums = pl.selectors.enum().cast(pl.String)
    assert decided.select(results).with_columns(enums).equals(wanted.rows.select(results).with_columns(enums))


def test_many_cases_at_once_say_what_decisions_say() -> None:
    days: dict[str, list[int]] = {}
    for number, case in enumerate(cases()):
        days.setdefault(case.on, []).append(number)
    for on, numbers in days.items():
        briefs = evaluate_many([cases()[number].case for number in numbers], on=on, question=QUESTION)
        for number, brief in zip(numbers, briefs, strict=True):
            case, decision = cases()[number], decisions()[number]
            assert (brief.outcome, brief.verdict) == (decision.outcome, decision.verdict), case.id
            assert brief.derived == decision.derived, case.id
            if decision.outcome == "decided":
                beside = {one.rule for one in decision.examined} - {one.rule for one in decision.reasons}
                required = {kind: rules - beside for kind, rules in by_verdict(decision).items()}
                assert {kind: set(rules) for kind, rules in brief.reasons.items()} == required, case.id
                assert set(brief.missing) == facts_of(decision), case.id
            assert set(brief.plausibility) == {one.id for one in decision.plausibility}, case.id
            assert set(brief.contradictions) == {one.id for one in decision.contradictions}, case.id
