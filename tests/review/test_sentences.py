"""What the review says in `messages.toml`: each sentence is there, in both languages with the same words to fill in."""

from __future__ import annotations

import re
import tomllib
from string import Formatter
from typing import get_args

import pytest

from support import ROOT
from vwv_im.decision.context import Outcome
from vwv_im.lang import FactKind, Verdict
from vwv_im.mcp.words import told

SOURCE = ROOT / "src" / "vwv_im"
SENTENCES = tomllib.loads((SOURCE / "text" / "messages.toml").read_text("utf-8"))["sentences"]
NAMES = [(part, name) for part, said in SENTENCES.items() for name in said if isinstance(said[name], dict)]


def code_below(package: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in (SOURCE / package).rglob("*.py"))


CODE = code_below("")


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize(("part", "name"), NAMES)
def test_a_sentence_has_the_same_words_to_fill_in_in_both_languages(part: str, name: str) -> None:
    text = SENTENCES[part][name]
    assert text.keys() == {"de", "en"}
    assert fields(text["de"]) == fields(text["en"])


@pytest.mark.parametrize("name", sorted(set(re.findall(r'(?<![\w_])sentence\("(\w+\.[\w-]+)"', CODE))))
def test_a_sentence_that_is_named_in_code_is_there(name: str) -> None:
    part, _, key = name.partition(".")
    assert key in SENTENCES[part]


@pytest.mark.parametrize(
    ("part", "code", "pattern"),
    [
        ("check", CODE, r'finding\("VIM\d+", .*?, "(\w+)"[,)]'),
        ("synopsis", CODE, r'section\("(\w+)"'),
        ("wording", code_below("review"), r'self\.say\("(\w+)"'),
    ],
    ids=["check", "synopsis", "wording"],
)
def test_a_sentence_that_is_named_by_its_part_is_there(part: str, code: str, pattern: str) -> None:
    found = set(re.findall(pattern, code))
    assert found
    assert found <= SENTENCES[part].keys()


def test_a_sentence_that_an_assistant_is_told_is_there() -> None:
    found = set(re.findall(r'\.say\("(\w+)"', code_below("mcp")))
    assert found
    assert found <= told()["sentences"].keys()


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("typed", {*get_args(FactKind)}),
        ("needs", {*Verdict}),
        ("outcomes", {*get_args(Outcome)}),
        ("answer", {*get_args(Outcome)} - {"decided"}),
        ("operations", {"ersetze", "fuege_ein", "haenge_an", "hebe_auf"}),
        ("examination", {f"{how}_{verdict}" for how in ("alle", "eine") for verdict in ("yes", "no", "open")}),
    ],
)
def test_a_sentence_that_is_named_by_what_it_tells_is_there(part: str, names: set[str]) -> None:
    assert names <= SENTENCES[part].keys()
