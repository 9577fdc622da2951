"""The generated pages: what each shows by its template, writing them into docs/, and which differ from the rules."""

from __future__ import annotations

import json
import posixpath
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment

from vwv_im.decision.attribution import operation_phrase
from vwv_im.decision.blocks import plain
from vwv_im.law import GRADES, OperationId
from vwv_im.law.register import EFFECTS
from vwv_im.publish.site import views
from vwv_im.publish.site.atlas import ROOT, Atlas, anchor, evidence_of, file_page, state_name
from vwv_im.review.corpus import mismatches
from vwv_im.review.coverage import coverage, result_phrase, summary
from vwv_im.review.evidence_index import below_grade, grades_per_fassung
from vwv_im.review.synopsis_page import markdown
from vwv_im.text import (
    Fault,
    Place,
    Progress,
    Text,
    counted,
    fault_of,
    make_folder,
    remove_file,
    sentence,
    silent,
    write_file,
    written_day,
)
from vwv_im.text.format import short_day, written_date
from vwv_im.text.messages import sentences
from vwv_im.text.templates import templates

_LINK = re.compile(r'(\]\(|href=")/([^)"#]*)')


def row(*cells: object) -> str:
    """Return a row of a table; cells are Markdown on one line.

    >>> row(1, " wenn ")
    '| 1 | wenn |'
    """
    return f"| {' | '.join(str(cell).strip() for cell in cells)} |"


def table(rows: str, *head: str) -> str:
    """Return rows as a table with its head; nothing where there is none."""
    lines = list(filter(None, rows.split("\n")))
    return "\n".join([row(*head), f"|{'|'.join(['---'] * len(head))}|", *lines, ""]) if lines else ""


def section(body: str, title: str, level: int = 2) -> str:
    """Return what stands under a heading with it; nothing where there is nothing."""
    return f"\n{'#' * level} {title}\n\n{body}\n\n" if body.strip() else ""


def capital(text: str) -> str:
    """Return a text that begins a line."""
    return text[0].upper() + text[1:]


def relative(text: str, page: str) -> str:
    """Return a page with its links as seen from it; those in pictures lead to the built pages.

    >>> relative('[Werte](/recht/werte/a.md#x) <a href="/recht/regeln/b.md#y">', "recht/regeln/b.md")
    '[Werte](../werte/a.md#x) <a href="#y">'
    """

    def seen(found: re.Match[str]) -> str:
        start, path = found.groups()
        shown = "" if path == page else posixpath.relpath(path, posixpath.dirname(page) or ".")
        return start + (shown if start == "](" else shown.replace(".md", ".html"))

    return _LINK.sub(seen, text)


_FILTERS: Mapping[str, Callable[..., object]] = {
    "anchor": anchor,
    "capital": capital,
    "day": short_day,
    "file_page": file_page,
    "g": "{:g}".format,
    "once": lambda lines: "\n".join(dict.fromkeys(lines.split("\n"))),
    "plain": plain,
    "published": lambda text: written_date(text, "de"),
    "quoted": lambda text: '"' + text.replace('"', "'") + '"',
    "section": section,
    "sentence": lambda condition: condition.sentence("de"),
    "state": state_name,
    "table": table,
    "wrapped": partial(textwrap.wrap, width=36, max_lines=2, placeholder=" …"),
    "written": lambda day: written_day(day, "de"),
}


_KINDS: Mapping[str, Text] = {**sentences("evidence"), "parameter": Text("Wert", "value")}


def _environment(atlas: Atlas) -> Environment:
    """Return the templates; they read the atlas and its regulation, and what a page is given."""
    found = templates("vwv_im.publish.site")
    found.filters.update(
        _FILTERS,
        amounts=partial(views.amounts, atlas),
        examples=partial(views.examples, atlas),
        phrase=lambda operation: operation_phrase(atlas.law, operation, "de"),
        step=partial(views.step, atlas),
        steps=partial(views.steps, atlas),
        synopsis=lambda found: markdown(found, level=2).partition("\n\n")[2],
        to=atlas.link,
        values=partial(views.values, atlas),
    )
    found.tests["changing"] = lambda key: bool(views.values(atlas, key))
    found.tests["intermediate"] = lambda key: getattr(atlas.items[key].model, "zwischenwert", False)
    found.globals.update(
        evident=lambda kind: _KINDS.get(kind) or sentence(f"evidence.{kind}"),
        effects=EFFECTS,
        grades=GRADES,
        kinds=_KINDS,
        result_phrase=result_phrase,
        row=row,
    )
    found.globals.update(atlas=atlas, law=atlas.law)
    return found


