"""Reading tables piece by piece: CSV, Parquet and Excel. Memory does not grow with a CSV or Parquet file."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Protocol

import polars as pl

from vwv_im.tables.faults import CODES, FrameError
from vwv_im.tables.layout import FLAG
from vwv_im.text import Fault, Place, Text

NUMBER = "#number"
"""The number of a row as a reader of the file counts it; in text and workbooks the header is row 1."""
SHEET, MEMBERS_SHEET = "Stellen", "Mitglieder"
RAGGED = f"{FLAG}VIM184:"
_BLOCK = 1 << 20
_SNIFFED = 1 << 16
_BYTES = 150  # of a row of all columns, roughly
_LONGEST_ROW = 1 << 26


class Source(Protocol):
    """A table that can be read piece by piece. `text`: its cells are text in the forms of a German table.

    `read` tells how much of `total` has been read, in bytes or rows.
    """

    text: bool
    read: int
    total: int
    separator: str
    columns: tuple[str, ...]
    members: pl.DataFrame | None

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows in order, about `rows` at a time, with their numbers in `#number`."""


def unreadable(path: Path, de: str, en: str) -> FrameError:
    """Return the error that a file cannot be read."""
    return FrameError([Fault("VIM183", Place(str(path)), Text(de, en))])


@dataclass
class CsvSource:
    """A CSV file: UTF-8 or Windows-1252, parted by semicolons, commas or tabs."""

    path: Path
    columns: tuple[str, ...]
    separator: str
    encoding: str
    total: int
    text: bool = True
    members: pl.DataFrame | None = None
    read: int = 0

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows, block by block; a block that polars does not take is read row by row."""
        with self.path.open("rb") as file:
            blocks = _blocks(self.path, file, rows * _BYTES)
            first = 1
            for block in blocks:
                text = block.decode(self.encoding, errors="replace")
                frame = self._frame(text.removeprefix("\ufeff"))
                self.read += len(block)
                body = frame.slice(1) if first == 1 else frame
                start = max(first, 2)
                yield numbered(body, range(start, start + body.height))
                first += frame.height

    def _frame(self, text: str) -> pl.DataFrame:
        schema = dict.fromkeys(self.columns, pl.String)
        try:
            return pl.read_csv(text.encode(), has_header=False, schema=schema, separator=self.separator)
        except pl.exceptions.PolarsError:
            return self._row_by_row(text)

    def _row_by_row(self, text: str) -> pl.DataFrame:
        """Read rows of any length: what a short one lacks is unknown, a long one is marked."""
        width = len(self.columns)
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=self.separator))
        cells = [[*line[:width], *[None] * (width - len(line))] for line in lines]
        frame = pl.DataFrame(cells, dict.fromkeys(self.columns, pl.String), orient="row")
        return frame.with_columns(pl.Series(RAGGED, [len(line) > width for line in lines]))


def _blocks(path: Path, file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield a file in blocks of whole rows; a line break between quotes ends none."""
    rest = b""
    while read := file.read(size):
        block = rest + read
        end = _end_of_rows(block)
        if end:
            yield block[:end]
        rest = block[end:]
        if len(rest) > _LONGEST_ROW:
            raise unreadable(path, "Ein Anführungszeichen wird nicht geschlossen.", "A quote is never closed.")
    if rest:
        yield rest


def _end_of_rows(block: bytes) -> int:
    r"""Return where the last whole row of a block ends.

    >>> _end_of_rows(b'1;2\n3;"a\nb"\n4;"c\n')
    12
    """
    end = block.rfind(b"\n") + 1
    while end and block.count(b'"', 0, end) % 2:
        end = block.rfind(b"\n", 0, end - 1) + 1
    return end


def numbered(rows: pl.DataFrame, numbers: Sequence[int]) -> pl.DataFrame:
    """Add the numbers of the rows; blank cells become unknown, rows without any cell are left out."""
    text = [name for name in rows.columns if rows.schema[name] == pl.String]
    stripped = {name: pl.col(name).str.strip_chars() for name in text}
    cells = [pl.when(cell != "").then(cell).alias(name) for name, cell in stripped.items()]
    read = rows.with_columns(*cells, pl.Series(NUMBER, numbers, pl.UInt32))
    return read.filter(pl.any_horizontal(pl.col(text).is_not_null())) if text else read


def csv_source(path: Path) -> CsvSource:
    """Look at a CSV file: its encoding, what parts its cells, its header."""
    encoding = "utf-8" if _is_utf8(path) else "cp1252"
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as file:
        separator = max(";,\t", key=file.readline(_SNIFFED).count)
        file.seek(0)
        try:
            header = next(csv.reader(file, delimiter=separator), [])
        except csv.Error as error:
            raise unreadable(path, f"Die Kopfzeile ist nicht lesbar: {error}.", f"No header: {error}.") from None
    return CsvSource(path, _names(path, header), separator, encoding, path.stat().st_size)


