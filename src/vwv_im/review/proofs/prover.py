"""What every proof needs: states of the law, symbolic cases over plans, a search, and `direct` to confirm."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from time import monotonic
from typing import Any

import z3

from vwv_im.decision.compare import decide_as
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import programs_of
from vwv_im.decision.request import make_request
from vwv_im.law import Law, OperationId, Regulation
from vwv_im.reasoning.plan import Plan
from vwv_im.review.proofs.outputs import SymbolicDecision
from vwv_im.review.proofs.report import Proof, ShownCase
from vwv_im.review.proofs.search import Budget, FoundCase, Search, UnsettledError, usual_days
from vwv_im.review.proofs.symbolic_case import SymbolicCase
from vwv_im.review.proofs.terms import FALSE, TRUE, RefusedError, UntranslatableError, every, some
from vwv_im.review.proofs.translation import Translation
from vwv_im.text import sentence

MOST_ENTRIES = 2
Condition = Callable[..., z3.BoolRef]


@dataclass(frozen=True, slots=True)
class Period:
    """A state of the law and the span of days on which it applies; `before` is the first day after it."""

    law: Law
    first: date
    before: date


def periods_of(law: Regulation) -> tuple[Period, ...]:
    """Return every state of the law in order, each with the days on which it is chosen by itself.

    A last state that no act ends is looked at until the end of the usual years.
    """
    days = sorted({akt.gilt_ab.datum for akt in law.acts})
    end = date(max([*law.vocabulary.usual_years, days[-1].year]) + 1, 1, 1)
    chosen = ((law.choose(first), first, before) for first, before in pairwise([*days, end]))
    return tuple(
        Period(Law(choice.basis, choice.erlasse), first, before)
        for choice, first, before in chosen
        if choice.status == "inside" and choice.basis is not None
    )


def plan_of(law: Regulation, state: Law, question: str, without: Collection[OperationId] = ()) -> Plan:
    """Return the plan of a question under a state of the law, `without` some operations."""
    return programs_of(law).get(state.fassung, state.erlasse, question, without).plan


class UnconfirmedError(Exception):
    """The engine `direct` does not decide a case as the solver says: the translation would be wrong."""


@dataclass(frozen=True)
class Variant:
    """One way to decide cases: a question under a state of the law, `without` some operations, under some readings."""

    question: str
    law: Law
    without: frozenset[OperationId] = frozenset()
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Witness:
    """A case that the solver found, with its symbolic decision in each variant."""

    found: FoundCase
    decisions: tuple[SymbolicDecision, ...]


class Prover:
    """Searches cases of a regulation for one proof after another, each within `seconds` of computing time."""

    law: Regulation
    seconds: float
    budget: Budget

    def __init__(self, law: Regulation, seconds: float) -> None:
        self.law, self.seconds, self.budget = law, seconds, Budget(seconds)

    def settle(self, proof: Proof, work: Callable[[Proof], Proof]) -> Proof:
        """Do the work of a proof in the time it may take; where that fails, the proof says why it is not settled.

        That is as expected only of what rests on something that terms refuse by its name.
        """
        begun, self.budget = monotonic(), Budget(self.seconds)
        try:
            done = work(proof)
        except UnsettledError:
            done = replace(proof, note=sentence("proofs.too_long", seconds=f"{self.seconds:g}"))
        except UntranslatableError as error:
            note = sentence("proofs.untranslatable", error=error)
            done = replace(proof, as_expected=isinstance(error, RefusedError), note=note)
        except UnconfirmedError as error:
            done = replace(proof, note=sentence("proofs.unconfirmed", error=error))
        return replace(done, seconds=monotonic() - begun)

    def plan(self, variant: Variant) -> Plan:
        """Return the plan by which a variant decides."""
        return plan_of(self.law, variant.law, variant.question, variant.without)

    def _decisions(
        self, variants: tuple[Variant, ...], **size: Any
    ) -> tuple[SymbolicCase, tuple[SymbolicDecision, ...]]:
        """Return a case of which nothing is settled, and its decision in each variant."""
        plan, readings = self.plan(variants[0]), {name: tuple(one.lesarten) for name, one in self.law.readings.items()}
        case = SymbolicCase(plan, readings, **size)
        translations = (Translation(self.plan(variant), case, variant.readings) for variant in variants)
        return case, tuple(map(SymbolicDecision, translations))

    def impossible(self, condition: Condition, *variants: Variant) -> bool:
        """Whether a condition on decisions holds in no case at all, however many entries its lists have."""
        case, decisions = self._decisions(variants, generic=True)
        holds = condition(*decisions)
        return bool(holds.eq(FALSE)) or not Search(case, [holds], self.budget).possible()

    def possible(self, condition: Condition, *variants: Variant) -> bool:
        """Whether a condition can be shown to hold on some day of any Fassung."""
        first, *_, last = periods_of(self.law)
        return self.find(condition, *variants, period=replace(first, before=last.before)) is not None

    def find(self, condition: Condition, *variants: Variant, period: Period) -> Witness | None:
        """Return a case with the fewest facts for which a condition holds, with at most two entries in each list.

        The usual readings are tried first. `period` bounds the day of the decision.
        """
        for entries in range(1, MOST_ENTRIES + 1):
            case, decisions = self._decisions(variants, entries=entries)
            holds = condition(*decisions)
            if holds.eq(FALSE):
                continue
            day = case.between(period.first, period.before)
            days = tuple(usual_days(period.first, period.before))
            for readings in self._readings(case):
                found = Search(case, [holds, day, readings], self.budget).least(days)
                if found is not None:
                    return Witness(found, decisions)
        return None

    def _readings(self, case: SymbolicCase) -> tuple[z3.BoolRef, ...]:
        usual = every(
            some(when for option, when in reading.options if option == self.law.readings[name].vorgabe)
            for name, reading in case.readings.items()
        )
        return (usual,) if usual.eq(TRUE) else (usual, TRUE)

    def shown_case(self, question: str, found: FoundCase, **more: Any) -> ShownCase:
        """Return a case that was found as data, with the readings that are not the usual ones."""
        usual, followed = self.law.default_readings, sorted(found.readings.items())
        readings = {name: option for name, option in followed if option != usual[name]}
        data = found.data or self.empty_case(question)
        return ShownCase(question, found.on.isoformat(), data, found.facts, readings, **more)

    def empty_case(self, question: str) -> dict[str, Any]:
        """Return a case that states nothing of what a question is about."""
        return {self.law.vocabulary.entities[self.law.questions[question].wurzel].key: {}}

    def decide(self, shown: ShownCase, variant: Variant) -> Decision:
        """Decide a case that was found by the engine `direct`, in one variant."""
        readings = {**shown.readings, **variant.readings}
        request = make_request(self.law, on=shown.on, question=shown.question, engine="direct", readings=readings)
        return decide_as(self.law, variant.law, self.law.read_case(dict(shown.case)), request, variant.without)
