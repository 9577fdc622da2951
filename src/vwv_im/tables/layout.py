"""From tables to the frames of the engine: applications, their posts, their members, joined by the application's id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl
from polars import selectors as cs

from vwv_im.case import FACTS, Fact
from vwv_im.case.values import LAST_DAY
from vwv_im.law.types import DAY
from vwv_im.reasoning.columns.answers import CARRIED, FAULTY, RANK
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames
from vwv_im.reasoning.columns.program import MEMBERS, MOST, STATED, Shape
from vwv_im.tables.cells import spelled, value

ID = "antrag_id"
"""The column that joins applications, posts and members."""
ON = "on"
"""The column of the day of decision, where it is not the same for all rows."""
KEY = "#key"
"""The column that joins what one table was parted into."""
FLAG, OWN, NO_DAY = "#fault:", "#own", "#no_day"
"""Columns that say where a fault lies which no single cell shows, called `#fault:CODE:COLUMN`; whether a row has
faults of its own; whether it lacks its day."""


@dataclass(frozen=True)
class Tables:
    """What is to be decided: a row for each application, and posts and members where they have tables of their own.

    `text`: all cells are text, as in a CSV file. `on` is the day of decision where no column says it. `key` is the
    column that joins the tables.
    """

    top: pl.LazyFrame
    posts: pl.LazyFrame | None = None
    members: pl.LazyFrame | None = None
    on: date | None = None
    scope: str = "antrag"
    text: bool = False
    key: str = ID

    def facts(self, table: pl.LazyFrame, *scopes: str) -> list[Fact]:
        """Return the facts that a table has columns for."""
        return [FACTS[name] for name in table.collect_schema() if name in FACTS and FACTS[name].scope in scopes]

    @property
    def top_facts(self) -> list[Fact]:
        """The facts in the table of applications: and of the one post, where posts have no table."""
        scopes = ("antrag", "stelle") if self.scope == "antrag" and self.posts is None else (self.scope,)
        return self.facts(self.top, *scopes)

    @property
    def shape(self) -> Shape:
        """The shape of the frames."""
        facts = {fact.path for fact in self.top_facts}
        inline = any(path.startswith("stelle.") for path in facts)
        for scope, table in (("stelle", self.posts), ("mitglied", self.members)):
            facts |= {fact.path for fact in self.facts(table, scope)} if table is not None else set()
        posts: Literal["none", "row", "frame"] = "frame" if self.posts is not None else "row" if inline else "none"
        return Shape(frozenset(facts), posts, "frame" if self.members is not None else "none")

    def frames(self) -> Frames:
        """Return the frames of the engine, each with its own columns carried along."""
        top = self._top()
        frames = {TOP: top.drop(self.key, strict=False)}
        ids = top.select(ROW, self.key) if self._joined else None
        if ids is not None:
            for scope, table in (("stelle", self.posts), ("mitglied", self.members)):
                if table is not None:
                    frames[scope] = self._listed(table, scope, ids)
                    frames[TOP] = _with_faults(frames[TOP], frames[scope], scope)
        if self.members is not None:
            frames[TOP] = self._with_members(frames[TOP], frames["mitglied"])
        return {home: _completed(frame, home, frames[TOP]) for home, frame in frames.items()}

    @property
    def _joined(self) -> bool:
        return self.posts is not None or self.members is not None

    def _read(self, table: pl.LazyFrame, facts: Sequence[Fact]) -> pl.LazyFrame:
        """Read the facts of a table: what it says is carried along, what that states stands under `_VALUE`."""
        schema = table.collect_schema()
        kept = [pl.col(name) for name in schema if name.startswith("#") or name in (self.key, ON)]
        stated = [pl.col(fact.path) for fact in facts if fact.path != ON]
        read = table.select(*kept, *_carried(table), *stated)
        if self.text:
            read = read.with_columns(spelled(fact, pl.col(fact.path)).alias(fact.path) for fact in facts)
            schema = read.collect_schema()
        values = [_value_of(fact, schema[fact.path], text=self.text) for fact in facts]
        return read.with_columns(column.alias(_VALUE + fact.path) for fact, column in zip(facts, values, strict=True))

    def _top(self) -> pl.LazyFrame:
        schema = self.top.collect_schema()
        days = [] if self.on is not None else [ON_FACT]
        lists = [MEMBERS_FACT] if self.members is not None and MEMBERS_STATED in schema else []
        read = self._read(self.top, [*self.top_facts, *days, *lists]).with_row_index(ROW)
        if self.on is not None:
            read = read.with_columns(pl.lit(self.on).alias(DAY), pl.lit(False).alias(NO_DAY))
        else:
            day = pl.col(_VALUE + ON)
            read = read.with_columns(day.fill_null(LAST_DAY).alias(DAY), day.is_null().alias(NO_DAY))
        for fact, unread in zip(lists, _faulty(lists), strict=True):
            read = read.with_columns(
                unread.alias(f"{FLAG}VIM111:{fact.path}"), pl.col(_VALUE + fact.path).alias(MEMBERS)
            )
        flags = [name for name in read.collect_schema() if name.startswith(FLAG)]
        faulty = pl.any_horizontal(NO_DAY, *flags, *_faulty(self.top_facts))
        key = [self.key] if self._joined else []
        own: list[pl.Expr | str] = [faulty.alias(FAULTY), faulty.alias(OWN), NO_DAY, DAY, *flags]
        own += [MEMBERS for _ in lists]
        return read.select(ROW, *key, _CARRIED, *_values(self.top_facts), *own)

    def _listed(self, table: pl.LazyFrame, scope: str, ids: pl.LazyFrame) -> pl.LazyFrame:
        """Return posts or members with the number of their application."""
        facts = self.facts(table, scope)
        faulty = pl.any_horizontal(pl.lit(False), *_faulty(facts))
        own = [faulty.alias(OWN), pl.lit(True).alias(STATED)]
        read = self._read(table, facts).with_row_index(RANK)
        read = read.select(RANK, self.key, _CARRIED, *_values(facts), *own)
        return read.join(ids, on=self.key, how="left", maintain_order="left").drop(self.key)

    def _with_members(self, top: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
        """Say of each application whether its members are stated: where a column says so, or where there are any."""
        some = members.select(ROW, pl.lit(True).alias("#some")).unique(ROW)
        top = top.join(some, on=ROW, how="left", maintain_order="left")
        stated = pl.col("#some").fill_null(False)
        if MEMBERS in top.collect_schema():
            stated |= pl.col(MEMBERS).fill_null(False)
        return top.with_columns(stated.alias(MEMBERS)).drop("#some")


MEMBERS_STATED = "antrag.mitglieder_angegeben"
"""A column that is true where the list of members is complete, even if it is empty."""
ON_FACT = Fact(
    path=ON, scope="antrag", type="datum", unit=None, values=(), ranks=None, title=FACTS["antrag.antragsdatum"].title,
    question=FACTS["antrag.antragsdatum"].question, labels={}, changeable=False, private=False,
)  # fmt: skip
MEMBERS_FACT = replace(ON_FACT, path=MEMBERS_STATED, type="wahrheitswert")


_VALUE = "#value:"
_CARRIED = cs.starts_with(CARRIED)


@lru_cache(maxsize=1024)
def _value_of(fact: Fact, dtype: pl.DataType, *, text: bool) -> pl.Expr:
    return value(fact, pl.col(fact.path), dtype, text=text)


def _faulty(facts: Iterable[Fact]) -> list[pl.Expr]:
    """Return for each fact whether a cell states something that has no value."""
    return [pl.col(fact.path).is_not_null() & pl.col(_VALUE + fact.path).is_null() for fact in facts]


def _values(facts: Iterable[Fact]) -> list[pl.Expr]:
    return [pl.col(_VALUE + fact.path).alias(fact.path) for fact in facts]


def _carried(table: pl.LazyFrame) -> list[pl.Expr]:
    return [pl.col(name).alias(CARRIED + name) for name in table.collect_schema() if not name.startswith("#")]


def _with_faults(top: pl.LazyFrame, inner: pl.LazyFrame, scope: str) -> pl.LazyFrame:
    """Mark applications whose posts or members are faulty, or too many."""
    found = inner.group_by(ROW).agg((pl.col(OWN).any() | (pl.len() > MOST[scope])).alias("#inner"))
    joined = top.join(found, on=ROW, how="left", maintain_order="left")
    return joined.with_columns(pl.col(FAULTY) | pl.col("#inner").fill_null(False)).drop("#inner")


def _completed(frame: pl.LazyFrame, home: str, top: pl.LazyFrame) -> pl.LazyFrame:
    """Add a row of which nothing is known for each application whose posts or members are not stated."""
    if home == TOP:
        return frame
    rows = top.filter(~pl.col(MEMBERS)).select(ROW) if home == "mitglied" else top.select(ROW)
    unstated = rows.join(frame.select(ROW), on=ROW, how="anti").with_columns(pl.lit(False).alias(STATED))
    return pl.concat([frame, unstated], how="diagonal")


def compared(name: str, column: pl.Expr, *, text: bool) -> pl.Expr:
    """Return a column in which cells are alike that state the same; `text`: 0,5 and 0.50 do in a table of text."""
    fact = ON_FACT if name == ON else FACTS.get(name)
    if not text or fact is None:
        return column
    dtype = pl.List(pl.String) if fact.type == "auswahlliste" else pl.String()
    return pl.coalesce(value(fact, spelled(fact, column), dtype, text=True).cast(pl.String), column)


def gathered(rows: pl.LazyFrame, *, text: bool) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Part a table of posts that repeats the application in each row into applications and posts, joined by `KEY`.

    A cell left empty repeats what another row of the application states; rows that state different things are marked.
    A row without an id is an application of its own.
    """
    own = pl.concat_str(pl.lit("#"), pl.int_range(pl.len()))
    rows = rows.with_columns(pl.coalesce(pl.concat_str(pl.lit("="), pl.col(ID)), own).alias(KEY))
    schema = rows.collect_schema()
    names = [name for name in schema if name in (ON, ID) or name.startswith("antrag.")]
    known = [pl.col(name).drop_nulls() for name in names]
    alike = [compared(name, pl.col(name), text=text).drop_nulls() for name in names]
    flags = [pl.col(name).any() for name in schema if name.startswith(FLAG)]
    differs = [(column.n_unique() > 1).alias(f"{FLAG}VIM182:{name}") for name, column in zip(names, alike, strict=True)]
    first = [column.first() for column in known]
    return rows.group_by(KEY, maintain_order=True).agg(*first, *flags, *differs), rows
