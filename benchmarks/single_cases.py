"""Applications with one post, all different: other starts, sizes, qualifications and frames; some fail, some are open.

A case is known by its number, so that every run decides the same ones.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from vwv_im import Case, read_case

FASSUNG = "2022-01-26"
DECIDED_FROM, DECIDED_TO = date(2022, 1, 26), date(2023, 6, 5)
FIRST_START = date(2016, 10, 1)
LAST_OF_2018 = date(2018, 12, 31)
STANDS = ("bewilligt", "nachbesetzungsfaehig", "besetzt")  # the last only of a post that had begun
STARTS = 1733  # days from FIRST_START; a prime, so that the steps below meet each once
STEP = 619

Raw = dict[str, Any]
Change = tuple[str, Any]

QUALIFICATIONS: tuple[Raw, ...] = (
    {"hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen"},
    {"hochschulabschluss": "master", "fachrichtung": "sozialwesen", "schulabschluss": "hochschulreife"},
    {"hochschulabschluss": "magister", "fachrichtung": "andere_geeignete"},
    {"hochschulabschluss": "diplom", "fachrichtung": "andere_geeignete", "berufsausbildung": False},
    {
        "hochschulabschluss": "keiner",
        "schulabschluss": "mittlerer",
        "berufsausbildung": True,
        "zusatzvoraussetzung": True,
    },
    {
        "hochschulabschluss": "bachelor",
        "fachrichtung": "nicht_geeignet",
        "schulabschluss": "hochschulreife",
        "berufsausbildung": True,
        "zusatzvoraussetzung": True,
    },
)
DEFECTS: tuple[Change, ...] = (
    ("antragsteller.art", "traeger_freie_wohlfahrtspflege"),
    ("antragsteller.bundesland", "BY"),
    ("gezaehlte_personen", 41),
    ("durchfuehrung", ["landkreis"]),
    ("stelle.vzae", 0.2),
    ("stelle.person_benannt", False),
    ("stelle.fachrichtung", "nicht_geeignet"),
    ("stelle.schulabschluss", "hauptschule"),
    ("stelle.berufsausbildung", False),
    ("stelle.zusatzvoraussetzung", False),
    ("stelle.stand_2018_12_31", "keiner"),
)
GAPS: tuple[str, ...] = (
    "antragsteller.art",
    "antragsteller.bundesland",
    "gezaehlte_personen",
    "durchfuehrung",
    "antragsdatum",
    "stelle.vzae",
    "stelle.person_benannt",
    "stelle.hochschulabschluss",
    "stelle.fachrichtung",
    "stelle.zusatzvoraussetzung",
    "stelle.beschaeftigungsbeginn",
    "stelle.stand_2018_12_31",
    "stelle.verlaengerung_2019_beantragt",
    "stelle.verlaengerung_2022_beantragt",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A case as data and as validated, and the day on which it is decided."""

    number: int
    raw: Raw
    case: Case
    on: date


def entries(first: int, count: int, posts: int = 1) -> list[Entry]:
    """Return `count` cases from number `first`, each with so many posts."""
    return [_entry(number, posts) for number in range(first, first + count)]


def _entry(number: int, posts: int) -> Entry:
    random = Random(number)
    antrag = _application(random, number)
    on = DECIDED_FROM + timedelta(days=random.randrange((DECIDED_TO - DECIDED_FROM).days + 1))
    antrag["stellen"] += [_post(random, number + further) for further in range(1, posts)]
    raw = {"antrag": antrag}
    return Entry(number, raw, read_case(deepcopy(raw)), on)


def _application(random: Random, number: int) -> Raw:
    """Return every second application sound, every fourth with a defect, every fourth with gaps."""
    antrag: Raw = {
        "art": random.choice(["erstantrag", "verlaengerung"]),
        "antragsdatum": random.choice(["2017-07-20", "2017-09-01", "2018-01-15", "2021-12-01"]),
        "durchfuehrung": random.choice([["eigen"], ["dritte"], ["eigen", "dritte"], ["eigen", "landkreis"]]),
        "antragsteller": {
            "art": random.choice(["gemeinde", "gemeinde", "stadt", "stadtkreis", "zusammenschluss"]),
            "bundesland": "BW",
        },
        "gezaehlte_personen": random.randrange(65, 900),
        "stellen": [_post(random, number)],
    }
    if antrag["antragsteller"]["art"] == "stadtkreis":
        antrag["durchfuehrung"] = ["dritte"]
    if random.random() < 0.3:
        del antrag["gezaehlte_personen"]
        antrag["veroeffentlichter_planungsrahmen_eur"] = random.randrange(51_000, 2_000_000)
    if number % 4 == 2:
        for path, value in random.sample(DEFECTS, random.choice([1, 2])):
            _change(antrag, path, value)
    if number % 4 == 3:
        for path in random.sample(GAPS, random.choice([1, 2, 3])):
            _change(antrag, path, None)
    return antrag


def _post(random: Random, number: int) -> Raw:
    start = FIRST_START + timedelta(days=number * STEP % STARTS)
    post: Raw = {
        "vzae": random.choice([0.25, 0.5, 0.625, 0.75, 1, 1.5]),
        "beschaeftigungsbeginn": start.isoformat(),
        **random.choice(QUALIFICATIONS),
        "person_benannt": True,
        "stand_2018_12_31": random.choice(STANDS if start <= LAST_OF_2018 else STANDS[:2]),
        "unterbrechung_entgeltzahlung": random.choice([True, False, None]),
    }
    for year, share in ((2019, 0.9), (2020, 0.8), (2022, 0.7)):
        post[f"verlaengerung_{year}_beantragt"] = random.random() < share
    return post


def _change(antrag: Raw, path: str, value: Any) -> None:
    """Set what is at `path`; where persons are changed, what was published goes as well, for both say the same."""
    holder, _, name = path.rpartition(".")
    part = {"": antrag, "antragsteller": antrag["antragsteller"], "stelle": antrag["stellen"][0]}[holder]
    part[name] = value
    if name == "gezaehlte_personen":
        antrag.pop("veroeffentlichter_planungsrahmen_eur", None)
