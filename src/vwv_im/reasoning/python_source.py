"""Conditions and computations as Python source: the algebra from which `direct` is generated.

What is written reads slots of frames (`f[12]`) and constants by their number (`K[3]`). No text of a rule file enters
it, so that rules from elsewhere cannot become code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from vwv_im.lang.fold import Algebra
from vwv_im.lang.nodes import Compute, Condition, Form, Over, Row
from vwv_im.lang.table import OPERATIONS, Comparison, Operation
from vwv_im.lang.truth import Connective
from vwv_im.lang.types import FactType
from vwv_im.reasoning.frames import LISTS, Layout

UNKNOWN = "None"
FRAME = "f"
"""The frame a condition is tested on."""
TOP = "top"
"""The frame of the application or person."""


class Source:
    """What generated source refers to by number: constants, and functions of the table of operations."""

    def __init__(self) -> None:
        self.constants: list[Any] = []
        self._numbers: dict[tuple[str, Any], int] = {}

    def refer(self, value: Any) -> str:
        """Return how a value is referred to; equal values of one type have one number."""
        key = (type(value).__name__, value)
        if key not in self._numbers:
            self._numbers[key] = len(self.constants)
            self.constants.append(value)
        return f"K{self._numbers[key]}"

    @property
    def names(self) -> dict[str, Any]:
        """The constants by the names that the source has for them."""
        return {f"K{number}": value for number, value in enumerate(self.constants)}

    def define(self, text: str) -> Mapping[str, Any]:
        """Return what a text defines that refers to these constants."""
        space = self.names
        exec(compile(text, "<vwv_im direct>", "exec"), space)  # noqa: S102 - slots and numbers only, see above
        return space


class PythonSource(Algebra[str, str, str]):
    """Writes Python. `here` is the scope whose frame is at hand.

    Every text is an expression. What may be unknown is bound to a name where it is first read (`(v1 := f[12])`).
    """

    def __init__(self, layout: Layout, source: Source) -> None:
        self.types = layout.plan.types
        self.layout = layout
        self.source = source
        self._names = 0

    def name(self) -> str:
        """Return a name that stands nowhere else in the expression."""
        self._names += 1
        return f"v{self._names}"

    def whole(self, form: Form | None, scope: str) -> str:
        """Return a whole condition, computation or table; without one, that there is none that could fail."""
        self._names = 0
        return "True" if form is None else self.form(form, scope)

    def frame(self, scope: str) -> str:
        """Return what a frame of a scope is called."""
        return TOP if scope == self.layout.top_scope else FRAME

    def fact(self, path: str, here: str) -> str:
        """Return the slot of a fact; the frame of the application is at hand everywhere."""
        return self.layout.place(path)

    def fixed(self, value: Any, kind: FactType) -> str:
        """Return a constant."""
        return self.source.refer(value)

    def unknown(self) -> str:
        """Return what is never known."""
        return UNKNOWN

    def unsettled(self) -> str:
        """Return what is always open."""
        return UNKNOWN

    def _if_known(self, value: str, then: Callable[[str], str]) -> str:
        """Return what is worked out of a value where it is known; a constant is."""
        if value == UNKNOWN:
            return UNKNOWN
        if value.startswith("K"):
            return then(value)
        name = self.name()
        return f"(None if ({name} := {value}) is None else {then(name)})"

    def compare(self, how: Comparison, left: str, right: str) -> str:
        """Return a comparison, by its sign where it has one."""
        if UNKNOWN in (left, right):
            return UNKNOWN

        def compared(one: str, other: str) -> str:
            return f"{one} {how.sign} {other}" if how.sign else f"{self.source.refer(how.test)}({one}, {other})"

        return self._if_known(left, lambda one: self._if_known(right, lambda other: compared(one, other)))

    def among(self, left: str, values: tuple[Any, ...], kind: FactType) -> str:
        """Return a membership in a fixed set."""
        allowed = self.source.refer(frozenset(values))
        return self._if_known(left, lambda one: f"{one} in {allowed}")

    def contains(self, left: str, word: str, kind: FactType) -> str:
        """Return whether a list has a member."""
        return self._if_known(left, lambda one: f"{self.source.refer(word)} in {one}")

    def consists_of(self, left: str, words: tuple[str, ...], kind: FactType) -> str:
        """Return whether a list has just these members, in whatever order."""
        return self._if_known(left, lambda one: f"frozenset({one}) == {self.source.refer(frozenset(words))}")

    def rank(self, value: str, ranks: Mapping[str, int]) -> str:
        """Return the rank of a value."""
        return self._if_known(value, lambda one: f"{self.source.refer(_Ranks(ranks))}[{one}]")

    def inverted(self, truth: str) -> str:
        """Return the negation."""
        return self._if_known(truth, lambda one: f"not {one}")

    def join(self, connective: Connective, parts: Iterator[str]) -> str:
        """Return how truth values are joined: the first that decides settles it, else one that is open."""
        named = [(self.name(), part) for part in parts]
        decided = " or ".join(f"({name} := {part}) is {connective.decides}" for name, part in named)
        open_ = " or ".join(f"{name} is None" for name, _ in named)
        return f"({connective.decides} if {decided} else None if {open_} else {not connective.decides})"

    def compute(self, node: Compute, operation: Operation, operands: Iterator[str], here: str) -> str:
        """Return an operation; unknown where an operand is, unless the first that is known counts."""
        parts = list(operands)
        if operation.lazy:
            *earlier, text = parts
            for part in reversed(earlier):
                name = self.name()
                text = f"({name} if ({name} := {part}) is not None else {text})"
            return text
        return self._of_known(parts, lambda known: f"{self.source.refer(operation.run)}({', '.join(known)})")

    def _of_known(self, parts: Sequence[str], then: Callable[[list[str]], str]) -> str:
        """Return what is worked out of values where all are known."""
        if UNKNOWN in parts:
            return UNKNOWN
        named = [(part, part if part.startswith("K") else self.name()) for part in parts]
        unknown = " or ".join(f"({name} := {part}) is None" for part, name in named if name != part)
        text = then([name for _, name in named])
        return f"(None if {unknown} else {text})" if unknown else text

    def over(self, node: Over, here: str) -> str:
        """Return an operation over the frames of a list; unknown where the list or a part is, and of no entries."""
        part, values = self.expression(node.value, node.scope), self.name()
        entries, run = f"{TOP}[{LISTS.index(node.scope)}]", self.source.refer(OPERATIONS[node.operation].run)
        listed = f"[{part} for {FRAME} in {entries}]"
        return f"(None if {entries} is None or not ({values} := {listed}) or None in {values} else {run}(*{values}))"

    def truth(self, node: Condition, truth: str, here: str) -> str:
        """Return a truth value as the value of a fact."""
        return truth

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[str | None, str]], here: str) -> str:
        """Return the value of the first row that holds; an open row before it leaves the value open."""
        text = UNKNOWN
        for test, value in reversed(list(meant)):
            if test is None:
                text = value
            else:
                name = self.name()
                text = f"({value} if ({name} := {test}) else None if {name} is None else {text})"
        return text


class _Ranks(dict[str, int]):
    """Ranks that can be a key, by what they say."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))
