"""Long answers in pages: none has more characters than an assistant is to read at once."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from vwv_im.decision.blocks import Block, write
from vwv_im.mcp.words import said
from vwv_im.text import FaultyInputError, Language, Place, fault_of

MOST = 3_999
"""How many characters an answer has at most."""
_FOOT = 150
"""How many of them are kept for the line that tells of further pages."""
_HEAD_LINES = 2
"""How many lines the head of a table in Markdown has."""


_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#+-])")
_APART = re.compile("\n{3,}")


def written(blocks: Iterable[Block]) -> str:
    r"""Return blocks as Markdown for one who reads it as text: ids and paths as they are, nothing apart twice.

    >>> from vwv_im.decision.blocks import Item
    >>> written([Item("haus.zimmer[0].hoehe_cm")])
    '- haus.zimmer[0].hoehe_cm\n'
    """
    return _APART.sub("\n\n", _ESCAPED.sub(r"\1", write(blocks, "markdown")))


def page_of(text: str, page: int, lang: Language) -> str:
    """Return a page of a text, counted from 1, and how to get the next one.

    Raises `FaultyInputError` where there is no such page.
    """
    pages = cut(text, MOST - _FOOT)
    if not 1 <= page <= len(pages):
        raise FaultyInputError([fault_of("no_such_page", Place("<page>"), page=page, pages=len(pages))])
    if len(pages) == 1:
        return pages[0]
    kind = "page" if page < len(pages) else "last_page"
    return f"{pages[page - 1]}\n{said(kind, lang, page=page, pages=len(pages), following=page + 1)}\n"


def cut(text: str, most: int) -> list[str]:
    r"""Return the lines of a text in pages of at most `most` characters; a table that goes on has its head again.

    >>> cut("| a |\n|---|\n| 1 |\n| 2 |\n", 19)
    ['| a |\n|---|\n| 1 |\n', '| a |\n|---|\n| 2 |\n']
    """
    pages, head = [""], list[str]()
    for line in _lines(text, most // 2):
        head = _head_at(line, head)
        if len(pages[-1]) + len(line) + 1 > most:
            going_on = line.startswith("|") and line not in head
            pages.append("".join(f"{one}\n" for one in head) if going_on else "")
        pages[-1] += f"{line}\n"
    return pages


def _lines(text: str, most: int) -> Iterator[str]:
    for line in text.strip("\n").split("\n"):
        yield from textwrap.wrap(line, most, replace_whitespace=False, drop_whitespace=False) or [""]


def _head_at(line: str, head: list[str]) -> list[str]:
    """Return the head of the table in which a line stands; of its own lines those so far; outside of tables nothing."""
    if not line.startswith("|"):
        return []
    return head if len(head) == _HEAD_LINES else [*head, line]
