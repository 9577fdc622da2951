"""Periods after §§ 187, 188 BGB, and deadlines that weekends and holidays move.

A *period* ends on its last day, whatever weekday that is; a *deadline* that ends on a Saturday, a Sunday or a holiday
of a Land ends on the next working day.

What is computed of days stands here twice: for dates, and once more for every engine that has no dates but columns or
terms of a solver (`Calendar`).
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import count, takewhile
from typing import Any, Protocol, TypeVar

from dateutil.relativedelta import relativedelta

D = TypeVar("D")
N = Any
"""Whole numbers as an engine has them: they can be added, subtracted and compared."""

ONE_DAY = timedelta(days=1)
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
    turn = start + _later(months)
    return turn - ONE_DAY if turn.day == start.day else turn


@cache
def _later(months: int) -> relativedelta:
    return relativedelta(months=months)


def full_months(first: date, last: date) -> int:
    """Return the full months from `first` to `last`, both included; 0 where `last` lies before.

    >>> full_months(date(2018, 1, 1), date(2018, 12, 31))
    12
    >>> full_months(date(2018, 1, 31), date(2018, 2, 27)), full_months(date(2018, 1, 31), date(2018, 2, 28))
    (0, 1)
    """
    after = last + ONE_DAY
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
    begin = period_end(first, months) if months else first - ONE_DAY
    return max(0, (last - begin).days)


def running_month(start: date, day: date) -> int:
    """Return the number of the month, counted from `start`, in which `day` lies; 1 or less before the second.

    >>> running_month(date(2018, 3, 1), date(2023, 2, 28)), running_month(date(2018, 3, 1), date(2023, 3, 1))
    (60, 61)
    >>> running_month(date(2018, 3, 1), date(2018, 2, 1))
    1
    """
    return full_months(start, day - ONE_DAY) + 1


def shared_days(first: date, last: date, other_first: date, other_last: date) -> int:
    """Return the days that two periods share, both ends of each included.

    >>> shared_days(date(2018, 1, 1), date(2018, 3, 31), date(2018, 3, 1), date(2018, 12, 31))
    31
    >>> shared_days(date(2018, 1, 1), date(2018, 1, 31), date(2019, 1, 1), date(2019, 1, 31))
    0
    """
    begin, end = first if first > other_first else other_first, last if last < other_last else other_last
    return (end - begin).days + 1 if begin <= end else 0


MONTH_PARTS = 377_580
"""The parts of a month: the least number that 28, 29, 30 and 31 divide, so that each of its days is a whole number."""


def shared_month_parts(first: date, last: date, other_first: date, other_last: date) -> int:
    """Return how much of the months from `first` to `last` another period covers, in 377,580ths of a month.

    The months are counted from `first`, each on the number of its day; a part of one counts by its days.

    >>> shared_month_parts(date(2018, 3, 15), date(2019, 3, 14), date(2018, 3, 15), date(2018, 12, 31)) / MONTH_PARTS
    9.548387096774194
    >>> shared_month_parts(date(2018, 1, 1), date(2018, 1, 31), date(2019, 1, 1), date(2019, 1, 31))
    0
    """
    begin = other_first if other_first > first else first
    end = other_last if other_last < last else last
    if begin > end:
        return 0
    after = end + ONE_DAY
    if begin.day == after.day == first.day:  # as most do, where periods are counted from one another
        return ((after.year - begin.year) * 12 + after.month - begin.month) * MONTH_PARTS
    return _month_parts(first, after) - _month_parts(first, begin)


def _month_parts(first: date, day: date) -> int:
    """Return the parts of months from `first` to the day before `day`."""
    months = (day.year - first.year) * 12 + day.month - first.month - (day.day < first.day)
    if day.day == first.day:
        return months * MONTH_PARTS
    begin = period_end(first, months) + ONE_DAY if months else first
    length = (period_end(first, months + 1) - begin).days + 1
    return months * MONTH_PARTS + (day - begin).days * (MONTH_PARTS // length)


def day_before(day: date) -> date | None:
    """Return the day before; the first of all calendars has none.

    >>> day_before(date(2018, 1, 1))
    datetime.date(2017, 12, 31)
    """
    return None if day == date.min else day - ONE_DAY


def day_after(day: date) -> date | None:
    """Return the day after; the last of all calendars has none.

    >>> day_after(date(2017, 12, 31))
    datetime.date(2018, 1, 1)
    """
    return None if day == date.max else day + ONE_DAY


def first_of_january(day: date) -> date:
    """Return the first day of the calendar year in which a day lies.

    >>> first_of_january(date(2018, 3, 15))
    datetime.date(2018, 1, 1)
    """
    return day.replace(month=1, day=1)


def working_day(day: date, land: str) -> date | None:
    """Return what `next_working_day` says; of what is no Land there is none."""
    with suppress(NotImplementedError):
        return next_working_day(day, land)
    return None


MONTHS_OF_STEP = {"monat": 1, "jahr": 12}
"""How many months an entry of a series has that is counted from its first day."""


def periods(first: date, last: date, step: str, cuts: Iterable[date] = ()) -> list[tuple[date, date]]:
    """Return the periods from `first` to `last`, each with its first and last day; the last one may be cut short.

    `step`: `monat` and `jahr` count from the first day, `kalendermonat` and `kalenderjahr` split by the calendar,
    `ganz` is one period. On each day of `cuts` one begins as well.

    >>> periods(date(2018, 3, 15), date(2018, 5, 14), "monat")[-1]
    (datetime.date(2018, 4, 15), datetime.date(2018, 5, 14))
    >>> periods(date(2018, 3, 15), date(2019, 5, 14), "kalenderjahr")[0]
    (datetime.date(2018, 3, 15), datetime.date(2018, 12, 31))
    >>> periods(date(2018, 3, 15), date(2018, 5, 14), "ganz", [date(2018, 5, 1)])[-1]
    (datetime.date(2018, 5, 1), datetime.date(2018, 5, 14))
    """
    if first > last:
        return []
    length = MONTHS_OF_STEP.get(step.removeprefix("kalender"))
    start = {"kalenderjahr": first_of_january(first), "kalendermonat": first.replace(day=1)}.get(step, first)
    ends = (period_end(start, length * number) for number in count(1)) if length else ()
    begins = {first, *takewhile(lambda day: day <= last, (end + ONE_DAY for end in ends))}
    ordered = sorted(begins.union(day for day in cuts if first < day <= last))
    return [*zip(ordered, [*(day - ONE_DAY for day in ordered[1:]), last], strict=True)]


@cache
def _holidays_of(land: str, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("DE", subdiv=land, years=year))


_FIXED = frozenset(
    [(1, 1), (1, 6), (3, 8), (5, 1), (5, 8), (6, 17), (8, 15), (9, 20), (10, 3), (10, 31), (11, 1), (12, 25), (12, 26)]
)
_FROM_EASTER = frozenset([-2, 0, 1, 39, 49, 50, 60])


def may_be_holiday(day: date) -> bool:
    """Whether a Land may have a holiday on a day: only then is it worth it to load what knows the holidays of all.

    >>> may_be_holiday(date(2021, 11, 1)), may_be_holiday(date(2021, 6, 30))
    (True, False)
    """
    from dateutil.easter import easter

    fixed, moving = (day.month, day.day) in _FIXED, (day - easter(day.year)).days in _FROM_EASTER
    return fixed or moving or (11, 16) <= (day.month, day.day) <= (11, 22)  # the last: Buß- und Bettag


def next_working_day(day: date, land: str) -> date:
    """Return `day`, or the next day that is no Saturday, Sunday or holiday of a Land (as in ISO 3166-2:DE).

    >>> next_working_day(date(2021, 1, 31), "BW")
    datetime.date(2021, 2, 1)
    >>> next_working_day(date(2023, 12, 31), "BW")
    datetime.date(2024, 1, 2)
    """
    while day.weekday() in _WEEKEND or (may_be_holiday(day) and day in _holidays_of(land, day.year)):
        day += ONE_DAY
    return day


class Calendar(Protocol[D]):
    """Days as an engine has them that computes with columns or terms instead of dates.

    A month is counted from the year 0.
    """

    def month(self, day: D) -> N:
        """Return the month in which a day lies."""

    def number(self, day: D) -> N:
        """Return the number of a day in its month."""

    def before(self, day: D) -> D:
        """Return the day before."""

    def after(self, day: D) -> D:
        """Return the day after."""

    def before_day(self, month: N, number: N) -> D:
        """Return the day before a day of a month; of a day that the month lacks, the last that it has."""

    def later(self, day: D, other: D) -> Any:
        """Return whether a day lies after another."""

    def january(self, month: N) -> N:
        """Return the first month of the year in which a month lies."""

    def between(self, first: D, last: D) -> N:
        """Return the days after `first` up to `last`, which lies in the same month or the next."""

    def across(self, first: D, last: D) -> N:
        """Return the days after `first` up to `last`, however far apart."""

    def choose(self, test: Any, yes: Any, no: Any) -> Any:
        """Return one of two days or numbers."""


def symbolic_period_end(of: Calendar[D], start: D, months: N) -> D:
    """Return what `period_end` says."""
    return of.before_day(of.month(start) + months, of.number(start))


def symbolic_full_months(of: Calendar[D], first: D, last: D) -> N:
    """Return what `full_months` says."""
    return _symbolic_months_before(of, first, of.after(last))


def _symbolic_months_before(of: Calendar[D], first: D, after: D) -> N:
    months = of.month(after) - of.month(first) - of.choose(of.number(after) < of.number(first), 1, 0)
    return of.choose(months > 0, months, 0)


def symbolic_remaining_days(of: Calendar[D], first: D, last: D) -> N:
    """Return what `remaining_days` says."""
    months = symbolic_full_months(of, first, last)
    whole = of.before_day(of.month(first) + months, of.number(first))
    days = of.between(of.choose(months > 0, whole, of.before(first)), last)
    return of.choose(days > 0, days, 0)


def symbolic_running_month(of: Calendar[D], start: D, day: D) -> N:
    """Return what `running_month` says."""
    return _symbolic_months_before(of, start, day) + 1


def symbolic_shared_days(of: Calendar[D], first: D, last: D, other_first: D, other_last: D) -> N:
    """Return what `shared_days` says."""
    begin = of.choose(of.later(other_first, first), other_first, first)
    end = of.choose(of.later(last, other_last), other_last, last)
    return of.choose(of.later(begin, end), 0, of.across(of.before(begin), end))


def symbolic_shared_month_parts(of: Calendar[D], first: D, last: D, other_first: D, other_last: D) -> N:
    """Return what `shared_month_parts` says."""
    begin = of.choose(of.later(other_first, first), other_first, first)
    after = of.after(of.choose(of.later(last, other_last), other_last, last))
    parts = _symbolic_month_parts(of, first, after) - _symbolic_month_parts(of, first, begin)
    return of.choose(of.later(after, begin), parts, 0)


def _symbolic_month_parts(of: Calendar[D], first: D, day: D) -> N:
    months = _symbolic_months_before(of, first, day)
    before, turn = (of.before_day(of.month(first) + months + more, of.number(first)) for more in (0, 1))
    before = of.choose(months > 0, before, of.before(first))
    length, days = of.between(before, turn), of.between(before, of.before(day))
    parts = days * (MONTH_PARTS // 31)
    for shorter in (30, 29, 28):
        parts = of.choose(length < shorter + 1, days * (MONTH_PARTS // shorter), parts)
    return months * MONTH_PARTS + parts


def symbolic_first_of_january(of: Calendar[D], day: D) -> D:
    """Return what `first_of_january` says."""
    return of.after(of.before_day(of.january(of.month(day)), 1))
