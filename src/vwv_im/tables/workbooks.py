"""Workbooks: which of their sheets are read, and what the cells of these state."""

from __future__ import annotations

import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import chain, islice
from pathlib import Path

import polars as pl

from vwv_im.case.vocabulary import Vocabulary
from vwv_im.law.regulation import Regulation
from vwv_im.tables import limits
from vwv_im.tables.cell_values import ON, Cells, id_of
from vwv_im.tables.layout import FLAG, inline_of, names_of_lists
from vwv_im.tables.open_document import OpenDocument
from vwv_im.tables.result_book import REASONS_SHEET, RESULTS_SHEET
from vwv_im.tables.sources import Source, Table, names_of, number_rows
from vwv_im.tables.table_faults import file_error
from vwv_im.tables.text_files import surplus_series, text_series
from vwv_im.tables.words import read_header, truth_columns
from vwv_im.tables.workbook_cells import Value, Wrong
from vwv_im.tables.workbook_xml import UNREADABLE, ExcelWorkbook, Row, Sheet, Workbook
from vwv_im.text import sentence

Head = Callable[[Sheet], Collection[str]]
_TYPES = (
    ({bool}, pl.Boolean),
    ({int}, pl.Int64),
    ({int, float}, pl.Float64),
    ({date}, pl.Date),
    ({date, datetime}, pl.Datetime),
)
_LONGEST_NAME, _NOT_IN_A_NAME = 31, str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_HEAD = 30


@dataclass(kw_only=True)
class ExcelSource(Source):
    """A workbook: the sheet of what is to be decided, and those of its lists where there are such sheets."""

    whole = True
    rows: Table

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows at once, as a workbook is read at once."""
        if self.total:
            self.read = self.total
            yield self.rows.cells

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give the columns of the sheet their types."""
        return self.rows.with_types(rows, kept, self.cells)


def sheets_of(vocabulary: Vocabulary, root: str) -> dict[str, str]:
    """Return what the sheets are called that have a row for each `root`, and for each entry of a list, by their scopes.

    Where several would be called alike, they are called like the entities.
    """
    scopes = (root, *names_of_lists(vocabulary, root).values())
    titles = [vocabulary.entities[scope].heading.de.translate(_NOT_IN_A_NAME)[:_LONGEST_NAME] for scope in scopes]
    names = zip(scopes, titles, strict=True)
    return {scope: title if titles.count(title) == 1 else scope[:_LONGEST_NAME] for scope, title in names}


def excel_source(
    path: Path, law: Regulation, root: str, wanted: Sequence[str] = (), content: bytes | None = None
) -> ExcelSource:
    """Read a workbook in which `root` is what is to be decided; `wanted` are the sheets to be read, if only some are.

    A hidden sheet is read only where it is wanted; what else is not read is told, if anything stands there and it is
    not of this programme. `content` is the workbook where it is not a file.
    """
    sheets = sheets_of(law.vocabulary, root)
    lists = {sheets[scope]: name for name, scope in names_of_lists(law.vocabulary, root).items()}
    entries = inline_of(law.vocabulary, root, [id_of(root)], ())
    with _opened(path, path if content is None else BytesIO(content)) as book:
        head = partial(_header, book, law, root)
        first, others = _chosen(book, wanted, sheets[root], sheets[entries or root], id_of(root), lists, head)
        rows, *tables = (_table(book, sheet, law, root) for sheet in (first, *others))
        left = [sheet for sheet in book.sheets if sheet not in (first, *others)]
        unread = tuple(sheet.name for sheet in left if sheet.hidden)
        shown = [] if wanted else [sheet for sheet in left if not sheet.hidden and not _is_own(sheet.name)]
        unknown = tuple(sheet.name for sheet in shown if any(book.rows(sheet)))
    return ExcelSource(
        path=path, cells=Cells(law, text=True), columns=rows.names, total=rows.cells.height, sheet=first.name,
        titles=rows.titles, rows=rows, lists={lists[table.name]: table for table in tables if table.names},
        unread=unread, unknown=unknown,
    )  # fmt: skip


