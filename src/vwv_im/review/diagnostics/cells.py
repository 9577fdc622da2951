"""Representative cases for a part of the law: every way in which its conditions can turn, as far as a quick look sees.

A *cell* sets every fact that some conditions rest on to one of a few values between which they may turn. Derived facts
that take few values (conditions, tables of fixed values) are derived; those that are computed from numbers, days or
lists are set freely, as if they depended on nothing. So a quick look may see cases that cannot be, and never misses one
that can, but for what a computation makes impossible or for equality between two computed numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from itertools import chain, combinations, product
from math import prod
from typing import Any

from vwv_im.decision.evaluate import programs_of
from vwv_im.lang import READING, Atom, Compute, Condition, Constant, Every, Form, Operation, Over, Row, Some, Truth
from vwv_im.lang.fold import Fold, atoms_of, constants_of, facts_of, nodes
from vwv_im.lang.nodes import Read
from vwv_im.law import Auslegung, Fassung, Regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import Derivation, NamedCondition, Plan
from vwv_im.reasoning.records import PARENT, Record, Records, SlotLayout

LIMIT = 100_000
"""How many cells are looked at; a part of the law with more is reported, never passed over in silence."""
_MANY_WORDS = 5
_FAR: Mapping[str, tuple[Any, ...]] = {
    "ganzzahl": (0, 10**9),
    "dezimal": (Decimal(0), Decimal(10) ** 9),
    "datum": (date(1990, 1, 1), date(2100, 1, 1)),
    "text": ("A", "B"),
}
_STEPS: Mapping[str, Any] = {"ganzzahl": 1, "dezimal": Decimal("0.01"), "datum": timedelta(days=1)}


def programs(law: Regulation) -> Iterator[tuple[Fassung, Direct]]:
    """Yield the program of each question under each state of the law, with all that is worked out on demand."""
    for state in law.states:
        for question in law.questions:
            yield state, programs_of(law).get(state.id, state.erlasse, question, with_on_request=True).direct


def blank(layout: SlotLayout) -> Records:
    """Return records of which nothing is known, with one entry in each list."""
    plan, of = layout.plan, dict[str, list[Record]]()
    width = len(plan.scopes) + len(plan.types) + len(plan.readings)
    for scope in plan.scopes:
        above = layout.parent(scope)
        of[scope] = [[None if above is None else of[above][0], *[None] * (PARENT + 1 + width)]]
        if above is not None:
            of[above][0][layout.lists[above][scope]] = of[scope]
    return Records(layout, of)


class TooManyCells(Exception):  # noqa: N818 - an answer, not a mistake
    """There are more cells than are looked at; `count` says how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"{count} > {LIMIT}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One representative case: what is set, and the record that an engine reads."""

    stated: Mapping[str, Any]
    record: Record


