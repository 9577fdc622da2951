"""What many pages show in the same way: evidence, the place in a rule file, conditions and tables as reading text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES, Beleg, Grade
from vwv_im.law.fassung import AnyItem
from vwv_im.publish.site.atlas import ROOT, Atlas
from vwv_im.publish.site.markdown import code, link, span, table
from vwv_im.review.passage import Passage
from vwv_im.text import Place


def evidence_of(item: AnyItem) -> Iterator[tuple[Beleg, str]]:
    """Yield the evidence of an item, also of the rows of its table, each with the act that brought it."""
    for index, beleg in enumerate(item.model.beleg):
        yield beleg, item.entry.act_of_evidence(index)
    for row in getattr(item.model, "faelle", None) or ():
        for beleg in row.beleg or ():
            yield beleg, item.act


def grade(name: Grade) -> str:
    """Return a grade of evidence as a label."""
    return span(GRADES[name].de, f"grad grad-{name}")


def source_link(source: str, label: str = "") -> str:
    """Return a link to a source, by default by its id."""
    return link(label or code(source), f"{ROOT}/quellen.md#{source}")


def published(atlas: Atlas, beleg: Beleg) -> str:
    """Return the grade of a piece of evidence, and a link to its source by who published it."""
    if beleg.quelle is None:
        return grade(beleg.grad)
    return f"{grade(beleg.grad)} {source_link(beleg.quelle, plain(atlas.law.sources[beleg.quelle].herausgeber))}"


def remarks(beleg: Beleg) -> list[str]:
    """Return what a piece of evidence says in words."""
    return [plain(text) for text in (beleg.herleitung, beleg.hinweis) if text]


def whole(beleg: Beleg) -> list[str]:
    """Return the grade, source and words of a piece of evidence."""
    return [grade(beleg.grad), *([source_link(beleg.quelle)] if beleg.quelle else []), *remarks(beleg)]


def place_link(place: Place) -> str:
    """Return a link to the line of a rule file."""
    name = place.file.split("rules/", 1)[-1]
    target = f"{ROOT}/dateien/{name.removesuffix('.yaml')}.md#__span-0-{place.line}"
    return link(f"`rules/{name}`, Zeile {place.line}", target)


def evidence_table(atlas: Atlas, key: str) -> str:
    """Return the evidence of an item in all its wordings as a table, the latest first; the first row carries it."""
    wordings = reversed(list(atlas.everywhere(key)))
    found = dict.fromkeys(entry for item in wordings for entry in evidence_of(item))
    rows = [
        [
            grade(beleg.grad),
            source_link(beleg.quelle) if beleg.quelle else "–",
            plain(atlas.law.sources[beleg.quelle].titel) if beleg.quelle else "–",
            "<br>".join(remarks(beleg)) or "–",
            atlas.link(act),
        ]
        for beleg, act in found
    ]
    return table(["Grad", "Quelle", "Titel", "Herleitung, Hinweis", "mit dem Akt"], rows)


def in_one_line(passage: Passage) -> str:
    """Return a passage on one line, without its title where something stands below it."""
    lines = [line.text for line in passage.lines()]
    body = lines[1:] if len(lines) > 1 else lines
    return plain("; ".join(body).replace(":; ", ": "))


def as_list(passage: Passage) -> str:
    """Return what stands below the title of a passage as a nested list."""
    return "\n".join(f"{'    ' * (line.depth - 1)}- {plain(line.text)}" for line in passage.lines() if line.depth)


def as_tree(passage: Passage) -> str:
    """Return a passage as a tree: a list that the style sheet draws with branches; empty where nothing branches."""
    if not any(part.parts for part in passage.parts):
        return ""
    return f'<ul class="baum">{"".join(map(_branch, passage.parts))}</ul>'


def _branch(passage: Passage) -> str:
    inner = "".join(map(_branch, passage.parts))
    below = f"<ul>{inner}</ul>" if inner else ""
    return f"<li><span>{escape(passage.text)}</span>{below}</li>"


def decision_table(passage: Passage) -> str:
    """Return the rows of a decision table, and the notes below it; empty where the passage has none."""
    found = next((part for part in passage.parts if part.rows), None)
    if found is None:
        return ""
    rows = [
        [str(number), _side(row.when) if row.when else plain(row.label), _side(row.then)]
        for number, row in enumerate(found.rows, start=1)
    ]
    notes = " ".join(plain(note.text) for note in found.parts)
    return "\n\n".join(filter(None, (table(["Zeile", "wenn", "dann"], rows), notes)))


def _side(passage: Passage) -> str:
    return "<br>".join(f"{'&emsp;' * line.depth}{plain(line.text)}" for line in passage.lines())


def condition_table(atlas: Atlas, condition: Passage) -> str:
    """Return the comparisons of a condition as a table: the fact, what is asked of it, and how they are joined."""
    return table(["", "Angabe oder Ableitung", "Bedingung"], _comparisons(atlas, condition, ""))


def _comparisons(atlas: Atlas, condition: Passage, number: str) -> Iterator[list[str]]:
    if condition.about is not None:
        target, fact = atlas.target(condition.about)[0], code(condition.about)
        yield [number or "1", link(fact, target) if target else fact, plain(condition.text)]
        return
    yield [number, "", f"*{plain(condition.text)}*"]
    for index, part in enumerate(condition.parts, start=1):
        yield from _comparisons(atlas, part, f"{number}.{index}" if number else str(index))
