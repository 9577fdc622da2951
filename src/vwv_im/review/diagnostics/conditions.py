"""Conditions that always or never hold, rules never reached; tables with overlaps, gaps and rows never reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, TypeVar, cast

from vwv_im.lang.nodes import Condition, Row
from vwv_im.lang.truth import Verdict, contribution, verdict_of
from vwv_im.law.fassung import Fassung, Item
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.direct import Direct, Test
from vwv_im.reasoning.plan import Contradiction, Derivation, Duty, Requirement
from vwv_im.review.diagnostics.cells import Cell, Cells, TooManyCells, programs
from vwv_im.review.diagnostics.codes import found, found_under
from vwv_im.text import Fault, Text

Rule = Requirement | Contradiction | Duty | Derivation
Witness = Mapping[str, Any]


@dataclass(slots=True)
class Look:
    """What the cells showed about one rule or table under one Fassung; `count`: how many there are if too many."""

    fassung: Fassung
    item: Item[Any]
    count: int = 0

    def cells(self, program: Direct, law: Regulation, scope: str, conditions: list[Condition | None]) -> Iterable[Cell]:
        """Return the cells for some conditions; where there are too many, none, and their number is kept."""
        try:
            return Cells(program, law.readings, scope, conditions)
        except TooManyCells as many:
            self.count = many.count
            return ()


@dataclass(slots=True)
class RuleLook(Look):
    """How a rule can turn out: whether it can apply, and its verdicts."""

    applies: set[bool | None] = field(default_factory=set)
    verdicts: set[Verdict] = field(default_factory=set)


@dataclass(slots=True)
class TableLook(Look):
    """How the rows of a table can turn out; each finding with the case that shows it."""

    rows: tuple[Row, ...] = ()
    reached: set[int] = field(default_factory=set)
    overlaps: dict[tuple[int, int], Witness] = field(default_factory=dict)
    gap: Witness | None = None


LookT = TypeVar("LookT", bound=Look)


def _grouped(looks: Iterable[LookT], by: Callable[[LookT], Any]) -> Iterable[list[LookT]]:
    groups: dict[Any, list[LookT]] = defaultdict(list)
    for look in looks:
        groups[by(look)].append(look)
    return groups.values()


def _said(code: str, looks: Sequence[Look], message: Text, *path: str | int, name: str = "") -> Fault:
    """Return what is found at a place of an item, with the Fassungen under which it is so."""
    return found_under(code, looks[0].item.entry.place(path), message, (look.fassung for look in looks), name)


def findings_of_conditions(law: Regulation) -> Iterator[Fault]:
    """Yield the rules that are never reached and those that always or never hold, each under which Fassungen."""
    for looks in _grouped(_rule_looks(law), _wording):
        yield from _judged(looks)


def _wording(look: RuleLook) -> Any:
    entry = look.item.entry
    return entry.key, *(entry.place((key,)) for key in ("gilt_fuer", "bedingung", "wenn"))


def _rule_looks(law: Regulation) -> Iterator[RuleLook]:
    for state, program in programs(law):
        plan = program.plan
        rules: list[Rule] = [*plan.requirements, *plan.contradictions, *plan.duties]
        rules += (derivation for derivation in plan.derivations if derivation.item.model.wenn is not None)
        for rule in rules:
            yield _rule_look(law, state, program, rule)


def _rule_look(law: Regulation, state: Fassung, program: Direct, rule: Rule) -> RuleLook:
    look = RuleLook(state, rule.item)
    scope, applies, condition = _conditions(program, rule)
    applying, holding = _test(program, applies, scope), _test(program, condition, scope)
    for cell in look.cells(program, law, scope, [applies, condition]):
        is_applied, holds = applying(cell.record), holding(cell.record)
        look.applies.add(is_applied)
        if isinstance(rule, Requirement):
            look.verdicts.add(contribution(rule.art, is_applied, holds))
        elif isinstance(rule, Derivation):
            look.verdicts.add(verdict_of(holds))
    return look


def _test(program: Direct, condition: Condition | None, scope: str) -> Test:
    """Return how a condition turns out; none always holds."""
    return (lambda _: True) if condition is None else program.test(condition, scope)


def _conditions(program: Direct, rule: Rule) -> tuple[str, Condition | None, Condition | None]:
    """Return scope, applicability and condition; a contradiction applies where it is present."""
    match rule:
        case Requirement(scope=scope, applies=applies, condition=condition):
            return scope, applies, condition
        case Contradiction(scope=scope, condition=condition):
            return scope, condition, None
        case Duty(applies=applies):
            return program.plan.top, applies, None
        case Derivation(scope=scope, form=form):
            return scope, None, cast("Condition", form)


def _judged(looks: list[RuleLook]) -> Iterator[Fault]:
    if large := [look for look in looks if look.count]:
        item, count = large[0].item, max(look.count for look in large)
        message = Text(
            f"'{item.id}' ist nicht geprüft: Es gibt {count} Fälle",
            f"'{item.id}' is not examined: there are {count} cases",
        )
        yield _said("VIM040", large, message)
    whole = [look for look in looks if not look.count]
    reached = [look for look in whole if look.applies != {False}]
    yield from _told("VIM033", [look for look in whole if look.applies == {False}], "gilt_fuer")
    yield from _told("VIM035", [look for look in reached if look.verdicts == {_extreme(look, Verdict.YES, "kann")}])
    yield from _told("VIM036", [look for look in reached if look.verdicts == {_extreme(look, Verdict.NO, "soll")}])


def _extreme(look: RuleLook, verdict: Verdict, softened: str) -> Verdict:
    return Verdict.DISCRETION if getattr(look.item.model, "art", "") == softened else verdict


_SAYS = {
    "VIM033": Text("wird nie erreicht", "is never reached"),
    "VIM035": Text("ist immer erfüllt", "always holds"),
    "VIM036": Text("kann nie erfüllt sein", "can never hold"),
}


def _told(code: str, looks: list[RuleLook], key: str = "bedingung") -> Iterator[Fault]:
    if looks:
        item, says = looks[0].item, _SAYS[code]
        path = next(((one,) for one in (key, "wenn") if getattr(item.model, one, None) is not None), ())
        yield _said(code, looks, Text(f"'{item.id}' {says.de}", f"'{item.id}' {says.en}"), *path)


def findings_of_tables(law: Regulation) -> Iterator[Fault]:
    """Yield everything that is wrong with the decision tables, judged over all Fassungen."""
    looks = list(_table_looks(law))
    for wording in _grouped(looks, lambda look: look.item.entry.place(("faelle",))):
        yield from _too_large([look for look in wording if look.count])
        whole = [look for look in wording if not look.count]
        if whole:
            yield from _overlaps(whole)
            yield from _gaps(whole)
            yield from _unreached(whole)
    for table in _grouped(looks, lambda look: look.item.id):
        if not any(look.count for look in table):
            yield from _needless(table)


def _table_looks(law: Regulation) -> Iterator[TableLook]:
    seen: set[tuple[Any, ...]] = set()
    for state, program in programs(law):
        for derivation in program.plan.derivations:
            key = (state.id, state.erlasse, derivation.fact)
            if isinstance(derivation.form, tuple) and key not in seen:
                seen.add(key)
                yield _table_look(law, state, program, derivation, derivation.form)


def _table_look(
    law: Regulation, state: Fassung, program: Direct, derivation: Derivation, rows: tuple[Row, ...]
) -> TableLook:
    look = TableLook(state, derivation.item, rows=rows)
    tests = [_test(program, row.condition, derivation.scope) for row in rows]
    cells = look.cells(program, law, derivation.scope, [row.condition for row in rows])
    for cell in cells:
        _note(look, cell, [test(cell.record) for test in tests])
    if isinstance(cells, Cells):
        for (one, other), case in look.overlaps.items():
            look.overlaps[one, other] = cells.fewest(case, _both(tests[one], tests[other]))
        if look.gap is not None:
            look.gap = cells.fewest(look.gap, lambda record: all(test(record) is False for test in tests))
    return look


def _both(one: Test, other: Test) -> Test:
    return lambda record: one(record) and other(record)


def _note(look: TableLook, cell: Cell, truths: list[bool | None]) -> None:
    first = next((index for index, truth in enumerate(truths) if truth is not False), None)
    if first is None:
        look.gap = look.gap or cell.stated
    elif truths[first]:
        look.reached.add(first)
    holding = [i for i, truth in enumerate(truths) if truth and look.rows[i].condition is not None]
    for one, other in combinations(holding, 2):
        if look.rows[one].value != look.rows[other].value:
            look.overlaps.setdefault((one, other), cell.stated)


def _too_large(large: list[TableLook]) -> Iterator[Fault]:
    if large:
        count = max(look.count for look in large)
        message = Text(
            f"Die Tabelle ist nicht geprüft: Sie hat {count} Fälle", f"the table is not examined: it has {count} cases"
        )
        yield _said("VIM040", large, message, "faelle", name=large[0].item.id)


def _overlaps(wording: list[TableLook]) -> Iterator[Fault]:
    pairs = sorted({pair for look in wording for pair in look.overlaps if look.item.model.treffer == "einzige"})
    for one, other in pairs:
        showing = [look for look in wording if (one, other) in look.overlaps]
        case = example(showing[0].overlaps[one, other])
        message = Text(
            f"Die Zeilen {one + 1} und {other + 1} passen zugleich, etwa bei {case}",
            f"rows {one + 1} and {other + 1} hold at once, for example where {case}",
        )
        yield _said("VIM037", showing, message, "faelle", other, name=showing[0].item.id)


def _gaps(wording: list[TableLook]) -> Iterator[Fault]:
    if showing := [look for look in wording if look.gap is not None and look.item.model.luecke is None]:
        case = example(showing[0].gap or {})
        message = Text(f"Keine Zeile passt bei {case}", f"no row holds where {case}")
        yield _said("VIM038", showing, message, "faelle", name=showing[0].item.id)


def _unreached(wording: list[TableLook]) -> Iterator[Fault]:
    reached = set().union(*(look.reached for look in wording))
    for index in sorted(set(range(len(wording[0].rows))) - reached):
        message = Text(f"Die Zeile {index + 1} wird nie erreicht", f"row {index + 1} is never reached")
        yield _said("VIM034", wording, message, "faelle", index, name=wording[0].item.id)


def _needless(table: list[TableLook]) -> Iterator[Fault]:
    firsts = [look for look in table if look.item.model.treffer == "erste"]
    if firsts and not any(look.overlaps for look in firsts):
        message = Text(
            "'treffer: erste', aber keine zwei Zeilen passen zugleich.",
            "'treffer: erste', but no two rows hold at once.",
        )
        yield found("VIM039", firsts[0].item.entry.place(("treffer",)), message, firsts[0].item.id)
    gapped = [look for look in table if look.item.model.luecke is not None]
    if gapped and all(look.gap is None for look in gapped):
        message = Text("'luecke', aber immer passt eine Zeile.", "'luecke', but some row always holds.")
        yield found("VIM039", gapped[0].item.entry.place(("luecke",)), message, gapped[0].item.id)


def example(case: Witness) -> str:
    """Write the facts of a case as a rule file does."""
    return ", ".join(f"{fact}: {_word(value)}" for fact, value in case.items()) or "…"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_word, value))}]"
    return value.isoformat() if isinstance(value, date) else str(value)
