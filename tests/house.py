"""The picture of the house on docs/en/architecture.md, drawn from the imports: `python tests/house.py` writes it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vwv_im"
PICTURE = ROOT / "docs" / "assets" / "architecture.svg"
WIDTH, HEIGHT, GAP, ROW = 290, 66, 30, 100
STYLE = """
.box { fill: #f5f7fa; stroke: #33475b; } .name { font: bold 15px sans-serif; fill: #15202b; }
.role { font: 11px sans-serif; fill: #33475b; } .arrow { stroke: #5b6f83; fill: none; marker-end: url(#head); }"""


def rooms() -> dict[str, str]:
    """Return what each room of the house is for: the first sentence of its package or module."""
    heads = [*SOURCE.glob("*/__init__.py"), *SOURCE.glob("[a-z]*.py")]
    found = {}
    for path in heads:
        name = path.parent.name if path.name == "__init__.py" else path.stem
        found[name] = re.split(r"\.\s", f"{ast.get_docstring(ast.parse(path.read_text('utf-8')))} ")[0]
    return dict(sorted(found.items()))


@cache
def imports() -> dict[str, frozenset[str]]:
    """Return which rooms the modules of each room import, those inside functions and for types included."""
    found: dict[str, set[str]] = {name: set() for name in rooms()}
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if room in found and isinstance(node, ast.ImportFrom):
                package, _, module = str(node.module).partition(".")
                names = [module.split(".")[0]] if module else [alias.name for alias in node.names]
                found[room].update(names if package == "vwv_im" else ())
    return {room: frozenset(others & found.keys() - {room}) for room, others in found.items()}


def below(room: str, *, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return every room that one stands on, directly or not; `typed` names types of rooms above it, which count not."""
    direct = imports()[room] if room != "typed" else imports()[room] & {"case", "lang", "text"}
    return direct.union(*(below(other, seen=seen | {room}) for other in direct if other not in seen))


def rows() -> list[list[str]]:
    """Return the rooms from the lowest row to the highest: each above all that it stands on."""
    found: dict[int, list[str]] = defaultdict(list)
    height: dict[str, int] = {}
    for room in sorted(rooms(), key=lambda name: (len(below(name)), name)):
        height[room] = 1 + max((height[other] for other in below(room)), default=0)
        found[height[room]].append(room)
    return [found[row] for row in sorted(found)]


def picture() -> str:
    """Return the picture as SVG: an arrow for each room that one stands on directly and through no other."""
    levels, roles = rows(), rooms()
    wide = max(map(len, levels)) * (WIDTH + GAP) + GAP
    tall = len(levels) * ROW + GAP
    at: dict[str, tuple[float, float]] = {}
    for row, names in enumerate(levels):
        left = (wide - len(names) * (WIDTH + GAP) + GAP) / 2
        at.update((name, (left + n * (WIDTH + GAP), tall - (row + 1) * ROW)) for n, name in enumerate(names))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" role="img">',
        f"<title>The rooms of vwv_im and what each stands on</title><style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
        '<path d="M0 0 8 4 0 8z" fill="#5b6f83"/></marker></defs>',
    ]
    for room, (x, y) in at.items():
        lines.append(f'<rect class="box" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>')
        lines.append(f'<text class="name" x="{x + 12:g}" y="{y + 21:g}">{room}</text>')
        for line, words in enumerate(wrap(roles[room], 44)):
            text = escape(words)
            lines.append(f'<text class="role" x="{x + 12:g}" y="{y + 39 + 15 * line:g}">{text}</text>')
        for other in sorted(below(room) - frozenset().union(*(below(one) for one in below(room)))):
            left, top = at[other]
            side = (left > x) - (left < x)  # from the corner next to it, so that no arrow crosses a room between
            start, end = f"{x + WIDTH / 2 * (1 + side):g} {y + HEIGHT:g}", f"{left + WIDTH / 2:g} {top - 2:g}"
            lines.append(f'<path class="arrow" d="M{start} L{end}"/>')
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
