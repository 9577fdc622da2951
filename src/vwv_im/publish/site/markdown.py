"""Pieces of Markdown that every page is put together from; links lead from docs/ until the page is whole."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape as html
from pathlib import Path

from vwv_im.text import read_yaml

_LINK = re.compile(r'(\]\(|href=")/([^)"#]*)')


@cache
def _prose() -> dict[str, str]:
    found: dict[str, str] = read_yaml(Path(__file__).with_name("about.yaml")).data
    return found


def about(name: str, *words: object) -> str:
    """Return what is said at the beginning of a page, with words in the place of braces."""
    return _prose()[name].format(*words)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown on one line."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{'|'.join(['---'] * len(head))}|", *lines])


def bullets(entries: Iterable[str]) -> str:
    """Return a list; entries are Markdown on one line."""
    return "\n".join(f"- {entry}" for entry in entries)


def link(label: str, target: str) -> str:
    """Return a link to a page, with or without an anchor, by its path in docs/."""
    return f"[{label}](/{target})"


def relative(text: str, page: str) -> str:
    """Return a page with its links as seen from it; those in pictures lead to the built pages.

    >>> relative('[Werte](/recht/werte/a.md#x) <a href="/recht/regeln/b.md#y">', "recht/regeln/b.md")
    '[Werte](../werte/a.md#x) <a href="#y">'
    """

    def seen(found: re.Match[str]) -> str:
        start, path = found.groups()
        shown = "" if path == page else posixpath.relpath(path, posixpath.dirname(page) or ".")
        return start + (shown if start == "](" else shown.replace(".md", ".html"))

    return _LINK.sub(seen, text)


def span(text: str, kind: str) -> str:
    """Return a short text with a style of its own."""
    return f'<span class="{kind}">{html(text)}</span>'


def code(text: str) -> str:
    """Return an identifier as code."""
    return f"`{text}`"


def capital(text: str) -> str:
    """Return a text that begins a line."""
    return text[0].upper() + text[1:]


def section(title: str, body: str, level: int = 2) -> list[str]:
    """Return a heading with what stands under it; nothing where there is nothing."""
    return [f"{'#' * level} {title}", body] if body else []
