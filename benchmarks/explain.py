"""Measure what explains a decision: needs, compare and counterfactuals on `direct`, for 1 to 50 posts.

`python benchmarks/explain.py [--json]`: all posts lack facts (needs) or fail (counterfactuals); the median of several
rounds, in one run, after a warm-up.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any

from vwv_im import compare, counterfactuals, needs, read_case

POSTS = (1, 10, 25, 50)
ROUNDS = 5
DAY = "2022-06-01"
AIM_MS = 200  # for ten posts
INCOMPLETE: Mapping[str, Any] = {"beschaeftigungsbeginn": "2017-10-01"}
FAILING: Mapping[str, Any] = {
    "vzae": "0.1",
    "beschaeftigungsbeginn": "2017-10-01",
    "hochschulabschluss": "bachelor",
    "fachrichtung": "sozialwesen",
    "person_benannt": False,
    "stand_2018_12_31": "besetzt",
}


def case_of(post: Mapping[str, Any], count: int) -> Any:
    part = {
        "art": "verlaengerung",
        "durchfuehrung": ["eigen"],
        "gezaehlte_personen": 5000,
        "antragsteller": {"art": "stadt", "bundesland": "BW"},
        "stellen": [dict(post) for _ in range(count)],
    }
    return read_case({"antrag": part})


def milliseconds(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append((perf_counter() - begun) * 1000)
    return median(times)


def measured() -> dict[str, dict[int, float]]:
    functions: dict[str, tuple[Callable[..., object], Mapping[str, Any]]] = {
        "needs, incomplete": (needs, INCOMPLETE),
        "compare, incomplete": (compare, INCOMPLETE),
        "compare, failing": (compare, FAILING),
        "counterfactuals, incomplete": (counterfactuals, INCOMPLETE),
        "counterfactuals, failing": (counterfactuals, FAILING),
    }
    found: dict[str, dict[int, float]] = {}
    for name, (function, post) in functions.items():
        found[name] = {}
        for count in POSTS:
            case = case_of(post, count)
            found[name][count] = milliseconds(lambda function=function, case=case: function(case, on=DAY))  # type: ignore[misc]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="write the figures as JSON")
    arguments = parser.parse_args()
    found = measured()
    if arguments.json:
        print(json.dumps({"unit": "ms", "rounds": ROUNDS, "figures": found}, indent=2))
        return 0
    print(f"ms, median of {ROUNDS}; the aim is {AIM_MS} ms for 10 posts")
    print(f"{'posts':<30}" + "".join(f"{count:>10}" for count in POSTS))
    for name, row in found.items():
        print(f"{name:<30}" + "".join(f"{row[count]:>10.1f}" for count in POSTS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
