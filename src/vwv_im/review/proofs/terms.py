"""What a fact may be, as terms of the solver: a known-flag and a value; and truth as strong Kleene pairs.

A value that can take few values is kept as those values, each with the condition under which it is that one, so that
products of rates and months stay linear. All other numbers are whole numbers over a fixed scale: nothing is rounded
that the law does not round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import lcm
from typing import Any

import z3

from vwv_im.lang.numbers import exact_ratio
from vwv_im.lang.table import COMPARISONS, OPERATIONS

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


class UntranslatableError(ValueError):
    """A form of the plan that has no translation; a proof that meets it is not settled."""


@dataclass(frozen=True, slots=True)
class Finite:
    """One of few values; where the fact is known, exactly one of the conditions holds."""

    options: tuple[tuple[Any, z3.BoolRef], ...]


@dataclass(frozen=True, slots=True)
class Number:
    """The number `term / scale`."""

    term: z3.ArithRef
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """A day: months since the year 0, and the day of the month."""

    month: z3.ArithRef
    day: z3.ArithRef


@dataclass(frozen=True, slots=True)
class Labels:
    """A list of distinct labels, as one truth value per label."""

    holds: tuple[tuple[str, z3.BoolRef], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A free text; equal codes mean equal texts."""

    code: z3.ArithRef


Value = Finite | Number | Day | Labels | Word


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a fact is known, and its value where it is; no value: it never is."""

    known: z3.BoolRef
    value: Value | None


@dataclass(frozen=True, slots=True)
class Truth:
    """When a condition is true and when it is false; else it is open."""

    yes: z3.BoolRef
    no: z3.BoolRef


UNKNOWN = Known(FALSE, None)
ALWAYS, OPEN = Truth(TRUE, FALSE), Truth(FALSE, FALSE)


def every(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Return the conjunction, as short as it can be written."""
    return _joined(parts, z3.And, TRUE, FALSE)


