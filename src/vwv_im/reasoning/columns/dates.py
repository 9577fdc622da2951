"""Periods and the time between two days as columns; the same rules as in `vwv_im.reasoning.dates`."""

from __future__ import annotations

import polars as pl

_LAST_YEAR = 9999


def _year(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int32)


def _month(day: pl.Expr) -> pl.Expr:
    return day.dt.month().cast(pl.Int32)


def _number(day: pl.Expr) -> pl.Expr:
    return day.dt.day().cast(pl.Int32)


def _days(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32)


def period_end(start: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Return the last day of a period (§§ 187 (2), 188 (2), (3) BGB); of no month, or beyond all calendars, none."""
    return pl.when((months >= 1) & (months <= _LAST_YEAR * 12)).then(_turned(start, months.cast(pl.Int32)))


def _turned(start: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Return the day before the turn of the month, or the last of a month that lacks the day."""
    index = _year(start) * 12 + _month(start) - 1 + months
    year = index // 12
    first = pl.date(pl.when(year <= _LAST_YEAR).then(year), index % 12 + 1, 1)
    last, number = _number(first.dt.month_end()), _number(start)
    return (_days(first) + pl.when(number <= last).then(number - 2).otherwise(last - 1)).cast(pl.Date)


def period_end_after(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Return the end of the period that begins on the day after."""
    return period_end((_days(day) + 1).cast(pl.Date), months)


def full_months(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Return the full months from `first` to `last`, both included; 0 where `last` lies before."""
    return _months_before(first, (_days(last) + 1).cast(pl.Date)).cast(pl.Int64)


def _months_before(first: pl.Expr, after: pl.Expr) -> pl.Expr:
    months = (_year(after) - _year(first)) * 12 + _month(after) - _month(first)
    return (months - (_number(after) < _number(first)).cast(pl.Int32)).clip(lower_bound=0)


def remaining_days(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Return the days of `first` to `last`, both included, left over after the full months."""
    months = full_months(first, last).cast(pl.Int32)
    begin = pl.when(months > 0).then(_days(_turned(first, months))).when(months == 0).then(_days(first) - 1)
    return (_days(last) - begin).clip(lower_bound=0).cast(pl.Int64)


def running_month(start: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the number of the month, counted from `start`, in which `day` lies; 1 or less before the second."""
    return _months_before(start, day).cast(pl.Int64) + 1
