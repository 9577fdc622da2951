"""A synopsis as Markdown or as an HTML page of its own: old and new side by side, and what follows from each change."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from vwv_im.decision.blocks import plain
from vwv_im.decision.phrases import in_quotes, list_phrase, source_phrase
from vwv_im.law import Regulation
from vwv_im.law.evidence import Beleg
from vwv_im.review.synopsis import CaseEffect, Synopsis, SynopsisRow
from vwv_im.text import Language, Text, sentence, written_day

EXAMPLES = 3


class Section(NamedTuple):
    """What stands below the two texts of a row: a lead and the lines of a list."""

    lead: str
    lines: tuple[str, ...] = ()


def summary(found: Synopsis) -> str:
    """Return in one sentence what changes and for how many cases."""
    if found.before is None:
        return sentence("synopsis.first").in_(found.lang)
    applying = sum(case.applies for case in found.cases)
    words = {"rows": len(found.rows), "applying": applying, "examined": found.examined, "count": len(found.cases)}
    return sentence("synopsis.summary", **words).in_(found.lang)


def heading(row: SynopsisRow, lang: Language) -> str:
    """Return what a row is about: "Neu: …"."""
    return f"{sentence(f'synopsis.{row.change}').in_(lang)}: {row.title}"


def called(law: Regulation, case: CaseEffect, lang: Language) -> str:
    """Return what a case is called: after who published it, else that it was made up for a rule."""
    if case.source is None:
        return sentence("synopsis.made_up").in_(lang)
    return sentence("synopsis.published", publisher=law.sources[case.source].herausgeber).in_(lang)


class Told:
    """The examples that a synopsis has told, each with the row below which it stands: each is told once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._below: dict[str, str] = {}

    def lines(self, row: SynopsisRow, examples: Iterable[str], lang: Language) -> list[str]:
        """Return the first examples that were not told yet; where all were, below which rows they stand."""
        every = list(dict.fromkeys(examples))
        new = [one for one in every if one not in self._below][: self.most]
        self._below.update((one, row.title) for one in new)
        above = dict.fromkeys(in_quotes(self._below[one], lang) for one in every[: self.most] if one in self._below)
        return new or [sentence("synopsis.as_above", rows=list_phrase(list(above), lang)).in_(lang)]


def sections(found: Synopsis, row: SynopsisRow, told: Told) -> Iterator[Section]:
    """Yield what stands below a row: its operations, its evidence, and some of the cases it changes."""
    lang = found.lang
    acts = {act.id: act.kurz.text.in_(lang) for act in found.regulation.acts}

    def section(name: str, lines: Iterable[str] = (), **words: Any) -> Section:
        return Section(sentence(f"synopsis.{name}", **words).in_(lang), tuple(lines))

    if row.operations:
        yield section("operations", (f"{acts[done.id.act]}: {done.phrase}" for done in row.operations))
    if row.evidence_before and row.evidence_before != row.evidence:
        yield section("evidence_before", (_evidence(found, beleg) for beleg in row.evidence_before))
    evidence = row.evidence or tuple(beleg for done in row.operations for beleg in done.evidence)
    yield section("evidence", (_evidence(found, beleg) for beleg in evidence))
    if row.change == "changed" and not row.reworded:
        yield section("same_text")
    if row.without_effect:
        yield section("no_effect", row.without_effect)
    elif row.unshown:
        yield section("unshown")
    elif row.cases:
        cases = (_case(case, called(found.regulation, case, lang), lang) for case in _most_telling(row))
        shown = told.lines(row, cases, lang)
        applying, count = sum(case.applies for case in row.cases), len(row.cases)
        yield section("one_case" if count == 1 else "cases", shown, count=count, applying=applying)


def _most_telling(row: SynopsisRow) -> list[CaseEffect]:
    """Return the cases of a row: those under the new law first, those from a source, those in which least differs."""
    return sorted(row.cases, key=lambda case: (not case.applies, case.source is None, len(case.effects)))


def _case(case: CaseEffect, name: str, lang: Language) -> str:
    shown = "; ".join(f"{effect.title}: {effect.old} → {effect.new}" for effect in case.effects)
    return f"{name} ({written_day(case.on, lang)}): {shown}"


def _evidence(found: Synopsis, beleg: Beleg) -> str:
    source = found.regulation.sources.get(beleg.quelle) if beleg.quelle else None
    grade = found.regulation.graded(beleg).in_(found.lang)
    passage = found.regulation.passage(beleg)
    parts = [
        *(source_phrase(source, found.lang) if source else "", passage.wiedergabe if passage else ""),
        *(beleg.herleitung or "", beleg.hinweis or ""),
    ]
    return f"{grade}: {' – '.join(part for part in parts if part)}" if any(parts) else grade


def markdown(found: Synopsis, *, level: int = 1, examples: int = EXAMPLES) -> str:
    """Return the synopsis as Markdown with tables; `level` is that of its first heading.

    In a page of its own (level 1) its rows are open, in another they are folded.
    """
    return _render(found, "md", examples, level).strip("\n") + "\n"


def html(found: Synopsis, *, examples: int = EXAMPLES) -> str:
    """Return the synopsis as an HTML page that needs nothing else."""
    return _render(found, "html", examples, 1).lstrip("\n")


def _render(found: Synopsis, form: str, examples: int, level: int) -> str:
    from vwv_im.text.templates import templates  # noqa: PLC0415 - loaded when a synopsis is written

    known = templates("vwv_im.review")
    sections_of = partial(sections, found, told=Told(examples))
    known.filters.update(heading=partial(heading, lang=found.lang), plain=plain, sections=sections_of)
    intro = sentence("synopsis.intro").in_(found.lang)
    shown = {"found": found, "level": level, "summary": summary(found), "intro": intro}
    return known.get_template(f"synopsis.{form}.j2").render(shown, say=lambda *texts: Text(*texts).in_(found.lang))
