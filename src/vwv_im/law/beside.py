"""Checks of what stands beside the acts: its evidence, and what it names of the law."""

from collections.abc import Collection, Iterator
from typing import Any

from vwv_im.law.base import RuleModel
from vwv_im.law.entry import Origin
from vwv_im.law.evidence import faulty_evidence
from vwv_im.law.fassung import laws_of
from vwv_im.law.reader import ParsedRules
from vwv_im.text import Fault, Path_, Text, did_you_mean, fault_of


def faults_beside(raw: ParsedRules) -> list[Fault]:
    """Check the evidence of acts, operations and readings, and what open questions and readings touch."""
    faults: list[Fault] = []
    for origin, model in _with_evidence(raw):

        def report(kind: str, at: Path_, hint: Text | None = None, *, start: Origin = origin, **words: Any) -> None:
            faults.append(fault_of(kind, start.place(at), hint=hint, **words))

        faulty_evidence(model, raw.named, report)
    for source in raw.sources.values() if raw.topics else ():
        if (topic := source.spricht_ueber) not in raw.topics:
            place = raw.origins[f"quellen.{source.id}"].place(("spricht_ueber",))
            faults.append(fault_of("unknown_topic", place, hint=did_you_mean(topic, raw.topics), name=topic))
    questions, items = raw.schema.fragen if raw.schema else (), _items(raw)
    subjects = {"akte", *questions, *(name for act in raw.acts for name in act.subjects)}  # for many rules at once
    for name, key, words, known in _references(raw, subjects, items):
        for index, word in enumerate(words):
            if word not in known:
                kind, hint = (
                    ("only_a_subject", None) if word in subjects else ("unknown_name", did_you_mean(word, known))
                )
                place = raw.origins[name].place((key,) if key in ("quelle", "fassung") else (key, index))
                faults.append(fault_of(kind, place, hint=hint, name=word))
    return faults


def _with_evidence(raw: ParsedRules) -> Iterator[tuple[Origin, RuleModel]]:
    for act in raw.acts:
        yield act.origin, act.akt
        yield from ((operation.origin, operation.model) for operation in act.operations)
    for name, reading in raw.readings.items():
        yield raw.origins[f"auslegungen.{name}"], reading


def _references(
    raw: ParsedRules, subjects: set[str], items: set[str]
) -> Iterator[tuple[str, str, tuple[str, ...], Collection[str]]]:
    """Yield what names parts of the law: its name, the key, the names, and which there are."""
    laws = {law.name for law in laws_of([act.akt for act in raw.acts])}
    everything = items | raw.readings.keys() | raw.open_questions.keys()
    for question in raw.open_questions.values():
        yield f"offene_fragen.{question.id}", "betrifft", question.betrifft, items
    for reading in raw.readings.values():
        yield f"auslegungen.{reading.id}", "betrifft", reading.betrifft, items | subjects
    for said in raw.statements.values():
        yield f"aussagen.{said.id}", "quelle", (said.quelle,), raw.sources
        yield f"aussagen.{said.id}", "steht_in", said.steht_in or (), everything
    for wording in raw.wordings.values():
        yield f"wortlaut.{wording.id}", "fragen", wording.fragen, raw.open_questions
    for approval in raw.approvals.values():
        yield f"freigaben.{approval.id}", "betrifft", approval.betrifft, items
        yield f"freigaben.{approval.id}", "fassung", (approval.fassung,), laws


def _items(raw: ParsedRules) -> set[str]:
    """Return the ids of acts and items."""
    names = set[str]()
    for act in raw.acts:
        names.add(act.akt.id)
        names.update(item.id for item in act.items)
        inserted = (operation.model.neu for operation in act.operations if operation.model.op == "fuege_ein")
        for new in inserted:
            kind, item = next(iter(new.items()))
            names.update(item if kind == "parameter" else {str(item.get("id"))})
    return names
