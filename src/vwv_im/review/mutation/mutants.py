"""Every mutant of the rule files: one change at one place of one file.

Changed is what decides: values, conditions, computations, tables, obligations, days, operations, default readings. Not
changed is what only a reader sees (titles, evidence, sources, numbers, the order of examination), what `alt` repeats,
and types and units, with which every other part of the files would have to change.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Any, Literal, NamedTuple, get_args

from vwv_im.case.vocabulary import Step as Length
from vwv_im.decision.attribution import dependants
from vwv_im.law import Ableitung, Fassung, OperationId, Regulation
from vwv_im.law.reader import SECTIONS
from vwv_im.review.mutation import mutations
from vwv_im.review.mutation.mutations import Alternatives, Mutation
from vwv_im.text import Document, Path_, Place, written_path

_KEPT_ITEMS = ("vermerk",)
_COMMON_YEAR = 2001


class Edit(NamedTuple):
    """What stands at `path` of a file becomes `new`."""

    file: str
    path: Path_
    new: Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change at one place of a rule file, and what must follow it elsewhere.

    `item` is the id of the item (or the name of the operation) that is changed, `within` the place in it.
    """

    file: str
    item: str
    within: str
    kind: str
    change: str
    place: Place
    edits: tuple[Edit, ...]

    @property
    def id(self) -> str:
        """What it is called: stable as long as the item and the way to the place within it are."""
        where = f"{self.item}.{self.within}" if self.within else self.item
        return f"{self.file} {where}: {self.change}"


Fate = Literal["refused", "equivalent", "killed", "survived"]


class Outcome(NamedTuple):
    """What became of a mutant: `by` is the fault of the loader, or the case and what it noticed."""

    mutant: Mutant
    fate: Fate
    by: str


def mutants_of(law: Regulation, documents: Sequence[Document]) -> Iterator[Mutant]:
    """Yield every mutant of the rule files `documents`, from which `law` was read, in the order of the files."""
    for document in documents:
        yield from _Mutator(law, documents, document).mutants()


class _Mutator:
    """Yields the mutants of one file."""

    def __init__(self, law: Regulation, documents: Sequence[Document], document: Document) -> None:
        self.law, self.documents, self.document, self.data = law, documents, document, document.data

    def mutants(self) -> Iterator[Mutant]:
        if "gegenstand" in self.data:
            yield from self._subject()
        elif "akt" in self.data:
            yield from self._act()
        elif "auslegungen" in self.data:
            yield from self._readings()
        elif "entitaeten" in self.data:
            yield from self._series()

    def _dropped(self, item: str, path: Path_, edits: tuple[Edit, ...]) -> Mutant:
        return Mutant(self.document.file, item, "", "eintrag", "gestrichen", self.document.place(path), edits)

    def _of_item(self, name: str, root: Path_, changes: Iterator[Mutation]) -> Iterator[Mutant]:
        file = self.document.file
        for mutation in changes:
            path = (*root, *mutation.path)
            edits, place = (Edit(file, path, mutation.new),), self.document.place(path)
            yield Mutant(file, name, written_path(mutation.path), mutation.kind, mutation.change, place, edits)

    @cached_property
    def words(self) -> Alternatives:
        """What may stand in place of something else in this file: parameters are those of the Fassung it makes."""
        models = {item.id: item.model for item in self.law.items if isinstance(item.model, Ableitung)}
        types = {**self.law.vocabulary.types, **{model.ergibt: model.kind for model in models.values()}}
        derived = {name: model.ergibt for name, model in models.items()}
        parameters = {name: item.model for name, item in self._fassung.parameters.items()}
        return Alternatives(types, derived, parameters, self.law.readings)

    @property
    def _fassung(self) -> Fassung:
        norms = {fassung.id: fassung for fassung in self.law.fassungen}
        if self.data.get("akt", {}).get("art") == "erlass":
            return self.law.with_erlasse
        return norms.get(str(self.data.get("akt", {}).get("id")), self.law.fassungen[0])

    def _subject(self) -> Iterator[Mutant]:
        for name, data in self.data.get("parameter", {}).items():
            yield from self._of_item(f"parameter.{name}", ("parameter", name), mutate_item((), data, self.words))
        for section, kind in SECTIONS.items():
            items = self.data.get(section, [])
            for index, data in enumerate(items if kind not in _KEPT_ITEMS else ()):
                yield from self._of_item(data["id"], (section, index), mutate_item((), data, self.words))
                rest = [*items[:index], *items[index + 1 :]]
                edits = (Edit(self.document.file, (section,), rest),)
                yield self._dropped(data["id"], (section, index), edits)

    def _act(self) -> Iterator[Mutant]:
        yield from self._of_item("akt", ("akt",), mutate_act(self.data["akt"]))
        together = dependants(self.law)
        for index, (name, data) in enumerate(self._operations(self.document)):
            path = ("aenderungen", index)
            yield from self._of_item(name.operation, path, mutate_operation(data, self.words))
            yield self._dropped(name.operation, path, tuple(self._without(together[name])))

    def _operations(self, document: Document) -> list[tuple[OperationId, Any]]:
        """Return the operations of an act with their names."""
        act = document.data.get("akt", {}).get("id")
        names = (operation for operation in self.law.operations if operation.act == act)
        return list(zip(names, document.data.get("aenderungen", ()), strict=True))

    def _without(self, gone: Collection[OperationId]) -> Iterator[Edit]:
        """Yield what takes operations back, in whatever act they stand."""
        for document in self.documents:
            rest = [data for name, data in self._operations(document) if name not in gone]
            if len(rest) < len(document.data.get("aenderungen", ())):
                yield Edit(document.file, ("aenderungen",), rest)

    def _readings(self) -> Iterator[Mutant]:
        for index, data in enumerate(self.data["auslegungen"]):
            others = (option for option in data["lesarten"] if option != data["vorgabe"])
            changes = (Mutation(("vorgabe",), "lesart", f"{data['vorgabe']} → {option}", option) for option in others)
            yield from self._of_item(data["id"], ("auslegungen", index), changes)

    def _series(self) -> Iterator[Mutant]:
        for name, entity in self.data["entitaeten"].items():
            if (series := entity.get("reihe")) is not None:
                ends = (mutations.mutate_expression((end,), series[end], self.words, "") for end in ("von", "bis"))
                step = mutations.mutate_scalar(("schritt",), series["schritt"], get_args(Length))
                yield from self._of_item(name, ("entitaeten", name, "reihe"), chain(*ends, step))


