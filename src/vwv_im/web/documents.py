"""What the API takes and gives, as models for its description; answers are not validated again."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from vwv_im.case import Case
from vwv_im.lang.truth import Verdict
from vwv_im.law.evidence import Grade
from vwv_im.law.model import Question
from vwv_im.publish.schemas import DecisionDocument, IsoDay, Path_, TextDocument


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExplanationRequest(_Part):
    """Ein Fall und was zu ihm gefragt ist."""

    case: Annotated[Case, Field(description="Der Fall; was unbekannt ist, fehlt.")]
    on: Annotated[IsoDay, Field(description="Tag der Entscheidung, JJJJ-MM-TT. Bestimmt die Fassung.")]
    question: Annotated[Question | None, Field(description="Die Frage; ohne Angabe antrag.")] = None
    readings: Annotated[dict[str, str] | None, Field(description="Lesarten statt der vorgegebenen.")] = None


class KnowingRequest(ExplanationRequest):
    """Ein Fall und was zu ihm gefragt ist."""

    known_on: Annotated[IsoDay | None, Field(description="Stand des Wissens: nur damals bekannte Akte.")] = None


class DecisionRequest(KnowingRequest):
    """Ein Fall und was zu ihm gefragt ist."""

    engine: Annotated[
        Literal["checked", "direct", "durable"] | None, Field(description="Das Verfahren; ohne Angabe das des Servers.")
    ] = None


class NoteRequest(DecisionRequest):
    """Ein Fall, was zu ihm gefragt ist, und die Form des Vermerks."""

    form: Annotated[Literal["pdf", "html", "md", "docx"] | None, Field(description="Ohne Angabe pdf.")] = None


class PageRequest(DecisionRequest):
    """Ein Fall, was zu ihm gefragt ist, und welche Seite."""

    page: Annotated[Literal["decision", "comparison"] | None, Field(description="Ohne Angabe decision.")] = None


class HeadingDocument(_Part):
    """A heading; level 1 is the title of the page."""

    kind: Literal["heading"]
    level: int
    text: str


class ParagraphDocument(_Part):
    """A paragraph; `strong` where it holds the result."""

    kind: Literal["paragraph"]
    text: str
    strong: bool


class ItemDocument(_Part):
    """An item of a list: a mark, a sentence, details, each with its depth, and the stated facts that decide it."""

    kind: Literal["item"]
    text: str
    mark: str
    details: tuple[tuple[int, str], ...]
    facts: tuple[Path_, ...]


class UnmetDocument(_Part):
    """A requirement that is not met, and the stated facts that decide it."""

    title: str
    facts: tuple[Path_, ...]


class PageDocument(_Part):
    """A page: what came out in one sentence, under which Fassung, what is not met, the readings, and the blocks."""

    outcome: Literal["decided", "outside_scope", "contradictory"] | None
    verdict: Verdict | None
    result: str | None
    fassung: str | None
    unmet: tuple[UnmetDocument, ...]
    readings: dict[str, str]
    blocks: tuple[HeadingDocument | ParagraphDocument | ItemDocument, ...]


class CauseDocument(_Part):
    """An operation of an act."""

    act: str
    operation: str


class ChangeDocument(_Part):
    """What differs between two states of the law, and what caused it."""

    before: Annotated[str, Field(alias="from")]
    after: Annotated[str, Field(alias="to")]
    path: str
    old: JsonValue
    new: JsonValue
    causes: tuple[CauseDocument, ...]


class ComparisonDocument(_Part):
    """One decision per state of the law, then one per state of knowledge, and each change."""

    decisions: tuple[DecisionDocument, ...]
    changes: tuple[ChangeDocument, ...]


class AnswerDocument(_Part):
    """A possible answer and the verdict that would follow; null: the case would contradict itself."""

    value: JsonValue
    text: TextDocument
    verdict: Verdict | None


class NeedDocument(_Part):
    """A fact still needed."""

    fact: Path_
    question: TextDocument
    rules: tuple[str, ...]
    because: TextDocument
    answers: tuple[AnswerDocument, ...]


class _Standing(_Part):
    outcome: Literal["decided", "outside_scope", "contradictory"]
    verdict: Verdict | None


class NeedsDocument(_Standing):
    """The decision as it stands, and the facts still needed, the most decisive first."""

    needs: tuple[NeedDocument, ...]


class AdjustmentDocument(_Part):
    """A change to one fact."""

    fact: Path_
    old: Annotated[JsonValue, Field(alias="from")]
    new: Annotated[JsonValue, Field(alias="to")]
    text: TextDocument


class BeyondDocument(_Part):
    """A requirement that no change can mend, or that is open since facts are missing."""

    rule: str
    subject: str
    verdict: Verdict
    text: TextDocument


class CounterfactualsDocument(_Standing):
    """The decision as it stands, and the smallest sets of changes that give yes."""

    sets: tuple[tuple[AdjustmentDocument, ...], ...]
    beyond: tuple[BeyondDocument, ...]


class CaseDocument(_Part):
    """A case as it was read, without what is unknown."""

    case: dict[str, Any]


class ReceiptDocument(BaseModel):
    """A whole receipt, which `vwv-im replay` can repeat."""

    model_config = ConfigDict(extra="allow")

    version: str
    digest: str


class RuleDocument(_Part):
    """A requirement, or another item, with the Fassungen in which it stands."""

    id: str
    kind: str
    subject: str
    fassungen: tuple[str, ...]
    erlasse: tuple[str, ...]
    art: str | None
    nummer: str | None
    title: TextDocument
    grade: Grade
    sources: tuple[str, ...]
    value: JsonValue


class OpenQuestionEntry(_Part):
    """What the sources do not tell."""

    id: str
    question: TextDocument
    touches: tuple[str, ...]


class RulesDocument(_Part):
    """All requirements, and what is not known."""

    rules: tuple[RuleDocument, ...]
    open_questions: tuple[OpenQuestionEntry, ...]


class ActDocument(_Part):
    """An act."""

    id: str
    art: Literal["stammfassung", "aenderung", "erlass", "nachfolge"]
    title: TextDocument
    short: TextDocument
    signed: IsoDay
    known_from: IsoDay
    applies_from: IsoDay
    applies_at_latest_from: IsoDay
    reading: str | None
    grade: Grade


class FassungenDocument(_Part):
    """The acts, and the Fassungen that follow from them."""

    fassungen: tuple[str, ...]
    acts: tuple[ActDocument, ...]


class SourceDocument(_Part):
    """A source."""

    id: str
    title: str
    publisher: str
    date: str | None
    url: str | None
    grade: Grade
    note: str | None


class SourcesDocument(_Part):
    """All sources."""

    sources: tuple[SourceDocument, ...]


class ReadingEntry(_Part):
    """A disputed point."""

    id: str
    question: TextDocument
    default: str
    readings: dict[str, TextDocument]


class ReadingsDocument(_Part):
    """All disputed points."""

    readings: tuple[ReadingEntry, ...]


class PartEntry(_Part):
    """A part of a case that holds facts."""

    path: str
    entry: str
    many: bool
    least: int | None
    single: str | None
    title: TextDocument
    question: TextDocument


class ValueEntry(_Part):
    """A value of an enumeration."""

    value: str
    label: TextDocument | None


class FactEntry(_Part):
    """One thing a case may state."""

    path: str
    type: Literal["auswahl", "auswahlliste", "ganzzahl", "dezimal", "datum", "wahrheitswert", "text"]
    unit: str | None
    values: tuple[ValueEntry, ...]
    title: TextDocument
    question: TextDocument
    private: bool


class VocabularyDocument(_Part):
    """What a case may state."""

    parts: tuple[PartEntry, ...]
    facts: tuple[FactEntry, ...]


class SchemasDocument(_Part):
    """Which JSON Schemas there are, each with its address."""

    schemas: dict[str, str]


class HealthDocument(_Part):
    """That the server answers."""

    status: Literal["ok"]


class VersionDocument(_Part):
    """The library's version, and the hash of each rule file."""

    version: str
    rules: dict[str, str]


