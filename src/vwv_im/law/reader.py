"""Reading a directory of rule files: every file as a model, every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from vwv_im.law.base import RuleModel, Zweisprachig
from vwv_im.law.faults import faults_of, unplaced
from vwv_im.law.model import (
    ActFile,
    Akt,
    Auslegung,
    OffeneFrage,
    OpenQuestionsFile,
    Operation,
    Quelle,
    ReadingsFile,
    SchemaFile,
    SourcesFile,
    SubjectFile,
)
from vwv_im.text import Document, Fault, Limits, Place, Text, read_yaml
from vwv_im.text.yaml import Path_

M = TypeVar("M", bound=RuleModel)

_LIMITS = Limits(bytes=4_000_000, depth=48)
_SINGLE_FILES: Mapping[str, type[RuleModel]] = {
    "quellen.yaml": SourcesFile,
    "auslegungen.yaml": ReadingsFile,
    "offene_fragen.yaml": OpenQuestionsFile,
    "pruefschema.yaml": SchemaFile,
}
SECTIONS: Mapping[str, str] = {
    "ableitungen": "ableitung",
    "regeln": "regel",
    "widersprueche": "widerspruch",
    "pflichten": "pflicht",
    "vermerke": "vermerk",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A part of a document: where a piece of the law is written."""

    document: Document
    path: Path_

    def place(self, path: Path_ = ()) -> Place:
        """Return the place of `path` within this part."""
        return self.document.place(self.path + path)


@dataclass(frozen=True, slots=True)
class RawItem:
    """An item as its file writes it."""

    kind: str
    id: str
    subject: str
    data: Mapping[str, Any]
    origin: Origin

    @property
    def key(self) -> str:
        """The name by which operations and references find it."""
        return f"parameter.{self.id}" if self.kind == "parameter" else self.id


@dataclass(frozen=True, slots=True)
class RawOperation:
    """An operation as its file writes it."""

    model: Operation
    data: Mapping[str, Any]
    origin: Origin


@dataclass(slots=True)
class RawAct:
    """An act with its items or operations."""

    akt: Akt
    origin: Origin
    subjects: dict[str, Zweisprachig] = field(default_factory=dict)
    items: list[RawItem] = field(default_factory=list)
    operations: list[RawOperation] = field(default_factory=list)


@dataclass(slots=True)
class RawLaw:
    """Everything that the rule files say, before acts are applied."""

    documents: list[Document]
    faults: list[Fault] = field(default_factory=list)
    acts: list[RawAct] = field(default_factory=list)
    sources: dict[str, Quelle] = field(default_factory=dict)
    readings: dict[str, Auslegung] = field(default_factory=dict)
    open_questions: dict[str, OffeneFrage] = field(default_factory=dict)
    schema: SchemaFile = field(default_factory=lambda: SchemaFile(pruefschema={}))
    origins: dict[str, Origin] = field(default_factory=dict)


def rule_files(directory: Path) -> list[Path]:
    """Return the rule files below `directory`, in a fixed order."""
    return sorted(path for path in directory.rglob("*.yaml") if path.is_file())


def read_documents(directory: Path) -> list[Document]:
    """Read all rule files; faults stay on the documents."""
    return [
        read_yaml(path, name=path.relative_to(directory).as_posix(), limits=_LIMITS) for path in rule_files(directory)
    ]


def understand(documents: list[Document], label: str) -> RawLaw:
    """Turn documents into models; faults are collected in the result. `label` precedes file names in faults."""
    law = RawLaw(documents)
    names = {document.file: document for document in documents}
    for document in documents:
        document.file = f"{label}/{document.file}"
        law.faults.extend(_relabelled(fault, document) for fault in document.faults)
    for name in _SINGLE_FILES:
        if name not in names:
            law.faults.append(unplaced("VIM003", f"{label}/{name}", Text("Die Datei fehlt.", "The file is missing.")))
        else:
            _single(law, name, names[name])
    for name, document in names.items():
        folder, _, leaf = name.rpartition("/")
        if name in _SINGLE_FILES or (folder and leaf != "akt.yaml"):
            continue
        _act(law, document, {n: d for n, d in names.items() if folder and n.startswith(f"{folder}/") and n != name})
    known = {name.rpartition("/")[0] for name in names if name.endswith("/akt.yaml")}
    for name, document in names.items():
        folder = name.rpartition("/")[0]
        if folder and folder not in known:
            message = Text("Im Verzeichnis fehlt akt.yaml.", "The directory lacks akt.yaml.")
            law.faults.append(unplaced("VIM003", document.file, message))
    law.acts.sort(key=lambda act: (act.akt.ausgefertigt, act.akt.id))
    return law


