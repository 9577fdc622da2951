"""The rules of a verdict on an application with one post, taken from the plan and laid flat for other engines.

What is the same in all cases measured is worked out here: the readings are those of the default, no members are
stated, and a sum over the posts is the value of the one. What is left reads facts only, each by its path. What stands
on a series of periods, or on a list of texts, no other engine is told: it is left out by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.interpreting import Interpreter

from vwv_im.case.vocabulary import scope_of
from vwv_im.lang.fold import Fold, facts_of, nodes
from vwv_im.lang.nodes import (
    READING,
    Atom,
    Compute,
    Condition,
    Constant,
    Every,
    Form,
    Over,
    Read,
    Row,
    Some,
)
from vwv_im.lang.table import Operation
from vwv_im.lang.truth import Truth
from vwv_im.lang.types import FactType
from vwv_im.reasoning.plan import Plan

FOLDED = "muss"
UNKNOWN = Constant(None)
_TRUTH = "wahrheit"
_LIST_OF_TEXTS = "aus_liste"
ALWAYS, NEVER, OPEN = Every(()), Some(()), Atom(_TRUTH, "ist", UNKNOWN)
FIXED: Mapping[Truth, Condition] = {True: ALWAYS, False: NEVER, None: OPEN}
"""Conditions that have the same truth in all cases."""


@dataclass(frozen=True)
class Requirement:
    """A requirement: when it applies (always, where none is given) and its condition, laid flat.

    `art` is `muss` for those of the verdict; options, advice and contradictions stand beside it.
    """

    id: str
    art: str
    applies: Condition | None
    condition: Condition


@dataclass(frozen=True)
class Flat:
    """Derived facts in the order in which they can be computed, the requirements, and the facts that are read.

    `unsaid` are the derived facts that are left out.
    """

    derived: Mapping[str, Form]
    requirements: tuple[Requirement, ...]
    types: Mapping[str, FactType]
    unsaid: frozenset[str] = frozenset()

    @property
    def stated(self) -> list[str]:
        """The facts that a case may state and that are read."""
        read = {fact for form in self.derived.values() for fact in facts_of(form)}
        for requirement in self.requirements:
            read |= {*facts_of(requirement.condition), *facts_of(requirement.applies)}
        return sorted(read - self.derived.keys() - {_TRUTH})

    def times(self, count: int) -> Flat:
        """Return the same with every requirement so many times, to see how an engine grows with rules."""
        copies = range(count)
        more = [replace(one, id=f"{one.id}-{n}") for n in copies for one in self.requirements]
        return replace(self, requirements=tuple(more))

    @property
    def folded(self) -> list[Requirement]:
        """The requirements of the verdict."""
        return [one for one in self.requirements if one.art == FOLDED]


def flat_of(plan: Plan, readings: Mapping[str, str], *, whole: bool = False) -> Flat:
    """Lay the verdict of a plan flat; `whole`: with every derived fact, option, piece of advice and contradiction.

    Raises `ValueError` where a requirement is a Soll, or where the verdict reads what is left out.
    """
    return _Flattening(plan, readings).flat(whole=whole)


class _Flattening(Fold[Condition, Any, None]):
    """Works out what is the same in all cases. What derives a fact becomes a condition, a computation or rows."""

    def __init__(self, plan: Plan, readings: Mapping[str, str]) -> None:
        self.plan = plan
        self.values: dict[str, Any] = {f"{READING}{name}": readings[name] for name in plan.readings}
        self.derived: dict[str, Form] = {}
        self.series = {one.scope for one in plan.series}
        self.unsaid: set[str] = set()

    def flat(self, *, whole: bool) -> Flat:
        """Lay it flat."""
        if soll := [one.id for one in self.plan.requirements if one.art == "soll"]:
            raise ValueError(f"the other engines are not told what a Soll is: {', '.join(soll)}")
        for derivation in self.plan.derivations:
            if derivation.scope in self.series:
                self.unsaid.add(derivation.fact)
            elif derivation.scope != "mitglied":
                self._derive(derivation.fact, derivation.form)
        requirements = [one for one in self._requirements() if whole or one.art == FOLDED]
        needed = set(self.derived) if whole else set(self._needed(requirements))
        derived = {fact: form for fact, form in self.derived.items() if fact in needed}
        return Flat(derived, tuple(requirements), self.plan.types, frozenset(self.unsaid))

    def _requirements(self) -> Iterator[Requirement]:
        """Yield what can turn out one way or another; a requirement that never applies cannot."""
        for one in self.plan.requirements:
            applies = None if one.applies is None else self.condition(one.applies, None)
            condition = self.condition(one.condition, None)
            if applies != NEVER and self._can_be_said(condition, applies, folded=one.art == FOLDED):
                yield Requirement(one.id, one.art, applies, condition)
        for contradiction in self.plan.contradictions:
            condition = self.condition(contradiction.condition, None)
            if condition not in FIXED.values() and self._can_be_said(condition):
                yield Requirement(contradiction.id, "widerspruch", None, condition)

    def _needed(self, requirements: Iterable[Requirement]) -> Iterator[str]:
        todo = [fact for one in requirements for fact in (*facts_of(one.condition), *facts_of(one.applies))]
        while todo:
            fact = todo.pop()
            yield fact
            if fact in self.derived:
                todo += facts_of(self.derived[fact])

    def _derive(self, fact: str, form: Form) -> None:
        """Keep a derived fact, or its value where that is the same in all cases."""
        flat = self.form(form, None)
        if isinstance(flat, Constant):
            self.values[fact] = flat.value
        elif self._can_be_said(flat):
            self.derived[fact] = flat
        else:
            self.unsaid.add(fact)

    def _can_be_said(self, *forms: Form | None, folded: bool = False) -> bool:
        for node in nodes(*forms):
            if isinstance(node, Atom | Read) and node.fact in self.unsaid:
                break
            if isinstance(node, Over) or (isinstance(node, Compute) and node.operation == _LIST_OF_TEXTS):
                break
        else:
            return True
        if folded:
            raise ValueError(f"the other engines cannot say what the verdict rests on: {node}")
        return False

    def joined(self, node: Every | Some, parts: Iterator[Condition], here: None) -> Condition:
        """Return a conjunction or disjunction without what is fixed; what is always open comes last."""
        decides = node.connective.decides
        left = [part for part in parts if part != FIXED[not decides]]
        if FIXED[decides] in left:
            return FIXED[decides]
        left = [part for part in left if part != OPEN] + [OPEN] * (OPEN in left)
        if len(left) > 1:
            return type(node)(tuple(left))
        return left[0] if left else FIXED[not decides]

    def atom(self, node: Atom, here: None) -> Condition:
        """Return a comparison; its truth where the fact is fixed."""
        operand = node.operand if isinstance(node.operand, tuple) else self.expression(node.operand, None)
        flat, value = Atom(node.fact, node.operator, operand), self._fixed(node.fact)
        if value is _NOT_FIXED:
            return flat
        return FIXED[Interpreter(self.plan.types).condition(flat, {node.fact: value})]

    def _fixed(self, fact: str) -> Any:
        """Return the value that a fact has in all cases; nothing is known of members."""
        if scope_of(fact) == "mitglied":
            return None
        return self.values.get(fact, _NOT_FIXED)

    def constant(self, node: Constant, here: None) -> Constant:
        """Return a fixed value."""
        return node

    def read(self, node: Read, here: None) -> Read | Constant:
        """Return the reading of a fact, or its value."""
        value = self._fixed(node.fact)
        return node if value is _NOT_FIXED else Constant(value)

    def over(self, node: Over, here: None) -> Any:
        """Return what the one post gives; no members are stated. A series stays what it is."""
        if node.scope in self.series:
            return node
        return UNKNOWN if node.scope == "mitglied" else self.expression(node.value, None)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Any], here: None) -> Compute | Constant:
        """Return an operation; unknown where an operand is, unless the first that is known counts."""
        parts = tuple(operands)
        if not operation.lazy:
            return UNKNOWN if UNKNOWN in parts else Compute(node.operation, parts)
        known = tuple(part for part in parts if part != UNKNOWN) or (UNKNOWN,)
        return known[0] if len(known) == 1 or isinstance(known[0], Constant) else Compute(node.operation, known)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Condition | None, Any]], here: None) -> Any:
        """Return the rows that can count; their value where it is the same in all cases."""
        left: list[Row] = []
        for condition, value in meant:
            if condition != NEVER:
                left.append(Row(None if condition == ALWAYS else condition, value))
            if condition in (None, ALWAYS):
                break
        if left and left[0].condition is None:
            return left[0].value
        return UNKNOWN if all(row.value == UNKNOWN for row in left) else tuple(left)


_NOT_FIXED: Any = object()
