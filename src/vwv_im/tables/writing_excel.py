"""Writing a workbook: the rows with their results, the reasons, the members. Text never becomes a formula."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from vwv_im.reasoning.columns.bits import Bits
from vwv_im.tables.reading import NUMBER, unreadable
from vwv_im.tables.reading_excel import MEMBERS_SHEET
from vwv_im.tables.stated import RAW, raw_of
from vwv_im.tables.writing import spelled_masks

MOST_ROWS = 1_048_575
"""How many rows a sheet holds beside its header."""
REASONS_SHEET = "Gründe"
VERDICTS = {"no": "nein", "open": "offen", "discretion": "Ermessen"}
_WIDTH = 18
MOST_COLUMNS, MOST_CHARACTERS = 16_384, 32_767
_FIRST_YEAR = 1900
_LARGEST = 10**15  # beyond, a cell does not hold every whole number


class _Shown(NamedTuple):
    """Rows as cells: each has the value of its type, or else the text that stood there."""

    names: Sequence[str]
    lines: Iterator[Sequence[Any]]


def _shown(rows: pl.DataFrame) -> _Shown:
    raw = raw_of(rows)
    lists = [
        pl.col(name).cast(pl.List(pl.String)).list.join(", ") for name, dtype in rows.schema.items() if dtype == pl.List
    ]
    plain = rows.with_columns(lists).select(pl.exclude("^#.*$"), *(RAW + name for name in raw))
    names = [name for name in plain.columns if not name.startswith(RAW)]
    places = [names.index(name) for name in raw]
    return _Shown(names, (_with_raw(line, len(names), places) for line in plain.iter_rows()))


def _held(number: float | Decimal) -> bool:
    """Whether a cell holds a number as exactly as is written."""
    return math.isfinite(number) and -_LARGEST < number < _LARGEST


def _with_raw(line: Sequence[Any], width: int, places: Sequence[int]) -> Sequence[Any]:
    if not places:
        return line
    cells = list(line[:width])
    for place, text in zip(places, line[width:], strict=True):
        cells[place] = text if cells[place] is None else cells[place]
    return cells


class ExcelSink:
    """A workbook: the rows with their results, and a sheet of reasons. Text never becomes a formula."""

    def __init__(self, path: Path, folder: Path, bits: Bits, titles: Mapping[str, str]) -> None:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own

        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self.path, self.book = path, xlsxwriter.Workbook(str(path), options)
        self.bits, self.titles = bits, titles
        self.head = self.book.add_format({"bold": True, "bg_color": "#DDE7F0", "text_wrap": True, "valign": "top"})
        forms = {date: "dd.mm.yyyy", datetime: "dd.mm.yyyy hh:mm:ss", Decimal: "#,##0.00####"}
        self.formats = {kind: self.book.add_format({"num_format": form}) for kind, form in forms.items()}
        self.sheet, self.row = self.book.add_worksheet("Ergebnis"), 0
        self.reasons = self.book.add_worksheet(REASONS_SHEET)
        self.reasons_row, self.sheets = 0, 1

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows and their reasons."""
        shown = _shown(spelled_masks(rows.drop(NUMBER, strict=False), self.bits))
        if self.row == 0:
            self._header(self.sheet, shown.names)
            self.row = 1
        for line in shown.lines:
            self._line(self.sheet, self.row, line)
            self.row += 1
        for line in reasons_of(rows, self.bits, self.titles).iter_rows():
            self._reason(line)

    def write_members(self, members: pl.DataFrame) -> None:
        """Add the sheet of members as it was given, so that the workbook can be decided again."""
        sheet, shown = self.book.add_worksheet(MEMBERS_SHEET), _shown(members.drop(NUMBER, strict=False))
        self._header(sheet, shown.names)
        for row, line in enumerate(shown.lines, start=1):
            self._line(sheet, row, line)

    def _header(self, sheet: Any, names: Sequence[str]) -> None:
        if len(names) > MOST_COLUMNS:
            most = f"{MOST_COLUMNS:,}"
            raise unreadable(
                self.path,
                f"Ein Blatt hat höchstens {most.replace(',', '.')} Spalten.",
                f"A sheet has at most {most} columns.",
            )
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, _WIDTH)
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, self.head)

    def _line(self, sheet: Any, row: int, line: Sequence[Any]) -> None:
        for column, value in enumerate(line):
            match value:
                case None:
                    continue
                case bool():
                    sheet.write_boolean(row, column, value)
                case int() | float() | Decimal() if _held(value):
                    sheet.write_number(row, column, float(value), self.formats.get(type(value)))
                case date() if value.year >= _FIRST_YEAR:
                    sheet.write_datetime(row, column, value, self.formats[type(value)])
                case _:
                    self._text(sheet, row, column, str(value))

    def _text(self, sheet: Any, row: int, column: int, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise unreadable(
                self.path,
                f"Zeile {row + 1}, Spalte {column + 1}: Eine Zelle fasst höchstens {MOST_CHARACTERS} Zeichen.",
                f"Row {row + 1}, column {column + 1}: a cell holds at most {MOST_CHARACTERS} characters.",
            )
        sheet.write_string(row, column, text)

    def _reason(self, line: Sequence[Any]) -> None:
        if self.reasons_row > MOST_ROWS:
            self.sheets += 1
            self.reasons, self.reasons_row = self.book.add_worksheet(f"{REASONS_SHEET} {self.sheets}"), 0
        if self.reasons_row == 0:
            self._header(self.reasons, ["Zeile", "Regel", "Anforderung", "Ergebnis"])
            self.reasons.set_column(2, 2, 70)
            self.reasons_row = 1
        self._line(self.reasons, self.reasons_row, line)
        self.reasons_row += 1

    def close(self) -> None:
        """Finish the file."""
        self.book.close()


def reasons_of(rows: pl.DataFrame, bits: Bits, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return for each row the requirements it does not meet: number of the row, id, title, verdict.

    Where several rows are posts of one application, a row has its own reasons and those of the application.
    """
    found = []
    number = pl.int_range(2, pl.len() + 2).alias("row") if NUMBER not in rows.columns else pl.col(NUMBER).alias("row")
    for verdict, word in VERDICTS.items():
        mask = pl.col(f"reasons_{verdict}")
        if f"stelle.reasons_{verdict}" in rows.columns:
            others = pl.lit(~bits.of_posts & (1 << 64) - 1, pl.UInt64)
            mask = (mask & others) | pl.col(f"stelle.reasons_{verdict}")
        found.append(rows.select(number, mask.alias("mask"), pl.lit(word).alias("verdict")).filter(pl.col("mask") > 0))
    every = pl.concat(found)
    known = every["mask"].unique().to_list()
    names = [[name for name in bits.names("requirements", mask) if name in titles] for mask in known]
    decoded = pl.DataFrame({"mask": known, "rule": names}, {"mask": pl.UInt64, "rule": pl.List(pl.String)})
    listed = every.join(decoded, on="mask", how="left").explode("rule").drop_nulls("rule")
    title = pl.col("rule").replace_strict(list(titles), list(titles.values()), return_dtype=pl.String)
    return listed.sort("row", maintain_order=True).select("row", "rule", title.alias("title"), "verdict")
