"""The cells of a workbook, read from its XML row by row: what a cell states, or why it states nothing.

A part of the file is refused by the size that it claims, which is never exceeded; only cells that are there are kept,
wherever they stand.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import ClassVar, NamedTuple
from xml.parsers import expat

from vwv_im.tables import limits
from vwv_im.tables.table_faults import file_error
from vwv_im.tables.workbook_cells import (
    LAST_SERIAL,
    Value,
    Wrong,
    built_in_form,
    column_of,
    day_of,
    form_of,
    iso_value,
    number_of,
    unescaped,
)

_CHUNK = 1 << 16
_MOST_NAMES, _OF_NO_INTEREST = 1000, 10_000_000
_MOST_MERGED = 1_048_576
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


Starts = Mapping[str, Callable[[dict[str, str]], None]]
"""What is called with the attributes of an element that begins, by its name."""
Ends = Mapping[str, Callable[[], None]]
"""What is called where an element ends, by its name."""
Row = list[tuple[int, Value]]
"""The cells of a row that state something, each with the number of its column, from 0."""
Merged = tuple[int, int, int]
"""The rows from the first to the last that a cell is merged over, and its column."""


class Sheet(NamedTuple):
    """A sheet of a workbook: its name, whether it is hidden, and where it stands in the file."""

    name: str
    hidden: bool
    part: str


@dataclass
class Workbook(ABC):
    """An open workbook: its sheets with cells; `merged` has the cells merged over several rows of the sheet last read.

    `truths_are_numbers`: its cells may hold 1 and 0 for truth values.
    """

    truths_are_numbers: ClassVar[bool] = False
    path: Path
    archive: zipfile.ZipFile
    sheets: list[Sheet] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    counted: int = 0
    told: int = 0

    @abstractmethod
    def reader(self, sheet: Sheet) -> RowReader:
        """Return what reads a sheet."""

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a sheet that state something, with their numbers, from 1."""
        reader = self.reader(sheet)
        for _ in self.parse(sheet.part, reader.starts, reader.ends, reader.text):
            yield from reader.done
            reader.done.clear()
        self.merged = reader.merged

    def count(self, value: Value) -> None:
        """Count a cell; raises `FrameError` where there are too many, or too much stands in them."""
        self.counted += 1
        if isinstance(value, str):
            self.told += len(value)
        if self.counted > limits.CELLS or self.told > limits.TEXT:
            raise file_error(self.path, "too_many_cells", most=limits.CELLS)

    def parse(self, part: str, starts: Starts, ends: Ends, text: Callable[[str], None] | None = None) -> Iterator[None]:
        """Read the XML of a part, chunk by chunk; what begins or ends an element is called by its name."""
        info, tags = self.archive.getinfo(part), 0
        if info.file_size > limits.PART:
            raise file_error(self.path, "part_too_large", most=limits.PART)
        if info.file_size > _OF_NO_INTEREST and info.file_size > limits.PACKED * info.compress_size:
            raise file_error(self.path, "packed_too_much", most=limits.PACKED)
        plain = lru_cache(_MOST_NAMES)(_unqualified)

        def begin(name: str, given: dict[str, str]) -> None:
            if (handle := starts.get(plain(name))) is not None:
                handle(given)

        def finish(name: str) -> None:
            if (handle := ends.get(plain(name))) is not None:
                handle()

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = begin, finish
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with self.archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                tags += chunk.count(b"<")
                if tags > limits.TAGS:
                    raise file_error(self.path, "too_many_cells", most=limits.CELLS)
                parser.Parse(chunk, False)
                yield
        parser.Parse(b"", True)
        yield

    def parse_whole(self, part: str, starts: Starts, ends: Ends, text: Callable[[str], None] | None = None) -> None:
        """Read the XML of a part at once."""
        for _ in self.parse(part, starts, ends, text):
            pass


