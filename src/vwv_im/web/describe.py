"""What the API takes and gives: its documents, and what each route declares of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from fastapi import Response

from vwv_im.decision.asked import Asked
from vwv_im.decision.blocks import Block
from vwv_im.decision.context import Outcome
from vwv_im.decision.decision_page import Unmet
from vwv_im.decision.observations import Contradicted, Implausible
from vwv_im.lang import Verdict
from vwv_im.publish.schemas import Schema
from vwv_im.text import JsonDocument, Sentence, Text
from vwv_im.web.problems import KINDS, MEDIA_TYPE, ProblemAnswer


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
class CaseRead(JsonDocument, schema="CaseDocument", keys="case on?"):
    """A case as it was read, without what is unknown, and the day of decision where a workbook says it."""

    case: dict[str, Any]
    on: date | None = None


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
class Readiness(JsonDocument, schema="ReadinessDocument"):
    """That the server can take work of every kind."""

    status: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Version(JsonDocument, schema="VersionDocument"):
    """The library's version, and the hash of each rule file."""

    version: str
    rules: Mapping[str, str]


ANSWERS: set[type[JsonDocument]] = {ProblemAnswer}
"""The documents that some route says it gives."""
_TEXT: Schema = {"type": "string"}
_FILE: Schema = {"type": "string", "format": "binary"}
COMPONENT = "#/components/schemas/{model}"
_OF_BODIES = (400, 408, 413, 415, 422, 503)


def takes(model: str, files: Iterable[str] = ()) -> dict[str, Any]:
    """Return what a route declares that takes a document, or a file; YAML is read, too, but programs send JSON."""
    content = {media: {"schema": _FILE} for media in files} or {"application/json": {"schema": _ref(model)}}
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}


def answers(*models: type[JsonDocument], files: Iterable[str] = ("application/json",)) -> Any:
    """Return what a route declares that takes a body and answers with a document, one of several, or with files."""
    return gives(*models, files=files, also=_OF_BODIES)


def gives(
    *models: type[JsonDocument] | str, files: Iterable[str] = ("application/json",), also: Iterable[int] = ()
) -> Any:
    """Return what a route declares that only gives; `also` are more statuses of its problems than 406 and 500."""
    ANSWERS.update(model for model in models if not isinstance(model, str))
    refs = list(map(_ref, models))
    document = refs[0] if len(refs) == 1 else {"anyOf": refs}
    content = {media: {"schema": document if refs and "json" in media else _of_file(media)} for media in files}
    found: dict[int, Any] = {200: {"description": "Die Antwort.", "content": content}}
    for status in sorted({406, *also, 500}):
        titles = " ".join(kind.title.de for kind in KINDS.values() if kind.status == status)
        found[status] = {"description": titles, "content": {MEDIA_TYPE: {"schema": _ref("ProblemDocument")}}}
    if (busy := KINDS["overload"].status) in found:
        found[busy]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Sekunden bis dahin."}}
    return {"responses": found, "response_class": Response}


def _of_file(media: str) -> Schema:
    return _TEXT if media.startswith("text/") else _FILE


def _ref(model: type[JsonDocument] | str) -> dict[str, str]:
    return {"$ref": COMPONENT.format(model=model if isinstance(model, str) else model.schema_name)}
