"""Compare vwv-im with other engines, and measure what it costs to begin, in one run: `python benchmarks/run.py`.

Needs the extra `bench`. An engine that is not installed, or that decides a case otherwise than `direct`, is not timed
and the run says so; it never fails because of a figure. `--quick` takes about a minute, the whole several.
`--json` prints every sample, `--write` writes docs/en/benchmarks.md.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that its parts are found where it is run as a file

from benchmarks import memory
from benchmarks.frames import frame_of, repeated
from benchmarks.participants import OPENFISCA, ZEN_TABLES, Participants
from benchmarks.report import Cell, Report, Table, as_json, as_markdown, as_text, ratio_cell
from benchmarks.rivals import Rival
from benchmarks.rounds import Row, microseconds_each, microseconds_uncached, ratio, run, seconds
from benchmarks.setting import default_readings, flat_rules, plan, setting
from benchmarks.single_cases import Entry, entries
from benchmarks.startup import fresh_processes, reading

import vwv_im
from vwv_im import Decision
from vwv_im.reasoning.direct import Direct

PAGE = Path(__file__).resolve().parent.parent / "docs" / "en" / "benchmarks.md"
DIRECT_AIM = 100.0  # µs


@dataclass(frozen=True)
class Size:
    """How much is measured; `starts`: rounds of fresh processes."""

    rounds: int
    starts: int
    cases: int
    compared: int
    rows: tuple[int, ...]
    copies: tuple[int, ...]
    posts: tuple[int, ...]
    decisions: int
    millions: int


FULL = Size(9, 5, 64, 1024, (1_024, 102_400, 1_024_000), (1, 4, 16), (1, 10, 50), 10_000, 1_000_448)
QUICK = Size(3, 1, 8, 128, (1_024, 102_400), (1, 4), (1, 10), 1_000, 0)


def read_reasons(decision: Decision) -> object:
    """Read the verdict, and of every reason what it is about, how it turned out, and why."""
    read = [(r.rule, r.subject, r.verdict, r.actual, r.operator, r.required) for r in decision.reasons]
    return decision.verdict, read


def read_sentences(decision: Decision) -> object:
    """Read the same, and a sentence in German for every reason."""
    return read_reasons(decision), [reason.sentence("de") for reason in decision.reasons]


def deciding(
    engine: Any, read: Callable[[Decision], object] = read_reasons, *, raw: bool = False
) -> Callable[[Entry], object]:
    """Return what decides a case by the public API and reads the decision; `raw`: from data to be validated."""
    evaluate = vwv_im.evaluate
    if raw:
        return lambda entry: read(evaluate(entry.raw, on=entry.on, engine=engine))
    return lambda entry: read(evaluate(entry.case, on=entry.on, engine=engine))


class Comparison:
    """One run: who takes part, and what was found."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.present = Participants(size.cases, size.compared)
        self.cases = self.present.cases
        self.ratios: dict[str, list[float]] = {}
        self.aimed: list[Row] = []
        self.found_memory: dict[str, dict[str, float]] = {}
        self.many: dict[str, Row] = {}

    def report(self) -> Report:
        """Measure everything."""
        about = {**setting(), "rounds": self.size.rounds, "cases": self.size.cases, "compared": self.size.compared}
        about["verdicts"] = dict(Counter(self.present.verdicts))
        tables = [self._single(), *self._many(), self._rules(), self._posts(), *self._beginning(), self._memory()]
        return Report(about, [*tables, self._aims()], self.present.left_out)

    def _single(self) -> Table:
        about = "validated case: verdict and all reasons with actual and required value"
        direct = self._row("direct", about, deciding("direct"))
        direct.aim = DIRECT_AIM
        rows = [direct, *self._own_rows(), *self._zen_rows(), *map(self._rival_row, self.present.rivals)]
        run(rows, self.size.rounds)
        self.aimed.append(direct)
        self.ratios |= {row.name: ratio(row, direct) for row in rows}
        lines = [(row.name, Cell(row.samples), ratio_cell(self.ratios[row.name]), row.includes) for row in rows]
        return Table(
            "One decision, one post",
            "Microseconds for one decision, and how many times as long as `direct`, round by round.",
            ("engine", "µs", "times as long as direct: median (least to most)", "what it takes and gives"),
            lines,
        )

    def _row(self, name: str, includes: str, decide: Callable[[Entry], object]) -> Row:
        return Row(name, "µs", includes, lambda _: microseconds_each(decide, self.cases))

    def _own_rows(self) -> list[Row]:
        decide, count = deciding("direct"), self.size.cases
        sentences, document = deciding("direct", read_sentences), deciding("direct", Decision.to_json)
        everything = "every derived fact, requirement and contradiction as a truth value; no decision object"
        whole = "the JSON text: sentences in two languages, evidence, receipt, each other reading decided too"

        def uncached(number: int) -> float:
            microseconds_each(decide, self.cases)
            return microseconds_uncached(decide, entries(count * (number + 1), count))

        rows = [
            Row("direct, uncached", "µs", "cases not met before, every cache of values emptied before each", uncached),
            self._row("direct, from a dict", "the same with validation of the case", deciding("direct", raw=True)),
            self._row("direct, with sentences", "the same and a German sentence for every reason", sentences),
            self._row("direct, as JSON", whole, document),
            self._row("direct, engine alone", everything, _alone(Direct(plan()))),
        ]
        if self.present.durable:
            rows.append(self._row("durable", "as direct, by durable-rules", deciding("durable")))
            rows.append(self._row("checked", "as direct, by both, compared: the default", deciding("checked")))
        return rows

    def _zen_rows(self) -> list[Row]:
        if (tables := self.present.tables) is None:
            return []
        from benchmarks.zen_tables import LACKING, context_of

        contexts = [context_of(entry) for entry in self.cases]
        lacking = f"without {', '.join(LACKING)}"
        about = f"verdict, all requirements, seven values; row and values of every table off the trace; {lacking}"
        bare = "zen-engine, decision tables without trace"
        return [
            Row(ZEN_TABLES, "µs", about, lambda _: microseconds_each(tables.evaluate, contexts)),
            Row(bare, "µs", "the verdict; no reasons", lambda _: microseconds_each(tables.verdict, contexts)),
        ]

    def _rival_row(self, rival: Rival) -> Row:
        prepared = [rival.prepared(entry) for entry in self.cases]

        def measure(_: int) -> float:
            rival.fresh()
            return microseconds_each(rival.decide, prepared)

        return Row(rival.name, "µs", rival.about, measure)

    def _many(self) -> list[Table]:
        """Measure whole columns: nanoseconds for each row, for growing numbers of rows."""
        engines = self._many_engines()
        if not engines:
            return []
        base = entries(0, 512)
        rows = [
            Row(f"{name}, {count:,} rows", "ns", about, _per_row(decide, prepare(base, count // len(base)), count))
            for count in self.size.rows
            for name, about, prepare, decide in engines
        ]
        run(rows, max(3, self.size.rounds // 3))
        self.many = {row.name: row for row in rows}
        lines = [(row.name, Cell(row.samples), Cell([1e3 / one for one in row.samples]), row.includes) for row in rows]
        about = "Nanoseconds for one row, an application with one post, and million rows a second."
        table = Table(
            "Many decisions at once", about, ("engine", "ns a row", "million rows a second", "what it gives"), lines
        )
        return [table, *self._columns_against_openfisca(rows)]

    def _columns_against_openfisca(self, rows: Sequence[Row]) -> list[Table]:
        """Relate the two on the largest number of rows."""
        last = f", {self.size.rows[-1]:,} rows"
        largest = {row.name.removesuffix(last): row for row in rows if row.name.endswith(last)}
        lines: list[tuple[Any, ...]] = []
        for ours in (name for name in largest if name.startswith("columns")):
            for theirs in (name for name in largest if name.startswith("OpenFisca")):
                self.ratios[f"{ours} / {theirs}"] = samples = ratio(largest[theirs], largest[ours])
                lines.append((ours, theirs, ratio_cell(samples)))
        if not lines:
            return []
        head = ("engine", "the other", "how many times as long the other takes: median (least to most)")
        return [Table(f"columns and OpenFisca-Core{last}", "Ratios within each round.", head, lines)]

    def _many_engines(self) -> list[tuple[str, str, Callable[..., Any], Callable[[Any], Any]]]:
        engines: list[tuple[str, str, Callable[..., Any], Callable[[Any], Any]]] = []
        if (decide := self.present.frame) is not None:
            masks = "outcome, verdict, Fassung, masks of reasons and of missing facts"
            engines.append(("columns, masks", masks, frame_of, lambda frame: decide(frame, derive=[])))
            engines.append(("columns, all", f"{masks}; all derived facts and amounts", frame_of, decide))
        if self.present.openfisca is not None:
            engines.append(_vectorised(self.present.openfisca, OPENFISCA, "the verdict and its requirements only"))
        if (whole := self.present.whole) is not None:
            engines.append(_vectorised(whole, f"{OPENFISCA}, whole plan", "every derived fact and requirement"))
        return engines

    def _rules(self) -> Table:
        """Measure how each engine grows with the number of requirements."""
        grown = {copies: self._rows_of_rules(copies) for copies in self.size.copies}
        run([row for rows in grown.values() for row in rows], max(3, self.size.rounds // 3))
        lines = [(rows[0].name, *(Cell(row.samples) for row in rows)) for rows in zip(*grown.values(), strict=True)]
        requirements = len(flat_rules().requirements)
        about = (
            f"Microseconds where the {requirements} requirements of the verdict (of `direct`: all "
            f"{len(plan().requirements)}, with options and advice) stand there once, and repeated under "
            "other ids; an engine that recognises what it has computed already hardly grows."
        )
        head = ("engine", *(f"{copies} x, µs" for copies in self.size.copies))
        return Table("Growth with the number of rules", about, head, lines)

    def _rows_of_rules(self, copies: int) -> list[Row]:
        flat, own = flat_rules().times(copies), self._row("direct, engine alone", "", _alone(Direct(_copied(copies))))
        return [own, *(self._rival_row(type(rival)(flat)) for rival in self.present.rivals)]

    def _posts(self) -> Table:
        decide = deciding("direct")
        rows = []
        for posts in self.size.posts:
            cases = entries(0, self.size.cases, posts)
            name = f"direct, {posts} post{'s' if posts > 1 else ''}"
            rows.append(Row(name, "µs", "", partial(_measured, decide, cases)))
        run(rows, self.size.rounds)
        lines = [(row.name, Cell(row.samples), ratio_cell(ratio(row, rows[0]))) for row in rows]
        about = "One decision on all posts of an application, with all reasons."
        return Table("Growth with the number of posts", about, ("", "µs", "times as long as one post"), lines)

    def _beginning(self) -> list[Table]:
        """Measure fresh processes and the reading of the rule files."""
        with TemporaryDirectory() as warm:
            fresh, rules = fresh_processes(Path(warm)), reading(Path(warm))
            run([*fresh, *rules], self.size.starts)
        self.aimed += [*fresh, *rules]
        about = "Beyond those of a bare `python -c pass`; compiled bytecode is there."
        return [
            _plain_table("A fresh process", f"Seconds. {about}", fresh),
            _plain_table("Reading the rule files", "In this process, but for the last row.", rules),
        ]

    def _memory(self) -> Table:
        asked = [("bare", 0, "Python alone"), ("direct", 1, "the rules read and compiled, and one decision")]
        asked.append(("direct", self.size.decisions, ""))
        if self.present.durable:
            asked.append(("checked", self.size.decisions // 10, ""))
        if self.size.millions and self.present.frame is not None:
            asked.append(("columns", self.size.millions, "all results"))
        if self.size.millions and self.present.openfisca is not None:
            asked.append(("openfisca", self.size.millions, "the verdict only"))
        if self.size.millions and self.present.whole is not None:
            asked.append(("openfisca-whole", self.size.millions, "the whole plan"))
        lines: list[tuple[Any, ...]] = []
        for what, count, about in asked:
            found = memory.measured(what, count)
            self.found_memory[what] = found
            cells = [Cell([found[key]]) for key in ("before", "after", "seconds")]
            speed = Cell([count / found["seconds"]]) if count >= 100_000 else ""  # fewer mostly measure the start
            lines.append((f"{what}, {count:,} cases" if count else what, *cells, speed, about))
        head = ("a process of its own", "MB with its input", "MB at most", "s for the work", "cases a second", "")
        return Table("Memory", "The most that a fresh process ever held (peak resident set).", head, lines)

    def _aims(self) -> Table:
        """Say which aims this run reached."""
        lines: list[tuple[Any, ...]] = []
        for row in self.aimed:
            if row.aim is not None:
                said = _said([-one for one in row.samples], -row.aim)
                lines.append((f"{row.name}: at most {row.aim:g} {row.unit}", Cell(row.samples), said))
        if found := self.ratios.get(ZEN_TABLES):
            lines.append(
                ("direct is at least as fast as zen-engine's tables with trace", ratio_cell(found), _said(found, 1))
            )
        for ours, theirs, aim in (
            ("columns, all", f"{OPENFISCA}, whole plan", "columns is faster per row than OpenFisca-Core, whole plan"),
            ("columns, masks", OPENFISCA, "columns with masks is faster per row than OpenFisca-Core, verdict only"),
        ):
            if found := self.ratios.get(f"{ours} / {theirs}"):
                lines.append((aim, ratio_cell(found), _said(found, 1)))
        if masks := self.many.get(f"columns, masks, {self.size.rows[-1]:,} rows"):
            speed = [1e9 / one for one in masks.samples]
            lines.append(("columns: a million applications a second with masks", Cell(speed), _said(speed, 1e6)))
        if found_memory := self.found_memory.get("columns"):
            room = [1024 / found_memory["after"]]
            lines.append(("columns: a million rows in less than 1 GB", Cell([found_memory["after"]]), _said(room, 1)))
        return Table("Aims", "The median counts.", ("aim", "found", ""), lines)


def _said(samples: Sequence[float], least: float) -> str:
    return "reached" if median(samples) >= least else "NOT reached"


def _plain_table(title: str, about: str, rows: Sequence[Row]) -> Table:
    lines = [(row.name, Cell(row.samples), row.unit, row.includes) for row in rows]
    return Table(title, about, ("", "median", "unit", "what it includes"), lines)


def _alone(direct: Direct) -> Callable[[Entry], object]:
    """Return the engine `direct` itself, without what the public API adds."""
    readings = default_readings()
    return lambda entry: direct.evaluate(entry.case, entry.on, readings)


def _vectorised(rival: Any, name: str, about: str) -> tuple[str, str, Callable[..., Any], Callable[[Any], Any]]:
    def prepare(base: Sequence[Entry], times: int) -> Any:
        return repeated(rival.columns(base), times)

    return name, about, prepare, rival.decide_all


def _measured(decide: Callable[[Any], object], cases: Sequence[Any], _: int) -> float:
    return microseconds_each(decide, cases)


def _per_row(decide: Callable[[Any], Any], prepared: Any, count: int) -> Callable[[int], float]:
    return lambda _: seconds(lambda: decide(prepared)) / count * 1e9


def _copied(copies: int) -> Any:
    """Return the plan with every requirement so many times."""
    more = [replace(one, id=f"{one.id}-{n}") for n in range(copies) for one in plan().requirements]
    return replace(plan(), requirements=tuple(more))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, cases and rows")
    parser.add_argument("--json", action="store_true", help="print JSON with every sample instead of tables")
    parser.add_argument("--write", action="store_true", help="write the docs page as well")
    options = parser.parse_args(arguments)
    report = Comparison(QUICK if options.quick else FULL).report()
    print(as_json(report) if options.json else as_text(report))
    if options.write:
        PAGE.write_text(as_markdown(report), "utf-8")
    return int(any(why.startswith("case ") for why in report.left_out.values()))


if __name__ == "__main__":
    sys.exit(main())
