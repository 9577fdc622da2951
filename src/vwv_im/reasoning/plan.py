"""The plan: a Fassung made ready to be run, as data.

Negation is pushed down to the atoms, parameters are resolved, readings are facts (`auslegung.<name>`), and derived
facts stand in the order in which they can be computed. Every engine, and every page or proof about the law, is
derived from this.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Literal

from vwv_im.case.vocabulary import Step, Vocabulary
from vwv_im.lang import COMPARISONS, DAY, READING, Art, Atom, Condition, Constant, Expression, FactType, Form, Over, Row
from vwv_im.lang.fold import Rebuilt, facts_of, nodes
from vwv_im.lang.types import WORD
from vwv_im.law import Ableitung, Fassung, Item, Regel, Regulation
from vwv_im.law.fassung import Observed
from vwv_im.law.model import Pflicht
from vwv_im.law.observation import Widerspruch
from vwv_im.reasoning.own_day import OwnDays
from vwv_im.reasoning.stages import Days, Stages
from vwv_im.text import Text, Value, iso_day


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """A derived fact: what it is called, when it can be computed, and how."""

    fact: str
    scope: str
    stage: int
    form: Form
    item: Item[Ableitung]


@dataclass(frozen=True, slots=True, eq=False)
class SeriesDefinition:
    """The entries of a series: of which entity, when they can be made, from which to which day, and in which steps."""

    scope: str
    stage: int
    days: tuple[Expression, ...]
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """A requirement in its place in the order of examination."""

    id: str
    scope: str
    art: Art
    applies: Condition | None
    condition: Condition
    heading: Text
    item: Item[Regel]


Kind = Literal["widerspruch", "plausibilitaet", "bestand"]
"""What the truth of a named condition is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class NamedCondition:
    """A condition that enters no verdict; whether it holds, of which subject, is kept beside what is decided."""

    id: str
    kind: Kind
    scope: str
    condition: Condition


@dataclass(frozen=True, slots=True, eq=False)
class Observation(NamedCondition):
    """Something to be told of a case: a contradiction, which bars a decision, or what is not plausible."""

    item: Observed


@dataclass(frozen=True, slots=True, eq=False)
class Duty:
    """A duty that follows from a grant: whether it exists, and the day it is due or, if yearly, from and until when."""

    id: str
    applies: Condition | None
    start: Expression | None
    day: Expression | None
    item: Item[Pflicht]


@dataclass(frozen=True, eq=False)
class Plan:
    """What a question reads, derives and requires under a Fassung."""

    fassung: str
    erlasse: tuple[str, ...]
    question: str
    vocabulary: Vocabulary
    scopes: tuple[str, ...]
    types: Mapping[str, FactType]
    series: tuple[SeriesDefinition, ...]
    derivations: tuple[Derivation, ...]
    requirements: tuple[Requirement, ...]
    named: tuple[NamedCondition, ...]
    duties: tuple[Duty, ...]

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What others worked out of it, whatever the case: it goes with the plan, of which it may hold parts."""
        return {}

    @cached_property
    def top(self) -> str:
        """The entity that the question is about."""
        return self.scopes[0]

    @cached_property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """The scopes of the lists that the record of each scope holds."""
        lists = self.vocabulary.lists
        return {scope: tuple(one for one in lists[scope].values() if one in self.scopes) for scope in self.scopes}

    @cached_property
    def stages(self) -> tuple[tuple[tuple[Derivation, ...], tuple[SeriesDefinition, ...]], ...]:
        """What can be derived at once, and the series that can be made after it, in order."""
        last = max([*(one.stage for one in self.derivations), *(one.stage for one in self.series)], default=-1)
        return tuple(
            (tuple(d for d in self.derivations if d.stage == stage), tuple(s for s in self.series if s.stage == stage))
            for stage in range(last + 1)
        )

    @cached_property
    def observations(self) -> tuple[Observation, ...]:
        """What may be told of a case."""
        return tuple(one for one in self.named if isinstance(one, Observation))

    @property
    def contradictions(self) -> tuple[NamedCondition, ...]:
        """When the case says two things that cannot both be."""
        return self.of_kind("widerspruch")

    @cached_property
    def examined(self) -> tuple[str, ...]:
        """The scopes of which something is required."""
        return tuple(dict.fromkeys(one.scope for one in self.requirements))

    def of_kind(self, kind: Kind) -> tuple[NamedCondition, ...]:
        """Return the named conditions of one kind."""
        return tuple(one for one in self.named if one.kind == kind)

    @cached_property
    def producers(self) -> Mapping[str, Derivation]:
        """Which derivation gives which fact."""
        return {derivation.fact: derivation for derivation in self.derivations}

    @cached_property
    def stated(self) -> frozenset[str]:
        """The facts that a case may state and that no rule derives."""
        return frozenset(self.vocabulary.facts.keys() - self.producers.keys())

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """The disputed points that this plan reads, in alphabetical order."""
        return tuple(sorted(fact.removeprefix(READING) for fact in self.reads if fact.startswith(READING)))

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every fact that is read somewhere."""
        return frozenset(facts_of(*self.roots()))

    @cached_property
    def logic(self) -> Hashable:
        """What the plan decides by, whatever it is called: plans for which this is equal decide alike."""
        named = ((one.id, one.scope, one.art) for one in self.requirements)
        others = ((one.id, one.scope, one.kind) for one in self.named)
        duties = ((one.id, repr(one.item.model.faellig)) for one in self.duties)
        made = ((one.scope, one.step) for one in self.series)
        facts = sorted((self.reads | self.producers.keys()) & self.types.keys())
        types = ((fact, repr(self.types[fact])) for fact in facts)
        return self.scopes, (*named, *others, *duties, *made, *types, *self.producers), tuple(self.roots())

    def roots(self) -> Iterator[Form | None]:
        """Yield every form, condition and day of the plan, each the root of what stands below it."""
        yield from (day for series in self.series for day in series.days)
        yield from (derivation.form for derivation in self.derivations)
        yield from self.judged()

    def judged(self) -> Iterator[Form | None]:
        """Yield what the derived facts are for: the conditions, and the days of the duties."""
        yield from (form for requirement in self.requirements for form in (requirement.applies, requirement.condition))
        yield from (named.condition for named in self.named)
        yield from (form for duty in self.duties for form in (duty.applies, duty.start, duty.day))


