"""The flow of columns: which are computed from which, in as few passes over the frames as possible.

Facts of the application, of its posts and of its members live in up to three frames. A value of the application that
a post needs is joined to the posts; a total over the posts is grouped and joined to the application. Both wait for
the pass after the one in which what they need is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

ROW = "#row"
"""The number of the application in the frame of applications, and in the other frames that of their application."""
TOP = "top"
Home = str
Frames = dict[Home, pl.LazyFrame]


@dataclass
class _Pass:
    """What happens in one pass: values joined in, then columns computed, those of one depth at once."""

    down: dict[Home, list[str]] = field(default_factory=lambda: defaultdict(list))
    up: dict[Home, list[pl.Expr]] = field(default_factory=lambda: defaultdict(list))
    computed: dict[Home, dict[int, list[pl.Expr]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


class Flow:
    """Collects columns and runs them on frames. `stated` names the columns that each frame begins with."""

    def __init__(self, stated: Mapping[Home, Iterable[str]]) -> None:
        self._when = {(home, name): (0, 0) for home, names in stated.items() for name in names}
        self._passes: dict[int, _Pass] = defaultdict(_Pass)
        self._kept: dict[bytes, pl.Expr] = {}

    def compute(self, home: Home, name: str, column: pl.Expr) -> pl.Expr:
        """Add a column to a frame."""
        needed = [self._at(home, root) for root in column.meta.root_names()]
        turn = max((turn for turn, _ in needed), default=0)
        depth = 1 + max((depth for other, depth in needed if other == turn), default=0)
        self._when[home, name] = (turn, depth)
        self._passes[turn].computed[home][depth].append(column.alias(name))
        return pl.col(name)

    def keep(self, column: pl.Expr) -> pl.Expr:
        """Give a part of other columns a column of its own, once, in the frame that has what it is computed from.

        An expression is a tree: a part that stands in it twice is planned, and may be computed, twice, and so are its
        parts; the plan of a deep tree costs more than its rows.
        """
        roots = column.meta.root_names()
        if not roots or column.meta.is_column():
            return column
        key = column.meta.serialize()
        if key not in self._kept:
            inner = (home for home, name in self._when if name in roots and (TOP, name) not in self._when)
            self._kept[key] = self.compute(next(inner, TOP), f"#{len(self._kept)}", column)
        return self._kept[key]

    def total(self, home: Home, name: str, column: pl.Expr) -> pl.Expr:
        """Add to the applications an aggregate over the rows of another frame that belong to each."""
        turn = 1 + max((self._at(home, root)[0] for root in column.meta.root_names()), default=0)
        self._when[TOP, name] = (turn, 0)
        self._passes[turn].up[home].append(column.alias(name))
        return pl.col(name)

    def _at(self, home: Home, name: str) -> tuple[int, int]:
        """Return when a column is there; one of the application is joined to the frame that needs it."""
        if (home, name) not in self._when:
            turn = self._when[TOP, name][0] + 1
            self._when[home, name] = (turn, 0)
            self._passes[turn].down[home].append(name)
        return self._when[home, name]

    def run(self, frames: Frames) -> Frames:
        """Compute everything."""
        for turn in sorted(self._passes):
            one = self._passes[turn]
            before = dict(frames)
            for home, totals in one.up.items():
                grouped = before[home].group_by(ROW).agg(totals)
                frames[TOP] = frames[TOP].join(grouped, on=ROW, how="left", maintain_order="left")
            for home, names in one.down.items():
                taken = before[TOP].select(ROW, *names)
                frames[home] = frames[home].join(taken, on=ROW, how="left", maintain_order="left")
            for home, columns in one.computed.items():
                for depth in sorted(columns):
                    frames[home] = frames[home].with_columns(columns[depth])
        return frames


def joined(operation: Callable[[pl.Expr, pl.Expr], pl.Expr], columns: Sequence[pl.Expr]) -> pl.Expr:
    """Return what an associative operation makes of some columns, as a tree that is no deeper than it must be."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    return operation(joined(operation, columns[:half]), joined(operation, columns[half:]))
