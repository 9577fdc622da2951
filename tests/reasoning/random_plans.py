"""Plans that no regulation holds: small ones made by hand, and random ones over the real facts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from vwv_im.case.vocabulary import scope_of
from vwv_im.lang.nodes import (
    Atom,
    Compute,
    Condition,
    Constant,
    Every,
    Expression,
    Over,
    Read,
    Row,
    Some,
)
from vwv_im.lang.types import FactType
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.plan import Derivation, Kind, NamedCondition, Plan, Requirement

VOCABULARY = regulation().vocabulary
_KINDS = {"t": "wahrheitswert", "n": "ganzzahl", "w": "auswahl"}
_DERIVED = {"t": FactType("wahrheitswert"), "n": FactType("ganzzahl"), "w": FactType("auswahl", None, ("a", "b", "c"))}
_NUMERIC = ("ist", "ist_nicht", "mindestens", "weniger_als", "hoechstens", "mehr_als")
_RANKED = _NUMERIC[2:]
_DAYS = ("vor", "nicht_vor", "nach", "nicht_nach", "ist")


def yes(fact: str, value: object = True) -> Atom:
    """Return the atom that a fact has a value."""
    return Atom(fact, "ist", Constant(cast("Any", value)))


def no(fact: str, value: object = True) -> Atom:
    """Return the atom that a fact does not have a value."""
    return Atom(fact, "ist_nicht", Constant(cast("Any", value)))


def plan_of(*conditions: Condition, scope: Any = "person", derivations: Iterable[Derivation] = ()) -> Plan:
    """Return a plan that requires each condition."""
    derived = tuple(derivations)
    types = {**VOCABULARY.types, **{d.fact: _DERIVED[d.fact[-1]] for d in derived}}
    required = tuple(required_of(f"q{number}", scope, part) for number, part in enumerate(conditions))
    question = "zielgruppe" if scope == "person" else "antrag"
    within = VOCABULARY.scopes(regulation().questions[question].wurzel)
    scopes = tuple(one for one in within if VOCABULARY.entities[one].series is None)
    nothing: dict[str, Any] = {field.name: () for field in fields(Plan)}
    known = {"fassung": "toy", "question": question, "types": types, "derivations": derived, "requirements": required}
    return Plan(**nothing | known | {"vocabulary": VOCABULARY, "scopes": scopes})


def required_of(name: str, scope: Any, condition: Condition, applies: Condition | None = None) -> Requirement:
    """Return a requirement."""
    return made(Requirement, id=name, scope=scope, art="muss", applies=applies, condition=condition)


def derived_of(fact: str, stage: int, form: Condition | tuple[Row, ...] | Expression) -> Derivation:
    """Return a derivation; the last letter of the fact says its type: truth value, number or word."""
    return made(Derivation, fact=fact, scope=scope_of(fact), stage=stage, form=form)


def named_of(name: str, scope: str, condition: Condition, kind: Kind = "widerspruch") -> NamedCondition:
    """Return a named condition, of a contradiction where nothing else is said."""
    return NamedCondition(name, kind, scope, condition)


def made(kind: Any, **known: Any) -> Any:
    """Return a part of a plan; what is not given here does not matter to an engine."""
    return kind(**{field.name: known.get(field.name) for field in fields(kind)})


def random_plan(seed: int) -> Plan:
    """Return a random plan of the question `antrag`, with several stages."""
    return _PlanMaker(random.Random(seed)).plan()


class _PlanMaker:
    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.types = dict(VOCABULARY.types)
        self.derivations: list[Derivation] = []

    def plan(self) -> Plan:
        for stage in range(self.draw.randint(1, 5)):
            new = [self._derivation(stage, number) for number in range(self.draw.randint(1, 4))]
            self.derivations += new
            self.types |= {derivation.fact: _DERIVED[derivation.fact[-1]] for derivation in new}
        requirements = [self._requirement(number) for number in range(self.draw.randint(1, 30))]
        named = [*self._named("k", "widerspruch", 3), *self._named("p", "plausibilitaet", 2)]
        plan = plan_of(derivations=self.derivations, scope="antrag")
        return replace(plan, requirements=tuple(requirements), named=tuple(named))

    def _named(self, letter: str, kind: Kind, many: int) -> Iterator[NamedCondition]:
        scopes = [self._scope() for _ in range(many)]
        for number, scope in enumerate(scopes):
            yield named_of(f"{letter}{number}", scope, self._condition(scope), kind)

    def _scope(self) -> str:
        return self.draw.choice(("antrag", "stelle", "mitglied"))

    def _requirement(self, number: int) -> Requirement:
        scope = self._scope()
        applies = self._condition(scope) if self.draw.random() < 0.4 else None
        return required_of(f"q{number}", scope, self._condition(scope), applies)

    def _derivation(self, stage: int, number: int) -> Derivation:
        scope, kind = self._scope(), self.draw.choice("tnw")
        return derived_of(f"{scope}.d{stage}_{number}{kind}", stage, self._form(scope, kind))

    def _form(self, scope: str, kind: str) -> Condition | tuple[Row, ...] | Expression:
        if kind == "t" and self.draw.random() < 0.7:
            return self._condition(scope)
        if kind == "n" and self.draw.random() < 0.5:
            return self._number(scope)
        rows = [Row(self._condition(scope), self._constant(kind)) for _ in range(self.draw.randint(1, 4))]
        return (*rows, Row(None, self._constant(kind))) if self.draw.random() < 0.5 else tuple(rows)

    def _constant(self, kind: str) -> Constant:
        values: dict[str, tuple[Any, ...]] = {"t": (True, False), "n": (0, 1, 7, None), "w": ("a", "b", "c")}
        return Constant(self.draw.choice(values[kind]))

    def _number(self, scope: str) -> Expression:
        numbers = [Read(fact) for fact in self._within(scope) if self.types[fact].kind == "ganzzahl"]
        operands = (self.draw.choice(numbers), self._constant("n")) if numbers else (self._constant("n"),)
        inner = [fact for fact in self.types if fact.startswith("stelle.d") and self.types[fact].kind == "ganzzahl"]
        if scope == "antrag" and inner and self.draw.random() < 0.5:
            return Over(self.draw.choice(("summe", "groesster")), "stelle", Read(self.draw.choice(inner)))
        return Compute(self.draw.choice(("summe", "kleinster", "erster_bekannter")), operands)

    def _condition(self, scope: str, depth: int = 3) -> Condition:
        if depth == 0 or self.draw.random() < 0.3:
            return self._atom(scope)
        parts = tuple(self._condition(scope, depth - 1) for _ in range(self.draw.randint(1, 3 if depth == 3 else 2)))
        return self.draw.choice((Every, Some))(parts)

    def _within(self, scope: str) -> list[str]:
        return [fact for fact in self.types if scope_of(fact) in VOCABULARY.reach[scope] and scope_of(fact) != "person"]

    def _atom(self, scope: str) -> Atom:
        facts = self._within(scope)
        derived = [fact for fact in facts if fact.rpartition(".")[2].startswith("d") and fact[-1] in _KINDS]
        fact = self.draw.choice(derived if derived and self.draw.random() < 0.4 else facts)
        operator, operand = self._comparison(fact, facts)
        return Atom(fact, operator, Constant(None) if self.draw.random() < 0.02 else operand)

    def _comparison(self, fact: str, facts: list[str]) -> tuple[str, Constant | Read | tuple[Constant, ...]]:
        draw, kind = self.draw, self.types[fact]
        match kind.kind:
            case "wahrheitswert":
                return draw.choice(("ist", "ist_nicht")), Constant(draw.random() < 0.5)
            case "auswahl" if kind.ranks and draw.random() < 0.5:
                return draw.choice(_RANKED), Constant(draw.choice(kind.values))
            case "auswahl" if draw.random() < 0.5:
                chosen = draw.sample(kind.values, draw.randint(1, len(kind.values)))
                return draw.choice(("in", "nicht_in")), tuple(Constant(value) for value in chosen)
            case "auswahl":
                return draw.choice(("ist", "ist_nicht")), Constant(draw.choice(kind.values))
            case "auswahlliste" if draw.random() < 0.5:
                return draw.choice(("ist", "ist_nicht")), Constant(tuple(draw.sample(kind.values, 2)))
            case "auswahlliste":
                return draw.choice(("enthaelt", "enthaelt_nicht")), Constant(draw.choice(kind.values))
            case "datum":
                others = [Read(other) for other in facts if self.types[other].kind == "datum"]
                days = [Constant(date(year, 1, 1)) for year in (2017, 2019, 2022)]
                return draw.choice(_DAYS), draw.choice([*others, *days])
            case "text":
                return draw.choice(("ist", "ist_nicht")), Constant(draw.choice(("A", "A-Stadt")))
        number = draw.choice((0, 1, 7, 24)) if kind.kind == "ganzzahl" else Decimal(draw.choice(("0", "0.25", "51000")))
        return draw.choice(_NUMERIC), Constant(number)