class Cells:
    """The cells for some conditions of a plan, as seen from `scope`.

    Raises `TooManyCells` where there are more than `LIMIT`.
    """

    program: Direct
    plan: Plan
    readings: Mapping[str, Auslegung]
    scope: str
    barring: list[NamedCondition]
    choices: dict[str, tuple[Any, ...]]
    count: int

    def __init__(
        self, program: Direct, readings: Mapping[str, Auslegung], scope: str, conditions: Sequence[Condition | None]
    ) -> None:
        self.program, self.plan, self.readings, self.scope = program, program.plan, readings, scope
        self.free: dict[str, None] = {}
        self.derived: dict[str, Derivation] = {}
        self.atoms: list[Atom] = []
        self.copied: set[str] = set()
        self._few = _FewValues(self.plan)
        for condition in conditions:
            self._collect(condition, copying=False)
        self.barring = [k for k in self.plan.contradictions if self._bars(k, conditions)]
        for contradiction in self.barring:
            self._collect(contradiction.condition, copying=False)
        self.choices = {fact: self._choices(fact) for fact in self.free}
        self.count = prod(len(values) for values in self.choices.values())
        if self.count > LIMIT:
            raise TooManyCells(self.count)

    def __iter__(self) -> Iterator[Cell]:
        barred = [self.program.value(k.condition, k.scope) for k in self.barring]
        for values in product(*self.choices.values()):
            stated = dict(zip(self.free, values, strict=True))
            record = self.record(stated)
            if not any(test(record) for test in barred):
                yield Cell(stated, record)

    def fewest(self, stated: Mapping[str, Any], holds: Callable[[Record], object]) -> dict[str, Any]:
        """Return what of `stated` is needed for `holds` to hold: the rest may stay unknown."""
        needed = dict(stated)
        for fact in stated:
            without = {**needed, fact: None}
            if holds(self.record(without)):
                needed = without
        return {fact: value for fact, value in needed.items() if value is not None}

    def record(self, stated: Mapping[str, Any]) -> Record:
        """Return the one record of these cells, with these facts set and the derived ones derived."""
        for fact, (record, slot) in self._slots.items():
            record[slot] = stated[fact]
        for record, slot, form, at in self._steps:
            record[slot] = form(at)
        return self._at(self.scope)

    @cached_property
    def records(self) -> Records:
        """The records of these cells, as they were set last."""
        return blank(self.program.layout)

    def _at(self, scope: str) -> Record:
        return self.records.of[scope][0]

    @cached_property
    def _slots(self) -> Mapping[str, tuple[Record, int]]:
        places = {fact: self.program.layout.slot(fact) for fact in self.free}
        return {fact: (self._at(home), slot) for fact, (home, slot) in places.items()}

    @cached_property
    def _steps(self) -> Sequence[tuple[Record, int, Callable[[Record], Any], Record]]:
        steps = []
        for derivation in sorted(self.derived.values(), key=lambda derivation: derivation.stage):
            home, slot = self.program.layout.slot(derivation.fact)
            value = self.program.value(derivation.form, derivation.scope)
            steps.append((self._at(home), slot, value, self._at(derivation.scope)))
        return steps

    def _bars(self, contradiction: NamedCondition, conditions: Sequence[Condition | None]) -> bool:
        """Whether a contradiction speaks only of facts that the cells set, so that it rules some of them out."""
        if contradiction.scope != self.scope or contradiction.condition in conditions:
            return False
        return set(facts_of(contradiction.condition)) <= {*self.free, *self.derived}

    def _collect(self, root: Form | None, *, copying: bool) -> None:
        self.atoms += atoms_of(root)
        if copying:
            self.copied.update(node.fact for node in nodes(root) if isinstance(node, Read))
        for fact in facts_of(root):
            self._see(fact)

    def _see(self, fact: str) -> None:
        if fact in self.free or fact in self.derived:
            return
        if fact in self.plan.producers and self._few.fact(fact):
            self.derived[fact] = self.plan.producers[fact]
            self._collect(self.plan.producers[fact].form, copying=True)
        else:
            self.free[fact] = None

    @cached_property
    def _linked(self) -> Mapping[str, frozenset[str]]:
        """Each fact with those that it is compared with, directly or over others."""
        groups: dict[str, set[str]] = {}
        for atom in self.atoms:
            if atom.other is not None:
                one, other = (groups.setdefault(fact, {fact}) for fact in (atom.fact, atom.other))
                one |= other
                for fact in one:
                    groups[fact] = one
        return {fact: frozenset(group) for fact, group in groups.items()}

    def _choices(self, fact: str) -> tuple[Any, ...]:
        values = self._values(fact)
        if fact in self.copied or fact in self._linked:
            return values
        tests = [self.program.value(atom, self.scope) for atom in self.atoms if atom.fact == fact]
        record, slot = self._slots[fact]
        classes: dict[tuple[Truth, ...], Any] = {}
        for value in reversed(values):
            record[slot] = value
            classes[tuple(test(self._at(self.scope)) for test in tests)] = value
        return tuple(reversed(classes.values()))

    def _values(self, fact: str) -> tuple[Any, ...]:
        if fact.startswith(READING):
            return tuple(self.readings[fact.removeprefix(READING)].lesarten)
        kind = self.plan.types[fact]
        if kind.kind == "auswahl":
            return kind.values
        if kind.kind == "wahrheitswert":
            return (True, False)
        if kind.kind == "auswahlliste":
            return _selections(kind.values)
        known = {value for other in self._linked.get(fact, {fact}) for value in self._compared(other)}
        step = _STEPS.get(kind.kind)
        near = known if step is None else {n for v in known for n in (v - step, v, v + step)}
        below = {-far for far in _FAR[kind.kind]} if kind.numeric and fact in self.plan.producers else set()
        return tuple(sorted({*_FAR[kind.kind], *below, *near}))

    def _compared(self, fact: str) -> Iterator[Any]:
        """Yield the fixed numbers, days and texts that a fact is compared with, or that it may take."""
        forms = [self.derived[fact].form] if fact in self.derived else []
        fixed = constants_of(*(atom for atom in self.atoms if atom.fact == fact), *forms)
        values = (constant.value for constant in fixed)
        yield from (v for v in values if isinstance(v, int | Decimal | date | str) and not isinstance(v, bool))


class _FewValues(Fold[bool, bool, None]):
    """Whether a form takes few values: a condition does, and what is worked out of fixed values and such facts."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.fact = cache(self._fact)

    def _fact(self, fact: str) -> bool:
        if (producer := self.plan.producers.get(fact)) is not None:
            return self.form(producer.form, None)
        return fact.startswith(READING) or self.plan.types[fact].kind in ("auswahl", "wahrheitswert")

    def joined(self, node: Every | Some, parts: Iterator[bool], here: None) -> bool:
        return True

    def atom(self, node: Atom, here: None) -> bool:
        return True

    def constant(self, node: Constant, here: None) -> bool:
        return True

    def read(self, node: Read, here: None) -> bool:
        return self.fact(node.fact)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[bool], here: None) -> bool:
        return all(operands)

    def over(self, node: Over, here: None) -> bool:
        return False

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[bool | None, bool]], here: None) -> bool:
        return all(few for _, few in meant)


def _selections(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return every selection of some words; of many words only those of one, two or all."""
    sizes = range(1, len(words) + 1) if len(words) <= _MANY_WORDS else (1, 2, len(words))
    return tuple(chain.from_iterable(combinations(words, size) for size in sizes))
