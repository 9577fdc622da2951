"""The cells of a table of LibreOffice (.ods)."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path
from re import compile as pattern

from vwv_im.tables.workbook_cells import Value, Wrong, iso_value, number_of
from vwv_im.tables.workbook_xml import RowReader, Sheet, Workbook, named

_CONTENT = "content.xml"
_SPAN = pattern(r"-?PT?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.]+)S)?")
_MOST_REPEATED = 1_048_576


class OpenDocument(Workbook):
    """A table of LibreOffice: all its sheets stand in one part, those that are hidden by their style.

    It knows no truth values but as numbers in a format of their own, which a workbook of Excel may lack.
    """

    truths_are_numbers = True

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        super().__init__(path, archive)
        hidden: set[str] = set()
        style = ""

        def begin_style(given: dict[str, str]) -> None:
            nonlocal style
            style = named(given, "name")

        def properties(given: dict[str, str]) -> None:
            if named(given, "display") == "false":
                hidden.add(style)

        def table(given: dict[str, str]) -> None:
            self.sheets.append(Sheet(named(given, "name"), named(given, "style-name") in hidden, _CONTENT))

        starts = {"style": begin_style, "table-properties": properties, "table": table}
        self.parse_whole(_CONTENT, starts, {})

    def reader(self, sheet: Sheet) -> RowReader:
        """Return what reads a sheet."""
        return _Rows(self, sheet.name)


class _Rows(RowReader):
    def __init__(self, book: OpenDocument, sheet: str) -> None:
        super().__init__()
        self.book, self.sheet = book, sheet
        self.row, self.column, self.again = 1, 0, 1
        self.lines: list[str] = []
        self.within = self.in_cell = self.in_line = False
        self.in_note = 0
        cells = ("table-cell", "covered-table-cell")
        self.starts = {
            "table": self._table,
            "table-row": self._row,
            "annotation": self._note,
            "p": self._line,
            **dict.fromkeys(cells, self._cell),
            **dict.fromkeys(("s", "tab", "line-break"), self._blanks),
        }
        self.ends = {
            "table": self.turn("within", False),
            "table-row": self._end_of_row,
            "annotation": self._end_of_note,
            **dict.fromkeys(cells, self._end_of_cell),
            "p": self.turn("in_line", False),
        }

    def _table(self, given: dict[str, str]) -> None:
        self.within = named(given, "name") == self.sheet

    def _row(self, given: dict[str, str]) -> None:
        self.again, self.column, self.cells = _repeated(given, "number-rows-repeated"), 0, []

    def _cell(self, given: dict[str, str]) -> None:
        self.given, self.lines, self.in_cell = given, [], True

    def _note(self, _: dict[str, str]) -> None:
        self.in_note += 1

    def _line(self, _: dict[str, str]) -> None:
        if self.in_cell and not self.in_note:
            self.lines.append("")
            self.in_line = True

    def _blanks(self, given: dict[str, str]) -> None:
        if self.in_line:
            self.lines[-1] += " " * min(_repeated(given, "c"), 1000)

    def _end_of_note(self) -> None:
        self.in_note -= 1

    def _end_of_row(self) -> None:
        for row in range(self.row, self.row + self.again) if self.cells and self.within else ():
            if row > self.row:
                for _column, value in self.cells:
                    self.book.count(value)
            self.done.append((row, self.cells))
        self.row += self.again if self.within else 0

    def text(self, data: str) -> None:
        """Take text."""
        if self.in_line and not self.in_note:
            self.lines[-1] += data

    def _end_of_cell(self) -> None:
        self.in_cell = False
        if not self.within:
            return
        again, value = _repeated(self.given, "number-columns-repeated"), self._value()
        if value is not None:
            for column in range(self.column, self.column + again):
                self.book.count(value)
                self.cells.append((column, value))
            if (rows := _repeated(self.given, "number-rows-spanned")) > 1:
                self.merged.append((self.row, self.row + rows - 1, self.column))
        self.column += again

    def _value(self) -> Value | None:
        said = {key.rpartition(":")[2]: value for key, value in self.given.items()}
        kinds = {value for key, value in self.given.items() if key.rpartition(":")[2] == "value-type"}
        shown = "\n".join(self.lines)
        if "error" in kinds:
            return Wrong("error_in_cell", shown)
        match next(iter(kinds - {"error"}), ""):
            case "float" | "currency" | "percentage":
                text = said["value"]
                return number_of(text, float(text))
            case "date":
                return iso_value(said["date-value"])
            case "boolean":
                return said["boolean-value"] == "true"
            case "time":
                return _span(said["time-value"])
            case "string":
                return said.get("string-value", shown).strip() or None
        return Wrong("formula_without_value", "") if "formula" in said else shown.strip() or None


def _span(text: str) -> Value:
    found = _SPAN.fullmatch(text)
    if found is None:
        return text
    hours, minutes, seconds = (float(one or 0) for one in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _repeated(given: dict[str, str], name: str) -> int:
    said = named(given, name)
    return min(max(int(said), 1), _MOST_REPEATED) if said.isdecimal() and len(said) < 9 else 1  # noqa: PLR2004 - enough
