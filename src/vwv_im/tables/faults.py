"""What is wrong with a row of a table, in the words of the reader of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from vwv_im.case import FACTS, CaseError, Fact, read_case
from vwv_im.case.reading import shown
from vwv_im.tables.cells import spelled
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
_LISTS = {"stelle": "stellen", "mitglied": "mitglieder"}
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
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

    def placed(self, table: str, first: int = 0) -> Fault:
        """Return it as a fault of a table whose first row has the number `first`."""
        place = Place(f"{table}[{self.row + first}]")
        return Fault(self.fault.code, place, self.fault.message, self.fault.hint, self.column)


def faults_of_rows(rows: pl.DataFrame, numbers: Iterable[int], facts: Iterable[Fact], *, text: bool) -> list[CellFault]:
    """Return what is wrong with rows that are known to be faulty; `numbers` are those of the rows."""
    known = list(facts)
    if not known:
        return []
    columns = [(fact, pl.col(fact.path)) for fact in known]
    read = rows.select((spelled(fact, column) if text else column).alias(fact.path) for fact, column in columns)
    pairs = zip(numbers, rows.iter_rows(named=True), read.iter_rows(named=True), strict=True)
    return [found for row, raw, values in pairs for found in _faults_of_row(row, raw, values, text=text)]


def _faults_of_row(row: int, raw: Mapping[str, Any], values: Mapping[str, Any], *, text: bool) -> Iterator[CellFault]:
    case: dict[str, Any] = {}
    for path, value in values.items():
        if value is not None:
            put(case, path, _typed(FACTS[path], value) if text else _plain(FACTS[path], value))
    try:
        read_case(case, "cell" if text else "frame")
    except CaseError as error:
        for fault in error.faults:
            column = _column(fault.path)
            value = "…" if column in FACTS and FACTS[column].private else _shown(raw.get(column))
            yield CellFault(row, column, value, fault)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else shown(value)


def _typed(fact: Fact, value: Any) -> Any:
    """Return what text stands for where a case has no text; what cannot be read stays text."""
    if fact.type == "wahrheitswert" and value in ("true", "false"):
        return value == "true"
    if fact.type == "ganzzahl" and value.isascii() and value.isdigit():
        return int(value)
    if fact.type == "datum" and (written := _GERMAN_DAY.fullmatch(value)):
        return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}"  # a day that the calendar lacks
    return value


def _plain(fact: Fact, value: Any) -> Any:
    return value.normalize() if fact.type == "dezimal" and hasattr(value, "normalize") else value


def put(case: dict[str, Any], path: str, value: Any) -> None:
    """Set a fact of a case with one post or member by its path."""
    scope, *inner, last = path.split(".")
    if scope in _LISTS:
        (part,) = case.setdefault("antrag", {}).setdefault(_LISTS[scope], [{}])
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


def told(code: str, message: Text, hint: Text | None = None) -> Fault:
    """Return a fault of a table whose place is given later."""
    return Fault(code, Place("<table>"), message, hint)


def no_day(form: Form) -> Fault:
    """Return the fault that a row or case does not say its day of decision."""
    message = Text("Hier steht kein Tag der Entscheidung.", "There is no day of decision here.")
    written = "01.06.2018 oder 2018-06-01" if form == "cell" else "2018-06-01"
    hint = Text(f"Schreiben Sie ihn wie {written}.", f"Write it like {written.replace('oder', 'or')}.")
    return told("VIM116", message, hint)
