"""What each amendment changes: taking an operation back changes a decision of the corpus, or it says why not.

Generic: a new operation without a case fails here.
"""

from __future__ import annotations

import pytest

from vwv_im import Decision, regulation
from vwv_im.decision.evaluate import decide
from vwv_im.law.history import OperationId
from vwv_im.review.corpus import CorpusCase, corpus

OPERATIONS = regulation().operations
EFFECTIVE = [name for name, model in OPERATIONS.items() if model.ohne_wirkung is None]
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
    if decision.fassung.id is None:
        return False
    without = decide(decision.regulation, decision.case, decision.request, without=[operation])
    return fingerprint(decision) != fingerprint(without)


@pytest.mark.parametrize("operation", EFFECTIVE, ids=str)
def test_an_operation_changes_a_decision(operation: OperationId) -> None:
    assert any(changes(case, operation) for case in corpus())


@pytest.mark.parametrize("operation", INEFFECTIVE, ids=str)
def test_an_operation_without_effect_changes_none(operation: OperationId) -> None:
    assert not any(changes(case, operation) for case in corpus())
