"""Deciding on a cluster: the same evaluation for each partition of a Spark frame, passed through Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Unpack, cast

import polars as pl
import pyarrow as pa
from pyspark.sql import types as spark
from pyspark.sql.pandas.types import from_arrow_type, to_arrow_schema

from vwv_im.tables.frames import Job, Options, evaluate_frame, request_of
from vwv_im.tables.sources import whole_records

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def evaluate_spark(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """Decide every row of a Spark frame; its results are added as columns.

    Columns and arguments are those of `vwv_im.evaluate_frame`. Rows with the same `antrag_id` are brought together
    first. Masks are signed, as Spark knows no others; enumerations are text. Faulty rows have the outcome `faulty`:
    a cluster raises no error for a cell. The library must be installed where the partitions are worked on.

    Raises `FrameError` for columns that are not read, `RequestError` for a faulty question.
    """
    key = Job(*request_of(question=options.get("question"), rules=options.get("rules"))).record_key(frame.columns)
    empty = cast("pl.DataFrame", pl.from_arrow(to_arrow_schema(frame.schema).empty_table()))
    results = _decide(empty, options).drop(frame.columns).to_arrow(compat_level=pl.CompatLevel.oldest())
    together = frame if key is None else frame.repartition(key).sortWithinPartitions(key)
    names = [*frame.columns, *results.column_names]
    kinds = [*(field.dataType for field in frame.schema), *map(from_arrow_type, results.schema.types)]
    schema = spark.StructType([spark.StructField(f"c{number}", kind) for number, kind in enumerate(kinds)])
    work = _Work(options, frame.columns, key)
    plain = together.toDF(*schema.names[: len(frame.columns)])  # Spark takes a point in a name for a part of a struct
    return plain.mapInArrow(work, schema).toDF(*names)


class _Work:
    """Decides the batches of a partition; it is sent to where the partition is.

    `key` is the column of an id that several rows may share.
    """

    def __init__(self, options: Options, names: list[str], key: str | None) -> None:
        self.options, self.names, self.key = options, names, key

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        frames = (cast("pl.DataFrame", pl.from_arrow(batch, schema=self.names)) for batch in batches)
        for rows in frames if self.key is None else whole_records(frames, self.key):
            found = _decide(rows, self.options)
            found.columns = [f"c{number}" for number in range(found.width)]
            yield from found.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()


def _decide(rows: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Decide rows and give them types that Spark knows."""
    found = evaluate_frame(rows, faults="mark", **options)
    known = {pl.UInt64: pl.Int64, pl.Enum: pl.String}
    wanted = {name: known[dtype.base_type()] for name, dtype in found.schema.items() if dtype.base_type() in known}
    return found.cast(cast("Any", wanted))
