"""The plan: a Fassung made ready to be run, as data.

Negation is pushed down to the atoms, parameters are resolved, readings are facts (`auslegung.<name>`), and derived
facts stand in the order in which they can be computed. Every engine, and every page or proof about the law, is
derived from this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from vwv_im.law.fassung import Item
from vwv_im.law.model import Ableitung, Pflicht, Question, Regel, Scope, Widerspruch
from vwv_im.law.types import FactType
from vwv_im.reasoning.truth import Art
from vwv_im.reasoning.values import Value
from vwv_im.text import Text

READING = "auslegung."


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value; `parameter` names the parameter it comes from. A `None` is a value that no source tells."""

    value: Value
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a fact, named as rule files name it (`stelle.vzae`)."""

    fact: str


@dataclass(frozen=True, slots=True)
class Compute:
    """An operation of the closed list on some operands."""

    operation: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """The sum or the largest of `value` over the posts or members of the application; unknown if one is."""

    operation: Literal["summe", "groesster"]
    scope: Literal["stelle", "mitglied"]
    value: Expression


Expression = Constant | Read | Compute | Over


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison of a fact with constants or another fact."""

    fact: str
    operator: str
    operand: Constant | Read | tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """A conjunction."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """A disjunction."""

    parts: tuple[Condition, ...]


Condition = Atom | Every | Some


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a decision table; without a condition it always holds."""

    condition: Condition | None
    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """A derived fact: what it is called, when it can be computed, and how."""

    fact: str
    scope: Scope
    stage: int
    form: Condition | tuple[Row, ...] | Expression
    item: Item[Ableitung]


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """A requirement in its place in the order of examination."""

    id: str
    scope: Scope
    art: Art
    applies: Condition | None
    condition: Condition
    heading: Text
    item: Item[Regel]


@dataclass(frozen=True, slots=True, eq=False)
class Contradiction:
    """A condition under which the case says two things that cannot both be."""

    id: str
    scope: Scope
    condition: Condition
    item: Item[Widerspruch]


@dataclass(frozen=True, slots=True, eq=False)
class Duty:
    """A duty that follows from a grant: whether it exists, and the day (or, if yearly, until when) it is due."""

    id: str
    applies: Condition | None
    day: Expression | None
    item: Item[Pflicht]


@dataclass(frozen=True, eq=False)
class Plan:
    """What a question reads, derives and requires under a Fassung."""

    fassung: str
    erlasse: tuple[str, ...]
    question: Question
    types: Mapping[str, FactType]
    derivations: tuple[Derivation, ...]
    requirements: tuple[Requirement, ...]
    contradictions: tuple[Contradiction, ...]
    duties: tuple[Duty, ...]

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes this question looks at, the outermost first."""
        return ("antrag", "stelle", "mitglied") if self.question == "antrag" else ("person",)

    @cached_property
    def producers(self) -> Mapping[str, Derivation]:
        """Which derivation gives which fact."""
        return {derivation.fact: derivation for derivation in self.derivations}

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """The disputed points that this plan reads, in alphabetical order."""
        return tuple(sorted(fact.removeprefix(READING) for fact in self.reads if fact.startswith(READING)))

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every fact that is read somewhere."""
        return frozenset(fact for root in self.roots() for fact in facts_of(root))

    def roots(self) -> Iterator[Condition | tuple[Row, ...] | Expression | None]:
        """Yield every form, condition and day of the plan, each the root of what stands below it."""
        yield from (derivation.form for derivation in self.derivations)
        for requirement in self.requirements:
            yield requirement.applies
            yield requirement.condition
        yield from (contradiction.condition for contradiction in self.contradictions)
        for duty in self.duties:
            yield duty.applies
            yield duty.day


Node = Condition | Expression | Row


def nodes(root: Node | tuple[Node, ...] | None) -> Iterator[Node]:
    """Yield every condition, row and computation below `root`, and `root` itself."""
    if isinstance(root, tuple):
        for part in root:
            yield from nodes(part)
    elif root is not None:
        yield root
        yield from nodes(_below(root))


def _below(node: Node) -> tuple[Node, ...]:
    match node:
        case Every(parts=parts) | Some(parts=parts):
            return parts
        case Atom(operand=operand):
            return operand if isinstance(operand, tuple) else (operand,)
        case Row(condition=condition, value=value):
            return (value,) if condition is None else (condition, value)
        case Compute(operands=operands):
            return operands
        case Over(value=value):
            return (value,)
        case _:
            return ()


def facts_of(root: Node | tuple[Node, ...] | None) -> Iterator[str]:
    """Yield the facts that are read below `root`, each as often as it is read."""
    return (node.fact for node in nodes(root) if isinstance(node, Atom | Read))


def parameters_of(root: Node | tuple[Node, ...] | None) -> Iterator[str]:
    """Yield the parameters that are used below `root`."""
    return (node.parameter for node in nodes(root) if isinstance(node, Constant) and node.parameter is not None)
