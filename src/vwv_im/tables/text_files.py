"""CSV files. A mark at the beginning decides how their bytes are read, a byte that does not fit is a fault of its cell.

Without a mark a file is UTF-8, or Windows-1252 where nothing beyond ASCII is UTF-8. Rows end at CR, LF and CRLF alone.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TextIO

import polars as pl

from vwv_im.law.regulation import Regulation
from vwv_im.tables import limits
from vwv_im.tables.cell_values import Cells
from vwv_im.tables.layout import FLAG
from vwv_im.tables.sources import MANY, RAGGED, SURPLUS, Source, names_of, number_rows
from vwv_im.tables.table_faults import file_error
from vwv_im.tables.words import read_header

_BLOCK = 1 << 20
_SNIFFED = 1 << 16
_HEAD = 30
_MOST_MENDED = 500
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BAD, SHOWN_AS = "\udcff", "\ufffd"
HALF = re.compile("[\ud800-\udfff]")
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
codecs.register_error("vwv_im.cell", lambda error: (_BAD, getattr(error, "end", 0)))


@dataclass(kw_only=True)
class CsvSource(Source):
    """A CSV file, separated by semicolons, commas, tabs, or as its first line says; `total` counts bytes.

    `skipped` is the number of rows before the first one that is decided.
    """

    encoding: str
    skipped: int

    def more_than(self, rows: int) -> bool:
        """Return whether there are more rows than `rows`, reading no further than to the first one that is too many."""
        if self.total < 2 * rows:  # a row is at least a character and the end of a line
            return False
        pieces = replace(self).pieces(MANY)
        return any(count > rows for count in accumulate(piece.height for piece in pieces))

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows in order."""
        with _opened(self.path, self.encoding) as file:
            records = _Records(file, self.path, self.separator)
            records.take(self.skipped)
            first = self.skipped + 1
            while (taken := records.take(rows))[0]:
                cells, faulty = taken
                self.read, numbers = file.buffer.tell(), range(first, first + len(cells))
                flags = [
                    pl.Series(f"{FLAG}{kind}:", [row in where for row in range(len(cells))])
                    for kind, where in faulty.items()
                ]
                yield number_rows(_frame(self.columns, cells, self.separator).with_columns(flags), numbers)
                first += len(cells)


class _Records:
    """The rows of a file, in a single pass; where quotes do not fit, only the row is lost that has the first one.

    After a quote that is not closed, or closed within a cell, the lines that it swallowed are read once more.
    """

    def __init__(self, text: TextIO, path: Path, separator: str) -> None:
        self._text, self._path, self._separator = text, path, separator
        self._again: deque[str] = deque()
        self._lines: list[str] = []
        self._size = self._mended = 0
        self._ended = True
        self._reader: Iterator[list[str]] = iter(())

    def take(self, most: int) -> tuple[list[list[str]], dict[str, set[int]]]:
        """Return the cells of the next rows that are decided together, and which have a fault as a whole, by its kind.

        They are no more than `most`, and not too long.
        """
        rows: list[list[str]] = []
        faulty: dict[str, set[int]] = {}
        size = 0
        while len(rows) < most and size < limits.PIECE:
            if self._ended:  # at the beginning, and after a quote that is never closed
                self._ended = False
                self._reader = csv.reader(self._next_lines(), delimiter=self._separator, strict=True)
            self._lines.clear()
            self._size = 0
            try:
                rows.append(next(self._reader))
            except StopIteration:
                self._ended = True
                break
            except csv.Error:
                cells, kind = self._mend()
                faulty.setdefault(kind, set()).add(len(rows))
                rows.append(cells)
            size += self._size
        return rows, faulty

    def _next_lines(self) -> Iterator[str]:
        while line := self._again.popleft() if self._again else self._text.readline(limits.ROW + 1):
            self._size += len(line)
            if self._size > limits.ROW:
                raise file_error(self._path, "row_too_long", most=limits.ROW)
            self._lines.append(line)
            yield line
        self._ended = True

    def _mend(self) -> tuple[list[str], str]:
        first, *others = self._lines
        self._again.extendleft(reversed(others))
        self._mended += 1
        if self._mended > _MOST_MENDED:
            raise file_error(self._path, "open_quote")
        cells = first.rstrip("\r\n").split(self._separator)
        if any(len(cell) > limits.CELL for cell in cells):
            return [cell[: limits.CELL] for cell in cells], "cell_too_long"
        return cells, "quote_in_cell"


