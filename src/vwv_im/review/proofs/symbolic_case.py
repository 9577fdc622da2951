"""The case that the solver looks for: what it may state, within the bounds of what a case may hold.

Entries of lists are there or not, in order; a fact of one that is not there is unknown. Where nothing is said of a
list, one entry stands for it of which nothing is known. In a *generic* case one entry of each list stands for any
number, and nothing is assumed of what is summed over them: what is impossible there is impossible for all cases.
A series is refused: how many entries it has, follows from days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import ge, lt
from typing import NamedTuple

import z3

from vwv_im.case.fields import FIRST_DAY, LAST_DAY
from vwv_im.case.vocabulary import DECISION_DAY, Fact
from vwv_im.reasoning.plan import Plan
from vwv_im.review.proofs import terms
from vwv_im.review.proofs.terms import TRUE, UNKNOWN, Day, Finite, Known, Number, Value, every, some


class Place(NamedTuple):
    """Where facts are read: of which scope, and of which entry of each list above it, the outermost first.

    `beside` is the place from which the entries of a list are summed; its facts are read there as well.
    """

    scope: str
    numbers: tuple[int, ...] = ()
    beside: Place | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact of the case: in which place, when it is stated, and its value."""

    fact: Fact
    place: Place
    stated: z3.BoolRef
    value: Value


