"""Examining a regulation: every finding. Here: what has no use, what changes nothing, evidence that claims too much."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from itertools import dropwhile
from typing import Any

from vwv_im.case.vocabulary import DECISION_DAY
from vwv_im.decision.attribution import dependants
from vwv_im.lang import Form, facts_of, parameters_of, readings_of
from vwv_im.law import GRADES, Auslegung, Grade, OperationId, Regulation
from vwv_im.law.evidence import is_weaker
from vwv_im.law.model import forms_of
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.review import evidence_index
from vwv_im.review.diagnostics.conditions import findings_of_conditions, findings_of_tables
from vwv_im.review.diagnostics.findings import finding
from vwv_im.review.diagnostics.sentences import missing_texts, unwritable
from vwv_im.text import Fault, sentence


def examine(law: Regulation, grade: Grade | None = None) -> tuple[Fault, ...]:
    """Return every finding about sound rule files, sorted by place; with `grade` also what rests on less.

    >>> from vwv_im import regulation
    >>> examine(regulation())
    ()
    """
    found = [fault for examination in _EXAMINATIONS for fault in examination(law)]
    if grade is not None:
        found += weak_evidence(law, grade)
    distinct = {(fault.code, fault.place, fault.message): fault for fault in found}
    return tuple(sorted(distinct.values(), key=lambda fault: (fault.place, fault.code)))


def unused_derivations(law: Regulation) -> Iterator[Fault]:
    """Yield the intermediate values that nothing reads in any Fassung, and no table shows."""
    shown = {fact for asked in law.questions.values() for one in asked.columns for fact in (one.fakt, one.bis)}
    used = shown.union(facts_of(*_forms(law)))
    for item in law.items:
        model: Any = item.model
        if item.entry.kind == "ableitung" and model.zwischenwert and model.ergibt not in used:
            yield finding("VIM030", item.entry.place(("ergibt",)), "unread", item.id, name=model.ergibt)


def _forms(law: Regulation) -> Iterator[Form]:
    """Yield every form of every Fassung, and the days of every series."""
    yield from (form for fassung in law.states for item in fassung for form in forms_of(item.model))
    for entity in law.vocabulary.entities.values():
        if entity.series is not None:
            yield from entity.series.days


def unread_statements(law: Regulation) -> Iterator[Fault]:
    """Yield what a case may state, and no rule of any Fassung reads; free labels and keys apart."""
    used = {DECISION_DAY, *facts_of(*_forms(law))}
    used |= {place for fassung in law.states for item in fassung.observations for place in item.model.orte}
    for path, fact in law.vocabulary.facts.items():
        if path not in used and not fact.private and fact.spelling is None:
            place = law.written["entitaeten"].place((fact.entity, "angaben", fact.key))
            yield finding("VIM031", place, "unread_statement", name=path)


def unused_parameters(law: Regulation) -> Iterator[Fault]:
    """Yield the parameters that nothing uses in any Fassung."""
    used = set(parameters_of(*_forms(law)))
    for item in law.items:
        if item.entry.kind == "parameter" and item.id not in used:
            yield finding("VIM032", item.place, "unused_parameter", name=item.id)


def unused_sources(law: Regulation) -> Iterator[Fault]:
    """Yield the sources that no evidence names and that give no reason for it, and those with a reason too many."""
    used = {beleg.quelle for beleg, _ in evidence_index.evidence(law)}
    for name, source in law.sources.items():
        origin = law.written[f"quellen.{name}"]
        if name not in used and source.ohne_beleg is None:
            yield finding("VIM041", origin.place(("id",)), "unused_source", name=name)
        elif name in used and source.ohne_beleg is not None:
            yield finding("VIM041", origin.place(("ohne_beleg",)), "used_source", name=name)


def unused_readings(law: Regulation) -> Iterator[Fault]:
    """Yield the disputed points that nothing depends on, and readings that nothing tells from one another."""
    required: dict[str, set[str]] = {}
    for name, option in readings_of(*_forms(law)):
        required.setdefault(name, set()).add(option)
    dating = {akt.gilt_ab.auslegung for akt in law.acts}
    for name, point in law.readings.items():
        if name not in dating:
            yield from _unused_reading(law, name, point, required.get(name, set()))


def _unused_reading(law: Regulation, name: str, point: Auslegung, required: Collection[str]) -> Iterator[Fault]:
    origin = law.written[f"auslegungen.{name}"]
    if not required:
        yield finding("VIM042", origin.place(("id",)), "unused_dispute", name=name)
        return
    first, *alike = [option for option in point.lesarten if option not in required] or [""]
    for option in alike:
        place = origin.place(("lesarten", option))
        yield finding("VIM042", place, "readings_alike", name, option=option, other=first)


def effects_of_operations(law: Regulation) -> Iterator[Fault]:
    """Yield the operations that change no plan and do not say why, and those that say so and change one."""
    together = dependants(law)
    for operation, model in law.operations.items():
        effective, origin = changes_a_plan(law, together[operation]), law.written[operation]
        if not effective and model.ohne_wirkung is None:
            yield finding("VIM043", origin.place(), "changes_no_plan", operation.operation)
        elif effective and model.ohne_wirkung is not None:
            yield finding("VIM044", origin.place(("ohne_wirkung",)), "changes_a_plan", operation.operation)


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
    return tuple(structure(make_plan(law, fassung, question, with_on_request=True)) for question in law.questions)


def structure(plan: Plan, form: Callable[[Form | None], Any] = lambda form: form) -> tuple[Any, ...]:
    """Return what a plan decides by: everything but titles, numbers, evidence and what only explains a table.

    `form` says what of a condition, table or computation counts.
    """
    derivations = {
        d.fact: (d.scope, form(d.form), d.item.model.zwischenwert, d.item.model.typ) for d in plan.derivations
    }
    requirements = [(r.id, r.scope, r.art, form(r.applies), form(r.condition)) for r in plan.requirements]
    observations = {k.id: (k.kind, k.scope, form(k.condition), k.item.model.orte) for k in plan.observations}
    duties = {d.id: (form(d.applies), form(d.day), d.item.model.faellig) for d in plan.duties}
    series = {s.scope: (*map(form, s.days), s.step) for s in plan.series}
    return derivations, requirements, observations, duties, series


def overstated_evidence(law: Regulation) -> Iterator[Fault]:
    """Yield the evidence that is graded higher than the source it names."""
    for beleg, place in evidence_index.evidence(law):
        source = law.sources.get(beleg.quelle or "")
        if source is not None and is_weaker(source.grad, beleg.grad):
            words: dict[str, Any] = {"grade": beleg.grad, "source": source.id, "known": source.grad}
            yield finding("VIM047", place, "overstated", **words)


def evidence_without_passage(law: Regulation) -> Iterator[Fault]:
    """Yield the evidence above an inference that does not say which passage of its source it rests on."""
    for beleg, place in evidence_index.evidence(law):
        source = law.sources.get(beleg.quelle or "")
        if source is not None and beleg.fundstelle is None and is_weaker("schluss", beleg.grad):
            words: dict[str, Any] = {"grade": beleg.grad, "known": ", ".join(source.fundstellen) or "–"}
            yield finding("VIM049", place, "unplaced", source=source.id, **words)


def weak_evidence(law: Regulation, grade: Grade) -> Iterator[Fault]:
    """Yield everything that rests on less than `grade`, with its place and under which Fassungen it stands."""
    for support in evidence_index.below_grade(law, grade):
        words: dict[str, Any] = {"kind": sentence(f"evidence.{support.kind}"), "shown": GRADES[support.grade]}
        words["where"] = f" (Fassung {', '.join(support.fassungen)})" if support.fassungen else ""
        yield finding("VIM048", support.place, "weak", support.id, grade=support.grade, **words)


_EXAMINATIONS: tuple[Callable[[Regulation], Iterator[Fault]], ...] = (
    *(unused_derivations, unread_statements, unused_parameters, unused_sources, unused_readings),
    *(findings_of_tables, findings_of_conditions, effects_of_operations, missing_texts, unwritable),
    *(overstated_evidence, evidence_without_passage),
)
