"""Which stated facts the open requirements of a row lack: the same as `vwv_im.decision.missing`, for columns.

An open requirement asks for every fact its conditions read. Where such a fact is unknown and derived, it asks in turn
for what it is derived from: of a decision table all rows that are not *no* up to the first *yes*. Where the entries of
a series are unknown, it asks for what its days are derived from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from vwv_im.case.vocabulary import DECISION_DAY, scope_of
from vwv_im.lang.fold import Fold, facts_of
from vwv_im.lang.nodes import READING, Atom, Compute, Condition, Constant, Every, Over, Read, Row, Some, is_reading
from vwv_im.lang.table import Operation
from vwv_im.reasoning.columns.compiling import Compiler, Test, every, negate, settle, some
from vwv_im.reasoning.plan import Plan, SeriesDefinition

Passed = Callable[[str, str, Test], Test]
"""Hands a truth value from one scope to another: to one above if it holds for any row there, else to each row."""


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """Who asks for what a node reads: a scope, in the rows where `when` holds.

    `outer` is who goes through a list, where that is another scope than the one that has the list.
    """

    scope: str
    when: Test
    outer: Asking | None = None


@dataclass(eq=False)
class Tracer(Fold[None, None, Asking]):
    """Collects who asks for a fact, and who for the entries of a list as such.

    `unknown` tells whether a fact is unknown, `listed` whether the list of a row is known; `passed` carries between
    scopes.
    """

    plan: Plan
    compiler: Compiler
    unknown: Callable[[str], Test]
    listed: Callable[[str], Test]
    passed: Passed
    _asking: dict[str, dict[Asking, Test]] = field(default_factory=lambda: defaultdict(dict))
    _lists: dict[str, dict[Asking, Test]] = field(default_factory=lambda: defaultdict(dict))

    def ask(self, condition: Condition | None, here: Asking) -> None:
        """Let a condition ask for what it reads."""
        if condition is not None:
            self.condition(condition, here)

    def missing(self) -> Iterable[tuple[str, Test]]:
        """Yield each stated fact with whether it is asked for and unknown."""
        for derivations, series in reversed(self.plan.stages):
            for one in series:
                self._days(one)
            for derivation in reversed(derivations):
                if derivation.fact in self._asking:
                    self.form(derivation.form, Asking(derivation.scope, self._lacking(derivation.fact)))
        for fact in list(self._asking):
            if fact not in self.plan.producers:
                yield fact, self._lacking(fact)

    def lists(self) -> Iterable[tuple[str, Test]]:
        """Yield the scope of each list that a case may state with whether its entries are asked for."""
        for scope, asking in self._lists.items():
            if self.plan.vocabulary.entities[scope].series is None:
                yield scope, some(list(asking.values()))

    def _lacking(self, fact: str) -> Test:
        return self.compiler.share(every([some(list(self._asking[fact].values())), self.unknown(fact)]))

    def _days(self, one: SeriesDefinition) -> None:
        """Ask for the days of a series whose entries are asked for and unknown."""
        given = self.plan.vocabulary.entities[one.scope].given
        whens = [*self._lists.get(one.scope, {}).values()]
        whens += [when for fact in given for when in self._asking.pop(fact, {}).values()]
        if whens:
            above = self.plan.vocabulary.parent(one.scope) or one.scope
            when = self.passed(one.scope, above, every([some(whens), negate(self.listed(one.scope))]))
            for day in one.days:
                self.expression(day, Asking(above, when))

    def joined(self, node: Every | Some, parts: Iterator[None], here: Asking) -> None:
        """Ask for what the parts read, unless the reading followed decides."""
        decides = node.connective.decides
        if not any(self.compiler.test(part) is decides for part in node.parts if is_reading(part)):
            list(parts)

    def atom(self, node: Atom, here: Asking) -> None:
        """Ask for what a comparison reads."""
        for fact in facts_of(node):
            self.read(Read(fact), here)

    def constant(self, node: Constant, here: Asking) -> None:
        """Ask for nothing."""

    def read(self, node: Read, here: Asking) -> None:
        """Ask for a fact, unless every row knows it."""
        fact, above = node.fact, self.plan.vocabulary.above(here.scope)
        if here.outer is not None and scope_of(fact) not in above:
            here = here.outer
        if fact != DECISION_DAY and not fact.startswith(READING) and here not in self._asking[fact]:
            self._asking[fact][here] = self.passed(here.scope, scope_of(fact), here.when)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[None], here: Asking) -> None:
        """Ask for what the operands read."""
        list(operands)

    def over(self, node: Over, here: Asking) -> None:
        """Ask for the entries of a list where it is unknown, else let every entry ask for what is read of it."""
        when, listed = self.passed(here.scope, node.scope, here.when), self.listed(node.scope)
        self._lists[node.scope][here] = when
        outer = None
        if self.plan.vocabulary.parent(node.scope) != here.scope:
            outer = Asking(here.scope, every([here.when, self.passed(node.scope, here.scope, listed)]))
        self.expression(node.value, Asking(node.scope, every([when, listed]), outer))

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[None, None]], here: Asking) -> None:
        """Ask for what the rows read that are not *no*, up to the first *yes*."""
        when, kept = here.when, self.compiler.share
        for row in rows:
            test = self.compiler.test(row.condition)
            self.row(row, Asking(here.scope, kept(every([when, settle(test, open_as=True)]))))
            when = kept(every([when, negate(settle(test, open_as=False))]))
