"""The pages of what reviews found: synopses of the acts, evidence by grade, coverage by cases."""

from __future__ import annotations

from collections.abc import Mapping

from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES
from vwv_im.law.fassung import AnyItem
from vwv_im.law.history import OperationId
from vwv_im.law.model import Akt
from vwv_im.publish.site.atlas import ROOT, Atlas
from vwv_im.publish.site.item_pages import Effected
from vwv_im.publish.site.markdown import bullets, code, link, section, span, table
from vwv_im.publish.site.parts import grade, item_link, place_link
from vwv_im.review.corpus import mismatches
from vwv_im.review.coverage import Found, gaps, result_phrase, summary
from vwv_im.review.evidence import KINDS, Rest, grades_per_fassung, weaker
from vwv_im.review.synopsis_page import markdown


def synopsis_of(atlas: Atlas, akt: Akt) -> str:
    """Return the synopsis of an act as part of its page; empty for an act that changes no text."""
    if akt.id not in atlas.synopses:
        return ""
    _, _, body = markdown(atlas.synopses[akt.id], level=2).partition("\n\n")
    return body.strip()


def effects_by_operation(atlas: Atlas) -> Mapping[str, list[Effected]]:
    """Return what each operation changes in the cases, the clearest first."""
    found: dict[str, list[Effected]] = {}
    for synopsis in atlas.synopses.values():
        for case in sorted(synopsis.cases, key=lambda one: (not one.applies, one.source is None, len(one.effects))):
            for effect in case.effects:
                for cause in effect.causes:
                    found.setdefault(str(cause), []).append(Effected(case, effect))
    return found


def belege_page(atlas: Atlas) -> str:
    """Return the page of how many items stand on each grade, and of what rests on less than an official source."""
    page = f"{ROOT}/belege.md"
    counts = grades_per_fassung(atlas.law)
    rows = [[grade(name), *(str(by_grade[name]) for by_grade in counts.values())] for name in GRADES]
    head = ["Grad", *counts]
    lines = ["# Belege", _ABOUT, "## Grade je Fassung", table(head, rows), _ABOUT_WEAK]
    for name, title in reversed(GRADES.items()):
        found = [rest for rest in weaker(atlas.law, "amtlich") if rest.grade == name]
        rests = [[_what(atlas, rest, page), _where(atlas, rest), place_link(rest.place, page)] for rest in found]
        lines += section(
            f"{title.de[0].upper()}{title.de[1:]} {{ #{name} }}", table(["Was", "Fassungen", "steht in"], rests)
        )
    return "\n\n".join(lines)


def _what(atlas: Atlas, rest: Rest, page: str) -> str:
    """Return what rests on a piece of evidence: its kind, and its title with a link where there is a page."""
    kind, name = KINDS[rest.kind].de, rest.id.partition(" ")[0] if rest.kind == "zeile" else rest.id
    if (key := _key(atlas, name)) is not None:
        return f"{kind}: {item_link(atlas, key, page)}"
    if name in atlas.acts:
        return f"{kind}: {link(plain(atlas.acts[name].kurz.de), atlas.act_page(name), page)}"
    if rest.kind == "operation":
        operation = OperationId(rest.fassungen[0], rest.id)
        target = f"{atlas.act_page(operation.act)}#synopse"
        return f"{kind}: {link(plain(operation_phrase(atlas.law, operation, 'de')), target, page)}"
    point, _, option = name.partition("=")
    reading = atlas.law.readings[point]
    return f"{kind}: {link(plain(reading.lesarten[option].titel.de), f'{ROOT}/auslegungen.md#{point}', page)}"


def _where(atlas: Atlas, rest: Rest) -> str:
    every = {state.name for state in atlas.law.states}
    return "alle" if every <= set(rest.fassungen) else ", ".join(rest.fassungen) or "–"


_ABOUT = """\
Jeder Wert, jede Voraussetzung, jede Ableitung, jede Pflicht trägt einen Grad: den ihres ersten Belegs. Die Tabelle
zählt sie je Fassung. Wie ein Wert bestätigt wird, wenn der Wortlaut vorliegt, steht unter [Einen Wert
bestätigen](../bestaetigen.md)."""
_ABOUT_WEAK = """\
Darunter steht, was auf weniger als einer amtlichen Veröffentlichung beruht, das Schwächste zuerst. Dasselbe nennt
`vwv-im check --grade amtlich`."""


def _key(atlas: Atlas, identifier: str) -> str | None:
    """Return the key of the item with an id, if there is one."""
    return next((key for key in (identifier, f"parameter.{identifier}") if key in atlas.items), None)


def coverage_page(atlas: Atlas) -> str:
    """Return the page of which result of which rule under which Fassung the cases show, and what they expect."""
    page = f"{ROOT}/abdeckung.md"
    found = atlas.coverage
    lines = ["# Abdeckung durch Fälle", plain(summary(found, "de")), _ABOUT_COVERAGE.format(len(atlas.cases))]
    rows = [_coverage_row(atlas, name, item, page) for name, item in found.items.items()]
    lines.append(table(["Regel oder Tabelle", *(law.name for law in found.laws)], rows))
    lines += section("Was kein Fall erreichen kann", bullets(plain(gap) for gap in gaps(found, "unreachable", "de")))
    return "\n\n".join([*lines, "## Erwartungen", _expectations(atlas)])


_ABOUT_COVERAGE = """\
Der Korpus hat {} Fälle; jeder ist an seinem eigenen Tag entschieden. Die Zahl hinter jedem Ergebnis einer Regel, oder
jeder Zeile einer Tabelle, sagt, wie viele Fälle es zeigen. Dasselbe gibt `vwv-im coverage` aus."""


def _coverage_row(atlas: Atlas, name: str, item: AnyItem, page: str) -> list[str]:
    columns = [
        [
            _cell(result_phrase(item, result).de, found)
            for result, found in atlas.coverage.results(name, law.name).items()
        ]
        for law in atlas.coverage.laws
    ]
    return [item_link(atlas, name, page), *("<br>".join(cells) or "–" for cells in columns)]


def _cell(result: str, found: Found) -> str:
    if found.state == "unreachable":
        return f"{plain(result)}: nicht erreichbar"
    return f"{plain(result)}: {len(found.cases)}" if found.cases else span(f"{result}: fehlt", "marke")


def _expectations(atlas: Atlas) -> str:
    """Return how many cases are decided as expected, and each difference."""
    differing = [
        [code(case.id), plain(difference.text.de)]
        for case, decision in atlas.decisions
        for difference in mismatches(decision, case.expected)
    ]
    as_expected = len(atlas.cases) - len({case for case, _ in differing})
    head = f"{as_expected} von {len(atlas.cases)} Fällen werden entschieden, wie sie es erwarten."
    return "\n\n".join(part for part in (head, table(["Fall", "Unterschied"], differing)) if part)
