"""The plan: a Fassung made ready to be run, as data.

Negation is pushed down to the atoms, parameters are resolved, readings are facts (`auslegung.<name>`), and derived
facts stand in the order in which they can be computed. Every engine, and every page or proof about the law, is
derived from this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from vwv_im.case.facts import Scope
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import READING, Condition, Expression, Form
from vwv_im.lang.truth import Art
from vwv_im.lang.types import FactType
from vwv_im.law.fassung import Item
from vwv_im.law.model import Ableitung, Pflicht, Question, Regel, Widerspruch
from vwv_im.text import Text


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
        for requirement in self.requirements:
            yield requirement.applies
            yield requirement.condition
        yield from (contradiction.condition for contradiction in self.contradictions)
        for duty in self.duties:
            yield duty.applies
            yield duty.day
