"""Decision tables: complete and unambiguous in every case whose inputs are known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import z3

from vwv_im.law.model import Question
from vwv_im.reasoning.plan import Derivation, Plan, Row, facts_of
from vwv_im.review.proofs.facets import Decided
from vwv_im.review.proofs.laws import QUESTIONS, Period, plan_of
from vwv_im.review.proofs.proof import Proof, Result
from vwv_im.review.proofs.terms import every, negated, same, some
from vwv_im.review.proofs.workbench import Condition, Workbench
from vwv_im.text import Text

COMPLETE = Text("vollständig", "complete")
UNAMBIGUOUS = Text("eindeutig", "unambiguous")


def tables(bench: Workbench, period: Period) -> Iterator[Proof]:
    """Prove of every decision table of a state of the law that it is complete and unambiguous."""
    for question in QUESTIONS:
        plan = plan_of(bench.law, period.law, question)
        for derivation in plan.derivations:
            if isinstance(derivation.form, tuple):
                yield _complete(bench, period, question, plan, derivation)
                yield _unambiguous(bench, period, question, plan, derivation)


def _complete(bench: Workbench, period: Period, question: Question, plan: Plan, derivation: Derivation) -> Proof:
    gap = derivation.item.model.luecke
    found = _settle(bench, period, question, plan, derivation, _no_row(derivation), COMPLETE)
    if gap is None:
        return found
    note = Text(f"Lücke: {gap}", f"Gap (in German): {gap}")
    return _as(found, expected=found.result is Result.REFUTED, result=_shown(found.result), note=note)


def _unambiguous(bench: Workbench, period: Period, question: Question, plan: Plan, derivation: Derivation) -> Proof:
    if derivation.item.model.treffer == "erste":
        note = Text("Es gilt die erste Zeile, die passt.", "The first row that holds counts.")
        claim, law = UNAMBIGUOUS, period.law.name
        return Proof("table", law, derivation.item.id, claim, Result.PROVED, True, note=note)
    return _settle(bench, period, question, plan, derivation, _two_rows(derivation), UNAMBIGUOUS)


def _shown(result: Result) -> Result:
    return Result.SHOWN if result is Result.REFUTED else result


def _as(proof: Proof, *, expected: bool, result: Result, note: Text) -> Proof:
    return Proof(proof.kind, proof.law, proof.subject, proof.claim, result, expected, proof.shown, note)


def _settle(
    bench: Workbench,
    period: Period,
    question: Question,
    plan: Plan,
    derivation: Derivation,
    fault: Condition,
    claim: Text,
) -> Proof:
    """Prove that a fault of a table occurs in no case, or show one in which it does."""
    law, subject, budget = period.law.name, derivation.item.id, bench.budget()
    if bench.impossible(fault, (plan, {}), budget=budget):
        return Proof("table", law, subject, claim, Result.PROVED, True)
    sight = bench.find(_decidable(fault), (plan, {}), period=period, budget=budget)
    if sight is None:
        return Proof("table", law, subject, claim, Result.UNSETTLED, False)
    shown = bench.shown(question, sight.found)
    return Proof("table", law, subject, claim, Result.REFUTED, False, shown)


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
            held = decided.translation.rows(tuple(rows), number)
            pairs = combinations(held, 2)
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
