"""The one fold over the tree: what a node means is said once for each algebra, and nowhere else are nodes told apart.

An algebra says what a fact, a fixed value, an operation, a comparison, a conjunction, a disjunction and a decision
table mean to it. The parts of a node come worked out, one after the other as they are asked for. `here` is where a node
is seen from, whatever that means to the algebra: a scope, a post, a type that is wanted.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar, cast

from vwv_im.lang.nodes import (
    READING,
    Atom,
    Compute,
    Condition,
    Constant,
    Every,
    Expression,
    Form,
    Node,
    Over,
    Read,
    Row,
    Some,
)
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Comparator, Operation
from vwv_im.lang.truth import Connective
from vwv_im.lang.types import WORD, FactType

T = TypeVar("T")
"""What a condition is to an algebra."""
V = TypeVar("V")
"""What a value is to an algebra."""
C = TypeVar("C")
"""Where a node is seen from."""


class Fold(ABC, Generic[T, V, C]):
    """What each kind of node means to an algebra."""

    def condition(self, node: Condition, here: C) -> T:
        """Return what a condition means."""
        match node:
            case Every() | Some():
                return self.joined(node, (self.condition(part, here) for part in node.parts), here)
            case Atom():
                return self.atom(node, here)

    def expression(self, node: Expression, here: C) -> V:
        """Return what a computation means."""
        match node:
            case Constant():
                return self.constant(node, here)
            case Read():
                return self.read(node, here)
            case Over():
                return self.over(node, here)
            case Compute():
                operands = (self.expression(part, here) for part in node.operands)
                return self.compute(node, OPERATIONS[node.operation], operands, here)

    def form(self, form: Form, here: C) -> V:
        """Return what derives a fact: a table, a condition or a computation."""
        match form:
            case tuple():
                return self.table(form, (self.row(row, here) for row in form), here)
            case Every() | Some() | Atom():
                return self.truth(form, self.condition(form, here), here)
            case _:
                return self.expression(form, here)

    def row(self, row: Row, here: C) -> tuple[T | None, V]:
        """Return what the condition and the value of a row mean; a row may have no condition."""
        return None if row.condition is None else self.condition(row.condition, here), self.expression(row.value, here)

    @abstractmethod
    def joined(self, node: Every | Some, parts: Iterator[T], here: C) -> T:
        """Return what a conjunction or disjunction means."""

    @abstractmethod
    def atom(self, node: Atom, here: C) -> T:
        """Return what a comparison means."""

    @abstractmethod
    def constant(self, node: Constant, here: C) -> V:
        """Return what a fixed value means."""

    @abstractmethod
    def read(self, node: Read, here: C) -> V:
        """Return what the value of a fact means."""

    @abstractmethod
    def compute(self, node: Compute, operation: Operation, operands: Iterator[V], here: C) -> V:
        """Return what an operation means."""

    @abstractmethod
    def over(self, node: Over, here: C) -> V:
        """Return what an operation over the entries of a list means."""

    def truth(self, node: Condition, truth: T, here: C) -> V:
        """Return the value of a fact that a condition derives."""
        return cast("V", truth)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[T | None, V]], here: C) -> V:
        """Return what a decision table means."""
        raise NotImplementedError


class Algebra(Fold[T, V, C]):
    """A fold that runs: how an engine compares, joins and computes.

    What comparing with several values, with an ordered enumeration or with a list comes down to is said here for all
    engines. `types` are the types of the facts.
    """

    types: Mapping[str, FactType]

    @abstractmethod
    def fact(self, path: str, here: C) -> V:
        """Return the value of a fact as seen from `here`."""

    @abstractmethod
    def fixed(self, value: Any, kind: FactType) -> V:
        """Return a fixed value, which is known, as one of a fact of this type."""

    def unsettled(self) -> T:
        """Return a condition that is open whatever is stated: no source tells what is required."""
        return cast("T", self.unknown())

    @abstractmethod
    def compare(self, how: Comparator, left: V, right: V) -> T:
        """Return whether a comparison of two values holds; open where one of them is unknown."""

    @abstractmethod
    def among(self, left: V, values: tuple[Any, ...], kind: FactType) -> T:
        """Return whether a value is one of several; open where it is unknown."""

    @abstractmethod
    def contains(self, left: V, word: str, kind: FactType) -> T:
        """Return whether a list has a member."""

    @abstractmethod
    def consists_of(self, left: V, words: tuple[str, ...], kind: FactType) -> T:
        """Return whether a list has just these members."""

    @abstractmethod
    def rank(self, value: V, ranks: Mapping[str, int]) -> V:
        """Return the rank of a value of an ordered enumeration."""

    @abstractmethod
    def inverted(self, truth: T) -> T:
        """Return the negation of a condition."""

    @abstractmethod
    def join(self, connective: Connective, parts: Iterator[T]) -> T:
        """Return how truth values are joined."""

    def joined(self, node: Every | Some, parts: Iterator[T], here: C) -> T:
        """Return how the parts of a condition are joined."""
        return self.join(node.connective, parts)

    def atom(self, node: Atom, here: C) -> T:
        """Return whether a comparison holds."""
        how, kind = COMPARISONS[node.operator], self.types.get(node.fact, WORD)
        left, ranks = self.fact(node.fact, here), kind.ranks if how.ordered else None
        if node.other is not None:
            right = self.fact(node.other, here)
            sides = (left, right) if ranks is None else (self.rank(left, ranks), self.rank(right, ranks))
            return self.compare(how, *sides)
        required: Any = node.required
        if required is None or (isinstance(required, tuple) and None in required):
            return self.unsettled()
        if ranks is not None:
            return self.among(left, fitting(how, required, ranks), kind)
        if how.shape == "one" and not isinstance(required, tuple):
            return self.compare(how, left, self.fixed(required, kind))
        truth = self._membership(how, left, required, kind)
        return self.inverted(truth) if how.denies else truth

    def _membership(self, how: Comparator, left: V, required: Any, kind: FactType) -> T:
        if how.shape == "many":
            return self.among(left, required, kind)
        return (self.contains if how.shape == "member" else self.consists_of)(left, required, kind)

    def constant(self, node: Constant, here: C) -> V:
        """Return a fixed value; unknown where no source tells it."""
        return self.unknown() if node.value is None else self.fixed(node.value, self.wanted(here))

    def read(self, node: Read, here: C) -> V:
        """Return the value of a fact."""
        return self.fact(node.fact, here)

    def wanted(self, here: C) -> FactType:
        """Return the type of what a computation is worked out for, where that matters."""
        return WORD

    @abstractmethod
    def unknown(self) -> V:
        """Return a value that is never known."""


def fitting(how: Comparator, required: str, ranks: Mapping[str, int]) -> tuple[str, ...]:
    """Return the values of an ordered enumeration that stand so to the one required, in their order.

    >>> fitting(COMPARISONS["mindestens"], "mittlerer", {"hauptschule": 0, "mittlerer": 1, "hochschulreife": 2})
    ('mittlerer', 'hochschulreife')
    """
    return tuple(value for value, rank in ranks.items() if how.test(rank, ranks[required]))


class Rebuilt(Fold[Condition, Expression, C]):
    """A fold that gives the same nodes again, but for those that an algebra says more about."""

    def joined(self, node: Every | Some, parts: Iterator[Condition], here: C) -> Condition:
        """Return a conjunction or disjunction of the parts as they are now."""
        return replace(node, parts=tuple(parts))

    def atom(self, node: Atom, here: C) -> Condition:
        """Return a comparison with what is required as it is now."""
        operand = node.operand
        if isinstance(operand, tuple):
            required: Any = tuple(self.expression(part, here) for part in operand)
        else:
            required = self.expression(operand, here)
        return replace(node, operand=required)

    def constant(self, node: Constant, here: C) -> Expression:
        """Return a fixed value."""
        return node

    def read(self, node: Read, here: C) -> Expression:
        """Return the reading of a fact."""
        return node

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Expression], here: C) -> Expression:
        """Return an operation on the operands as they are now."""
        return replace(node, operands=tuple(operands))

    def over(self, node: Over, here: C) -> Expression:
        """Return an operation over the entries of a list."""
        where = None if node.where is None else self.condition(node.where, here)
        empty = None if node.empty is None else self.expression(node.empty, here)
        return replace(node, value=self.expression(node.value, here), where=where, empty=empty)


def _below(node: Node) -> tuple[Node | None, ...]:
    """Return what a node directly consists of."""
    match node:
        case Row(condition=condition, value=value):
            return condition, value
        case Every(parts=parts) | Some(parts=parts):
            return parts
        case Atom() | Compute():
            return node.operands
        case Over(value=value, where=where, empty=empty):
            return value, where, empty
        case _:
            return ()


def nodes(*roots: Form | Node | None) -> Iterator[Node]:
    """Yield every condition, row and computation below some roots, and these themselves.

    >>> [type(node).__name__ for node in nodes(Atom("zimmer.hoehe_cm", "mindestens", Constant(1)))]
    ['Atom', 'Constant']
    """
    ahead = [*reversed(roots)]
    while ahead:
        node = ahead.pop()
        if isinstance(node, tuple):
            ahead += reversed(node)
        elif node is not None:
            yield node
            ahead += reversed(_below(node))


def atoms_of(*roots: Form | None) -> Iterator[Atom]:
    """Yield the comparisons below some roots."""
    return (node for node in nodes(*roots) if isinstance(node, Atom))


def constants_of(*roots: Form | None) -> Iterator[Constant]:
    """Yield the fixed values below some roots."""
    return (node for node in nodes(*roots) if isinstance(node, Constant))


def facts_of(*roots: Form | None) -> Iterator[str]:
    """Yield the facts that are read below some roots, each as often as it is read."""
    return (node.fact for node in nodes(*roots) if isinstance(node, Atom | Read))


def parameters_of(*roots: Form | None) -> Iterator[str]:
    """Yield the parameters that are used below some roots."""
    return (node.parameter for node in constants_of(*roots) if node.parameter is not None)


def readings_of(*roots: Form | None) -> Iterator[tuple[str, str]]:
    """Yield the disputed points that are asked about below some roots, each with the reading that must be followed."""
    for atom in atoms_of(*roots):
        if atom.fact.startswith(READING):
            yield atom.fact.removeprefix(READING), str(atom.required)
