"""What each operation of an act changes, what a new Fassung takes away, and where two readings part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

import z3

from vwv_im.decision.attribution import dependants
from vwv_im.lang.nodes import Compute
from vwv_im.lang.table import COMPARISONS, OPERATIONS
from vwv_im.lang.truth import Verdict
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.model import Akt
from vwv_im.reasoning.plan import Derivation
from vwv_im.review.diagnostics.unused import changes_a_plan, structure
from vwv_im.review.proofs.facets import (
    VERDICT,
    Decided,
    Path,
    agrees,
    different,
    differing,
    expected_of,
    may_differ,
    when,
)
from vwv_im.review.proofs.inputs import Place
from vwv_im.review.proofs.proof import Proof, Result, Shown
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.states import IN_NO_CASE
from vwv_im.review.proofs.terms import compared, every, negated, some
from vwv_im.review.proofs.workbench import Condition, Period, Sight, UnconfirmedError, Way, Workbench, periods
from vwv_im.text import Text

CHANGES = Text("ändert eine Entscheidung", "changes a decision")
CHANGES_NONE = Text("ändert keine Entscheidung", "changes no decision")
KEEPS = Text("wer zuvor „ja“ erhielt, erhält „ja“", "who was told yes before is told yes")
DENIES_NONE = Text("wem zuvor „ja“ gesagt wurde, wird nicht „nein“ gesagt", "who was told yes before is not told no")
_ON_DEMAND = Text("ändert nur, was auf Anfrage ermittelt wird", "changes only what is worked out on demand")
DIFFER = Text("die Lesarten unterscheiden sich", "the readings differ")


def operation(bench: Workbench, identifier: OperationId) -> Proof:
    """Show a case whose decision an operation changes, or prove that there is none.

    A change counts where the decision then says more than an open point; where there is none of these, any counts.
    An operation is taken back together with those that refer to what it brought. Of one that changes only what is
    worked out on demand it is proved that it changes no decision.
    """
    needless = bench.law.operations[identifier].ohne_wirkung is not None
    proof = Proof("operation", identifier.act, str(identifier), CHANGES_NONE if needless else CHANGES)
    return bench.settle(proof, partial(_operation, bench, identifier, needless))


def _operation(bench: Workbench, identifier: OperationId, needless: bool, proof: Proof, budget: Budget) -> Proof:
    without = dependants(bench.law)[identifier]
    states = [p for p in periods(bench.law) if identifier.act in (p.law.fassung, *p.law.erlasse)]
    pairs = [(p, Way(q, p.law), Way(q, p.law, without)) for p in states for q in bench.law.questions]
    unlike = [(p, new, old) for p, new, old in pairs if structure(bench.plan(new)) != structure(bench.plan(old))]
    first: dict[str, tuple[Period, Way, Way]] = {}
    for pair in unlike:
        first.setdefault(pair[1].question, pair)
    for period, new, old in first.values():
        shown = _contrast(bench, new, old, period, budget)
        if shown is not None:
            if agrees(bench.decide(shown, old), shown.expected):
                raise UnconfirmedError(f"{period.law.name}: {shown}")
            return proof.ended(Result.REFUTED if needless else Result.SHOWN, not needless, shown)
    if not unlike and changes_a_plan(bench.law, without):
        return replace(proof, claim=CHANGES_NONE).ended(Result.PROVED, True, note=_ON_DEMAND)
    if all(bench.impossible(may_differ, new, old, budget=budget) for _, new, old in unlike):
        note = None if unlike else Text("ohne sie ist jede Regel dieselbe", "without it every rule is the same")
        return proof.ended(Result.PROVED if needless else Result.REFUTED, needless, note=note or IN_NO_CASE)
    return proof


def _contrast(
    bench: Workbench, new: Way, old: Way, period: Period, budget: Budget, *, only_told: bool = False
) -> Shown | None:
    """Return a case that two ways decide differently, best where the new one then says more than an open point."""
    for told in (True,) if only_told else (True, False):
        sight = bench.find(partial(different, told=told), new, old, period=period, budget=budget)
        if sight is not None:
            differs = differing(*sight.sides, told=told).items()
            return _shown(bench, (new, old), sight, [path for path, here in differs if sight.found.reader.holds(here)])
    return None


def _shown(bench: Workbench, ways: tuple[Way, Way], sight: Sight, paths: Iterable[Path]) -> Shown:
    """Return a case with what two decisions say at some paths, confirmed by `direct`."""
    expected, other = (expected_of(side, paths, sight.found.reader) for side in sight.sides)
    shown = bench.shown(ways[0].question, sight.found, expected=expected, other=other)
    new, old = (bench.decide(shown, way) for way in ways)
    if not agrees(new, expected) or not agrees(old, other):
        raise UnconfirmedError(f"{ways[0].law.name}: {shown}")
    return shown


def monotony(bench: Workbench, question: str) -> Iterator[Proof]:
    """Prove for each Fassung that it grants whatever the one before granted, or show a case in which it does not."""
    for before, after in pairwise(periods(bench.law)):
        step = _Step(bench, Way(question, after.law), Way(question, before.law), after)
        subject = f"{question}: {before.law.name} → {after.law.name}"
        for claim, condition in ((KEEPS, _no_longer_yes), (DENIES_NONE, _now_no)):
            yield bench.settle(
                Proof("monotony", after.law.name, subject, claim), partial(step.kept, condition, VERDICT)
            )
        for derivation in step.granted():
            title, fact, scope = derivation.item.model.titel, derivation.fact, derivation.scope
            claim = Text(f"nicht weniger: {title.de}", f"no less: {title.en}")
            first = Place(scope, (0,) * (len(bench.law.vocabulary.above(scope)) - 1))
            work = partial(step.kept, partial(_less, fact, scope), ("derived", fact, first))
            yield bench.settle(Proof("monotony", after.law.name, subject, claim), work)


@dataclass(frozen=True)
class _Step:
    bench: Workbench
    new: Way
    old: Way
    period: Period

    def granted(self) -> Iterator[Derivation]:
        """Yield what both sides grant each entry of a list, counted in units and not only by the calendar."""
        new, old = self.bench.plan(self.new), self.bench.plan(self.old)
        for derivation in old.derivations:
            model, form = derivation.item.model, derivation.form
            calendar = isinstance(form, Compute) and OPERATIONS[form.operation].symbolic is not None
            result = model.einheit is not None and not model.zwischenwert and not calendar
            if derivation.scope != old.top and result and derivation.fact in new.producers:
                yield derivation

    def kept(self, condition: Condition, told: Path, proof: Proof, budget: Budget) -> Proof:
        """Prove that nobody loses what was granted, or show who does; which of the two is no fault of the law."""
        bench, ways = self.bench, (self.new, self.old)
        new, old = (structure(bench.plan(way)) for way in ways)
        if new == old or bench.impossible(condition, *ways, budget=budget):
            return proof.ended(Result.PROVED, True)
        sight = bench.find(condition, *ways, period=self.period, budget=budget)
        return proof if sight is None else proof.ended(Result.REFUTED, True, _shown(bench, ways, sight, [told]))


def _no_longer_yes(new: Decided, old: Decided) -> z3.BoolRef:
    return every((_granted(old), negated(when(new.verdict, Verdict.YES))))


def _now_no(new: Decided, old: Decided) -> z3.BoolRef:
    return every((_granted(old), when(new.verdict, Verdict.NO)))


def _less(fact: str, scope: str, new: Decided, old: Decided) -> z3.BoolRef:
    """Return when an entry that is listed is told less than before."""
    less = [
        every((old.case.listed(place), compared(COMPARISONS["weniger_als"], *told).yes))
        for place in old.case.places(scope)
        for told in [[decided.translation.fact(fact, place) for decided in (new, old)]]
    ]
    return every((negated(old.contradictory), negated(new.contradictory), some(less)))


def _granted(decided: Decided) -> z3.BoolRef:
    return every((negated(decided.contradictory), when(decided.verdict, Verdict.YES)))


def reading(bench: Workbench, name: str) -> Iterator[Proof]:
    """Show for each state of the law in which a disputed point is read a case that two readings decide differently."""
    for options in pairwise(bench.law.readings[name].lesarten):
        subject = f"{name}: {' / '.join(options)}"
        for akt in (akt for akt in bench.law.acts if akt.gilt_ab.auslegung == name):
            if akt.gilt_ab.spaet_bei in options:
                work = partial(_beginnings, bench, akt, sorted(options, key=akt.gilt_ab.spaet_bei.__eq__))
                yield bench.settle(Proof("reading", akt.id, subject, DIFFER), work)
        for period in periods(bench.law):
            for question in bench.law.questions:
                one, other = (Way(question, period.law, readings={name: option}) for option in options)
                if name in bench.plan(one).readings:
                    work = partial(_parted, bench, period, one, other)
                    yield bench.settle(Proof("reading", period.law.name, subject, DIFFER), work)


def _parted(bench: Workbench, period: Period, one: Way, other: Way, proof: Proof, budget: Budget) -> Proof:
    shown = _contrast(bench, one, other, period, budget)
    if shown is not None:
        return proof.ended(Result.SHOWN, True, shown)
    if bench.impossible(may_differ, one, other, budget=budget):
        return proof.ended(Result.REFUTED, True, note=IN_NO_CASE)
    return proof


def _beginnings(bench: Workbench, akt: Akt, options: Sequence[str], proof: Proof, budget: Budget) -> Proof:
    """Show a day and a case for which it matters since when an act applies: by the early or by the late reading."""
    span, name = (akt.gilt_ab.datum, akt.gilt_ab.spaetestens), akt.gilt_ab.auslegung or ""
    new, old = (bench.law.choose(span[0], readings={name: option}) for option in options)
    if new.basis is None or old.basis is None:
        asked = bench.law.first_question
        expected, other = ({"outcome": "decided" if side.basis else "outside_scope"} for side in (new, old))
        shown = Shown(asked, span[0].isoformat(), bench.nothing(asked), 0, {}, expected, other)
        return proof.ended(Result.SHOWN, True, shown)
    states = Law(new.basis, new.erlasse), Law(old.basis, old.erlasse)
    period = Period(states[0], span[0], _until(bench, span))
    for question in bench.law.questions:
        early, late = (Way(question, state) for state in states)
        if (found := _contrast(bench, early, late, period, budget, only_told=True)) is not None:
            return proof.ended(Result.SHOWN, True, found)
    return proof


def _until(bench: Workbench, span: tuple[date, date]) -> date:
    """Return the end of the span in which two readings choose the same Fassungen as on its first day."""
    days = [akt.gilt_ab.datum for akt in bench.law.acts if span[0] < akt.gilt_ab.datum < span[1]]
    return min([*days, span[1]])
