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
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from vwv_im.tables import limits
from vwv_im.tables.table_faults import file_error

_CHUNK = 1 << 16
_SPACE = "\n"
_MOST_MERGED = 1_048_576
_BUILT_IN_DAYS = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General', re.IGNORECASE)
_OF_A_DAY = re.compile(r"[dmyhs]", re.IGNORECASE)
_EPOCH, _EPOCH_OF_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
_LAST_SERIAL = 2_958_466  # the last day of the year 9999
_LEAP = 60  # the 29 February 1900, which Excel counts and no calendar has
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LARGEST = 10**15  # beyond, a number of a cell does not hold every whole number


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a cell has in the place of a value: the kind of its fault, and what is shown there."""

    kind: str
    shown: str


Value = str | int | float | bool | date | datetime | time | timedelta | Wrong
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
    """An open workbook; `merged` has the cells merged over several rows of the sheet last read."""

    path: Path
    archive: zipfile.ZipFile
    merged: list[Merged] = field(default_factory=list)
    counted: int = 0
    told: int = 0

    @property
    @abstractmethod
    def sheets(self) -> list[Sheet]:
        """The sheets with cells, in their order."""

    @abstractmethod
    def rows(self, sheet: Sheet) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a sheet that state something, with their numbers, from 1."""

    def count(self, value: Value) -> None:
        """Count a cell; raises `FrameError` where there are too many, or too much stands in them."""
        self.counted += 1
        if isinstance(value, str):
            self.told += len(value)
        if self.counted > limits.CELLS or self.told > limits.TEXT:
            raise file_error(self.path, "too_many_cells", most=limits.CELLS)

    def parse(self, part: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None],
              text: Callable[[str], None] = lambda _: None) -> Iterator[None]:  # fmt: skip
        """Read the XML of a part, chunk by chunk; names come without what they are qualified by."""
        info = self.archive.getinfo(part)
        if info.file_size > limits.PART:
            raise file_error(self.path, "part_too_large", most=limits.PART)
        elements = 0

        def begin(name: str, given: dict[str, str]) -> None:
            nonlocal elements
            elements += 1
            if elements > limits.ELEMENTS:
                raise file_error(self.path, "too_many_cells", most=limits.CELLS)
            start(name.rpartition(_SPACE)[2], given)

        parser = expat.ParserCreate(namespace_separator=_SPACE)
        parser.buffer_text = True
        parser.StartElementHandler, parser.CharacterDataHandler = begin, text
        parser.EndElementHandler = lambda name: end(name.rpartition(_SPACE)[2])
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with self.archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                yield
        parser.Parse(b"", True)
        yield

    def parse_whole(self, part: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None],
                    text: Callable[[str], None] = lambda _: None) -> None:  # fmt: skip
        """Read the XML of a part at once."""
        for _ in self.parse(part, start, end, text):
            pass


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type in XML")


UNREADABLE = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, KeyError, ValueError, EOFError, NotImplementedError,
    RuntimeError, IndexError, OverflowError, MemoryError,
)  # fmt: skip
"""What reading a damaged workbook may raise."""


def named(given: Mapping[str, str], name: str) -> str:
    """Return an attribute by its name, however it is qualified."""
    return next((value for key, value in given.items() if key.rpartition(_SPACE)[2] == name), "")


class ExcelWorkbook(Workbook):
    """A workbook of Excel since 2007."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        super().__init__(path, archive)
        self._sheets: list[Sheet] = []
        self._since_1904 = False
        self._parts = {name.lower(): name for name in archive.namelist()}
        root = self._relations("").get("officeDocument", {})
        self._main = self._part(next(iter(root.values()), "xl/workbook.xml"))
        related = self._relations(self._main)
        self._read_main({key: self._part(part) for key, part in related.get("worksheet", {}).items()})
        strings, styles = (next(iter(related.get(kind, {}).values()), "") for kind in ("sharedStrings", "styles"))
        self._strings = self._read_strings(self._part(strings)) if self._part(strings) in archive.namelist() else []
        self._forms = self._read_styles(self._part(styles)) if self._part(styles) in archive.namelist() else []

    @property
    def sheets(self) -> list[Sheet]:
        """The sheets with cells."""
        return self._sheets

    def _part(self, name: str) -> str:
        name = name.lstrip("/")
        return self._parts.get(name.lower(), name)

    def _relations(self, part: str) -> dict[str, dict[str, str]]:
        """Return what a part refers to, by its kind and by the names of the references."""
        folder, name = posixpath.split(part)
        place = self._part(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, dict[str, str]] = {}

        def start(name: str, given: dict[str, str]) -> None:
            if name == "Relationship" and given.get("TargetMode") != "External":
                target = given.get("Target", "")
                whole = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found.setdefault(given.get("Type", "").rpartition("/")[2], {})[given.get("Id", "")] = whole

        if place in self.archive.namelist():
            self.parse_whole(place, start, lambda _: None)
        return found

    def _read_main(self, parts: Mapping[str, str]) -> None:
        def start(name: str, given: dict[str, str]) -> None:
            if name == "workbookPr":
                self._since_1904 = given.get("date1904", "0") in ("1", "true", "on")
            elif name == "sheet" and (part := parts.get(named(given, "id"))) is not None:
                hidden = given.get("state", "visible") != "visible"
                self._sheets.append(Sheet(given.get("name", ""), hidden, part))

        self.parse_whole(self._main, start, lambda _: None)

    def _read_strings(self, part: str) -> list[str]:
        found: list[str] = []
        held: list[str] = []
        inside = {"t": False, "rPh": False}

        def start(name: str, _: dict[str, str]) -> None:
            if name == "si":
                held.clear()
            elif name in inside:
                inside[name] = True

        def end(name: str) -> None:
            if name == "si":
                found.append(_unescaped("".join(held)))
            elif name in inside:
                inside[name] = False

        def text(data: str) -> None:
            if inside["t"] and not inside["rPh"]:
                held.append(data)

        self.parse_whole(part, start, end, text)
        return found

    def _read_styles(self, part: str) -> list[str]:
        """Return of each style whether its numbers stand for a `day`, a `span` of time, or themselves."""
        custom: dict[int, str] = {}
        found: list[str] = []
        inside = False

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal inside
            if name == "numFmt" and not inside:
                custom.setdefault(int(given.get("numFmtId", "-1")), given.get("formatCode", ""))
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                number = int(given.get("numFmtId", "0"))
                found.append(_form_of(custom[number]) if number in custom else _built_in(number))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and name != "cellXfs"

        self.parse_whole(part, start, end)
        return found

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a sheet that state something, with their numbers, from 1."""
        reader = _Rows(self)
        for _ in self.parse(sheet.part, reader.start, reader.end, reader.text):
            yield from reader.done
            reader.done.clear()
        self.merged = reader.merged

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
                return _unescaped(text) or None
            case "b":
                return text.strip() in ("1", "true")
            case "d":
                return iso_value(text)
        return self._number(text.strip(), self._forms[int(style)] if style and int(style) < len(self._forms) else "")

    def _number(self, text: str, form: str) -> Value:
        number = float(text)
        if form == "span":
            return timedelta(days=number)
        if form == "day" and 0 <= number < _LAST_SERIAL:
            return _day(number, since_1904=self._since_1904)
        return number_of(text, number)


