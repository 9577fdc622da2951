"""A synopsis as Markdown or as an HTML page of its own: old and new side by side, and what follows from each change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vwv_im.decision.blocks import plain
from vwv_im.decision.phrases import source_phrase
from vwv_im.law.evidence import GRADES, Beleg
from vwv_im.law.fassung import KINDS
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
    return _written(found, "md", examples, level).strip("\n") + "\n"


def html(found: Synopsis, *, examples: int = EXAMPLES) -> str:
    """Return the synopsis as an HTML page that needs nothing else."""
    return _written(found, "html", examples, 1).lstrip("\n")


def _written(found: Synopsis, form: str, examples: int, level: int) -> str:
    from vwv_im.text.templates import templates  # noqa: PLC0415 - loaded when a synopsis is written

    known = templates("vwv_im.review")
    known.filters.update(
        heading=lambda row: heading(row, found.lang),
        plain=plain,
        sections=lambda row: sections(found, row, examples),
    )
    shown = {"found": found, "level": level, "summary": summary(found), "intro": _INTRO.in_(found.lang)}
    return known.get_template(f"synopsis.{form}.j2").render(shown, say=lambda *texts: Text(*texts).in_(found.lang))
