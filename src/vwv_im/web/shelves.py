"""The routes that only give: the rules, Fassungen, sources, schemas and words, health, version, and the web page."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Annotated

import orjson
from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter

from vwv_im import __version__
from vwv_im.law.regulation import Regulation
from vwv_im.publish.catalogue import (
    Act,
    Catalogue,
    Fassungen,
    Reading,
    Readings,
    Source,
    Sources,
    open_questions_of,
    rules_of,
    vocabulary,
)
from vwv_im.publish.schemas import SCHEMAS, schema_of
from vwv_im.web.describe import Health, SchemaList, Version, gives
from vwv_im.web.problems import KINDS, Problem, ProblemKinds
from vwv_im.web.questions import json_response

_FILES = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
router = APIRouter(prefix="/v1", tags=["Vorschrift"])
page = APIRouter(include_in_schema=False)


def _law(http: Request) -> Regulation:
    law: Regulation = http.app.state.desk.law
    return law


@router.get("/rules", summary="Die Regeln", **gives("RulesDocument"))
async def rules(http: Request) -> Response:
    """Nennt jede Regel mit Gegenstand, Fassungen und Beleg, und was die Quellen nicht sagen."""
    law = _law(http)
    return json_response(Catalogue(rules_of(law, every=True, places=False), open_questions_of(law)))


@router.get("/fassungen", summary="Die Fassungen", **gives("FassungenDocument"))
async def fassungen(http: Request) -> Response:
    """Nennt die Akte in der Reihenfolge ihrer Ausfertigung und die Fassungen, die aus ihnen folgen."""
    law = _law(http)
    return json_response(Fassungen(tuple(one.id for one in law.fassungen), tuple(Act(akt) for akt in law.acts)))


@router.get("/sources", summary="Die Quellen", **gives("SourcesDocument"))
async def sources(http: Request) -> Response:
    """Nennt jede Quelle mit Titel, Herausgeber, Datum und Adresse."""
    return json_response(Sources(tuple(Source(one) for one in _law(http).sources.values())))


@router.get("/readings", summary="Die Auslegungen", **gives("ReadingsDocument"))
async def readings(http: Request) -> Response:
    """Nennt jede Auslegungsfrage mit ihren Lesarten und der Vorgabe."""
    return json_response(Readings(tuple(Reading(one) for one in _law(http).readings.values())))


@router.get("/vocabulary", summary="Die Angaben eines Falls", **gives("VocabularyDocument"))
async def words(http: Request) -> Response:
    """Nennt alles, was ein Fall angeben kann, mit Titeln, Fragen, Typen, Einheiten und Werten."""
    return json_response(vocabulary(_law(http)))


@router.get("/schema", summary="Die JSON-Schemas", **gives("SchemasDocument"))
async def schemas() -> Response:
    """Nennt die JSON-Schemas von Fall, Entscheidung und Regeldateien."""
    return json_response(SchemaList({name: f"/v1/schema/{name}" for name in SCHEMAS}))


_Name = Annotated[str, PathParameter(json_schema_extra={"enum": list(SCHEMAS)}, description="Name des Schemas.")]


@router.get("/schema/{name}", summary="Ein JSON-Schema", **gives(files=("application/schema+json",), also=(404,)))
async def schema(name: _Name, http: Request) -> Response:
    """Gibt ein JSON-Schema (2020-12)."""
    if name not in SCHEMAS:
        raise Problem("not-found")
    return Response(orjson.dumps(schema_of(name, _law(http))), media_type="application/schema+json")


@router.get("/problems", summary="Die Arten von Problemen", **gives("ProblemKindsDocument"))
async def problems() -> Response:
    """Nennt jede Art von Problem, auf die `type` in einer Fehlerantwort verweist."""
    return json_response(ProblemKinds(KINDS))


@router.get("/health", summary="Gesundheit", tags=["Betrieb"], **gives("HealthDocument"))
async def health() -> Response:
    """Sagt, dass der Server antwortet."""
    return json_response(Health())


@router.get("/version", summary="Version", tags=["Betrieb"], **gives("VersionDocument"))
async def version(http: Request) -> Response:
    """Nennt die Version der Bibliothek und die Prüfsumme jeder Regeldatei."""
    return json_response(Version(__version__, _law(http).hashes))


File = tuple[bytes, str, str]
"""A file of the page: content, media type, and tag."""
_INDEX = "index.html"


@cache
def _files() -> dict[str, File]:
    """Return every file of the page by its name."""
    found = sorted(path for path in _FILES.iterdir() if path.suffix in _MEDIA_TYPES)
    return {path.name: _file(path.read_bytes(), path.suffix) for path in found}


def _file(content: bytes, suffix: str) -> File:
    return content, _MEDIA_TYPES[suffix], f'"{sha256(content).hexdigest()[:32]}"'


@cache
def _index(law: Regulation) -> File:
    """Return the page with the name of a regulation and the questions it asks, the first of them chosen."""
    label = '<label><input type="radio" name="question" value="{}"{}> {}</label>'
    labels = [
        label.format(name, " checked" if name == law.first_question else "", escape(question.frage.de))
        for name, question in law.questions.items()
    ]
    text = _files()[_INDEX][0].decode().replace("{{name}}", escape(law.name))
    return _file(text.replace("{{questions}}", "\n          ".join(labels)).encode(), ".html")


@page.get("/")
async def index(http: Request) -> Response:
    """Give the page."""
    return _answer(_index(_law(http)), http)


@page.get("/static/{name}")
async def static(name: str, http: Request) -> Response:
    """Give a file that the page is made of."""
    if name not in _files():
        raise Problem("not-found")
    return _answer(_index(_law(http)) if name == _INDEX else _files()[name], http)


def _answer(file: File, http: Request) -> Response:
    content, media_type, tag = file
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if http.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
