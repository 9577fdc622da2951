"""Answers as people type them: numbers of choices or their words, days, shares and amounts in the usual spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from vwv_im.case.vocabulary import Entity, Fact, Vocabulary
from vwv_im.text import Language, Text, did_you_mean, sentence
from vwv_im.text.values import with_iso_days

_TRUTHS = {
    **dict.fromkeys(("ja", "j", "yes", "y", "true", "1"), True),
    **dict.fromkeys(("nein", "n", "no", "false", "2"), False),
}
_LONGEST_COUNT = 4
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_SHORT_YEAR = re.compile(r"^([0-9]{1,2}\.[0-9]{1,2}\.)([0-9]{2})$")
_PERCENT = re.compile(r"([0-9]+)\s*%")


class NoAnswer(Exception):  # noqa: N818 - to be asked again
    """What was typed cannot be read; `hint` says how it could."""

    def __init__(self, hint: Text) -> None:
        super().__init__(hint.en)
        self.hint = hint


def how_to_answer(about: Fact | Entity, vocabulary: Vocabulary, lang: Language) -> str:
    """Say in a few words what to type."""
    if isinstance(about, Entity):
        return sentence("typed.ganzzahl").in_(lang)
    unit = vocabulary.units.get(about.unit or "")
    example = "132.149" if unit and unit.currency else "0,5"
    shown = Text(example, example.replace(".", "").replace(",", "."))
    return sentence(f"typed.{about.type}", example=shown).in_(lang)


def counted(question: Text) -> Text:
    """Return the question for the entries of a list as one for their number, which is what is typed.

    >>> counted(Text("Welche Zimmer gibt es?", "Which rooms are there?")).de
    'Wie viele Zimmer gibt es?'
    """
    return Text(re.sub("^Welche ", "Wie viele ", question.de), re.sub("^Which ", "How many ", question.en))


def choices(about: Fact | Entity, lang: Language) -> Iterator[str]:
    """Yield the values from which to choose, with their numbers."""
    if isinstance(about, Fact):
        for number, value in enumerate(about.values, start=1):
            yield f"{number:>4}  {about.labels[value].in_(lang)}"


def meant(about: Fact | Entity, typed: str, vocabulary: Vocabulary) -> Any:
    """Return what was typed for a fact or list as a case states it; a case refuses what no fact may be.

    Raises `NoAnswer` for what is none of the choices.
    """
    if isinstance(about, Entity):
        if not (typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_COUNT):
            raise NoAnswer(Text("Bitte eine Anzahl angeben, zum Beispiel 2.", "Please give a number, say 2."))
        return [{} for _ in range(int(typed))]
    match about.type:
        case "wahrheitswert":
            if typed.lower() not in _TRUTHS:
                raise NoAnswer(Text("Bitte mit ja oder nein antworten.", "Please answer yes or no."))
            return _TRUTHS[typed.lower()]
        case "auswahl":
            return _chosen(about, typed)
        case "auswahlliste":
            return [_chosen(about, word) for word in re.split(r"\s*[,;]\s*", typed) if word]
        case "ganzzahl" | "dezimal":
            return _number(about, typed, vocabulary)
        case "datum":
            return _day(typed)
    names = about.choice.names if about.choice is not None else ()
    return next((name for name in names if name.casefold() == typed.casefold()), typed)


def read_as(about: Fact | Entity, typed: str) -> Text | None:
    """Return what was read where that is not what was typed: a year of two digits is one of this century."""
    if isinstance(about, Entity) or about.type != "datum" or _SHORT_YEAR.match(typed) is None:
        return None
    day = _SHORT_YEAR.sub(r"\g<1>20\2", typed)
    return Text(f"Gelesen als {day}.", f"Read as {day}.")


def _chosen(about: Fact, typed: str) -> str:
    if typed.isascii() and typed.isdigit() and 0 < int(typed) <= len(about.values):
        return about.values[int(typed) - 1]
    words = {word.casefold(): value for value in about.values for word in (value, *about.labels.get(value, ()))}
    if typed.casefold() in words:
        return words[typed.casefold()]
    close = Text(*(_close(typed, about.labels, lang) for lang in Text._fields))
    raise NoAnswer(sentence("typed.none", typed=typed, close=close, last=len(about.values)))


def _close(typed: str, labels: Mapping[str, Text], lang: str) -> str:
    close: Text | None = did_you_mean(typed, [getattr(label, lang) for label in labels.values()])
    return f"{getattr(close, lang)} " if close else ""


def _number(about: Fact, typed: str, vocabulary: Vocabulary) -> Any:
    unit = vocabulary.units.get(about.unit or "")
    named = {word.casefold() for word in (*unit.one, *unit.several, unit.currency or "")} if unit else set[str]()
    figures, _, word = typed.replace("\xa0", " ").partition(" ")
    if word.strip().casefold() in named:
        typed = figures
    if unit and unit.currency:
        typed = typed.removesuffix("€").strip()
    whole = about.type == "ganzzahl"
    if _THOUSANDS.fullmatch(typed) and (whole or (unit and unit.currency)):
        typed = typed.replace(".", "")
    if (share := _PERCENT.fullmatch(typed)) and not whole and not (unit and unit.currency):
        typed = f"{int(share[1]) // 100}.{int(share[1]) % 100:02}"
    if whole:
        return int(typed) if typed.isascii() and typed.isdigit() else typed
    return typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed


def _day(typed: str) -> str:
    return with_iso_days(_SHORT_YEAR.sub(r"\g<1>20\2", typed))
