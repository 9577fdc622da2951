"""The receipt: with what a decision was made, so that it can be made again. Names and free labels never enter it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vwv_im.case import FACTS
from vwv_im.decision.context import Context
from vwv_im.law.types import scope_of
from vwv_im.reasoning.values import Json, to_json


@dataclass(frozen=True, slots=True)
class Receipt:
    """The library's version, the SHA-256 of each rule file, and the facts that were read."""

    rules: Mapping[str, str]
    facts: Mapping[str, Json]

    @property
    def version(self) -> str:
        """The version of the library."""
        from vwv_im import __version__  # noqa: PLC0415 - the package imports this module

        return __version__

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"version": self.version, "rules": dict(self.rules), "facts": dict(self.facts)}


def facts_used(context: Context) -> dict[str, Json]:
    """Return every stated fact that the plan reads, by its path; never a name or free label."""
    plan = context.plan
    used = {}
    for fact in sorted(plan.reads & FACTS.keys()):
        if FACTS[fact].private or scope_of(fact) not in plan.scopes:
            continue
        for subject in context.subjects(scope_of(fact)):
            if (value := context.value(fact, subject)) is not None:
                used[subject.path(fact)] = to_json(value)
    return used
