"""The closed list of computations as terms of the solver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import gcd, lcm
from typing import Any

import z3

from vwv_im.review.proofs import calendar
from vwv_im.review.proofs.terms import (
    FALSE,
    TRUE,
    UNKNOWN,
    Day,
    Finite,
    Known,
    Number,
    UntranslatableError,
    Value,
    as_number,
    combined,
    every,
    ite,
    merged,
    negated,
    related,
    same_scale,
    some,
    times,
)

_PLACES = {"runde_euro": 0, "runde_cent": 2}


def computed(operation: str, operands: Sequence[Known]) -> Known:
    """Return an operation of the closed list on some facts; unknown if one is."""
    values = [operand.value for operand in operands if operand.value is not None]
    if len(values) < len(operands):
        return UNKNOWN
    known = every(operand.known for operand in operands)
    result = _result(operation, values)
    return Known(every((known, result.known)), result.value)


def _result(operation: str, values: Sequence[Value]) -> Known:
    finite = [value for value in values if isinstance(value, Finite)]
    if len(finite) == len(values) and (result := combined(operation, finite)) is not None:
        return result
    if operation in OF_DAYS:
        return _of_days(operation, values)
    if operation in ("kleinster", "groesster"):
        return Known(TRUE, _extreme(values, "nach" if operation == "groesster" else "vor"))
    return _of_numbers(operation, values)


OF_DAYS: dict[str, Callable[..., Any]] = {
    "ende_der_frist": calendar.period_end,
    "ende_der_frist_nach": calendar.period_end_after,
    "laufender_monat": calendar.running_month,
    "monate_zwischen": calendar.full_months,
    "resttage_zwischen": calendar.remaining_days,
}


def _of_days(operation: str, values: Sequence[Value]) -> Known:
    result = OF_DAYS[operation](*values)
    return result if isinstance(result, Known) else Known(TRUE, result)


def _extreme(values: Sequence[Value], beyond: str) -> Value:
    found, *others = values
    operator = {"nach": "mehr_als", "vor": "weniger_als"}[beyond]
    for other in others:
        if isinstance(found, Day) and isinstance(other, Day):
            more = related(beyond, other, found)
            found = Day(ite(more, other.month, found.month), ite(more, other.day, found.day))
        else:
            (a, b), scale = same_scale([as_number(other), as_number(found)])
            more = related(operator, Number(a), Number(b))
            found = Number(ite(more, a, b), scale)
    return found


def _of_numbers(operation: str, values: Sequence[Value]) -> Known:
    match operation:
        case "summe":
            return Known(TRUE, _sum(values))
        case "differenz":
            (a, b), scale = same_scale([as_number(value) for value in values])
            return Known(TRUE, Number(a - b, scale))
        case "produkt":
            return Known(TRUE, _product(values))
        case "zwoelftel":
            number = as_number(values[0])
            return Known(TRUE, Number(number.term, number.scale * 12))
        case "quotient":
            return _quotient(*values)
        case "runde_euro" | "runde_cent":
            return Known(TRUE, _rounded(as_number(values[0]), 10 ** _PLACES[operation]))
    raise UntranslatableError(operation)


def _sum(values: Sequence[Value]) -> Number:
    terms, scale = same_scale([as_number(value) for value in values])
    return Number(z3.Sum(terms), scale)


def _product(values: Sequence[Value]) -> Number:
    """Multiply: the finite factors value by value, so that at most one factor is a term."""
    finite = [value for value in values if isinstance(value, Finite)]
    numbers = [as_number(value) for value in values if not isinstance(value, Finite)]
    product = numbers[0]
    for number in numbers[1:]:
        product = Number(product.term * number.term, product.scale * number.scale)
    if not finite:
        return product
    factors = combined("produkt", finite)
    if factors is None or not isinstance(factors.value, Finite):
        factor = as_number(finite[0])
        return _product([*finite[1:], Number(product.term * factor.term, product.scale * factor.scale)])
    return _scaled(product, factors.value)


def _scaled(number: Number, factors: Finite) -> Number:
    """Return a number times a factor of few values: a choice of multiples."""
    exact = [(factor.as_integer_ratio(), when) for factor, when in factors.options]
    below = lcm(*(part for (_, part), _ in exact))
    multiples = [(_multiple(number.term, above * (below // part)), when) for (above, part), when in exact]
    term = multiples[-1][0]
    for multiple, when in reversed(multiples[:-1]):
        term = ite(when, multiple, term)
    return Number(term, number.scale * below)


def _multiple(term: z3.ArithRef, factor: int) -> z3.ArithRef:
    return times(term, factor) if factor else z3.IntVal(0)


def _quotient(dividend: Value, divisor: Value) -> Known:
    if not isinstance(divisor, Finite):
        raise UntranslatableError("quotient")
    none = some(when for value, when in divisor.options if not value)
    shares = [(value.as_integer_ratio(), when) for value, when in divisor.options if value]
    inverse = merged((_Fraction(below, above), when) for (above, below), when in shares)
    if not inverse.options:
        return UNKNOWN
    return Known(negated(none), _scaled(as_number(dividend), inverse))


class _Fraction(tuple[int, int]):
    """An exact fraction that need not be in lowest terms."""

    __slots__ = ()

    def __new__(cls, above: int, below: int) -> _Fraction:
        return super().__new__(cls, (above, below))

    def as_integer_ratio(self) -> tuple[int, int]:
        return (self[0], self[1])


def _rounded(number: Number, units: int) -> Number:
    """Round half up to `1 / units`."""
    common = gcd(units, number.scale)
    factor, scale = units // common, number.scale // common
    if scale == 1:
        return Number(times(number.term, factor), units)
    return Number((times(number.term, 2 * factor) + scale) / (2 * scale), units)


def total(parts: Sequence[tuple[z3.BoolRef, Known]]) -> Known:
    """Return the sum over those that are there; unknown if one is, or if none is there."""
    known = _all_known(parts)
    values = [(there, part.value) for there, part in parts if part.value is not None]
    if not values or known.eq(FALSE):
        return UNKNOWN
    counted = [Known(TRUE, _or_nothing(there, value)) for there, value in values]
    return replace(computed("summe", counted), known=known)


def _or_nothing(there: z3.BoolRef, value: Value) -> Value:
    if isinstance(value, Finite):
        return merged([*_guarded(value, there), (0, negated(there))])
    number = as_number(value)
    return Number(ite(there, number.term, z3.IntVal(0)), number.scale)


def _guarded(value: Finite, there: z3.BoolRef) -> list[tuple[Any, z3.BoolRef]]:
    return [(number, every((there, when))) for number, when in value.options]


def greatest(parts: Sequence[tuple[z3.BoolRef, Known]]) -> Known:
    """Return the largest over those that are there; unknown if one is, or if none is there."""
    known = _all_known(parts)
    values = [(there, part.value) for there, part in parts if part.value is not None]
    if not values or known.eq(FALSE):
        return UNKNOWN
    (_, found), *others = values
    for there, value in others:
        larger = _extreme([found, value], "nach")
        found = _picked(there, larger, found)
    return Known(known, found)


def _picked(there: z3.BoolRef, one: Value, other: Value) -> Value:
    if isinstance(one, Day) and isinstance(other, Day):
        return Day(ite(there, one.month, other.month), ite(there, one.day, other.day))
    (a, b), scale = same_scale([as_number(one), as_number(other)])
    return Number(ite(there, a, b), scale)


def _all_known(parts: Sequence[tuple[z3.BoolRef, Known]]) -> z3.BoolRef:
    first = parts[0][0]
    return every((first, *(some((negated(there), part.known)) for there, part in parts)))
