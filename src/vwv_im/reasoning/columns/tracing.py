"""Which stated facts the open requirements of a row lack: the same as `vwv_im.decision.missing`, for columns.

An open requirement asks for every fact its conditions read. Where such a fact is unknown and derived, it asks in turn
for what it is derived from: of a decision table all rows that are not *no* up to the first *yes*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import polars as pl

from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import (
    READING,
    Atom,
    Compute,
    Condition,
    Every,
    Expression,
    Over,
    Read,
    Row,
    Some,
)
from vwv_im.law.types import DAY, scope_of
from vwv_im.reasoning.columns.compiling import Compiler, Test, as_column, every, inverted, some
from vwv_im.reasoning.plan import Derivation, Plan

Passed = Callable[[str, str, Test], Test]
"""Hands a truth value from one scope to another: to the application if it holds for any, else to each."""


class Tracer:
    """Collects who asks for a fact.

    `unknown` tells whether a fact is unknown, `passed` carries between scopes.
    """

    def __init__(self, plan: Plan, compiler: Compiler, unknown: Callable[[str], Test], passed: Passed) -> None:
        self.plan = plan
        self.compiler = compiler
        self.unknown = unknown
        self.passed = passed
        self._asking: dict[str, list[Test]] = defaultdict(list)
        self.unstated_members: list[Test] = []

    def ask(self, conditions: Iterable[Condition | None], scope: str, asking: Test) -> None:
        """Let a requirement of `scope` ask for what its conditions read, where `asking` holds."""
        for condition in conditions:
            self._of_facts(facts_of(condition), scope, asking)

    def missing(self) -> Iterable[tuple[str, Test]]:
        """Yield each stated fact with whether it is asked for and unknown."""
        for derivation in reversed(self.plan.derivations):
            if derivation.fact in self._asking:
                self._of_derivation(derivation, self._lacking(derivation.fact))
        for fact in list(self._asking):
            if fact not in self.plan.producers:
                yield fact, self._lacking(fact)

    def _lacking(self, fact: str) -> Test:
        return self.compiler.kept(every([some(self._asking[fact]), self.unknown(fact)]))

    def _of_facts(self, facts: Iterable[str], scope: str, asking: Test) -> None:
        for fact in dict.fromkeys(facts):
            if fact != DAY and not fact.startswith(READING):
                self._asking[fact].append(self.passed(scope, scope_of(fact), asking))

    def _of_derivation(self, derivation: Derivation, asking: Test) -> None:
        form, scope = derivation.form, derivation.scope
        if isinstance(form, tuple):
            self._of_table(form, scope, asking)
        elif isinstance(form, Atom | Every | Some):
            self.ask([form], scope, asking)
        else:
            self._of_expression(form, scope, asking)

    def _of_table(self, rows: tuple[Row, ...], scope: str, asking: Test) -> None:
        for row in rows:
            test = self.compiler.test(row.condition)
            reached = self.compiler.kept(every([asking, _not_no(test)]))
            self.ask([row.condition], scope, reached)
            self._of_expression(row.value, scope, reached)
            asking = self.compiler.kept(every([asking, _not_yes(test)]))

    def _of_expression(self, expression: Expression, scope: str, asking: Test) -> None:
        match expression:
            case Read(fact=fact):
                self._of_facts([fact], scope, asking)
            case Compute(operands=operands):
                for operand in operands:
                    self._of_expression(operand, scope, asking)
            case Over(scope=inner, value=value):
                if inner == "mitglied":
                    self.unstated_members.append(asking)
                self._of_expression(value, inner, self.passed(scope, inner, asking))


def _not_no(test: Test) -> Test:
    return as_column(test).fill_null(True) if isinstance(test, pl.Expr) else test is not False


def _not_yes(test: Test) -> Test:
    return inverted(as_column(test).fill_null(False)) if isinstance(test, pl.Expr) else test is not True
