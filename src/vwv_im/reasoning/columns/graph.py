"""Expressions over the columns of a frame, compiled once to steps on series that run again for every frame.

An expression of polars is planned anew whenever it runs, which takes longer than its work where there are not very
many rows. A graph is written down once: each part one step, done once however often it is read, its result dropped
when nothing reads it any more. What a literal is follows from what stands beside it, and is settled by the first run.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, TypeAlias

import polars as pl

_YES, _NO = pl.Series([True]), pl.Series([False])
_WIDTHS: Sequence[Any] = (pl.Int32, pl.Int64, pl.Int128)


Step: TypeAlias = "Callable[[Node, Any], Node]"


def _step(work: str) -> Step:
    """Return what computes one column of two, or of one and a value."""
    return lambda self, other: Node(work, self, _node(other))


class Node:
    """A column that is computed: `work` names a step of `_WORK`, `parts` are nodes and what the step takes besides.

    >>> Program({"sum": col("a") + 1}, {}).run(pl.DataFrame({"a": [1, None]})).rows()
    [(2,), (None,)]
    """

    __slots__ = ("key", "parts", "work")

    work: str
    parts: tuple[Any, ...]

    def __init__(self, work: str, *parts: Any) -> None:
        self.work, self.parts = work, parts
        self.key: tuple[Any, ...] = (work, *(part.key if isinstance(part, Node) else _key(part) for part in parts))

    def __hash__(self) -> int:
        return object.__hash__(self)

    @property
    def is_read(self) -> bool:
        """Whether it is a column that is read, not computed."""
        return self.work == "col"

    @property
    def roots(self) -> set[str]:
        """The names of the columns that are read."""
        below = (part.roots for part in self.parts if isinstance(part, Node))
        return {self.parts[0]} if self.is_read else set[str]().union(*below)

    __add__: Step = _step("+")
    __radd__: Step = _step("+")
    __sub__: Step = _step("-")
    __mul__: Step = _step("*")
    __rmul__: Step = _step("*")
    __mod__: Step = _step("%")
    __eq__: Step = _step("==")  # type: ignore[assignment]
    __ne__: Step = _step("!=")  # type: ignore[assignment]
    __lt__: Step = _step("<")
    __le__: Step = _step("<=")
    __gt__: Step = _step(">")
    __ge__: Step = _step(">=")
    __and__: Step = _step("&")
    __or__: Step = _step("|")

    def __floordiv__(self, other: Any) -> Node:
        return Node("//", self, other)

    def __invert__(self) -> Node:
        return Node("~", self)

    def cast(self, dtype: Any, *, strict: bool = True) -> Node:
        """Return it as another type; what does not fit raises, or is unknown where it is not `strict`."""
        return Node("cast", self, dtype, strict)

    def is_known(self) -> Node:
        """Return whether it is not null."""
        return Node("known", self)

    def is_between(self, least: Any, most: Any) -> Node:
        """Return whether it lies between two values, both included."""
        found: Node = (self >= least) & (self <= most)
        return found

    def settled(self, *, open_as: bool) -> Node:
        """Return truth values, those that are open taken for *yes* or for *no*."""
        return when(~self, False, True) if open_as else when(self, True, False)

    def of(self, table: pl.Series) -> Node:
        """Return what a table has at the places that the column names; unknown before its beginning."""
        return Node("of", self.cast(pl.UInt32, strict=False), table)

    def mapped(self, name: str, *given: Any) -> Node:
        """Return what polars computes of it that needs more than a step: see `_MAPPED`."""
        return Node("mapped", self, *given, name)


def col(name: str) -> Node:
    """Return a column by its name."""
    return Node("col", name)


def lit(value: Any, dtype: Any = None) -> Node:
    """Return a value that is the same in every row; without a type, it has that of what stands beside it."""
    return Node("lit", value, dtype)


def when(test: Node, yes: Any, no: Any = None) -> Node:
    """Return one of two values; the second where the test is open."""
    return Node("when", test, _node(yes), _node(no))


def coalesce(columns: Sequence[Node]) -> Node:
    """Return the first value that is known."""
    *earlier, found = columns
    for one in reversed(earlier):
        found = when(one.is_known(), one, found)
    return found


def _node(part: Any) -> Node:
    return part if isinstance(part, Node) else lit(part)


def _key(part: Any) -> Any:
    return id(part) if isinstance(part, pl.Series | Mapping) else (type(part), part)


_MAPPED: Mapping[str, Callable[..., pl.Expr]] = {
    "abs": pl.Expr.abs,
    "year": lambda column: column.dt.year(),
    "head": lambda column, count: column.str.head(count),
    "replaced": lambda column, table: column.replace_strict(table, default=None),
}


def _mapped(column: pl.Series, *given: Any) -> pl.Series:
    *others, name = given
    read = (pl.lit(one) if isinstance(one, pl.Series) else one for one in others)
    return column.to_frame("").select_seq(_MAPPED[name](pl.col(""), *read)).to_series()


def _chosen(test: pl.Series, yes: pl.Series, no: pl.Series) -> pl.Series:
    return yes.zip_with(test, no)


_WORK: Mapping[str, Callable[..., pl.Series]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "&": operator.and_,
    "|": operator.or_,
    "~": operator.invert,
    "cast": lambda column, dtype, strict: column.cast(dtype, strict=strict),
    "known": lambda column: _YES.zip_with(column == column, _NO),  # noqa: PLR0124 - null where it is null
    "of": lambda column, table: table[column],
    "when": _chosen,
    "mapped": _mapped,
}


@dataclass(slots=True)
class _Step:
    """What is done with which slots, where its result goes, and which slots are read for the last time."""

    work: Callable[..., pl.Series]
    slots: tuple[int, ...]
    given: tuple[Any, ...]
    to: int
    last: list[int] = field(default_factory=list)


class Program:
    """Columns to be computed, by their names, from those of a frame. `defined` are others that they may read."""

    def __init__(self, wanted: Mapping[str, Node], defined: Mapping[str, Node]) -> None:
        self._steps, self._slots = list[_Step](), dict[tuple[Any, ...], int]()
        self.read: dict[str, int] = {}
        """The columns of the frame that are read, with their slots."""
        self._values: list[pl.Series | Node | None] = []
        reached, todo = set[str](), [root for node in wanted.values() for root in node.roots]
        while todo:
            if (name := todo.pop()) in defined and name not in reached:
                reached.add(name)
                todo += defined[name].roots
        for name in (one for one in defined if one in reached):
            self._slots["col", (str, name)] = self._slot(defined[name])
        self._found = {name: self._slot(node) for name, node in wanted.items()}
        kept = {*self._found.values()}
        for step in reversed(self._steps):
            step.last = [slot for slot in {*step.slots} if slot not in kept and self._values[slot] is None]
            kept.update(step.last)
        self._settled, self._lock = False, Lock()

    def _new(self, value: Node | None = None) -> int:
        self._values.append(value)
        return len(self._values) - 1

    def _slot(self, node: Node) -> int:
        """Return where the value of a node is found."""
        if node.work == "lit":
            return self._new(node)
        if node.key not in self._slots:
            if node.work == "col":
                slot = self.read[node.parts[0]] = self._new()
            else:
                slots = tuple(self._slot(part) for part in node.parts if isinstance(part, Node))
                given = tuple(part for part in node.parts if not isinstance(part, Node))
                slot = self._new()
                self._steps.append(_Step(_WORK[node.work], slots, given, slot))
            self._slots[node.key] = slot
        return self._slots[node.key]

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the columns wanted; those that are the same in every row as long as the frame."""
        with self._lock:
            if not self._settled:
                self._settle(frame.head(1))
        values = self._given(frame)
        for step in self._steps:
            values[step.to] = step.work(*[values[slot] for slot in step.slots], *step.given)
            for slot in step.last:
                values[slot] = None
        height = frame.height
        found = [(name, values[slot]) for name, slot in self._found.items()]
        return pl.DataFrame([_as_long(series, height).alias(name) for name, series in found])

    def _given(self, frame: pl.DataFrame) -> list[Any]:
        values: list[Any] = list(self._values)
        for name, slot in self.read.items():
            values[slot] = frame.get_column(name)
        return values

    def _settle(self, frame: pl.DataFrame) -> None:
        """Run once to find out the types of the literals, and where two must be made alike."""
        values = self._given(frame)
        for step in self._steps:
            read = [values[slot] for slot in step.slots]
            beside = read[1:] if step.work is _chosen else read
            kinds = [one.dtype for one in beside if isinstance(one, pl.Series)]
            for slot, one in zip(step.slots, read, strict=True):
                if isinstance(one, Node):
                    values[slot] = self._values[slot] = _constant(one, kinds)
            if step.work is _chosen and len(found := {values[slot].dtype for slot in step.slots[1:]}) > 1:
                step.work = partial(_chosen_as, dtype=max(found, key=_width))
            values[step.to] = step.work(*[values[slot] for slot in step.slots], *step.given)
        for slot in self._found.values():
            if isinstance(values[slot], Node):
                self._values[slot] = _constant(values[slot], [])
        self._settled = True


def _chosen_as(test: pl.Series, yes: pl.Series, no: pl.Series, *, dtype: Any) -> pl.Series:
    return yes.cast(dtype).zip_with(test, no.cast(dtype))


def _width(dtype: pl.DataType) -> int:
    """Return how much a type holds beside others; nothing holds less than that of nulls."""
    return 0 if dtype == pl.Null else 1 + _WIDTHS.index(dtype) if dtype in _WIDTHS else 1


def _constant(node: Node, beside: Sequence[Any]) -> pl.Series:
    """Return a literal as a series, of the type of what stands beside it if that holds it."""
    value, dtype = node.parts
    if dtype is None and value is None:
        dtype = beside[-1] if beside else pl.Null
    elif dtype is None and type(value) is int:
        found = (_whole(value, one) for one in (*beside[-1:], *_WIDTHS))
        return next(one for one in found if one is not None)
    return pl.Series([value], dtype=dtype)


def _whole(value: int, dtype: Any) -> pl.Series | None:
    try:
        return pl.Series([value], dtype=dtype)
    except (OverflowError, TypeError):
        return None


def _as_long(series: pl.Series, height: int) -> pl.Series:
    if series.len() == height:
        return series
    return series.new_from_index(0, height) if height else series.clear()