class RowReader(ABC):
    """What the XML of a sheet says, element by element; whole rows are put on `done`."""

    starts: Starts
    ends: Ends

    def __init__(self) -> None:
        self.done: list[tuple[int, Row]] = []
        self.merged: list[Merged] = []
        self.cells: Row = []
        self.given: dict[str, str] = {}

    def turn(self, name: str, on: bool) -> Callable[..., None]:
        """Return what notes that a part of the file begins, or that it ends."""
        return lambda *_: setattr(self, name, on)

    @abstractmethod
    def text(self, data: str) -> None:
        """Take text."""


def _unqualified(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type in XML")


UNREADABLE = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, LookupError, ValueError, EOFError, NotImplementedError,
    RuntimeError, OverflowError, MemoryError,
)  # fmt: skip
"""What reading a damaged workbook may raise."""


def named(given: Mapping[str, str], name: str) -> str:
    """Return an attribute by its name, however it is qualified."""
    return next((value for key, value in given.items() if _unqualified(key) == name), "")


class ExcelWorkbook(Workbook):
    """A workbook of Excel since 2007."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        super().__init__(path, archive)
        self._since_1904 = False
        self._parts = {name.lower(): name for name in archive.namelist()}
        root = self._relations("").get("officeDocument", {})
        self._main = self._part(next(iter(root.values()), "xl/workbook.xml"))
        related = self._relations(self._main)
        self._read_main({key: self._part(part) for key, part in related.get("worksheet", {}).items()})
        strings, styles = (next(iter(related.get(kind, {}).values()), "") for kind in ("sharedStrings", "styles"))
        self._strings = self._read_strings(self._part(strings)) if self._part(strings) in archive.namelist() else []
        self._forms = self._read_styles(self._part(styles)) if self._part(styles) in archive.namelist() else []

    def _part(self, name: str) -> str:
        name = name.lstrip("/")
        return self._parts.get(name.lower(), name)

    def _relations(self, part: str) -> dict[str, dict[str, str]]:
        """Return what a part refers to, by its kind and by the names of the references."""
        folder, name = posixpath.split(part)
        place = self._part(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, dict[str, str]] = {}

        def start(given: dict[str, str]) -> None:
            if given.get("TargetMode") != "External":
                target = given.get("Target", "")
                whole = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found.setdefault(given.get("Type", "").rpartition("/")[2], {})[given.get("Id", "")] = whole

        if place in self.archive.namelist():
            self.parse_whole(place, {"Relationship": start}, {})
        return found

    def _read_main(self, parts: Mapping[str, str]) -> None:
        def properties(given: dict[str, str]) -> None:
            self._since_1904 = given.get("date1904", "0") in ("1", "true", "on")

        def sheet(given: dict[str, str]) -> None:
            if (part := parts.get(named(given, "id"))) is not None:
                hidden = given.get("state", "visible") != "visible"
                self.sheets.append(Sheet(given.get("name", ""), hidden, part))

        self.parse_whole(self._main, {"workbookPr": properties, "sheet": sheet}, {})

    def _read_strings(self, part: str) -> list[str]:
        found: list[str] = []
        held: list[str] = []
        inside = {"t": False, "rPh": False}

        def text(data: str) -> None:
            if inside["t"] and not inside["rPh"]:
                held.append(data)

        def end() -> None:
            found.append(unescaped("".join(held)).strip())
            self.told += len(found[-1])
            held.clear()
            if self.told > limits.TEXT:
                raise file_error(self.path, "too_many_cells", most=limits.CELLS)

        self.parse_whole(part, _turns(inside, True), {"si": end, **_turns(inside, False)}, text)
        self.told = 0
        return found

    def _read_styles(self, part: str) -> list[str]:
        """Return of each style whether its numbers stand for a `day`, a `span` of time, or themselves."""
        custom: dict[int, str] = {}
        found: list[str] = []
        inside = {"cellXfs": False}

        def number_format(given: dict[str, str]) -> None:
            if not found:
                custom.setdefault(int(given.get("numFmtId", "-1")), given.get("formatCode", ""))

        def form(given: dict[str, str]) -> None:
            if inside["cellXfs"]:
                number = int(given.get("numFmtId", "0"))
                found.append(form_of(custom[number]) if number in custom else built_in_form(number))

        starts = {"numFmt": number_format, "xf": form, **_turns(inside, True)}
        self.parse_whole(part, starts, _turns(inside, False))
        return found

    def reader(self, sheet: Sheet) -> RowReader:
        """Return what reads a sheet."""
        return _Rows(self)

    def value(self, kind: str, style: str, text: str | None, *, formula: bool) -> Value | None:
        """Return what a cell states; nothing where it is empty."""
        if kind == "e":
            return Wrong("error_in_cell", text or "")
        if text is None or (text == "" and kind != "str"):
            return Wrong("formula_without_value", "") if formula else None
        match kind:
            case "s":
                return self._strings[int(text)] or None
            case "str" | "inlineStr":
                return unescaped(text).strip() or None
            case "b":
                return text.strip() in ("1", "true")
            case "d":
                return iso_value(text.strip()) or None
        return self._number(text.strip(), self._forms[int(style)] if style and int(style) < len(self._forms) else "")

    def _number(self, text: str, form: str) -> Value:
        number = float(text)
        if form == "span":
            return timedelta(days=number)
        if form == "day" and 0 <= number < LAST_SERIAL:
            return day_of(number, since_1904=self._since_1904)
        return number_of(text, number)


def _turns(inside: dict[str, bool], on: bool) -> dict[str, Callable[..., None]]:
    """Return what notes that elements begin, or end, by their names."""
    return {name: partial(lambda name, *_: inside.__setitem__(name, on), name) for name in inside}


class _Rows(RowReader):
    def __init__(self, book: ExcelWorkbook) -> None:
        super().__init__()
        self.book = book
        self.row, self.column = 0, -1
        self.formula = self.reads = self.phonetic = False
        self.held: list[str] | None = None
        self.starts = {
            "c": self._cell,
            "v": self._value,
            "t": self._text,
            "f": self.turn("formula", True),
            "rPh": self.turn("phonetic", True),
            "row": self._row,
            "mergeCell": self._merge,
        }
        self.ends = {
            **dict.fromkeys(("v", "t"), self.turn("reads", False)),
            "c": self._end_of_cell,
            "rPh": self.turn("phonetic", False),
            "row": self._end_of_row,
        }

    def _cell(self, given: dict[str, str]) -> None:
        self.given, self.formula, self.held = given, False, None
        letters = given.get("r", "").rstrip("0123456789")
        self.column = column_of(letters) if letters else self.column + 1

    def _value(self, _: dict[str, str]) -> None:
        self.reads = True
        if self.held is None:
            self.held = []

    def _text(self, given: dict[str, str]) -> None:
        if not self.phonetic:
            self._value(given)

    def _row(self, given: dict[str, str]) -> None:
        said = given.get("r", "")
        self.row = int(said) if said.isdecimal() and len(said) < 9 else self.row + 1  # noqa: PLR2004 - no such row
        self.column, self.cells = -1, []

    def _end_of_cell(self) -> None:
        if self.held is None and not self.formula and self.given.get("t") != "e":
            return
        text = None if self.held is None else "".join(self.held)
        value = self.book.value(self.given.get("t", "n"), self.given.get("s", ""), text, formula=self.formula)
        if value is not None:
            self.book.count(value)
            self.cells.append((self.column, value))

    def _end_of_row(self) -> None:
        if self.cells:
            self.done.append((self.row, self.cells))

    def text(self, data: str) -> None:
        """Take text."""
        if self.reads and self.held is not None:
            self.held.append(data)

    def _merge(self, given: dict[str, str]) -> None:
        first, _, last = given.get("ref", "").partition(":")
        top, bottom = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if top and bottom and int(top[2]) < int(bottom[2]) and len(self.merged) < _MOST_MERGED:
            self.merged.append((int(top[2]), int(bottom[2]), column_of(top[1])))
