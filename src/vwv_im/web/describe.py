"""The description of the API (OpenAPI 3.1): what each route takes and gives, with examples that are computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Response
from pydantic.json_schema import models_json_schema

from vwv_im.decision.evaluate import evaluate
from vwv_im.publish.json_schema import Schemas
from vwv_im.web.documents import ANSWERS, REQUESTS
from vwv_im.web.problems import KINDS, MEDIA_TYPE
from vwv_im.web.reading import MEDIA_TYPES

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
_OF_BODIES = (400, 408, 413, 415, 422, 500, 503)
_OF_ALL = (500,)


def takes(model: str) -> dict[str, Any]:
    """Return what a route declares that takes a document."""
    example = EXAMPLE if model == "Case" else {"case": EXAMPLE, "on": ON, **_EXTRA.get(model, {})}
    content = {media: {"schema": _ref(model), "example": example} for media in MEDIA_TYPES}
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}


def answers(model: str | None = None, *, files: Iterable[str] = ("application/json",)) -> dict[str, Any]:
    """Return what a route declares that takes a body and answers with a document, or with files."""
    return {**_given(model, files, _OF_BODIES), "response_class": Response}


def gives(model: str | None = None, *, files: Iterable[str] = ("application/json",), also: tuple[int, ...] = ()) -> Any:
    """Return what a route declares that only gives something."""
    return {**_given(model, files, (*also, *_OF_ALL)), "response_class": Response}


def _given(model: str | None, files: Iterable[str], problems: Iterable[int]) -> dict[str, Any]:
    schema = {"schema": _ref(model)} if model else {}
    found: dict[int, Any] = {200: {"description": "Die Antwort.", "content": dict.fromkeys(files, schema)}}
    for status in problems:
        titles = " ".join(kind.title.de for kind in KINDS.values() if kind.status == status)
        found[status] = {"description": titles, "content": {MEDIA_TYPE: {"schema": _ref("ProblemDocument")}}}
    if (busy := KINDS["overload"].status) in found:
        found[busy]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Sekunden bis dahin."}}
    return {"responses": found}


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
