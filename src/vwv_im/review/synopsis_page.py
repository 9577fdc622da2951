"""A synopsis as Markdown or as an HTML page of its own: old and new side by side, and what follows from each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

from vwv_im.decision.sentences import source_phrase
from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES, Beleg
from vwv_im.law.fassung import KINDS
from vwv_im.review.passage import Marked, MarkedLine
from vwv_im.review.synopsis import CaseEffect, Synopsis, SynopsisRow
from vwv_im.text import Language, Text
from vwv_im.text.format import written_day

EXAMPLES = 3
_CHANGES = {
    "inserted": Text("eingefügt", "inserted"),
    "changed": Text("geändert", "changed"),
    "repealed": Text("aufgehoben", "repealed"),
    "undone": Text("eingefügt und wieder aufgehoben", "inserted and repealed again"),
}
_OLD, _NEW = Text("Bisher", "Before"), Text("Neu", "After")
_NOTHING = Text("–", "–")
_RESTS_ON = Text("Beleg", "Evidence")
_BEFORE = Text("Beleg bisher", "Evidence before")
_NO_EFFECT = Text("Ohne Wirkung auf eine Entscheidung", "No effect on a decision")
_UNSHOWN = Text(
    "Kein Fall des Korpus zeigt, was diese Änderung bewirkt.", "No case of the corpus shows what this change does."
)
_FIRST = Text(
    "Davor gab es keine Fassung, mit der Entscheidungen zu vergleichen wären.",
    "There was no Fassung before with which decisions could be compared.",
)
_SAME = Text("Der Text bleibt; es ändert sich der Beleg.", "The text stays; the evidence changes.")
_INTRO = Text(
    "Der Text ist aus den Regeln erzeugt, nicht der Wortlaut der Vorschrift. Für die Wirkung wird jeder Fall des "
    "Korpus an seinem eigenen Tag unter beiden Ständen entschieden.",
    "The text is generated from the rules; it is not the wording of the regulation. For the effect, each case of the "
    "corpus is decided under both states on its own day.",
)


class Section(NamedTuple):
    """What is told of a row below its two texts: a lead and what it lists."""

    lead: str
    lines: tuple[str, ...] = ()


def summary(found: Synopsis) -> str:
    """Return in one sentence what changes and for how many cases."""
    if found.before is None:
        return _FIRST.in_(found.lang)
    applying = sum(case.applies for case in found.cases)
    count, rows = len(found.cases), len(found.rows)
    return Text(
        f"{rows} Änderungen. In {applying} Prüffällen, für die der neue Stand an ihrem Tag gilt, ändert sich die "
        f"Entscheidung; zum Vergleich auf alle {found.examined} angewandt, in {count}. Es zählt jeder Wert, jede "
        "Pflicht und jede Möglichkeit, nicht nur ja oder nein.",
        f"{rows} changes. The decision changes in {applying} test cases to which the new state applies on their day; "
        f"applied to all {found.examined} for comparison, in {count}. Every value, duty and option counts, not only "
        "yes or no.",
    ).in_(found.lang)


def heading(row: SynopsisRow, lang: Language) -> str:
    """Return what a row is about: "Regel eingefügt: …"."""
    return f"{KINDS[row.kind].in_(lang)} {_CHANGES[row.change].in_(lang)}: {row.title}"


def sections(found: Synopsis, row: SynopsisRow, examples: int = EXAMPLES) -> Iterator[Section]:
    """Yield what is told of a row: its operations, its evidence, and the cases it changes, at most `examples`."""
    lang = found.lang
    if row.operations:
        label = Text("Änderungsbefehle", "Operations").in_(lang)
        yield Section(label, tuple(f"{done.id.act}: {done.phrase}" for done in row.operations))
    if row.evidence_before and row.evidence_before != row.evidence:
        yield Section(_BEFORE.in_(lang), tuple(_evidence(found, beleg) for beleg in row.evidence_before))
    evidence = row.evidence or tuple(beleg for done in row.operations for beleg in done.evidence)
    yield Section(_RESTS_ON.in_(lang), tuple(_evidence(found, beleg) for beleg in evidence))
    if row.change == "changed" and not row.reworded:
        yield Section(_SAME.in_(lang))
    if row.without_effect:
        yield Section(_NO_EFFECT.in_(lang), row.without_effect)
    elif row.unshown:
        yield Section(_UNSHOWN.in_(lang))
    elif row.cases:
        yield Section(_counted(row, lang), tuple(_case(case, lang) for case in _most_telling(row)[:examples]))


def _most_telling(row: SynopsisRow) -> list[CaseEffect]:
    """Return the cases of a row: those under the new law first, those from a source, those in which least differs."""
    return sorted(row.cases, key=lambda case: (not case.applies, case.source is None, len(case.effects)))


def _counted(row: SynopsisRow, lang: Language) -> str:
    applying, count = sum(case.applies for case in row.cases), len(row.cases)
    return Text(
        f"Ändert die Entscheidung in {count} {'Fall' if count == 1 else 'Fällen'} des Korpus, in {applying} davon gilt "
        "der neue Stand am Tag der Entscheidung; zum Beispiel",
        f"Changes the decision in {count} {'case' if count == 1 else 'cases'} of the corpus; in {applying} of them the "
        "new state applies on the day of the decision; for example",
    ).in_(lang)


def _case(case: CaseEffect, lang: Language) -> str:
    shown = "; ".join(f"{effect.title}: {effect.old} → {effect.new}" for effect in case.effects)
    return f"{case.case} ({written_day(case.on, lang)}): {shown}"


def _evidence(found: Synopsis, beleg: Beleg) -> str:
    source = found.regulation.sources.get(beleg.quelle) if beleg.quelle else None
    grade = GRADES[beleg.grad].in_(found.lang)
    parts = [source_phrase(source, found.lang) if source else "", beleg.herleitung or "", beleg.hinweis or ""]
    return f"{grade}: {' – '.join(part for part in parts if part)}" if any(parts) else grade


def markdown(found: Synopsis, *, level: int = 1, examples: int = EXAMPLES) -> str:
    """Return the synopsis as Markdown with tables; `level` is that of its first heading."""
    return "\n".join(_markdown(found, level, examples)).strip("\n") + "\n"


def _markdown(found: Synopsis, level: int, examples: int) -> Iterator[str]:
    lang = found.lang
    yield f"{'#' * level} {plain(found.title)}\n"
    yield f"{plain(summary(found))}\n"
    yield f"{_INTRO.in_(lang)}\n"
    for row in found.rows:
        yield f"{'#' * (level + 1)} {plain(heading(row, lang))}\n"
        yield f"| {_OLD.in_(lang)} | {_NEW.in_(lang)} |"
        yield "| --- | --- |"
        yield f"| {_cell(row.old, 'del', lang)} | {_cell(row.new, 'ins', lang)} |\n"
        for section in sections(found, row, examples):
            yield f"- {plain(section.lead)}{':' if section.lines else ''}"
            yield from (f"    - {plain(line)}" for line in section.lines)
        yield ""


def _cell(side: Marked, mark: str, lang: Language) -> str:
    lines = ("&emsp;" * line.depth + _marked(line, mark, plain) for line in side)
    return "<br>".join(lines) or _NOTHING.in_(lang)


def _marked(line: MarkedLine, mark: str, written: Callable[[str], str]) -> str:
    """Write a line with its marks; the space after marked words stays outside."""
    text = ""
    for words in line.words:
        kept = words.text.rstrip()
        shown = f"<{mark}>{written(kept)}</{mark}>" if words.changed else written(kept)
        text += shown + words.text[len(kept) :]
    return text


def html(found: Synopsis, *, examples: int = EXAMPLES) -> str:
    """Return the synopsis as an HTML page that needs nothing else."""
    body = "\n".join(_html(found, examples))
    return (
        f'<!doctype html>\n<html lang="{found.lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(found.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(found: Synopsis, examples: int) -> Iterator[str]:
    lang = found.lang
    yield f"<h1>{escape(found.title)}</h1>"
    yield f"<p>{escape(summary(found))}</p>"
    yield f"<p>{_INTRO.in_(lang)}</p>"
    for number, row in enumerate(found.rows, start=1):
        yield f'<section aria-labelledby="z{number}">'
        yield f'<h2 id="z{number}">{escape(heading(row, lang))}</h2>'
        yield f'<table>\n<tr><th scope="col">{_OLD.in_(lang)}</th><th scope="col">{_NEW.in_(lang)}</th></tr>'
        old, new = _html_cell(row.old, "del", lang), _html_cell(row.new, "ins", lang)
        yield f"<tr><td>{old}</td><td>{new}</td></tr>\n</table>"
        yield from (_html_section(section) for section in sections(found, row, examples))
        yield "</section>"


def _html_cell(side: Marked, mark: str, lang: Language) -> str:
    lines = (f'<div class="t{min(line.depth, _DEEPEST)}">{_marked(line, mark, escape)}</div>' for line in side)
    return "".join(lines) or _NOTHING.in_(lang)


def _html_section(section: Section) -> str:
    if not section.lines:
        return f"<p>{escape(section.lead)}</p>"
    return f"<p>{escape(section.lead)}:</p>\n<ul>{''.join(f'<li>{escape(line)}</li>' for line in section.lines)}</ul>"


_DEEPEST = 8
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;margin:0 auto;max-width:75rem;padding:1rem}"
    "table{border-collapse:collapse;table-layout:fixed;width:100%}th,td{border:1px solid #767676;padding:.5rem;"
    "text-align:left;vertical-align:top;width:50%;overflow-wrap:anywhere}th{background:#f0f0f0}"
    "ins{background:#d4f4dd;color:#0b3d1a}del{background:#fbdcdc;color:#5c1010}"
    "section{border-top:1px solid #767676;margin-top:2rem}"
    + "".join(f".t{depth}{{padding-left:{depth}rem}}" for depth in range(1, _DEEPEST + 1))
)
