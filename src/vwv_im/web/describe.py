"""What the API takes and gives, and its description (OpenAPI 3.1), with examples that are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from vwv_im.case import Case
from vwv_im.decision.compare import Comparison
from vwv_im.decision.context import Outcome
from vwv_im.decision.counterfactuals import Counterfactuals
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import evaluate
from vwv_im.decision.needs import Needs
from vwv_im.decision.page import Block, Unmet
from vwv_im.decision.receipt import WholeReceipt
from vwv_im.lang.truth import Verdict
from vwv_im.law.model import Question
from vwv_im.publish.catalogue import Catalogue, Fassungen, Readings, Sources, Vocabulary
from vwv_im.publish.json_schema import Schemas
from vwv_im.reasoning.engines import EngineName
from vwv_im.text.json_object import JsonDocument, Sentence
from vwv_im.web.problems import KINDS, MEDIA_TYPE, ProblemAnswer, ProblemKinds
from vwv_im.web.reading import MEDIA_TYPES

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

    engine: Annotated[EngineName | None, Field(description="Das Verfahren; ohne Angabe das des Servers.")] = None


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
_COMPONENT = "#/components/schemas/{model}"
EXAMPLE: dict[str, Any] = {
    "antrag": {
        "art": "erstantrag",
        "antragsteller": {"art": "gemeinde", "bundesland": "BW", "kreisangehoerig": True},
        "durchfuehrung": ["eigen"],
        "stellen": [{"vzae": "0.5", "hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen"}],
    }
}
"""A case for examples."""
ON = "2018-06-01"
_EXTRA: dict[str, dict[str, Any]] = {"NoteRequest": {"form": "pdf"}, "DecisionRequest": {"engine": "direct"}}
_OF_BODIES = (400, 408, 413, 415, 422, 503)


def takes(model: str) -> dict[str, Any]:
    """Return what a route declares that takes a document."""
    example = EXAMPLE if model == "Case" else {"case": EXAMPLE, "on": ON, **_EXTRA.get(model, {})}
    content = {media: {"schema": _ref(model), "example": example} for media in MEDIA_TYPES}
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}


def answers(model: str | None = None, *, files: Iterable[str] = ("application/json",)) -> Any:
    """Return what a route declares that takes a body and answers with a document, or with files."""
    return gives(model, files=files, also=_OF_BODIES)


def gives(model: str | None = None, *, files: Iterable[str] = ("application/json",), also: Iterable[int] = ()) -> Any:
    """Return what a route declares that only gives something; `also` are further statuses of its problems than 500."""
    schema = {"schema": _ref(model)} if model else {}
    found: dict[int, Any] = {200: {"description": "Die Antwort.", "content": dict.fromkeys(files, schema)}}
    for status in sorted({*also, 500}):
        titles = " ".join(kind.title.de for kind in KINDS.values() if kind.status == status)
        found[status] = {"description": titles, "content": {MEDIA_TYPE: {"schema": _ref("ProblemDocument")}}}
    if (busy := KINDS["overload"].status) in found:
        found[busy]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Sekunden bis dahin."}}
    return {"responses": found, "response_class": Response}


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _COMPONENT.format(model=model)}


def describe(app: FastAPI, posts: int) -> dict[str, Any]:
    """Return the description of the app, with the schemas of all documents and an example of a decision."""
    document = FastAPI.openapi(app)
    components = document.setdefault("components", {})
    components["schemas"] = schemas(posts)
    route = document["paths"]["/v1/decisions"]["post"]["responses"]["200"]["content"]["application/json"]
    del document["paths"]["/v1/schema/{name}"]["get"]["responses"]["422"]  # the framework's own; it never answers so
    route["example"] = evaluate(EXAMPLE, on=ON, engine="direct").to_dict()
    return document


def schemas(posts: int) -> dict[str, Any]:
    """Return the schemas of all documents, each under its name; `posts` is how many a request may state."""
    _, found = models_json_schema([(model, "validation") for model in REQUESTS], ref_template=_COMPONENT)
    answered = Schemas(_COMPONENT)
    for document in ANSWERS:
        answered.of(document)
    named: dict[str, Any] = {**found["$defs"], **answered.named}
    for part in ("stellen", "mitglieder"):
        listed = next(form for form in named["Antrag"]["properties"][part]["anyOf"] if form.get("type") == "array")
        listed["maxItems"] = posts
    return named
