"""Deciding frames: each row under the Fassung of its day, the results beside the row they belong to.

Frames in memory are decided in parts: so many applications at a time, and apart by what decides them. What belongs to
no application goes with the first part, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import polars as pl
from polars import selectors as cs

from vwv_im.lang.types import FactType
from vwv_im.law.choice import Choice
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation
from vwv_im.law.types import DAY, scope_of
from vwv_im.reasoning.columns.bits import Bits, bits_of_question
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames, Home
from vwv_im.reasoning.columns.program import MASK, MASKS, POST_MASKS, STATED, VERDICT, Columns, Shape
from vwv_im.reasoning.plan import make_plan


@dataclass(frozen=True, slots=True)
class Regime:
    """The days from `first` to before `end` (`None`: all later ones) on which the same Fassung is chosen."""

    first: date
    end: date | None
    choice: Choice

    @property
    def inside(self) -> bool:
        """Whether the days lie inside the scope."""
        return self.choice.place == "inside"

    def covers(self, day: pl.Expr) -> pl.Expr:
        """Return whether a column of days lies in it."""
        return day >= self.first if self.end is None else (day >= self.first) & (day < self.end)

    def holds(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.first <= day and (self.end is None or day < self.end)


def regimes(law: Regulation, known_on: date | None, readings: Mapping[str, str]) -> tuple[Regime, ...]:
    """Return all spans of the calendar, in order."""
    turns = {day for akt in law.acts for day in (akt.gilt_ab.datum, akt.gilt_ab.spaetestens)}
    days = [date.min, *sorted(turns), None]
    return tuple(
        Regime(first, end, law.choose(first, known_on, readings)) for first, end in pairwise(days) if first is not None
    )


def regimes_of(all_: Sequence[Regime], days: Collection[date]) -> tuple[Regime, ...]:
    """Return the spans in which some days lie."""
    return tuple(regime for regime in all_ if any(map(regime.holds, days)))


AT_ONCE = 2**18
"""So many applications are decided together: what is computed on the way takes no more memory in a longer frame."""
Parts = dict[Home, pl.DataFrame]


def in_turn(frames: Mapping[Home, pl.DataFrame]) -> Iterator[Parts]:
    """Yield so many applications at a time, with their posts and members."""
    height = frames[TOP].height
    if height <= AT_ONCE:
        yield dict(frames)
        return
    for start in range(0, height, AT_ONCE):
        theirs = pl.col(ROW).is_between(start, start + AT_ONCE - 1).fill_null(start == 0)
        part = {home: frame.filter(theirs) for home, frame in frames.items() if home != TOP}
        yield {TOP: frames[TOP].slice(start, AT_ONCE), **part}


def by_day(frames: Mapping[Home, pl.DataFrame], groups: Sequence[Sequence[Regime]]) -> Iterator[Parts]:
    """Yield for each group of spans the applications whose day lies in one, with their posts and members."""
    if len(groups) == 1:
        yield dict(frames)
        return
    top, day = frames[TOP], pl.col(DAY)
    choices = [pl.when(regime.covers(day)).then(number) for number, group in enumerate(groups) for regime in group]
    group_of = top.select(pl.coalesce(choices)).to_series()
    of_row = {
        home: group_of if home == TOP else group_of.gather(frame[ROW] - top[ROW].min()).fill_null(0)
        for home, frame in frames.items()
    }
    for number in range(len(groups)):
        yield {home: frame.filter(of_row[home] == number) for home, frame in frames.items()}


OUTCOME = pl.Enum(["decided", "outside_scope", "contradictory", "faulty"])
FAULTY, RANK = "#faulty", "#rank"
"""Whether a row of applications has faults; the place of a row of posts among all."""
CARRIED = "#in:"
"""How the names of columns begin that a frame only carries to its results."""


@dataclass(frozen=True)
class Asked:
    """What is asked of every row: the question, the knowledge of the acts, the readings, the derived facts wanted.

    `derive` holds paths of derived facts, or is `None` for all that are results.
    """

    question: Question
    known_on: date | None
    readings: tuple[tuple[str, str], ...]
    derive: tuple[str, ...] | None = None


class Result(NamedTuple):
    """A derived fact as it is handed out: its path, type, decimals, and values of an enumeration."""

    fact: str
    kind: FactType
    values: tuple[str, ...]

    @property
    def places(self) -> int:
        """How many decimals it is given with: cents, or millionths of a share."""
        return 2 if self.kind.unit == "EUR" else 6

    @property
    def dtype(self) -> pl.DataType:
        """The type of its column."""
        simple = {"ganzzahl": pl.Int64(), "datum": pl.Date(), "wahrheitswert": pl.Boolean(), "text": pl.String()}
        if self.kind.kind == "dezimal":
            return pl.Decimal(38, self.places)
        return pl.Enum(self.values) if self.kind.kind == "auswahl" else simple[self.kind.kind]


class Answers:
    """The programs of a regulation for what is asked, compiled when a row needs them."""

    def __init__(self, law: Regulation, asked: Asked) -> None:
        self.law, self.asked = law, asked
        self.readings = dict(asked.readings)
        self.regimes = regimes(law, asked.known_on, self.readings)
        self.results = tuple(result for result in _results(law, asked.question) if self._wants(result.fact))
        self._programs: dict[tuple[str, tuple[str, ...], Shape], Columns] = {}

    @property
    def bits(self) -> Bits:
        """What the bits of the masks mean."""
        return bits_of_question(self.law, self.asked.question)

    def _wants(self, fact: str) -> bool:
        return self.asked.derive is None or fact in self.asked.derive

    def facts_on(self, day: date) -> tuple[str, ...]:
        """Return the derived facts that are results under the Fassung of a day."""
        (regime,) = regimes_of(self.regimes, [day])
        return () if regime.choice.basis is None else self._facts(regime.choice.basis, regime.choice.erlasse)

    @cache  # noqa: B019 - kept as long as the programs are
    def _facts(self, basis: str, erlasse: tuple[str, ...]) -> tuple[str, ...]:
        plan = make_plan(self.law, self.law.fassung(basis, erlasse), self.asked.question)
        return tuple(result.fact for result in self.results if result.fact in plan.producers)

    def program(self, choice: Choice, shape: Shape) -> Columns:
        """Return the program for a Fassung and the shape of the frames."""
        assert choice.basis is not None
        key = (choice.basis, choice.erlasse, shape)
        if key not in self._programs:
            fassung = self.law.fassung(choice.basis, choice.erlasse)
            plan = make_plan(self.law, fassung, self.asked.question)
            wanted = [result.fact for result in self.results]
            self._programs[key] = Columns(plan, self.bits, shape, self.readings, wanted)
        return self._programs[key]

    def decided(self, frames: Mapping[Home, pl.DataFrame], shape: Shape) -> Parts:
        """Return the results of every row of frames in memory, in their order: `TOP` by `#row`, posts by `#rank`.

        `frames` hold the stated facts as `Shape` says; `TOP` also `#faulty` and the day, and `#row` counts from 0.
        """
        parts = [self._decided(part, shape) for part in in_turn(frames)]
        return {home: _ordered(home, [part[home] for part in parts]) for home in parts[0]}

    def _decided(self, frames: Parts, shape: Shape) -> Parts:
        days = frames[TOP][DAY].unique().to_list()
        alike = _merged(regimes_of(self.regimes, days) or self.regimes[:1])
        parts: list[Parts] = []
        for (choice, _), part in zip(alike, by_day(frames, [spans for _, spans in alike]), strict=True):
            found = self._under(choice, {home: frame.lazy() for home, frame in part.items()}, shape)
            parts.append({home: frame.collect(optimizations=_PLANNED) for home, frame in found.items()})
        return {home: _ordered(home, [part[home] for part in parts]) for home in parts[0]}

    def decide(self, frames: Frames, shape: Shape, days: Sequence[Regime] | None = None) -> Frames:
        """Return the results of every row of lazy frames. `days` names the spans that are prepared for; `None`: all."""
        alike = _merged(self.regimes if days is None else days)
        if len(alike) == 1:
            return self._under(alike[0][0], frames, shape)
        parts = [self._under(choice, _within(frames, spans), shape) for choice, spans in alike]
        return {home: pl.concat([part[home] for part in parts]).sort(_ORDER[home]) for home in _ORDER if home in frames}

    def _under(self, choice: Choice, frames: Frames, shape: Shape) -> Frames:
        """Decide rows on whose day `choice` is made."""
        program = None if choice.basis is None else self.program(choice, shape)
        ready = frames if program is None else program.run(frames)
        top = _gated(ready[TOP], choice, program)
        fassung = pl.lit(choice.basis if choice.place == "inside" else None, pl.String)
        verdict = pl.lit(None, VERDICT) if program is None else pl.col("verdict")
        head = [
            pl.col("outcome"),
            _where("#decided", verdict).alias("verdict"),
            _where("#sound", fassung).alias("fassung"),
        ]
        found = {TOP: top.select(ROW, _CARRIED, *head, *self._given(program, shape, TOP))}
        if "stelle" in frames:
            posts = ready["stelle"].filter(STATED)
            posts = posts.join(top.select(ROW, *_GATES), on=ROW, how="left", maintain_order="left")
            found["stelle"] = posts.select(RANK, ROW, _CARRIED, *self._given(program, shape, "stelle"))
        return found

    def _given(self, program: Columns | None, shape: Shape, home: str) -> Iterable[pl.Expr]:
        """Yield the derived facts and masks of a frame, each where it may be given."""
        for result in self.results:
            scope = scope_of(result.fact)
            if shape.home(scope) == home and not shape.unstated(scope):
                value = pl.lit(None) if program is None else program.derived(result.fact, result.places, result.values)
                yield _where("#valid", value.cast(result.dtype)).alias(result.fact)
        for mask in MASKS if home == TOP else POST_MASKS:
            value = pl.lit(None, MASK) if program is None else pl.col(mask)
            yield _where(_GATE_OF.get(mask, "#decided"), value).alias(mask)


_CARRIED = cs.starts_with(CARRIED)
_GATES = ("#sound", "#valid", "#decided")
"""Whether a row has no faults; whether it does not contradict itself either; whether it lies in the scope as well."""
_GATE_OF = {"contradictions": "#sound", "duties": "#valid"}


_ORDER = {TOP: ROW, "stelle": RANK}
_PLANNED = pl.QueryOptFlags.none()  # what is read more than once has a column: there is little that looking would find


def _ordered(home: Home, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return rows that were decided apart in their order."""
    if len(parts) == 1:
        return parts[0]
    together = pl.concat(parts)
    return together if together[_ORDER[home]].is_sorted() else together.sort(_ORDER[home])


