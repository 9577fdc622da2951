"""What a requirement can contribute under a Fassung: each result shown by a case, or proved to be out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import z3

from vwv_im.decision.reason import Reason
from vwv_im.lang.truth import FOLDED, Verdict
from vwv_im.law.fassung import Law
from vwv_im.law.model import QUESTIONS, Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Requirement
from vwv_im.review.proofs.facets import Decided, when
from vwv_im.review.proofs.laws import Period, periods
from vwv_im.review.proofs.proof import Proof, Result
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.terms import every, negated, some
from vwv_im.review.proofs.workbench import Condition, UnconfirmedError, Way, Workbench
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
    for question in QUESTIONS:
        way = Way(question, state)
        for requirement in bench.plan(way).requirements:
            if requirement.id == rule:
                cell = _Cell(bench, period, way, requirement)
                proof = Proof("requirement", state.name, rule, CLAIMS[result])
                return bench.settle(proof, partial(cell.reached, result))
    raise LookupError(f"{state.name}: {rule}")


def requirements(bench: Workbench, period: Period, question: Question) -> Iterator[Proof]:
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
