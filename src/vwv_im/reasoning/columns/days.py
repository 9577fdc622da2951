"""Days as columns, and the periods of a series made of them, as `vwv_im.lang.dates` has them.

The number of a day becomes a month and a day of it, and back, by tables of all months and days of the calendar, made
as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`days_from_civil`): to look up is many times as
quick as to compute, or to take the parts of a date from a calendar one by one.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl

from vwv_im.case.vocabulary import Step
from vwv_im.lang.dates import MONTHS_OF_STEP, symbolic_running_month
from vwv_im.lang.types import MONTHS, FactType
from vwv_im.reasoning.columns.exact_numbers import larger, smaller
from vwv_im.reasoning.columns.graph import Node, when

Materialize = Callable[[Node], Node]

MOST_PARTS = 2**31 - 1  # of months, as 32 bits hold them: those of 474 years
MOST_DAYS = 10**7  # more than from the first to the last day of any calendar here
_DAY_0 = 719_528  # days from 0000-01-01 to 1970-01-01
_LONGEST = 12 * 9999
_YEAR, _MONTH = 12, 1
_END = 12 * 10_000  # the month after the last of all calendars, counted from January of the year 0


@cache
def _first_days() -> pl.Series:
    """Return the first day of each month, counted from January of the year 0, as its number from 1970-01-01."""
    month = pl.int_range(_END + 2, dtype=pl.Int32) - 2  # a year begins in March, so that a leap day ends it
    year = month // 12
    day = year * 365 + year // 4 - year // 100 + year // 400 + (month % 12 * 153 + 2) // 5
    return pl.select((day - (_DAY_0 - 60)).alias("first")).to_series()


@cache
def _months() -> pl.Series:
    """Return the month of each day, counted from 0000-01-01."""
    begins = _first_days() + _DAY_0
    days = pl.zeros(begins[-1], dtype=pl.Int32, eager=True)
    return days.scatter(begins[1:-1], 1).cum_sum()


class Days:
    """Days as a `vwv_im.lang.dates.Calendar` of columns: counted from 1970-01-01, months from January of the year 0.

    `materialize` gives a part that is read more than once a column of its own. What is unknown stays so, and a day
    beyond all calendars is unknown.
    """

    def __init__(self, materialize: Materialize) -> None:
        self.column = materialize

    def as_number(self, column: Node, kind: FactType) -> Node:
        """Return days or whole numbers as they are counted here; a period of no month has no length."""
        known = when(column.is_between(1, _LONGEST), column) if kind == MONTHS else column
        return known.cast(pl.Int32, strict=False)

    def month(self, day: Node) -> Node:
        """Return the month in which a day lies."""
        return self.column((day + _DAY_0).of(_months()))

    def number(self, day: Node) -> Node:
        """Return the number of a day in its month."""
        return self.column(day - self._first(self.month(day)) + 1)

    def before(self, day: Node) -> Node:
        """Return the day before."""
        return day - 1

    def after(self, day: Node) -> Node:
        """Return the day after."""
        return day + 1

    def before_day(self, month: Node, number: Node | int) -> Node:
        """Return the day before a day of a month; of a day that the month lacks, the last that it has."""
        month = self.column(when(month < _END, month))
        turn, after = self.column(self._first(month) + number - 1), self._first(self.column(month + 1))
        return when(turn < after, turn, after) - 1

    def later(self, day: Node, other: Node) -> Node:
        """Return whether a day lies after another."""
        return day > other

    def january(self, month: Node) -> Node:
        """Return the first month of the year in which a month lies."""
        return month - month % _YEAR

    def across(self, first: Node, last: Node) -> Node:
        """Return the days after the first up to the last."""
        return last - first

    between = across

    def choose(self, test: Node, yes: Any, no: Any) -> Node:
        """Return one of two days or numbers; the first where the test is open."""
        return self.column(when(~test, no, yes))

    def _first(self, month: Node) -> Node:
        """Return the first day of a month."""
        return self.column(month.of(_first_days()))


class Steps:
    """The periods from a first to a last day, both counted as `days` counts them."""

    days: Days
    first: Node
    last: Node
    by_calendar: bool
    months: int

    def __init__(self, days: Days, first: Node, last: Node, step: Step) -> None:
        self.days, self.first, self.last = days, first, last
        self.by_calendar = step not in MONTHS_OF_STEP
        self.months = MONTHS_OF_STEP.get(step, _YEAR if step == "kalenderjahr" else _MONTH)

    def count(self) -> Node:
        """Return how many there are: none where the last day lies before the first, unknown where one is unknown."""
        if self.by_calendar:
            passed = self.days.month(self.last) // self.months - self.days.month(self.first) // self.months
        else:
            passed = (symbolic_running_month(self.days, self.first, self.last) - 1) // self.months
        later = self.days.later(self.first, self.last)
        return when(later, 0, when(~later, passed + 1))

    def end(self, number: Node) -> Node:
        """Return the last day of one by its number; the last one may be cut short."""
        return smaller(self._end(number), self.last)

    def begin(self, number: Node) -> Node:
        """Return the first day of one by its number."""
        return larger(self._end(number - 1) + 1, self.first)

    def _end(self, number: Node) -> Node:
        """Return the day before so many steps after the first day, or after the calendar month or year it lies in."""
        first, steps = self.days.month(self.first), number * self.months
        if self.by_calendar:
            return self.days.before_day(first // self.months * self.months + steps, 1)
        return self.days.before_day(first + steps, self.days.number(self.first))
