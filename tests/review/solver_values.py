"""A case put into the terms of the solver: what the translation of a plan says of it, to be compared with `direct`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import z3

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import scope_of
from vwv_im.lang import OPERATIONS, Compute, Constant
from vwv_im.lang.fold import nodes
from vwv_im.lang.truth import FOLDED
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import Plan
from vwv_im.reasoning.records import PARENT, Record, Records
from vwv_im.review.proofs.outputs import SymbolicDecision
from vwv_im.review.proofs.symbolic_case import Place, SymbolicCase, Variable
from vwv_im.review.proofs.terms import Day, Finite, Known, Labels, Number, RefusedError, Truth, Word, terms_of
from vwv_im.review.proofs.translation import Translation

ENTRIES = 3
ENTRY = "aus_liste"


@dataclass(frozen=True)
class Outcome:
    """What is found of a case: derived facts, two truths per finding, named conditions, days of duties, verdict."""

    derived: dict[tuple[str, Place], Any]
    findings: list[tuple[Any, Any]]
    present: list[bool]
    days: list[Any]


class Solver:
    """A plan, as `direct` runs it and as the solver sees it.

    `refused` are the derived facts, requirements and named conditions that terms cannot say.
    """

    def __init__(self, plan: Plan, readings: Mapping[str, tuple[str, ...]]) -> None:
        self.plan, self.direct = plan, Direct(plan)
        self.case = SymbolicCase(plan, readings, entries=ENTRIES)
        self.translation = Translation(plan, self.case)
        self.decided = SymbolicDecision(self.translation)
        every = self.case.places
        self.facts: dict[tuple[str, Place], Known] = {}
        self.refused: dict[str, str] = {}
        for derivation in plan.derivations:
            try:
                at_each = {at: self.translation.fact(derivation.fact, at) for at in every(derivation.scope)}
            except RefusedError as error:
                self.refused[derivation.fact] = str(error)
            else:
                self.facts |= {(derivation.fact, at): known for at, known in at_each.items()}
        self.findings: dict[tuple[str, Place], tuple[Truth, Truth]] = {}
        for r in plan.requirements:
            test = self.translation.test
            try:
                self.findings |= {(r.id, at): (test(r.applies, at), test(r.condition, at)) for at in every(r.scope)}
            except RefusedError as error:
                self.refused[r.id] = str(error)
        self.present: dict[tuple[str, Place], Truth] = {}
        for named in plan.named:
            try:
                told = {(named.id, at): self.translation.test(named.condition, at) for at in every(named.scope)}
            except RefusedError as error:
                self.refused[named.id] = str(error)
            else:
                self.present |= told
        self.due = [self.translation.due(duty) for duty in plan.duties]
        terms = list(self._terms())
        together = z3.Function("together", *(term.sort() for term in terms), z3.BoolSort())
        self.order = {term.get_id(): place for place, term in enumerate(terms)}
        self.all = together(*terms)

    def _terms(self) -> Iterator[z3.ExprRef]:
        for known in (*self.facts.values(), *self.due):
            yield from (known.known, *terms_of(known.value))
        for applies, holds in self.findings.values():
            yield from (applies.yes, applies.no, holds.yes, holds.no)
        for truth in self.present.values():
            yield from (truth.yes, truth.no)
        yield from self.verdicts.values()

    @cached_property
    def verdicts(self) -> Mapping[str, z3.BoolRef]:
        """Each verdict with when it is that; nothing where a requirement is refused that is folded into it."""
        folded = (requirement.id for requirement in self.plan.requirements if requirement.art in FOLDED)
        return {} if self.refused.keys() & folded else dict(self.decided.verdict.options)

    def found_by_direct(self, case: CasePart, on: date, readings: Mapping[str, str]) -> Outcome:
        found = self.direct.evaluate(case, on, readings)
        records = found.records
        value = self.direct.layout.value
        derived = {
            (d.fact, at): value(record, d.scope, d.fact)
            for d in self.plan.derivations
            if d.fact not in self.refused
            for at, record in self.placed(records, d.scope)
        }
        days = [
            None if d.day is None else self.direct.value(d.day, self.plan.top)(records.top) for d in self.plan.duties
        ]
        return Outcome(
            derived,
            list(self._found(found)),
            list(self._told(found)),
            days,
        )

    def _found(self, found: Evaluation) -> Iterator[tuple[Any, Any]]:
        truths = iter(found.findings)
        for requirement in self.plan.requirements:
            for _ in found.records.of[requirement.scope]:
                applies, holds = next(truths)
                if requirement.id not in self.refused:
                    yield applies, holds

    def _told(self, found: Evaluation) -> Iterator[bool]:
        truths = {kind: iter(of_kind) for kind, of_kind in found.present.items()}
        for named in self.plan.named:
            for _ in found.records.of[named.scope]:
                truth = next(truths[named.kind])
                if named.id not in self.refused:
                    yield truth is True

    def found_by_solver(self, case: CasePart, on: date, readings: Mapping[str, str]) -> tuple[Outcome, str | None]:
        records = self.direct.layout.fill(case, on, readings)
        pairs = list(self._stated(records, on, readings))
        found = z3.substitute_funs(z3.substitute(self.all, *pairs), *self._lists())
        values = z3.simplify(found).children()

        def of(term: z3.ExprRef) -> Any:
            value = values[self.order[term.get_id()]]
            assert z3.is_true(value) or z3.is_false(value) or z3.is_int_value(value), value
            return value.as_long() if z3.is_int_value(value) else z3.is_true(value)

        def three(truth: Truth) -> bool | None:
            assert not (of(truth.yes) and of(truth.no))
            return True if of(truth.yes) else False if of(truth.no) else None

        places = {scope: [at for at, _ in self.placed(records, scope)] for scope in self.plan.scopes}
        derived = {key: read(known, of) for key, known in self.facts.items() if key[1] in places[scope_of(key[0])]}
        findings = [
            (three(applies), three(holds))
            for requirement in self.plan.requirements
            if requirement.id not in self.refused
            for at in places[requirement.scope]
            for applies, holds in [self.findings[requirement.id, at]]
        ]
        told = [k for k in self.plan.named if k.id not in self.refused]
        present = [three(self.present[k.id, at]) is True for k in told for at in places[k.scope]]
        verdict = [name for name, when in self.verdicts.items() if of(when)]
        assert len(verdict) == bool(self.verdicts)
        return Outcome(derived, findings, present, [read(known, of) for known in self.due]), next(iter(verdict), None)

    def _lists(self) -> Iterator[tuple[Any, Any]]:
        """Yield what stands for the functions of lists: what they have for the texts stated so far."""
        lookups = [
            node.operands
            for root in self.plan.roots()
            for node in nodes(root)
            if isinstance(node, Compute) and node.operation == ENTRY
        ]
        for _, length, table in lookups:
            assert isinstance(length, Constant)
            assert isinstance(table, Constant)
            name, text = f"{length.value} {table.value}", z3.Var(0, z3.IntSort())
            there, entry = z3.BoolVal(False), z3.IntVal(0)
            for written, code in list(self.case.words.items()):
                if (found := OPERATIONS[ENTRY].run(written, length.value, table.value)) is not None:
                    there = z3.Or(text == code, there)
                    entry = z3.If(text == code, self.case.words.setdefault(found, len(self.case.words)), entry)
            yield z3.Function(f"{name}?", z3.IntSort(), z3.BoolSort()), there
            yield z3.Function(name, z3.IntSort(), z3.IntSort()), entry

    def _stated(self, records: Records, on: date, readings: Mapping[str, str]) -> Iterator[tuple[Any, Any]]:
        yield from assigned(self.case.on, on)
        for name, reading in self.case.readings.items():
            yield from assigned(reading, readings[name])
        for (scope, holder), said in self.case.said.items():
            entries = self._entries(records, scope, holder)
            yield said, z3.BoolVal(entries is not None)
            for at in self.case.places(scope, holder):
                if not self.case.there[at].eq(said):
                    yield self.case.there[at], z3.BoolVal(at.numbers[-1] < len(entries or ()))
        for variable in self.case.variables.values():
            value = self._value(records, variable)
            yield variable.stated, z3.BoolVal(value is not None)
            yield from assigned(variable.value, value)

    def placed(self, records: Records, scope: str) -> list[tuple[Place, Record]]:
        """Return each record of a scope with its place; the first where it stands for a list that is not stated."""
        above = self.plan.vocabulary.parent(scope)
        if above is None:
            return [(self.case.top, records.top)]
        found = []
        for holder, record in self.placed(records, above):
            below = [one for one in records.of[scope] if one[PARENT] is record]
            found += [(Place(scope, (*holder.numbers, number)), one) for number, one in enumerate(below)]
        return found

    def _entries(self, records: Records, scope: str, holder: Place) -> list[Record] | None:
        """Return the entries of a list; nothing where it is not stated."""
        above = self.plan.vocabulary.parent(scope) or ""
        (record,) = [record for at, record in self.placed(records, above) if at == holder] or [None]
        return None if record is None else record[self.direct.layout.lists[above][scope]]

    def _value(self, records: Records, variable: Variable) -> Any:
        scope, record = variable.fact.scope, records.top
        if (numbers := variable.place.numbers) != ():
            holder = Place(self.plan.vocabulary.parent(scope) or "", numbers[:-1])
            entries = self._entries(records, scope, holder) or []
            if numbers[-1] >= len(entries):
                return None
            record = entries[numbers[-1]]
        return self.direct.layout.value(record, scope, variable.fact.path)


def assigned(value: Any, stated: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each variable of a value with what it is; where nothing is stated, anything."""
    match value:
        case Finite(options=((True, truth), _)):
            yield truth, z3.BoolVal(stated is True)
        case Finite(options=options):
            codes = [number for number, (option, _) in enumerate(options) if option == stated]
            yield options[0][1].arg(0), z3.IntVal(codes[0] if codes else 0)
        case Labels(options=options):
            for label, when in options:
                yield when, z3.BoolVal(label in (stated or ()))
        case Day(month=month, day=day):
            known = stated or date(2000, 1, 1)
            yield month, z3.IntVal(known.year * 12 + known.month - 1)
            yield day, z3.IntVal(known.day)
        case Word(code=code):
            yield code, z3.IntVal(0) if stated is None else value.of(stated)
        case Number(term=term, scale=scale):
            exact = Fraction(stated or 0) * scale
            assert exact.denominator == 1
            yield term, z3.IntVal(int(exact))


def read(known: Known, of: Any) -> Any:
    """Return the value that a fact has, `None` where it is unknown."""
    if not of(known.known):
        return None
    match known.value:
        case Finite(options=options):
            (value,) = [value for value, when in options if of(when)]
            return value
        case Number(term=term, scale=scale):
            return Fraction(of(term), scale)
        case Day(month=month, day=day):
            return date(of(month) // 12, of(month) % 12 + 1, of(day))
        case Word(code=code, codes=codes):
            return next(text for text, number in codes.items() if number == of(code))
    raise AssertionError(known)
