"""Deciding frames: each row under the Fassung of its day, the results beside the row they belong to.

Frames in memory are decided in parts: so many rows of the top at a time, and apart by what decides them. What belongs
to none of them goes with the first part, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import polars as pl
from polars import selectors as cs

from vwv_im.case.vocabulary import DAY, scope_of
from vwv_im.lang.types import DAY as OF_DAYS
from vwv_im.lang.types import FactType
from vwv_im.law.choice import Choice
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.bits import Bits, bits_of_question
from vwv_im.reasoning.columns.flow import (
    RANK,
    ROW,
    TOP,
    Frames,
    Home,
    Settle,
    at_once,
    once,
    own_number,
    stated,
)
from vwv_im.reasoning.columns.program import MASK, MASKS, ROW_MASKS, VERDICT, Columns, Shape
from vwv_im.reasoning.plan import Plan, make_plan


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
"""So many rows of the top are decided together: what is computed on the way takes no more memory in a longer frame."""
_OF = "#of"
"""The number of the row at the top that a row belongs to."""
Parts = dict[Home, pl.DataFrame]


def _with_top(frames: Mapping[Home, pl.DataFrame], shape: Shape) -> Parts:
    """Return frames that are whole, whose rows say to which row at the top they belong."""
    found = {TOP: frames[TOP]}
    for home in (one for one in shape.homes[1:] if one in frames):
        above, frame = found[shape.above(home)], frames[home]
        of = above[_OF].gather(frame[ROW]) if _OF in above else frame[ROW]
        found[home] = frame.with_columns(of.alias(_OF))
    return found


def in_turn(frames: Parts) -> Iterator[Parts]:
    """Yield so many rows of the top at a time, with what belongs to them."""
    height = frames[TOP].height
    if height <= AT_ONCE:
        yield frames
        return
    for start in range(0, height, AT_ONCE):
        theirs = pl.col(_OF).is_between(start, start + AT_ONCE - 1).fill_null(start == 0)
        part = {home: frame.filter(theirs) for home, frame in frames.items() if home != TOP}
        yield {TOP: frames[TOP].slice(start, AT_ONCE), **part}


def by_day(frames: Parts, groups: Sequence[Sequence[Regime]]) -> Iterator[Parts]:
    """Yield for each group of spans the rows of the top whose day lies in one, with what belongs to them."""
    if len(groups) == 1:
        yield frames
        return
    top, day = frames[TOP], pl.col(DAY)
    choices = [pl.when(regime.covers(day)).then(number) for number, group in enumerate(groups) for regime in group]
    group_of = top.select(pl.coalesce(choices)).to_series()
    of_row = {
        home: group_of if home == TOP else group_of.gather(frame[_OF] - top[ROW].min()).fill_null(0)
        for home, frame in frames.items()
    }
    for number in range(len(groups)):
        yield {home: frame.filter(of_row[home] == number) for home, frame in frames.items()}


_PLACES = 6
"""With how many decimals a number is given whose unit does not say it."""
OUTCOME = pl.Enum(["decided", "outside_scope", "contradictory", "faulty"])
FAULTY = "#faulty"
"""Whether a row of the top has faults."""
CARRIED = "#in:"
"""How the names of columns begin that a frame only carries to its results."""


@dataclass(frozen=True)
class Asked:
    """What is asked of every row: the question, the knowledge of the acts, the readings, the derived facts wanted.

    `derive` holds paths of derived facts, or is `None` for all that are results and not only worked out on demand.
    """

    question: str
    known_on: date | None
    readings: tuple[tuple[str, str], ...]
    derive: tuple[str, ...] | None = None


class Result(NamedTuple):
    """A derived fact as it is handed out: its path, type, values of an enumeration, and the decimals of its unit."""

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


class Answers:
    """The programs of a regulation for what is asked, compiled when a row needs them."""

    def __init__(self, law: Regulation, asked: Asked) -> None:
        self.law, self.asked = law, asked
        self.readings = dict(asked.readings)
        self.regimes = regimes(law, asked.known_on, self.readings)
        usual = _results(law, asked.question, demanded=False)
        self._demanded = not {one.fact for one in usual}.issuperset(asked.derive or ())
        known = _results(law, asked.question, demanded=True) if self._demanded else usual
        self.results = tuple(result for result in known if self._wants(result.fact))
        self._programs: dict[tuple[str, tuple[str, ...], Shape], Columns] = {}

    @property
    def bits(self) -> Bits:
        """What the bits of the masks mean."""
        return bits_of_question(self.law, self.asked.question)

    @property
    def series(self) -> frozenset[str]:
        """The scopes of the series of whose entries something is wanted."""
        entities = self.law.vocabulary.entities
        return frozenset(scope for one in self.results if entities[scope := scope_of(one.fact)].series is not None)

    def _wants(self, fact: str) -> bool:
        return self.asked.derive is None or fact in self.asked.derive

    def facts_on(self, day: date) -> tuple[str, ...]:
        """Return the derived facts that are results under the Fassung of a day."""
        (regime,) = regimes_of(self.regimes, [day])
        return () if regime.choice.basis is None else self._facts(regime.choice.basis, regime.choice.erlasse)

    @cache  # noqa: B019 - kept as long as the programs are
    def _facts(self, basis: str, erlasse: tuple[str, ...]) -> tuple[str, ...]:
        plan = self._plan(basis, erlasse)
        return tuple(result.fact for result in self.results if result.fact in plan.producers)

    def _plan(self, basis: str, erlasse: tuple[str, ...]) -> Plan:
        fassung = self.law.fassung(basis, erlasse)
        return make_plan(self.law, fassung, self.asked.question, demanded=self._demanded)

    def program(self, choice: Choice, shape: Shape) -> Columns:
        """Return the program for a Fassung and the shape of the frames."""
        assert choice.basis is not None
        key = (choice.basis, choice.erlasse, shape)
        if key not in self._programs:
            plan = self._plan(choice.basis, choice.erlasse)
            wanted = [one.fact for one in self.results if shape.home(scope_of(one.fact)) in shape.homes]
            self._programs[key] = Columns(plan, self.bits, shape, self.readings, wanted)
        return self._programs[key]

    def decided(self, frames: Mapping[Home, pl.DataFrame], shape: Shape) -> Parts:
        """Return the results of every row of frames in memory, in their order: at the top by `#row`, others by `#rank`.

        `frames` hold the stated facts as `Shape` says; `TOP` also `#faulty` and the day. `#row` of the top, and `#rank`
        of each other frame, count from 0.
        """
        parts = [self._decided(part, shape) for part in in_turn(_with_top(frames, shape))]
        return {home: _ordered(home, [part[home] for part in parts]) for home in shape.homes}

    def _decided(self, frames: Parts, shape: Shape) -> Parts:
        days = frames[TOP][DAY].unique().to_list()
        alike = _merged(regimes_of(self.regimes, days) or self.regimes[:1])
        parts: list[Parts] = []
        for (choice, _), part in zip(alike, by_day(frames, [spans for _, spans in alike]), strict=True):
            found = self._under(choice, {home: frame.lazy() for home, frame in part.items()}, shape, at_once)
            parts.append({home: at_once(frame).collect() for home, frame in found.items()})
        return {home: _ordered(home, [part[home] for part in parts]) for home in shape.homes}

    def decide(self, frames: Frames, shape: Shape, days: Sequence[Regime] | None = None) -> Frames:
        """Return the results of every row of lazy frames. `days` names the spans that are prepared for; `None`: all."""
        alike = _merged(self.regimes if days is None else days)
        if len(alike) == 1:
            return self._under(alike[0][0], frames, shape)
        parts = [self._under(choice, _within(frames, spans, shape), shape) for choice, spans in alike]
        return {home: pl.concat([part[home] for part in parts]).sort(own_number(home)) for home in shape.homes}

    def _under(self, choice: Choice, frames: Frames, shape: Shape, settle: Settle = once) -> Frames:
        """Decide rows on whose day `choice` is made."""
        program = None if choice.basis is None else self.program(choice, shape)
        ready = frames if program is None else program.run(frames, settle)
        top = _gated(ready[TOP], choice, program)
        top = top if len(shape.homes) == 1 else settle(top)
        fassung = pl.lit(choice.basis if choice.place == "inside" else None, pl.String)
        verdict = pl.lit(None, VERDICT) if program is None else pl.col("verdict")
        head = [
            pl.col("outcome"),
            _where("#decided", verdict).alias("verdict"),
            _where("#sound", fassung).alias("fassung"),
        ]
        found, kept = {TOP: top.select(ROW, _CARRIED, *head, *self._given(program, shape, TOP))}, {TOP: top}
        for home in shape.homes[1:]:
            above = shape.above(home)
            gates = kept[above].select(pl.col(own_number(above)).alias(ROW), *_GATES)
            how: Literal["inner", "left"] = "inner" if shape.derived(home) else "left"
            numbered = pl.Int64() if shape.derived(above) else pl.UInt32()
            none = pl.LazyFrame(schema={RANK: pl.Int64(), ROW: numbered})  # where no plan makes the entries of a series
            rows = ready[home].filter(stated(home)) if home in ready else none
            kept[home] = settle(rows.join(gates, on=ROW, how=how, maintain_order="left"))
            given = self._given(program if home in ready else None, shape, home)
            found[home] = kept[home].select(RANK, ROW, _CARRIED, *given)
        return found

    def _given(self, program: Columns | None, shape: Shape, home: Home) -> Iterable[pl.Expr]:
        """Yield the derived facts and masks of a frame, each where it may be given; of a series its days and number."""
        for fact, kind in self.law.vocabulary.entities[home].given.items() if shape.derived(home) else ():
            value = pl.lit(None) if program is None else program.derived(fact, 0, ())
            yield value.cast(pl.Date if kind == OF_DAYS else pl.Int64).alias(fact)
        for result in self.results:
            scope = scope_of(result.fact)
            if shape.home(scope) == home and not shape.unstated(scope):
                value = pl.lit(None) if program is None else program.derived(result.fact, result.places, result.values)
                yield _where("#valid", value.cast(result.dtype)).alias(result.fact)
        for mask in MASKS if home == TOP else ROW_MASKS:
            value = pl.lit(None, MASK) if program is None else pl.col(mask)
            yield _where(_GATE_OF.get(mask, "#decided"), value).alias(mask)


_CARRIED = cs.starts_with(CARRIED)
_GATES = ("#sound", "#valid", "#decided")
"""Whether a row has no faults; whether it does not contradict itself either; whether it lies in the scope as well."""
_GATE_OF = {"contradictions": "#sound", "duties": "#valid"}


def _ordered(home: Home, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return rows that were decided apart in their order."""
    if len(parts) == 1:
        return parts[0]
    together, number = pl.concat(parts), own_number(home)
    return together if together[number].is_sorted() else together.sort(number)


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


