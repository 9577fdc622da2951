"""Columns of text in the types of what they state, for files that hold more than text."""

from __future__ import annotations

import polars as pl

from vwv_im.case import FACTS, Fact
from vwv_im.tables.cells import spelled, value
from vwv_im.tables.layout import ON, ON_FACT

RAW = "#raw:"
"""Before the name of a column: the text of those of its cells that state nothing."""
_AS_TEXT = ("auswahl", "text")


def typed(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each fact written as text the type of what it states: numbers, days, truth values, lists of words.

    A cell that states nothing is null there; where a column has such cells, its text is kept in `#raw:NAME`.

    >>> typed(pl.DataFrame({"stelle.vzae": ["0,5", "halb"]})).rows()
    [(Decimal('0.500000'), None), (None, 'halb')]
    """
    facts = [fact for name in rows.columns if (fact := _fact(name)) and rows.schema[name] == pl.String]
    read = rows.select(_typed(fact, pl.col(fact.path)).alias(fact.path) for fact in facts)
    lost = [name for name in read.columns if read[name].null_count() > rows[name].null_count()]
    silent = pl.when(pl.col("read").is_null()).then(pl.col("text"))
    raw = [pl.DataFrame({"text": rows[name], "read": read[name]}).select(silent.alias(RAW + name)) for name in lost]
    return rows.with_columns(*read, *(column.to_series() for column in raw))


def _fact(name: str) -> Fact | None:
    fact = ON_FACT if name == ON else FACTS.get(name)
    return None if fact is None or fact.type in _AS_TEXT else fact


def _typed(fact: Fact, column: pl.Expr) -> pl.Expr:
    read = spelled(fact, column)
    dtype = pl.List(pl.String) if fact.type == "auswahlliste" else pl.String()
    found = value(fact, read, dtype, text=True)
    if fact.type == "auswahlliste":
        return pl.when(found.is_not_null()).then(read)
    if fact.type == "dezimal":
        assert fact.limits is not None
        return pl.when(found.is_not_null()).then(read).cast(pl.Decimal(18, fact.limits.places))
    return found


def raw_of(rows: pl.DataFrame) -> list[str]:
    """Return the names of the columns that have cells which state nothing."""
    return [name.removeprefix(RAW) for name in rows.columns if name.startswith(RAW)]
