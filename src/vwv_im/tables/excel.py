"""How a workbook is written: sheets with a header in words above the names of the columns, ready to be printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import ceil
from typing import IO, Any, NamedTuple

HEADER = 2
"""The rows of a header: the words, and below them the names of the columns."""
LINE = 15
"""The height of a line of text."""
_USED = 0.85  # of a line, as words are not parted
_MOST_NOTES = 2000


class Column(NamedTuple):
    """A column of a sheet: its name, what it is called, how wide it is, how its cells look, and a note on it.

    `tall`: a row is as high as its text needs.
    """

    name: str
    heading: str
    width: float = 18
    look: Any = None
    note: str = ""
    tall: bool = False


def lines_in(text: str, width: float) -> int:
    r"""Return how many lines a text takes in a cell, rather one too many.

    >>> lines_in("one", 10), lines_in("one two three\nfour", 10)
    (1, 3)
    """
    return sum(max(1, ceil(len(part) / (width * _USED))) for part in text.split("\n"))


class NewWorkbook:
    """A workbook that is being written. Where the disk is full that is told at the end: what writes it goes on."""

    book: Any
    look: Callable[..., Any]

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own

        self._patient = _Patient(file)
        self.book = xlsxwriter.Workbook(self._patient, options)
        self.book.use_zip64()
        self.look = cache(self._look)
        self._notes = 0

    def _look(self, **properties: Any) -> Any:
        """Return how cells look that have some properties, beside what all have."""
        return self.book.add_format({"valign": "top", **properties})

    def add_sheet(self, name: str, columns: Sequence[Column], *, named: bool = True, fixed: int = 0) -> Any:
        """Add a sheet with its header, in landscape.

        `named`: with the names of the columns in a second row, and printed on several pages side by side; others are
        as wide as a page. `fixed` is how many columns stay in sight, and are printed on each page.
        """
        sheet, rows = self.book.add_worksheet(name), HEADER if named else 1
        head = self.look(bold=True, bg_color="#DDE7F0", border=1, border_color="#9FB4C7", text_wrap=True)
        below = self.look(font_size=7, font_color="#6B7785", bottom=1, bottom_color="#9FB4C7")
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width, column.look or self.look())
        sheet.set_row(0, LINE * min(max((lines_in(one.heading, one.width) for one in columns), default=1), 6) + 3)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.heading, head)
            if column.note:
                sheet.write_comment(0, at, column.note, {"x_scale": 2.5, "y_scale": 2})
        if named:
            sheet.set_row(1, 11)
            for at, column in enumerate(columns):
                sheet.write_string(1, at, "" if column.name == column.heading else column.name, below)
        sheet.freeze_panes(rows, fixed)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.repeat_rows(0)
        sheet.hide_gridlines(0)  # they are printed
        if named:
            sheet.print_across()
            sheet.set_print_scale(60)
        else:
            sheet.fit_to_pages(1, 0)
        if fixed:
            sheet.repeat_columns(0, fixed - 1)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        return sheet

    def note(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Add a note to a cell, unless there are so many that a reader of the workbook would suffer."""
        self._notes += 1
        if self._notes <= _MOST_NOTES:
            sheet.write_comment(row, column, text, {"x_scale": 2.5, "y_scale": max(1, lines_in(text, 45) / 4)})

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

    def _while_sound(self, work: Callable[..., int | None], *given: Any) -> int | None:
        if self.error is None and not self._file.closed:
            try:
                return work(*given)
            except OSError as error:
                self.error = error
        return None

    def write(self, data: bytes) -> int:
        """Write, unless something went wrong before."""
        self._at += len(data)
        self._while_sound(self._file.write, data)
        return len(data)

    def flush(self) -> None:
        """Flush, unless something went wrong before."""
        self._while_sound(self._file.flush)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place, as long as there is a file."""
        found = self._while_sound(self._file.seek, place, whence)
        self._at = place if found is None else found
        return self._at

    def tell(self) -> int:
        """Return where what is written would go, also where nothing is any more."""
        return self._at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
