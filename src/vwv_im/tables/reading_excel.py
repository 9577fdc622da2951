"""Reading workbooks: a sheet of applications and posts or of persons, and one of members."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from vwv_im.case import FACTS
from vwv_im.tables.layout import ON
from vwv_im.tables.reading import RAGGED, SURPLUS, names_of, numbered, unreadable
from vwv_im.tables.stated import typed

SHEET, MEMBERS_SHEET = "Stellen", "Mitglieder"
_TYPES = (({bool}, pl.Boolean), ({int}, pl.Int64), ({int, float}, pl.Float64), ({date}, pl.Date))


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells as text, and those of its columns that state no fact and are all of one type."""

    names: tuple[str, ...]
    cells: pl.DataFrame
    others: pl.DataFrame

    def typed(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give the columns of the sheet that are `kept` in `rows` their types."""
        return typed(rows).with_columns(column for column in self.others if column.name in kept)


@dataclass
class ExcelSource:
    """A workbook: the sheet `Stellen` or else the first one, and `Mitglieder` where there is such a sheet."""

    path: Path
    sheet: str
    columns: tuple[str, ...]
    members: pl.DataFrame | None
    total: int
    rows: Sheet
    listed: Sheet | None
    text: bool = True
    whole: bool = True
    separator: str = ";"
    read: int = 0

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows at once, as a workbook is read at once."""
        if self.total:
            self.read = self.total
            yield self.rows.cells

    def more_than(self, rows: int) -> bool:
        """Return whether there are more rows than `rows`."""
        return self.total > rows

    def typed(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give the columns of the sheet their types."""
        return self.rows.typed(rows, kept)


def excel_source(path: Path) -> ExcelSource:
    """Read a workbook."""
    import python_calamine as calamine  # noqa: PLC0415 - an extra of its own

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        first = SHEET if SHEET in names else names[0]
        lines = {name: _cells(book.get_sheet_by_name(name)) for name in (first, MEMBERS_SHEET) if name in names}
    except (calamine.CalamineError, IndexError, OSError) as error:
        raise unreadable(path, "Das ist keine lesbare Arbeitsmappe.", f"No readable workbook: {error}") from None
    sheets = {name: _sheet(path, name, cells) for name, cells in lines.items()}
    rows, members = sheets[first], sheets.get(MEMBERS_SHEET) if first != MEMBERS_SHEET else None
    if members is not None and members.cells.is_empty():
        members = None
    cells = None if members is None else members.cells
    return ExcelSource(path, first, rows.names, cells, rows.cells.height, rows, members)


def _cells(sheet: Any) -> list[list[Any]]:
    """Return the cells of a sheet; what cells merged across rows state holds for each of these rows."""
    lines: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for line in lines[top + 1 : bottom + 1]:
            if top > 0 and any(_text(cell) is not None for cell in line):
                line[left] = lines[top][left]
    return lines


def _sheet(path: Path, name: str, lines: Sequence[Sequence[Any]]) -> Sheet:
    header = [_text(cell) or "" for cell in (lines[0] if lines else ())]
    while header and not header[-1]:
        header.pop()
    names = names_of(f"{path}, {name}", header)
    full = [(number, line) for number, line in enumerate(lines[1:], start=2) if any(_text(cell) for cell in line)]
    cells = [[_text(cell) for cell in line[: len(names)]] for _, line in full]
    surplus = [" ".join(filter(None, map(_text, line[len(names) :]))) or None for _, line in full]
    rows = pl.DataFrame(cells, dict.fromkeys(names, pl.String), orient="row")
    if any(surplus):
        beyond = pl.Series(SURPLUS, surplus, pl.String)
        rows = rows.with_columns(beyond, beyond.is_not_null().alias(RAGGED))
    others = [
        found
        for column, title in enumerate(names)
        if title not in FACTS
        and title != ON
        and (found := _column(title, [line[column] for _, line in full])) is not None
    ]
    return Sheet(names, numbered(rows, [number for number, _ in full]), pl.DataFrame(others))


def _column(name: str, cells: Sequence[object]) -> pl.Series | None:
    """Return a column whose cells are all numbers, all days or all truth values, else nothing."""
    stated = [None if _text(cell) is None else _plain(cell) for cell in cells]
    kinds = {type(cell) for cell in stated if cell is not None}
    for known, dtype in _TYPES:
        if kinds and kinds <= known:
            return pl.Series(name, stated, dtype, strict=False)
    if kinds and kinds <= {date, datetime}:
        return pl.Series(name, [None if cell is None else _instant(cell) for cell in stated], pl.Datetime)
    return None


def _instant(day: Any) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def _plain(cell: object) -> object:
    match cell:
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return int(cell)
        case datetime() if cell.time() == time():
            return cell.date()
    return cell


def _text(cell: object) -> str | None:
    """Return what a cell of a workbook states as text; numbers and days in the forms of a case.

    A number is exact to 15 figures, as Excel itself shows it.

    >>> _text(166.0), _text(0.1 + 0.2), _text(datetime(2018, 3, 1)), _text(True), _text("")
    ('166', '0.3', '2018-03-01', 'true', None)
    """
    match _plain(cell):
        case bool() as truth:
            return "true" if truth else "false"
        case float() as number:
            return f"{Decimal(f'{number:.15g}'):f}"
        case date() as day:
            return day.isoformat()
        case other:
            return str(other).strip() or None if other is not None else None
