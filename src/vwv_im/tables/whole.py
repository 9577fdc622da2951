"""Keeping the rows of one application together where a table comes in pieces."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl


def whole_applications(pieces: Iterator[pl.DataFrame], name: str) -> Iterator[pl.DataFrame]:
    """Yield rows in pieces that part no application: rows of the last one wait for the next piece.

    `name` is the column of the application's id; rows without an id belong to none.

    >>> pieces = iter([pl.DataFrame({"id": [1, 2, 2]}), pl.DataFrame({"id": [2, 3]})])
    >>> [piece["id"].to_list() for piece in whole_applications(pieces, "id")]
    [[1], [2, 2, 2], [3]]
    """
    held: pl.DataFrame | None = None
    for piece in pieces:
        rows = piece if held is None else pl.concat([held, piece], how="diagonal")
        start = _start_of_last(rows[name])
        held = rows[start:]
        if start:
            yield rows[:start]
    if held is not None and held.height:
        yield held


def _start_of_last(ids: pl.Series) -> int:
    """Return the row in which the last application begins."""
    if ids.is_empty() or ids[-1] is None:
        return len(ids)
    other = ids.ne_missing(ids[-1]).reverse().arg_true()
    return len(ids) - other[0] if len(other) else 0