class SymbolicCase:
    """A case of which nothing is settled yet. Variables come into being when they are first read.

    It has the entities of the `plan`. Of each list there are `entries` at most.
    `there` tells when an entry is there, `said` when something is said of the list of a scope that a place has.
    """

    top: Place
    on: Day

    def __init__(
        self, plan: Plan, readings: Mapping[str, tuple[str, ...]], *, entries: int = 1, generic: bool = False
    ) -> None:
        vocabulary, scopes = plan.vocabulary, plan.scopes
        self.vocabulary = vocabulary
        self.generic = generic
        self.variables: dict[tuple[str, Place], Variable] = {}
        self.bounds: list[z3.BoolRef] = []
        self.words: dict[str, int] = {}
        self.readings: dict[str, Finite] = {}
        self._options = readings
        self._sums: dict[tuple[object, ...], tuple[Known, tuple[z3.ExprRef, ...]]] = {}
        self._depths = {scope: len(vocabulary.above(scope)) - 1 for scope in scopes}
        self.top = Place(scopes[0])
        self._places: dict[str, tuple[Place, ...]] = {scopes[0]: (self.top,)}
        self.there: dict[Place, z3.BoolRef] = {}
        self.said: dict[tuple[str, Place], z3.BoolRef] = {}
        for scope in scopes[1:]:
            if vocabulary.entities[scope].series is None:
                self._list(scope, entries)
        self.on = self._day(DECISION_DAY, FIRST_DAY, LAST_DAY)

    def _list(self, scope: str, entries: int) -> None:
        entity, above = self.vocabulary.entities[scope], self.vocabulary.parent(scope) or ""
        self._places[scope] = ()
        for holder in self._places[above]:
            places = [Place(scope, (*holder.numbers, number)) for number in range(min(entries, entity.most))]
            said, *there = (z3.Bool(self.path(scope, at).partition(".")[2]) for at in (holder, *places))
            said = there[0] if entity.least else said
            self.bounds += [z3.Implies(b, a) for a, b in zip([said, *there], there, strict=False)]
            if holder in self.there:
                self.bounds.append(z3.Implies(said, self.there[holder]))
            self.said[scope, holder] = said
            self.there.update(zip(places, there, strict=True))
            self._places[scope] += tuple(places)

    def path(self, fact: str, place: Place) -> str:
        """Return the path in a case of a fact, or of an entry (of a list as a whole), in a place."""
        scope, dot, rest = fact.partition(".")
        if scope not in self._depths:
            return fact
        path, before = "", ""
        for number, one in enumerate(reversed(self.vocabulary.above(scope))):
            here = self.vocabulary.entities[one].path
            path += here.removeprefix(before)
            path += f"[{place.numbers[number - 1]}]" if 0 < number <= len(place.numbers) else ""
            before = here
        return f"{path}{dot}{rest}"

    def home(self, scope: str, place: Place) -> Place:
        """Return where the facts of a scope are as seen from a place; at the top where no list leads to them.

        Raises `RefusedError` for a series.
        """
        if scope in self.vocabulary.above(place.scope):
            self._refuse(scope)
            return Place(scope, place.numbers[: self._depths[scope]])
        return self.top if place.beside is None else self.home(scope, place.beside)

    def _refuse(self, scope: str) -> None:
        if scope not in self._places:
            raise terms.RefusedError(f"Reihe '{scope}'")

    def places(self, scope: str, within: Place | None = None) -> tuple[Place, ...]:
        """Return the places of a scope, or those below one place; raises `RefusedError` for a series."""
        self._refuse(scope)
        before = () if within is None else within.numbers
        return tuple(place for place in self._places[scope] if place.numbers[: len(before)] == before)

    def candidate_places(self, scope: str) -> tuple[Place, ...]:
        """Return the places of a scope; of a series one, in which everything is refused."""
        return self._places.get(scope, (Place(scope),))

    def live(self, place: Place) -> z3.BoolRef:
        """Return when there is something to examine in this place: an entry that is there, or one that stands in."""
        self._refuse(place.scope)
        if not place.numbers:
            return TRUE
        there, above = self.there[place], self.vocabulary.parent(place.scope) or ""
        if place.numbers[-1]:
            return there
        holder = Place(above, place.numbers[:-1])
        return some((there, every((self.live(holder), terms.negate(self.said[place.scope, holder])))))

    def is_listed(self, place: Place) -> z3.BoolRef:
        """Return when the case itself lists this entry."""
        return self.there.get(place, TRUE)

    def reading(self, name: str) -> Known:
        """Return which reading of a disputed point is followed."""
        if name not in self.readings:
            code = z3.Int(f"auslegung.{name}")
            self.readings[name] = self._one_of(code, self._options[name])
        return Known(TRUE, self.readings[name])

    def read(self, path: str, place: Place) -> Known:
        """Return a fact that a case may state; what nobody can state is unknown."""
        if path == DECISION_DAY:
            return Known(TRUE, self.on)
        if path not in self.vocabulary.facts:
            return UNKNOWN
        if (path, place) not in self.variables:
            self.variables[path, place] = self._variable(self.vocabulary.facts[path], place)
        variable = self.variables[path, place]
        return Known(variable.stated, variable.value)

    def _variable(self, fact: Fact, place: Place) -> Variable:
        path = self.path(fact.path, place)
        stated = z3.Bool(f"angegeben {path}")
        if place in self.there:
            self.bounds.append(z3.Implies(stated, self.there[place]))
        before = len(self.bounds)
        value = self._value(path, fact)
        self.bounds[before:] = [z3.Implies(stated, every(self.bounds[before:]))]
        return Variable(fact, place, stated, value)

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
                return terms.Labels(labels)
            case "datum":
                return self._day(name, FIRST_DAY, LAST_DAY)
            case "text":
                code = z3.Int(name)
                word = terms.Word(code, self.words)
                names = () if fact.choice is None else fact.choice.names
                self.bounds.append(some(code == word.of(one) for one in names) if names else code >= 0)
                return word
        assert fact.limits is not None
        number = Number(z3.Int(name), 10**fact.limits.places)
        self.bounds += [number.term >= 0, number.term <= fact.limits.maximum * number.scale]
        return number

    def _one_of(self, code: z3.ArithRef, values: tuple[str, ...]) -> Finite:
        self.bounds += [code >= 0, code < len(values)]
        return Finite(tuple((value, code == number) for number, value in enumerate(values)))

    def _day(self, name: str, first: date, last: date) -> Day:
        month, day = z3.Int(f"{name} Monat"), z3.Int(f"{name} Tag")
        self.bounds += [month >= terms.month_of(first), month <= terms.month_of(last)]
        self.bounds += [day >= 1, day <= terms.days_in(month)]
        return Day(month, day)

    def between(self, first: date, before: date) -> z3.BoolRef:
        """Return when the day of the decision lies between two days, the second excluded."""
        return every((terms.relate(ge, self.on, terms.as_day(first)), terms.relate(lt, self.on, terms.as_day(before))))

    def sum_of(self, operation: str, scope: str, part: Known) -> Known:
        """Return what is summed over any number of entries: free, but the same for the same terms."""
        key = (operation, scope, part.known.get_id(), *terms.fingerprint(part.value))
        if key not in self._sums:
            kept = (part.known, *terms.terms_of(part.value))
            self._sums[key] = (_free(f"{operation} {scope} {len(self._sums)}", part), kept)
        return self._sums[key][0]

    def usual_numbers(self, variable: Variable) -> list[int]:
        """Return the terms that a number usually is, by its unit."""
        unit, value = self.vocabulary.units.get(variable.fact.unit or ""), variable.value
        assert isinstance(value, Number)
        return [] if unit is None else [int(number * value.scale) for number in unit.usual]

    def usual(self) -> z3.BoolRef:
        """Return when all days are firsts of months of the usual years, and shares are usual ones."""
        parts = [*self._usual_day(self.on)]
        for variable in self.variables.values():
            match variable.value:
                case Day() as day:
                    parts += self._usual_day(day)
                case Number(term=term, scale=scale):
                    usual = self.usual_numbers(variable)
                    if any(number % scale for number in usual):
                        parts.append(z3.Or(*(term == number for number in usual)))
        return every(parts)

    def _usual_day(self, day: Day) -> Iterator[z3.BoolRef]:
        yield day.day == 1
        if years := self.vocabulary.usual_years:
            yield day.month >= terms.month_of(date(min(years), 1, 1))
            yield day.month <= terms.month_of(date(max(years), 12, 1))

    def entry_flags(self) -> Iterator[z3.BoolRef]:
        """Yield what says that an entry is there, or that a list has none."""
        for (scope, holder), said in self.said.items():
            first, *more = (self.there[place] for place in self.places(scope, holder))
            yield from (first, *more)
            if not said.eq(first):
                yield z3.And(said, z3.Not(first))


def _free(name: str, like: Known) -> Known:
    """Return a fact of which nothing is assumed but the kind of its value; where it never is known, it stays so."""
    value: Value
    match like.value:
        case Day():
            value = Day(z3.Int(f"{name} Monat"), z3.Int(f"{name} Tag"))
        case Finite() | Number() as number:
            value = Number(z3.Int(name), terms.as_number(number).scale)
        case terms.Word(codes=codes):
            value = terms.Word(z3.Int(name), codes)
        case _:
            return UNKNOWN
    return Known(z3.Bool(f"bekannt {name}"), value)
