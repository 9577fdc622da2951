"""Pages as headings, paragraphs, marked items, tables and the panel of a result; written as text, Markdown or HTML."""

from __future__ import annotations

import operator
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from html import escape
from io import StringIO
from typing import Any, ClassVar, Literal

from vwv_im.lang import Verdict
from vwv_im.text import FactPath, JsonObject

PageFormat = Literal["text", "markdown", "html"]
ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;)]")
"""An address within a text, which is a link where a form has links."""
WIDTH = 100
"""How many columns a line of text has where nobody says."""
_WIDE = 36
_PAGE = 85  # letters in a line of a table on a page
_NAME = 14
"""So many letters of a long name stand together at least where a table has no room for it."""
_FEW, _OF_SECTIONS = 7, 2
"""So many headings has the page of a short answer at most."""


@dataclass(frozen=True, slots=True)
class Heading(JsonObject, schema="HeadingDocument", keys="kind level text name"):
    """A heading; level 1 is the title of the page. `name` is what programs call the section, whatever the language."""

    kind: ClassVar[Literal["heading"]] = "heading"
    level: int
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph(JsonObject, schema="ParagraphDocument", keys="kind text strong"):
    """A paragraph; `strong` where it weighs more than what stands around it."""

    kind: ClassVar[Literal["paragraph"]] = "paragraph"
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Item(JsonObject, schema="ItemDocument", keys="kind text mark details facts explains"):
    """An item of a list: a mark, a sentence, details, each with its depth, and the stated facts that decide it.

    `explains`: the derived value that it tells, and what that rests on.
    """

    kind: ClassVar[Literal["item"]] = "item"
    text: str
    mark: str = ""
    details: tuple[tuple[int, str], ...] = ()
    facts: tuple[FactPath, ...] = ()
    explains: FactPath = ""

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


@dataclass(frozen=True, slots=True)
class Panel(JsonObject, schema="PanelDocument", keys="kind verdict outcome title lines"):
    """The result: one sentence, and below it a few lines; without a verdict `outcome` says why."""

    kind: ClassVar[Literal["panel"]] = "panel"
    verdict: Verdict | None
    outcome: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column(JsonObject, schema="ColumnDocument"):
    """A column of a table: its head, and to which side its cells are aligned."""

    text: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class TableRow(JsonObject, schema="RowDocument"):
    """A row of a table: a cell for each column, the first of which names the row, and the stated facts behind it.

    `values`: the derived value that each cell shows, if any; `explains`: the one that the row tells.
    """

    cells: tuple[str, ...]
    facts: tuple[FactPath, ...] = ()
    values: tuple[FactPath, ...] = ()
    explains: FactPath = ""


@dataclass(frozen=True, slots=True)
class Table(JsonObject, schema="TableDocument", keys="kind title columns rows"):
    """A table; `title` says what it shows to those who do not see the heading above it."""

    kind: ClassVar[Literal["table"]] = "table"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]

    @property
    def longest_words(self) -> list[int]:
        """How many letters the longest word of each column has."""
        return [max(map(len, " ".join(cells).split(" "))) for cells in self.by_column]

    @property
    def unbroken(self) -> list[int]:
        """How many letters each column needs so that no short cell is broken, and no word."""
        short = (max((len(cell) for cell in cells[1:] if len(cell) <= _NAME), default=0) for cells in self.by_column)
        return [max(pair) for pair in zip(self.longest_words, short, strict=True)]

    @property
    def widths(self) -> list[int]:
        """How many letters each column has on a page: what is unbroken, and of what longer cells lack a share."""
        least = [4 + one for one in self.unbroken]
        longest = (4 + min(_WIDE, max(map(len, cells[1:]), default=0)) for cells in self.by_column)
        return _widened(least, map(operator.sub, longest, least), _PAGE - sum(least))

    @property
    def by_column(self) -> list[list[str]]:
        """The texts of each column, its head first."""
        return [[one.text, *(row.cells[number] for row in self.rows)] for number, one in enumerate(self.columns)]


def _widened(widths: list[int], lacking: Iterable[int], spare: int) -> list[int]:
    """Return widths with what each lacks, or with its share where there is less to spare."""
    wanted = [max(0, one) for one in lacking]
    part = Fraction(max(0, min(spare, sum(wanted))), sum(wanted) or 1)
    return [width + int(part * one) for width, one in zip(widths, wanted, strict=True)]


Block = Heading | Paragraph | Item | Panel | Table


def write(blocks: Iterable[Block], form: PageFormat, width: int = WIDTH) -> str:
    """Return blocks in the form asked for; lines of text have at most `width` columns, addresses in them apart.

    Raises `ValueError` for an unknown form.
    """
    if form not in _WRITERS:
        raise ValueError(f"{form!r} is no form; possible are {', '.join(_WRITERS)}")
    writer = partial(_text, width=width) if form == "text" else _WRITERS[form]
    return "\n".join(writer(blocks)).strip("\n") + "\n"


