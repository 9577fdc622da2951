"""What is proved: of the tables and requirements of each state of the law, of each operation, Fassung and reading.

Tables are complete and unambiguous; requirements can be met and can fail; an operation changes a decision; a new
Fassung takes nothing away; two readings differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import combinations, pairwise
from typing import Literal

import z3

from vwv_im.decision.compare import dependants
from vwv_im.decision.reason import Reason
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import Compute, Row
from vwv_im.lang.table import COMPARISONS, OPERATIONS
from vwv_im.lang.truth import FOLDED, Verdict
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.model import Akt
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Derivation, Requirement
from vwv_im.review.diagnostics.unused import changes_a_plan, structure
from vwv_im.review.proofs import outputs
from vwv_im.review.proofs.outputs import VERDICT, Decided
from vwv_im.review.proofs.prover import Condition, Period, Sight, UnconfirmedError, Way, Workbench, periods
from vwv_im.review.proofs.report import Proof, Result, Shown
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.symbolic_case import Place
from vwv_im.review.proofs.terms import compare, every, negate, same, some
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
                here = every((applies.yes, outputs.when(value, "yes")))
            elif result == "yes":
                here = outputs.when(value, "yes")
            else:
                here = every((negate(applies.no), outputs.when(value, result)))
            places.append(every((live, here)))
        return every((negate(decided.contradictory), some(places)))

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
        return every((negate(decided.contradictory), self._anywhere(fault, decided)))

    def _anywhere(self, fault: Condition, decided: Decided) -> z3.BoolRef:
        scope = self.derivation.scope
        return some(every((decided.case.live(at), fault(decided, at))) for at in decided.case.places(scope))

    def _no_row(self, decided: Decided, place: Place) -> z3.BoolRef:
        """Return when all inputs of the table are known and no row holds."""
        terms, facts = decided.translation, sorted({fact for row in self.rows for fact in facts_of(row.condition)})
        matched = some([terms.test(row.condition, place).yes for row in self.rows])
        return every((*(terms.fact(fact, place).known for fact in facts), negate(matched)))

    def _two_rows(self, decided: Decided, place: Place) -> z3.BoolRef:
        """Return when two rows with a condition hold and give different values."""
        terms, rows = decided.translation, [row for row in self.rows if row.condition is not None]
        told = [(terms.test(row.condition, place), terms.expression(row.value, place)) for row in rows]
        pairs = combinations(told, 2)
        return some(every((a.yes, b.yes, negate(same(one, other)))) for (a, one), (b, other) in pairs)


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
            if outputs.agrees(bench.decide(shown, old), shown.expected):
                raise UnconfirmedError(f"{period.law.name}: {shown}")
            return proof.ended(Result.REFUTED if needless else Result.SHOWN, not needless, shown)
    if not unlike and changes_a_plan(bench.law, without):
        return replace(proof, claim=CHANGES_NONE).ended(Result.PROVED, True, note=_ON_DEMAND)
    if all(bench.impossible(outputs.may_differ, new, old, budget=budget) for _, new, old in unlike):
        note = None if unlike else Text("ohne sie ist jede Regel dieselbe", "without it every rule is the same")
        return proof.ended(Result.PROVED if needless else Result.REFUTED, needless, note=note or IN_NO_CASE)
    return proof


def _contrast(
    bench: Workbench, new: Way, old: Way, period: Period, budget: Budget, *, only_told: bool = False
) -> Shown | None:
    """Return a case that two ways decide differently, best where the new one then says more than an open point."""
    for told in (True,) if only_told else (True, False):
        sight = bench.find(partial(outputs.different, told=told), new, old, period=period, budget=budget)
        if sight is not None:
            differs = outputs.differing(*sight.sides, told=told).items()
            return _shown(bench, (new, old), sight, [path for path, here in differs if sight.found.reader.holds(here)])
    return None


def _shown(bench: Workbench, ways: tuple[Way, Way], sight: Sight, paths: Iterable[outputs.Path]) -> Shown:
    """Return a case with what two decisions say at some paths, confirmed by `direct`."""
    expected, other = (outputs.expected_of(side, paths, sight.found.reader) for side in sight.sides)
    shown = bench.shown(ways[0].question, sight.found, expected=expected, other=other)
    new, old = (bench.decide(shown, way) for way in ways)
    if not outputs.agrees(new, expected) or not outputs.agrees(old, other):
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

    def kept(self, condition: Condition, told: outputs.Path, proof: Proof, budget: Budget) -> Proof:
        """Prove that nobody loses what was granted, or show who does; which of the two is no fault of the law."""
        bench, ways = self.bench, (self.new, self.old)
        new, old = (structure(bench.plan(way)) for way in ways)
        if new == old or bench.impossible(condition, *ways, budget=budget):
            return proof.ended(Result.PROVED, True)
        sight = bench.find(condition, *ways, period=self.period, budget=budget)
        return proof if sight is None else proof.ended(Result.REFUTED, True, _shown(bench, ways, sight, [told]))


def _no_longer_yes(new: Decided, old: Decided) -> z3.BoolRef:
    return every((_granted(old), negate(outputs.when(new.verdict, Verdict.YES))))


def _now_no(new: Decided, old: Decided) -> z3.BoolRef:
    return every((_granted(old), outputs.when(new.verdict, Verdict.NO)))


def _less(fact: str, scope: str, new: Decided, old: Decided) -> z3.BoolRef:
    """Return when an entry that is listed is told less than before."""
    less = [
        every((old.case.listed(place), compare(COMPARISONS["weniger_als"], *told).yes))
        for place in old.case.places(scope)
        for told in [[decided.translation.fact(fact, place) for decided in (new, old)]]
    ]
    return every((negate(old.contradictory), negate(new.contradictory), some(less)))


def _granted(decided: Decided) -> z3.BoolRef:
    return every((negate(decided.contradictory), outputs.when(decided.verdict, Verdict.YES)))


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
    if bench.impossible(outputs.may_differ, one, other, budget=budget):
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
