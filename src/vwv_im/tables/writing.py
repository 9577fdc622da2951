"""Writing results piece by piece: CSV, Parquet, JSON Lines, Excel. A file gets its name when it is whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Protocol

import polars as pl

from vwv_im.reasoning.columns.bits import Bits
from vwv_im.reasoning.columns.program import MASKS, POST_MASKS
from vwv_im.tables.reading import NUMBER, unreadable

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^-?[0-9][0-9.,]*$"
_LAST_ROW = 1_048_576
_WIDTH = 18
REASONS_SHEET = "Gründe"
KINDS: Mapping[str, str] = {"missing": "facts", "contradictions": "contradictions", "duties": "duties"}
"""Which names the bits of a mask stand for; the other masks are of requirements."""
VERDICTS = {"no": "nein", "open": "offen", "discretion": "Ermessen"}


class Sink(Protocol):
    """A file that takes results piece by piece."""

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a name to write to; the file gets its own name when all is written, and never if anything went wrong."""
    for stale in target.parent.glob(f".{_escaped(target.name)}.*.teil"):
        if not _alive(stale.suffixes[-2].removeprefix(".")):
            stale.unlink(missing_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.teil")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise unreadable(target, f"{error.strerror}.", f"{error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def _escaped(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OSError):
        return True
    return True


def spelled_masks(rows: pl.DataFrame, bits: Bits) -> pl.DataFrame:
    """Return masks as the names that their bits stand for, parted by commas."""
    masks = [(f"{prefix}{mask}", mask) for prefix, known in (("", MASKS), ("stelle.", POST_MASKS)) for mask in known]
    named = [(column, KINDS.get(mask, "requirements")) for column, mask in masks if column in rows.columns]
    return rows.with_columns(_spelled(rows[column], bits, kind) for column, kind in named)


def _spelled(masks: pl.Series, bits: Bits, kind: str) -> pl.Series:
    known = masks.unique().drop_nulls().to_list()
    names = [", ".join(bits.names(kind, mask)) or None for mask in known]
    return masks.replace_strict(known, names, return_dtype=pl.String, default=None)


def harmless(rows: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return rows.with_columns(
        _harmless(pl.col(name)).alias(name) for name, dtype in rows.schema.items() if dtype == pl.String
    )


def _harmless(text: pl.Expr) -> pl.Expr:
    formula = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(formula).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


@dataclass
class CsvSink:
    """CSV as spreadsheets read it: with a semicolon, decimals have a comma and days are written 01.03.2018."""

    file: IO[bytes]
    separator: str
    bits: Bits
    head: bool = field(default=True)

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows, the first ones with the header."""
        german = self.separator == ";"
        shown = harmless(spelled_masks(rows.drop(NUMBER, strict=False), self.bits))
        exact = [_exact(pl.col(name)) for name, dtype in shown.schema.items() if dtype.is_decimal()]
        if german:
            exact = [number.str.replace(".", ",", literal=True) for number in exact]
            truths = [name for name, dtype in shown.schema.items() if dtype == pl.Boolean]
            exact += [pl.col(name).replace_strict([True, False], ["ja", "nein"], default=None) for name in truths]
        text = shown.with_columns(*_joined(shown), *exact).write_csv(
            separator=self.separator, include_header=self.head, date_format="%d.%m.%Y" if german else None
        )
        self.file.write(("\ufeff" * self.head + text).encode())
        self.head = False

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


def _joined(rows: pl.DataFrame) -> list[pl.Expr]:
    """Return lists as text."""
    lists = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.List)]
    return [pl.col(name).cast(pl.List(pl.String)).list.join(", ") for name in lists]


@dataclass
class ParquetSink:
    """Parquet, with masks as numbers; what their bits mean stands in the metadata of the file."""

    path: Path
    metadata: Mapping[str, str]
    writer: Any = None

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra of its own

        table = rows.drop(NUMBER, strict=False).to_arrow(compat_level=pl.CompatLevel.oldest())
        if self.writer is None:
            schema = table.schema.with_metadata({**(table.schema.metadata or {}), **self.metadata})
            self.writer = pq.ParquetWriter(self.path, schema)
        self.writer.write_table(table.cast(self.writer.schema))

    def close(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self.writer.close()


@dataclass
class JsonlSink:
    """JSON Lines: an object for each row, money and shares as exact text, masks as lists of names."""

    file: IO[bytes]
    bits: Bits

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows."""
        shown = spelled_masks(rows.drop(NUMBER, strict=False), self.bits)
        lists = [pl.col(name).str.split(", ") for name in shown.columns if name.removeprefix("stelle.") in MASKS]
        exact = [_exact(pl.col(name)) for name, dtype in shown.schema.items() if dtype.is_decimal()]
        shown.with_columns(*exact, *lists).write_ndjson(self.file)

    def write_objects(self, objects: Iterable[Mapping[str, Any]]) -> None:
        """Append objects as they are."""
        for one in objects:
            self.file.write(json.dumps(one, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


def _exact(number: pl.Expr) -> pl.Expr:
    """Write decimals exactly, without trailing zeros."""
    text = number.cast(pl.String)
    return pl.when(text.str.contains(".", literal=True)).then(text.str.replace(r"\.?0+$", "")).otherwise(text)


class ExcelSink:
    """A workbook: the rows with their results, and a sheet of reasons. Text never becomes a formula."""

    def __init__(self, path: Path, bits: Bits, titles: Mapping[str, str]) -> None:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(str(path), options)
        self.bits, self.titles = bits, titles
        self.head = self.book.add_format({"bold": True, "bg_color": "#DDE7F0", "text_wrap": True, "valign": "top"})
        self.formats: dict[type, Any] = {date: self.book.add_format({"num_format": "dd.mm.yyyy"})}
        self.formats[Decimal] = self.book.add_format({"num_format": "#,##0.00####"})
        self.sheet, self.row = self.book.add_worksheet("Ergebnis"), 0
        self.reasons = self.book.add_worksheet(REASONS_SHEET)
        self.reasons_row, self.sheets = 0, 1

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows and their reasons."""
        shown = spelled_masks(rows.drop(NUMBER, strict=False), self.bits)
        shown = shown.with_columns(_joined(shown))
        if self.row == 0:
            self._header(self.sheet, shown.columns)
            self.row = 1
        if self.row + shown.height > _LAST_ROW:
            raise OSError(None, f"Excel: mehr als {_LAST_ROW} Zeilen / more than {_LAST_ROW} rows")
        for line in shown.iter_rows():
            self._line(self.sheet, self.row, line)
            self.row += 1
        for line in reasons_of(rows, self.bits, self.titles).iter_rows():
            self._reason(line)

    def _header(self, sheet: Any, names: Sequence[str]) -> None:
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, _WIDTH)
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, self.head)

    def _line(self, sheet: Any, row: int, line: Sequence[Any]) -> None:
        for column, value in enumerate(line):
            match value:
                case None:
                    continue
                case bool():
                    sheet.write_boolean(row, column, value)
                case int() | float() | Decimal():
                    sheet.write_number(row, column, float(value), self.formats.get(type(value)))
                case date():
                    sheet.write_datetime(row, column, value, self.formats[date])
                case _:
                    sheet.write_string(row, column, str(value))

    def _reason(self, line: Sequence[Any]) -> None:
        if self.reasons_row >= _LAST_ROW:
            self.sheets += 1
            self.reasons, self.reasons_row = self.book.add_worksheet(f"{REASONS_SHEET} {self.sheets}"), 0
        if self.reasons_row == 0:
            self._header(self.reasons, ["Zeile", "Regel", "Anforderung", "Ergebnis"])
            self.reasons.set_column(2, 2, 70)
            self.reasons_row = 1
        self._line(self.reasons, self.reasons_row, line)
        self.reasons_row += 1

    def close(self) -> None:
        """Finish the file."""
        self.book.close()


def reasons_of(rows: pl.DataFrame, bits: Bits, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return for each row the requirements it does not meet: number of the row, id, title, verdict.

    Where several rows are posts of one application, a row has its own reasons and those of the application.
    """
    found = []
    number = pl.int_range(2, pl.len() + 2).alias("row") if NUMBER not in rows.columns else pl.col(NUMBER).alias("row")
    for verdict, word in VERDICTS.items():
        mask = pl.col(f"reasons_{verdict}")
        if f"stelle.reasons_{verdict}" in rows.columns:
            others = pl.lit(~bits.of_posts & (1 << 64) - 1, pl.UInt64)
            mask = (mask & others) | pl.col(f"stelle.reasons_{verdict}")
        found.append(rows.select(number, mask.alias("mask"), pl.lit(word).alias("verdict")).filter(pl.col("mask") > 0))
    every = pl.concat(found)
    known = every["mask"].unique().to_list()
    names = [[name for name in bits.names("requirements", mask) if name in titles] for mask in known]
    decoded = pl.DataFrame({"mask": known, "rule": names}, {"mask": pl.UInt64, "rule": pl.List(pl.String)})
    listed = every.join(decoded, on="mask", how="left").explode("rule").drop_nulls("rule")
    title = pl.col("rule").replace_strict(list(titles), list(titles.values()), return_dtype=pl.String)
    return listed.sort("row", maintain_order=True).select("row", "rule", title.alias("title"), "verdict")
