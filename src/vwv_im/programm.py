"""Calculators that only this programme has, in code.

What a calculator returns follows from the rules: periods and rates are derived facts, amounts by year are facts of the
series `foerderjahre` and `haushaltsjahre` of a post. In code stands what the language of the rules cannot say: adding
up over posts what falls into one calendar year, one case under each Fassung, and a case with another person in a post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from vwv_im.decision.case_edits import with_changes
from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.decision.evaluate import programs_of
from vwv_im.decision.missing import lacking
from vwv_im.law import Ableitung, Regulation
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, Json, JsonDocument, JsonObject


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


_RATE = "stelle.festbetrag_eur_jahr"
_NEEDED = ("stelle.foerderbetrag_eur", "stelle.bewilligungsende")
_PERIOD = ("hoechstdauer_monate", "bewilligungsende", "restmonate", "resttage")
_PERSONS: Mapping[str, Mapping[str, Any]] = {
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
"""A person of each group, as a case states one."""


def knows_posts(law: Regulation) -> bool:
    """Whether rules speak of what the calculators on posts compute with."""
    derived = {item.model.ergibt for item in law.items if isinstance(item.model, Ableitung)}
    return law.vocabulary.entities.keys() >= {"foerderjahr", "haushaltsjahr"} and derived >= {*_NEEDED, _RATE}


def periods(decision: Decision) -> tuple[Period, ...]:
    """Return the funding period of each post under each Fassung, with the months left from the day of the decision."""
    found = []
    for fassung in decision.regulation.fassungen:
        program = programs_of(decision.regulation).get(fassung.id, (), decision.question).direct
        evaluation = program.evaluate(decision.case, decision.on, decision.request.readings)
        for number, post in enumerate(_stated_subjects(evaluation.records.subjects("stelle"))):
            values: list[Any] = [program.layout.value(post.record, "stelle", f"stelle.{fact}") for fact in _PERIOD]
            found.append(Period(number, fassung.id, *values))
    return tuple(found)


def amounts(decision: Decision) -> Amounts:
    """Return what each post brings in each funding year and calendar year, the sums, and what is open."""
    years = tuple(_amounts(decision.on_request, "haushaltsjahr"))
    return Amounts(
        tuple(_amounts(decision.on_request, "foerderjahr")),
        years,
        tuple(_totals(decision, years)),
        tuple(_open_amounts(decision.context)),
        {path: value for path, value in decision.derived.items() if path.endswith("eigenanteil_eur_jahr")},
    )


def refillings(decision: Decision) -> tuple[Refilling, ...]:
    """Return for each post what refilling it on the day of the decision with a person of each group would bring.

    The group first granted is the one stated, else the one derived for the post.
    """
    context, found = decision.context, []
    for number, post in enumerate(_stated_subjects(context.subjects("stelle"))):
        derived = context.value("stelle.qualifikationsgruppe", post)
        granted = context.value("stelle.bewilligte_gruppe", post) or (derived if derived in _PERSONS else None)
        day = context.value("stelle.nachbesetzt_ab", post) or decision.on
        for group, person in _PERSONS.items():
            facts = {**person, "bewilligte_gruppe": granted, "nachbesetzt_ab": day}
            rate = _rate(decision, post, {f"{post.name}.{fact}": value for fact, value in facts.items()})
            found.append(Refilling(number, granted, group, day, rate))
    return tuple(found)


def _rate(decision: Decision, post: Subject, facts: Mapping[str, Any]) -> Decimal | None:
    """Return the rate per full post and year that the rules derive for a post that is refilled."""
    program = decision.context.direct
    case = with_changes(decision.case, {"antrag.art": "nachbesetzung", **facts})
    refilled = program.evaluate(case, decision.on, decision.request.readings).records.of["stelle"][post.number or 0]
    rate: Decimal | None = program.layout.value(refilled, "stelle", _RATE)
    return rate


def _stated_subjects(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return tuple(subject for subject in subjects if subject.stated)


def _is_computed(context: Context, post: Subject) -> bool:
    """Whether the amount of a post and its period are known: else its years are open as well."""
    return all(context.value(fact, post) is not None for fact in _NEEDED)


def _amounts(context: Context, scope: str) -> Iterator[Amount]:
    """Yield what each post brings in each year of a series; posts whose amount is open are left out."""
    for year in _stated_subjects(context.subjects(scope)):
        first, last, number, amount = (
            context.value(f"{scope}.{f}", year) for f in ("von", "bis", "nummer", "betrag_eur")
        )
        if amount is not None and year.above is not None and _is_computed(context, year.above):
            label = number if scope == "foerderjahr" else first.year
            yield Amount(year.above.number or 0, str(label), first, last, amount)


def _totals(decision: Decision, years: tuple[Amount, ...]) -> Iterator[YearTotal]:
    """Yield the sum of all posts in each calendar year against the frame; the frame is an annual amount."""
    sums: dict[int, Decimal] = {}
    for one in years:
        sums[one.first.year] = sums.get(one.first.year, Decimal(0)) + one.amount
    (top,) = decision.context.subjects("antrag")
    frame = decision.context.value("antrag.planungsrahmen_eur", top)
    for year, amount in sorted(sums.items()):
        yield YearTotal(year, amount, frame, None if frame is None else min(amount, frame))


def _open_amounts(context: Context) -> Iterator[OpenAmount]:
    """Yield the posts of which no amount can be computed, each with the facts that the case would have to state."""
    for number, post in enumerate(context.subjects("stelle")):
        if post.stated and not _is_computed(context, post):
            paths = (path for fact in _NEEDED for path in lacking(context, fact, post))
            yield OpenAmount(number, tuple(dict.fromkeys(paths)))
