"""What is said of faults and findings, in both languages: read from `messages.toml`.

What parsers and the operating system say is put in the reader's language; what is not known is left out of German.
"""

import errno
import re
import socket
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from vwv_im.text.bilingual import Text
from vwv_im.text.faults import Fault, InputKind, Place

OTHER = "other"
"""The fault that stands for one of which nothing is known."""


class Message(NamedTuple):
    """What is said of one kind of fault: its code, a sentence, and how to mend it, in general or in some form.

    A word in braces stands for what `fill_in` is given.
    """

    code: str
    text: Text
    hint: Text | None
    hints: Mapping[str, Text]

    def hint_in(self, form: InputKind | None) -> Text | None:
        """Return how to mend it where it stands in `form`, or wherever it does.

        >>> message("bool_type").hint_in("cell").en
        'Write ja or nein.'
        """
        return self.hints.get(form or "", self.hint)


def fill_in(text: Text, words: Mapping[str, Any]) -> Text:
    """Return a sentence with words in the place of those in braces; a text stands in each language as its own."""
    de, en = ({k: getattr(v, lang) if isinstance(v, Text) else v for k, v in words.items()} for lang in Text._fields)
    return Text(text.de.format_map(de), text.en.format_map(en))


@cache
def _tables() -> dict[str, str]:
    """Return the tables of the file by their heads, as text."""
    found = re.split(r"^\[(.+)\]$", Path(__file__).with_suffix(".toml").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


@cache
def catalogue(head: str, *, below: bool = True) -> dict[str, Any]:
    """Return what the file says under a head, and `below` it; nothing else of it is parsed, which takes its time.

    >>> catalogue("codes")["case"] == catalogue("codes.case") != {}
    True
    """
    import tomllib

    wanted = (name for name in _tables() if name == head or (below and name.startswith(f"{head}.")))
    found = tomllib.loads("".join(f"[{name}]{_tables()[name]}" for name in wanted))
    for key in head.split("."):
        found = found.get(key, {})
    return found


@cache
def message(kind: str) -> Message:
    """Return what is said of a kind of fault, or of one of which nothing is known."""
    said = catalogue(f"faults.{kind}") or catalogue(f"faults.{OTHER}")
    said = catalogue(f"faults.{said['like']}") if "like" in said else said
    hints = {form: Text(**hint) for form, hint in said.get("hints", {}).items()}
    return Message(said["code"], Text(**said["message"]), Text(**said["hint"]) if "hint" in said else None, hints)


def fault_of(
    kind: str, place: Place, path: str = "", hint: Text | None = None, form: InputKind | None = None, **words: Any
) -> Fault:
    """Return a fault of a kind; `hint` stands instead of the one that is always given with it, or with it in `form`."""
    said = message(kind)
    if hint is None and (usual := said.hint_in(form)) is not None:
        hint = fill_in(usual, words)
    return Fault(said.code, place, fill_in(said.text, words), hint, path)


def sentence(name: str, /, **words: Any) -> Text:
    """Return a sentence of those that are no faults, by `name` or `part.name`; words fill the places in braces."""
    part, _, key = name.rpartition(".")
    return fill_in(sentences(part)[key] if part else Text(**catalogue("sentences", below=False)[name]), words)


@cache
def sentences(part: str) -> Mapping[str, Text]:
    """Return all sentences of a part of the library, by name."""
    return {name: Text(**said) for name, said in catalogue(f"sentences.{part}").items()}


@cache
def codes(of: str) -> Mapping[str, Text]:
    """Return the codes of faults in a `case`, in `rules`, `tables` or `requests`, each with what it means."""
    return {code: Text(**title) for code, title in catalogue(f"codes.{of}").items()}


@cache
def findings() -> Mapping[str, tuple[Text, Text]]:
    """Return the codes of findings in sound rule files, each with its name and what to do about it."""
    found = catalogue("findings").items()
    return {code: (Text(**said["name"]), Text(**said["remedy"])) for code, said in found}


def not_valid(language: str, problem: str) -> Text:
    """Return the message that a text is not valid YAML or JSON, with what its parser has found.

    >>> not_valid("JSON", "Expecting value").de
    'Das ist kein gültiges JSON: hier fehlt ein Wert.'
    >>> not_valid("YAML", "what nobody foresaw")
    Text(de='Das ist kein gültiges YAML.', en='This is not valid YAML: what nobody foresaw.')
    """
    known = next((german for start, german in catalogue("parsers.de").items() if problem.startswith(start)), "")
    problem = next(
        (english for start, english in catalogue("parsers.en").items() if problem.startswith(start)), problem
    )
    return Text(
        f"Das ist kein gültiges {language}: {known}." if known else f"Das ist kein gültiges {language}.",
        f"This is not valid {language}: {problem}.",
    )


def system_said(error: OSError) -> Text:
    """Return why the operating system refuses something.

    >>> system_said(PermissionError(13, "Permission denied")).de
    'die Rechte fehlen'
    """
    number = error.errno or 0
    name = "EAI_NONAME" if number == socket.EAI_NONAME else errno.errorcode.get(number, "")
    unknown = {"de": f"Fehler {number} des Systems", "en": error.strerror or f"error {number} of the system"}
    return Text(**catalogue("system").get(name, unknown))
