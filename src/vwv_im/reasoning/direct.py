"""The engine `direct`: the plan compiled to Python closures. The reference semantics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vwv_im.case import Case
from vwv_im.law.types import FactType
from vwv_im.reasoning.frames import MEMBERS, PARENT, POSTS, Frame, Frames, Layout
from vwv_im.reasoning.operations import OPERATIONS
from vwv_im.reasoning.operators import OPERATORS
from vwv_im.reasoning.plan import (
    Atom,
    Compute,
    Condition,
    Constant,
    Derivation,
    Every,
    Expression,
    Over,
    Plan,
    Read,
    Row,
    Some,
    facts_of,
)
from vwv_im.reasoning.truth import Truth

Test = Callable[[Frame], Truth]
Get = Callable[[Frame], Any]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an engine found: the frames with derived facts filled in, and two truth values per requirement and frame.

    `findings` holds, for each requirement of the plan in order and each frame of its scope, whether it applies and
    whether it holds; `contradictions` likewise whether each contradiction is present.
    """

    frames: Frames
    findings: tuple[tuple[Truth, Truth], ...]
    contradictions: tuple[Truth, ...]


class Direct:
    """A plan compiled to closures. It keeps no state between cases and may be used from several threads."""

    name = "direct"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = Layout(plan)
        self._tests: dict[tuple[str, Condition], Test] = {}
        self._known: dict[tuple[str, int], tuple[Condition, Test]] = {}  # by identity, which holds while it is kept
        self._steps = [(d.scope, self.layout.slot(d.fact)[1], self.form(d)) for d in plan.derivations]
        self._read = [frozenset(facts_of(d.form)) for d in plan.derivations]
        self._requirements = [
            (r.scope, None if r.applies is None else self.test(r.applies, r.scope), self.test(r.condition, r.scope))
            for r in plan.requirements
        ]
        self._contradictions = [(k.scope, self.test(k.condition, k.scope)) for k in plan.contradictions]
        tested = [part for r in plan.requirements for part in (r.applies, r.condition) if part is not None]
        self._tested = frozenset(facts_of((*tested, *(k.condition for k in plan.contradictions))))

    def evaluate(self, case: Case, on: date, readings: Mapping[str, str]) -> Evaluation:
        """Derive all facts of a case and test every requirement and contradiction."""
        frames = self.layout.fill(case, on, readings)
        for scope, slot, form in self._steps:
            for frame in frames.of(scope):
                frame[slot] = form(frame)
        return Evaluation(frames, self._findings(frames), self._present(frames))

    def _findings(self, frames: Frames) -> tuple[tuple[Truth, Truth], ...]:
        found = [
            (True if applies is None else applies(frame), holds(frame))
            for scope, applies, holds in self._requirements
            for frame in frames.of(scope)
        ]
        return tuple(found)

    def _present(self, frames: Frames) -> tuple[Truth, ...]:
        return tuple(test(frame) for scope, test in self._contradictions for frame in frames.of(scope))

    def follow(self, found: Evaluation, readings: Mapping[str, str]) -> Evaluation:
        """Evaluate a case again under other readings: only what follows from those that differ is worked out anew."""
        frames = found.frames.copy()
        changed = self.layout.follow(frames, readings)
        for derivation, read, (scope, slot, form) in zip(self.plan.derivations, self._read, self._steps, strict=True):
            if not read.isdisjoint(changed):
                before = [frame[slot] for frame in frames.of(scope)]
                for frame in frames.of(scope):
                    frame[slot] = form(frame)
                if before != [frame[slot] for frame in frames.of(scope)]:
                    changed.add(derivation.fact)
        findings, present = found.findings, found.contradictions
        if not self._tested.isdisjoint(changed):
            findings, present = self._findings(frames), self._present(frames)
        return Evaluation(frames, findings, present)

    def test(self, condition: Condition, scope: str) -> Test:
        """Return the closure that tests a condition on a frame of `scope`."""
        known = self._known.get((scope, id(condition)))
        if known is None:
            known = self._known[scope, id(condition)] = condition, self._test(condition, scope)
        return known[1]

    def _test(self, condition: Condition, scope: str) -> Test:
        """Return the one closure of all equal conditions."""
        key = (scope, condition)
        if key not in self._tests:
            self._tests[key] = self._condition(condition, scope)
        return self._tests[key]

    def value(self, expression: Expression, scope: str) -> Get:
        """Return the closure that computes an expression on a frame of `scope`."""
        match expression:
            case Constant(value=value):
                return lambda _frame: value
            case Read(fact=fact):
                return self.get(fact, scope)
            case Over(operation=operation, scope=inner, value=part):
                return _over(POSTS if inner == "stelle" else MEMBERS, self.value(part, inner), operation)
            case Compute(operation="erster_bekannter", operands=operands):
                return _first_known([self.value(operand, scope) for operand in operands])
            case Compute(operation=operation, operands=operands):
                return _compute(OPERATIONS[operation], [self.value(operand, scope) for operand in operands])

    def get(self, fact: str, scope: str) -> Get:
        """Return the closure that reads a fact from a frame of `scope`."""
        home, slot = self.layout.slot(fact)
        if home == scope:
            return lambda frame: frame[slot]
        return lambda frame: frame[PARENT][slot]

    def form(self, derivation: Derivation) -> Get:
        """Return the closure that derives a fact on a frame of its scope."""
        form, scope = derivation.form, derivation.scope
        if isinstance(form, tuple):
            return _table([self._row(row, scope) for row in form])
        if isinstance(form, Atom | Every | Some):
            return self.test(form, scope)
        return self.value(form, scope)

    def _row(self, row: Row, scope: str) -> tuple[Test | None, Get]:
        return (None if row.condition is None else self.test(row.condition, scope), self.value(row.value, scope))

    def _condition(self, condition: Condition, scope: str) -> Test:
        match condition:
            case Every(parts=parts):
                return _every([self.test(part, scope) for part in parts])
            case Some(parts=parts):
                return _some([self.test(part, scope) for part in parts])
            case Atom():
                return self._atom(condition, scope)

    def _atom(self, atom: Atom, scope: str) -> Test:
        home, slot = self.layout.slot(atom.fact)
        kind = self.plan.types.get(atom.fact)
        if isinstance(atom.operand, Read):
            ranks = None if kind is None or atom.operator not in _RANKED else kind.ranks
            return _compare_facts(self.get(atom.fact, scope), atom.operator, self.get(atom.operand.fact, scope), ranks)
        compare, required = comparison(atom, kind)
        if required is None:
            return lambda _frame: None
        if home == scope:
            return lambda frame: None if (stated := frame[slot]) is None else compare(stated, required)
        return lambda frame: None if (stated := frame[PARENT][slot]) is None else compare(stated, required)


