"""The readings of disputed points: what was followed, and whether another one would change anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vwv_im.decision.context import Outcome
from vwv_im.decision.duties import Owed
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import READING
from vwv_im.lang.truth import Verdict
from vwv_im.text.json_object import JsonObject
from vwv_im.text.values import Json

if TYPE_CHECKING:
    from vwv_im.decision.context import Context
    from vwv_im.decision.decision import Decision


@dataclass(frozen=True, slots=True)
class Variant(JsonObject, schema="VariantDocument", keys="outcome verdict derived duties?"):
    """What another reading would give: outcome, verdict, the derived values that differ, the duties if they do."""

    decision: Decision
    derived: Mapping[str, Json]
    duties: tuple[Owed, ...] | None

    @property
    def outcome(self) -> Outcome:
        """Whether it would be decided."""
        return self.decision.outcome

    @property
    def verdict(self) -> Verdict | None:
        """The verdict it would give."""
        return self.decision.verdict


@dataclass(frozen=True, slots=True)
class ReadingUsed(JsonObject, schema="ReadingDocument", keys="used others_differ others"):
    """The reading of a disputed point that was followed, and what the others would give."""

    used: str
    others: Mapping[str, Variant]
    others_differ: bool


def varied(decision: Decision, name: str) -> ReadingUsed:
    """Vary one disputed point alone: decide the same case under each other reading of it, and compare."""
    used = decision.request.readings[name]
    others: dict[str, Variant] = {}
    differ = False
    for option in decision.regulation.readings[name].lesarten:
        if option == used:
            continue
        other = decision.under(name, option)
        changed, duties = _differences(decision, other)
        differ |= bool(changed) or duties is not None
        differ |= (other.outcome, other.verdict) != (decision.outcome, decision.verdict)
        others[option] = Variant(other, changed, duties)
    return ReadingUsed(used, others, differ)


def _differences(decision: Decision, other: Decision) -> tuple[dict[str, Json], tuple[Owed, ...] | None]:
    """Return the derived values of the other decision that differ, and its duties if they do."""
    if decision.decided_by_the_same_plan(other) and _same_facts(decision.context, other.context):
        return {}, None
    paths = sorted({*decision.derived, *other.derived})
    nothing = object()
    changed = {
        path: other.derived.get(path)
        for path in paths
        if decision.derived.get(path, nothing) != other.derived.get(path, nothing)
    }
    return changed, other.duties if other.duties != decision.duties else None


def _same_facts(context: Context, other: Context) -> bool:
    """Whether all facts, and so all that follows from them, are the same, whatever the readings."""
    facts, duties = context.program.layout.facts, context.plan.duties

    def duties_turn_on_a_reading() -> bool:
        return any(fact.startswith(READING) for duty in duties for fact in facts_of(duty.applies, duty.day))

    if context.once("duties turn on a reading", duties, duties_turn_on_a_reading):
        return False
    return facts(context.evaluation.records) == facts(other.evaluation.records)
