"""The pages for a first look: what is decided and how sure it is, every item by subject, the graph of a decision."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.case import FACTS
from vwv_im.decision.page import ASKED
from vwv_im.decision.text import plain
from vwv_im.law.fassung import KINDS
from vwv_im.law.model import QUESTIONS, Parameter, Question
from vwv_im.law.types import scope_of
from vwv_im.publish.site.atlas import ROOT, Atlas
from vwv_im.publish.site.item_pages import bars_of, html_href
from vwv_im.publish.site.markdown import table
from vwv_im.publish.site.parts import grade, item_link
from vwv_im.publish.site.pictures import Node, figure, graph, layers, untangled


def subjects_page(atlas: Atlas) -> str:
    """Return the page of every item by subject."""
    page = f"{ROOT}/index.md"
    lines = ["# Regeln nach Gegenstand", _ABOUT]
    for name, subject in atlas.law.subjects.items():
        keys = [key for key, item in atlas.items.items() if item.subject == name]
        rows = [_row(atlas, key, page) for key in keys]
        lines += [f"## {plain(subject.de)} {{ #{name} }}", table(["", "Was", "Fassungen", "Beleg"], rows)]
    return "\n\n".join(lines)


_ABOUT = """\
Jeder Eintrag der Regeldateien hat eine Seite: in kurzen Worten, im Einzelnen, je Fassung, mit Belegen, Auslegungen,
offenen Fragen und Fällen. Die Reihenfolge der Prüfung steht im [Prüfschema](pruefschema.md)."""


def _row(atlas: Atlas, key: str, page: str) -> list[str]:
    item = atlas.items[key]
    names = [stage.name for stage in atlas.stages(key) if stage.item is not None]
    span = names[0] if len(names) == 1 else f"{names[0]} bis {names[-1]}"
    return [KINDS[item.entry.kind].de, item_link(atlas, key, page), span, grade(item.model.beleg[0].grad)]


def changing_values(atlas: Atlas) -> str:
    """Return the values that change from Fassung to Fassung as bars, each with a link to its page."""
    page = "index.md"
    shown = []
    for key, item in atlas.items.items():
        picture = bars_of(atlas, key) if isinstance(item.model, Parameter) else ""
        if picture:
            shown.append(f"**{item_link(atlas, key, page)}**\n\n{picture}")
    return "\n\n".join(shown)


def graph_page(atlas: Atlas) -> str:
    """Return the graph of the decision for each question."""
    lines = ["# Entscheidungsgraph", _ABOUT_GRAPH]
    for question in QUESTIONS:
        title = ASKED[question].de
        lines += [f"## {title}", _graph(atlas, question, title)]
    return "\n\n".join(lines)


_ABOUT_GRAPH = """\
Von links nach rechts: blau, was der Fall angibt; gelb, was sich daraus ergibt; grün, was verlangt ist. Fast jeder
Kasten führt zu seiner Seite; dort steht als Liste, was er liest und wer ihn liest. Breite Bilder lassen sich zur Seite
schieben. Gezeigt ist, was in irgendeiner Fassung gilt; Werte der
Norm sind weggelassen."""


def _graph(atlas: Atlas, question: Question, title: str) -> str:
    rules = [rule for part in atlas.law.schema(question) for rule in part.regeln]
    edges = dict(_edges(atlas, rules))
    pairs = [(source, target) for target, sources in edges.items() for source in sources]
    inner = [[name for name in column if name not in rules] for column in layers(edges, rules)]
    columns = untangled([*(column for column in inner if column), rules], pairs)
    return figure(graph([[_box(atlas, name) for name in column] for column in columns], pairs, title), title)


def _edges(atlas: Atlas, rules: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield, for each requirement and each derived fact it rests on, the facts it reads."""
    seen: set[str] = set()
    ahead = list(rules)
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        key = name if name in atlas.items else atlas.producers[name].entry.key if name in atlas.producers else None
        facts = [fact for fact in atlas.facts_read(key) if _is_fact(atlas, fact)] if key else []
        yield name, facts
        ahead += facts


def _is_fact(atlas: Atlas, name: str) -> bool:
    return name in FACTS or name in atlas.producers or scope_of(name) == "entscheidung"


def _box(atlas: Atlas, name: str) -> Node:
    target, label, kind = atlas.target(name)
    return Node(name, label, None if target is None else html_href(target, f"{ROOT}/graph.md"), kind)