def _within(frames: Frames, spans: Sequence[Regime], shape: Shape) -> Frames:
    """Return the rows of the top whose day lies in some spans, and what belongs to them."""
    found = {TOP: frames[TOP].filter(pl.any_horizontal([regime.covers(pl.col(DAY)) for regime in spans]))}
    for home in (one for one in shape.homes[1:] if one in frames):
        above = shape.above(home)
        rows = found[above].select(pl.col(own_number(above)).alias(ROW))
        found[home] = frames[home].join(rows, on=ROW, how="semi")
    return found


@lru_cache(maxsize=16)
def _results(law: Regulation, question: str, *, demanded: bool) -> tuple[Result, ...]:
    """Return the derived facts of a question that are results, in whichever Fassung; see `make_plan`."""
    found: dict[str, Result] = {}
    for fassung in (*law.fassungen, law.with_erlasse):
        plan = make_plan(law, fassung, question, demanded=demanded)
        for derivation in plan.derivations:
            fact, kind = derivation.fact, plan.types[derivation.fact]
            if derivation.item.model.zwischenwert:
                continue
            known = found[fact].values if fact in found else ()
            unit = law.vocabulary.units.get(kind.unit or "")
            places = _PLACES if unit is None or unit.limits is None else unit.limits.places
            found[fact] = Result(fact, kind, tuple(dict.fromkeys([*known, *kind.values])), places)
    return tuple(sorted(found.values(), key=lambda result: result.fact))


def derived_facts(law: Regulation, question: str) -> tuple[str, ...]:
    """Return the paths of the derived facts that a frame may be asked for."""
    return tuple(result.fact for result in _results(law, question, demanded=True))


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
