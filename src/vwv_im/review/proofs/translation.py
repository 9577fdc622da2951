"""From a plan to terms of the solver: every derived fact, finding, contradiction and duty, as `direct` finds them.

What is computed of days says its entry of the table of operations. Of numbers an entry knows only what Python does with
exact ones, so that each operation stands here by its name once more; one that does not is refused by its name.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import pairwise
from math import gcd
from typing import Any

import z3

from vwv_im.case.fields import LAST_DAY
from vwv_im.case.vocabulary import scope_of
from vwv_im.lang import DAY, OPERATIONS, READING, Compute, Condition, FactType, Operation, Over, Row
from vwv_im.lang.dates import Calendar
from vwv_im.lang.fold import Algebra
from vwv_im.lang.numbers import exact_ratio, product
from vwv_im.lang.truth import Connective
from vwv_im.lang.types import MONTHS
from vwv_im.reasoning.plan import Duty, Plan
from vwv_im.review.proofs import terms
from vwv_im.review.proofs.symbolic_case import Place, SymbolicCase
from vwv_im.review.proofs.terms import FALSE, OPEN, TRUE, UNKNOWN, Day, Finite, Known, Number, Truth, Value, every, some

MOST_MONTHS = (2299 - LAST_DAY.year) * 12
"""The longest period that is computed with: `days_in` knows the years until 2299."""


class Translation(Algebra[Truth, Known, Place]):
    """A plan over a symbolic case. Terms are made when they are asked for, each once.

    `readings` are those that are settled; all others are the case's. Raises `RefusedError` for what rests on a series.
    """

    types: Mapping[str, FactType]
    readings: Mapping[str, str]

    def __init__(self, plan: Plan, case: SymbolicCase, readings: Mapping[str, str] | None = None) -> None:
        self.plan = plan
        self.types = plan.types
        self.case = case
        self.readings = readings or {}
        self._derived: dict[tuple[str, Place], Known] = {}
        self._tests: dict[tuple[Condition, Place], Truth] = {}

    def fact(self, path: str, here: Place) -> Known:
        """Return a stated or derived fact."""
        if path.startswith(READING):
            name = path.removeprefix(READING)
            return terms.constant(self.readings[name]) if name in self.readings else self.case.reading(name)
        key = (path, self.case.home(scope_of(path), here))
        if path not in self.plan.producers:
            return self.case.read(*key)
        if key not in self._derived:
            self._derived[key] = self.form(self.plan.producers[path].form, key[1])
        return self._derived[key]

    def test(self, condition: Condition | None, here: Place) -> Truth:
        """Return when a condition is true and when it is false; no condition always is."""
        return terms.ALWAYS if condition is None else self.condition(condition, here)

    def condition(self, node: Condition, here: Place) -> Truth:
        """Return the same terms of equal conditions."""
        key = (node, here)
        if key not in self._tests:
            self._tests[key] = super().condition(node, here)
        return self._tests[key]

    def contradicted(self) -> z3.BoolRef:
        """Return when the case contradicts itself."""
        return some(
            every((self.case.live(place), self.test(k.condition, place).yes))
            for k in self.plan.contradictions
            for place in self.case.places(k.scope)
        )

    def due(self, duty: Duty) -> Known:
        """Return the day that a duty names."""
        return UNKNOWN if duty.day is None else self.expression(duty.day, self.case.top)

    def fixed(self, value: Any, kind: FactType) -> Known:
        """Return a fixed value."""
        return terms.constant(value)

    def unknown(self) -> Known:
        """Return what is never known."""
        return UNKNOWN

    def unsettled(self) -> Truth:
        """Return what is always open."""
        return OPEN

    compare = staticmethod(terms.compare)
    rank = staticmethod(terms.rank)
    inverted = staticmethod(terms.invert)

    def among(self, left: Known, values: tuple[Any, ...], kind: FactType) -> Truth:
        """Return whether a value is one of several."""
        if left.value is None:
            return OPEN
        fixed = [self.fixed(value, kind).value for value in values]
        equal = [terms.relate(operator.eq, left.value, one) for one in fixed if one is not None]
        return terms.open_unless(left.known, some(equal))

    def contains(self, left: Known, word: str, kind: FactType) -> Truth:
        """Return whether a list has a member."""
        if left.value is None:
            return OPEN
        assert isinstance(left.value, terms.Labels)
        return terms.open_unless(left.known, dict(left.value.options).get(word, FALSE))

    def consists_of(self, left: Known, words: tuple[str, ...], kind: FactType) -> Truth:
        """Return whether a list has just these members."""
        return self.among(left, (words,), kind)

    def join(self, connective: Connective, parts: Iterator[Truth]) -> Truth:
        """Return how truth values are joined."""
        return terms.join(connective, list(parts))

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Known], here: Place) -> Known:
        """Return an operation; unknown where an operand is, unless the first that is known counts."""
        values = list(operands)
        if operation.lazy:
            return _first((Truth(value.known, terms.negate(value.known)), value) for value in values)
        return apply_operation(operation, values)

    def over(self, node: Over, here: Place) -> Known:
        """Return an operation over the entries that are there; unknown if none is."""
        above = self.plan.vocabulary.parent(node.scope) or ""
        holder = self.case.home(above, here)
        if node.where is not None or node.empty is not None or holder.scope != above:
            raise terms.RefusedError(f"einzelne Einträge aus '{node.scope}'")
        places = self.case.places(node.scope, holder)
        parts = [self.expression(node.value, place._replace(beside=here)) for place in places]
        if self.case.generic:
            return self.case.sum_of(node.operation, node.scope, *parts)
        there = [self.case.there[place] for place in places]
        last = [every((flag, terms.negate(after))) for flag, after in pairwise([*there, FALSE])]
        operation = OPERATIONS[node.operation]
        results = (apply_operation(operation, parts[: number + 1]) for number in range(len(parts)))
        return terms.select([*zip(last, results, strict=True)])

    def truth(self, node: Condition, truth: Truth, here: Place) -> Known:
        """Return a truth value as the value of a fact."""
        return Known(some((truth.yes, truth.no)), Finite(((True, truth.yes), (False, truth.no))))

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Truth | None, Known]], here: Place) -> Known:
        """Return the value of the first row that holds; an open row before it leaves the value open."""
        return _first((terms.ALWAYS if test is None else test, value) for test, value in meant)


def _first(rows: Iterable[tuple[Truth, Known]]) -> Known:
    cases, before = [], TRUE
    for truth, value in rows:
        cases.append((every((before, truth.yes)), value))
        before = every((before, truth.no))
    return terms.select(cases)


class _Calendar(Calendar[Day]):
    """Days as pairs of terms."""

    def month(self, day: Day) -> z3.ArithRef:
        return day.month

    def number(self, day: Day) -> z3.ArithRef:
        return day.day

    def before(self, day: Day) -> Day:
        last = Day(day.month - 1, terms.days_in(day.month - 1))
        return _choose(day.day == 1, last, Day(day.month, day.day - 1))

    def after(self, day: Day) -> Day:
        first = Day(day.month + 1, z3.IntVal(1))
        return _choose(day.day == terms.days_in(day.month), first, Day(day.month, day.day + 1))

    def before_day(self, month: z3.ArithRef, number: Any) -> Day:
        longest, number = terms.days_in(month), z3.IntVal(number) if isinstance(number, int) else number
        return _choose(number > longest, Day(month, longest), self.before(Day(month, number)))

    def later(self, day: Day, other: Day) -> z3.BoolRef:
        return some((day.month > other.month, every((day.month == other.month, day.day > other.day))))

    def january(self, month: z3.ArithRef) -> z3.ArithRef:
        return month / 12 * 12

    def across(self, first: Day, last: Day) -> z3.ArithRef:
        raise terms.RefusedError("zwei beliebige Zeiträume")

    def between(self, first: Day, last: Day) -> z3.ArithRef:
        across = z3.If(last.month < first.month, z3.IntVal(0), last.day + terms.days_in(first.month) - first.day)
        return z3.If(last.month == first.month, last.day - first.day, across)

    def choose(self, test: z3.BoolRef, yes: Any, no: Any) -> Any:
        return _choose(test, yes, no) if isinstance(yes, Day) else z3.If(test, yes, no)


def _choose(test: z3.BoolRef, yes: Day, no: Day) -> Day:
    return Day(terms.ite(test, yes.month, no.month), terms.ite(test, yes.day, no.day))


CALENDAR = _Calendar()


def apply_operation(operation: Operation, operands: Sequence[Known]) -> Known:
    """Return an operation of the table on some facts; unknown if one is."""
    values = [operand.value for operand in operands if operand.value is not None]
    if len(values) < len(operands):
        return UNKNOWN
    with terms.name_untranslatable(operation.name):
        result = _result(operation, values)
    known = every(operand.known for operand in operands)
    return Known(every((known, result.known)), result.value)


def _result(operation: Operation, values: Sequence[Value]) -> Known:
    finite = [value for value in values if isinstance(value, Finite)]
    if len(finite) == len(values) and (result := terms.tabulate(operation.run, finite)) is not None:
        return result
    if operation.symbolic is not None:
        return _of_days(operation.symbolic, operation, values)
    if operation.name not in _TRANSLATED:
        raise terms.UntranslatableError(terms.kinds_of(*values))
    found = _TRANSLATED[operation.name](*values)
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
    if kind != MONTHS and terms.as_number(value).scale == 1:
        return Known(TRUE, terms.as_number(value))
    if kind != MONTHS or not isinstance(value, Finite):
        raise terms.UntranslatableError(terms.kinds_of(value))
    lasting = Finite(tuple((number, when) for number, when in value.options if number >= 1))
    longest = max((number for number, _ in lasting.options), default=0)
    if longest > MOST_MONTHS:
        raise terms.UntranslatableError(f"{longest} Monate")
    return Known(some(when for _, when in lasting.options), terms.as_number(lasting)) if longest else UNKNOWN


def _sum(*values: Value) -> Value:
    summands, scale = terms.same_scale(*values)
    return Number(z3.Sum(summands), scale)


def _difference(*values: Value) -> Value:
    (minuend, subtrahend), scale = terms.same_scale(*values)
    return Number(minuend - subtrahend, scale)


def _distance(one: Value, other: Value) -> Value:
    return _extreme(operator.gt, _difference(one, other), _difference(other, one))


def _product(*values: Value) -> Value:
    """Multiply: the finite factors value by value, so that where they are few, at most one factor is a term."""
    known = terms.tabulate(product, [value for value in values if isinstance(value, Finite)])
    few = known.value if known is not None and isinstance(known.value, Finite) else None
    factors = [terms.as_number(value) for value in values if few is None or not isinstance(value, Finite)]
    if len(factors) > 1:
        raise terms.RefusedError("ein Produkt beliebiger Zahlen")
    whole = reduce(lambda one, other: Number(one.term * other.term, one.scale * other.scale), factors)
    return whole if few is None else terms.multiply(whole, few)


def _quotient(dividend: Value, divisor: Value) -> Known:
    if not isinstance(divisor, Finite):
        raise terms.RefusedError("eine Teilung durch eine beliebige Zahl")
    zero = some(when for value, when in divisor.options if not value)
    shares = [(exact_ratio(value), when) for value, when in divisor.options if value]
    inverse = terms.merge_options(((below, above), when) for (above, below), when in shares)
    return Known(terms.negate(zero), terms.multiply(terms.as_number(dividend), inverse)) if inverse.options else UNKNOWN


def _rounded(units: int, value: Value) -> Value:
    """Round half up to `1 / units`."""
    number = terms.as_number(value)
    common = gcd(units, number.scale)
    factor, scale = units // common, number.scale // common
    if scale == 1:
        return Number(terms.scale_term(number.term, factor), units)
    return Number((terms.scale_term(number.term, 2 * factor) + scale) / (2 * scale), units)


def _extreme(beyond: Callable[[Any, Any], Any], *values: Value) -> Value:
    return reduce(lambda found, other: terms.choose(terms.relate(beyond, other, found), other, found), values)


def _entry(text: Value, length: Value, table: Value) -> Known:
    """Return what a table has for a text: for equal texts the same; what it is for which text is left open."""
    if not (isinstance(text, terms.Word) and isinstance(length, Finite) and isinstance(table, Finite)):
        raise terms.UntranslatableError(terms.kinds_of(text, length, table))
    name = f"{length.options[0][0]} {table.options[0][0]}"
    there = z3.Function(f"{name}?", z3.IntSort(), z3.BoolSort())(text.code)
    return Known(there, terms.Word(z3.Function(name, z3.IntSort(), z3.IntSort())(text.code), text.codes))


def _repeated(*texts: Value) -> Known:
    """Return the first text that stands again later; nothing where all are distinct."""
    again = [some(terms.relate(operator.eq, text, other) for other in texts[at:]) for at, text in enumerate(texts, 1)]
    rows = zip(again, map(terms.negate, again), texts, strict=True)
    return _first((Truth(found, not_found), Known(TRUE, text)) for found, not_found, text in rows)


_TRANSLATED: Mapping[str, Callable[..., Value | Known]] = {
    "aus_liste": _entry,
    "summe": _sum,
    "differenz": _difference,
    "abstand": _distance,
    "produkt": _product,
    "quotient": _quotient,
    "zwoelftel": lambda value: Number(terms.as_number(value).term, terms.as_number(value).scale * 12),
    "runde_euro": partial(_rounded, 1),
    "runde_cent": partial(_rounded, 100),
    "kleinster": partial(_extreme, operator.lt),
    "groesster": partial(_extreme, operator.gt),
    "mehrfach": _repeated,
}
