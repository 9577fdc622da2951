"""Workbooks: reading a sheet of what is to be decided and those of its lists, and writing the results."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from polars import selectors as cs

from vwv_im.case.vocabulary import Vocabulary
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.masks import MaskLayout
from vwv_im.tables.cell_values import ON, RAW, Cells, id_of, raw_of
from vwv_im.tables.layout import inline_of, names_of_lists
from vwv_im.tables.sinks import SHOWN, spell_masks
from vwv_im.tables.sources import NUMBER, RAGGED, SURPLUS, Source, names_of, number_rows
from vwv_im.tables.table_faults import file_error
from vwv_im.text import Text

RESULTS_SHEET, REASONS_SHEET = "Ergebnis", "Gründe"
MOST_ROWS = 1_048_575
"""How many rows a sheet holds below its header."""
MOST_COLUMNS, MOST_CHARACTERS = 16_384, 32_767
VERDICTS = {"no": "nein", "open": "offen", "discretion": "Ermessen"}
_TYPES = (
    ({bool}, pl.Boolean),
    ({int}, pl.Int64),
    ({int, float}, pl.Float64),
    ({date}, pl.Date),
    ({date, datetime}, pl.Datetime),
)
_WIDTH = 18
_FIRST_YEAR = 1900
_LARGEST = 10**15  # beyond, a cell does not hold every whole number
_LONGEST_NAME, _NOT_IN_A_NAME = 31, str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells as text, and those of its columns that state no fact and are all of one type."""

    name: str
    names: tuple[str, ...]
    cells: pl.DataFrame
    others: pl.DataFrame

    def with_types(self, rows: pl.DataFrame, kept: Collection[str], cells: Cells) -> pl.DataFrame:
        """Give the columns of the sheet that are `kept` in `rows` their types."""
        return cells.with_types(rows).with_columns(column for column in self.others if column.name in kept)


