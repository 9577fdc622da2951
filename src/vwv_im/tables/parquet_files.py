"""Parquet files, read through Arrow: a damaged file is a fault, a type that no table has is refused by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from vwv_im.law.regulation import Regulation
from vwv_im.tables import limits
from vwv_im.tables.cell_values import Cells, id_of
from vwv_im.tables.sources import NUMBER, Source, names_of
from vwv_im.tables.table_faults import FrameError, file_error
from vwv_im.text import Fault, Place, fault_of

_AT_ONCE = 4096


@dataclass(kw_only=True)
class ParquetSource(Source):
    """A Parquet file, whose columns have types of their own; `total` counts rows."""

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Leave the columns as they are: they have types."""
        return rows

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows; the first has the number 1."""
        try:
            for piece in _pieces(self.path, rows):
                self.read += piece.height
                yield piece.with_row_index(NUMBER, offset=self.read - piece.height + 1)
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError, MemoryError) as error:
            raise file_error(self.path, "damaged", error=_said(error)) from None


def parquet_source(path: Path, law: Regulation) -> ParquetSource:
    """Look at a Parquet file."""
    try:
        with _opened(path) as file:
            schema, total = file.schema_arrow, file.metadata.num_rows
            largest = _largest_column(file.metadata)
    except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
        raise file_error(path, "no_parquet", error=_said(error)) from None
    if largest > limits.PART:
        raise file_error(path, "part_too_large", most=limits.PART)
    if faults := list(_strange_types(path, schema, law)):
        raise FrameError(faults)
    names = names_of(str(path), schema.names, law)
    return ParquetSource(path=path, cells=Cells(law), columns=names, total=total)


def _opened(path: Path) -> pq.ParquetFile:
    schema = pq.read_schema(path)
    words = [one.name for one in schema if _is_text(one.type)]  # a text that stands in many rows is held once
    return pq.ParquetFile(path, read_dictionary=words, pre_buffer=False, buffer_size=1 << 16)


def _largest_column(metadata: pq.FileMetaData) -> int:
    sizes = [
        metadata.row_group(group).column(column).total_uncompressed_size
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    ]
    return max(sizes, default=0)


def _strange_types(path: Path, schema: pa.Schema, law: Regulation) -> Iterator[Fault]:
    """Yield the columns of which no frame, or no file that is written, holds what they hold, and ids that are none."""
    ids = set(map(id_of, law.vocabulary.entities))
    for number, field in enumerate(schema, start=1):
        kind = _plain_type(field.type)
        alone = any(is_(kind) for is_ in _READ_ALONE)
        if field.name in ids and (alone or types.is_nested(kind)):
            yield fault_of("id_type", Place(str(path), 1, number), field.name, type=str(field.type)[:60])
        elif not (alone or _is_read(kind)):
            yield fault_of("column_type", Place(str(path), 1, number), field.name, type=str(field.type)[:60])


_READ = (
    *(types.is_string, types.is_large_string, types.is_boolean, types.is_integer, types.is_floating),
    *(types.is_decimal128, types.is_date, types.is_timestamp, types.is_null),
)
_READ_ALONE = (*(types.is_duration, types.is_time, types.is_binary, types.is_large_binary, types.is_fixed_size_binary),)


def _is_read(kind: pa.DataType, depth: int = 0) -> bool:
    """Whether a type is read, also within lists and records."""
    if types.is_struct(kind):
        inner = [kind.field(number).type for number in range(kind.num_fields)]
    elif types.is_map(kind):
        inner = [kind.key_type, kind.item_type]
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        inner = [kind.value_type]
    else:
        return any(is_(kind) for is_ in _READ)
    return depth < limits.DEPTH and all(_is_read(one, depth + 1) for one in inner)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type as which a column is read: that of its values, where these are kept apart."""
    if isinstance(kind, pa.BaseExtensionType):
        return _plain_type(kind.storage_type)
    return _plain_type(kind.value_type) if types.is_dictionary(kind) else kind


def _pieces(path: Path, rows: int) -> Iterator[pl.DataFrame]:
    """Yield frames of about `rows` rows, fewer where these are long."""
    held: list[pl.DataFrame] = []
    size = 0
    with _opened(path) as file:
        for batch in file.iter_batches(batch_size=min(rows, _AT_ONCE)):
            for part in _in_parts(path, batch):
                held.append(part)
                size += int(part.estimated_size())
                if size > limits.PIECE or sum(one.height for one in held) >= rows:
                    yield pl.concat(held)
                    held, size = [], 0
    if held:
        yield pl.concat(held)


def _in_parts(path: Path, batch: pa.RecordBatch) -> Iterator[pl.DataFrame]:
    """Yield the rows of a batch as frames, few of them at a time where they are long when written out."""
    batch.validate(full=True)
    longest = 0
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        words = column.dictionary if types.is_dictionary(column.type) else column
        if _is_text(words.type):
            most = pc.max(pc.utf8_length(words)).as_py() or 0
            if most > limits.CELL:
                raise file_error(path, "cell_too_long_in", name=name, most=limits.CELL)
            longest += most
    step = max(1, min(batch.num_rows, limits.PIECE // max(longest, 1)))
    for start in range(0, batch.num_rows, step):
        yield _frame(batch.slice(start, step))


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    plain = [column.cast(kind) if (kind := _plain_type(column.type)) != column.type else column for column in batch]
    found = pl.from_arrow(pa.table(plain, names=batch.schema.names), rechunk=False)
    assert isinstance(found, pl.DataFrame)
    return found


def _is_text(kind: pa.DataType) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _said(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]
