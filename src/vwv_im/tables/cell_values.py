"""From the cells of a table to stated facts, with the same forms and ranges as in a case.

Text is read by the validators of the case itself, each different text once. Columns that have a type of their own are
checked a column at a time. A cell that states something and yet has no value is faulty; the reader of cases says
what is wrong with it (see `vwv_im.tables.table_faults`), so that a table and a case get the same words.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import polars as pl
from pydantic import TypeAdapter, ValidationError

from vwv_im.case.fields import FIRST_DAY, LAST_DAY, LONGEST_LABEL, Day, Truth
from vwv_im.case.source import class_of
from vwv_im.case.vocabulary import DECISION, Entity, Fact, Vocabulary
from vwv_im.lang import FactKind
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.compiling import CODE, TYPES, as_bits, bits_of, stated_codes
from vwv_im.tables.limits import EXACT
from vwv_im.text import Text
from vwv_im.text.values import UNPRINTABLE

ON = "on"
"""The column of the day of decision, where it is not the same for all rows."""
RAW = "#raw:"
"""Before the name of a column: the text of those of its cells that state nothing."""

_GERMAN_DAY = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_GERMAN_NUMBER = r"^([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+$"
_CONTROL = f"[{UNPRINTABLE}]"
_WHOLE = re.compile(r"[0-9]{1,4000}")  # Python turns no longer text into a number
_TRUTHS = {**dict.fromkeys(("ja", "wahr", "true"), True), **dict.fromkeys(("nein", "falsch", "false"), False)}
_LARGEST = 2**127 - 1
_LONGEST_NUMBER, _OF_THOUSANDS = 40, 3


def id_of(entity: str) -> str:
    """Return the column that joins what is said of an entity with the entries of its lists."""
    return f"{entity}_id"


def completeness_column(vocabulary: Vocabulary, entity: Entity) -> str | None:
    """Return the column that says whether a list is complete, even if it is empty; none for one that cannot be.

    It stands in the table of what has the list.
    """
    if entity.within is None or not entity.many or entity.least or entity.series is not None:
        return None
    return f"{vocabulary.entities[entity.within].prefix}.{entity.key}_angegeben"


def extra_column(path: str, kind: FactKind) -> Fact:
    """Return what a table states in a column that is no fact of a case."""
    return Fact(path, path, DECISION, DECISION, kind, Text("", ""), Text("", ""), "")


ON_FACT = extra_column(ON, "datum")


def as_in_case(fact: Fact, text: str) -> Any:
    """Return what the text of a cell stands for as a case states it; what cannot be read stays text.

    The text has no blanks around it. Decimals may have a comma, days may be written 01.03.2018, lists are separated by
    commas, and the values of an enumeration may be written in words.

    >>> as_in_case(ON_FACT, "1.3.2018"), as_in_case(ON_FACT, "gestern")
    ('2018-03-01', 'gestern')
    """
    match fact.type:
        case "dezimal" if re.fullmatch(_GERMAN_NUMBER, text):
            return text.replace(".", "").replace(",", ".")
        case "datum" if written := _GERMAN_DAY.fullmatch(text):
            return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}"
        case "wahrheitswert":
            return _TRUTHS.get(text.lower(), text)
        case "ganzzahl" if _WHOLE.fullmatch(text):
            return int(text)
        case "auswahl":
            return _value_of(fact, text)
        case "auswahlliste":
            return [_value_of(fact, word) for word in re.split(r"\s*[,;]\s*", text)]
    return text


def _value_of(fact: Fact, word: str) -> str:
    return word if word in fact.values else values_by_word(fact).get(word.casefold(), word)


@cache
def values_by_word(fact: Fact) -> Mapping[str, str]:
    """Return the values of an enumeration by what they are called in either language, where that is clear."""
    return clear_words(fact.labels.items())


def clear_words(said: Iterable[tuple[str, Text]]) -> Mapping[str, str]:
    """Return what something is called in either language, in small letters, where it names nothing else."""
    found: dict[str, set[str]] = {}
    for name, words in said:
        for word in words:
            found.setdefault(" ".join(word.split()).casefold(), set()).add(name)
    return {word: names.pop() for word, names in found.items() if len(names) == 1}


def engine_value(vocabulary: Vocabulary, fact: Fact, value: Any) -> Any:
    """Return the value of a fact as the engine holds it."""
    if value is None:
        return None
    match fact.type:
        case "auswahl":
            return stated_codes(vocabulary)[value]
        case "auswahlliste":
            return bits_of(value, fact)
        case "dezimal" if fact.limits is not None:
            return int(value.scaleb(fact.limits.places))
    return value


def only_where(fact: Fact) -> tuple[str, str] | None:
    """Return the fact, by its path, and its value, where a text is picked from a list."""
    if fact.choice is None or fact.choice.only_where is None:
        return None
    key, wanted = fact.choice.only_where
    return f"{fact.path.removesuffix(fact.key)}{key}", wanted


@cache
def _validator(law: Regulation, fact: Fact) -> TypeAdapter[Any]:
    """Return what checks a fact in a case."""
    if fact.entity == DECISION:
        return TypeAdapter(Day if fact.type == "datum" else Truth)
    part = vars(sys.modules[law.case.__module__])[class_of(fact.entity)]
    return TypeAdapter(part.model_fields[fact.key].annotation)


def _map_cells(cells: pl.Series, read: Callable[[Any], Any], dtype: Any) -> pl.Series:
    """Return what `read` makes of each cell; it is called once for each that differs."""
    known = cells.drop_nulls().unique()
    found = pl.DataFrame({"cell": known, "found": pl.Series([read(cell) for cell in known], dtype=dtype)})
    return pl.DataFrame({"cell": cells}).join(found, on="cell", how="left", maintain_order="left")["found"]


@dataclass(frozen=True)
class Cells:
    """How cells state the facts of a regulation. `text`: as text of a German table, without blanks around it."""

    law: Regulation
    text: bool = False

    @property
    def vocabulary(self) -> Vocabulary:
        """What a case may state."""
        return self.law.vocabulary

    def fact(self, name: str) -> Fact | None:
        """Return what a column states: a fact of a case or the day of decision; nothing where it states neither."""
        return ON_FACT if name == ON else self.vocabulary.facts.get(name)

    def _read(self, fact: Fact, cell: Any) -> Any:
        """Return the value that a cell states, `None` for one that a case would not take."""
        try:
            return _validator(self.law, fact).validate_python(as_in_case(fact, cell) if self.text else cell)
        except ValidationError:
            return None

    @lru_cache(maxsize=4096)  # noqa: B019 - the same columns come again and again, and there are few regulations
    def value(self, fact: Fact, dtype: pl.DataType, *, beside: bool = False) -> pl.Expr:
        """Return what the column of a fact states as the engine reads it, unknown where a cell is faulty.

        `beside`: a column says where a text that is picked from a list need not stand in it.
        """
        value, where = self._value(fact, pl.col(fact.path), dtype), only_where(fact) if beside else None
        if where is not None:
            free = self._value(fact, pl.col(fact.path), dtype, free=True)
            elsewhere = pl.col(where[0]).cast(pl.String) != where[1]
            value = pl.when(value.is_null() & elsewhere).then(free).otherwise(value)
        return value.cast(TYPES[fact.type])

    def _value(self, fact: Fact, column: pl.Expr, dtype: pl.DataType, *, free: bool = False) -> pl.Expr:
        limits = fact.limits
        by_float = limits is None or limits.maximum * 10**limits.places <= EXACT
        written = isinstance(dtype, pl.String | pl.Categorical | pl.Enum)
        if not written and (by_float or not dtype.is_float()):
            return _read_typed(fact, column, dtype)
        if fact.type == "auswahl" and not self.text:
            return self._word(fact, column, dtype)
        cells = column.cast(pl.String) if written else column
        if fact.type == "dezimal" and written and by_float:
            return _decimal(fact, _with_points(cells) if self.text else cells)
        if fact.type == "text" and fact.spelling is None and (fact.choice is None or free):
            sound = ~cells.str.contains(_CONTROL) & (cells.str.strip_chars() != "")
            return pl.when(sound & (cells.str.len_chars() <= LONGEST_LABEL)).then(cells)

        def read(cell: Any) -> Any:
            return engine_value(self.vocabulary, fact, self._read(fact, cell))

        mapped = partial(_map_cells, read=read, dtype=TYPES[fact.type])
        return cells.map_batches(mapped, return_dtype=TYPES[fact.type], is_elementwise=True)

    def _word(self, fact: Fact, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        if not isinstance(dtype, pl.Enum):
            dtype = pl.Enum(fact.values)
            column = column.cast(pl.String).cast(dtype, strict=False)
        known = {word: code for word, code in stated_codes(self.vocabulary).items() if word in fact.values}
        codes = pl.Series([known.get(word) for word in dtype.categories], dtype=CODE)
        return pl.lit(codes).gather(column.to_physical())

    def comparable(self, name: str, column: pl.Expr) -> pl.Expr:
        """Return a column in which cells are alike that state the same: in a table of text, 0,5 and 0.50 do."""
        fact = self.fact(name)
        if not self.text or fact is None:
            return column
        value = self._value(fact, column, pl.String()).cast(TYPES[fact.type])
        return pl.coalesce(value.cast(pl.String), column)

    def with_types(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Give each fact written as text the type of what it states: numbers, days, truth values, lists of words.

        A cell that states nothing is null there; where a column has such cells, its text is kept in `#raw:NAME`.
        """
        found = []
        for name, dtype in rows.schema.items():
            fact = self.fact(name)
            if fact is None or fact.type == "text" or dtype != pl.String:
                continue
            if fact.type == "auswahl":
                found.append(_map_cells(rows[name], partial(as_in_case, fact), pl.String).alias(name))
                continue
            read = self._as_stated(fact, rows[name]).alias(name)
            found.append(read)
            if read.null_count() > rows[name].null_count():
                found.append(rows[name].zip_with(read.is_null(), rows[name].clear(rows.height)).alias(RAW + name))
        return rows.with_columns(found)

    def _as_stated(self, fact: Fact, cells: pl.Series) -> pl.Series:
        """Return what cells of text state, in the type that a reader of the file expects."""
        if fact.limits is not None and fact.type == "dezimal":
            column = pl.col(cells.name)
            written = pl.when(self._value(fact, column, pl.String()).is_not_null()).then(_with_points(column))
            return cells.to_frame().select(written.cast(pl.Decimal(18, fact.limits.places))).to_series()
        dtype = pl.List(pl.String) if fact.type == "auswahlliste" else TYPES[fact.type]
        return _map_cells(cells, partial(self._read, fact), dtype)


