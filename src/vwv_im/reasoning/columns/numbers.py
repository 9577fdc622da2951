"""Exact numbers as columns: whole multiples of a fixed unit, with bounds that prove that nothing overflows.

An amount is kept in cents, a share in millionths, an amount per month in 72ths of something: the unit is an exact
fraction known when the plan is compiled, the column holds integers. The bounds follow from what a case may state;
where 64 bits might not do, 128 are taken, and where these might not do, nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import ceil, floor, gcd
from typing import Literal

import polars as pl

_NARROW, _WIDE = 2**63 - 1, 2**127 - 1
_ONE = Fraction(1)
Form = Literal["whole", "decimal", "ratio"]
_FORMS: tuple[Form, ...] = ("whole", "decimal", "ratio")


class TooWideForColumnsError(ArithmeticError):
    """A computation of the rules may exceed 128 bits, so it is not compiled to columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of exact numbers: `scaled` × `unit` ÷ `divisor`, with `least` ≤ `scaled` ≤ `most`.

    `divisor` is a column of positive integers up to `widest`; most numbers have none. `fixed` is the value where it
    is the same in every row. `form` tells how the reference semantics holds it, which decides how halves are rounded.
    """

    scaled: pl.Expr
    unit: Fraction
    least: int
    most: int
    form: Form = "whole"
    divisor: pl.Expr | None = None
    widest: int = 1
    fixed: Fraction | None = None

    @property
    def dtype(self) -> type[pl.DataType]:
        """The type of the column that holds it."""
        return pl.Int64 if max(-self.least, self.most) <= _NARROW else pl.Int128

    def at(self, column: pl.Expr) -> Number:
        """Return the same number read from a column."""
        return replace(self, scaled=column)

    def decimal(self, places: int) -> pl.Expr:
        """Return it as an exact decimal column; it must be a multiple of the last place."""
        factor = self.unit * 10**places
        assert factor.denominator == 1
        assert self.divisor is None
        whole = _times(self.scaled, factor.numerator, self._bound * factor.numerator)
        return whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places))

    def whole(self) -> pl.Expr:
        """Return it as a column of integers; it must be whole."""
        assert self.unit.denominator == 1
        assert self.divisor is None
        return _times(self.scaled, self.unit.numerator, self._bound * self.unit.numerator).cast(pl.Int64)

    @property
    def places(self) -> int:
        """How many decimals it may have."""
        return next(places for places in range(40) if (self.unit * 10**places).denominator == 1)

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
    return Number(column, Fraction(1, 10**places), 0, maximum * 10**places, "whole" if whole else "decimal")


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
    scaled = _times(number.scaled, times, number._bound * times)  # noqa: SLF001
    return replace(number, scaled=scaled, unit=unit, least=number.least * times, most=number.most * times)


def _common(units: Iterable[Fraction]) -> Fraction:
    return reduce(_largest_unit, units)


def _largest_unit(one: Fraction, other: Fraction) -> Fraction:
    """Return the largest unit of which both are multiples."""
    below = one.denominator * other.denominator
    return Fraction(gcd(one.numerator * other.denominator, other.numerator * one.denominator), below)


def aligned(numbers: Sequence[Number]) -> list[Number]:
    """Return the numbers in one unit and with one divisor, so that their columns compare and add."""
    unit = _common(number.unit for number in numbers)
    same = [_in_units(number, unit) for number in numbers]
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


def _sum(*numbers: Number) -> Number:
    parts = aligned(numbers)
    least, most = sum(part.least for part in parts), sum(part.most for part in parts)
    bound = max(abs(least), abs(most), *(part._bound for part in parts))  # noqa: SLF001
    total = reduce(lambda a, b: a + b, [_widened(part.scaled, bound) for part in parts])
    return replace(parts[0], scaled=total, least=least, most=most, form=_form(parts), fixed=None)


def _negated(number: Number) -> Number:
    return replace(number, scaled=-number.scaled, least=-number.most, most=-number.least, fixed=None)


def _difference(minuend: Number, subtrahend: Number) -> Number:
    return _sum(minuend, _negated(subtrahend))


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
    scaled = _widened(left.scaled, bound) * _widened(right.scaled, bound)
    divisors = [number.divisor for number in (left, right) if number.divisor is not None]
    widest = left.widest * right.widest
    divisor = reduce(lambda a, b: _widened(a, widest) * b, divisors) if divisors else None
    return Number(scaled, left.unit * right.unit, min(corners), max(corners), form, divisor, widest)


def _quotient(dividend: Number, divisor: Number) -> Number | None:
    if divisor.fixed is not None:
        if divisor.fixed == 0:
            return None
        signed = dividend if divisor.fixed > 0 else _negated(dividend)
        return replace(signed, unit=dividend.unit / abs(divisor.fixed), form="ratio", fixed=None)
    over, sign = divisor.scaled, pl.when(divisor.scaled < 0).then(-1).otherwise(1)
    turned = _product(dividend, Number(sign, 1 / divisor.unit, -1, 1))
    if divisor.divisor is not None:
        turned = _product(turned, Number(divisor.divisor, _ONE, 1, divisor.widest))
    below = pl.when(over != 0).then(over.abs())
    widest = turned.widest * divisor._bound  # noqa: SLF001
    whole = below if turned.divisor is None else _widened(turned.divisor, widest) * below
    return replace(turned, divisor=whole, widest=widest, form="ratio")


def _twelfth(number: Number) -> Number:
    return replace(number, unit=number.unit / 12, form="ratio", fixed=None)


def _rounder(places: int) -> Callable[[Number], Number]:
    def half_up(number: Number) -> Number:
        return _rounded(number, places)

    return half_up


def _rounded(number: Number, places: int) -> Number:
    """Round halves up; as the reference does, halves of negative decimals away from zero."""
    unit = Fraction(1, 10**places)
    if number.divisor is None and (number.unit / unit).denominator == 1:
        return replace(_in_units(number, unit), form="decimal")
    if number.form == "decimal" and number.least < 0:
        sign = pl.when(number.scaled < 0).then(-1).otherwise(1)
        size = replace(number, scaled=number.scaled.abs(), least=0, most=number._bound)  # noqa: SLF001
        units = _half_up(size, unit)
        return replace(units, scaled=units.scaled * sign, least=-units.most)
    return _half_up(number, unit)


def _half_up(number: Number, unit: Fraction) -> Number:
    factor = number.unit / unit
    above, below = 2 * factor.numerator, factor.denominator
    bound = number._bound * above + 2 * below * number.widest  # noqa: SLF001
    dividend = _times(number.scaled, above, bound)
    if number.divisor is None:
        scaled = (dividend + below) // (2 * below)
    else:
        divisor = _times(number.divisor, below, bound)
        scaled = (dividend + divisor) // (2 * divisor)
    least, most = (floor(Fraction(end * above, 2 * below)) for end in (number.least, number.most))
    wide = bound > _NARROW >= max(-least, most + 1)
    return Number(scaled.cast(pl.Int64) if wide else scaled, unit, min(least, 0), max(most + 1, 0), "decimal")


def _extreme(numbers: tuple[Number, ...], *, largest: bool) -> Number:
    parts = aligned(numbers)
    pick = max if largest else min
    chosen = reduce(larger if largest else smaller, [part.scaled for part in parts])
    least, most = pick(part.least for part in parts), pick(part.most for part in parts)
    return replace(parts[0], scaled=chosen, least=least, most=most, form=_form(parts), fixed=None)


def smaller(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Return the smaller of two, unknown where one is unknown."""
    return pl.when(left <= right).then(left).when(left > right).then(right)


