"""What a fact may be, as terms of the solver: a known-flag and a value; and truth as strong Kleene pairs.

A value that can take few values is kept as those values, each with the condition under which it is that one, so that
products of rates and months stay linear. All other numbers are whole numbers over a fixed scale: nothing is rounded
that the law does not round.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from math import lcm
from typing import Any

import z3

from vwv_im.lang import Comparator
from vwv_im.lang.numbers import exact_ratio
from vwv_im.lang.truth import Connective
from vwv_im.text import group

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


class UntranslatableError(ValueError):
    """A form of the plan that has no translation; a proof that meets it is not settled."""


class RefusedError(UntranslatableError):
    """What terms cannot say, and need not: its name. Of what rests on it nothing is proved."""


@contextmanager
def name_untranslatable(name: str) -> Iterator[None]:
    """Name the comparison or operation that cannot be translated: one that terms do not know, or not of this kind."""
    try:
        yield
    except RefusedError as error:
        raise RefusedError(f"{name}: {error}") from error
    except (TypeError, AttributeError, ValueError, z3.Z3Exception) as error:
        raise UntranslatableError(f"{name}: {error}") from error


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

    options: tuple[tuple[str, z3.BoolRef], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A free text; equal codes mean equal texts. `codes` are those of the texts that the plan names."""

    code: z3.ArithRef
    codes: dict[str, int]

    def of(self, text: str) -> z3.ArithRef:
        """Return the code of a text."""
        return z3.IntVal(self.codes.setdefault(text, len(self.codes)))


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


def negate(part: z3.BoolRef) -> z3.BoolRef:
    """Return the negation."""
    if part.eq(TRUE):
        return FALSE
    if part.eq(FALSE):
        return TRUE
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def join(connective: Connective, truths: Sequence[Truth]) -> Truth:
    """Return how truth values are joined (strong Kleene)."""
    yes, no = [truth.yes for truth in truths], [truth.no for truth in truths]
    return Truth(some(yes), every(no)) if connective.decides else Truth(every(yes), some(no))


def invert(truth: Truth) -> Truth:
    """Return the Kleene negation."""
    return Truth(truth.no, truth.yes)


def month_of(day: date) -> int:
    """Return the month of a day, counted from the year 0."""
    return day.year * 12 + day.month - 1


