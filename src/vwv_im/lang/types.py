"""The types of facts: kind, unit, and the values of enumerations with their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FactKind = Literal["auswahl", "auswahlliste", "ganzzahl", "dezimal", "datum", "wahrheitswert", "text"]


@dataclass(frozen=True, slots=True)
class FactType:
    """Type and unit of a fact; for enumerations the values, and their order where they have one."""

    kind: FactKind
    unit: str | None = None
    values: tuple[str, ...] = ()
    ranks: Mapping[str, int] | None = None

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return self.kind in ("ganzzahl", "dezimal")

    def __str__(self) -> str:
        return f"{self.kind} ({self.unit})" if self.unit else self.kind


TRUTH, DAY, WORD = FactType("wahrheitswert"), FactType("datum"), FactType("auswahl")
TEXT = FactType("text")
WHOLE, DECIMAL = FactType("ganzzahl"), FactType("dezimal")
MONTHS, DAYS = FactType("ganzzahl", "Monate"), FactType("ganzzahl", "Tage")
DAYS_OF_CUTS = FactType("auswahlliste")
"""Several days, at which a series is cut; no fact is of this type."""
