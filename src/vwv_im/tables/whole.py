"""Keeping the rows of one application together where a table comes in pieces."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

_PARTS = 64


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


class Ids:
    """Remembers on disk, by their hashes, which applications have been seen, in parts that fit into memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "antraege"
        self._folder.mkdir()

    def add(self, ids: pl.Series) -> None:
        """Add the ids of a piece; that one stands more than once within it does not matter."""
        frame = pl.DataFrame({"id": ids.drop_nulls().cast(pl.String)}).unique()
        parted = frame.with_columns(hash=pl.col("id").hash(seed=0)).with_columns(part=pl.col("hash") % _PARTS)
        for (part,), rows in parted.group_by("part"):
            with (self._folder / f"{part}").open("ab") as file:
                file.write(array("Q", rows["hash"]).tobytes())

    def repeated(self) -> set[int]:
        """Return the hashes of applications that stand in more than one piece: their rows do not follow one another."""
        return {found for path in self._folder.iterdir() for found in _repeated(path)}


def _repeated(path: Path) -> set[int]:
    hashes = array("Q", path.read_bytes())
    return {found for found, count in Counter(hashes).items() if count > 1} if len(set(hashes)) < len(hashes) else set()