def _frame(names: tuple[str, ...], records: list[list[str]], separator: str) -> pl.DataFrame:
    """Return rows as a frame: what a short one lacks is unknown, a long one is marked."""
    width = len(names)
    others: list[pl.Series] = []
    if any(len(cells) != width for cells in records):
        surplus = [separator.join(cells[width:]) if len(cells) > width else None for cells in records]
        if any(one is not None for one in surplus):
            others = surplus_series(surplus)
        records = [[*cells[:width], *[""] * (width - len(cells))] for cells in records]
    for name, column in zip(names, zip(*records, strict=True), strict=True):
        others += text_series(name, column)
    return pl.DataFrame(others)


def text_series(name: str, cells: Iterable[str | None]) -> list[pl.Series]:
    """Return a column of text; where bytes of some of its cells do not fit, also which ones these are."""
    cells = list(cells)
    try:
        return [pl.Series(name, cells, pl.String)]
    except UnicodeEncodeError:
        bad = [one is not None and HALF.search(one) is not None for one in cells]
        whole = [None if one is None else HALF.sub(SHOWN_AS, one) for one in cells]
        return [pl.Series(name, whole, pl.String), pl.Series(f"{FLAG}bad_byte:{name}", bad)]


def surplus_series(surplus: Sequence[str | None]) -> list[pl.Series]:
    """Return what stands beyond the header, and whether something does."""
    return [text_series(SURPLUS, surplus)[0], pl.Series(RAGGED, [one is not None for one in surplus])]


def csv_source(path: Path, law: Regulation, root: str) -> CsvSource:
    """Look at a CSV file: its encoding, what parts its cells, its header."""
    encoding, total = _encoding_of(path), path.stat().st_size
    with _opened(path, encoding) as file:
        first = file.readline(_SNIFFED)
        if "\0" in first:
            raise file_error(path, "no_text_table")
        said = _SEP.fullmatch(first.strip())
        separator = said[1] if said else max(";,\t", key=first.count)
        file.seek(0)
        begun, _ = _Records(file, path, separator).take(_HEAD)
    begun = begun[bool(said) :]
    header, rows = read_header(begun, law, root)
    skipped = rows + bool(said)
    names = names_of(str(path), header, law, skipped, begun[rows:])
    return CsvSource(
        path=path, cells=Cells(law, text=True), columns=names, total=total, separator=separator, encoding=encoding,
        skipped=skipped, titles=tuple(word.strip() for word in begun[0]) if begun else (),
    )  # fmt: skip


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="vwv_im.cell", newline="")


def _encoding_of(path: Path) -> str:
    """Return how the bytes of a file are read: as its mark says, or else by all that it has beyond ASCII."""
    decoder, sound, seen, before = codecs.getincrementaldecoder("utf-8")(), True, False, b""
    with path.open("rb") as file:
        block = file.read(_BLOCK)
        for mark, encoding in _MARKS:
            if block.startswith(mark):
                return encoding
        while block:
            if before or not block.isascii():
                seen = seen or _UTF8.search(before + block) is not None
                try:
                    decoder.decode(block, final=False)
                except UnicodeDecodeError:
                    sound = False
                    decoder.reset()
            before = b"" if block.isascii() else block[-3:]
            block = file.read(_BLOCK)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        sound = False
    return "utf-8" if sound or seen else "cp1252"
