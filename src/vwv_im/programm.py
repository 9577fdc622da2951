"""Calculators that only this programme has, in code.

What a calculator returns follows from the rules: periods and rates are derived facts, amounts by year are facts of the
series of a post and of an application, exact and in parts of a year. In code stands what the language of the rules
cannot say: sharing out cents so that years add up to the whole, one case under each Fassung, and a case with another
person in a post.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from vwv_im.decision import decision_page
from vwv_im.decision.blocks import Block, Column, Heading, Table, TableRow
from vwv_im.decision.case_edits import with_changes
from vwv_im.decision.citations import Grades
from vwv_im.decision.compare import decide_as
from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import PageDetail
from vwv_im.decision.duties import Owed
from vwv_im.decision.evaluate import programs_of
from vwv_im.decision.list_tables import name_of
from vwv_im.decision.missing import Asking, lacking
from vwv_im.decision.workings import Workings
from vwv_im.lang.dates import MONTH_PARTS
from vwv_im.lang.numbers import rounded_to_cent
from vwv_im.law import GRADES, Ableitung, Regulation
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, Json, JsonDocument, JsonObject, Language, Text, written_amount, written_day


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
class CappedYear(JsonObject, schema="CappedYearDocument"):
    """A year in which the frame caps what all posts bring: their sum, the frame for these months, what is left."""

    label: str
    first: date
    last: date
    amount: Decimal
    frame: Decimal
    capped: Decimal


@dataclass(frozen=True, slots=True)
class YearTotal(JsonObject, schema="YearTotalDocument"):
    """What falls into a calendar year: the sum of the posts' rows, the annual frame, its part of the capped total.

    `capped` is open where the whole amount is.
    """

    year: int
    amount: Decimal
    frame: Decimal | None
    capped: Decimal | None


@dataclass(frozen=True, slots=True)
class Refilling(JsonObject, schema="RefillingDocument"):
    """What refilling a post with a person of a group would bring: the rate per full post and year, or open.

    `evidence` says what the rate rests on: the weakest grade, and who published the amounts in it.
    """

    post: int
    granted_group: str | None
    new_group: str
    day: date
    rate: Decimal | None
    evidence: Text | None


@dataclass(frozen=True, slots=True)
class Periods(JsonDocument, schema="PeriodsDocument"):
    """What `vwv-im periods` prints."""

    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Amounts(JsonDocument, schema="AmountsDocument"):
    """What `vwv-im amounts` prints: amounts by funding year and calendar year, sums, what is open, the own share.

    The rows of a post add up to its amount, those of `deckeljahre` and `summen` to `foerderbetrag_eur`, the capped
    amount for the application over the whole period.
    """

    foerderjahre: tuple[Amount, ...]
    haushaltsjahre: tuple[Amount, ...]
    deckeljahre: tuple[CappedYear, ...]
    summen: tuple[YearTotal, ...]
    foerderbetrag_eur: Decimal | None
    offen: tuple[OpenAmount, ...]
    eigenanteil_eur_jahr: Mapping[FactPath, Json]
    ueberschuss_eur_jahr: Mapping[FactPath, Json]


@dataclass(frozen=True, slots=True)
class Refillings(JsonDocument, schema="RefillingsDocument"):
    """What `vwv-im refill` prints."""

    refillings: tuple[Refilling, ...]


@dataclass(frozen=True, slots=True)
class Duties(JsonDocument, schema="DutiesDocument"):
    """What `vwv-im duties` prints."""

    duties: tuple[Owed, ...]


Sums = Iterable[tuple[Text, Mapping[str, Decimal | None]]]
"""Rows below those of the posts: how each is called, and its amounts by year."""
_RATE, _TOTAL = "stelle.festbetrag_eur_jahr", "antrag.foerderbetrag_eur"
_PARTS = 12 * MONTH_PARTS
"""The parts of a year in which amounts by year are counted."""
_CENT = Decimal("0.01")
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
    return derived >= {*_NEEDED, _RATE, _TOTAL, *(f"{one}.ungekuerzt" for one in ("foerderjahr", "haushaltsjahr"))}


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


def asked_for_periods(decision: Decision) -> Iterator[Text]:
    """Yield the questions to be answered before each period is known under each Fassung."""
    law = decision.regulation
    for state in (one for one in law.laws if not one.erlasse):
        context = decide_as(law, state, decision.case, decision.request).context
        for post in _stated_subjects(context.subjects("stelle")):
            yield from (question for _, question in Asking(context, prune=True).of_fact(_NEEDED[1], post))


def amounts(decision: Decision) -> Amounts:
    """Return what each post brings in each funding year and calendar year, the sums, and what is open."""
    context = decision.on_request
    (top,) = context.subjects("antrag")
    total = context.value(_TOTAL, top)
    years, capped = tuple(_amounts(context, "haushaltsjahr")), tuple(_capped(context, total))
    own, surplus = (
        {path: value for path, value in decision.derived.items() if path.endswith(fact)}
        for fact in ("eigenanteil_eur_jahr", "ueberschuss_eur_jahr")
    )
    totals = tuple(_totals(years, context.value("antrag.planungsrahmen_eur", top), _by_calendar(context, total)))
    posts, offen = tuple(_amounts(context, "foerderjahr")), tuple(_open_amounts(decision.context))
    return Amounts(posts, years, capped, totals, total, offen, own, surplus)


def page_of(decision: Decision, lang: Language, detail: PageDetail = "full") -> list[Block]:
    """Return the page of a decision with the amounts by year where it is full; see `Decision.page`."""
    return decision_page.page_of(decision, lang, detail, () if detail == "short" else year_tables(decision, lang))


def year_tables(decision: Decision, lang: Language) -> Iterator[Block]:
    """Yield the amounts of each post by funding year and by calendar year, and the years that the frame caps."""
    if decision.outcome != "decided" or not knows_posts(decision.regulation) or decision.context.plan.top != "antrag":
        return
    found = amounts(decision)
    if not found.foerderjahre:
        return
    yield Heading(2, Text("Beträge je Jahr", "Amounts by year").in_(lang), "years")
    numbered = Text("{}. Förderjahr", "funding year {}").in_(lang)
    yield from _by_post(decision, found.foerderjahre, Text("Je Förderjahr", "By funding year"), numbered, (), lang)
    sums = (
        (Text("alle Stellen", "all posts"), {str(one.year): one.amount for one in found.summen}),
        (Text("davon höchstens", "of it at most"), {str(one.year): one.capped for one in found.summen}),
    )
    yield from _by_post(decision, found.haushaltsjahre, Text("Je Haushaltsjahr", "By calendar year"), "{}", sums, lang)
    if found.deckeljahre:
        head = (
            Text("Jahr|von|bis|Summe|Planungsrahmen|höchstens", "Year|from|to|Sum|Frame|at most").in_(lang).split("|")
        )
        title = Text("Was der Planungsrahmen begrenzt", "What the frame caps").in_(lang)
        rows = (
            TableRow(
                (
                    one.label,
                    *(written_day(day, lang) for day in (one.first, one.last)),
                    *(_amount(part, lang) for part in (one.amount, one.frame, one.capped)),
                )
            )
            for one in found.deckeljahre
        )
        columns = *map(Column, head[:3]), *(Column(word, "right") for word in head[3:])
        yield Heading(3, title)
        yield Table(title, columns, tuple(rows))


def _by_post(
    decision: Decision, found: Sequence[Amount], title: Text, year: str, sums: Sums, lang: Language
) -> Iterator[Block]:
    """Yield a table with a row for each post and a column for each year; `sums` are further rows."""
    labels = sorted({one.label for one in found}, key=int)
    posts: dict[str, dict[str, Decimal | None]] = {}
    for one in found:
        name = name_of(decision, decision.context.subjects("stelle")[one.post], lang)
        posts.setdefault(name, {})[one.label] = one.amount
    rows = [*posts.items(), *((words.in_(lang), by_year) for words, by_year in sums)]
    yield Heading(3, title.in_(lang))
    yield Table(
        title.in_(lang),
        (Column(Text("Stelle", "Post").in_(lang)), *(Column(year.format(label), "right") for label in labels)),
        tuple(TableRow((name, *(_amount(by_year.get(label), lang) for label in labels))) for name, by_year in rows),
    )


def _amount(amount: Decimal | None, lang: Language) -> str:
    return "–" if amount is None else written_amount(amount, lang)


def share_out(total: Decimal, exact: Sequence[Fraction]) -> list[Decimal]:
    """Return amounts as whole cents that add up to `total`, their sum rounded: by largest remainder, ties to the first.

    >>> share_out(Decimal("1.00"), [Fraction(1, 3)] * 3)
    [Decimal('0.34'), Decimal('0.33'), Decimal('0.33')]
    """
    cents = [floor(100 * amount) for amount in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: cents[n] - 100 * exact[n])
    for n in by_remainder[: int(total * 100) - sum(cents)]:
        cents[n] += 1
    return [cent * _CENT for cent in cents]


def groups_of(law: Regulation) -> Mapping[str, Text]:
    """Return what the groups of persons are called."""
    return law.vocabulary.facts["stelle.bewilligte_gruppe"].labels


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
            found.append(Refilling(number, granted, group, day, *rate))
    return tuple(found)


def _rate(decision: Decision, post: Subject, facts: Mapping[str, Any]) -> tuple[Decimal | None, Text | None]:
    """Return the rate per full post and year that the rules derive for a post that is refilled, and its evidence."""
    law, program = decision.regulation, decision.context.direct
    case = with_changes(decision.case, {"antrag.art": "nachbesetzung", **facts})
    evaluation = program.evaluate(case, decision.on, decision.request.readings)
    context = Context(law, decision.context.fassung, program, evaluation)
    refilled = context.subjects(post.scope)[post.number or 0]
    grade = Grades(context).of_fact(_RATE, refilled)
    if (rate := context.value(_RATE, refilled)) is None or grade is None or grade == "angabe":
        return rate, None
    cited = Workings(context, "de").of(context.plan.producers[_RATE], refilled).first_citations()
    names = ", ".join(dict.fromkeys(law.sources[one.source].herausgeber for one in cited if one.source))
    return rate, Text(*(f"{word}{': ' if names else ''}{names}" for word in GRADES[grade]))


def _stated_subjects(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return tuple(subject for subject in subjects if subject.stated)


def _is_computed(context: Context, post: Subject) -> bool:
    """Whether the amount of a post and its period are known: else its years are open as well."""
    return all(context.value(fact, post) is not None for fact in _NEEDED)


def _amounts(context: Context, scope: str) -> Iterator[Amount]:
    """Yield what each post brings in each year of a series; posts whose amount is open are left out."""
    for post in _stated_subjects(context.subjects("stelle")):
        if _is_computed(context, post):
            years = [year for year in context.subjects(scope) if year.above == post]
            spans = [tuple(context.value(f"{scope}.{f}", year) for f in ("von", "bis", "nummer")) for year in years]
            exact = [Fraction(context.value(f"{scope}.ungekuerzt", year)) / _PARTS for year in years]
            shares = share_out(context.value("stelle.foerderbetrag_eur", post), exact)
            for (first, last, number), amount in zip(spans, shares, strict=True):
                yield Amount(
                    post.number or 0, str(number if scope == "foerderjahr" else first.year), first, last, amount
                )


def _capped(context: Context, total: Decimal | None) -> Iterator[CappedYear]:
    """Yield the years in which the frame caps the funding; none where the whole is open."""
    if total is not None:
        facts = ("nummer", "von", "bis", "ungekuerzt", "rahmen", "gekuerzt")
        years = [
            [context.value(f"deckeljahr.{fact}", year) for fact in facts] for year in context.subjects("deckeljahr")
        ]
        exact = [[Fraction(part) / _PARTS for part in year[3:]] for year in years]
        whole, _, capped = zip(*exact, strict=True) if exact else ((), (), ())
        shares = zip(share_out(rounded_to_cent(sum(whole)), whole), share_out(total, capped), strict=True)
        for (number, first, last, *_), (_, frame, _), (amount, left) in zip(years, exact, shares, strict=True):
            yield CappedYear(str(number), first, last, amount, rounded_to_cent(frame), left)


def _by_calendar(context: Context, total: Decimal | None) -> Mapping[int, Decimal]:
    """Return the part of the capped total in each calendar year.

    What a year of the frame brings is spread over calendar years like the uncapped amounts that fall into them.
    """
    exact: dict[int, Fraction] = {}
    for part in context.subjects("abschnitt") if total is not None else ():
        whole, capped = (Fraction(context.value(f"deckeljahr.{f}", part)) for f in ("ungekuerzt", "gekuerzt"))
        share = Fraction(context.value("abschnitt.ungekuerzt", part)) / whole if whole else Fraction(0)
        year = context.value("abschnitt.von", part).year
        exact[year] = exact.get(year, Fraction(0)) + capped * share / _PARTS
    years = sorted(exact)
    return dict(zip(years, share_out(total or Decimal(0), [exact[year] for year in years]), strict=True))


def _totals(years: Iterable[Amount], frame: Decimal | None, capped: Mapping[int, Decimal]) -> Iterator[YearTotal]:
    """Yield the sum of all posts in each calendar year, with the year's part of the capped total."""
    sums: dict[int, Decimal] = {}
    for one in years:
        sums[one.first.year] = sums.get(one.first.year, Decimal(0)) + one.amount
    for year, amount in sorted(sums.items()):
        yield YearTotal(year, amount, frame, capped.get(year))


def _open_amounts(context: Context) -> Iterator[OpenAmount]:
    """Yield the posts of which no amount can be computed, each with the facts that the case would have to state."""
    for number, post in enumerate(context.subjects("stelle")):
        if post.stated and not _is_computed(context, post):
            paths = (path for fact in _NEEDED for path in lacking(context, fact, post))
            yield OpenAmount(number, tuple(dict.fromkeys(paths)))
