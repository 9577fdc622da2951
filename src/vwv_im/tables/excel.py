"""Workbooks that are written: the rows with their results, a sheet of reasons, and the sheets of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import polars as pl
from polars import selectors as cs

from vwv_im.case.vocabulary import Vocabulary
from vwv_im.reasoning.columns.masks import MaskLayout
from vwv_im.tables.cell_values import RAW, raw_of
from vwv_im.tables.sinks import SHOWN, carried_forms, spell_masks
from vwv_im.tables.sources import NUMBER
from vwv_im.tables.table_faults import file_error
from vwv_im.text import Text

RESULTS_SHEET, REASONS_SHEET = "Ergebnis", "Gründe"
MOST_ROWS = 1_048_575
"""How many rows a sheet holds below its header."""
MOST_COLUMNS, MOST_CHARACTERS = 16_384, 32_767
VERDICTS = {"no": "nein", "open": "offen", "discretion": "Ermessen"}
_WIDTH = 18
_FIRST_YEAR = 1900
_LARGEST = 10**15  # beyond, a cell does not hold every whole number


def _lines_of(rows: pl.DataFrame) -> Iterator[Sequence[Any]]:
    """Yield rows as cells: each has the value of its type, or else the text that stood there."""
    raw = raw_of(rows)
    lists = cs.list().cast(pl.List(pl.String)).list.join(", ")
    plain = carried_forms(rows).with_columns(lists).select(SHOWN, *(RAW + name for name in raw))
    texts = [plain.columns.index(RAW + name) if name in raw else None for name in rows.select(SHOWN).columns]
    for line in plain.iter_rows():
        yield [line[at] if text is None or line[at] is not None else line[text] for at, text in enumerate(texts)]


def thousands(number: int) -> Text:
    """Return a number with its thousands separated as each language does."""
    return Text(f"{number:,}".replace(",", "."), f"{number:,}")


class NewWorkbook:
    """A workbook that is being written. Where the disk is full that is told at the end: what writes it goes on."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own

        self._patient = _Patient(file)
        self.book = xlsxwriter.Workbook(self._patient, options)
        self.book.use_zip64()

    def close(self) -> None:
        """Finish the file; raises `OSError` where not all of it could be written."""
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

        try:
            self.book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        if self._patient.error is not None:
            raise self._patient.error


class _Patient:
    """A file that keeps the first error of writing for later, and takes whatever comes after it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, unless something went wrong before."""
        self._at += len(data)
        if self.error is None and not self._file.closed:
            try:
                return self._file.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def flush(self) -> None:
        """Flush, unless something went wrong before."""
        if self.error is None and not self._file.closed:
            try:
                self._file.flush()
            except OSError as error:
                self.error = error

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place, as long as there is a file."""
        if not self._file.closed and self.error is None:
            place = self._file.seek(place, whence)
        self._at = place
        return place

    def tell(self) -> int:
        """Return where what is written would go, also where nothing is any more."""
        return self._at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class ExcelSink:
    """A workbook: the rows with their results, and a sheet of reasons. Text never becomes a formula."""

    def __init__(
        self, path: Path, file: IO[bytes], folder: str, masks: MaskLayout, titles: Mapping[str, str],
        vocabulary: Vocabulary,
    ) -> None:  # fmt: skip
        options = {"constant_memory": True, "tmpdir": folder}
        options |= dict.fromkeys(("strings_to_formulas", "strings_to_urls"), False)
        self.path, self.written = path, NewWorkbook(file, **options)
        self.book = self.written.book
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
                case datetime() if value.tzinfo is not None:  # of which a workbook knows nothing
                    self._text(sheet, row, column, value.isoformat(" "))
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
        self.written.close()


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
