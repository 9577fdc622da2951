"""Compare vwv-im with other engines, and measure what it costs to begin, in one run: `python benchmarks/run.py`.

Needs the extra `bench`. An engine that is not installed, or that decides a case otherwise than `direct`, is not timed
and the run says so; it never fails because of a figure. `--quick` takes about a minute, the whole well over half an
hour. `--beside PATH` runs the server of another checkout beside this one. `--json` prints every sample, `--write`
writes docs/en/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that its parts are found where it is run as a file

from benchmarks import batches, posts, profiles, startup
from benchmarks.aims import Aim, related, table_of
from benchmarks.batches import HUGE, LARGE, pairings
from benchmarks.participants import ZEN_EXPRESSION, ZEN_TABLES, Participants
from benchmarks.processes import Child
from benchmarks.report import Cell, Report, Table, as_json, as_markdown, as_text, ratio_cell
from benchmarks.rivals import Rival
from benchmarks.rounds import Row, microseconds_each, microseconds_uncached, ratio, run
from benchmarks.setting import default_readings, flat_rules, plan, setting
from benchmarks.single_cases import Entry, entries
from benchmarks.startup import fresh_processes, reading

import vwv_im
from vwv_im import Decision
from vwv_im.reasoning.direct import Direct

WHOLE_TEXT, SHORT_TEXT, ALONE = "direct, as JSON", "direct, as short JSON", "direct, engine alone"
DUMPED = "json.dumps of the same document"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "en" / "benchmarks.md"


@dataclass(frozen=True)
class Size:
    """How much is measured; `starts`: rounds of whole processes, `readings`: of reading the rule files."""

    rounds: int
    starts: int
    readings: int
    cases: int
    compared: int
    rows: tuple[int, ...]
    mask_rows: tuple[int, ...]
    copies: tuple[int, ...]
    posts: tuple[int, ...]
    decisions: int
    millions: int
    requests: int


FULL = Size(
    rounds=9,
    starts=15,
    readings=5,
    cases=64,
    compared=1024,
    rows=(1, 10, 100, 1_024, 10_240, 102_400, LARGE, HUGE),
    mask_rows=(102_400, LARGE, HUGE),
    copies=(1, 4, 16),
    posts=(10, 50, 1_000),
    decisions=10_000,
    millions=1_000_448,
    requests=2_000,
)
QUICK = Size(
    rounds=2,
    starts=2,
    readings=1,
    cases=8,
    compared=64,
    rows=(1, 1_024, 102_400),
    mask_rows=(102_400,),
    copies=(1, 4),
    posts=(10, 50),
    decisions=1_000,
    millions=0,
    requests=200,
)


def read_reasons(decision: Decision) -> object:
    """Read the verdict, and of every reason what it is about, how it turned out, and why."""
    read = [(r.rule, r.subject, r.verdict, r.actual, r.operator, r.required) for r in decision.reasons]
    return decision.verdict, read


def read_sentences(decision: Decision) -> object:
    """Read the same, and a sentence in German for every reason."""
    return read_reasons(decision), [reason.sentence("de") for reason in decision.reasons]


def read_everything(decision: Decision) -> object:
    """Read the same, every derived fact and every contradiction."""
    return read_reasons(decision), dict(decision.derived), list(decision.contradictions)


def deciding(
    engine: Any, read: Callable[[Decision], object] = read_reasons, *, raw: bool = False
) -> Callable[[Entry], object]:
    """Return what decides a case by the public API and reads the decision; `raw`: from data to be validated."""
    evaluate = vwv_im.evaluate
    if raw:
        return lambda entry: read(evaluate(entry.raw, on=entry.on, engine=engine))
    return lambda entry: read(evaluate(entry.case, on=entry.on, engine=engine))


class Comparison:
    """One run: who takes part, and what was found; `checkout` is another version, whose server runs beside this one."""

    def __init__(self, size: Size, checkout: Path | None = None) -> None:
        self.size, self.checkout = size, checkout
        self.present = Participants(size.cases, size.compared)
        self.cases = self.present.cases
        self.aims: list[Aim] = []

    def report(self) -> Report:
        """Measure everything."""
        about = {**setting(), "rounds": self.size.rounds, "cases": self.size.cases, "compared": self.size.compared}
        about["verdicts"] = dict(Counter(self.present.verdicts))
        spent = profiles.table(max(self.size.posts), self.size.requests)
        tables = [self._single(), self._rules(), self._posts(), *self._beginning(), self._many(), self._memory()]
        self.aims.append(self._server())
        return Report(about, [table_of(self.aims), spent, *tables], self.present.left_out)

    def _single(self) -> Table:
        about = "validated case: verdict and all reasons with actual and required value"
        direct = self._row("direct", about, deciding("direct"))
        rows = [direct, *self._own_rows(), *self._zen_rows(), *map(self._rival_row, self.present.rivals)]
        run(rows, self.size.rounds)
        self._aim_for({row.name: row for row in rows})
        lines = [(row.name, Cell(row.samples), ratio_cell(ratio(row, direct)), row.includes) for row in rows]
        return Table(
            "One decision, one post",
            "Microseconds for one decision, and how many times as long as `direct`, round by round.",
            ("engine", "µs", "times as long as direct: median (least to most)", "what it takes and gives"),
            lines,
        )

    def _aim_for(self, rows: Mapping[str, Row]) -> None:
        """Note what one decision is aimed at."""
        zen, dumped = rows.get(ZEN_EXPRESSION), rows[DUMPED]
        why, no_short = self.present.why_not(ZEN_EXPRESSION), "this version has no short form"
        self.aims += [
            related(f"decision, all reasons read / {ZEN_EXPRESSION}", 1, rows["direct"], zen, why),
            related(f"engine alone / {ZEN_EXPRESSION}", 0.33, rows[ALONE], zen, why),
            related(f"from the case to the whole JSON text / {DUMPED}", 3, rows[WHOLE_TEXT], dumped),
            related(f"from the case to the short JSON text / {DUMPED}", 1, rows.get(SHORT_TEXT), dumped, no_short),
        ]

    def _row(self, name: str, includes: str, decide: Callable[[Entry], object]) -> Row:
        return Row(name, "µs", includes, lambda _: microseconds_each(decide, self.cases))

    def _own_rows(self) -> list[Row]:
        decide, count = deciding("direct"), self.size.cases
        everything_read = deciding("direct", read_everything)
        sentences, text = deciding("direct", read_sentences), deciding("direct", Decision.to_json)
        documents = [json.loads(str(text(entry))) for entry in self.cases]
        dumps = partial(json.dumps, ensure_ascii=False)
        everything = "every derived fact, requirement and contradiction as a truth value; no decision object"
        whole = "the JSON text: sentences in two languages, evidence, receipt, each other reading decided too"

        def uncached(number: int) -> float:
            microseconds_each(decide, self.cases)
            return microseconds_uncached(decide, entries(count * (number + 1), count))

        rows = [
            Row("direct, uncached", "µs", "cases not met before, every cache of values emptied before each", uncached),
            self._row("direct, from a dict", "the same with validation of the case", deciding("direct", raw=True)),
            self._row("direct, everything read", "the same with every derived fact and contradiction", everything_read),
            self._row("direct, with sentences", "the same and a German sentence for every reason", sentences),
            self._row(WHOLE_TEXT, whole, text),
            Row(DUMPED, "µs", "the documents made before", lambda _: microseconds_each(dumps, documents)),
            self._row(ALONE, everything, _alone(Direct(plan()))),
        ]
        if "detail" in signature(Decision.to_json).parameters:
            short: Any = partial(cast("Any", Decision.to_json), detail="short")
            rows.append(self._row(SHORT_TEXT, "the JSON text in its short form", deciding("direct", short)))
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
        """Measure how each question grows with the posts of an application."""
        table, aims = posts.measured(self.size.posts, self.size.rounds)
        self.aims += aims
        return table

    def _beginning(self) -> list[Table]:
        """Measure whole processes and the reading of the rule files."""
        with TemporaryDirectory() as warm:
            fresh, rules = fresh_processes(Path(warm)), reading(Path(warm))
            run(fresh, self.size.starts)
            run(rules, self.size.readings)
        self.aims += startup.aims(fresh)
        lines = [(row.name, Cell(row.samples), ratio_cell(ratio(row, fresh[0])), row.includes) for row in fresh]
        about = f"Whole processes, in {self.size.starts} rounds; compiled bytecode is there for all."
        head = ("", "s", f"times as long as a {fresh[0].name}: median (least to most)", "what it includes")
        return [
            Table("A fresh process", about, head, lines),
            _plain_table("Reading the rule files", "In this process, but for the last row.", rules),
        ]

    def _many(self) -> Table:
        """Measure whole columns beside OpenFisca-Core."""
        asked = pairings(self.size.rows, self.size.mask_rows)
        table, aims = batches.measured(asked, self.present, self.size.rounds)
        self.aims += aims
        return table

    def _server(self) -> Aim:
        """Measure the server beside that of another checkout."""
        about = "server: decisions a second / those of the other version"
        if self.checkout is None:
            return Aim(about, 2, at_least=True, left_out="no other version was named (--beside)")
        from benchmarks.load import beside

        pair = beside(self.checkout, self.size.rounds, self.size.requests)
        return related(about, 2, *pair, at_least=True)

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
            with Child(what, count) as child:
                before, found = child.before, child.work()
            cells = [Cell([value]) for value in (before, found["memory"], found["seconds"])]
            speed = Cell([count / found["seconds"]]) if count >= 100_000 else ""  # fewer mostly measure the start
            lines.append((f"{what}, {count:,} cases" if count else what, *cells, speed, about))
        head = ("a process of its own", "MB with its input", "MB at most", "s for the work", "cases a second", "")
        return Table("Memory", "The most that a fresh process ever held (peak resident set).", head, lines)


def _plain_table(title: str, about: str, rows: Sequence[Row]) -> Table:
    lines = [(row.name, Cell(row.samples), row.unit, row.includes) for row in rows]
    return Table(title, about, ("", "median", "unit", "what it includes"), lines)


def _alone(direct: Direct) -> Callable[[Entry], object]:
    """Return the engine `direct` itself, without what the public API adds."""
    readings = default_readings()
    return lambda entry: direct.evaluate(entry.case, entry.on, readings)


def _copied(copies: int) -> Any:
    """Return the plan with every requirement so many times."""
    more = [replace(one, id=f"{one.id}-{n}") for n in range(copies) for one in plan().requirements]
    return replace(plan(), requirements=tuple(more))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, cases and rows")
    parser.add_argument("--beside", type=Path, metavar="PATH", help="another checkout, whose server runs beside this")
    parser.add_argument("--json", action="store_true", help="print JSON with every sample instead of tables")
    parser.add_argument("--write", action="store_true", help="write the docs page as well")
    options = parser.parse_args(arguments)
    if options.beside is not None and not (options.beside / "src" / "vwv_im").is_dir():
        parser.error(f"--beside: {options.beside} is no checkout of vwv-im")
    report = Comparison(QUICK if options.quick else FULL, options.beside).report()
    print(as_json(report) if options.json else as_text(report))
    if options.write:
        PAGE.write_text(as_markdown(report), "utf-8")
    return int(any(why.startswith("case ") for why in report.left_out.values()))


if __name__ == "__main__":
    sys.exit(main())