def _names(path: Path, header: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in header)
    if not any(names):
        raise unreadable(path, "Die Kopfzeile fehlt.", "The header is missing.")
    faults = [
        Fault("VIM180", Place(str(path), 1, column), CODES["VIM180"], None, name)
        for column, name in enumerate(names, start=1)
        if not name or names.count(name) > 1 or name.startswith("#")
    ]
    if faults:
        raise FrameError(faults)
    return names


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


@dataclass
class ParquetSource:
    """A Parquet file, whose columns have types of their own."""

    path: Path
    columns: tuple[str, ...]
    total: int
    text: bool = False
    separator: str = ";"
    members: pl.DataFrame | None = None
    read: int = 0

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows; the first has the number 1."""
        first = 1
        for batch in pl.scan_parquet(self.path, glob=False).collect_batches(chunk_size=rows, maintain_order=True):
            numbers = pl.Series(NUMBER, range(first, first + batch.height), pl.UInt32)
            first += batch.height
            self.read += batch.height
            yield batch.with_columns(numbers)


def parquet_source(path: Path) -> ParquetSource:
    """Look at a Parquet file."""
    try:
        scan = pl.scan_parquet(path, glob=False)
        names = scan.collect_schema().names()
        total = int(scan.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as error:
        shown = str(error).splitlines()[0][:200]
        raise unreadable(path, f"Keine Parquet-Datei: {shown}", f"Not a Parquet file: {shown}") from None
    return ParquetSource(path, _names(path, names), total)


@dataclass
class ExcelSource:
    """A workbook: the sheet `Stellen` or else the first one, and `Mitglieder` where there is such a sheet."""

    rows: pl.DataFrame
    columns: tuple[str, ...]
    total: int
    members: pl.DataFrame | None
    text: bool = True
    separator: str = ";"
    read: int = 0

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:  # noqa: ARG002 - as other sources
        """Yield all rows at once, as a workbook is read at once."""
        if self.rows.height:
            self.read = self.rows.height
            yield self.rows


def excel_source(path: Path) -> ExcelSource:
    """Read a workbook."""
    import python_calamine as calamine  # noqa: PLC0415 - an extra of its own

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        rows = _sheet(
            path, book.get_sheet_by_name(SHEET if SHEET in names else names[0]).to_python(skip_empty_area=False)
        )
        members = None
        if MEMBERS_SHEET in names:
            members = _sheet(path, book.get_sheet_by_name(MEMBERS_SHEET).to_python(skip_empty_area=False))
    except (calamine.CalamineError, IndexError, OSError) as error:
        raise unreadable(path, f"Keine lesbare Arbeitsmappe: {error}", f"No readable workbook: {error}") from None
    columns = tuple(name for name in rows.columns if name != NUMBER)
    return ExcelSource(rows, columns, rows.height, None if members is None or members.is_empty() else members)


def _sheet(path: Path, lines: Sequence[Sequence[Any]]) -> pl.DataFrame:
    header = [_text(cell) or "" for cell in (lines[0] if lines else ())]
    while header and not header[-1]:
        header.pop()
    names = _names(path, header)
    cells = [[_text(cell) for cell in line[: len(names)]] for line in lines[1:]]
    full = [(number, line) for number, line in enumerate(cells, start=2) if any(cell is not None for cell in line)]
    frame = pl.DataFrame([line for _, line in full], dict.fromkeys(names, pl.String), orient="row")
    return numbered(frame, [number for number, _ in full])


def _text(cell: object) -> str | None:
    """Return what a cell of a workbook states as text; numbers and days in the forms of a case.

    >>> _text(166.0), _text(0.5), _text(datetime(2018, 3, 1)), _text(True), _text("")
    ('166', '0.5', '2018-03-01', 'true', None)
    """
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
    return str(cell) if cell is not None and str(cell).strip() else None


def open_source(path: Path) -> Source:
    """Look at a table, told by its ending.

    Raises `FrameError` where it is no such table.
    """
    if not path.is_file():
        raise unreadable(path, "Die Datei gibt es nicht.", "There is no such file.")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return csv_source(path)
        case ".parquet":
            return parquet_source(path)
        case ".xlsx" | ".xls" | ".ods":
            return excel_source(path)
    endings = ".csv, .parquet, .jsonl, .xlsx"
    raise unreadable(path, f"Möglich sind {endings}.", f"Possible are {endings}.")
