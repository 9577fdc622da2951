"""Coverage: which results of which rule under which state of the law some case of the corpus shows, and which none.

A cell is a rule, a state of the law in which it stands, and a result it can have there. It is covered where a case,
decided on its own day, with its own knowledge and readings, has it. What no case can reach is declared with its reason
beside the cases (`unerreichbar`); a cell that is declared and yet covered is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

from vwv_im.decision.compare import Law
from vwv_im.decision.decision import Decision
from vwv_im.decision.sentences import DOES_NOT_APPLY, HINTS, OPTIONS, OUTCOMES
from vwv_im.law.model import Question, Regel
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.truth import Verdict
from vwv_im.review.corpus import CorpusCase, CorpusError, Unreachable
from vwv_im.review.states import states
from vwv_im.text import Fault, Text

DOES_NOT = "entfaellt"
RESULTS: Mapping[str, tuple[str, ...]] = {
    "muss": ("yes", "no", "open"),
    "soll": ("yes", "discretion", "open"),
    "kann": ("discretion", "no", "open"),
    "hinweis": ("yes", "no", "open"),
}
"""The results a rule of each kind can have; where it has `gilt_fuer`, also `entfaellt`."""

State = Literal["covered", "missing", "unreachable", "refuted"]


class Cell(NamedTuple):
    """A result of a rule under a state of the law (`Law.name`)."""

    rule: str
    law: str
    result: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a cell: the cases that show it, and why none can where that is declared."""

    cases: tuple[str, ...]
    declared: Unreachable | None

    @property
    def state(self) -> State:
        """`covered`, `missing`, `unreachable`, or `refuted`: declared to be out of reach, and yet covered."""
        if self.declared is None:
            return "covered" if self.cases else "missing"
        return "refuted" if self.cases else "unreachable"


@dataclass(frozen=True)
class Coverage:
    """Every cell with what is known of it, rules in the order of examination, states of the law in order of time."""

    regulation: Regulation
    laws: tuple[Law, ...]
    cells: Mapping[Cell, Found]

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules, in the order of examination."""
        return tuple(dict.fromkeys(cell.rule for cell in self.cells))

    def of(self, state: State) -> tuple[Cell, ...]:
        """Return the cells in a state."""
        return tuple(cell for cell, found in self.cells.items() if found.state == state)

    @property
    def reachable(self) -> int:
        """How many cells a case can reach."""
        return len(self.cells) - len(self.of("unreachable"))

    @property
    def covered(self) -> int:
        """How many cells some case shows."""
        return sum(bool(found.cases) for found in self.cells.values())

    @property
    def complete(self) -> bool:
        """Whether every cell is covered or out of reach, and nothing declared is refuted."""
        return not self.of("missing") and not self.of("refuted")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        return {
            "complete": self.complete,
            "covered": self.covered,
            "reachable": self.reachable,
            "cells": [
                {
                    **cell._asdict(),
                    "state": found.state,
                    "cases": list(found.cases),
                    "reason": found.declared.reason if found.declared else None,
                }
                for cell, found in self.cells.items()
            ],
        }


def coverage(law: Regulation, cases: Iterable[CorpusCase], declared: Sequence[Unreachable] = ()) -> Coverage:
    """Return which results of which rule under which state of the law the cases show.

    Raises `CorpusError` where a cell that does not exist is declared to be out of reach, and as `evaluate` does.
    """
    laws = states(law)
    cells: dict[Cell, list[str]] = {cell: [] for cell in cells_of(law)}
    for case in cases:
        for cell in dict.fromkeys(_shown(case.decide_by(law))):
            cells.setdefault(cell, []).append(case.id)
    by_cell = {Cell(entry.rule, entry.law, entry.result): entry for entry in declared}
    if faults := [_no_cell(entry) for cell, entry in by_cell.items() if cell not in cells]:
        raise CorpusError(faults)
    found = {cell: Found(tuple(shown), by_cell.get(cell)) for cell, shown in cells.items()}
    return Coverage(law, laws, found)


def cells_of(law: Regulation) -> Iterator[Cell]:
    """Yield every cell: rules in the order of examination, each under the states of the law in which it stands.

    >>> from vwv_im import regulation
    >>> next(cells_of(regulation()))
    Cell(rule='antragsteller', law='2017-12-11', result='yes')
    """
    fassungen = [(state, law.fassung(state.fassung, state.erlasse)) for state in states(law)]
    for rule in _in_order(law):
        for state, fassung in fassungen:
            if rule in fassung.rules:
                yield from (Cell(rule, state.name, result) for result in results_of(fassung.rules[rule].model))


def results_of(rule: Regel) -> tuple[str, ...]:
    """Return the results that a rule can have."""
    return RESULTS[rule.art] + ((DOES_NOT,) if rule.gilt_fuer is not None else ())


def result_phrase(art: str, result: str) -> Text:
    """Return how a result of a rule of this kind is called.

    >>> result_phrase("kann", "discretion").de
    'möglich, im Ermessen der Bewilligungsstelle'
    """
    if result == DOES_NOT:
        return DOES_NOT_APPLY
    return {"kann": OPTIONS, "hinweis": HINTS}.get(art, OUTCOMES)[Verdict(result)]


def _in_order(law: Regulation) -> Iterator[str]:
    for question in get_args(Question):
        for section in law.schema(question):
            yield from section.regeln


def _shown(decision: Decision) -> Iterator[Cell]:
    chosen = decision.fassung
    if chosen.id is not None:
        name = Law(chosen.id, chosen.erlasse).name
        for reason in decision.examined:
            result = DOES_NOT if reason.applies is Verdict.NO else reason.verdict.value
            yield Cell(reason.rule, name, result)


def _no_cell(entry: Unreachable) -> Fault:
    message = Text(
        f"Die Regel '{entry.rule}' hat in '{entry.law}' kein Ergebnis '{entry.result}'.",
        f"The rule '{entry.rule}' has no result '{entry.result}' in '{entry.law}'.",
    )
    return Fault("VIM016", entry.place, message)
