"""What each amendment changes: taking an operation back changes the decision on its witness, or it says why not.

Generic: a new operation without a witness fails here; `vwv-im prove --cases` writes it.
"""

from __future__ import annotations

import pytest

from vwv_im import Decision, regulation
from vwv_im.decision.attribution import dependants
from vwv_im.decision.evaluate import decide
from vwv_im.law.history import OperationId
from vwv_im.reasoning.own_day import FASSUNG_OF_ITS_DAY
from vwv_im.review.corpus import CorpusCase, corpus, mismatches

OPERATIONS = regulation().operations
EFFECTIVE = {str(name): name for name, model in OPERATIONS.items() if model.ohne_wirkung is None}
WITNESSES = {case.herkunft["beweis"]: case for case in corpus() if "beweis" in case.herkunft}
INEFFECTIVE = [name for name, model in OPERATIONS.items() if model.ohne_wirkung is not None]


def fingerprint(decision: Decision) -> object:
    """Return all of a decision that an act can change."""
    return (
        decision.outcome,
        decision.verdict,
        decision.derived,
        [(reason.rule, reason.subject, reason.applies, reason.verdict) for reason in decision.examined],
        [(duty.id, duty.due, duty.title) for duty in decision.duties],
    )


def changes(case: CorpusCase, operation: OperationId) -> bool:
    """Whether taking one operation back changes the decision on a case."""
    decision = case.decide()
    if decision.outcome == "outside_scope":
        return False
    without = decide(decision.regulation, decision.case, decision.request, without=[operation])
    return fingerprint(decision) != fingerprint(without)


def acts_that_apply(decision: Decision) -> set[str | None]:
    """Return the acts after which the Fassungen are named that a decision rests on."""
    if not decision.regulation.questions[decision.question].eigene_tage:
        return {decision.fassung.id, *decision.fassung.erlasse}
    days, context = decision.regulation.vocabulary, decision.context
    entities = (entity for entity in days.entities.values() if entity.law_day)
    applying = {
        context.value(f"{one.name}.{FASSUNG_OF_ITS_DAY}", at) for one in entities for at in context.subjects(one.name)
    }
    return {decision.regulation.fassungen[int(value.rpartition("_")[2])].id for value in applying}


def test_every_operation_with_an_effect_has_a_witness() -> None:
    assert WITNESSES.keys() == EFFECTIVE.keys()


@pytest.mark.parametrize("name", EFFECTIVE)
def test_taking_an_operation_back_changes_the_decision_on_its_witness(name: str) -> None:
    """A witness is a case of the corpus in which its own Fassung applies by itself; what it expects is then not met.

    Where parts of a case have a law day of their own, the Fassung applies to one of these.
    """
    case, operation = WITNESSES[name], EFFECTIVE[name]
    decision = case.decide()
    assert operation.act in acts_that_apply(decision)
    without = decide(decision.regulation, decision.case, decision.request, dependants(regulation())[operation])
    assert list(mismatches(decision, case.expected)) == []
    assert list(mismatches(without, case.expected)) != []


@pytest.mark.parametrize("operation", INEFFECTIVE, ids=str)
def test_an_operation_without_effect_changes_none(operation: OperationId) -> None:
    assert not any(changes(case, operation) for case in corpus())
