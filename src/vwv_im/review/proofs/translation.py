"""From a plan to terms of the solver: every derived fact, finding, contradiction and duty, as `direct` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from vwv_im.lang.nodes import (
    READING,
    Atom,
    Compute,
    Condition,
    Constant,
    Every,
    Expression,
    Over,
    Read,
    Row,
    Some,
)
from vwv_im.law.types import scope_of
from vwv_im.reasoning.plan import Duty, Plan
from vwv_im.review.proofs.arithmetic import computed, greatest, total
from vwv_im.review.proofs.inputs import LISTS, SymbolicCase
from vwv_im.review.proofs.terms import (
    ALWAYS,
    OPEN,
    TRUE,
    UNKNOWN,
    Known,
    Labels,
    Truth,
    Word,
    all_of,
    any_of,
    chosen,
    compared,
    constant,
    every,
    from_truth,
    negated,
    some,
)

_RANKED = ("mindestens", "weniger_als", "hoechstens", "mehr_als")


class Translation:
    """A plan over a symbolic case. Terms are made when they are asked for, each once.

    `readings` are those that are settled; all others are the case's.
    """

    def __init__(self, plan: Plan, case: SymbolicCase, readings: Mapping[str, str] | None = None) -> None:
        self.plan = plan
        self.case = case
        self.readings = readings or {}
        self._derived: dict[tuple[str, int], Known] = {}
        self._tests: dict[tuple[Condition, int], Truth] = {}

    def fact(self, fact: str, number: int) -> Known:
        """Return a stated or derived fact, as seen from the post or member with this number."""
        if fact.startswith(READING):
            name = fact.removeprefix(READING)
            return constant(self.readings[name]) if name in self.readings else self.case.reading(name)
        key = (fact, number if scope_of(fact) in LISTS else 0)
        if fact not in self.plan.producers:
            return self.case.read(*key)
        if key not in self._derived:
            self._derived[key] = self._form(self.plan.producers[fact].form, key[1])
        return self._derived[key]

    def test(self, condition: Condition | None, number: int) -> Truth:
        """Return when a condition is true and when it is false; no condition always is."""
        if condition is None:
            return ALWAYS
        key = (condition, number)
        if key not in self._tests:
            self._tests[key] = self._condition(condition, number)
        return self._tests[key]

    def contradicted(self) -> z3.BoolRef:
        """Return when the case contradicts itself."""
        return some(
            every((self.case.live(k.scope, number), self.test(k.condition, number).yes))
            for k in self.plan.contradictions
            for number in self.case.numbers(k.scope)
        )

    def due(self, duty: Duty) -> Known:
        """Return the day that a duty names."""
        return UNKNOWN if duty.day is None else self.value(duty.day, 0)

    def value(self, expression: Expression, number: int) -> Known:
        """Return the value of an expression as seen from the post or member with this number."""
        match expression:
            case Constant(value=value):
                return constant(value)
            case Read(fact=fact):
                return self.fact(fact, number)
            case Over():
                return self._over(expression)
            case Compute(operation="erster_bekannter", operands=operands):
                return _first_known([self.value(operand, number) for operand in operands])
            case Compute(operation=operation, operands=operands):
                return computed(operation, [self.value(operand, number) for operand in operands])

    def rows(self, form: tuple[Row, ...], number: int) -> list[tuple[Truth, Known]]:
        """Return the condition and the value of each row of a decision table."""
        return [(self.test(row.condition, number), self.value(row.value, number)) for row in form]

    def _form(self, form: Condition | tuple[Row, ...] | Expression, number: int) -> Known:
        if isinstance(form, tuple):
            return _first_that_holds(self.rows(form, number))
        if isinstance(form, Atom | Every | Some):
            return from_truth(self.test(form, number))
        return self.value(form, number)

    def _condition(self, condition: Condition, number: int) -> Truth:
        match condition:
            case Every(parts=parts):
                return all_of([self.test(part, number) for part in parts])
            case Some(parts=parts):
                return any_of([self.test(part, number) for part in parts])
            case Atom():
                return self._atom(condition, number)

    def _atom(self, atom: Atom, number: int) -> Truth:
        stated = self.fact(atom.fact, number)
        kind = self.plan.types.get(atom.fact)
        ranks = None if kind is None or atom.operator not in _RANKED else kind.ranks
        if isinstance(atom.operand, Read):
            return compared(atom.operator, stated, self.fact(atom.operand.fact, number), ranks)
        if isinstance(atom.operand, tuple):
            values = [part.value for part in atom.operand]
            return OPEN if None in values else self._within(atom.operator, stated, values)
        if isinstance(stated.value, Labels):
            return _listed(atom.operator, stated, atom.operand.value)
        return compared(atom.operator, stated, self._required(stated, atom.operand.value), ranks)

    def _within(self, operator: str, stated: Known, values: list[Any]) -> Truth:
        each = [compared("ist", stated, self._required(stated, value)) for value in values]
        inside = any_of(each) if each else Truth(OPEN.yes, stated.known)
        return inside if operator == "in" else Truth(inside.no, inside.yes)

    def _required(self, stated: Known, value: Any) -> Known:
        if isinstance(stated.value, Word) and isinstance(value, str):
            return Known(TRUE, Word(self.case.word(value)))
        return constant(value)

    def _over(self, over: Over) -> Known:
        parts = [self.value(over.value, number) for number in self.case.numbers(over.scope)]
        if self.case.generic:
            (part,) = parts
            return self.case.summed(over.operation, over.scope, part)
        there = self.case.there[over.scope]
        if over.operation == "summe":
            return total(list(zip(there, parts, strict=True)))
        return greatest(list(zip(there, parts, strict=True)))


def _listed(operator: str, stated: Known, wanted: Any) -> Truth:
    """Return when a list of labels is the one wanted, or contains the label wanted."""
    assert isinstance(stated.value, Labels)
    if wanted is None:
        return OPEN
    labels = dict(stated.value.holds)
    if operator in ("enthaelt", "enthaelt_nicht"):
        holds = labels.get(wanted, negated(TRUE))
    else:
        holds = every(when if label in wanted else negated(when) for label, when in labels.items())
        holds = every((holds, *(negated(TRUE) for label in wanted if label not in labels)))
    yes, no = every((stated.known, holds)), every((stated.known, negated(holds)))
    return Truth(yes, no) if operator in ("enthaelt", "ist") else Truth(no, yes)


def _first_that_holds(rows: list[tuple[Truth, Known]]) -> Known:
    """Return the value of the first row that holds; an open row before it leaves the value open."""
    cases, before = [], TRUE
    for truth, value in rows:
        cases.append((every((before, truth.yes)), value))
        before = every((before, truth.no))
    return chosen(cases)


def _first_known(values: list[Known]) -> Known:
    cases, before = [], TRUE
    for value in values:
        cases.append((every((before, value.known)), value))
        before = every((before, negated(value.known)))
    return chosen(cases)
