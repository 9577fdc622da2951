"""Titles and sentences that are missing in a language: blank, left untranslated, or written in the other one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vwv_im.law.base import RuleModel, Zweisprachig, parts_of
from vwv_im.law.model import QUESTIONS, Ableitung
from vwv_im.law.regulation import Regulation
from vwv_im.review.diagnostics.codes import found
from vwv_im.text import Fault, Place, Text

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
_NAMES = {"de": Text("deutsche", "German"), "en": Text("englische", "English")}


def missing_titles(law: Regulation) -> Iterator[Fault]:
    """Yield every text that is missing in a language, and values of enumerations that no title tells."""
    for place, text in dict(_texts(law)).items():
        yield from _faulty(place, text)
    for place, model in {item.entry.place(("werte",)): item.model for item in law.items if item.model.beleg}.items():
        if isinstance(model, Ableitung):
            untitled = [value for value in model.werte or () if value not in (model.wertetitel or {})]
            if untitled:
                words = ", ".join(untitled)
                message = Text(f"Werte ohne Titel: {words}.", f"values without a title: {words}.")
                hint = Text(
                    "Nennen Sie unter 'wertetitel', wie sie heißen.", "Say under 'wertetitel' what they are called."
                )
                yield found("VIM045", place, message, model.id, hint)


def _faulty(place: Place, text: Zweisprachig) -> Iterator[Fault]:
    words = {"de": _words(text.de), "en": _words(text.en)}
    for lang, sentence in (("de", text.de), ("en", text.en)):
        foreign = words[lang] & (_ENGLISH if lang == "de" else _GERMAN)
        name = _NAMES[lang]
        if not sentence.strip():
            yield found("VIM045", place, Text(f"Der {name.de} Text ist leer.", f"the {name.en} text is blank."))
        elif len(foreign) >= _ENOUGH:
            listed = ", ".join(sorted(foreign))
            message = Text(
                f"Der {name.de} Text ist in der anderen Sprache geschrieben ({listed}).",
                f"the {name.en} text is written in the other language ({listed}).",
            )
            yield found("VIM045", place, message)
    if text.de == text.en and (len(words["de"]) > _ENOUGH or words["de"] & (_GERMAN | _ENGLISH)):
        yield found("VIM045", place, Text("Beide Texte sind gleich.", "both texts are the same."))


def _words(sentence: str) -> set[str]:
    """Return the words of a sentence outside quotation marks and brackets: names are kept there."""
    return {word.lower() for word in _WORD.findall(_QUOTED.sub(" ", sentence))}


def _texts(law: Regulation) -> Iterator[tuple[Place, Zweisprachig]]:
    for state in law.states:
        for item in state:
            yield from ((item.entry.place(path), text) for path, text in parts_of(item.model, Zweisprachig))
    for name, titel in law.subjects.items():
        yield law.written[f"gegenstand.{name}"].place(), titel
    beside: dict[str, RuleModel] = {akt.id: akt for akt in law.acts}
    beside |= {f"auslegungen.{name}": point for name, point in law.readings.items()}
    beside |= {f"offene_fragen.{name}": point for name, point in law.open_questions.items()}
    for name, model in beside.items():
        yield from ((law.written[name].place(path), text) for path, text in parts_of(model, Zweisprachig))
    for question in QUESTIONS:
        for number, section in enumerate(law.schema(question)):
            yield law.written["pruefschema"].place((question, number, "titel")), section.titel
