"""More facts only decide what was open: what is known of a case stays the same when unknown facts become known.

Each pair is a complete case and the same with some facts blanked out; all questions. `columns` decides 20,000 pairs at
once, under the default readings and under others; `direct` decides some thousands, one by one, with their duties and
under what the cases of the corpus ask; `durable`, which takes about twenty times as long, some hundreds.
`VWV_IM_SOAK=10 pytest tests/test_monotony.py` takes ten times as many of each.

Exempt is only what is so by design: a side that is contradictory, a fact that replaces another value that is known
(`ersetzt` in sachverhalt.yaml), and the duties of a refusal.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import islice
from typing import Any

import pytest

from pairs import (
    SOAK,
    Asked,
    Pair,
    changes,
    many,
    of_the_village,
    ours,
    pairs,
    pairs_in_columns,
    seen,
    some_readings,
    without,
)
from vwv_im import regulation
from vwv_im.reasoning.engines import EngineName

IN_COLUMNS = {"antrag": 4600, "zielgruppe": 3500, "zaehlung": 3500}
AT_ONCE = 5000


def faults(found: list[Pair]) -> list[Any]:
    return [(pair.full, pair.blanked, wrong) for pair in found if (wrong := changes(pair))]


def shares(found: list[Pair]) -> Counter[str]:
    """Return how many of the cases are granted, and so forth, with more and with fewer facts."""
    return Counter(f"{side}: {getattr(pair, side).verdict}" for pair in found for side in ("more", "less"))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("question", IN_COLUMNS)
def test_more_facts_only_decide_what_was_open_in_columns(question: str, seed: int) -> None:
    """The first time under the default readings, then under others."""
    readings = some_readings(random.Random(seed)) if seed else {}
    count, found, cases = IN_COLUMNS[question] * SOAK, 0, many(seed, question, readings)
    verdicts: Counter[str] = Counter()
    while found < count:
        some = pairs_in_columns(list(islice(cases, AT_ONCE)))
        assert faults(some) == []
        verdicts += shares(some)
        found += len(some)
    assert verdicts["more: yes"] > 0.01 * found
    for verdict in ("more: no", "less: no", "less: open"):
        assert verdicts[verdict] > 0.1 * found


def test_the_columns_are_twenty_thousand() -> None:
    assert 3 * sum(IN_COLUMNS.values()) >= 20_000


@pytest.mark.parametrize(
    ("engine", "seed", "count"), [*(("direct", seed, 800) for seed in range(5)), ("durable", 5, 300)]
)
def test_more_facts_only_decide_what_was_open(engine: EngineName, seed: int, count: int) -> None:
    found = pairs(seed, count * SOAK, ours(), engine)
    assert faults(found) == []
    verdicts, total = shares(found), len(found)
    assert verdicts["more: yes"] > 0.4 * total
    assert verdicts["more: no"] > 0.2 * total
    assert verdicts["less: open"] > 0.3 * total
    assert verdicts["less: yes"] > 0.01 * total
    assert verdicts["less: no"] > 0.1 * total
    amounts = [key for pair in found for key in pair.less.known if key[-1].endswith("foerderbetrag_eur")]
    assert len(amounts) > 0.1 * total
    assert {pair.full.options["question"] for pair in found} == {*regulation().questions}


def test_more_facts_only_decide_what_was_open_where_a_verdict_may_be_discretion() -> None:
    found = pairs(0, 300, of_the_village())
    assert faults(found) == []
    verdicts = shares(found)
    for verdict in ("yes", "no", "open", "discretion"):
        assert verdicts[f"less: {verdict}"] > 0.02 * len(found)
    assert verdicts["more: discretion"] > 0.1 * len(found)


LANDKREIS = {
    "durchfuehrung": ["eigen"],
    "antragsteller": {"art": "landkreis", "bundesland": "BW", "landkreis": "Bodenseekreis"},
    "stellen": [{"beschaeftigungsbeginn": "2017-01-01", "stand_2018_12_31": "keiner"}],
}
"""An application of a Landkreis whose post ended on 31.12.2018."""


@pytest.mark.parametrize(
    ("stated", "blanked", "on", "question"),
    [
        (
            {"antrag": {**LANDKREIS, "mitglieder": [{"art": "gemeinde", "landkreis": "Ravensburg"}]}},
            ("antrag", "mitglieder"),
            "2018-06-01",
            "antrag",
        ),
        ({"antrag": {**LANDKREIS, "mitglieder": []}}, ("antrag", "mitglieder"), "2018-06-01", "antrag"),
        ({"person": {"aus_ukraine": True}}, ("person", "aus_ukraine"), "2022-02-23", "zielgruppe"),
        ({"antrag": LANDKREIS}, ("antrag", "stellen", 0, "beschaeftigungsbeginn"), "2021-06-01", "antrag"),
    ],
    ids=["members", "no members", "displaced before the war", "yearly duties"],
)
def test_where_it_was_not_so_once(stated: dict[str, Any], blanked: tuple[Any, ...], on: str, question: str) -> None:
    full = Asked(stated, on, {"question": question})
    sides = [full, full._replace(case=without(stated, [blanked]))]
    more, fewer = (seen(one.decided()) for one in sides)
    assert more.outcome == fewer.outcome == "decided", "else it shows nothing"
    assert changes(Pair(full, (blanked,), more, fewer)) == {}


def test_a_head_count_replaces_the_frames_of_the_members() -> None:
    """102.694 € for 129 persons together, 47.765 € and 54.930 € for 60 and 69: each is rounded by itself."""
    members = [{"gezaehlte_personen": number} for number in (60, 69)]
    stated = {"antrag": {**LANDKREIS, "gezaehlte_personen": 129, "mitglieder": members}}
    full, blanked = Asked(stated, "2018-06-01", {"question": "antrag"}), (("antrag", "gezaehlte_personen"),)
    pair = Pair(full, blanked, *(seen(full._replace(case=without(stated, one)).decided()) for one in ((), blanked)))
    assert changes(pair)[("derived", "antrag.planungsrahmen_eur")] == ("102695", "102694")
    assert pair.replaced