@dataclass(frozen=True)
class Linker(Rebuilt[FactType]):
    """Links nodes to what they name: `parameter` gives the value of one, `lists` the scope of a list's entries.

    A node is linked for the type of fact that it is the value of, or is compared with.
    """

    types: Mapping[str, FactType]
    parameter: Callable[[str], Any]
    lists: Mapping[str, str]

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
        return super().over(replace(node, scope=self.lists[node.scope]), here)


def linked_condition(plan: Plan, fassung: Fassung, condition: Condition, scope: str) -> Condition:
    """Return a condition that stands beside the plan, about subjects of a scope, as one that can be tested under it."""
    values = {name: item.model.wert for name, item in fassung.parameters.items()}
    return Linker(plan.types, values.get, plan.vocabulary.lists_at(scope)).condition(condition, WORD)


def typed_value(value: Any, wanted: FactType) -> Value:
    """Return a written value as a value of the wanted type: days as dates, amounts as exact decimals."""
    if isinstance(value, str):
        return iso_day(value) or value
    if isinstance(value, int) and not isinstance(value, bool) and wanted.kind == "dezimal":
        return Decimal(value)
    result: Value = value
    return result


_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def roman(number: int) -> str:
    """Write a number below 40 in Roman figures.

    >>> roman(4), roman(13)
    ('IV', 'XIII')
    """
    return "X" * (number // 10) + _ROMAN[number % 10]


def make_plan(regulation: Regulation, fassung: Fassung, question: str, *, with_on_request: bool = False) -> Plan:
    """Make the plan of a question under a Fassung; with all that is worked out on request, `with_on_request`."""
    return _Planner(regulation, fassung, question, with_on_request=with_on_request).plan()


class _Planner:
    def __init__(self, regulation: Regulation, fassung: Fassung, question: str, *, with_on_request: bool) -> None:
        self.regulation, self.fassung, self.question = regulation, fassung, question
        self.vocabulary = regulation.vocabulary
        scopes = self.vocabulary.scopes(regulation.questions[question].wurzel)
        within = [item for item in fassung.derivations.values() if item.model.scope in scopes]
        self.items = [item for item in within if with_on_request or not item.model.auf_anfrage]
        self.scopes = scopes if with_on_request else tuple(self._in_use(scopes))
        self.own = OwnDays(regulation, fassung, scopes)
        self.items += self.own.applying()
        self.types = dict(self.vocabulary.types) | {item.model.ergibt: item.model.kind for item in self.items}
        for item in fassung:
            for fact in item.entry.reads:  # a fact that nobody states or derives (any more) stays unknown
                self.types.setdefault(fact, FactType("text"))
        self._linker = cache(self._linker_of)

    def _in_use(self, scopes: Iterable[str]) -> Iterator[str]:
        """Yield the scopes that are looked at: of series only those that something is derived of or required of."""
        used = {item.model.scope for item in self.items}
        used.update(item.model.bezug for item in self.fassung.rules.values())
        used.update(item.model.bezug for item in self.fassung.observations)
        over = {node.scope for item in self.items for node in nodes(*item.entry.forms) if isinstance(node, Over)}
        for scope in scopes:
            entity = self.vocabulary.entities[scope]
            below = (one for one in used if one in self.vocabulary.entities and scope in self.vocabulary.above(one))
            if entity.series is None or entity.key in over or any(below):
                yield scope

    def _linker_of(self, scope: str, place: int = -1) -> Linker:
        """Return what links nodes of a scope, with the parameters of one of the Fassungen, usually of the last."""
        values = {name: item.model.wert for name, item in self.own.fassungen[place].parameters.items()}
        return Linker(self.types, values.get, self.vocabulary.lists_at(scope))

    def _link(self, condition: Condition, scope: str, place: int = -1) -> Condition:
        return self._linker(scope, place).condition(condition, WORD)

    def _asks(self, question: str | None) -> bool:
        """Whether an item belongs to the question; the first, where it names none."""
        return (question or self.regulation.first_question) == self.question

    def plan(self) -> Plan:
        made = {item.model.ergibt: self.own.form(item, self._linked) for item in self.items}
        forms = {fact: form for fact, (form, _) in made.items()}
        series = self._series()
        stages = Stages(forms, series, self.vocabulary)
        items = {fact: item for fact, (_, item) in made.items()}
        derivations = [Derivation(f, one.model.scope, stages.of(f), forms[f], one) for f, one in items.items()]
        return Plan(
            self.fassung.id,
            self.fassung.erlasse,
            self.question,
            self.vocabulary,
            self.scopes,
            self.types,
            tuple(SeriesDefinition(scope, stages.of_series(scope), *how) for scope, how in series.items()),
            tuple(sorted(derivations, key=lambda derivation: derivation.stage)),
            tuple(self._requirements()),
            (*self._observations(), *self._standing()),
            tuple(self._duties()),
        )

    def _series(self) -> dict[str, Days]:
        found = {}
        for scope in self.scopes:
            if (series := self.vocabulary.entities[scope].series) is not None:
                linker = self._linker(self.vocabulary.parent(scope) or scope)
                found[scope] = tuple(linker.expression(day, DAY) for day in series.days), series.step
        return found

    def _linked(self, model: Ableitung, place: int) -> Form:
        wanted, linker = self.types[model.ergibt], self._linker(model.scope, place)
        if model.wenn is not None:
            return linker.condition(model.wenn, WORD)
        if model.rows is not None:
            return tuple(Row(*linker.row(row, wanted)) for row in model.rows)
        assert model.rechne is not None
        return linker.expression(model.rechne, wanted)

    def _requirements(self) -> Iterable[Requirement]:
        for number, section in enumerate(self.regulation.questions[self.question].pruefung, start=1):
            titel = section.titel
            heading = Text(f"{roman(number)}. {titel.de}", f"{roman(number)}. {titel.en}")
            for name in section.regeln:
                if (item := self.fassung.rules.get(name)) is not None:
                    model = item.model
                    applies, condition = (
                        self.own.condition(model, key, self._link) for key in ("gilt_fuer", "bedingung")
                    )
                    assert condition is not None
                    yield Requirement(name, model.bezug, model.kind, applies, condition, heading, item)

    def _observations(self) -> Iterable[Observation]:
        for item in self.fassung.observations:
            if self._asks(item.model.frage):
                kind: Kind = "widerspruch" if isinstance(item.model, Widerspruch) else "plausibilitaet"
                condition = self._link(item.model.wenn, item.model.bezug)
                yield Observation(item.id, kind, item.model.bezug, condition, item)

    def _standing(self) -> Iterable[NamedCondition]:
        asked = self.regulation.questions[self.question]
        if asked.bestand is not None:
            condition = self._link(asked.bestand, asked.wurzel)
            yield NamedCondition(self.question, "bestand", asked.wurzel, condition)

    def _duties(self) -> Iterable[Duty]:
        top = self.scopes[0]
        for item in self.fassung.duties.values():
            if self._asks(item.model.frage):
                model = item.model
                start, day = (one and self._linker(top).expression(one, DAY) for one in (model.start, model.day))
                yield Duty(item.id, model.gilt_fuer and self._link(model.gilt_fuer, top), start, day, item)
