"""Pictures as inline SVG: the acts on two axes of time, a value per Fassung, and what feeds what.

They take their colours from the site's style sheet, need no script, and stand beside a table that says the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from vwv_im.text.format import short_day

_BAR, _GAP, _LABEL = 26, 10, 110


class Bar(NamedTuple):
    """One bar: its label, its length, what is written at its end, and whether it is marked as changed."""

    label: str
    value: float
    shown: str
    changed: bool = False


class Node(NamedTuple):
    """A box of a graph: its name, what is written in it, where it leads, and its style."""

    key: str
    label: str
    href: str | None
    kind: str


class Field(NamedTuple):
    """A rectangle of the picture with two axes: a span of days of decision and of days of knowledge."""

    first: date
    last: date
    known_from: date
    known_to: date
    label: str
    kind: str


def _svg(width: float, height: float, title: str, body: Iterable[str], *, links: bool = False) -> str:
    role = f'role="group" aria-label="{escape(title)}"' if links else f'role="img" aria-label="{escape(title)}"'
    inner = "".join(body)
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return f'<svg class="bild" {size} {role}>{inner}</svg>'


def figure(svg: str, caption: str) -> str:
    """Return a picture with its caption; a wide one can be scrolled, also by keyboard."""
    return (
        '<figure class="bild">'
        f'<div class="bild-rahmen" role="region" aria-label="Bild: {escape(caption)}" tabindex="0">{svg}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, kind: str, radius: float = 3) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" class="{kind}"/>'


def bars(rows: Sequence[Bar], title: str) -> str:
    """Return horizontal bars, the longest as wide as the picture allows."""
    longest = max((row.value for row in rows), default=0) or 1
    width, reach = 560, 560 - _LABEL - 120
    body: list[str] = []
    for number, row in enumerate(rows):
        y = number * (_BAR + _GAP)
        length = max(2.0, reach * row.value / longest)
        body.append(_text(_LABEL - 10, y + 18, row.label, "bild-text", "end"))
        body.append(_rect(_LABEL, y, length, _BAR, "bild-balken bild-neu" if row.changed else "bild-balken"))
        body.append(_text(_LABEL + length + 8, y + 18, row.shown, "bild-text bild-wert"))
    return _svg(width, len(rows) * (_BAR + _GAP), title, body)


_X0, _Y0, _WIDE, _HIGH = 96, 16, 600, 340
_LETTER, _TALL = 6.2, 14


def two_axes(fields: Sequence[Field], days: Sequence[date], known: Sequence[date], title: str) -> str:
    """Return which law applies: across, the day of decision; upwards, the day whose knowledge is used."""
    first, last = min(field.first for field in fields), max(field.last for field in fields)
    low, high = min(field.known_from for field in fields), max(field.known_to for field in fields)

    def x(day: date) -> float:
        return _X0 + _WIDE * (day - first).days / (last - first).days

    def y(day: date) -> float:
        return _Y0 + _HIGH - _HIGH * (day - low).days / (high - low).days

    body: list[str] = []
    for field in fields:
        left, right, top, bottom = x(field.first), x(field.last), y(field.known_to), y(field.known_from)
        body.append(_rect(left, top, right - left, bottom - top, f"bild-feld {field.kind}", 0))
        name, _, _ = field.label.partition(" ")
        if right - left > _LETTER * len(name) and bottom - top > _TALL:
            body.append(_text((left + right) / 2, (top + bottom) / 2 + 4, name, "bild-klein", "middle"))
    lowest = float(_Y0 + _HIGH + _TALL)
    for day in known:
        lowest = min(y(day), lowest - _TALL)  # labels keep apart
        body.append(_line(_X0, y(day), _X0 + _WIDE, y(day)))
        body.append(_text(_X0 - 8, lowest + 4, short_day(day), "bild-klein", "end"))
    for number, day in enumerate(days):
        drop = 14 + 16 * (number % 2)
        body.append(_line(x(day), _Y0, x(day), _Y0 + _HIGH + drop - 10))
        body.append(_text(x(day), _Y0 + _HIGH + drop, short_day(day), "bild-klein", "middle"))
    body.append(_text(_X0 + _WIDE / 2, _Y0 + _HIGH + 52, "Tag der Entscheidung", "bild-text", "middle"))
    body.append(
        f'<text transform="translate(14 {_Y0 + _HIGH / 2:g}) rotate(-90)" class="bild-text" text-anchor="middle">'
        "Stand des Wissens</text>"
    )
    return _svg(_X0 + _WIDE + 40, _Y0 + _HIGH + 64, title, body)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="bild-linie"/>'


_BOX, _ROW, _STEP = 240, 46, 310


def graph(columns: Sequence[Sequence[Node]], edges: Iterable[tuple[str, str]], title: str) -> str:
    """Return boxes in columns from left to right, joined by lines; each box may be a link."""
    tallest = max((len(column) for column in columns), default=1)
    place: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        top = (tallest - len(column)) * _ROW / 2
        place.update({node.key: (number * _STEP, top + index * _ROW) for index, node in enumerate(column)})
    body = [_edge(place[source], place[target]) for source, target in edges if source in place and target in place]
    body += [_box(node, *place[node.key]) for column in columns for node in column]
    return _svg((len(columns) - 1) * _STEP + _BOX + 4, tallest * _ROW, title, body, links=True)


def _edge(source: tuple[float, float], target: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = source, target
    middle = (_ROW - 8) / 2 + 2
    start, end, out, into = x1 + _BOX + 2, x2 + 2, y1 + middle, y2 + middle
    bend = max(30.0, (end - start) / 2)
    path = f"M{start:g} {out:g}C{start + bend:g} {out:g} {end - bend:g} {into:g} {end:g} {into:g}"
    return f'<path d="{path}" class="bild-kante"/>'


def _box(node: Node, x: float, y: float) -> str:
    words = textwrap.wrap(node.label, _LETTERS, max_lines=2, placeholder=" …")
    body = f"<title>{escape(node.label)}</title>{_rect(x + 2, y + 2, _BOX, _ROW - 8, f'bild-kasten bild-{node.kind}')}"
    first = y + (25 if len(words) == 1 else 18)
    body += "".join(_text(x + 10, first + 15 * number, line, "bild-klein") for number, line in enumerate(words))
    return f'<a href="{escape(node.href)}">{body}</a>' if node.href else f"<g>{body}</g>"


_LETTERS = 36


def untangled(columns: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the columns with each name, from right to left, at the height of what it leads to.

    >>> untangled([["a", "b"], ["x", "y"]], [("a", "y"), ("b", "x")])
    [['b', 'a'], ['x', 'y']]
    """
    leads: dict[str, list[str]] = {}
    for source, target in edges:
        leads.setdefault(source, []).append(target)
    height: dict[str, float] = {}
    ordered: list[list[str]] = []
    for column in reversed(columns):

        def aim(name: str) -> float:
            aims = [height[target] for target in leads.get(name, ()) if target in height]
            return sum(aims) / len(aims) if aims else -1.0

        placed = sorted(column, key=aim) if ordered else list(column)
        height.update({name: (index + 0.5) / len(placed) for index, name in enumerate(placed)})
        ordered.insert(0, placed)
    return ordered


def layers(edges: Mapping[str, Iterable[str]], roots: Iterable[str]) -> list[list[str]]:
    """Return the names that `roots` rest on, in columns: each stands left of everything that reads it.

    >>> layers({"c": ["a", "b"], "b": ["a"]}, ["c"])
    [['a'], ['b'], ['c']]
    """
    depth: dict[str, int] = {}

    def below(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((below(other) for other in edges.get(name, ())), default=-1)
        return depth[name]

    for root in roots:
        below(root)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in sorted(depth):
        columns[depth[name]].append(name)
    return columns
