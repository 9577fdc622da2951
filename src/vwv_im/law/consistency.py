"""Checks across the whole law: every Fassung with its items, the order of the acts, and what stands beside them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import Any

from vwv_im.case.vocabulary import Vocabulary, scope_of
from vwv_im.lang import DAY, Condition, FactType, Over, Report
from vwv_im.lang.checking import Checker, Here, Names, literal_type
from vwv_im.lang.fold import nodes
from vwv_im.lang.types import DAYS_OF_CUTS, TRUTH
from vwv_im.law.base import ForWhom, RuleModel, parts_of
from vwv_im.law.beside import faults_beside
from vwv_im.law.entry import Entry, Origin
from vwv_im.law.evidence import faulty_evidence
from vwv_im.law.examination import ExaminationFile
from vwv_im.law.extent import faults_of_extent
from vwv_im.law.history import State, models_of, state_of
from vwv_im.law.model import Ableitung, Auslegung, Model, Parameter, Pflicht, Regel
from vwv_im.law.observation import Beobachtung, Plausibilitaet
from vwv_im.law.reader import ParsedAct, ParsedRules
from vwv_im.text import Fault, Path_, Place, Text, as_written, did_you_mean, fault_of, written_path
from vwv_im.text.document import OF_THE_READER

Told = tuple[str, Origin, RuleModel]
"""What stands beside the rules and may say whom it concerns: its name, where it is written, and what it says."""


@dataclass(frozen=True, slots=True)
class World:
    """What the items speak of: the vocabulary, the questions, and where each is written."""

    vocabulary: Vocabulary
    schema: ExaminationFile
    origins: Mapping[str, Origin]

    def root_of(self, question: str | None) -> str | None:
        """Return the entity that a question is about, the first where none is named; nothing if there is none such."""
        name = question or next(iter(self.schema.fragen))
        return self.schema.fragen[name].wurzel if name in self.schema.fragen else None

    def form_faults(self, names: Names) -> list[Fault]:
        """Return the faults in the first and last days of series, and in what the order of examination asks."""
        faults: list[Fault] = []
        for entity in self.vocabulary.entities.values():
            if entity.series is not None:
                for key, node in zip(chain(("von", "bis"), repeat("schnitte")), entity.series.days, strict=False):
                    path: Path_ = (entity.name, "reihe", key)
                    report = _reporter(faults, self.origins["entitaeten"].place, path, "entitaeten")
                    wanted = DAYS_OF_CUTS if any(isinstance(one, Over) for one in nodes(node)) else DAY
                    Checker(names, report).check_value(node, self.vocabulary.parent(entity.name) or "", wanted)
        for question, asked in self.schema.fragen.items():
            if asked.bestand is not None:
                report = _reporter(faults, self.origins["fragen"].place, (question, "bestand"), "fragen")
                Checker(names, report).condition(asked.bestand, Here(asked.wurzel))
        return faults

    def faults_beside(self, names: Names, beside: Iterable[Told]) -> list[Fault]:
        """Return the faults in what says whom something beside the rules concerns: it asks no disputed point."""
        faults: list[Fault] = []
        no_readings = names._replace(readings={}, unsure=names.unsure.difference(names.readings))
        told = ((name, origin.place, *found) for name, origin, model in beside for found in parts_of(model, ForWhom))
        for name, place, path, one in told:
            scope = one.bezug or self.root_of(None) or ""
            if scope not in self.vocabulary.reach:
                hint = did_you_mean(scope, self.vocabulary.reach)
                _reporter(faults, place, path, name)("unknown_entity", ("bezug",), hint, name=scope)
            elif one.gilt_fuer is not None:
                checker = Checker(no_readings, _reporter(faults, place, (*path, "gilt_fuer"), name))
                checker.condition(one.gilt_fuer, Here(scope))
        return faults


def check_items(
    entries: Mapping[str, tuple[Entry, Model]],
    broken: frozenset[str],
    named: Collection[str],
    readings: Mapping[str, Auslegung],
    world: World,
    beside: Iterable[Told],
) -> list[Fault]:
    """Return every fault in the items of a consolidated state, and in whom what stands beside it concerns.

    `broken` are the names of items and facts that could not be read, `named` those of sources and disputed points.
    """
    faults: list[Fault] = []
    types = dict(world.vocabulary.types)
    for entry, model in entries.values():
        if isinstance(model, Ableitung):
            if model.ergibt in types:
                faults.append(fault_of("taken_path", entry.place(("ergibt",)), f"{entry.id}.ergibt", name=model.ergibt))
            types[model.ergibt] = model.kind
    results = {entry.id for entry, model in entries.values() if isinstance(model, Regel)}
    names = Names(
        types,
        {entry.id: _parameter_type(model) for entry, model in entries.values() if isinstance(model, Parameter)},
        {name: reading.lesarten for name, reading in readings.items()},
        broken | frozenset(named),
        lambda fact: fact.partition(".")[2].replace("_", "-") in results,
        world.vocabulary.lists_at,
        world.vocabulary.reach,
    )
    for entry, model in entries.values():
        _Item(entry, names, named, world, faults).check(model)
    around = world.faults_beside(names, beside)
    return [*faults, *world.form_faults(names), *around, *faults_of_extent(entries, world.vocabulary)]


def _reporter(faults: list[Fault], place: Callable[[Path_], Place], path: Path_, name: str) -> Report:
    """Return what notes the faults below a path."""

    def report(kind: str, at: Path_, hint: Text | None = None, **words: Any) -> None:
        where = (*path, *at)
        faults.append(fault_of(kind, place(where), f"{name}.{written_path(where)}", hint, **words))

    return report


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
    world: World
    faults: list[Fault]

    def check(self, model: Model) -> None:
        """Check an item and all it consists of."""
        faulty_evidence(model, self.named, self._reporter(()))
        match model:
            case Parameter():
                self._unit(model)
            case Ableitung():
                self._unit(model)
                self._derivation(model)
            case Regel():
                self._subject(model)
                self._condition(("gilt_fuer",), model.gilt_fuer, model.bezug)
                self._condition(("bedingung",), model.bedingung, model.bezug)
            case Beobachtung():
                self._subject(model)
                self._condition(("wenn",), model.wenn, model.bezug)
                self._places(model)
            case Pflicht():
                self._duty(model)

    def _report(self, kind: str, where: Path_, hint: Text | None = None, **words: Any) -> None:
        self._reporter(where)(kind, (), hint, **words)

    def _reporter(self, path: Path_) -> Report:
        return _reporter(self.faults, self.entry.place, path, self.entry.id)

    def _checker(self, path: Path_) -> Checker:
        """Return what checks the nodes below a path of the item."""
        return Checker(self.names, self._reporter(path))

    def _unit(self, model: Parameter | Ableitung) -> None:
        self._one_of(("einheit",), model.einheit, self.world.vocabulary.units)

    def _subject(self, model: Regel | Beobachtung) -> None:
        """Check the question and the entity that an item is about."""
        if (scopes := self._scopes(model.frage)) is not None:
            self._one_of(("bezug",), model.bezug, scopes)

    def _one_of(self, path: Path_, name: str | None, known: Collection[str]) -> None:
        if name is not None and name not in known:
            hint = did_you_mean(name, known)
            self._report("no_such_option", path, hint, known=", ".join(known), given=as_written(name))

    def _scopes(self, question: str | None) -> tuple[str, ...] | None:
        """Return the entities that a question may be about; report where there is no such question."""
        root = self.world.root_of(question)
        if root is not None:
            return self.world.vocabulary.scopes(root) if root in self.world.vocabulary.reach else None
        hint = did_you_mean(question or "", self.world.schema.fragen)
        self._report("unknown_question", ("frage",), hint, name=question)
        return None

    def _condition(self, path: Path_, condition: Condition | None, scope: str) -> None:
        if condition is not None:
            self._checker(path).condition(condition, Here(scope))

    def _derivation(self, model: Ableitung) -> None:
        scope, declared = model.scope, model.kind
        if scope not in self.world.vocabulary.reach:
            self._report("unknown_entity", ("ergibt",), did_you_mean(scope, self.world.vocabulary.reach), name=scope)
            return
        if model.wenn is not None:
            self._condition(("wenn",), model.wenn, scope)
            self._checker(("typ",)).agree((), declared, TRUTH)
        if model.rechne is not None:
            self._checker(("rechne",)).check_value(model.rechne, scope, declared)
        for index, row in enumerate(model.faelle or ()):
            self._condition(("faelle", index, "wenn"), row.wenn, scope)
            self._checker(("faelle", index, "dann")).check_value(row.dann, scope, declared)

    def _places(self, model: Beobachtung) -> None:
        """Check the facts that cause it; what is not plausible may be caused by each entry of a list."""
        words = self.world.vocabulary
        for index, fact in enumerate(model.orte):
            if words.entity_at(fact) is None:
                within = isinstance(model, Plausibilitaet) and scope_of(fact) in words.scopes(model.bezug)
                self._checker(("orte", index)).fact(fact, (), Here(scope_of(fact) if within else model.bezug))

    def _duty(self, model: Pflicht) -> None:
        scopes = self._scopes(model.frage)
        if scopes is None:
            return
        self._condition(("gilt_fuer",), model.gilt_fuer, scopes[0])
        for key, day in (("von", model.start), ("bis", model.day)):
            if model.faellig is not None and day is not None:
                path = ("tag",) if model.faellig.jaehrlich is None else ("jaehrlich", key)
                self._checker(("faellig", *path)).check_value(day, scopes[0], DAY)


def _told(raw: ParsedRules) -> Iterator[Told]:
    yield from ((act.akt.id, act.origin, act.akt) for act in raw.acts)
    for one in raw.open_questions.values():
        yield (name := f"offene_fragen.{one.id}"), raw.origins[name], one


def check(raw: ParsedRules) -> list[Fault]:
    """Check every Fassung, the last also with all Erlasse, and what stands beside the acts."""
    faults = list(raw.faults)
    world = None if raw.vocabulary is None or raw.schema is None else World(raw.vocabulary, raw.schema, raw.origins)
    norms = [act for act in raw.acts if act.akt.art in ("stammfassung", "aenderung")]
    erlasse = tuple(act.akt.id for act in raw.acts if act.akt.art == "erlass")
    rules: dict[str, Regel | None] = {}
    derived: set[str] = set()
    states = [(act, ()) for act in norms] + [(act, erlasse) for act in norms[-1:] if erlasse]
    for number, (act, beside) in enumerate(states, start=1):
        state = state_of(raw, act.akt.id, beside, frozenset())
        faults.extend(state.faults)
        models = models_of(state, faults)
        if world is not None:
            around = _told(raw) if number == len(states) else ()
            faults.extend(check_items(models, _broken(state, models), raw.named, raw.readings, world, around))
        derived.update(model.ergibt for _, model in models.values() if isinstance(model, Ableitung))
        for key, entry in state.entries.items():
            if entry.kind == "regel":
                model = models[key][1] if key in models else None
                rules[key] = model if isinstance(model, Regel) else None
    faults.extend(_order(raw, norms))
    if world is not None:
        faults.extend(_schema_faults(world, rules))
        faults.extend(_unknown(world, derived))
    faults.extend(faults_beside(raw))
    if raw.incomplete:  # a name that seems unknown may stand in what could not be read
        faults = [fault for fault in faults if fault.code not in _OF_NAMES]
    unread = {fault.place for fault in faults if fault.code in OF_THE_READER}
    faults = [fault for fault in faults if fault.code in OF_THE_READER or fault.place not in unread]
    once = {(fault.code, fault.place, fault.message): fault for fault in reversed(faults)}
    return sorted(once.values(), key=lambda fault: (fault.place, fault.code))


_OF_NAMES = frozenset({"VIM012", "VIM013", "VIM016", "VIM021", "VIM022", "VIM023", "VIM025"})


def _broken(state: State, models: Mapping[str, tuple[Entry, Model]]) -> frozenset[str]:
    """Return the names that exist but could not be read, so that using them is no second fault."""
    names = set(state.entries) - set(models)
    data = (state.entries[name].data for name in names)
    return frozenset(names | {str(part.get("ergibt")) for part in data if isinstance(part, Mapping)})


def _order(raw: ParsedRules, norms: list[ParsedAct]) -> Iterator[Fault]:
    if not norms or norms[0].akt.art != "stammfassung" or sum(a.akt.art == "stammfassung" for a in norms) != 1:
        yield fault_of("one_stammfassung", Place(raw.documents[0].file if raw.documents else "rules"))
    for before, after in pairwise(norms):
        effect, other = after.akt.gilt_ab, before.akt.gilt_ab
        if effect.datum <= other.datum or effect.datum < other.spaetestens:
            place = after.origin.place(("gilt_ab", "datum"))
            yield fault_of("effect_in_disorder", place, after=after.akt.kurz.text, before=before.akt.kurz.text)
    for act in raw.acts:
        gilt, origin = act.akt.gilt_ab, act.origin
        if gilt.spaetestens < gilt.datum:
            yield fault_of("late_before_early", origin.place(("gilt_ab", "spaetestens")))
        if gilt.auslegung is None and gilt.spaetestens != gilt.datum and act.akt.art != "nachfolge":
            yield fault_of("span_without_dispute", origin.place(("gilt_ab",)))
        reading = raw.readings.get(gilt.auslegung or "")
        if reading is not None and gilt.spaet_bei not in reading.lesarten:
            yield fault_of("unknown_reading_of_effect", origin.place(("gilt_ab",)), name=as_written(gilt.spaet_bei))
        if gilt.auslegung is not None and gilt.auslegung not in raw.named:
            hint = did_you_mean(gilt.auslegung, raw.readings)
            yield fault_of("unknown_dispute", origin.place(("gilt_ab", "auslegung")), hint=hint, name=gilt.auslegung)


def _schema_faults(world: World, rules: Mapping[str, Regel | None]) -> Iterator[Fault]:
    listed: set[str] = set()
    first, origin = next(iter(world.schema.fragen)), world.origins["fragen"]
    roots = [root.name for root in world.vocabulary.roots]
    for question, asked in world.schema.fragen.items():
        if asked.wurzel not in roots:
            place, path = origin.place((question, "wurzel")), f"fragen.{question}.wurzel"
            yield fault_of("not_at_the_top", place, path, name=asked.wurzel, known=", ".join(roots))
        for number, section in enumerate(asked.pruefung):
            for index, rule in enumerate(section.regeln):
                place = origin.place((question, "pruefung", number, "regeln", index))
                if rule not in rules:
                    yield fault_of("unknown_rule", place, hint=did_you_mean(rule, rules), name=rule)
                elif rule in listed or ((found := rules[rule]) is not None and (found.frage or first) != question):
                    yield fault_of("rule_misplaced", place, name=rule)
                listed.add(rule)
    for rule, model in rules.items():
        if model is not None and rule not in listed:
            yield fault_of("rule_not_listed", origin.place(), name=rule)


def _unknown(world: World, derived: set[str]) -> Iterator[Fault]:
    """Yield where a name stands for a fact that is neither stated nor derived under any Fassung, or for no list."""
    lists = [name for name, entity in world.vocabulary.entities.items() if entity.many]
    facts = {*world.vocabulary.types, *derived}
    for kind, section, at, name in _named(world):
        known = lists if kind == "unknown_entity" else facts
        if name not in known:
            place, hint = world.origins[section].place(at), did_you_mean(name, known)
            yield fault_of(kind, place, written_path((section, *at)), hint, name=name)


def _named(world: World) -> Iterator[tuple[str, str, Path_, str]]:
    """Yield the facts that stated ones replace, and the lists and facts of tables: the fault of it, where, the name."""
    for fact in world.vocabulary.facts.values():
        for index, path in enumerate(fact.replaces):
            yield "unknown_fact", "entitaeten", (fact.entity, "angaben", fact.key, "ersetzt", index), path
    for question, asked in world.schema.fragen.items():
        for number, table in enumerate(asked.tabellen):
            at: Path_ = (question, "tabellen", number)
            yield "unknown_entity", "fragen", (*at, "liste"), table.liste
            for key, columns in (("spalten", table.spalten), ("schluss", table.schluss)):
                for index, column in enumerate(columns):
                    named = {"fakt": column.fakt, "bis": column.bis}
                    yield from (
                        ("unknown_fact", "fragen", (*at, key, index, of), fact) for of, fact in named.items() if fact
                    )
