"""The types of facts, and which facts an item may read."""

from __future__ import annotations

from collections.abc import Mapping

from vwv_im.case import FACTS
from vwv_im.case.facts import Scope
from vwv_im.lang.types import DAY as OF_DAYS
from vwv_im.lang.types import FactType
from vwv_im.law.model import Ableitung

DAY = "entscheidung.tag"
"""The day of the authority's decision (`on`) as rule files read it."""
LISTS: Mapping[str, Scope] = {"stellen": "stelle", "mitglieder": "mitglied"}
"""The scope of the entries of each list."""
REACH: Mapping[str, frozenset[str]] = {
    "antrag": frozenset({"antrag", "entscheidung"}),
    "stelle": frozenset({"stelle", "antrag", "entscheidung"}),
    "mitglied": frozenset({"mitglied", "antrag", "entscheidung"}),
    "person": frozenset({"person", "entscheidung"}),
}
"""The scopes whose facts an item of each scope may read."""


def stated_types() -> dict[str, FactType]:
    """Return the types of what a case may state, and of the day of the decision."""
    types = {path: FactType(fact.type, fact.unit, fact.values, fact.ranks) for path, fact in FACTS.items()}
    return {**types, DAY: OF_DAYS}


def derived_type(derivation: Ableitung) -> FactType:
    """Return the declared type of a derived fact."""
    return FactType(derivation.typ, derivation.einheit, derivation.werte or ())


def scope_of(path: str) -> str:
    """Return the scope of a fact: the first word of its path.

    >>> scope_of("stelle.vzae")
    'stelle'
    """
    return path.partition(".")[0]