def number_of(text: str, number: float) -> Value:
    """Return a number of a cell as it is exact, or that it is not.

    >>> number_of("12345678901234567", 12345678901234567.0), number_of("0.5", 0.5)
    (Wrong(kind='inexact_number', shown='12345678901234567'), 0.5)
    """
    if number != number or abs(number) == float("inf"):  # noqa: PLR0124 - NaN
        return Wrong("error_in_cell", text)
    return Wrong("inexact_number", text) if abs(number) >= _LARGEST and number.is_integer() else number


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def iso_value(text: str) -> Value:
    """Return the day or point in time that a text names, else the text."""
    try:
        found = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return found.replace(tzinfo=None)


def _day(number: float, *, since_1904: bool) -> Value:
    if since_1904:
        found = _EPOCH_OF_1904 + _span(number)
    elif number < 1:
        return (_EPOCH + _span(number)).time()
    else:
        found = _EPOCH + _span(number + (number < _LEAP))
    return found


def _span(number: float) -> timedelta:
    """Return a span of time to the millisecond, which is what a number of Excel holds."""
    return timedelta(milliseconds=round(number * 86_400_000))


def _built_in(number: int) -> str:
    return "span" if number == 46 else "day" if number in _BUILT_IN_DAYS else ""  # noqa: PLR2004 - [h]:mm:ss


def _form_of(code: str) -> str:
    """Return whether a format shows a number as a `day`, as a `span` of time, or as itself.

    >>> _form_of("dd.mm.yyyy"), _form_of("[h]:mm"), _form_of('0.00 "Stunden"'), _form_of("[Red]0")
    ('day', 'span', '', '')
    """
    code = code.partition(";")[0]
    if _ELAPSED.search(code):
        return "span"
    return "day" if _OF_A_DAY.search(_NOT_FORMAT.sub("", code)) else ""


class _Rows:
    """What the XML of a sheet says, element by element; whole rows are put on `done`."""

    def __init__(self, book: ExcelWorkbook) -> None:
        self.book = book
        self.done: list[tuple[int, Row]] = []
        self.merged: list[Merged] = []
        self.cells: Row = []
        self.row, self.column = 0, -1
        self.given: dict[str, str] = {}
        self.formula = self.reads = self.phonetic = False
        self.held: list[str] | None = None

    def start(self, name: str, given: dict[str, str]) -> None:
        """Begin an element."""
        if name == "c":
            self.given, self.formula, self.held = given, False, None
            reference = _REFERENCE.fullmatch(given.get("r", ""))
            self.column = column_of(reference[1]) if reference else self.column + 1
        elif name == "v" or (name == "t" and not self.phonetic):
            self.reads = True
            if self.held is None:
                self.held = []
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.phonetic = True
        elif name == "row":
            said = given.get("r", "")
            self.row = int(said) if said.isdecimal() and len(said) < 9 else self.row + 1  # noqa: PLR2004 - no such row
            self.column, self.cells = -1, []
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))

    def end(self, name: str) -> None:
        """End an element."""
        if name in ("v", "t"):
            self.reads = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "c":
            text = None if self.held is None else "".join(self.held)
            value = self.book.value(self.given.get("t", "n"), self.given.get("s", ""), text, formula=self.formula)
            if value is not None:
                self.book.count(value)
                self.cells.append((self.column, value))
        elif name == "row" and self.cells:
            self.done.append((self.row, self.cells))

    def text(self, data: str) -> None:
        """Take text."""
        if self.reads and self.held is not None:
            self.held.append(data)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, bottom = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if top and bottom and int(top[2]) < int(bottom[2]) and len(self.merged) < _MOST_MERGED:
            self.merged.append((int(top[2]), int(bottom[2]), column_of(top[1])))


def column_of(letters: str) -> int:
    """Return the number of a column, from 0.

    >>> column_of("A"), column_of("AA"), column_of("XFD")
    (0, 26, 16383)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
