"""Reading tables piece by piece: CSV and Parquet. No piece splits a record; memory does not grow with the file."""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import IO, ClassVar

import polars as pl
from polars import selectors as cs

from vwv_im.law.regulation import Regulation
from vwv_im.tables.cell_values import Cells
from vwv_im.tables.layout import FLAG
from vwv_im.tables.table_faults import FrameError, file_error
from vwv_im.text import Place, fault_of

NUMBER = "#number"
"""The number of a row as a reader of the file counts it; in text and workbooks the header is row 1."""
RAGGED, SURPLUS = f"{FLAG}VIM184:", "#surplus"
"""Whether a row has more cells than the header, and what stands in them."""
MANY = 50_000
_BLOCK = 1 << 20
_SNIFFED = 1 << 16
_BYTES = 150  # of a row of all columns, roughly
_LONGEST_ROW = 1 << 26
_PARTS = 64


@dataclass(kw_only=True)
class Source(ABC):
    """A table that can be read piece by piece; `cells` tells how its cells state facts.

    `sheet` is the one read of a workbook, `lists` are the tables of its lists, by their names, and `sheets` the
    sheets where these stand. `whole`: the table comes in one piece. `read` tells how much of `total` has been read, in
    bytes or rows.
    """

    whole: ClassVar[bool] = False
    path: Path
    cells: Cells
    columns: tuple[str, ...]
    total: int
    read: int = 0
    separator: str = ";"
    sheet: str = ""
    lists: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)

    @abstractmethod
    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows in order, about `rows` at a time, with their numbers in `#number`."""

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give the columns of the file that are `kept` in `rows` the types of what they state."""
        return self.cells.with_types(rows)

    def more_than(self, rows: int) -> bool:
        """Return whether there are more rows than `rows`."""
        return self.total > rows

    def place(self, row: int, column: int) -> Place:
        """Return a place in the table: its file, and its sheet where it has several."""
        return Place(f"{self.path}, {self.sheet}" if self.sheet else str(self.path), row, column)


@dataclass(kw_only=True)
class CsvSource(Source):
    """A CSV file: UTF-8 or Windows-1252, separated by semicolons, commas or tabs; `total` counts bytes."""

    encoding: str

    def more_than(self, rows: int) -> bool:
        """Return whether there are more rows than `rows`, reading no further than to the first one that is too many."""
        if self.total < 2 * rows:  # a row is at least a character and the end of a line
            return False
        pieces = replace(self).pieces(MANY)
        return any(count > rows for count in accumulate(piece.height for piece in pieces))

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows, block by block; a block that polars does not take is read row by row."""
        with self.path.open("rb") as file:
            first = 1
            for block in _blocks(self.path, file, rows * _BYTES):
                text = block.decode(self.encoding, errors="replace")
                frame = self._frame(text.removeprefix("\ufeff"))
                self.read += len(block)
                numbered = number_rows(frame, range(first, first + frame.height))
                yield numbered.filter(pl.col(NUMBER) > 1)  # the header
                first += frame.height

    def _frame(self, text: str) -> pl.DataFrame:
        """Read rows: what a short one lacks is unknown, a long one is marked."""
        schema, width = dict.fromkeys(self.columns, pl.String), len(self.columns)
        with suppress(pl.exceptions.PolarsError):
            return pl.read_csv(text.encode(), has_header=False, schema=schema, separator=self.separator)
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=self.separator))
        cells = [[*line[:width], *[None] * (width - len(line))] for line in lines]
        frame = pl.DataFrame(cells, schema, orient="row")
        surplus = [self.separator.join(line[width:]) or None for line in lines]
        ragged = pl.Series(RAGGED, [len(line) > width for line in lines])
        return frame.with_columns(pl.Series(SURPLUS, surplus, pl.String), ragged)


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
            raise file_error(path, "open_quote")
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


def number_rows(rows: pl.DataFrame, numbers: Sequence[int]) -> pl.DataFrame:
    """Add the numbers of the rows; blank cells become unknown, rows without any cell are left out."""
    stripped = cs.string().str.strip_chars()
    read = rows.with_columns(pl.when(stripped != "").then(stripped), pl.Series(NUMBER, numbers, pl.UInt32))
    return read.filter(pl.any_horizontal(cs.string().is_not_null()))


def csv_source(path: Path, law: Regulation) -> CsvSource:
    """Look at a CSV file: its encoding, what parts its cells, its header."""
    encoding = "utf-8" if _is_utf8(path) else "cp1252"
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as file:
        separator = max(";,\t", key=file.readline(_SNIFFED).count)
        file.seek(0)
        try:
            header = next(csv.reader(file, delimiter=separator), [])
        except csv.Error as error:
            raise file_error(path, "header_not_readable", error=error) from None
    names, total = names_of(str(path), header), path.stat().st_size
    cells = Cells(law, text=True)
    return CsvSource(path=path, cells=cells, columns=names, total=total, separator=separator, encoding=encoding)


def names_of(file: str, header: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns; raises `FrameError` with those that are missing, doubled or not allowed."""
    names = tuple(name.strip() for name in header)
    if not any(names):
        raise file_error(file, "no_header")
    kinds = [(column, name, _column_fault(name, names)) for column, name in enumerate(names, start=1)]
    if faults := [fault_of(kind, Place(file, 1, column), name) for column, name, kind in kinds if kind is not None]:
        raise FrameError(faults)
    return names


