"""Compare the engines `direct` and `durable` on varied cases in several threads, and watch the memory.

    python benchmarks/soak.py --evaluations 100000 --threads 4

Every plan of the regulation and some random plans are evaluated; the cases are those of the tests. Prints the number
of evaluations, the differences, and by how much the process grew after the first tenth; exits with 1 on any
difference, or if it grew by 20 MB or more.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import Any

from vwv_im.law.regulation import regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.durable import Durable
from vwv_im.reasoning.engines import differences
from vwv_im.reasoning.plan import Plan, make_plan

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
random_cases: Any = import_module("reasoning.random_cases")
random_plans: Any = import_module("reasoning.random_plans")

MOST_GROWTH_MB = 20
SHOWN = 10


class Pair:
    """A plan with both engines."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.direct = Direct(plan)
        self.durable = Durable(plan)

    def compare(self, maker: Any, missing: float) -> list[str]:
        """Return the differences on a new case."""
        case, on, readings = maker.case(missing), maker.day(), maker.readings()
        left, right = (engine.evaluate(case, on, readings) for engine in (self.direct, self.durable))
        return [
            f"{self.plan.fassung} {self.plan.question} {on}: {words}" for words in differences(self.plan, left, right)
        ]


def main() -> int:
    """Run the comparison; return the exit status."""
    parser = argparse.ArgumentParser(description="Compare direct and durable for a long time.")
    parser.add_argument("--evaluations", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    pairs = [Pair(plan) for plan in plans()]
    warm_up = max(options.evaluations // 10, options.threads)
    found = run(pairs, warm_up, options.threads, options.seed)
    before, start = memory_mb(), time.perf_counter()
    rest = options.evaluations - warm_up
    found += run(pairs, rest, options.threads, options.seed + options.threads)
    growth, seconds = memory_mb() - before, time.perf_counter() - start
    for words in found[:SHOWN]:
        print(words)
    print(f"evaluations        {options.evaluations} in {options.threads} threads, {rest / seconds:.0f} per second")
    print(f"differences        {len(found)}")
    print(f"growth             {growth:.2f} MB after {warm_up} evaluations")
    print(f"threads at the end {threading.active_count()}")
    return int(bool(found) or growth >= MOST_GROWTH_MB)


def plans() -> Iterator[Plan]:
    """Yield every plan of the regulation that requires something, and some random ones."""
    law = regulation()
    for fassung in law.fassungen:
        for question in law.questions:
            if (plan := make_plan(law, fassung, question)).requirements:
                yield plan
    yield from map(random_plans.random_plan, range(6))


def run(pairs: list[Pair], evaluations: int, threads: int, seed: int) -> list[str]:
    """Compare in all threads at once; return the differences."""
    law = regulation()

    def work(number: int) -> list[str]:
        maker = random_cases.CaseMaker(seed + number, [pair.plan for pair in pairs], law)
        turns = zip(
            cycle(pairs), cycle((*random_cases.MISSING, 0.2)), range(number, evaluations, threads), strict=False
        )
        return [words for pair, missing, _ in turns for words in pair.compare(maker, missing)]

    with ThreadPoolExecutor(threads) as pool:
        return [words for found in pool.map(work, range(threads)) for words in found]


def memory_mb() -> float:
    """Return the memory that the process holds; where the system does not tell, the most it ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


if __name__ == "__main__":
    sys.exit(main())