@dataclass(kw_only=True)
class ExcelSource(Source):
    """A workbook: the sheet of what is to be decided, and those of its lists where there are such sheets."""

    whole = True
    rows: Sheet
    listed: Mapping[str, Sheet]

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows at once, as a workbook is read at once."""
        if self.total:
            self.read = self.total
            yield self.rows.cells

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give the columns of the sheet their types."""
        return self.rows.with_types(rows, kept, self.cells)

    def list_sheets(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the sheets of lists as they were given, with their names."""
        return ((sheet.name, sheet.with_types(sheet.cells, sheet.names, self.cells)) for sheet in self.listed.values())


def sheets_of(vocabulary: Vocabulary, root: str) -> dict[str, str]:
    """Return what the sheets are called that have a row for each `root`, and for each entry of a list, by their scopes.

    Where several would be called alike, they are called like the entities.
    """
    scopes = (root, *names_of_lists(vocabulary, root).values())
    titles = [vocabulary.entities[scope].heading.de.translate(_NOT_IN_A_NAME)[:_LONGEST_NAME] for scope in scopes]
    names = zip(scopes, titles, strict=True)
    return {scope: title if titles.count(title) == 1 else scope[:_LONGEST_NAME] for scope, title in names}


def excel_source(path: Path, law: Regulation, root: str) -> ExcelSource:
    """Read a workbook in which `root` is what is to be decided."""
    import python_calamine as calamine  # noqa: PLC0415 - an extra of its own

    sheets = sheets_of(law.vocabulary, root)
    lists = {sheets[scope]: name for name, scope in names_of_lists(law.vocabulary, root).items()}
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        entries = inline_of(law.vocabulary, root, [id_of(root)], ())
        first = _first_sheet(book, sheets[root], sheets.get(entries or root), id_of(root))
        read = [first, *(name for name in book.sheet_names if name in lists and name != first)]
        lines = {name: _cells(book.get_sheet_by_name(name)) for name in read}
    except (calamine.CalamineError, IndexError, OSError) as error:
        raise file_error(path, "no_workbook", error=error) from None
    known = {*law.vocabulary.facts, ON}
    rows, *others = (_sheet(path, name, cells, known) for name, cells in lines.items())
    listed = {lists[sheet.name]: sheet for sheet in others if not sheet.cells.is_empty()}
    return ExcelSource(
        path=path, cells=Cells(law, text=True), columns=rows.names, total=rows.cells.height, sheet=first, rows=rows,
        lists={name: sheet.cells for name, sheet in listed.items()}, listed=listed,
        sheets={name: sheet.name for name, sheet in listed.items()},
    )  # fmt: skip


def _first_sheet(book: Any, whole: str, entries: str | None, key: str) -> str:
    """Return the sheet of what is to be decided: of earlier results, of it alone, or of the entries of its list."""
    names: list[str] = book.sheet_names
    heads = {name: book.get_sheet_by_name(name).to_python(nrows=1) for name in (names[0], whole) if name in names}
    if names[0] == RESULTS_SHEET and "outcome" in heads[names[0]][0]:
        return names[0]
    if whole in names and key in heads[whole][0]:
        return whole
    return entries if entries in names else names[0]


def _cells(sheet: Any) -> list[list[Any]]:
    """Return the cells of a sheet; what cells merged across rows state holds for each of these rows."""
    lines: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for line in lines[top + 1 : bottom + 1]:
            if top > 0 and any(_text(cell) is not None for cell in line):
                line[left] = lines[top][left]
    return lines


def _sheet(path: Path, name: str, lines: Sequence[Sequence[Any]], known: Collection[str]) -> Sheet:
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
        _column(title, [line[column] for _, line in full]) for column, title in enumerate(names) if title not in known
    ]
    typed = pl.DataFrame([column for column in others if column is not None])
    return Sheet(name, names, number_rows(rows, [number for number, _ in full]), typed)


def _column(name: str, cells: Sequence[object]) -> pl.Series | None:
    """Return a column whose cells are all numbers, all days or all truth values, else nothing."""
    stated = [None if _text(cell) is None else _plain(cell) for cell in cells]
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


def _lines_of(rows: pl.DataFrame) -> Iterator[Sequence[Any]]:
    """Yield rows as cells: each has the value of its type, or else the text that stood there."""
    raw = raw_of(rows)
    lists = cs.list().cast(pl.List(pl.String)).list.join(", ")
    plain = rows.with_columns(lists).select(SHOWN, *(RAW + name for name in raw))
    texts = [plain.columns.index(RAW + name) if name in raw else None for name in rows.select(SHOWN).columns]
    for line in plain.iter_rows():
        yield [line[at] if text is None or line[at] is not None else line[text] for at, text in enumerate(texts)]


def thousands(number: int) -> Text:
    """Return a number with its thousands separated as each language does."""
    return Text(f"{number:,}".replace(",", "."), f"{number:,}")


class ExcelSink:
    """A workbook: the rows with their results, and a sheet of reasons. Text never becomes a formula."""

    def __init__(
        self, path: Path, folder: str, masks: MaskLayout, titles: Mapping[str, str], vocabulary: Vocabulary
    ) -> None:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own

        options = {"constant_memory": True, "tmpdir": folder}
        options |= dict.fromkeys(("strings_to_formulas", "strings_to_urls"), False)
        self.path, self.book = path, xlsxwriter.Workbook(str(path), options)
        self.masks, self.titles, self.vocabulary = masks, titles, vocabulary
        self.head = self.book.add_format({"bold": True, "bg_color": "#DDE7F0", "text_wrap": True, "valign": "top"})
        forms = {date: "dd.mm.yyyy", datetime: "dd.mm.yyyy hh:mm:ss", Decimal: "#,##0.00####"}
        self.formats = {kind: self.book.add_format({"num_format": form}) for kind, form in forms.items()}
        self.sheet, self.row = self.book.add_worksheet(RESULTS_SHEET), 0
        self.reasons = self.book.add_worksheet(REASONS_SHEET)
        self.reasons_row, self.sheets = 0, 1

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows and their reasons."""
        self.row = self._table(self.sheet, self.row, spell_masks(rows, self.masks))
        for line in reasons_of(rows, self.masks, self.titles, self.vocabulary).iter_rows():
            self._reason(line)

    def write_list(self, name: str, entries: pl.DataFrame) -> None:
        """Add the sheet of a list as it was given, so that the workbook can be decided again."""
        self._table(self.book.add_worksheet(name), 0, entries)

    def _table(self, sheet: Any, row: int, rows: pl.DataFrame) -> int:
        """Append rows to a sheet, the first ones with the header; return the number of the next row."""
        if row == 0:
            self._header(sheet, rows.select(SHOWN).columns)
        start = max(row, 1)
        for number, line in enumerate(_lines_of(rows), start):
            self._line(sheet, number, line)
        return start + rows.height

    def _header(self, sheet: Any, names: Sequence[str]) -> None:
        if len(names) > MOST_COLUMNS:
            raise file_error(self.path, "sheet_columns", most=thousands(MOST_COLUMNS))
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
                case int() | float() | Decimal() if -_LARGEST < value < _LARGEST:  # which no infinity is, nor NaN
                    sheet.write_number(row, column, float(value), self.formats.get(type(value)))
                case date() if value.year >= _FIRST_YEAR:
                    sheet.write_datetime(row, column, value, self.formats[type(value)])
                case _:
                    self._text(sheet, row, column, str(value))

    def _text(self, sheet: Any, row: int, column: int, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise file_error(self.path, "cell_characters", row=row + 1, column=column + 1, most=MOST_CHARACTERS)
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


def reasons_of(
    rows: pl.DataFrame, masks: MaskLayout, titles: Mapping[str, str], vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return for each row the requirements it does not meet, and what is not plausible: row, id, title, verdict.

    Where several rows are entries of one record, a row has its own reasons and those of the record.
    """
    found = []
    own = next((name.partition(".")[0] for name in rows.columns if name.endswith(".reasons_no")), "")
    number = pl.col(NUMBER).alias("row")
    for name, word in {"plausibility": "auffällig", **VERDICTS}.items():
        notes = name == "plausibility"
        column, kind = (name, name) if notes else (f"reasons_{name}", "requirements")
        mask = pl.col(column)
        if own:
            others = pl.lit(~masks.about(*vocabulary.scopes(own), notes=notes) & (1 << 64) - 1, pl.UInt64)
            mask = (mask & others) | pl.col(f"{own}.{column}")
        every = rows.select(number, mask.alias("mask"), pl.lit(word).alias("verdict")).filter(pl.col("mask") > 0)
        known = every["mask"].unique().to_list()
        names = [[one for one in masks.names(kind, mask) if one in titles] for mask in known]
        decoded = pl.DataFrame({"mask": known, "rule": names}, {"mask": pl.UInt64, "rule": pl.List(pl.String)})
        found.append(every.join(decoded, on="mask", how="left").explode("rule").drop_nulls("rule"))
    listed = pl.concat(found)
    title = pl.col("rule").replace_strict(list(titles), list(titles.values()), return_dtype=pl.String)
    return listed.sort("row", maintain_order=True).select("row", "rule", title.alias("title"), "verdict")
