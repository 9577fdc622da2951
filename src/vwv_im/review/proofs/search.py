"""Searching for a case with the fewest stated facts; what is found does not depend on the model found first.

First the fewest facts are found, then which (those that come later in the vocabulary are left out first), then their
values: each takes the first of its usual values that is possible, else the least.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from time import process_time
from typing import Any

import z3

from vwv_im.review.corpus import apply_changes
from vwv_im.review.proofs.symbolic_case import SymbolicCase, Variable
from vwv_im.review.proofs.terms import TRUE, Day, Finite, Labels, Number, RefusedError, Word, as_date, every, month_of
from vwv_im.text import plain

_USUAL_MONTHS = (1, 7, 4, 10)


class UnsettledError(Exception):
    """The time for a proof is over, or the solver gave up."""


class Budget:
    """The computing time that one proof may take, whatever else the machine does."""

    def __init__(self, seconds: float) -> None:
        self._end = process_time() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left; raises `UnsettledError` where none are."""
        left = self._end - process_time()
        if left <= 0:
            raise UnsettledError
        return left


class Reader:
    """Reads a case off a model."""

    case: SymbolicCase
    model: Any

    def __init__(self, case: SymbolicCase, model: z3.ModelRef) -> None:
        self.case, self.model = case, model
        self._words = {code: text for text, code in case.words.items()}

    def holds(self, condition: z3.BoolRef) -> bool:
        """Whether a condition holds in the model."""
        return bool(z3.is_true(self.model.eval(condition, model_completion=True)))

    def whole(self, term: z3.ArithRef) -> int:
        """Return the number that a term is in the model."""
        number: int = self.model.eval(term, model_completion=True).as_long()
        return number

    def day(self, day: Day) -> date:
        """Return the day that a term is in the model."""
        return as_date(self.whole(day.month), self.whole(day.day))

    def value(self, value: Any) -> Any:
        """Return a value as a case states it: numbers exact, as text where they are no whole number."""
        match value:
            case Finite(options=options):
                return next(option for option, when in options if self.holds(when))
            case Labels(options=options):
                return [label for label, when in options if self.holds(when)]
            case Day():
                return self.day(value).isoformat()
            case Word(code=code):
                number = self.whole(code)
                return self._words.get(number, chr(ord("A") + number))
            case Number(term=term, scale=scale):
                exact = Decimal(self.whole(term)) / scale
                return plain(exact) if exact % 1 else int(exact)
        raise AssertionError(value)

    def data(self) -> dict[str, Any]:
        """Return the case."""
        return apply_changes({}, dict(self._stated()))

    def _stated(self) -> Iterator[tuple[str, Any]]:
        """Yield what is stated by its path: lists and their entries, then facts.

        Raises `RefusedError` for a text of a pattern that no rule names.
        """
        case = self.case
        for scope, holder in case.said:
            there = [place for place in case.places(scope, holder) if self.holds(case.there[place])]
            yield from ((case.path(scope, place), {}) for place in there)
            if not there and self.holds(case.said[scope, holder]):
                yield case.path(scope, holder), []
        for variable in case.variables.values():
            if self.holds(variable.stated):
                fact, value = variable.fact, self.value(variable.value)
                if fact.spelling is not None and not re.fullmatch(fact.spelling.pattern, value):
                    raise RefusedError(f"{fact.path}: Text nach Muster")
                yield case.path(fact.path, variable.place), value


@dataclass(frozen=True)
class FoundCase:
    """A case that the solver found: its facts, the day, the readings it needs, and what reads its model."""

    data: dict[str, Any]
    on: date
    readings: dict[str, str]
    facts: int
    reader: Reader


_STEPS = 5_000_000
"""About as many steps as the solver takes in a second. Limits in steps give the same result on every machine."""
_TRIES = tuple(
    (procedure, seed, int(seconds * _STEPS))
    for seed, seconds in enumerate((0.5, 0.5, 1, 1, 2, 2, 4, 8))
    for procedure in (2, 6)
)
"""Procedure for whole numbers, seed and steps: one that is stuck is stopped soon, and the next begins afresh."""


