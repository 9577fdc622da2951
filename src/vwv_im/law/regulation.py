"""The regulation: its acts, the Fassungen derived from them, sources, readings and open questions."""

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import VERSION

from vwv_im.case import CasePart, read_case, read_document
from vwv_im.case.source import models_of as models_of_vocabulary
from vwv_im.case.source import typed_source_of
from vwv_im.case.vocabulary import Vocabulary
from vwv_im.law import cache as text_cache
from vwv_im.law.act import Akt
from vwv_im.law.base import Zweisprachig
from vwv_im.law.choice import ApplicableFassung, choose
from vwv_im.law.entry import MODELS, Origin
from vwv_im.law.evidence import GRADES, Beleg, Fundstelle, Grade, Quelle, Worueber, is_weaker
from vwv_im.law.examination import ExaminationFile, Pruefung
from vwv_im.law.fassung import AnyItem, Fassung, Item, Law, laws_of
from vwv_im.law.history import OperationId, State, key_of, models_of, operation_name, state_of
from vwv_im.law.model import Ableitung, AmendingOperation, Auslegung, Regel
from vwv_im.law.reader import SACHVERHALT, ParsedOperation, ParsedRules, parse_rules, read_documents, rule_texts
from vwv_im.law.register import Aussage, Freigabe, OffeneFrage, Wortlaut
from vwv_im.law.rule_faults import RuleFileError
from vwv_im.text import Document, InputKind, Place, Text, fault_of, sentence

T = TypeVar("T")
_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def packaged_or_beside(packaged: str, beside: str) -> Path:
    """Return where data of the library is: inside the installed package, or in the checkout."""
    inside = _PACKAGE / packaged
    return inside if inside.is_dir() else _PACKAGE.parent.parent / beside


def rules_directory() -> Path:
    """Return where the rule files are."""
    return packaged_or_beside("rules", "rules")


