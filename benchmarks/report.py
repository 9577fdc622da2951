"""What a run found, as text, as JSON, and as a page of the docs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

HEAD = """# Benchmarks

All figures of this page come from one run of one command on one machine:

    pip install 'vwv-im[bench]'
    python benchmarks/run.py --write

Figures of different machines, or of different runs on a busy one, do not compare; ratios within a run do, roughly.
Each row is measured once in every round, each round beginning with another row, and ratios are taken round by round;
what counts is their median. The aims were set beforehand, all as ratios but for the seconds at so many posts.

## What is compared

The cases are different applications with one post under one Fassung: sound ones, failing ones, open ones. The other
engines decide the same rules: those that the verdict on an application with one post needs, **generated from the plan**
that `direct` runs, so that they cannot drift (`benchmarks/flat.py`, `dialects.py`, `languages.py`); the decision tables
of zen-engine are written by hand with the parameters of the Fassung, and also compute amounts and dates. Before
anything is timed, each engine must give the verdict of `direct` on all compared cases; one that does not, or is not
installed, is left out, and this page says so. Over columns, OpenFisca-Core also runs the whole plan (amounts,
periods, options, hints, contradictions); there every value must agree, amounts to the euro, since it has 32-bit floats.
Neither that plan nor the results asked of `columns` beside it hold what stands on a series of periods (the whole amount
under the cap of each year) or on a list of texts (the district of a municipality's number): that is not written for
OpenFisca-Core. The masks of `columns` hold the contradictions that rest on them all the same.

In favour of the others: their input is converted beforehand and their rules are compiled once; apart from the decision
tables they give the verdict only, without amounts, periods, contradictions, reasons or citations; readings that
are not asked for, and members, are worked out beforehand; none of them has a value for "open", so conditions
are encoded as numbers. They compute in binary floats (OpenFisca in 32 bits), vwv-im in exact decimals.
`direct`, `durable` and `checked` are the public API: Fassung chosen, every derived fact, all reasons read.

Over columns, each engine has a process of its own, and two run in turn. Processes are measured whole, from the command
to its end, beside a minimal Typer command with one argument run by the same interpreter; what the rule files were read
to is cached, and compiled bytecode is there for all. A server is compared with one of another version, both running,
asked in turn.

So a row that takes less time than `direct` does less: a compiled expression or a validator that gives the verdict
alone is quicker than a decision with reasons, and `direct, engine alone` shows what the reasons and the decision cost.
The like of `direct` is the decision tables with their trace, which is their form of reasons.
"""


@dataclass(frozen=True)
class Cell:
    """Samples of a figure; shown is their median."""

    samples: Sequence[float]

    def __str__(self) -> str:
        return figure(median(self.samples))


@dataclass(frozen=True)
class Spread(Cell):
    """Samples of a ratio; shown are median, least and most."""

    def __str__(self) -> str:
        low, high = figure(min(self.samples)), figure(max(self.samples))
        return f"{figure(median(self.samples))} ({low} to {high})"


def ratio_cell(samples: Sequence[float]) -> Spread:
    """Return ratios as a cell."""
    return Spread(samples)


@dataclass(frozen=True)
class Table:
    """Rows under a heading."""

    title: str
    about: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Report:
    """One run."""

    about: Mapping[str, Any]
    tables: Sequence[Table]
    left_out: Mapping[str, str]


def figure(value: float) -> str:
    """Return a figure with three digits or so.

    >>> figure(12345.6), figure(12.34), figure(0.1234)
    ('12,346', '12.3', '0.123')
    """
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def as_text(report: Report) -> str:
    """Return the run as text."""
    parts = [*setting_lines(report), *left_out_lines(report)]
    for table in report.tables:
        lines = [table.head, *[tuple(map(str, row)) for row in table.rows]]
        widths = [max(len(line[column]) for line in lines) for column in range(len(table.head))]
        parts += ["", table.title, "-" * len(table.title)]
        parts += [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        ]
    return "\n".join(parts)


def as_markdown(report: Report) -> str:
    """Return the run as a page of the docs."""
    parts = [HEAD, "## The run", "", *(f"- {line}" for line in (*setting_lines(report), *left_out_lines(report)))]
    for table in report.tables:
        parts += ["", f"## {table.title}", "", table.about, "", _line(table.head), _line(["---"] * len(table.head))]
        parts += [_line(map(str, row)) for row in table.rows]
    return "\n".join(parts) + "\n"


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def as_json(report: Report) -> str:
    """Return the run as JSON, with every sample."""

    def plain(cell: Any) -> Any:
        return list(cell.samples) if isinstance(cell, Cell) else cell

    tables = {t.title: [dict(zip(t.head, map(plain, row), strict=True)) for row in t.rows] for t in report.tables}
    return json.dumps({**report.about, "left_out": dict(report.left_out), "tables": tables}, indent=1)


def setting_lines(report: Report) -> list[str]:
    """Return where, when and on what was measured."""
    about = report.about
    loads = about["load_average"] or ()
    load = ", ".join(f"{value:.1f}" for value in loads) or "unknown"
    busy = (
        "; busy with other work as well, so the figures are rough"
        if max(loads, default=0) > about["processors"]
        else ""
    )
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(about["verdicts"].items()))
    return [
        f"{datetime.now(UTC):%Y-%m-%d}; {about['machine']}, {about['processors']} processors (load {load}){busy}",
        f"{about['system']}, {about['python']}",
        ", ".join(f"{name} {number}" for name, number in about["versions"].items()),
        f"Fassung {about['rules']['fassung']}, rules {about['rules']['sha256']}",
        f"{about['rounds']} rounds; {about['cases']} cases measured, {about['compared']} compared before: {verdicts}",
    ]


def left_out_lines(report: Report) -> list[str]:
    """Return who did not take part, and why."""
    return [f"Not timed: {name}: {why}" for name, why in report.left_out.items()]
