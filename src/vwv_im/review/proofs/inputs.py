"""The case that the solver looks for: what it may state, within the bounds of what a case may hold.

Posts and members are there or not, in order; a fact of one that is not there is unknown. Where nothing is said of
posts, one stands for them of which nothing is known. In a *generic* case one post and one member stand for any
number, and nothing is assumed of what is summed over them: what is impossible there is impossible for all cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import ge, lt

import z3

from vwv_im.case import FACTS
from vwv_im.case.facts import Fact
from vwv_im.case.values import FIRST_DAY, LAST_DAY
from vwv_im.law.types import DAY, scope_of
from vwv_im.law.types import LISTS as SCOPES
from vwv_im.review.proofs.arithmetic import days_in
from vwv_im.review.proofs.terms import (
    TRUE,
    UNKNOWN,
    Day,
    Finite,
    Known,
    Labels,
    Number,
    Value,
    Word,
    as_number,
    day_of,
    every,
    identity,
    month_of,
    negated,
    related,
    some,
    terms_of,
)

LISTS: Mapping[str, str] = {scope: name for name, scope in SCOPES.items()}
"""The list whose entries are of a scope."""
USUAL_YEARS = (date(2015, 1, 1), date(2025, 12, 1))
USUAL_SHARES = (1_000_000, 500_000, 2_000_000, 750_000, 250_000)


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact of the case: of which post or member, when it is stated, and its value."""

    fact: str
    number: int
    stated: z3.BoolRef
    value: Value


def path_of(fact: str, number: int) -> str:
    """Return the path in a case of a fact of the post or member with this number."""
    scope = scope_of(fact)
    return fact.replace(scope, f"antrag.{LISTS[scope]}[{number}]", 1) if scope in LISTS else fact