class Regulation:
    """The regulation with all its acts. Get it by `vwv_im.regulation()`."""

    def __init__(self, raw: ParsedRules, hashes: Mapping[str, str], directory: Path | None = None) -> None:
        self._raw = raw
        self.hashes = hashes
        self._directory = directory
        self._fassungen: dict[tuple[str, tuple[str, ...], frozenset[OperationId]], Fassung] = {}

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str | None, dict[str, str]]]:
        """Name the rule files: they are read anew where it is unpickled, and have to be the same."""
        if self._directory is None:
            raise TypeError("rules that were read from no directory cannot be pickled")
        packaged = self._directory == rules_directory()
        return _same_regulation, (None if packaged else str(self._directory.absolute()), dict(self.hashes))

    @property
    def vocabulary(self) -> Vocabulary:
        """What a case may state."""
        return self._sound(self._raw.vocabulary)

    @property
    def examination(self) -> ExaminationFile:
        """The questions with their orders of examination, the authority, and what moves a deadline."""
        return self._sound(self._raw.schema)

    @staticmethod
    def _sound(part: T | None) -> T:
        if part is None:
            raise LookupError("rule files with faults make no regulation")
        return part

    @property
    def questions(self) -> Mapping[str, Pruefung]:
        """The questions by name; the first is asked where none is named."""
        return self.examination.fragen

    @cached_property
    def first_question(self) -> str:
        """The question that is asked where none is named."""
        return next(iter(self.questions))

    def typed_source(self) -> str:
        """Return the source of `vwv_im.typed`: the models of a case, and the types of what follows from one."""
        results = {
            item.model.ergibt: (item.model.kind, item.model.titel.de)
            for item in self.items
            if isinstance(item.model, Ableitung) and not item.model.zwischenwert and not item.model.auf_anfrage
        }
        questions = {name: asked.wurzel for name, asked in self.questions.items()}
        return typed_source_of(self.vocabulary, self._digest, results, questions)

    @cached_property
    def _digest(self) -> str:
        """What tells the vocabulary from another: the hash of its file and of the lists that it picks names from."""
        files = (SACHVERHALT, *self._raw.list_files)
        return sha256("".join(self.hashes[name] for name in files if name in self.hashes).encode()).hexdigest()

    @cached_property
    def case(self) -> type[CasePart]:
        """The model of a case: that of the library for its own rules, else one that is made in memory."""
        from vwv_im import typed  # noqa: PLC0415 - not every use of a regulation reads a case

        if self._digest == typed.SACHVERHALT:
            return typed.Case
        made: type[CasePart] = models_of_vocabulary(self.vocabulary).Case
        return made

    def read_case(
        self, source: CasePart | Mapping[str, object] | str | os.PathLike[str] | Document, form: InputKind = "data"
    ) -> CasePart:
        """Return the case that `source` states; raises `CaseError` with all its faults."""
        if isinstance(source, Document):
            return read_document(source, self.case)
        return read_case(source, self.case, form)

    @cached_property
    def name(self) -> str:
        """What it is called, in German: what stands in brackets at the end of its title, else the whole title."""
        title = self.acts[0].titel.de
        short = re.search(r"\(([^()]+)\)$", title)
        return short[1] if short else title

    @cached_property
    def acts(self) -> tuple[Akt, ...]:
        """All acts, in the order in which they were signed."""
        return tuple(act.akt for act in self._raw.acts)

    @cached_property
    def fassungen(self) -> tuple[Fassung, ...]:
        """The Fassung after each act, without Erlasse."""
        return tuple(self.fassung(akt.id) for akt in self.acts if akt.art in ("stammfassung", "aenderung"))

    @cached_property
    def items(self) -> tuple[AnyItem, ...]:
        """Every item of every Fassung, also of those repealed, in its latest wording."""
        return tuple({item.entry.key: item for fassung in self.states for item in fassung}.values())

    @property
    def rules(self) -> tuple[Item[Regel], ...]:
        """Every requirement of every Fassung, in its latest wording."""
        return tuple({item.id: item for fassung in self.states for item in fassung.rules.values()}.values())

    @property
    def with_erlasse(self) -> Fassung:
        """The last Fassung with every Erlass beside it."""
        return self.states[-1]

    @cached_property
    def laws(self) -> tuple[Law, ...]:
        """Every state of the law in order: the Fassungen, then the last with each Erlass that came beside it.

        >>> [law.name for law in regulation().laws][-2:]
        ['2022-01-26', '2022-01-26+2022-03-11']
        """
        return laws_of(self.acts)

    @cached_property
    def states(self) -> tuple[Fassung, ...]:
        """Every state of the law with its items."""
        return tuple(self.fassung(law.fassung, law.erlasse) for law in self.laws)

    @property
    def sources(self) -> Mapping[str, Quelle]:
        """All sources by id."""
        return self._raw.sources

    def grade(self, beleg: Beleg) -> Grade:
        """Return how strongly evidence proves the norm: as an inference at most, where its source speaks of another."""
        return beleg.grad if self._carried_on(beleg) is None else "schluss"

    def graded(self, beleg: Beleg) -> Text:
        """Return the grade of evidence in words, with what its source speaks of where that makes it an inference."""
        words, about = GRADES[beleg.grad], self._carried_on(beleg)
        return words if about is None else Text(f"{words.de}, {about.de}", f"{words.en}, {about.en}")

    def passage(self, beleg: Beleg) -> Fundstelle | None:
        """Return what the source of evidence says at the passage that it names."""
        source = self.sources.get(beleg.quelle or "")
        return None if source is None or beleg.fundstelle is None else source.fundstellen[beleg.fundstelle]

    def _carried_on(self, beleg: Beleg) -> Zweisprachig | None:
        source = self.sources.get(beleg.quelle or "")
        if source is None or not is_weaker("schluss", beleg.grad):
            return None
        return self.topics[source.spricht_ueber].fortgeltung

    @property
    def topics(self) -> Mapping[str, Worueber]:
        """What sources may speak about, by name."""
        return self._raw.topics

    @cached_property
    def subjects(self) -> Mapping[str, Zweisprachig]:
        """The subjects of the rule files with their titles, in alphabetical order of their names."""
        return {name: title for act in self._raw.acts for name, title in sorted(act.subjects.items())}

    @property
    def readings(self) -> Mapping[str, Auslegung]:
        """All disputed points by name."""
        return self._raw.readings

    @property
    def open_questions(self) -> Mapping[str, OffeneFrage]:
        """All questions that the sources do not answer, by id."""
        return self._raw.open_questions

    @property
    def statements(self) -> Mapping[str, Aussage]:
        """What the sources say, sentence by sentence, with what carries it."""
        return self._raw.statements

    @property
    def approvals(self) -> Mapping[str, Freigabe]:
        """The reviews of rules by lawyers."""
        return self._raw.approvals

    @property
    def wordings(self) -> Mapping[str, Wortlaut]:
        """The slots for the wording of numbers, each with the questions that it would answer."""
        return self._raw.wordings

    @cached_property
    def _operations(self) -> Sequence[tuple[OperationId, ParsedOperation]]:
        """Every operation as it is written; one on a formula stands there for each of its places."""
        acts = self._raw.acts
        return [(OperationId(act.akt.id, operation_name(one)), one) for act in acts for one in act.operations]

    @cached_property
    def operations(self) -> Mapping[OperationId, AmendingOperation]:
        """Every operation of every act, in order."""
        return {name: operation.model for name, operation in self._operations}

    @cached_property
    def targets(self) -> Mapping[OperationId, tuple[str, ...]]:
        """The keys of the items that each operation changes: several where it changes a formula that they share."""
        found: dict[OperationId, tuple[str, ...]] = {}
        for name, operation in self._operations:
            found[name] = (*found.get(name, ()), key_of(operation))
        return found

    @cached_property
    def written(self) -> Mapping[str | OperationId, Origin]:
        """Where what stands beside the items is written: acts by id, operations by their id, the others by section.

        The sections are `quellen.<id>`, `auslegungen.<name>`, `offene_fragen.<id>`, `aussagen.<id>`, `freigaben.<id>`,
        `wortlaut.<id>`, `gegenstand.<name>`, `fragen` and `entitaeten`.
        """
        places = dict[str | OperationId, Origin](self._raw.origins.items())
        places.update((act.akt.id, act.origin) for act in self._raw.acts)
        places.update((name, operation.origin) for name, operation in self._operations)
        return places

    def act(self, identifier: str) -> Akt:
        """Return the act with this id."""
        return next(akt for akt in self.acts if akt.id == identifier)

    @cached_property
    def default_readings(self) -> dict[str, str]:
        """The reading of each disputed point that is followed where none is named."""
        return {name: entry.vorgabe for name, entry in self.readings.items()}

    def choose(
        self, on: date, known_on: date | None = None, readings: Mapping[str, str] | None = None, question: str = ""
    ) -> ApplicableFassung:
        """Choose the Fassung for the day `on`, as known on `known_on`.

        Where a `question` looks at the days of parts of the case instead, it is the last, whatever the day.
        """
        if question and self.questions[question].eigene_tage:
            explain = partial(sentence, "own_days")
            return ApplicableFassung("own_days", self.fassungen[-1].id, (), None, None, None, None, (), explain)
        followed = tuple((readings or {}).get(name) for name in self._dates_of_effect)
        return self._chosen(on, known_on, followed)

    @cached_property
    def _dates_of_effect(self) -> tuple[str, ...]:
        return tuple(akt.gilt_ab.auslegung for akt in self.acts if akt.gilt_ab.auslegung is not None)

    @cached_property
    def _chosen(self) -> Callable[[date, date | None, tuple[str | None, ...]], ApplicableFassung]:
        @lru_cache(maxsize=4096)
        def chosen(on: date, known_on: date | None, followed: tuple[str | None, ...]) -> ApplicableFassung:
            readings = zip(self._dates_of_effect, followed, strict=True)
            return choose(self.acts, on, known_on, {name: option for name, option in readings if option is not None})

        return chosen

    def fassung(self, identifier: str, erlasse: tuple[str, ...] = (), without: Collection[OperationId] = ()) -> Fassung:
        """Return the Fassung after the act `identifier`, with `erlasse` beside it, `without` some operations."""
        key = (identifier, erlasse, frozenset(without))
        if key not in self._fassungen:
            self._fassungen[key] = _fassung(*key, state_of(self._raw, *key))
        return self._fassungen[key]


