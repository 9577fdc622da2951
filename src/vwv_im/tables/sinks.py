"""Writing results piece by piece: CSV, Parquet, JSON Lines.

What a cell of the source stated has its type; text that stated nothing stands in `#raw:NAME` (`Cells.with_types`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isfinite
from operator import or_
from typing import IO, Any, cast

import polars as pl
from polars import selectors as cs

from vwv_im.lang import FOLDED
from vwv_im.reasoning.columns.compiled_plan import BESIDE, MASKS, ROW_MASKS
from vwv_im.reasoning.columns.masks import KIND_OF, MaskLayout
from vwv_im.tables.cell_values import RAW, raw_of
from vwv_im.text import CONTRACT

SHOWN = pl.exclude("^#.*$")
"""The columns that are handed out: all but those whose names begin with #."""
_FORMULA = re.compile(r"^[\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"^-?[0-9][0-9.,]*$")
KINDS: Mapping[str, str] = {"missing": "facts", **{name: name for name in (*KIND_OF, "duties")}}
"""Which names the bits of a mask stand for; the other masks are of requirements."""
_METADATA = {"requirements": "requirements", "missing": "facts", "requirements.art": "arts", **KINDS}


Say = Callable[[str, str, Sequence[str]], str]
"""Makes a text of names: those of the bits of a mask, which is named, and their kind."""


def spell_masks(
    rows: pl.DataFrame, masks: MaskLayout, say: Say = lambda _mask, _kind, names: ", ".join(names)
) -> pl.DataFrame:
    """Return masks as what `say` makes of the names that their bits stand for.

    As in a decision, reasons are the requirements; `options` and `hints` are what may be granted in addition and what
    is advised, where they come into question.
    """

    def spelled(column: pl.Series, mask: str, kind: str) -> pl.Series:
        known = column.unique().drop_nulls().to_list()
        names = [say(mask, kind, masks.names(kind, bits)) or None for bits in known]
        return column.replace_strict(known, names, return_dtype=pl.String, default=None)

    for prefix in _prefixes(rows.columns):
        found = []
        for mask in ROW_MASKS if prefix else MASKS:
            kind, column = KINDS.get(mask, "requirements"), rows[prefix + mask]
            shown = column & masks.of_art(*FOLDED) if kind == "requirements" else column
            found.append(spelled(shown, mask, kind))
        for mask, (arts, verdicts) in BESIDE.items():
            column = reduce(or_, [rows[f"{prefix}reasons_{verdict}"] for verdict in verdicts])
            found.append(spelled((column & masks.of_art(*arts)).alias(prefix + mask), mask, "requirements"))
        rows = rows.with_columns(found)
    return rows


def _prefixes(columns: Sequence[str]) -> list[str]:
    """Return what precedes the names of the masks: nothing, and the entity and a point where rows have their own."""
    found = [name.removesuffix(MASKS[0]) for name in columns if name.endswith(MASKS[0])]
    return sorted(prefix for prefix in found if not prefix or prefix.endswith("."))


def escape_formulas(rows: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text that a spreadsheet would take for a formula, also where it names a column.

    >>> escape_formulas(pl.DataFrame({"=1+1": ["＝1", "-5", "a"]})).rows(named=True)[0]
    {"'=1+1": "'＝1"}
    """
    text = cs.string()
    formula = text.str.contains(_FORMULA.pattern) & ~text.str.contains(_NUMBER.pattern)
    escaped = rows.with_columns(pl.when(formula).then(text.str.replace("^", "'")).otherwise(text))
    return escaped.rename(lambda name: f"'{name}" if _FORMULA.match(name) and not _NUMBER.match(name) else name)


@dataclass
class _OpenFile:
    file: IO[bytes]
    masks: MaskLayout

    def close(self) -> None:
        """Finish the file: all of it is written."""


@dataclass
class CsvSink(_OpenFile):
    """CSV as spreadsheets read it: with a semicolon, decimals have a comma and days are written 01.03.2018."""

    separator: str
    head: bool = True

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows, the first ones with the header."""
        german = self.separator == ";"
        shown = _nested_as_json(_readable(rows, self.masks))
        raw = raw_of(shown)
        plain = [_plain(name, dtype, german=german) for name, dtype in shown.schema.items() if dtype != pl.String]
        text = shown.with_columns(plain).with_columns(pl.coalesce(name, RAW + name) for name in raw)
        csv = escape_formulas(text.select(SHOWN)).write_csv(separator=self.separator, include_header=self.head)
        self.file.write(("\ufeff" * self.head + csv).encode())
        self.head = False


def _readable(rows: pl.DataFrame, masks: MaskLayout) -> pl.DataFrame:
    """Write masks as names, and bytes as base64: neither CSV nor JSON holds them."""
    return carried_forms(spell_masks(rows, masks)).with_columns(cs.binary().bin.encode("base64"))


def carried_forms(rows: pl.DataFrame) -> pl.DataFrame:
    """Write what no text file and no workbook holds as it is read best: spans of time, very large numbers."""
    spans = cs.duration().dt.to_string("iso")
    return rows.with_columns(spans, cs.by_dtype(pl.Time, pl.Int128, pl.UInt128, pl.Null).cast(pl.String))


def _nested_as_json(rows: pl.DataFrame) -> pl.DataFrame:
    """Write what holds more than a list of values as JSON."""

    def as_json(column: pl.Series) -> pl.Series:
        cells = [None if one is None else json.dumps(one, default=str) for one in column.to_list()]
        return pl.Series(column.name, cells, pl.String)

    def is_plain_list(dtype: pl.DataType) -> bool:
        return isinstance(dtype, pl.List) and not cast("pl.DataType", dtype.inner).is_nested()

    return rows.with_columns(as_json(one) for one in rows if one.dtype.is_nested() and not is_plain_list(one.dtype))


def _plain(name: str, dtype: pl.DataType, *, german: bool) -> pl.Expr:
    """Write what is no text as text, as a German table has it, or else as JSON has it."""
    column = pl.col(name)
    if isinstance(dtype, pl.List):
        return column.cast(pl.List(pl.String)).list.join(", ")
    if dtype.is_decimal() or dtype.is_float():
        number = _exact(column) if dtype.is_decimal() else column.cast(pl.String)
        return number.str.replace(".", ",", literal=True) if german else number
    if dtype == pl.Boolean and german:
        return column.replace_strict([True, False], ["ja", "nein"], default=None)
    if dtype == pl.Date and german:
        return column.dt.to_string("%d.%m.%Y")
    if isinstance(dtype, pl.Datetime) and german:
        return column.dt.to_string("%d.%m.%Y %H:%M:%S")
    return column.cast(pl.String)


@dataclass
class ParquetSink(_OpenFile):
    """Parquet, with masks as numbers; what their bits mean stands in the metadata of the file."""

    writer: Any = None

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra of its own

        table = rows.select(SHOWN).to_arrow(compat_level=pl.CompatLevel.oldest())
        if self.writer is None:
            names = {f"vwv_im.{name}": ",".join(getattr(self.masks, kind)) for name, kind in _METADATA.items()}
            schema = table.schema.with_metadata({**(table.schema.metadata or {}), **names})
            self.writer = pq.ParquetWriter(self.file, schema)
        self.writer.write_table(table.cast(self.writer.schema))

    def close(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self.writer.close()


class JsonlSink(_OpenFile):
    """JSON Lines: an object for each row, money and shares as exact text, masks as lists of names."""

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows."""
        shown = _readable(rows, self.masks)
        raw = raw_of(shown)
        names = (prefix + mask for prefix in _prefixes(shown.columns) for mask in (*MASKS, *BESIDE))
        lists = [name for name in names if name in shown.columns]
        plain = shown.with_columns(_exact(cs.decimal()), pl.col(lists).str.split(", "))
        contract = pl.col("contract") if "contract" in shown.columns else pl.lit(CONTRACT)
        kept = plain.select(SHOWN, *(RAW + name for name in raw))
        plain = kept.select(pl.exclude("contract"), contract.alias("contract"))
        if raw:
            for line in map(json.loads, plain.write_ndjson().rstrip("\n").split("\n")):
                texts = {name: text for name in raw if (text := line.pop(RAW + name)) is not None}
                self.write_objects([line | texts])
        else:
            plain.write_ndjson(self.file)

    def write_objects(self, objects: Iterable[Mapping[str, Any]]) -> None:
        """Append objects as they are."""
        for one in objects:
            self.file.write(json.dumps(one, ensure_ascii=False, default=_number).encode() + b"\n")


def _number(exact: Any) -> float | str:
    """Return a number as JSON has it, or as text where it is larger than that."""
    return float(exact) if isfinite(float(exact)) else str(exact)


def _exact(number: pl.Expr) -> pl.Expr:
    """Write decimals exactly, without trailing zeros."""
    text = number.cast(pl.String)
    return pl.when(text.str.contains(".", literal=True)).then(text.str.replace(r"\.?0+$", "")).otherwise(text)
