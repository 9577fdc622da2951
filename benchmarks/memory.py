"""How much memory a process takes at most: `python -m benchmarks.memory WHAT ROWS`, run by run.py as children.

Prints as JSON the most that the process held before the work and after it, in MB, and the seconds that the work took.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

DISTINCT = 512


def peak_mb() -> float:
    """Return the most memory that this process has held; on Linux not counting what its parent held before it began."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10


def measured(what: str, rows: int = 0) -> dict[str, float]:
    """Run a child and return what it measured."""
    command = [sys.executable, "-m", "benchmarks.memory", what, str(rows)]
    home = Path(__file__).resolve().parent.parent
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=home)
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _bare(_: int) -> Callable[[], object]:
    return lambda: None


def _decisions(rows: int, engine: Any) -> Callable[[], object]:
    from benchmarks.single_cases import entries

    import vwv_im

    cases = entries(0, min(rows, DISTINCT))

    def work() -> None:
        for number in range(rows):
            entry = cases[number % len(cases)]
            _ = vwv_im.evaluate(entry.case, on=entry.on, engine=engine).reasons

    return work


def _columns(rows: int) -> Callable[[], object]:
    from benchmarks.frames import evaluate_frame, frame_of
    from benchmarks.single_cases import entries

    decide = evaluate_frame()
    assert decide is not None
    return partial(decide, frame_of(entries(0, DISTINCT), rows // DISTINCT))


def _openfisca(rows: int, *, whole: bool = False) -> Callable[[], object]:
    from benchmarks.frames import repeated
    from benchmarks.openfisca import OpenFisca, WholeOpenFisca
    from benchmarks.setting import flat_rules, whole_rules
    from benchmarks.single_cases import entries

    rival = WholeOpenFisca(whole_rules()) if whole else OpenFisca(flat_rules())
    return partial(rival.decide_all, repeated(rival.columns(entries(0, DISTINCT)), rows // DISTINCT))


WORK: dict[str, Callable[[int], Callable[[], object]]] = {
    "bare": _bare,
    "direct": partial(_decisions, engine="direct"),
    "checked": partial(_decisions, engine="checked"),
    "columns": _columns,
    "openfisca": _openfisca,
    "openfisca-whole": partial(_openfisca, whole=True),
}


def main() -> None:
    work = WORK[sys.argv[1]](int(sys.argv[2]))
    before, start = peak_mb(), perf_counter()
    work()
    print(json.dumps({"before": before, "after": peak_mb(), "seconds": perf_counter() - start}))


if __name__ == "__main__":
    main()
