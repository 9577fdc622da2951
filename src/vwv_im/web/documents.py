"""What the API takes, as models for its description, and what it gives beside the documents of the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vwv_im.case import Case
from vwv_im.decision.compare import Comparison
from vwv_im.decision.context import Outcome
from vwv_im.decision.counterfactuals import Counterfactuals
from vwv_im.decision.decision import Decision
from vwv_im.decision.needs import Needs
from vwv_im.decision.page import Block, Unmet
from vwv_im.decision.receipt import WholeReceipt
from vwv_im.lang.truth import Verdict
from vwv_im.law.model import Question
from vwv_im.publish.catalogue import Catalogue, Fassungen, Readings, Sources, Vocabulary
from vwv_im.text import Text
from vwv_im.text.json_object import JsonDocument, JsonObject, Sentence

IsoDay = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


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


@dataclass(frozen=True, slots=True)
class Page(
    JsonDocument,
    schema="PageDocument",
    keys="outcome verdict result fassung unmet readings blocks",
):
    """A page: what came out in one sentence, under which Fassung, what is not met, the readings, and the blocks."""

    blocks: tuple[Block, ...]
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    result: Sentence | None = None
    fassung: Sentence | None = None
    unmet: tuple[Unmet, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseRead(JsonDocument, schema="CaseDocument"):
    """A case as it was read, without what is unknown."""

    case: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaList(JsonDocument, schema="SchemasDocument"):
    """Which JSON Schemas there are, each with its address."""

    schemas: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Health(JsonDocument, schema="HealthDocument"):
    """That the server answers."""

    status: Literal["ok"] = "ok"


@dataclass(frozen=True, slots=True)
class Version(JsonDocument, schema="VersionDocument"):
    """The library's version, and the hash of each rule file."""

    version: str
    rules: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind(JsonObject, schema="ProblemKindEntry"):
    """A kind of problem: the status it is answered with, and its title."""

    status: int
    title: Text


@dataclass(frozen=True, slots=True)
class ProblemKinds(JsonDocument, schema="ProblemKindsDocument"):
    """Every kind of problem that is answered, by the last part of its `type`."""

    problems: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class RequestFault(JsonObject, schema="FaultDocument"):
    """One fault: its code, where it is, what is wrong, and how to mend it.

    `path` is the path in the case, or what of the request is meant; `line` and `column` count from 1 and are `None`
    where there are none.
    """

    code: str
    path: str
    line: int | None
    column: int | None
    message: Text
    hint: Text | None


@dataclass(frozen=True, slots=True)
class ProblemAnswer(JsonDocument, schema="ProblemDocument", keys="type title status detail? errors?"):
    """A problem (RFC 9457); `errors` holds every fault at once."""

    type: str
    title: Sentence
    status: int
    detail: Sentence | None
    errors: tuple[RequestFault, ...] | None


ANSWERS: tuple[type[JsonDocument], ...] = (
    Decision,
    Comparison,
    Needs,
    Counterfactuals,
    CaseRead,
    Page,
    WholeReceipt,
    Catalogue,
    Fassungen,
    Sources,
    Readings,
    Vocabulary,
    SchemaList,
    Health,
    Version,
    ProblemKinds,
    ProblemAnswer,
)
REQUESTS: tuple[type[BaseModel], ...] = (
    ExplanationRequest,
    KnowingRequest,
    DecisionRequest,
    NoteRequest,
    PageRequest,
    Case,
)
