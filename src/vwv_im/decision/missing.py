"""What a decision lacks and what decides it: the facts that are not stated, and those that are not met."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.context import Context
from vwv_im.decision.reason import ConditionResult, Reason
from vwv_im.lang import Atom, Compute, Constant, Every, Operation, Over, Row, Some, Verdict, facts_of
from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import Read, is_reading
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, JsonObject, Text


@dataclass(frozen=True, slots=True)
class Missing(JsonObject, schema="MissingDocument"):
    """A fact that the case does not state and an open requirement needs: its path, the question, the rules."""

    fact: FactPath
    question: Text
    rules: tuple[str, ...]


def missing_of(context: Context, reasons: Iterable[Reason], *, prune: bool = False) -> tuple[Missing, ...]:
    """Return every unstated fact in an open comparison of an open requirement, in the order of examination.

    What the reading followed does not ask is left out, and what it rests on that a requirement applies, where it is
    known. `prune`: only those on which an open requirement still turns, in branches that are not decided.
    """
    found: dict[str, tuple[Text, dict[str, None]]] = {}
    tracer = Tracer(context, prune=prune)
    for reason in reasons:
        if reason.verdict is Verdict.OPEN:
            for path, question in tracer.of_reason(reason):
                found.setdefault(path, (question, {}))[1][reason.rule] = None
    return tuple(Missing(path, question, tuple(rules)) for path, (question, rules) in found.items())


def lacking(context: Context, fact: str, subject: Subject) -> tuple[str, ...]:
    """Return the paths of the stated facts for lack of which a derived fact is unknown, in the order they are read."""
    return tuple(dict.fromkeys(path for path, _ in Tracer(context).of_fact(fact, subject)))


Lacking = Iterable[tuple[str, Text]]
"""What is lacking: paths, each with its question."""


class Tracer(Fold[Lacking, Lacking, Subject]):
    """Follows open comparisons to the facts they lack; it passes over branches that a reading decides.

    With `prune` it passes over all that are decided. A derived fact is followed once, however often it is read.
    """

    def __init__(self, context: Context, *, prune: bool = False) -> None:
        self.context = context
        self.prune = prune
        self._followed: set[tuple[str, str]] = set()

    def of_reason(self, reason: Reason) -> Iterator[tuple[str, Text]]:
        """Yield what a reason lacks."""
        self._followed.clear()
        subject = reason.condition.subject
        applies, condition = reason.requirement.applies, reason.requirement.condition
        if applies is not None and reason.applies is Verdict.OPEN:
            yield from self.condition(applies, subject)
        yield from self.condition(condition, subject)

    def of_fact(self, fact: str, subject: Subject) -> Iterator[tuple[str, Text]]:
        """Yield what a fact lacks: itself where the case may state it, else what it is derived from."""
        home = self.context.owner(fact, subject)
        if self.context.value(fact, home) is None:
            producer = self.context.plan.producers.get(fact)
            if producer is None:
                yield from self._missing_at(fact, home)
            elif (place := (fact, home.name)) not in self._followed:
                self._followed.add(place)
                yield from self.form(producer.form, home)

    def joined(self, node: Every | Some, parts: Iterator[Lacking], here: Subject) -> Lacking:
        """Return what the parts lack that are not decided."""
        decided = self.prune and self.context.truth(node, here) is not None
        by_reading = any(
            self.context.truth(part, here) is node.connective.decides for part in node.parts if is_reading(part)
        )
        return () if decided or by_reading else chain.from_iterable(parts)

    def atom(self, node: Atom, here: Subject) -> Lacking:
        """Return what an open comparison lacks."""
        if self.context.truth(node, here) is not None:
            return ()
        facts = (node.fact,) if node.other is None else (node.fact, node.other)
        return chain.from_iterable(self.of_fact(fact, here) for fact in facts)

    def constant(self, node: Constant, here: Subject) -> Lacking:
        """Return nothing: it is known."""
        return ()

    def read(self, node: Read, here: Subject) -> Lacking:
        """Return what the fact lacks."""
        return self.of_fact(node.fact, here)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Lacking], here: Subject) -> Lacking:
        """Return what the operands lack."""
        return chain.from_iterable(operands)

    def over(self, node: Over, here: Subject) -> Lacking:
        """Return what the entries of a list lack, or the list."""
        subjects = tuple(self.context.entries(here, node.scope))
        if unstated := [one for one in subjects if not one.stated or one.number is None]:
            return self._missing_list(unstated[0])
        return chain.from_iterable(self._of_entry(node, inner) for inner in subjects)

    def _of_entry(self, node: Over, inner: Subject) -> Lacking:
        """Return what an entry lacks to be counted, or to be left out."""
        counts = self.context.truth(node.where, inner)
        asked = self.condition(node.where, inner) if counts is None and node.where is not None else ()
        return () if counts is False else chain(asked, self.expression(node.value, inner))

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Lacking | None, Lacking]], here: Subject) -> Lacking:
        """Yield what all rows ask for that are not *no*, up to the first that holds."""
        for row, (condition, value) in zip(rows, meant, strict=True):
            holds = self.context.truth(row.condition, here)
            if holds is not False:
                yield from chain(condition or (), value)
            if holds:
                return

    def _missing_at(self, fact: str, subject: Subject) -> Lacking:
        if not subject.stated:
            return self._missing_list(subject)
        known = self.context.vocabulary.facts.get(fact)
        return [] if known is None else [(subject.path(fact), known.question)]

    def _missing_list(self, subject: Subject) -> Lacking:
        """Return what must be stated for a list to be known: the list, or the days from which its periods follow."""
        for series in self.context.plan.series:
            if series.scope == subject.scope and subject.above is not None:
                return chain.from_iterable(self.expression(day, subject.above) for day in series.days)
        entity = self.context.vocabulary.entity_at(subject.name)
        return [] if entity is None else [(subject.name, entity.question)]


class Asking(Tracer):
    """Follows what is open one step at a time, as one asks."""

    def of_reason(self, reason: Reason) -> Iterator[tuple[str, Text]]:
        """Yield on what it turns whether a requirement applies; where that is known, what it lacks itself."""
        self._followed.clear()
        applies, condition = reason.requirement.applies, reason.requirement.condition
        doubtful = applies is not None and reason.applies is Verdict.OPEN
        yield from self.condition(applies if applies is not None and doubtful else condition, reason.condition.subject)

    def joined(self, node: Every | Some, parts: Iterator[Lacking], here: Subject) -> Lacking:
        """Yield what each part of a conjunction lacks, and the first alternative that lacks anything."""
        if isinstance(node, Every) or self.context.truth(node, here) is not None:
            return super().joined(node, parts, here)
        return next((found for part in parts if (found := list(part))), [])

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Lacking], here: Subject) -> Lacking:
        """Yield what the operands lack, without what may be stated in place of the others."""
        first = node.operands[0]
        if operation.lazy and isinstance(first, Read) and first.fact in self.context.plan.stated:
            next(operands)
        return chain.from_iterable(operands)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Lacking | None, Lacking]], here: Subject) -> Lacking:
        """Yield what the first row lacks that is not *no*."""
        for row, (condition, value) in zip(rows, meant, strict=True):
            holds = self.context.truth(row.condition, here)
            if holds is not False:
                return value if holds else condition or ()
        return ()


def decisive_facts(reason: Reason) -> tuple[str, ...]:
    """Return the paths of the stated facts in the parts of a reason that are not met; nothing for one that is met.

    Derived facts are followed to the facts they were derived from.
    """
    if reason.verdict is Verdict.YES:
        return ()
    doubtful = reason.applicability if reason.applies is Verdict.OPEN else None
    parts = [part for part in (doubtful, reason.condition) if part is not None]
    followed: set[tuple[str, str]] = set()
    return tuple(dict.fromkeys(path for part in parts for path in _of_part(part, followed)))


def _of_part(part: ConditionResult, followed: set[tuple[str, str]]) -> Iterator[str]:
    if part.verdict is Verdict.YES:
        return
    if part.parts:
        for inner in part.parts:
            yield from _of_part(inner, followed)
    elif isinstance(part.node, Atom):
        for fact in facts_of(part.node):
            yield from _of_fact(fact, part.context, part.subject, followed)


def _of_fact(fact: str, context: Context, subject: Subject, followed: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the stated facts from which a fact follows; a derived one is followed once, however often it is read."""
    home = context.owner(fact, subject)
    if (place := (fact, home.name)) in followed:
        return
    followed.add(place)
    if (producer := context.plan.producers.get(fact)) is not None:
        for inner in facts_of(producer.form):
            yield from _of_fact(inner, context, home, followed)
    elif not home.stated:
        yield home.name
    elif fact in context.vocabulary.facts and home.scope == scope_of(fact):
        yield home.path(fact)
