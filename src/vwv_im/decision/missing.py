"""Which stated facts an open requirement lacks: derived facts are traced to what they were derived from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from vwv_im.case import FACTS, PARTS
from vwv_im.decision.context import UNSTATED, Context, Subject
from vwv_im.decision.reason import Reason
from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import Atom, Compute, Constant, Every, Over, Read, Row, Some
from vwv_im.lang.table import Operation
from vwv_im.lang.truth import Verdict
from vwv_im.text import Text
from vwv_im.text.json_object import FactPath, JsonObject


@dataclass(frozen=True, slots=True)
class Missing(JsonObject, schema="MissingDocument"):
    """A fact that the case does not state and an open requirement needs: its path, the question, the rules."""

    fact: FactPath
    question: Text
    rules: tuple[str, ...]


def missing_of(context: Context, reasons: Iterable[Reason]) -> tuple[Missing, ...]:
    """Return every unstated fact in an open comparison of an open requirement, in the order of examination."""
    found: dict[str, list[str]] = {}
    questions: dict[str, Text] = {}
    tracer = _Tracer(context)
    for reason in reasons:
        if reason.verdict is not Verdict.OPEN:
            continue
        for path, question in tracer.of_reason(reason):
            questions.setdefault(path, question)
            rules = found.setdefault(path, [])
            if reason.rule not in rules:
                rules.append(reason.rule)
    return tuple(Missing(path, questions[path], tuple(rules)) for path, rules in found.items())


def deciding(context: Context, reasons: Iterable[Reason]) -> frozenset[str]:
    """Return the missing facts on which an open requirement still turns: those in branches that are not decided."""
    tracer = _Tracer(context, prune=True)
    open_reasons = (reason for reason in reasons if reason.verdict is Verdict.OPEN)
    return frozenset(path for reason in open_reasons for path, _ in tracer.of_reason(reason))


def lacking(context: Context, fact: str, subject: Subject) -> tuple[str, ...]:
    """Return the paths of the stated facts for lack of which a derived fact is unknown, in the order they are read."""
    return tuple(dict.fromkeys(path for path, _ in _Tracer(context).of_fact(fact, subject)))


Asked = Iterable[tuple[str, Text]]
"""What is asked for: paths, each with its question."""


class _Tracer(Fold[Asked, Asked, Subject]):
    """Follows open comparisons to the facts they lack; with `prune` it passes over branches that are decided."""

    def __init__(self, context: Context, *, prune: bool = False) -> None:
        self.context = context
        self.prune = prune

    def of_reason(self, reason: Reason) -> Iterator[tuple[str, Text]]:
        subject = reason.condition.subject
        for condition in (reason.requirement.applies, reason.requirement.condition):
            if condition is not None:
                yield from self.condition(condition, subject)

    def of_fact(self, fact: str, subject: Subject) -> Iterator[tuple[str, Text]]:
        home = self.context.home(fact, subject)
        if self.context.value(fact, home) is None:
            producer = self.context.plan.producers.get(fact)
            yield from [self._unstated(fact, home)] if producer is None else self.form(producer.form, home)

    def joined(self, node: Every | Some, parts: Iterator[Asked], here: Subject) -> Asked:
        decided = self.prune and self.context.truth(node, here) is not None
        return () if decided else chain.from_iterable(parts)

    def atom(self, node: Atom, here: Subject) -> Asked:
        if self.context.truth(node, here) is not None:
            return ()
        facts = (node.fact,) if node.other is None else (node.fact, node.other)
        return chain.from_iterable(self.of_fact(fact, here) for fact in facts)

    def constant(self, node: Constant, here: Subject) -> Asked:
        return ()

    def read(self, node: Read, here: Subject) -> Asked:
        return self.of_fact(node.fact, here)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Asked], here: Subject) -> Asked:
        return chain.from_iterable(operands)

    def over(self, node: Over, here: Subject) -> Asked:
        subjects = self.context.subjects(node.scope)
        if node.scope == "mitglied" and not self.context.evaluation.frames.members_stated:
            return [("antrag.mitglieder", PARTS["antrag.mitglieder"].question)]
        return chain.from_iterable(self.expression(node.value, inner) for inner in subjects)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Asked | None, Asked]], here: Subject) -> Asked:
        """Yield what all rows ask for that are not *no*, up to the first that holds."""
        for row, (condition, value) in zip(rows, meant, strict=True):
            holds = True if row.condition is None else self.context.truth(row.condition, here)
            if holds is not False:
                yield from chain(condition or (), value)
            if holds:
                return

    def _unstated(self, fact: str, subject: Subject) -> tuple[str, Text]:
        if subject.name in UNSTATED:
            return subject.name, PARTS[subject.name].question
        return subject.path(fact), FACTS[fact].question
