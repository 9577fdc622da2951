"""Measure one decision, a fresh process and the reading of the rule files: `python benchmarks/single.py [--json]`.

Needs the extra `bench`. Aborts where zen-engine decides otherwise than vwv-im; never because of a figure.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import vwv_im
from vwv_im import Decision

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that its parts are found where it is run as a file

from benchmarks import single_startup
from benchmarks.single_cases import FASSUNG, Entry, entries
from benchmarks.single_rounds import (
    Ratio,
    Row,
    Section,
    as_json,
    microseconds_each,
    microseconds_uncached,
    ratio,
    run,
    shown,
)
from benchmarks.single_setting import heading, setting

try:
    from benchmarks import single_zen
except ModuleNotFoundError as error:
    raise SystemExit(f"{error}: install the extra, pip install 'vwv-im[bench]'") from None

CASES = 64
COMPARED = 1024  # cases in which zen-engine must decide as vwv-im does; the first of them are measured
FEWEST_ROUNDS = 7
MOST_ROUNDS = 25  # with more, the cases of the row "uncached" would begin anew
DIRECT_AIM = 100.0


def read_reasons(decision: Decision) -> object:
    """Read the verdict, and of every reason what it is about, how it turned out, and why."""
    read = [(r.rule, r.subject, r.verdict, r.actual, r.operator, r.required) for r in decision.reasons]
    return decision.verdict, read


def read_sentences(decision: Decision) -> object:
    """Read the same, and a sentence in German for every reason."""
    return read_reasons(decision), [reason.sentence("de") for reason in decision.reasons]


def read_document(decision: Decision) -> object:
    """Read everything."""
    return decision.to_json()


def deciding(read: Callable[[Decision], object], engine: Any, *, raw: bool = False) -> Callable[[Entry], object]:
    """Return what decides a case and reads the decision; `raw`: from data yet to be validated."""
    evaluate = vwv_im.evaluate
    if raw:
        return lambda entry: read(evaluate(entry.raw, on=entry.on, engine=engine))
    return lambda entry: read(evaluate(entry.case, on=entry.on, engine=engine))


class Benchmark:
    """All rows, their cases, and what was found before measuring."""

    def __init__(self, warm: Path) -> None:
        self.regulation = vwv_im.regulation()
        self.cases = entries(0, CASES)
        self.tables = single_zen.Tables(self.regulation)
        self.verdicts, self.left_out = self._compared()
        self.durable = _has_durable(self.cases[0])
        self.direct = self._row(
            "direct (a)", "validated case -> verdict, all reasons read", deciding(read_reasons, "direct")
        )
        self.direct.aim = DIRECT_AIM
        contexts = [single_zen.context_of(entry) for entry in self.cases]
        self.zen = Row(
            "zen-engine, trace",
            "µs",
            "data as the tables read it -> verdict, row and values of every table read off the trace",
            lambda _: microseconds_each(self.tables.evaluate, contexts),
        )
        self.zen_bare = Row(
            "zen-engine, no trace", "µs", "verdict only", lambda _: microseconds_each(self.tables.verdict, contexts)
        )
        decisions = Section(
            "One decision, one post", [self.direct, self.zen, self.zen_bare, *self._direct(), *self._durable()]
        )
        startup, reading = single_startup.Startup(warm).section(), single_startup.reading(warm)
        self.sections = [decisions, self._growth(), startup, reading]

    def run(self, rounds: int) -> None:
        """Measure all rows."""
        run([row for section in self.sections for row in section.rows], rounds)

    def ratios(self) -> list[Ratio]:
        """Return how rows of decisions relate to `direct`, round by round."""
        rows = [row for row in self.sections[0].rows if row is not self.direct]
        return [ratio(row, self.direct, 1.0 if row is self.zen else None) for row in rows]

    def _row(self, name: str, includes: str, decide: Callable[[Entry], object]) -> Row:
        return Row(name, "µs", includes, lambda _: microseconds_each(decide, self.cases))

    def _direct(self) -> list[Row]:
        decide = deciding(read_reasons, "direct")

        def uncached(number: int) -> float:
            microseconds_each(decide, self.cases)
            return microseconds_uncached(decide, entries(CASES * (number + 1), CASES))

        return [
            Row(
                "direct (a), uncached",
                "µs",
                "the same on cases not decided before, every bounded cache of the library emptied before each",
                uncached,
            ),
            self._row("direct (b)", "(a) and a German sentence for every reason", deciding(read_sentences, "direct")),
            self._row(
                "direct (c)",
                "the whole JSON text: sentences in two languages, evidence, receipt, each other reading decided too",
                deciding(read_document, "direct"),
            ),
            self._row("direct (d)", "a dict, validated first, then (a)", deciding(read_reasons, "direct", raw=True)),
        ]

    def _durable(self) -> list[Row]:
        if not self.durable:
            return []
        return [
            self._row("durable (a)", "as direct (a), by durable-rules alone", deciding(read_reasons, "durable")),
            self._row(
                "checked (a)", "as direct (a), by both, compared: the default", deciding(read_reasons, "checked")
            ),
            self._row("checked (c)", "as direct (c), by both, compared", deciding(read_document, "checked")),
        ]

    def _growth(self) -> Section:
        def posts(number: int) -> Row:
            cases, decide = entries(0, CASES, number), deciding(read_reasons, "direct")
            name = f"direct (a), {number} post{'s' if number > 1 else ''}"
            return Row(name, "µs", "one decision on all posts", lambda _: microseconds_each(decide, cases))

        return Section("Growth with the number of posts", [posts(1), posts(10), posts(50)])

    def _compared(self) -> tuple[dict[str, int], list[str]]:
        """Compare zen-engine with vwv-im; return the verdicts of the cases measured and the rules that it lacks."""
        differing: list[str] = []
        verdicts: Counter[str] = Counter()
        left_out: set[str] = set()
        for entry in entries(0, COMPARED):
            decision = vwv_im.evaluate(entry.case, on=entry.on, engine="direct")
            if decision.fassung.id != FASSUNG or decision.verdict is None:
                raise SystemExit(f"case {entry.number} is {decision.outcome} under {decision.fassung.id}: no measure")
            verdicts[decision.verdict.value] += entry.number < CASES
            left_out |= self.tables.left_out(decision)
            differing += self.tables.differences(entry, decision)
        if differing:
            more = f"\n… and {len(differing) - 20} more" if len(differing) > 20 else ""
            found = "\n".join(differing[:20])
            raise SystemExit(f"Not measured: the decision tables and vwv-im decide differently.\n{found}{more}")
        return dict(verdicts), sorted(left_out)

    def about(self) -> dict[str, Any]:
        """Return which cases were decided, and how far the decision tables go."""
        zen = {
            "compared_cases": COMPARED,
            "tables": len(self.tables.graph["nodes"]) - 2,
            "requirements": list(self.tables.requirements),
            "values": list(single_zen.VALUES),
            "lacking": list(single_zen.LACKING),
            "lacking_rules": self.left_out,
        }
        return {"cases": len(self.cases), "verdicts": self.verdicts, "zen": zen}


def _has_durable(entry: Entry) -> bool:
    try:
        vwv_im.evaluate(entry.case, on=entry.on, engine="durable")
    except vwv_im.EngineUnavailable:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--rounds", type=int, default=9, help=f"{FEWEST_ROUNDS} to {MOST_ROUNDS}; default 9")
    options = parser.parse_args(arguments)
    if not FEWEST_ROUNDS <= options.rounds <= MOST_ROUNDS:
        parser.error(f"--rounds must be {FEWEST_ROUNDS} to {MOST_ROUNDS}")
    with TemporaryDirectory() as warm:
        try:
            benchmark = Benchmark(Path(warm))
        except vwv_im.FaultyInputError as error:
            raise SystemExit(f"Not measured: {error}") from None
        about = {**setting(), "rounds": options.rounds, **benchmark.about()}
        benchmark.run(options.rounds)
    sections: list[tuple[str, Sequence[Row | Ratio]]] = [
        (section.title, section.rows) for section in benchmark.sections
    ]
    sections.insert(1, ("How many times as long as direct (a), round by round", benchmark.ratios()))
    if options.json:
        print(json.dumps({**about, "sections": {title: [*map(as_json, rows)] for title, rows in sections}}, indent=1))
    else:
        print("\n\n".join([heading(about), *(shown(title, rows) for title, rows in sections)]))


if __name__ == "__main__":
    main()
