"""Compare vwv-im with other engines in one run: `python benchmarks/run.py [--quick] [--json] [--write]`.

Needs the extra `bench`. An engine that is not installed, or that decides a case otherwise than `direct`, is not timed
and the run says so. `--quick` takes well under a minute, the whole under six. `--write` writes docs/en/benchmarks.md.
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
from typing import Any

import vwv_im
from vwv_im import Decision
from vwv_im.reasoning.direct import Direct

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that its parts are found where it is run as a file

from benchmarks import memory
from benchmarks.frames import evaluate_frame, frame_of, repeated
from benchmarks.report import Cell, Report, Table, as_json, as_markdown, as_text, ratio_cell
from benchmarks.rivals import SINGLE, Rival
from benchmarks.setting import default_readings, flat_rules, plan, versions, whole_rules
from benchmarks.single_cases import Entry, entries
from benchmarks.single_rounds import Row, microseconds_each, ratio, run, seconds
from benchmarks.single_setting import setting

PAGE = Path(__file__).resolve().parent.parent / "docs" / "en" / "benchmarks.md"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    cases: int
    compared: int
    rows: tuple[int, ...]
    copies: tuple[int, ...]
    posts: tuple[int, ...]
    decisions: int
    millions: int


OPENFISCA = "OpenFisca-Core"
ZEN_TABLES = "zen-engine, decision tables with trace"
FULL = Size(9, 64, 1024, (1_024, 10_240, 102_400), (1, 4, 16), (1, 10, 50), 10_000, 1_000_448)
QUICK = Size(3, 8, 128, (1_024, 102_400), (1, 4), (1, 10), 1_000, 0)


def read_reasons(decision: Decision) -> object:
    """Read the verdict, and of every reason what it is about, how it turned out, and why."""
    read = [(r.rule, r.subject, r.verdict, r.actual, r.operator, r.required) for r in decision.reasons]
    return decision.verdict, read


def deciding(engine: Any, *, raw: bool = False) -> Callable[[Entry], object]:
    """Return what decides a case by the public API and reads verdict and reasons; `raw`: from data to be validated."""
    evaluate = vwv_im.evaluate
    if raw:
        return lambda entry: read_reasons(evaluate(entry.raw, on=entry.on, engine=engine))
    return lambda entry: read_reasons(evaluate(entry.case, on=entry.on, engine=engine))


class Comparison:
    """One run: who takes part, and what was found."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.cases = entries(0, size.cases)
        self.left_out: dict[str, str] = {}
        self.ratios: dict[str, list[float]] = {}
        self.found_memory: dict[str, dict[str, float]] = {}
        self.expected = {entry.number: self._verdict(entry) for entry in entries(0, size.compared)}
        self.rivals = [rival for kind in (*SINGLE, *_openfisca(self.left_out)) if (rival := self._checked(kind))]
        self.tables = self._zen_tables()
        self.frame = self._frame_engine()
        self.whole = self._whole_openfisca()

    @staticmethod
    def _verdict(entry: Entry) -> str:
        verdict = vwv_im.evaluate(entry.case, on=entry.on, engine="direct").verdict
        assert verdict is not None
        return verdict.value

    def _checked(self, kind: type[Rival]) -> Rival | None:
        """Return an engine that decides every case as `direct` does; else note why it does not take part."""
        try:
            rival = kind(flat_rules())
        except ImportError as error:
            self.left_out[kind.name] = f"not installed ({error})"
            return None
        for number, entry in enumerate(entries(0, self.size.compared)):
            if number % self.size.cases == 0:
                rival.fresh()
            if (found := rival.decide(rival.prepared(entry))) != self.expected[entry.number]:
                self.left_out[kind.name] = f"case {entry.number}: {found} instead of {self.expected[entry.number]}"
                return None
        return rival

    def _zen_tables(self) -> Any:
        name = ZEN_TABLES
        try:
            from benchmarks.single_zen import Tables
        except ImportError as error:
            self.left_out[name] = f"not installed ({error})"
            return None
        tables = Tables(vwv_im.regulation())
        for entry in entries(0, self.size.compared):
            decision = vwv_im.evaluate(entry.case, on=entry.on, engine="direct")
            if differing := next(tables.differences(entry, decision), None):
                self.left_out[name] = differing
                return None
        return tables

    def _frame_engine(self) -> Callable[..., Any] | None:
        decide = evaluate_frame()
        if decide is None:
            self.left_out["columns"] = "not in this version, or polars is not installed"
            return None
        compared = entries(0, self.size.compared)
        found = decide(frame_of(compared))["verdict"].to_list()
        if differing := [n for n, verdict in enumerate(found) if verdict != self.expected[n]]:
            self.left_out["columns"] = f"case {differing[0]}: {found[differing[0]]}"
            return None
        return decide

    def _whole_openfisca(self) -> Any:
        """Return OpenFisca with the whole plan, if it computes every value as `direct` does."""
        if not any(rival.package == OPENFISCA for rival in self.rivals):
            return None
        from benchmarks.openfisca import WholeOpenFisca

        rival, compared = WholeOpenFisca(whole_rules()), entries(0, self.size.compared)
        decisions = [vwv_im.evaluate(entry.case, on=entry.on, engine="direct") for entry in compared]
        if differing := next(rival.differences(compared, decisions), None):
            self.left_out["OpenFisca-Core, whole plan"] = differing
            return None
        return rival

    def report(self) -> Report:
        """Measure everything."""
        tables = [self._single(), *self._many(), self._rules(), self._posts(), self._memory()]
        tables.append(self._aims())
        about = {**setting(), "versions": versions(), "rounds": self.size.rounds, "cases": self.size.cases}
        about |= {"compared": self.size.compared, "verdicts": dict(Counter(self.expected.values()))}
        return Report(about, tables, self.left_out)

    def _single(self) -> Table:
        direct = self._row("direct", "validated case: verdict and all reasons with actual and required value", "direct")
        rows = [direct, *self._own_rows(), *self._zen_rows(), *map(self._rival_row, self.rivals)]
        run(rows, self.size.rounds)
        self.ratios |= {row.name: ratio(row, direct).samples for row in rows}
        lines = [(row.name, Cell(row.samples), ratio_cell(self.ratios[row.name]), row.includes) for row in rows]
        return Table(
            "One decision, one post",
            "Microseconds for one decision, and how many times as long as `direct`, round by round.",
            ("engine", "µs", "times as long as direct: median (least to most)", "what it takes and gives"),
            lines,
        )

    def _row(self, name: str, includes: str, engine: str, *, raw: bool = False) -> Row:
        decide = deciding(engine, raw=raw)
        return Row(name, "µs", includes, lambda _: microseconds_each(decide, self.cases))

    def _own_rows(self) -> list[Row]:
        direct, readings = Direct(plan()), default_readings()

        def alone(entry: Entry) -> object:
            return direct.evaluate(entry.case, entry.on, readings)

        rows = [
            self._row("direct, from a dict", "the same with validation of the case", "direct", raw=True),
            Row(
                "direct, engine alone",
                "µs",
                "every derived fact, requirement and contradiction as a truth value; no decision object",
                lambda _: microseconds_each(alone, self.cases),
            ),
        ]
        if _has_durable(self.cases[0]):
            rows.append(self._row("durable", "as direct, by durable-rules", "durable"))
            rows.append(self._row("checked", "as direct, by both, compared: the default", "checked"))
        else:
            self.left_out["durable, checked"] = "durable-rules is not installed"
        return rows

    def _zen_rows(self) -> list[Row]:
        if self.tables is None:
            return []
        from benchmarks.single_zen import context_of

        tables, contexts = self.tables, [context_of(entry) for entry in self.cases]
        about = "verdict, all requirements, seven values; row and values of every table read off the trace"
        return [Row(ZEN_TABLES, "µs", about, lambda _: microseconds_each(tables.evaluate, contexts))]

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
                self.ratios[f"{ours} / {theirs}"] = samples = ratio(largest[theirs], largest[ours]).samples
                lines.append((ours, theirs, ratio_cell(samples)))
        if not lines:
            return []
        head = ("engine", "the other", "how many times as long the other takes: median (least to most)")
        return [Table(f"columns and OpenFisca-Core{last}", "Ratios within each round.", head, lines)]

    def _many_engines(self) -> list[tuple[str, str, Callable[..., Any], Callable[[Any], Any]]]:
        engines: list[tuple[str, str, Callable[..., Any], Callable[[Any], Any]]] = []
        if (decide := self.frame) is not None:
            masks = "outcome, verdict, Fassung, masks of reasons and of missing facts"
            engines.append(("columns, masks", masks, frame_of, lambda frame: decide(frame, derive=[])))
            engines.append(("columns, all", f"{masks}; all derived facts and amounts", frame_of, decide))
        verdict_only = [rival for rival in self.rivals if rival.package == OPENFISCA]
        engines += [_vectorised(rival, OPENFISCA, "the verdict and its requirements only") for rival in verdict_only]
        if self.whole is not None:
            engines.append(_vectorised(self.whole, f"{OPENFISCA}, whole plan", "every derived fact and requirement"))
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
        flat, readings, direct = flat_rules().times(copies), default_readings(), Direct(_copied(copies))

        def alone(entry: Entry) -> object:
            return direct.evaluate(entry.case, entry.on, readings)

        own = Row("direct, engine alone", "µs", "", lambda _: microseconds_each(alone, self.cases))
        return [own, *(self._rival_row(type(rival)(flat)) for rival in self.rivals)]

    def _posts(self) -> Table:
        decide = deciding("direct")
        rows = []
        for posts in self.size.posts:
            cases = entries(0, self.size.cases, posts)
            name = f"direct, {posts} post{'s' if posts > 1 else ''}"
            rows.append(Row(name, "µs", "", partial(_measured, decide, cases)))
        run(rows, self.size.rounds)
        lines = [(row.name, Cell(row.samples), ratio_cell(ratio(row, rows[0]).samples)) for row in rows]
        about = "One decision on all posts of an application, with all reasons."
        return Table("Growth with the number of posts", about, ("", "µs", "times as long as one post"), lines)

    def _memory(self) -> Table:
        asked = [("bare", 0, "Python alone"), ("direct", 1, "the rules read and compiled, and one decision")]
        asked.append(("direct", self.size.decisions, ""))
        if "durable, checked" not in self.left_out:
            asked.append(("checked", self.size.decisions // 10, ""))
        if self.size.millions and self.frame is not None:
            asked.append(("columns", self.size.millions, "all results"))
        if self.size.millions and any(rival.package == OPENFISCA for rival in self.rivals):
            asked.append(("openfisca", self.size.millions, "the verdict only"))
        if self.size.millions and self.whole is not None:
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
        if found := self.ratios.get(ZEN_TABLES):
            lines.append(
                ("direct is at least as fast as zen-engine's tables with trace", ratio_cell(found), _said(found, 1))
            )
        if found := self.ratios.get(f"columns, all / {OPENFISCA}, whole plan"):
            aim = "columns is faster per row than OpenFisca-Core with the whole plan"
            lines.append((aim, ratio_cell(found), _said(found, 1)))
        if found_memory := self.found_memory.get("columns"):
            speed = [self.size.millions / found_memory["seconds"]]
            lines.append(("columns: a million applications a second", Cell(speed), _said(speed, 1e6)))
            room = [1024 / found_memory["after"]]
            lines.append(("columns: a million rows in less than 1 GB", Cell([found_memory["after"]]), _said(room, 1)))
        return Table("Aims", "The median counts.", ("aim", "found", ""), lines)


def _said(samples: Sequence[float], least: float) -> str:
    return "reached" if median(samples) >= least else "NOT reached"


def _openfisca(left_out: dict[str, str]) -> tuple[type[Rival], ...]:
    try:
        from benchmarks.openfisca import OpenFisca
    except ImportError as error:
        left_out["OpenFisca-Core"] = f"not installed ({error})"
        return ()
    return (OpenFisca,)


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


def _has_durable(entry: Entry) -> bool:
    try:
        vwv_im.evaluate(entry.case, on=entry.on, engine="durable")
    except vwv_im.EngineUnavailable:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, cases and rows: under a minute")
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
