"""Checks across the whole law: every Fassung with its items, the order of the acts, and what stands beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from vwv_im.lang.checking import Checker, Here, Names, literal_type
from vwv_im.lang.nodes import Condition
from vwv_im.lang.types import DAY, TRUTH, FactType
from vwv_im.law.evidence import Belege, faulty_evidence
from vwv_im.law.faults import dotted, unplaced
from vwv_im.law.history import Entry, State, acts_up_to, consolidate, models_of
from vwv_im.law.model import Ableitung, Auslegung, Model, Parameter, Pflicht, Regel, Widerspruch, facts_read
from vwv_im.law.reader import Origin, RawAct, RawLaw
from vwv_im.law.types import LISTS, REACH, derived_type, scope_of, stated_types
from vwv_im.text import Fault, Text
from vwv_im.text.faults import did_you_mean
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


def check(raw: RawLaw) -> list[Fault]:
    """Check every Fassung, the last also with all Erlasse, and what stands beside the acts."""
    faults = list(raw.faults)
    norms = [act for act in raw.acts if act.akt.art in ("stammfassung", "aenderung")]
    erlasse = tuple(act.akt.id for act in raw.acts if act.akt.art == "erlass")
    rules: dict[str, Regel | None] = {}
    for act, beside in [(act, ()) for act in norms] + [(act, erlasse) for act in norms[-1:] if erlasse]:
        state = consolidate(acts_up_to(raw.acts, act.akt.id, beside))
        faults.extend(state.faults)
        models = models_of(state, faults)
        faults.extend(check_items(models, _broken(state, models), raw.named, raw.readings))
        for key, entry in state.entries.items():
            if entry.kind == "regel":
                model = models[key][1] if key in models else None
                rules[key] = model if isinstance(model, Regel) else None
    faults.extend(_order(raw, norms))
    faults.extend(_schema_faults(raw, rules))
    faults.extend(_beside(raw))
    if raw.incomplete:  # a name that seems unknown may stand in what could not be read
        faults = [fault for fault in faults if fault.code not in _OF_NAMES]
    once = {(fault.code, fault.place, fault.message): fault for fault in reversed(faults)}
    return sorted(once.values(), key=lambda fault: (fault.place, fault.code))


_OF_NAMES = frozenset({"VIM012", "VIM013", "VIM016", "VIM021", "VIM022", "VIM023", "VIM025"})


def _broken(state: State, models: Mapping[str, tuple[Entry, Model]]) -> frozenset[str]:
    """Return the names that exist but could not be read, so that using them is no second fault."""
    names = set(state.entries) - set(models)
    data = (state.entries[name].data for name in names)
    return frozenset(names | {str(part.get("ergibt")) for part in data if isinstance(part, Mapping)})


def _order(raw: RawLaw, norms: list[RawAct]) -> list[Fault]:
    faults: list[Fault] = []
    if not norms or norms[0].akt.art != "stammfassung" or sum(a.akt.art == "stammfassung" for a in norms) != 1:
        message = Text(
            "Es muss genau eine Stammfassung geben, vor allen Änderungen.",
            "There must be exactly one Stammfassung, before all amendments.",
        )
        faults.append(unplaced("VIM025", raw.documents[0].file if raw.documents else "rules", message))
    for before, after in pairwise(norms):
        if (
            after.akt.gilt_ab.datum <= before.akt.gilt_ab.datum
            or after.akt.gilt_ab.datum < before.akt.gilt_ab.spaetestens
        ):
            message = Text(
                f"Die {after.akt.kurz.de} wirkt nicht nach der {before.akt.kurz.de}.",
                f"The {after.akt.kurz.en} does not take effect after the {before.akt.kurz.en}.",
            )
            faults.append(Fault("VIM025", after.origin.place(("gilt_ab", "datum")), message))
    for act in raw.acts:
        gilt = act.akt.gilt_ab
        if gilt.spaetestens < gilt.datum:
            message = Text("spaetestens liegt vor datum.", "spaetestens lies before datum.")
            faults.append(Fault("VIM025", act.origin.place(("gilt_ab", "spaetestens")), message))
        if gilt.auslegung is None and gilt.spaetestens != gilt.datum and act.akt.art != "nachfolge":
            message = Text("Zu einer Spanne gehört eine Auslegungsfrage.", "A span needs a disputed point.")
            faults.append(Fault("VIM021", act.origin.place(("gilt_ab",)), message))
        if gilt.auslegung is not None and gilt.auslegung not in raw.named:
            message = Text(
                f"unbekannte Auslegungsfrage '{gilt.auslegung}'.", f"unknown disputed point '{gilt.auslegung}'."
            )
            hint = did_you_mean(gilt.auslegung, raw.readings)
            faults.append(Fault("VIM021", act.origin.place(("gilt_ab", "auslegung")), message, hint))
    return faults


def _schema_faults(raw: RawLaw, rules: Mapping[str, Regel | None]) -> list[Fault]:
    faults: list[Fault] = []
    listed: set[str] = set()
    for question, sections in raw.schema.pruefschema.items():
        for number, section in enumerate(sections):
            for index, rule in enumerate(section.regeln):
                place = raw.origins["pruefschema"].place((question, number, "regeln", index))
                if rule not in rules:
                    message = Text(f"unbekannte Regel '{rule}'.", f"unknown requirement '{rule}'.")
                    faults.append(Fault("VIM016", place, message, did_you_mean(rule, rules)))
                elif rule in listed or ((found := rules[rule]) is not None and found.frage != question):
                    message = Text(
                        f"'{rule}' steht hier falsch oder zweimal.", f"'{rule}' stands here wrongly or twice."
                    )
                    faults.append(Fault("VIM023", place, message))
                listed.add(rule)
    for rule, model in rules.items():
        if model is not None and rule not in listed and "pruefschema" in raw.origins:
            message = Text(
                f"Die Regel '{rule}' fehlt im Prüfschema.",
                f"The requirement '{rule}' is missing in the order of examination.",
            )
            hint = Text("Tragen Sie sie in pruefschema.yaml ein.", "Enter it in pruefschema.yaml.")
            faults.append(Fault("VIM023", raw.origins["pruefschema"].place(), message, hint))
    return faults


def _beside(raw: RawLaw) -> list[Fault]:
    """Check the evidence of acts, operations and readings, and what open questions and readings touch."""
    faults = [
        Fault(code, origin.place((*path, *below)), message, hint)
        for origin, path, evidence in _evidence(raw)
        for code, below, message, hint in faulty_evidence(evidence, raw.named)
    ]
    known = _known_names(raw)
    entries: list[tuple[str, tuple[str, ...]]] = [
        (f"offene_fragen.{q.id}", q.betrifft) for q in raw.open_questions.values()
    ]
    entries += [(f"auslegungen.{r.id}", r.betrifft) for r in raw.readings.values()]
    for name, touched in entries:
        for index, word in enumerate(touched):
            if word not in known:
                message = Text(f"'{word}' gibt es nicht.", f"'{word}' does not exist.")
                place = raw.origins[name].place(("betrifft", index))
                faults.append(Fault("VIM016", place, message, did_you_mean(word, known)))
    return faults


def _evidence(raw: RawLaw) -> Iterator[tuple[Origin, Path_, Any]]:
    for act in raw.acts:
        yield act.origin, ("beleg",), act.akt.beleg
        yield act.origin, ("gilt_ab", "beleg"), act.akt.gilt_ab.beleg
        yield act.origin, ("bekannt_ab", "beleg"), act.akt.bekannt_ab.beleg
        for index, sign in enumerate(act.akt.vorboten):
            yield act.origin, ("vorboten", index, "beleg"), sign.beleg
        for operation in act.operations:
            yield operation.origin, ("beleg",), operation.model.beleg
    for name, reading in raw.readings.items():
        for option, lesart in reading.lesarten.items():
            yield raw.origins[f"auslegungen.{name}"], ("lesarten", option, "beleg"), lesart.beleg


def _known_names(raw: RawLaw) -> set[str]:
    names = {"akte", "zaehlung"}
    for act in raw.acts:
        names.add(act.akt.id)
        names.update(act.subjects)
        names.update(item.id for item in act.items)
        inserted = (operation.model.neu for operation in act.operations if operation.model.op == "fuege_ein")
        names.update(str(next(iter(new.values())).get("id")) for new in inserted)
    return names
