"""Periods after §§ 187, 188 BGB and deadlines after § 31 (3) LVwVfG BW.

A *period* of funding ends on its last day, whatever weekday that is; a *deadline* that ends on a Saturday, a Sunday
or a holiday of Baden-Württemberg ends on the next working day.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache

from dateutil.relativedelta import relativedelta

_DAY = timedelta(days=1)
_WEEKEND = (5, 6)


@lru_cache(maxsize=65_536)
def period_end(start: date, months: int) -> date:
    """Return the last day of a period of `months` that includes its first day (§§ 187 (2), 188 (2), (3) BGB).

    Where the last month lacks the day, its last day ends the period. `months` is at least 1.

    >>> period_end(date(2017, 10, 1), 24)
    datetime.date(2019, 9, 30)
    >>> period_end(date(2017, 8, 31), 6)
    datetime.date(2018, 2, 28)
    >>> period_end(date(2020, 2, 29), 12)
    datetime.date(2021, 2, 28)
    """
    if months < 1:
        raise ValueError("a period has at least one month")
    turn = start + relativedelta(months=months)
    return turn - _DAY if turn.day == start.day else turn


def full_months(first: date, last: date) -> int:
    """Return the full months from `first` to `last`, both included; 0 where `last` lies before.

    >>> full_months(date(2018, 1, 1), date(2018, 12, 31))
    12
    >>> full_months(date(2018, 1, 31), date(2018, 2, 27)), full_months(date(2018, 1, 31), date(2018, 2, 28))
    (0, 1)
    """
    after = last + _DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    return max(0, months - (after.day < first.day))


def remaining_days(first: date, last: date) -> int:
    """Return the days of `first` to `last`, both included, left over after the full months.

    >>> remaining_days(date(2018, 1, 1), date(2018, 2, 3))
    3
    >>> remaining_days(date(2018, 2, 3), date(2018, 1, 1))
    0
    """
    months = full_months(first, last)
    begin = period_end(first, months) if months else first - _DAY
    return max(0, (last - begin).days)


def running_month(start: date, day: date) -> int:
    """Return the number of the month, counted from `start`, in which `day` lies; 1 or less before the second.

    >>> running_month(date(2018, 3, 1), date(2023, 2, 28)), running_month(date(2018, 3, 1), date(2023, 3, 1))
    (60, 61)
    >>> running_month(date(2018, 3, 1), date(2018, 2, 1))
    1
    """
    return full_months(start, day - _DAY) + 1


@cache
def _holidays_of(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("DE", subdiv="BW", years=year))


def next_working_day(day: date) -> date:
    """Return `day`, or the next day that is no Saturday, Sunday or holiday of Baden-Württemberg (§ 31 (3) LVwVfG BW).

    >>> next_working_day(date(2021, 1, 31))
    datetime.date(2021, 2, 1)
    >>> next_working_day(date(2023, 12, 31))
    datetime.date(2024, 1, 2)
    """
    while day.weekday() in _WEEKEND or day in _holidays_of(day.year):
        day += _DAY
    return day
