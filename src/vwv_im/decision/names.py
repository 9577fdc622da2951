"""How the facts of a plan are called, how their values read, and in which unit they are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from vwv_im.case import FACTS, PARTS
from vwv_im.lang.nodes import READING
from vwv_im.law.regulation import Regulation
from vwv_im.law.types import DAY
from vwv_im.reasoning.plan import Plan
from vwv_im.text import Text

DAY_TITLE = Text("Tag der Entscheidung", "Day of the decision")


class Named(Protocol):
    """Whatever knows how facts are called."""

    def title(self, fact: str) -> Text:
        """Return how a fact is called."""

    def labels(self, fact: str) -> Mapping[str, Text]:
        """Return how the values of a fact are called in a sentence."""

    def unit(self, fact: str) -> str | None:
        """Return the unit of a fact."""


@dataclass(frozen=True, eq=False)
class Names:
    """The names of a plan's facts."""

    regulation: Regulation
    plan: Plan

    def title(self, fact: str) -> Text:
        """Return how a fact is called."""
        if fact in FACTS:
            return FACTS[fact].title
        if fact in PARTS:
            return PARTS[fact].title
        if fact == DAY:
            return DAY_TITLE
        if fact.startswith(READING):
            return self.regulation.readings[fact.removeprefix(READING)].frage.text
        return self.plan.producers[fact].item.model.titel.text

    def labels(self, fact: str) -> Mapping[str, Text]:
        """Return how the values of a fact are called in a sentence."""
        if fact in FACTS:
            return FACTS[fact].labels
        if fact.startswith(READING):
            readings = self.regulation.readings[fact.removeprefix(READING)].lesarten
            return {name: reading.titel.text for name, reading in readings.items()}
        producer = self.plan.producers.get(fact)
        titles = (producer.item.model.wertetitel or {}) if producer else {}
        return {value: title.text for value, title in titles.items()}

    def unit(self, fact: str) -> str | None:
        """Return the unit of a fact."""
        return self.plan.types[fact].unit if fact in self.plan.types else None
