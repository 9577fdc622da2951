"""What a requirement can contribute under a Fassung: each result shown by a case, or proved to be out of reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import z3

from vwv_im.decision.compare import Law
from vwv_im.decision.reason import Reason
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan, Requirement
from vwv_im.reasoning.truth import Verdict
from vwv_im.review.proofs.facets import FOLDED, Decided, when
from vwv_im.review.proofs.laws import QUESTIONS, Period, periods, plan_of
from vwv_im.review.proofs.proof import Proof, Result
from vwv_im.review.proofs.search import Budget
from vwv_im.review.proofs.terms import every, negated, some
from vwv_im.review.proofs.workbench import Condition, UnconfirmedError, Workbench
from vwv_im.text import Text

Contribution = Literal["yes", "no", "open", "discretion", "entfaellt"]
CLAIMS: dict[str, Text] = {
    "yes": Text("kann erfüllt sein", "can be met"),
    "no": Text("kann fehlen", "can fail"),
    "discretion": Text("kann in Frage kommen", "can come into question"),
    "open": Text("kann offen sein", "can be open"),
    "entfaellt": Text("kann entfallen", "can be out of question"),
    "applies": Text("kann erfüllt sein, wo sie gilt", "can be met where it applies"),
}


def reachable(
    law: Regulation, state: Law, rule: str, result: Contribution, seconds: float = 60
) -> Proof:
    """Show a case in which a requirement contributes `result` under a state of the law, or prove that there is none.

    `entfaellt`: the requirement does not apply. Raises `LookupError` where this state of the law has no such rule.
    """
    bench = Workbench(law, seconds)
    period = next(period for period in periods(law) if period.law == state)
    for question in QUESTIONS:
        plan = plan_of(law, state, question)
        for requirement in plan.requirements:
            if requirement.id == rule:
                return _reached(bench, period, question, plan, requirement, result)
    raise LookupError(f"{state.name}: {rule}")


def requirements(bench: Workbench, period: Period, question: Question) -> Iterator[Proof]:
    """Prove of every requirement of a question that it can be met and can fail."""
    plan = plan_of(bench.law, period.law, question)
    for requirement in plan.requirements:
        for result in _both(requirement):
            yield _reached(bench, period, question, plan, requirement, result)


def _both(requirement: Requirement) -> Sequence[Contribution]:
    match requirement.art:
        case "muss":
            return ("yes", "no")
        case "soll":
            return ("yes", "discretion")
        case "kann":
            return ("discretion", "no")
    return ("yes", "no")


def _reached(
    bench: Workbench, period: Period, question: Question, plan: Plan, requirement: Requirement, result: Contribution
) -> Proof:
    budget, name = bench.budget(), period.law.name
    only = requirement.art in FOLDED and result == "yes" and requirement.applies is not None
    if only:  # a requirement is met best where it applies
        found = _settled(bench, period, question, plan, requirement, "applies", budget)
        if found.result is not Result.PROVED:
            return found
        note = Text("nur, wo sie nicht gilt; wo sie gilt, ist sie nie erfüllt", "only where it does not apply")
        other = _settled(bench, period, question, plan, requirement, result, budget)
        return Proof("requirement", name, requirement.id, CLAIMS[result], other.result, other.as_expected, other.shown, note)
    return _settled(bench, period, question, plan, requirement, result, budget)


def _settled(
    bench: Workbench,
    period: Period,
    question: Question,
    plan: Plan,
    requirement: Requirement,
    result: str,
    budget: Budget,
) -> Proof:
    name, claim = period.law.name, CLAIMS["yes" if result == "applies" else result]
    condition = _contributes(requirement, result)
    sight = bench.find(condition, (plan, {}), period=period, budget=budget)
    if sight is None:
        proved = bench.impossible(condition, (plan, {}), budget=budget)
        found = Result.PROVED if proved else Result.UNSETTLED
        note = Text("in keinem Fall", "in no case") if proved else None
        return Proof("requirement", name, requirement.id, claim, found, False, note=note)
    shown = bench.shown(question, sight.found)
    if not any(_is(reason, result) for reason in bench.decide(shown, period.law).examined if reason.rule == requirement.id):
        raise UnconfirmedError(f"{name} {requirement.id} {result}: {shown}")
    return Proof("requirement", name, requirement.id, claim, Result.SHOWN, True, shown)


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
