"""Which stated facts an open requirement lacks: derived facts are traced to what they were derived from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vwv_im.case import FACTS, PARTS
from vwv_im.decision.context import UNSTATED, Context, Subject
from vwv_im.decision.reason import Reason
from vwv_im.reasoning.frames import MEMBERS
from vwv_im.reasoning.plan import Atom, Compute, Condition, Every, Expression, Over, Read, Row, Some
from vwv_im.reasoning.truth import Verdict
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


class _Tracer:
    """Follows open comparisons to the facts they lack; with `prune` it passes over branches that are decided."""

    def __init__(self, context: Context, *, prune: bool = False) -> None:
        self.context = context
        self.prune = prune

    def of_reason(self, reason: Reason) -> Iterator[tuple[str, Text]]:
        subject = reason.condition.subject
        if reason.applicability is not None:
            yield from self.of_condition(reason.requirement.applies, subject)
        yield from self.of_condition(reason.requirement.condition, subject)

    def of_condition(self, condition: Condition | None, subject: Subject) -> Iterator[tuple[str, Text]]:
        match condition:
            case Every(parts=parts) | Some(parts=parts):
                if self.prune and self.context.truth(condition, subject) is not None:
                    return
                for part in parts:
                    yield from self.of_condition(part, subject)
            case Atom(fact=fact, operand=operand) if self.context.truth(condition, subject) is None:
                yield from self.of_fact(fact, subject)
                if isinstance(operand, Read):
                    yield from self.of_fact(operand.fact, subject)

    def of_fact(self, fact: str, subject: Subject) -> Iterator[tuple[str, Text]]:
        home = self.context.home(fact, subject)
        if self.context.value(fact, home) is not None:
            return
        producer = self.context.plan.producers.get(fact)
        if producer is None:
            yield self._unstated(fact, home)
            return
        form = producer.form
        if isinstance(form, tuple):
            yield from self._of_table(form, home)
        elif isinstance(form, Atom | Every | Some):
            yield from self.of_condition(form, home)
        else:
            yield from self._of_expression(form, home)

    def _of_table(self, rows: tuple[Row, ...], subject: Subject) -> Iterator[tuple[str, Text]]:
        for row in rows:
            holds = True if row.condition is None else self.context.truth(row.condition, subject)
            if holds is False:
                continue
            yield from self.of_condition(row.condition, subject)
            yield from self._of_expression(row.value, subject)
            if holds:
                return

    def _of_expression(self, expression: Expression, subject: Subject) -> Iterator[tuple[str, Text]]:
        match expression:
            case Read(fact=fact):
                yield from self.of_fact(fact, subject)
            case Compute(operands=operands):
                for operand in operands:
                    yield from self._of_expression(operand, subject)
            case Over(scope="mitglied") if self.context.evaluation.frames.top[MEMBERS] is None:
                yield "antrag.mitglieder", PARTS["antrag.mitglieder"].question
            case Over(scope=scope, value=value):
                for inner in self.context.subjects(scope):
                    yield from self._of_expression(value, inner)

    def _unstated(self, fact: str, subject: Subject) -> tuple[str, Text]:
        if subject.name in UNSTATED:
            return subject.name, PARTS[subject.name].question
        return subject.path(fact), FACTS[fact].question
