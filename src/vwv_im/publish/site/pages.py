"""The pages, written from templates: which there are, and what each of them shows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.sentences import part_sentence
from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES
from vwv_im.law.fassung import KINDS
from vwv_im.law.history import OperationId
from vwv_im.publish.site import filters, views
from vwv_im.publish.site.atlas import ROOT, Atlas, anchor, evidence_of, file_page, state_name
from vwv_im.review.corpus import mismatches
from vwv_im.review.coverage import coverage, gaps, result_phrase, summary
from vwv_im.review.evidence import below_grade, grades_per_fassung
from vwv_im.review.synopsis import item_of
from vwv_im.review.synopsis_page import markdown
from vwv_im.text.format import short_day, written_day
from vwv_im.text.messages import sentence
from vwv_im.text.templates import templates

_FILTERS: Mapping[str, Callable[..., object]] = {
    "anchor": anchor,
    "capital": filters.capital,
    "day": short_day,
    "file_page": file_page,
    "g": "{:g}".format,
    "item_of": item_of,
    "plain": plain,
    "quoted": lambda text: '"' + text.replace('"', "'") + '"',
    "section": filters.section,
    "sentence": lambda condition: part_sentence(condition, "de"),
    "state": state_name,
    "synopsis": lambda found: markdown(found, level=2).partition("\n\n")[2],
    "table": filters.table,
    "wrapped": partial(textwrap.wrap, width=36, max_lines=2, placeholder=" …"),
    "written": lambda day: written_day(day, "de"),
}
_NAMES = {
    "evident": lambda kind: sentence(f"evidence.{kind}"), "grades": GRADES, "kinds": KINDS,
    "result_phrase": result_phrase, "row": filters.row,
}  # fmt: skip


class Writer:
    """Writes pages from the templates; those read the atlas and its regulation, and what a page is given."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.templates = templates("vwv_im.publish.site")
        self.templates.filters.update(
            _FILTERS,
            graph=partial(views.graph_of_question, atlas),
            phrase=lambda operation: operation_phrase(atlas.law, operation, "de"),
            to=atlas.link,
            values=partial(views.values, atlas),
        )
        self.templates.globals.update(_NAMES, atlas=atlas, law=atlas.law)

    def render(self, template: str, **shown: Any) -> str:
        """Return what a template makes of what it is given to show."""
        return self.templates.get_template(f"{template}.j2").render(shown)

    def page(self, template: str, page: str, **shown: Any) -> str:
        """Return a page of docs/, with at most one empty line between its parts."""
        text = self.render(f"{template}.md", **shown).strip("\n")
        return filters.relative(re.sub(r"\n{3,}", "\n\n", text), page)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield every generated page by its path in docs/."""
        for path, template, shown in _pages(self.atlas):
            yield path, self.page(template, path, **shown)


def _pages(atlas: Atlas) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the path of each page in docs/, its template, and what it shows beside the atlas."""
    yield f"{ROOT}/index.md", "gegenstaende", {}
    yield f"{ROOT}/pruefschema.md", "pruefschema", {}
    yield f"{ROOT}/graph.md", "graph", {}
    yield "angaben.md", "angaben", {}
    yield f"{ROOT}/quellen.md", "quellen", {}
    yield f"{ROOT}/offene-fragen.md", "offene-fragen", {}
    yield f"{ROOT}/auslegungen.md", "auslegungen", {}
    counts = grades_per_fassung(atlas.law)
    yield f"{ROOT}/belege.md", "belege", {"counts": counts, "weak": below_grade(atlas.law, "amtlich")}
    yield f"{ROOT}/abdeckung.md", "abdeckung", _coverage(atlas)
    yield f"{ROOT}/akte/index.md", "akte", {"axes": views.axes(atlas)}
    for akt in atlas.law.acts:
        yield atlas.act_page(akt.id), "akt", {"akt": akt}
    for state in atlas.law.states:
        yield atlas.fassung_page(state), "lesefassung", {"state": state}
    effects = views.effects_by_operation(atlas)
    for key in atlas.items:
        yield atlas.page(key), "eintrag", _item(atlas, key, effects)
    for name in atlas.law.hashes:
        yield file_page(name), "datei", {"name": name}


def _coverage(atlas: Atlas) -> Mapping[str, Any]:
    found = coverage(atlas.law, atlas.cases, atlas.out_of_reach)
    decided = atlas.decisions
    return {
        "found": found,
        "summary": summary(found, "de"),
        "gaps": gaps(found, "unreachable", "de"),
        "differing": [(case.id, one) for case, decision in decided for one in mismatches(decision, case.expected)],
    }


def _item(atlas: Atlas, key: str, effects: Mapping[OperationId, list[views.Effected]]) -> Mapping[str, Any]:
    around = views.neighbours(atlas, key)
    wordings = reversed(list(atlas.everywhere(key)))
    return {
        "key": key,
        "conditions": views.conditions(atlas, key),
        "effects": lambda operation: views.nearest(atlas, key, effects.get(operation, [])),
        "evidence": dict.fromkeys(entry for item in wordings for entry in evidence_of(item)),
        "graph": views.graph_of_item(atlas, key, around),
        **around._asdict(),
    }
