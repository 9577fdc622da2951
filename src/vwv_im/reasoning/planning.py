"""From a Fassung to a plan: references resolved, negation at the atoms, derived facts in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from vwv_im.law import condition as c
from vwv_im.law.base import RuleModel
from vwv_im.law.fassung import Fassung, Item
from vwv_im.law.model import Ableitung, Abschnitt, Question, Scope
from vwv_im.law.references import reads
from vwv_im.law.regulation import Regulation
from vwv_im.law.types import FactType, derived_type, scope_of, stated_types
from vwv_im.reasoning.operators import OPERATORS
from vwv_im.reasoning.plan import (
    READING,
    Atom,
    Compute,
    Condition,
    Constant,
    Contradiction,
    Derivation,
    Duty,
    Every,
    Expression,
    Over,
    Plan,
    Read,
    Requirement,
    Row,
    Some,
)
from vwv_im.reasoning.values import Value
from vwv_im.text import Text
from vwv_im.text.days import iso_day

_SCOPES: Mapping[Question, frozenset[str]] = {
    "antrag": frozenset({"antrag", "stelle", "mitglied"}),
    "zielgruppe": frozenset({"person"}),
    "zaehlung": frozenset({"person"}),
}
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Write a number below 40 in Roman figures.

    >>> roman(4), roman(13)
    ('IV', 'XIII')
    """
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def make_plan(regulation: Regulation, fassung: Fassung, question: Question) -> Plan:
    """Make the plan of a question under a Fassung."""
    return _Planner(fassung, question).plan(regulation.schema(question))


