"""Calculators on a decided case: periods under each Fassung, amounts by year, and what a refilling would bring.

All of them ask the rules: a rate is what the plan derives for a day, never a number written here. The day of the
decision and the Fassung are held fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.decision.evaluate import programs_of
from vwv_im.decision.missing import lacking
from vwv_im.lang.dates import period_end
from vwv_im.lang.numbers import rounded_to_cent
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.text.json_object import FactPath, JsonDocument, JsonObject
from vwv_im.text.values import Json
from vwv_im.typed import Antrag, Case, Stelle

_DAY = timedelta(days=1)
_NEEDED = ("stelle.foerderbetrag_eur", "stelle.bewilligungsende")


@dataclass(frozen=True, slots=True)
class Period(JsonObject, schema="PeriodDocument"):
    """The funding period of a post under a Fassung; `None` where facts are missing."""

    post: int
    fassung: str
    months: int | None
    end: date | None
    months_left: int | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Amount(JsonObject, schema="AmountDocument"):
    """What a post brings in a span of days: a funding year or a calendar year (Haushaltsjahr)."""

    post: int
    label: str
    first: date
    last: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OpenAmount(JsonObject, schema="OpenAmountDocument"):
    """A post whose amounts are open: `missing` holds the paths of unstated facts; none where a rate is not known."""

    post: int
    missing: tuple[FactPath, ...]


@dataclass(frozen=True, slots=True)
class YearTotal(JsonObject, schema="YearTotalDocument"):
    """The sum of all posts in a calendar year, against the frame of the application."""

    year: int
    amount: Decimal
    frame: Decimal | None
    capped: Decimal | None


@dataclass(frozen=True, slots=True)
class Refilling(JsonObject, schema="RefillingDocument"):
    """What refilling a post with a person of a group would bring: the rate per full post and year, or open."""

    post: int
    granted_group: str | None
    new_group: str
    day: date
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Periods(JsonDocument, schema="PeriodsDocument"):
    """What `vwv-im periods` prints."""

    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Amounts(JsonDocument, schema="AmountsDocument"):
    """What `vwv-im amounts` prints: amounts by funding year and calendar year, sums, what is open, the own share."""

    foerderjahre: tuple[Amount, ...]
    haushaltsjahre: tuple[Amount, ...]
    summen: tuple[YearTotal, ...]
    offen: tuple[OpenAmount, ...]
    eigenanteil_eur_jahr: Mapping[FactPath, Json]


@dataclass(frozen=True, slots=True)
class Refillings(JsonDocument, schema="RefillingsDocument"):
    """What `vwv-im refill` prints."""

    refillings: tuple[Refilling, ...]


@dataclass(frozen=True, slots=True)
class Duties(JsonDocument, schema="DutiesDocument"):
    """What `vwv-im duties` prints."""

    duties: tuple[Owed, ...]


def periods(decision: Decision) -> tuple[Period, ...]:
    """Return the funding period of each post under each Fassung, with the months left from the day of the decision."""
    found = []
    facts = ("hoechstdauer_monate", "bewilligungsende", "restmonate", "resttage")
    for fassung in decision.regulation.fassungen:
        program = programs_of(decision.regulation).get(fassung.id, (), "antrag").direct
        evaluation = program.evaluate(decision.case, decision.on, decision.request.readings)
        for post in _posts(evaluation):
            values: list[Any] = [_value(program, evaluation, post, fact) for fact in facts]
            found.append(Period(post, fassung.id, *values))
    return tuple(found)


def funding_years(decision: Decision) -> tuple[Amount, ...]:
    """Return what each post brings in each funding year; posts whose start, size, group or end is open are left out."""
    return tuple(amount for post in _posts(decision.context.evaluation) for amount in _funding_years(decision, post))


def calendar_years(decision: Decision) -> tuple[Amount, ...]:
    """Return what each post brings in each calendar year: whole funding months by twelfths, parts by their days."""
    return tuple(amount for post in _posts(decision.context.evaluation) for amount in _calendar_years(decision, post))


def open_amounts(decision: Decision) -> tuple[OpenAmount, ...]:
    """Return the posts of which no amount can be computed, each with the facts that the case would have to state."""
    context = decision.context
    posts = zip(_posts(context.evaluation), context.subjects("stelle"), strict=False)  # unstated posts are a subject
    return tuple(
        OpenAmount(post, tuple(dict.fromkeys(path for fact in _NEEDED for path in lacking(context, fact, subject))))
        for post, subject in posts
        if not _months(decision, post)
    )


def totals(decision: Decision) -> tuple[YearTotal, ...]:
    """Return the sum of all posts in each calendar year against the frame; the frame is an annual amount."""
    sums: dict[int, Decimal] = {}
    for amount in calendar_years(decision):
        sums[amount.first.year] = sums.get(amount.first.year, Decimal(0)) + amount.amount
    context = decision.context
    (top,) = context.subjects("antrag")
    frame = context.value("antrag.planungsrahmen_eur", top)
    return tuple(
        YearTotal(year, amount, frame, None if frame is None else min(amount, frame))
        for year, amount in sorted(sums.items())
    )


def refillings(decision: Decision) -> tuple[Refilling, ...]:
    """Return for each post what refilling it on the day of the decision with a person of each group would bring.

    The group first granted is the one stated, else the one derived for the post.
    """
    found = []
    for post in _posts(decision.context.evaluation):
        granted = _granted_group(decision, post)
        day = _stated(decision, post).nachbesetzt_ab or decision.on
        for group in _PERSONS:
            case = _refilled(decision.case, post, granted, group, day)
            found.append(Refilling(post, granted, group, day, _rate(decision, case, post, decision.on)))
    return tuple(found)


_PERSONS: dict[str, dict[str, Any]] = {
    "a": {"hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen"},
    "b": {"hochschulabschluss": "bachelor", "fachrichtung": "andere_geeignete"},
    "c": {
        "hochschulabschluss": "keiner",
        "fachrichtung": None,
        "schulabschluss": "mittlerer",
        "berufsausbildung": True,
        "zusatzvoraussetzung": True,
    },
}


def _posts(evaluation: Evaluation) -> range:
    return range(sum(subject.stated for subject in evaluation.frames.subjects("stelle")))


def _value(program: Direct, evaluation: Evaluation, post: int, fact: str) -> Any:
    return program.layout.value(evaluation.frames.of["stelle"][post], "stelle", f"stelle.{fact}")


def _stated(decision: Decision, post: int) -> Stelle:
    return _application(decision.case)[1][post]


def _application(case: Case) -> tuple[Antrag, tuple[Stelle, ...]]:
    if case.antrag is None or case.antrag.stellen is None:
        raise LookupError("the case states no posts")
    return case.antrag, case.antrag.stellen


def _granted_group(decision: Decision, post: int) -> str | None:
    if (stated := _stated(decision, post).bewilligte_gruppe) is not None:
        return stated
    derived: str | None = _value(decision.context.program, decision.context.evaluation, post, "qualifikationsgruppe")
    return derived if derived in _PERSONS else None


def _refilled(case: Case, post: int, granted: str | None, group: str, day: date) -> Case:
    antrag, stated = _application(case)
    changes = {**_PERSONS[group], "bewilligte_gruppe": granted, "nachbesetzt_ab": day}
    posts = (*stated[:post], stated[post].model_copy(update=changes), *stated[post + 1 :])
    antrag = antrag.model_copy(update={"art": "nachbesetzung", "stellen": posts})
    return case.model_copy(update={"antrag": antrag})


def _rate(decision: Decision, case: Case, post: int, day: date) -> Decimal | None:
    """Return the rate per full post and year that the rules derive for a day."""
    program = decision.context.program
    evaluation = program.evaluate(case, day, decision.request.readings)
    rate: Decimal | None = _value(program, evaluation, post, "festbetrag_eur_jahr")
    return rate


@dataclass(frozen=True, slots=True)
class _Month:
    number: int
    first: date
    last: date
    amount: Fraction

    def within(self, year: int) -> Fraction:
        """Return the part of the month's amount that falls into a calendar year, by days."""
        first, last = max(self.first, date(year, 1, 1)), min(self.last, date(year, 12, 31))
        days = (last - first).days + 1
        return self.amount * days / ((self.last - self.first).days + 1) if days > 0 else Fraction(0)


