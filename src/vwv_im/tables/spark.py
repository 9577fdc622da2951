"""Deciding on a cluster: the same evaluation for each partition of Spark frames, passed through Arrow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, Unpack, cast, overload

import polars as pl
import pyarrow as pa
from pyspark.sql import Window
from pyspark.sql import functions as sql
from pyspark.sql import types as spark
from pyspark.sql.pandas.types import from_arrow_type, to_arrow_schema

from vwv_im.reasoning.columns.schedule import TOP
from vwv_im.tables.cell_values import Cells, id_of
from vwv_im.tables.frames import Decided, Job, Options, evaluate_frame, request_of
from vwv_im.tables.layout import FLAG, Tables
from vwv_im.tables.sources import whole_records

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_RECORD, _TABLE, _JOINT = "record", "table", "joint"
"""Beside the columns of all tables: the id of the record that a row is of, the number of its table, and the id by which
it is joined to the row it belongs to."""


@overload
def evaluate_spark(frame: DataFrame, *, lists: None = ..., **options: Unpack[Options]) -> DataFrame: ...
@overload
def evaluate_spark(
    frame: DataFrame, *, lists: Mapping[str, DataFrame], **options: Unpack[Options]
) -> Decided[DataFrame]: ...
def evaluate_spark(
    frame: DataFrame, *, lists: Mapping[str, DataFrame] | None = None, **options: Unpack[Options]
) -> DataFrame | Decided[DataFrame]:
    """Decide every row of a Spark frame; its results are added as columns.

    Columns, arguments and what comes back are those of `vwv_im.evaluate_frame`. What belongs to one record, rows with
    the same `antrag_id` and those of its lists, is brought together first. Masks are signed, as Spark knows no others;
    enumerations are text. Faulty rows have the outcome `faulty`: a cluster raises no error for a cell. The library must
    be installed where the partitions are worked on.

    Raises `FrameError` for columns that are not read, `RequestError` for a faulty question.
    """
    given = {TOP: frame, **(lists or {})}
    empty = {name: _polars(to_arrow_schema(table.schema).empty_table()) for name, table in given.items()}
    results = _decide(empty, options)
    on = options.get("on")
    job = Job(*request_of(on=on, question=options.get("question"), rules=options.get("rules")))
    top, known = empty.pop(TOP), {TOP: TOP, **job.names}
    tables = job.tables(top, empty, None if on is None else job.request.on, Cells(job.law))
    parts = {scope: given[known[scope]] for scope in tables.schemas}
    key = job.record_key(frame.columns) if lists is None else id_of(job.root)
    together, names = _together(parts, tables, key)
    fields = [spark.StructField(_TABLE, spark.IntegerType())]
    decided: dict[str, list[str]] = {}
    for number, (scope, table) in enumerate(parts.items()):
        added = results[known[scope]].drop(table.columns).to_arrow(compat_level=pl.CompatLevel.oldest())
        kinds = [*(field.dataType for field in table.schema), *map(from_arrow_type, added.schema.types)]
        fields += map(spark.StructField, _plain(number, len(kinds)), kinds)
        decided[known[scope]] = [*table.columns, *added.column_names]
    work = _Work(options, dict(zip(decided, names, strict=True)), alone=key is None)
    done = together.mapInArrow(work, spark.StructType(fields))
    found = {
        name: done.filter(sql.col(_TABLE) == number).select(_plain(number, len(columns))).toDF(*columns)
        for number, (name, columns) in enumerate(decided.items())
    }
    rows = found.pop(TOP)
    return rows if lists is None else Decided(rows, found)


def _plain(number: int, width: int) -> list[str]:
    """Return what the columns of a table are called: Spark takes a point in a name for a part of a struct."""
    return [f"t{number}c{column}" for column in range(width)]


def _together(parts: Mapping[str, DataFrame], tables: Tables, key: str | None) -> tuple[DataFrame, list[list[str]]]:
    """Return the rows of all tables, those of one record one after the other, and the names of each table's columns.

    `key` is the column of an id that several rows may share. What is joined by other ids is brought to the records of
    these; where one stands more than once in its table, a further column flags its rows.
    """
    records: dict[tuple[str, str | None], DataFrame] = {}
    joints = defaultdict[str, dict[str, None]](dict)
    for scope in tables.apart:
        joints[tables.layout.above(scope)][tables.joint(scope)] = None
    stacked: list[DataFrame] = []
    names: list[list[str]] = []
    for number, (scope, table) in enumerate(parts.items()):
        others = [name for name in joints[scope] if name != key]
        columns = [*table.columns, *(f"{FLAG}id_repeated:{name}" for name in others)]
        plain = dict(zip(columns, _plain(number, len(columns)), strict=True))
        rows = table.toDF(*list(plain.values())[: len(table.columns)])
        joint = key if scope == TOP else tables.joint(scope)
        rows = rows.withColumn(_JOINT, sql.col(plain[joint]).cast("string") if joint else sql.lit(None))
        if joint == key:
            rows = rows.withColumnRenamed(_JOINT, _RECORD)
        else:
            rows = rows.join(records[tables.layout.above(scope), joint], _JOINT, "left").drop(_JOINT)
        for name in others:
            own = sql.col(plain[name]).cast("string")
            records[scope, name] = rows.select(own.alias(_JOINT), _RECORD).dropDuplicates([_JOINT])
            repeated = sql.count(own).over(Window.partitionBy(own)) > 1
            rows = rows.withColumn(plain[f"{FLAG}id_repeated:{name}"], repeated)
        stacked.append(rows.withColumn(_TABLE, sql.lit(number)))
        names.append(columns)
    whole = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), stacked)
    return whole if key is None else whole.repartition(_RECORD).sortWithinPartitions(_RECORD), names


class _Work:
    """Decides the batches of a partition; it is sent to where the partition is.

    `columns` are those of each table; `alone`: each row is a record.
    """

    def __init__(self, options: Options, columns: Mapping[str, list[str]], *, alone: bool) -> None:
        self.options, self.columns, self.alone = options, columns, alone

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        frames = map(_polars, batches)
        for rows in frames if self.alone else whole_records(frames, _RECORD):
            given = {}
            for number, (name, columns) in enumerate(self.columns.items()):
                own = rows.filter(pl.col(_TABLE) == number).select(_plain(number, len(columns)))
                given[name] = own.rename(dict(zip(own.columns, columns, strict=True)))
            decided = _decide(given, self.options)
            stacked = []
            for number, name in enumerate(self.columns):
                found = decided[name]
                found.columns = _plain(number, found.width)
                stacked.append(found.select(pl.lit(number, pl.Int32).alias(_TABLE), pl.all()))
            whole = pl.concat(stacked, how="diagonal")
            yield from whole.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()


def _polars(table: pa.Table | pa.RecordBatch) -> pl.DataFrame:
    return cast("pl.DataFrame", pl.from_arrow(table))


def _decide(given: Mapping[str, pl.DataFrame], options: Options) -> dict[str, pl.DataFrame]:
    """Decide tables and give them types that Spark knows."""
    lists = {name: table for name, table in given.items() if name != TOP}
    found = evaluate_frame(given[TOP], lists=lists, faults="mark", **options)
    return {name: _for_spark(table) for name, table in {TOP: found.rows, **found.lists}.items()}


def _for_spark(rows: pl.DataFrame) -> pl.DataFrame:
    known = {pl.UInt64: pl.Int64, pl.Enum: pl.String}
    wanted = {name: known[dtype.base_type()] for name, dtype in rows.schema.items() if dtype.base_type() in known}
    return rows.cast(cast("Any", wanted))
