"""Whether the rows of each application follow one another, in a file of any length."""

from __future__ import annotations

from array import array
from collections import Counter
from pathlib import Path

import polars as pl

_PARTS = 64


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