def mutate_item(path: Path_, data: Mapping[str, Any], words: Alternatives) -> Iterator[Mutation]:
    """Yield every change within an item."""
    fact = data.get("ergibt", "")
    for field in ("wert", "art", "gilt_fuer", "bedingung", "wenn", "faelle", "rechne", "faellig"):
        if data.get(field) is not None:
            yield from mutate_field(field, (*path, field), data[field], words, fact)
    for field in ("gilt_fuer", "faellig"):
        if data.get(field) is not None:
            rest = {key: value for key, value in data.items() if key != field}
            new = rest if field == "gilt_fuer" else {**rest, field: None}
            yield Mutation(path, "bedingung", f"ohne {field}", new)


def mutate_field(field: str, path: Path_, value: Any, words: Alternatives, fact: str) -> Iterator[Mutation]:
    """Yield every change of one part of an item; nothing for the parts that only a reader sees."""
    match field:
        case "wert":
            yield from mutations.mutate_scalar(path, value)
        case "art":
            yield from (
                Mutation(path, "art", f"{value} → {other}", other)
                for other in ("muss", "soll", "kann", "hinweis")
                if other != value
            )
        case "gilt_fuer" | "bedingung" | "wenn":
            yield from mutations.mutate_condition(path, value, words)
        case "faelle":
            yield from mutations.mutate_table(path, value, words, fact)
        case "rechne":
            yield from mutations.mutate_expression(path, value, words, fact)
        case "faellig":
            yield from _of_due(path, value, words)


def _of_due(path: Path_, due: Mapping[str, Any], words: Alternatives) -> Iterator[Mutation]:
    if "tag" in due:
        yield from mutations.mutate_expression((*path, "tag"), due["tag"], words, "")
        return
    at, yearly = (*path, "jaehrlich"), due["jaehrlich"]
    for days in (1, -1):
        other = (date.fromisoformat(f"{_COMMON_YEAR}-{yearly['am']}") + timedelta(days=days)).strftime("%m-%d")
        yield Mutation((*at, "am"), "tag", f"{yearly['am']} → {other}", other)
    yield from mutations.mutate_scalar((*at, "erstes_berichtsjahr"), yearly["erstes_berichtsjahr"])
    for key in ("von", "bis"):
        if key in yearly:
            yield from mutations.mutate_expression((*at, key), yearly[key], words, "")


def mutate_operation(data: Mapping[str, Any], words: Alternatives) -> Iterator[Mutation]:
    """Yield every change of what an operation brings; one on a formula is only left out as a whole."""
    if data["ziel"].startswith("formel."):
        return
    if data["op"] == "fuege_ein":
        ((kind, new),) = data["neu"].items()
        path: Path_ = ("neu", kind)
        if kind == "parameter":
            ((name, new),) = new.items()
            path += (name,)
        yield from mutate_item(path, new, words)
    elif data["op"] != "hebe_auf":
        item, *within = data["ziel"].removeprefix("parameter.").split(".")
        fact, new = words.derived.get(item, ""), data["neu"]
        if len(within) > 1:
            yield from _of_part(within, new, words, fact)
        else:
            for field, value in {within[0]: new}.items() if within else new.items():
                path = ("neu",) if within else ("neu", field)
                yield from mutate_field(field, path, value, words, fact)


_CONDITIONS, _VALUES = ("wenn", "bedingung", "gilt_fuer"), ("dann", "rechne", "faellig")


def _of_part(within: Sequence[str], new: Any, words: Alternatives, fact: str) -> Iterator[Mutation]:
    """Yield every change of what an operation puts into a condition or computation, be it one part or a list."""
    inside = next((part for part in reversed(within) if part in (*_CONDITIONS, *_VALUES)), None)
    parts: Iterable[tuple[Path_, Any]] = [(("neu",), new)]
    if isinstance(new, list):
        parts = ((("neu", index), part) for index, part in enumerate(new))
    for path, part in parts:
        if inside is None:
            for field, value in part.items():
                yield from mutate_field(field, (*path, field), value, words, fact)
        elif inside in _CONDITIONS:
            yield from mutations.mutate_condition(path, part, words)
        else:
            yield from mutations.mutate_expression(path, part, words, fact)


def mutate_act(akt: Mapping[str, Any]) -> Iterator[Mutation]:
    """Yield the days of an act, a day later and earlier; both ends of its effect together where they are one day."""
    start = akt["gilt_ab"]
    yield from mutations.mutate_scalar(("bekannt_ab", "datum"), str(akt["bekannt_ab"]["datum"]))
    if start["datum"] != start["spaetestens"]:
        for end in ("datum", "spaetestens"):
            yield from mutations.mutate_scalar(("gilt_ab", end), str(start[end]))
        return
    for mutation in mutations.mutate_scalar(("gilt_ab",), str(start["datum"])):
        yield mutation._replace(new={**start, "datum": mutation.new, "spaetestens": mutation.new})
