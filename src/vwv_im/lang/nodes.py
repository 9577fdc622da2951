"""The tree that a rule file compiles to: conditions, computations and rows of decision tables.

Negation stands only at the comparisons. `at` is where a node is written within its item; it does not count when nodes
are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from vwv_im.lang.truth import ALL, ANY, Connective
from vwv_im.text import Path_, Value

READING = "auslegung."
"""What precedes the name of a disputed point where it is read like a fact."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value; `parameter` names the parameter it comes from. A `None` is a value that no source tells."""

    value: Value
    parameter: str | None = None
    at: Path_ = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a fact, named as rule files name it (`zimmer.hoehe_cm`)."""

    fact: str
    at: Path_ = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compute:
    """An operation of the table on some operands."""

    operation: str
    operands: tuple[Expression, ...]
    at: Path_ = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Over:
    """An operation on what `value` is for each entry of a list; unknown if it is for one, or if the list is.

    `where` says which entries count: not those of which it is known that it does not hold; where it is open for one,
    the whole is unknown. `empty` is what it gives where no entry counts; without it, that is unknown.
    """

    operation: str
    scope: str
    value: Expression
    where: Condition | None = None
    empty: Expression | None = None
    at: Path_ = field(default=(), compare=False, repr=False)


Expression = Constant | Read | Compute | Over


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison of a fact with constants or another fact; `written` is the comparison the file has."""

    fact: str
    operator: str
    operand: Constant | Read | tuple[Constant, ...]
    at: Path_ = field(default=(), compare=False, repr=False)
    written: str = field(default="", compare=False, repr=False)

    parts: ClassVar[tuple[Condition, ...]] = ()

    @property
    def operands(self) -> tuple[Expression, ...]:
        """What it is compared with, whether that is one or several."""
        return self.operand if isinstance(self.operand, tuple) else (self.operand,)

    @property
    def other(self) -> str | None:
        """The fact that it is compared with, if it is one."""
        return self.operand.fact if isinstance(self.operand, Read) else None

    @property
    def required(self) -> Value | tuple[Value, ...]:
        """The fixed value or values that it is compared with; `None` where no source tells, or it is another fact."""
        if isinstance(self.operand, tuple):
            return tuple(constant.value for constant in self.operand)
        return None if isinstance(self.operand, Read) else self.operand.value


@dataclass(frozen=True, slots=True)
class Every:
    """A conjunction."""

    parts: tuple[Condition, ...]

    connective: ClassVar[Connective] = ALL
    operator: ClassVar[str] = "alle"


@dataclass(frozen=True, slots=True)
class Some:
    """A disjunction."""

    parts: tuple[Condition, ...]

    connective: ClassVar[Connective] = ANY
    operator: ClassVar[str] = "eine"


Condition = Atom | Every | Some


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a decision table; without a condition it always holds."""

    condition: Condition | None
    value: Expression


Form = Condition | tuple[Row, ...] | Expression
"""How a fact is derived: by a condition, a decision table or a computation."""
Node = Condition | Expression | Row


def rows_of(form: Form) -> tuple[Row, ...]:
    """Return what derives a fact as rows of a table."""
    match form:
        case tuple():
            return form
        case Atom() | Every() | Some():
            return Row(form, Constant(True)), Row(None, Constant(False))
        case _:
            return (Row(None, form),)


def is_reading(node: Node) -> bool:
    """Whether a node asks how a disputed point is read."""
    return isinstance(node, Atom) and node.fact.startswith(READING)