def _is_own(name: str) -> bool:
    """Return whether a sheet is one that this programme writes beside those that are read."""
    own = (sentence(f"workbook.{one}") for one in ("explanation", "choices"))
    return name == RESULTS_SHEET or name.startswith(REASONS_SHEET) or any(name in (one.de, one.en) for one in own)


@contextmanager
def _opened(path: Path, file: Path | BytesIO) -> Iterator[Workbook]:
    try:
        with zipfile.ZipFile(file) as archive:
            is_open = "content.xml" in archive.namelist()
            yield OpenDocument(path, archive) if is_open else ExcelWorkbook(path, archive)
    except UNREADABLE as error:
        if isinstance(error, ValueError) and hasattr(error, "faults"):
            raise
        raise file_error(path, "no_workbook", error=f"{type(error).__name__} {error}"[:200]) from None


def _chosen(
    book: Workbook, wanted: Sequence[str], whole: str, entries: str, key: str, lists: Collection[str], head: Head
) -> tuple[Sheet, list[Sheet]]:
    """Return the sheet of what is to be decided, and those of its lists; `head` tells the columns of one.

    The first is that of earlier results, of what is decided alone, or of the entries of its list.
    """
    named = {sheet.name: sheet for sheet in book.sheets}
    for name in wanted:
        if name not in named:
            raise file_error(book.path, "no_such_sheet", name=name, known=", ".join(named))
    shown = {name: sheet for name, sheet in named.items() if (name in wanted if wanted else not sheet.hidden)}
    if not shown:
        raise file_error(book.path, "only_hidden_sheets", known=", ".join(named))
    first = next(iter(shown.values()))
    if first.name != RESULTS_SHEET or "outcome" not in head(first):
        first = shown[whole] if whole in shown and key in head(shown[whole]) else shown.get(entries, first)
    if len(wanted) > 1:
        tables = [name for name in shown if name not in lists]
        if len(tables) > 1:
            raise file_error(book.path, "sheet_twice")
        first = shown[tables[0]] if tables else first
    for name, sheet in named.items():
        if not wanted and sheet.hidden and name in lists:
            raise file_error(book.path, "hidden_list", name=name)
    return first, [sheet for name, sheet in shown.items() if name in lists and name != first.name]


def _header(book: Workbook, law: Regulation, root: str, sheet: Sheet) -> list[str]:
    rows = {number: _widened(cells) for number, cells in islice(book.rows(sheet), 2)}
    return read_header([rows.get(1, []), rows.get(2, [])], law, root)[0]


def _table(book: Workbook, sheet: Sheet, law: Regulation, root: str) -> Table:
    """Read a sheet: what its cells state, and which of them state nothing although something stands there."""
    rows = book.rows(sheet)
    begun = list(islice(rows, _HEAD))
    first: list[list[str]] = [[] for _ in range(min(begun[-1][0] if begun else 0, _HEAD))]
    for number, cells in begun:
        if number <= len(first):
            first[number - 1] = _widened(cells)
    place = f"{book.path}, {sheet.name}"
    header, height = read_header(first, law, root)
    if not any(header) and any(set(cells) & law.vocabulary.facts.keys() for cells in first):
        header = ["-"]  # nothing stands above the header, which is told with its row
    names = names_of(place, header, law, height, first[height:])
    kept = (row for row in begun if row[0] > height)
    numbers, columns, surplus = _columns(kept, rows, len(names))
    _spread(book, numbers, columns, height)
    if book.truths_are_numbers:
        truths = truth_columns(law.vocabulary)
        for at, name in enumerate(names):
            columns[at] = list(map(_truth, columns[at])) if name in truths else columns[at]
    titles = tuple(" ".join(word.split()) for word in first[0]) if height else names
    return _as_table(sheet.name, names, titles, numbers, columns, surplus, law)


def _truth(cell: Value | None) -> Value | None:
    return bool(cell) if isinstance(cell, float) and cell in (0, 1) else cell


def _widened(cells: Row) -> list[str]:
    """Return the texts of a row at their places, without what is empty at its end."""
    named = [(at, name.strip()) for at, cell in cells if (name := as_text(cell) or "").strip()]
    found = [""] * min(named[-1][0] + 1 if named else 0, limits.COLUMNS + 1)
    for at, name in named:
        if at < len(found):
            found[at] = name
    return found