def _text(blocks: Iterable[Block], width: int = WIDTH) -> Iterator[str]:
    """Yield lines of text; a page of few sections has no empty lines between them, so that it is seen at a glance."""
    wrapped, blocks = partial(_wrapped, width=width), list(blocks)
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    airy = len(levels) > _FEW or max(levels, default=1) > _OF_SECTIONS
    for block in blocks:
        match block:
            case Heading(level=1, text=text):
                yield wrapped(text, "")
                yield ""
            case Heading(text=text):
                yield from [""] if airy else []
                yield wrapped(text, "")
            case Paragraph(text=text):
                yield wrapped(f"  {text}", "    ")
            case Panel(title=title, lines=lines):
                yield wrapped(title, "  ")
                yield from (wrapped(f"  {line}", "    ") for line in lines)
            case Item(details=details):
                yield wrapped(f"  {block.marked}", "    ")
                for depth, detail in details:
                    indent = "      " + "  " * depth
                    yield wrapped(f"{indent}{detail}", f"{indent}  ")
            case Table():
                yield from _text_table(block, width)


def _wrapped(line: str, indent: str, width: int) -> str:
    words = line.lstrip(" ")
    before = " " * (len(line) - len(words))
    wrap = textwrap.TextWrapper(width, before, indent, break_long_words=False, break_on_hyphens=False)
    return wrap.fill(words)


def _text_table(table: Table, width: int) -> Iterator[str]:
    """Yield the lines of a table, its long cells wrapped between words.

    Where it has no room for that, amounts lose their cents where there are none, short cells are wrapped too, and long
    names of rows are broken within words; else it stands row by row.
    """
    from rich import table as rich  # noqa: PLC0415 - loaded when a table is written
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    columns, room = table.columns, width - 2
    table, least, gap = next(_fitting(table, room), (table, [], 0))
    if not gap:
        yield from _text(_row_by_row(table), width)
        return
    drawn = rich.Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), show_edge=False)
    for begin in (1, 0):  # what the cells lack for one line, then what the heads lack
        longest = (max(map(len, cells[begin:]), default=0) for cells in table.by_column)
        least = _widened(least, map(operator.sub, longest, least), room - sum(least) - gap * (len(columns) - 1))
    for column, letters in zip(columns, least, strict=True):
        drawn.add_column(Text(column.text), justify=column.align, width=letters, vertical="top")
    for row in table.rows:
        first, *cells = row.cells
        drawn.add_row(*map(Text, (_broken(first, least[0]), *cells)))
    console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False, force_jupyter=False)
    with console.capture() as captured:
        console.print(drawn)
    yield from (f"  {line}".rstrip() for line in captured.get().splitlines())


def _fitting(table: Table, room: int) -> Iterator[tuple[Table, list[int], int]]:
    """Yield how a table fits a line: as it is, or shortened; how many letters each column has, and the gaps between."""
    short = _without_cents(table)
    name, *others = short.longest_words
    shapes = [(one, one.unbroken) for one in (table, short)]
    shapes += [(one, one.longest_words) for one in (table, short)]
    for shown, least in (*shapes, (short, [min(name, _NAME), *others])):
        for gap in (2, 1):
            if sum(least) + gap * len(others) <= room:
                yield shown, least, gap


_CENTS = re.compile(r"[.,]00(?=\s?€|$)")


def _without_cents(table: Table) -> Table:
    """Return a table without the cents of amounts in columns where each is whole."""
    whole = [all(_CENTS.search(cell) for cell in cells[1:] if "€" in cell) for cells in table.by_column]

    def shown(cell: str, is_whole: bool) -> str:
        return _CENTS.sub("", cell) if is_whole and "€" in cell else cell

    rows = (replace(row, cells=tuple(map(shown, row.cells, whole))) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _broken(name: str, width: int) -> str:
    """Return a name whose words are no longer than the width, longer ones with a hyphen at each break."""
    pieces = (textwrap.wrap(word, max(2, width) - 1) if len(word) > width else [word] for word in name.split(" "))
    return " ".join(
        " ".join(piece if piece.endswith("-") else f"{piece}-" for piece in before) + f" {last}" * bool(before) or last
        for *before, last in pieces
    )


def _row_by_row(table: Table) -> Iterator[Block]:
    for row in table.rows:
        first, *others = row.cells
        heads = (column.text for column in table.columns[1:])
        yield Item(first, details=tuple((0, f"{head}: {cell}") for head, cell in zip(heads, others, strict=True)))


def _markdown(blocks: Iterable[Block]) -> Iterator[str]:
    listing = False
    for block in blocks:
        if listing and not isinstance(block, Item):
            yield ""
        listing = isinstance(block, Item)
        match block:
            case Heading(level=level, text=text):
                yield f"\n{'#' * level} {plain(text)}\n"
            case Paragraph(text=text, strong=strong):
                yield f"**{_with_links(text)}**\n" if strong else f"{_with_links(text)}\n"
            case Panel(title=title, lines=lines):
                yield "\n>\n".join([f"> **{plain(title)}**", *(f"> {plain(line)}" for line in lines)]) + "\n"
            case Item(text=text, details=details):
                yield f"{block.mark if block.mark[:-1].isdecimal() else '-'} {_with_links(text)}"
                yield from (f"{'  ' * (depth + 1)}- {_with_links(detail)}" for depth, detail in details)
            case Table(columns=columns, rows=rows):
                yield _markdown_row(column.text for column in columns)
                yield f"| {' | '.join('---:' if column.align == 'right' else '---' for column in columns)} |"
                yield from (_markdown_row(row.cells) for row in rows)
                yield ""


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(plain, cells))} |"


