"""Operations of acts and what they do: taken back with all that refers to them, does any plan change?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import dropwhile
from typing import Any

from vwv_im.decision.compare import dependants
from vwv_im.lang.nodes import Form
from vwv_im.law.history import OperationId
from vwv_im.law.model import QUESTIONS
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.review.diagnostics.codes import found
from vwv_im.text import Fault, Text


def effects_of_operations(law: Regulation) -> Iterator[Fault]:
    """Yield the operations that change no plan and do not say why, and those that say so and change one."""
    together = dependants(law)
    for operation, model in law.operations.items():
        effective = changes_a_plan(law, together[operation])
        place = law.written[operation].place()
        if not effective and model.ohne_wirkung is None:
            message = Text("Die Änderung ändert keinen Ablaufplan.", "the operation changes no plan.")
            yield found("VIM043", place, message, operation.operation)
        elif effective and model.ohne_wirkung is not None:
            message = Text("Die Änderung ändert einen Ablaufplan.", "the operation changes a plan.")
            yield found("VIM044", law.written[operation].place(("ohne_wirkung",)), message, operation.operation)


def changes_a_plan(law: Regulation, operations: frozenset[OperationId]) -> bool:
    """Whether some Fassung decides by another plan when `operations` are taken back."""
    acts = {operation.act for operation in operations}
    since = dropwhile(lambda state: not acts & {state.id, *state.erlasse}, law.states)
    keys = [(state.id, state.erlasse) for state in since]
    return any(_structures(law, *key) != _structures(law, *key, operations) for key in keys)


@lru_cache(maxsize=16)
def _structures(
    law: Regulation, identifier: str, erlasse: tuple[str, ...], without: frozenset[OperationId] = frozenset()
) -> tuple[tuple[Any, ...], ...]:
    fassung = law.fassung(identifier, erlasse, without)
    return tuple(structure(make_plan(law, fassung, question)) for question in QUESTIONS)


def structure(plan: Plan, form: Callable[[Form | None], Any] = lambda form: form) -> tuple[Any, ...]:
    """Return what a plan decides by: everything but titles, numbers, evidence and what only explains a table.

    `form` says what of a condition, table or computation counts.
    """
    derivations = {
        d.fact: (d.scope, form(d.form), d.item.model.zwischenwert, d.item.model.typ) for d in plan.derivations
    }
    requirements = [(r.id, r.scope, r.art, form(r.applies), form(r.condition)) for r in plan.requirements]
    contradictions = {k.id: (k.scope, form(k.condition), k.item.model.orte) for k in plan.contradictions}
    duties = {d.id: (form(d.applies), form(d.day), d.item.model.faellig) for d in plan.duties}
    return derivations, requirements, contradictions, duties
