"""What each state of the law allows: tables are complete and unambiguous, requirements can be met and can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Literal

import z3

from vwv_im.decision.reason import Reason
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import Row
from vwv_im.lang.truth import FOLDED, Verdict
from vwv_im.law.fassung import Law
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Derivation, Requirement
from vwv_im.review.proofs.facets import Decided, when
from vwv_im.review.proofs.inputs import Place
from vwv_im.review.proofs.proof import Proof, Result
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.terms import every, negated, same, some
from vwv_im.review.proofs.workbench import Condition, Period, UnconfirmedError, Way, Workbench, periods
from vwv_im.text import Text

Contribution = Literal["yes", "no", "open", "discretion", "entfaellt"]
IN_NO_CASE = Text("in keinem Fall", "in no case")
_ONLY_OTHERWISE = Text(
    "nur, wo sie nicht gilt; wo sie gilt, in keinem Fall", "only where it does not apply; where it applies, in no case"
)
CLAIMS: dict[str, Text] = {
    "yes": Text("kann erfüllt sein", "can be met"),
    "no": Text("kann fehlen", "can fail"),
    "discretion": Text("kann in Frage kommen", "can come into question"),
    "open": Text("kann offen sein", "can be open"),
    "entfaellt": Text("kann entfallen", "can be out of question"),
}


def reachable(law: Regulation, state: Law, rule: str, result: Contribution, seconds: float = 60) -> Proof:
    """Show a case in which a requirement contributes `result` under a state of the law, or prove that there is none.

    `entfaellt`: the requirement does not apply. The proof's result is `shown`, `refuted` (there is no such case), or
    `unsettled`. Raises `LookupError` where this state of the law has no such rule.
    """
    bench = Workbench(law, seconds)
    period = next(period for period in periods(law) if period.law == state)
    for question in law.questions:
        way = Way(question, state)
        for requirement in bench.plan(way).requirements:
            if requirement.id == rule:
                cell = _Cell(bench, period, way, requirement)
                proof = Proof("requirement", state.name, rule, CLAIMS[result])
                return bench.settle(proof, partial(cell.reached, result))
    raise LookupError(f"{state.name}: {rule}")


def requirements(bench: Workbench, period: Period, question: str) -> Iterator[Proof]:
    """Prove of every requirement of a question that it can be met and can fail."""
    way = Way(question, period.law)
    for requirement in bench.plan(way).requirements:
        cell = _Cell(bench, period, way, requirement)
        for claim, work in zip(_both(requirement), (cell.met, cell.failed), strict=True):
            yield bench.settle(Proof("requirement", period.law.name, requirement.id, CLAIMS[claim]), work)


def _both(requirement: Requirement) -> tuple[Contribution, Contribution]:
    """Return what says that a requirement is met (an option in question), and that it is not."""
    met: Contribution = "discretion" if requirement.art == "kann" else "yes"
    return met, "discretion" if requirement.art == "soll" else "no"


@dataclass(frozen=True)
class _Cell:
    bench: Workbench
    period: Period
    way: Way
    requirement: Requirement

    def met(self, proof: Proof, budget: Budget) -> Proof:
        """Show that it can be met, best where it applies."""
        met, _ = _both(self.requirement)
        if self.requirement.art not in FOLDED or self.requirement.applies is None:
            return self.reached(met, proof, budget)
        found = self.reached("applies", proof, budget)
        if found.result is not Result.REFUTED:
            return found
        found = self.reached(met, proof, budget)
        return replace(found, note=found.note or _ONLY_OTHERWISE)

    def failed(self, proof: Proof, budget: Budget) -> Proof:
        """Show that it can fail."""
        return self.reached(_both(self.requirement)[1], proof, budget)

    def reached(self, result: str, proof: Proof, budget: Budget) -> Proof:
        """Show that it can contribute a result, or prove that it cannot."""
        condition = _contributes(self.requirement, result)
        sight = self.bench.find(condition, self.way, period=self.period, budget=budget)
        if sight is None:
            none = self.bench.impossible(condition, self.way, budget=budget)
            return proof.ended(Result.REFUTED, False, note=IN_NO_CASE) if none else proof
        shown = self.bench.shown(self.way.question, sight.found)
        examined = self.bench.decide(shown, self.way).examined
        if not any(_is(reason, result) for reason in examined if reason.rule == self.requirement.id):
            raise UnconfirmedError(f"{self.requirement.id} {result}: {shown}")
        return proof.ended(Result.SHOWN, True, shown)


def _is(reason: Reason, result: str) -> bool:
    """Whether a reason of a decision is such a contribution."""
    match result:
        case "entfaellt":
            return reason.applies is Verdict.NO
        case "yes":
            return reason.verdict is Verdict.YES
        case "applies":
            return reason.applies is Verdict.YES and reason.verdict is Verdict.YES
    return reason.applies is not Verdict.NO and reason.verdict == result


def _contributes(requirement: Requirement, result: str) -> Condition:
    def condition(decided: Decided) -> z3.BoolRef:
        places = []
        for _, live, applies, value in decided.findings(requirement):
            if result == "entfaellt":
                here = applies.no
            elif result == "applies":
                here = every((applies.yes, when(value, "yes")))
            elif result == "yes":
                here = when(value, "yes")
            else:
                here = every((negated(applies.no), when(value, result)))
            places.append(every((live, here)))
        return every((negated(decided.contradictory), some(places)))

    return condition


COMPLETE = Text("vollständig", "complete")
UNAMBIGUOUS = Text("eindeutig", "unambiguous")


def tables(bench: Workbench, period: Period) -> Iterator[Proof]:
    """Prove of every decision table of a state of the law that it is complete and unambiguous."""
    for question in bench.law.questions:
        way = Way(question, period.law)
        for derivation in bench.plan(way).derivations:
            if isinstance(derivation.form, tuple):
                table = _Table(bench, period, way, derivation, derivation.form)
                for claim, work in ((COMPLETE, table.complete), (UNAMBIGUOUS, table.unambiguous)):
                    yield bench.settle(Proof("table", period.law.name, derivation.item.id, claim), work)


@dataclass(frozen=True)
class _Table:
    bench: Workbench
    period: Period
    way: Way
    derivation: Derivation
    rows: tuple[Row, ...]

    def complete(self, proof: Proof, budget: Budget) -> Proof:
        gap = self.derivation.item.model.luecke
        found = self._without(self._no_row, proof, budget)
        if gap is None:
            return found
        note = Text(f"Lücke: {gap}", f"Gap (in German): {gap}")
        there = found.result is Result.REFUTED
        return found.ended(Result.SHOWN if there else found.result, there, found.shown, note)

    def unambiguous(self, proof: Proof, budget: Budget) -> Proof:
        if self.derivation.item.model.treffer == "erste":
            note = Text("es gilt die erste Zeile, die passt", "the first row that holds counts")
            return proof.ended(Result.PROVED, True, note=note)
        return self._without(self._two_rows, proof, budget)

    def _without(self, fault: Condition, proof: Proof, budget: Budget) -> Proof:
        """Prove that a fault of the table occurs in no case, or show one in which it does."""
        if self.bench.impossible(partial(self._anywhere, fault), self.way, budget=budget):
            return proof.ended(Result.PROVED, True)
        sight = self.bench.find(partial(self._decidable, fault), self.way, period=self.period, budget=budget)
        if sight is None:
            return proof
        return proof.ended(Result.REFUTED, False, self.bench.shown(self.way.question, sight.found))

    def _decidable(self, fault: Condition, decided: Decided) -> z3.BoolRef:
        return every((negated(decided.contradictory), self._anywhere(fault, decided)))

    def _anywhere(self, fault: Condition, decided: Decided) -> z3.BoolRef:
        scope = self.derivation.scope
        return some(every((decided.case.live(at), fault(decided, at))) for at in decided.case.places(scope))

    def _no_row(self, decided: Decided, place: Place) -> z3.BoolRef:
        """Return when all inputs of the table are known and no row holds."""
        terms, facts = decided.translation, sorted({fact for row in self.rows for fact in facts_of(row.condition)})
        matched = some([terms.test(row.condition, place).yes for row in self.rows])
        return every((*(terms.fact(fact, place).known for fact in facts), negated(matched)))

    def _two_rows(self, decided: Decided, place: Place) -> z3.BoolRef:
        """Return when two rows with a condition hold and give different values."""
        terms, rows = decided.translation, [row for row in self.rows if row.condition is not None]
        told = [(terms.test(row.condition, place), terms.expression(row.value, place)) for row in rows]
        pairs = combinations(told, 2)
        return some(every((a.yes, b.yes, negated(same(one, other)))) for (a, one), (b, other) in pairs)
