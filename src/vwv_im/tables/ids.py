"""Whether the rows of each application follow one another, in a file of any length."""

from __future__ import annotations

import tempfile
from array import array
from contextlib import ExitStack
from pathlib import Path

import polars as pl

_PARTS = 64


class Ids:
    """Remembers on disk, by their hashes, which applications have been seen, in parts that fit into memory."""

    def __init__(self, stack: ExitStack) -> None:
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self._pieces = 0

    def add(self, ids: pl.Series) -> None:
        """Add the ids of a piece; that one stands more than once within it does not matter."""
        frame = pl.DataFrame({"id": ids.drop_nulls().cast(pl.String)}).unique()
        parted = frame.with_columns(hash=pl.col("id").hash(seed=0)).with_columns(part=pl.col("hash") % _PARTS)
        for (part,), rows in parted.group_by("part"):
            with (self._folder / f"{part}").open("ab") as file:
                file.write(array("Q", rows["hash"]).tobytes())
        self._pieces += 1

    def scattered(self) -> bool:
        """Return whether an application stands in more than one piece, so that its rows do not follow one another."""
        return self._pieces > 1 and any(map(_repeats, self._folder.iterdir()))


def _repeats(path: Path) -> bool:
    hashes = array("Q", path.read_bytes())
    return len(set(hashes)) < len(hashes)
