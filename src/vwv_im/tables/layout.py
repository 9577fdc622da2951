"""From tables to the frames of the engine: applications, their posts, their members, joined by the application's id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl
from polars import selectors as cs

from vwv_im.case import FACTS, Fact
from vwv_im.case.values import LAST_DAY
from vwv_im.law.types import DAY
from vwv_im.reasoning.columns.answers import CARRIED, FAULTY, RANK
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames, Home
from vwv_im.reasoning.columns.program import MEMBERS, MOST, STATED, Shape
from vwv_im.tables.cells import ID, MEMBERS_FACT, MEMBERS_STATED, ON, ON_FACT, comparable, value

KEY = "#key"
"""The column that joins what one table was parted into."""
FLAG, OWN, NO_DAY = "#fault:", "#own", "#no_day"
"""Columns that say where a fault lies which no single cell shows, called `#fault:CODE:COLUMN`; whether a row has
faults of its own; whether it lacks its day."""


@dataclass(frozen=True)
class Tables:
    """What is to be decided: a row for each application, and posts and members where they have tables of their own.

    `text`: all cells are text, as in a CSV file, without blanks around it. `on` is the day of decision where no column
    says it. `key` is the column that joins the tables.
    """

    top: pl.LazyFrame
    posts: pl.LazyFrame | None = None
    members: pl.LazyFrame | None = None
    on: date | None = None
    scope: str = "antrag"
    text: bool = False
    key: str = ID

    @property
    def inner(self) -> dict[Home, pl.LazyFrame]:
        """The tables of posts and of members, where they have tables of their own."""
        tables = {"stelle": self.posts, "mitglied": self.members}
        return {home: table for home, table in tables.items() if table is not None}

    @property
    def top_scopes(self) -> tuple[str, ...]:
        """The scopes of the facts in the table of applications: it has those of the one post, where posts have none."""
        return ("antrag", "stelle") if self.scope == "antrag" and self.posts is None else (self.scope,)

    def facts(self, home: Home) -> list[Fact]:
        """Return the facts that a table has columns for."""
        table, scopes = (self.top, self.top_scopes) if home == TOP else (self.inner[home], (home,))
        return [FACTS[name] for name in table.collect_schema() if name in FACTS and FACTS[name].scope in scopes]

    @property
    def shape(self) -> Shape:
        """The shape of the frames."""
        facts = [fact for home in (TOP, *self.inner) for fact in self.facts(home)]
        inline = any(fact.scope == "stelle" for fact in facts)
        posts: Literal["none", "row", "frame"] = "frame" if self.posts is not None else "row" if inline else "none"
        members: Literal["none", "frame"] = "none" if self.members is None else "frame"
        return Shape(frozenset(fact.path for fact in facts), posts, members)

    def frames(self) -> Frames:
        """Return the frames of the engine, each with its own columns carried along."""
        top = self._top()
        frames = {TOP: top.drop(self.key, strict=False)}
        for home, table in self.inner.items():
            frames[home] = self._listed(home, table, top.select(ROW, self.key))
            frames[TOP] = _with_faults(frames[TOP], frames[home], home)
        if self.members is not None:
            frames[TOP] = self._with_members(frames[TOP], frames["mitglied"])
        return {home: _completed(frame, home, frames[TOP]) for home, frame in frames.items()}

    def _read(self, table: pl.LazyFrame, facts: Sequence[Fact]) -> pl.LazyFrame:
        """Read the facts of a table: what it says is carried along, what that states stands under `_VALUE`."""
        schema = table.collect_schema()
        kept = [pl.col(name) for name in schema if name.startswith("#") or name in (self.key, ON)]
        carried = [pl.col(name).alias(CARRIED + name) for name in schema if not name.startswith("#")]
        read = table.select(*kept, *carried, *(fact.path for fact in facts if fact.path != ON))
        return read.with_columns(
            _value_of(fact, schema[fact.path], text=self.text).alias(_VALUE + fact.path) for fact in facts
        )

    def _top(self) -> pl.LazyFrame:
        facts, schema = self.facts(TOP), self.top.collect_schema()
        days = [] if self.on is not None else [ON_FACT]
        lists = [MEMBERS_FACT] if self.members is not None and MEMBERS_STATED in schema else []
        read = self._read(self.top, [*facts, *days, *lists]).with_row_index(ROW)
        day = pl.col(_VALUE + ON) if self.on is None else pl.lit(self.on)
        read = read.with_columns(day.fill_null(LAST_DAY).alias(DAY), day.is_null().alias(NO_DAY))
        if lists:
            flag = _is_faulty(MEMBERS_FACT).alias(f"{FLAG}VIM111:{MEMBERS_STATED}")
            read = read.with_columns(flag, pl.col(_VALUE + MEMBERS_STATED).alias(MEMBERS))
        flags = [name for name in read.collect_schema() if name.startswith(FLAG)]
        faulty = pl.any_horizontal(NO_DAY, *flags, *map(_is_faulty, facts))
        key, members = [self.key] if self.inner else [], [MEMBERS for _ in lists]
        own: list[pl.Expr | str] = [faulty.alias(FAULTY), faulty.alias(OWN), NO_DAY, DAY, *flags, *members]
        return read.select(ROW, *key, _CARRIED, *_values(facts), *own)

    def _listed(self, home: Home, table: pl.LazyFrame, ids: pl.LazyFrame) -> pl.LazyFrame:
        """Return posts or members with the number of their application."""
        facts = self.facts(home)
        faulty = pl.any_horizontal(pl.lit(False), *map(_is_faulty, facts))
        read = self._read(table, facts).with_row_index(RANK)
        own = [faulty.alias(OWN), pl.lit(True).alias(STATED)]
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


_VALUE = "#value:"
_CARRIED = cs.starts_with(CARRIED)


@lru_cache(maxsize=1024)
def _value_of(fact: Fact, dtype: pl.DataType, *, text: bool) -> pl.Expr:
    return value(fact, pl.col(fact.path), dtype, text=text)


def _is_faulty(fact: Fact) -> pl.Expr:
    """Return whether a cell states something that has no value."""
    return pl.col(fact.path).is_not_null() & pl.col(_VALUE + fact.path).is_null()


def _values(facts: Iterable[Fact]) -> list[pl.Expr]:
    return [pl.col(_VALUE + fact.path).alias(fact.path) for fact in facts]


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


def split_posts(rows: pl.LazyFrame, *, text: bool) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Part a table of posts that repeats the application in each row into applications and posts, joined by `KEY`.

    A cell left empty repeats what another row of the application states; rows that state different things are marked.
    A row without an id is an application of its own.
    """
    own = pl.concat_str(pl.lit("#"), pl.int_range(pl.len()))
    rows = rows.with_columns(pl.coalesce(pl.concat_str(pl.lit("="), pl.col(ID)), own).alias(KEY))
    schema = rows.collect_schema()
    names = [name for name in schema if name in (ON, ID) or name.startswith("antrag.")]
    known = [pl.col(name).drop_nulls() for name in names]
    alike = [comparable(name, pl.col(name), text=text).drop_nulls() for name in names]
    flags = [pl.col(name).any() for name in schema if name.startswith(FLAG)]
    differs = [(column.n_unique() > 1).alias(f"{FLAG}VIM182:{name}") for name, column in zip(names, alike, strict=True)]
    first = [column.first() for column in known]
    return rows.group_by(KEY, maintain_order=True).agg(*first, *flags, *differs), rows
