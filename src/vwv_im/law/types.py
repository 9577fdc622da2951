"""The types and units of facts, and which facts an item may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vwv_im.case import FACTS
from vwv_im.law.model import Ableitung

FactKind = Literal["auswahl", "auswahlliste", "ganzzahl", "dezimal", "datum", "wahrheitswert", "text"]
Scope = Literal["antrag", "stelle", "mitglied", "person"]

DAY = "entscheidung.tag"
"""The day of the authority's decision (`on`) as rule files read it."""

_REACH: Mapping[str, frozenset[str]] = {
    "antrag": frozenset({"antrag", "entscheidung"}),
    "stelle": frozenset({"stelle", "antrag", "entscheidung"}),
    "mitglied": frozenset({"mitglied", "antrag", "entscheidung"}),
    "person": frozenset({"person", "entscheidung"}),
}


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


def stated_types() -> dict[str, FactType]:
    """Return the types of what a case may state, and of the day of the decision."""
    types = {path: FactType(fact.type, fact.unit, fact.values, fact.ranks) for path, fact in FACTS.items()}
    return {**types, DAY: FactType("datum")}


def derived_type(derivation: Ableitung) -> FactType:
    """Return the declared type of a derived fact."""
    return FactType(derivation.typ, derivation.einheit, derivation.werte or ())


def scope_of(path: str) -> str:
    """Return the scope of a fact: the first word of its path.

    >>> scope_of("stelle.vzae")
    'stelle'
    """
    return path.partition(".")[0]


def in_reach(path: str, scope: str) -> bool:
    """Whether an item of `scope` may read the fact at `path`."""
    return scope_of(path) in _REACH.get(scope, frozenset())
