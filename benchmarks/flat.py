"""The rules of a verdict on an application with one post, taken from the plan and laid flat for other engines.

What is the same in all cases measured is worked out here: the readings are those of the default, no members are
stated, and a sum over the posts is the value of the one. What is left reads facts only, each by its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vwv_im.lang.fold import facts_of
from vwv_im.lang.interpreting import Interpreter
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
from vwv_im.lang.truth import Truth, all_of, any_of
from vwv_im.lang.types import FactType
from vwv_im.law.types import scope_of
from vwv_im.reasoning.plan import Plan

FOLDED = "muss"
Form = Condition | tuple[Row, ...] | Expression
UNKNOWN = Constant(None)


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
    """Derived facts in the order in which they can be computed, the requirements, and the facts that are read."""

    derived: Mapping[str, Form]
    requirements: tuple[Requirement, ...]
    types: Mapping[str, FactType]

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
        return Flat(self.derived, tuple(more), self.types)

    @property
    def folded(self) -> list[Requirement]:
        """The requirements of the verdict."""
        return [one for one in self.requirements if one.art == FOLDED]


def flat_of(plan: Plan, readings: Mapping[str, str], *, whole: bool = False) -> Flat:
    """Lay the verdict of a plan flat; `whole`: with every derived fact, option, piece of advice and contradiction.

    Raises `ValueError` where a requirement is a Soll.
    """
    return _Flattening(plan, readings).flat(whole=whole)


class _Flattening:
    def __init__(self, plan: Plan, readings: Mapping[str, str]) -> None:
        self.plan = plan
        self.constant: dict[str, Any] = {f"{READING}{name}": readings[name] for name in plan.readings}
        self.derived: dict[str, Form] = {}

    def flat(self, *, whole: bool) -> Flat:
        """Lay it flat."""
        if soll := [one.id for one in self.plan.requirements if one.art == "soll"]:
            raise ValueError(f"the other engines are not told what a Soll is: {', '.join(soll)}")
        for derivation in self.plan.derivations:
            if derivation.scope != "mitglied":
                self._derive(derivation.fact, derivation.form)
        requirements = [one for one in self._requirements() if whole or one.art == FOLDED]
        needed = set(self.derived) if whole else set(self._needed(requirements))
        derived = {fact: form for fact, form in self.derived.items() if fact in needed}
        return Flat(derived, tuple(requirements), self.plan.types)

    def _requirements(self) -> Iterator[Requirement]:
        """Yield what can turn out one way or another; a requirement that never applies cannot."""
        for one in self.plan.requirements:
            applies = None if one.applies is None else self.condition(one.applies)
            if applies != NEVER:
                yield Requirement(one.id, one.art, applies, self.condition(one.condition))
        for contradiction in self.plan.contradictions:
            if not is_fixed(condition := self.condition(contradiction.condition)):
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
        if isinstance(form, tuple):
            rows = tuple(self._rows(form))
            flat: Form = _only_value(rows) or rows
        elif isinstance(form, Atom | Every | Some):
            flat = self.condition(form)
        else:
            flat = self.expression(form)
        if isinstance(flat, Constant):
            self.constant[fact] = flat.value
        else:
            self.derived[fact] = flat

    def _rows(self, rows: tuple[Row, ...]) -> Iterator[Row]:
        for row in rows:
            condition = None if row.condition is None else self.condition(row.condition)
            if condition is not None and (truth := fixed(condition)) is not _NOT_FIXED:
                if truth is False:
                    continue
                condition = None if truth else condition
            value = self.expression(row.value)
            yield Row(condition, value)
            if condition is None:
                return

    def condition(self, condition: Condition) -> Condition:
        """Return a condition without what is fixed."""
        match condition:
            case Every(parts=parts):
                return _joined([self.condition(part) for part in parts], every=True)
            case Some(parts=parts):
                return _joined([self.condition(part) for part in parts], every=False)
            case Atom():
                return self._atom(condition)

    def _atom(self, atom: Atom) -> Condition:
        operand = atom.operand
        if isinstance(operand, Read) and (unknown := self._fixed(operand.fact)) is not _NOT_FIXED:
            operand = Constant(unknown)
        if (value := self._fixed(atom.fact)) is _NOT_FIXED:
            return Atom(atom.fact, atom.operator, operand)
        if isinstance(operand, Read):
            return truth_atom(None)
        fixed_atom = Atom(atom.fact, atom.operator, operand)
        return truth_atom(Interpreter(self.plan.types).condition(fixed_atom, {atom.fact: value}))

    def _fixed(self, fact: str) -> Any:
        """Return the value that a fact has in all cases; nothing is known of members."""
        if scope_of(fact) == "mitglied":
            return None
        return self.constant.get(fact, _NOT_FIXED)

    def expression(self, expression: Expression) -> Expression:
        """Return a computation without what is fixed."""
        match expression:
            case Read(fact=fact):
                value = self._fixed(fact)
                return expression if value is _NOT_FIXED else Constant(value)
            case Over(scope="mitglied"):
                return UNKNOWN
            case Over(value=value):
                return self.expression(value)
            case Compute(operation="erster_bekannter", operands=operands):
                return _first_known([self.expression(operand) for operand in operands])
            case Compute(operation=operation, operands=operands):
                parts = tuple(self.expression(operand) for operand in operands)
                return UNKNOWN if UNKNOWN in parts else Compute(operation, parts)
            case _:
                return expression


_NOT_FIXED: Any = object()
_TRUTH = "wahrheit"


def truth_atom(truth: Truth) -> Atom:
    """Return a condition that is fixed."""
    return Atom(_TRUTH, str(truth), UNKNOWN)


NEVER = truth_atom(False)


def fixed(condition: Condition) -> Any:
    """Return the truth of a condition that is fixed; else `_NOT_FIXED`."""
    if isinstance(condition, Atom) and condition.fact == _TRUTH:
        return {"True": True, "False": False, "None": None}[condition.operator]
    return _NOT_FIXED


def is_fixed(condition: Condition) -> bool:
    """Whether a condition has the same truth in all cases."""
    return fixed(condition) is not _NOT_FIXED


def _only_value(rows: tuple[Row, ...]) -> Expression | None:
    """Return the value of a table that has one in all cases: of its first row, or none known in any row."""
    if rows and rows[0].condition is None:
        return rows[0].value
    return UNKNOWN if all(row.value == UNKNOWN for row in rows) else None


def _joined(parts: list[Condition], *, every: bool) -> Condition:
    fold = all_of if every else any_of
    truths = [fixed(part) for part in parts if is_fixed(part)]
    truth, deciding = fold(truths), not every
    open_parts = [part for part in parts if not is_fixed(part)]
    if not open_parts or truth is deciding:
        return truth_atom(truth)
    if truth is None:
        open_parts.append(truth_atom(None))
    if len(open_parts) == 1:
        return open_parts[0]
    return Every(tuple(open_parts)) if every else Some(tuple(open_parts))


def _first_known(parts: list[Expression]) -> Expression:
    known = [part for part in parts if part != UNKNOWN]
    if not known:
        return UNKNOWN
    return known[0] if len(known) == 1 or isinstance(known[0], Constant) else Compute("erster_bekannter", tuple(known))