class _Planner:
    def __init__(self, fassung: Fassung, question: Question) -> None:
        self.fassung = fassung
        self.question = question
        self.scopes = _SCOPES[question]
        self.items = [item for item in fassung.derivations.values() if scope_of(item.model.ergibt) in self.scopes]
        self.types: dict[str, FactType] = {
            **stated_types(),
            **{item.model.ergibt: derived_type(item.model) for item in self.items},
        }
        for item in fassung:
            for fact in reads(item.model):  # a fact that nobody states or derives (any more) stays unknown
                self.types.setdefault(fact, FactType("text"))

    def plan(self, schema: Iterable[Abschnitt]) -> Plan:
        return Plan(
            self.fassung.id,
            self.fassung.erlasse,
            self.question,
            self.types,
            tuple(self._derivations()),
            tuple(self._requirements(schema)),
            tuple(self._contradictions()),
            tuple(self._duties()) if self.question == "antrag" else (),
        )

    def _derivations(self) -> Iterable[Derivation]:
        producers = {item.model.ergibt: item for item in self.items}
        stages: dict[str, int] = {}

        def stage(fact: str) -> int:
            if fact not in producers:
                return -1
            if fact not in stages:
                stages[fact] = 1 + max((stage(read) for read in reads(producers[fact].model)), default=-1)
            return stages[fact]

        for item in sorted(self.items, key=lambda item: stage(item.model.ergibt)):
            yield self._derivation(item, stage(item.model.ergibt))

    def _derivation(self, item: Item[Ableitung], stage: int) -> Derivation:
        model = item.model
        form: Condition | tuple[Row, ...] | Expression
        if model.wenn is not None:
            form = self._condition(model.wenn)
        elif model.faelle is not None:
            form = tuple(
                Row(
                    None if row.wenn is None else self._condition(row.wenn),
                    self._expression(row.dann, self.types[model.ergibt]),
                )
                for row in model.faelle
            )
        else:
            form = self._expression(model.rechne, self.types[model.ergibt])
        scope: Any = scope_of(model.ergibt)
        return Derivation(model.ergibt, scope, stage, form, item)

    def _requirements(self, schema: Iterable[Abschnitt]) -> Iterable[Requirement]:
        for number, section in enumerate(schema, start=1):
            titel = section.titel
            heading = Text(f"{roman(number)}. {titel.de}", f"{roman(number)}. {titel.en}")
            for name in section.regeln:
                if (item := self.fassung.rules.get(name)) is None:
                    continue
                model = item.model
                applies = None if model.gilt_fuer is None else self._condition(model.gilt_fuer)
                scope: Scope = model.bezug
                yield Requirement(name, scope, model.art, applies, self._condition(model.bedingung), heading, item)

    def _contradictions(self) -> Iterable[Contradiction]:
        for item in self.fassung.contradictions.values():
            if item.model.frage == self.question:
                yield Contradiction(item.id, item.model.bezug, self._condition(item.model.wenn), item)

    def _duties(self) -> Iterable[Duty]:
        for item in self.fassung.duties.values():
            model, day = item.model, None
            if model.faellig is not None:
                due = model.faellig.tag if model.faellig.jaehrlich is None else model.faellig.jaehrlich.bis
                day = self._expression(due, FactType("datum"))
            applies = None if model.gilt_fuer is None else self._condition(model.gilt_fuer)
            yield Duty(item.id, applies, day, item)

    def _condition(self, node: c.Condition, *, negated: bool = False) -> Condition:
        match node:
            case c.Not(nicht=inner):
                return self._condition(inner, negated=not negated)
            case c.Every(alle=parts) | c.Some(eine=parts):
                inner_parts = tuple(self._condition(part, negated=negated) for part in parts)
                if len(inner_parts) == 1:
                    return inner_parts[0]
                return Every(inner_parts) if isinstance(node, c.Every) is not negated else Some(inner_parts)
            case c.ReadingAtom(auslegung=name, ist=option):
                return Atom(READING + name, "ist_nicht" if negated else "ist", Constant(option))
            case c.Atom():
                return self._atom(node, negated)
        raise AssertionError(node)

    def _atom(self, node: c.Atom, negated: bool) -> Atom:
        operator = OPERATORS[node.operator].negation if negated else node.operator
        wanted = self.types[node.fakt]
        operand = node.operand
        if not isinstance(operand, tuple):
            value = self._expression(operand, wanted)
            assert isinstance(value, Constant | Read)
            return Atom(node.fakt, operator, value)
        values = tuple(self._expression(part, wanted) for part in operand)
        if node.operator == "ist":
            return Atom(node.fakt, operator, Constant(tuple(sorted(str(part.value) for part in values))))  # type: ignore[union-attr]
        return Atom(node.fakt, operator, values)  # type: ignore[arg-type]

    def _expression(self, node: Any, wanted: FactType) -> Expression:  # noqa: C901 - one case for each form
        match node:
            case c.ParameterRef(parameter=name):
                parameter = self.fassung.parameters.get(name)
                return Constant(_value(parameter.model.wert if parameter else None, wanted), name)
            case c.FactRef(fakt=fact):
                return Read(fact)
            case c.SumOver(summe_ueber=what, wert=value):
                return Over("summe", "stelle" if what == "stellen" else "mitglied", self._expression(value, wanted))
            case c.LargestOver(groesster_ueber=what, wert=value):
                return Over("groesster", "stelle" if what == "stellen" else "mitglied", self._expression(value, wanted))
            case c.Rounded(runde=inner, auf=unit):
                return Compute(f"runde_{unit}", (self._expression(inner, wanted),))
            case c.Division(quotient=quotient):
                return self._compute("quotient", (quotient.zaehler, quotient.nenner), wanted)
            case c.Twelfths(zwoelftel=inner):
                return self._compute("zwoelftel", (inner,), wanted)
            case c.PeriodEnd(ende_der_frist=spec):
                if spec.nach is not None:
                    return self._compute("ende_der_frist_nach", (spec.nach, spec.monate), wanted)
                return self._compute("ende_der_frist", (spec.ab, spec.monate), wanted)
            case c.RunningMonth(laufender_monat=spec):
                return self._compute("laufender_monat", (spec.ab, spec.am), wanted)
            case c.FullMonths(monate_zwischen=span):
                return self._compute("monate_zwischen", (span.von, span.bis), wanted)
            case c.RemainingDays(resttage_zwischen=span):
                return self._compute("resttage_zwischen", (span.von, span.bis), wanted)
            case RuleModel():
                (name,) = type(node).model_fields
                return self._compute(name, getattr(node, name), wanted)
            case _:
                return Constant(_value(node, wanted))

    def _compute(self, operation: str, operands: Iterable[Any], wanted: FactType) -> Compute:
        return Compute(operation, tuple(self._expression(operand, wanted) for operand in operands))


def _value(value: Any, wanted: FactType) -> Value:
    """Return a written value as a value of the wanted type: days as dates, amounts as exact decimals."""
    if isinstance(value, str):
        return iso_day(value) or value
    if isinstance(value, int) and not isinstance(value, bool) and wanted.kind == "dezimal":
        return Decimal(value)
    result: Value = value
    return result
