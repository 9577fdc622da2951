"""What the review says in `messages.toml`: each phrase is there, in both languages with the same words to fill in."""

from __future__ import annotations

import re
import tomllib
from string import Formatter

import pytest

from support import ROOT
from vwv_im.text.messages import phrase

SOURCE = ROOT / "src" / "vwv_im"
PHRASES = tomllib.loads((SOURCE / "text" / "messages.toml").read_text("utf-8"))["phrases"]
NAMES = [(part, name) for part, phrases in PHRASES.items() for name in phrases]
CODE = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize(("part", "name"), NAMES)
def test_a_phrase_has_the_same_words_to_fill_in_in_both_languages(part: str, name: str) -> None:
    text = PHRASES[part][name]
    assert text.keys() == {"de", "en"}
    assert fields(text["de"]) == fields(text["en"])


@pytest.mark.parametrize("name", sorted(set(re.findall(r'(?<!\w)phrase\("([\w.-]+)"', CODE))))
def test_a_phrase_that_is_named_in_code_is_there(name: str) -> None:
    assert phrase(name)


@pytest.mark.parametrize(
    ("part", "pattern"),
    [
        ("check", r'finding\("VIM\d+", .*?, "(\w+)"[,)]'),
        ("synopsis", r'section\("(\w+)"'),
        ("wording", r'say\("(\w+)"'),
    ],
)
def test_a_phrase_that_is_named_by_its_part_is_there(part: str, pattern: str) -> None:
    found = set(re.findall(pattern, CODE))
    assert found
    assert found <= PHRASES[part].keys()