def _fassung(identifier: str, erlasse: tuple[str, ...], without: frozenset[OperationId], state: State) -> Fassung:
    found: dict[str, dict[str, Any]] = {kind: {} for kind in MODELS}
    for entry, model in models_of(state, []).values():
        found[entry.kind][entry.id] = Item(entry, model)
    return Fassung(identifier, erlasse, without, *found.values())


def load_regulation(directory: Path) -> Regulation:
    """Read and check the rule files in `directory`.

    Raises `RuleFileError` with every fault found. What was read is cached by content (see `vwv_im.law.cache`).
    """
    label = label_of(directory)
    if not os.path.isdir(directory):  # noqa: PTH112 - which is no where the system refuses to look
        raise RuleFileError([fault_of("no_rules", Place(label))])
    texts = rule_texts(directory)
    hashes = {name: sha256(text).hexdigest() for name, text in texts.items() if isinstance(text, bytes)}
    complete = len(hashes) == len(texts)
    if complete and directory == rules_directory() and (kept := _kept(text_cache.shipped(hashes), hashes, label)):
        return Regulation(kept, hashes, directory)
    key = sha256(f"{_own_version()} {sorted(hashes.items())}".encode()).hexdigest()
    if complete and (kept := _kept(text_cache.load(key, hashes), hashes, label)):
        return Regulation(kept, hashes, directory)
    from vwv_im.law.consistency import check  # noqa: PLC0415 - what is kept was checked

    documents = read_documents(texts)
    text = text_cache.packed(documents, hashes)
    raw = parse_rules(documents, label)
    if faults := check(raw):
        raise RuleFileError(faults)
    text_cache.store(key, text)
    return Regulation(raw, hashes, directory)


