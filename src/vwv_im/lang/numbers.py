"""Exact numbers: integers, decimals, and inside a rounding exact fractions."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

Ratio = tuple[int, int]
"""An exact quotient that still has to be rounded: numerator and denominator."""
MOST_PLACES = 18
"""So many digits may a number of a rule have before the point, and after it."""
_FRACTIONS = (tuple, Fraction)


def is_measurable(number: Any) -> bool:
    """Whether a number of a rule can be computed with exactly: neither too large nor too fine.

    >>> is_measurable(Decimal("0.25")), is_measurable(Decimal("1e300")), is_measurable(Decimal("1e-300"))
    (True, False, False)
    """
    if isinstance(number, Decimal):
        return not number or (number.adjusted() < MOST_PLACES and int(number.as_tuple().exponent) >= -MOST_PLACES)
    return abs(number) < 10**MOST_PLACES  # type: ignore[no-any-return]


def _alike(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return numbers that may be combined: all as exact fractions as soon as one of them is a quotient."""
    for value in values:
        if type(value) in _FRACTIONS:
            return tuple(Fraction(*part) if isinstance(part, tuple) else Fraction(part) for part in values)
    return values


def total(*values: Any) -> Any:
    """Return the sum."""
    return reduce(add, _alike(values)) if values else 0


def difference(*values: Any) -> Any:
    """Return the first less the second."""
    minuend, subtrahend = _alike(values)
    return minuend - subtrahend


def distance(*values: Any) -> Any:
    """Return the difference, whichever is the larger."""
    return abs(difference(*values))


def product(*values: Any) -> Any:
    """Return the product."""
    return reduce(mul, _alike(values)) if values else 1


def exact_ratio(value: Any) -> tuple[int, int]:
    """Return a number as an exact fraction, which need not be in lowest terms."""
    return value if type(value) is tuple else value.as_integer_ratio()


def quotient(dividend: Any, divisor: Any) -> Ratio | None:
    """Return an exact quotient; by zero there is none."""
    (a, b), (c, d) = exact_ratio(dividend), exact_ratio(divisor)
    return (a * d, b * c) if c else None


def twelfth(value: Any) -> Ratio:
    """Return a twelfth."""
    numerator, denominator = exact_ratio(value)
    return numerator, denominator * 12


def rounder(places: int) -> Callable[[Any], Decimal]:
    """Return what rounds an exact number half up (kaufmännisch) to so many places.

    >>> rounder(2)(Fraction(1, 8))
    Decimal('0.13')
    """
    scale, unit = 10**places, Decimal(1).scaleb(-places)

    def half_up(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            return value.quantize(unit, ROUND_HALF_UP)
        numerator, denominator = exact_ratio(value)
        units: int = (2 * numerator * scale + denominator) // (2 * denominator)
        return unit * units

    return half_up


rounded_to_euro: Callable[[Any], Decimal] = rounder(0)
rounded_to_cent: Callable[[Any], Decimal] = rounder(2)
