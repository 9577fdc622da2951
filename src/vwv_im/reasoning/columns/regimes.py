"""Which Fassung decides a row: the calendar cut into the spans in which the same law applies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from vwv_im.law.choice import Choice
from vwv_im.law.regulation import Regulation


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
