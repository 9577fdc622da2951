"""What every proof needs: states of the law, symbolic cases over plans, a search, and `direct` to confirm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from time import monotonic
from typing import Any

import z3

from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide_under, programs_of
from vwv_im.decision.request import make_request
from vwv_im.law.choice import Choice
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan
from vwv_im.review.proofs.outputs import Decided
from vwv_im.review.proofs.report import Proof, Shown
from vwv_im.review.proofs.search import Budget, Found, Search, UnsettledError, usual_days
from vwv_im.review.proofs.symbolic_case import SymbolicCase
from vwv_im.review.proofs.terms import FALSE, TRUE, RefusedError, UntranslatableError, every, some
from vwv_im.review.proofs.translation import Translation
from vwv_im.text import Text


@dataclass(frozen=True, slots=True)
class Period:
    """A state of the law and the span of days on which it applies; `before` is the first day after it."""

    law: Law
    first: date
    before: date


def periods(law: Regulation) -> tuple[Period, ...]:
    """Return every state of the law in order, each with the days on which it is chosen by itself.

    A last state that no act ends is looked at until the end of the usual years.
    """
    days = sorted({akt.gilt_ab.datum for akt in law.acts})
    end = date(max([*law.vocabulary.usual_years, days[-1].year]) + 1, 1, 1)
    chosen = ((law.choose(first), first, before) for first, before in pairwise([*days, end]))
    return tuple(
        Period(Law(choice.basis, choice.erlasse), first, before)
        for choice, first, before in chosen
        if choice.place == "inside" and choice.basis is not None
    )


def plan_of(law: Regulation, state: Law, question: str, without: Collection[OperationId] = ()) -> Plan:
    """Return the plan of a question under a state of the law, `without` some operations."""
    return programs_of(law).get(state.fassung, state.erlasse, question, without).plan


MOST_ENTRIES = 2
Condition = Callable[..., z3.BoolRef]


class UnconfirmedError(Exception):
    """The engine `direct` does not decide a case as the solver says: the translation would be wrong."""


@dataclass(frozen=True)
class Way:
    """One way to decide cases: a question under a state of the law, `without` some operations, under some readings."""

    question: str
    law: Law
    without: frozenset[OperationId] = frozenset()
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sight:
    """A case that was found, with the terms it was found by, one side for each way to decide it."""

    found: Found
    sides: tuple[Decided, ...]


@dataclass(frozen=True)
class Workbench:
    """The regulation, and the time that each proof may take."""

    law: Regulation
    seconds: float

    def settle(self, proof: Proof, work: Callable[[Proof, Budget], Proof]) -> Proof:
        """Do the work of a proof in the time it may take; where that fails, the proof says why it is not settled.

        That is as expected only of what rests on something that terms refuse by its name.
        """
        begun = monotonic()
        try:
            done = work(proof, Budget(self.seconds))
        except UnsettledError:
            seconds = f"{self.seconds:g}"
            done = replace(proof, note=Text(f"dauert länger als {seconds} s", f"takes longer than {seconds} s"))
        except UntranslatableError as error:
            note = Text(f"nicht übersetzbar: {error}", f"cannot be translated: {error}")
            done = replace(proof, as_expected=isinstance(error, RefusedError), note=note)
        except UnconfirmedError as error:
            done = replace(
                proof, note=Text(f"direct entscheidet anders: {error}", f"direct decides otherwise: {error}")
            )
        return replace(done, seconds=monotonic() - begun)

    def plan(self, way: Way) -> Plan:
        """Return the plan by which it is decided in this way."""
        return plan_of(self.law, way.law, way.question, way.without)

    def _decided(self, ways: tuple[Way, ...], **size: Any) -> tuple[SymbolicCase, tuple[Decided, ...]]:
        """Return a case of which nothing is settled, and its decision in each way."""
        plan, readings = self.plan(ways[0]), {name: tuple(one.lesarten) for name, one in self.law.readings.items()}
        case = SymbolicCase(plan.vocabulary, plan.scopes, readings, **size)
        return case, tuple(Decided(Translation(self.plan(way), case, way.readings)) for way in ways)

    def impossible(self, condition: Condition, *ways: Way, budget: Budget) -> bool:
        """Whether a condition on decisions holds in no case at all, however many entries its lists have."""
        case, sides = self._decided(ways, generic=True)
        holds = condition(*sides)
        return bool(holds.eq(FALSE)) or not Search(case, [holds], budget).possible()

    def find(self, condition: Condition, *ways: Way, period: Period, budget: Budget) -> Sight | None:
        """Return a case with the fewest facts for which a condition holds, with at most two entries in each list.

        The usual readings are tried first. `period` bounds the day of the decision.
        """
        for entries in range(1, MOST_ENTRIES + 1):
            case, sides = self._decided(ways, entries=entries)
            holds = condition(*sides)
            if holds.eq(FALSE):
                return None
            day = case.between(period.first, period.before)
            days = tuple(usual_days(period.first, period.before))
            for readings in self._readings(case):
                found = Search(case, [holds, day, readings], budget).least(days)
                if found is not None:
                    return Sight(found, sides)
        return None

    def _readings(self, case: SymbolicCase) -> tuple[z3.BoolRef, ...]:
        usual = every(
            some(when for option, when in reading.options if option == self.law.readings[name].vorgabe)
            for name, reading in case.readings.items()
        )
        return (usual,) if usual.eq(TRUE) else (usual, TRUE)

    def shown(self, question: str, found: Found, **more: Any) -> Shown:
        """Return a case that was found as data, with the readings that are not the usual ones."""
        usual = {name: entry.vorgabe for name, entry in self.law.readings.items()}
        readings = {name: option for name, option in sorted(found.readings.items()) if option != usual[name]}
        data = found.data or self.nothing(question)
        return Shown(question, found.on.isoformat(), data, found.facts, readings, **more)

    def nothing(self, question: str) -> dict[str, Any]:
        """Return a case that states nothing of what a question is about."""
        return {self.law.vocabulary.entities[self.law.questions[question].wurzel].key: {}}

    def decide(self, shown: Shown, way: Way) -> Decision:
        """Decide a case that was found by the engine `direct`, in one way."""
        asked, state = {**shown.readings, **way.readings}, way.law
        request = make_request(self.law, on=shown.on, question=shown.question, engine="direct", readings=asked)
        choice = Choice("inside", state.fassung, state.erlasse, None, None, None, None, (), _no_reason)
        return decide_under(self.law, self.law.read_case(dict(shown.case)), request, choice, way.without)


def _no_reason() -> Text:
    return Text("", "")
