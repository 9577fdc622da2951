"""Reading a directory of rule files: every file as a model, every fault at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from vwv_im.case.vocabulary import Vocabulary
from vwv_im.law.act import Akt
from vwv_im.law.base import Entries, RuleModel, Zweisprachig
from vwv_im.law.entry import Entry, Origin
from vwv_im.law.evidence import Quelle, SourcesFile, Worueber
from vwv_im.law.examination import ExaminationFile
from vwv_im.law.formulas import Written, mapping, on_formulas, write_out
from vwv_im.law.list_file import Listendatei, look_up
from vwv_im.law.model import (
    ActFile,
    AmendingOperation,
    Auslegung,
    NewItem,
    ReadingsFile,
    SubjectFile,
)
from vwv_im.law.register import FILES, MAY_LACK, Aussage, Freigabe, OffeneFrage, Wortlaut
from vwv_im.law.rule_faults import faults_of
from vwv_im.law.vocabulary_file import Sachverhalt, faults_of_vocabulary, vocabulary_of
from vwv_im.text import Document, Fault, Limits, Path_, Place, fault_of, read_yaml

M = TypeVar("M", bound=RuleModel)

_LIMITS = Limits(bytes=4_000_000, depth=48)
MOST_FILES, MOST_BYTES = 1000, 8_000_000
"""So many rule files, of so many bytes together, are read."""
SACHVERHALT, PRUEFSCHEMA, QUELLEN = "sachverhalt.yaml", "pruefschema.yaml", "quellen.yaml"
_SINGLE_FILES: Mapping[str, type[RuleModel]] = {
    SACHVERHALT: Sachverhalt,
    QUELLEN: SourcesFile,
    "auslegungen.yaml": ReadingsFile,
    PRUEFSCHEMA: ExaminationFile,
    **FILES,
}
SECTIONS: Mapping[str, str] = {
    "ableitungen": "ableitung",
    "regeln": "regel",
    "widersprueche": "widerspruch",
    "plausibilitaeten": "plausibilitaet",
    "pflichten": "pflicht",
    "vermerke": "vermerk",
}
_NO_ACT: Any = None


@dataclass(frozen=True, slots=True)
class ParsedOperation:
    """An operation as its file writes it; of one on a formula, what it is on one of the formula's places.

    `target` is what the file names.
    """

    model: AmendingOperation
    data: Mapping[str, Any]
    origin: Origin
    target: str


@dataclass(slots=True)
class ParsedAct:
    """An act with its items or operations."""

    akt: Akt
    origin: Origin
    subjects: dict[str, Zweisprachig] = field(default_factory=dict)
    items: list[Entry] = field(default_factory=list)
    operations: list[ParsedOperation] = field(default_factory=list)


@dataclass(slots=True)
class ParsedRules:
    """Everything that the rule files say, before acts are applied.

    `formulas` says where each formula was written out, and what was put in its places. `states` keeps what applying the
    acts gave. `named` holds the ids of sources, readings and open questions, also of faulty ones. `incomplete` says
    that a part could not be read, so that a name that seems unknown may stand there. `sound`: all was checked when it
    was kept, and need not be again.
    """

    documents: list[Document]
    sound: bool = False
    faults: list[Fault] = field(default_factory=list)
    acts: list[ParsedAct] = field(default_factory=list)
    sources: Entries[Quelle] = field(default_factory=lambda: Entries(Quelle))
    topics: Entries[Worueber] = field(default_factory=lambda: Entries(Worueber))
    readings: Entries[Auslegung] = field(default_factory=lambda: Entries(Auslegung))
    open_questions: Entries[OffeneFrage] = field(default_factory=lambda: Entries(OffeneFrage))
    statements: Entries[Aussage] = field(default_factory=lambda: Entries(Aussage))
    approvals: Entries[Freigabe] = field(default_factory=lambda: Entries(Freigabe))
    wordings: Entries[Wortlaut] = field(default_factory=lambda: Entries(Wortlaut))
    lists: dict[str, Listendatei] = field(default_factory=dict)
    list_files: list[str] = field(default_factory=list)
    vocabulary: Vocabulary | None = None
    schema: ExaminationFile | None = None
    origins: dict[str, Origin] = field(default_factory=dict)
    formulas: dict[str, Written] = field(default_factory=dict)
    states: dict[Any, Any] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    incomplete: bool = False

    @property
    def tables(self) -> dict[str, Entries[Any]]:
        """The sections of the single files: where their entries are kept."""
        return {
            "quellen": self.sources,
            "auslegungen": self.readings,
            "offene_fragen": self.open_questions,
            "aussagen": self.statements,
            "freigaben": self.approvals,
            "wortlaut": self.wordings,
        }


RuleTexts = Mapping[str, bytes | Fault]
"""The rule files of a folder by their paths there, in a fixed order: what each holds, or why it is not read."""


def rule_texts(directory: Path) -> RuleTexts:
    """Return what the rule files below `directory` hold, each read once; no more of them than can be read in time.

    Not read are links that lead out of the folder, what is no file, and what the system refuses.
    """
    found: dict[str, bytes | Fault] = {}
    size = 0
    for path in islice(_paths(directory), MOST_FILES + 1):
        name = path.relative_to(directory).as_posix()
        text = _text_at(path, directory)
        size += len(text) if isinstance(text, bytes) else 0
        if size > MOST_BYTES or len(found) == MOST_FILES:
            return {**found, name: fault_of("too_many_rules", Place(name), most=MOST_BYTES, files=MOST_FILES)}
        found[name] = text if isinstance(text, bytes) else fault_of(text, Place(name))
    return found


def _paths(directory: Path) -> list[Path]:
    """Return the paths of the rule files, and those of linked folders, whose files are not read."""
    links = (path for path in directory.rglob("*") if path.is_symlink() and path.is_dir())
    outside = {path for path in links if not _is_inside(path, directory)}
    return sorted(outside | {path for path in directory.rglob("*.yaml") if path.is_symlink() or not path.is_dir()})


def _is_inside(path: Path, directory: Path) -> bool:
    return path.resolve().is_relative_to(directory.resolve())


def _text_at(path: Path, directory: Path) -> bytes | str:
    """Return what a file holds, or the kind of the fault."""
    try:
        if not _is_inside(path, directory):
            return "link_outside"
        if path.exists() and not path.is_file():
            return "file_unreadable"
        with path.open("rb") as stream:
            return stream.read(_LIMITS.bytes + 1)
    except FileNotFoundError:
        return "file_not_found"
    except (OSError, RuntimeError, ValueError):
        return "file_unreadable"


def read_documents(texts: RuleTexts) -> list[Document]:
    """Read all rule files; faults stay on the documents."""
    return [
        Document(name, faults=[text]) if isinstance(text, Fault) else read_yaml(text, name=name, limits=_LIMITS)
        for name, text in texts.items()
    ]


def parse_rules(documents: list[Document], label: str, *, sound: bool = False) -> ParsedRules:
    """Turn documents into models; faults are collected in the result. `label` precedes file names in faults.

    `sound`: they have no faults; most of them is then made a model only when it is asked for.
    """
    law = ParsedRules(documents, sound)
    names = {document.file: document for document in documents}
    for document in documents:
        document.file = f"{label}/{document.file}"
        law.faults.extend(replace(fault, place=fault.place._replace(file=document.file)) for fault in document.faults)
    for name in [name for name, document in names.items() if "/" not in name and "liste" in mapping(document.data)]:
        _list(law, name, names.pop(name))
    for name in _SINGLE_FILES:
        if name in names:
            _single(law, name, names[name])
            law.incomplete |= names[name].data is None
        elif name not in MAY_LACK:
            law.faults.append(fault_of("no_file", Place(f"{label}/{name}")))
            law.incomplete = True
    for name, document in names.items():
        folder, _, leaf = name.rpartition("/")
        if name in _SINGLE_FILES or (folder and leaf != "akt.yaml"):
            continue
        _act(law, document, {n: d for n, d in names.items() if folder and n.startswith(f"{folder}/") and n != name})
    known = {name.rpartition("/")[0] for name in names if name.endswith("/akt.yaml")}
    for name, document in names.items():
        folder = name.rpartition("/")[0]
        if folder and folder not in known:
            law.faults.append(fault_of("no_act", Place(document.file)))
    for act in law.acts:
        act.operations = [
            operation
            if data is operation.data
            else replace(operation, model=AmendingOperation.model_validate(data), data=data)
            for operation in act.operations
            for data in on_formulas(operation.data, law.formulas)
        ]
    law.acts.sort(key=lambda act: (act.akt.ausgefertigt, act.akt.id))
    return law


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


def _list(law: ParsedRules, name: str, document: Document) -> None:
    """Read a list of names."""
    listed = validated(Listendatei, document, law.faults)
    law.incomplete |= listed is None
    if listed is not None:
        law.lists[listed.liste] = listed
        law.list_files.append(name)


def _single(law: ParsedRules, name: str, document: Document) -> None:
    if document.data is None:
        return
    needed = not law.sound or name in (SACHVERHALT, PRUEFSCHEMA)
    parsed = validated(_SINGLE_FILES[name], document, law.faults) if needed else None
    sound = law.sound or parsed is not None
    if isinstance(parsed, ExaminationFile):
        law.schema = parsed
        law.origins["fragen"] = Origin(document, ("fragen",))
    if isinstance(parsed, Sachverhalt):
        law.origins["entitaeten"] = Origin(document, ("entitaeten",))
        faults = [] if law.sound else faults_of_vocabulary(parsed, document, law.lists)
        law.faults.extend(faults)
        law.vocabulary = None if faults else vocabulary_of(parsed, law.lists)
    if sound and name == QUELLEN:
        law.topics.data.update(document.data["spricht_ueber"])
    law.incomplete |= not sound and name in (SACHVERHALT, PRUEFSCHEMA)
    for section, table in law.tables.items():
        entries = document.data.get(section) if isinstance(document.data, dict) else None
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if sound or _sound(table.model, entry) is not None:
                _add(law, section, table, entry, Origin(document, (section, index)))
            if isinstance(entry, dict):
                law.named.add(str(entry.get("id")))
                passages = entry.get("fundstellen")
                law.named.update(f"{entry.get('id')}.{name}" for name in passages or () if isinstance(passages, dict))


def _sound(model: type[M], data: Any) -> M | None:
    """Return the model, or `None` where it is faulty; the faults are told with the whole file."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _add(law: ParsedRules, section: str, table: Entries[Any], entry: Mapping[str, Any], origin: Origin) -> None:
    if (name := entry["id"]) in table:
        law.faults.append(duplicate(name, origin))
    table.data[name] = entry
    law.origins[f"{section}.{name}"] = origin


