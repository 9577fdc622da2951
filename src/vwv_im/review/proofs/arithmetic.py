"""Days and the operations of the table as terms of the solver.

What is computed of days says its entry of the table. Of numbers an entry knows only what Python does with exact ones,
so that each operation stands here by its name once more; one that does not is refused by its name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from math import gcd
from typing import Any

import z3

from vwv_im.case.values import LAST_DAY
from vwv_im.lang.dates import Calendar
from vwv_im.lang.numbers import Ratio, exact_ratio, product
from vwv_im.lang.table import Operation
from vwv_im.lang.types import DAY, MONTHS, FactType
from vwv_im.review.proofs.terms import (
    TRUE,
    UNKNOWN,
    Day,
    Finite,
    Known,
    Number,
    RefusedError,
    UntranslatableError,
    Value,
    as_number,
    combined,
    either,
    every,
    ite,
    kinds_of,
    merged,
    naming,
    negated,
    related,
    same_scale,
    scaled,
    some,
    times,
)

_SHORT = (3, 5, 8, 10)
_LAST_YEAR = 2299
_NO_LEAP = tuple(year * 12 + 1 for year in (1900, 2100, 2200))
"""The Februaries of 1900 to 2299 that have 28 days although their year can be divided by four."""
MOST_MONTHS = (_LAST_YEAR - LAST_DAY.year) * 12


def days_in(month: z3.ArithRef) -> z3.ArithRef:
    """Return the length of a month, counted from the year 0, in the years 1900 to 2299."""
    of_four_years = month % 48
    short = z3.Or(*(of_four_years == number + 12 * year for number in _SHORT for year in range(4)))
    february = z3.Or(*(of_four_years == 1 + 12 * year for year in (1, 2, 3)), *(month == none for none in _NO_LEAP))
    leap = of_four_years == 1
    return z3.If(february, z3.IntVal(28), z3.If(leap, z3.IntVal(29), z3.If(short, z3.IntVal(30), z3.IntVal(31))))


class _Calendar(Calendar[Day]):
    """Days as pairs of terms."""

    def month(self, day: Day) -> z3.ArithRef:
        return day.month

    def number(self, day: Day) -> z3.ArithRef:
        return day.day

    def before(self, day: Day) -> Day:
        first = day.day == 1
        return Day(ite(first, day.month - 1, day.month), ite(first, days_in(day.month - 1), day.day - 1))

    def after(self, day: Day) -> Day:
        last = day.day == days_in(day.month)
        return Day(ite(last, day.month + 1, day.month), ite(last, z3.IntVal(1), day.day + 1))

    def before_day(self, month: z3.ArithRef, number: Any) -> Day:
        longest, number = days_in(month), z3.IntVal(number) if isinstance(number, int) else number
        day: Day = self.choose(number > longest, Day(month, longest), self.before(Day(month, number)))
        return day

    def later(self, day: Day, other: Day) -> z3.BoolRef:
        raise RefusedError("zwei beliebige Zeiträume")

    def between(self, first: Day, last: Day) -> z3.ArithRef:
        across = z3.If(last.month < first.month, z3.IntVal(0), last.day + days_in(first.month) - first.day)
        return z3.If(last.month == first.month, last.day - first.day, across)

    def choose(self, test: z3.BoolRef, yes: Any, no: Any) -> Any:
        if isinstance(yes, Day):
            return Day(ite(test, yes.month, no.month), ite(test, yes.day, no.day))
        return z3.If(test, yes, no)


CALENDAR = _Calendar()


def computed(operation: Operation, operands: Sequence[Known]) -> Known:
    """Return an operation of the table on some facts; unknown if one is."""
    values = [operand.value for operand in operands if operand.value is not None]
    if len(values) < len(operands):
        return UNKNOWN
    with naming(operation.name):
        result = _result(operation, values)
    known = every(operand.known for operand in operands)
    return Known(every((known, result.known)), result.value)


def _result(operation: Operation, values: Sequence[Value]) -> Known:
    finite = [value for value in values if isinstance(value, Finite)]
    if len(finite) == len(values) and (result := combined(operation.run, finite)) is not None:
        return result
    if operation.symbolic is not None:
        return _of_days(operation.symbolic, operation, values)
    if operation.name not in _OF_NUMBERS:
        raise UntranslatableError(kinds_of(*values))
    found = _OF_NUMBERS[operation.name](*values)
    return found if isinstance(found, Known) else Known(TRUE, found)


def _of_days(symbolic: Callable[..., Any], operation: Operation, values: Sequence[Value]) -> Known:
    takes = operation.takes if isinstance(operation.takes, tuple) else ()
    taken = [_taken(kind, value) for kind, value in zip(takes, values, strict=True)]
    if any(part.value is None for part in taken):
        return UNKNOWN
    result = symbolic(CALENDAR, *(part.value.term if isinstance(part.value, Number) else part.value for part in taken))
    return Known(every(part.known for part in taken), result if operation.gives == DAY else Number(result))


def _taken(kind: FactType, value: Value) -> Known:
    """Return a day or a whole number that can be computed with: of months there are few values, and at least one."""
    if isinstance(value, Day):
        return Known(TRUE, value)
    if kind != MONTHS and as_number(value).scale == 1:
        return Known(TRUE, as_number(value))
    if kind != MONTHS or not isinstance(value, Finite):
        raise UntranslatableError(kinds_of(value))
    lasting = Finite(tuple((number, when) for number, when in value.options if number >= 1))
    longest = max((number for number, _ in lasting.options), default=0)
    if longest > MOST_MONTHS:
        raise UntranslatableError(f"{longest} Monate")
    return Known(some(when for _, when in lasting.options), as_number(lasting)) if longest else UNKNOWN


def _sum(*values: Value) -> Value:
    terms, scale = same_scale(*values)
    return Number(z3.Sum(terms), scale)


def _difference(*values: Value) -> Value:
    (minuend, subtrahend), scale = same_scale(*values)
    return Number(minuend - subtrahend, scale)


def _distance(one: Value, other: Value) -> Value:
    return _extreme(operator.gt, _difference(one, other), _difference(other, one))


def _product(*values: Value) -> Value:
    """Multiply: the finite factors value by value, so that where they are few, at most one factor is a term."""
    factors = combined(product, [value for value in values if isinstance(value, Finite)])
    few = None if factors is None or not isinstance(factors.value, Finite) else factors.value
    terms = [as_number(value) for value in values if few is None or not isinstance(value, Finite)]
    whole = reduce(lambda one, other: Number(one.term * other.term, one.scale * other.scale), terms)
    return whole if few is None else scaled(whole, few)


def _quotient(dividend: Value, divisor: Value) -> Known:
    if not isinstance(divisor, Finite):
        raise UntranslatableError(kinds_of(dividend, divisor))
    zero = some(when for value, when in divisor.options if not value)
    shares = [(exact_ratio(value), when) for value, when in divisor.options if value]
    inverse = merged((Ratio(below, above), when) for (above, below), when in shares)
    return Known(negated(zero), scaled(as_number(dividend), inverse)) if inverse.options else UNKNOWN


def _twelfth(value: Value) -> Value:
    number = as_number(value)
    return Number(number.term, number.scale * 12)


def _rounded(units: int, value: Value) -> Value:
    """Round half up to `1 / units`."""
    number = as_number(value)
    common = gcd(units, number.scale)
    factor, scale = units // common, number.scale // common
    if scale == 1:
        return Number(times(number.term, factor), units)
    return Number((times(number.term, 2 * factor) + scale) / (2 * scale), units)


def _extreme(beyond: Callable[[Any, Any], Any], *values: Value) -> Value:
    return reduce(lambda found, other: either(related(beyond, other, found), other, found), values)


_OF_NUMBERS: Mapping[str, Callable[..., Value | Known]] = {
    "summe": _sum,
    "differenz": _difference,
    "abstand": _distance,
    "produkt": _product,
    "quotient": _quotient,
    "zwoelftel": _twelfth,
    "runde_euro": partial(_rounded, 1),
    "runde_cent": partial(_rounded, 100),
    "kleinster": partial(_extreme, operator.lt),
    "groesster": partial(_extreme, operator.gt),
}
