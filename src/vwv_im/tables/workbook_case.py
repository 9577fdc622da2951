"""A workbook that states one case: its sheets as the lists of the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import DECISION_DAY
from vwv_im.decision.request import make_request
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.schedule import TOP
from vwv_im.tables.cell_values import ON
from vwv_im.tables.file_batch import number_faults, tables_of
from vwv_im.tables.frames import Job
from vwv_im.tables.row_by_row import cases_of
from vwv_im.tables.table_faults import FrameError, file_error, place_at_rows, row_faults
from vwv_im.tables.workbooks import ExcelSource, excel_source, sheets_of
from vwv_im.text import Place


class Stated(NamedTuple):
    """What a workbook states: a case, and the day of decision where it says one."""

    case: CasePart
    on: date | None


def case_in(content: bytes, law: Regulation, question: str | None, name: str) -> Stated:
    """Return what a workbook states for a question; `name` is what faults call it.

    Where not all its sheets are those of the question, it is the case of the first question whose sheets all are.

    Raises `FrameError` with every fault of its sheets and cells, and where it states no case or several, or has a sheet
    that would go unread.
    """
    job, source = _read(content, law, question, name)
    if _left(source):
        others = (_read(content, law, one, name) for one in law.questions)
        job, source = next((one for one in others if not _left(one[1])), (job, source))
    if left := _left(source):
        known = ", ".join(sheets_of(law.vocabulary, job.root).values())
        raise file_error(name, "unread_sheets", names=", ".join(left), known=known)
    piece = next(source.pieces(source.total), None)
    if piece is None:
        raise file_error(name, "no_rows")
    piece = piece.drop(job.result_names(), strict=False)
    dated = ON in source.columns and piece[ON].null_count() < piece.height
    piece = piece.with_columns(pl.col(ON).fill_null(pl.col(ON).drop_nulls().first())) if dated else piece
    tables = tables_of(job, source, piece if dated else piece.drop(ON, strict=False), None if dated else date.max)
    ready = tables.split() if tables.grouped else tables
    frames = ready.frames()
    if found := row_faults(ready, frames):
        placed = place_at_rows(found, tables, frames[tables.inline]) if tables.grouped and tables.inline else found
        told = number_faults(placed, piece, source, job.names)
        raise FrameError(
            [replace(one.fault, place=Place(name, one.row), path=_said(source, one.column)) for one in told]
        )
    cases = list(cases_of(law, frames, ready.layout))
    if len(cases) != 1:
        raise file_error(name, "several_cases", count=len(cases), question=job.request.question)
    return Stated(law.read_case(cases[0]), frames[TOP][DECISION_DAY][0] if dated else None)


def _read(content: bytes, law: Regulation, question: str | None, name: str) -> tuple[Job, ExcelSource]:
    job = Job(law, make_request(law, on=date.max, question=question, engine="direct"))
    return job, excel_source(Path(name), law, job.root, content=content)


def _said(source: ExcelSource, column: str) -> str:
    """Return a column as a reader of the workbook finds it: behind its sheet, as it is called there."""
    return source.title(column) if "!" in column else f"{source.sheet}!{source.title(column)}"


def _left(source: ExcelSource) -> tuple[str, ...]:
    return (*source.unread, *source.unknown)
