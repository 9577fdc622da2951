"""Nobody gets a rule without a case for yes, no and open in every Fassung in which it differs."""

from __future__ import annotations

import pytest

from vwv_im import regulation
from vwv_im.reasoning.truth import verdict_of
from vwv_im.review.corpus import corpus

CELLS = sorted(
    {
        (rule.id, rule.act)
        for fassung in (*regulation().fassungen, regulation().fassung("2022-01-26", ("2022-03-11",)))
        for rule in fassung.rules.values()
    }
)
UNREACHABLE: dict[tuple[str, str], set[str]] = {}
"""Cells that no case can reach, with the reason beside each."""


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str], set[str]]:
    """Which truth values the condition of each rule takes in the corpus, where the rule applies."""
    found: dict[tuple[str, str], set[str]] = {}
    for case in corpus():
        for reason in case.decide().examined:
            if reason.applies != "no":
                key = (reason.rule, reason.requirement.item.act)
                found.setdefault(key, set()).add(verdict_of(reason.condition.truth).value)
    return found


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_rule_has_a_case_for_yes_no_and_open(cell: tuple[str, str], seen: dict[tuple[str, str], set[str]]) -> None:
    assert {"yes", "no", "open"} - seen.get(cell, set()) == UNREACHABLE.get(cell, set())
