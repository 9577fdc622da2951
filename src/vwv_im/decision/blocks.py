"""Pages as headings, paragraphs and marked items, and how these are written: as text, Markdown or HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Literal

from vwv_im.text import FactPath, JsonObject

PageFormat = Literal["text", "markdown", "html"]


@dataclass(frozen=True, slots=True)
class Heading(JsonObject, schema="HeadingDocument", keys="kind level text"):
    """A heading; level 1 is the title of the page."""

    kind: ClassVar[Literal["heading"]] = "heading"
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph(JsonObject, schema="ParagraphDocument", keys="kind text strong"):
    """A paragraph; `strong` where it holds the result."""

    kind: ClassVar[Literal["paragraph"]] = "paragraph"
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Item(JsonObject, schema="ItemDocument", keys="kind text mark details facts"):
    """An item of a list: a mark, a sentence, details, each with its depth, and the stated facts that decide it."""

    kind: ClassVar[Literal["item"]] = "item"
    text: str
    mark: str = ""
    details: tuple[tuple[int, str], ...] = ()
    facts: tuple[FactPath, ...] = ()

    @property
    def marked(self) -> str:
        """The sentence after its mark."""
        return f"{self.mark} {self.text}" if self.mark else self.text

    @property
    def tree(self) -> list[dict[str, Any]]:
        """The details as entries with `text` and the `entries` below each."""
        top: dict[str, Any] = {"entries": []}
        above = [top]
        for depth, detail in self.details:
            del above[depth + 1 :]
            above.append({"text": detail, "entries": []})
            above[-2]["entries"].append(above[-1])
        entries: list[dict[str, Any]] = top["entries"]
        return entries


Block = Heading | Paragraph | Item


def write(blocks: Iterable[Block], form: PageFormat) -> str:
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
            case Item(details=details):
                yield _wrapped(f"  {block.marked}", "    ")
                for depth, detail in details:
                    indent = "      " + "  " * depth
                    yield _wrapped(f"{indent}{detail}", f"{indent}  ")


def _wrapped(line: str, indent: str) -> str:
    return textwrap.fill(line, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


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
            case Item(details=details):
                yield f"- {plain(block.marked)}"
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
                yield f"<li>{escape(block.marked)}{_html_entries(block.tree)}</li>"
    if listing:
        yield "</ul>"


def _html_entries(entries: Iterable[Mapping[str, Any]]) -> str:
    inner = "".join(f"<li>{escape(one['text'])}{_html_entries(one['entries'])}</li>" for one in entries)
    return f"<ul>{inner}</ul>" if inner else ""


_WRITERS: Mapping[str, Callable[[Iterable[Block]], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
}
