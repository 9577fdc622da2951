"""Conditions that always or never hold, rules never reached; tables with overlaps, gaps and rows never reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeVar, cast

from vwv_im.lang import Condition, Row, Verdict, contribution, verdict_of
from vwv_im.law import Fassung, Item, Regulation
from vwv_im.reasoning.direct import Direct, Test
from vwv_im.reasoning.plan import Derivation, Duty, Observation, Requirement
from vwv_im.review.diagnostics.cells import Cell, Cells, TooManyCells, programs
from vwv_im.review.diagnostics.findings import finding
from vwv_im.text import Fault, flow

Rule = Requirement | Observation | Duty | Derivation
Witness = Mapping[str, Any]


@dataclass(slots=True)
class Outcomes:
    """How one rule or table can turn out under one Fassung; `count`: how many cells there are if too many."""

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
class RuleOutcomes(Outcomes):
    """How a rule can turn out: whether it can apply, and its verdicts."""

    applies: set[bool | None] = field(default_factory=set)
    verdicts: set[Verdict] = field(default_factory=set)


@dataclass(slots=True)
class TableOutcomes(Outcomes):
    """How the rows of a table can turn out; each finding with the case that shows it."""

    rows: tuple[Row, ...] = ()
    reached: set[int] = field(default_factory=set)
    overlaps: dict[tuple[int, int], Witness] = field(default_factory=dict)
    gap: Witness | None = None


OutcomesT = TypeVar("OutcomesT", bound=Outcomes)


def _grouped(outcomes: Iterable[OutcomesT], by: Callable[[OutcomesT], Any]) -> Iterable[list[OutcomesT]]:
    groups: dict[Any, list[OutcomesT]] = defaultdict(list)
    for outcome in outcomes:
        groups[by(outcome)].append(outcome)
    return groups.values()


def _finding(
    code: str, outcomes: Sequence[Outcomes], name: str, /, *path: str | int, subject: str = "", **words: Any
) -> Fault:
    """Return a finding at a place of an item, with the Fassungen under which it is so."""
    place, under = outcomes[0].item.entry.place(path), (outcome.fassung for outcome in outcomes)
    return finding(code, place, name, subject, under=under, **words)


def findings_of_conditions(law: Regulation) -> Iterator[Fault]:
    """Yield the rules that are never reached and those that always or never hold, each under which Fassungen."""
    for outcomes in _grouped(_rules(law), _wording):
        name = outcomes[0].item.id
        if large := [one for one in outcomes if one.count]:
            yield _finding("VIM040", large, "rule_too_large", name=name, count=max(one.count for one in large))
        small = [one for one in outcomes if not one.count]
        reached = [one for one in small if one.applies != {False}]
        always = [one for one in reached if one.verdicts == {_extreme(one, Verdict.YES, "kann")}]
        never = [one for one in reached if one.verdicts == {_extreme(one, Verdict.NO, "soll")}]
        unreached = [one for one in small if one.applies == {False}]
        for code, found, said, key in (
            ("VIM033", unreached, "never_reached", "gilt_fuer"),
            ("VIM035", always, "always_holds", "bedingung"),
            ("VIM036", never, "never_holds", "bedingung"),
        ):
            if found:
                path = [one for one in (key, "wenn") if getattr(found[0].item.model, one, None) is not None][:1]
                yield _finding(code, found, said, *path, name=name)


def _wording(outcomes: RuleOutcomes) -> Any:
    entry = outcomes.item.entry
    return entry.key, *(entry.place((key,)) for key in ("gilt_fuer", "bedingung", "wenn"))


def _extreme(outcomes: RuleOutcomes, verdict: Verdict, softened: str) -> Verdict:
    return Verdict.DISCRETION if getattr(outcomes.item.model, "art", "") == softened else verdict


def _rules(law: Regulation) -> Iterator[RuleOutcomes]:
    for state, program in programs(law):
        plan = program.plan
        rules: list[Rule] = [*plan.requirements, *plan.observations, *plan.duties]
        rules += (derivation for derivation in plan.derivations if derivation.item.model.wenn is not None)
        for rule in rules:
            yield _rule(law, state, program, rule)


def _rule(law: Regulation, state: Fassung, program: Direct, rule: Rule) -> RuleOutcomes:
    outcomes = RuleOutcomes(state, rule.item)
    scope, applies, condition = _conditions(program, rule)
    applying, holding = program.value(applies, scope), program.value(condition, scope)
    for cell in outcomes.cells(program, law, scope, [applies, condition]):
        is_applied, holds = applying(cell.record), holding(cell.record)
        outcomes.applies.add(is_applied)
        if isinstance(rule, Requirement):
            outcomes.verdicts.add(contribution(rule.art, is_applied, holds))
        elif isinstance(rule, Derivation):
            outcomes.verdicts.add(verdict_of(holds))
    return outcomes


def _conditions(program: Direct, rule: Rule) -> tuple[str, Condition | None, Condition | None]:
    """Return scope, applicability and condition; what is told of a case applies where it is present."""
    match rule:
        case Requirement(scope=scope, applies=applies, condition=condition):
            return scope, applies, condition
        case Observation(scope=scope, condition=condition):
            return scope, condition, None
        case Duty(applies=applies):
            return program.plan.top, applies, None
        case Derivation(scope=scope, form=form):
            return scope, None, cast("Condition", form)


def findings_of_tables(law: Regulation) -> Iterator[Fault]:
    """Yield everything that is wrong with the decision tables, judged over all Fassungen."""
    tables = list(_tables(law))
    for wording in _grouped(tables, lambda table: table.item.entry.place(("faelle",))):
        name = wording[0].item.id
        if large := [table for table in wording if table.count]:
            count = max(table.count for table in large)
            yield _finding("VIM040", large, "table_too_large", "faelle", subject=name, count=count)
        if small := [table for table in wording if not table.count]:
            yield from _faulty_rows(name, small)
    for outcomes in _grouped(tables, lambda table: table.item.id):
        if not any(table.count for table in outcomes):
            yield from _needless(outcomes)


def _tables(law: Regulation) -> Iterator[TableOutcomes]:
    seen: set[tuple[Any, ...]] = set()
    for state, program in programs(law):
        for derivation in program.plan.derivations:
            key = (state.id, state.erlasse, derivation.fact)
            if derivation.scope in program.plan.vocabulary.scopes_of_own_law:
                continue  # its rows are told apart by the Fassung of its own day
            if isinstance(derivation.form, tuple) and key not in seen:
                seen.add(key)
                yield _table(law, program, derivation, TableOutcomes(state, derivation.item, rows=derivation.form))


def _table(law: Regulation, program: Direct, derivation: Derivation, table: TableOutcomes) -> TableOutcomes:
    """Fill in how the rows of a table turn out."""
    tests = [program.value(row.condition, derivation.scope) for row in table.rows]
    cells = table.cells(program, law, derivation.scope, [row.condition for row in table.rows])
    for cell in cells:
        _note(table, cell, [test(cell.record) for test in tests])
    if isinstance(cells, Cells):
        for (one, other), case in table.overlaps.items():
            table.overlaps[one, other] = cells.fewest(case, _both(tests[one], tests[other]))
        if table.gap is not None:
            table.gap = cells.fewest(table.gap, lambda record: all(test(record) is False for test in tests))
    return table


def _both(one: Test, other: Test) -> Test:
    return lambda record: one(record) and other(record)


def _note(table: TableOutcomes, cell: Cell, truths: list[bool | None]) -> None:
    first = next((index for index, truth in enumerate(truths) if truth is not False), None)
    if first is None:
        table.gap = table.gap or cell.stated
    elif truths[first]:
        table.reached.add(first)
    holding = [i for i, truth in enumerate(truths) if truth and table.rows[i].condition is not None]
    for one, other in combinations(holding, 2):
        if table.rows[one].value != table.rows[other].value:
            table.overlaps.setdefault((one, other), cell.stated)


def _faulty_rows(name: str, wording: list[TableOutcomes]) -> Iterator[Fault]:
    """Yield the rows that overlap, a gap between rows, and rows never reached, of one wording of a table."""
    for one, other in sorted({p for table in wording for p in table.overlaps if table.item.model.treffer == "einzige"}):
        showing = [table for table in wording if (one, other) in table.overlaps]
        words = {"one": one + 1, "other": other + 1, "case": example(showing[0].overlaps[one, other])}
        yield _finding("VIM037", showing, "rows_overlap", "faelle", other, subject=name, **words)
    if showing := [table for table in wording if table.gap is not None and table.item.model.luecke is None]:
        yield _finding("VIM038", showing, "no_row", "faelle", subject=name, case=example(showing[0].gap or {}))
    reached = set().union(*(table.reached for table in wording))
    for row in sorted(set(range(len(wording[0].rows))) - reached):
        yield _finding("VIM034", wording, "row_never_reached", "faelle", row, subject=name, row=row + 1)


def _needless(table: list[TableOutcomes]) -> Iterator[Fault]:
    firsts = [one for one in table if one.item.model.treffer == "erste"]
    if firsts and not any(one.overlaps for one in firsts):
        yield finding("VIM039", firsts[0].item.entry.place(("treffer",)), "needless_treffer", firsts[0].item.id)
    gapped = [one for one in table if one.item.model.luecke is not None]
    if gapped and all(one.gap is None for one in gapped):
        yield finding("VIM039", gapped[0].item.entry.place(("luecke",)), "needless_luecke", gapped[0].item.id)


def example(case: Witness) -> str:
    """Write the facts of a case as a rule file does."""
    return ", ".join(f"{fact}: {flow(value)}" for fact, value in case.items()) or "…"
