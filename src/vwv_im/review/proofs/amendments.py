"""What each operation of an act changes, what a new Fassung takes away, and where two readings part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise

import z3

from vwv_im.decision.causes import dependants
from vwv_im.lang.nodes import Compute
from vwv_im.lang.table import COMPARISONS, OPERATIONS
from vwv_im.lang.truth import Verdict
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.model import QUESTIONS, Akt, Question
from vwv_im.review.proofs.cells import IN_NO_CASE
from vwv_im.review.proofs.facets import Decided, Path, different, differing, may_differ, when
from vwv_im.review.proofs.laws import Period, alike, periods, plan_of
from vwv_im.review.proofs.proof import Proof, Result, Shown
from vwv_im.review.proofs.saying import agrees, expected_of
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.terms import compared, every, negated, some
from vwv_im.review.proofs.workbench import Condition, Side, Sight, UnconfirmedError, Workbench
from vwv_im.text import Text

CHANGES = Text("ändert eine Entscheidung", "changes a decision")
CHANGES_NONE = Text("ändert keine Entscheidung", "changes no decision")
KEEPS = Text("wer zuvor „ja“ erhielt, erhält „ja“", "who was told yes before is told yes")
DENIES_NONE = Text("wem zuvor „ja“ gesagt wurde, wird nicht „nein“ gesagt", "who was told yes before is not told no")
DIFFER = Text("die Lesarten unterscheiden sich", "the readings differ")
_GRANTED = ("Monate", "EUR")
_TOLD = partial(different, told=True)
_ANY = partial(different, told=False)


def operation(bench: Workbench, identifier: OperationId) -> Proof:
    """Show a case whose decision an operation changes, or prove that there is none.

    A change counts where the decision then says more than an open point; where there is none of these, any counts.
    An operation is taken back together with those that refer to what it brought.
    """
    needless = bench.law.operations[identifier].ohne_wirkung is not None
    proof = Proof("operation", identifier.act, str(identifier), CHANGES_NONE if needless else CHANGES)
    return bench.settle(proof, lambda proof, budget: _operation(bench, identifier, needless, proof, budget))


def _operation(bench: Workbench, identifier: OperationId, needless: bool, proof: Proof, budget: Budget) -> Proof:
    without = dependants(bench.law)[identifier]
    states = [p for p in periods(bench.law) if identifier.act in (p.law.fassung, *p.law.erlasse)]
    pairs = [(p, q, *_sides(bench, p, q, without)) for p in states for q in QUESTIONS]
    unlike = [pair for pair in pairs if not alike(pair[2][0], pair[3][0])]
    for period, question, new, old in _tried(unlike):
        for condition in (_TOLD, _ANY):
            sight = bench.find(condition, new, old, period=period, budget=budget)
            if sight is not None:
                shown = _witness(bench, period.law, question, sight, without, told=condition is _TOLD)
                return proof.ended(Result.REFUTED if needless else Result.SHOWN, not needless, shown)
    if all(bench.impossible(may_differ, new, old, budget=budget) for _, _, new, old in unlike):
        note = None if unlike else Text("ohne sie ist jede Regel dieselbe", "without it every rule is the same")
        return proof.ended(Result.PROVED if needless else Result.REFUTED, needless, note=note or IN_NO_CASE)
    return proof


def _tried(pairs: list[tuple[Period, Question, Side, Side]]) -> Iterator[tuple[Period, Question, Side, Side]]:
    """Yield the first state of the law for each question."""
    seen: set[str] = set()
    for pair in pairs:
        if pair[1] not in seen:
            seen.add(pair[1])
            yield pair


def _sides(bench: Workbench, period: Period, question: Question, without: frozenset[OperationId]) -> tuple[Side, Side]:
    new, old = plan_of(bench.law, period.law, question), plan_of(bench.law, period.law, question, without)
    return (new, {}), (old, {})


def _witness(
    bench: Workbench, state: Law, question: Question, sight: Sight, without: frozenset[OperationId], *, told: bool
) -> Shown:
    shown = _contrast(bench, question, sight, told=told)
    new, old = bench.decide(shown, state), bench.decide(shown, state, without)
    if not agrees(new, shown.expected) or agrees(old, shown.expected) or not agrees(old, shown.other):
        raise UnconfirmedError(f"{state.name}: {shown}")
    return shown


def _contrast(bench: Workbench, question: Question, sight: Sight, *, told: bool) -> Shown:
    """Return a case with what the two decisions say where they differ."""
    new, old = sight.sides
    paths = [path for path, differs in differing(new, old, told=told).items() if sight.reader.holds(differs)]
    expected = expected_of(new, paths, sight.reader)
    return bench.shown(question, sight.found, expected=expected, other=expected_of(old, paths, sight.reader))


def monotony(bench: Workbench, question: Question) -> Iterator[Proof]:
    """Prove for each Fassung that it grants whatever the one before granted, or show a case in which it does not."""
    for before, after in pairwise(periods(bench.law)):
        step = _Step(bench, question, before.law, after)
        subject = f"{question}: {before.law.name} → {after.law.name}"
        for claim, condition in ((KEEPS, _no_longer_yes), (DENIES_NONE, _now_no)):
            yield bench.settle(Proof("monotony", after.law.name, subject, claim), partial(step.kept, condition))
        for fact, title in step.granted():
            claim = Text(f"nicht weniger: {title.de}", f"no less: {title.en}")
            yield bench.settle(Proof("monotony", after.law.name, subject, claim), partial(step.no_less, fact))


@dataclass(frozen=True)
class _Step:
    bench: Workbench
    question: Question
    before: Law
    after: Period

    def granted(self) -> Iterator[tuple[str, Text]]:
        """Yield what both sides grant a post in months and money, without what only the calendar makes of it."""
        old, new = (plan_of(self.bench.law, state, self.question) for state in (self.before, self.after.law))
        for derivation in old.derivations:
            model, form = derivation.item.model, derivation.form
            calendar = isinstance(form, Compute) and OPERATIONS[form.operation].symbolic is not None
            result = model.einheit in _GRANTED and not model.zwischenwert and not calendar
            if derivation.scope == "stelle" and result and derivation.fact in new.producers:
                yield derivation.fact, model.titel.text

    def no_less(self, fact: str, proof: Proof, budget: Budget) -> Proof:
        """Prove that a result is never less than before, or show where it is."""
        return self.kept(partial(_less, fact), proof, budget, [("derived", fact, 0)])

    def kept(
        self, condition: Condition, proof: Proof, budget: Budget, told: Sequence[Path] = (("verdict", "", 0),)
    ) -> Proof:
        """Prove that nobody loses what was granted, or show who does; which of the two is no fault of the law."""
        bench = self.bench
        old: Side = (plan_of(bench.law, self.before, self.question), {})
        new: Side = (plan_of(bench.law, self.after.law, self.question), {})
        if alike(old[0], new[0]) or bench.impossible(condition, old, new, budget=budget):
            return proof.ended(Result.PROVED, True)
        sight = bench.find(condition, old, new, period=self.after, budget=budget)
        if sight is None:
            return proof
        expected, other = (expected_of(side, told, sight.reader) for side in reversed(sight.sides))
        shown = bench.shown(self.question, sight.found, expected=expected, other=other)
        now, then = bench.decide(shown, self.after.law), bench.decide(shown, self.before)
        if not agrees(now, expected) or not agrees(then, other):
            raise UnconfirmedError(f"{proof.subject}: {shown}")
        return proof.ended(Result.REFUTED, True, shown)


def _no_longer_yes(old: Decided, new: Decided) -> z3.BoolRef:
    return every((_granted(old), negated(when(new.verdict, Verdict.YES))))


def _now_no(old: Decided, new: Decided) -> z3.BoolRef:
    return every((_granted(old), when(new.verdict, Verdict.NO)))


def _less(fact: str, old: Decided, new: Decided) -> z3.BoolRef:
    """Return when a post that is listed is told less than before."""
    less = [
        every(
            (
                old.case.listed("stelle", n),
                compared(COMPARISONS["weniger_als"], *(d.translation.fact(fact, n) for d in (new, old))).yes,
            )
        )
        for n in old.case.numbers("stelle")
    ]
    return every((negated(old.contradictory), negated(new.contradictory), some(less)))


def _granted(decided: Decided) -> z3.BoolRef:
    return every((negated(decided.contradictory), when(decided.verdict, Verdict.YES)))


def reading(bench: Workbench, name: str) -> Iterator[Proof]:
    """Show for each state of the law in which a disputed point is read a case that two readings decide differently."""
    for one, other in pairwise(bench.law.readings[name].lesarten):
        subject = f"{name}: {one} / {other}"
        for akt in (akt for akt in bench.law.acts if akt.gilt_ab.auslegung == name):
            yield bench.settle(Proof("reading", akt.id, subject, DIFFER), partial(_beginnings, bench, akt))
        for period in periods(bench.law):
            for question in QUESTIONS:
                if name in plan_of(bench.law, period.law, question).readings:
                    work = partial(_parted, bench, period, question, ({name: one}, {name: other}))
                    yield bench.settle(Proof("reading", period.law.name, subject, DIFFER), work)


def _parted(
    bench: Workbench,
    period: Period,
    question: Question,
    readings: tuple[dict[str, str], dict[str, str]],
    proof: Proof,
    budget: Budget,
) -> Proof:
    plan = plan_of(bench.law, period.law, question)
    one, other = ((plan, reading) for reading in readings)
    for condition, told in ((_TOLD, True), (_ANY, False)):
        sight = bench.find(condition, one, other, period=period, budget=budget)
        if sight is not None:
            shown = _contrast(bench, question, sight, told=told)
            first, second = (bench.decide(shown, period.law, readings=reading) for reading in readings)
            if not agrees(first, shown.expected) or not agrees(second, shown.other):
                raise UnconfirmedError(f"{proof.subject}: {shown}")
            return proof.ended(Result.SHOWN, True, shown)
    if bench.impossible(may_differ, one, other, budget=budget):
        return proof.ended(Result.REFUTED, True, note=IN_NO_CASE)
    return proof


def _beginnings(bench: Workbench, akt: Akt, proof: Proof, budget: Budget) -> Proof:
    """Show a day and a case for which it matters since when an act applies."""
    span = akt.gilt_ab.datum, akt.gilt_ab.spaetestens
    name = akt.gilt_ab.auslegung or ""
    early, late = (bench.law.choose(span[0], readings={name: option}) for option in ("frueh", "spaet"))
    assert early.basis is not None
    if late.basis is None:
        expected, other = {"outcome": "decided"}, {"outcome": "outside_scope"}
        shown = Shown("antrag", span[0].isoformat(), {"antrag": {}}, 0, {}, expected, other)
        return proof.ended(Result.SHOWN, True, shown)
    period = Period(Law(early.basis, early.erlasse), span[0], _until(bench, span))
    before = Law(late.basis, late.erlasse)
    plans = [plan_of(bench.law, state, "antrag") for state in (period.law, before)]
    sight = bench.find(_TOLD, (plans[0], {}), (plans[1], {}), period=period, budget=budget)
    if sight is None:
        return proof
    shown = _contrast(bench, "antrag", sight, told=True)
    first, second = bench.decide(shown, period.law), bench.decide(shown, before)
    if not agrees(first, shown.expected) or not agrees(second, shown.other):
        raise UnconfirmedError(f"{proof.subject}: {shown}")
    return proof.ended(Result.SHOWN, True, shown)


def _until(bench: Workbench, span: tuple[date, date]) -> date:
    """Return the end of the span in which two readings choose the same Fassungen as on its first day."""
    days = [akt.gilt_ab.datum for akt in bench.law.acts if span[0] < akt.gilt_ab.datum < span[1]]
    return min([*days, span[1]])
