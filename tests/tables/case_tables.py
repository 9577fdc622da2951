"""Cases as tables: a row for each, and one for each entry of its lists, joined by ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from vwv_im.law.regulation import Regulation
from vwv_im.tables.cell_values import completeness_column, id_of
from vwv_im.tables.layout import names_of_lists
from vwv_im.text import to_json

Frames = dict[str, pl.DataFrame]


def tables_of(law: Regulation, root: str, cases: Iterable[Mapping[str, Any]]) -> tuple[pl.DataFrame, Frames]:
    """Return the table and those of lists in which cases state the same: whole numbers as such, the rest as text."""
    vocabulary, rows = law.vocabulary, defaultdict[str, list[dict[str, Any]]](list)

    def add(scope: str, stated: Mapping[str, Any], row: dict[str, Any]) -> None:
        row[id_of(scope)] = f"{scope}-{len(rows[scope]) + 1}"
        rows[scope].append(row)
        read(scope, stated, row, scope)

    def read(name: str, stated: Mapping[str, Any], row: dict[str, Any], scope: str) -> None:
        below = {one.key: one for one in vocabulary.entities.values() if one.within == name}
        for key, value in stated.items():
            entity = below.get(key)
            if entity is None:
                row[f"{vocabulary.entities[name].prefix}.{key}"] = value if isinstance(value, int) else to_json(value)
            elif not entity.many:
                read(entity.name, value or {}, row, scope)
            elif value is not None:
                if (column := completeness_column(vocabulary, entity)) is not None:
                    row[column] = True
                for entry in value:
                    add(entity.name, entry, {id_of(scope): row[id_of(scope)]})

    for case in cases:
        add(root, case[vocabulary.entities[root].key], {})
    frames = {scope: _frame(law, of_scope) for scope, of_scope in rows.items()}
    names = {scope: name for name, scope in names_of_lists(vocabulary, root).items()}
    return frames.pop(root), {names[scope]: frame for scope, frame in frames.items()}


def _frame(law: Regulation, rows: list[dict[str, Any]]) -> pl.DataFrame:
    facts, columns = law.vocabulary.facts, {name: None for row in rows for name in row}
    kinds = {"ganzzahl": pl.Int64, "wahrheitswert": pl.Boolean}
    found = []
    for name in columns:
        kind = kinds.get(facts[name].type, pl.String) if name in facts else None
        cells = [row.get(name) for row in rows]
        if kind == pl.String:
            cells = [None if cell is None else str(cell) for cell in cells]
        found.append(pl.Series(name, cells, kind))
    return pl.DataFrame(found)
