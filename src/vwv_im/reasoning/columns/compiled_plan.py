"""A plan compiled to columns: from frames of stated facts to frames of outcomes, masks and derived values."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import count
from operator import or_

import polars as pl

from vwv_im.case.vocabulary import DECISION_DAY, FIRST, LAST, NUMBER, Vocabulary, scope_of
from vwv_im.lang import DAY, FOLDED, OPTIONS, SOFTENED, WEAKEST_FIRST, Art, FactType, Form, Over, Verdict, facts_of
from vwv_im.lang.fold import nodes
from vwv_im.reasoning.columns import exact_numbers as numbers
from vwv_im.reasoning.columns.compiling import Cell, Column, Compiler, Test, as_column, every, negate, settle, some
from vwv_im.reasoning.columns.days import Days, Steps
from vwv_im.reasoning.columns.graph import Node, col, lit, when
from vwv_im.reasoning.columns.masks import KIND_OF, MaskLayout
from vwv_im.reasoning.columns.schedule import TOP, ColumnSchedule, Frames, TableName, join_tree, stated_column
from vwv_im.reasoning.columns.tracing import Asking, Tracer
from vwv_im.reasoning.plan import Duty, Plan, Requirement, SeriesDefinition

MASK = pl.UInt64
REASONS = (*(verdict.value for verdict in Verdict), "not_applicable")
MASKS = (*(f"reasons_{verdict}" for verdict in REASONS), "missing", *KIND_OF, "duties")
"""The masks of a row; `MaskLayout` says what their bits mean."""
VERDICT = pl.Enum([verdict.value for verdict in WEAKEST_FIRST])
ROW_MASKS = tuple(mask for mask in MASKS if mask != "duties")
"""The masks of an entry of a list."""
BESIDE: Mapping[str, tuple[tuple[Art, ...], tuple[str, ...]]] = {
    "options": (OPTIONS, ("yes", "discretion", "open")),
    "hints": (("hinweis",), ("yes", "open")),
}
"""What is no requirement: the kinds of rule, and the masks of those that come into question."""
_NO_BIT = lit(0, pl.UInt8)
_RESULT = "#result:"
_MOST_PERIODS = 12 * 9999
_DEEPEST = 2  # series within a series: a row's number has no room for more
_TOTALS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "summe": pl.Expr.sum,
    "kleinster": pl.Expr.min,
    "groesster": pl.Expr.max,
}


@dataclass(frozen=True)
class InputLayout:
    """Where the entries of lists are stated: in frames of their own, one of them in the row at the top, or nowhere.

    `columns` names the facts that have a column, in whichever frame; `framed` are the scopes of the lists that have a
    frame, or, of a series, whose entries are handed out; `inline` is that of the list whose entry stands at the top.
    """

    vocabulary: Vocabulary
    root: str
    columns: frozenset[str]
    framed: frozenset[str] = frozenset()
    inline: str | None = None

    @property
    def tables(self) -> tuple[TableName, ...]:
        """The frames, each after the one above it."""
        return (TOP, *(scope for scope in self.vocabulary.scopes(self.root) if scope in self.framed))

    def table(self, scope: str) -> TableName:
        """Return the frame that holds what is said of a scope: its own, which series always have, or one above it."""
        own = (one for one in self.vocabulary.above(scope) if one in self.framed or self.is_derived(one))
        return next(own, TOP)

    def above(self, table: TableName) -> TableName:
        """Return the frame above one that is not the top."""
        return self.table(self.vocabulary.parent(table) or self.root)

    def is_derived(self, table: TableName) -> bool:
        """Return whether the rows of a frame, or the entries of a scope, are made, not stated."""
        return table != TOP and self.vocabulary.entities[table].series is not None

    def is_unstated(self, scope: str) -> bool:
        """Return whether a scope is that of a list of which no row states an entry."""
        return scope not in (self.root, self.inline) and self.table(scope) != scope


class CompiledPlan:
    """A plan compiled for frames of one layout, under readings that are followed in every row."""

    plan: Plan
    masks: MaskLayout
    layout: InputLayout
    tables: tuple[TableName, ...]
    schedule: ColumnSchedule
    compiler: Compiler

    def __init__(
        self, plan: Plan, masks: MaskLayout, layout: InputLayout, readings: Mapping[str, str], wanted: Collection[str]
    ) -> None:
        if not any(requirement.art in FOLDED for requirement in plan.requirements):
            raise ValueError("a question without requirements has no verdict")
        self.plan, self.masks, self.layout = plan, masks, layout
        self._needed, scopes = _needed(plan, wanted, layout.framed)
        framed = layout.framed | {scope for scope in scopes if layout.is_derived(scope)}
        self.tables = (TOP, *(scope for scope in plan.scopes if scope in framed))
        above = {table: layout.above(table) for table in self.tables if table != TOP}
        self.schedule = ColumnSchedule({table: self._input_columns(table) for table in self.tables}, above)
        self.compiler = Compiler(plan, readings, self._total, self.schedule.materialize)
        self._marks: dict[tuple[TableName, str], list[tuple[int, Test]]] = defaultdict(list)
        self._examined: dict[TableName, int] = defaultdict(int)
        self._numbers = count(1)
        self._scope = plan.top
        self.compiler.cells[DECISION_DAY] = Column(col(DECISION_DAY))
        for path, fact in plan.vocabulary.facts.items():
            if path in layout.columns and path not in plan.producers:
                self.compiler.read_from(col(path), fact)
        self._derive()
        self._judge()
        self._fold()
        self.schedule.keep(self._handed_out(wanted))

    def run(self, frames: Frames) -> Frames:
        """Compute every result; a frame keeps the columns it came with."""
        return self.schedule.run(frames)

    def result_column(self, fact: str, places: int, values: Collection[str]) -> pl.Expr:
        """Return a derived fact as it is handed out: exact decimals with `places`, words as an enumeration."""
        kind, cell, column = self.plan.types.get(fact), self.compiler.cells.get(fact), pl.col(_RESULT + fact)
        if kind is None or cell is None:
            return pl.lit(None)
        if isinstance(cell, numbers.Number):
            return column if kind.kind == "ganzzahl" else cell.as_decimal(column, places)
        return self.compiler.codes.decode(column, tuple(values)) if kind.kind == "auswahl" else column

    def _handed_out(self, wanted: Collection[str]) -> Iterator[tuple[TableName, str]]:
        """Yield the columns that are handed out, each with its frame."""
        yield from ((TOP, name) for name in ("verdict", "#duties"))
        yield from ((table, mask) for table in self.layout.tables for mask in (MASKS if table == TOP else ROW_MASKS))
        yield from ((table, stated_column(table)) for table in self.layout.tables[1:])
        for fact in wanted:
            if (cell := self.compiler.cells.get(fact)) is not None:
                table, column = self.layout.table(scope_of(fact)), cell.expr
                if isinstance(cell, numbers.Number) and self.plan.types[fact].kind == "ganzzahl":
                    if cell.unit.denominator > 1:
                        raise numbers.NotInColumnsError(f"{fact}, a whole number that may have decimals")
                    column = cell.whole()
                self.schedule.compute(table, _RESULT + fact, column)
                yield table, _RESULT + fact

    def _input_columns(self, table: TableName) -> Iterable[str]:
        if table == TOP or not self.layout.is_derived(table):
            yield from (path for path in self.layout.columns if self.layout.table(scope_of(path)) == table)
            yield DECISION_DAY if table == TOP else stated_column(table)

    def _derive(self) -> None:
        for derivations, series in self.plan.stages:
            for derivation in derivations:
                if derivation.fact in self._needed:
                    self._scope = derivation.scope
                    cell = self.compiler.form(derivation.form, self.plan.types[derivation.fact])
                    if cell is not None and not (isinstance(cell, numbers.Number) and cell.fixed is not None):
                        divided = isinstance(cell, numbers.Number) and cell.divisor is not None
                        assert not divided, "a quotient is rounded before it is a fact"
                        table = self.layout.table(derivation.scope)
                        cell = cell.at(self.schedule.compute(table, derivation.fact, cell.expr))
                    self.compiler.cells[derivation.fact] = cell
            for one in series:
                if one.scope in self.tables:
                    self._make(one)

    def _make(self, one: SeriesDefinition) -> None:
        """Make the entries of a series, with their days and numbers."""
        if sum(map(self.layout.is_derived, self.plan.vocabulary.above(one.scope))) > _DEEPEST:
            raise numbers.NotInColumnsError(f"{one.scope}, a series within two others")
        if one.days[2:] or one.step == "ganz":
            raise numbers.NotInColumnsError(f"{one.scope}, a series that is cut at days")
        path, cells = f"{one.scope}.{{}}".format, self.compiler.cells
        self._scope = self.plan.vocabulary.parent(one.scope) or one.scope
        ends = [self.compiler.expression(day, DAY) for day in one.days]
        days = Days(self.schedule.materialize)
        counted = [days.as_number(cell.expr, DAY) for cell in ends if cell is not None]
        if len(counted) < len(ends):
            self.schedule.make(one.scope, path(NUMBER), lit(None, pl.Int64))
            return
        first, last = map(self.schedule.materialize, counted)
        steps = Steps(days, first, last, one.step)
        number = self.schedule.make(one.scope, path(NUMBER), self.schedule.materialize(steps.count()))
        cells[path(NUMBER)] = numbers.stated_number(number, _MOST_PERIODS, 0, whole=True)
        for name, day in ((FIRST, steps.begin), (LAST, steps.end)):
            column = day(number.cast(pl.Int32)).cast(pl.Int32).cast(pl.Date)
            cells[path(name)] = Column(self.schedule.compute(one.scope, path(name), column))

    def _total(self, over: Over, here: FactType) -> Cell:
        """Return the sum or the largest over the entries of a list; unknown if one is, or if they are not stated."""
        if over.operation not in _TOTALS:
            raise numbers.NotInColumnsError(f"{over.operation}_ueber")
        within = self.plan.vocabulary.above(self._scope)
        if over.where is not None or over.empty is not None or self.plan.vocabulary.parent(over.scope) not in within:
            raise numbers.NotInColumnsError(f"{over.operation}_ueber {over.scope} of some entries, or below a list")
        vocabulary, table, seen = self.plan.vocabulary, self.layout.table(over.scope), self.layout.table(self._scope)
        holder = vocabulary.parent(over.scope) or over.scope
        if table != over.scope:
            return None if self.layout.is_unstated(over.scope) else self.compiler.expression(over.value, here)
        between = set(vocabulary.above(self._scope)) - set(vocabulary.above(over.scope))
        if self.layout.table(holder) != seen and between.intersection(map(scope_of, facts_of(over.value))):
            table = self.schedule.around = self.schedule.pair(seen, table, self.layout.table(holder))
        cell = self.compiler.expression(over.value, here)
        self.schedule.around = None
        if cell is None:
            return None
        if isinstance(cell, numbers.Number):
            if cell.divisor is not None:
                raise numbers.NotInColumnsError(f"{over.operation}_ueber {over.scope} of a quotient")
            entity = vocabulary.entities[over.scope]
            most = entity.most if entity.series is None else _MOST_PERIODS
            cell = numbers.widen_for_sum(cell, most) if over.operation == "summe" else cell
        name = f"#part{next(self._numbers)}"
        self.schedule.compute(table, name, cell.expr)
        part = pl.col(name)
        known = (part.null_count() == 0) & pl.col(stated_column(over.scope)).all()
        combined = pl.when(known).then(_TOTALS[over.operation](part))
        return cell.at(self.schedule.total(table, f"#total{next(self._numbers)}", combined))

    def _judge(self) -> None:
        self._scope = self.plan.top
        tracer = Tracer(self.plan, self.compiler, self._is_unknown, self._is_listed, self._carry)
        for requirement in self.plan.requirements:
            self._examine(requirement, tracer)
        for fact, missing in tracer.missing():
            scope = scope_of(fact)
            if fact in self.plan.vocabulary.facts:
                wanted = every([missing, self._is_stated(scope)])
                self._mark(self.layout.table(scope), "missing", wanted, "facts", fact)
            self._mark_unstated_list(scope, missing)
        for scope, wanted in tracer.lists():
            self._mark_unstated_list(scope, wanted)
        for mask, kind in KIND_OF.items():
            for named in self.plan.of_kind(kind):
                table, test = self.layout.table(named.scope), self.compiler.test(named.condition)
                self._mark(table, mask, settle(test, open_as=False), mask, named.id)
        for duty in self.plan.duties:
            self._mark(TOP, "duties", self._duty_test(duty), "duties", duty.id)

    def _examine(self, requirement: Requirement, tracer: Tracer) -> None:
        """Mark what a requirement contributes, and let it ask for what it lacks where it is open."""
        table, art = self.layout.table(requirement.scope), requirement.art
        conditions = requirement.applies, requirement.condition
        applies, holds = map(self.compiler.test, conditions)
        exempt = settle(negate(applies), open_as=False)
        met = self.compiler.share(some([negate(applies), holds]) if art in FOLDED else every([applies, holds]))
        unmet = settle(negate(met), open_as=False)
        open_ = self.compiler.share(_is_open(met))
        if art in FOLDED:
            unsure = self.compiler.share(every([open_, _is_open(applies)]))
            tracer.ask(requirement.applies, Asking(requirement.scope, unsure))
            tracer.ask(requirement.condition, Asking(requirement.scope, open_))
        else:
            unmet = every([unmet, negate(exempt)])  # what is required is never *no* where it does not apply
        for verdict, test in {"yes": settle(met, open_as=False), "no": unmet, "open": open_}.items():
            given = Verdict.DISCRETION if verdict == SOFTENED.get(art) else verdict
            if given != "yes":
                self._mark(table, f"reasons_{given}", test, "requirements", requirement.id)
        self._mark(table, "reasons_not_applicable", exempt, "requirements", requirement.id)
        self._examined[table] |= self.masks.bit("requirements", requirement.id)

    def _duty_test(self, duty: Duty) -> Test:
        """Return whether a duty exists or may exist: a yearly one if any entry has a year to report on."""
        applies = settle(self.compiler.test(duty.applies), open_as=True)
        yearly = None if duty.item.model.faellig is None else duty.item.model.faellig.jaehrlich
        if yearly is None or duty.day is None:
            return applies
        scope, start, end = self.plan.top, duty.start, duty.day
        if isinstance(start, Over) and isinstance(end, Over) and start.scope == end.scope:
            scope, start, end = end.scope, start.value, end.value
        last = self.compiler.expression(end, DAY)
        first = None if start is None else self.compiler.expression(start, DAY)
        if last is None or (first is None and start is not None):
            return applies
        year, ends = yearly.erstes_berichtsjahr, last.expr.mapped("year")
        begun = True if first is None else first.expr.mapped("year") > ends
        known = [last.expr.is_known(), True if first is None else first.expr.is_known(), self._is_stated(scope)]
        none = every([*known, some([ends < year, begun]) if first is not None else ends < year])
        return every([applies, self._carry(scope, self.plan.top, negate(none))])

    def _mark(self, table: TableName, mask: str, test: Test, kind: str, name: str) -> None:
        if test is not False:
            self._marks[table, mask].append((self.masks.bit(kind, name).bit_length() - 1, test))

    def _mark_unstated_list(self, scope: str, missing: Test) -> None:
        """Mark the outermost list that is not stated where entries of a scope are missing with it."""
        vocabulary = self.plan.vocabulary
        for one in vocabulary.above(scope)[:-1]:
            if not self.layout.is_derived(one):
                unstated = negate(self._is_stated(one)), self._is_stated(vocabulary.parent(one) or one)
                wanted = every([missing, *unstated])
                self._mark(self.layout.table(scope), "missing", wanted, "facts", vocabulary.entities[one].path)

    def _is_listed(self, scope: str) -> Test:
        """Return whether the list is known to which the entry of a scope belongs."""
        if self.layout.table(scope) == scope:
            return col(stated_column(scope))
        return not self.layout.is_unstated(scope)

    def _is_stated(self, scope: str) -> Test:
        """Return whether a row is one that the case states or implies; one that is stated has rows above that are."""
        above = self.plan.vocabulary.parent(scope)
        listed = True if above is None else self._is_listed(scope)
        return every([listed, self._is_stated(above)]) if above and self.layout.is_derived(scope) else listed

    def _is_unknown(self, fact: str) -> Test:
        cell = self.compiler.cells.get(fact)
        return True if cell is None else ~cell.expr.is_known()

    def _carry(self, scope: str, other: str, test: Test) -> Test:
        """Hand a truth value on: up to a row above if it holds for any row, and from there down to each."""
        table, target = self.layout.table(scope), self.layout.table(other)
        while table not in self.schedule.chain(target) and test is not False:
            name = f"#passed{next(self._numbers)}"
            if test is not True:
                self.schedule.compute(table, f"#passing{name}", as_column(test))
            flag = pl.len() > 0 if test is True else pl.col(f"#passing{name}").any()
            test = self.schedule.total(table, name, flag).settled(open_as=False)
            table = self.schedule.above[table]
        return self.schedule.materialize(test) if table != target and isinstance(test, Node) else test

    def _fold(self) -> None:
        """Gather the masks of each frame, and in each those of the rows below."""
        told = set(self.layout.tables)
        for table in reversed(self.tables):
            inner = [one for one in told if self.schedule.above.get(one) == table]
            if inner or self._examined[table] or any(self._marks[table, mask] for mask in MASKS):
                told.add(table)
            for mask in sorted(MASKS if table in told else (), key="reasons_yes".__eq__):  # what is met follows
                parts = [self._pack(table, self._marks[table, mask])]
                if mask == "reasons_yes":
                    others = [col(f"reasons_{verdict}") for verdict in REASONS if verdict != "yes"]
                    parts = [~join_tree(or_, others) & lit(self._examined[table], MASK)]
                for one in inner:
                    total = self.schedule.total(one, f"#{one}:{mask}", pl.col(mask).bitwise_or())
                    parts.append(when(total.is_known(), total, 0))
                name = f"#{mask}" if (table, mask) == (TOP, "duties") else mask
                self.schedule.compute(table, name, join_tree(or_, parts))
        folded = reduce(or_, [self.masks.bit("requirements", r.id) for r in self.plan.requirements if r.art in FOLDED])
        *weaker, best = WEAKEST_FIRST
        verdict = lit(best, VERDICT)
        for other in reversed(weaker):
            reached = (col(f"reasons_{other}") & lit(folded, MASK)) != 0
            verdict = when(reached, lit(other, VERDICT), verdict)
        self.schedule.compute(TOP, "verdict", verdict)
        stands = every(
            [settle(self.compiler.test(one.condition), open_as=False) for one in self.plan.of_kind("bestand")]
        )
        kept = some([col("verdict") != lit(Verdict.NO.value, VERDICT), stands])
        self.schedule.compute(TOP, "duties", when(as_column(kept), col("#duties"), lit(0, MASK)))

    def _pack(self, table: TableName, tests: Iterable[tuple[int, Test]]) -> Node:
        """Return truth values as bits of a mask: first by bytes, which are eight times as quick as words."""
        by_byte: dict[int, list[Node]] = defaultdict(list)
        for place, test in tests:
            bit = lit(1 << place % 8, pl.UInt8)
            by_byte[place // 8].append(bit if test is True else when(as_column(test), bit, _NO_BIT))
        parts = [
            self.schedule.compute(table, f"#byte{next(self._numbers)}", join_tree(or_, bits)).cast(MASK)
            * lit(256**byte, MASK)
            for byte, bits in by_byte.items()
        ]
        return join_tree(or_, parts) if parts else lit(0, MASK)


def _is_open(test: Test) -> Test:
    return ~test.is_known() if isinstance(test, Node) else test is None


def _needed(plan: Plan, wanted: Collection[str], framed: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts that what is wanted and judged is derived from, and the scopes whose entries are read for it."""
    facts, scopes = set(wanted), {*framed, *map(scope_of, wanted)}

    def read(scope: str, *forms: Form | None) -> None:
        facts.update(facts_of(*forms))
        over = (node.scope for node in nodes(*forms) if isinstance(node, Over))
        scopes.update(scope for inner in (scope, *over) for scope in plan.vocabulary.above(inner))

    read(plan.top, *plan.judged())
    for scope in (*(one.scope for one in plan.requirements), *(one.scope for one in plan.named)):
        read(scope)
    for derivations, series in reversed(plan.stages):
        for one in series:
            if one.scope in scopes:
                read(plan.vocabulary.parent(one.scope) or one.scope, *one.days)
        for derivation in reversed(derivations):
            if derivation.fact in facts:
                read(derivation.scope, derivation.form)
    return frozenset(facts), frozenset(scopes)