def some(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Return the disjunction, as short as it can be written."""
    return _joined(parts, z3.Or, FALSE, TRUE)


def _joined(parts: Iterable[z3.BoolRef], join: Callable[..., Any], none: z3.BoolRef, all_: z3.BoolRef) -> z3.BoolRef:
    left: dict[int, z3.BoolRef] = {}
    for part in parts:
        if part.eq(all_):
            return all_
        if not part.eq(none):
            left[part.get_id()] = part
    if not left:
        return none
    return next(iter(left.values())) if len(left) == 1 else join(*left.values())


def negated(part: z3.BoolRef) -> z3.BoolRef:
    """Return the negation."""
    if part.eq(TRUE):
        return FALSE
    if part.eq(FALSE):
        return TRUE
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def all_of(truths: Sequence[Truth]) -> Truth:
    """Return the Kleene conjunction."""
    return Truth(every(t.yes for t in truths), some(t.no for t in truths))


def any_of(truths: Sequence[Truth]) -> Truth:
    """Return the Kleene disjunction."""
    return Truth(some(t.yes for t in truths), every(t.no for t in truths))


def constant(value: Any) -> Known:
    """Return a fixed value; `None` is never known."""
    if value is None:
        return UNKNOWN
    if isinstance(value, date):
        return Known(TRUE, Day(z3.IntVal(value.year * 12 + value.month - 1), z3.IntVal(value.day)))
    return Known(TRUE, Finite(((value, TRUE),)))


def from_truth(truth: Truth) -> Known:
    """Return a truth value as the value of a derived fact."""
    return Known(some((truth.yes, truth.no)), Finite(((True, truth.yes), (False, truth.no))))


def chosen(cases: Sequence[tuple[z3.BoolRef, Known]]) -> Known:
    """Return the value of the first case whose condition holds; unknown where none does.

    The conditions exclude each other.
    """
    live = [(w, case.known, case.value) for w, case in cases if case.value is not None and not w.eq(FALSE)]
    known = some(every((when, here)) for when, here, _ in live)
    if known.eq(FALSE):
        return UNKNOWN
    value = live[-1][2]
    for when, _, earlier in reversed(live[:-1]):
        value = _if(when, earlier, value)
    return Known(known, value)


def _if(when: z3.BoolRef, value: Value, other: Value) -> Value:
    match value, other:
        case Finite(), Finite():
            return merged(
                [*((v, every((when, g))) for v, g in value.options)]
                + [(v, every((negated(when), g))) for v, g in other.options]
            )
        case Day(), Day():
            return Day(ite(when, value.month, other.month), ite(when, value.day, other.day))
        case Word(), Word():
            return Word(ite(when, value.code, other.code))
        case ((Number() | Finite()), (Number() | Finite())):
            (a, b), scale = same_scale([as_number(value), as_number(other)])
            return Number(ite(when, a, b), scale)
    raise UntranslatableError(f"{type(value).__name__} / {type(other).__name__}")


def ite(when: z3.BoolRef, one: Any, other: Any) -> Any:
    """Return the one where the condition holds, else the other."""
    if when.eq(TRUE) or one.eq(other):
        return one
    return other if when.eq(FALSE) else z3.If(when, one, other)


def merged(options: Iterable[tuple[Any, z3.BoolRef]]) -> Finite:
    """Return a finite value in which each value stands once."""
    found: dict[Any, list[z3.BoolRef]] = {}
    for value, when in options:
        if not when.eq(FALSE):
            found.setdefault(value, []).append(when)
    return Finite(tuple((value, some(conditions)) for value, conditions in found.items()))


def as_number(value: Value) -> Number:
    """Return a number as one term over one scale."""
    if isinstance(value, Number):
        return value
    if not isinstance(value, Finite) or not value.options:
        raise UntranslatableError(type(value).__name__)
    exact = [(exact_ratio(number), when) for number, when in value.options]
    scale = lcm(*(below for (_, below), _ in exact))
    terms = [(z3.IntVal(above * (scale // below)), when) for (above, below), when in exact]
    term = terms[-1][0]
    for number, when in reversed(terms[:-1]):
        term = ite(when, number, term)
    return Number(term, scale)


def same_scale(numbers: Sequence[Number]) -> tuple[list[z3.ArithRef], int]:
    """Return the terms of numbers over one scale, and the scale."""
    scale = lcm(*(number.scale for number in numbers))
    return [times(number.term, scale // number.scale) for number in numbers], scale


def times(term: z3.ArithRef, factor: int) -> z3.ArithRef:
    """Return the multiple of a term."""
    if factor == 1:
        return term
    if z3.is_int_value(term):
        return z3.IntVal(term.as_long() * factor)
    return term * factor


_OF_LISTS = ("in", "nicht_in", "enthaelt", "enthaelt_nicht")


def compared(operator: str, left: Known, right: Known, ranks: Any = None) -> Truth:
    """Return when a comparison of two facts is true and when it is false."""
    if left.value is None or right.value is None:
        return OPEN
    holds = related(operator, ranked(left.value, ranks), ranked(right.value, ranks))
    known = every((left.known, right.known))
    return Truth(every((known, holds)), every((known, negated(holds))))


def ranked(value: Value, ranks: Any) -> Value:
    """Return the rank of a label in place of the label, where labels have ranks."""
    if ranks is None or not isinstance(value, Finite):
        return value
    return Finite(tuple((ranks[label], when) for label, when in value.options))


def related(operator: str, left: Value, right: Value) -> z3.BoolRef:
    """Return when a relation of two values holds, both being known."""
    relation: Any = COMPARISONS[operator].test
    match left, right:
        case Finite(), Finite():
            pairs = ((a, g, b, h) for a, g in left.options for b, h in right.options)
            return some(every((g, h)) for a, g, b, h in pairs if relation(a, b))
        case _ if operator in _OF_LISTS:
            raise UntranslatableError(operator)
        case Day(), Day():
            return _simple(relation(_code(left), _code(right)))
        case Word(), Word():
            return _simple(relation(left.code, right.code))
        case ((Number() | Finite()), (Number() | Finite())):
            (a, b), _ = same_scale([as_number(left), as_number(right)])
            return _simple(relation(a, b))
    raise UntranslatableError(f"{operator}: {type(left).__name__} / {type(right).__name__}")


def _code(day: Day) -> z3.ArithRef:
    """Return a number that orders days."""
    return day.month * 32 + day.day


def _simple(condition: Any) -> z3.BoolRef:
    simple: z3.BoolRef = z3.simplify(condition)
    return simple


def same(left: Known, right: Known) -> z3.BoolRef:
    """Return when two facts are both unknown, or both known with the same value."""
    if left.known.eq(right.known) and identical(left.value, right.value):
        return TRUE
    if left.value is None or right.value is None:
        return negated(some((left.known, right.known)))
    if isinstance(left.value, Labels) or isinstance(right.value, Labels):
        raise UntranslatableError("Labels")
    equal = related("ist", left.value, right.value)
    both, neither = every((left.known, right.known)), negated(some((left.known, right.known)))
    return some((every((both, equal)), neither))


def identical(left: Value | None, right: Value | None) -> bool:
    """Whether two values are the same terms."""
    match left, right:
        case None, None:
            return True
        case Finite(), Finite():
            pairs = zip(left.options, right.options, strict=False)
            return len(left.options) == len(right.options) and all(a == b and g.eq(h) for (a, g), (b, h) in pairs)
        case Number(), Number():
            return left.scale == right.scale and bool(left.term.eq(right.term))
        case Day(), Day():
            return bool(left.month.eq(right.month) and left.day.eq(right.day))
        case Word(), Word():
            return bool(left.code.eq(right.code))
    return False


def terms_of(value: Value | None) -> tuple[z3.ExprRef, ...]:
    """Return the terms a value is made of."""
    match value:
        case Finite(options=options) | Labels(holds=options):
            return tuple(when for _, when in options)
        case Number(term=term) | Word(code=term):
            return (term,)
        case Day(month=month, day=day):
            return (month, day)
    return ()


MOST_OPTIONS = 64


def combined(operation: str, values: Sequence[Finite]) -> Known | None:
    """Return an operation on finite values, done value by value; `None` where they would be too many."""
    rows: list[tuple[tuple[Any, ...], z3.BoolRef]] = [((), TRUE)]
    for value in values:
        rows = [((*row, v), every((when, g))) for row, when in rows for v, g in value.options]
        if len(rows) > MOST_OPTIONS:
            return None
    results = [(OPERATIONS[operation].run(*row), when) for row, when in rows]
    missing = some(when for result, when in results if result is None)
    return Known(negated(missing), merged((result, when) for result, when in results if result is not None))
