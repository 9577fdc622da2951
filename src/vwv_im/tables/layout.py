"""From tables to the frames of the engine: a row for each record, and the entries of its lists, joined by ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl
from polars import selectors as cs

from vwv_im.case.fields import LAST_DAY
from vwv_im.case.vocabulary import DECISION_DAY, Fact, Vocabulary, scope_of
from vwv_im.reasoning.columns.compiled_plan import InputLayout
from vwv_im.reasoning.columns.evaluator import CARRIED, CARRIED_COLUMNS, FAULTY
from vwv_im.reasoning.columns.schedule import RANK, ROW, TOP, Frames, TableName, collect, number_column, stated_column
from vwv_im.tables.cell_values import ON, ON_FACT, Cells, completeness_column, extra_column, id_of, only_where

KEY = "#key"
"""The column that joins what one table was split into."""
FLAG, OWN, NO_DAY = "#fault:", "#own", "#no_day"
"""Columns that say where a fault lies which no single cell shows, called `#fault:CODE:COLUMN`; whether a row has
faults of its own; whether it lacks its day."""
_VALUE, _COMPLETE = "#value:", "#complete:"


def names_of_lists(vocabulary: Vocabulary, root: str) -> dict[str, str]:
    """Return the lists below an entity that a table may state, by their names: each its own if no other has it."""
    lists = [vocabulary.entities[scope] for scope in vocabulary.scopes(root)[1:]]
    keys = [one.key for one in lists]
    return {one.key if keys.count(one.key) == 1 else one.name: one.name for one in lists if one.series is None}


def inline_of(vocabulary: Vocabulary, root: str, columns: Iterable[str], apart: Iterable[str]) -> str | None:
    """Return the list of which each row of the first table states an entry; those that stand apart are none.

    It is one whose facts have columns there, else, where rows say by an id what they belong to, one that must have an
    entry; where that holds for several lists, the first that must have one.
    """
    lists = [one for one in vocabulary.lists[root].values() if one not in apart and not vocabulary.entities[one].series]
    names = list(columns)
    named = [one for one in lists if any(scope_of(name) == one for name in names)]
    needed = [one for one in lists if vocabulary.entities[one].least]
    found = (*(one for one in needed if one in named), *named, *(needed if id_of(root) in names else ()))
    return next(iter(found), None)


@dataclass(frozen=True, eq=False)
class Tables:
    """What is to be decided: a row for each record of `root`, and the entries of lists that have tables of their own.

    `lists` has these by their scopes. `inline` is the scope of the list of which a row of the first table states an
    entry. `on` is the day of decision where no column says it. `key` is the column that joins what stands directly
    below the top, where that is not its id.
    """

    cells: Cells
    root: str
    top: pl.DataFrame
    lists: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    on: date | None = None
    inline: str | None = None
    key: str | None = None

    @property
    def grouped(self) -> bool:
        """Whether rows are entries of a list, of which several may belong to one record."""
        return self.inline is not None and id_of(self.root) in self.schemas[TOP]

    @cached_property
    def schemas(self) -> Mapping[TableName, pl.Schema]:
        """The columns of each table, those of the entries of lists after that of what has the lists."""
        below = (scope for scope in self.cells.vocabulary.scopes(self.root) if scope in self.lists)
        return {TOP: self.top.schema, **{scope: self.lists[scope].schema for scope in below}}

    @property
    def apart(self) -> tuple[str, ...]:
        """The scopes of the lists that have tables, each after that of what has the list."""
        return tuple(self.schemas)[1:]

    def scopes(self, table: TableName) -> tuple[str, ...]:
        """Return the scopes of the facts in a table."""
        if table != TOP:
            return (table,)
        return (self.root,) if self.inline is None else (self.root, self.inline)

    def facts(self, table: TableName) -> list[Fact]:
        """Return the facts that a table has columns for."""
        known, scopes = self.cells.vocabulary.facts, self.scopes(table)
        return [known[name] for name in self.schemas[table] if name in known and known[name].scope in scopes]

    @cached_property
    def layout(self) -> InputLayout:
        """The layout of the frames."""
        facts = [fact for table in self.schemas for fact in self.facts(table)]
        inline = self.inline if any(fact.scope == self.inline for fact in facts) else None
        columns = frozenset(fact.path for fact in facts)
        return InputLayout(self.cells.vocabulary, self.root, columns, frozenset(self.lists), inline)

    def joint(self, scope: str) -> str:
        """Return the column that joins the entries of a list to what has the list."""
        above = self.cells.vocabulary.parent(scope) or self.root
        return self.key if self.key is not None and above == self.root else id_of(above)

    def frames(self) -> Frames:
        """Return the frames of the engine, each with its own columns carried along."""
        frames: Frames = {}
        above = {table: self.layout.above(table) for table in self.apart}
        for table in self.schemas:
            frames[table] = self._read(table)
            if table != TOP:
                joint, number = self.joint(table), number_column(above[table])
                ids = frames[above[table]].select(pl.col(number).alias(ROW), joint)
                ids = ids if joint == KEY else ids.unique(joint, keep="first", maintain_order=True)
                frames[table] = frames[table].join(ids, on=joint, how="left", maintain_order="left")
        for table, holder in reversed(above.items()):
            most = self.cells.vocabulary.entities[table].most
            frames[holder] = self._mark_lists(frames[holder], frames[table], table, number_column(holder))
            number, faulty = number_column(holder), pl.col(FAULTY).any() | (pl.len() > most)
            inner = frames[table].group_by(pl.col(ROW).alias(number)).agg(faulty.alias("#inner"))
            joined = frames[holder].join(inner, on=number, how="left", maintain_order="left")
            frames[holder] = joined.with_columns(pl.col(FAULTY) | pl.col("#inner").fill_null(False)).drop("#inner")
        for table, holder in above.items():
            frames[table] = _add_unstated(frames[table], frames[holder], table, number_column(holder))
        unread = cs.starts_with(_COMPLETE) | cs.by_name(*map(self.joint, self.lists), require_all=False)
        return {table: frame.drop(unread) for table, frame in frames.items()}

    def _mark_lists(self, above: pl.DataFrame, frame: pl.DataFrame, table: TableName, number: str) -> pl.DataFrame:
        """Mark the rows whose list is said to be complete and lacks an entry it must have, or not to be and has one."""
        entity = self.cells.vocabulary.entities[table]
        fact, wanted = entity.filled_where or ("", "")
        if (flag := _COMPLETE + table) not in above.columns:
            return above
        cell, filled = f"{CARRIED}{entity.within}.{fact}", pl.col(number).is_in(frame[ROW].drop_nulls().implode())
        must = pl.col(cell).cast(pl.String) == wanted if cell in above.columns else pl.lit(False)
        empty, partly = (pl.col(flag) & must & ~filled).fill_null(False), (~pl.col(flag) & filled).fill_null(False)
        column = completeness_column(self.cells.vocabulary, entity)
        marks = [(pl.col(name) | empty | partly).alias(name) for name in (FAULTY, OWN)]
        flags = empty.alias(f"{FLAG}VIM106:{column}"), partly.alias(f"{FLAG}list_in_part:{column}")
        return above.with_columns(*marks, *flags)

    def _completeness_columns(self, table: TableName) -> dict[str, Fact]:
        """Return the columns of a table that say whether lists which stand apart are complete, by their scopes."""
        vocabulary = self.cells.vocabulary
        below = (scope for scope in self.lists if self.layout.above(scope) == table)
        names = {scope: completeness_column(vocabulary, vocabulary.entities[scope]) for scope in below}
        flags = {scope: name for scope, name in names.items() if name is not None and name in self.schemas[table]}
        return {scope: extra_column(name, "wahrheitswert") for scope, name in flags.items()}

    def _read(self, table: TableName) -> pl.DataFrame:
        """Read a table: what it says is carried along, what that states stands under the names of its facts."""
        rows, schema, facts = self.top if table == TOP else self.lists[table], self.schemas[table], self.facts(table)
        complete_ = self._completeness_columns(table)
        read = [*facts, *([ON_FACT] if table == TOP and self.on is None else []), *complete_.values()]
        below = (one for one in self.lists if table in (one, self.layout.above(one)))
        keys = list(dict.fromkeys(map(self.joint, below)))
        holding = {self.joint(one) for one in self.lists if self.layout.above(one) == table} - {KEY}
        unclear = [pl.col(name).is_null() | pl.col(name).is_duplicated() for name in keys if name in holding]
        if (own_id := id_of(table)) in schema and table != TOP and own_id not in holding:
            cell = pl.col(CARRIED + own_id)
            unclear.append(cell.is_not_null() & pl.struct(self.joint(table), cell).is_duplicated())
        names = {*keys, *(fact.path for fact in read)}
        kept = [self._id(name) if name in keys else pl.col(name) for name in schema if name[:1] == "#" or name in names]
        carried = [pl.col(name).alias(CARRIED + name) for name in schema if not name.startswith("#")]
        values = [
            self.cells.value(fact, schema[fact.path], beside=(only_where(fact) or ("",))[0] in schema).alias(
                _VALUE + fact.path
            )
            for fact in read
        ]
        frame = rows.lazy().select(*kept, *carried).with_row_index(number_column(table)).with_columns(values)
        own: list[pl.Expr] = [_value(fact).alias(_COMPLETE + scope) for scope, fact in complete_.items()]
        flags = [_is_faulty(fact).alias(f"{FLAG}VIM111:{fact.path}") for fact in complete_.values()]
        flags += [pl.col(name) for name in schema if name.startswith(FLAG)]
        wrong = [*flags, *map(_is_faulty, facts)]
        if table == TOP:
            day = _value(ON_FACT) if self.on is None else pl.lit(self.on)
            own += [day.fill_null(LAST_DAY).alias(DECISION_DAY), day.is_null().alias(NO_DAY)]
            wrong.append(day.is_null())
        else:
            own.append(pl.lit(True).alias(stated_column(table)))
        faulty = pl.any_horizontal(pl.lit(False), *wrong)
        stated_facts = [_value(fact).alias(fact.path) for fact in facts]
        heads: list[str | pl.Expr] = [number_column(table), *keys, CARRIED_COLUMNS, *stated_facts]
        marks = [pl.any_horizontal(faulty, *unclear).alias(FAULTY), faulty.alias(OWN)]
        return collect(frame.select(*heads, *marks, *own, *flags))

    def _id(self, name: str) -> pl.Expr:
        """Return the column of an id, as text where not all tables have it alike."""
        kinds = {schema[name] for schema in self.schemas.values() if name in schema}
        return pl.col(name) if len(kinds) == 1 else pl.col(name).cast(pl.String)

    def split(self) -> Tables:
        """Split a table of entries that repeats in each row what they belong to into both, joined by `KEY`.

        A cell left empty repeats what another row of the record states; rows that state different things are marked.
        A row without an id is a record of its own.
        """
        assert self.inline is not None
        own = pl.concat_str(pl.lit("#"), pl.int_range(pl.len()))
        id_ = id_of(self.root)
        joint = pl.concat_str(pl.lit("="), pl.col(id_))
        rows = self.top.with_columns(pl.coalesce(joint, own).alias(KEY))
        schema = self.schemas[TOP]
        names = [name for name in schema if name in (ON, id_) or name.startswith(f"{self.root}.")]
        known = [pl.col(name).drop_nulls() for name in names]
        alike = [self.cells.comparable(name, pl.col(name)).drop_nulls() for name in names]
        differs = [(one.n_unique() > 1).alias(f"{FLAG}VIM182:{name}") for name, one in zip(names, alike, strict=True)]
        first = [column.first() for column in known]
        top = rows.group_by(KEY, maintain_order=True).agg(*first, *differs)
        lists = {self.inline: rows}
        for scope, table in self.lists.items():
            lists[scope] = table.with_columns(joint.alias(KEY)) if self.joint(scope) == id_ else table
        return replace(self, top=top, lists=lists, inline=None, key=KEY)


def _value(fact: Fact) -> pl.Expr:
    return pl.col(_VALUE + fact.path)


def _is_faulty(fact: Fact) -> pl.Expr:
    """Return whether a cell states something that has no value."""
    return pl.col(fact.path).is_not_null() & _value(fact).is_null()


def _add_unstated(frame: pl.DataFrame, above: pl.DataFrame, table: TableName, number: str) -> pl.DataFrame:
    """Add a row of which nothing is known wherever a list is not stated, and number the rows."""
    if (flag := _COMPLETE + table) in above.columns:
        above = above.filter(~pl.col(flag).fill_null(False))
    rows = above.select(pl.col(number).alias(ROW))
    unstated = rows.join(frame.select(ROW), on=ROW, how="anti").with_columns(pl.lit(False).alias(stated_column(table)))
    return pl.concat([frame.drop(RANK), unstated], how="diagonal").with_row_index(RANK)
