"""Compare the engines `columns` and `direct` on many random cases.

    python benchmarks/columns_soak.py --cases 100000

The cases are those of the tests, with nothing, 5 % and 50 % of the facts missing and values at the boundaries of the
rules; all questions, other readings, other knowledge. Prints the differences; exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from vwv_im.law.regulation import regulation
from vwv_im.reasoning.plan import make_plan

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
random_cases: Any = import_module("reasoning.random_cases")
agreement: Any = import_module("reasoning.agreement")

SHOWN = 20


def main() -> int:
    """Run the comparison; return the exit status."""
    parser = argparse.ArgumentParser(description="Compare columns and direct on random cases.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    law = regulation()
    questions: tuple[Any, ...] = ("antrag", "zielgruppe", "zaehlung")
    plans = [make_plan(law, fassung, question) for fassung in law.fassungen for question in questions]
    maker, start = random_cases.CaseMaker(options.seed, plans, law), time.perf_counter()
    found = list(agreement.varied(maker, options.cases, (0.0, 0.05, 0.5), at_once=2500))
    for words in found[:SHOWN]:
        print(words)
    print(f"{options.cases} cases, {len(found)} differences, {time.perf_counter() - start:.0f} s")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