_PAIR = 2


def comparison(atom: Atom, kind: FactType | None) -> tuple[Callable[[Any, Any], bool], Any]:
    """Return how an atom compares a stated value, and with what; `None` where no source tells the required value.

    For ordered enumerations "at least" becomes membership in the set of values that rank high enough.
    """
    compare = OPERATORS[atom.operator].compare
    if isinstance(atom.operand, tuple):
        values = [constant.value for constant in atom.operand]
        return (compare, None) if None in values else (compare, frozenset(values))
    assert isinstance(atom.operand, Constant)
    required: Any = atom.operand.value
    if kind is not None and kind.ranks is not None and atom.operator in _RANKED and required is not None:
        ranks = kind.ranks
        return _member, frozenset(value for value, rank in ranks.items() if compare(rank, ranks[required]))
    if kind is not None and kind.kind == "auswahlliste" and atom.operator in ("ist", "ist_nicht") and required:
        wanted = frozenset(required)
        return (_same_set if atom.operator == "ist" else _other_set), wanted
    return compare, required


_RANKED = ("mindestens", "weniger_als", "hoechstens", "mehr_als")


def _member(stated: Any, allowed: Any) -> bool:
    return stated in allowed


def _same_set(stated: Any, wanted: Any) -> bool:
    return bool(frozenset(stated) == wanted)


def _other_set(stated: Any, wanted: Any) -> bool:
    return bool(frozenset(stated) != wanted)


def _every(tests: list[Test]) -> Test:
    def test(frame: Frame) -> Truth:
        result: Truth = True
        for part in tests:
            if (truth := part(frame)) is False:
                return False
            if truth is None:
                result = None
        return result

    return test


def _some(tests: list[Test]) -> Test:
    def test(frame: Frame) -> Truth:
        result: Truth = False
        for part in tests:
            if truth := part(frame):
                return True
            if truth is None:
                result = None
        return result

    return test


def _compare_facts(left: Get, operator: str, right: Get, ranks: Mapping[str, int] | None) -> Test:
    compare = OPERATORS[operator].compare

    def test(frame: Frame) -> Truth:
        stated, required = left(frame), right(frame)
        if stated is None or required is None:
            return None
        return compare(stated, required) if ranks is None else compare(ranks[stated], ranks[required])

    return test


def _table(rows: list[tuple[Test | None, Get]]) -> Get:
    """Take the value of the first row that holds; an open row before it leaves the result open."""

    def get(frame: Frame) -> Any:
        for test, value in rows:
            truth = True if test is None else test(frame)
            if truth:
                return value(frame)
            if truth is None:
                return None
        return None

    return get


def _over(slot: int, part: Get, operation: str) -> Get:
    combine: Callable[[list[Any]], Any] = sum if operation == "summe" else max

    def get(frame: Frame) -> Any:
        if (frames := frame[slot]) is None:
            return None
        values = [part(inner) for inner in frames]
        return None if None in values or not values else combine(values)

    return get


def _first_known(parts: list[Get]) -> Get:
    def get(frame: Frame) -> Any:
        for part in parts:
            if (value := part(frame)) is not None:
                return value
        return None

    return get


def _compute(operation: Callable[..., Any], parts: list[Get]) -> Get:
    if len(parts) == 1:
        (only,) = parts
        return lambda frame: None if (value := only(frame)) is None else operation(value)
    if len(parts) == _PAIR:
        left, right = parts
        return lambda frame: None if (a := left(frame)) is None or (b := right(frame)) is None else operation(a, b)

    def get(frame: Frame) -> Any:
        values = []
        for part in parts:
            if (value := part(frame)) is None:
                return None
            values.append(value)
        return operation(*values)

    return get