class Search:
    """One question to the solver: is there a case for which all `conditions` hold? `found` reads the last model."""

    case: SymbolicCase
    budget: Budget
    known: list[Any]
    solver: Any

    found: Reader

    def __init__(self, case: SymbolicCase, conditions: Iterable[z3.BoolRef], budget: Budget) -> None:
        self.case, self.budget = case, budget
        self.known = [*conditions, *case.bounds]
        self.solver = self._fresh(*_TRIES[0][:2])

    def _fresh(self, procedure: int, seed: int) -> z3.Solver:
        solver = z3.Solver()
        solver.set("arith.solver", procedure)
        solver.set("random_seed", seed)
        solver.add(*self.known)
        return solver

    def add(self, *conditions: z3.BoolRef) -> None:
        """Settle on some conditions."""
        self.known += conditions
        self.solver.add(*conditions)

    def possible(self, *more: z3.BoolRef) -> bool:
        """Whether there is such a case; raises `UnsettledError` where that is not settled in time."""
        for attempt, (procedure, seed, steps) in enumerate(_TRIES):
            if attempt:
                self.solver = self._fresh(procedure, seed)
            last = attempt == len(_TRIES) - 1
            left = max(1, int(self.budget.left * _STEPS))
            self.solver.set("rlimit", left if last else min(steps, left))
            answer = self.solver.check(*more)
            if answer == z3.sat:
                self.found = Reader(self.case, self.solver.model())
            if answer != z3.unknown:
                return bool(answer == z3.sat)
        raise UnsettledError

    def least(self, usual_days: Iterable[date]) -> FoundCase | None:
        """Return a case with the fewest stated facts, or `None` where there is none."""
        most = self._fewest()
        if most is None:
            return None
        self.known.append(self._at_most(most))
        usual = self.case.usual()
        if self.possible(usual):
            self.known.append(usual)
        self.solver = self._fresh(*_TRIES[0][:2])
        self._choose_facts()
        self._choose_values(usual_days)
        found = self.found
        facts = sum(map(found.holds, self._costs()))
        readings = {name: found.value(value) for name, value in self.case.readings.items()}
        return FoundCase(found.data(), found.day(self.case.on), readings, facts, found)

    def _costs(self) -> list[z3.BoolRef]:
        return [*self.case.entry_flags(), *(variable.stated for variable in self._variables())]

    def _variables(self) -> list[Variable]:
        order = {path: number for number, path in enumerate(self.case.vocabulary.facts)}
        return sorted(self.case.variables.values(), key=lambda v: (sum(v.place.numbers), order[v.fact.path], v.place))

    def _fewest(self) -> int | None:
        """Return the least number of facts; `None` where no number is enough."""
        for most in range(len(self._costs()) + 1):
            bound = self._at_most(most)
            if self.possible(bound):
                return most
            if not self.solver.unsat_core():
                return None
        return None

    def _at_most(self, most: int) -> z3.BoolRef:
        costs = self._costs()
        return z3.PbLe([(cost, 1) for cost in costs], most) if costs else TRUE

    def _choose_facts(self) -> None:
        for flag in reversed(self._costs()):
            without = z3.Not(flag)
            needed = self.found.holds(flag) and not self.possible(without)
            self.add(flag if needed else without)

    def _choose_values(self, usual_days: Iterable[date]) -> None:
        for reading in self.case.readings.values():
            self._settle([when for _, when in reading.options])
        self._day(self.case.on, usual_days)
        for variable in self._variables():
            if self.found.holds(variable.stated):
                self._choose_value(variable)

    def _choose_value(self, variable: Variable) -> None:
        match variable.value:
            case Finite(options=options):
                self._settle([when for _, when in options])
            case Labels(options=options):
                for _, when in reversed(options):
                    self._settle([z3.Not(when), when])
            case Day() as day:
                years = self.case.vocabulary.usual_years
                self._day(day, (date(year, month, 1) for year in years for month in _USUAL_MONTHS))
            case Word(code=code):
                self._number(code, (0, 1, 2))
            case Number(term=term):
                self._number(term, self.case.usual_numbers(variable))

    def _number(self, term: z3.ArithRef, usual: Iterable[int]) -> None:
        if not self._settle(term == number for number in usual):
            self._smallest(term, 0)

    def _day(self, day: Day, usual: Iterable[date]) -> None:
        if not self._settle(every((day.month == month_of(wish), day.day == wish.day)) for wish in usual):
            self._smallest(day.month, 0)
            self._smallest(day.day, 1)

    def _settle(self, wishes: Iterable[z3.BoolRef]) -> bool:
        """Settle on the first wish that is possible, as what the model fulfils is; tell whether there is one."""
        possible = next((wish for wish in wishes if self.found.holds(wish) or self.possible(wish)), None)
        if possible is not None:
            self.add(possible)
        return possible is not None

    def _smallest(self, term: z3.ArithRef, low: int) -> None:
        high = self.found.whole(term)
        while low < high:
            middle = (low + high) // 2
            if self.possible(term <= middle):
                high = self.found.whole(term)
            else:
                low = middle + 1
        self.add(term == high)


def usual_days(first: date, before: date) -> Iterator[date]:
    """Yield the first days of months in a span, those in its middle first."""
    months = range(month_of(first), month_of(before) + 1)
    middle = (months[0] + months[-1] + 1) // 2
    for month in sorted(months, key=lambda month: (abs(month - middle), month)):
        day = as_date(month, 1)
        if first <= day < before:
            yield day
