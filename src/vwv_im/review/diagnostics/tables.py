"""Decision tables: rows that overlap, inputs without a row, rows never reached, and declarations without cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from vwv_im.lang.nodes import Row
from vwv_im.law.fassung import Fassung, Item
from vwv_im.law.model import Ableitung
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.direct import Direct, Test
from vwv_im.reasoning.frames import Frame
from vwv_im.reasoning.plan import Derivation
from vwv_im.review.diagnostics.cells import Cell, Cells, TooManyCells, programs
from vwv_im.review.diagnostics.codes import found, under
from vwv_im.text import Fault, Place, Text
from vwv_im.text.yaml import Path_

Witness = Mapping[str, Any]


@dataclass(slots=True)
class Look:
    """What the cells showed about one table under one Fassung; each finding with the case that shows it."""

    fassung: Fassung
    item: Item[Ableitung]
    rows: tuple[Row, ...]
    reached: set[int] = field(default_factory=set)
    overlaps: dict[tuple[int, int], Witness] = field(default_factory=dict)
    gap: Witness | None = None
    count: int = 0


def findings_of_tables(law: Regulation) -> Iterator[Fault]:
    """Yield everything that is wrong with the decision tables, judged over all Fassungen."""
    looks = list(_looks(law))
    for wording in _grouped(looks, lambda look: look.item.entry.place(("faelle",))):
        yield from _too_large(wording)
        whole = [look for look in wording if not look.count]
        if whole:
            yield from _overlaps(whole)
            yield from _gaps(whole)
            yield from _unreached(whole)
    for table in _grouped(looks, lambda look: look.item.id):
        if not any(look.count for look in table):
            yield from _needless(table)


def _looks(law: Regulation) -> Iterator[Look]:
    seen: dict[tuple[Any, ...], Look] = {}
    for state, program in programs(law):
        for derivation in program.plan.derivations:
            key = (state.id, state.erlasse, derivation.fact)
            if isinstance(derivation.form, tuple) and key not in seen:
                seen[key] = _look(law, state, program, derivation, derivation.form)
                yield seen[key]


def _look(law: Regulation, state: Fassung, program: Direct, derivation: Derivation, rows: tuple[Row, ...]) -> Look:
    look = Look(state, derivation.item, rows)
    try:
        cells = Cells(program, law.readings, derivation.scope, [row.condition for row in rows])
    except TooManyCells as many:
        look.count = many.count
        return look
    tests = [_holds if row.condition is None else program.test(row.condition, derivation.scope) for row in rows]
    for cell in cells:
        _note(look, cell, [test(cell.frame) for test in tests])
    for (one, other), case in look.overlaps.items():
        look.overlaps[one, other] = cells.fewest(case, _both(tests[one], tests[other]))
    if look.gap is not None:
        look.gap = cells.fewest(look.gap, lambda frame: all(test(frame) is False for test in tests))
    return look


def _holds(_frame: Frame) -> bool:
    """Hold always, as a row without a condition does."""
    return True


def _both(one: Test, other: Test) -> Test:
    return lambda frame: one(frame) and other(frame)


def _note(look: Look, cell: Cell, truths: list[bool | None]) -> None:
    first = next((index for index, truth in enumerate(truths) if truth is not False), None)
    if first is None:
        look.gap = look.gap or cell.stated
    elif truths[first]:
        look.reached.add(first)
    holding = [i for i, truth in enumerate(truths) if truth and look.rows[i].condition is not None]
    for one, other in combinations(holding, 2):
        if look.rows[one].value != look.rows[other].value:
            look.overlaps.setdefault((one, other), cell.stated)


def _grouped(looks: list[Look], by: Callable[[Look], Any]) -> Iterator[list[Look]]:
    groups: dict[Any, list[Look]] = defaultdict(list)
    for look in looks:
        groups[by(look)].append(look)
    yield from groups.values()


def _place(look: Look, *path: str | int) -> Place:
    whole: Path_ = path
    return look.item.entry.place(whole)


def _too_large(wording: list[Look]) -> Iterator[Fault]:
    if large := [look for look in wording if look.count]:
        count = max(look.count for look in large)
        where = under(look.fassung for look in large)
        message = Text(
            f"Die Tabelle ist nicht geprüft: Sie hat {count} Fälle{where.de}.",
            f"the table is not examined: it has {count} cases{where.en}.",
        )
        yield found("VIM040", _place(large[0], "faelle"), message, large[0].item.id)


def _overlaps(wording: list[Look]) -> Iterator[Fault]:
    pairs = sorted({pair for look in wording for pair in look.overlaps if look.item.model.treffer == "einzige"})
    for one, other in pairs:
        showing = [look for look in wording if (one, other) in look.overlaps]
        case, where = example(showing[0].overlaps[one, other]), under(look.fassung for look in showing)
        message = Text(
            f"Die Zeilen {one + 1} und {other + 1} passen zugleich, etwa bei {case}{where.de}.",
            f"rows {one + 1} and {other + 1} hold at once, for example where {case}{where.en}.",
        )
        yield found("VIM037", _place(showing[0], "faelle", other), message, showing[0].item.id)


def _gaps(wording: list[Look]) -> Iterator[Fault]:
    if showing := [look for look in wording if look.gap is not None and look.item.model.luecke is None]:
        case, where = example(showing[0].gap or {}), under(look.fassung for look in showing)
        message = Text(f"Keine Zeile passt bei {case}{where.de}.", f"no row holds where {case}{where.en}.")
        yield found("VIM038", _place(showing[0], "faelle"), message, showing[0].item.id)


def _unreached(wording: list[Look]) -> Iterator[Fault]:
    reached = set().union(*(look.reached for look in wording))
    for index in sorted(set(range(len(wording[0].rows))) - reached):
        where = under(look.fassung for look in wording)
        message = Text(
            f"Die Zeile {index + 1} wird nie erreicht{where.de}.", f"row {index + 1} is never reached{where.en}."
        )
        yield found("VIM034", _place(wording[0], "faelle", index), message, wording[0].item.id)


def _needless(table: list[Look]) -> Iterator[Fault]:
    firsts = [look for look in table if look.item.model.treffer == "erste"]
    if firsts and not any(look.overlaps for look in firsts):
        message = Text(
            "'treffer: erste', aber keine zwei Zeilen passen zugleich.",
            "'treffer: erste', but no two rows hold at once.",
        )
        yield found("VIM039", _place(firsts[0], "treffer"), message, firsts[0].item.id)
    gapped = [look for look in table if look.item.model.luecke is not None]
    if gapped and all(look.gap is None for look in gapped):
        message = Text("'luecke', aber immer passt eine Zeile.", "'luecke', but some row always holds.")
        yield found("VIM039", _place(gapped[0], "luecke"), message, gapped[0].item.id)


def example(case: Witness) -> str:
    """Write the facts of a case as a rule file does."""
    return ", ".join(f"{fact}: {_word(value)}" for fact, value in case.items()) or "…"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_word, value))}]"
    return value.isoformat() if isinstance(value, date) else str(value)
