"""Days, periods and months as terms of the solver; the same arithmetic as `vwv_im.lang.dates`."""

from __future__ import annotations

import z3

from vwv_im.case.values import LAST_DAY
from vwv_im.review.proofs.terms import (
    UNKNOWN,
    Day,
    Finite,
    Known,
    Number,
    UntranslatableError,
    Value,
    as_number,
    ite,
    some,
)

_SHORT = (3, 5, 8, 10)
_LAST_YEAR = 2299
_NO_LEAP = tuple(year * 12 + 1 for year in (1900, 2100, 2200))
"""The Februaries of 1900 to 2299 that have 28 days although their year can be divided by four."""
MOST_MONTHS = (_LAST_YEAR - LAST_DAY.year) * 12


def days_in(month: z3.ArithRef) -> z3.ArithRef:
    """Return the length of a month, counted from the year 0, in the years 1900 to 2299."""
    of_four_years = month % 48
    short = z3.Or(*(of_four_years == number + 12 * year for number in _SHORT for year in range(4)))
    february = z3.Or(*(of_four_years == 1 + 12 * year for year in (1, 2, 3)), *(month == none for none in _NO_LEAP))
    leap = of_four_years == 1
    return z3.If(february, z3.IntVal(28), z3.If(leap, z3.IntVal(29), z3.If(short, z3.IntVal(30), z3.IntVal(31))))


def day_after(day: Day) -> Day:
    """Return the next day."""
    last = day.day == days_in(day.month)
    return Day(ite(last, day.month + 1, day.month), ite(last, z3.IntVal(1), day.day + 1))


def day_before(day: Day) -> Day:
    """Return the day before."""
    first = day.day == 1
    return Day(ite(first, day.month - 1, day.month), ite(first, days_in(day.month - 1), day.day - 1))


def period_end(start: Day, months: Value) -> Known:
    """Return the last day of a period that includes its first day; a period of no month has none."""
    if not isinstance(months, Finite):
        raise UntranslatableError("ende_der_frist")
    if any(number > MOST_MONTHS for number, _ in months.options):
        raise UntranslatableError(f"ende_der_frist, {max(number for number, _ in months.options)} Monate")
    lasting = Finite(tuple((number, when) for number, when in months.options if number >= 1))
    if not lasting.options:
        return UNKNOWN
    return Known(some(when for _, when in lasting.options), _end(start, start.month + as_number(lasting).term))


def _end(start: Day, turn: z3.ArithRef) -> Day:
    longest = days_in(turn)
    lacks = start.day > longest
    before = day_before(Day(turn, start.day))
    return Day(ite(lacks, turn, before.month), ite(lacks, longest, before.day))


def period_end_after(day: Day, months: Value) -> Known:
    """Return the last day of a period that begins on the day after."""
    return period_end(day_after(day), months)


def full_months(first: Day, last: Day) -> Number:
    """Return the full months between two days, both included; 0 where the last lies before the first."""
    return _months_to(first, day_after(last))


def _months_to(first: Day, after: Day) -> Number:
    months = after.month - first.month - z3.If(after.day < first.day, z3.IntVal(1), z3.IntVal(0))
    return Number(z3.If(months > 0, months, z3.IntVal(0)))


def running_month(start: Day, day: Day) -> Number:
    """Return the number of the month, counted from `start`, in which a day lies."""
    return Number(_months_to(start, day).term + 1)


def remaining_days(first: Day, last: Day) -> Number:
    """Return the days left over after the full months between two days; they span at most two months."""
    months, end = full_months(first, last).term, day_before(first)
    whole = _end(first, first.month + months)
    begin = Day(z3.If(months > 0, whole.month, end.month), z3.If(months > 0, whole.day, end.day))
    across = last.day + days_in(begin.month) - begin.day
    left = z3.If(last.month == begin.month, last.day - begin.day, across)
    return Number(z3.If(z3.Or(last.month < begin.month, left < 0), z3.IntVal(0), left))
