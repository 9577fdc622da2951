"""What templates do with pieces of Markdown; links lead from docs/ until the page is whole."""

from __future__ import annotations

import posixpath
import re

_LINK = re.compile(r'(\]\(|href=")/([^)"#]*)')


def row(*cells: object) -> str:
    """Return a row of a table; cells are Markdown on one line.

    >>> row(1, " wenn ")
    '| 1 | wenn |'
    """
    return f"| {' | '.join(str(cell).strip() for cell in cells)} |"


def table(rows: str, *head: str) -> str:
    """Return rows as a table with its head; nothing where there is none."""
    lines = list(filter(None, rows.split("\n")))
    return "\n".join([row(*head), f"|{'|'.join(['---'] * len(head))}|", *lines, ""]) if lines else ""


def section(body: str, title: str, level: int = 2) -> str:
    """Return what stands under a heading with it; nothing where there is nothing."""
    return f"\n{'#' * level} {title}\n\n{body}\n\n" if body.strip() else ""


def capital(text: str) -> str:
    """Return a text that begins a line."""
    return text[0].upper() + text[1:]


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


def link(label: str, target: str) -> str:
    """Return a link to a page, with or without an anchor, by its path in docs/."""
    return f"[{label}](/{target})"