def _kept(documents: list[Document] | None, hashes: Mapping[str, str], label: str) -> ParsedRules | None:
    """Return the rules as they are kept; nothing where what is kept cannot be what sound files say."""
    if documents is None or [document.file for document in documents] != list(hashes):
        return None
    try:
        raw = parse_rules(documents, label, sound=True)
    except Exception:  # noqa: BLE001 - what is kept may be anything; the files themselves are then read
        return None
    return None if raw.faults or raw.incomplete else raw


@cache
def _own_version() -> str:
    """Return what tells this reader from another: rule files that one found sound, another may not."""
    sources = (path.stat() for part in ("text", "case", "law") for path in sorted((_PACKAGE / part).glob("*.py")))
    return f"{VERSION} {[(stat.st_size, stat.st_mtime_ns) for stat in sources]}"


def label_of(directory: Path) -> str:
    """Return how the directory of rule files is called where places are named."""
    try:
        relative = os.path.relpath(directory)
    except (OSError, ValueError):  # the working directory is gone, or on another drive
        return str(directory)
    return str(directory) if relative.startswith("..") else relative


def regulation(directory: str | os.PathLike[str] | None = None) -> Regulation:
    """Return the regulation, read once per process. `directory` names other rule files than the library's own."""
    return _regulation(rules_directory() if directory is None else Path(directory))


@cache
def _regulation(directory: Path) -> Regulation:
    return load_regulation(directory)


def _same_regulation(directory: str | None, hashes: Mapping[str, str]) -> Regulation:
    """Return the regulation that was pickled; raises `RuleFileError` where its rule files are no longer the same."""
    law = regulation(directory)
    if law.hashes != hashes:
        raise RuleFileError([fault_of("changed_rules", Place(directory or label_of(rules_directory())))])
    return law
