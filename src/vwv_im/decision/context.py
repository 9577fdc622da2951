"""The context of a decision: the plan that was run, what it found, and how its parts are called."""

import marshal
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import Any, Literal, TypeVar

from vwv_im.case.vocabulary import DECISION_DAY, FIRST, LAST, NUMBER, Vocabulary, scope_of
from vwv_im.lang import READING, Atom, Condition, Expression, Truth
from vwv_im.law import Fassung, Regulation
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import Derivation, Kind, NamedCondition, Plan, Requirement
from vwv_im.reasoning.records import Subject
from vwv_im.text import Text, did_you_mean

T = TypeVar("T")
Document = dict[str, Any]
Outcome = Literal["decided", "outside_scope", "contradictory"]
"""Whether a case is decided, and if not, why."""


_OF_A_SERIES: Mapping[str, Text] = {
    FIRST: Text("erster Tag", "first day"),
    LAST: Text("letzter Tag", "last day"),
    NUMBER: Text("Nummer", "number"),
}
_MOST_CACHED = 4096
"""So many documents are kept for a plan, of some kilobytes each; with one more, all are forgotten."""


def title_of_given(vocabulary: Vocabulary, fact: str) -> Text:
    """Return how a fact is called that no case states and no rule derives: the day, what an entry of a series knows."""
    if fact == DECISION_DAY:
        return Text("Tag der Entscheidung", "Day of the decision")
    entity, said = vocabulary.entities[scope_of(fact)], _OF_A_SERIES[fact.rpartition(".")[2]]
    return Text(f"{entity.title.de}: {said.de}", f"{entity.title.en}: {said.en}")


@dataclass(eq=False)
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


