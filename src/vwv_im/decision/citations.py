"""Citations and grades: what each reason and each derived value rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from vwv_im.decision.context import Context
from vwv_im.lang.fold import Fold, facts_of, nodes, parameters_of
from vwv_im.lang.nodes import Atom, Compute, Condition, Constant, Every, Expression, Form, Over, Read, Row, Some
from vwv_im.lang.table import OPERATIONS, Operation
from vwv_im.law import Regulation
from vwv_im.law.evidence import GRADES, NONE, STATED, Beleg, Belege, Grade, Shown, grade_at, rank_of, weakest
from vwv_im.law.fassung import AnyItem
from vwv_im.reasoning.plan import Derivation, Requirement
from vwv_im.reasoning.records import Subject
from vwv_im.text import JsonObject, Text


@dataclass(frozen=True, slots=True)
class Citation(JsonObject, schema="CitationDocument"):
    """Where something stands: the act, its number where a source names it, the source and its address."""

    act: str
    nummer: str | None
    source: str | None
    url: str | None


def citations_of(context: Context, requirement: Requirement) -> tuple[Citation, ...]:
    """Return what a requirement and its parameters rest on; the first carries it."""

    def found() -> tuple[Citation, ...]:
        items = _behind(context, requirement)
        return tuple(dict.fromkeys(citation for item in items for citation in citations_of_item(context, item)))

    return context.memoize("citations", requirement, found)


def citations_of_item(context: Context, item: AnyItem) -> tuple[Citation, ...]:
    """Return what an item rests on; the first carries it."""
    return context.memoize(
        "citations", item, lambda: tuple(_citation(context, item, index) for index in range(len(item.model.beleg)))
    )


def latest_evidence(item: AnyItem) -> tuple[Beleg, ...]:
    """Return the evidence of the act that last changed what an item says; further on stands what older acts brought."""
    act = item.entry.act_of_evidence
    return tuple(beleg for index, beleg in enumerate(item.model.beleg) if act(index) == act(0))


def _citation(context: Context, item: AnyItem, index: int) -> Citation:
    name, nummer = item.model.beleg[index].quelle, getattr(item.model, "nummer", None)
    source = context.regulation.sources.get(name) if name else None
    return Citation(item.entry.act_of_evidence(index), nummer, name, source.url if source else None)


def _behind(context: Context, requirement: Requirement) -> list[AnyItem]:
    return items_behind(context, requirement.item, requirement.applies, requirement.condition)


def items_behind(context: Context, item: AnyItem, *forms: Form | None) -> list[AnyItem]:
    """Return an item, and those of the parameters that its forms use."""
    return [item, *(context.fassung.parameters[name] for name in dict.fromkeys(parameters_of(*forms)))]


def grade_of(context: Context, requirement: Requirement) -> Grade:
    """Return the grade of a requirement: the weakest of its own and of its parameters."""

    def found() -> Grade:
        law = context.regulation
        return weakest(law.grade(item.model.beleg[0]) for item in _behind(context, requirement)) or "annahme"

    return context.memoize("grade", requirement, found)


def evidence_behind(context: Context, requirement: Requirement) -> list[Beleg]:
    """Return the evidence that carries a requirement and its parameters."""
    return [item.model.beleg[0] for item in _behind(context, requirement)]


def graded(law: Regulation, grade: Shown, carrying: Iterable[Beleg]) -> Text:
    """Return a grade in words, with what the source speaks of where that made an inference of the evidence."""
    words = (law.graded(beleg) for beleg in carrying if law.grade(beleg) == grade)
    return next(words, STATED if grade == "angabe" else GRADES[grade])


class _Here(NamedTuple):
    """From where the grade of a value is looked for: the subject, and what derives the value."""

    subject: Subject
    derivation: Derivation


class Grades(Fold[int, int, _Here]):
    """The grades of derived values, each the weakest of all that the value was derived from.

    Inside, a grade is its rank: the weaker, the higher, and `NONE` where there is none.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[tuple[str, str], int] = {}

    def of_fact(self, fact: str, subject: Subject) -> Shown | None:
        """Return the grade of a derived fact: `angabe` where it is what the case states, `None` where it is unknown."""
        if self.context.value(fact, subject) is not None and self._is_stated(fact, subject):
            return "angabe"
        return grade_at(self._fact(fact, subject))

    def _is_stated(self, fact: str, subject: Subject) -> bool:
        """Whether the value of a fact is one that the case states, taken over as it is."""
        derivation, home = self.context.plan.producers.get(fact), self.context.owner(fact, subject)
        if derivation is None:
            return True
        node = derivation.form
        while isinstance(node, Compute) and OPERATIONS[node.operation].lazy:
            node = next(part for part in node.operands if self.context.compute(part, home) is not None)
        return isinstance(node, Read) and self._is_stated(node.fact, home)

    def of_condition(self, condition: Condition | None, subject: Subject) -> Grade | None:
        """Return the weakest grade among the derived facts that a condition reads."""
        if condition is None:
            return None
        return grade_at(max([self._fact(fact, subject) for fact in self._basis(condition)[1]], default=NONE))

    def _fact(self, fact: str, subject: Subject) -> int:
        home = self.context.owner(fact, subject)
        key = (fact, home.name)
        rank = self._known.get(key)
        if rank is None:
            derivation = self.context.plan.producers.get(fact)
            if derivation is None or self.context.value(fact, home) is None:
                rank = NONE
            else:
                rank = NONE if self._is_stated(fact, home) else self._derived(derivation, home)
            self._known[key] = rank
        return rank

    def _derived(self, derivation: Derivation, home: Subject) -> int:
        """Return the grade of what is derived: its own where nothing that it may rest on is weaker."""
        own, weakest_of_all = self._rank(derivation.item.model.beleg), self._bound(derivation)
        return own if own == weakest_of_all else max(own, self.form(derivation.form, _Here(home, derivation)))

    def _bound(self, derivation: Derivation) -> int:
        """Return the weakest grade that what is derived may have, whatever the case."""

        def found() -> int:
            model, (parameters, derived) = derivation.item.model, self._basis(derivation.form)
            stated = [model.beleg, *(row.beleg for row in model.faelle or () if row.beleg)]
            below = (self._bound(self.context.plan.producers[fact]) for fact in derived)
            return max(parameters, *map(self._rank, stated), *below)

        return self.context.memoize("bound", derivation, found)

    def joined(self, node: Every | Some, parts: Iterator[int], here: _Here) -> int:
        """Return the weakest of all that is read, whatever of it decides."""
        return self._all(node, here.subject)

    def atom(self, node: Atom, here: _Here) -> int:
        """Return the weakest of the facts compared."""
        return self._all(node, here.subject)

    def constant(self, node: Constant, here: _Here) -> int:
        """Return the grade of the parameter that a value comes from."""
        return self._all(node, here.subject)

    def expression(self, node: Expression, here: _Here) -> int:
        """Return the weakest of all that a computation reads."""
        if self.context.memoize("same for all", node, lambda: _reads_the_same_for_all(node)):
            return self._all(node, here.subject)
        return super().expression(node, here)

    def read(self, node: Read, here: _Here) -> int:
        """Return the grade of a fact."""
        return self._fact(node.fact, here.subject)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[int], here: _Here) -> int:
        """Return the weakest of the operands; where the first that is known counts, its own."""
        if not operation.lazy:
            return max(operands)
        known = (part for part in node.operands if self.context.compute(part, here.subject) is not None)
        return self.expression(next(known), here)

    def over(self, node: Over, here: _Here) -> int:
        """Return the weakest of all entries."""
        inner = (here._replace(subject=subject) for subject in self.context.entries(here.subject, node.scope))
        counted = (one for one in inner if self.context.truth(node.where, one.subject) is not False)
        return max((self.expression(node.value, one) for one in counted), default=NONE)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[int | None, int]], here: _Here) -> int:
        """Return the weakest of all rows up to the one that was taken."""
        found = NONE
        for row, source in zip(rows, here.derivation.item.model.faelle or (), strict=True):
            if row.condition is not None:
                found = max(found, self.condition(row.condition, here))
                if not self.context.truth(row.condition, here.subject):
                    continue
            taken = NONE if source.beleg is None else self._rank(source.beleg)
            return max(found, taken, self.expression(row.value, here))
        return found

    def _rank(self, evidence: Belege) -> int:
        return rank_of(self.context.regulation.grade(evidence[0]))

    def _all(self, root: Condition | Expression, subject: Subject) -> int:
        """Return the weakest of the parameters and the derived facts that are read below `root`."""
        found, derived = self._basis(root)
        for fact in derived:
            found = max(found, self._fact(fact, subject))
        return found

    def _basis(self, root: Form) -> tuple[int, tuple[str, ...]]:
        """Return the weakest of the parameters below `root`, and the derived facts; what is stated has no grade."""
        return self.context.memoize("basis", root, lambda: self._basis_of(root))

    def _basis_of(self, root: Form) -> tuple[int, tuple[str, ...]]:
        parameters, producers = self.context.fassung.parameters, self.context.plan.producers
        ranks = [self._rank(parameters[name].model.beleg) for name in parameters_of(root)]
        derived = tuple(fact for fact in dict.fromkeys(facts_of(root)) if fact in producers)
        return max(ranks, default=NONE), derived


def _reads_the_same_for_all(expression: Expression) -> bool:
    """Whether an expression reads the same facts in every case, all of them as seen from its own subject."""
    return not any(
        isinstance(node, Over) or (isinstance(node, Compute) and OPERATIONS[node.operation].lazy)
        for node in nodes(expression)
    )
