"""Reading JSON Lines as a table: flat objects, whose keys are the names of columns."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import polars as pl

from vwv_im.case import FACTS
from vwv_im.tables.layout import FLAG, ON
from vwv_im.tables.reading import SURPLUS, names_of, numbered
from vwv_im.tables.stated import typed

LONGEST = 10_000_000
_NO_OBJECT = f"{FLAG}VIM183:"
_PARTS = ("antrag", "person")
_WHOLE = 1 << 53


@dataclass
class JsonSource:
    """A file of flat objects; `types` are those of the columns that state no fact and are all of one type."""

    path: Path
    columns: tuple[str, ...]
    types: Mapping[str, Any]
    total: int
    text: bool = True
    whole: bool = False
    sheet: str = ""
    separator: str = ";"
    members: pl.DataFrame | None = None
    read: int = 0

    def more_than(self, rows: int) -> bool:
        """Return whether there are more rows than `rows`."""
        return self.total > rows

    def typed(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give facts their types, and other columns those which they have in the file."""
        others = {name: dtype for name, dtype in self.types.items() if name in kept}
        return typed(rows).with_columns(
            pl.col(name) == "true" if dtype == pl.Boolean else pl.col(name).cast(dtype)
            for name, dtype in others.items()
        )

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows; their numbers are those of the lines."""
        with self.path.open("rb") as file:
            lines = numbered_lines(file)
            while together := list(islice(lines, rows)):
                self.read += len(together)
                yield self._piece(together)

    def _piece(self, lines: list[tuple[int, bytes]]) -> pl.DataFrame:
        objects = [object_of(raw) for _, raw in lines]
        cells = {name: [_text((one or {}).get(name)) for one in objects] for name in self.columns}
        lost = [
            raw.decode("utf-8", "replace") if one is None else None
            for one, (_, raw) in zip(objects, lines, strict=True)
        ]
        frame = pl.DataFrame({**cells, SURPLUS: lost}, dict.fromkeys((*self.columns, SURPLUS), pl.String))
        flagged = frame.with_columns(pl.col(SURPLUS).is_not_null().alias(_NO_OBJECT))
        return numbered(flagged, [number for number, _ in lines])


def json_source(path: Path) -> JsonSource | None:
    """Look at a file of JSON Lines; `None` where its lines are not rows of a table but cases of their own."""
    kinds: dict[str, set[type]] = {}
    rows = 0
    with path.open("rb") as file:
        for _, raw in numbered_lines(file):
            rows += 1
            for name, value in (object_of(raw) or {}).items():
                if name in _PARTS:
                    return None
                kinds.setdefault(name, set()).add(_kind(value))
    if not kinds.keys() & FACTS.keys():
        return None
    known = {name: _TYPES.get(frozenset(kind - {type(None)})) for name, kind in kinds.items()}
    others = {name: dtype for name, dtype in known.items() if dtype and name not in FACTS and name != ON}
    return JsonSource(path, names_of(str(path), list(kinds)), others, rows)


def numbered_lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers."""
    number = 0
    while raw := file.readline(LONGEST):
        number += 1
        if raw.strip():
            yield number, raw.strip()


def object_of(raw: bytes) -> dict[str, Any] | None:
    """Return the object of a line, with numbers as they are written; `None` where it holds none."""
    try:
        data = json.loads(raw, parse_float=_Decimal, parse_int=_Whole)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


class _Decimal(str):
    """A number with a fraction, as it is written."""

    __slots__ = ()


class _Whole(str):
    """A whole number, as it is written."""

    __slots__ = ()


_TYPES = {
    frozenset({bool}): pl.Boolean,
    frozenset({_Whole}): pl.Int64,
    frozenset({_Decimal}): pl.Float64,
    frozenset({_Whole, _Decimal}): pl.Float64,
}


def _kind(value: object) -> type:
    if isinstance(value, _Whole) and not -_WHOLE < int(value[:20]) < _WHOLE:
        return str
    return type(value)


def _text(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case list() if value and all(isinstance(one, str) for one in value):
            return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)
