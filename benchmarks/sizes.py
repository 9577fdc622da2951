"""columns and OpenFisca-Core on growing frames, each engine in a process of its own.

    python -m benchmarks.sizes --rows 1 100 1024 102400

Prints for each number of rows the least milliseconds of each engine, by the clock and of all processors together, and
how many times as long as it OpenFisca takes. `alike` is columns without the amount over the years of an application,
which OpenFisca is not told (`benchmarks.flat` names what is left out). Nothing fails because of a figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.frames import frame_of, repeated
from benchmarks.setting import flat_rules, whole_rules
from benchmarks.single_cases import entries

import vwv_im

DISTINCT = 512
ROWS = (1, 10, 100, 1_024, 10_240, 102_400, 1_024_000)
OTHERS = {"masks": "openfisca", "alike": "openfisca-whole", "all": "openfisca-whole"}
"""The engines `columns`, each with what it is compared with."""


def _alike() -> list[str]:
    """Return the results of columns that OpenFisca is told of."""
    left_out, known = whole_rules().left_out, vwv_im.evaluate_frame(frame_of(entries(0, 1))).columns
    return [name for name in whole_rules().derived if name in known and name not in left_out]


def _work(engine: str, rows: int) -> Callable[[], Any]:
    base, times = entries(0, min(rows, DISTINCT)), max(1, rows // DISTINCT)
    if engine in OTHERS:
        frame = frame_of(base, times)
        derive = None if engine == "all" else _alike() if engine == "alike" else []
        return lambda: vwv_im.evaluate_frame(frame, derive=derive)
    from benchmarks.openfisca import OpenFisca, WholeOpenFisca

    rival = OpenFisca(flat_rules()) if engine == "openfisca" else WholeOpenFisca(whole_rules())
    columns = repeated(rival.columns(base), times)
    return lambda: rival.decide_all(columns)


def _measured(engine: str, rows: int, rounds: int) -> tuple[float, float]:
    work, clock, processors = _work(engine, rows), [], []
    work()
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        processors.append(time.process_time() - worked)
    return min(clock) * 1e3, min(processors) * 1e3


def _child(engine: str, rows: int, rounds: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.sizes", "--engine", engine, "--rows", str(rows)]
    home = Path(__file__).resolve().parent.parent
    ended = subprocess.run([*command, "--rounds", str(rounds)], capture_output=True, text=True, check=True, cwd=home)
    clock, processors = json.loads(ended.stdout.splitlines()[-1])
    return clock, processors


def main() -> None:
    """Measure every engine on every number of rows, one after the other, and print a table."""
    parser = argparse.ArgumentParser(description="columns and OpenFisca-Core on growing frames.")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--engine", help="measure only this one and print two figures")
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(_measured(options.engine, options.rows[0], options.rounds)))
        return
    for rows in options.rows:
        found = {name: _child(name, rows, options.rounds) for name in ("openfisca", "openfisca-whole", *OTHERS)}
        for name, (clock, processors) in found.items():
            line = f"{rows:10,} rows {name:16} {clock:10.2f} ms {processors:10.2f} ms of CPU"
            if other := OTHERS.get(name):
                by_clock, by_work = found[other][0] / clock, found[other][1] / processors
                line += f"   {other} takes {by_clock:5.2f} x as long ({by_work:5.2f} x the CPU)"
            print(line, flush=True)


if __name__ == "__main__":
    main()
