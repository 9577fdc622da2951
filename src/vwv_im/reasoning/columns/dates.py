"""Periods and the time between two days as columns; the same rules as in `vwv_im.lang.dates`.

Days are counted from 1970-01-01, months from March of the year 0, so that a leap day ends a year. Whole numbers are
many times as quick as the parts of a date, which polars takes from a calendar one by one. `keep` gives a part that is
read more than once a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

Keep = Callable[[pl.Expr], pl.Expr]

_MARCH_0 = 719_468  # days from 0000-03-01 to 1970-01-01
_400_YEARS = 146_097  # days
_LONGEST = 12 * 9999
_END = _LONGEST + 10  # the month after the last of all calendars


class _Place(NamedTuple):
    """Where a day lies: the month, and the number of the day in it."""

    month: pl.Expr
    number: pl.Expr


def _counted(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32)


def _place(days: pl.Expr, keep: Keep) -> _Place:
    """Return where a counted day lies."""
    days = keep(days + _MARCH_0)
    era = keep(days // _400_YEARS)
    days = keep(days - era * _400_YEARS)
    year = keep((days - days // 1460 + days // 36_524 - days // 146_096) // 365)
    days = keep(days - (year * 365 + year // 4 - year // 100))
    month = keep((days * 5 + 2) // 153)
    return _Place(keep((era * 400 + year) * 12 + month), keep(days - (month * 153 + 2) // 5 + 1))


def _first(month: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the first day of a month, counted."""
    year = keep(month // 12)
    return keep(year * 365 + year // 4 - year // 100 + year // 400 + (month % 12 * 153 + 2) // 5 - _MARCH_0)


def _day_before(month: pl.Expr, number: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the day before a day of a month; of a day that the month lacks, the last that it has."""
    turn, after = keep(_first(month, keep) + number - 1), _first(keep(month + 1), keep)
    return pl.when(turn < after).then(turn).otherwise(after) - 1


def period_end(start: pl.Expr, months: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the last day of a period (§§ 187 (2), 188 (2), (3) BGB); of no month, or beyond all calendars, none."""
    return _period_end(_counted(start), months, keep)


def period_end_after(day: pl.Expr, months: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the end of the period that begins on the day after."""
    return _period_end(_counted(day) + 1, months, keep)


def _period_end(start: pl.Expr, months: pl.Expr, keep: Keep) -> pl.Expr:
    begun = _place(start, keep)
    turn = keep(begun.month + pl.when(months.is_between(1, _LONGEST)).then(months).cast(pl.Int32))
    return _day_before(keep(pl.when(turn < _END).then(turn)), begun.number, keep).cast(pl.Date)


def full_months(first: pl.Expr, last: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the full months from `first` to `last`, both included; 0 where `last` lies before."""
    return _months(_place(_counted(first), keep), _counted(last) + 1, keep).cast(pl.Int64)


def remaining_days(first: pl.Expr, last: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the days of `first` to `last`, both included, left over after the full months."""
    begun = _place(_counted(first), keep)
    months = _months(begun, _counted(last) + 1, keep)
    ended = _day_before(keep(begun.month + months), begun.number, keep)
    whole = pl.when(months > 0).then(ended).when(months == 0).then(_counted(first) - 1)
    return keep(_counted(last) - whole).clip(lower_bound=0).cast(pl.Int64)


def running_month(start: pl.Expr, day: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the number of the month, counted from `start`, in which `day` lies; 1 or less before the second."""
    return _months(_place(_counted(start), keep), _counted(day), keep).cast(pl.Int64) + 1


def _months(begun: _Place, after: pl.Expr, keep: Keep) -> pl.Expr:
    """Return the full months from a day to before another."""
    ended = _place(after, keep)
    months = keep(ended.month - begun.month - (ended.number < begun.number).cast(pl.Int32))
    return keep(pl.when(months < 0).then(0).otherwise(months))
