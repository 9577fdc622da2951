"""From a plan to terms of the solver: every derived fact, finding, contradiction and duty, as `direct` finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from operator import eq
from typing import Any

import z3

from vwv_im.case.vocabulary import scope_of
from vwv_im.lang.fold import Algebra
from vwv_im.lang.nodes import READING, Compute, Condition, Over, Row
from vwv_im.lang.table import OPERATIONS, Comparison, Operation
from vwv_im.lang.truth import Connective
from vwv_im.lang.types import FactType
from vwv_im.reasoning.plan import Duty, Plan
from vwv_im.review.proofs.arithmetic import computed
from vwv_im.review.proofs.inputs import Place, SymbolicCase
from vwv_im.review.proofs.terms import (
    ALWAYS,
    FALSE,
    OPEN,
    TRUE,
    UNKNOWN,
    Known,
    Labels,
    Truth,
    chosen,
    compared,
    constant,
    every,
    from_truth,
    inverted,
    joined,
    negated,
    ranked,
    related,
    some,
    where_known,
)


class Translation(Algebra[Truth, Known, Place]):
    """A plan over a symbolic case. Terms are made when they are asked for, each once.

    `readings` are those that are settled; all others are the case's. Raises `RefusedError` for what rests on a series.
    """

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
            return constant(self.readings[name]) if name in self.readings else self.case.reading(name)
        key = (path, self.case.home(scope_of(path), here))
        if path not in self.plan.producers:
            return self.case.read(*key)
        if key not in self._derived:
            self._derived[key] = self.form(self.plan.producers[path].form, key[1])
        return self._derived[key]

    def test(self, condition: Condition | None, here: Place) -> Truth:
        """Return when a condition is true and when it is false; no condition always is."""
        return ALWAYS if condition is None else self.condition(condition, here)

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
        return constant(value)

    def unknown(self) -> Known:
        """Return what is never known."""
        return UNKNOWN

    def unsettled(self) -> Truth:
        """Return what is always open."""
        return OPEN

    def compare(self, how: Comparison, left: Known, right: Known) -> Truth:
        """Return a comparison."""
        return compared(how, left, right)

    def among(self, left: Known, values: tuple[Any, ...], kind: FactType) -> Truth:
        """Return whether a value is one of several."""
        if left.value is None:
            return OPEN
        fixed = [self.fixed(value, kind).value for value in values]
        return where_known(left.known, some(related(eq, left.value, one) for one in fixed if one is not None))

    def contains(self, left: Known, word: str, kind: FactType) -> Truth:
        """Return whether a list has a member."""
        if left.value is None:
            return OPEN
        assert isinstance(left.value, Labels)
        return where_known(left.known, dict(left.value.options).get(word, FALSE))

    def consists_of(self, left: Known, words: tuple[str, ...], kind: FactType) -> Truth:
        """Return whether a list has just these members."""
        return self.among(left, (words,), kind)

    def rank(self, value: Known, ranks: Mapping[str, int]) -> Known:
        """Return the rank of a value."""
        return ranked(value, ranks)

    def inverted(self, truth: Truth) -> Truth:
        """Return the negation."""
        return inverted(truth)

    def join(self, connective: Connective, parts: Iterator[Truth]) -> Truth:
        """Return how truth values are joined."""
        return joined(connective, list(parts))

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Known], here: Place) -> Known:
        """Return an operation; unknown where an operand is, unless the first that is known counts."""
        values = list(operands)
        if operation.lazy:
            return _first((Truth(value.known, negated(value.known)), value) for value in values)
        return computed(operation, values)

    def over(self, node: Over, here: Place) -> Known:
        """Return an operation over the entries that are there; unknown if none is."""
        holder = self.case.home(self.plan.vocabulary.parent(node.scope) or "", here)
        places = self.case.places(node.scope, holder)
        parts = [self.expression(node.value, place._replace(beside=here)) for place in places]
        if self.case.generic:
            return self.case.summed(node.operation, node.scope, *parts)
        there = [self.case.there[place] for place in places]
        last = [every((flag, negated(after))) for flag, after in pairwise([*there, FALSE])]
        operation = OPERATIONS[node.operation]
        return chosen([(when, computed(operation, parts[: number + 1])) for number, when in enumerate(last)])

    def truth(self, node: Condition, truth: Truth, here: Place) -> Known:
        """Return a truth value as the value of a fact."""
        return from_truth(truth)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Truth | None, Known]], here: Place) -> Known:
        """Return the value of the first row that holds; an open row before it leaves the value open."""
        return _first((ALWAYS if test is None else test, value) for test, value in meant)


def _first(rows: Iterable[tuple[Truth, Known]]) -> Known:
    cases, before = [], TRUE
    for truth, value in rows:
        cases.append((every((before, truth.yes)), value))
        before = every((before, truth.no))
    return chosen(cases)
