"""What is proved: of the tables and requirements of each state of the law, of each operation, Fassung and reading.

Tables are complete and unambiguous; requirements can be met and can fail; an operation changes a decision; a new
Fassung takes nothing away; two readings differ.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, pairwise
from typing import Any

import z3

from vwv_im.decision.attribution import dependants
from vwv_im.decision.decision import Decision
from vwv_im.decision.reason import Reason
from vwv_im.lang import COMPARISONS, FOLDED, OPERATIONS, Compute, Row, Verdict, facts_of
from vwv_im.law import Akt, Law, OperationId
from vwv_im.reasoning.plan import Derivation, NamedCondition, Requirement
from vwv_im.review.diagnostics.examine import changes_a_plan, structure
from vwv_im.review.proofs import outputs
from vwv_im.review.proofs.outputs import VERDICT, SymbolicDecision
from vwv_im.review.proofs.prover import Condition, Period, Prover, UnconfirmedError, Variant, Witness, periods_of
from vwv_im.review.proofs.report import Proof, Result, ShownCase
from vwv_im.review.proofs.symbolic_case import Place
from vwv_im.review.proofs.terms import compare, every, negate, same, some
from vwv_im.text import sentence

Confirm = Callable[[Decision], bool]


def _proof(kind: str, law: str, subject: str, claim: str, **words: Any) -> Proof:
    return Proof(kind, law, subject, sentence(f"proofs.{claim}", **words))


def prove_requirements(prover: Prover, period: Period, question: str) -> Iterator[Proof]:
    """Prove of every requirement of a question that it can be met and can fail."""
    variant = Variant(question, period.law)
    for requirement in prover.plan(variant).requirements:
        cell = RequirementProof(prover, period, variant, requirement)
        for claim, work in zip(_both(requirement), (cell.met, cell.failed), strict=True):
            yield prover.settle(_proof("requirement", period.law.name, requirement.id, claim), work)


def _both(requirement: Requirement) -> tuple[str, str]:
    """Return the contributions that say that a requirement is met (an option in question), and that it is not."""
    return "discretion" if requirement.art == "kann" else "yes", "discretion" if requirement.art == "soll" else "no"


@dataclass(frozen=True)
class RequirementProof:
    """Shows what a requirement can contribute to a decision in a variant."""

    prover: Prover
    period: Period
    variant: Variant
    requirement: Requirement

    def met(self, proof: Proof) -> Proof:
        """Show that it can be met, best where it applies."""
        met, _ = _both(self.requirement)
        if self.requirement.art not in FOLDED or self.requirement.applies is None:
            return self.reached(met, proof)
        found = self.reached("applies", proof)
        if found.result is not Result.REFUTED:
            return found
        found = self.reached(met, proof)
        return replace(found, note=found.note or sentence("proofs.only_otherwise"))

    def failed(self, proof: Proof) -> Proof:
        """Show that it can fail."""
        return self.reached(_both(self.requirement)[1], proof)

    def reached(self, result: str, proof: Proof) -> Proof:
        """Show that it can contribute a result, or prove that it cannot."""
        return _reached(
            *(self.prover, self.period, self.variant, partial(_contributes, self.requirement, result)),
            lambda found: any(_is(one, result) for one in found.examined if one.rule == self.requirement.id),
            proof,
        )


def _reached(
    prover: Prover, period: Period, variant: Variant, condition: Condition, confirm: Confirm, proof: Proof
) -> Proof:
    """Show a case that a condition holds of and that `direct` confirms, or prove that there is none."""
    witness = prover.find(condition, variant, period=period)
    if witness is None:
        if prover.impossible(condition, variant):
            return proof.with_result(Result.REFUTED, False, note=sentence("proofs.in_no_case"))
        elsewhere = prover.possible(condition, variant)
        return proof.with_result(Result.REFUTED, True, note=sentence("proofs.on_no_day")) if elsewhere else proof
    shown = prover.shown_case(variant.question, witness.found)
    if not confirm(prover.decide(shown, variant)):
        raise UnconfirmedError(f"{proof.subject}: {shown}")
    return proof.with_result(Result.SHOWN, True, shown)


def prove_notes(prover: Prover, period: Period, question: str) -> Iterator[Proof]:
    """Prove of every plausibility note that it need not be given, and under the first law with it that it can be."""
    variant = Variant(question, period.law)
    for note in prover.plan(variant).of_kind("plausibilitaet"):
        first = next(state.name for state in prover.law.states if note.id in state.plausibilities)
        for told, claim in ((True, "told"), (False, "untold"))[first != period.law.name :]:
            work = partial(
                _reached, *(prover, period, variant, partial(_tells, note, told)), partial(_has_told, note.id, told)
            )
            yield prover.settle(_proof("plausibility", period.law.name, note.id, claim), work)


def _has_told(identifier: str, told: bool, decision: Decision) -> bool:
    return any(one.id == identifier for one in decision.plausibility) is told


def _tells(note: NamedCondition, told: bool, decision: SymbolicDecision) -> z3.BoolRef:
    """Return when a note is given somewhere, or certainly nowhere."""
    tests = (
        (decision.case.live(at), decision.translation.test(note.condition, at))
        for at in decision.case.places(note.scope)
    )
    if told:
        found = some(every((live, test.yes)) for live, test in tests)
    else:
        found = every(some((negate(live), test.no)) for live, test in tests)
    return every((negate(decision.contradictory), found))


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


def _contributes(requirement: Requirement, result: str, decision: SymbolicDecision) -> z3.BoolRef:
    """Return when a requirement makes such a contribution somewhere."""
    places = []
    for _, live, applies, value in decision.findings(requirement):
        match result:
            case "entfaellt":
                here = applies.no
            case "yes":
                here = outputs.value_is(value, "yes")
            case "applies":
                here = every((applies.yes, outputs.value_is(value, "yes")))
            case _:
                here = every((negate(applies.no), outputs.value_is(value, result)))
        places.append(every((live, here)))
    return every((negate(decision.contradictory), some(places)))


def prove_tables(prover: Prover, period: Period) -> Iterator[Proof]:
    """Prove of every decision table of a state of the law that it is complete and unambiguous."""
    for question in prover.law.questions:
        variant = Variant(question, period.law)
        for derivation in prover.plan(variant).derivations:
            if isinstance(derivation.form, tuple):
                table = _Table(prover, period, variant, derivation, derivation.form)
                for claim, work in (("complete", table.complete), ("unambiguous", table.unambiguous)):
                    yield prover.settle(_proof("table", period.law.name, derivation.item.id, claim), work)


@dataclass(frozen=True)
class _Table:
    prover: Prover
    period: Period
    variant: Variant
    derivation: Derivation
    rows: tuple[Row, ...]

    def complete(self, proof: Proof) -> Proof:
        gap = self.derivation.item.model.luecke
        found = self._without(self._no_row, proof)
        if gap is None:
            return found
        there, note = found.result is Result.REFUTED, sentence("proofs.gap", why=gap)
        return found.with_result(Result.SHOWN if there else found.result, there, found.shown, note)

    def unambiguous(self, proof: Proof) -> Proof:
        if self.derivation.item.model.treffer == "erste":
            return proof.with_result(Result.PROVED, True, note=sentence("proofs.first_row"))
        return self._without(self._two_rows, proof)

    def _without(self, fault: Condition, proof: Proof) -> Proof:
        """Prove that a fault of the table occurs in no case, or show one in which it does."""
        if self.prover.impossible(partial(self._anywhere, fault), self.variant):
            return proof.with_result(Result.PROVED, True)
        witness = self.prover.find(partial(self._decidable, fault), self.variant, period=self.period)
        if witness is None:
            return proof
        return proof.with_result(Result.REFUTED, False, self.prover.shown_case(self.variant.question, witness.found))

    def _decidable(self, fault: Condition, decision: SymbolicDecision) -> z3.BoolRef:
        return every((negate(decision.contradictory), self._anywhere(fault, decision)))

    def _anywhere(self, fault: Condition, decision: SymbolicDecision) -> z3.BoolRef:
        scope = self.derivation.scope
        return some(every((decision.case.live(at), fault(decision, at))) for at in decision.case.places(scope))

    def _no_row(self, decision: SymbolicDecision, place: Place) -> z3.BoolRef:
        """Return when all inputs of the table are known and no row holds."""
        terms, facts = decision.translation, sorted({fact for row in self.rows for fact in facts_of(row.condition)})
        matched = some([terms.test(row.condition, place).yes for row in self.rows])
        return every((*(terms.fact(fact, place).known for fact in facts), negate(matched)))

    def _two_rows(self, decision: SymbolicDecision, place: Place) -> z3.BoolRef:
        """Return when two rows with a condition hold and give different values."""
        terms, rows = decision.translation, [row for row in self.rows if row.condition is not None]
        meant = [(terms.test(row.condition, place), terms.expression(row.value, place)) for row in rows]
        pairs = combinations(meant, 2)
        return some(every((a.yes, b.yes, negate(same(one, other)))) for (a, one), (b, other) in pairs)


def prove_operation(prover: Prover, identifier: OperationId) -> Proof:
    """Show a case whose decision an operation changes, or prove that there is none.

    A change counts where the decision then says more than an open point; where there is none of these, any counts.
    An operation is taken back together with those that refer to what it brought. Of one that changes only what is
    worked out on demand it is proved that it changes no decision.
    """
    needless = prover.law.operations[identifier].ohne_wirkung is not None
    proof = _proof("operation", identifier.act, str(identifier), "changes_none" if needless else "changes")
    return prover.settle(proof, partial(_operation, prover, identifier, needless))


def _operation(prover: Prover, identifier: OperationId, needless: bool, proof: Proof) -> Proof:
    without = dependants(prover.law)[identifier]
    states = [p for p in periods_of(prover.law) if identifier.act in (p.law.fassung, *p.law.erlasse)]
    pairs = [(p, Variant(q, p.law), Variant(q, p.law, without)) for p in states for q in prover.law.questions]
    unlike = [(p, new, old) for p, new, old in pairs if structure(prover.plan(new)) != structure(prover.plan(old))]
    first: dict[str, tuple[Period, Variant, Variant]] = {}
    for pair in unlike:
        first.setdefault(pair[1].question, pair)
    for period, new, old in first.values():
        shown = _find_difference(prover, new, old, period)
        if shown is not None:
            if outputs.agrees(prover.decide(shown, old), shown.expected):
                raise UnconfirmedError(f"{period.law.name}: {shown}")
            return proof.with_result(Result.REFUTED if needless else Result.SHOWN, not needless, shown)
    if not unlike and changes_a_plan(prover.law, without):
        proof = replace(proof, claim=sentence("proofs.changes_none"))
        return proof.with_result(Result.PROVED, True, note=sentence("proofs.on_demand"))
    if all(prover.impossible(outputs.may_differ, new, old) for _, new, old in unlike):
        note = sentence("proofs.in_no_case" if unlike else "proofs.changes_no_rule")
        return proof.with_result(Result.PROVED if needless else Result.REFUTED, needless, note=note)
    return proof


def _find_difference(
    prover: Prover, new: Variant, old: Variant, period: Period, *, only_definite: bool = False
) -> ShownCase | None:
    """Return a case that two variants decide differently, best where the new one then says more than an open point."""
    for definite in (True,) if only_definite else (True, False):
        witness = prover.find(partial(outputs.decisions_differ, definite=definite), new, old, period=period)
        if witness is not None:
            differs = outputs.differences(*witness.decisions, definite=definite).items()
            paths = [path for path, here in differs if witness.found.reader.holds(here)]
            return _confirm(prover, (new, old), witness, paths)
    return None


def _confirm(
    prover: Prover, variants: tuple[Variant, Variant], witness: Witness, paths: Iterable[outputs.Path]
) -> ShownCase:
    """Return a case with what two decisions say at some paths, confirmed by `direct`."""
    expected, other = (outputs.expected_of(side, paths, witness.found.reader) for side in witness.decisions)
    shown = prover.shown_case(variants[0].question, witness.found, expected=expected, other=other)
    new, old = (prover.decide(shown, variant) for variant in variants)
    if not outputs.agrees(new, expected) or not outputs.agrees(old, other):
        raise UnconfirmedError(f"{variants[0].law.name}: {shown}")
    return shown


def prove_monotony(prover: Prover, question: str) -> Iterator[Proof]:
    """Prove for each Fassung that it grants whatever the one before granted, or show a case in which it does not."""
    for before, after in pairwise(periods_of(prover.law)):
        transition = _Transition(prover, Variant(question, after.law), Variant(question, before.law), after)
        subject = f"{question}: {before.law.name} → {after.law.name}"
        for claim, condition in (("keeps", _no_longer_yes), ("denies_none", _now_no)):
            proof = _proof("monotony", after.law.name, subject, claim)
            yield prover.settle(proof, partial(transition.nothing_lost, condition, VERDICT))
        for derivation in transition.granted():
            fact, scope = derivation.fact, derivation.scope
            proof = _proof("monotony", after.law.name, subject, "no_less", what=derivation.item.model.titel.text)
            first = Place(scope, (0,) * (len(prover.law.vocabulary.above(scope)) - 1))
            work = partial(transition.nothing_lost, partial(_less, fact, scope), ("derived", fact, first))
            yield prover.settle(proof, work)


@dataclass(frozen=True)
class _Transition:
    prover: Prover
    new: Variant
    old: Variant
    period: Period

    def granted(self) -> Iterator[Derivation]:
        """Yield what both sides grant each entry of a list, counted in units and not only by the calendar."""
        new, old = self.prover.plan(self.new), self.prover.plan(self.old)
        for derivation in old.derivations:
            model, form = derivation.item.model, derivation.form
            calendar = isinstance(form, Compute) and OPERATIONS[form.operation].symbolic is not None
            result = model.einheit is not None and not model.zwischenwert and not calendar
            if derivation.scope != old.top and result and derivation.fact in new.producers:
                yield derivation

    def nothing_lost(self, condition: Condition, path: outputs.Path, proof: Proof) -> Proof:
        """Prove that nobody loses what was granted, or show who does; which of the two is no fault of the law."""
        prover, variants = self.prover, (self.new, self.old)
        new, old = (structure(prover.plan(variant)) for variant in variants)
        if new == old or prover.impossible(condition, *variants):
            return proof.with_result(Result.PROVED, True)
        witness = prover.find(condition, *variants, period=self.period)
        if witness is None:
            return proof
        return proof.with_result(Result.REFUTED, True, _confirm(prover, variants, witness, [path]))


def _no_longer_yes(new: SymbolicDecision, old: SymbolicDecision) -> z3.BoolRef:
    return every((_granted(old), negate(outputs.value_is(new.verdict, Verdict.YES))))


def _now_no(new: SymbolicDecision, old: SymbolicDecision) -> z3.BoolRef:
    return every((_granted(old), outputs.value_is(new.verdict, Verdict.NO)))


def _less(fact: str, scope: str, new: SymbolicDecision, old: SymbolicDecision) -> z3.BoolRef:
    """Return when a listed entry is granted less than before."""
    less = []
    for place in old.case.places(scope):
        now, before = (decision.translation.fact(fact, place) for decision in (new, old))
        less.append(every((old.case.is_listed(place), compare(COMPARISONS["weniger_als"], now, before).yes)))
    return every((negate(old.contradictory), negate(new.contradictory), some(less)))


def _granted(decision: SymbolicDecision) -> z3.BoolRef:
    return every((negate(decision.contradictory), outputs.value_is(decision.verdict, Verdict.YES)))


def prove_readings(prover: Prover, name: str) -> Iterator[Proof]:
    """Show for each state of the law in which a disputed point is read a case that two readings decide differently."""
    for options in pairwise(prover.law.readings[name].lesarten):
        subject = f"{name}: {' / '.join(options)}"
        for akt in (akt for akt in prover.law.acts if akt.gilt_ab.auslegung == name):
            if akt.gilt_ab.spaet_bei in options:
                work = partial(_compare_beginnings, prover, akt, sorted(options, key=akt.gilt_ab.spaet_bei.__eq__))
                yield prover.settle(_proof("reading", akt.id, subject, "differ"), work)
        for period in periods_of(prover.law):
            for question in prover.law.questions:
                one, other = (Variant(question, period.law, readings={name: option}) for option in options)
                if name in prover.plan(one).readings:
                    work = partial(_compare_readings, prover, period, one, other)
                    yield prover.settle(_proof("reading", period.law.name, subject, "differ"), work)


def _compare_readings(prover: Prover, period: Period, one: Variant, other: Variant, proof: Proof) -> Proof:
    shown = _find_difference(prover, one, other, period)
    if shown is not None:
        return proof.with_result(Result.SHOWN, True, shown)
    if prover.impossible(outputs.may_differ, one, other):
        return proof.with_result(Result.REFUTED, True, note=sentence("proofs.in_no_case"))
    elsewhere = prover.possible(partial(outputs.decisions_differ, definite=False), one, other)
    return proof.with_result(Result.REFUTED, True, note=sentence("proofs.on_no_day")) if elsewhere else proof


def _compare_beginnings(prover: Prover, akt: Akt, options: Sequence[str], proof: Proof) -> Proof:
    """Show a day and a case for which it matters since when an act applies: by the early or by the late reading."""
    span, name = (akt.gilt_ab.datum, akt.gilt_ab.spaetestens), akt.gilt_ab.auslegung or ""
    new, old = (prover.law.choose(span[0], readings={name: option}) for option in options)
    if new.basis is None or old.basis is None:
        asked = prover.law.first_question
        expected, other = ({"outcome": "decided" if side.basis else "outside_scope"} for side in (new, old))
        shown = ShownCase(asked, span[0].isoformat(), prover.empty_case(asked), 0, {}, expected, other)
        return proof.with_result(Result.SHOWN, True, shown)
    states = Law(new.basis, new.erlasse), Law(old.basis, old.erlasse)
    days = [akt.gilt_ab.datum for akt in prover.law.acts if span[0] < akt.gilt_ab.datum < span[1]]
    period = Period(states[0], span[0], min([*days, span[1]]))  # the same Fassungen are chosen on each of its days
    for question in prover.law.questions:
        early, late = (Variant(question, state) for state in states)
        if (found := _find_difference(prover, early, late, period, only_definite=True)) is not None:
            return proof.with_result(Result.SHOWN, True, found)
    return proof
