"""Deciding frames: each row under the Fassung of its day, with its results in further columns.

Frames in memory are decided in parts: so many rows of the top at a time, and apart by what decides them. What belongs
to none of them goes with the first part, so that nothing is lost.
"""

from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from threading import Lock
from typing import Literal, NamedTuple

import polars as pl
from polars import selectors as cs

from vwv_im.case.vocabulary import DECISION_DAY, scope_of
from vwv_im.lang import Atom, Compute, Condition, Constant, Every, FactType, Operation, Over, Row, Some
from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import Read
from vwv_im.law import ApplicableFassung, Regulation
from vwv_im.reasoning.columns.compiled_plan import MASK, MASKS, ROW_MASKS, VERDICT, CompiledPlan, InputLayout
from vwv_im.reasoning.columns.masks import MaskLayout, masks_of_question
from vwv_im.reasoning.columns.schedule import RANK, ROW, TOP, Frames, TableName, collect, number_column, stated_column
from vwv_im.reasoning.plan import Plan, make_plan

AT_ONCE = 2**16
"""So many rows of the top are decided together: what is computed on the way takes no more memory in a longer frame."""
_MOST_COMPILED = 32
"""So many programs are kept for a request; with one more, the oldest is forgotten."""
_OF = "#of"
"""The number of the row at the top that a row belongs to."""


def _chunks(frames: Frames) -> Iterator[Frames]:
    """Yield so many rows of the top at a time, with what belongs to them."""
    for start in range(0, frames[TOP].height, AT_ONCE):
        theirs = pl.col(_OF).is_between(start, start + AT_ONCE - 1).fill_null(start == 0)
        part = {table: frame.filter(theirs) for table, frame in frames.items() if table != TOP}
        yield {TOP: frames[TOP].slice(start, AT_ONCE), **part}


_PLACES = 6
"""With how many decimals a number is given whose unit does not say it."""
OUTCOME = pl.Enum(["decided", "outside_scope", "contradictory", "faulty"])
FAULTY = "#faulty"
"""Whether a row of the top has faults."""
CARRIED = "#in:"
"""How the names of columns begin that a frame only carries to its results."""
CARRIED_COLUMNS = cs.starts_with(CARRIED)


class Result(NamedTuple):
    """A derived fact as it is handed out: its path, type, values of an enumeration, and decimals."""

    fact: str
    kind: FactType
    values: tuple[str, ...]
    places: int

    @property
    def dtype(self) -> pl.DataType:
        """The type of its column."""
        simple = {"ganzzahl": pl.Int64(), "datum": pl.Date(), "wahrheitswert": pl.Boolean(), "text": pl.String()}
        if self.kind.kind == "dezimal":
            return pl.Decimal(38, self.places)
        return pl.Enum(self.values) if self.kind.kind == "auswahl" else simple[self.kind.kind]


