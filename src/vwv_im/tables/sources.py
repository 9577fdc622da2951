"""Tables that are read piece by piece, whatever their form. No piece splits a record; memory is bounded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import polars as pl
from polars import selectors as cs

from vwv_im.law.regulation import Regulation
from vwv_im.tables import limits
from vwv_im.tables.cell_values import ON, Cells
from vwv_im.tables.layout import FLAG
from vwv_im.tables.table_faults import FrameError, file_error
from vwv_im.text import Place, fault_of

NUMBER = "#number"
"""The number of a row as a reader of the file counts it; in text and workbooks the header is row 1."""
RAGGED, SURPLUS = f"{FLAG}VIM184:", "#surplus"
"""Whether a row has more cells than the header, and what stands in them."""
MANY = 50_000
_LONGEST_NAME, _MOST_TOLD = 1000, 50
_PARTS = 64


@dataclass(frozen=True)
class Table:
    """A sheet: its cells as text, and those of its columns that state no fact and are all of one type.

    `titles` is what it calls its columns.
    """

    name: str
    names: tuple[str, ...]
    cells: pl.DataFrame
    others: pl.DataFrame
    titles: tuple[str, ...]

    def with_types(self, rows: pl.DataFrame, kept: Collection[str], cells: Cells) -> pl.DataFrame:
        """Give the columns of the sheet that are `kept` in `rows` their types."""
        return cells.with_types(rows).with_columns(column for column in self.others if column.name in kept)


@dataclass(kw_only=True)
class Source(ABC):
    """A table that can be read piece by piece; `cells` tells how its cells state facts.

    `sheet` is the one read of a workbook, `lists` are the sheets of its lists, by the names of these, and `unread` are
    those that are hidden, `unknown` those that no list is called like. `whole`: the table comes in one piece. `read`
    tells how much of `total` has been read, in bytes or rows. `titles` is what the table calls its columns.
    """

    whole: ClassVar[bool] = False
    path: Path
    cells: Cells
    columns: tuple[str, ...]
    total: int
    read: int = 0
    separator: str = ";"
    sheet: str = ""
    lists: Mapping[str, Table] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @abstractmethod
    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows in order, about `rows` at a time, with their numbers in `#number`."""

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give the columns of the file that are `kept` in `rows` the types of what they state."""
        return self.cells.with_types(rows)

    def more_than(self, rows: int) -> bool:
        """Return whether there are more rows than `rows`."""
        return self.total > rows

    def title(self, column: str) -> str:
        """Return what the file calls a column, behind its sheet where it is one of a list."""
        sheet, parted, name = column.rpartition("!")
        table = next((one for one in self.lists.values() if one.name == sheet), None)
        if table is None:
            return dict(zip(self.columns, self.titles, strict=False)).get(column) or column
        return sheet + parted + (dict(zip(table.names, table.titles, strict=False)).get(name) or name)

    def place(self, row: int, column: int) -> Place:
        """Return a place in the table: its file, and its sheet where it has several."""
        return Place(f"{self.path}, {self.sheet}" if self.sheet else str(self.path), row, column)


def number_rows(rows: pl.DataFrame, numbers: Sequence[int]) -> pl.DataFrame:
    """Add the numbers of the rows; blank cells become unknown, rows without any cell are left out."""
    stripped = cs.string().str.strip_chars()
    read = rows.with_columns(pl.when(stripped != "").then(stripped), pl.Series(NUMBER, numbers, pl.UInt32))
    return read.filter(pl.any_horizontal(cs.string().is_not_null()))


def names_of(
    file: str, header: Sequence[str], law: Regulation, row: int = 1, below: Sequence[Sequence[str]] = ()
) -> tuple[str, ...]:
    """Return the names of the columns, which stand in a row; `below` are some of the next ones.

    Raises `FrameError` with those that are missing, doubled or not allowed.
    """
    names = tuple(name.strip() for name in header)
    if not any(names):
        raise file_error(file, "no_header")
    known = {*law.vocabulary.facts, ON}
    if known.isdisjoint(names):
        for number, cells in enumerate(below, start=row + 1):
            if not known.isdisjoint(cell.strip() for cell in cells):
                raise FrameError([fault_of("header_below", Place(file, number, 1), row=number)])
    if len(names) > limits.COLUMNS:
        raise file_error(file, "too_many_columns", most=limits.COLUMNS)
    counts = Counter(names)
    kinds = [(column, name, _column_fault(name, counts)) for column, name in enumerate(names, start=1)]
    if faults := [fault_of(kind, Place(file, row, column), name) for column, name, kind in kinds if kind is not None]:
        raise FrameError(faults[:_MOST_TOLD])
    return names


def _column_fault(name: str, counts: Mapping[str, int]) -> str | None:
    if not name:
        return "column_without_name"
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        return "bad_byte"
    if len(name) > _LONGEST_NAME:
        return "column_name_too_long"
    if counts[name] > 1:
        return "column_repeated"
    return "column_with_hash" if name.startswith("#") else None


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
