"""From the cells of a table to stated facts, with the same forms and ranges as in a case.

Text is read by the validators of the case itself, each different text once. Columns that have a type of their own are
checked a column at a time. A cell that states something and yet has no value is faulty; what is wrong with it is told
by the reader of cases (see `vwv_im.tables.faults`), so that a table and a case get the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import polars as pl
from pydantic import TypeAdapter, ValidationError

from vwv_im.case import FACTS, Case, Fact
from vwv_im.case.facts import holder_of
from vwv_im.case.values import FIRST_DAY, LAST_DAY, LONGEST_LABEL, Day, Truth
from vwv_im.reasoning.columns.compiling import TYPES
from vwv_im.reasoning.columns.words import CODE, STATED_WORDS, as_bits, bits_of

ID = "antrag_id"
"""The column that joins applications, posts and members."""
ON = "on"
"""The column of the day of decision, where it is not the same for all rows."""
MEMBERS_STATED = "antrag.mitglieder_angegeben"
"""A column that is true where the list of members is complete, even if it is empty."""
ON_FACT = replace(FACTS["antrag.antragsdatum"], path=ON)
MEMBERS_FACT = replace(ON_FACT, path=MEMBERS_STATED, type="wahrheitswert")
LISTS = {"stelle": "stellen", "mitglied": "mitglieder"}
"""In which list of an application its posts and its members stand."""
RAW = "#raw:"
"""Before the name of a column: the text of those of its cells that state nothing."""

_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_GERMAN_NUMBER = r"^([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+$"
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
_CODES = {word: code for code, word in enumerate(STATED_WORDS)}
_WHOLE = re.compile(r"[0-9]{1,4000}")  # Python turns no longer text into a number
_TRUTHS = {**dict.fromkeys(("ja", "wahr", "true"), True), **dict.fromkeys(("nein", "falsch", "false"), False)}


def as_in_case(fact: Fact, text: str) -> Any:
    """Return what the text of a cell stands for as a case states it; what cannot be read stays text.

    The text has no blanks around it. Decimals may have a comma, days may be written 01.03.2018, lists are parted by
    commas.

    >>> as_in_case(FACTS["stelle.vzae"], "0,5"), as_in_case(ON_FACT, "1.3.2018")
    ('0.5', '2018-03-01')
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
        case "auswahlliste":
            return re.split(r"\s*[,;]\s*", text)
    return text


@cache
def _validator(path: str) -> TypeAdapter[Any]:
    """Return what checks a fact in a case."""
    own: dict[str, Any] = {ON: Day, MEMBERS_STATED: Truth}
    if path in own:
        return TypeAdapter(own[path])
    scope, *inner = path.split(".")
    _, info = holder_of(Case, ["antrag", LISTS[scope], *inner] if scope in LISTS else [scope, *inner])
    assert info is not None
    return TypeAdapter[Any](info.annotation)  # type: ignore[arg-type]


def _read_text(fact: Fact, text: str, *, of_table: bool) -> Any:
    """Return the value that a text states, `None` for one that a case would not take."""
    try:
        return _validator(fact.path).validate_python(as_in_case(fact, text) if of_table else text)
    except ValidationError:
        return None


def held(fact: Fact, value: Any) -> Any:
    """Return the value of a fact as the engine holds it."""
    if value is None:
        return None
    match fact.type:
        case "auswahl":
            return _CODES[value]
        case "auswahlliste":
            return bits_of(value, fact)
        case "dezimal":
            assert fact.limits is not None
            return int(value.scaleb(fact.limits.places))
    return value


def _map_texts(cells: pl.Series, read: Callable[[str], Any], dtype: Any) -> pl.Series:
    """Return what `read` makes of each text; it is called once for each that differs."""
    known = cells.drop_nulls().unique()
    found = pl.DataFrame({"text": known, "found": pl.Series([read(text) for text in known], dtype=dtype)})
    return pl.DataFrame({"text": cells}).join(found, on="text", how="left", maintain_order="left")["found"]


def value(fact: Fact, column: pl.Expr, dtype: pl.DataType, *, text: bool = False) -> pl.Expr:
    """Return what a column states as the engine reads it, unknown where a cell is faulty.

    `text`: it is text in the forms of a German table, without blanks around it.
    """
    if not isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return _typed(fact, column, dtype).cast(TYPES[fact.type])
    if fact.type == "auswahl":
        return _word(fact, column, dtype).cast(TYPES[fact.type])
    written = column.cast(pl.String)
    if fact.type == "dezimal":
        return _decimal(fact, _pointed(written) if text else written)
    if fact.type == "text" and not fact.path.endswith(".ags"):
        sound = ~written.str.contains(_CONTROL) & (written.str.strip_chars() != "")
        return _where(sound & (written.str.len_chars() <= LONGEST_LABEL), written)

    def read(cell: str) -> Any:
        return held(fact, _read_text(fact, cell, of_table=text))

    mapped = partial(_map_texts, read=read, dtype=TYPES[fact.type])
    return written.map_batches(mapped, return_dtype=TYPES[fact.type], is_elementwise=True)


