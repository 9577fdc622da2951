"""The flat rules in the languages of other engines: the one fold, and for each language how it writes the parts.

A condition becomes a number: 2 holds, 1 open, 0 fails. Then "and" is the smallest, "or" the largest, "not" the distance
to 2, and a comparison asks first whether the fact is known. None of these languages has a truth value for "open".
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from benchmarks.flat import FOLDED, Flat, Requirement
from benchmarks.flat import OPEN as ALWAYS_OPEN

from vwv_im.lang.fold import Algebra
from vwv_im.lang.nodes import Atom, Compute, Condition, Over, Row
from vwv_im.lang.table import Comparator, Operation
from vwv_im.lang.truth import Connective
from vwv_im.lang.types import FactType

NO, OPEN, YES = 0, 1, 2
VERDICTS = ("no", "open", "yes")
_INFIX: Mapping[str, str] = {"summe": "+", "differenz": "-", "produkt": "*", "quotient": "/"}
_EXTREMES: Mapping[str, Literal["min", "max"]] = {"kleinster": "min", "groesster": "max"}


class Written(NamedTuple):
    """A value as it is written: whether it is known whatever is stated, and whether it is the number of a condition."""

    text: Any
    known: bool = False
    truth: bool = False


class Dialect(Algebra[Any, Written, None]):
    """How a language writes facts, values, comparisons and choices. What it writes is text, or JSON for JsonLogic.

    `inline` writes derived facts out where they are read; `read_here` notes the facts that were read by their names.
    Raises `NotImplementedError` for what the language has no form for.
    """

    def __init__(self, flat: Flat, *, inline: bool = False) -> None:
        self.types = flat.types
        self.flat = flat
        self.inline = inline
        self.read_here: dict[str, None] = {}

    @abstractmethod
    def name(self, path: str) -> Any:
        """Write what reads a fact."""

    @abstractmethod
    def value(self, value: Any) -> Any:
        """Write a number, a word or null."""

    @abstractmethod
    def lacks(self, fact: Any) -> Any:
        """Write the test whether a value is not known."""

    @abstractmethod
    def compared(self, sign: str, left: Any, right: Any) -> Any:
        """Write a comparison of two values; `sign` is one of == >= < <= >."""

    @abstractmethod
    def one_of(self, fact: Any, values: Sequence[Any]) -> Any:
        """Write the test whether a value is one of several."""

    @abstractmethod
    def holds(self, fact: Any, word: str, kind: FactType) -> Any:
        """Write the test whether a list holds a word."""

    @abstractmethod
    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> Any:
        """Write the test whether a list holds these words and no others."""

    @abstractmethod
    def choose(self, test: Any, yes: Any, no: Any) -> Any:
        """Write the choice between two."""

    @abstractmethod
    def extreme(self, name: Literal["min", "max"], parts: Sequence[Any]) -> Any:
        """Write the smallest or the largest."""

    @abstractmethod
    def infix(self, sign: str, parts: Sequence[Any]) -> Any:
        """Write a sum, difference, product or quotient; `sign` is one of + - * /."""

    @abstractmethod
    def whole(self, value: Any) -> Any:
        """Write a number without its fraction; it is not negative."""

    def call(self, operation: str, parts: Sequence[Any]) -> Any:
        """Write another computation; raises `NotImplementedError` where the language has none."""
        raise NotImplementedError(operation)

    def verdict(self) -> Any:
        """Write the verdict: the weakest of all requirements."""
        return self.extreme("min", [self.requirement(one) for one in self.flat.folded])

    def requirement(self, one: Requirement) -> Any:
        """Write what a requirement contributes: met where it does not apply; an option or advice needs both."""
        holds = self.condition(one.condition, None)
        if one.applies is None:
            return holds
        applies = self.condition(one.applies, None)
        if one.art == FOLDED:
            return self.extreme("max", [self.inverted(applies), holds])
        return self.extreme("min", [applies, holds])

    def derived(self, path: str) -> Any:
        """Write what derives a fact."""
        return self._derived(path).text

    def _derived(self, path: str) -> Written:
        """Write it; a truth value that is chosen among stated ones as the number of a condition."""
        written = self.form(self.flat.derived[path], None)
        if self.types[path].kind != "wahrheitswert" or written.truth:
            return written
        return Written(self._settled(self.compared("==", written.text, self.value(True)), written), truth=True)

    def atom(self, node: Atom, here: None) -> Any:
        """Write a comparison; one that is open in all cases reads no fact."""
        return self.unsettled() if node == ALWAYS_OPEN else super().atom(node, here)

    def fact(self, path: str, here: None) -> Written:
        """Write a fact that is stated, or a derived one; a condition derives each truth value."""
        if self.inline and path in self.flat.derived:
            return self._derived(path)
        self.read_here[path] = None
        return Written(self.name(path), truth=path in self.flat.derived and self.types[path].kind == "wahrheitswert")

    def fixed(self, value: Any, kind: FactType) -> Written:
        """Write a fixed value."""
        return Written(self.value(value), known=True)

    def unknown(self) -> Written:
        """Write null."""
        return Written(self.value(None))

    def unsettled(self) -> Any:
        """Write that it is open."""
        return self.value(OPEN)

    def compare(self, how: Comparator, left: Written, right: Written) -> Any:
        """Write a comparison by its sign."""
        if how.sign is None:
            raise NotImplementedError(how.name)
        if left.truth:
            return left.text if (right.text == self.value(True)) is not how.denies else self.inverted(left.text)
        text = self._settled(self.compared("==" if how.denies else how.sign, left.text, right.text), left, right)
        return self.inverted(text) if how.denies else text

    def _settled(self, test: Any, *sides: Written) -> Any:
        """Write the number of a test, which is open where a side is not known."""
        return self.guarded(self.choose(test, self.value(YES), self.value(NO)), reversed(sides), OPEN)

    def guarded(self, text: Any, parts: Iterator[Written], otherwise: int | None) -> Any:
        """Write something, or what is otherwise where a part is not known."""
        for part in parts:
            if not part.known:
                text = self.choose(self.lacks(part.text), self.value(otherwise), text)
        return text

    def among(self, left: Written, values: tuple[Any, ...], kind: FactType) -> Any:
        """Write a membership."""
        return self._settled(self.one_of(left.text, values), left)

    def contains(self, left: Written, word: str, kind: FactType) -> Any:
        """Write whether a list holds a word."""
        return self._settled(self.holds(left.text, word, kind), left)

    def consists_of(self, left: Written, words: tuple[str, ...], kind: FactType) -> Any:
        """Write whether a list holds just these words."""
        return self._settled(self.just(left.text, words, kind), left)

    def rank(self, value: Written, ranks: Mapping[str, int]) -> Written:
        """Refuse to compare two facts by rank."""
        raise NotImplementedError("rank")

    def inverted(self, truth: Any) -> Any:
        """Write the negation."""
        return self.infix("-", [self.value(YES), truth])

    def join(self, connective: Connective, parts: Iterator[Any]) -> Any:
        """Write the largest or the smallest; of no parts, what the connective says of them."""
        name: Literal["min", "max"] = "max" if connective.decides else "min"
        return self.extreme(name, [*parts] or [self.value(NO if connective.decides else YES)])

    def truth(self, node: Condition, truth: Any, here: None) -> Written:
        """Return the number of a condition as a value."""
        return Written(truth, truth=True)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Any | None, Written]], here: None) -> Written:
        """Write the value of the first row that holds; null where one before it is open."""
        text = self.value(None)
        for truth, value in reversed(list(meant)):
            if truth is None:
                text = value.text
            else:
                is_open, holds = (self.compared("==", truth, self.value(number)) for number in (OPEN, YES))
                text = self.choose(holds, value.text, self.choose(is_open, self.value(None), text))
        return Written(text)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Written], here: None) -> Written:
        """Write a computation; null where a part of it is, unless the first that is known counts."""
        parts = list(operands)
        if not operation.lazy:
            text = self.computed(operation.name, [part.text for part in parts])
            return Written(self.guarded(text, iter(parts), None))
        text = parts.pop().text
        for part in reversed(parts):
            text = self.choose(self.lacks(part.text), text, part.text)
        return Written(text)

    def computed(self, operation: str, parts: Sequence[Any]) -> Any:
        """Write a computation of values that are known."""
        if operation in _EXTREMES:
            return self.extreme(_EXTREMES[operation], parts)
        if operation in _INFIX:
            return self.infix(_INFIX[operation], parts)
        if operation == "abstand":
            return self.extreme("max", [self.infix("-", parts), self.infix("-", parts[::-1])])
        if operation == "runde_euro":
            return self.whole(self.infix("+", [*parts, self.value(Decimal("0.5"))]))
        return self.call(operation, parts)

    def over(self, node: Over, here: None) -> Written:
        """Refuse an operation over a list: the flat rules have none."""
        raise NotImplementedError(f"{node.operation}_ueber {node.scope}")


def number(value: Any) -> Any:
    """Return a decimal as the float that other engines compute with, a day as its ordinal: few of them know days."""
    if isinstance(value, date):
        return value.toordinal()
    return float(value) if isinstance(value, Decimal) else value