class BatchEvaluator:
    """The compiled plans of a regulation for a request, each made when a row needs it.

    `derive` holds the paths of the derived facts that are wanted, or is `None` for all that are results.
    """

    law: Regulation
    question: str
    known_on: date | None
    readings: dict[str, str]
    results: tuple[Result, ...]

    def __init__(
        self,
        law: Regulation,
        question: str,
        known_on: date | None,
        readings: tuple[tuple[str, str], ...],
        derive: tuple[str, ...] | None,
    ) -> None:
        self.law, self.question, self.known_on, self.readings = law, question, known_on, dict(readings)
        self._plans: dict[Hashable, Plan] = {}
        turns = {day for akt in law.acts for day in (akt.gilt_ab.datum, akt.gilt_ab.spaetestens)}
        self._turns = [date.min, *sorted(turns)]
        chosen = [law.choose(day, known_on, self.readings, question) for day in self._turns]
        keys = [  # the plan is the same where an Erlass says nothing of the question
            (one.status == "inside", one.basis, None if one.basis is None else self._plan(one.basis, one.erlasse))
            for one in chosen
        ]
        first = dict(zip(reversed(keys), reversed(chosen), strict=True))
        self._choices = list(first.values())
        self._numbers = [list(first).index(key) for key in keys]
        results = _results(law, question)
        self.results = tuple(result for result in results if derive is None or result.fact in derive)
        self._lock = Lock()
        self._compiled: dict[tuple[Plan, InputLayout], CompiledPlan] = {}

    @property
    def masks(self) -> MaskLayout:
        """What the bits of the masks mean."""
        return masks_of_question(self.law, self.question)

    @property
    def series(self) -> frozenset[str]:
        """The scopes of the series of whose entries something is wanted."""
        entities = self.law.vocabulary.entities
        return frozenset(scope for one in self.results if entities[scope := scope_of(one.fact)].series is not None)

    def facts_on(self, day: date) -> tuple[str, ...]:
        """Return the derived facts that are results under the Fassung of a day."""
        choice = self._choices[self._numbers[bisect_right(self._turns, day) - 1]]
        return () if choice.basis is None else self._facts(choice.basis, choice.erlasse)

    @cache  # noqa: B019 - kept as long as the programs are
    def _facts(self, basis: str, erlasse: tuple[str, ...]) -> tuple[str, ...]:
        plan = self._plan(basis, erlasse)
        return tuple(result.fact for result in self.results if result.fact in plan.producers)

    @cache  # noqa: B019 - kept as long as the programs are
    def _plan(self, basis: str, erlasse: tuple[str, ...]) -> Plan:
        plan = make_plan(self.law, self.law.fassung(basis, erlasse), self.question)
        return self._plans.setdefault(plan.logic, plan)

    def compiled_plan(self, choice: ApplicableFassung, layout: InputLayout) -> CompiledPlan:
        """Return the program for a Fassung and the layout of the frames."""
        assert choice.basis is not None
        plan = self._plan(choice.basis, choice.erlasse)
        key = plan, layout
        with self._lock:
            if (program := self._compiled.get(key)) is None:
                wanted = [one.fact for one in self.results if layout.table(scope_of(one.fact)) in layout.tables]
                program = self._compiled[key] = CompiledPlan(plan, self.masks, layout, self.readings, wanted)
            if len(self._compiled) > _MOST_COMPILED:
                del self._compiled[next(iter(self._compiled))]
            return program

    def evaluate(self, frames: Frames, layout: InputLayout) -> Frames:
        """Return the results of every row, in their order: at the top by `#row`, others by `#rank`.

        `frames` hold the stated facts as `InputLayout` says; `TOP` also `#faulty` and the day. `#row` of the top, and
        `#rank` of each other frame, count from 0.
        """
        found = {TOP: frames[TOP]}  # frames that are whole, whose rows say to which row at the top they belong
        for table in (one for one in layout.tables[1:] if one in frames):
            above, frame = found[layout.above(table)], frames[table]
            of = above[_OF].gather(frame[ROW]) if _OF in above else frame[ROW]
            found[table] = frame.with_columns(of.alias(_OF))

        def decided(rows: Frames) -> Frames:
            return _concat(list(self._by_day(rows, layout)), layout)

        if found[TOP].height <= AT_ONCE:
            return decided(found)
        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
            return _concat(list(pool.map(decided, _chunks(found))), layout)

    def _by_day(self, frames: Frames, layout: InputLayout) -> Iterator[Frames]:
        """Yield the results of the rows on whose days the same choice is made, and of what belongs to them."""
        top = frames[TOP]
        spans = pl.Series(self._turns).search_sorted(top[DECISION_DAY], side="right") - 1
        number_of = pl.Series(self._numbers, dtype=pl.Int32).gather(spans)
        numbers = number_of.unique().to_list() or [0]
        if len(numbers) == 1:
            yield self._under(self._choices[numbers[0]], frames, layout)
            return
        lost, first = numbers[0], top[ROW].min()
        of_row = {
            table: number_of if table == TOP else number_of.gather(frame[_OF] - first).fill_null(lost)
            for table, frame in frames.items()
        }
        for number in numbers:
            part = {table: frame.filter(of_row[table] == number) for table, frame in frames.items()}
            yield self._under(self._choices[number], part, layout)

    def _under(self, choice: ApplicableFassung, frames: Frames, layout: InputLayout) -> Frames:
        """Decide rows on whose day `choice` is made."""
        program = None if choice.basis is None else self.compiled_plan(choice, layout)
        ready = frames if program is None else program.run(frames)
        top = _add_outcome(ready[TOP].lazy(), choice, program)
        top = collect(top).lazy() if len(layout.tables) > 1 else top
        fassung = pl.lit(choice.basis if choice.status == "inside" else None, pl.String)
        verdict = pl.lit(None, VERDICT) if program is None else pl.col("verdict")
        head = [
            pl.col("outcome"),
            pl.when("#decided").then(verdict).alias("verdict"),
            pl.when("#sound").then(fassung).alias("fassung"),
        ]
        results = self._result_columns(program, layout, TOP)
        found, kept = {TOP: collect(top.select(ROW, CARRIED_COLUMNS, *head, *results))}, {TOP: top}
        for table in layout.tables[1:]:
            above = layout.above(table)
            gates = kept[above].select(pl.col(number_column(above)).alias(ROW), *_GATES)
            how: Literal["inner", "left"] = "inner" if layout.is_derived(table) else "left"
            numbered = pl.Int64() if layout.is_derived(above) else pl.UInt32()
            none = pl.LazyFrame(schema={RANK: pl.Int64(), ROW: numbered})  # of a series that no plan makes
            rows = ready[table].lazy().filter(stated_column(table)) if table in ready else none
            kept[table] = collect(rows.join(gates, on=ROW, how=how, maintain_order="left")).lazy()
            given = self._result_columns(program if table in ready else None, layout, table)
            found[table] = collect(kept[table].select(RANK, ROW, CARRIED_COLUMNS, *given))
        return found

    def _result_columns(self, program: CompiledPlan | None, layout: InputLayout, table: TableName) -> Iterable[pl.Expr]:
        """Yield the derived facts and masks of a frame, each where it may be given."""
        for result in self.results:
            scope = scope_of(result.fact)
            if layout.table(scope) == table and not layout.is_unstated(scope):
                how = result.fact, result.places, result.values
                value = pl.lit(None) if program is None else program.result_column(*how)
                yield pl.when("#valid").then(value.cast(result.dtype)).alias(result.fact)
        for mask in MASKS if table == TOP else ROW_MASKS:
            value = pl.lit(None, MASK) if program is None else pl.col(mask)
            if mask == "duties" and program is not None:  # what is not decided is not refused
                value = pl.when("#decided").then(value).otherwise(pl.col("#duties"))
            yield pl.when(_GATE_OF.get(mask, "#decided")).then(value).alias(mask)


