"""What a case may state, as data: entities in a tree, their facts, and the units that numbers are counted in.

A vocabulary is read from `sachverhalt.yaml`. Everything that deals with cases of any regulation asks it; nothing here
knows which entities and facts there are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from vwv_im.lang import DAY, Expression, FactKind, FactType
from vwv_im.lang.types import WHOLE
from vwv_im.text import InputKind, Text

DECISION = "entscheidung"
"""The scope of what the decision itself knows."""
DECISION_DAY = f"{DECISION}.tag"
"""The day of the authority's decision (`on`) as rule files read it."""
FIRST, LAST, NUMBER = "von", "bis", "nummer"
"""What an entry of a series knows: its first and last day, and its number from 1."""
Step = Literal["monat", "jahr", "kalendermonat", "kalenderjahr", "ganz"]
"""How long an entry of a series is: months or years from its first day, those of the calendar, or all at once."""
_NUMBER_OF_ENTRY = re.compile(r"\[\d+\]")


def scope_of(path: str) -> str:
    """Return the scope of a fact as a rule file writes it: the first word of its path.

    >>> scope_of("haus.tuer.breite_cm")
    'haus'
    """
    return path.partition(".")[0]


def without_numbers(path: str) -> str:
    """Return a path of a case without the numbers of entries.

    >>> without_numbers("haus.zimmer[2].breite_cm")
    'haus.zimmer.breite_cm'
    """
    return _NUMBER_OF_ENTRY.sub("", path)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest number that may be stated, and with how many decimals; the smallest is 0."""

    maximum: int
    places: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What numbers count: how one and several are called, what may be stated, and usual numbers for examples.

    `currency` is that of amounts of money, as in ISO 4217; `years`: they name calendar years.
    """

    name: str
    one: Text
    several: Text
    limits: Limits | None = None
    usual: tuple[Decimal | int, ...] = ()
    currency: str | None = None
    years: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a text must be written: a pattern, what one is that does not fit, and how to mend it in each form."""

    pattern: str
    fault: Text
    hints: Mapping[InputKind, Text] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The names one of which a text must be, and the words that may stand around them.

    `only_where`: a fact of the same part and its value; where it is stated otherwise, any text may stand.
    """

    names: tuple[str, ...]
    fillers: tuple[str, ...] = ()
    only_where: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a case may state.

    `path` is written as in a rule file (`zimmer.hoehe_cm`), `key` is its name in the part that holds it, `scope` the
    entity whose record holds it. `values`, `ranks` and `labels` are for enumerations, and equal ranks mean equal
    standing; `limits` are for numbers, `spelling` and `choice` for texts. `changeable`: an applicant can still change
    it. `private`: a free label that may hold somebody's name and therefore enters no receipt and no log. `replaces`:
    the facts whose place it takes where stated; `other`: a text that nobody stated, to ask what follows from another.
    """

    path: str
    key: str
    entity: str
    scope: str
    type: FactKind
    title: Text
    question: Text
    help: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    ranks: Mapping[str, int] | None = field(default=None, hash=False)
    labels: Mapping[str, Text] = field(default_factory=dict, hash=False)
    changeable: bool = False
    private: bool = False
    limits: Limits | None = None
    spelling: Spelling | None = None
    choice: Choice | None = None
    replaces: tuple[str, ...] = ()
    other: str | None = None

    @property
    def kind(self) -> FactType:
        """Its type as rules know it."""
        return FactType(self.type, self.unit, self.values, self.ranks)

    def home(self, path: str) -> str:
        """Return what holds the fact that stands at `path` in a case: the path of its record."""
        return path.removesuffix(f".{self.path.partition('.')[2]}")


@dataclass(frozen=True, slots=True)
class Series:
    """A list of periods: from a first to a last day, as expressions of the entity above, in steps.

    After these come days at which it is cut: on each of them an entry begins as well.
    """

    days: tuple[Expression, ...]
    step: Step


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing of which a case may state facts: once, or (`many`) in a list of `least` to `most` entries.

    `within` names the entity above, nothing for one at the top; `key` is the name of the field or list that holds it,
    `prefix` what precedes its facts in a rule file. `scope` is the entity whose record holds its facts: itself where it
    stands at the top or in a list, else the one above. `series`: its entries are periods that follow from facts.
    `path` leads to it in a case, without the numbers of entries. `each` is what a rule about it applies to, as it reads
    after "für" and "for": "jede Stelle", "each post". `filled_where`: a fact beside the list, by its path from what
    holds both, and the value with which the list is not empty. `law_day`: the fact that says under the law of which day
    each is judged, with all that is below it, where that is not the day of the decision.
    """

    name: str
    key: str
    within: str | None
    prefix: str
    scope: str
    path: str
    many: bool
    title: Text
    plural: Text
    each: Text
    question: Text
    description: str
    help: str
    least: int = 1
    most: int = 1
    filled_where: tuple[str, str] | None = None
    series: Series | None = None
    law_day: str | None = None

    @property
    def own(self) -> bool:
        """Whether its facts stand in a record of its own."""
        return self.scope == self.name

    @property
    def heading(self) -> Text:
        """What the field or list that holds it is called."""
        return self.plural if self.many else self.title

    @property
    def given(self) -> dict[str, FactType]:
        """What its entries know of themselves, by path: those of a series their days and number."""
        days = {f"{self.prefix}.{FIRST}": DAY, f"{self.prefix}.{LAST}": DAY, f"{self.prefix}.{NUMBER}": WHOLE}
        return {} if self.series is None else days


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Entities by name, facts by path and units by name, each in the order in which they are written."""

    entities: Mapping[str, Entity]
    facts: Mapping[str, Fact]
    units: Mapping[str, Unit] = field(default_factory=dict)
    usual_years: tuple[int, ...] = ()

    @cached_property
    def roots(self) -> tuple[Entity, ...]:
        """The entities at the top of a case."""
        return tuple(entity for entity in self.entities.values() if entity.within is None)

    @cached_property
    def stated(self) -> tuple[Entity, ...]:
        """The entities of which a case states something: all but series."""
        return tuple(entity for entity in self.entities.values() if entity.series is None)

    @cached_property
    def types(self) -> Mapping[str, FactType]:
        """The types of all facts that are stated or given, and of the day of the decision."""
        given = {path: kind for entity in self.entities.values() for path, kind in entity.given.items()}
        return {**{path: fact.kind for path, fact in self.facts.items()}, **given, DECISION_DAY: DAY}

    def parent(self, scope: str) -> str | None:
        """Return the scope whose record holds the list of a scope, nothing for one at the top."""
        within = self.entities[scope].within
        return None if within is None else self.entities[within].scope

    def above(self, scope: str) -> tuple[str, ...]:
        """Return a scope and those above it, the innermost first."""
        parent = self.parent(scope)
        return (scope,) if parent is None else (scope, *self.above(parent))

    @cached_property
    def scopes_of_own_law(self) -> Mapping[str, str]:
        """The scopes that have a law day of their own, or lie below one that has; with the one that has it."""
        scopes = (entity.name for entity in self.entities.values() if entity.own)
        return {scope: one for scope in scopes for one in self.above(scope) if self.entities[one].law_day}

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """The scopes whose facts each scope may read: its own, those above it, and the decision."""
        scopes = (entity.name for entity in self.entities.values() if entity.own)
        return {scope: frozenset({*self.above(scope), DECISION}) for scope in scopes}

    @cached_property
    def lists(self) -> Mapping[str, Mapping[str, str]]:
        """The lists that the record of each scope holds: the scope of their entries by the name of the list."""
        found: dict[str, dict[str, str]] = {scope: {} for scope in self.reach}
        for entity in self.entities.values():
            if entity.many:
                found[self.parent(entity.name) or ""][entity.key] = entity.name
        return found

    def lists_at(self, scope: str) -> dict[str, str]:
        """Return the lists that stand at a scope, above it or below those: the scope of their entries by their name.

        Of several lists of one name the one nearest to the scope is meant.
        """
        return {name: entry for one in reversed(self.above(scope)) for name, entry in self._lists_below(one).items()}

    def _lists_below(self, scope: str) -> dict[str, str]:
        lists = self.lists[scope]
        return {name: entry for one in lists.values() for name, entry in self._lists_below(one).items()} | dict(lists)

    def scopes(self, root: str) -> tuple[str, ...]:
        """Return the scopes of a tree from a root, each after the one above it."""
        below = [name for name in self.reach if self.parent(name) == root]
        return (root, *(scope for name in below for scope in self.scopes(name)))

    def facts_of(self, entity: str) -> Iterator[Fact]:
        """Yield the facts of an entity."""
        return (fact for fact in self.facts.values() if fact.entity == entity)

    def title_at(self, path: str) -> Text:
        """Return how the fact or list at a path of a case is called."""
        found = self.at(path)
        if isinstance(found, Entity):
            return found.heading
        return found.title if found is not None else Text(path, path)

    def parts_of(self, entity: str | None) -> Iterator[Entity]:
        """Yield the entities that an entity, or a case as a whole, directly holds and states."""
        return (part for part in self.stated if part.within == entity)

    @cached_property
    def _places(self) -> Mapping[str, Fact | Entity]:
        places: dict[str, Fact | Entity] = {entity.path: entity for entity in self.entities.values()}
        facts = ((f"{self.entities[fact.entity].path}.{fact.key}", fact) for fact in self.facts.values())
        return {**places, **dict(facts)}

    def at(self, path: str) -> Fact | Entity | None:
        """Return the fact or entity at a path of a case (`haus.zimmer[2].hoehe_cm`), nothing where there is none."""
        return self._places.get(without_numbers(path))

    def fact_at(self, path: str) -> Fact | None:
        """Return the fact at a path of a case, nothing where there is none."""
        found = self.at(path)
        return found if isinstance(found, Fact) else None

    def entity_at(self, path: str) -> Entity | None:
        """Return the entity at a path of a case, nothing where there is none."""
        found = self.at(path)
        return found if isinstance(found, Entity) else None
