"""Random cases, days and readings, close to the values at which a plan turns."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from support import FACTS
from vwv_im.case.vocabulary import Fact
from vwv_im.lang.nodes import Constant
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan
from vwv_im.typed import Case, read_case

MISSING = (0.0, 0.05, 0.5, 1.0)
SETTLED = 0.6
"""How many cases say once what would contradict itself if it were drawn twice; of the others hardly one is decided."""


class CaseMaker:
    """Makes cases: stated values are drawn from around the constants of the plans."""

    def __init__(self, seed: int, plans: Iterable[Plan], regulation: Regulation | None = None) -> None:
        self.random = random.Random(seed)
        self._lesarten = {} if regulation is None else {k: sorted(v.lesarten) for k, v in regulation.readings.items()}
        constants = {value for plan in plans for value in _constants_of(plan)}
        days = {value for value in constants if isinstance(value, date)} | {date(2017, 1, 1), date(2020, 2, 29)}
        self._days = sorted(day + timedelta(n) for day in days for n in (-1, 0, 1))
        numbers = {Decimal(value) for value in constants if type(value) in (int, Decimal)} | {Decimal(0), Decimal(1)}
        near = {number + step for number in numbers for step in (0, 1, -1, Decimal("0.01"), Decimal("-0.01"))}
        self._numbers = sorted(round(number, 2) for number in near if 0 <= number < 10**9)
        self._shares = [number for number in self._numbers if number < 1000]
        self._wholes = [int(number) for number in self._numbers if number < 10**6 and number == int(number)]

    def case(self, missing: float) -> Case:
        """Return a case in which each fact is missing with the given probability."""
        return read_case({"antrag": self._antrag(missing), "person": self._part("person", missing)})

    def day(self) -> date:
        """Return a day of decision."""
        return self.random.choice(self._days) if self.random.random() < 0.5 else self._any_day()

    def readings(self) -> dict[str, str]:
        """Return a reading of every disputed point."""
        return {name: self.random.choice(lesarten) for name, lesarten in self._lesarten.items()}

    def whole(self, part: str) -> dict[str, Any]:
        """Return a part of a case in which every fact is stated."""
        return self._antrag(0) if part == "antrag" else self._part(part, 0)

    def _antrag(self, missing: float) -> dict[str, Any]:
        part = self._part("antrag", missing)
        part["antragsteller"] = self._part("antrag.antragsteller", missing)
        for name, scope, least in (("stellen", "stelle", 1), ("mitglieder", "mitglied", 0)):
            if self.random.random() >= min(missing, 0.7):
                part[name] = [self._part(scope, missing) for _ in range(self.random.randint(least, 3))]
        if part.get("mitglieder") == [] and part["antragsteller"].get("art") == "zusammenschluss":
            part["mitglieder"] = [self._part("mitglied", missing)]
        if self.random.random() < SETTLED:
            _settle(part)
        return part

    def _part(self, prefix: str, missing: float) -> dict[str, Any]:
        facts = {path.rpartition("."): fact for path, fact in FACTS.items()}
        return {
            name: self._value(fact)
            for (head, _, name), fact in facts.items()
            if head == prefix and self.random.random() >= missing
        }

    def _value(self, fact: Fact) -> Any:
        draw = self.random
        match fact.type:
            case "auswahl":
                return draw.choice(fact.values)
            case "auswahlliste":
                return draw.sample(fact.values, draw.randint(1, len(fact.values)))
            case "ganzzahl":
                most = fact.limits.maximum if fact.limits else 10**6
                near = [number for number in self._wholes if number <= most]
                return draw.choice(near) if draw.random() < 0.7 else draw.randrange(min(most, 3000))
            case "dezimal":
                return draw.choice(self._shares if fact.unit == "VZAE" else self._numbers)
            case "datum":
                return draw.choice(self._days) if draw.random() < 0.6 else self._any_day()
            case "wahrheitswert":
                return draw.random() < 0.5
            case "text":
                if fact.choice is not None:
                    return draw.choice(fact.choice.names[:3])
                return draw.choice(["08111000", "08115003"]) if fact.spelling else draw.choice(["A", "A-Stadt", "B"])

    def _any_day(self) -> date:
        return date(2016, 6, 1) + timedelta(self.random.randrange(2800))


def _settle(antrag: dict[str, Any]) -> None:
    """Take the published frames out of an application, and head counts of which there are two; no Kreis is in one."""
    members = antrag.get("mitglieder") or []
    for part in (antrag, *members):
        part.pop("veroeffentlichter_planungsrahmen_eur", None)
    if members:
        antrag.pop("gezaehlte_personen", None)
    if antrag["antragsteller"].get("art") in ("stadtkreis", "landkreis"):
        antrag["antragsteller"].pop("kreisangehoerig", None)


def _constants_of(plan: Plan) -> Iterator[Any]:
    yield from _constants(tuple(derivation.form for derivation in plan.derivations))
    yield from _constants(tuple((requirement.applies, requirement.condition) for requirement in plan.requirements))
    yield from _constants(tuple(named.condition for named in plan.named))


def _constants(node: Any) -> Iterator[Any]:
    """Yield the values of all constants in a condition, computation or table."""
    if isinstance(node, Constant):
        yield from node.value if isinstance(node.value, tuple) else [node.value]
    elif isinstance(node, tuple):
        for entry in node:
            yield from _constants(entry)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _constants(getattr(node, field.name))
