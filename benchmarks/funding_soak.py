"""Compare the engines and an independent calculation on many random fundings, each notice under the law of its day.

    python benchmarks/funding_soak.py --cases 20000

The fundings are those of `tests/verwendung/von_hand.py`. Of every three, one is complete: `direct` and `durable` must
agree with what is counted by hand, day by day; of the others some and many statements are missing: the two engines
must agree. The engine `columns` refuses the question; what decides many cases takes `direct` for it. Prints the
differences; exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from vwv_im import EngineDisagreement, evaluate

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
von_hand: Any = import_module("verwendung.von_hand")
by_hand: Any = import_module("verwendung.test_von_hand")

MISSING = (0.0, 0.05, 0.5)
SHOWN = 20


def main() -> int:
    """Run the comparison; return the exit status."""
    parser = argparse.ArgumentParser(description="Compare direct, durable and a calculation by hand on fundings.")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    parser.add_argument("--seed", type=int, default=1_000_000)
    options = parser.parse_args()
    start, found, done = time.perf_counter(), list[str](), 0
    while done < options.cases and time.perf_counter() - start < options.seconds:
        found += differences(options.seed + done, MISSING[done % len(MISSING)])
        done += 1
    for words in found[:SHOWN]:
        print(words)
    print(f"{done} fundings, {len(found)} differences, {time.perf_counter() - start:.0f} s")
    return int(bool(found))


def differences(seed: int, missing: float) -> Iterator[str]:
    """Yield in words where the engines differ on a funding, or where they differ from what is counted by hand."""
    rng = random.Random(seed)
    try:
        if not missing:
            yield from (f"funding {seed}: {words}" for words in by_hand.differences(seed, "checked"))
            return
        case, on = von_hand.random_case(rng)
        evaluate(blanked(case, rng, missing), on=on, question="verwendungsnachweis", engine="checked")
    except EngineDisagreement as error:
        yield f"funding {seed}, {missing:.0%} missing: {error}"


def blanked(value: Any, rng: random.Random, missing: float) -> Any:
    """Return a case of which some statements and lists are missing."""
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key == "foerderung" or rng.random() >= missing}
        return {key: blanked(one, rng, missing) for key, one in kept.items()}
    return [blanked(one, rng, missing) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
