"""What cases can see of a regulation: where two look the same, no case can be decided otherwise."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from typing import Any

from vwv_im.decision.evaluate import programs_of
from vwv_im.lang.nodes import Atom, Constant, Row
from vwv_im.law.fassung import Fassung
from vwv_im.law.model import QUESTIONS, Ableitung, Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Derivation, Plan
from vwv_im.review.corpus import CorpusCase


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
    grades = {name: item.model.beleg[0].grad for name, item in fassung.parameters.items()}
    requirements = [
        (r.id, r.scope, r.art, _graded(r.applies, grades), _graded(r.condition, grades), r.item.model.beleg[0].grad)
        for r in plan.requirements
    ]
    return (
        {
            d.fact: (d.scope, _graded(_form(d), grades), d.item.model.zwischenwert, _grades(d.item.model))
            for d in plan.derivations
        },
        requirements,
        {k.id: (k.scope, _graded(k.condition, grades), k.item.model.orte) for k in plan.contradictions},
        {duty.id: (duty.applies, _graded(duty.day, grades), duty.item.model.faellig) for duty in plan.duties},
    )


def _grades(model: Ableitung) -> list[str]:
    rows = [row.beleg for row in model.faelle or () if row.beleg]
    return [beleg[0].grad for beleg in (model.beleg, *rows)]


def _graded(node: Any, grades: dict[str, Any]) -> Any:
    """Return a form with the grades of its parameters in place of their names."""
    if isinstance(node, tuple):
        return tuple(_graded(part, grades) for part in node)
    if isinstance(node, Constant):
        return node.value, type(node.value), grades.get(node.parameter or "")
    if hasattr(node, "__dataclass_fields__"):
        return type(node), *(_graded(getattr(node, part.name), grades) for part in fields(node))
    return node


def _form(derivation: Derivation) -> Any:
    """Return the form; neighbouring rows whose order says nothing stand in a fixed one."""
    form = derivation.form
    if not isinstance(form, tuple):
        return form
    rows = list(form)
    for _ in rows:
        for index, (before, after) in enumerate(pairwise(rows)):
            if _exclusive(before, after) and repr(after) < repr(before):
                rows[index : index + 2] = [after, before]
    return tuple(rows)


def _exclusive(one: Row, other: Row) -> bool:
    """Whether two rows ask the same fact for two different values: never both hold, and they are open together.

    The values are no parameters, whose grades would be those of whichever row stands first.
    """
    first, second = one.condition, other.condition
    return (
        isinstance(first, Atom)
        and isinstance(second, Atom)
        and first.fact == second.fact
        and first.operator == second.operator == "ist"
        and isinstance(first.operand, Constant)
        and isinstance(second.operand, Constant)
        and first.operand.parameter is second.operand.parameter is None
        and first.operand.value != second.operand.value
    )
