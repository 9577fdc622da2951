"""The prompts: what a clerk asks an assistant to do, one for each question of the regulation and some besides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vwv_im.mcp.tools import Desk
from vwv_im.mcp.words import told
from vwv_im.text import FaultyInputError, Place, fault_of

_OF_QUESTIONS = "question"
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt: its title, what it is for, and its text, in which words in braces are to be filled in."""

    title: str
    about: str
    text: str

    @property
    def blanks(self) -> tuple[str, ...]:
        """What is to be filled in, in order."""
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))

    def filled(self, given: Mapping[str, str]) -> str:
        """Return the text; raises `FaultyInputError` with everything that is not given."""
        faults = [
            fault_of("argument_missing", Place(f"<{name}>"), name=name)
            for name in self.blanks
            if not given.get(name, "").strip()
        ]
        if faults:
            raise FaultyInputError(faults)
        return self.text.format_map(given)


def templates(desk: Desk) -> dict[str, Template]:
    """Return the prompts by name: those of the questions by theirs.

    >>> list(templates(Desk()))[-3:]
    ['fehlende-angaben', 'fassungen', 'regel']
    """
    found: dict[str, Template] = {}
    for name, asked in desk.law.questions.items():
        words = {"question": asked.frage.text.in_(desk.lang), "name": name}
        found[name] = _template(desk, _OF_QUESTIONS, **words)
    others = (name for name in told()["prompts"] if name != _OF_QUESTIONS)
    return {**found, **{name: _template(desk, name) for name in others}}


def _template(desk: Desk, prompt: str, /, **words: str) -> Template:
    """Return a prompt; what is not among `words` stays to be filled in."""
    left = {blank: f"{{{blank}}}" for blank in told()["parameters"]}
    parts = (f"prompts.{prompt}.{part}" for part in ("title", "about", "text"))
    return Template(*(desk.say(part, **left, **words) for part in parts))
