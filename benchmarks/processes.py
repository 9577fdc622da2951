"""Work in a process of its own: `python -m benchmarks.processes WHAT ROWS`, run by run.py as children.

A child makes its input ready. Then it does the work for each line that it reads, as often as the line says, and answers
with a line of JSON: the most memory that it has held, in MB, and the median of the seconds.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from types import TracebackType
from typing import Any, Self

from benchmarks.rounds import seconds

HOME = Path(__file__).resolve().parent.parent
DISTINCT = 512
PIECE = 1_024_000  # rows; every engine is given more of them in pieces, whose results are dropped, or memory would end


class Child:
    """A process that does some work when asked. Raises `ChildProcessError` where it ends, as for lack of memory."""

    def __init__(self, what: str, rows: int = 0) -> None:
        command = [sys.executable, "-m", "benchmarks.processes", what, str(rows)]
        self.process = Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=HOME)
        self.before = self._answer()["memory"]

    def work(self, times: int = 1) -> dict[str, float]:
        """Do the work so many times; if more than once, once before that is not measured."""
        assert self.process.stdin is not None
        try:
            print(times, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            raise ChildProcessError(f"its process ended with {self.process.wait()}") from None
        return self._answer()

    def _answer(self) -> dict[str, float]:
        assert self.process.stdout is not None
        if not (line := self.process.stdout.readline()):
            raise ChildProcessError(f"its process ended with {self.process.wait()}")
        found: dict[str, float] = json.loads(line)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()


def memory_mb() -> float:
    """Return the most memory that this process has held; on Linux not counting what its parent held before it began."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10


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


def _columns(rows: int, *, masks: bool = False, shared: bool = False) -> Callable[[], object]:
    """Decide a frame: with all results, only with masks, or with those that other engines have as well."""
    from benchmarks.frames import evaluate_frame, frame_of
    from benchmarks.setting import whole_rules
    from benchmarks.single_cases import entries

    decide, base = evaluate_frame(), entries(0, min(rows, DISTINCT))
    assert decide is not None
    derive: list[str] | None = [] if masks else None
    if shared:
        sample = frame_of(base[:1])
        added = (name for name in decide(sample).columns if "." in name and name not in sample.columns)
        derive = [name for name in added if name not in whole_rules().unsaid]
    frame = frame_of(base, rows // len(base))
    return _each(partial(decide, derive=derive), [frame.slice(start, PIECE) for start in range(0, rows, PIECE)])


def _openfisca(rows: int, *, whole: bool = False) -> Callable[[], object]:
    from benchmarks.frames import repeated
    from benchmarks.openfisca import OpenFisca, WholeOpenFisca
    from benchmarks.setting import flat_rules, whole_rules
    from benchmarks.single_cases import entries

    rival = WholeOpenFisca(whole_rules()) if whole else OpenFisca(flat_rules())
    base = entries(0, min(rows, DISTINCT))
    columns = repeated(rival.columns(base), rows // len(base))
    starts = range(0, rows, PIECE)
    pieces = [{name: values[start : start + PIECE] for name, values in columns.items()} for start in starts]
    return _each(rival.decide_all, pieces)


def _each(decide: Callable[[Any], object], pieces: Sequence[Any]) -> Callable[[], object]:
    def work() -> None:
        for piece in pieces:
            decide(piece)

    return work


WORK: dict[str, Callable[[int], Callable[[], object]]] = {
    "bare": _bare,
    "direct": partial(_decisions, engine="direct"),
    "checked": partial(_decisions, engine="checked"),
    "columns": _columns,
    "columns-shared": partial(_columns, shared=True),
    "columns-masks": partial(_columns, masks=True),
    "openfisca": _openfisca,
    "openfisca-whole": partial(_openfisca, whole=True),
}


def main() -> None:
    work = WORK[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps({"memory": memory_mb()}), flush=True)
    for line in sys.stdin:
        times = int(line)
        if times > 1:
            work()
        spent = median([seconds(work) for _ in range(times)])
        print(json.dumps({"memory": memory_mb(), "seconds": spent}), flush=True)


if __name__ == "__main__":
    main()