class SymbolicCase:
    """A case of which nothing is settled yet. Variables come into being when they are first read."""

    def __init__(self, readings: Mapping[str, tuple[str, ...]], *, entries: int = 1, generic: bool = False) -> None:
        self.entries = entries
        self.generic = generic
        self.variables: dict[tuple[str, int], Variable] = {}
        self.bounds: list[z3.BoolRef] = []
        self.words: dict[str, int] = {}
        self.readings: dict[str, Finite] = {}
        self._options = readings
        self._sums: dict[tuple[object, ...], tuple[Known, tuple[z3.ExprRef, ...]]] = {}
        self.there = {scope: [z3.Bool(f"{name}[{i}]") for i in range(entries)] for scope, name in LISTS.items()}
        self.said = {"stelle": self.there["stelle"][0], "mitglied": z3.Bool("mitglieder")}
        for scope, there in self.there.items():
            self.bounds += [z3.Implies(b, a) for a, b in zip([self.said[scope], *there], there, strict=False)]
        self.on = self._day("entscheidung.tag", FIRST_DAY, LAST_DAY)

    def live(self, scope: str, number: int) -> z3.BoolRef:
        """Return when there is something to examine in this place: a post that is there, or the one that stands in."""
        if scope not in LISTS:
            return TRUE
        there = self.there[scope][number]
        return some((there, negated(self.said[scope]))) if number == 0 else there

    def listed(self, scope: str, number: int) -> z3.BoolRef:
        """Return when the case itself lists this post or member."""
        return self.there[scope][number] if scope in LISTS else TRUE

    def numbers(self, scope: str) -> range:
        """Return the numbers of the places of a scope."""
        return range(self.entries if scope in LISTS else 1)

    def reading(self, name: str) -> Known:
        """Return which reading of a disputed point is followed."""
        if name not in self.readings:
            code = z3.Int(f"auslegung.{name}")
            self.readings[name] = self._one_of(code, self._options[name])
        return Known(TRUE, self.readings[name])

    def read(self, fact: str, number: int) -> Known:
        """Return a fact that a case may state; what nobody can state is unknown."""
        if fact == DAY:
            return Known(TRUE, self.on)
        if fact not in FACTS:
            return UNKNOWN
        key = (fact, number)
        if key not in self.variables:
            self.variables[key] = self._variable(fact, number)
        variable = self.variables[key]
        return Known(variable.stated, variable.value)

    def _variable(self, fact: str, number: int) -> Variable:
        scope, path = scope_of(fact), path_of(fact, number)
        stated = z3.Bool(f"angegeben {path}")
        if scope in LISTS:
            self.bounds.append(z3.Implies(stated, self.there[scope][number]))
        before = len(self.bounds)
        value = self._value(path, FACTS[fact])
        self.bounds[before:] = [z3.Implies(stated, every(self.bounds[before:]))]
        return Variable(fact, number, stated, value)

    def _value(self, name: str, fact: Fact) -> Value:
        match fact.type:
            case "wahrheitswert":
                truth = z3.Bool(name)
                return Finite(((True, truth), (False, z3.Not(truth))))
            case "auswahl":
                return self._one_of(z3.Int(name), fact.values)
            case "auswahlliste":
                labels = tuple((label, z3.Bool(f"{name} {label}")) for label in fact.values)
                self.bounds.append(some(holds for _, holds in labels))
                return Labels(labels)
            case "datum":
                return self._day(name, FIRST_DAY, LAST_DAY)
            case "text":
                code = z3.Int(name)
                self.bounds.append(code >= 0)
                return Word(code, self.words)
        assert fact.limits is not None
        number = Number(z3.Int(name), 10**fact.limits.places)
        self.bounds += [number.term >= 0, number.term <= fact.limits.maximum * number.scale]
        return number

    def _one_of(self, code: z3.ArithRef, values: tuple[str, ...]) -> Finite:
        self.bounds += [code >= 0, code < len(values)]
        return Finite(tuple((value, code == number) for number, value in enumerate(values)))

    def _day(self, name: str, first: date, last: date) -> Day:
        month, day = z3.Int(f"{name} Monat"), z3.Int(f"{name} Tag")
        self.bounds += [month >= month_of(first), month <= month_of(last), day >= 1, day <= days_in(month)]
        return Day(month, day)

    def between(self, first: date, before: date) -> z3.BoolRef:
        """Return when the day of the decision lies between two days, the second excluded."""
        return every((related(ge, self.on, day_of(first)), related(lt, self.on, day_of(before))))

    def summed(self, operation: str, scope: str, part: Known) -> Known:
        """Return what is summed over any number of posts or members: free, but the same for the same terms."""
        key = (operation, scope, part.known.get_id(), *identity(part.value))
        if key not in self._sums:
            kept = (part.known, *terms_of(part.value))
            self._sums[key] = (_free(f"{operation} {scope} {len(self._sums)}", part), kept)
        return self._sums[key][0]

    def usual(self) -> z3.BoolRef:
        """Return when all days are firsts of months of these years, and shares are usual ones."""
        values = [(variable.value, FACTS[variable.fact].unit) for variable in self.variables.values()]
        return every(part for value, unit in ((self.on, None), *values) for part in _usual(value, unit))

    def entry_flags(self) -> Iterator[z3.BoolRef]:
        """Yield what says that a post or member is there, or that there are no members."""
        for scope, there in self.there.items():
            yield from there
            if scope == "mitglied":
                yield z3.And(self.said[scope], z3.Not(there[0]))


def _free(name: str, like: Known) -> Known:
    """Return a fact of which nothing is assumed but the kind of its value; where it never is known, it stays so."""
    value: Value
    match like.value:
        case Day():
            value = Day(z3.Int(f"{name} Monat"), z3.Int(f"{name} Tag"))
        case Finite() | Number() as number:
            value = Number(z3.Int(name), as_number(number).scale)
        case _:
            return UNKNOWN
    return Known(z3.Bool(f"bekannt {name}"), value)


def _usual(value: Value, unit: str | None) -> Iterator[z3.BoolRef]:
    match value:
        case Day(month=month, day=day):
            yield from (day == 1, month >= month_of(USUAL_YEARS[0]), month <= month_of(USUAL_YEARS[1]))
        case Number(term=term) if unit == "VZAE":
            yield z3.Or(*(term == share for share in USUAL_SHARES))
