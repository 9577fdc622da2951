"""A plan compiled to columns: from frames of stated facts to frames of outcomes, masks and derived values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Literal

import polars as pl

from vwv_im.case import FACTS
from vwv_im.case.values import MOST_MEMBERS, MOST_POSTS
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import Over
from vwv_im.lang.truth import FOLDED, SOFTENED, WEAKEST_FIRST, Art, Verdict
from vwv_im.lang.types import DAY as OF_DAYS
from vwv_im.law.types import DAY, scope_of
from vwv_im.reasoning.columns import numbers
from vwv_im.reasoning.columns.bits import UNSTATED, Bits
from vwv_im.reasoning.columns.compiling import (
    Cell,
    Column,
    Compiler,
    Test,
    as_column,
    every,
    inverted,
    settled,
    some,
    stated_cell,
)
from vwv_im.reasoning.columns.flow import TOP, Flow, Frames, Home, joined
from vwv_im.reasoning.columns.numbers import Number
from vwv_im.reasoning.columns.tracing import Asking, Tracer
from vwv_im.reasoning.columns.words import Words
from vwv_im.reasoning.plan import Derivation, Duty, Plan, Requirement

MASK = pl.UInt64
REASONS = (*(verdict.value for verdict in Verdict), "not_applicable")
MASKS = (*(f"reasons_{verdict}" for verdict in REASONS), "missing", "contradictions", "duties")
"""The masks of a row; what their bits mean is told by `Bits`."""
VERDICT = pl.Enum([verdict.value for verdict in WEAKEST_FIRST])
STATED = "#stated"
"""Whether a row of posts or members is one that the case states, not one that stands for an unknown list."""
MEMBERS = "#members"
"""Whether the members of an application are stated; only where they have a frame of their own."""
POST_MASKS = tuple(mask for mask in MASKS if mask != "duties")
"""The masks of a single post."""
BESIDE: Mapping[str, tuple[Art, tuple[str, ...]]] = {
    "options": ("kann", ("discretion", "open")),
    "hints": ("hinweis", ("yes", "open")),
}
"""What stands beside the requirements: the kind of rule, and the masks of those that come into question."""
_NO_BIT = pl.lit(0, pl.UInt8)
MOST = {"stelle": MOST_POSTS, "mitglied": MOST_MEMBERS}
"""How many posts and members an application may state."""
_TOTALS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {"summe": pl.Expr.sum, "groesster": pl.Expr.max}


@dataclass(frozen=True)
class Shape:
    """Where posts and members are stated: in frames of their own, the one post in the row itself, or not at all.

    `columns` names the facts that have a column, in whichever frame.
    """

    columns: frozenset[str]
    posts: Literal["none", "row", "frame"] = "none"
    members: Literal["none", "frame"] = "none"

    def home(self, scope: str) -> Home:
        """Return the frame that holds what is said of a scope."""
        framed = {"stelle": self.posts, "mitglied": self.members}.get(scope) == "frame"
        return scope if framed else TOP

    def unstated(self, scope: str) -> bool:
        """Whether no row states any post, or any member."""
        return {"stelle": self.posts, "mitglied": self.members}.get(scope) == "none"


class Columns:
    """A plan compiled for frames of one shape, under readings that are followed in every row."""

    def __init__(
        self, plan: Plan, bits: Bits, shape: Shape, readings: Mapping[str, str], wanted: Collection[str]
    ) -> None:
        if not any(requirement.art in FOLDED for requirement in plan.requirements):
            raise ValueError("a question without requirements has no verdict")
        self.plan, self.bits, self.shape = plan, bits, shape
        self.words = Words(plan, readings.values())
        self.homes = tuple(dict.fromkeys(shape.home(scope) for scope in plan.scopes))
        self.flow = Flow({home: self._given(home) for home in self.homes})
        self.compiler = Compiler(plan.types, self.words, readings, self._total, self.flow.keep)
        self._masks: dict[tuple[Home, str], list[tuple[int, Test]]] = defaultdict(list)
        self._examined: dict[Home, int] = defaultdict(int)
        self._numbered = 0
        self._read_stated()
        self._derive(wanted)
        self._judge()
        self._fold()

    def run(self, frames: Frames) -> Frames:
        """Compute every result; a frame keeps the columns it came with."""
        return self.flow.run(dict(frames))

    def derived(self, fact: str, places: int, values: Collection[str]) -> pl.Expr:
        """Return a derived fact as it is handed out: exact decimals with `places`, words as an enumeration."""
        kind, cell = self.plan.types.get(fact), self.compiler.cells.get(fact)
        if kind is None or cell is None:
            return pl.lit(None)
        if isinstance(cell, Number):
            return cell.whole() if kind.kind == "ganzzahl" else cell.decimal(places)
        return self.words.spelled(cell.expr, tuple(values)) if kind.kind == "auswahl" else cell.expr

    def places(self, fact: str) -> int:
        """Return how many decimals a derived fact may have."""
        cell = self.compiler.cells.get(fact)
        return cell.places if isinstance(cell, Number) else 0

    def _given(self, home: Home) -> Iterable[str]:
        yield from (path for path in self.shape.columns if self.shape.home(scope_of(path)) == home)
        yield from [DAY, MEMBERS] if home == TOP else [STATED]

    def _read_stated(self) -> None:
        cells = self.compiler.cells
        cells[DAY] = Column(pl.col(DAY))
        for path in FACTS:
            if path in self.shape.columns and path not in self.plan.producers:
                cells[path] = stated_cell(path)

    def _derive(self, wanted: Collection[str]) -> None:
        needed = self._needed(wanted)
        for derivation in self.plan.derivations:
            if derivation.fact in needed:
                cell = self.compiler.form(derivation.form, self.plan.types[derivation.fact])
                self.compiler.cells[derivation.fact] = self._kept(derivation, cell)

    def _needed(self, wanted: Collection[str]) -> set[str]:
        plan = self.plan
        needed = {*wanted, *facts_of(*plan.judged())}
        for derivation in reversed(plan.derivations):
            if derivation.fact in needed:
                needed.update(facts_of(derivation.form))
        return needed

    def _kept(self, derivation: Derivation, cell: Cell) -> Cell:
        """Keep a derived value as a column."""
        if cell is None or (isinstance(cell, Number) and cell.fixed is not None):
            return cell
        assert not isinstance(cell, Number) or cell.divisor is None, "a quotient is rounded before it is a fact"
        return cell.at(self.flow.compute(self.shape.home(derivation.scope), derivation.fact, cell.expr))

    def _named(self, kind: str) -> str:
        self._numbered += 1
        return f"#{kind}{self._numbered}"

    def _total(self, over: Over, cell: Cell) -> Cell:
        """Return the sum or the largest over all posts or members; unknown if one is, or if they are not stated."""
        if over.operation not in _TOTALS:
            raise numbers.NotInColumnsError(f"{over.operation}_ueber")
        home = self.shape.home(over.scope)
        if cell is None or home == TOP:
            return None if self.shape.unstated(over.scope) else cell
        if isinstance(cell, Number) and over.operation == "summe":
            cell = numbers.totalled(cell, MOST[over.scope])
        part = self.flow.compute(home, self._named("part"), cell.expr)
        known = (part.null_count() == 0) & pl.col(STATED).all()
        combined = pl.when(known).then(_TOTALS[over.operation](part))
        return cell.at(self.flow.total(home, self._named("total"), combined))

    def _judge(self) -> None:
        tracer = Tracer(self.plan, self.compiler, self._unknown, self._passed)
        for requirement in self.plan.requirements:
            self._examine(requirement, tracer)
        for fact, missing in tracer.missing():
            self._lack(fact, missing)
        if tracer.unstated_members:
            unstated = True if self.shape.unstated("mitglied") else ~pl.col(MEMBERS)
            self._mark(TOP, "missing", every([some(tracer.unstated_members), unstated]), "facts", UNSTATED["mitglied"])
        for contradiction in self.plan.contradictions:
            home, test = self.shape.home(contradiction.scope), self.compiler.test(contradiction.condition)
            self._mark(home, "contradictions", settled(test, open_as=False), "contradictions", contradiction.id)
        for duty in self.plan.duties:
            self._mark(TOP, "duties", self._owed(duty), "duties", duty.id)

    def _examine(self, requirement: Requirement, tracer: Tracer) -> None:
        """Mark what a requirement contributes, and let it ask for what it lacks where it is open."""
        home, art = self.shape.home(requirement.scope), requirement.art
        conditions = requirement.applies, requirement.condition
        applies, holds = map(self.compiler.test, conditions)
        beside = settled(inverted(applies), open_as=False)
        met = self.compiler.kept(some([inverted(applies), holds]) if art in FOLDED else every([applies, holds]))
        unmet, open_ = settled(inverted(met), open_as=False), self.compiler.kept(_open(met))
        if art in FOLDED:
            tracer.ask(conditions, Asking(requirement.scope, open_))
        else:
            unmet = every([unmet, inverted(beside)])  # what is required is never *no* where it is beside
        for verdict, test in {"yes": settled(met, open_as=False), "no": unmet, "open": open_}.items():
            given = Verdict.DISCRETION if verdict == SOFTENED.get(art) else verdict
            if given != "yes":
                self._mark(home, f"reasons_{given}", test, "requirements", requirement.id)
        self._mark(home, "reasons_not_applicable", beside, "requirements", requirement.id)
        self._examined[home] |= self.bits.bit("requirements", requirement.id)

    def _owed(self, duty: Duty) -> Test:
        """Return whether a duty exists or may exist: one that is yearly, if there is a year to report on."""
        applies = settled(self.compiler.test(duty.applies), open_as=True)
        yearly = None if duty.item.model.faellig is None else duty.item.model.faellig.jaehrlich
        until = None if yearly is None or duty.day is None else self.compiler.expression(duty.day, OF_DAYS)
        if yearly is None or until is None:
            return applies
        return every([applies, (until.expr.dt.year() >= yearly.erstes_berichtsjahr).fill_null(True)])

    def _mark(self, home: Home, mask: str, test: Test, kind: str, name: str) -> None:
        if test is not False:
            self._masks[home, mask].append((self.bits.place(kind, name), test))

    def _lack(self, fact: str, missing: Test) -> None:
        scope = scope_of(fact)
        home = self.shape.home(scope)
        stated: Test = pl.col(STATED) if home != TOP else not self.shape.unstated(scope)
        if fact in FACTS:
            self._mark(home, "missing", every([missing, stated]), "facts", fact)
        if scope in UNSTATED:
            self._mark(home, "missing", every([missing, inverted(stated)]), "facts", UNSTATED[scope])

    def _unknown(self, fact: str) -> Test:
        cell = self.compiler.cells.get(fact)
        return True if cell is None else cell.expr.is_null()

    def _passed(self, scope: str, other: str, test: Test) -> Test:
        home, target = self.shape.home(scope), self.shape.home(other)
        if home == target or not isinstance(test, pl.Expr):
            return test
        flag = self.flow.keep(test)
        return flag if home == TOP else self.flow.total(home, self._named("asked"), flag.any()).fill_null(False)

    def _fold(self) -> None:
        """Gather the masks of each frame, and in the application those of its posts and members."""
        for home in sorted(self.homes, key=lambda home: home == TOP):
            for mask in sorted(MASKS, key="reasons_yes".__eq__):  # what is met follows from the others
                parts = [self._packed(home, self._masks[home, mask])]
                if mask == "reasons_yes":
                    others = [pl.col(f"reasons_{verdict}") for verdict in REASONS if verdict != "yes"]
                    parts = [pl.lit(self._examined[home], MASK) & ~joined(or_, others)]
                if home == TOP:
                    parts += [
                        self.flow.total(inner, f"#{inner}:{mask}", pl.col(mask).bitwise_or()).fill_null(0)
                        for inner in self.homes
                        if inner != TOP
                    ]
                self.flow.compute(home, mask, joined(or_, parts))
        self.flow.compute(TOP, "verdict", self._verdict())

    def _packed(self, home: Home, tests: Iterable[tuple[int, Test]]) -> pl.Expr:
        """Return truth values as bits of a mask: first by bytes, which are eight times as quick as words."""
        by_byte: dict[int, list[pl.Expr]] = defaultdict(list)
        for place, test in tests:
            bit = pl.lit(1 << place % 8, pl.UInt8)
            by_byte[place // 8].append(bit if test is True else pl.when(as_column(test)).then(bit).otherwise(_NO_BIT))
        parts = [
            self.flow.compute(home, self._named("byte"), joined(or_, bits)).cast(MASK) * 256**byte
            for byte, bits in by_byte.items()
        ]
        return joined(or_, parts) if parts else pl.lit(0, MASK)

    def _verdict(self) -> pl.Expr:
        folded = reduce(or_, [self.bits.bit("requirements", r.id) for r in self.plan.requirements if r.art in FOLDED])
        *weaker, best = WEAKEST_FIRST
        rest: pl.Expr = pl.lit(best, VERDICT)
        for verdict in reversed(weaker):
            rest = pl.when((pl.col(f"reasons_{verdict}") & folded) != 0).then(pl.lit(verdict, VERDICT)).otherwise(rest)
        return rest


def _open(test: Test) -> Test:
    return test.is_null() if isinstance(test, pl.Expr) else test is None
