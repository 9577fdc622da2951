"""Frames in memory in parts: so many applications at a time, and apart by what decides them.

What belongs to no application goes with the first part, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from vwv_im.law.types import DAY
from vwv_im.reasoning.columns.flow import ROW, TOP, Home
from vwv_im.reasoning.columns.regimes import Regime

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
