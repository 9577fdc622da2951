"""Faults in what was given to us: where, what, and how to mend it, all of them at once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, Self

from vwv_im.text.bilingual import Language, Text

InputKind = Literal["data", "yaml", "cell", "frame"]
"""Where data were stated: in JSON or Python, a YAML file, a cell of a CSV file or workbook, a typed column."""
_LONGEST_WORD = 60
_SHOWN = 60
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class Place(NamedTuple):
    """A place in a text: file, line and column, both counted from 1 (0: unknown).

    >>> str(Place("fall.yaml", 3, 12))
    'fall.yaml:3:12'
    >>> str(Place("fall.yaml"))
    'fall.yaml'
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its code, where it stands, what is wrong, and how to mend it."""

    code: str
    place: Place
    message: Text
    hint: Text | None = None
    path: str = ""

    def render(self, lang: Language = "en") -> str:
        """Return the fault as one line, in which what a terminal would act on is written out.

        >>> Fault("VIM012", Place("a.yaml", 1, 2), Text("unbekannt", "unknown")).render()
        'a.yaml:1:2 VIM012 unknown'
        """
        return f"{printable(str(self.place))} {self.told(lang)}"

    def told(self, lang: Language = "en") -> str:
        """Return the fault as one line without its place."""
        subject = f"{self.path}: " if self.path else ""
        hint = f" {self.hint.in_(lang)}" if self.hint else ""
        return printable(f"{self.code} {subject}{self.message.in_(lang)}{hint}")


class FaultyInputError(ValueError):
    """Something given to us cannot be read; `faults` lists everything that is wrong with it."""

    faults: tuple[Fault, ...]

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.render("en") for fault in self.faults))

    def render(self, lang: Language = "de") -> str:
        """Return all faults, one a line."""
        return "\n".join(fault.render(lang) for fault in self.faults)

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


def printable(text: str) -> str:
    r"""Return a text in which control characters, and others that change how text is shown, are written out.

    >>> printable("\x1b[31mrot") == r"\x1b[31mrot"
    True
    """
    return text if text.isprintable() else _NOT_SHOWN.sub(lambda found: repr(found[0])[1:-1], text)


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """Return a hint naming the only known word that `word` begins, or else the closest, if any is close.

    >>> did_you_mean("Baden", ["Baden-Württemberg", "Bayern"]).en
    "Did you mean 'Baden-Württemberg'?"
    >>> did_you_mean("vzea", ["vzae", "art"]).en
    "Did you mean 'vzae'?"
    >>> did_you_mean("xyz", ["vzae"]) is None
    True
    """
    if len(word) > _LONGEST_WORD:
        return None
    words = list(known)
    close = [full for full in words if word and full.casefold().startswith(word.casefold())]
    if len(close) != 1:
        close = get_close_matches(word, words, n=1, cutoff=0.6)
    if not close:
        return None
    return Text(f"Meinten Sie '{close[0]}'?", f"Did you mean '{close[0]}'?")


def meant(word: str, known: Iterable[str]) -> Text:
    """Return the same hint as it is added to a sentence: after a blank, or nothing."""
    return Text(*(f" {said}" if said else "" for said in did_you_mean(word, known) or ("", "")))


def as_written(value: Any) -> str:
    """Write a value roughly as a rule file does, shortened.

    >>> from decimal import Decimal
    >>> as_written({"fakt": "zimmer.hoehe_cm", "mindestens": Decimal("0.25"), "beleg": None})
    '{fakt: zimmer.hoehe_cm, mindestens: 0.25, beleg: null}'
    """
    text = flow(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def flow(value: Any) -> str:
    """Write data roughly as YAML does in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
