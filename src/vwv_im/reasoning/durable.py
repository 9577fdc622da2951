"""The engine `durable`: a second derivation, independent of `direct`, in which durable-rules matches the conditions.

Values are computed, and single values compared, as `direct` does it; every condition made of comparisons, and so every
row of a decision table, every requirement and contradiction, is matched by durable-rules. It knows only whether a rule
fires, so each group of conditions is asked in two worlds: pessimistically, an unknown comparison counts as false,
optimistically as true. What fires in the first is true, only in the second open, in none false: strong Kleene,
because negation stands only at the comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from vwv_im.case import CasePart
from vwv_im.lang.nodes import Atom, Condition, Every, Row, Some
from vwv_im.lang.truth import Truth
from vwv_im.reasoning.direct import Evaluation, Get, functions_of
from vwv_im.reasoning.durable_groups import EngineLimitError, Group, Groups
from vwv_im.reasoning.durable_session import EngineFailure, EngineUnavailable, Session, Sessions, import_engine
from vwv_im.reasoning.plan import Derivation, Periods, Plan
from vwv_im.reasoning.records import Record, Records, SlotLayout

__all__ = ["Durable", "EngineFailure", "EngineLimitError", "EngineUnavailable", "available"]

Truths = dict[str, Truth]
Form = Callable[[Record, Mapping[str, Truth]], Any]
Step = tuple[str, int, Form]
Series = tuple[Periods, Get, Get]


@cache
def available() -> bool:
    """Whether durable-rules can be imported here."""
    try:
        import_engine()
    except EngineUnavailable:
        return False
    return True


class Durable:
    """A plan compiled to rules of durable-rules. It may be used from several threads at once, and starts none.

    Building one takes some milliseconds and memory that the engine never gives back; keep it as long as its plan.
    Raises `EngineUnavailable` where durable-rules cannot be imported, and `EngineLimitError` where the plan exceeds
    what it can match.
    """

    name = "durable"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = SlotLayout(plan)
        self._groups = Groups(plan)
        self._sessions = Sessions(self._groups.definitions())
        self._stages = list(self._in_stages())
        rule = self._rule
        self._requirements = [
            (r.scope, rule(r.scope, r.applies), rule(r.scope, r.condition)) for r in plan.requirements
        ]
        self._contradictions = [(k.scope, rule(k.scope, k.condition)) for k in plan.contradictions]

    def evaluate(self, case: CasePart, on: date, readings: Mapping[str, str]) -> Evaluation:
        """Derive all facts of a case and test every requirement and contradiction, as `direct` does.

        Raises `EngineFailure` where durable-rules does what it must not.
        """
        records = self.layout.fill(case, on, readings)
        truths: dict[str, list[Truths]] = {scope: [{} for _ in found] for scope, found in records.of.items()}
        with self._sessions.open() as session:
            for questions, steps, series in self._stages:
                for question in questions:
                    for record, known in zip(records.of[question.scope], truths[question.scope], strict=True):
                        known.update(question.ask(session, record))
                _derive(steps, records, truths)
                for one, first, last in series:
                    days = [(first(record), last(record)) for record in records.of[self.layout.parent(one.scope) or ""]]
                    self.layout.make_series(one.scope, records.of, days, step=one.step)
                    truths[one.scope] = [{} for _ in records.of[one.scope]]
        findings = tuple(
            (_truth(known, applies), known[holds])
            for scope, applies, holds in self._requirements
            for known in truths[scope]
        )
        present = tuple(known[rule] for scope, rule in self._contradictions for known in truths[scope])
        return Evaluation(records, findings, present)

    def _rule(self, scope: str, condition: Condition | None) -> str:
        """Return the name of the rule of a condition, nothing where there is no condition."""
        return "" if condition is None else self._groups.rule(scope, condition)

    def _in_stages(self) -> Iterator[tuple[list[_Question], list[Step], list[Series]]]:
        """Yield for each stage what the engine is asked, what is derived from its answers, and what series are made."""
        groups, derivations = list(self._groups), self.plan.derivations
        literals = functions_of(self.layout, [(group.scope, tuple(group.literals.values())) for group in groups])
        self._values = self._values_of(derivations)
        series = [self._days_of(one) for one in self.plan.series]
        stages = {one.stage for one in groups}.union(range(len(self.plan.stages)))
        for stage in sorted(stages):
            questions = [_Question(*pair) for pair in zip(groups, literals, strict=True) if pair[0].stage == stage]
            steps = [self._step(derivation) for derivation in derivations if derivation.stage == stage]
            yield questions, steps, [one for one in series if one[0].stage == stage]

    def _days_of(self, one: Periods) -> Series:
        """Return a series with what computes its first and its last day, as seen from the scope above it."""
        above = self.layout.parent(one.scope) or one.scope
        first, last = functions_of(self.layout, [(above, (day,)) for day in (one.first, one.last)], alone=True)
        return one, first, last

    def _values_of(self, derivations: Iterable[Derivation]) -> dict[int, Get]:
        """Return what computes each value that is derived, by the identity of the value: 0 is not 0.00."""
        forms = ((d.scope, d.form if isinstance(d.form, tuple) else (d.form,)) for d in derivations)
        values = ((scope, part.value if isinstance(part, Row) else part) for scope, parts in forms for part in parts)
        wanted = [(scope, (value,)) for scope, value in values if not isinstance(value, Atom | Every | Some)]
        found = functions_of(self.layout, wanted, alone=True)
        return {id(value): get for (_, (value,)), get in zip(wanted, found, strict=True)}

    def _step(self, derivation: Derivation) -> Step:
        return derivation.scope, self.layout.slot(derivation.fact)[1], self._form(derivation)

    def _form(self, derivation: Derivation) -> Form:
        form, scope = derivation.form, derivation.scope
        if isinstance(form, tuple):
            return _table([(self._rule(scope, row.condition), self._values[id(row.value)]) for row in form])
        if isinstance(form, Atom | Every | Some):
            rule = self._rule(scope, form)
            return lambda _record, known: known[rule]
        get = self._values[id(form)]
        return lambda record, _known: get(record)


class _Question:
    """A group of conditions as the engine is asked about them; `literals` gives the truth of each comparison."""

    def __init__(self, group: Group, literals: Get) -> None:
        self.scope = group.scope
        self._guard = group.guard
        self._rules, self._names = tuple(group.rules), tuple(group.literals)
        self._literals = literals

    def ask(self, session: Session, record: Record) -> Iterator[tuple[str, Truth]]:
        """Yield the truth of each condition on a record."""
        literals = list(zip(self._names, self._literals(record), strict=True))
        certain = session.fired(self._guard, (name for name, truth in literals if truth))
        possible = certain
        if any(truth is None for _, truth in literals):
            possible = session.fired(self._guard, (name for name, truth in literals if truth is not False))
        for rule in self._rules:
            yield rule, True if rule in certain else None if rule in possible else False


def _derive(steps: list[Step], records: Records, truths: Mapping[str, list[Truths]]) -> None:
    for scope, slot, form in steps:
        for record, known in zip(records.of[scope], truths[scope], strict=True):
            record[slot] = form(record, known)


def _truth(known: Mapping[str, Truth], rule: str) -> Truth:
    """Return the truth of a rule; where there is no condition, there is none that could fail."""
    return known[rule] if rule else True


def _table(rows: list[tuple[str, Get]]) -> Form:
    """Return what gives the value of the first row that holds; an open row before it leaves the result open."""

    def value(record: Record, known: Mapping[str, Truth]) -> Any:
        for rule, get in rows:
            if (truth := _truth(known, rule)) is not False:
                return get(record) if truth else None
        return None

    return value
