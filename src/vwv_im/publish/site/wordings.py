"""Reading text as Markdown: a condition as a tree and as a table, a decision table as a table, anything as a list."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from vwv_im.decision.text import plain
from vwv_im.lang.nodes import READING
from vwv_im.law.fassung import AnyItem, Fassung
from vwv_im.publish.site.atlas import Atlas
from vwv_im.publish.site.markdown import code, link, table
from vwv_im.review.passage import Passage


def passage_of(atlas: Atlas, state: Fassung, item: AnyItem) -> Passage:
    """Return the reading text of an item of a Fassung."""
    return atlas.words(state).of(item)


def in_one_line(passage: Passage) -> str:
    """Return a passage on one line, without its title where something stands below it."""
    lines = [line.text for line in passage.lines()]
    body = lines[1:] if len(lines) > 1 else lines
    return "; ".join(body).replace(":; ", ": ")


def as_list(passage: Passage) -> str:
    """Return what stands below the title of a passage as a nested list."""
    return "\n".join(f"{'    ' * (line.depth - 1)}- {plain(line.text)}" for line in passage.lines() if line.depth)


def as_tree(passage: Passage) -> str:
    """Return a passage as a tree: a list that the style sheet draws with branches; empty where nothing branches."""
    if not any(part.parts for part in passage.parts):
        return ""
    return f'<ul class="baum">{"".join(_branch(part) for part in passage.parts)}</ul>'


def _branch(passage: Passage) -> str:
    inner = "".join(_branch(part) for part in passage.parts)
    below = f"<ul>{inner}</ul>" if inner else ""
    return f"<li><span>{escape(passage.text)}</span>{below}</li>"


def decision_table(passage: Passage) -> str:
    """Return the rows of a decision table, and the notes below it; empty where the passage has none."""
    tables = [part for part in passage.parts if part.rows]
    if not tables:
        return ""
    rows = [
        [str(number), "<br>".join(_side(row.when)) if row.when else plain(row.label), "<br>".join(_side(row.then))]
        for number, row in enumerate(tables[0].rows, start=1)
    ]
    notes = " ".join(plain(note.text) for note in tables[0].parts)
    return "\n\n".join(part for part in (table(["Zeile", "wenn", "dann"], rows), notes) if part)


def _side(passage: Passage) -> Iterator[str]:
    for line in passage.lines():
        yield f"{'&emsp;' * line.depth}{plain(line.text)}"


def condition_table(atlas: Atlas, condition: Passage, page: str) -> str:
    """Return the comparisons of a condition as a table: the fact, what is asked of it, and how they are joined."""
    return table(["", "Angabe oder Ableitung", "Bedingung"], list(_comparisons(atlas, condition, page, "")))


def _comparisons(atlas: Atlas, condition: Passage, page: str, number: str) -> Iterator[list[str]]:
    if condition.about is not None:
        yield [number or "1", _fact(atlas, condition.about, page), plain(condition.text)]
        return
    yield [number, "", f"*{plain(condition.text)}*"]
    for index, part in enumerate(condition.parts, start=1):
        yield from _comparisons(atlas, part, page, f"{number}.{index}" if number else str(index))


def _fact(atlas: Atlas, fact: str, page: str) -> str:
    target = atlas.fact_page(fact)
    if target is not None:
        return link(code(fact), target, page)
    if fact.startswith(READING):
        return link(code(fact), f"recht/auslegungen.md#{fact.removeprefix(READING)}", page)
    return code(fact)
