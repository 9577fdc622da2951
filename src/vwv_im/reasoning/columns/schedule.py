"""The flow of columns: which are computed from which, in as few passes over the frames as possible.

What is said of the record at the top, and of the entries of each list, lives in a frame of its own; the frames form a
tree. A value of a row that those below it need is joined to them; a total over rows is grouped and joined to the row
above them. Both wait for the pass after the one in which what they need is there, and so does a frame whose rows are
made on the way: the entries of a series, or the pairs of rows of two frames that have the same row above them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from vwv_im.reasoning.columns.graph import Node, Program, col

TableName = str
Frames = dict[TableName, pl.DataFrame]
T = TypeVar("T")
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
    """What happens in one pass: frames made, values joined in, then columns computed from one another."""

    made: dict[TableName, tuple[str, str]] = field(default_factory=dict)
    paired: dict[TableName, TableName] = field(default_factory=dict)
    down: dict[tuple[TableName, TableName], list[str]] = field(default_factory=lambda: defaultdict(list))
    up: dict[TableName, dict[str, pl.Expr]] = field(default_factory=lambda: defaultdict(dict))
    computed: dict[TableName, dict[str, Node]] = field(default_factory=lambda: defaultdict(dict))
    programs: dict[TableName, Program] = field(default_factory=dict)


class ColumnSchedule:
    """Collects columns and runs them on frames.

    `given` names the columns that each frame begins with, `above` the frame above each but the top. `around` is the
    frame of the pairs for which something is computed, if it is for any.
    """

    def __init__(self, given: Mapping[TableName, Iterable[str]], above: Mapping[TableName, TableName]) -> None:
        self.above: dict[TableName, TableName] = dict(above)
        self.around: TableName | None = None
        self._partner: dict[TableName, TableName] = {}
        self._other: dict[TableName, tuple[TableName, ...]] = {}
        self._when = {(table, name): 0 for table, names in given.items() for name in names}
        self._origin = {name: table for table, name in self._when}
        self._since: dict[TableName, int] = defaultdict(int)
        self._passes: dict[int, _Pass] = defaultdict(_Pass)
        self._materialized: dict[tuple[TableName, tuple[Any, ...]], Node] = {}

    def compute(self, table: TableName, name: str, column: Node) -> Node:
        """Add a column to a frame."""
        turn = max((self._at(table, root) for root in column.roots), default=self._since[table])
        self._add(table, name, turn)
        self._passes[turn].computed[table][name] = column
        return col(name)

    def materialize(self, column: Node) -> Node:
        """Compute a part of other columns once, in the frame that has what it is computed from, under a name."""
        roots = column.roots
        if not roots or column.is_read:
            return column
        origins = {self._origin[root] for root in roots}
        table = max(origins, key=lambda origin: len(self.chain(origin)))
        if self.around is not None and not origins.issubset(self.chain(self._partner[self.around])):
            table = table if origins.isdisjoint((self.around, *self._other[self.around])) else self.around
        key = table, column.key
        if key not in self._materialized:
            self._materialized[key] = self.compute(table, f"#{len(self._materialized)}", column)
        return self._materialized[key]

    def total(self, table: TableName, name: str, column: pl.Expr) -> Node:
        """Add to the frame above another an aggregate over the rows that belong to each of its rows."""
        turns = (self._at(table, root) for root in column.meta.root_names())
        turn = 1 + max(turns, default=self._since[table])
        self._add(self.above[table], name, turn)
        self._passes[turn].up[table][name] = column
        return col(name)

    def make(self, table: TableName, number: str, count: Node) -> Node:
        """Make a frame with so many rows for each row above, numbered from 1; one stands for an unknown number."""
        above = self.above[table]
        count = self.compute(above, f"#count:{table}", count)
        turn = self._since[table] = 1 + max(self._at(above, f"#count:{table}"), self._since[above])
        for name in (number, stated_column(table)):
            self._add(table, name, turn)
        self._passes[turn].made[table] = number, f"#count:{table}"
        return col(number)

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

    def _add(self, table: TableName, name: str, turn: int) -> None:
        self._when[table, name] = turn
        self._origin.setdefault(name, table)

    def _at(self, table: TableName, name: str) -> int:
        """Return the pass in which a column is there; one of a row above is joined to the frame that needs it."""
        if (table, name) not in self._when:
            source = self._partner[table] if self._origin[name] in self._other.get(table, ()) else self.above[table]
            turn = max(self._at(source, name) + 1, self._since[table])
            self._when[table, name] = turn
            self._passes[turn].down[table, source].append(name)
        return self._when[table, name]

    def keep(self, wanted: Iterable[tuple[TableName, str]]) -> None:
        """Write down the programs of what is wanted: all else, and the frames made only for that, is dropped."""
        needed = set(wanted)
        for turn in sorted(self._passes, reverse=True):
            self._keep_of(self._passes[turn], needed)

    def _keep_of(self, one: _Pass, needed: set[tuple[TableName, str]]) -> None:
        """Write down the programs of a pass for what is needed after it, and add what is needed before it."""
        for table, columns in one.computed.items():
            if found := {name: column for name, column in columns.items() if (table, name) in needed}:
                one.programs[table] = program = Program(found, columns)
                needed.update((table, name) for name in (ROW, *program.read))
        for (table, source), names in one.down.items():
            names[:] = [name for name in names if (table, name) in needed]
            needed.update((source, name) for name in names)
        for table, totals in one.up.items():
            to = self.above[table]
            kept = one.up[table] = {name: total for name, total in totals.items() if (to, name) in needed}
            needed.update((table, root) for total in kept.values() for root in (ROW, *total.meta.root_names()))
        tables = {table for table, _ in needed}
        one.paired = {table: meet for table, meet in one.paired.items() if table in tables}
        needed.update((other, ROW) for table in one.paired for other in (self.above[table], self._partner[table]))
        one.made = {table: made for table, made in one.made.items() if table in tables}
        needed.update((self.above[table], count) for table, (_, count) in one.made.items())

    def run(self, frames: Frames) -> Frames:
        """Compute everything; a frame keeps the columns it came with."""
        for turn in sorted(self._passes):
            frames = self._run_pass(self._passes[turn], frames)
        return frames

    def _run_pass(self, one: _Pass, before: Frames) -> Frames:
        frames = dict(before)
        for table, (number, count) in one.made.items():
            above = self.above[table]
            frames[table] = _make_rows(before[above], number_column(above), table, number, count)
        for table, meet in one.paired.items():
            frames[table] = self._pair_rows(before, table, meet)
        for table, totals in one.up.items():
            if totals:
                to, groups = self.above[table], before[table].lazy().group_by(ROW)
                grouped = groups.agg(total.alias(name) for name, total in totals.items())
                frames[to] = _joined(frames[to], grouped, number_column(to), ROW)
        for (table, source), names in one.down.items():
            if names:
                joint, number = ROW if source == self.above[table] else _PARTNER, number_column(source)
                frames[table] = _joined(frames[table], before[source].lazy().select(number, *names), joint, number)
        for table, program in one.programs.items():
            frames[table] = frames[table].hstack(program.run(frames[table]))
        return frames

    def _pair_rows(self, before: Frames, table: TableName, meet: TableName) -> pl.DataFrame:
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


def _joined(frame: pl.DataFrame, other: pl.LazyFrame, own: str, number: str) -> pl.DataFrame:
    """Return a frame with what another has for its rows; they keep their order."""
    return collect(frame.lazy().join(other, left_on=own, right_on=number, how="left", maintain_order="left"))


def _make_rows(above: pl.DataFrame, own: str, table: TableName, number: str, count: str) -> pl.DataFrame:
    """Return the rows of a frame that is made, in the order of those above."""
    rows = above.lazy().select(pl.col(own).alias(ROW), pl.col(count).cast(pl.Int64).alias("#count"))
    rows = rows.filter(pl.col("#count").fill_null(1) > 0)
    rows = rows.with_columns(pl.int_ranges(1, pl.col("#count").fill_null(1) + 1).alias(number)).explode(number)
    known = pl.col("#count").is_not_null()
    rank = pl.col(ROW).cast(pl.Int64) * _MOST_MADE + pl.col(number)
    own_columns = known.alias(stated_column(table)), rank.alias(RANK), pl.when(known).then(number).alias(number)
    return collect(rows.with_columns(own_columns).drop("#count"))


def join_tree(operation: Callable[[T, T], T], columns: Sequence[T]) -> T:
    """Return what an associative operation makes of some columns, as a tree that is no deeper than it must be."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    return operation(join_tree(operation, columns[:half]), join_tree(operation, columns[half:]))
