"""A page as PDF by typst: tagged for screen readers, with typst's own fonts, the same bytes for the same page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import typst

from vwv_im.decision.page import Block, Heading, Item, Paragraph
from vwv_im.text import Language, Text

_TITLE = Text("Prüfvermerk", "Note for the file")
_PAGE = Text("Seite", "Page")
_TEMPLATE = b"""
#let page-of = json(bytes(sys.inputs.page))
#set document(title: page-of.title, date: none)
#set page(paper: "a4", margin: 25mm, footer: context align(right, text(size: 9pt)[
  #page-of.page #counter(page).display() / #counter(page).final().first()
]))
#set text(lang: page-of.lang, font: ("Libertinus Serif", "DejaVu Sans Mono"), size: 10.5pt)
#set par(leading: 0.65em, spacing: 0.9em)
#show heading: set block(above: 1.4em, below: 0.7em)
#let entries(found) = list(tight: false, spacing: 0.7em, ..found.map(one => {
  one.text
  if one.entries.len() > 0 { entries(one.entries) }
}))
#for block in page-of.blocks {
  if block.kind == "heading" { heading(level: block.level, block.text) }
  if block.kind == "paragraph" { par(if block.strong { strong(block.text) } else { block.text }) }
  if block.kind == "list" { entries(block.entries) }
}
"""
"""The page is data: nothing in its text can be read as markup."""


def pdf_of(blocks: Iterable[Block], lang: Language = "de") -> bytes:
    """Return blocks as a PDF that meets PDF/UA-1 as far as typst checks it."""
    page = {"title": _TITLE.in_(lang), "page": _PAGE.in_(lang), "lang": lang, "blocks": list(_plain(blocks))}
    return typst.compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs={"page": json.dumps(page)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def _plain(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Yield blocks as data, items that follow one another as one list."""
    for together, found in groupby(blocks, key=lambda block: isinstance(block, Item)):
        if together:
            yield {"kind": "list", "entries": [_entry(item) for item in found if isinstance(item, Item)]}
            continue
        for block in found:
            match block:
                case Heading(level=level, text=text):
                    yield {"kind": "heading", "level": level, "text": text}
                case Paragraph(text=text, strong=strong):
                    yield {"kind": "paragraph", "text": text, "strong": strong}


def _entry(item: Item) -> dict[str, Any]:
    entry: dict[str, Any] = {"text": f"{item.mark} {item.text}" if item.mark else item.text, "entries": []}
    above = [entry]
    for depth, detail in item.details:
        below: dict[str, Any] = {"text": detail, "entries": []}
        del above[depth + 1 :]
        above[-1]["entries"].append(below)
        above.append(below)
    return entry