def _columns(
    begun: Iterable[tuple[int, Row]], rows: Iterable[tuple[int, Row]], width: int
) -> tuple[list[int], list[list[Value | None]], list[str | None]]:
    """Return the numbers of the rows, their cells by column, and what stands beyond the header."""
    numbers: list[int] = []
    columns: list[list[Value | None]] = [[] for _ in range(width)]
    surplus: list[str | None] = []
    for number, cells in chain(begun, rows):
        line: list[Value | None] = [None] * width
        for at, cell in cells:
            if at < width:
                line[at] = cell
        numbers.append(number)
        surplus.append(" ".join(as_text(cell) or "" for at, cell in cells if at >= width).strip() or None)
        for column, value in zip(columns, line, strict=True):
            column.append(value)
    return numbers, columns, surplus


def _spread(book: Workbook, numbers: Sequence[int], columns: Sequence[list[Value | None]], header: int) -> None:
    """Let what cells merged across rows below the header state hold for each of these; no cell is filled twice."""
    filled = dict.fromkeys(range(len(columns)), 1)
    for top, bottom, column in sorted(book.merged):
        if top <= header or filled.get(column, bottom) >= bottom:
            continue
        first = max(top, filled[column])
        start, end = bisect_left(numbers, top), bisect_right(numbers, bottom)
        stated = columns[column][start] if start < len(numbers) and numbers[start] == top else None
        for row in range(bisect_right(numbers, first), end):
            if stated is not None:
                book.count(stated)
            columns[column][row] = stated
        filled[column] = bottom


def _as_table(
    name: str, names: tuple[str, ...], titles: tuple[str, ...], numbers: Sequence[int],
    columns: Sequence[list[Value | None]], surplus: Sequence[str | None], law: Regulation,
) -> Table:  # fmt: skip
    known, ids = {*law.vocabulary.facts, ON}, set(map(id_of, law.vocabulary.entities))
    found: list[pl.Series] = []
    others: list[pl.Series] = []
    for title, cells in zip(names, columns, strict=True):
        found += text_series(title, map(as_text, cells))
        wrong = [one.kind if isinstance(one, Wrong) else "" for one in cells]
        exact = title not in known and title not in ids
        kinds = {*wrong} - {"", "inexact_number"} if exact else {*wrong} - {""}
        found += [pl.Series(f"{FLAG}{kind}:{title}", [one == kind for one in wrong]) for kind in sorted(kinds)]
        if title not in known and (typed := _typed(title, cells)) is not None:
            others.append(typed)
    if any(surplus):
        found += surplus_series(surplus)
    rows = pl.DataFrame(found) if found else pl.DataFrame()
    return Table(name, names, number_rows(rows, numbers), pl.DataFrame(others), titles)


def _typed(name: str, cells: Sequence[object]) -> pl.Series | None:
    """Return a column whose cells are all numbers, all days or all truth values, else nothing."""
    stated = [None if as_text(cell) is None else _plain(cell) for cell in cells]
    kinds = {type(cell) for cell in stated if cell is not None}
    dtype = next((dtype for known, dtype in _TYPES if kinds and kinds <= known), None)
    return None if dtype is None else pl.Series(name, stated, dtype, strict=False)


def _plain(cell: object) -> object:
    match cell:
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return int(cell)
        case datetime() if cell.time() == time():
            return cell.date()
    return cell


def as_text(cell: object) -> str | None:
    """Return what a cell of a workbook states as text; numbers and days in the forms of a case.

    A number is exact to 15 figures, as Excel itself shows it.

    >>> as_text(166.0), as_text(0.1 + 0.2), as_text(datetime(2018, 3, 1)), as_text(True), as_text("")
    ('166', '0.3', '2018-03-01', 'true', None)
    """
    match _plain(cell):
        case Wrong() as wrong:
            return wrong.shown or "?"
        case bool() as truth:
            return "true" if truth else "false"
        case float() as number:
            return f"{Decimal(f'{number:.15g}'):f}"
        case date() as day:
            return day.isoformat()
        case other:
            return str(other).strip() or None if other is not None else None
