"""A page as text, Markdown or HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Literal

from vwv_im.decision.decision import Decision
from vwv_im.decision.page import Block, Heading, Item, Paragraph, page_of
from vwv_im.text import Language

Form = Literal["text", "markdown", "html"]
WIDTH = 100


def render(decision: Decision, lang: Language = "de", form: Form = "text") -> str:
    """Return the decision as a page in the form asked for.

    Raises `ValueError` for an unknown form.
    """
    if lang not in ("de", "en"):
        raise ValueError(f"{lang!r} is no language; possible are de, en")
    return write(page_of(decision, lang), form)


def write(blocks: Iterable[Block], form: Form) -> str:
    """Return blocks in the form asked for; raises `ValueError` for an unknown form."""
    if form not in _WRITERS:
        raise ValueError(f"{form!r} is no form; possible are {', '.join(_WRITERS)}")
    return "\n".join(_WRITERS[form](blocks)).strip("\n") + "\n"


def _text(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(level=1, text=text):
                yield text
                yield ""
            case Heading(text=text):
                yield ""
                yield text
            case Paragraph(text=text):
                yield _wrapped(text, "  ")
            case Item(text=text, mark=mark, details=details):
                lead = f"{mark} " if mark else ""
                yield _wrapped(f"  {lead}{text}", "    ")
                for depth, detail in details:
                    indent = "      " + "  " * depth
                    yield _wrapped(f"{indent}{detail}", f"{indent}  ")


def _wrapped(line: str, indent: str) -> str:
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _markdown(blocks: Iterable[Block]) -> Iterator[str]:
    listing = False
    for block in blocks:
        if listing and isinstance(block, Paragraph):
            yield ""
        listing = isinstance(block, Item)
        match block:
            case Heading(level=level, text=text):
                yield f"\n{'#' * level} {plain(text)}\n"
            case Paragraph(text=text, strong=strong):
                yield f"**{plain(text)}**\n" if strong else f"{plain(text)}\n"
            case Item(text=text, mark=mark, details=details):
                yield f"- {plain(f'{mark} {text}' if mark else text)}"
                yield from (f"{'  ' * (depth + 1)}- {plain(detail)}" for depth, detail in details)


def plain(text: str) -> str:
    """Keep Markdown from reading marks into a text."""
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
    return f"\\{escaped}" if escaped.startswith(("+", "-")) else escaped


def _html(blocks: Iterable[Block]) -> Iterator[str]:
    listing = False
    for block in blocks:
        if listing and not isinstance(block, Item):
            yield "</ul>"
            listing = False
        match block:
            case Heading(level=level, text=text):
                yield f"<h{level}>{escape(text)}</h{level}>"
            case Paragraph(text=text, strong=strong):
                yield f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{escape(text)}</p>"
            case Item():
                if not listing:
                    yield "<ul>"
                    listing = True
                yield _html_item(block)
    if listing:
        yield "</ul>"


def _html_item(item: Item) -> str:
    inner, level = "", -1
    for depth, detail in item.details:
        if level >= depth:
            inner += "</li>" + "</ul></li>" * (level - depth)
        inner += "<ul><li>" * (depth - level) + ("<li>" if level >= depth else "") + escape(detail)
        level = depth
    inner += "</li></ul>" * (level + 1)
    return f"<li>{escape(f'{item.mark} {item.text}' if item.mark else item.text)}{inner}</li>"


_WRITERS: Mapping[str, Callable[[Iterable[Block]], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
}
