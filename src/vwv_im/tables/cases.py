"""Validated cases as frames for the engine `columns`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl

from vwv_im.case import FACTS, Case, Fact
from vwv_im.law.model import Question
from vwv_im.law.types import DAY
from vwv_im.reasoning.columns.answers import FAULTY, RANK
from vwv_im.reasoning.columns.compiling import TYPES
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames
from vwv_im.reasoning.columns.program import MEMBERS, STATED, Shape
from vwv_im.reasoning.columns.words import STATED_WORDS, bits_of

_CODES = {word: code for code, word in enumerate(STATED_WORDS)}


def frames_of(cases: Sequence[Case], days: Sequence[date], question: Question) -> tuple[Frames, Shape]:
    """Lay out cases that have the part which the question asks about, one row of applications for each."""
    rows = pl.Series(ROW, range(len(cases)), pl.UInt32)
    top = "antrag" if question == "antrag" else "person"
    parts = [getattr(case, top) for case in cases]
    columns = [rows, pl.Series(FAULTY, [False]).new_from_index(0, len(cases)), pl.Series(DAY, days, pl.Date)]
    columns += _columns(top, parts)
    if question != "antrag":
        return {TOP: pl.LazyFrame(columns)}, Shape(frozenset(column.name for column in columns[3:]))
    columns.append(pl.Series(MEMBERS, [part.mitglieder is not None for part in parts]))
    posts = _listed("stelle", [part.stellen for part in parts])
    members = _listed("mitglied", [part.mitglieder for part in parts])
    names = {name for name in (*posts.columns, *members.columns, *(c.name for c in columns)) if name in FACTS}
    frames = {TOP: pl.LazyFrame(columns), "stelle": posts.lazy(), "mitglied": members.lazy()}
    return frames, Shape(frozenset(names), "frame", "frame")


def _listed(scope: str, lists: Iterable[Sequence[Any] | None]) -> pl.DataFrame:
    """Return the posts or members of all applications; a list that is not stated is one of which nothing is known."""
    numbered = [
        (row, part) for row, parts in enumerate(lists) for part in ((None,) if parts is None else parts)
    ]  # fmt: skip
    head = [
        pl.Series(ROW, [row for row, _ in numbered], pl.UInt32),
        pl.Series(STATED, [part is not None for _, part in numbered], pl.Boolean),
        pl.Series(RANK, range(len(numbered)), pl.UInt32),
    ]
    return pl.DataFrame(head + _columns(scope, [part for _, part in numbered]))


def _columns(scope: str, parts: Sequence[Any]) -> list[pl.Series]:
    facts = [fact for fact in FACTS.values() if fact.scope == scope]
    return [pl.Series(fact.path, [_read(fact, part) for part in parts], TYPES[fact.type]) for fact in facts]


def _read(fact: Fact, part: Any) -> Any:
    """Return what a part states, as the engine holds it."""
    for name in fact.path.split(".")[1:]:
        part = None if part is None else getattr(part, name)
    return None if part is None else _held(fact, part)


def _held(fact: Fact, value: Any) -> Any:
    match fact.type:
        case "auswahl":
            return _CODES[value]
        case "auswahlliste":
            return bits_of(value, fact)
        case "dezimal":
            assert fact.limits is not None
            return int(value.scaleb(fact.limits.places))
    return value