_GATES = ("#sound", "#valid", "#decided")
"""Whether a row has no faults; whether it does not contradict itself either; whether it lies in the scope as well."""
_GATE_OF = {"contradictions": "#sound", "plausibility": "#valid", "duties": "#valid"}


def _concat(parts: Sequence[Frames], layout: InputLayout) -> Frames:
    """Return rows that were decided apart in their order."""
    found = {}
    for table in layout.tables:
        rows, number = pl.concat([part[table] for part in parts]), number_column(table)
        found[table] = rows if rows[number].is_sorted() else rows.sort(number)
    return found


def _add_outcome(top: pl.LazyFrame, choice: ApplicableFassung, program: CompiledPlan | None) -> pl.LazyFrame:
    """Add the outcome of each row, and what may be said of it."""
    sound, inside = ~pl.col(FAULTY), pl.lit(choice.status == "inside")
    consistent = pl.lit(True) if program is None else pl.col("contradictions") == 0
    outcome = (
        pl.when(~sound).then(pl.lit("faulty", OUTCOME))
        .when(~inside).then(pl.lit("outside_scope", OUTCOME))
        .when(~consistent).then(pl.lit("contradictory", OUTCOME))
        .otherwise(pl.lit("decided", OUTCOME))
    )  # fmt: skip
    gates = (sound, sound & consistent, sound & consistent & inside)
    named = [gate.alias(name) for gate, name in zip(gates, _GATES, strict=True)]
    return top.with_columns(*named, outcome.alias("outcome"))


@lru_cache(maxsize=16)
def _results(law: Regulation, question: str) -> tuple[Result, ...]:
    """Return the derived facts of a question that are results, in whichever Fassung."""
    found: dict[str, Result] = {}
    for fassung in (*law.fassungen, law.with_erlasse):
        plan = make_plan(law, fassung, question)
        decimals = decimals_of(plan)
        for derivation in plan.derivations:
            fact, kind = derivation.fact, plan.types[derivation.fact]
            if derivation.item.model.zwischenwert:
                continue
            unit = law.vocabulary.units.get(kind.unit or "")
            usual = _PLACES if unit is None or unit.limits is None else unit.limits.places
            known = found.get(fact, Result(fact, kind, (), usual))
            values = tuple(dict.fromkeys([*known.values, *kind.values]))
            found[fact] = Result(fact, kind, values, max(known.places, decimals[fact]))
    return tuple(sorted(found.values(), key=lambda result: result.fact))


def decimals_of(plan: Plan) -> dict[str, int]:
    """Return how many decimals each fact may have that is a number, stated or derived."""
    limits = {path: fact.limits for path, fact in plan.vocabulary.facts.items()}
    fold = _Decimals({path: one.places for path, one in limits.items() if one is not None})
    for derivation in plan.derivations:
        fold.known[derivation.fact] = fold.form(derivation.form, None)
    return fold.known


class _Decimals(Fold[None, int, None]):
    """Counts the decimals that a value may have, at most; a quotient is rounded wherever it stands."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known

    def joined(self, node: Every | Some, parts: Iterator[None], here: None) -> None: ...

    def atom(self, node: Atom, here: None) -> None: ...

    def truth(self, node: Condition, truth: None, here: None) -> int:
        return 0

    def constant(self, node: Constant, here: None) -> int:
        return _decimals(node.value) if isinstance(node.value, Decimal) else 0

    def read(self, node: Read, here: None) -> int:
        return self.known.get(node.fact, 0)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[int], here: None) -> int:
        decimals = list(operands)
        if operation.rounds:
            return _decimals(operation.run(Decimal(0)))
        return sum(decimals) if operation.takes == "numbers" else max(decimals)

    def over(self, node: Over, here: None) -> int:
        return self.expression(node.value, here)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[None, int]], here: None) -> int:
        return max(value for _, value in meant)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def derived_facts(law: Regulation, question: str) -> tuple[str, ...]:
    """Return the paths of the derived facts that a frame may have as results: those of series have no rows."""
    entities = law.vocabulary.entities
    return tuple(one.fact for one in _results(law, question) if entities[scope_of(one.fact)].series is None)


def evaluator_for(
    law: Regulation,
    question: str,
    known_on: date | None,
    readings: Mapping[str, str],
    derive: Collection[str] | None = None,
) -> BatchEvaluator:
    """Return the evaluator of a request, kept for the next frame; without `derive` for all results."""
    wanted = None if derive is None else tuple(sorted(derive))
    return _evaluator(law, question, known_on, tuple(sorted(readings.items())), wanted)


_evaluator = lru_cache(maxsize=64)(BatchEvaluator)
