"""How far derived facts reach: none reads itself, none rests on too much, none is a number beyond all measure.

What reads and explains rules follows a fact to those that it was derived from; rules from elsewhere must not make that
endless.
"""

from collections.abc import Generator, Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any

from vwv_im.case.vocabulary import Vocabulary, scope_of
from vwv_im.lang import Atom, Compute, Constant, Every, Operation, Over, Row, Some, facts_of
from vwv_im.lang.fold import Fold, nodes
from vwv_im.lang.nodes import Read
from vwv_im.law.entry import Entry
from vwv_im.law.model import Ableitung, Model
from vwv_im.text import Fault, fault_of

DEEPEST = 100
"""Of so many steps may the longest way from a derived fact to a stated one be: conditions, operations and tables."""
MOST_PARTS, MOST_ROWS = 1000, 100
"""So many parts may the conditions and computations of an item have, and so many rows its table."""
MOST_DIGITS = 200
"""So many digits may a derived number have."""
_OF_A_COUNT = 9
"""Digits of whole numbers that count something: months, days, entries."""


class _Measure(Fold[int, int, Mapping[str, int]]):
    """Measures what derives a fact from what is known of the facts that it reads (`here`)."""

    def joined(self, node: Every | Some, parts: Iterator[int], here: Mapping[str, int]) -> int:
        return self.around(list(parts))

    def atom(self, node: Atom, here: Mapping[str, int]) -> int:
        operands = (self.expression(part, here) for part in node.operands)
        return self.around([here.get(node.fact, 0), *operands])

    def read(self, node: Read, here: Mapping[str, int]) -> int:
        return here.get(node.fact, 0)

    def constant(self, node: Constant, here: Mapping[str, int]) -> int:
        return 0

    def compute(self, node: Compute, operation: Operation, operands: Iterator[int], here: Mapping[str, int]) -> int:
        return self.around(list(operands))

    def over(self, node: Over, here: Mapping[str, int]) -> int:
        parts = [self.expression(node.value, here)]
        return self.around([*parts, *(self.condition(one, here) for one in (node.where,) if one is not None)])

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[int | None, int]], here: Mapping[str, int]) -> int:
        return self.around([max(condition or 0, value) for condition, value in meant])

    def around(self, parts: list[int]) -> int:
        """Return the measure of what consists of parts."""
        return 1 + max(parts, default=0)


class _Digits(_Measure):
    """Measures how many digits a number can have; a condition has none."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters

    def atom(self, node: Atom, here: Mapping[str, int]) -> int:
        return 0

    def constant(self, node: Constant, here: Mapping[str, int]) -> int:
        return digits_of(node.value if node.parameter is None else self.parameters.get(node.parameter))

    def compute(self, node: Compute, operation: Operation, operands: Iterator[int], here: Mapping[str, int]) -> int:
        parts = list(operands)
        if operation.takes == "numbers" or operation.fraction:
            return sum(parts)
        return _OF_A_COUNT if isinstance(operation.takes, tuple) else self.around(parts)

    def over(self, node: Over, here: Mapping[str, int]) -> int:
        return _OF_A_COUNT + self.expression(node.value, here)

    def around(self, parts: list[int]) -> int:
        return max(parts, default=0) + len(str(len(parts)))


def digits_of(value: object) -> int:
    """Return how many digits a fixed number has, before and after the point."""
    if isinstance(value, Decimal):
        return len(f"{value:f}")
    return len(str(value)) if isinstance(value, int) else 0


def faults_of_extent(entries: Mapping[str, tuple[Entry, Model]], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield the cycles among derived facts, each once; else those that rest on too much, or grow without measure."""
    derived = {model.ergibt: (entry, model) for entry, model in entries.values() if isinstance(model, Ableitung)}
    reads = {fact: entry.reads | _days_of(fact, vocabulary) for fact, (entry, _) in derived.items()}
    for entry, _ in entries.values():
        long = any(isinstance(form, tuple) and len(form) > MOST_ROWS for form in entry.forms)
        if long or sum(1 for _ in islice(nodes(*entry.forms), MOST_PARTS + 1)) > MOST_PARTS:
            yield fault_of("too_many_parts", entry.place(()), entry.id, name=entry.id, most=MOST_PARTS, rows=MOST_ROWS)
    order = yield from _in_order(derived, reads)
    parameters = {entry.id: getattr(model, "wert", None) for entry, model in entries.values()}
    limits = {name: fact.limits for name, fact in vocabulary.facts.items() if fact.limits is not None}
    depths: dict[str, int] = {}
    digits = {name: digits_of(limit.maximum) + limit.places for name, limit in limits.items()}
    measures = (
        ("too_deep_derivation", _Measure(), depths, DEEPEST),
        ("too_many_digits", _Digits(parameters), digits, MOST_DIGITS),
    )
    for fact in order:
        entry, _ = derived[fact]
        for kind, measure, known, most in measures:
            known[fact] = max((measure.form(form, known) for form in entry.forms), default=0)
            if known[fact] > most:
                yield fault_of(kind, entry.place(("ergibt",)), f"{entry.id}.ergibt", name=fact, most=most)
                depths[fact] = digits[fact] = 0  # told once, and not again of all that rests on it
                break


def _in_order(
    derived: Mapping[str, tuple[Entry, Ableitung]], reads: dict[str, frozenset[str]]
) -> Generator[Fault, None, tuple[str, ...]]:
    """Return the derived facts, each after those that it reads; cycles are yielded, and there is then no order."""
    found = False
    while True:
        try:
            order = TopologicalSorter({fact: sorted(reads[fact] & derived.keys()) for fact in reads}).static_order()
            return () if found else tuple(order)
        except CycleError as error:
            found = True
            cycle = error.args[1][::-1]
            entry, _ = derived[cycle[0]]
            yield fault_of("facts_in_a_cycle", entry.place(("ergibt",)), f"{entry.id}.ergibt", names=" -> ".join(cycle))
            reads[cycle[0]] = frozenset()


def _days_of(fact: str, vocabulary: Vocabulary) -> set[str]:
    """Return the facts from which the entries of a series follow, where a fact is one of its entries."""
    entity = vocabulary.entities.get(scope_of(fact))
    return set() if entity is None or entity.series is None else set(facts_of(*entity.series.days))
