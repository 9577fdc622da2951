"""What several tests share: the toy regulation, faulty copies of rule files, places in a file, how a command ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from vwv_im.case.vocabulary import Fact
from vwv_im.law.regulation import Regulation, load_regulation, regulation
from vwv_im.law.rule_faults import RuleFileError
from vwv_im.text import Fault

FACTS = regulation().vocabulary.facts
"""What a case of the packaged regulation may state, by path."""
PARTS = {entity.path: entity for entity in regulation().vocabulary.stated}


def fact_at(path: str) -> Fact:
    """Return what the vocabulary says of the fact at a path of a case."""
    found = regulation().vocabulary.fact_at(path)
    assert found is not None, path
    return found


TESTS = Path(__file__).parent
ROOT = TESTS.parent
RULES = ROOT / "rules"
EXAMPLES = ROOT / "examples"
TOY = TESTS / "law" / "toy"
"""The village aid of Hinterwald: an invented regulation of 2001, amended in 2002 and 2003, with a decree and an end."""


class Ended(NamedTuple):
    """How a command ended: its status, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document that was written."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ended]


def examination(question: str, root: str, rules: Iterable[str]) -> str:
    """Return the text of a `pruefschema.yaml` that examines some rules under one heading."""
    words = "{de: Probe, en: Sample}"
    answers = f"frage: {words}, ja: {words}, nein: {words}, offen: {words}"
    section = f"{{titel: {words}, regeln: [{', '.join(rules)}]}}"
    asked = f"{question}: {{wurzel: {root}, {answers}, pruefung: [{section}]}}"
    return f"behoerde: {words}\nfragen: {{{asked}}}\n"


class Edit(NamedTuple):
    """One change to a rule file: the text `old`, which stands there once, becomes `new`."""

    file: str
    old: str
    new: str


def edited(target: Path, *edits: Edit, source: Path = TOY) -> Path:
    """Copy the rule files of `source` below `target`, edit them, and return where they are."""
    directory = target / "regeln"
    shutil.copytree(source, directory)
    for file, old, new in edits:
        path = directory / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), "utf-8")
    return directory


def faults_in(directory: Path) -> tuple[Fault, ...]:
    """Return every fault that is reported for the rule files in `directory`."""
    try:
        load_regulation(directory)
    except RuleFileError as error:
        return error.faults
    return ()


def place_of(path: Path, text: str) -> tuple[str, int, int]:
    """Return file, line and column at which `text`, which stands there once, begins."""
    content = path.read_text("utf-8")
    assert content.count(text) == 1, f"{text!r} stands {content.count(text)} times in {path.name}"
    before = content[: content.index(text)]
    return str(path), before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@cache
def toy() -> Regulation:
    """Return the toy regulation, read once."""
    return load_regulation(TOY)
