"""Choosing the Fassung for a day, as known on a day. The days stand here by hand, not read from the rule files."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from support import toy
from vwv_im.law.choice import ApplicableFassung
from vwv_im.law.regulation import regulation

A2017, A2019, A2020, A2022 = "2017-12-11", "2019-08-28", "2020-11-11", "2022-01-26"
END = "2023-06-06"
LATE = {f"inkrafttreten_{year}": "spaet" for year in (2017, 2019, 2022)}
DAY = timedelta(days=1)

# first day on which each Fassung applies, early and late; None: before the first, after the end
EARLY_STARTS = [("2017-01-01", None, A2017), ("2019-01-01", A2017, A2019), ("2020-01-01", A2019, A2020)]
EARLY_STARTS += [("2022-01-01", A2020, A2022), (END, A2022, None)]
LATE_STARTS = [("2017-12-11", None, A2017), ("2019-08-28", A2017, A2019), ("2020-01-01", A2019, A2020)]
LATE_STARTS += [("2022-01-26", A2020, A2022), (END, A2022, None)]


def choose(on: str, known_on: str | None = None, readings: dict[str, str] | None = None) -> ApplicableFassung:
    return regulation().choose(
        date.fromisoformat(on), None if known_on is None else date.fromisoformat(known_on), readings
    )


def inside(choice: ApplicableFassung) -> str | None:
    return choice.basis if choice.status == "inside" else None


def days(choice: ApplicableFassung) -> tuple[str | None, str | None]:
    return tuple(day.isoformat() if day else None for day in (choice.gilt_ab, choice.gilt_bis))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("readings", "start", "before", "after"),
    [({}, *row) for row in EARLY_STARTS] + [(LATE, *row) for row in LATE_STARTS],
)
def test_a_fassung_applies_from_its_first_day_on(
    readings: dict[str, str], start: str, before: str | None, after: str | None
) -> None:
    first = date.fromisoformat(start)
    found = [inside(choose(day.isoformat(), None, readings)) for day in (first - DAY, first, first + DAY)]
    assert found == [before, after, after]


@pytest.mark.parametrize(("readings", "starts"), [({}, EARLY_STARTS), (LATE, LATE_STARTS)], ids=["early", "late"])
def test_the_intervals_are_half_open_and_have_no_gap(readings: dict[str, str], starts: list[tuple[str, ...]]) -> None:
    intervals = [days(choose(start, None, readings)) for start, _, after in starts if after]
    bounds = [start for start, *_ in starts]
    assert intervals == list(pairwise(bounds))
    last_days = [(date.fromisoformat(start) - DAY).isoformat() for start in bounds[1:]]
    assert [days(choose(day, None, readings)) for day in last_days] == intervals


# Readings of the day of effect


@pytest.mark.parametrize(
    ("name", "early", "late", "before", "after"),
    [
        ("inkrafttreten_2017", "2017-01-01", "2017-12-11", None, A2017),
        ("inkrafttreten_2019", "2019-01-01", "2019-08-28", A2017, A2019),
        ("inkrafttreten_2022", "2022-01-01", "2022-01-26", A2020, A2022),
    ],
)
def test_a_reading_decides_inside_its_span_only(
    name: str, early: str, late: str, before: str | None, after: str
) -> None:
    first, last = date.fromisoformat(early), date.fromisoformat(late) - DAY
    for day in (first, first + DAY, last - DAY, last):
        frueh, spaet = (choose(day.isoformat(), None, {name: reading}) for reading in ("frueh", "spaet"))
        assert (inside(frueh), inside(spaet)) == (after, before)
        assert frueh.readings == spaet.readings == (name,)
    for day in (first - DAY, last + DAY):
        frueh, spaet = (choose(day.isoformat(), None, {name: reading}) for reading in ("frueh", "spaet"))
        assert inside(frueh) == inside(spaet)
        assert frueh.readings == spaet.readings == ()


def test_inside_a_span_the_reason_tells_that_the_day_is_open() -> None:
    because = choose("2019-03-01").because
    assert "2019" in because.de
    assert "ist offen" in because.de
    assert "1. Januar 2019" in because.de
    assert "28. August 2019" in because.de
    assert "is open" in because.en
    assert "ist offen" not in choose("2019-08-28").because.de


def test_a_day_of_effect_without_a_span_is_not_disputed() -> None:
    for day in ("2019-12-31", "2020-01-01", "2020-11-10", "2021-12-31"):
        assert choose(day).readings == ()


def test_an_act_not_yet_known_is_not_disputed() -> None:
    assert choose("2019-03-01", "2019-03-01").readings == ()
    assert choose("2019-03-01", "2019-08-28").readings == ("inkrafttreten_2019",)


# Knowledge


def test_the_longest_period_of_june_2020_depends_on_what_was_known() -> None:
    """The act of 11.11.2020 applies from 01.01.2020: 36 months as known in June, 60 as known in December."""
    then, later, now = (choose("2020-06-01", known) for known in ("2020-06-01", "2020-12-01", None))
    law = regulation()
    months = [
        law.fassung(choice.basis).parameters["hoechstdauer_monate"].model.wert
        for choice in (then, later, now)
        if choice.basis
    ]
    assert [choice.basis for choice in (then, later, now)] == [A2019, A2020, A2020]
    assert months == [36, 60, 60]
    assert (
        "noch nicht bekannt war die Änderung vom 11.11.2020, die rückwirkend ab dem 1. Januar 2020" in then.because.de
    )
    assert "not yet known was the amendment of 11 November 2020" in then.because.en
    assert "rückwirkend (ausgefertigt am 11. November 2020)" in later.because.de
    assert "retroactively (signed on 11 November 2020)" in later.because.en
    assert "was am 1. Dezember 2020 bekannt war" in later.because.de
    assert "bekannt war" not in now.because.de


@pytest.mark.parametrize(
    ("act", "on", "before"),
    [
        (A2017, "2017-06-01", None),
        (A2019, "2019-03-01", A2017),
        (A2020, "2020-03-01", A2019),
        (A2022, "2022-01-15", A2020),
    ],
)
def test_an_act_is_known_from_the_day_of_its_signature(act: str, on: str, before: str | None) -> None:
    signed = date.fromisoformat(act)
    found = [inside(choose(on, (signed + offset).isoformat())) for offset in (-DAY, 0 * DAY, DAY)]
    assert found == [before, act, act]


@pytest.mark.parametrize("known_on", ["2016-01-01", "2017-07-24", "2017-12-10"])
def test_before_the_first_act_only_the_provisional_guidance_was_known(known_on: str) -> None:
    choice = choose("2018-06-01", known_on)
    assert (choice.status, choice.basis, choice.nearest) == ("unknown", None, A2017)
    assert (choice.gilt_ab, choice.gilt_bis, choice.erlasse) == (None, None, ())
    assert "vorläufigen Hinweise“ des Ministeriums vom Juli 2017" in choice.because.de
    assert "VwV Integrationsmanagement vom 11.12.2017" in choice.because.de
    assert "vorläufige Hinweise" in choice.because.en
    assert "vorläufig" not in choose("2018-06-01", "2017-12-11").because.de


@pytest.mark.parametrize(
    ("known_on", "announced"),
    [
        ("2018-11-15", False),
        ("2018-11-16", True),
        ("2018-11-17", True),
        ("2019-08-27", True),
        ("2019-08-28", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("on", ["2018-11-20", "2019-03-01", "2019-08-27"])
def test_the_letter_of_november_2018_is_named_until_the_act(on: str, known_on: str | None, announced: bool) -> None:
    because = choose(on, known_on).because
    assert ("Schreiben vom 16.11.2018" in because.de) is announced
    assert ("letter of 16 November 2018" in because.en) is announced


@pytest.mark.parametrize(
    ("on", "known_on", "expected"),
    [
        ("2018-06-01", "2018-06-01", ("2017-01-01", END)),
        ("2018-06-01", "2019-08-27", ("2017-01-01", END)),
        ("2018-06-01", "2019-08-28", ("2017-01-01", "2019-01-01")),
        ("2019-06-01", "2020-11-10", ("2019-01-01", END)),
        ("2019-06-01", "2020-11-11", ("2019-01-01", "2020-01-01")),
        ("2021-06-01", "2022-01-25", ("2020-01-01", END)),
        ("2021-06-01", None, ("2020-01-01", "2022-01-01")),
        ("2022-06-01", None, ("2022-01-01", END)),
    ],
)
def test_the_end_of_a_fassung_depends_on_what_was_known(
    on: str, known_on: str | None, expected: tuple[str, str]
) -> None:
    assert days(choose(on, known_on)) == expected


def test_the_end_of_a_fassung_follows_the_reading() -> None:
    assert days(choose("2018-06-01", None, {"inkrafttreten_2019": "spaet"})) == ("2017-01-01", "2019-08-28")
    assert days(choose("2018-06-01", None, {"inkrafttreten_2017": "spaet"})) == ("2017-12-11", "2019-01-01")


# Outside


@pytest.mark.parametrize("on", ["1990-01-01", "2016-01-01", "2016-12-31"])
def test_before_the_first_fassung_the_stammfassung_is_named(on: str) -> None:
    choice = choose(on)
    assert (choice.status, choice.basis, choice.nearest, choice.successor) == ("before", None, A2017, None)
    assert "VwV Integrationsmanagement vom 11.12.2017" in choice.because.de
    assert "1. Januar 2017" in choice.because.de
    assert "VwV Integrationsmanagement of 11 December 2017" in choice.because.en


def test_before_the_late_day_of_the_first_fassung() -> None:
    choice = choose("2017-06-01", None, {"inkrafttreten_2017": "spaet"})
    assert (choice.status, choice.nearest, choice.readings) == ("before", A2017, ("inkrafttreten_2017",))
    assert "11. Dezember 2017" in choice.because.de


@pytest.mark.parametrize(
    ("known_on", "basis", "nearest"),
    [
        (None, A2022, A2022),
        ("2023-06-06", A2022, A2022),
        ("2022-01-26", A2022, A2022),
        ("2022-01-25", A2020, A2020),
        ("2018-01-01", A2017, A2017),
        ("2017-12-10", None, A2017),
    ],
)
@pytest.mark.parametrize("on", [END, "2024-01-01", "2099-12-31"])
def test_the_end_binds_whatever_was_known(on: str, known_on: str | None, basis: str | None, nearest: str) -> None:
    choice = choose(on, known_on)
    assert (choice.status, choice.basis, choice.nearest) == ("after", basis, nearest)
    assert (choice.gilt_ab, choice.gilt_bis, choice.readings) == (None, None, ())
    assert choice.successor is not None
    assert "VwV Integrationsmanagement 2023" in choice.successor.de
    assert choice.successor.de in choice.because.de
    assert choice.successor.en in choice.because.en


@pytest.mark.parametrize("on", ["2016-06-01", "2017-06-01", "2019-03-01", "2020-06-01", "2022-01-10", "2024-01-01"])
@pytest.mark.parametrize("known_on", [None, "2017-08-01", "2018-12-01", "2020-06-01", "2022-12-31"])
@pytest.mark.parametrize("readings", [{}, LATE], ids=["early", "late"])
def test_every_choice_is_explained_in_both_languages(on: str, known_on: str | None, readings: dict[str, str]) -> None:
    because = choose(on, known_on, readings).because
    for text in because:
        assert text.endswith(".")
        assert "  " not in text
        assert "None" not in text
        assert ".." not in text
    assert because.de != because.en


# Erlasse


def test_an_erlass_stands_beside_the_fassung_from_its_day_on() -> None:
    """The decree of the toy: signed, known and in force on 01.09.2003, beside the Fassung of 01.06.2003."""
    law = toy()
    found = {day: law.choose(date.fromisoformat(day)) for day in ("2003-08-31", "2003-09-01", "2004-12-31")}
    assert [choice.erlasse for choice in found.values()] == [(), ("2003-09-01",), ("2003-09-01",)]
    assert {choice.basis for choice in found.values()} == {"2003-06-01"}
    assert law.choose(date(2004, 6, 1), date(2003, 8, 31)).erlasse == ()
    assert law.choose(date(2004, 6, 1), date(2003, 9, 1)).erlasse == ("2003-09-01",)
    assert law.choose(date(2005, 6, 1)).erlasse == ("2003-09-01",), "after the end, under the last Fassung known"
    assert law.choose(date(2005, 6, 1), date(2001, 2, 28)).erlasse == ()
    assert found["2003-09-01"].gilt_bis == date(2005, 1, 1), "an Erlass begins no Fassung"


def test_no_real_erlass_stands_beside_a_fassung_before_its_day() -> None:
    for act in regulation().acts:
        if act.art == "erlass":
            first = act.gilt_ab.datum
            assert act.id not in choose((first - DAY).isoformat()).erlasse
            assert act.id in choose(first.isoformat()).erlasse
            assert act.id not in choose(first.isoformat(), (act.bekannt_ab.datum - DAY).isoformat()).erlasse
    assert choose("2022-03-10").erlasse == ()


def test_a_retroactive_act_of_the_toy() -> None:
    law = toy()
    on = date(2002, 3, 1)
    assert [law.choose(on, known).basis for known in (date(2002, 5, 31), date(2002, 6, 1))] == [
        "2001-03-01",
        "2002-06-01",
    ]
    assert "Bürgermeister" in law.choose(on, date(2001, 2, 28)).because.de
