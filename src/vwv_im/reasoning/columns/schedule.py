"""The flow of columns: which are computed from which, in as few passes over the frames as possible.

What is said of the record at the top, and of the entries of each list, lives in a frame of its own; the frames form a
tree. A value of a row that those below it need is joined to them; a total over rows is grouped and joined to the row
above them. Both wait for the pass after the one in which what they need is there, and so does a frame whose rows are
made on the way: the entries of a series, or the pairs of rows of two frames that have the same row above them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import polars as pl

TableName = str
Frames = dict[TableName, pl.DataFrame]
Planned = dict[TableName, pl.LazyFrame]
TOP = "#top"
"""The frame at the top; the others are called like the scopes of their rows."""
ROW, RANK = "#row", "#rank"
"""The number of a row at the top, and in the other frames that of the row above; in these the row's own number."""
_PARTNER = "#partner"
_MOST_MADE = 2**17  # rows for one row above: more than the months of any calendar


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """Work out what is planned: what is read more than once has a column, so that there is nothing to optimise."""
    return frame.collect(optimizations=pl.QueryOptFlags.none())


def number_column(table: TableName) -> str:
    """Return the column that numbers the rows of a frame."""
    return ROW if table == TOP else RANK


def stated_column(table: TableName) -> str:
    """Return the column that says whether a row is one of a list that is known, or stands for one that is not."""
    return f"#stated:{table}"


@dataclass
class _Pass:
    """What happens in one pass: frames made, values joined in, then columns computed, those of one depth at once."""

    made: dict[TableName, tuple[str, pl.Expr]] = field(default_factory=dict)
    paired: dict[TableName, TableName] = field(default_factory=dict)
    down: dict[tuple[TableName, TableName], list[str]] = field(default_factory=lambda: defaultdict(list))
    up: dict[TableName, list[pl.Expr]] = field(default_factory=lambda: defaultdict(list))
    computed: dict[tuple[int, TableName], list[pl.Expr]] = field(default_factory=lambda: defaultdict(list))


