"""The duties that follow from a grant, each with the legal day and the one a weekend or holiday shifts it to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from vwv_im.decision.citations import Citation, citations_of_item
from vwv_im.decision.context import Context
from vwv_im.lang import Over
from vwv_im.lang.dates import next_working_day
from vwv_im.law.evidence import Beleg, Grade
from vwv_im.reasoning.plan import Duty
from vwv_im.reasoning.records import Subject
from vwv_im.text import JsonObject, Text, sentence, written_day


@dataclass(frozen=True)
class Owed(JsonObject, schema="DutyDocument", keys="id due due_shifted grade text"):
    """A duty: the day it is due, the working day after it where that is none, and how well it is evidenced.

    `due` is `None` where no source tells the day, or where the facts to compute it are missing.
    """

    id: str
    title: Text
    due: date | None
    due_shifted: date | None
    year: int | None
    grade: Grade
    citation: Citation
    shifted_by: Text | None
    added_by: Text | None
    beleg: Beleg

    @property
    def text(self) -> Text:
        """The duty as a sentence."""
        return Text(self._sentence("de"), self._sentence("en"))

    def _sentence(self, lang: Any) -> str:
        title = self.title.in_(lang)
        if self.year is not None:
            title += Text(f" für das Jahr {self.year}", f" for the year {self.year}").in_(lang)
        added = "" if self.added_by is None else sentence("added_duty", act=self.added_by).in_(lang)
        if self.due is None:
            return f"{title}: {Text('Termin nicht bekannt', 'date not known').in_(lang)}.{added}"
        day = written_day(self.due, lang)
        written = f"{title}: {Text(f'bis zum {day}', f'by {day}').in_(lang)}"
        if self.due_shifted is not None and self.shifted_by is not None and self.due_shifted != self.due:
            shifted, norm = written_day(self.due_shifted, lang), self.shifted_by.in_(lang)
            written += Text(
                f"; kein Werktag, daher bis zum {shifted} ({norm})",
                f"; not a working day, therefore by {shifted} ({norm})",
            ).in_(lang)
        return f"{written}.{added}"


def duties_of(context: Context) -> tuple[Owed, ...]:
    """Return the duties of a plan that exist, or may exist, in the order of their days; open days last."""
    found = [owed for duty in context.plan.duties for owed in owed_under(context, duty)]
    return tuple(sorted(found, key=lambda owed: (owed.due is None, owed.due or date.max)))


def owed_under(context: Context, duty: Duty) -> Iterator[Owed]:
    """Yield what one duty asks for, once or year by year; nothing where it does not exist.

    A yearly one whose years are all open is named once, without a day.
    """
    (top,) = context.subjects(context.plan.top)
    if duty.applies is None or context.truth(duty.applies, top) is not False:
        day = None if duty.day is None else context.compute(duty.day, top)
        yearly = None if (due := duty.item.model.faellig) is None else due.jaehrlich
        if yearly is None:
            yield _one(context, duty, day)
            return
        spans = list(_spans(context, duty, top))
        years = {
            year
            for first, last in spans
            if first is not None and last is not None
            for year in range(max(yearly.erstes_berichtsjahr, first.year), min(last.year, date.max.year - 1) + 1)
        }
        for year in sorted(years):
            yield _one(context, duty, date.fromisoformat(f"{year + 1}-{yearly.am}"), year)
        if not years and (not spans or any(None in span for span in spans)):
            yield _one(context, duty, None)


def _spans(context: Context, duty: Duty, top: Subject) -> Iterator[tuple[date | None, date | None]]:
    """Yield from when to when a yearly duty returns: for each entry of a list where its days are those over one."""
    start, end = duty.start, duty.day
    if isinstance(start, Over) and isinstance(end, Over) and start.scope == end.scope:
        for entry in context.subjects(end.scope):
            if entry.stated:
                yield context.compute(start.value, entry), context.compute(end.value, entry)
    else:
        yield date.min if start is None else context.compute(start, top), context.compute(end, top) if end else None


def _one(context: Context, duty: Duty, due: date | None, year: int | None = None) -> Owed:
    model = duty.item.model
    citation = citations_of_item(context, duty.item)[0]
    moves = context.regulation.examination.fristen
    shifted = due if due is None or moves is None else next_working_day(due, moves.feiertage)
    grade = context.regulation.grade(model.beleg[0])
    norm = None if moves is None else moves.norm.text
    acts = {akt.id: akt for akt in context.regulation.acts}
    added = None if duty.item.act == next(iter(acts)) else acts[duty.item.act].kurz.text
    return Owed(duty.id, model.titel.text, due, shifted, year, grade, citation, norm, added, model.beleg[0])
