"""Checks across a consolidated Fassung: every item sound in itself and with the others, no cycle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from vwv_im.lang.checking import Checker, Here, Names, literal_type
from vwv_im.lang.nodes import Condition
from vwv_im.lang.types import DAY, TRUTH, FactType
from vwv_im.law.evidence import Belege, faulty_evidence
from vwv_im.law.faults import dotted
from vwv_im.law.history import Entry
from vwv_im.law.model import Ableitung, Auslegung, Model, Parameter, Pflicht, Regel, Widerspruch, facts_read
from vwv_im.law.types import LISTS, REACH, derived_type, scope_of, stated_types
from vwv_im.text import Fault, Text
from vwv_im.text.yaml import Path_


def check_items(
    entries: Mapping[str, tuple[Entry, Model]],
    broken: frozenset[str],
    named: Collection[str],
    readings: Mapping[str, Auslegung],
) -> list[Fault]:
    """Return every fault in the items of a consolidated state.

    `broken` are the names of items and facts that could not be read, `named` those of sources and disputed points.
    """
    faults: list[Fault] = []
    types = stated_types()
    for entry, model in entries.values():
        if isinstance(model, Ableitung):
            if model.ergibt in types:
                faults.append(Fault("VIM020", entry.place(("ergibt",)), *_taken(model.ergibt), f"{entry.id}.ergibt"))
            types[model.ergibt] = derived_type(model)
    results = {entry.id for entry, model in entries.values() if isinstance(model, Regel)}
    names = Names(
        types,
        {entry.id: _parameter_type(model) for entry, model in entries.values() if isinstance(model, Parameter)},
        {name: reading.lesarten for name, reading in readings.items()},
        broken | frozenset(named),
        lambda fact: fact.partition(".")[2].replace("_", "-") in results,
        LISTS,
        REACH,
    )
    for entry, model in entries.values():
        _Item(entry, names, named, faults).check(model)
    return [*faults, *_cycles(entries)]


def _parameter_type(parameter: Parameter) -> FactType | None:
    if parameter.wert is None:
        return None
    found = literal_type(parameter.wert)
    return FactType(found.kind, parameter.einheit, found.values)


@dataclass(frozen=True, slots=True)
class _Item:
    """Checks one item; `faults` collects what it finds."""

    entry: Entry
    names: Names
    named: Collection[str]
    faults: list[Fault]

    def check(self, model: Model) -> None:
        """Check an item and all it consists of."""
        self._evidence(("beleg",), model.beleg)
        match model:
            case Ableitung():
                self._derivation(model)
            case Regel():
                self._condition(("gilt_fuer",), model.gilt_fuer, model.bezug)
                self._condition(("bedingung",), model.bedingung, model.bezug)
            case Widerspruch():
                self._condition(("wenn",), model.wenn, model.bezug)
                self._places(model)
            case Pflicht():
                self._duty(model)

    def _report(self, code: str, where: Path_, message: Text, hint: Text | None) -> None:
        place = self.entry.place(where)
        self.faults.append(Fault(code, place, message, hint, f"{self.entry.id}.{dotted(where)}"))

    def _checker(self, path: Path_) -> Checker:
        """Return what checks the nodes below a path of the item."""

        def report(code: str, below: Path_, message: Text, hint: Text | None) -> None:
            self._report(code, (*path, *below), message, hint)

        return Checker(self.names, report)

    def _evidence(self, path: Path_, evidence: Belege) -> None:
        for code, below, message, hint in faulty_evidence(evidence, self.named):
            self._report(code, (*path, *below), message, hint)

    def _condition(self, path: Path_, condition: Condition | None, scope: str) -> None:
        if condition is not None:
            self._checker(path).condition(condition, Here(scope))

    def _derivation(self, model: Ableitung) -> None:
        scope, declared = scope_of(model.ergibt), derived_type(model)
        if model.wenn is not None:
            self._condition(("wenn",), model.wenn, scope)
            self._checker(("typ",)).agree((), declared, TRUTH)
        if model.rechne is not None:
            self._checker(("rechne",)).check_value(model.rechne, scope, declared)
        for index, row in enumerate(model.faelle or ()):
            self._condition(("faelle", index, "wenn"), row.wenn, scope)
            if row.beleg is not None:
                self._evidence(("faelle", index, "beleg"), row.beleg)
            self._checker(("faelle", index, "dann")).check_value(row.dann, scope, declared)

    def _places(self, model: Widerspruch) -> None:
        for index, fact in enumerate(model.orte):
            if fact.partition(".")[2] not in LISTS:
                self._checker(("orte", index)).fact(fact, (), Here(model.bezug))

    def _duty(self, model: Pflicht) -> None:
        self._condition(("gilt_fuer",), model.gilt_fuer, "antrag")
        if model.faellig is not None and model.day is not None:
            yearly = model.faellig.jaehrlich is not None
            path = ("faellig", "jaehrlich", "bis") if yearly else ("faellig", "tag")
            self._checker(path).check_value(model.day, "antrag", DAY)


def _cycles(entries: Mapping[str, tuple[Entry, Model]]) -> Iterator[Fault]:
    """Yield the cycles among derived facts, each once."""
    producers = {model.ergibt: (entry, model) for entry, model in entries.values() if isinstance(model, Ableitung)}
    done: set[str] = set()

    def visit(fact: str, trail: tuple[str, ...]) -> Iterator[Fault]:
        if fact in trail:
            cycle = " -> ".join((*trail[trail.index(fact) :], fact))
            message = Text(f"abgeleitete Fakten im Kreis: {cycle}.", f"derived facts in a cycle: {cycle}.")
            entry = producers[fact][0]
            yield Fault("VIM019", entry.place(("ergibt",)), message, None, f"{entry.id}.ergibt")
        elif fact not in done and fact in producers:
            for read in sorted(facts_read(producers[fact][1])):
                yield from visit(read, (*trail, fact))
            done.add(fact)

    for fact in producers:
        yield from visit(fact, ())


def _taken(path: str) -> tuple[Text, Text]:
    return (
        Text(f"Den Fakt '{path}' gibt es schon.", f"The fact '{path}' exists already."),
        Text("Wählen Sie einen anderen Pfad.", "Choose another path."),
    )
