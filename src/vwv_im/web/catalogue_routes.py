"""The routes that only give: the rules, Fassungen, sources, schemas and words, health, version, and the web page."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
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
from vwv_im.publish import catalogue
from vwv_im.publish.schemas import SCHEMAS, schema_of
from vwv_im.text import JsonDocument
from vwv_im.web.case_routes import json_response
from vwv_im.web.describe import Health, SchemaList, Version, gives
from vwv_im.web.problems import KINDS, Problem, ProblemKinds
from vwv_im.web.readable_pages import rules_page, sources_page

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
    law: Regulation = http.app.state.service.law
    return law


_DOCUMENTS: tuple[tuple[str, str, str, str, Callable[[Regulation], JsonDocument]], ...] = (
    ("rules", "Die Regeln", "RulesDocument",
     "Nennt jede Regel mit Gegenstand, Fassungen und Beleg, und was die Quellen nicht sagen.",
     lambda law: catalogue.Catalogue(
         catalogue.rules_of(law, every=True, places=False), catalogue.open_questions_of(law))),
    ("fassungen", "Die Fassungen", "FassungenDocument",
     "Nennt die Akte in der Reihenfolge ihrer Ausfertigung und die Fassungen, die aus ihnen folgen.",
     lambda law: catalogue.Fassungen(tuple(one.id for one in law.fassungen), tuple(map(catalogue.Act, law.acts)))),
    ("sources", "Die Quellen", "SourcesDocument", "Nennt jede Quelle mit Titel, Herausgeber, Datum und Adresse.",
     lambda law: catalogue.Sources(tuple(map(catalogue.Source, law.sources.values())))),
    ("readings", "Die Auslegungen", "ReadingsDocument",
     "Nennt jede Auslegungsfrage mit ihren Lesarten und der Vorgabe.",
     lambda law: catalogue.Readings(tuple(map(catalogue.Reading, law.readings.values())))),
    ("vocabulary", "Die Angaben eines Falls", "VocabularyDocument",
     "Nennt alles, was ein Fall angeben kann, mit Titeln, Fragen, Typen, Einheiten und Werten.", catalogue.vocabulary),
    ("schema", "Die JSON-Schemas", "SchemasDocument", "Nennt die JSON-Schemas von Fall, Entscheidung und Regeldateien.",
     lambda _: SchemaList({name: f"/v1/schema/{name}" for name in SCHEMAS})),
    ("problems", "Die Arten von Problemen", "ProblemKindsDocument",
     "Nennt jede Art von Problem, auf die `type` in einer Fehlerantwort verweist.", lambda _: ProblemKinds(KINDS)),
    ("health", "Gesundheit", "HealthDocument", "Sagt, dass der Server antwortet.", lambda _: Health()),
    ("version", "Version", "VersionDocument", "Nennt die Version der Bibliothek und die Prüfsumme jeder Regeldatei.",
     lambda law: Version(__version__, law.hashes)),
)  # fmt: skip
"""What is given as it is: path, title, document, what it tells, and how it is made."""


def _add(path: str, title: str, model: str, about: str, make: Callable[[Regulation], JsonDocument]) -> None:
    async def give(http: Request) -> Response:
        return json_response(make(_law(http)))

    tags: list[str | Enum] | None = ["Betrieb"] if path in ("health", "version") else None
    router.get(f"/{path}", summary=title, description=about, name=path, tags=tags, **gives(model))(give)


for _document in _DOCUMENTS:
    _add(*_document)
_Name = Annotated[str, PathParameter(json_schema_extra={"enum": list(SCHEMAS)}, description="Name des Schemas.")]


@router.get("/schema/{name}", summary="Ein JSON-Schema", **gives(files=("application/schema+json",), also=(404,)))
async def schema(name: _Name, http: Request) -> Response:
    """Gibt ein JSON-Schema (2020-12)."""
    if name not in SCHEMAS:
        raise Problem("not-found")
    return Response(orjson.dumps(schema_of(name, _law(http))), media_type="application/schema+json")


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


@cache
def _readable(write: Callable[[Regulation], str], law: Regulation) -> File:
    return _file(write(law).encode(), ".html")


@page.get("/regeln")
async def readable_rules(http: Request) -> Response:
    """Give the requirements as a page for people."""
    return _answer(_readable(rules_page, _law(http)), http)


@page.get("/quellen")
async def readable_sources(http: Request) -> Response:
    """Give the sources as a page for people."""
    return _answer(_readable(sources_page, _law(http)), http)


def _answer(file: File, http: Request) -> Response:
    content, media_type, tag = file
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if http.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