class ColumnSchedule:
    """Collects columns and runs them on frames.

    `given` names the columns that each frame begins with, `above` the frame above each but the top. `around` is the
    frame of the pairs for which something is computed, if it is for any.
    """

    def __init__(self, given: Mapping[TableName, Iterable[str]], above: Mapping[TableName, TableName]) -> None:
        self.above = dict(above)
        self.around: TableName | None = None
        self._partner: dict[TableName, TableName] = {}
        self._other: dict[TableName, tuple[TableName, ...]] = {}
        self._when = {(table, name): (0, 0) for table, names in given.items() for name in names}
        self._origin = {name: table for table, name in self._when}
        self._since: dict[TableName, int] = defaultdict(int)
        self._passes: dict[int, _Pass] = defaultdict(_Pass)
        self._materialized: dict[tuple[TableName, bytes], pl.Expr] = {}

    def compute(self, table: TableName, name: str, column: pl.Expr) -> pl.Expr:
        """Add a column to a frame."""
        needed = [self._at(table, root) for root in column.meta.root_names()]
        turn = max((turn for turn, _ in needed), default=self._since[table])
        depth = 1 + max((depth for other, depth in needed if other == turn), default=0)
        self._add(table, name, (turn, depth))
        self._passes[turn].computed[depth, table].append(column.alias(name))
        return pl.col(name)

    def materialize(self, column: pl.Expr) -> pl.Expr:
        """Give a part of other columns a column of its own, once, in the frame that has what it is computed from.

        An expression is a tree: a part that stands in it twice is planned, and may be computed, twice, and so are its
        parts; the plan of a deep tree costs more than its rows.
        """
        roots = column.meta.root_names()
        if not roots or column.meta.is_column():
            return column
        origins = {self._origin[root] for root in roots}
        table = max(origins, key=lambda origin: len(self.chain(origin)))
        if self.around is not None and not origins.issubset(self.chain(self._partner[self.around])):
            table = table if origins.isdisjoint((self.around, *self._other[self.around])) else self.around
        key = table, column.meta.serialize()
        if key not in self._materialized:
            self._materialized[key] = self.compute(table, f"#{len(self._materialized)}", column)
        return self._materialized[key]

    def total(self, table: TableName, name: str, column: pl.Expr) -> pl.Expr:
        """Add to the frame above another an aggregate over the rows that belong to each of its rows."""
        turns = (self._at(table, root)[0] for root in column.meta.root_names())
        turn = 1 + max(turns, default=self._since[table])
        self._add(self.above[table], name, (turn, 0))
        self._passes[turn].up[table].append(column.alias(name))
        return pl.col(name)

    def make(self, table: TableName, number: str, count: pl.Expr) -> pl.Expr:
        """Make a frame with so many rows for each row above, numbered from 1; one stands for an unknown number."""
        turns = (self._at(self.above[table], root)[0] for root in count.meta.root_names())
        turn = self._since[table] = 1 + max(turns, default=self._since[self.above[table]])
        for name in (number, stated_column(table)):
            self._add(table, name, (turn, 0))
        self._passes[turn].made[table] = number, count
        return pl.col(number)

    def pair(self, table: TableName, other: TableName, meet: TableName) -> TableName:
        """Make a frame below another of its rows with those of a third that have the same row of `meet` above them.

        What lies between the third and `meet` is read as the third has it, also where it lies above the other as well.
        """
        pairs = f"{table}\u00d7{other}"
        if pairs not in self.above:
            self.above[pairs], self._partner[pairs] = table, other
            self._other[pairs] = tuple(one for one in self.chain(other) if one not in self.chain(meet))
            turn = self._since[pairs] = 1 + max(self._since[table], self._since[other])
            self._passes[turn].paired[pairs] = meet
        return pairs

    def chain(self, table: TableName) -> tuple[TableName, ...]:
        """Return a frame and those above it."""
        return (table, *self.chain(self.above[table])) if table in self.above else (table,)

    def _add(self, table: TableName, name: str, when: tuple[int, int]) -> None:
        self._when[table, name] = when
        self._origin.setdefault(name, table)

    def _at(self, table: TableName, name: str) -> tuple[int, int]:
        """Return when a column is there; one of a row above is joined to the frame that needs it."""
        if (table, name) not in self._when:
            source = self._partner[table] if self._origin[name] in self._other.get(table, ()) else self.above[table]
            turn = max(self._at(source, name)[0] + 1, self._since[table])
            self._when[table, name] = (turn, 0)
            self._passes[turn].down[table, source].append(name)
        return self._when[table, name]

    def keep(self, wanted: Iterable[tuple[TableName, str]]) -> None:
        """Drop the columns, and the frames made, that nothing wanted is computed from."""
        needed = set(wanted)
        for turn in sorted(self._passes, reverse=True):
            self._keep_of(self._passes[turn], needed)

    def _keep_of(self, one: _Pass, needed: set[tuple[TableName, str]]) -> None:
        """Drop from a pass what is not needed after it, and add what is needed before it."""

        def kept(table: TableName, source: TableName, columns: list[pl.Expr]) -> list[pl.Expr]:
            found = [column for column in columns if (table, column.meta.output_name()) in needed]
            needed.update((source, root) for column in found for root in (ROW, *column.meta.root_names()))
            return found

        for depth, table in sorted(one.computed, reverse=True):
            one.computed[depth, table] = kept(table, table, one.computed[depth, table])
        for (table, source), names in one.down.items():
            names[:] = [name for name in names if (table, name) in needed]
            needed.update((source, name) for name in names)
        for table, totals in one.up.items():
            totals[:] = kept(self.above[table], table, totals)
        tables = {table for table, _ in needed}
        one.paired = {table: meet for table, meet in one.paired.items() if table in tables}
        needed.update((other, ROW) for table in one.paired for other in (self.above[table], self._partner[table]))
        one.made = {table: made for table, made in one.made.items() if table in tables}
        needed.update((self.above[table], root) for table, (_, count) in one.made.items() for root in count.meta.root_names())

    def run(self, frames: Planned) -> Planned:
        """Plan everything; where there are several frames, each is worked out after every pass that changes it."""
        for turn in sorted(self._passes):
            planned = self._plan_pass(self._passes[turn], frames)
            changed = (table for table, frame in planned.items() if self.above and frame is not frames.get(table))
            frames = {**planned, **{table: collect(planned[table]).lazy() for table in changed}}
        return frames

    def _plan_pass(self, one: _Pass, before: Planned) -> Planned:
        frames = dict(before)
        for table, (number, count) in one.made.items():
            above = self.above[table]
            frames[table] = _make_rows(before[above], number_column(above), table, number, count)
        for table, meet in one.paired.items():
            frames[table] = self._pair_rows(before, table, meet)
        for table, totals in ((table, totals) for table, totals in one.up.items() if totals):
            to = self.above[table]
            grouped = before[table].group_by(pl.col(ROW).alias(number_column(to))).agg(totals)
            frames[to] = frames[to].join(grouped, on=number_column(to), how="left", maintain_order="left")
        for (table, source), names in (pair for pair in one.down.items() if pair[1]):
            joint = ROW if source == self.above[table] else _PARTNER
            taken = before[source].select(pl.col(number_column(source)).alias(joint), *names)
            frames[table] = frames[table].join(taken, on=joint, how="left", maintain_order="left")
        for (_, table), columns in sorted((pair for pair in one.computed.items() if pair[1]), key=itemgetter(0)):
            frames[table] = frames[table].with_columns(columns)
        return frames

    def _pair_rows(self, before: Planned, table: TableName, meet: TableName) -> pl.LazyFrame:
        """Return pairs: the number of the row above and that of its partner, for each row of `meet` above both."""
        own, partner = self.above[table], self._partner[table]
        rows = before[own].select(pl.col(number_column(own)).alias(ROW), pl.col(ROW).alias("#meet"))
        for between in self.chain(self.above[own]):
            if between == meet:
                break
            upper = before[between].select(pl.col(number_column(between)).alias("#meet"), pl.col(ROW).alias("#next"))
            rows = rows.join(upper, on="#meet", maintain_order="left").select(ROW, pl.col("#next").alias("#meet"))
        others = before[partner].select(pl.col(ROW).alias("#meet"), pl.col(number_column(partner)).alias(_PARTNER))
        return rows.join(others, on="#meet", maintain_order="left").drop("#meet")


def _make_rows(above: pl.LazyFrame, own: str, table: TableName, number: str, count: pl.Expr) -> pl.LazyFrame:
    """Return the rows of a frame that is made, in the order of those above."""
    rows = above.select(pl.col(own).alias(ROW), count.cast(pl.Int64).alias("#count"))
    rows = rows.filter(pl.col("#count").fill_null(1) > 0)
    rows = rows.with_columns(pl.int_ranges(1, pl.col("#count").fill_null(1) + 1).alias(number)).explode(number)
    known = pl.col("#count").is_not_null()
    rank = pl.col(ROW).cast(pl.Int64) * _MOST_MADE + pl.col(number)
    own_columns = known.alias(stated_column(table)), rank.alias(RANK), pl.when(known).then(number).alias(number)
    return rows.with_columns(own_columns).drop("#count")


def join_tree(operation: Callable[[pl.Expr, pl.Expr], pl.Expr], columns: Sequence[pl.Expr]) -> pl.Expr:
    """Return what an associative operation makes of some columns, as a tree that is no deeper than it must be."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    return operation(join_tree(operation, columns[:half]), join_tree(operation, columns[half:]))
