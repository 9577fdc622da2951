"""Exact numbers and days as columns: whole multiples of a unit, with bounds that prove that nothing overflows.

An amount is kept in cents, a share in millionths, an amount per month in 72ths of something: the unit is an exact
fraction known when the plan is compiled, the column holds integers. The bounds follow from what a case may state;
where 64 bits might not do, 128 are taken, and where these might not do, nothing is compiled.

Days are what `vwv_im.lang.dates` computes from: the number of a day becomes a month and a day of it, and back, as in
Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`civil_from_days`, `days_from_civil`): whole numbers are
many times as quick as the parts of a date, which polars takes from a calendar one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
from math import floor, gcd
from operator import add
from typing import Any, Literal

import polars as pl

from vwv_im.lang.table import OPERATIONS as EXACT
from vwv_im.lang.types import MONTHS, FactType

_NARROW, _WIDE = 2**63 - 1, 2**127 - 1
_ONE = Fraction(1)
Form = Literal["whole", "decimal", "ratio"]
_FORMS: tuple[Form, ...] = ("whole", "decimal", "ratio")


class TooWideForColumnsError(ArithmeticError):
    """A computation of the rules may exceed 128 bits, so it is not compiled to columns."""


class NotInColumnsError(NotImplementedError):
    """An operation that columns do not have; it is named."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of exact numbers: `expr` × `unit` ÷ `divisor`, with `least` ≤ `expr` ≤ `most`.

    `divisor` is a column of positive integers up to `widest`; most numbers have none. `fixed` is the value where it
    is the same in every row. `form` tells how the reference semantics holds it, which decides how halves are rounded.
    """

    expr: pl.Expr
    unit: Fraction
    least: int
    most: int
    form: Form = "whole"
    divisor: pl.Expr | None = None
    widest: int = 1
    fixed: Fraction | None = None

    def at(self, column: pl.Expr) -> Number:
        """Return the same number read from a column."""
        return replace(self, expr=column, fixed=None)

    def decimal(self, places: int) -> pl.Expr:
        """Return it as an exact decimal column; it must be a multiple of the last place."""
        factor = self.unit * 10**places
        assert factor.denominator == 1
        assert self.divisor is None
        whole = _times(self.expr, factor.numerator, self._bound * factor.numerator)
        return whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places))

    def whole(self) -> pl.Expr:
        """Return it as a column of integers; it must be whole."""
        assert self.unit.denominator == 1
        assert self.divisor is None
        return _times(self.expr, self.unit.numerator, self._bound * self.unit.numerator).cast(pl.Int64)

    @property
    def _bound(self) -> int:
        return max(-self.least, self.most, 0)


def constant(value: int | Decimal) -> Number:
    """Return a fixed number."""
    unit, form = Fraction(value), _FORMS[isinstance(value, Decimal)]
    if unit <= 0:
        bound = unit.numerator
        unit = Fraction(1, unit.denominator)
        return Number(pl.lit(bound, pl.Int64), unit, bound, bound, form, fixed=Fraction(value))
    return Number(pl.lit(1, pl.Int64), unit, 1, 1, form, fixed=unit)


def stated(column: pl.Expr, maximum: int, places: int, *, whole: bool) -> Number:
    """Return the number that a column of stated values holds, in units of its last place."""
    most = maximum * 10**places
    if most > _NARROW:
        raise TooWideForColumnsError(f"a stated number of up to {most} units")
    return Number(column, Fraction(1, 10**places), 0, most, "whole" if whole else "decimal")


def _times(column: pl.Expr, factor: int, bound: int) -> pl.Expr:
    """Multiply where the result lies within ±`bound`, wide enough."""
    if bound > _WIDE:
        raise TooWideForColumnsError(f"a number of up to {bound}")
    if bound > _NARROW:
        return column.cast(pl.Int128) * pl.lit(factor, pl.Int128)
    return column if factor == 1 else column * factor


def _widened(column: pl.Expr, bound: int) -> pl.Expr:
    return _times(column, 1, bound)


def _in_units(number: Number, unit: Fraction) -> Number:
    factor = number.unit / unit
    assert factor.denominator == 1
    times = factor.numerator
    least, most, bound = (end * times for end in (number.least, number.most, number._bound))  # noqa: SLF001
    column = _times(number.expr, times, bound)
    if number.fixed is not None:
        column = pl.lit(least, pl.Int64 if bound <= _NARROW else pl.Int128)
    return replace(number, expr=column, unit=unit, least=least, most=most)


def _largest_unit(one: Fraction, other: Fraction) -> Fraction:
    """Return the largest unit of which both are multiples."""
    below = one.denominator * other.denominator
    return Fraction(gcd(one.numerator * other.denominator, other.numerator * one.denominator), below)


def aligned(numbers: Sequence[Number]) -> list[Number]:
    """Return the numbers in one unit and with one divisor, so that their columns compare and add."""
    unit = reduce(_largest_unit, (number.unit for number in numbers))
    same = [replace(_in_units(number, unit), fixed=None) for number in numbers]
    if all(number.divisor is None for number in same):
        return same
    return [_over_all(number, [other for other in same if other is not number]) for number in same]


def _over_all(number: Number, others: Sequence[Number]) -> Number:
    """Expand a quotient by the divisors of others."""
    for other in others:
        if other.divisor is not None:
            own = pl.lit(1, pl.Int64) if number.divisor is None else number.divisor
            number = replace(
                _product(number, Number(other.divisor, _ONE, 1, other.widest)),
                divisor=_widened(own, number.widest * other.widest) * other.divisor,
                widest=number.widest * other.widest,
            )
    return number


def _form(numbers: Iterable[Number]) -> Form:
    return max((number.form for number in numbers), key=_FORMS.index)


def _like(parts: Sequence[Number], column: pl.Expr, least: int, most: int) -> Number:
    """Return what a column holds that is made of numbers aligned."""
    return replace(parts[0], expr=column, least=least, most=most, form=_form(parts), fixed=None)


def _sum(*numbers: Number) -> Number:
    parts = aligned(numbers)
    least, most = sum(part.least for part in parts), sum(part.most for part in parts)
    bound = max(abs(least), abs(most), *(part._bound for part in parts))  # noqa: SLF001
    return _like(parts, reduce(add, [_widened(part.expr, bound) for part in parts]), least, most)


def _negated(number: Number) -> Number:
    return replace(number, expr=-number.expr, least=-number.most, most=-number.least, fixed=None)


def _difference(minuend: Number, subtrahend: Number) -> Number:
    return _sum(minuend, _negated(subtrahend))


def _distance(one: Number, other: Number) -> Number:
    return _extreme("groesster", _difference(one, other), _difference(other, one))


def _product(*numbers: Number) -> Number:
    return reduce(_twofold, numbers)


def _twofold(left: Number, right: Number) -> Number:
    if left.fixed is not None and right.fixed is None:
        left, right = right, left
    form = _form((left, right))
    if right.fixed is not None and right.fixed > 0:
        return replace(left, unit=left.unit * right.fixed, form=form, fixed=None)
    corners = [a * b for a in (left.least, left.most) for b in (right.least, right.most)]
    bound = max(map(abs, corners))
    expr = _widened(left.expr, bound) * _widened(right.expr, bound)
    divisors = [number.divisor for number in (left, right) if number.divisor is not None]
    widest = left.widest * right.widest
    divisor = reduce(lambda a, b: _widened(a, widest) * b, divisors) if divisors else None
    return Number(expr, left.unit * right.unit, min(corners), max(corners), form, divisor, widest)


def _quotient(dividend: Number, divisor: Number) -> Number | None:
    if divisor.fixed is not None:
        if divisor.fixed == 0:
            return None
        signed = dividend if divisor.fixed > 0 else _negated(dividend)
        return replace(signed, unit=dividend.unit / abs(divisor.fixed), form="ratio", fixed=None)
    over, sign = divisor.expr, pl.when(divisor.expr < 0).then(-1).otherwise(1)
    turned = _product(dividend, Number(sign, 1 / divisor.unit, -1, 1))
    if divisor.divisor is not None:
        turned = _product(turned, Number(divisor.divisor, _ONE, 1, divisor.widest))
    below = pl.when(over != 0).then(over.abs())
    widest = turned.widest * divisor._bound  # noqa: SLF001
    whole = below if turned.divisor is None else _widened(turned.divisor, widest) * below
    return replace(turned, divisor=whole, widest=widest, form="ratio")


def _twelfth(number: Number) -> Number:
    return replace(number, unit=number.unit / 12, form="ratio", fixed=None)


def _rounded(number: Number, places: int) -> Number:
    """Round halves up; as the reference does, halves of negative decimals away from zero."""
    unit = Fraction(1, 10**places)
    if number.divisor is None and (number.unit / unit).denominator == 1:
        return replace(_in_units(number, unit), form="decimal")
    if number.form == "decimal" and number.least < 0:
        sign = pl.when(number.expr < 0).then(-1).otherwise(1)
        size = replace(number, expr=number.expr.abs(), least=0, most=number._bound)  # noqa: SLF001
        units = _half_up(size, unit)
        return replace(units, expr=units.expr * sign, least=-units.most)
    return _half_up(number, unit)


def _half_up(number: Number, unit: Fraction) -> Number:
    factor = number.unit / unit
    above, below = 2 * factor.numerator, factor.denominator
    bound = number._bound * above + 2 * below * number.widest  # noqa: SLF001
    dividend = _times(number.expr, above, bound)
    if number.divisor is None:
        expr = (dividend + below) // (2 * below)
    else:
        divisor = _times(number.divisor, below, bound)
        expr = (dividend + divisor) // (2 * divisor)
    least, most = (floor(Fraction(end * above, 2 * below)) for end in (number.least, number.most))
    wide = bound > _NARROW >= max(-least, most + 1)
    return Number(expr.cast(pl.Int64) if wide else expr, unit, min(least, 0), max(most + 1, 0), "decimal")


def _extreme(name: str, *numbers: Number) -> Number:
    parts, pick = aligned(numbers), EXACT[name].run
    least, most = pick(*(part.least for part in parts)), pick(*(part.most for part in parts))
    return _like(parts, reduce(PICKS[name], [part.expr for part in parts]), least, most)


def smaller(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Return the smaller of two, unknown where one is."""
    return pl.when(left <= right).then(left).when(left > right).then(right)