class ProblemKindEntry(_Part):
    """A kind of problem."""

    status: int
    title: TextDocument


class ProblemKindsDocument(_Part):
    """Every kind of problem that is answered, by the last part of its `type`."""

    problems: dict[str, ProblemKindEntry]


class FaultDocument(_Part):
    """One fault: its code, where it is, what is wrong, and how to mend it."""

    code: str
    path: str
    line: int | None
    column: int | None
    message: TextDocument
    hint: TextDocument | None


class ProblemDocument(BaseModel):
    """A problem (RFC 9457); `errors` holds every fault at once."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: tuple[FaultDocument, ...] | None = None


ANSWERS: tuple[type[BaseModel], ...] = (
    DecisionDocument,
    ComparisonDocument,
    NeedsDocument,
    CounterfactualsDocument,
    CaseDocument,
    PageDocument,
    ReceiptDocument,
    RulesDocument,
    FassungenDocument,
    SourcesDocument,
    ReadingsDocument,
    VocabularyDocument,
    SchemasDocument,
    HealthDocument,
    VersionDocument,
    ProblemKindsDocument,
    ProblemDocument,
)
REQUESTS: tuple[type[BaseModel], ...] = (
    ExplanationRequest,
    KnowingRequest,
    DecisionRequest,
    NoteRequest,
    PageRequest,
    Case,
)