def _where(gate: str, value: pl.Expr) -> pl.Expr:
    return pl.when(gate).then(value)


def _gated(top: pl.LazyFrame, choice: Choice, program: Columns | None) -> pl.LazyFrame:
    """Add the outcome of each row, and what may be said of it."""
    sound, inside = ~pl.col(FAULTY), pl.lit(choice.place == "inside")
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


def _merged(days: Sequence[Regime]) -> list[tuple[Choice, list[Regime]]]:
    """Gather the spans in which the same Fassung decides."""
    found: dict[tuple[object, ...], tuple[Choice, list[Regime]]] = {}
    for regime in days:
        choice = regime.choice
        key = (choice.place == "inside", choice.basis, choice.erlasse)
        found.setdefault(key, (choice, []))[1].append(regime)
    return list(found.values())


def _within(frames: Frames, spans: Sequence[Regime]) -> Frames:
    """Return the rows of applications whose day lies in some spans, and what belongs to them."""
    inside = pl.any_horizontal([regime.covers(pl.col(DAY)) for regime in spans])
    top = frames[TOP].filter(inside)
    rows = top.select(ROW)
    return {home: top if home == TOP else frame.join(rows, on=ROW, how="semi") for home, frame in frames.items()}


@lru_cache(maxsize=16)
def _results(law: Regulation, question: Question) -> tuple[Result, ...]:
    """Return the derived facts of a question that are results, in whichever Fassung."""
    found: dict[str, Result] = {}
    for plan in (make_plan(law, fassung, question) for fassung in (*law.fassungen, law.with_erlasse)):
        for derivation in plan.derivations:
            fact, kind = derivation.fact, plan.types[derivation.fact]
            if derivation.item.model.zwischenwert:
                continue
            known = found[fact].values if fact in found else ()
            found[fact] = Result(fact, kind, tuple(dict.fromkeys([*known, *kind.values])))
    return tuple(sorted(found.values(), key=lambda result: result.fact))


def derived_facts(law: Regulation, question: Question) -> tuple[str, ...]:
    """Return the paths of the derived facts that a frame may be asked for."""
    return tuple(result.fact for result in _results(law, question))


@lru_cache(maxsize=64)
def answers(law: Regulation, asked: Asked) -> Answers:
    """Return the programs for what is asked, kept for the next frame."""
    return Answers(law, asked)


def readings_key(readings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return readings in a form that can be kept by."""
    return tuple(sorted(readings.items()))


def wanted_key(derive: Collection[str] | None) -> tuple[str, ...] | None:
    """Return the derived facts wanted in a form that can be kept by."""
    return None if derive is None else tuple(sorted(derive))
