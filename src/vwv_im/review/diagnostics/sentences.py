"""Texts that are missing, in whole or in a language, and sentences that cannot be generated, however much is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, get_args

from vwv_im.decision.context import Context
from vwv_im.decision.duties import owed_under
from vwv_im.decision.observations import observed, sentence_of
from vwv_im.decision.phrases import value_phrase
from vwv_im.decision.reason import Reason
from vwv_im.lang import facts_of
from vwv_im.law import Ableitung, AnyItem, Fassung, Regulation
from vwv_im.law.base import RuleModel, Zweisprachig, parts_of
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import Derivation, Duty, Observation, Requirement
from vwv_im.reasoning.records import Records
from vwv_im.review.diagnostics.cells import Cells, TooManyCells, blank, programs
from vwv_im.review.diagnostics.findings import finding
from vwv_im.text import Fault, Language, Place, Text, sentence

_TRIED = 6
"""With how many cells each rule is written, beside the one of which nothing is known."""
_DAY = date(2024, 2, 29)


@dataclass(frozen=True)
class _Writer:
    """Writes the rules of one plan on records made for the purpose."""

    law: Regulation
    state: Fassung
    program: Direct

    def context(self, records: Records, present: Observation | None = None) -> Context:
        kind, named = (present.kind, self.program.plan.of_kind(present.kind)) if present else ("widerspruch", ())
        found = {kind: tuple(one is present for one in named)}
        return Context(self.law, self.state, self.program, Evaluation(records, (), found))

    def records(self, scope: str, conditions: list[Any]) -> Iterator[Records]:
        yield blank(self.program.layout)
        try:
            cells = Cells(self.program, self.law.readings, scope, conditions)
        except TooManyCells:
            return
        step = max(1, cells.count // _TRIED)
        yield from (cells.records for _ in islice(cells, 0, None, step))

    def requirement(self, rule: Requirement) -> Iterator[str]:
        for records in self.records(rule.scope, [rule.applies, rule.condition]):
            context = self.context(records)
            (subject,) = context.subjects(rule.scope)
            applies = context.truth(rule.applies, subject)
            reason = Reason(context, rule, subject, (applies, context.truth(rule.condition, subject)))
            yield from reason.text
            yield from (text for part in reason.parts for text in part.text)

    def observation(self, rule: Observation) -> Iterator[str]:
        for records in self.records(rule.scope, [rule.condition]):
            context = self.context(records, rule)
            for told, subject in observed(context, rule.kind):
                yield from sentence_of(context, told, subject)

    def duty(self, rule: Duty) -> Iterator[str]:
        plan, layout = self.program.plan, self.program.layout
        unknown, dated = blank(layout), blank(layout)
        for fact in facts_of(rule.day):
            home, slot = layout.slot(fact)
            if home == plan.top and plan.types[fact].kind == "datum":
                dated.top[slot] = _DAY
        for records in (unknown, dated):
            for owed in owed_under(self.context(records), rule):
                yield from owed.text

    def derivation(self, rule: Derivation) -> Iterator[str]:
        context = self.context(blank(self.program.layout))
        kind = self.program.plan.types[rule.fact]
        values: dict[str, tuple[Any, ...]] = {
            "auswahl": kind.values,
            "wahrheitswert": (True, False),
            "datum": (_DAY,),
            "ganzzahl": (0, 1, 12),
            "dezimal": (Decimal(0), Decimal("0.5"), Decimal("1234567.89")),
        }
        for value in (None, *values.get(kind.kind, ())):
            for lang in get_args(Language):
                yield f"{context.title(rule.fact).in_(lang)}: {value_phrase(value, context, rule.fact, lang)}"


def unwritable(law: Regulation) -> Iterator[Fault]:
    """Yield the rules whose sentences cannot be written, with why, and under which Fassungen."""
    problems: dict[tuple[Place, str, str, str], list[Fassung]] = {}
    no_word = re.compile(rf"\bNone\b|[{{}}]|\b(?:{'|'.join(law.vocabulary.reach)})\.[a-z_]+\b|^\s*$")
    for state, program in programs(law):
        for item, write in _sentences(_Writer(law, state, program)):
            if (problem := _problem(write, no_word)) is not None:
                problems.setdefault((item.place, item.id, *problem), []).append(state)
    for (place, item_id, name, words), fassungen in problems.items():
        yield finding("VIM046", place, name, item_id, under=fassungen, words=words)


def _sentences(writer: _Writer) -> Iterator[tuple[AnyItem, Callable[[], Iterator[str]]]]:
    plan = writer.program.plan
    yield from ((rule.item, partial(writer.requirement, rule)) for rule in plan.requirements)
    yield from ((rule.item, partial(writer.observation, rule)) for rule in plan.observations)
    yield from ((rule.item, partial(writer.duty, rule)) for rule in plan.duties)
    yield from ((rule.item, partial(writer.derivation, rule)) for rule in plan.derivations)


def _problem(write: Callable[[], Iterator[str]], no_word: re.Pattern[str]) -> tuple[str, str] | None:
    """Return why the sentences of a rule cannot be written, by name and in words; `None` where they can."""
    try:
        odd = next((text for text in write() if no_word.search(text)), None)
    except Exception as error:  # noqa: BLE001 - whatever stops a sentence is what is looked for
        return "unwritable", f"{type(error).__name__}: {error}"
    return None if odd is None else ("no_word", odd)


_QUOTED = re.compile(r"„[^“]*“|“[^”]*”|\"[^\"]*\"|\([^)]*\)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_GERMAN = frozenset((
    "der", "das", "und", "für", "nicht", "ist", "eine", "einer", "eines", "einen", "oder", "zur", "zum", "von", "dem",
    "mit", "wird", "bei", "auf",
))  # fmt: skip
_ENGLISH = frozenset((
    "the", "of", "and", "is", "for", "to", "with", "not", "or", "from", "on", "by", "that", "which", "be", "are", "at",
))  # fmt: skip
_ENOUGH = 2
_FOR_PEOPLE = ("kurz", "titel_nein", "inhalt")


def missing_texts(law: Regulation) -> Iterator[Fault]:
    """Yield every text that is missing, or in a language, and values of enumerations that no title tells."""
    for place, text in dict(_texts(law)).items():
        yield from _faulty(place, text)
    yield from _untold(law)
    for place, model in {item.entry.place(("werte",)): item.model for item in law.items if item.model.beleg}.items():
        if isinstance(model, Ableitung):
            untitled = [value for value in model.werte or () if value not in (model.wertetitel or {})]
            if untitled:
                yield finding("VIM045", place, "untitled", model.id, values=", ".join(untitled))


def _untold(law: Regulation) -> Iterator[Fault]:
    """Yield the items, acts and questions without a text for people that their kind has; an advice is never denied."""
    models: dict[tuple[str, Place], RuleModel] = {(item.id, item.place): item.model for item in law.items}
    models |= {(akt.id, law.written[akt.id].place()): akt for akt in law.acts}
    models |= {(name, law.written["fragen"].place((name,))): question for name, question in law.questions.items()}
    for (name, place), model in models.items():
        wanted = set(_FOR_PEOPLE[:1] if getattr(model, "art", None) == "hinweis" else _FOR_PEOPLE)
        if untold := [key for key in type(model).model_fields if key in wanted and not getattr(model, key)]:
            yield finding("VIM045", place, "untold", name, texts=", ".join(untold))


def _faulty(place: Place, text: Zweisprachig | Text) -> Iterator[Fault]:
    words = {"de": _words(text.de), "en": _words(text.en)}
    for lang, said in (("de", text.de), ("en", text.en)):
        foreign = words[lang] & (_ENGLISH if lang == "de" else _GERMAN)
        name = sentence(f"check.{lang}")
        if not said.strip():
            yield finding("VIM045", place, "blank_text", language=name)
        elif len(foreign) >= _ENOUGH:
            yield finding("VIM045", place, "foreign_text", language=name, words=", ".join(sorted(foreign)))
    if text.de == text.en and (len(words["de"]) > _ENOUGH or words["de"] & (_GERMAN | _ENGLISH)):
        yield finding("VIM045", place, "same_texts")


def _words(text: str) -> set[str]:
    """Return the words of a sentence outside quotation marks and brackets: names are kept there."""
    return {word.lower() for word in _WORD.findall(_QUOTED.sub(" ", text))}


def _texts(law: Regulation) -> Iterator[tuple[Place, Zweisprachig | Text]]:
    for state in law.states:
        for item in state:
            yield from ((item.entry.place(path), text) for path, text in parts_of(item.model, Zweisprachig))
    for name, titel in law.subjects.items():
        yield law.written[f"gegenstand.{name}"].place(), titel
    beside: dict[str, RuleModel] = {akt.id: akt for akt in law.acts}
    beside |= {f"auslegungen.{name}": point for name, point in law.readings.items()}
    beside |= {f"offene_fragen.{name}": point for name, point in law.open_questions.items()}
    beside |= {f"aussagen.{name}": said for name, said in law.statements.items()}
    beside |= {f"freigaben.{name}": approval for name, approval in law.approvals.items()}
    beside |= {f"wortlaut.{name}": wording for name, wording in law.wordings.items()}
    for name, model in beside.items():
        yield from ((law.written[name].place(path), text) for path, text in parts_of(model, Zweisprachig))
    for question, asked in law.questions.items():
        for path, text in parts_of(asked, Zweisprachig):
            yield law.written["fragen"].place((question, *path)), text
    for fact in law.vocabulary.facts.values():
        yield law.written["entitaeten"].place((fact.entity, "angaben", fact.key, "titel")), fact.title
        yield law.written["entitaeten"].place((fact.entity, "angaben", fact.key, "frage")), fact.question
    for name, entity in law.vocabulary.entities.items():
        yield law.written["entitaeten"].place((name, "titel")), entity.title
        yield law.written["entitaeten"].place((name, "frage")), entity.question