def as_date(month: int, day: int) -> date:
    """Return the day that has this month, counted from the year 0, and this number."""
    return date(month // 12, month % 12 + 1, day)


def as_day(day: date) -> Day:
    """Return a day as terms."""
    return Day(z3.IntVal(month_of(day)), z3.IntVal(day.day))


_NO_LEAP = tuple(year * 12 + 1 for year in (1900, 2100, 2200))
"""The Februaries of 1900 to 2299 that have 28 days although their year can be divided by four."""


def days_in(month: z3.ArithRef) -> z3.ArithRef:
    """Return the length of a month, counted from the year 0, in the years 1900 to 2299."""
    of_four_years = month % 48
    short = z3.Or(*(of_four_years == number + 12 * year for number in (3, 5, 8, 10) for year in range(4)))
    february = z3.Or(*(of_four_years == 1 + 12 * year for year in (1, 2, 3)), *(month == none for none in _NO_LEAP))
    leap = of_four_years == 1
    return z3.If(february, z3.IntVal(28), z3.If(leap, z3.IntVal(29), z3.If(short, z3.IntVal(30), z3.IntVal(31))))


def constant(value: Any) -> Known:
    """Return a fixed value; `None` is never known."""
    if value is None:
        return UNKNOWN
    if isinstance(value, date):
        return Known(TRUE, as_day(value))
    if isinstance(value, tuple):
        return Known(TRUE, Labels(tuple((label, TRUE) for label in value)))
    return Known(TRUE, Finite(((value, TRUE),)))


def select(cases: Sequence[tuple[z3.BoolRef, Known]]) -> Known:
    """Return the value of the first case whose condition holds; unknown where none does.

    The conditions exclude each other.
    """
    live = [(w, case.known, case.value) for w, case in cases if case.value is not None and not w.eq(FALSE)]
    known = some(every((when, here)) for when, here, _ in live)
    if known.eq(FALSE):
        return UNKNOWN
    value = live[-1][2]
    for when, _, earlier in reversed(live[:-1]):
        value = choose(when, earlier, value)
    return Known(known, value)


def choose(when: z3.BoolRef, value: Value, other: Value) -> Value:
    """Return the one value where a condition holds, else the other."""
    match value, other:
        case Finite(), Finite():
            sides = ((when, value), (negate(when), other))
            return merge_options((v, every((side, g))) for side, one in sides for v, g in one.options)
        case Day(), Day():
            return Day(ite(when, value.month, other.month), ite(when, value.day, other.day))
        case Word(), Word():
            return Word(ite(when, value.code, other.code), value.codes)
        case Labels(), Labels():
            return Labels(tuple((label, ite(when, a, b)) for label, a, b in _label_by_label(value, other)))
        case ((Number() | Finite()), (Number() | Finite())):
            (a, b), scale = same_scale(value, other)
            return Number(ite(when, a, b), scale)
    raise UntranslatableError(kinds_of(value, other))


def _label_by_label(one: Labels, other: Labels) -> Iterator[tuple[str, z3.BoolRef, z3.BoolRef]]:
    left, right = dict(one.options), dict(other.options)
    return ((label, left.get(label, FALSE), right.get(label, FALSE)) for label in {**left, **right})


def kinds_of(*values: Value) -> str:
    """Return what kinds of values they are, to be named where they have no translation."""
    return " / ".join(type(value).__name__ for value in values)


def ite(when: z3.BoolRef, one: Any, other: Any) -> Any:
    """Return the one where the condition holds, else the other."""
    if when.eq(TRUE) or one.eq(other):
        return one
    return other if when.eq(FALSE) else z3.If(when, one, other)


def merge_options(options: Iterable[tuple[Any, z3.BoolRef]]) -> Finite:
    """Return a finite value in which each value stands once."""
    found = group((value, when) for value, when in options if not when.eq(FALSE))
    return Finite(tuple((value, some(conditions)) for value, conditions in found.items()))


def as_number(value: Value) -> Number:
    """Return a number as one term over one scale."""
    if isinstance(value, Number):
        return value
    if not isinstance(value, Finite) or not value.options:
        raise UntranslatableError(kinds_of(value))
    return multiply(Number(z3.IntVal(1)), value)


def multiply(number: Number, factors: Finite) -> Number:
    """Return a number times a factor of few values: a choice of multiples."""
    exact = [(exact_ratio(factor), when) for factor, when in factors.options]
    scale = lcm(*(below for (_, below), _ in exact))
    multiples = [(scale_term(number.term, above * (scale // below)), when) for (above, below), when in exact]
    term = multiples[-1][0]
    for multiple, when in reversed(multiples[:-1]):
        term = ite(when, multiple, term)
    return Number(term, number.scale * scale)


def same_scale(*values: Value) -> tuple[list[z3.ArithRef], int]:
    """Return the terms of numbers over one scale, and the scale."""
    numbers = [as_number(value) for value in values]
    scale = lcm(*(number.scale for number in numbers))
    return [scale_term(number.term, scale // number.scale) for number in numbers], scale


def scale_term(term: z3.ArithRef, factor: int) -> z3.ArithRef:
    """Return the multiple of a term."""
    if factor == 1:
        return term
    if z3.is_int_value(term) or not factor:
        return z3.IntVal(term.as_long() * factor if factor else 0)
    return term * factor


def compare(how: Comparator, left: Known, right: Known) -> Truth:
    """Return when a comparison of two facts is true and when it is false."""
    if left.value is None or right.value is None:
        return OPEN
    with name_untranslatable(how.name):
        return open_unless(every((left.known, right.known)), relate(how.test, left.value, right.value))


def open_unless(known: z3.BoolRef, holds: z3.BoolRef) -> Truth:
    """Return a truth value that is open where something is unknown."""
    return Truth(every((known, holds)), every((known, negate(holds))))


def rank(value: Known, ranks: Mapping[str, int]) -> Known:
    """Return the rank of a label in place of the label."""
    if not isinstance(value.value, Finite):
        return value
    return Known(value.known, Finite(tuple((ranks[label], when) for label, when in value.value.options)))


def relate(test: Callable[[Any, Any], Any], left: Value, right: Value) -> z3.BoolRef:
    """Return when a relation of two values holds, both being known."""
    match left, right:
        case Finite(), Finite():
            pairs = ((a, g, b, h) for a, g in left.options for b, h in right.options)
            return some(every((g, h)) for a, g, b, h in pairs if test(a, b))
        case Day(), Day():
            return _simple(test(left.month * 32 + left.day, right.month * 32 + right.day))
        case Word(), Word():
            return _simple(test(left.code, right.code))
        case Word(), Finite():
            return some(every((when, _simple(test(left.code, left.of(text))))) for text, when in right.options)
        case Labels(), Labels() if test in (operator.eq, operator.ne):
            alike = every(_simple(a == b) for _, a, b in _label_by_label(left, right))
            return alike if test is operator.eq else negate(alike)
        case ((Number() | Finite()), (Number() | Finite())):
            return _simple(test(*same_scale(left, right)[0]))
    raise UntranslatableError(kinds_of(left, right))


def _simple(condition: Any) -> z3.BoolRef:
    simple: z3.BoolRef = z3.simplify(condition)
    return simple


def same(left: Known, right: Known) -> z3.BoolRef:
    """Return when two facts are both unknown, or both known with the same value."""
    if left.known.eq(right.known) and fingerprint(left.value) == fingerprint(right.value):
        return TRUE
    both, neither = every((left.known, right.known)), negate(some((left.known, right.known)))
    if left.value is None or right.value is None:
        return neither
    return some((every((both, relate(operator.eq, left.value, right.value))), neither))


def fingerprint(value: Value | None) -> tuple[object, ...]:
    """Return what only the same terms share: the kind, what is fixed of it, and their numbers, while they are kept."""
    fixed: tuple[object, ...] = (value.scale,) if isinstance(value, Number) else ()
    if isinstance(value, Finite | Labels):
        fixed = tuple(option for option, _ in value.options)
    return (type(value), fixed, *(term.get_id() for term in terms_of(value)))


def terms_of(value: Value | None) -> tuple[z3.ExprRef, ...]:
    """Return the terms a value is made of."""
    match value:
        case Finite(options=options) | Labels(options=options):
            return tuple(when for _, when in options)
        case Number(term=term) | Word(code=term):
            return (term,)
        case Day(month=month, day=day):
            return (month, day)
    return ()


MOST_OPTIONS = 64


def tabulate(run: Callable[..., Any], values: Sequence[Finite]) -> Known | None:
    """Return an operation on finite values, done value by value; `None` where they would be too many."""
    rows: list[tuple[tuple[Any, ...], z3.BoolRef]] = [((), TRUE)]
    for value in values:
        rows = [((*row, v), every((when, g))) for row, when in rows for v, g in value.options]
        if len(rows) > MOST_OPTIONS:
            return None
    results = [(run(*row), when) for row, when in rows]
    missing = some(when for result, when in results if result is None)
    return Known(negate(missing), merge_options((result, when) for result, when in results if result is not None))
