"""Which words a German reader may meet: what we write in German, names, and what sources are called.

A word is English where we write it in English texts and never in German ones.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from support import ROOT
from vwv_im.decision.blocks import Block, Heading, Item, Panel, Paragraph
from vwv_im.text import Limits, read_yaml, written_day

SOURCE = ROOT / "src" / "vwv_im"
WORD = re.compile(r"[^\W\d_]{3,}")
ADDRESS = re.compile(r"https?://\S+|\b[0-9a-f]{12,}\b")
"""Addresses and digests."""
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]\w*(\.[a-z]\w*|\[\d+\])*\[\d+\]|\b[a-z]\w*\.[a-z]\w*\b|\bVIM\d+|\.yaml\b")
ISO_DAY = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
"""Ids, paths of facts, codes and files; and days as a machine writes them."""


def tokens(text: str) -> set[str]:
    """Return the words of a text in small letters, without those of addresses and digests."""
    return {word.casefold() for word in WORD.findall(ADDRESS.sub(" ", text))}


@cache
def english_words() -> frozenset[str]:
    """Return the words that stand in our English texts and in no German one, nor in what is said in no language."""
    german, english = tokens(" ".join(written_day(date(2000, month, 1), "de") for month in range(1, 13))), set[str]()
    for language, text in (*of_rules(), *of_messages(), *of_code()):
        (english if language == "en" else german).update(tokens(text))
    return frozenset(english - german)


def of_rules() -> Iterator[tuple[str, str]]:
    """Yield the texts of the rule files; what is given in one language only is German, or a name."""
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        yield from leaves(read_yaml(path, limits=Limits(bytes=2_000_000, depth=40)).data, "de")


def of_messages() -> Iterator[tuple[str, str]]:
    """Yield the texts of messages."""
    yield from leaves(tomllib.loads((SOURCE / "text" / "messages.toml").read_text("utf-8")), "")


def leaves(node: Any, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, key if key in ("de", "en") else language)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, language)
    elif isinstance(node, str) and language:
        yield language, node


def of_code() -> Iterator[tuple[str, str]]:
    """Yield the texts of the code: both parts of `Text(…)`, and of what is called with both."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) == 2 and called(node) in ("Text", "say"):
                for language, part in zip(("de", "en"), node.args, strict=True):
                    yield from ((language, one) for one in strings(part))


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def strings(node: ast.AST) -> Iterator[str]:
    """Yield the fixed parts of a text."""
    for part in ast.iter_child_nodes(node) if isinstance(node, ast.JoinedStr) else (node,):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def not_for_readers(text: str) -> list[str]:
    """Return what no German reader is to meet in a text: English words, ids, paths, codes, days of machines."""
    told = ADDRESS.sub(" ", text)
    found = [
        *sorted(tokens(told) & english_words()),
        *(one.group() for one in CODE.finditer(told) if one.group() not in sites()),
    ]
    found += [one.group() for one in ISO_DAY.finditer(told)]
    return found + re.findall(r"^\s*(?:[•\-+–?!·i] ){2,}", told, re.MULTILINE)


@cache
def sites() -> frozenset[str]:
    """Return the names of sites that publish a source, such as a town's."""
    publishers = re.findall(r"(?m)^ +herausgeber: (.+)$", (ROOT / "rules" / "quellen.yaml").read_text("utf-8"))
    return frozenset(one.group() for name in publishers for one in CODE.finditer(name) if one.group().endswith(".de"))


def texts_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every text of a page."""
    for block in blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                yield text
            case Item(text=text, details=details):
                yield from (text, *(detail for _, detail in details))
            case Panel(title=title, lines=lines):
                yield from (title, *lines)
            case _:
                yield from (block.title, *(column.text for column in block.columns))
                yield from (cell for row in block.rows for cell in row.cells)
