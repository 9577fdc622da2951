"""The aims: ratios that were set beforehand, each with what a run found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.report import Table, figure, ratio_cell
from benchmarks.rounds import Row, ratio

PER_POST = 1.2
"""What "about the same" is: more posts fill more of the processor's caches, which is no growth of the work."""


@dataclass(frozen=True)
class Aim:
    """What is asked, the limit, and the samples, whose median counts; without any, `left_out` says why."""

    about: str
    limit: float
    samples: Sequence[float] = ()
    unit: str = "×"
    at_least: bool = False
    left_out: str = ""

    @property
    def reached(self) -> bool:
        """Whether the median keeps to the limit."""
        found = median(self.samples)
        return found >= self.limit if self.at_least else found <= self.limit

    @property
    def line(self) -> tuple[Any, ...]:
        """The aim as a line of a table."""
        limit = f"{'at least' if self.at_least else 'at most'} {figure(self.limit)} {self.unit}"
        if not self.samples:
            return self.about, limit, "", f"left out: {self.left_out}"
        return self.about, limit, ratio_cell(self.samples), "reached" if self.reached else "NOT reached"


def related(about: str, limit: float, one: Row | None, other: Row | None, why: str = "", **more: Any) -> Aim:
    """Return an aim for the ratios of two rows, round by round; without one of them, left out."""
    if one is None or other is None:
        return Aim(about, limit, left_out=why, **more)
    return Aim(about, limit, ratio(one, other), **more)


def per_post(what: str, rows: dict[int, Row]) -> Aim:
    """Return the aim that a post takes as long among the most posts as among the fewest."""
    few, many = min(rows), max(rows)
    samples = [one * few / many for one in ratio(rows[many], rows[few])]
    return Aim(f"{what}: time a post at {many:,} posts / at {few:,} posts, about the same", PER_POST, samples)


def table_of(aims: Sequence[Aim]) -> Table:
    """Return the table of all aims."""
    head = ("aim", "limit", "found: median (least to most)", "")
    return Table("Aims", "The median counts; ratios are taken round by round.", head, [aim.line for aim in aims])
