"""Measuring rows in interleaved rounds."""

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
MANY = 1024  # places of a cache of values; one of compiled rules has a few
_CACHE = type(lru_cache(len))


@dataclass(slots=True)
class Row:
    """One line of a table: what is measured, in which unit, and what it includes.

    `measure` takes the number of the round and returns one sample.
    """

    name: str
    unit: str
    includes: str
    measure: Measure
    samples: list[float] = field(default_factory=list)


def ratio(slower: Row, faster: Row) -> list[float]:
    """Return how many times as long a row takes as another, round by round."""
    return [one / other for one, other in zip(slower.samples, faster.samples, strict=True)]


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
    """Return the same for one pass, with every cache of values of the library emptied before each case."""
    caches, spent = _value_caches(), 0.0
    for case in cases:
        for cache in caches:
            cache.cache_clear()
        spent += seconds(partial(decide, case))
    return spent / len(cases) * 1e6


def _value_caches() -> list[Any]:
    """Return the caches of values; those of few places, or without a bound, hold what is read and compiled once."""
    found = [thing for thing in gc.get_objects() if type(thing) is _CACHE]
    ours = [cache for cache in found if (cache.__module__ or "").startswith("vwv_im.")]
    return [cache for cache in ours if (cache.cache_parameters()["maxsize"] or 0) >= MANY]


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    start = perf_counter()
    work()
    return perf_counter() - start