def larger(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Return the larger of two, unknown where one is unknown."""
    return pl.when(left >= right).then(left).when(left < right).then(right)


def first_known(numbers: Sequence[Number]) -> Number:
    """Return the first that is known."""
    parts = aligned(numbers)
    least, most = min(part.least for part in parts), max(part.most for part in parts)
    known = pl.coalesce([part.scaled for part in parts])
    return replace(parts[0], scaled=known, least=least, most=most, form=_form(parts), fixed=None)


def chosen(numbers: Sequence[Number]) -> tuple[list[pl.Expr], Number]:
    """Return the columns of some numbers in one unit, and the number that one of them is."""
    parts = aligned(numbers)
    least, most = min(part.least for part in parts), max(part.most for part in parts)
    assert all(part.divisor is None for part in parts), "an unrounded quotient is no value of a decision table"
    return [part.scaled for part in parts], replace(parts[0], least=least, most=most, form=_form(parts), fixed=None)


def totalled(number: Number, count: int) -> Number:
    """Return the bounds of the sum of up to `count` such numbers."""
    least, most = min(number.least, number.least * count), max(number.most, number.most * count)
    if max(-least, most) > _WIDE:
        raise TooWideForColumnsError(f"a sum of up to {most}")
    column = number.scaled if max(-least, most) <= _NARROW else number.scaled.cast(pl.Int128)
    return replace(number, scaled=column, least=least, most=most, fixed=None)


OPERATIONS: Mapping[str, Callable[..., Number | None]] = {
    "summe": _sum,
    "differenz": _difference,
    "produkt": _product,
    "kleinster": lambda *numbers: _extreme(numbers, largest=False),
    "groesster": lambda *numbers: _extreme(numbers, largest=True),
    "quotient": _quotient,
    "zwoelftel": _twelfth,
    "runde_euro": _rounder(0),
    "runde_cent": _rounder(2),
}

_ROUNDED_BOUND = {"mindestens": ceil, "weniger_als": ceil, "hoechstens": floor, "mehr_als": floor}
_COMPARE: Mapping[str, Callable[[pl.Expr, pl.Expr | int], pl.Expr]] = {
    "ist": lambda a, b: a == b,
    "ist_nicht": lambda a, b: a != b,
    "mindestens": lambda a, b: a >= b,
    "weniger_als": lambda a, b: a < b,
    "hoechstens": lambda a, b: a <= b,
    "mehr_als": lambda a, b: a > b,
}


def compared(left: Number, operator: str, right: Number) -> pl.Expr:
    """Compare two numbers exactly."""
    compare = _COMPARE[operator]
    if right.fixed is not None and left.divisor is None:
        bound = right.fixed / left.unit
        if bound.denominator == 1:
            return compare(left.scaled, pl.lit(bound.numerator))
        if operator in _ROUNDED_BOUND:
            return compare(left.scaled, pl.lit(_ROUNDED_BOUND[operator](bound)))
        return never(left.scaled) if operator == "ist" else ~never(left.scaled)
    first, second = aligned((left, right))
    return compare(first.scaled, second.scaled)


def never(column: pl.Expr) -> pl.Expr:
    """Return *no* where a column is known, open where it is not."""
    return column.is_null() & pl.lit(None, pl.Boolean)