def _word(fact: Fact, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    written: pl.Expr = column.cast(pl.String)
    forms: dict[Any, str] = {word: word for word in fact.values}
    if isinstance(dtype, pl.Enum):
        written, forms = column.to_physical(), dict(enumerate(dtype.categories))
    known = {form: _CODES[word] for form, word in forms.items() if word in fact.values}
    codes = [pl.when(written == form).then(pl.lit(code, CODE)) for form, code in known.items()]
    return pl.coalesce(codes) if codes else pl.lit(None)


def _pointed(column: pl.Expr) -> pl.Expr:
    """Return numbers that have a comma with a point instead."""
    pointed = column.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(column.str.contains(_GERMAN_NUMBER)).then(pointed).otherwise(column)


def _decimal(fact: Fact, column: pl.Expr) -> pl.Expr:
    """Read decimals by way of floats, which hold at most 15 figures apart; amounts are too many to read one by one."""
    assert fact.limits is not None
    maximum, places = fact.limits.maximum, fact.limits.places
    form = column.str.contains(rf"^[0-9]{{1,30}}(\.[0-9]{{1,{places}}})?$")
    number = _where(form, column).cast(pl.Float64)
    return _where(number.is_between(0, maximum), (number * 10**places).round().cast(pl.Int64, strict=False))


def _typed(fact: Fact, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return what a column states that has a type of its own; nothing where the fact has another type."""
    limits = fact.limits
    match fact.type:
        case "wahrheitswert" if dtype == pl.Boolean:
            return column
        case "datum" if dtype == pl.Date:
            return _where(column.is_between(FIRST_DAY, LAST_DAY), column)
        case "auswahlliste" if isinstance(dtype, pl.List):
            bits = as_bits(column.cast(pl.List(pl.String)), fact)
            return _where((bits != 0) & (bits.bitwise_count_ones() == column.list.len()), bits)
        case "ganzzahl" if limits is not None and dtype.is_integer():
            return _where(column.is_between(0, limits.maximum), column)
        case "dezimal" if limits is not None and dtype.is_numeric():
            return _scaled(column, dtype, limits.maximum, limits.places)
    return pl.lit(None)


def _where(sound: pl.Expr, column: pl.Expr) -> pl.Expr:
    return pl.when(sound).then(column)


def _scaled(column: pl.Expr, dtype: pl.DataType, maximum: int, places: int) -> pl.Expr:
    """Return numbers in units of their last decimal."""
    sound, scale = column.is_between(0, maximum), int(10**places)
    if dtype.is_integer():
        return _where(sound, column).cast(pl.Int64) * scale
    if dtype.is_float():
        near = (column.cast(pl.Float64) * scale).round()
        back = near / (near * 0 + scale)  # by a column: dividing by a constant would multiply by its reciprocal
        return _where(sound & (back == column), near).cast(pl.Int64)
    assert isinstance(dtype, pl.Decimal)
    units = column.to_physical().cast(pl.Int128)
    sound = units.is_between(0, pl.lit(maximum * 10**dtype.scale, pl.Int128))
    if dtype.scale <= places:
        return _where(sound, units * 10 ** (places - dtype.scale))
    surplus = 10 ** (dtype.scale - places)
    return _where(sound & (units % surplus == 0), units // surplus)


def comparable(name: str, column: pl.Expr, *, text: bool) -> pl.Expr:
    """Return a column in which cells are alike that state the same; `text`: 0,5 and 0.50 do in a table of text."""
    fact = ON_FACT if name == ON else FACTS.get(name)
    if not text or fact is None:
        return column
    return pl.coalesce(value(fact, column, pl.String(), text=True).cast(pl.String), column)


def with_types(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each fact written as text the type of what it states: numbers, days, truth values, lists of words.

    A cell that states nothing is null there; where a column has such cells, its text is kept in `#raw:NAME`.

    >>> with_types(pl.DataFrame({"stelle.vzae": ["0,5", "halb"]})).rows()
    [(Decimal('0.500000'), None), (None, 'halb')]
    """
    found = []
    for name, dtype in rows.schema.items():
        fact = ON_FACT if name == ON else FACTS.get(name)
        if fact is None or fact.type in ("auswahl", "text") or dtype != pl.String:
            continue
        read = _written_value(fact, rows[name]).alias(name)
        found.append(read)
        if read.null_count() > rows[name].null_count():
            found.append(rows[name].zip_with(read.is_null(), rows[name].clear(rows.height)).alias(RAW + name))
    return rows.with_columns(found)


def _written_value(fact: Fact, cells: pl.Series) -> pl.Series:
    """Return what cells of text state, in the type that a reader of the file expects."""
    if fact.limits is not None and fact.type == "dezimal":
        written = _where(
            value(fact, pl.col(cells.name), pl.String(), text=True).is_not_null(), _pointed(pl.col(cells.name))
        )
        return cells.to_frame().select(written.cast(pl.Decimal(18, fact.limits.places))).to_series()
    dtype = pl.List(pl.String) if fact.type == "auswahlliste" else TYPES[fact.type]
    return _map_texts(cells, partial(_read_text, fact, of_table=True), dtype)


def raw_of(rows: pl.DataFrame) -> list[str]:
    """Return the names of the columns that have cells which state nothing."""
    return [name.removeprefix(RAW) for name in rows.columns if name.startswith(RAW)]
