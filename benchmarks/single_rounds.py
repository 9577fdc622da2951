"""Measuring rows in interleaved rounds; what comes out: median, least, most, and whether an aim is reached."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from statistics import median
from time import perf_counter
from typing import Any

Measure = Callable[[int], float]
PASSES = 3
_CACHE = type(lru_cache(len))


@dataclass(slots=True)
class Row:
    """One line of the table: what is measured, in which unit, what it includes, and at most how much it should be."""

    name: str
    unit: str
    includes: str
    measure: Measure
    aim: float | None = None
    samples: list[float] = field(default_factory=list)

    @property
    def reached(self) -> bool | None:
        """Whether the median reaches the aim; `None` where there is none."""
        return None if self.aim is None else median(self.samples) <= self.aim


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long a row takes as another, taken in each round; the aim is to be above `aim`."""

    name: str
    samples: list[float]
    aim: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the median reaches the aim; `None` where there is none."""
        return None if self.aim is None else median(self.samples) > self.aim


def ratio(slower: Row, faster: Row, aim: float | None = None) -> Ratio:
    """Return the ratio of two rows, round by round."""
    pairs = zip(slower.samples, faster.samples, strict=True)
    return Ratio(slower.name, [one / other for one, other in pairs], aim)


def run(rows: Sequence[Row], rounds: int) -> None:
    """Measure every row once in each round, each round beginning with another; the round before the first is lost."""
    for number in range(rounds + 1):
        if sys.stderr.isatty():
            print(f"\rround {number} of {rounds}", end="\n" if number == rounds else "", file=sys.stderr, flush=True)
        first = number % len(rows)
        for row in (*rows[first:], *rows[:first]):
            gc.collect()
            figure = row.measure(number)
            if number:
                row.samples.append(figure)


def microseconds_each(decide: Callable[[Any], object], cases: Sequence[Any]) -> float:
    """Return the microseconds that `decide` takes for a case: the median of some passes over all, after one unmeasured.

    The unmeasured pass is there because another row ran just before, which left other code in the processor's caches.
    """

    def once() -> None:
        for case in cases:
            decide(case)  # what comes out is dropped at once: kept results would slow the next case down

    passes = [seconds(once) for _ in range(1 + PASSES)]
    return median(passes[1:]) / len(cases) * 1e6


def microseconds_uncached(decide: Callable[[Any], object], cases: Sequence[Any]) -> float:
    """Return the same for one pass, with every bounded cache of the library emptied before each case."""
    caches, spent = _value_caches(), 0.0
    for case in cases:
        for cache in caches:
            cache.cache_clear()
        spent += seconds(partial(decide, case))
    return spent / len(cases) * 1e6


def _value_caches() -> list[Any]:
    """Return the caches of values; those without a bound hold what is read and compiled once per process."""
    found = [thing for thing in gc.get_objects() if type(thing) is _CACHE]
    ours = [cache for cache in found if (cache.__module__ or "").startswith("vwv_im.")]
    return [cache for cache in ours if cache.cache_parameters()["maxsize"] is not None]


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def shown(title: str, entries: Sequence[Row | Ratio]) -> str:
    """Return a section as text."""
    lines = [title, "-" * len(title)]
    width = max(len(entry.name) for entry in entries)
    lines.append(f"{'':{width}}  {'median':>9} {'least':>9} {'most':>9}  {'unit':<13} aim")
    for entry in entries:
        figures = " ".join(f"{_figure(value):>9}" for value in _spread(entry.samples))
        unit = entry.unit if isinstance(entry, Row) else "times"
        lines.append(f"{entry.name:{width}}  {figures}  {unit:<13} {_aim(entry)}".rstrip())
        if isinstance(entry, Row):
            lines.append(f"    {entry.includes}")
    return "\n".join(lines)


def as_json(entry: Row | Ratio) -> dict[str, Any]:
    """Return a row as JSON has it."""
    middle, least, most = _spread(entry.samples)
    data = {"name": entry.name, "median": middle, "least": least, "most": most, "aim": entry.aim}
    data |= {"reached": entry.reached, "samples": entry.samples}
    return data | ({"unit": entry.unit, "includes": entry.includes} if isinstance(entry, Row) else {"unit": "times"})


def _spread(samples: Sequence[float]) -> tuple[float, float, float]:
    return median(samples), min(samples), max(samples)


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def _aim(entry: Row | Ratio) -> str:
    if entry.aim is None:
        return ""
    sign = "at most" if isinstance(entry, Row) else "more than"
    return f"{sign} {entry.aim:g}: {'reached' if entry.reached else 'NOT reached'}"
