"""Deciding on a cluster: the same evaluation for each partition of a Spark frame, passed through Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Unpack, cast

import polars as pl
import pyarrow as pa
from pyspark.sql import types as spark

from vwv_im.tables.frames import Job, Options, evaluate_frame, request_of
from vwv_im.tables.sources import whole_records

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def evaluate_spark(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """Decide every row of a Spark frame; the results stand beside the columns it has.

    Columns and arguments are those of `vwv_im.evaluate_frame`. Rows with the same `antrag_id` are brought together
    first. Masks are signed, as Spark knows no others; enumerations are text. Faulty rows have the outcome `faulty`:
    a cluster raises no error for a cell. The library must be installed where the partitions are worked on.

    Raises `FrameError` for columns that nobody reads, `RequestError` for a faulty question.
    """
    key = Job(*request_of(question=options.get("question"), rules=options.get("rules"))).shared(frame.columns)
    empty = pl.DataFrame(schema={field.name: _column(field.dataType) for field in frame.schema})
    results = _decided(empty, options).drop(frame.columns)
    together = frame if key is None else frame.repartition(key).sortWithinPartitions(key)
    names = [*frame.columns, *results.columns]
    kinds = [*(field.dataType for field in frame.schema), *map(_spark_type, results.dtypes)]
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
        frames = (self._named(batch) for batch in batches)
        for rows in frames if self.key is None else whole_records(frames, self.key):
            found = _decided(rows, self.options)
            found.columns = [f"c{number}" for number in range(found.width)]
            yield from found.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()

    def _named(self, batch: pa.RecordBatch) -> pl.DataFrame:
        frame = cast("pl.DataFrame", pl.from_arrow(batch))
        frame.columns = self.names
        return frame


def _decided(rows: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Decide rows and give them types that Spark knows."""
    found = evaluate_frame(rows, faults="mark", **options)
    known = {pl.UInt64: pl.Int64, pl.Enum: pl.String}
    wanted = {name: known[dtype.base_type()] for name, dtype in found.schema.items() if dtype.base_type() in known}
    return found.cast(cast("Any", wanted))


_SIMPLE: Mapping[Any, tuple[Any, Any]] = {
    spark.StringType: (pl.String, spark.StringType()),
    spark.BooleanType: (pl.Boolean, spark.BooleanType()),
    spark.LongType: (pl.Int64, spark.LongType()),
    spark.IntegerType: (pl.Int32, spark.IntegerType()),
    spark.ShortType: (pl.Int16, spark.ShortType()),
    spark.ByteType: (pl.Int8, spark.ByteType()),
    spark.DoubleType: (pl.Float64, spark.DoubleType()),
    spark.FloatType: (pl.Float32, spark.FloatType()),
    spark.DateType: (pl.Date, spark.DateType()),
}


def _column(kind: Any) -> Any:
    """Return the type that a column of a Spark frame has when it arrives."""
    if isinstance(kind, spark.DecimalType):
        return pl.Decimal(kind.precision, kind.scale)
    if isinstance(kind, spark.ArrayType):
        return pl.List(_column(kind.elementType))
    return _SIMPLE[type(kind)][0] if type(kind) in _SIMPLE else pl.Null


def _spark_type(dtype: pl.DataType) -> Any:
    if isinstance(dtype, pl.Decimal):
        return spark.DecimalType(dtype.precision or 38, dtype.scale)
    return next(kind for column, kind in _SIMPLE.values() if column == dtype)
