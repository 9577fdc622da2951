"""What is said of faults and findings, in both languages: read from `messages.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from vwv_im.text.bilingual import Text
from vwv_im.text.faults import Fault, Place
from vwv_im.text.yaml import Form

OTHER = "other"
"""The fault that stands for one of which nothing is known."""


class Message(NamedTuple):
    """What is said of one kind of fault: its code, a sentence, and how to mend it, in general or in some form.

    A word in braces stands for what `filled` is given.
    """

    code: str
    text: Text
    hint: Text | None
    hints: Mapping[str, Text]

    def hint_in(self, form: Form) -> Text | None:
        """Return how to mend it where it stands in `form`.

        >>> message("bool_type").hint_in("cell").en
        'Write ja or nein.'
        """
        return self.hints.get(form, self.hint)


def filled(text: Text, words: Mapping[str, Any]) -> Text:
    """Return a sentence with words in the place of those in braces; a text stands in each language as its own."""
    de, en = ({k: getattr(v, lang) if isinstance(v, Text) else v for k, v in words.items()} for lang in Text._fields)
    return Text(text.de.format_map(de), text.en.format_map(en))


@cache
def _catalogue() -> dict[str, Any]:
    import tomllib

    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def message(kind: str) -> Message:
    """Return what is said of a kind of fault, or of one of which nothing is known."""
    faults = _catalogue()["faults"]
    said = faults.get(kind, faults[OTHER])
    said = faults[said["like"]] if "like" in said else said
    hints = {form: Text(**hint) for form, hint in said.get("hints", {}).items()}
    return Message(said["code"], Text(**said["message"]), Text(**said["hint"]) if "hint" in said else None, hints)


def told(kind: str, place: Place, path: str = "", hint: Text | None = None, **words: Any) -> Fault:
    """Return a fault of a kind; `hint` stands instead of the one that is always given with it."""
    said = message(kind)
    usual = None if said.hint is None else filled(said.hint, words)
    return Fault(said.code, place, filled(said.text, words), hint or usual, path)


def kinds() -> tuple[str, ...]:
    """Return every kind of fault of which something is said."""
    return tuple(_catalogue()["faults"])


@cache
def codes(of: str) -> Mapping[str, Text]:
    """Return the codes of faults in a `case`, in `rules` or in `requests`, each with what it means."""
    return {code: Text(**title) for code, title in _catalogue()["codes"][of].items()}


@cache
def findings() -> Mapping[str, tuple[Text, Text]]:
    """Return the codes of findings in sound rule files, each with its name and what to do about it."""
    found = _catalogue()["findings"].items()
    return {code: (Text(**said["name"]), Text(**said["remedy"])) for code, said in found}


def phrase(name: str, /, **words: Any) -> Text:
    """Return what a part of the library says (`part.name`), with words in the place of those in braces."""
    part, _, key = name.partition(".")
    text = phrases(part)[key]
    return filled(text, words) if words else text


@cache
def phrases(part: str) -> Mapping[str, Text]:
    """Return all that a part of the library says, by name."""
    return {name: Text(**said) for name, said in _catalogue()["phrases"][part].items()}