def duplicate(identifier: str, origin: Origin) -> Fault:
    """Return the fault that an id stands twice."""
    return fault_of("taken_id", origin.place(("id",)), name=identifier)


def _note_empty(law: ParsedRules, document: Document) -> None:
    if document.data is None and not document.faults:
        law.faults.append(fault_of("empty_file", Place(document.file)))


def _act(law: ParsedRules, document: Document, companions: Mapping[str, Document]) -> None:
    _note_empty(law, document)
    data = document.data if isinstance(document.data, dict) else {}
    if document.data is not None and not law.sound:
        validated(ActFile, document, law.faults)
    akt = _sound(Akt, data.get("akt"))
    act = ParsedAct(akt or _NO_ACT, Origin(document, ("akt",)))
    for name, companion in companions.items():
        _subject(law, act, name.rpartition("/")[2].removesuffix(".yaml"), companion)
    act.operations = list(_operations(law, document, data.get("aenderungen")))
    if akt is None:
        law.incomplete = True
    elif any(other.akt.id == akt.id for other in law.acts):
        law.faults.append(duplicate(akt.id, act.origin))
    else:
        law.acts.append(act)


def _operations(law: ParsedRules, document: Document, entries: Any) -> Iterator[ParsedOperation]:
    for index, data in enumerate(entries if isinstance(entries, list) else ()):
        origin = Origin(document, ("aenderungen", index))
        model = _sound(AmendingOperation, data)
        if model is not None and model.op == "fuege_ein":
            _inherit(data)
            if not law.sound and validated(NewItem, document, law.faults, (*origin.path, "neu")) is None:
                model = None
        if model is None:
            law.incomplete = True
        else:
            yield ParsedOperation(model, data, origin, model.ziel)