def plain(text: str) -> str:
    """Keep Markdown from reading marks into a text."""
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
    return f"\\{escaped}" if escaped.startswith(("+", "-")) else escaped


def _with_links(text: str) -> str:
    """Return a text as Markdown; addresses become links."""
    begun, parts = 0, list[str]()
    for found in ADDRESS.finditer(text):
        parts += [plain(text[begun : found.start()]), f"<{found.group()}>"]
        begun = found.end()
    return "".join([*parts, plain(text[begun:])])


def _linked(text: str) -> str:
    """Return a text as HTML; addresses become links."""
    return ADDRESS.sub(lambda found: f'<a href="{found.group()}">{found.group()}</a>', escape(text))


def place_of(value: FactPath) -> str:
    """Return what the place is called where a derived value is explained.

    >>> place_of("haus.zimmer[0].hoehe_cm")
    'wert-haus-zimmer-0-hoehe-cm'
    """
    return "wert-" + "-".join(re.findall("[a-z0-9]+", value))


def _explained(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the derived values that blocks explain."""
    rows = (block.rows if isinstance(block, Table) else (block,) for block in blocks)
    return frozenset(one.explains for row in rows for one in row if isinstance(one, Item | TableRow)) - {""}


def _html(blocks: Iterable[Block]) -> Iterator[str]:
    listing, blocks = False, list(blocks)
    explained = _explained(blocks)
    for block in blocks:
        if listing and not isinstance(block, Item):
            yield "</ul>"
            listing = False
        match block:
            case Heading(level=level, text=text):
                yield f"<h{level}>{escape(text)}</h{level}>"
            case Paragraph(text=text, strong=strong):
                yield f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{_linked(text)}</p>"
            case Panel(verdict=verdict, title=title, lines=lines):
                told = "".join(f"<p>{escape(line)}</p>" for line in lines)
                kind = block.outcome if verdict is None else verdict.value
                yield f'<section class="panel {escape(kind)}"><p><strong>{escape(title)}</strong></p>{told}</section>'
            case Item(text=text):
                if not listing:
                    yield "<ul>"
                    listing = True
                style = f""" style="list-style-type:'{escape(block.mark)} '\"""" if block.mark else ""
                yield f"<li{_id(block.explains)}{style}>{_linked(text)}{_html_entries(block.tree)}</li>"
            case Table():
                yield _html_table(block, explained)
    if listing:
        yield "</ul>"


def _id(explains: FactPath) -> str:
    return f' id="{place_of(explains)}"' if explains else ""


def _html_entries(entries: Iterable[Mapping[str, Any]]) -> str:
    inner = "".join(f"<li>{_linked(one['text'])}{_html_entries(one['entries'])}</li>" for one in entries)
    return f"<ul>{inner}</ul>" if inner else ""


def _html_table(table: Table, explained: frozenset[str]) -> str:
    sides = [' class="right"' if column.align == "right" else "" for column in table.columns]
    head = "".join(
        f'<th scope="col"{side}>{escape(one.text)}</th>' for one, side in zip(table.columns, sides, strict=True)
    )
    body = ""
    for row in table.rows:
        values = [value if value in explained else "" for value in row.values] or [""] * len(sides)
        first, *others = (
            f'<a href="#{place_of(value)}">{escape(cell)}</a>' if value else escape(cell)
            for cell, value in zip(row.cells, values, strict=True)
        )
        told = "".join(f"<td{side}>{cell}</td>" for cell, side in zip(others, sides[1:], strict=True))
        body += f'<tr{_id(row.explains)}><th scope="row"{sides[0]}>{first}</th>{told}</tr>\n'
    title = escape(table.title)
    inner = f"<caption>{title}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>"
    region = (
        f'<div class="table" role="region" aria-label="{title}" tabindex="0">'  # a wide one is scrolled by keys too
    )
    return f"{region}\n<table>{inner}</table>\n</div>"


_WRITERS: Mapping[str, Callable[[Iterable[Block]], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
}
