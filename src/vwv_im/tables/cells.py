"""From the cells of a table to stated facts: the same forms and ranges as in a case, checked a column at a time.

A cell that states something and yet has no value is faulty. What is wrong with it is told by the reader of cases (see
`vwv_im.tables.faults`), so that a table and a case get the same words.
"""

from __future__ import annotations

from operator import or_

import polars as pl

from vwv_im.case import Fact
from vwv_im.case.values import FIRST_DAY, LAST_DAY, LONGEST_LABEL
from vwv_im.reasoning.columns.compiling import TYPES
from vwv_im.reasoning.columns.flow import joined
from vwv_im.reasoning.columns.words import CODE, STATED_WORDS, as_bits

_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_GERMAN_DAY = r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}$"
_GERMAN_NUMBER = r"^([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+$"
_LIST = r"\s*[,;]\s*"
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
_AGS = r"^[0-9]{5}([0-9]{3})?$"
YES, NO = ("ja", "wahr", "true"), ("nein", "falsch", "false")
"""How a cell of text writes truth values, in small or capital letters."""


def spelled(fact: Fact, column: pl.Expr) -> pl.Expr:
    """Return text from a CSV file or a workbook in the forms of a case; what cannot be read stays as it is.

    Decimals may have a comma, days may be written 01.03.2018, lists are parted by commas; an empty cell is unknown.
    """
    text = column.str.strip_chars()
    text = pl.when(text != "").then(text)
    match fact.type:
        case "dezimal":
            pointed = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
            return pl.when(text.str.contains(_GERMAN_NUMBER)).then(pointed).otherwise(text)
        case "datum":
            german = pl.when(text.str.contains(_GERMAN_DAY)).then(text).str.to_date("%d.%m.%Y", strict=False)
            return german.dt.to_string("%Y-%m-%d").fill_null(text)
        case "wahrheitswert":
            lower = text.str.to_lowercase()
            yes, no = pl.lit("true"), pl.lit("false")
            return pl.when(lower.is_in(YES)).then(yes).when(lower.is_in(NO)).then(no).otherwise(text)
        case "auswahlliste":
            return text.str.replace_all(_LIST, ",").str.split(",")
    return text


def value(fact: Fact, column: pl.Expr, dtype: pl.DataType, *, text: bool = False) -> pl.Expr:
    """Return what a column states as the engine reads it, unknown where a cell is faulty.

    `text`: it is text in the forms that `spelled` gives it.
    """
    if dtype == pl.Null:
        return pl.lit(None, TYPES[fact.type])
    found, sound = _READERS[fact.type](fact, column, dtype, text)
    return pl.when(sound).then(found).cast(TYPES[fact.type])


_Read = tuple[pl.Expr, pl.Expr]
_NOTHING: _Read = (pl.lit(None), pl.lit(False))


def _word(fact: Fact, column: pl.Expr, dtype: pl.DataType, _: bool) -> _Read:
    if not isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return _NOTHING
    written, form = (column.to_physical(), list(dtype.categories)) if isinstance(dtype, pl.Enum) else (column, None)
    if isinstance(dtype, pl.Categorical):
        written = column.cast(pl.String)
    known = [word for word in fact.values if form is None or word in form]
    if not known:
        return _NOTHING
    same = {word: written == (word if form is None else form.index(word)) for word in known}
    code = joined(or_, [pl.when(same[word]).then(_code(word) + 1).otherwise(_NO_WORD) for word in known])
    return code - 1, code != 0


_NO_WORD = pl.lit(0, CODE)


def _code(word: str) -> pl.Expr:
    return pl.lit(STATED_WORDS.index(word), CODE)


def _words(fact: Fact, column: pl.Expr, dtype: pl.DataType, _: bool) -> _Read:
    if not isinstance(dtype, pl.List):
        return _NOTHING
    bits = as_bits(column.cast(pl.List(pl.String)), fact)
    return bits, (bits != 0) & (bits.bitwise_count_ones() == column.list.len())


def _truth(_: Fact, column: pl.Expr, dtype: pl.DataType, text: bool) -> _Read:
    if dtype == pl.Boolean:
        return column, column.is_not_null()
    return (column == "true", column.is_in(["true", "false"])) if text else _NOTHING


def _whole(fact: Fact, column: pl.Expr, dtype: pl.DataType, text: bool) -> _Read:
    assert fact.limits is not None
    if text:
        column = pl.when(column.str.contains("^[0-9]{1,18}$")).then(column).cast(pl.Int64)
    elif not dtype.is_integer():
        return _NOTHING
    return column, column.is_between(0, fact.limits.maximum)


def _decimal(fact: Fact, column: pl.Expr, dtype: pl.DataType, _: bool) -> _Read:
    assert fact.limits is not None
    maximum, places = fact.limits.maximum, fact.limits.places
    scale = 10**places
    if dtype == pl.String:
        return _decimal_of_text(column, maximum, places)
    if dtype.is_integer():
        sound = column.is_between(0, maximum)
        return pl.when(sound).then(column).cast(pl.Int64) * scale, sound
    if dtype.is_float():
        near = (column.cast(pl.Float64) * scale).round()
        back = near / (near * 0 + scale)  # by a column: dividing by a constant would multiply by its reciprocal
        sound = column.is_between(0, maximum) & (back == column)
        return pl.when(sound).then(near).cast(pl.Int64), sound
    if isinstance(dtype, pl.Decimal):
        return _decimal_of_decimal(column, dtype.scale, maximum, places)
    return _NOTHING


def _decimal_of_text(column: pl.Expr, maximum: int, places: int) -> _Read:
    """Read decimals by way of floats: at most 15 figures, which a float holds apart."""
    form = column.str.contains(rf"^[0-9]{{1,30}}(\.[0-9]{{1,{places}}})?$")
    number = pl.when(form).then(column).cast(pl.Float64)
    return (number * 10**places).round().cast(pl.Int64, strict=False), number.is_between(0, maximum)


def _decimal_of_decimal(column: pl.Expr, scale: int, maximum: int, places: int) -> _Read:
    units = column.to_physical().cast(pl.Int128)
    sound = units.is_between(0, pl.lit(maximum * 10**scale, pl.Int128))
    if scale <= places:
        return units * 10 ** (places - scale), sound
    surplus = 10 ** (scale - places)
    return units // surplus, sound & (units % surplus == 0)


def _day(_: Fact, column: pl.Expr, dtype: pl.DataType, _text: bool) -> _Read:
    if dtype == pl.String:
        column = pl.when(column.str.contains(_ISO)).then(column).str.to_date("%Y-%m-%d", strict=False)
    elif dtype != pl.Date:
        return _NOTHING
    return column, column.is_between(FIRST_DAY, LAST_DAY)


def _label(fact: Fact, column: pl.Expr, dtype: pl.DataType, _: bool) -> _Read:
    if not isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return _NOTHING
    column = column.cast(pl.String)
    if fact.path.endswith(".ags"):
        return column, column.str.contains(_AGS)
    sound = ~column.str.contains(_CONTROL) & (column.str.strip_chars() != "")
    return column, sound & (column.str.len_chars() <= LONGEST_LABEL)


_READERS = {
    "auswahl": _word,
    "auswahlliste": _words,
    "wahrheitswert": _truth,
    "ganzzahl": _whole,
    "dezimal": _decimal,
    "datum": _day,
    "text": _label,
}