def larger(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Return the larger of two, unknown where one is."""
    return pl.when(left >= right).then(left).when(left < right).then(right)


PICKS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {"kleinster": smaller, "groesster": larger}
"""The operations that pick one of two numbers or days; unknown where one is unknown."""


def alike(numbers: Sequence[Number]) -> list[Number]:
    """Return some numbers in one unit and with the same bounds, so that a row may hold any of them."""
    parts = aligned(numbers)
    least, most = min(part.least for part in parts), max(part.most for part in parts)
    return [_like(parts, part.expr, least, most) for part in parts]


def totalled(number: Number, count: int) -> Number:
    """Return the bounds of the sum of up to `count` such numbers."""
    least, most = min(number.least, number.least * count), max(number.most, number.most * count)
    if max(-least, most) > _WIDE:
        raise TooWideForColumnsError(f"a sum of up to {most}")
    column = number.expr if max(-least, most) <= _NARROW else number.expr.cast(pl.Int128)
    return replace(number, expr=column, least=least, most=most, fixed=None)


OPERATIONS: Mapping[str, Callable[..., Number | None]] = {
    "summe": _sum,
    "differenz": _difference,
    "abstand": _distance,
    "produkt": _product,
    **{name: partial(_extreme, name) for name in PICKS},
    "quotient": _quotient,
    "zwoelftel": _twelfth,
    "runde_euro": partial(_rounded, places=0),
    "runde_cent": partial(_rounded, places=2),
}
"""The arithmetic, with its bounds, by the names of the table of operations."""


def computed(name: str, numbers: Sequence[Any]) -> Number | None:
    """Return an operation on some numbers; `None` where it is unknown in every row."""
    if name not in OPERATIONS:
        raise NotInColumnsError(name)
    return OPERATIONS[name](*numbers)


Keep = Callable[[pl.Expr], pl.Expr]

MOST_DAYS = 10**7  # more than from the first to the last day of any calendar here
_MARCH_0 = 719_468  # days from 0000-03-01 to 1970-01-01
_400_YEARS = 146_097  # days
_LONGEST = 12 * 9999
_MARCH = 2  # months from January to March
_END = _LONGEST + 12 - _MARCH  # the month after the last of all calendars, counted from March of the year 0


class Days:
    """Days as a `vwv_im.lang.dates.Calendar` of columns: counted from 1970-01-01, months from January of the year 0.

    `keep` gives a part that is read more than once a column of its own. A year begins in March, so that a leap day
    ends it. What is unknown stays so, and a day beyond all calendars is unknown.
    """

    def __init__(self, keep: Keep) -> None:
        self.keep = keep

    def counted(self, column: pl.Expr, kind: FactType) -> pl.Expr:
        """Return days or whole numbers as they are counted here; a period of no month has no length."""
        known = pl.when(column.is_between(1, _LONGEST)).then(column) if kind == MONTHS else column
        return known.cast(pl.Int32, strict=False)

    def month(self, day: pl.Expr) -> pl.Expr:
        """Return the month in which a day lies."""
        return self._place(day)[0]

    def number(self, day: pl.Expr) -> pl.Expr:
        """Return the number of a day in its month."""
        return self._place(day)[1]

    def before(self, day: pl.Expr) -> pl.Expr:
        """Return the day before."""
        return day - 1

    def after(self, day: pl.Expr) -> pl.Expr:
        """Return the day after."""
        return day + 1

    def before_day(self, month: pl.Expr, number: pl.Expr) -> pl.Expr:
        """Return the day before a day of a month; of a day that the month lacks, the last that it has."""
        month = self.keep(month - _MARCH)
        month = self.keep(pl.when(month < _END).then(month))
        turn, after = self.keep(self._first(month) + number - 1), self._first(self.keep(month + 1))
        return pl.when(turn < after).then(turn).otherwise(after) - 1

    def later(self, day: pl.Expr, other: pl.Expr) -> pl.Expr:
        """Return whether a day lies after another."""
        return day > other

    def between(self, first: pl.Expr, last: pl.Expr) -> pl.Expr:
        """Return the days after the first up to the last."""
        return last - first

    def choose(self, test: pl.Expr, yes: Any, no: Any) -> pl.Expr:
        """Return one of two days or numbers; the first where the test is open."""
        return self.keep(pl.when(~test).then(no).otherwise(yes))

    def _place(self, day: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
        """Return the month in which a day lies, and its number there."""
        days = self.keep(day + _MARCH_0)
        era = self.keep(days // _400_YEARS)
        days = self.keep(days - era * _400_YEARS)
        year = self.keep((days - days // 1460 + days // 36_524 - days // 146_096) // 365)
        days = self.keep(days - (year * 365 + year // 4 - year // 100))
        month = self.keep((days * 5 + 2) // 153)
        return self.keep((era * 400 + year) * 12 + month + _MARCH), self.keep(days - (month * 153 + 2) // 5 + 1)

    def _first(self, month: pl.Expr) -> pl.Expr:
        """Return the first day of a month counted from March of the year 0."""
        year = self.keep(month // 12)
        return self.keep(year * 365 + year // 4 - year // 100 + year // 400 + (month % 12 * 153 + 2) // 5 - _MARCH_0)
