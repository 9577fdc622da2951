"""What each operation of an act changes, what a new Fassung takes away, and where two readings part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import pairwise

import z3

from vwv_im.decision.compare import Law, dependants
from vwv_im.law.history import OperationId
from vwv_im.law.model import Akt, Question
from vwv_im.reasoning.truth import Verdict
from vwv_im.review.proofs.facets import Decided, differing, different, may_differ, when
from vwv_im.review.proofs.laws import QUESTIONS, Period, alike, periods, plan_of
from vwv_im.review.proofs.proof import Proof, Result, Shown
from vwv_im.review.proofs.saying import agrees, expected_of
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.terms import every, negated
from vwv_im.review.proofs.workbench import Condition, Side, Sight, UnconfirmedError, Workbench
from vwv_im.text import Text

CHANGES = Text("ändert eine Entscheidung", "changes a decision")
CHANGES_NONE = Text("ändert keine Entscheidung", "changes no decision")
KEEPS = Text("wer zuvor „ja“ erhielt, erhält „ja“", "who was told yes before is told yes")
DENIES_NONE = Text("wem zuvor „ja“ gesagt wurde, wird nicht „nein“ gesagt", "who was told yes before is not told no")
DIFFER = Text("die Lesarten unterscheiden sich", "the readings differ")
_TOLD = partial(different, told=True)
_ANY = partial(different, told=False)


def operation(bench: Workbench, identifier: OperationId) -> Proof:
    """Show a case whose decision an operation changes, or prove that there is none.

    A change counts where the decision then says more than an open point; where there is none of these, any counts.
    An operation is taken back together with those that refer to what it brought.
    """
    needless = bench.law.operations[identifier].ohne_wirkung is not None
    without, budget = dependants(bench.law)[identifier], bench.budget()
    states = [p for p in periods(bench.law) if identifier.act in (p.law.fassung, *p.law.erlasse)]
    pairs = [(p, q, *_sides(bench, p, q, without)) for p in states for q in QUESTIONS]
    unlike = [pair for pair in pairs if not alike(pair[2][0], pair[3][0])]
    settled = partial(Proof, "operation", identifier.act, str(identifier))
    claim = CHANGES_NONE if needless else CHANGES
    if not unlike:
        note = Text("ohne sie ist jede Regel dieselbe", "without it every rule is the same")
        return settled(CHANGES_NONE, Result.PROVED, needless, note=note)
    for period, question, new, old in _tried(unlike):
        for condition in (_TOLD, _ANY):
            sight = bench.find(condition, new, old, period=period, budget=budget)
            if sight is not None:
                shown = _witness(bench, period.law, question, sight, without, told=condition is _TOLD)
                return settled(claim, Result.REFUTED if needless else Result.SHOWN, not needless, shown)
    if all(bench.impossible(may_differ, new, old, budget=budget) for _, _, new, old in unlike):
        return settled(CHANGES_NONE, Result.PROVED, needless)
    return settled(claim, Result.UNSETTLED, False)


def _tried(pairs: list[tuple[Period, Question, Side, Side]]) -> Iterator[tuple[Period, Question, Side, Side]]:
    """Yield the first state of the law for each question."""
    seen: set[str] = set()
    for pair in pairs:
        if pair[1] not in seen:
            seen.add(pair[1])
            yield pair


def _sides(
    bench: Workbench, period: Period, question: Question, without: frozenset[OperationId]
) -> tuple[Side, Side]:
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
        old, new = ((plan_of(bench.law, p.law, question), {}) for p in (before, after))
        subject = f"{question}: {before.law.name} → {after.law.name}"
        for claim, condition in ((KEEPS, _no_longer_yes), (DENIES_NONE, _now_no)):
            yield _kept(bench, after, before.law, question, old, new, claim, condition, subject)


def _kept(  # noqa: PLR0913, PLR0917 - two sides and what is claimed of them
    bench: Workbench,
    after: Period,
    before: Law,
    question: Question,
    old: Side,
    new: Side,
    claim: Text,
    condition: Condition,
    subject: str,
) -> Proof:
    budget, settled = bench.budget(), partial(Proof, "monotony", after.law.name, subject, claim)
    if alike(old[0], new[0]) or bench.impossible(condition, old, new, budget=budget):
        return settled(Result.PROVED, True)
    sight = bench.find(condition, old, new, period=after, budget=budget)
    if sight is None:
        return settled(Result.UNSETTLED, False)
    had, has = sight.sides
    path = [("verdict", "", 0)]
    expected, other = expected_of(has, path, sight.reader), expected_of(had, path, sight.reader)
    shown = bench.shown(question, sight.found, expected=expected, other=other)
    if not agrees(bench.decide(shown, after.law), expected) or not agrees(bench.decide(shown, before), other):
        raise UnconfirmedError(f"{subject}: {shown}")
    return settled(Result.REFUTED, True, shown)


def _no_longer_yes(old: Decided, new: Decided) -> z3.BoolRef:
    return every((_granted(old), negated(when(new.verdict, Verdict.YES))))


def _now_no(old: Decided, new: Decided) -> z3.BoolRef:
    return every((_granted(old), when(new.verdict, Verdict.NO)))


def _granted(decided: Decided) -> z3.BoolRef:
    return every((negated(decided.contradictory), when(decided.verdict, Verdict.YES)))


def reading(bench: Workbench, name: str) -> Iterator[Proof]:
    """Show for each state of the law in which a disputed point is read a case that two readings decide differently."""
    options = list(bench.law.readings[name].lesarten)
    for one, other in pairwise(options):
        subject = f"{name}: {one} / {other}"
        acts = [akt for akt in bench.law.acts if akt.gilt_ab.auslegung == name]
        yield from (_beginnings(bench, akt, subject) for akt in acts)
        for period in periods(bench.law):
            for question in QUESTIONS:
                plan = plan_of(bench.law, period.law, question)
                if name in plan.readings:
                    sides = ((plan, {name: one}), (plan, {name: other}))
                    yield _parted(bench, period, question, subject, *sides)


def _parted(bench: Workbench, period: Period, question: Question, subject: str, one: Side, other: Side) -> Proof:
    budget, settled = bench.budget(), partial(Proof, "reading", period.law.name, subject, DIFFER)
    for condition, told in ((_TOLD, True), (_ANY, False)):
        sight = bench.find(condition, one, other, period=period, budget=budget)
        if sight is not None:
            shown = _contrast(bench, question, sight, told=told)
            decisions = [bench.decide(shown, period.law, readings=dict(side[1])) for side in (one, other)]
            if not agrees(decisions[0], shown.expected) or not agrees(decisions[1], shown.other):
                raise UnconfirmedError(f"{subject}: {shown}")
            return settled(Result.SHOWN, True, shown)
    if bench.impossible(may_differ, one, other, budget=budget):
        return settled(Result.PROVED, True, note=Text("in keinem Fall", "in no case"))
    return settled(Result.UNSETTLED, False)


def _beginnings(bench: Workbench, akt: Akt, subject: str) -> Proof:
    """Show a day and a case for which it matters since when an act applies."""
    name, budget = akt.gilt_ab.auslegung, bench.budget()
    assert name is not None
    span = akt.gilt_ab.datum, akt.gilt_ab.spaetestens
    early, late = (bench.law.choose(span[0], readings={name: option}) for option in ("frueh", "spaet"))
    settled = partial(Proof, "reading", akt.id, subject, DIFFER)
    assert early.basis is not None
    if late.basis is None:
        expected, other = {"outcome": "decided"}, {"outcome": "outside_scope"}
        return settled(Result.SHOWN, True, Shown("antrag", span[0].isoformat(), {"antrag": {}}, 0, {}, expected, other))
    period = Period(Law(early.basis, early.erlasse), span[0], _until(bench, span))
    plans = [plan_of(bench.law, Law(c.basis or "", c.erlasse), "antrag") for c in (early, late)]
    sight = bench.find(_TOLD, (plans[0], {}), (plans[1], {}), period=period, budget=budget)
    if sight is None:
        return settled(Result.UNSETTLED, False)
    shown = _contrast(bench, "antrag", sight, told=True)
    if not agrees(bench.decide(shown, period.law), shown.expected):
        raise UnconfirmedError(f"{subject}: {shown}")
    return settled(Result.SHOWN, True, shown)


def _until(bench: Workbench, span: tuple[date, date]) -> date:
    """Return the end of the span in which two readings choose the same Fassungen as on its first day."""
    days = [akt.gilt_ab.datum for akt in bench.law.acts if span[0] < akt.gilt_ab.datum < span[1]]
    return min([*days, span[1]])
