"""What stands in a cell of a workbook: numbers as they are exact, days, spans of time, and why there is no value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from vwv_im.tables.limits import EXACT

_BUILT_IN_DAYS = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General', re.IGNORECASE)
_OF_A_DAY = re.compile(r"[dmyhs]", re.IGNORECASE)
_EPOCH, _EPOCH_OF_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
LAST_SERIAL = 2_958_466  # the last day of the year 9999
_LEAP = 60  # the 29 February 1900, which Excel counts and no calendar has
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a cell has in the place of a value: the kind of its fault, and what is shown there."""

    kind: str
    shown: str


Value = str | int | float | bool | date | datetime | time | timedelta | Wrong


def number_of(text: str, number: float) -> Value:
    """Return a number of a cell as it is exact, or that it is not.

    >>> number_of("12345678901234567", 12345678901234567.0), number_of("0.5", 0.5)
    (Wrong(kind='inexact_number', shown='12345678901234567'), 0.5)
    """
    if number != number or abs(number) == float("inf"):  # noqa: PLR0124 - NaN
        return Wrong("error_in_cell", text)
    return Wrong("inexact_number", text) if abs(number) >= EXACT and number.is_integer() else number


def unescaped(text: str) -> str:
    """Return a text in which characters that XML cannot hold stand for themselves."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def iso_value(text: str) -> Value:
    """Return the day or point in time that a text names, else the text."""
    try:
        found = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return found.replace(tzinfo=None)


def day_of(number: float, *, since_1904: bool) -> Value:
    """Return the day, time or point in time that a number stands for."""
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


def built_in_form(number: int) -> str:
    """Return what a number that is shown in one of the formats of Excel itself stands for, as `form_of` does."""
    return "span" if number == 46 else "day" if number in _BUILT_IN_DAYS else ""  # noqa: PLR2004 - [h]:mm:ss


def form_of(code: str) -> str:
    """Return whether a format shows a number as a `day`, as a `span` of time, or as itself.

    >>> form_of("dd.mm.yyyy"), form_of("[h]:mm"), form_of('0.00 "Stunden"'), form_of("[Red]0")
    ('day', 'span', '', '')
    """
    code = code.partition(";")[0]
    if _ELAPSED.search(code):
        return "span"
    return "day" if _OF_A_DAY.search(_NOT_FORMAT.sub("", code)) else ""


@lru_cache(maxsize=1 << 15)
def column_of(letters: str) -> int:
    """Return the number of a column, from 0.

    >>> column_of("A"), column_of("AA"), column_of("XFD")
    (0, 26, 16383)
    """
    number = 0
    for letter in letters.replace("$", "").upper()[:_MOST_LETTERS]:
        number = number * 26 + ord(letter) - 64
    return max(number - 1, 0)
