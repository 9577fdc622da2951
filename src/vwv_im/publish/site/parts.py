"""What many pages show in the same way: grades, sources, links to items, the place in a rule file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vwv_im.case.facts import Scope
from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES, Beleg, Grade
from vwv_im.law.fassung import AnyItem
from vwv_im.publish.site.atlas import ROOT, Atlas
from vwv_im.publish.site.markdown import code, link, span, table
from vwv_im.text import Place

CONCERNED: Mapping[Scope, str] = {
    "antrag": "den Antrag",
    "stelle": "jede Stelle",
    "mitglied": "jedes Mitglied",
    "person": "die Person",
}
"""What a requirement is examined for."""


class Evidence(NamedTuple):
    """A piece of evidence, and the act that brought it."""

    beleg: Beleg
    act: str


def evidence_of(item: AnyItem) -> Iterator[Evidence]:
    """Yield the evidence of an item, also of the rows of its table."""
    for index, beleg in enumerate(item.model.beleg):
        yield Evidence(beleg, item.entry.act_of_evidence(index))
    for row in getattr(item.model, "faelle", None) or ():
        for beleg in row.beleg or ():
            yield Evidence(beleg, item.act)


def grade(name: Grade) -> str:
    """Return a grade of evidence as a label."""
    return span(GRADES[name].de, f"grad grad-{name}")


def source_link(source: str, page: str) -> str:
    """Return a link to a source."""
    return link(code(source), f"{ROOT}/quellen.md#{source}", page)


def publisher_link(atlas: Atlas, source: str, page: str) -> str:
    """Return a link to a source by who published it."""
    return link(plain(atlas.law.sources[source].herausgeber), f"{ROOT}/quellen.md#{source}", page)


def item_link(atlas: Atlas, key: str, page: str) -> str:
    """Return a link to the page of an item, by its title."""
    return link(plain(atlas.items[key].model.titel.de), atlas.page(key), page)


def place_link(place: Place, page: str) -> str:
    """Return a link to the line of a rule file."""
    name = place.file.split("rules/", 1)[-1]
    target = f"{ROOT}/dateien/{name.removesuffix('.yaml')}.md#__span-0-{place.line}"
    return link(f"`rules/{name}`, Zeile {place.line}", target, page)


def evidence_table(atlas: Atlas, key: str, page: str) -> str:
    """Return the evidence of an item in all its wordings as a table, the latest first; the first row carries it."""
    wordings = reversed(list(atlas.everywhere(key)))
    found = dict.fromkeys(entry for item in wordings for entry in evidence_of(item))
    rows = [
        [
            grade(entry.beleg.grad),
            source_link(entry.beleg.quelle, page) if entry.beleg.quelle else "–",
            plain(atlas.law.sources[entry.beleg.quelle].titel) if entry.beleg.quelle else "–",
            "<br>".join(plain(text) for text in (entry.beleg.herleitung, entry.beleg.hinweis) if text) or "–",
            link(plain(atlas.acts[entry.act].kurz.de), atlas.act_page(entry.act), page),
        ]
        for entry in found
    ]
    return table(["Grad", "Quelle", "Titel", "Herleitung, Hinweis", "mit dem Akt"], rows)
