"""The smallest changes of a value, a condition, a computation or a table, as rule files write them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain, pairwise
from typing import Any, NamedTuple

from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import READING, Atom, Compute, Constant, Every, Over, Read, Some
from vwv_im.lang.parsing import COMPOUNDS, WRITER, parse_condition, parse_expression
from vwv_im.lang.table import COMPARISONS, OPERATIONS, OVER, WRITTEN, Operation
from vwv_im.lang.types import TEXT, WORD, FactType
from vwv_im.law.model import Auslegung, Parameter
from vwv_im.text import Path_, iso_day


class Mutation(NamedTuple):
    """One change at one place: `path` is where, `new` what stands there afterwards, `kind` one of those in messages."""

    path: Path_
    kind: str
    change: str
    new: Any


@dataclass(frozen=True)
class Alternatives:
    """What may stand in place of something else: values of facts, parameters of the same unit, other readings.

    `derived` tells which fact a derivation gives, by its id.
    """

    types: Mapping[str, FactType]
    derived: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Auslegung]

    def type(self, fact: str) -> FactType:
        """Return the type of a fact; that of a text where it is not known."""
        return self.types.get(fact, WORD)

    def like(self, parameter: str) -> list[str]:
        """Return the other parameters of the same unit."""
        unit = self.parameters[parameter].einheit if parameter in self.parameters else None
        return [name for name, other in self.parameters.items() if unit and other.einheit == unit and name != parameter]


def _neighbours(values: Sequence[str], value: str) -> tuple[str, ...]:
    if value not in values:
        return ()
    index = values.index(value)
    return tuple(values[max(index - 1, 0) : index]) + tuple(values[index + 1 : index + 2])


def mutate_scalar(path: Path_, value: Any, values: Sequence[str] = ()) -> Iterator[Mutation]:
    """Yield a value one step further: the next number, day or word, the other truth value.

    >>> for mutation in mutate_scalar(("wert",), Decimal("0.25")):
    ...     print(mutation.change)
    0.25 → 1.25
    0.25 → -0.75
    0.25 → 0.26
    0.25 → 0.24
    """
    if isinstance(value, bool):
        yield Mutation(path, "wert", f"{value} → {not value}".lower(), not value)
    elif isinstance(value, int | Decimal):
        for unit in _units(value):
            yield Mutation(path, "zahl", f"{value} → {value + unit}", value + unit)
            yield Mutation(path, "zahl", f"{value} → {value - unit}", value - unit)
    elif isinstance(value, str) and (day := iso_day(value)) is not None:
        for other in (day + timedelta(days=1), day - timedelta(days=1)):
            yield Mutation(path, "tag", f"{day} → {other}", other.isoformat())
    elif isinstance(value, str):
        for word in _neighbours(values, value):
            yield Mutation(path, "wert", f"{value} → {word}", word)


def _units(value: int | Decimal) -> tuple[int | Decimal, ...]:
    last = Decimal((0, (1,), int(value.as_tuple().exponent))) if isinstance(value, Decimal) else 1
    return (1,) if last == 1 else (1, last)


def drop_each(path: Path_, parts: Sequence[Any], kind: str, what: str) -> Iterator[Mutation]:
    """Yield a list without each of its parts, where something is left."""
    for index in range(len(parts) if len(parts) > 1 else 0):
        yield Mutation(path, kind, f"ohne {what} {index + 1}", [*parts[:index], *parts[index + 1 :]])


def swap_neighbours(path: Path_, parts: Sequence[Any], kind: str, what: str) -> Iterator[Mutation]:
    """Yield a list with each two neighbours swapped."""
    for index in range(len(parts) - 1):
        new = [*parts[:index], parts[index + 1], parts[index], *parts[index + 2 :]]
        yield Mutation(path, kind, f"{what} {index + 1} und {index + 2} vertauscht", new)


def mutate_condition(path: Path_, node: Any, words: Alternatives, *, negated: bool = False) -> Iterator[Mutation]:
    """Yield every change of a condition."""
    key = next((key for key in COMPOUNDS if key in node), None)
    if key is not None:
        (other,) = COMPOUNDS.keys() - {key}
        if len(node[key]) > 1:
            yield Mutation(path, "verknuepfung", f"{key} → {other}", {other: node[key]})
        yield from drop_each((*path, key), node[key], "bedingung", "Teil")
        for index, part in enumerate(node[key]):
            yield from mutate_condition((*path, key, index), part, words)
    elif "nicht" in node:
        yield Mutation(path, "verknuepfung", "ohne nicht", node["nicht"])
        yield from mutate_condition((*path, "nicht"), node["nicht"], words, negated=True)
    else:
        found = _Changes(words).condition(parse_condition(node), "")
        yield from _below(path, (mutation for mutation in found if not (negated and mutation.new == {"nicht": node})))


def mutate_expression(path: Path_, node: Any, words: Alternatives, fact: str) -> Iterator[Mutation]:
    """Yield every change of a computation whose result is, or is compared with, `fact`."""
    return _below(path, _Changes(words).expression(parse_expression(node), fact))


def _below(path: Path_, mutations: Iterator[Mutation]) -> Iterator[Mutation]:
    return (mutation._replace(path=(*path, *mutation.path)) for mutation in mutations)


class _Changes(Fold[Iterator[Mutation], Iterator[Mutation], str]):
    """The changes of comparisons and computations; `here` is the fact that a result is, or is compared with."""

    def __init__(self, words: Alternatives) -> None:
        self.words = words

    def joined(self, node: Every | Some, parts: Iterator[Iterator[Mutation]], here: str) -> Iterator[Mutation]:
        return chain.from_iterable(parts)

    def atom(self, node: Atom, here: str) -> Iterator[Mutation]:
        if node.fact.startswith(READING):
            yield from self._of_reading(node)
            return
        how, raw = COMPARISONS[node.written], WRITER.condition(node, None)
        operand = raw[how.name]
        if how.opposite is not None:
            turned, bound = {"fakt": node.fact, how.opposite: operand}, COMPARISONS[how.opposite].negated
            yield Mutation(node.at, "vergleich", f"{how.name} → {how.opposite}", turned)
            if isinstance(operand, dict) or self.words.type(node.fact).kind == "dezimal":
                yield Mutation(node.at, "grenze", f"{how.name} → {bound.replace('_', ' ')}", {"nicht": turned})
        else:
            yield Mutation(node.at, "vergleich", f"{how.name} → nicht {how.name}", {"nicht": raw})
        if isinstance(node.operand, tuple):
            yield from self._of_listed((*node.at, how.name), operand, node.fact)
        else:
            yield from self.expression(node.operand, node.fact)

    def _of_reading(self, node: Atom) -> Iterator[Mutation]:
        known = self.words.readings.get(node.fact.removeprefix(READING))
        for option in known.lesarten if known else ():
            if option != node.required:
                yield Mutation((*node.at, "ist"), "wert", f"{node.required} → {option}", option)

    def _of_listed(self, path: Path_, listed: Sequence[Any], fact: str) -> Iterator[Mutation]:
        yield from drop_each(path, listed, "wert", "Wert")
        if more := [value for value in self.words.type(fact).values if value not in listed]:
            yield Mutation(path, "wert", f"und {more[0]}", [*listed, more[0]])

    def constant(self, node: Constant, here: str) -> Iterator[Mutation]:
        if node.parameter is None:
            yield from mutate_scalar(node.at, node.value, self.words.type(here).values)
            return
        for other in self.words.like(node.parameter):
            yield Mutation((*node.at, "parameter"), "parameter", f"{node.parameter} → {other}", other)

    def read(self, node: Read, here: str) -> Iterator[Mutation]:
        yield from ()

    def over(self, node: Over, here: str) -> Iterator[Mutation]:
        of_its_kind = (one for one in OVER.values() if one.gives == OPERATIONS[node.operation].gives)
        for other in of_its_kind:
            if other.name != node.operation:
                yield _swap_operation(node, other.name)
        yield from self.expression(node.value, here)
        if node.where is not None:
            yield from self.condition(node.where, here)

    def compute(
        self, node: Compute, operation: Operation, operands: Iterator[Iterator[Mutation]], here: str
    ) -> Iterator[Mutation]:
        if operation.other is not None:
            yield _swap_operation(node, operation.other)
        if (operation.arity == 1 and not operation.fixed) or operation.takes == (operation.gives, TEXT):
            yield Mutation(node.at, "rechnung", f"ohne {operation.written}", WRITER.expression(node.operands[0], None))
        yield from (_other_way(node, operation, way) for way in WRITTEN[operation.written] if way is not operation)
        yield from _reorder(node, operation)
        yield from chain.from_iterable(operands)


def _swap_operation(node: Compute | Over, other: str) -> Mutation:
    """Return the change to another operation on the same operands."""
    old, new = WRITER.expression(node, None), WRITER.expression(replace(node, operation=other), None)
    return Mutation(node.at, "rechnung", f"{next(iter(old))} → {next(iter(new))}", new)


def _other_way(node: Compute, one: Operation, other: Operation) -> Mutation:
    """Return the change to another operation written by the same key: by what stands beside it, or below it."""
    for key, value in other.fixed.items():
        if value != one.fixed[key]:
            return Mutation((*node.at, key), "rechnung", f"{one.fixed[key]} → {value}", value)
    (old, new), *_ = (pair for pair in zip(one.keys, other.keys, strict=True) if pair[0] != pair[1])
    written = WRITER.expression(replace(node, operation=other.name), None)
    return Mutation((*node.at, one.written), "rechnung", f"{old} → {new}", written[other.written])


def _reorder(node: Compute, operation: Operation) -> Iterator[Mutation]:
    """Yield neighbours swapped where that may matter, and operands left out of a list."""
    parts, path = [WRITER.expression(part, None) for part in node.operands], (*node.at, operation.written)
    if operation.listed and operation.directed:
        yield from swap_neighbours(path, parts, "rechnung", "Teile")
    if operation.arity is None:
        yield from drop_each(path, parts, "rechnung", "Teil")
    below, takes = dict(zip(operation.keys, parts, strict=False)), operation.takes
    for number, (one, other) in enumerate(pairwise(below)):
        if not isinstance(takes, tuple) or takes[number] == takes[number + 1]:
            new = {**below, one: below[other], other: below[one]}
            yield Mutation(path, "rechnung", f"{one} und {other} vertauscht", new)


def mutate_table(path: Path_, rows: Sequence[Any], words: Alternatives, fact: str) -> Iterator[Mutation]:
    """Yield every change of a decision table that gives `fact`."""
    yield from swap_neighbours(path, rows, "zeile", "Zeilen")
    yield from drop_each(path, rows, "zeile", "Zeile")
    for index, row in enumerate(rows):
        if row.get("wenn") is not None:
            rest = {key: value for key, value in row.items() if key != "wenn"}
            yield Mutation((*path, index), "bedingung", "ohne wenn", rest)
            yield from mutate_condition((*path, index, "wenn"), row["wenn"], words)
        yield from mutate_expression((*path, index, "dann"), row["dann"], words, fact)