def _months(decision: Decision, post: int) -> list[_Month]:
    """Return the funding months of a post, each a twelfth of the rate of its first day times the size of the post."""
    program, evaluation = decision.context.program, decision.context.evaluation
    if _value(program, evaluation, post, "foerderbetrag_eur") is None:
        return []
    stated = _stated(decision, post)
    start, size = stated.beschaeftigungsbeginn, stated.vzae
    length: int = _value(program, evaluation, post, "hoechstdauer_monate")
    if start is None or size is None:
        return []
    months, first = [], start
    for number in range(1, length + 1):
        last = period_end(start, number)
        rate = _rate(decision, decision.case, post, first)
        if rate is None:
            return []
        months.append(_Month(number, first, last, Fraction(rate) * Fraction(size) / 12))
        first = last + _DAY
    return months


def _funding_years(decision: Decision, post: int) -> Iterator[Amount]:
    months = _months(decision, post)
    for index in range(0, len(months), 12):
        year = months[index : index + 12]
        total = rounded_to_cent(sum((month.amount for month in year), Fraction(0)))
        yield Amount(post, str(index // 12 + 1), year[0].first, year[-1].last, total)


def _calendar_years(decision: Decision, post: int) -> Iterator[Amount]:
    months = _months(decision, post)
    if not months:
        return
    begin, end = months[0].first, months[-1].last
    for year in range(begin.year, end.year + 1):
        total = rounded_to_cent(sum((month.within(year) for month in months), Fraction(0)))
        yield Amount(post, str(year), max(begin, date(year, 1, 1)), min(end, date(year, 12, 31)), total)