@dataclass(eq=False)
class Context(Names):
    """A plan with its names, its evaluation, and the regulation it came from."""

    plan: Plan = field(init=False)
    fassung: Fassung
    direct: Direct
    evaluation: Evaluation

    def __post_init__(self) -> None:
        self.plan = self.direct.plan

    def memoize(self, what: str, about: object, work: Callable[[], T]) -> T:
        """Return what `work` gives, done once for a plan: what the norm says, whatever the case.

        `about` is compared by identity, and kept with the result so that no other object can take its place.
        """
        key = (what, id(about))
        found = self.plan.kept.get(key)
        if found is None:
            found = self.plan.kept[key] = (about, work())
        result: T = found[1]
        return result

    def cached_json(self, about: tuple[Hashable, ...], write: Callable[[], Document]) -> Document:
        """Return a document that follows from the plan and `about` alone: a new one, but written only once."""
        kept: dict[Hashable, bytes] = self.plan.kept.setdefault("documents", {})
        found = kept.get(about)
        if found is None:
            if len(kept) >= _MOST_CACHED:
                kept.clear()
            found = kept[about] = marshal.dumps(write())
        document: Document = marshal.loads(found)  # noqa: S302 - what was dumped here
        return document

    def subjects(self, scope: str) -> tuple[Subject, ...]:
        """Return every subject of a scope."""
        return self.evaluation.records.subjects(scope)

    def entries(self, subject: Subject, scope: str) -> Iterator[Subject]:
        """Yield the entries of a list that stands at a subject or above it; from each the subject can be seen."""
        lists = self.plan.vocabulary.above(scope)
        holder = next(found for one in lists if (found := subject.at(one)) is not None)
        for one in self.subjects(scope):
            above = one.at(holder.scope)
            if above is not None and above.name == holder.name:
                yield one if holder.scope == subject.scope else one._replace(around=subject)

    @cached_property
    def tested(self) -> list[tuple[Requirement, tuple[Subject, ...], tuple[tuple[Truth, Truth], ...]]]:
        """Every requirement with all its subjects, and whether it applies and holds for each of them."""
        begun, tested = 0, []
        for requirement in self.plan.requirements:
            subjects = self.subjects(requirement.scope)
            end = begun + len(subjects)
            tested.append((requirement, subjects, self.evaluation.findings[begun:end]))
            begun = end
        return tested

    def findings(self) -> Iterator[tuple[Requirement, Subject, tuple[Truth, Truth]]]:
        """Yield every requirement with every subject, and whether it applies and holds."""
        for requirement, subjects, found in self.tested:
            yield from zip(repeat(requirement), subjects, found, strict=False)

    def named(self, kind: Kind) -> Iterator[tuple[NamedCondition, Subject, Truth]]:
        """Yield every named condition of one kind with every subject, and whether it holds."""
        truths = iter(self.evaluation.present.get(kind, ()))
        for named in self.plan.of_kind(kind):
            for subject in self.subjects(named.scope):
                yield named, subject, next(truths)

    def value(self, fact: str, subject: Subject) -> Any:
        """Return the value of a fact as seen from a subject; `None` where it is unknown."""
        scope, slot = self.direct.layout.slots[fact]
        home = subject if scope == subject.scope else subject.at(scope)
        return None if home is None else home.record[slot]

    def truth(self, condition: Condition | None, subject: Subject) -> Truth:
        """Return whether a condition, or a part of one, holds for a subject; where there is none, it does."""
        truth: Truth = self.compute(condition, subject)
        return truth

    def compute(self, form: Condition | Expression | None, subject: Subject) -> Any:
        """Return what a form of the plan gives for a subject, or a part of one; `None` where it is unknown."""
        around = subject.around
        get = self.direct.value(form, subject.scope, around and around.scope)
        return get(subject.record, around and around.record)

    def owner(self, fact: str, subject: Subject) -> Subject:
        """Return the subject that a fact belongs to, as seen from `subject`."""
        return subject.at(scope_of(fact)) or self.subjects(self.plan.top)[0]

    def derived(self) -> Iterator[tuple[Derivation, Subject]]:
        """Yield every derived fact with every subject it was derived for."""
        return self.at_stated(self.plan.derivations)

    @property
    def result_derivations(self) -> tuple[Derivation, ...]:
        """What derives results, not mere steps."""
        every = self.plan.derivations
        return self.memoize(
            "results", self.plan, lambda: tuple(one for one in every if not one.item.model.zwischenwert)
        )

    def results(self) -> Iterator[tuple[Derivation, Subject]]:
        """Yield the derived facts that are results with every subject they were derived for."""
        return self.at_stated(self.result_derivations)

    @cached_property
    def results_by_path(self) -> tuple[tuple[str, Derivation, Subject], ...]:
        """The same in the order of their paths, each with its path."""
        found = [(subject.path(d.fact), d, subject) for d, subject in self.results()]
        return tuple(sorted(found, key=itemgetter(0)))

    def at_stated(self, derivations: tuple[Derivation, ...]) -> Iterator[tuple[Derivation, Subject]]:
        """Yield some derived facts with every subject they were derived for that the case states."""
        for derivation in derivations:
            for subject in self.subjects(derivation.scope):
                if subject.stated:
                    yield derivation, subject

    def definition(self, atom: Atom) -> Condition | None:
        """Return the condition that defines the fact of an atom, where the fact is derived by one."""
        form = self.plan.producers[atom.fact].form if atom.fact in self.plan.producers else None
        return form if isinstance(form, Condition) else None


class Values:
    """The derived values of one record: `None` where one is open, a tuple of records for a list, `None` if unstated."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        hint = did_you_mean(name, self._values)
        raise AttributeError(f"no derived value {name!r}" + (f"; {hint.en}" if hint else ""))

    def __dir__(self) -> list[str]:
        return sorted(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Values({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"


def values_of(context: Context, subject: Subject, *, known: bool) -> Values:
    """Return the values of one record and of those in its lists; all open where they are not `known`."""
    found, entities = dict[str, Any](), context.vocabulary.entities
    for derivation in context.plan.derivations:
        if derivation.scope == subject.scope and not derivation.item.model.zwischenwert:
            value = context.value(derivation.fact, subject) if known else None
            _set(found, derivation.fact.split(".")[1:], value)
    for inner, slot in context.direct.layout.lists[subject.scope].items():
        if entities[inner].series is None:
            entries = [one for one in context.entries(subject, inner) if one.stated]
            stated = known and subject.record[slot] is not None
            keys = entities[inner].path.removeprefix(f"{entities[subject.scope].path}.").split(".")
            _set(found, keys, tuple(values_of(context, one, known=known) for one in entries) if stated else None)
    return _closed(found)


def _set(found: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        found = found.setdefault(key, {})
    found[keys[-1]] = value


def _closed(found: Mapping[str, Any]) -> Values:
    return Values({key: _closed(value) if isinstance(value, dict) else value for key, value in found.items()})