def _with_points(column: pl.Expr) -> pl.Expr:
    """Return numbers that have a comma with a point instead."""
    pointed = column.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(column.str.contains(_GERMAN_NUMBER)).then(pointed).otherwise(column)


def _decimal(fact: Fact, column: pl.Expr) -> pl.Expr:
    """Read decimals by way of floats, which hold at most 15 figures apart; amounts are too many to read one by one."""
    if fact.limits is None:
        return pl.lit(None)
    maximum, places = fact.limits.maximum, fact.limits.places
    decimals = rf"[0-9]{{1,{places}}}0*" if places else "0+"
    written = column.str.contains(rf"^[0-9]+(\.{decimals})?$") & (column.str.len_chars() <= _LONGEST_NUMBER)
    if places < _OF_THOUSANDS:
        written &= ~column.str.contains(rf"^[1-9][0-9]{{0,2}}\.[0-9]{{{_OF_THOUSANDS}}}$")
    number = pl.when(written).then(column).cast(pl.Float64)
    return pl.when(number.is_between(0, maximum)).then((number * 10**places).round().cast(pl.Int64, strict=False))


def _read_typed(fact: Fact, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return what a column states that has a type of its own; nothing where the fact has another type."""
    limits = fact.limits
    match fact.type:
        case "wahrheitswert" if dtype == pl.Boolean:
            return column
        case "datum" if dtype == pl.Date:
            return pl.when(column.is_between(FIRST_DAY, LAST_DAY)).then(column)
        case "auswahlliste" if isinstance(dtype, pl.List):
            bits = as_bits(column.cast(pl.List(pl.String)), fact)
            return pl.when((bits != 0) & (bits.bitwise_count_ones() == column.list.len())).then(bits)
        case "ganzzahl" if limits is not None and dtype.is_integer():
            return pl.when(column.is_between(0, limits.maximum)).then(column)
        case "dezimal" if limits is not None and dtype.is_numeric():
            return _scale(column, dtype, limits.maximum, limits.places)
    return pl.lit(None)


def _scale(column: pl.Expr, dtype: pl.DataType, maximum: int, places: int) -> pl.Expr:
    """Return numbers in units of their last decimal."""
    sound, scale = column.is_between(0, maximum), int(10**places)
    if dtype.is_integer():
        return pl.when(sound).then(column).cast(pl.Int64) * scale
    if dtype.is_float():
        near = (column.cast(pl.Float64) * scale).round()
        back = near / (near * 0 + scale)  # by a column: dividing by a constant would multiply by its reciprocal
        return pl.when(sound & (back == column)).then(near).cast(pl.Int64)
    assert isinstance(dtype, pl.Decimal)
    units = column.to_physical().cast(pl.Int128)
    sound = units.is_between(0, pl.lit(min(maximum * 10**dtype.scale, _LARGEST), pl.Int128))
    if dtype.scale <= places:
        return pl.when(sound).then(units * 10 ** (places - dtype.scale))
    surplus = 10 ** (dtype.scale - places)
    return pl.when(sound & (units % surplus == 0)).then(units // surplus)


def raw_of(rows: pl.DataFrame) -> list[str]:
    """Return the names of the columns that have cells which state nothing."""
    return [name.removeprefix(RAW) for name in rows.columns if name.startswith(RAW)]
