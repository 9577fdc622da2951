"""Whole columns: the engine `columns` and OpenFisca-Core, each in a process of its own, one beside the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.aims import Aim, related
from benchmarks.participants import COLUMNS, ONE_CASE, WHOLE, Participants
from benchmarks.processes import PIECE, Child
from benchmarks.report import Cell, Table, ratio_cell
from benchmarks.rounds import PASSES, Row, ratio, run

LARGE, HUGE = 1_024_000, 10_240_000  # rows from which a sample is one pass; from which fewer rounds are made
FEW_ROUNDS = 3


@dataclass(frozen=True)
class Pairing:
    """What both do, what ours and theirs are called among the works of processes, and the limit for numbers of rows."""

    about: str
    ours: str
    theirs: str
    limits: Mapping[int, float]
    needs: tuple[str, ...]


def pairings(sizes: tuple[int, ...], mask_sizes: tuple[int, ...]) -> list[Pairing]:
    """Return what is compared, for so many rows."""
    masks = {rows: 1.0 if rows >= LARGE else 1.5 for rows in mask_sizes}
    whole = "columns, masks and all results / OpenFisca-Core, whole plan"
    verdict = "columns, masks / OpenFisca-Core, verdict only"
    return [
        Pairing(whole, "columns-shared", "openfisca-whole", dict.fromkeys(sizes, 1.0), (COLUMNS, ONE_CASE, WHOLE)),
        Pairing(verdict, "columns-masks", "openfisca", masks, (COLUMNS, ONE_CASE)),
    ]


def measured(asked: list[Pairing], present: Participants, rounds: int) -> tuple[Table, list[Aim]]:
    """Measure all pairings; return a table and the aims."""
    lines, aims = [], []
    for pairing in asked:
        why = present.why_not(*pairing.needs)
        for rows, limit in pairing.limits.items():
            about = f"{pairing.about}, {rows:,} rows"
            if why or (pair := _beside(pairing, rows, rounds)) is None:
                aims.append(Aim(about, limit, left_out=why or "the memory does not suffice"))
            else:
                aims.append(related(about, limit, *pair))
                lines.append(_line(pairing, rows, *pair))
    about = (
        f"Nanoseconds for one row, an application with one post. Each engine in a process of its own, two at a time; "
        f"from {HUGE:,} rows {FEW_ROUNDS} rounds, and both are given {PIECE:,} rows at a time. Of results, those that "
        "both have."
    )
    head = ("what", "rows", "columns, ns", "OpenFisca-Core, ns", "columns / OpenFisca-Core: median (least to most)")
    return Table("Many decisions at once", about, head, lines), aims


def _beside(pairing: Pairing, rows: int, rounds: int) -> tuple[Row, Row] | None:
    """Measure both on so many rows; nothing where one of them ends for lack of memory."""
    times = PASSES if rows < LARGE else 1
    try:
        with Child(pairing.ours, rows) as ours, Child(pairing.theirs, rows) as theirs:
            pair = _row(pairing.ours, ours, times), _row(pairing.theirs, theirs, times)
            run(pair, rounds if rows < HUGE else min(FEW_ROUNDS, rounds))
    except ChildProcessError:
        return None
    return pair


def _row(name: str, child: Child, times: int) -> Row:
    return Row(name, "s", "", lambda _: child.work(times)["seconds"])


def _line(pairing: Pairing, rows: int, ours: Row, theirs: Row) -> tuple[Any, ...]:
    cells = [Cell(list(_nanoseconds(row, rows))) for row in (ours, theirs)]
    return pairing.about, f"{rows:,}", *cells, ratio_cell(ratio(ours, theirs))


def _nanoseconds(row: Row, rows: int) -> Iterator[float]:
    return (one / rows * 1e9 for one in row.samples)
