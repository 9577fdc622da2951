"""The plan: a Fassung made ready to be run, as data.

Negation is pushed down to the atoms, parameters are resolved, readings are facts (`auslegung.<name>`), and derived
facts stand in the order in which they can be computed. Every engine, and every page or proof about the law, is
derived from this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from vwv_im.case.facts import Scope
from vwv_im.lang.fold import Rebuilt, facts_of
from vwv_im.lang.nodes import READING, Atom, Condition, Constant, Expression, Form, Over, Row
from vwv_im.lang.table import COMPARISONS
from vwv_im.lang.truth import Art
from vwv_im.lang.types import DAY, WORD, FactType
from vwv_im.law.fassung import Fassung, Item
from vwv_im.law.model import Ableitung, Abschnitt, Pflicht, Question, Regel, Widerspruch, facts_read
from vwv_im.law.regulation import Regulation
from vwv_im.law.types import LISTS, derived_type, scope_of, stated_types
from vwv_im.text import Text
from vwv_im.text.values import Value, iso_day


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """A derived fact: what it is called, when it can be computed, and how."""

    fact: str
    scope: Scope
    stage: int
    form: Form
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
        return frozenset(facts_of(*self.roots()))

    def roots(self) -> Iterator[Form | None]:
        """Yield every form, condition and day of the plan, each the root of what stands below it."""
        yield from (derivation.form for derivation in self.derivations)
        yield from self.judged()

    def judged(self) -> Iterator[Form | None]:
        """Yield what the derived facts are for: the conditions, and the days of the duties."""
        for requirement in self.requirements:
            yield requirement.applies
            yield requirement.condition
        yield from (contradiction.condition for contradiction in self.contradictions)
        for duty in self.duties:
            yield duty.applies
            yield duty.day


class Linker(Rebuilt[FactType]):
    """Links nodes to what they name: `parameter` gives the value of one, `lists` the scope of a list's entries.

    A node is linked for the type of fact that it is the value of, or is compared with.
    """

    def __init__(
        self, types: Mapping[str, FactType], parameter: Callable[[str], Any], lists: Mapping[str, str]
    ) -> None:
        self.types = types
        self.parameter = parameter
        self.lists = lists

    def atom(self, node: Atom, here: FactType) -> Condition:
        """Return a comparison with what it names."""
        if node.fact.startswith(READING):
            return node
        wanted, operand = self.types[node.fact], node.operand
        if not isinstance(operand, tuple):
            linked: Any = self.expression(operand, wanted)
        else:
            linked = tuple(self.constant(part, wanted) for part in operand)
            if COMPARISONS[node.written].of_lists:
                linked = Constant(tuple(sorted(str(part.value) for part in linked)), at=node.at)
        return Atom(node.fact, node.operator, linked, node.at, node.written)

    def constant(self, node: Constant, here: FactType) -> Constant:
        """Return a fixed value or the value of a parameter, as one of the type wanted."""
        value = node.value if node.parameter is None else self.parameter(node.parameter)
        return Constant(typed_value(value, here), node.parameter, node.at)

    def over(self, node: Over, here: FactType) -> Expression:
        """Return an operation over the entries of a list, named by their scope."""
        return Over(node.operation, self.lists[node.scope], self.expression(node.value, here), node.at)


def typed_value(value: Any, wanted: FactType) -> Value:
    """Return a written value as a value of the wanted type: days as dates, amounts as exact decimals."""
    if isinstance(value, str):
        return iso_day(value) or value
    if isinstance(value, int) and not isinstance(value, bool) and wanted.kind == "dezimal":
        return Decimal(value)
    result: Value = value
    return result


_SCOPES: Mapping[Question, frozenset[str]] = {
    "antrag": frozenset({"antrag", "stelle", "mitglied"}),
    "zielgruppe": frozenset({"person"}),
    "zaehlung": frozenset({"person"}),
}
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Write a number below 40 in Roman figures.

    >>> roman(4), roman(13)
    ('IV', 'XIII')
    """
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def make_plan(regulation: Regulation, fassung: Fassung, question: Question) -> Plan:
    """Make the plan of a question under a Fassung."""
    return _Planner(fassung, question).plan(regulation.schema(question))


class _Planner:
    def __init__(self, fassung: Fassung, question: Question) -> None:
        self.fassung = fassung
        self.question = question
        self.scopes = _SCOPES[question]
        self.items = [item for item in fassung.derivations.values() if scope_of(item.model.ergibt) in self.scopes]
        self.types: dict[str, FactType] = {
            **stated_types(),
            **{item.model.ergibt: derived_type(item.model) for item in self.items},
        }
        for item in fassung:
            for fact in facts_read(item.model):  # a fact that nobody states or derives (any more) stays unknown
                self.types.setdefault(fact, FactType("text"))
        self.linker = Linker(self.types, self._value_of, LISTS)

    def _value_of(self, parameter: str) -> Any:
        item = self.fassung.parameters.get(parameter)
        return item.model.wert if item else None

    def _linked(self, condition: Condition) -> Condition:
        return self.linker.condition(condition, WORD)

    def plan(self, schema: Iterable[Abschnitt]) -> Plan:
        return Plan(
            self.fassung.id,
            self.fassung.erlasse,
            self.question,
            self.types,
            tuple(self._derivations()),
            tuple(self._requirements(schema)),
            tuple(self._contradictions()),
            tuple(self._duties()) if self.question == "antrag" else (),
        )

    def _derivations(self) -> Iterable[Derivation]:
        producers = {item.model.ergibt: item for item in self.items}
        stages: dict[str, int] = {}

        def stage(fact: str) -> int:
            if fact not in producers:
                return -1
            if fact not in stages:
                stages[fact] = 1 + max((stage(read) for read in facts_read(producers[fact].model)), default=-1)
            return stages[fact]

        for item in sorted(self.items, key=lambda item: stage(item.model.ergibt)):
            yield self._derivation(item, stage(item.model.ergibt))

    def _derivation(self, item: Item[Ableitung], stage: int) -> Derivation:
        model, wanted = item.model, self.types[item.model.ergibt]
        form: Form
        if model.wenn is not None:
            form = self._linked(model.wenn)
        elif model.rows is not None:
            form = tuple(Row(*self.linker.row(row, wanted)) for row in model.rows)
        else:
            assert model.rechne is not None
            form = self.linker.expression(model.rechne, wanted)
        scope: Any = scope_of(model.ergibt)
        return Derivation(model.ergibt, scope, stage, form, item)

    def _requirements(self, schema: Iterable[Abschnitt]) -> Iterable[Requirement]:
        for number, section in enumerate(schema, start=1):
            titel = section.titel
            heading = Text(f"{roman(number)}. {titel.de}", f"{roman(number)}. {titel.en}")
            for name in section.regeln:
                if (item := self.fassung.rules.get(name)) is not None:
                    model = item.model
                    applies = model.gilt_fuer and self._linked(model.gilt_fuer)
                    condition = self._linked(model.bedingung)
                    yield Requirement(name, model.bezug, model.art, applies, condition, heading, item)

    def _contradictions(self) -> Iterable[Contradiction]:
        for item in self.fassung.contradictions.values():
            if item.model.frage == self.question:
                yield Contradiction(item.id, item.model.bezug, self._linked(item.model.wenn), item)

    def _duties(self) -> Iterable[Duty]:
        for item in self.fassung.duties.values():
            model = item.model
            day = model.day and self.linker.expression(model.day, DAY)
            yield Duty(item.id, model.gilt_fuer and self._linked(model.gilt_fuer), day, item)
