"""The case that the solver looks for: what it may state, within the bounds of what a case may hold.

Posts and members are there or not, in order; a fact of one that is not there is unknown. Where nothing is said of
posts, one stands for them of which nothing is known. In a *generic* case one post and one member stand for any
number, and nothing is assumed of what is summed over them: what is impossible there is impossible for all cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import z3

from vwv_im.case import FACTS
from vwv_im.case.values import FIRST_DAY, LAST_DAY
from vwv_im.lang.types import FactType
from vwv_im.law.types import DAY, scope_of
from vwv_im.review.proofs.calendar import days_in
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
    every,
    negated,
    some,
    terms_of,
)

LISTS: Mapping[str, str] = {"stelle": "stellen", "mitglied": "mitglieder"}
SCALES: Mapping[str | None, tuple[int, int]] = {"VZAE": (10**6, 1000), "EUR": (100, 10**12)}
MOST_WHOLE = 1_000_000
USUAL_YEARS = (date(2015, 1, 1), date(2025, 12, 1))
USUAL_SHARES = (1_000_000, 500_000, 2_000_000, 750_000, 250_000)


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact of the case: its path there, when it is stated, and its value."""

    path: str
    fact: str
    number: int
    stated: z3.BoolRef
    value: Value


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
        scope, known = scope_of(fact), FACTS[fact]
        path = fact.replace(scope, f"antrag.{LISTS[scope]}[{number}]", 1) if scope in LISTS else fact
        stated = z3.Bool(f"angegeben {path}")
        if scope in LISTS:
            self.bounds.append(z3.Implies(stated, self.there[scope][number]))
        before = len(self.bounds)
        value = self._value(path, FactType(known.type, known.unit, known.values))
        self.bounds[before:] = [z3.Implies(stated, every(self.bounds[before:]))]
        return Variable(path, fact, number, stated, value)

    def _value(self, name: str, kind: FactType) -> Value:
        match kind.kind:
            case "wahrheitswert":
                truth = z3.Bool(name)
                return Finite(((True, truth), (False, z3.Not(truth))))
            case "auswahl":
                return self._one_of(z3.Int(name), kind.values)
            case "auswahlliste":
                labels = tuple((label, z3.Bool(f"{name} {label}")) for label in kind.values)
                self.bounds.append(some(holds for _, holds in labels))
                return Labels(labels)
            case "datum":
                return self._day(name, FIRST_DAY, LAST_DAY)
            case "text":
                code = z3.Int(name)
                self.bounds.append(code >= 0)
                return Word(code)
        return self._number(name, kind)

    def _number(self, name: str, kind: FactType) -> Number:
        term = z3.Int(name)
        scale, most = (1, MOST_WHOLE) if kind.kind == "ganzzahl" else SCALES[kind.unit]
        self.bounds += [term >= 0, term <= most * scale]
        return Number(term, scale)

    def _one_of(self, code: z3.ArithRef, values: tuple[str, ...]) -> Finite:
        self.bounds += [code >= 0, code < len(values)]
        return Finite(tuple((value, code == number) for number, value in enumerate(values)))

    def _day(self, name: str, first: date, last: date) -> Day:
        month, day = z3.Int(f"{name} Monat"), z3.Int(f"{name} Tag")
        self.bounds += [month >= _month(first), month <= _month(last), day >= 1, day <= days_in(month)]
        return Day(month, day)

    def word(self, text: str) -> z3.ArithRef:
        """Return the code of a text."""
        return z3.IntVal(self.words.setdefault(text, len(self.words)))

    def between(self, first: date, before: date) -> z3.BoolRef:
        """Return when the day of the decision lies between two days, the second excluded."""
        return every((_order(self.on) >= _order_of(first), _order(self.on) < _order_of(before)))

    def summed(self, operation: str, scope: str, part: Known) -> Known:
        """Return what is summed over any number of posts or members: free, but the same for the same terms."""
        terms = (part.known, *terms_of(part.value))
        fixed = tuple(value for value, _ in part.value.options) if isinstance(part.value, Finite) else ()
        scale = part.value.scale if isinstance(part.value, Number) else 1
        key = (operation, scope, fixed, scale, *(term.get_id() for term in terms))
        if key not in self._sums:
            self._sums[key] = (_free(f"{operation} {scope} {len(self._sums)}", part), terms)
        return self._sums[key][0]

    def usual(self) -> z3.BoolRef:
        """Return when all days are firsts of months of these years, and shares are usual ones."""
        values = [self.on, *(variable.value for variable in self.variables.values())]
        return every(part for value in values for part in _usual(value))

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


def _usual(value: Value) -> Iterator[z3.BoolRef]:
    match value:
        case Day(month=month, day=day):
            yield from (day == 1, month >= _month(USUAL_YEARS[0]), month <= _month(USUAL_YEARS[1]))
        case Number(term=term, scale=scale) if scale == SCALES["VZAE"][0]:
            yield z3.Or(*(term == share for share in USUAL_SHARES))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _order(day: Day) -> z3.ArithRef:
    return day.month * 32 + day.day


def _order_of(day: date) -> int:
    return _month(day) * 32 + day.day


def as_date(month: int, day: int) -> date:
    """Return the day that has this month, counted from the year 0, and this number."""
    return date(month // 12, month % 12 + 1, day)
