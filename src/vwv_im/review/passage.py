"""A passage of reading text, line by line, with the rows of a table; and what differs between two, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

from vwv_im.text import JsonObject


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


_WORD = re.compile(r"(?:[(„“”),;:]|[^\s(„“”),;:]+(?:[.,:][^\s(„“”),;:]+)*)\s*")
"""A word or a punctuation mark with the space after it; "64.000,00" is one word."""


@dataclass(frozen=True, slots=True)
class Words(JsonObject, schema="WordsDocument"):
    """Some words of a line, and whether the other side lacks them."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class MarkedLine(JsonObject, schema="MarkedLineDocument"):
    """A line of a passage, its words marked; `depth` as in `Line`."""

    depth: int
    words: tuple[Words, ...]

    @property
    def text(self) -> str:
        """The line without marks."""
        return "".join(words.text for words in self.words)


Marked = tuple[MarkedLine, ...]


def mark_differences(old: Passage | None, new: Passage | None) -> tuple[Marked, Marked]:
    """Return both passages line by line, with the words marked that the other lacks.

    >>> old, new = mark_differences(Passage("Höchstens 36 Monate"), Passage("Höchstens 60 Monate"))
    >>> for words in new[0].words:
    ...     print(words)
    Words(text='Höchstens ', changed=False)
    Words(text='60 ', changed=True)
    Words(text='Monate', changed=False)
    """
    left, right = list(old.lines()) if old else [], list(new.lines()) if new else []
    before, after = list(_tokens(left)), list(_tokens(right))
    words, other_words = ([word.strip() for word, _ in side] for side in (before, after))
    matcher = SequenceMatcher(None, words, other_words, autojunk=False)
    same_before, same_after = set[int](), set[int]()
    for block in matcher.get_matching_blocks():
        shared = range(block.a, block.a + block.size)
        if any(before[index][0][:1].isalnum() for index in shared):
            same_before.update(shared)
            same_after.update(range(block.b, block.b + block.size))
    return _lines(left, before, same_before), _lines(right, after, same_after)


def _tokens(lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Yield the words of lines, each with the number of its line; before each line an empty word."""
    for number, line in enumerate(lines):
        yield "", number
        yield from ((word, number) for word in _WORD.findall(line.text))


def _lines(lines: Sequence[Line], tokens: Sequence[tuple[str, int]], same: set[int]) -> Marked:
    words: list[list[Words]] = [[] for _ in lines]
    for index, (word, number) in enumerate(tokens):
        line, changed = words[number], index not in same
        if word and line and line[-1].changed is changed:
            line[-1] = Words(line[-1].text + word, changed)
        elif word:
            line.append(Words(word, changed))
    return tuple(MarkedLine(line.depth, tuple(found)) for line, found in zip(lines, words, strict=True))
