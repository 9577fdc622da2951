"""Citations and grades: what each reason and each derived value rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vwv_im.decision.context import Context, Subject
from vwv_im.law.evidence import Beleg, Grade, weakest
from vwv_im.law.fassung import AnyItem
from vwv_im.reasoning.plan import (
    Atom,
    Compute,
    Condition,
    Derivation,
    Every,
    Expression,
    Over,
    Requirement,
    Row,
    Some,
    facts_of,
    nodes,
    parameters_of,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something stands: the act, its number where a source names it, the source and its address."""

    act: str
    nummer: str | None
    source: str | None
    url: str | None


def citations_of(context: Context, requirement: Requirement) -> tuple[Citation, ...]:
    """Return what a requirement and its parameters rest on; the first carries it."""
    return context.once("citations", requirement, lambda: _citations_of(context, requirement))


def _citations_of(context: Context, requirement: Requirement) -> tuple[Citation, ...]:
    items: list[AnyItem] = [requirement.item]
    items += (context.fassung.parameters[name] for name in _parameters(requirement))
    return tuple(dict.fromkeys(citation for item in items for citation in citations_of_item(context, item)))


def citations_of_item(context: Context, item: AnyItem) -> tuple[Citation, ...]:
    """Return what an item rests on; the first carries it."""
    return context.once("citations", item, lambda: _citations_of_item(context, item))


def _citations_of_item(context: Context, item: AnyItem) -> tuple[Citation, ...]:
    acts = (item.entry.act_of_evidence(index) for index in range(len(item.model.beleg)))
    return tuple(_citation(context, item, beleg, act) for beleg, act in zip(item.model.beleg, acts, strict=True))


def _citation(context: Context, item: AnyItem, beleg: Beleg, act: str) -> Citation:
    source = context.regulation.sources.get(beleg.quelle) if beleg.quelle else None
    nummer = getattr(item.model, "nummer", None)
    return Citation(act, nummer, beleg.quelle, source.url if source else None)


def _parameters(requirement: Requirement) -> dict[str, None]:
    return dict.fromkeys((*parameters_of(requirement.applies), *parameters_of(requirement.condition)))


def grade_of(context: Context, requirement: Requirement) -> Grade:
    """Return the grade of a requirement: the weakest of its own and of its parameters."""
    return context.once("grade", requirement, lambda: _grade_of(context, requirement))


def _grade_of(context: Context, requirement: Requirement) -> Grade:
    grades = [requirement.item.model.beleg[0].grad]
    grades += (context.fassung.parameters[name].model.beleg[0].grad for name in _parameters(requirement))
    return weakest(grades) or "annahme"


class Grades:
    """The grades of derived values, each the weakest of all that the value was derived from."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[tuple[str, str], Grade | None] = {}

    def of_fact(self, fact: str, subject: Subject) -> Grade | None:
        """Return the grade of a derived fact; `None` for what the case states and for what is unknown."""
        derivation = self.context.plan.producers.get(fact)
        home = self.context.home(fact, subject)
        if derivation is None or self.context.value(fact, home) is None:
            return None
        key = (fact, home.name)
        if key not in self._known:
            self._known[key] = weakest(self._grades(derivation, home))
        return self._known[key]

    def of_condition(self, condition: Condition | None, subject: Subject) -> Grade | None:
        """Return the weakest grade among the derived facts that a condition reads."""
        return None if condition is None else self._of_facts(condition, subject)

    def _of_facts(self, root: Condition | Expression, subject: Subject) -> Grade | None:
        derived = self.context.once("derived facts", root, lambda: self._derived(root))
        return weakest([self.of_fact(fact, subject) for fact in derived]) if derived else None

    def _derived(self, root: Condition | Expression) -> tuple[str, ...]:
        """Return the derived facts that are read below `root`; what the case states has no grade."""
        return tuple(fact for fact in dict.fromkeys(facts_of(root)) if fact in self.context.plan.producers)

    def _grades(self, derivation: Derivation, subject: Subject) -> Iterator[Grade | None]:
        yield derivation.item.model.beleg[0].grad
        form = derivation.form
        if isinstance(form, tuple):
            yield from self._of_table(derivation, form, subject)
        elif isinstance(form, Atom | Every | Some):
            yield from self._of_parameters(form)
            yield self.of_condition(form, subject)
        else:
            yield from self._of_expression(form, subject)

    def _of_table(self, derivation: Derivation, rows: tuple[Row, ...], subject: Subject) -> Iterator[Grade | None]:
        written = derivation.item.model.faelle or ()
        for row, source in zip(rows, written, strict=True):
            if row.condition is not None:
                yield from self._of_parameters(row.condition)
                yield self.of_condition(row.condition, subject)
                if not self.context.truth(row.condition, subject):
                    continue
            if source.beleg is not None:
                yield source.beleg[0].grad
            yield from self._of_expression(row.value, subject)
            return

    def _of_expression(self, expression: Expression, subject: Subject) -> Iterator[Grade | None]:
        match expression:
            case _ if self.context.once("same for all", expression, lambda: _reads_the_same_for_all(expression)):
                yield self._of_facts(expression, subject)
                yield from self._of_parameters(expression)
            case Compute(operation="erster_bekannter", operands=operands):
                known = (o for o in operands if self.context.computed(o, subject) is not None)
                yield from self._of_expression(next(known), subject)
            case Compute(operands=operands):
                for operand in operands:
                    yield from self._of_expression(operand, subject)
            case Over(scope=scope, value=value):
                for inner in self.context.subjects(scope):
                    yield from self._of_expression(value, inner)

    def _of_parameters(self, root: Condition | Expression) -> tuple[Grade, ...]:
        return self.context.once("grades", root, lambda: tuple(self._grades_of_parameters(root)))

    def _grades_of_parameters(self, root: Condition | Expression) -> Iterator[Grade]:
        for name in dict.fromkeys(parameters_of(root)):
            yield self.context.fassung.parameters[name].model.beleg[0].grad


def _reads_the_same_for_all(expression: Expression) -> bool:
    """Whether an expression reads the same facts in every case, all of them as seen from its own subject."""
    return not any(
        isinstance(node, Over) or (isinstance(node, Compute) and node.operation == "erster_bekannter")
        for node in nodes(expression)
    )
