"""What cases can see of a regulation: where two look the same, no case can be decided otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from vwv_im.law.fassung import Fassung
from vwv_im.law.model import Ableitung
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Atom, Constant, Derivation, Plan, Row, nodes
from vwv_im.reasoning.planning import make_plan
from vwv_im.review.corpus import CorpusCase


@dataclass(frozen=True, slots=True)
class Seen:
    """What a case can see of the law: the readings followed, the Fassung chosen, and the plan as far as it decides."""

    readings: tuple[tuple[str, str], ...]
    choice: tuple[Any, ...]
    plan: Any


class View:
    """A regulation as cases see it."""

    def __init__(self, law: Regulation) -> None:
        self.law = law
        self.plan = cache(self._plan)

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
        erlasse = self.law.with_erlasse.erlasse
        states = [(fassung.id, beside) for fassung in self.law.fassungen for beside in {(), erlasse}]
        plans = [self.plan(*state, question) for state in states for question in _questions(self.law)]
        return acts, defaults, plans

    def _plan(self, fassung: str, erlasse: tuple[str, ...], question: Any) -> Any:
        state = self.law.fassung(fassung, erlasse)
        return fingerprint(make_plan(self.law, state, question), state)


def _questions(law: Regulation) -> list[Any]:
    return [question for question in ("antrag", "zielgruppe", "zaehlung") if law.schema(question)]


def fingerprint(plan: Plan, fassung: Fassung) -> Any:
    """Return all of a plan that decides: its forms, its obligations, and the grades of what it rests on.

    Two plans with the same fingerprint decide every case alike.
    """
    return (
        {d.fact: (d.scope, _form(d), d.item.model.zwischenwert, _grades(d.item.model)) for d in plan.derivations},
        [(r.id, r.scope, r.art, r.applies, r.condition, r.item.model.beleg[0].grad) for r in plan.requirements],
        {k.id: (k.scope, k.condition, k.item.model.orte) for k in plan.contradictions},
        {duty.id: (duty.applies, duty.day, duty.item.model.faellig) for duty in plan.duties},
        {name: fassung.parameters[name].model.beleg[0].grad for name in _parameters(plan) & fassung.parameters.keys()},
    )


def _grades(model: Ableitung) -> list[str]:
    rows = [row.beleg for row in model.faelle or () if row.beleg]
    return [beleg[0].grad for beleg in (model.beleg, *rows)]


def _parameters(plan: Plan) -> set[str]:
    return {node.parameter for root in plan.roots() for node in nodes(root) if isinstance(node, Constant) and node.parameter}


def _form(derivation: Derivation) -> Any:
    """Return the form; rows of which never two can hold, and which are open together, in the order of their values."""
    form = derivation.form
    if not isinstance(form, tuple):
        return form
    rows = list(form)
    while any(_may_follow(before, after) and _key(after) < _key(before) for before, after in pairwise(rows)):
        for index, (before, after) in enumerate(pairwise(rows)):
            if _may_follow(before, after) and _key(after) < _key(before):
                rows[index : index + 2] = [after, before]
                break
    return tuple(rows)


def _may_follow(before: Row, after: Row) -> bool:
    """Whether two rows ask the same fact for two different values, so that their order says nothing."""
    one, other = before.condition, after.condition
    return (
        isinstance(one, Atom)
        and isinstance(other, Atom)
        and one.fact == other.fact
        and one.operator == other.operator == "ist"
        and isinstance(one.operand, Constant)
        and isinstance(other.operand, Constant)
        and one.operand.value != other.operand.value
    )


def _key(row: Row) -> str:
    return repr(row.condition)
