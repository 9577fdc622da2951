"""The flat rules in the languages of other engines: one walk, and for each language how it writes the parts.

A condition becomes a number: 2 holds, 1 open, 0 fails. Then "and" is the smallest, "or" the largest, "not" the distance
to 2, and a comparison asks first whether the fact is known. None of these languages has a truth value for "open".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from benchmarks.flat import FOLDED, Flat, Form, Requirement, fixed, is_fixed

from vwv_im.lang.fold import fitting
from vwv_im.lang.nodes import (
    Atom,
    Compute,
    Condition,
    Constant,
    Every,
    Expression,
    Read,
    Row,
    Some,
)
from vwv_im.lang.table import COMPARISONS

NO, OPEN, YES = 0, 1, 2
VERDICTS = ("no", "open", "yes")
SIGNS = {
    "mindestens": ">=",
    "weniger_als": "<",
    "hoechstens": "<=",
    "mehr_als": ">",
    "vor": "<",
    "nicht_vor": "<",
    "nach": ">",
    "nicht_nach": ">",
}
"""Signs of comparison; a name with `nicht` is the negation of what the sign says."""


class Dialect(ABC):
    """How a language writes facts, values, comparisons and choices. What it writes is text, or JSON for JsonLogic.

    `inline` writes derived facts out where they are read; `read_here` notes the facts that were read by their names.
    """

    def __init__(self, flat: Flat, *, inline: bool = False) -> None:
        self.flat = flat
        self.inline = inline
        self.read_here: dict[str, None] = {}

    @abstractmethod
    def fact(self, path: str) -> Any:
        """Write what reads a fact."""

    @abstractmethod
    def value(self, value: Any) -> Any:
        """Write a number, a word or null."""

    @abstractmethod
    def unknown(self, fact: Any) -> Any:
        """Write the test whether a value is not known."""

    @abstractmethod
    def compare(self, path: str, sign: str, left: Any, right: Any) -> Any:
        """Write a comparison of two values; `sign` is one of == >= < <= >."""

    @abstractmethod
    def among(self, path: str, fact: Any, values: Sequence[str]) -> Any:
        """Write the test whether a word is one of several."""

    @abstractmethod
    def holds(self, path: str, fact: Any, word: str) -> Any:
        """Write the test whether a list holds a word."""

    @abstractmethod
    def just(self, path: str, fact: Any, words: Sequence[str]) -> Any:
        """Write the test whether a list holds these words and no others."""

    @abstractmethod
    def choose(self, test: Any, yes: Any, no: Any) -> Any:
        """Write the choice between two."""

    @abstractmethod
    def extreme(self, name: Literal["min", "max"], parts: Sequence[Any]) -> Any:
        """Write the smallest or the largest."""

    @abstractmethod
    def joined(self, sign: str, parts: Sequence[Any]) -> Any:
        """Write a sum, difference, product or quotient; `sign` is one of + - * /."""

    @abstractmethod
    def whole(self, value: Any) -> Any:
        """Write a number without its fraction; it is not negative."""

    def least(self, parts: Sequence[Any]) -> Any:
        """Write the smallest."""
        return self.extreme("min", parts)

    def most(self, parts: Sequence[Any]) -> Any:
        """Write the largest."""
        return self.extreme("max", parts)

    def verdict(self) -> Any:
        """Write the verdict: the weakest of all requirements."""
        return self.least([self.requirement(one) for one in self.flat.folded])

    def requirement(self, one: Requirement) -> Any:
        """Write what a requirement contributes: met where it does not apply; an option or advice needs both."""
        holds = self.truth(one.condition)
        if one.applies is None:
            return holds
        applies = self.truth(one.applies)
        return self.most([self.negated(applies), holds]) if one.art == FOLDED else self.least([applies, holds])

    def negated(self, truth: Any) -> Any:
        """Write the negation."""
        return self.joined("-", [self.value(YES), truth])

    def truth(self, condition: Condition) -> Any:
        """Write a condition."""
        match condition:
            case Every(parts=parts):
                return self.least([self.truth(part) for part in parts])
            case Some(parts=parts):
                return self.most([self.truth(part) for part in parts])
            case Atom() if is_fixed(condition):
                return self.value({True: YES, False: NO, None: OPEN}[fixed(condition)])
            case Atom():
                return self._atom(condition)

    def _atom(self, atom: Atom) -> Any:
        form = self.flat.derived.get(atom.fact)
        if isinstance(form, Atom | Every | Some):  # a derived truth value is such a number already
            truth = self.truth(form) if self.inline else self._noted(atom.fact)
            return truth if self._asks_for_true(atom) else self.negated(truth)
        fact = self.read(atom.fact)
        test = self._test(atom, fact)
        known = self.choose(test, self.value(YES), self.value(NO))
        if atom.operator in ("ist_nicht", "nicht_in", "enthaelt_nicht", "nicht_vor", "nicht_nach"):
            known = self.choose(test, self.value(NO), self.value(YES))
        if isinstance(atom.operand, Read):
            known = self.choose(self.unknown(self.read(atom.operand.fact)), self.value(OPEN), known)
        return self.choose(self.unknown(fact), self.value(OPEN), known)

    @staticmethod
    def _asks_for_true(atom: Atom) -> bool:
        assert isinstance(atom.operand, Constant)
        return (atom.operand.value is True) is (atom.operator == "ist")

    def _test(self, atom: Atom, fact: Any) -> Any:
        """Write the test of an atom, without its negation, on a value that is known."""
        kind = self.flat.types[atom.fact]
        if isinstance(atom.operand, Read):
            return self.compare(atom.fact, SIGNS.get(atom.operator, "=="), fact, self.read(atom.operand.fact))
        if isinstance(atom.operand, tuple):
            return self.among(atom.fact, fact, [str(constant.value) for constant in atom.operand])
        wanted = atom.operand.value
        if kind.ranks is not None and atom.operator in SIGNS:
            fit = fitting(COMPARISONS[atom.operator], str(wanted), kind.ranks)
            return self.among(atom.fact, fact, sorted(fit))
        if atom.operator in SIGNS:
            return self.compare(atom.fact, SIGNS[atom.operator], fact, self.value(wanted))
        if atom.operator in ("enthaelt", "enthaelt_nicht"):
            return self.holds(atom.fact, fact, str(wanted))
        if isinstance(wanted, tuple):
            return self.just(atom.fact, fact, wanted)
        if isinstance(wanted, str):
            return self.among(atom.fact, fact, [wanted])
        return self.compare(atom.fact, "==", fact, self.value(wanted))

    def read(self, path: str) -> Any:
        """Write a value: of a fact that is stated, or of a derived one."""
        return self.form(self.flat.derived[path]) if self.inline and path in self.flat.derived else self._noted(path)

    def _noted(self, path: str) -> Any:
        self.read_here[path] = None
        return self.fact(path)

    def form(self, form: Form) -> Any:
        """Write what gives a derived fact."""
        if isinstance(form, tuple):
            return self._table(form)
        return self.truth(form) if isinstance(form, Atom | Every | Some) else self.expression(form)

    def _table(self, rows: tuple[Row, ...]) -> Any:
        """Write the value of the first row that holds; null where one before it is open."""
        text = self.value(None)
        for row in reversed(rows):
            value = self.expression(row.value)
            if row.condition is not None:
                truth = self.truth(row.condition)
                rest = self.choose(self._equals(truth, OPEN), self.value(None), text)
                value = self.choose(self._equals(truth, YES), value, rest)
            text = value
        return text

    def _equals(self, truth: Any, number: int) -> Any:
        return self.compare("", "==", truth, self.value(number))

    def expression(self, expression: Expression) -> Any:
        """Write a computation; null where a part of it is."""
        match expression:
            case Constant(value=value):
                return self.value(value)
            case Read(fact=fact):
                return self.read(fact)
            case Compute(operation="erster_bekannter", operands=(first, second)):
                value = self.expression(first)
                return self.choose(self.unknown(value), self.expression(second), value)
            case Compute(operands=operands):
                return self.known(expression, [part for part in operands if not isinstance(part, Constant)])
            case _:
                raise NotImplementedError(str(expression))

    def known(self, computation: Compute, parts: Sequence[Expression]) -> Any:
        """Write a computation that is null where one of its parts is."""
        text = self.computed(computation)
        for part in parts:
            text = self.choose(self.unknown(self.expression(part)), self.value(None), text)
        return text

    def computed(self, computation: Compute) -> Any:
        """Write a computation of values that are known."""
        parts = [self.expression(part) for part in computation.operands]
        match computation.operation:
            case "kleinster":
                return self.least(parts)
            case "groesster":
                return self.most(parts)
            case "summe" | "differenz" | "produkt" | "quotient":
                signs = {"summe": "+", "differenz": "-", "produkt": "*", "quotient": "/"}
                return self.joined(signs[computation.operation], parts)
            case "runde_euro":
                return self.whole(self.joined("+", [parts[0], self.value(Decimal("0.5"))]))
            case _:
                return self.call(computation.operation, parts)

    def call(self, operation: str, parts: Sequence[Any]) -> Any:
        """Write another computation; raises `NotImplementedError` where the language has none."""
        raise NotImplementedError(operation)


def number(value: Any) -> Any:
    """Return a decimal as the float that the other engines compute with."""
    return float(value) if isinstance(value, Decimal) else value
