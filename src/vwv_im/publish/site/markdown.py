"""Pieces of Markdown that every page is put together from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from html import escape as html


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown on one line."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{'|'.join(['---'] * len(head))}|", *lines])


def bullets(entries: Iterable[str]) -> str:
    """Return a list; entries are Markdown on one line."""
    return "\n".join(f"- {entry}" for entry in entries)


def link(label: str, target: str, page: str) -> str:
    """Return a link to `target` (a page, with or without an anchor) as seen from `page`; both are paths in docs/.

    >>> link("Werte", "recht/werte/a.md#x", "recht/regeln/b.md")
    '[Werte](../werte/a.md#x)'
    """
    path, hash_, anchor = target.partition("#")
    relative = posixpath.relpath(path, posixpath.dirname(page) or ".") if path and path != page else ""
    return f"[{label}]({relative}{hash_}{anchor})"


def span(text: str, kind: str) -> str:
    """Return a short text with a style of its own."""
    return f'<span class="{kind}">{html(text)}</span>'


def code(text: str) -> str:
    """Return an identifier as code."""
    return f"`{text}`"


def section(title: str, body: str, level: int = 2) -> list[str]:
    """Return a heading with what stands under it; nothing where there is nothing."""
    return [f"{'#' * level} {title}", body] if body else []
