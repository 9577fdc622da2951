"""Texts that should not be: strategies for JSON and YAML which are odd, damaged, or nothing of the kind.

They are used by the tests of the readers; a fuzzer draws from the same.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

PIECES = (
    *("{", "}", "[", "]", ",", ":", '"', "'", "\\", "\n", "\r", "\t", " ", "#", "-", "?", "&a", "*a", "!", "|", ">"),
    *(
        "NaN",
        "-Infinity",
        "1e400",
        "1e-9999999",
        "-0",
        "0.1",
        "9" * 45,
        "null",
        "true",
        "~",
        ".inf",
        "0x1F",
        "2018-06-01",
    ),
    *(".inf", "0x1F", "2018-06-01"),
    *(r"\ud800", r"\ud83d\ude00", r"\u0000", "\x85", "\u2028", "\ufeff", "\ufffe", "😀", "ä", "\x1b[31m", "\x0b"),
    *(
        "!!binary aGk=",
        "!!str ",
        "!<x> ",
        "<<: ",
        "%YAML 1.1\n",
        "%TAG ! x\n",
        "---\n",
        "...\n",
        "- ",
        ": ",
        "? ",
        "a: ",
    ),
    *('"vzae": ', '{"vzae": 1, "vzae": 2}', "antrag:\n  stellen:\n  - ", "[" * 40, "{a: " * 40, "[a, " * 30),
)
"""What hostile texts are made of."""

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=4)
    ),
    max_leaves=10,
)
"""Values that every reader of JSON reads alike."""


def pieces() -> st.SearchStrategy[str]:
    """Return texts put together of pieces, of which some mean something."""
    return st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)


@st.composite
def damaged(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """Return texts in which pieces were put in, taken out or doubled."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 20)))
        text = text[:start] + draw(st.sampled_from((*PIECES, "", text[start:end] * 2))) + text[end:]
    return text


def odd_json() -> st.SearchStrategy[str]:
    """Return texts that are nearly JSON."""
    return damaged(JSON_VALUES.map(json.dumps)) | pieces()


def odd_yaml(*sound: str) -> st.SearchStrategy[str]:
    """Return texts that are nearly YAML, also such as were sound."""
    written = JSON_VALUES.map(json.dumps)
    return damaged(st.sampled_from(sound) | written if sound else written) | pieces()
