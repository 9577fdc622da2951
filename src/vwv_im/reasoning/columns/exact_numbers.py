"""Exact numbers and days as columns: whole multiples of a unit, with bounds that prove that nothing overflows.

An amount is kept in cents, a share in millionths, an amount per month in 72ths of something: the unit is an exact
fraction known when the plan is compiled, the column holds integers. The bounds follow from what a case may state;
where 64 bits might not do, 128 are taken, and where these might not do, nothing is compiled.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
from math import floor, gcd, lcm
from operator import add
from typing import Literal, Self

import polars as pl

from vwv_im.lang import OPERATIONS as EXACT
from vwv_im.reasoning.columns.graph import Node, lit, when

_NARROW, _WIDE = 2**63 - 1, 2**127 - 1
_ONE = Fraction(1)
NumberKind = Literal["whole", "decimal", "ratio"]
_FORMS: tuple[NumberKind, ...] = ("whole", "decimal", "ratio")


class NotInColumnsError(NotImplementedError):
    """An operation that columns do not have; it is named."""


class TooWideForColumnsError(NotInColumnsError):
    """A computation of the rules may exceed 128 bits, so it is not compiled to columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of exact numbers: `expr` × `unit` ÷ `divisor`, with `least` ≤ `expr` ≤ `most`.

    `divisor` is a column of positive integers up to `widest`; most numbers have none. `fixed` is the value where it
    is the same in every row. `form` tells how the reference semantics holds it, which decides how halves are rounded.
    """

    expr: Node
    unit: Fraction
    least: int
    most: int
    form: NumberKind = "whole"
    divisor: Node | None = None
    widest: int = 1
    fixed: Fraction | None = None

    def at(self, column: Node) -> Self:
        """Return the same number read from a column."""
        return replace(self, expr=column, fixed=None)

    def __neg__(self) -> Self:
        return replace(
            self, expr=self.expr * -1, least=-self.most, most=-self.least, fixed=None
        )  # polars has no -Int128

    def as_decimal(self, column: pl.Expr, places: int) -> pl.Expr:
        """Return it, read from a column of a frame, as exact decimals; it must be a multiple of the last place."""
        factor = self.unit * 10**places
        assert factor.denominator == 1
        assert self.divisor is None
        if self.bound * factor.numerator > _WIDE:
            raise TooWideForColumnsError(f"a number of up to {self.bound * factor.numerator}")
        whole = column.cast(pl.Int128) * pl.lit(factor.numerator, pl.Int128)
        return whole.reinterpret(dtype=pl.Decimal(38, places))

    def whole(self) -> Node:
        """Return it as a column of integers; it must be whole."""
        assert self.unit.denominator == 1
        assert self.divisor is None
        return _widen(self.expr, self.bound * self.unit.numerator, self.unit.numerator).cast(pl.Int64)

    @property
    def bound(self) -> int:
        """The largest size of `expr`."""
        return max(-self.least, self.most, 0)


def constant(value: int | Decimal) -> Number:
    """Return a fixed number."""
    unit, form = Fraction(value), _FORMS[isinstance(value, Decimal)]
    if unit <= 0:
        bound = unit.numerator
        unit = Fraction(1, unit.denominator)
        return Number(lit(bound, pl.Int64), unit, bound, bound, form, fixed=Fraction(value))
    return Number(lit(1, pl.Int64), unit, 1, 1, form, fixed=unit)


def stated_number(column: Node, maximum: int, places: int, *, whole: bool) -> Number:
    """Return the number that a column of stated values holds, in units of its last place."""
    most = maximum * 10**places
    if most > _NARROW:
        raise TooWideForColumnsError(f"a stated number of up to {most} units")
    return Number(column, Fraction(1, 10**places), 0, most, "whole" if whole else "decimal")


def _widen(column: Node, bound: int, factor: int = 1) -> Node:
    """Multiply where the result lies within ±`bound`, wide enough."""
    if bound > _WIDE:
        raise TooWideForColumnsError(f"a number of up to {bound}")
    if bound > _NARROW:
        return column.cast(pl.Int128) * lit(factor, pl.Int128)
    return column if factor == 1 else column * factor


def _in_units(number: Number, unit: Fraction) -> Number:
    factor = number.unit / unit
    assert factor.denominator == 1
    times = factor.numerator
    least, most, bound = (end * times for end in (number.least, number.most, number.bound))
    column = _widen(number.expr, bound, times)
    if number.fixed is not None:
        column = lit(least, pl.Int64 if bound <= _NARROW else pl.Int128)
    return replace(number, expr=column, unit=unit, least=least, most=most)


def align(numbers: Sequence[Number]) -> list[Number]:
    """Return the numbers in one unit and with one divisor, so that their columns compare and add."""
    units = [number.unit for number in numbers]  # the largest of which all are multiples is theirs together
    unit = Fraction(gcd(*(one.numerator for one in units)), lcm(*(one.denominator for one in units)))
    same = [replace(_in_units(number, unit), fixed=None) for number in numbers]
    if all(number.divisor is None for number in same):
        return same
    return [_over_all(number, [other for other in same if other is not number]) for number in same]


def _over_all(number: Number, others: Sequence[Number]) -> Number:
    """Expand a quotient by the divisors of others."""
    for other in others:
        if other.divisor is not None:
            own = lit(1, pl.Int64) if number.divisor is None else number.divisor
            number = replace(
                _product(number, Number(other.divisor, _ONE, 1, other.widest)),
                divisor=_widen(own, number.widest * other.widest) * other.divisor,
                widest=number.widest * other.widest,
            )
    return number


def _form(numbers: Iterable[Number]) -> NumberKind:
    return max((number.form for number in numbers), key=_FORMS.index)


def _like(parts: Sequence[Number], column: Node, least: int, most: int) -> Number:
    """Return what a column holds that is made of numbers aligned."""
    return replace(parts[0], expr=column, least=least, most=most, form=_form(parts), fixed=None)


def _sum(*numbers: Number) -> Number:
    parts = align(numbers)
    least, most = sum(part.least for part in parts), sum(part.most for part in parts)
    bound = max(abs(least), abs(most), *(part.bound for part in parts))
    return _like(parts, reduce(add, [_widen(part.expr, bound) for part in parts]), least, most)


def _difference(minuend: Number, subtrahend: Number) -> Number:
    return _sum(minuend, -subtrahend)


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
    expr = _widen(left.expr, bound) * _widen(right.expr, bound)
    divisors = [number.divisor for number in (left, right) if number.divisor is not None]
    widest = left.widest * right.widest
    divisor = reduce(lambda a, b: _widen(a, widest) * b, divisors) if divisors else None
    return Number(expr, left.unit * right.unit, min(corners), max(corners), form, divisor, widest)


def _quotient(dividend: Number, divisor: Number) -> Number | None:
    if divisor.fixed is not None:
        if divisor.fixed == 0:
            return None
        signed = dividend if divisor.fixed > 0 else -dividend
        return replace(signed, unit=dividend.unit / abs(divisor.fixed), form="ratio", fixed=None)
    over, sign = divisor.expr, when(divisor.expr < 0, -1, 1)
    turned = _product(dividend, Number(sign, 1 / divisor.unit, -1, 1))
    if divisor.divisor is not None:
        turned = _product(turned, Number(divisor.divisor, _ONE, 1, divisor.widest))
    below = when(over != 0, over.mapped("abs"))
    widest = turned.widest * divisor.bound
    whole = below if turned.divisor is None else _widen(turned.divisor, widest) * below
    return replace(turned, divisor=whole, widest=widest, form="ratio")


def _round(number: Number, places: int) -> Number:
    """Round halves up; as the reference does, halves of negative decimals away from zero."""
    unit = Fraction(1, 10**places)
    if number.divisor is None and (number.unit / unit).denominator == 1:
        return replace(_in_units(number, unit), form="decimal")
    if number.form == "decimal" and number.least < 0:
        sign = when(number.expr < 0, -1, 1)
        size = replace(number, expr=number.expr.mapped("abs"), least=0, most=number.bound)
        units = _half_up(size, unit)
        return replace(units, expr=units.expr * sign, least=-units.most)
    return _half_up(number, unit)


def _half_up(number: Number, unit: Fraction) -> Number:
    factor = number.unit / unit
    above, below = 2 * factor.numerator, factor.denominator
    bound = number.bound * above + 2 * below * number.widest
    dividend = _widen(number.expr, bound, above)
    if number.divisor is None:
        expr = (dividend + below) // (2 * below)
    else:
        divisor = _widen(number.divisor, bound, below)
        expr = (dividend + divisor) // (2 * divisor)
    least, most = (floor(Fraction(end * above, 2 * below)) for end in (number.least, number.most))
    wide = bound > _NARROW >= max(-least, most + 1)
    return Number(expr.cast(pl.Int64) if wide else expr, unit, min(least, 0), max(most + 1, 0), "decimal")


def _extreme(name: str, *numbers: Number) -> Number:
    parts, pick = align(numbers), EXACT[name].run
    least, most = pick(*(part.least for part in parts)), pick(*(part.most for part in parts))
    return _like(parts, reduce(PICKS[name], [part.expr for part in parts]), least, most)


def smaller(left: Node, right: Node) -> Node:
    """Return the smaller of two, unknown where one is."""
    return when(left <= right, left, when(left > right, right))


def larger(left: Node, right: Node) -> Node:
    """Return the larger of two, unknown where one is."""
    return when(left >= right, left, when(left < right, right))


PICKS: Mapping[str, Callable[[Node, Node], Node]] = {"kleinster": smaller, "groesster": larger}
"""The operations that pick one of two numbers or days; unknown where one is unknown."""


def with_common_bounds(numbers: Sequence[Number]) -> list[Number]:
    """Return some numbers in one unit and with the same bounds, so that a row may hold any of them."""
    parts = align(numbers)
    least, most = min(part.least for part in parts), max(part.most for part in parts)
    return [_like(parts, part.expr, least, most) for part in parts]


def widen_for_sum(number: Number, count: int) -> Number:
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
    "zwoelftel": lambda number: replace(number, unit=number.unit / 12, form="ratio", fixed=None),
    "runde_euro": partial(_round, places=0),
    "runde_cent": partial(_round, places=2),
}
"""The arithmetic, with its bounds, by the names of the table of operations; `None` is unknown in every row."""