def _relabelled(fault: Fault, document: Document) -> Fault:
    place = fault.place._replace(file=document.file)
    return Fault(fault.code, place, fault.message, fault.hint, fault.path)


def validated(model: type[M], document: Document, faults: list[Fault], at: Path_ = ()) -> M | None:
    """Validate the part of `document` at `at`; on failure note the faults and return `None`."""
    data = document.data
    for key in at:
        data = data[key]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults.extend(faults_of(error, document, at))
        return None


def _single(law: RawLaw, name: str, document: Document) -> None:
    if document.faults and document.data is None:
        return
    parsed = validated(_SINGLE_FILES[name], document, law.faults)
    if isinstance(parsed, SchemaFile):
        law.schema = parsed
        law.origins["pruefschema"] = Origin(document, ("pruefschema",))
    for section, table in (
        ("quellen", law.sources),
        ("auslegungen", law.readings),
        ("offene_fragen", law.open_questions),
    ):
        for index, entry in enumerate(getattr(parsed, section, ())):
            _add(law, table, entry, Origin(document, (section, index)), section)


def _add(law: RawLaw, table: dict[str, Any], entry: Any, origin: Origin, section: str) -> None:
    if entry.id in table:
        law.faults.append(duplicate(entry.id, origin))
    table[entry.id] = entry
    law.origins[f"{section}.{entry.id}"] = origin


def duplicate(identifier: str, origin: Origin) -> Fault:
    """Return the fault that an id stands twice."""
    message = Text(f"Die Kennung '{identifier}' gibt es schon.", f"The id '{identifier}' exists already.")
    return Fault("VIM020", origin.place(("id",)), message, Text("Wählen Sie eine andere.", "Choose another."))


def _act(law: RawLaw, document: Document, companions: Mapping[str, Document]) -> None:
    if document.data is None:
        if not document.faults:
            law.faults.append(unplaced("VIM010", document.file, Text("Die Datei ist leer.", "The file is empty.")))
        return
    parsed = validated(ActFile, document, law.faults)
    if parsed is None:
        akt = _akt_alone(document)
        if akt is None:
            return
        act = RawAct(akt, Origin(document, ("akt",)))
        act.operations = _sound_operations(document)
    else:
        act = RawAct(parsed.akt, Origin(document, ("akt",)))
        act.operations = [
            RawOperation(model, document.data["aenderungen"][i], Origin(document, ("aenderungen", i)))
            for i, model in enumerate(parsed.aenderungen)
        ]
    for name, companion in companions.items():
        _subject(law, act, name.rpartition("/")[2].removesuffix(".yaml"), companion)
    law.acts.append(act)


def _akt_alone(document: Document) -> Akt | None:
    data = document.data.get("akt") if isinstance(document.data, dict) else None
    try:
        return Akt.model_validate(data)
    except ValidationError:
        return None


def _sound_operations(document: Document) -> list[RawOperation]:
    sound: list[RawOperation] = []
    entries = document.data.get("aenderungen")
    for index, data in enumerate(entries if isinstance(entries, list) else ()):
        try:
            model = Operation.model_validate(data)
        except ValidationError:
            continue
        sound.append(RawOperation(model, data, Origin(document, ("aenderungen", index))))
    return sound


def _subject(law: RawLaw, act: RawAct, name: str, document: Document) -> None:
    if document.data is None:
        if not document.faults:
            law.faults.append(unplaced("VIM010", document.file, Text("Die Datei ist leer.", "The file is empty.")))
        return
    parsed = validated(SubjectFile, document, law.faults)
    if not isinstance(document.data, dict):
        return
    act.subjects[name] = parsed.gegenstand if parsed else Zweisprachig(de=name, en=name)
    parameters = document.data.get("parameter")
    for key, data in parameters.items() if isinstance(parameters, dict) else ():
        act.items.append(RawItem("parameter", key, name, data, Origin(document, ("parameter", key))))
    for section, kind in SECTIONS.items():
        entries = document.data.get(section)
        for index, data in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(data, dict) and isinstance(data.get("id"), str):
                act.items.append(RawItem(kind, data["id"], name, data, Origin(document, (section, index))))