def _inherit(operation: dict[str, Any]) -> None:
    """Give what an operation inserts the operation's evidence, where it brings none of its own."""
    for kind, item in operation["neu"].items() if isinstance(operation["neu"], dict) else ():
        for one in item.values() if kind == "parameter" and isinstance(item, dict) else (item,):
            if isinstance(one, dict):
                one.setdefault("beleg", operation["beleg"])


def _subject(law: ParsedRules, act: ParsedAct, name: str, document: Document) -> None:
    if document.data is None:
        law.incomplete = True
        _note_empty(law, document)
        return
    unread = set(write_out(document, law.formulas, law.faults)) if isinstance(document.data, dict) else set()
    if isinstance(document.data, dict):
        unread.update(look_up(document, law.lists, law.faults))
    law.incomplete |= bool(unread)
    sound = law.sound or validated(SubjectFile, document, law.faults) is not None
    if not isinstance(document.data, dict):
        law.incomplete = True
        return
    document.data.pop("formeln", None)  # written out
    title = document.data["gegenstand"] if sound else {"de": name, "en": name}
    act.subjects[name] = Zweisprachig.model_validate(title)
    law.origins[f"gegenstand.{name}"] = Origin(document, ("gegenstand",))
    parameters = document.data.get("parameter")
    for key, data in parameters.items() if isinstance(parameters, dict) else ():
        _item(act, "parameter", key, name, data, Origin(document, ("parameter", key)))
    for section, kind in SECTIONS.items():
        entries = document.data.get(section)
        for index, data in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(data, dict) and isinstance(data.get("id"), str) and data["id"] not in unread:
                _item(act, kind, data["id"], name, data, Origin(document, (section, index)))


def _item(act: ParsedAct, kind: str, name: str, subject: str, data: Mapping[str, Any], origin: Origin) -> None:
    by = "" if act.akt is _NO_ACT else act.akt.id
    act.items.append(Entry(kind, name, subject, by, data, {(): origin}))
