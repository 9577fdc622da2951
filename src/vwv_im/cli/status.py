"""Exit statuses of the command line."""

from __future__ import annotations

from vwv_im.decision.decision import Decision
from vwv_im.lang.truth import Verdict

YES, NO, BAD_INPUT, OPEN, OUTSIDE, DISAGREE, UNEXPECTED = 0, 1, 2, 3, 4, 5, 70


def status_of(decision: Decision) -> int:
    """Return the exit status of `evaluate` for a decision."""
    if decision.outcome == "outside_scope":
        return OUTSIDE
    if decision.outcome == "contradictory" or decision.verdict is None:
        return BAD_INPUT
    return {Verdict.YES: YES, Verdict.NO: NO}.get(decision.verdict, OPEN)
