"""The context of a decision: the plan that was run, what it found, and how its parts are called."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

from vwv_im.case.vocabulary import DAY, FIRST, LAST, NUMBER, Vocabulary, scope_of
from vwv_im.lang.nodes import READING, Atom, Condition, Expression, condition_of
from vwv_im.lang.truth import Truth
from vwv_im.law.fassung import Fassung
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import Derivation, Plan, Requirement
from vwv_im.reasoning.records import Subject
from vwv_im.text import Text

T = TypeVar("T")
Document = dict[str, Any]
Outcome = Literal["decided", "outside_scope", "contradictory"]
"""Whether a case is decided, and if not, why."""


_GIVEN: Mapping[str, Text] = {DAY: Text("Tag der Entscheidung", "Day of the decision")}
_OF_A_SERIES: Mapping[str, Text] = {
    FIRST: Text("erster Tag", "first day"),
    LAST: Text("letzter Tag", "last day"),
    NUMBER: Text("Nummer", "number"),
}
_ONCE: WeakKeyDictionary[Plan, dict[Hashable, tuple[object, Any]]] = WeakKeyDictionary()
_WRITTEN: WeakKeyDictionary[Plan, dict[Hashable, bytes]] = WeakKeyDictionary()
_MOST_WRITTEN = 4096
"""So many documents are kept for a plan, of some kilobytes each; with one more, all are forgotten."""


def title_of_given(vocabulary: Vocabulary, fact: str) -> Text:
    """Return how a fact is called that no case states and no rule derives: the day, what an entry of a series knows."""
    if fact in _GIVEN:
        return _GIVEN[fact]
    entity, said = vocabulary.entities[scope_of(fact)], _OF_A_SERIES[fact.rpartition(".")[2]]
    return Text(f"{entity.title.de}: {said.de}", f"{entity.title.en}: {said.en}")


@dataclass(frozen=True, eq=False)
class Names:
    """How the facts of a plan are called, how their values read, and in which unit they are counted."""

    regulation: Regulation
    plan: Plan

    @property
    def vocabulary(self) -> Vocabulary:
        """What a case may state."""
        return self.regulation.vocabulary

    def title(self, fact: str) -> Text:
        """Return how a fact, or a part of a case, is called."""
        if fact in self.vocabulary.facts:
            return self.vocabulary.facts[fact].title
        if (entity := self.vocabulary.entity_at(fact)) is not None:
            return entity.heading
        if fact.startswith(READING):
            return self.regulation.readings[fact.removeprefix(READING)].frage.text
        if fact in self.plan.producers:
            return self.plan.producers[fact].item.model.titel.text
        return title_of_given(self.vocabulary, fact)

    def labels(self, fact: str) -> Mapping[str, Text]:
        """Return how the values of a fact are called in a sentence."""
        if fact in self.vocabulary.facts:
            return self.vocabulary.facts[fact].labels
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
            self._subjects[scope] = self.evaluation.records.subjects(scope)
        return self._subjects[scope]

    def entries(self, subject: Subject, scope: str) -> Iterator[Subject]:
        """Yield the entries of a list that stands at a subject or above it; from each the subject can be seen."""
        lists = self.plan.vocabulary.above(scope)
        holder = next(found for one in lists if (found := subject.at(one)) is not None)
        for one in self.subjects(scope):
            above = one.at(holder.scope)
            if above is not None and above.name == holder.name:
                yield one if holder.scope == subject.scope else one._replace(around=subject)

    def findings(self) -> Iterator[tuple[Requirement, Subject, tuple[Truth, Truth]]]:
        """Yield every requirement with every subject, and whether it applies and holds."""
        findings = iter(self.evaluation.findings)
        for requirement in self.plan.requirements:
            for subject in self.subjects(requirement.scope):
                yield requirement, subject, next(findings)

    def value(self, fact: str, subject: Subject) -> Any:
        """Return the value of a fact as seen from a subject; `None` where it is unknown."""
        scope, slot = self.program.layout.slot(fact)
        home = subject if scope == subject.scope else subject.at(scope)
        return None if home is None else home.record[slot]

    def truth(self, condition: Condition, subject: Subject) -> Truth:
        """Return whether a condition, or a part of one, holds for a subject."""
        return self.program.test(condition, subject.scope)(subject.record)

    def computed(self, expression: Expression, subject: Subject) -> Any:
        """Return what an expression of the plan gives for a subject; `None` where it is unknown."""
        get = self.once(subject.scope, expression, lambda: self.program.value(expression, subject.scope))
        return get(subject.record)

    def home(self, fact: str, subject: Subject) -> Subject:
        """Return the subject that a fact belongs to, as seen from `subject`."""
        return subject.at(scope_of(fact)) or self.subjects(self.plan.top)[0]

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
                if subject.stated:
                    yield derivation, subject

    def definition(self, atom: Atom) -> Condition | None:
        """Return the condition that defines the fact of an atom, where the fact is derived by one."""
        form = self.plan.producers[atom.fact].form if atom.fact in self.plan.producers else None
        return condition_of(form)
