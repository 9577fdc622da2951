"""The duties that follow from a grant, each with the legal day and the one a weekend or holiday shifts it to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from vwv_im.decision.citations import Citation, citations_of_item
from vwv_im.decision.context import Context
from vwv_im.lang.dates import next_working_day
from vwv_im.law.evidence import Beleg, Grade
from vwv_im.reasoning.plan import Duty
from vwv_im.text import JsonObject, Text, written_day


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
    beleg: Beleg

    @property
    def text(self) -> Text:
        """The duty as a sentence."""
        return Text(self._sentence("de"), self._sentence("en"))

    def _sentence(self, lang: Any) -> str:
        title = self.title.in_(lang)
        if self.year is not None:
            title += Text(f" für das Jahr {self.year}", f" for the year {self.year}").in_(lang)
        if self.due is None:
            return f"{title}: {Text('Termin nicht bekannt', 'date not known').in_(lang)}."
        day = written_day(self.due, lang)
        sentence = f"{title}: {Text(f'bis zum {day}', f'by {day}').in_(lang)}"
        if self.due_shifted is not None and self.shifted_by is not None and self.due_shifted != self.due:
            shifted, norm = written_day(self.due_shifted, lang), self.shifted_by.in_(lang)
            sentence += Text(
                f"; kein Werktag, daher bis zum {shifted} ({norm})",
                f"; not a working day, therefore by {shifted} ({norm})",
            ).in_(lang)
        return f"{sentence}."


def duties_of(context: Context, on: date) -> tuple[Owed, ...]:
    """Return the duties of a plan that exist, or may exist, in the order of their days; open days last."""
    found = [owed for duty in context.plan.duties for owed in owed_under(context, duty, on)]
    return tuple(sorted(found, key=lambda owed: (owed.due is None, owed.due or date.max)))


def owed_under(context: Context, duty: Duty, on: date) -> Iterator[Owed]:
    """Yield what one duty asks for, once or year by year; nothing where it does not exist.

    The reporting years go on to the end of the longest period or, where it is open, to the year before `on`.
    """
    (top,) = context.subjects(context.plan.top)
    if duty.applies is None or context.truth(duty.applies, top) is not False:
        day = None if duty.day is None else context.compute(duty.day, top)
        yearly = None if (due := duty.item.model.faellig) is None else due.jaehrlich
        if yearly is None:
            yield _one(context, duty, day)
            return
        last = day.year if day is not None else max(on.year - 1, yearly.erstes_berichtsjahr)
        for year in range(yearly.erstes_berichtsjahr, last + 1):
            yield _one(context, duty, date.fromisoformat(f"{year + 1}-{yearly.am}"), year)


def _one(context: Context, duty: Duty, due: date | None, year: int | None = None) -> Owed:
    model = duty.item.model
    citation = citations_of_item(context, duty.item)[0]
    moves = context.regulation.examination.fristen
    shifted = due if due is None or moves is None else next_working_day(due, moves.feiertage)
    grade = context.regulation.grade(model.beleg[0])
    norm = None if moves is None else moves.norm.text
    return Owed(duty.id, model.titel.text, due, shifted, year, grade, citation, norm, model.beleg[0])
