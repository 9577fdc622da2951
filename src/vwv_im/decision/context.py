"""The context of a decision: the plan that was run, what it found, and how its parts are called."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, Literal, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from vwv_im.case import FACTS, PARTS
from vwv_im.lang.nodes import READING, Atom, Condition, Expression, condition_of
from vwv_im.lang.truth import Truth
from vwv_im.law.fassung import Fassung
from vwv_im.law.regulation import Regulation
from vwv_im.law.types import DAY, scope_of
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.frames import Frame
from vwv_im.reasoning.plan import Derivation, Plan, Requirement
from vwv_im.text import Text

UNSTATED = ("antrag.stellen", "antrag.mitglieder")
"""The subjects that stand for posts or members that are not stated."""
T = TypeVar("T")
Document = dict[str, Any]
Outcome = Literal["decided", "outside_scope", "contradictory"]
"""Whether a case is decided, and if not, why."""


class Subject(NamedTuple):
    """What a requirement is about: the application, a post, a member or a person.

    `name` is its path in the case; `number` counts posts and members from 0, and is `None` where there is only one
    or where the posts are not stated.
    """

    scope: str
    name: str
    number: int | None
    frame: Frame

    def path(self, fact: str) -> str:
        """Return the path of a fact in the case, as seen from here."""
        scope, _, rest = fact.partition(".")
        return f"{self.name}.{rest}" if scope == self.scope else fact


_ONCE: WeakKeyDictionary[Plan, dict[Hashable, tuple[object, Any]]] = WeakKeyDictionary()
_WRITTEN: WeakKeyDictionary[Plan, dict[Hashable, bytes]] = WeakKeyDictionary()
_MOST_WRITTEN = 4096
"""So many documents are kept for a plan, of some kilobytes each; with one more, all are forgotten."""


@dataclass(frozen=True, eq=False)
class Names:
    """How the facts of a plan are called, how their values read, and in which unit they are counted."""

    regulation: Regulation
    plan: Plan

    def title(self, fact: str) -> Text:
        """Return how a fact is called."""
        if fact in FACTS:
            return FACTS[fact].title
        if fact in PARTS:
            return PARTS[fact].title
        if fact == DAY:
            return Text("Tag der Entscheidung", "Day of the decision")
        if fact.startswith(READING):
            return self.regulation.readings[fact.removeprefix(READING)].frage.text
        return self.plan.producers[fact].item.model.titel.text

    def labels(self, fact: str) -> Mapping[str, Text]:
        """Return how the values of a fact are called in a sentence."""
        if fact in FACTS:
            return FACTS[fact].labels
        if fact.startswith(READING):
            readings = self.regulation.readings[fact.removeprefix(READING)].lesarten
            return {name: reading.titel.text for name, reading in readings.items()}
        producer = self.plan.producers.get(fact)
        titles = (producer.item.model.wertetitel or {}) if producer else {}
        return {value: title.text for value, title in titles.items()}

    def unit(self, fact: str) -> str | None:
        """Return the unit of a fact."""
        return self.plan.types[fact].unit if fact in self.plan.types else None


@dataclass(frozen=True, eq=False)
class Context(Names):
    """A plan with its names, its evaluation, and the regulation it came from."""

    plan: Plan = field(init=False)
    fassung: Fassung
    program: Direct
    evaluation: Evaluation

    def __post_init__(self) -> None:
        object.__setattr__(self, "plan", self.program.plan)

    @cached_property
    def _once(self) -> dict[Hashable, tuple[object, Any]]:
        return _ONCE.setdefault(self.plan, {})

    def once(self, what: str, about: object, work: Callable[[], T]) -> T:
        """Return what `work` gives, done once for a plan: what the norm says, whatever the case.

        `about` is told from others by its identity, and kept with what was found, so that no other can take its place.
        """
        key = (what, id(about))
        found = self._once.get(key)
        if found is None:
            found = self._once[key] = (about, work())
        result: T = found[1]
        return result

    def written(self, about: tuple[Hashable, ...], write: Callable[[], Document]) -> Document:
        """Return a document that follows from the plan and `about` alone: a new one, but written only once."""
        kept = _WRITTEN.setdefault(self.plan, {})
        found = kept.get(about)
        if found is None:
            if len(kept) >= _MOST_WRITTEN:
                kept.clear()
            found = kept[about] = marshal.dumps(write())
        document: Document = marshal.loads(found)  # noqa: S302 - what was dumped here
        return document

    @cached_property
    def _subjects(self) -> dict[str, tuple[Subject, ...]]:
        return {}

    def subjects(self, scope: str) -> tuple[Subject, ...]:
        """Return every subject of a scope."""
        if scope not in self._subjects:
            self._subjects[scope] = tuple(self._subjects_of(scope))
        return self._subjects[scope]

    def _subjects_of(self, scope: str) -> list[Subject]:
        frames = self.evaluation.frames
        if scope == "stelle":
            if not frames.posts_stated:
                return [Subject(scope, "antrag.stellen", None, frames.posts[0])]
            return [Subject(scope, f"antrag.stellen[{i}]", i, frame) for i, frame in enumerate(frames.posts)]
        if scope == "mitglied" and not frames.members_stated:
            return [Subject(scope, "antrag.mitglieder", None, frames.members[0])]
        if scope == "mitglied":
            return [Subject(scope, f"antrag.mitglieder[{i}]", i, frame) for i, frame in enumerate(frames.members)]
        return [Subject(scope, scope, None, frames.top)]

    def findings(self) -> Iterator[tuple[Requirement, Subject, tuple[Truth, Truth]]]:
        """Yield every requirement with every subject, and whether it applies and holds."""
        findings = iter(self.evaluation.findings)
        for requirement in self.plan.requirements:
            for subject in self.subjects(requirement.scope):
                yield requirement, subject, next(findings)

    def value(self, fact: str, subject: Subject) -> Any:
        """Return the value of a fact as seen from a subject; `None` where it is unknown."""
        return self.program.layout.value(subject.frame, subject.scope, fact)

    def truth(self, condition: Condition, subject: Subject) -> Truth:
        """Return whether a condition, or a part of one, holds for a subject."""
        return self.program.test(condition, subject.scope)(subject.frame)

    def computed(self, expression: Expression, subject: Subject) -> Any:
        """Return what an expression of the plan gives for a subject; `None` where it is unknown."""
        get = self.once(subject.scope, expression, lambda: self.program.value(expression, subject.scope))
        return get(subject.frame)

    def home(self, fact: str, subject: Subject) -> Subject:
        """Return the subject that a fact belongs to, as seen from `subject`."""
        return subject if scope_of(fact) == subject.scope else self.subjects(self.plan.scopes[0])[0]

    def derived(self) -> Iterator[tuple[Derivation, Subject]]:
        """Yield every derived fact with every subject it was derived for."""
        return self.stated_of(self.plan.derivations)

    def results(self) -> Iterator[tuple[Derivation, Subject]]:
        """Yield the derived facts that are results, not mere steps."""
        steps = self.plan.derivations
        return self.stated_of(
            self.once("results", self.plan, lambda: tuple(d for d in steps if not d.item.model.zwischenwert))
        )

    @cached_property
    def results_by_path(self) -> tuple[tuple[str, Derivation, Subject], ...]:
        """The same in the order of their paths, each with its path."""
        found = [(subject.path(d.fact), d, subject) for d, subject in self.results()]
        return tuple(sorted(found, key=itemgetter(0)))

    def stated_of(self, derivations: tuple[Derivation, ...]) -> Iterator[tuple[Derivation, Subject]]:
        """Yield some derived facts with every subject they were derived for that the case states."""
        for derivation in derivations:
            for subject in self.subjects(derivation.scope):
                if subject.name not in UNSTATED:
                    yield derivation, subject

    def definition(self, atom: Atom) -> Condition | None:
        """Return the condition that defines the fact of an atom, where the fact is derived by one."""
        form = self.plan.producers[atom.fact].form if atom.fact in self.plan.producers else None
        return condition_of(form)
