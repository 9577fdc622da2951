"""The pages, written from templates: which there are, and what each of them shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES
from vwv_im.law.fassung import KINDS
from vwv_im.publish.site import filters
from vwv_im.publish.site.atlas import ROOT, Atlas, anchor, file_page
from vwv_im.review.corpus import mismatches
from vwv_im.review.coverage import coverage, gaps, result_phrase, summary
from vwv_im.review.evidence import KINDS as EVIDENT
from vwv_im.review.evidence import grades_per_fassung, weaker
from vwv_im.text.format import short_day, written_day

_FILTERS: Mapping[str, Callable[..., str]] = {
    "anchor": anchor,
    "capital": filters.capital,
    "day": short_day,
    "file_page": file_page,
    "html": escape,
    "plain": plain,
    "section": filters.section,
    "table": filters.table,
    "written": lambda day: written_day(day, "de"),
}
_NAMES = {
    "evident": EVIDENT, "grades": GRADES, "kinds": KINDS, "result_phrase": result_phrase, "row": filters.row,
}  # fmt: skip


class Writer:
    """Writes pages from the templates; those read the atlas and its regulation, and what a page is given."""

    def __init__(self, atlas: Atlas) -> None:
        self.templates = Environment(
            loader=PackageLoader("vwv_im.publish.site"),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - the pages are Markdown, escaped by `plain`
        )
        self.templates.filters.update(_FILTERS, to=atlas.link)
        self.templates.globals.update(_NAMES, atlas=atlas, law=atlas.law)

    def write(self, template: str, page: str, **shown: Any) -> str:
        """Return a page of docs/, with at most one empty line between its parts."""
        text = self.templates.get_template(f"{template}.md.j2").render(shown)
        return filters.relative(re.sub(r"\n{3,}", "\n\n", text.strip("\n")), page)


def pages(atlas: Atlas) -> Iterator[tuple[str, str]]:
    """Yield every generated page by its path in docs/."""
    write = Writer(atlas).write
    for page, template, shown in _pages(atlas):
        yield page, write(template, page, **shown)


def _pages(atlas: Atlas) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the path of each page in docs/, its template, and what it shows beside the atlas."""
    yield f"{ROOT}/index.md", "gegenstaende", {}
    yield f"{ROOT}/pruefschema.md", "pruefschema", {}
    yield "angaben.md", "angaben", {}
    yield f"{ROOT}/quellen.md", "quellen", {}
    yield f"{ROOT}/offene-fragen.md", "offene-fragen", {}
    yield f"{ROOT}/auslegungen.md", "auslegungen", {}
    counts = grades_per_fassung(atlas.law)
    yield f"{ROOT}/belege.md", "belege", {"counts": counts, "weak": weaker(atlas.law, "amtlich")}
    yield f"{ROOT}/abdeckung.md", "abdeckung", _coverage(atlas)


def _coverage(atlas: Atlas) -> Mapping[str, Any]:
    found = coverage(atlas.law, atlas.cases, atlas.out_of_reach)
    decided = atlas.decisions
    return {
        "found": found,
        "summary": summary(found, "de"),
        "gaps": gaps(found, "unreachable", "de"),
        "differing": [(case.id, one) for case, decision in decided for one in mismatches(decision, case.expected)],
    }
