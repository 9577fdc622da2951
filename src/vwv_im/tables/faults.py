"""What is wrong with a row of a table, in the words of the reader of cases, and in which row it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from vwv_im.case import FACTS, CaseError, Fact, read_case
from vwv_im.case.reading import shown
from vwv_im.reasoning.columns.answers import CARRIED, RANK
from vwv_im.reasoning.columns.flow import ROW
from vwv_im.tables.cells import LISTS, as_in_case, comparable
from vwv_im.text import Fault, FaultyInputError, Form, Place, Text

CODES: Mapping[str, Text] = {
    "VIM111": Text("Das ist kein Wahrheitswert (ja oder nein).", "This is not a truth value (ja or nein)."),
    "VIM180": Text(
        "Eine Spalte fehlt, steht doppelt da oder ist überzählig.", "A column is missing, doubled or superfluous."
    ),
    "VIM181": Text("Die Kennung des Antrags passt nicht.", "The id of the application does not fit."),
    "VIM182": Text("Die Zeilen des Antrags nennen Verschiedenes.", "The rows of the application differ here."),
    "VIM183": Text(
        "Die Datei oder Zeile kann nicht gelesen oder geschrieben werden.",
        "The file or line cannot be read or written.",
    ),
    "VIM184": Text("Die Zeile hat mehr Zellen als die Kopfzeile.", "The row has more cells than the header."),
}
_DIFFERS = "VIM182"
_ENTRY = re.compile(r"^antrag\.(stellen|mitglieder)\[0\]")


class FrameError(FaultyInputError):
    """A table cannot be decided; `faults` lists everything that is wrong with it, row by row and cell by cell."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault of one cell: the number of its row, from 0, its column, all that stands there, and what is wrong."""

    row: int
    column: str
    value: str
    fault: Fault

    def placed(self, table: str) -> Fault:
        """Return it as a fault of a table of that name."""
        return Fault(self.fault.code, Place(f"{table}[{self.row}]"), self.fault.message, self.fault.hint, self.column)


TableFault = tuple[str, CellFault]
"""A fault with the table it stands in: `frame`, `posts` or `members`."""


def faults_of_rows(rows: pl.DataFrame, numbers: Iterable[int], *, text: bool) -> list[CellFault]:
    """Return what is wrong with rows that are known to be faulty; `numbers` are those of the rows."""
    if not rows.columns:
        return []
    pairs = zip(numbers, rows.iter_rows(named=True), strict=True)
    return [found for row, cells in pairs for found in _faults_of_row(row, cells, text=text)]


def _faults_of_row(row: int, cells: Mapping[str, Any], *, text: bool) -> Iterator[CellFault]:
    case: dict[str, Any] = {}
    for path, cell in cells.items():
        if cell is not None:
            put(case, path, as_in_case(FACTS[path], cell) if text else _plain(FACTS[path], cell))
    try:
        read_case(case, "cell" if text else "frame")
    except CaseError as error:
        for fault in error.faults:
            column = _column(fault.path)
            yield CellFault(row, column, _shown(column, cells.get(column)), fault)


def _shown(column: str, value: object) -> str:
    if column in FACTS and FACTS[column].private:
        return "…"
    return value if isinstance(value, str) else shown(value)


def _plain(fact: Fact, value: Any) -> Any:
    return value.normalize() if fact.type == "dezimal" and hasattr(value, "normalize") else value


def put(case: dict[str, Any], path: str, value: Any) -> None:
    """Set a fact of a case with one post or member by its path."""
    scope, *inner, last = path.split(".")
    if scope in LISTS:
        (part,) = case.setdefault("antrag", {}).setdefault(LISTS[scope], [{}])
    else:
        part = case.setdefault(scope, {})
    for name in inner:
        part = part.setdefault(name, {})
    part[last] = value


def _column(path: str) -> str:
    """Return the column that a path of a case with one post or member stands in.

    >>> _column("antrag.stellen[0].vzae"), _column("antrag.durchfuehrung[1]")
    ('stelle.vzae', 'antrag.durchfuehrung')
    """
    path = _ENTRY.sub(lambda match: "stelle" if match[1] == "stellen" else "mitglied", path)
    return re.sub(r"\[[0-9]+\]$", "", path)


def table_fault(code: str, message: Text, hint: Text | None = None) -> Fault:
    """Return a fault of a table whose place is given later."""
    return Fault(code, Place("<table>"), message, hint)


def no_day(form: Form) -> Fault:
    """Return the fault that a row or case does not say its day of decision."""
    message = Text("Hier steht kein Tag der Entscheidung.", "There is no day of decision here.")
    written = "01.06.2018 oder 2018-06-01" if form == "cell" else "2018-06-01"
    hint = Text(f"Schreiben Sie ihn wie {written}.", f"Write it like {written.replace('oder', 'or')}.")
    return table_fault("VIM116", message, hint)


def place_at_rows(faults: Iterable[TableFault], posts: pl.DataFrame, *, text: bool) -> list[TableFault]:
    """Place the faults of each application at the row that states it, else at its first, and sort them by rows.

    `posts` are the rows of a table that has one for each post.
    """
    rows = posts.drop_nulls(RANK)
    first = dict(rows.group_by(ROW).agg(pl.col(RANK).min()).iter_rows())
    stated: dict[tuple[str, bool], dict[int, tuple[int, str, str]]] = {}
    placed = []
    for table, fault in faults:
        if table != "frame":
            placed.append(("members" if table == "members" else "frame", fault))
            continue
        differs = fault.fault.code == _DIFFERS
        if (fault.column, differs) not in stated:
            stated[fault.column, differs] = _stated(rows, fault.column, differs, text)
        at = stated[fault.column, differs].get(fault.row, (first[fault.row], fault.value, ""))
        placed.append((table, _differing(fault, *at) if differs else replace(fault, row=at[0])))
    return sorted(placed, key=lambda one: (one[0], one[1].row))


def _stated(rows: pl.DataFrame, name: str, differs: bool, text: bool) -> dict[int, tuple[int, str, str]]:
    """Return for each application the first row that states a fact, or states it unlike the first one that does.

    With it goes what stands there, and what stands in the first one.
    """
    if CARRIED + name not in rows.columns:
        return {}
    column = pl.col(CARRIED + name)
    same = comparable(name, column, text=text).alias("same")
    cells = rows.select(ROW, RANK, same, column.alias("cell")).drop_nulls("cell").sort(ROW, RANK)
    cells = cells.with_columns(pl.col("cell").first().over(ROW).alias("other"))
    if differs:
        cells = cells.filter(pl.col("same") != pl.col("same").first().over(ROW))
    first = cells.unique(ROW, keep="first", maintain_order=True)
    private = name in FACTS and FACTS[name].private
    written = (lambda _: "…") if private else str
    return {row: (rank, written(cell), written(other)) for row, rank, _, cell, other in first.iter_rows()}


def _differing(fault: CellFault, row: int, value: str, other: str) -> CellFault:
    message = Text(
        f"Die Zeilen des Antrags nennen Verschiedenes: hier {value!r}, zuvor {other!r}.",
        f"The rows of the application differ here: {value!r}, before {other!r}.",
    )
    hint = Text(
        "Schreiben Sie in allen Zeilen des Antrags dasselbe, oder nur in einer.",
        "Write the same in all rows of the application, or in one only.",
    )
    return CellFault(row, fault.column, value, table_fault(_DIFFERS, message, hint))
