"""A decision in short: the verdict, what stands in its way, and the derived values, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vwv_im.decision.answers import result_of
from vwv_im.decision.result import Result
from vwv_im.lang import Verdict
from vwv_im.text import JsonDocument, JsonObject, Sentence

Detail = Literal["full", "short"]
"""How much of a decision is written: all that explains it, or the decision in short."""


@dataclass(frozen=True, slots=True)
class Obstacle(JsonObject, schema="ObstacleDocument"):
    """What stands in the way: a requirement that is not met, open or at discretion, or facts that cannot both be.

    `rule` is the id of the requirement or contradiction; of a contradiction `subject` and `verdict` are `None`.
    """

    rule: str
    subject: str | None
    verdict: Verdict | None
    text: Sentence


@dataclass(frozen=True, slots=True)
class ShortDecision(
    JsonDocument,
    schema="ShortDecisionDocument",
    keys="outcome:decision.outcome verdict:decision.verdict result question:decision.question on:decision.on "
    "known_on:decision.known_on fassung:decision.fassung obstacles derived:decision.derived engine:decision.engine",
):
    """A decision in short. No other reading is decided for it, and nothing is written in two languages."""

    decision: Result

    @property
    def result(self) -> Sentence:
        """The result in words."""
        return result_of(self.decision)

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What stands in the way of the verdict "yes", in the order of examination."""
        barring = (Obstacle(one.id, None, None, one.text) for one in self.decision.contradictions)
        unmet = (reason for reason in self.decision.reasons if reason.verdict is not Verdict.YES)
        return (*barring, *(Obstacle(one.rule, one.subject, one.verdict, one.text) for one in unmet))
