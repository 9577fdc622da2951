"""How what is asked about an application grows with its posts: the decision, and what explains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from benchmarks.aims import Aim, per_post
from benchmarks.report import Cell, Table, ratio_cell
from benchmarks.rounds import PASSES, Measure, Row, ratio, run, seconds

from vwv_im import compare, counterfactuals, evaluate, needs, read_case

DAY = "2022-06-01"
MANY = 1_000  # posts, for which a sample is one pass
LIMITS: Mapping[int, float] = {50: 1.0, MANY: 5.0}  # posts and seconds
INCOMPLETE: Mapping[str, Any] = {"beschaeftigungsbeginn": "2017-10-01"}
FAILING: Mapping[str, Any] = {
    "vzae": "0.1",
    "beschaeftigungsbeginn": "2017-10-01",
    "hochschulabschluss": "bachelor",
    "fachrichtung": "sozialwesen",
    "person_benannt": False,
    "stand_2018_12_31": "besetzt",
}


def _decision(case: Any, *, on: str) -> object:
    decision = evaluate(case, on=on, engine="direct")
    return [(r.rule, r.subject, r.verdict, r.actual, r.operator, r.required) for r in decision.reasons]


ASKED: Mapping[str, tuple[Callable[..., object], Mapping[str, Any]]] = {
    "decision": (_decision, FAILING),
    "needs": (needs, INCOMPLETE),
    "counterfactuals": (counterfactuals, FAILING),
    "compare": (compare, FAILING),
}


def case_of(post: Mapping[str, Any], count: int) -> Any:
    """Return a validated application with so many posts alike."""
    part = {
        "art": "verlaengerung",
        "durchfuehrung": ["eigen"],
        "gezaehlte_personen": 5000,
        "antragsteller": {"art": "stadt", "bundesland": "BW"},
        "stellen": [dict(post) for _ in range(count)],
    }
    return read_case({"antrag": part})


def measured(counts: tuple[int, ...], rounds: int) -> tuple[Table, list[Aim]]:
    """Measure everything that is asked for so many posts; return a table and the aims."""
    rows = {what: {count: _row(what, count) for count in counts} for what in ASKED}
    run([row for asked in rows.values() for row in asked.values()], rounds)
    lines, aims = [], [per_post(what, asked) for what, asked in rows.items()]
    for what, asked in rows.items():
        for count, row in asked.items():
            each = [one * counts[0] / count for one in ratio(row, asked[counts[0]])]
            lines.append((what, f"{count:,}", Cell([one * 1e3 for one in row.samples]), ratio_cell(each)))
            if what != "decision" and count in LIMITS:
                aims.append(Aim(f"{what}: {count:,} posts", LIMITS[count], row.samples, "s"))
    about = "Milliseconds for an application, and how long a post takes beside one of the first line."
    return Table("Growth with the number of posts", about, ("", "posts", "ms", "time a post"), lines), aims


def _row(what: str, count: int) -> Row:
    work, post = ASKED[what]
    case = case_of(post, count)
    return Row(what, "s", "", _taking(lambda: work(case, on=DAY), 1 if count >= MANY else PASSES))


def _taking(work: Callable[[], object], times: int) -> Measure:
    return lambda _: median([seconds(work) for _ in range(times)])
