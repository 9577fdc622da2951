"""Frames cut into parts: by the spans of the calendar in which the same law applies, and so many rows at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from vwv_im.law.choice import Choice
from vwv_im.law.regulation import Regulation
from vwv_im.law.types import DAY
from vwv_im.reasoning.columns.flow import ROW, TOP, Home


@dataclass(frozen=True, slots=True)
class Regime:
    """The days from `first` to before `end` (`None`: all later ones) on which the same Fassung is chosen."""

    first: date
    end: date | None
    choice: Choice

    @property
    def inside(self) -> bool:
        """Whether the days lie inside the scope."""
        return self.choice.place == "inside"

    def covers(self, day: pl.Expr) -> pl.Expr:
        """Return whether a column of days lies in it."""
        return day >= self.first if self.end is None else (day >= self.first) & (day < self.end)

    def holds(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.first <= day and (self.end is None or day < self.end)


def regimes(law: Regulation, known_on: date | None, readings: Mapping[str, str]) -> tuple[Regime, ...]:
    """Return all spans of the calendar, in order."""
    turns = {day for akt in law.acts for day in (akt.gilt_ab.datum, akt.gilt_ab.spaetestens)}
    days = [date.min, *sorted(turns), None]
    return tuple(
        Regime(first, end, law.choose(first, known_on, readings)) for first, end in pairwise(days) if first is not None
    )


def regimes_of(all_: Sequence[Regime], days: Collection[date]) -> tuple[Regime, ...]:
    """Return the spans in which some days lie."""
    return tuple(regime for regime in all_ if any(map(regime.holds, days)))


AT_ONCE = 2**18
"""So many applications are decided together: what is computed on the way takes no more memory in a longer frame."""
Parts = dict[Home, pl.DataFrame]


def in_turn(frames: Mapping[Home, pl.DataFrame]) -> Iterator[Parts]:
    """Yield so many applications at a time, with their posts and members."""
    height = frames[TOP].height
    if height <= AT_ONCE:
        yield dict(frames)
        return
    for start in range(0, height, AT_ONCE):
        theirs = pl.col(ROW).is_between(start, start + AT_ONCE - 1).fill_null(start == 0)
        part = {home: frame.filter(theirs) for home, frame in frames.items() if home != TOP}
        yield {TOP: frames[TOP].slice(start, AT_ONCE), **part}


def by_day(frames: Mapping[Home, pl.DataFrame], groups: Sequence[Sequence[Regime]]) -> Iterator[Parts]:
    """Yield for each group of spans the applications whose day lies in one, with their posts and members."""
    if len(groups) == 1:
        yield dict(frames)
        return
    top, day = frames[TOP], pl.col(DAY)
    choices = [pl.when(regime.covers(day)).then(number) for number, group in enumerate(groups) for regime in group]
    group_of = top.select(pl.coalesce(choices)).to_series()
    of_row = {
        home: group_of if home == TOP else group_of.gather(frame[ROW] - top[ROW].min()).fill_null(0)
        for home, frame in frames.items()
    }
    for number in range(len(groups)):
        yield {home: frame.filter(of_row[home] == number) for home, frame in frames.items()}
