"""Decision tables: complete and unambiguous in every case whose inputs are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import z3

from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import Row
from vwv_im.law.model import QUESTIONS
from vwv_im.reasoning.plan import Derivation
from vwv_im.review.proofs.facets import Decided
from vwv_im.review.proofs.laws import Period
from vwv_im.review.proofs.proof import Proof, Result
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.terms import every, negated, same, some
from vwv_im.review.proofs.workbench import Condition, Way, Workbench
from vwv_im.text import Text

COMPLETE = Text("vollständig", "complete")
UNAMBIGUOUS = Text("eindeutig", "unambiguous")


def tables(bench: Workbench, period: Period) -> Iterator[Proof]:
    """Prove of every decision table of a state of the law that it is complete and unambiguous."""
    for question in QUESTIONS:
        way = Way(question, period.law)
        for derivation in bench.plan(way).derivations:
            if isinstance(derivation.form, tuple):
                table = _Table(bench, period, way, derivation)
                for claim, work in ((COMPLETE, table.complete), (UNAMBIGUOUS, table.unambiguous)):
                    yield bench.settle(Proof("table", period.law.name, derivation.item.id, claim), work)


@dataclass(frozen=True)
class _Table:
    bench: Workbench
    period: Period
    way: Way
    derivation: Derivation

    def complete(self, proof: Proof, budget: Budget) -> Proof:
        gap = self.derivation.item.model.luecke
        found = self._without(_no_row(self.derivation), proof, budget)
        if gap is None:
            return found
        note = Text(f"Lücke: {gap}", f"Gap (in German): {gap}")
        there = found.result is Result.REFUTED
        return found.ended(Result.SHOWN if there else found.result, there, found.shown, note)

    def unambiguous(self, proof: Proof, budget: Budget) -> Proof:
        if self.derivation.item.model.treffer == "erste":
            note = Text("es gilt die erste Zeile, die passt", "the first row that holds counts")
            return proof.ended(Result.PROVED, True, note=note)
        return self._without(_two_rows(self.derivation), proof, budget)

    def _without(self, fault: Condition, proof: Proof, budget: Budget) -> Proof:
        """Prove that a fault of the table occurs in no case, or show one in which it does."""
        if self.bench.impossible(fault, self.way, budget=budget):
            return proof.ended(Result.PROVED, True)
        sight = self.bench.find(_decidable(fault), self.way, period=self.period, budget=budget)
        if sight is None:
            return proof
        return proof.ended(Result.REFUTED, False, self.bench.shown(self.way.question, sight.found))


def _decidable(fault: Condition) -> Condition:
    return lambda decided: every((negated(decided.contradictory), fault(decided)))


def _no_row(derivation: Derivation) -> Condition:
    rows = _rows(derivation)

    def condition(decided: Decided) -> z3.BoolRef:
        def here(number: int) -> z3.BoolRef:
            truths = [decided.translation.test(row.condition, number).yes for row in rows]
            return every((_inputs_known(decided, rows, number), negated(some(truths))))

        return _anywhere(decided, derivation, here)

    return condition


def _two_rows(derivation: Derivation) -> Condition:
    rows = [row for row in _rows(derivation) if row.condition is not None]

    def condition(decided: Decided) -> z3.BoolRef:
        def here(number: int) -> z3.BoolRef:
            terms = decided.translation
            pairs = combinations(
                [(terms.test(r.condition, number), terms.expression(r.value, number)) for r in rows], 2
            )
            return some(every((a.yes, b.yes, negated(same(one, other)))) for (a, one), (b, other) in pairs)

        return _anywhere(decided, derivation, here)

    return condition


def _anywhere(decided: Decided, derivation: Derivation, here: Condition) -> z3.BoolRef:
    scope = derivation.scope
    return some(every((decided.case.live(scope, n), here(n))) for n in decided.case.numbers(scope))


def _rows(derivation: Derivation) -> tuple[Row, ...]:
    assert isinstance(derivation.form, tuple)
    return derivation.form


def _inputs_known(decided: Decided, rows: tuple[Row, ...], number: int) -> z3.BoolRef:
    facts = sorted({fact for row in rows for fact in facts_of(row.condition)})
    return every(decided.translation.fact(fact, number).known for fact in facts)