def _column_fault(name: str, names: Sequence[str]) -> str | None:
    if not name:
        return "column_without_name"
    if names.count(name) > 1:
        return "column_repeated"
    return "column_with_hash" if name.startswith("#") else None


def _is_utf8(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        try:
            while file.read(_BLOCK):
                pass
        except UnicodeDecodeError:
            return False
    return True


class ParquetSource(Source):
    """A Parquet file, whose columns have types of their own; `total` counts rows."""

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Leave the columns as they are: they have types."""
        return rows

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows; the first has the number 1."""
        for batch in pl.scan_parquet(self.path, glob=False).collect_batches(chunk_size=rows, maintain_order=True):
            self.read += batch.height
            yield batch.with_row_index(NUMBER, offset=self.read - batch.height + 1)


def parquet_source(path: Path, law: Regulation) -> ParquetSource:
    """Look at a Parquet file."""
    try:
        scan = pl.scan_parquet(path, glob=False)
        names = scan.collect_schema().names()
        total = int(scan.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as error:
        shown = str(error).splitlines()[0][:200]
        raise file_error(path, "no_parquet", error=shown) from None
    return ParquetSource(path=path, cells=Cells(law), columns=names_of(str(path), names), total=total)


def whole_records(pieces: Iterator[pl.DataFrame], name: str) -> Iterator[pl.DataFrame]:
    """Yield rows in pieces that split no record: rows of the last one wait for the next piece.

    `name` is the column of the record's id; rows without an id belong to none.

    >>> pieces = iter([pl.DataFrame({"id": [1, 2, 2]}), pl.DataFrame({"id": [2, 3]})])
    >>> [piece["id"].to_list() for piece in whole_records(pieces, "id")]
    [[1], [2, 2, 2], [3]]
    """
    held: pl.DataFrame | None = None
    for piece in pieces:
        rows = piece if held is None else pl.concat([held, piece], how="diagonal")
        ids, start = rows[name], rows.height
        if start and ids[-1] is not None:
            others = ids.ne_missing(ids[-1]).reverse().arg_true()
            start = start - others[0] if len(others) else 0
        held = rows[start:]
        if start:
            yield rows[:start]
    if held is not None and held.height:
        yield held


class Ids:
    """Remembers on disk, by their hashes, which ids have been seen, in parts that fit into memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "kennungen"
        self._folder.mkdir()

    def add(self, ids: pl.Series) -> None:
        """Add the ids of a piece; that one stands more than once within it does not matter."""
        hashes = ids.drop_nulls().cast(pl.String).unique().hash(seed=0).to_frame("hash")
        for (part,), rows in hashes.group_by(pl.col("hash") % _PARTS):
            with (self._folder / f"{part}").open("ab") as file:
                file.write(array("Q", rows["hash"]).tobytes())

    def find_repeated(self) -> set[int]:
        """Return the hashes of ids that stand in more than one piece: their rows do not follow one another."""
        parts = (pl.Series(array("Q", path.read_bytes()), dtype=pl.UInt64) for path in self._folder.iterdir())
        return {found for hashes in parts for found in hashes.filter(hashes.is_duplicated())}
