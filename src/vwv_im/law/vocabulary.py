"""The file `sachverhalt.yaml`: its form, and the vocabulary that it says, every fault at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag

from vwv_im.case.source import RESERVED, ROOT, class_of
from vwv_im.case.vocabulary import Entity, Fact, Limits, Series, Spelling, Step, Unit, Vocabulary
from vwv_im.lang.types import FactKind
from vwv_im.law.base import Expression, Name, RuleModel, Zweisprachig
from vwv_im.law.faults import dotted
from vwv_im.text import Document, Fault, Text
from vwv_im.text.faults import as_written, did_you_mean
from vwv_im.text.yaml import Path_

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MOST_ENTRIES = 10_000
_DEFAULT_MOST = 1000
Einheitenname = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Zahl = StrictInt | Decimal
Werte = Annotated[
    Annotated[Name, Tag("name")] | Annotated[dict[str, Zweisprachig], Tag("werte")],
    Discriminator(lambda written: "name" if isinstance(written, str) else "werte"),
]


class Einheit(RuleModel):
    """What numbers count, and which numbers may be stated of it."""

    eins: Annotated[Zweisprachig, Field(description="Wie eine heißt.")]
    mehrere: Annotated[Zweisprachig, Field(description="Wie mehrere heißen.")]
    hoechstens: Annotated[StrictInt | None, Field(gt=0, description="Die größte Zahl, die angegeben werden kann.")] = (
        None
    )
    nachkommastellen: Annotated[StrictInt, Field(ge=0, le=12)] = 0
    waehrung: Annotated[str | None, Field(pattern="^[A-Z]{3}$", description="Bei Geld: Währung (ISO 4217).")] = None
    ueblich: Annotated[tuple[Zahl, ...], Field(description="Zahlen, die ein Beispiel zuerst nimmt.")] = ()


class Schreibweise(RuleModel):
    """How to write a text that must match a pattern: in a file, in a cell, in a column of data."""

    datei: Zweisprachig
    zelle: Zweisprachig
    spalte: Zweisprachig


class Angabe(RuleModel):
    """One fact that a case may state."""

    titel: Zweisprachig
    frage: Annotated[Zweisprachig, Field(description="Die Frage, mit der man danach fragt.")]
    hilfe: Annotated[StrictStr, Field(min_length=1, description="Ein Satz für die Person, die es ausfüllt.")]
    typ: FactKind
    einheit: Einheitenname | None = None
    hoechstens: Annotated[StrictInt | None, Field(gt=0)] = None
    nachkommastellen: Annotated[StrictInt | None, Field(ge=0, le=12)] = None
    werte: Annotated[
        Werte | None, Field(description="Die Werte einer Auswahl mit Titel, oder der Name einer gemeinsamen Auswahl.")
    ] = None
    ordnung: Annotated[
        tuple[str | tuple[str, ...], ...] | None,
        Field(description="Die Werte vom niedrigsten zum höchsten; gleichrangige in eckigen Klammern."),
    ] = None
    muster: Annotated[StrictStr | None, Field(description="Regulärer Ausdruck, dem ein Text entspricht.")] = None
    fehler: Annotated[Zweisprachig | None, Field(description="Was ein Text ist, der nicht entspricht.")] = None
    schreibweise: Schreibweise | None = None
    aenderbar: Annotated[StrictBool, Field(description="true: Ein Antragsteller kann es noch ändern.")] = False
    privat: Annotated[StrictBool, Field(description="true: Kann einen Namen enthalten.")] = False
    anderer: Annotated[StrictStr | None, Field(description="Ein anderer Text, mit dem Rückfragen rechnen.")] = None
    ersetzt: Annotated[tuple[str, ...], Field(description="Angaben, an deren Stelle diese tritt.")] = ()


class Reihe(RuleModel):
    """A list of periods that follows from facts: from a first to a last day, step by step."""

    von: Annotated[Expression, Field(description="Der erste Tag der Reihe.")]
    bis: Annotated[Expression, Field(description="Der letzte Tag der Reihe.")]
    schritt: Step


class Entitaet(RuleModel):
    """A thing of which a case states facts."""

    titel: Zweisprachig
    frage: Zweisprachig
    beschreibung: Annotated[StrictStr, Field(min_length=1, description="Was es ist, in einem Satz.")]
    hilfe: Annotated[StrictStr, Field(min_length=1, description="Was an dieser Stelle steht, in einem Satz.")]
    teil_von: Annotated[Name | None, Field(description="Die Entität darüber.")] = None
    liste: Annotated[Name | None, Field(description="Der Name der Liste, wenn es mehrere gibt.")] = None
    mehrzahl: Zweisprachig | None = None
    fuer: Annotated[Zweisprachig | None, Field(description="Für wen eine Regel gilt: für jede Stelle.")] = None
    mindestens: Annotated[StrictInt | None, Field(ge=0, le=1)] = None
    hoechstens: Annotated[StrictInt | None, Field(gt=0, le=_MOST_ENTRIES)] = None
    reihe: Reihe | None = None
    angaben: dict[Name, Angabe] = Field(default_factory=dict)


class Sachverhalt(RuleModel):
    """What a case may state: entities with their facts, shared enumerations and units."""

    einheiten: dict[Einheitenname, Einheit] = Field(default_factory=dict)
    uebliche_jahre: Annotated[
        tuple[Annotated[StrictInt, Field(ge=1900, le=2200)], ...],
        Field(description="Jahre, aus denen ein Beispiel seinen Tag zuerst nimmt."),
    ] = ()
    auswahlen: dict[Name, dict[str, Zweisprachig]] = Field(default_factory=dict)
    entitaeten: Annotated[dict[Name, Entitaet], Field(min_length=1)]


def vocabulary_of(model: Sachverhalt) -> Vocabulary:
    """Return the vocabulary that a file says which has no fault."""
    units = {name: _unit(name, unit) for name, unit in model.einheiten.items()}
    entities: dict[str, Entity] = {}

    def add(name: str) -> Entity:
        if name not in entities:
            one = model.entitaeten[name]
            entities[name] = _entity(name, one, None if one.teil_von is None else add(one.teil_von))
        return entities[name]

    ordered = {name: add(name) for name in model.entitaeten}
    facts = (
        _fact(model, ordered[name], key, one, units)
        for name, entity in model.entitaeten.items()
        for key, one in entity.angaben.items()
    )
    return Vocabulary(ordered, {fact.path: fact for fact in facts}, units, model.uebliche_jahre)


def _unit(name: str, unit: Einheit) -> Unit:
    limits = None if unit.hoechstens is None else Limits(unit.hoechstens, unit.nachkommastellen)
    return Unit(name, unit.eins.text, unit.mehrere.text, limits, unit.ueblich, unit.waehrung)


def _entity(name: str, model: Entitaet, above: Entity | None) -> Entity:
    many = model.liste is not None or model.reihe is not None
    key, own = model.liste or name, many or above is None
    return Entity(
        name=name,
        key=key,
        within=model.teil_von,
        prefix=name if above is None or many else f"{above.prefix}.{key}",
        scope=name if above is None or own else above.scope,
        path=key if above is None else f"{above.path}.{key}",
        many=many,
        title=model.titel.text,
        plural=(model.mehrzahl or model.titel).text,
        each=_each(model) if model.fuer is None else model.fuer.text,
        question=model.frage.text,
        description=model.beschreibung,
        help=model.hilfe,
        least=1 if model.mindestens is None else model.mindestens,
        most=(model.hoechstens or _DEFAULT_MOST) if many else 1,
        series=None if model.reihe is None else Series(model.reihe.von, model.reihe.bis, model.reihe.schritt),
    )


def _each(model: Entitaet) -> Text:
    if model.mehrzahl is None:
        return Text(f"„{model.titel.de}“", f"“{model.titel.en}”")
    return Text(f"jeden Eintrag unter „{model.mehrzahl.de}“", f"each entry of “{model.mehrzahl.en}”")


def _fact(model: Sachverhalt, entity: Entity, key: str, one: Angabe, units: Mapping[str, Unit]) -> Fact:
    labels = _labels(model, one)
    unit = units.get(one.einheit or "")
    limits = unit.limits if unit else None
    if one.hoechstens is not None:
        limits = Limits(one.hoechstens, one.nachkommastellen or 0)
    ranks = {value: rank for rank, alike in enumerate(one.ordnung or ()) for value in _several(alike)}
    spelling = None
    if one.muster is not None and one.fehler is not None and one.schreibweise is not None:
        how = one.schreibweise
        hints = {"data": how.datei.text, "yaml": how.datei.text, "cell": how.zelle.text, "frame": how.spalte.text}
        spelling = Spelling(one.muster, one.fehler.text, hints)  # type: ignore[arg-type]
    return Fact(
        path=f"{entity.prefix}.{key}",
        key=key,
        entity=entity.name,
        scope=entity.scope,
        type=one.typ,
        title=one.titel.text,
        question=one.frage.text,
        help=one.hilfe,
        unit=one.einheit,
        values=tuple(labels),
        ranks=ranks or None,
        labels={value: title.text for value, title in labels.items()},
        changeable=one.aenderbar,
        private=one.privat,
        limits=limits if one.typ in ("ganzzahl", "dezimal") else None,
        spelling=spelling,
        replaces=one.ersetzt,
        other=one.anderer,
    )


def _several(alike: str | tuple[str, ...]) -> tuple[str, ...]:
    return (alike,) if isinstance(alike, str) else alike


def _labels(model: Sachverhalt, one: Angabe) -> Mapping[str, Zweisprachig]:
    return model.auswahlen.get(one.werte, {}) if isinstance(one.werte, str) else one.werte or {}


def _meant(word: str, known: Iterable[str]) -> Text:
    """Return which of those known a word may mean, else all of them."""
    listed = ", ".join(known)
    return did_you_mean(word, known) or Text(f"Möglich sind: {listed}.", f"Possible are: {listed}.")


def faults_of_vocabulary(model: Sachverhalt, document: Document) -> list[Fault]:
    """Return every fault of a file whose form is right: names, the tree of entities, types, orders and series."""
    return list(_Checks(model, document).faults())


class _Checks:
    def __init__(self, model: Sachverhalt, document: Document) -> None:
        self.model, self.document = model, document

    def faults(self) -> Iterator[Fault]:
        """Yield the faults, entity by entity."""
        for name in self.model.auswahlen:
            yield from self._values(("auswahlen", name), self.model.auswahlen[name])
        seen: dict[tuple[str | None, str], str] = {}
        for name, entity in self.model.entitaeten.items():
            at: Path_ = ("entitaeten", name)
            yield from self._name(at, name)
            if class_of(name) == ROOT:
                yield self._taken(at, name)
            yield from self._above(at, name, entity)
            yield from self._list(at, name, entity)
            key = entity.liste or name
            if seen.setdefault((entity.teil_von, key), name) != name:
                yield self._twice(at, key)
            for fact, one in entity.angaben.items():
                yield from self._fact((*at, "angaben", fact), fact, one, entity, name)
        yield from self._roots()

    def _report(self, code: str, at: Path_, message: Text, hint: Text | None = None, *, key: bool = False) -> Fault:
        place = (self.document.key_place if key else self.document.place)(at)
        return Fault(code, place, message, hint, dotted(at))

    def _name(self, at: Path_, name: str) -> Iterator[Fault]:
        if name in RESERVED or name.startswith(("model_", "_")):
            yield self._taken(at, name)

    def _taken(self, at: Path_, name: str) -> Fault:
        message = Text(
            f"'{name}' ist ein Wort der Programmiersprache.", f"'{name}' is a word of the programming language."
        )
        return self._report("VIM015", at, message, _OTHER_NAME, key=True)

    def _twice(self, at: Path_, name: str) -> Fault:
        message = Text(f"'{name}' gibt es hier schon.", f"'{name}' exists here already.")
        return self._report("VIM020", at, message, _OTHER_NAME, key=True)

    def _roots(self) -> Iterator[Fault]:
        entities = self.model.entitaeten
        if all(entity.teil_von is not None for entity in entities.values()):
            message = Text("Keine Entität steht oben.", "No entity stands at the top.")
            hint = Text("Eine Entität ohne 'teil_von' steht oben.", "An entity without 'teil_von' stands at the top.")
            yield self._report("VIM015", ("entitaeten",), message, hint)

    def _above(self, at: Path_, name: str, entity: Entitaet) -> Iterator[Fault]:
        above, entities = entity.teil_von, self.model.entitaeten
        if above is None:
            return
        if above not in entities:
            message = Text(f"unbekannte Entität '{above}'.", f"unknown entity '{above}'.")
            yield self._report("VIM016", (*at, "teil_von"), message, _meant(above, entities))
            return
        trail = [name]
        while above is not None and above in entities and above not in trail:
            trail.append(above)
            above = entities[above].teil_von
        if above == name:
            cycle = " -> ".join((*trail, name))
            message = Text(f"Entitäten im Kreis: {cycle}.", f"entities in a cycle: {cycle}.")
            yield self._report("VIM019", (*at, "teil_von"), message)

    def _list(self, at: Path_, name: str, entity: Entitaet) -> Iterator[Fault]:
        many = entity.liste is not None or entity.reihe is not None
        if entity.liste is not None:
            yield from self._name((*at, "liste"), entity.liste)
        if many and entity.teil_von is None:
            message = Text(f"'{name}' steht oben und ist keine Liste.", f"'{name}' stands at the top and is no list.")
            hint = Text("Nennen Sie unter 'teil_von' die Entität darüber.", "Name the entity above under 'teil_von'.")
            yield self._report("VIM015", (*at, "liste" if entity.liste else "reihe"), message, hint)
        if many and entity.mehrzahl is None:
            message = Text("'mehrzahl' fehlt.", "'mehrzahl' is missing.")
            yield self._report("VIM010", at, message, _PLURAL)
        for word in ("mehrzahl", "mindestens", "hoechstens"):
            if not many and getattr(entity, word) is not None:
                message = Text(f"'{word}' gehört zu einer Liste.", f"'{word}' belongs to a list.")
                yield self._report("VIM015", (*at, word), message, _LIST_NAME)
        above = self.model.entitaeten.get(entity.teil_von or "")
        if entity.reihe is not None and entity.angaben:
            message = Text("Ein Fall gibt von einer Reihe nichts an.", "A case states nothing of a series.")
            yield self._report("VIM015", (*at, "angaben"), message, _DERIVE)
        if above is not None and above.reihe is not None and entity.reihe is None:
            message = Text("Unter einer Reihe steht nur eine Reihe.", "Below a series only a series stands.")
            yield self._report("VIM015", (*at, "teil_von"), message)

    def _fact(self, at: Path_, name: str, one: Angabe, entity: Entitaet, holder: str) -> Iterator[Fault]:
        yield from self._name(at, name)
        parts = {other.liste or key for key, other in self.model.entitaeten.items() if other.teil_von == holder}
        if name in parts:
            yield self._twice(at, name)
        known = {f"{other}.{key}" for other, part in self.model.entitaeten.items() for key in part.angaben}
        for index, path in enumerate(one.ersetzt):
            if path not in known:
                message = Text(f"unbekannter Fakt '{path}'.", f"unknown fact '{path}'.")
                yield self._report("VIM012", (*at, "ersetzt", index), message, _meant(path, known))
        if one.einheit is not None and one.einheit not in self.model.einheiten:
            message = Text(f"unbekannte Einheit '{one.einheit}'.", f"unknown unit '{one.einheit}'.")
            yield self._report("VIM016", (*at, "einheit"), message, _meant(one.einheit, self.model.einheiten))
        yield from self._kind(at, one)
        yield from self._enumeration(at, one)
        yield from self._pattern(at, one)

    def _kind(self, at: Path_, one: Angabe) -> Iterator[Fault]:
        numeric, worded = one.typ in ("ganzzahl", "dezimal"), one.typ in ("auswahl", "auswahlliste")
        belongs = {
            "einheit": numeric, "hoechstens": numeric, "nachkommastellen": one.typ == "dezimal",
            "werte": worded, "ordnung": one.typ == "auswahl",
            "muster": one.typ == "text", "anderer": one.typ == "text",
            "fehler": one.muster is not None, "schreibweise": one.muster is not None,
        }  # fmt: skip
        for word, right in belongs.items():
            if getattr(one, word) is not None and not right:
                message = Text(f"'{word}' passt nicht zu '{one.typ}'.", f"'{word}' does not fit '{one.typ}'.")
                yield self._report("VIM017", (*at, word), message)
        unit = self.model.einheiten.get(one.einheit or "")
        limited = one.hoechstens if unit is None else one.hoechstens or unit.hoechstens
        if numeric and limited is None and (unit is not None or one.einheit is None):
            message = Text("Die größte mögliche Zahl fehlt.", "The largest possible number is missing.")
            yield self._report("VIM010", at, message, _LIMIT)
        if worded and one.werte is None:
            yield self._report("VIM010", at, Text("'werte' fehlt.", "'werte' is missing."), _VALUES)

    def _enumeration(self, at: Path_, one: Angabe) -> Iterator[Fault]:
        if isinstance(one.werte, str):
            if one.werte not in self.model.auswahlen:
                message = Text(f"unbekannte Auswahl '{one.werte}'.", f"unknown enumeration '{one.werte}'.")
                yield self._report("VIM016", (*at, "werte"), message, _meant(one.werte, self.model.auswahlen))
                return
        elif one.werte is not None:
            yield from self._values((*at, "werte"), one.werte)
        if one.ordnung is None:
            return
        values, ordered = _labels(self.model, one), [word for alike in one.ordnung for word in _several(alike)]
        for word in dict.fromkeys(ordered):
            if word not in values:
                message = Text(f"'{word}' ist keiner der Werte.", f"'{word}' is none of the values.")
                yield self._report("VIM016", (*at, "ordnung"), message, _meant(word, values))
            elif ordered.count(word) > 1:
                message = Text(f"'{word}' steht zweimal in der Ordnung.", f"'{word}' stands twice in the order.")
                yield self._report("VIM020", (*at, "ordnung"), message)
        if lacking := [value for value in values if value not in ordered]:
            message = Text(f"Der Ordnung fehlt: {', '.join(lacking)}.", f"The order lacks: {', '.join(lacking)}.")
            yield self._report("VIM010", (*at, "ordnung"), message, _ORDER)

    def _values(self, at: Path_, values: Mapping[str, Zweisprachig]) -> Iterator[Fault]:
        if not values:
            yield self._report("VIM010", at, Text("Die Auswahl ist leer.", "The enumeration is empty."), _VALUES)
        for value in values:
            if not value.isprintable() or not value.strip():
                message = Text(f"{as_written(value)} ist kein Wort.", f"{as_written(value)} is no word.")
                yield self._report("VIM015", at, message)

    def _pattern(self, at: Path_, one: Angabe) -> Iterator[Fault]:
        if one.muster is None:
            return
        try:
            re.compile(one.muster)
        except re.error as error:
            message = Text(f"kein regulärer Ausdruck: {error}.", f"no regular expression: {error}.")
            yield self._report("VIM015", (*at, "muster"), message)
        for word in ("fehler", "schreibweise"):
            if getattr(one, word) is None:
                message = Text(f"'{word}' fehlt.", f"'{word}' is missing.")
                yield self._report("VIM010", at, message, _SPELLING)


_OTHER_NAME = Text("Wählen Sie einen anderen Namen.", "Choose another name.")
_PLURAL = Text("Sagen Sie, wie mehrere davon heißen.", "Say what several of them are called.")
_LIST_NAME = Text("Geben Sie unter 'liste' den Namen der Liste an.", "Give the name of the list under 'liste'.")
_DERIVE = Text("Leiten Sie Fakten der Einträge in den Regeln ab.", "Derive facts of its entries in the rules.")
_LIMIT = Text("Geben Sie 'hoechstens' an, hier oder bei der Einheit.", "Give 'hoechstens', here or with the unit.")
_VALUES = Text("Nennen Sie die Werte, jeden mit seinem Titel.", "Name the values, each with its title.")
_ORDER = Text("Nennen Sie alle Werte vom niedrigsten zum höchsten.", "Name all values from the lowest to the highest.")
_SPELLING = Text("Zu 'muster' gehören 'fehler' und 'schreibweise'.", "With 'muster' go 'fehler' and 'schreibweise'.")
