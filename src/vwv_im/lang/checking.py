"""Checking parsed nodes: every name known and in reach, every type and unit right, every fraction rounded."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import READING, Atom, Compute, Constant, Every, Expression, Over, Read, Some
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Comparator, Operation
from vwv_im.lang.types import DAY, DECIMAL, TRUTH, WHOLE, FactType
from vwv_im.text import Path_, Text, as_written, did_you_mean, iso_day


class Report(Protocol):
    """Takes a fault: its kind, where it is below what is checked, a hint of its own, and the words of its sentence."""

    def __call__(self, kind: str, at: Path_, hint: Text | None = None, **words: Any) -> None:
        """Note the fault."""


class Names(NamedTuple):
    """What a node may name: the types of facts, parameters and the readings of each disputed point.

    A parameter that no source tells has no type. `unsure` are names that exist but could not be read; `results` tells
    whether a fact is really the result of a requirement; `lists` gives for a scope the scope of the entries of each
    list that stands there or above, `reach` the scopes whose facts it may read.
    """

    types: Mapping[str, FactType]
    parameters: Mapping[str, FactType | None]
    readings: Mapping[str, Mapping[str, Any]]
    unsure: frozenset[str]
    results: Callable[[str], bool]
    lists: Callable[[str], Mapping[str, str]]
    reach: Mapping[str, frozenset[str]]


class Here(NamedTuple):
    """The scope from which facts are read, whether what is computed will be rounded, and the scope around a list."""

    scope: str
    rounded: bool = False
    outer: str | None = None


class Checker(Fold[None, FactType | None, Here]):
    """Checks nodes and works out the type of each computation; `None` where it cannot be told."""

    def __init__(self, names: Names, report: Report) -> None:
        self.names = names
        self.report = report

    def check_value(self, node: Expression, scope: str, wanted: FactType) -> None:
        """Check a computation and that it gives what is wanted; a fault of that is at the node."""
        self._wants(node, Here(scope), wanted)

    def joined(self, node: Every | Some, parts: Iterator[None], here: Here) -> None:
        """Check all parts."""
        list(parts)

    def atom(self, node: Atom, here: Here) -> None:
        """Check a comparison."""
        if node.fact.startswith(READING):
            self._reading(node)
            return
        how = COMPARISONS[node.written]
        fact = self.fact(node.fact, (*node.at, "fakt"), here)
        several = isinstance(node.operand, tuple)
        if fact is not None and how.of_lists and (fact.kind == "auswahlliste") is not several:
            self.report("list_or_value", (*node.at, how.name))
            return
        for operand in node.operands:
            if not self._comparable(node, how, fact, operand, here):
                return

    def _comparable(self, node: Atom, how: Comparator, fact: FactType | None, operand: Expression, here: Here) -> bool:
        found = self.expression(operand, here)
        if fact is None or found is None:
            return True
        unordered = how.ordered and fact.kind == "auswahl" and fact.ranks is None
        if fact.kind not in how.takes or unordered:
            self.report("does_not_fit", (*node.at, how.name), name=how.name, what=f"{node.fact} ({fact.kind})")
            return False
        element = FactType("auswahl", values=fact.values) if fact.kind == "auswahlliste" else fact
        self.agree(operand.at, element, found)
        return True

    def _reading(self, node: Atom) -> None:
        name, known = node.fact.removeprefix(READING), self.names.readings
        option = str(node.operand.value) if isinstance(node.operand, Constant) else ""
        if name not in known:
            if name not in self.names.unsure:
                self.report("unknown_dispute", (*node.at, "auslegung"), did_you_mean(name, known), name=name)
        elif option not in known[name]:
            self.report("unknown_reading", (*node.at, "ist"), did_you_mean(option, known[name]), name=option)

    def constant(self, node: Constant, here: Here) -> FactType | None:
        """Return the type of a fixed value or a parameter."""
        if node.parameter is None:
            return literal_type(node.value)
        known = self.names.parameters
        if node.parameter not in known and f"parameter.{node.parameter}" not in self.names.unsure:
            hint = did_you_mean(node.parameter, known)
            self.report("unknown_parameter", (*node.at, "parameter"), hint, name=node.parameter)
        return known.get(node.parameter)

    def read(self, node: Read, here: Here) -> FactType | None:
        """Return the type of a fact."""
        return self.fact(node.fact, (*node.at, "fakt"), here)

    def fact(self, fact: str, at: Path_, here: Here) -> FactType | None:
        """Return the type of a fact that is read at a place; report where there is none, or none in reach."""
        found = self.names.types.get(fact)
        if found is None:
            self._unknown(fact, at)
        elif here.scope in self.names.reach and not self._in_reach(fact.partition(".")[0], here):
            self.report("not_unique", at, name=fact, scope=here.scope)
            return None
        return found

    def _in_reach(self, scope: str, here: Here) -> bool:
        reach = self.names.reach
        return scope in reach[here.scope] or (here.outer is not None and scope in reach[here.outer])

    def _unknown(self, fact: str, at: Path_) -> None:
        if fact in self.names.unsure:
            return
        if self.names.results(fact):
            self.report("reads_a_result", at)
            return
        self.report("unknown_fact", at, did_you_mean(fact, self.names.types), name=fact)

    def compute(
        self, node: Compute, operation: Operation, operands: Iterator[FactType | None], here: Here
    ) -> FactType | None:
        """Return the type of an operation."""
        if operation.fraction and not here.rounded:
            self.report("fraction", node.at)
        if isinstance(operation.takes, tuple):
            for part, wanted in zip(node.operands, operation.takes, strict=True):
                self._wants(part, here._replace(rounded=False), wanted)
            return operation.gives
        inner = here._replace(rounded=True) if operation.rounds else here
        found = [(part.at, kind) for part in node.operands if (kind := self.expression(part, inner)) is not None]
        if operation.takes == "numbers":
            for at, kind in found:
                self.agree(at, DECIMAL, FactType(kind.kind))
        return operation.gives or self._common(node, operation, found)

    def _common(self, node: Compute, operation: Operation, found: list[tuple[Path_, FactType]]) -> FactType | None:
        """Return the type that all operands have, and report those that differ from the first."""
        first: FactType | None = None
        for at, kind in found:
            if first is not None:
                self.agree(at, first, kind)
            if first is None or first.unit is None:
                first = kind
        return self._number(node.at, first) if operation.takes == "amounts" else first

    def over(self, node: Over, here: Here) -> FactType | None:
        """Return the type of an operation over the entries of a list."""
        if here.scope not in self.names.reach:
            return None
        lists = self.names.lists(here.scope)
        scope = lists.get(node.scope)
        if here.outer is not None:
            self.report("sum_in_a_sum", node.at)
            return None
        if scope is None:
            self._no_list(node, lists)
            return None
        inner = here._replace(scope=scope, outer=here.scope)
        found = self.expression(node.value, inner)
        if node.where is not None:
            self.condition(node.where, inner)
        if node.empty is not None and found is not None:
            self._wants(node.empty, here, found)
        operation = OPERATIONS[node.operation]
        return self._number(node.at, found) if operation.takes == "amounts" else operation.gives or found

    def _no_list(self, node: Over, lists: Mapping[str, str]) -> None:
        at, hint = (*node.at, f"{node.operation}_ueber"), did_you_mean(node.scope, lists)
        self.report("no_such_option", at, hint, known=", ".join(lists), given=as_written(node.scope))

    def _wants(self, node: Expression, here: Here, wanted: FactType) -> None:
        found = self.expression(node, here)
        if found is not None:
            self.agree(node.at, wanted, found)

    def _number(self, at: Path_, found: FactType | None) -> FactType | None:
        """Return the type of what is added up; report where it is no number."""
        if found is None or found.numeric:
            return found
        self.report("mismatch", at, wanted=DECIMAL, found=found)
        return None

    def agree(self, at: Path_, wanted: FactType, found: FactType) -> None:
        """Report where `found` is not of the type and unit `wanted`."""
        same = wanted.kind == found.kind or (wanted.numeric and found.numeric)
        same = same or {wanted.kind, found.kind} <= {"auswahl", "text"}
        if not same or (wanted.unit and found.unit and wanted.unit != found.unit):
            self.report("mismatch", at, wanted=wanted, found=found)
            return
        unknown = [value for value in found.values if wanted.values and value not in wanted.values]
        if wanted.kind == "auswahl" and unknown:
            hint = did_you_mean(unknown[0], wanted.values)
            self.report("no_value", at, hint, name=unknown[0], known=", ".join(wanted.values))


def literal_type(value: object) -> FactType:
    """Return the type of a value written in a rule file."""
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, int):
        return WHOLE
    if isinstance(value, Decimal):
        return DECIMAL
    return DAY if iso_day(value) else FactType("auswahl", values=(str(value),))