def _pages(atlas: Atlas) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the path of each page in docs/, its template, and what it shows in addition to the atlas."""
    yield f"{ROOT}/index.md", "gegenstaende", {}
    yield "angaben.md", "angaben", {}
    yield f"{ROOT}/dateien/index.md", "dateien", {}
    for name in ("pruefschema", "quellen", "offene-fragen", "auslegungen", "aussagen", "freigaben"):
        yield f"{ROOT}/{name}.md", name, {}
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
        "gaps": views.unreachable(found),
        "differing": [(case.id, one) for case, decision in decided for one in mismatches(decision, case.expected)],
    }


def _item(atlas: Atlas, key: str, effects: Mapping[OperationId, list[views.Effected]]) -> Mapping[str, Any]:
    around = views.neighbours(atlas, key)
    wordings = reversed(list(atlas.everywhere(key)))
    return {
        "key": key,
        "behind": views.changed_behind(atlas, key),
        "conditions": views.conditions(atlas, key),
        "effects": lambda operation: views.nearest(atlas, key, effects.get(operation, [])),
        "evidence": dict.fromkeys(entry for item in wordings for entry in evidence_of(item)),
        "graph": views.graph_of_item(atlas, key, around),
        **around._asdict(),
    }


_ORIGIN = "# Erzeugt aus rules/ und tests/cases/ mit `vwv-im docs write`. Nicht von Hand ändern."
_START, _END = "  # Von hier an erzeugt mit `vwv-im docs write`.\n", "  # Bis hier erzeugt.\n"


@dataclass(frozen=True, slots=True)
class Book:
    """Every generated file by its path in docs/, and the part of the navigation that leads to them."""

    files: Mapping[str, str]
    nav: str

    def write(self, root: Path) -> None:
        """Write all files below `root` (where mkdocs.yml stands), and remove those that are no longer generated."""
        for path in _stale(root, self.files):
            remove_file(path)
        for name, text in self.files.items():
            path = root / "docs" / name
            make_folder(path.parent)
            write_file(path, text)
        config = root / "mkdocs.yml"
        write_file(config, _with_nav(config.read_text("utf-8"), self.nav))

    def differences(self, root: Path) -> list[Fault]:
        """Return what differs between the files below `root` and what the rules give."""
        found = [_difference(path.relative_to(root).as_posix(), "page_surplus") for path in _stale(root, self.files)]
        for name, text in self.files.items():
            path = root / "docs" / name
            if not path.is_file():
                found.append(_difference(f"docs/{name}", "page_missing"))
            elif (written := path.read_text("utf-8")) != text:
                found.append(_difference(f"docs/{name}", "page_old", _line(written, text)))
        config = (root / "mkdocs.yml").read_text("utf-8")
        if _with_nav(config, self.nav) != config:
            found.append(_difference("mkdocs.yml", "page_old"))
        return found


def _difference(name: str, kind: str, line: int = 0) -> Fault:
    return fault_of(kind, Place(name, line, 1 if line else 0))


def _line(written: str, text: str) -> int:
    """Return the number of the first line that differs."""
    pairs = zip(f"{written}\n".split("\n"), f"{text}\n".split("\n"), strict=False)
    return next((number for number, (old, new) in enumerate(pairs, start=1) if old != new), 1)


def _stale(root: Path, files: Mapping[str, str]) -> Iterator[Path]:
    docs = root / "docs"
    for path in sorted((docs / ROOT).rglob("*.md")):
        if path.relative_to(docs).as_posix() not in files:
            yield path


def _with_nav(config: str, nav: str) -> str:
    before, start, rest = config.partition(_START)
    _, end, after = rest.partition(_END)
    return f"{before}{start}{nav}{end}{after}"


def make_book(
    atlas: Atlas,
    more: Mapping[str, str],
    words: Mapping[str, Sequence[str]] = MappingProxyType({}),
    progress: Progress = silent,
) -> Book:
    """Return every generated page.

    `more` are pages that others generate, by their path in docs/; `words` are those by which a search finds an item,
    an act or another page besides its own, by its key or path; `progress` is told how many pages are written.
    """
    environment = _environment(atlas)
    found_by = dict(words)
    found_by |= {atlas.page(key): [*words.get(key, ()), *views.amounts(atlas, key)] for key in atlas.items}
    for akt in atlas.law.acts:
        found_by[atlas.act_page(akt.id)] = [short_day(akt.ausgefertigt), *words.get(akt.id, ())]

    def page(path: str, template: str, shown: Mapping[str, Any]) -> str:
        """Return a page of docs/, with at most one empty line between its parts."""
        text = environment.get_template(f"{template}.md.j2").render(shown).strip("\n")
        return relative(re.sub(r"\n{3,}", "\n\n", text), path)

    planned = list(_pages(atlas))
    written = counted(planned, len(planned), progress)
    pages = {path: page(path, template, shown) for path, template, shown in written}
    files = {name: f"{_head(name, found_by.get(name, ()))}{text}\n" for name, text in {**pages, **more}.items()}
    files["assets/erzeugt/werte.txt"] = f"{page('index.md', 'werte', {})}\n"
    counts = list(grades_per_fassung(atlas.law).values())[-1]
    files["assets/erzeugt/grade.txt"] = f"{page('index.md', 'grade', {'counts': counts})}\n"
    return Book(files, environment.get_template("nav.yml.j2").render())


def _head(name: str, words: Sequence[str]) -> str:
    """Return what stands before a page: that it is generated, and how a search finds it (rule files: not at all)."""
    boost = next((boost for folder, boost in _BOOSTS.items() if name.startswith(f"{ROOT}/{folder}/")), 1)
    found = "exclude: true" if name.startswith(f"{ROOT}/dateien/") else f"boost: {boost}"
    tags = f"tags: {json.dumps(list(words), ensure_ascii=False)}\n" if words else ""
    return f"---\n{_ORIGIN}\nsearch:\n  {found}\n{tags}---\n\n"


_BOOSTS = {"werte": 4, "regeln": 3, "akte": 2, "ableitungen": 2}
"""What answers a question comes before what only names it."""
