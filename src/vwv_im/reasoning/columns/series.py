"""The periods of a series as columns: how many there are, and the days of each, as `lang.dates.periods` has them."""

from __future__ import annotations

import polars as pl

from vwv_im.case.vocabulary import Step
from vwv_im.lang.dates import MONTHS_OF_STEP, symbolic_running_month
from vwv_im.reasoning.columns.exact_numbers import Days, larger, smaller

_YEAR, _MONTH = 12, 1


class Steps:
    """The periods from a first to a last day, both counted as `days` counts them."""

    def __init__(self, days: Days, first: pl.Expr, last: pl.Expr, step: Step) -> None:
        self.days, self.first, self.last = days, first, last
        self.by_calendar = step not in MONTHS_OF_STEP
        self.months = MONTHS_OF_STEP.get(step, _YEAR if step == "kalenderjahr" else _MONTH)

    def count(self) -> pl.Expr:
        """Return how many there are: none where the last day lies before the first, unknown where one is unknown."""
        if self.by_calendar:
            passed = self.days.month(self.last) // self.months - self.days.month(self.first) // self.months
        else:
            passed = (symbolic_running_month(self.days, self.first, self.last) - 1) // self.months
        later = self.days.later(self.first, self.last)
        return pl.when(later).then(0).when(~later).then(passed + 1)

    def end(self, number: pl.Expr) -> pl.Expr:
        """Return the last day of one by its number; the last one may be cut short."""
        return smaller(self._end(number), self.last)

    def begin(self, number: pl.Expr) -> pl.Expr:
        """Return the first day of one by its number."""
        return larger(self._end(number - 1) + 1, self.first)

    def _end(self, number: pl.Expr) -> pl.Expr:
        """Return the day before so many steps after the first day, or after the calendar month or year it lies in."""
        first, steps = self.days.month(self.first), number * self.months
        if self.by_calendar:
            return self.days.before_day(first // self.months * self.months + steps, pl.lit(1))
        return self.days.before_day(first + steps, self.days.number(self.first))
