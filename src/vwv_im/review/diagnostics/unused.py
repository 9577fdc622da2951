"""What stands in the rule files without use: facts, parameters, sources, readings, operations that change nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from itertools import dropwhile
from typing import Any

from vwv_im.case.vocabulary import DAY
from vwv_im.decision.attribution import dependants
from vwv_im.lang.fold import facts_of, parameters_of, readings_of
from vwv_im.lang.nodes import Form
from vwv_im.law.history import OperationId
from vwv_im.law.model import Auslegung, forms_of
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.review.diagnostics.codes import found
from vwv_im.review.evidence import sources_named
from vwv_im.text import Fault, Text


def unused_derivations(law: Regulation) -> Iterator[Fault]:
    """Yield the intermediate values that nothing reads in any Fassung."""
    used = set(facts_of(*_forms(law)))
    for item in law.items:
        model: Any = item.model
        if item.entry.kind == "ableitung" and model.zwischenwert and model.ergibt not in used:
            message = Text(f"'{model.ergibt}' liest nichts.", f"nothing reads '{model.ergibt}'.")
            yield found("VIM030", item.entry.place(("ergibt",)), message, item.id)


def _forms(law: Regulation) -> Iterator[Form]:
    """Yield every form of every Fassung, and the days of every series."""
    yield from (form for fassung in law.states for item in fassung for form in forms_of(item.model))
    for entity in law.vocabulary.entities.values():
        if entity.series is not None:
            yield from (entity.series.first, entity.series.last)


def unread_statements(law: Regulation) -> Iterator[Fault]:
    """Yield what a case may state, and no rule of any Fassung reads; free labels and keys apart."""
    used = {DAY, *facts_of(*_forms(law))}
    used |= {place for fassung in law.states for item in fassung.contradictions.values() for place in item.model.orte}
    for path, fact in law.vocabulary.facts.items():
        if path not in used and not fact.private and fact.spelling is None:
            place = law.written["entitaeten"].place((fact.entity, "angaben", fact.key))
            yield found("VIM031", place, Text(f"'{path}' liest keine Regel.", f"no rule reads '{path}'."))


def unused_parameters(law: Regulation) -> Iterator[Fault]:
    """Yield the parameters that nothing uses in any Fassung."""
    used = set(parameters_of(*_forms(law)))
    for item in law.items:
        if item.entry.kind == "parameter" and item.id not in used:
            message = Text(f"Den Parameter '{item.id}' verwendet nichts.", f"nothing uses the parameter '{item.id}'.")
            yield found("VIM032", item.place, message)


def unused_sources(law: Regulation) -> Iterator[Fault]:
    """Yield the sources that no evidence names and that give no reason for it, and those with a reason too many."""
    used = sources_named(law)
    for name, source in law.sources.items():
        origin = law.written[f"quellen.{name}"]
        if name not in used and source.ohne_beleg is None:
            message = Text(f"Kein Beleg nennt die Quelle '{name}'.", f"no evidence names the source '{name}'.")
            yield found("VIM041", origin.place(("id",)), message)
        elif name in used and source.ohne_beleg is not None:
            message = Text(f"Ein Beleg nennt die Quelle '{name}'.", f"evidence names the source '{name}'.")
            hint = Text("Streichen Sie 'ohne_beleg'.", "Remove 'ohne_beleg'.")
            yield found("VIM041", origin.place(("ohne_beleg",)), message, hint=hint)


def unused_readings(law: Regulation) -> Iterator[Fault]:
    """Yield the disputed points that nothing depends on, and readings that nothing tells from one another."""
    asked: dict[str, set[str]] = {}
    for name, option in readings_of(*_forms(law)):
        asked.setdefault(name, set()).add(option)
    dating = {akt.gilt_ab.auslegung for akt in law.acts}
    for name, point in law.readings.items():
        if name not in dating:
            yield from _unused_reading(law, name, point, asked.get(name, set()))


def _unused_reading(law: Regulation, name: str, point: Auslegung, asked: Collection[str]) -> Iterator[Fault]:
    origin = law.written[f"auslegungen.{name}"]
    if not asked:
        message = Text(
            f"Von der Auslegungsfrage '{name}' hängt nichts ab.", f"nothing depends on the disputed point '{name}'."
        )
        yield found("VIM042", origin.place(("id",)), message)
        return
    alike = [option for option in point.lesarten if option not in asked]
    for option in alike[1:]:
        message = Text(
            f"Die Lesart '{option}' führt zu demselben wie '{alike[0]}': Keine Bedingung unterscheidet sie.",
            f"the reading '{option}' leads to the same as '{alike[0]}': no condition tells them apart.",
        )
        yield found("VIM042", origin.place(("lesarten", option)), message, name)


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
    return tuple(structure(make_plan(law, fassung, question, demanded=True)) for question in law.questions)


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
    series = {s.scope: (form(s.first), form(s.last), s.step) for s in plan.series}
    return derivations, requirements, contradictions, duties, series
