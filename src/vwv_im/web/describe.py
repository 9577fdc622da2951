"""What the API takes and gives, and its description (OpenAPI 3.1), with examples that are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import FastAPI, Response
from pydantic.json_schema import models_json_schema

from vwv_im.case import CaseError
from vwv_im.case.source import ROOT, class_of
from vwv_im.decision.asked import Asked
from vwv_im.decision.blocks import Block
from vwv_im.decision.compare import Comparison
from vwv_im.decision.context import Outcome
from vwv_im.decision.counterfactuals import Counterfactuals
from vwv_im.decision.decision import Decision, WholeReceipt
from vwv_im.decision.decision_page import Unmet
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import Needs
from vwv_im.decision.observations import Contradicted, Implausible
from vwv_im.decision.request import make_request
from vwv_im.decision.short import ShortDecision
from vwv_im.lang import Verdict
from vwv_im.law.regulation import Regulation
from vwv_im.programm import Amounts, Periods, Refillings
from vwv_im.publish.catalogue import Catalogue, Fassungen, Readings, Sources, Vocabulary
from vwv_im.publish.schemas import Schema, Schemas, with_names
from vwv_im.text import JsonDocument, Sentence, Text
from vwv_im.web.problems import API, KINDS, MEDIA_TYPE, ProblemAnswer, ProblemKinds
from vwv_im.web.request_body import MEDIA_TYPES


@dataclass(frozen=True, slots=True)
class Page(
    JsonDocument,
    schema="PageDocument",
    keys="outcome verdict result fassung unmet contradictions plausibility readings form blocks",
):
    """A page: what came out in one sentence, what is not met or cannot be, the readings, the blocks.

    `form` says which facts are asked for; nothing where no decision was made.
    """

    blocks: tuple[Block, ...]
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    result: Sentence | None = None
    fassung: Sentence | None = None
    unmet: tuple[Unmet, ...] = ()
    contradictions: tuple[Contradicted, ...] = ()
    plausibility: tuple[Implausible, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    form: Asked | None = None


@dataclass(frozen=True, slots=True)
class Replayed(JsonDocument, schema="ReplayDocument"):
    """Whether a decision that was recorded comes out as it did, what differs, and what else is not as it was."""

    identical: bool
    differences: tuple[Text, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class CaseRead(JsonDocument, schema="CaseDocument"):
    """A case as it was read, without what is unknown."""

    case: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart(JsonDocument, schema="ChartDocument"):
    """The months of posts as bars, and the blocks of the same as a table."""

    svg: str
    blocks: tuple[Block, ...]


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
    ShortDecision,
    Comparison,
    Needs,
    Counterfactuals,
    CaseRead,
    Chart,
    Page,
    Periods,
    Amounts,
    Refillings,
    Replayed,
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
_COMPONENT = "#/components/schemas/{model}"
EXAMPLE: dict[str, Any] = API["example"]["case"]
"""A case for examples, under the library's own rules."""
ON: str = API["example"]["on"]
_OF_BODIES = (400, 408, 413, 415, 422, 503)


def takes(model: str, media: Iterable[str] = MEDIA_TYPES) -> dict[str, Any]:
    """Return what a route declares that takes a document, or without one a file."""
    schema: Schema = _ref(model) if model else {}
    content = {one: {"schema": schema} for one in media}
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}


def answers(*models: str, files: Iterable[str] = ("application/json",)) -> Any:
    """Return what a route declares that takes a body and answers with a document, one of several, or with files."""
    return gives(*models, files=files, also=_OF_BODIES)


def gives(*models: str, files: Iterable[str] = ("application/json",), also: Iterable[int] = ()) -> Any:
    """Return what a route declares that only gives something; `also` are further statuses of its problems than 500."""
    refs = list(map(_ref, models))
    schema: Schema = {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}} if refs else {}
    found: dict[int, Any] = {200: {"description": "Die Antwort.", "content": dict.fromkeys(files, schema)}}
    for status in sorted({*also, 500}):
        titles = " ".join(kind.title.de for kind in KINDS.values() if kind.status == status)
        found[status] = {"description": titles, "content": {MEDIA_TYPE: {"schema": _ref("ProblemDocument")}}}
    if (busy := KINDS["overload"].status) in found:
        found[busy]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Sekunden bis dahin."}}
    return {"responses": found, "response_class": Response}


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _COMPONENT.format(model=model)}


def example_of(law: Regulation) -> dict[str, Any]:
    """Return a case and a day for examples; of other rules than the library's, one that states nothing yet."""
    try:
        law.read_case(EXAMPLE)
    except CaseError:
        return {"case": {root_of(law, law.first_question): {}}, "on": law.acts[0].gilt_ab.spaetestens.isoformat()}
    return dict(API["example"])


def root_of(law: Regulation, question: str) -> str:
    """Return the part of a case that a question is about."""
    return law.vocabulary.entities[law.questions[question].wurzel].key


def describe(app: FastAPI, law: Regulation, posts: int) -> Schema:
    """Return the description of the app, with the schemas of all documents, and examples."""
    document: Schema = deepcopy(FastAPI.openapi(app))
    components, shown = document.setdefault("components", {}), example_of(law)
    components["schemas"] = schemas(law, posts)
    request = make_request(law, on=shown["on"], engine="direct")
    decision = decide(law, law.read_case(shown["case"]), request)
    bare = {ROOT: shown["case"], "ReceiptDocument": decision.receipt.document()}
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "$ref" not in content["schema"]:
                continue
            model = content["schema"]["$ref"].rpartition("/")[2]
            more = API["requests"].get(model, {}).get("example", {})
            content["example"] = bare.get(model) or {**shown, **more}
    route = document["paths"]["/v1/decisions"]["post"]["responses"]["200"]["content"]["application/json"]
    del document["paths"]["/v1/schema/{name}"]["get"]["responses"]["422"]  # the framework's own; it never answers so
    route["example"] = decision.to_dict()
    return document


def schemas(law: Regulation, posts: int) -> dict[str, Schema]:
    """Return the schemas of all documents, each under its name; `posts` is how many entries a list may have."""
    _, stated = models_json_schema([(law.case, "validation")], ref_template=_COMPONENT)
    answered = Schemas(_COMPONENT)
    for document in ANSWERS:
        answered.of(document)
    asked = {name: _request(name, law) for name in API["requests"]}
    read = sorted({**stated["$defs"], **with_names(asked, law)}.items())
    named: dict[str, Schema] = {**dict(read), **with_names(answered.named, law)}
    for entity in law.vocabulary.stated:
        if entity.many:
            holder = named[class_of(entity.within or "")]["properties"][entity.key]
            next(form for form in holder["anyOf"] if form.get("type") == "array")["maxItems"] = posts
    return named


def _request(name: str, law: Regulation) -> Schema:
    said = API["requests"][name]
    properties = {key: dict(API["properties"][key]) for key in said["keys"]}
    properties["question"]["description"] = properties["question"]["description"].format(law.first_question)
    head = {"additionalProperties": False, "description": said["description"], "properties": properties}
    return {**head, "required": ["case", "on"], "title": name, "type": "object"}
