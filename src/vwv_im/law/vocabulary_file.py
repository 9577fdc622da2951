"""The files `sachverhalt.yaml` and `pruefschema.yaml`: their form, the vocabulary that the first says, its faults."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag
from pydantic_core import SchemaError

from vwv_im.case.fields import matcher
from vwv_im.case.source import RESERVED, ROOT, class_of
from vwv_im.case.vocabulary import Entity, Fact, Limits, Series, Spelling, Step, Unit, Vocabulary
from vwv_im.lang import FactKind
from vwv_im.law.base import Expression, Name, RuleModel, Zweisprachig
from vwv_im.law.list_file import Auswahlliste, Daneben, Listen, choice_of
from vwv_im.text import Document, Fault, Path_, Text, as_written, did_you_mean, fault_of, written_path

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
    jahreszahl: Annotated[bool, Field(description="true: Sie nennt ein Jahr, ohne Punkt und Wort.")] = False
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
    liste: Annotated[Auswahlliste | None, Field(description="Von welchen Namen der Text einer ist.")] = None
    muster: Annotated[StrictStr | None, Field(description="Regulärer Ausdruck, dem ein Text entspricht.")] = None
    fehler: Annotated[Zweisprachig | None, Field(description="Was ein Text ist, der nicht entspricht.")] = None
    schreibweise: Schreibweise | None = None
    aenderbar: Annotated[StrictBool, Field(description="true: Ein Antragsteller kann es noch ändern.")] = False
    privat: Annotated[StrictBool, Field(description="true: Kann einen Namen enthalten.")] = False
    anderer: Annotated[StrictStr | None, Field(description="Ein anderer Text, mit dem Rückfragen rechnen.")] = None
    ersetzt: Annotated[tuple[str, ...], Field(description="Fakten, an deren Stelle diese Angabe tritt.")] = ()


class Reihe(RuleModel):
    """A list of periods that follows from facts: from a first to a last day, step by step."""

    von: Annotated[Expression, Field(description="Der erste Tag der Reihe.")]
    bis: Annotated[Expression, Field(description="Der letzte Tag der Reihe.")]
    schritt: Step
    schnitte: Annotated[tuple[Expression, ...], Field(description="Tage, an denen auch ein Eintrag beginnt.")] = ()


class Entitaet(RuleModel):
    """A thing of which a case states facts."""

    titel: Zweisprachig
    frage: Zweisprachig
    beschreibung: Annotated[StrictStr, Field(min_length=1, description="Was es ist, in einem Satz.")]
    hilfe: Annotated[StrictStr, Field(min_length=1, description="Was an dieser Stelle steht, in einem Satz.")]
    teil_von: Annotated[Name | None, Field(description="Die Entität darüber.")] = None
    liste: Annotated[Name | None, Field(description="Der Name der Liste, wenn es mehrere gibt.")] = None
    feld: Annotated[Name | None, Field(description="Wie es im Fall heißt, wenn anders als hier.")] = None
    rechtstag: Annotated[
        Name | None, Field(description="Die Angabe, deren Tag sagt, nach welchem Recht es zu beurteilen ist.")
    ] = None
    mehrzahl: Zweisprachig | None = None
    fuer: Annotated[Zweisprachig | None, Field(description="Für wen eine Regel gilt: für jede Stelle.")] = None
    mindestens: Annotated[StrictInt | None, Field(ge=0, le=1)] = None
    hoechstens: Annotated[StrictInt | None, Field(gt=0, le=_MOST_ENTRIES)] = None
    nicht_leer_bei: Annotated[Daneben, Field(description="Wann die Liste nicht leer ist.")] = Field(
        default_factory=dict
    )
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


def vocabulary_of(model: Sachverhalt, lists: Listen) -> Vocabulary:
    """Return the vocabulary that a file says which has no fault, with the lists that it picks names from."""
    units = {name: _unit(name, unit) for name, unit in model.einheiten.items()}
    entities: dict[str, Entity] = {}

    def add(name: str) -> Entity:
        if name not in entities:
            one = model.entitaeten[name]
            entities[name] = _entity(name, one, None if one.teil_von is None else add(one.teil_von))
        return entities[name]

    ordered = {name: add(name) for name in model.entitaeten}
    facts = (
        _fact(model, ordered[name], key, one, units, lists)
        for name, entity in model.entitaeten.items()
        for key, one in entity.angaben.items()
    )
    return Vocabulary(ordered, {fact.path: fact for fact in facts}, units, model.uebliche_jahre)


def _unit(name: str, unit: Einheit) -> Unit:
    limits = None if unit.hoechstens is None else Limits(unit.hoechstens, unit.nachkommastellen)
    return Unit(name, unit.eins.text, unit.mehrere.text, limits, unit.ueblich, unit.waehrung, unit.jahreszahl)


def _entity(name: str, model: Entitaet, above: Entity | None) -> Entity:
    many = model.liste is not None or model.reihe is not None
    key, own = model.liste or model.feld or name, many or above is None
    prefix = name if above is None or many else f"{above.prefix}.{key}"
    return Entity(
        name=name,
        key=key,
        within=model.teil_von,
        prefix=prefix,
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
        filled_where=next(iter(model.nicht_leer_bei.items()), None),
        series=None if (one := model.reihe) is None else Series((one.von, one.bis, *one.schnitte), one.schritt),
        law_day=None if model.rechtstag is None else f"{prefix}.{model.rechtstag}",
    )


def _each(model: Entitaet) -> Text:
    if model.mehrzahl is None:
        return Text(f"„{model.titel.de}“", f"“{model.titel.en}”")
    return Text(f"jeden Eintrag unter „{model.mehrzahl.de}“", f"each entry of “{model.mehrzahl.en}”")


def _fact(model: Sachverhalt, entity: Entity, key: str, one: Angabe, units: Mapping[str, Unit], lists: Listen) -> Fact:
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
        choice=None if one.liste is None else choice_of(one.liste, lists[one.liste.aus]),
        replaces=one.ersetzt,
        other=one.anderer,
    )


def _several(alike: str | tuple[str, ...]) -> tuple[str, ...]:
    return (alike,) if isinstance(alike, str) else alike


def _labels(model: Sachverhalt, one: Angabe) -> Mapping[str, Zweisprachig]:
    return model.auswahlen.get(one.werte, {}) if isinstance(one.werte, str) else one.werte or {}


def faults_of_vocabulary(model: Sachverhalt, document: Document, lists: Listen) -> list[Fault]:
    """Return every fault of a file whose form is right: names, the tree of entities, types, orders and series."""
    return list(_Checks(model, document, lists).faults())


class _Checks:
    def __init__(self, model: Sachverhalt, document: Document, lists: Listen) -> None:
        self.model, self.document, self.lists = model, document, lists

    def faults(self) -> Iterator[Fault]:
        """Yield the faults, entity by entity."""
        for name in self.model.auswahlen:
            yield from self._values(("auswahlen", name), self.model.auswahlen[name])
        seen: dict[tuple[str | None, str], str] = {}
        for name, entity in self.model.entitaeten.items():
            at: Path_ = ("entitaeten", name)
            yield from self._name(at, name)
            if class_of(name) == ROOT:
                yield self._told("word_of_python", at, name=name)
            yield from self._above(at, name, entity)
            yield from self._list(at, name, entity)
            if entity.rechtstag is not None:
                days = [fact for fact, one in entity.angaben.items() if one.typ == "datum"]
                yield from self._unknown("unknown_fact", (*at, "rechtstag"), entity.rechtstag, days)
            key = entity.liste or entity.feld or name
            if seen.setdefault((entity.teil_von, key), name) != name:
                yield self._told("taken_here", at, name=key)
            for fact, one in entity.angaben.items():
                yield from self._fact((*at, "angaben", fact), fact, one, name)
        if all(entity.teil_von is not None for entity in self.model.entitaeten.values()):
            yield self._told("nothing_at_the_top", ("entitaeten",))

    def _told(self, kind: str, at: Path_, hint: Text | None = None, **words: Any) -> Fault:
        place = (self.document.key_place if kind in _AT_KEYS else self.document.place)(at)
        return fault_of(kind, place, written_path(at), hint, **words)

    def _unknown(self, kind: str, at: Path_, name: str, known: Iterable[str]) -> Iterator[Fault]:
        """Yield the fault that a name is none of those known, with the one it may mean, else with all of them."""
        if name not in known:
            listed = ", ".join(known)
            hint = did_you_mean(name, known) or Text(f"Möglich sind: {listed}.", f"Possible are: {listed}.")
            yield self._told(kind, at, hint, name=name)

    def _name(self, at: Path_, name: str) -> Iterator[Fault]:
        if name in RESERVED or name.startswith(("model_", "_")):
            yield self._told("word_of_python", at, name=name)

    def _above(self, at: Path_, name: str, entity: Entitaet) -> Iterator[Fault]:
        above, entities = entity.teil_von, self.model.entitaeten
        if above is None:
            return
        yield from self._unknown("unknown_entity", (*at, "teil_von"), above, entities)
        trail = [name]
        while above is not None and above in entities and above not in trail:
            trail.append(above)
            above = entities[above].teil_von
        if above == name:
            yield self._told("entities_in_a_cycle", (*at, "teil_von"), names=" -> ".join((*trail, name)))

    def _list(self, at: Path_, name: str, entity: Entitaet) -> Iterator[Fault]:
        many = entity.liste is not None or entity.reihe is not None
        if entity.liste is not None:
            yield from self._name((*at, "liste"), entity.liste)
        if many and entity.teil_von is None:
            yield self._told("list_at_the_top", (*at, "liste" if entity.liste else "reihe"), name=name)
        if entity.reihe is not None and entity.liste is None:
            yield self._told("missing_key", at, name="liste")
        if many and entity.mehrzahl is None:
            yield self._told("missing_plural", at, name="mehrzahl")
        held = {one.feld or key: one for key, one in self.model.entitaeten.items() if one.teil_von == entity.teil_von}
        beside = [f"{key}.{fact}" for key, one in held.items() if one.liste is None for fact in one.angaben]
        for path in entity.nicht_leer_bei:
            yield from self._unknown("unknown_fact", (*at, "nicht_leer_bei"), path, beside)
        for word in ("mehrzahl", "mindestens", "hoechstens"):
            if not many and getattr(entity, word) is not None:
                yield self._told("belongs_to_a_list", (*at, word), name=word)
        above = self.model.entitaeten.get(entity.teil_von or "")
        if entity.reihe is not None and entity.angaben:
            yield self._told("stated_of_a_series", (*at, "angaben"))
        if above is not None and above.reihe is not None and entity.reihe is None:
            yield self._told("below_a_series", (*at, "teil_von"))

    def _fact(self, at: Path_, name: str, one: Angabe, holder: str) -> Iterator[Fault]:
        yield from self._name(at, name)
        entities = self.model.entitaeten.items()
        if name in {other.liste or other.feld or key for key, other in entities if other.teil_von == holder}:
            yield self._told("taken_here", at, name=name)
        if one.einheit is not None:
            yield from self._unknown("unknown_unit", (*at, "einheit"), one.einheit, self.model.einheiten)
        yield from self._kind(at, one)
        yield from self._enumeration(at, one)
        if one.muster is not None:
            yield from self._pattern(at, one, one.muster)
        if one.liste is not None:
            yield from self._unknown("unknown_list", (*at, "liste", "aus"), one.liste.aus, self.lists)
            beside = [*self.model.entitaeten[holder].angaben]
            for fact in one.liste.nur_bei:  # it is read before this one
                yield from self._unknown("unknown_fact", (*at, "liste", "nur_bei"), fact, beside[: beside.index(name)])

    def _kind(self, at: Path_, one: Angabe) -> Iterator[Fault]:
        numeric, worded = one.typ in ("ganzzahl", "dezimal"), one.typ in ("auswahl", "auswahlliste")
        belongs = {
            "einheit": numeric, "hoechstens": numeric, "nachkommastellen": one.typ == "dezimal",
            "werte": worded, "ordnung": one.typ == "auswahl", "muster": one.typ == "text", "liste": one.typ == "text",
            "anderer": one.typ == "text", "fehler": one.muster is not None, "schreibweise": one.muster is not None,
        }  # fmt: skip
        for word, right in belongs.items():
            if getattr(one, word) is not None and not right:
                yield self._told("does_not_fit", (*at, word), name=word, what=f"'{one.typ}'")
        unit = self.model.einheiten.get(one.einheit or "")
        limited = one.hoechstens if unit is None else one.hoechstens or unit.hoechstens
        if numeric and limited is None and (unit is not None or one.einheit is None):
            yield self._told("missing_limit", at)
        if worded and one.werte is None:
            yield self._told("missing_values", at, name="werte")

    def _enumeration(self, at: Path_, one: Angabe) -> Iterator[Fault]:
        if isinstance(one.werte, str):
            yield from self._unknown("unknown_enumeration", (*at, "werte"), one.werte, self.model.auswahlen)
            if one.werte not in self.model.auswahlen:
                return
        elif one.werte is not None:
            yield from self._values((*at, "werte"), one.werte)
        if one.ordnung is None:
            return
        values, ordered = _labels(self.model, one), [word for alike in one.ordnung for word in _several(alike)]
        for word in dict.fromkeys(ordered):
            yield from self._unknown("none_of_the_values", (*at, "ordnung"), word, values)
            if word in values and ordered.count(word) > 1:
                yield self._told("twice_in_the_order", (*at, "ordnung"), name=word)
        if lacking := [value for value in values if value not in ordered]:
            yield self._told("order_lacks", (*at, "ordnung"), names=", ".join(lacking))

    def _values(self, at: Path_, values: Mapping[str, Zweisprachig]) -> Iterator[Fault]:
        if not values:
            yield self._told("no_values", at)
        for value in values:
            if not value.isprintable() or not value.strip():
                yield self._told("no_word", at, name=as_written(value))

    def _pattern(self, at: Path_, one: Angabe, pattern: str) -> Iterator[Fault]:
        try:
            matcher(pattern)
        except SchemaError as error:
            yield self._told("no_pattern", (*at, "muster"), problem=str(error).strip().splitlines()[-1])
        for word in ("fehler", "schreibweise"):
            if getattr(one, word) is None:
                yield self._told("missing_spelling", at, name=word)


_AT_KEYS = ("word_of_python", "taken_here")
"""The faults that are found at a key, not at what stands under it."""
