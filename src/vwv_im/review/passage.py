"""A passage of reading text: a line, the lines below it, and rows of a table where it is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from vwv_im.text.json_object import JsonObject


class Line(NamedTuple):
    """One line of a passage, and how deep it stands below the first."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Row(JsonObject, schema="RowDocument", keys="label when joint then"):
    """A row of a decision table: when it counts (`None`: always), and what then holds.

    `label` and `joint` are the words before each side: "wenn" and "dann", or "sonst", or "stets".
    """

    when: Passage | None
    then: Passage
    label: str
    joint: str = ""

    def lines(self, depth: int) -> Iterator[Line]:
        """Yield the row as text: "wenn …, dann: …", on more lines where a side is longer than one."""
        if self.when is None:
            yield from self.then.after(f"{self.label}:").lines(depth)
        elif self.when.plain:
            yield from self.then.after(f"{self.label} {self.when.text}, {self.joint}:").lines(depth)
        else:
            yield from self.when.after(self.label).lines(depth)
            yield from self.then.after(f"{self.joint}:").lines(depth + 1)


@dataclass(frozen=True, slots=True)
class Passage(JsonObject, schema="PassageDocument", keys="text rows parts"):
    """A sentence; `parts` are what it lists, `rows` the table it introduces (read before `parts`).

    `about` is the fact that it demands something of, where it is a comparison.
    """

    text: str
    parts: tuple[Passage, ...] = ()
    rows: tuple[Row, ...] = ()
    about: str | None = None

    @property
    def plain(self) -> bool:
        """Whether it is one line."""
        return not self.parts and not self.rows

    def lines(self, depth: int = 0) -> Iterator[Line]:
        """Yield the passage line by line, a table as a list of its rows."""
        yield Line(depth, self.text)
        for row in self.rows:
            yield from row.lines(depth + 1)
        for part in self.parts:
            yield from part.lines(depth + 1)

    def after(self, lead: str) -> Passage:
        """Return the passage with words before it."""
        return replace(self, text=f"{lead} {self.text}")

    def __str__(self) -> str:
        return "\n".join("  " * line.depth + line.text for line in self.lines())
