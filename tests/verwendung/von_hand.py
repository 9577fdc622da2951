"""What a funding comes to, counted day by day with the calendar alone: written from the design, not from the engine.

Nothing of `vwv_im` is used here. A day of a granted post is worth its size times the rate of the notice, divided by
twelve and by the days of its funding month; nothing is rounded but the sum of a post, of a notice and of all.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import holidays

DAY = timedelta(days=1)
FULL, LOWER = {"a": 64000, "b": 64000, "c": 51000}, {"a": 60000, "b": 60000, "c": 47000}
LAW_OF_2022, SUCCESSOR = date(2022, 1, 1), date(2023, 6, 6)
Case = dict[str, Any]


def cents(value: Fraction) -> Decimal:
    """Round half up to the cent."""
    sign = -1 if value < 0 else 1
    units = (abs(value) * 200 + 1).__floor__() // 2
    return Decimal(sign * units).scaleb(-2)


def month_begin(first: date, number: int) -> date:
    """Return the first day of the month with a number, counted from 0: or of the next."""
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    try:
        return date(year, month + 1, first.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


class Months:
    """The funding months from a first day: of each day how many days its month has, and its number from 0."""

    def __init__(self, first: date, last: date) -> None:
        self.of: dict[date, tuple[int, int]] = {}
        number, begin = 0, first
        while begin <= last:
            after = month_begin(first, number + 1)
            for step in range((after - begin).days):
                self.of[begin + step * DAY] = (number, (after - begin).days)
            number, begin = number + 1, after


def group(one: Case) -> str:
    """Return the qualification group of a person."""
    degree = one["hochschulabschluss"] != "keiner"
    if degree and one["fachrichtung"] == "sozialwesen":
        return "a"
    if degree and one["fachrichtung"] == "andere_geeignete":
        return "b"
    trained = one["schulabschluss"] in ("mittlerer", "fachhochschulreife", "hochschulreife")
    return "c" if trained and one["berufsausbildung"] and one["zusatzvoraussetzung"] else "keine"


def days(first: date, last: date) -> list[date]:
    """Return the days of a period."""
    return [first + step * DAY for step in range((last - first).days + 1)]


def working_day(day: date) -> date:
    """Return a day, or the next that is no Saturday, Sunday or holiday in Baden-Württemberg."""
    free = holidays.country_holidays("DE", subdiv="BW", years=[day.year, day.year + 1])
    while day.weekday() > 4 or day in free:
        day += DAY
    return day


def months_after(day: date, months: int) -> date:
    """Return the last day of a period of months that begins after a day."""
    return month_begin(day + DAY, months) - DAY


def examined(case: Case, on: date) -> dict[str, Any]:  # noqa: C901, PLR0912, PLR0915 - one account, top down
    """Return what a complete funding comes to, by the paths of the derived facts."""
    funding, found = case["foerderung"], {}
    notices = [one for one in funding["bewilligungen"] if one["art"] != "ablehnung"]
    worth = {id(one): [Fraction(0), Fraction(0)] for one in notices}  # whole, and as far as no later one replaces it
    by_day: dict[date, Fraction] = {}
    least = most = costs = Decimal(0)
    firsts = []
    for number, post in enumerate(funding["stellen"]):
        items = [(n, p) for n in notices for p in n["positionen"] if p["stelle"] == post["id"]]
        staff = [one for one in funding["beschaeftigungen"] if one["stelle"] == post["id"]]
        first = min([post["beschaeftigungsbeginn"], *(p["von"] for _, p in items)])
        firsts.append(first)
        months = Months(first, max([first, *(p["bis"] for _, p in items)]))
        granted = filled = 0
        granted_months = filled_months = low = high = Fraction(0)

        def rates(notice: Case, day: date, months: Months = months) -> dict[str, int]:
            return LOWER if notice["tag"] >= LAW_OF_2022 and months.of[day][0] >= 60 else FULL

        winner: dict[date, tuple[Case, Case]] = {}
        for notice, item in items:
            for day in days(item["von"], item["bis"]):
                value = Fraction(item["vzae"]) * rates(notice, day)[item["gruppe"]] / 12 / months.of[day][1]
                worth[id(notice)][0] += value
                if day not in winner or winner[day][0]["tag"] < notice["tag"]:
                    winner[day] = notice, item
        granted_work = (one for one in staff if not winner.keys().isdisjoint(days(one["von"], one["bis"])))
        costs += sum((Decimal(one["personalkosten_eur"]) for one in granted_work), Decimal(0))
        working: dict[date, dict[str, Fraction]] = {}
        for one in staff:
            for day in days(one["von"], one["bis"]):
                at = working.setdefault(day, {})
                at[group(one)] = at.get(group(one), Fraction(0)) + Fraction(one["vzae"])
        for day, (notice, item) in winner.items():
            share, size, of = Fraction(1, months.of[day][1]), Fraction(item["vzae"]), rates(notice, day)
            at = working.get(day, {})
            degree, trained = at.get("a", Fraction(0)) + at.get("b", Fraction(0)), at.get("c", Fraction(0))
            value = size * of[item["gruppe"]] / 12 * share
            worth[id(notice)][1] += value
            if notice["tag"] < SUCCESSOR:
                by_day[day] = by_day.get(day, Fraction(0)) + value
            counted = min(size, degree)
            granted, granted_months = granted + 1, granted_months + share
            if degree + trained > 0:
                filled, filled_months = filled + 1, filled_months + share
            high += min(size, degree + trained) * of[item["gruppe"]] / 12 * share
            low += (counted * of[item["gruppe"]] + min(size - counted, trained) * of["c"]) / 12 * share
        path = f"foerderung.stellen[{number}]."
        pauses = sum(
            len(set(days(p["von"], p["bis"])) & set(days(one["von"], one["bis"])))
            for one in staff
            for p in one["entgelt_unterbrochen"]
        )
        found |= {
            path + "bewilligte_tage": granted, path + "besetzte_tage": filled,
            path + "unbesetzte_tage": granted - filled,
            path + "unterbrochene_tage": pauses,
            path + "bewilligte_monate": cents(granted_months), path + "besetzte_monate": cents(filled_months),
            path + "gerechtfertigt_mindestens_eur": cents(low), path + "gerechtfertigt_hoechstens_eur": cents(high),
        }  # fmt: skip
        least, most = least + cents(low), most + cents(high)
    total = judged = Decimal(0)
    for number, notice in enumerate(funding["bewilligungen"]):
        whole, effective = worth.get(id(notice), (Fraction(0), Fraction(0)))
        if notice["art"] == "ablehnung" or not whole:
            amount = Decimal(0)
        elif notice.get("betrag_eur") is None:
            amount = cents(effective)
        else:
            amount = cents(Fraction(notice["betrag_eur"]) * effective / whole)
        found[f"foerderung.bewilligungen[{number}].wirksamer_betrag_eur"] = amount
        found[f"foerderung.bewilligungen[{number}].satzbetrag_eur"] = cents(whole)
        total += amount
        judged += amount if notice["tag"] < SUCCESSOR else 0
    paid = sum((Decimal(one["betrag_eur"]) for one in funding["auszahlungen"]), Decimal(0))
    covered = {"mindestens": min(total, least), "hoechstens": min(total, most)}
    found |= {
        "foerderung.bewilligt_eur": total, "foerderung.ausgezahlt_eur": paid,
        "foerderung.gerechtfertigt_mindestens_eur": least, "foerderung.gerechtfertigt_hoechstens_eur": most,
        **{f"foerderung.gedeckt_{name}_eur": amount for name, amount in covered.items()},
        "foerderung.mehr_ausgezahlt_mindestens_eur": max(paid - covered["hoechstens"], Decimal(0)),
        "foerderung.mehr_ausgezahlt_hoechstens_eur": max(paid - covered["mindestens"], Decimal(0)),
        "foerderung.weniger_ausgezahlt_mindestens_eur": max(covered["mindestens"] - paid, Decimal(0)),
        "foerderung.weniger_ausgezahlt_hoechstens_eur": max(covered["hoechstens"] - paid, Decimal(0)),
        "foerderung.personalkosten_eur": costs,
        "foerderung.ueberschuss_eur": max(paid - costs, Decimal(0)),
        "foerderung.eigenanteil_eur": max(costs - paid, Decimal(0)),
    }  # fmt: skip
    ends = [p["bis"] for n in notices if n["tag"] < SUCCESSOR for p in n["positionen"]]
    if ends:
        last, first = max(ends), min(firsts)
        found["foerderung.hoechstbetrag_eur"] = capped(
            by_day, funding["veroeffentlichter_planungsrahmen_eur"], first, last
        )
        due = working_day(months_after(last, 3))
        found |= {"foerderung.letzter_tag": last, "foerderung.nachweisfrist": due}
        for kind in ("verwendungsnachweis", "sachbericht"):
            there = [one["tag"] for one in funding["vorlagen"] if one["art"] == kind and one["tag"] <= on]
            late = max(0, (min(there, default=on) - due).days)
            found |= {f"foerderung.{kind}_verspaetung_tage": late, f"foerderung.{kind}_fehlt": not there and late > 0}
    return found


def capped(by_day: dict[date, Fraction], frame: str, first: date, last: date) -> Decimal:
    """Return what may be granted: year by year from the first day what the days are worth, at most the frame."""
    months, total, number = Months(first, last), Fraction(0), 0
    while month_begin(first, 12 * number) <= last:
        year = days(month_begin(first, 12 * number), min(last, month_begin(first, 12 * number + 12) - DAY))
        cap = sum((Fraction(frame) / 12 / months.of[day][1] for day in year), Fraction(0))
        total += min(cap, sum((by_day.get(day, Fraction(0)) for day in year), Fraction(0)))
        number += 1
    return cents(total)


def random_case(rng: random.Random) -> tuple[Case, date]:
    """Return a complete funding and a day of examination."""

    def span(first: date, last: date) -> dict[str, date]:
        one, other = (first + rng.randrange((last - first).days) * DAY for _ in range(2))
        return {"von": min(one, other), "bis": max(one, other)}

    def size() -> str:
        return rng.choice(["1", "0.5", "0.75", "0.25", "0.333333", "2"])

    posts = [
        {
            "id": str(number),
            "beschaeftigungsbeginn": date(2017, rng.randint(1, 12), rng.choice([1, 15, 28])),
        }
        for number in range(rng.randint(1, 3))
    ]
    for post in posts:
        if rng.random() < 0.3:
            post["beschaeftigungsbeginn"] = rng.choice([date(2017, 10, 31), date(2018, 1, 30), date(2017, 8, 29)])
        post["stand_2018_12_31"] = rng.choice(["besetzt", "besetzt", "keiner"])
    notices: list[Case] = []
    for tag in rng.sample(range(2500), rng.randint(1, 4)):
        positions = [
            {
                "stelle": post["id"],
                **span(date(2017, 10, 1), date(2024, 3, 1)),
                "vzae": size(),
                "gruppe": rng.choice("aabc"),
            }
            for post in posts
            if rng.random() < 0.8
        ]
        art = rng.choice(["erstbescheid", "verlaengerung", "aenderung", "nachbesetzung", "ablehnung"])
        one: Case = {
            "tag": date(2017, 2, 1) + tag * DAY,
            "art": art,
            "positionen": [] if art == "ablehnung" else positions,
        }
        if rng.random() < 0.6:
            one["betrag_eur"] = f"{rng.randrange(30_000_000) / 100:.2f}"
        notices.append(one)
    staff = [
        {
            "person": f"P{number}", "stelle": rng.choice(posts)["id"], "vzae": size(),
            **span(date(2017, 8, 1), date(2024, 5, 1)),
            "hochschulabschluss": rng.choice(["keiner", "bachelor", "master"]),
            "fachrichtung": rng.choice(["sozialwesen", "sozialwesen", "andere_geeignete", "nicht_geeignet"]),
            "schulabschluss": rng.choice(["hauptschule", "mittlerer", "hochschulreife"]),
            "berufsausbildung": rng.random() < 0.8, "zusatzvoraussetzung": rng.random() < 0.8,
            "personalkosten_eur": f"{rng.randrange(20_000_000) / 100:.2f}",
            "entgelt_unterbrochen": [span(date(2018, 1, 1), date(2020, 1, 1))] if rng.random() < 0.2 else [],
        }
        for number in range(rng.randint(0, 6))
    ]  # fmt: skip
    kinds = [kind for kind in ("verwendungsnachweis", "sachbericht", "sachbericht") if rng.random() < 0.6]
    return {
        "foerderung": {
            "antragsteller": {"art": "stadt", "bundesland": "BW"},
            "veroeffentlichter_planungsrahmen_eur": str(rng.choice([51000, 102000, 64000, 1000000])),
            "stellen": posts, "bewilligungen": notices, "beschaeftigungen": staff,
            "auszahlungen": [
                {"tag": date(2019, 1, 1) + later * DAY, "betrag_eur": f"{rng.randrange(9_000_000) / 100:.2f}"}
                for later in rng.sample(range(1500), rng.randint(0, 3))
            ],
            "vorlagen": [{"art": kind, "tag": date(2019, 6, 1) + rng.randrange(2200) * DAY} for kind in kinds],
        }
    }, date(2026, 11, 30)  # fmt: skip
