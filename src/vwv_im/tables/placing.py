"""In which of its rows an application states what is wrong with it, where its rows are its posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from vwv_im.case import FACTS
from vwv_im.reasoning.columns.answers import CARRIED, RANK
from vwv_im.reasoning.columns.flow import ROW
from vwv_im.tables.faults import CellFault, told
from vwv_im.tables.layout import compared
from vwv_im.text import Text

Found = tuple[str, CellFault]
_DIFFERS = "VIM182"


def at_rows(faults: Iterable[Found], posts: pl.DataFrame, *, text: bool) -> list[Found]:
    """Place the faults of each application at the row that states it, else at its first, and sort them by rows."""
    rows = posts.drop_nulls(RANK)
    known = list(faults)
    asked = {(fault.column, fault.fault.code == _DIFFERS) for table, fault in known if table == "frame"}
    stated = {(name, differs): _stated(rows, name, differs, text) for name, differs in asked}
    first = dict(rows.group_by(ROW).agg(pl.col(RANK).min()).iter_rows())
    placed = []
    for table, fault in known:
        if table == "frame":
            differs = fault.fault.code == _DIFFERS
            row, value, other = stated[fault.column, differs].get(fault.row, (first[fault.row], fault.value, ""))
            found = replace(fault, row=row)
            placed.append((table, _differing(found, value, other) if differs else found))
        else:
            placed.append(("members" if table == "members" else "frame", fault))
    return sorted(placed, key=lambda one: (one[0], one[1].row))


def _stated(rows: pl.DataFrame, name: str, differs: bool, text: bool) -> dict[int, tuple[int, str, str]]:
    """Return for each application the first row that states a fact, or states it unlike the first one that does.

    With it goes what stands there, and what stands in the first one.
    """
    if CARRIED + name not in rows.columns:
        return {}
    column = pl.col(CARRIED + name)
    same = compared(name, column, text=text).alias("same")
    cells = rows.select(ROW, RANK, same, column.alias("cell")).drop_nulls("cell").sort(ROW, RANK)
    cells = cells.with_columns(pl.col("cell").first().over(ROW).alias("other"))
    if differs:
        cells = cells.filter(pl.col("same") != pl.col("same").first().over(ROW))
    first = cells.unique(ROW, keep="first", maintain_order=True)
    told = (lambda _: "…") if name in FACTS and FACTS[name].private else str
    return {row: (rank, told(cell), told(other)) for row, rank, _, cell, other in first.iter_rows()}


def _differing(fault: CellFault, value: str, other: str) -> CellFault:
    message = Text(
        f"Die Zeilen des Antrags nennen Verschiedenes: hier {value!r}, zuvor {other!r}.",
        f"The rows of the application differ here: {value!r}, before {other!r}.",
    )
    hint = Text(
        "Schreiben Sie in allen Zeilen des Antrags dasselbe, oder nur in einer.",
        "Write the same in all rows of the application, or in one only.",
    )
    return replace(fault, value=value, fault=told(_DIFFERS, message, hint))
