"""The closed list of computations. Numbers are integers, exact decimals, and inside a rounding exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from vwv_im.reasoning.dates import full_months, period_end, remaining_days, running_month


class Ratio(NamedTuple):
    """An exact quotient that still has to be rounded."""

    numerator: int
    denominator: int


_FRACTIONS = (Ratio, Fraction)


def _alike(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return numbers that may be combined: all as exact fractions as soon as one of them is a quotient."""
    for value in values:
        if type(value) in _FRACTIONS:
            return tuple(Fraction(*part) if isinstance(part, Ratio) else Fraction(part) for part in values)
    return values


def _total(*values: Any) -> Any:
    return sum(_alike(values))


def _product(*values: Any) -> Any:
    return prod(_alike(values))


def _ratio(value: Any) -> tuple[int, int]:
    return value if isinstance(value, Ratio) else value.as_integer_ratio()


def _quotient(dividend: Any, divisor: Any) -> Ratio | None:
    (a, b), (c, d) = _ratio(dividend), _ratio(divisor)
    return Ratio(a * d, b * c) if c else None


def _twelfth(value: Any) -> Ratio:
    numerator, denominator = _ratio(value)
    return Ratio(numerator, denominator * 12)


def _difference(*values: Any) -> Any:
    minuend, subtrahend = _alike(values)
    return minuend - subtrahend


def _least(*values: Any) -> Any:
    return min(values)


def _most(*values: Any) -> Any:
    return max(values)


def rounded_to_cent(value: Any) -> Decimal:
    """Round an exact number half up to the cent.

    >>> rounded_to_cent(Fraction(1, 8))
    Decimal('0.13')
    """
    return _TO_CENT(value)


def _rounder(places: int) -> Callable[[Any], Decimal]:
    scale, unit = 10**places, Decimal(1).scaleb(-places)

    def half_up(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            return value.quantize(unit, ROUND_HALF_UP)
        numerator, denominator = _ratio(value)
        units = (2 * numerator * scale + denominator) // (2 * denominator)
        return Decimal(units).scaleb(-places)

    return half_up


def _period_end(start: date, months: int) -> date | None:
    """Return the end of a period; a period of no month, or beyond all calendars, has none."""
    try:
        return period_end(start, months)
    except (ValueError, OverflowError):
        return None


def _period_end_after(day: date, months: int) -> date | None:
    return _period_end(day + timedelta(days=1), months)


_TO_CENT = _rounder(2)

OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "summe": _total,
    "differenz": _difference,
    "produkt": _product,
    "kleinster": _least,
    "groesster": _most,
    "quotient": _quotient,
    "zwoelftel": _twelfth,
    "runde_euro": _rounder(0),
    "runde_cent": _TO_CENT,
    "ende_der_frist": _period_end,
    "ende_der_frist_nach": _period_end_after,
    "laufender_monat": running_month,
    "monate_zwischen": full_months,
    "resttage_zwischen": remaining_days,
}
