"""Days as terms of the solver: what `vwv_im.lang.dates` needs to compute with them."""

from __future__ import annotations

from typing import Any

import z3

from vwv_im.case.values import LAST_DAY
from vwv_im.lang.dates import Calendar
from vwv_im.review.proofs.terms import Day, ite

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


class _Calendar(Calendar[Day]):
    """Days as pairs of terms."""

    def month(self, day: Day) -> z3.ArithRef:
        return day.month

    def number(self, day: Day) -> z3.ArithRef:
        return day.day

    def before(self, day: Day) -> Day:
        first = day.day == 1
        return Day(ite(first, day.month - 1, day.month), ite(first, days_in(day.month - 1), day.day - 1))

    def after(self, day: Day) -> Day:
        last = day.day == days_in(day.month)
        return Day(ite(last, day.month + 1, day.month), ite(last, z3.IntVal(1), day.day + 1))

    def before_day(self, month: z3.ArithRef, number: Any) -> Day:
        longest, number = days_in(month), z3.IntVal(number) if isinstance(number, int) else number
        day: Day = self.choose(number > longest, Day(month, longest), self.before(Day(month, number)))
        return day

    def between(self, first: Day, last: Day) -> z3.ArithRef:
        across = z3.If(last.month < first.month, z3.IntVal(0), last.day + days_in(first.month) - first.day)
        return z3.If(last.month == first.month, last.day - first.day, across)

    def choose(self, test: z3.BoolRef, yes: Any, no: Any) -> Any:
        if isinstance(yes, Day):
            return Day(ite(test, yes.month, no.month), ite(test, yes.day, no.day))
        return z3.If(test, yes, no)


CALENDAR = _Calendar()
