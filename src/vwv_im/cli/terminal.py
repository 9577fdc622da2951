"""What is printed, within the terminal: lines wrapped, tables, colour, a pager for long text, and progress."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import typer

if TYPE_CHECKING:
    from vwv_im.text import Progress

WIDEST = 100
"""Text is no wider, however wide the terminal is."""
_SCREEN = (WIDEST, 24)
_INDENT = re.compile(r"\s*(?:[-+–?!~•]\s+)?")


def width() -> int:
    """Return how wide the terminal is, or what `COLUMNS` says; where text goes elsewhere, as wide as text may be."""
    return max(20, shutil.get_terminal_size(_SCREEN).columns)


def fitted(text: str, stream: TextIO) -> str:
    """Return a text whose lines are no wider than the terminal; further lines stand below the first word.

    An address, a command to be copied, or a word without a place to break stays whole, and so does what no terminal
    shows: one fault, one line.
    """
    if not stream.isatty() and "COLUMNS" not in os.environ:
        return text
    return "\n".join(_fitted(line) for line in text.split("\n"))


def _fitted(line: str) -> str:
    if len(line) <= width() or line.startswith("  vwv-im "):
        return line
    mark = _INDENT.match(line)
    indent = " " * (mark.end() if mark else 0)
    return textwrap.fill(
        line, min(width(), WIDEST), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def say(text: str, *, err: bool = False, strong: str = "", colour: str = "") -> None:
    """Print a text within the terminal: by a pager where it is longer than the screen; `strong`, a part, in colour."""
    stream = sys.stderr if err else sys.stdout
    told = fitted(text if text.endswith("\n") else f"{text}\n", stream)
    if strong and stream.isatty() and not os.environ.get("NO_COLOR"):
        told = told.replace(strong, typer.style(strong, fg=colour, bold=True), 1)
    _print(told, err=err)


_LEAVE = r"b\: vorige Seite, q\: beenden"
_PAGER_KEYS = rf"?eEnde; {_LEAVE}:Leertaste\: weiter, {_LEAVE}."
"""The prompt of `less`, at the end and before; it reads a bare colon as its own."""


def _print(text: str, *, err: bool = False) -> None:
    if not err and sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size(_SCREEN).lines:
        os.environ.setdefault("LESS", f"FRX-Ps{_PAGER_KEYS}$")
        from pydoc import pager  # noqa: PLC0415 - what it imports takes longer than to decide

        pager(text)
    else:
        typer.echo(text, err=err, nl=False)


def say_markdown(text: str) -> None:
    """Print Markdown as it is, or as a terminal shows it: headings, tables within the width."""
    if not sys.stdout.isatty():
        typer.echo(text, nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 - loaded where it is shown
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console(width=min(width(), WIDEST), no_color=True)
    with console.capture() as shown:
        console.print(Markdown(text))
    _print(shown.get())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table as text within the terminal, its cells wrapped; a head after ">" stands above numbers."""
    from vwv_im.decision.blocks import Column, Table, TableRow, write  # noqa: PLC0415 - with what decides

    columns = tuple(Column(text.removeprefix(">"), "right" if text.startswith(">") else "left") for text in head)
    return write([Table("", columns, tuple(TableRow(tuple(row)) for row in rows))], "text", width())


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Say on standard error what is done and how far it is, where somebody watches; yields what is told how far."""
    if not sys.stderr.isatty():
        from vwv_im.text import silent  # noqa: PLC0415 - with what a command needs

        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - loaded where something takes long
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[far]}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, far="")
        yield lambda done, total: bar.update(task, completed=done, total=total, far=f"{done}/{total}")
