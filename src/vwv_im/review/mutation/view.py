"""What cases can see of a regulation: where two look the same, no case can be decided otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from vwv_im.decision.evaluate import programs_of
from vwv_im.lang.fold import Rebuilt, atoms_of, parameters_of
from vwv_im.lang.nodes import Constant, Expression, Form, Row
from vwv_im.law.fassung import Fassung
from vwv_im.law.model import QUESTIONS, Ableitung, Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan
from vwv_im.review.corpus import CorpusCase
from vwv_im.review.diagnostics.operations import structure


@dataclass(frozen=True, slots=True)
class Seen:
    """What a case can see of the law: the readings followed, the Fassung chosen, and the plan as far as it decides."""

    readings: tuple[tuple[str, str], ...]
    choice: tuple[Any, ...]
    plan: Any


class View:
    """A regulation as cases see it; plans that are the same as in the `base` are the same objects."""

    def __init__(self, law: Regulation, base: View | None = None) -> None:
        self.law, self._base = law, base
        self.plan = cache(self._plan)
        self.written = cache(self._written)

    def of(self, case: CorpusCase) -> Seen:
        """Return what a case sees."""
        request = case.request(self.law)
        choice = self.law.choose(request.on, request.known_on, request.readings)
        seen = (choice.place, choice.basis, choice.erlasse, choice.gilt_ab, choice.gilt_bis, choice.readings)
        plan = None if choice.basis is None else self.plan(choice.basis, choice.erlasse, request.question)
        return Seen(tuple(sorted(request.readings.items())), seen, plan)

    def whole(self) -> Any:
        """Return all that any case could see: the days of the acts, the default readings, every plan."""
        acts = [(akt.id, akt.bekannt_ab.datum, akt.gilt_ab.datum, akt.gilt_ab.spaetestens) for akt in self.law.acts]
        defaults = {name: reading.vorgabe for name, reading in self.law.readings.items()}
        erlasse = tuple(akt.id for akt in self.law.acts if akt.art == "erlass")
        norms = [akt.id for akt in self.law.acts if akt.art in ("stammfassung", "aenderung")]
        questions = [question for question in QUESTIONS if self.law.schema(question)]
        states = [(fassung, beside) for fassung in norms for beside in {(), erlasse}]
        return (
            acts,
            defaults,
            {(state, question): self.plan(*state, question) for state in states for question in questions},
        )

    def _written(self, fassung: str, erlasse: tuple[str, ...]) -> dict[tuple[str, str], Any]:
        items = self.law.fassung(fassung, erlasse)
        return {(item.entry.kind, item.id): item.entry.data for item in items}

    def _plan(self, fassung: str, erlasse: tuple[str, ...], question: Question) -> Any:
        base = self._base
        if base is not None and base.written(fassung, erlasse) == self.written(fassung, erlasse):
            return base.plan(fassung, erlasse, question)
        program = programs_of(self.law).get(fassung, erlasse, question)
        found = fingerprint(program.plan, program.fassung)
        same = base is not None and base.plan(fassung, erlasse, question) == found
        return base.plan(fassung, erlasse, question) if base is not None and same else found


def fingerprint(plan: Plan, fassung: Fassung) -> Any:
    """Return all of a plan that decides: its forms, its obligations, and the grades of what it rests on.

    Two plans with the same fingerprint decide every case alike; they may differ in which of two parameters of the same
    value and grade is cited.
    """
    graded = _Graded({name: item.model.beleg[0].grad for name, item in fassung.parameters.items()})
    derived = {d.fact: _grades(d.item.model) for d in plan.derivations}
    return structure(plan, graded.of), derived, [r.item.model.beleg[0].grad for r in plan.requirements]


def _grades(model: Ableitung) -> list[str]:
    rows = [row.beleg for row in model.faelle or () if row.beleg]
    return [beleg[0].grad for beleg in (model.beleg, *rows)]


class _Graded(Rebuilt[None]):
    """Forms with the grades of their parameters in place of their names."""

    def __init__(self, grades: Mapping[str, str]) -> None:
        self.grades = grades

    def of(self, form: Form | None) -> Any:
        """Return a form so; neighbouring rows of a table whose order says nothing stand in a fixed one."""
        if isinstance(form, tuple):
            return [self.row(row, None) for row in _sorted(form)]
        return None if form is None else self.form(form, None)

    def constant(self, node: Constant, here: None) -> Expression:
        """Return a value with its type, as numbers of several types may be equal."""
        value: Any = (node.value, type(node.value), self.grades.get(node.parameter or ""))
        return Constant(value)


def _sorted(form: Sequence[Row]) -> list[Row]:
    rows = list(form)
    for _ in rows:
        for index, (before, after) in enumerate(pairwise(rows)):
            if _exclusive(before, after) and repr(after) < repr(before):
                rows[index : index + 2] = [after, before]
    return rows


def _exclusive(one: Row, other: Row) -> bool:
    """Whether two rows ask the same fact for two different values: never both hold, and they are open together."""
    first, second = _asked(one), _asked(other)
    return first is not None and second is not None and first[0] == second[0] and first[1] != second[1]


def _asked(row: Row) -> tuple[str, Any] | None:
    """Return the fact and the value that are all that a row asks for.

    The value is no parameter, whose grade would be that of whichever row stands first.
    """
    atoms = [*atoms_of(row.condition)]
    if len(atoms) != 1 or atoms[0].operator != "ist" or atoms[0].other is not None or [*parameters_of(row.condition)]:
        return None
    return atoms[0].fact, atoms[0].required
