"""The routes that only give what does not change: rules, Fassungen, sources, schemas and words, DMN, the web page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from http.client import OK
from pathlib import Path
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter

from vwv_im import __version__
from vwv_im.law.regulation import Regulation
from vwv_im.publish import catalogue
from vwv_im.publish.dmn import chosen_dmn
from vwv_im.publish.schemas import SCHEMAS, schema_of
from vwv_im.text import JsonDocument, plain
from vwv_im.web.case_routes import AService, response_to
from vwv_im.web.describe import SchemaList, Version, gives
from vwv_im.web.negotiation import Kept, accept_of, best_of
from vwv_im.web.problems import API, KINDS, Answer, Problem, ProblemKinds
from vwv_im.web.readable_pages import api_page, rules_page, sources_page
from vwv_im.web.settings import Settings

_FILES = Path(__file__).parent / "static"
_HTML = "text/html; charset=utf-8"
_MEDIA_TYPES = {
    ".html": _HTML,
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
router = APIRouter(prefix="/v1", tags=["Vorschrift"])
page = APIRouter(include_in_schema=False)


_DOCUMENTS: Mapping[str, tuple[type[JsonDocument], Callable[[Regulation], JsonDocument]]] = {
    "rules": (
        catalogue.Catalogue,
        lambda law: catalogue.Catalogue(
            catalogue.rules_of(law, every=True, places=False), catalogue.open_questions_of(law)
        ),
    ),
    "fassungen": (
        catalogue.Fassungen,
        lambda law: catalogue.Fassungen(tuple(one.id for one in law.fassungen), tuple(map(catalogue.Act, law.acts))),
    ),
    "sources": (catalogue.Sources, lambda law: catalogue.Sources(tuple(map(catalogue.Source, law.sources.values())))),
    "readings": (
        catalogue.Readings,
        lambda law: catalogue.Readings(tuple(map(catalogue.Reading, law.readings.values()))),
    ),
    "vocabulary": (catalogue.Vocabulary, catalogue.vocabulary),
    "schema": (SchemaList, lambda _: SchemaList({name: f"schema/{name}" for name in SCHEMAS})),
    "problems": (ProblemKinds, lambda _: ProblemKinds(KINDS)),
    "version": (Version, lambda law: Version(__version__, law.hashes)),
}
"""What is given as it is, by its path: the document, and how it is made."""


def _add(path: str, model: type[JsonDocument], make: Callable[[Regulation], JsonDocument]) -> None:
    async def give(http: Request, service: AService) -> Response:
        return service.kept(path, lambda: orjson.dumps(make(service.law).to_dict(), default=plain)).response(http)

    router.get(f"/{path}", name=path, **API["operations"][path], **gives(model))(give)


for _path, _document in _DOCUMENTS.items():
    _add(_path, *_document)
_Name = Annotated[str, PathParameter(json_schema_extra={"enum": list(SCHEMAS)}, description="Name des Schemas.")]


_SCHEMA = "application/schema+json"


@router.get(
    "/schema/{name}",
    summary="Ein JSON-Schema",
    operation_id="schema",
    **gives("SchemaDocument", files=(_SCHEMA,), also=(404,)),
)
async def schema(name: _Name, http: Request, service: AService) -> Response:
    """Gibt ein JSON-Schema (2020-12)."""
    if name not in SCHEMAS:
        raise Problem("not-found")
    return service.kept(("schema", name), lambda: orjson.dumps(schema_of(name, service.law)), _SCHEMA).response(http)


_DMN_TYPE = "application/xml"


@router.get(
    "/dmn",
    summary="Die Entscheidungstabellen (DMN 1.3)",
    operation_id="dmn",
    **gives(files=(_DMN_TYPE,), also=(422, 503)),
)
async def dmn(
    http: Request,
    service: AService,
    fassung: Annotated[str | None, Query(description="Die Fassung; ohne Angabe die letzte.")] = None,
    erlass: Annotated[list[str] | None, Query(description="Erlasse neben ihr; mehrfach möglich.")] = None,
    question: Annotated[str | None, Query(description="Die Frage; ohne Angabe die erste.")] = None,
) -> Response:
    """Gibt die Entscheidungstabellen einer Fassung zu einer Frage als DMN 1.3."""
    best_of(accept_of(http), (_DMN_TYPE,))
    asked = fassung, tuple(sorted({*(erlass or ())})), question
    if asked not in service.made:
        answer = await service.beside(http, "de", _dmn, *asked)
        if answer.status != OK:
            return response_to(answer, http)
        service.made[asked] = Kept(answer.content, _DMN_TYPE)
    return service.made[asked].response(http)


def _dmn(law: Regulation, fassung: str | None, erlasse: tuple[str, ...], question: str | None, _: Settings) -> Answer:
    return Answer(chosen_dmn(law, fassung, erlasse, question), _DMN_TYPE)


_INDEX = "index.html"


@cache
def _files() -> dict[str, Kept]:
    """Return every file of the page by its name."""
    found = sorted(path for path in _FILES.iterdir() if path.suffix in _MEDIA_TYPES)
    return {path.name: Kept(path.read_bytes(), _MEDIA_TYPES[path.suffix]) for path in found}


def _index(law: Regulation) -> bytes:
    """Return the page with the name of a regulation and the questions it asks, the first of them chosen."""
    label = '<label><input type="radio" name="question" value="{}"{}> {}</label>'
    labels = [
        label.format(name, " checked" if name == law.first_question else "", escape(question.frage.de))
        for name, question in law.questions.items()
    ]
    text = _files()[_INDEX].content.decode().replace("{{name}}", escape(law.name))
    return text.replace("{{questions}}", "\n          ".join(labels)).encode()


@page.get("/")
async def index(http: Request, service: AService) -> Response:
    """Give the page."""
    return service.kept("/", lambda: _index(service.law), _HTML).response(http)


@page.get("/static/{name}")
async def static(name: str, http: Request) -> Response:
    """Give a file that the page is made of."""
    if name == _INDEX or name not in _files():  # the page itself has another address, which its links start from
        raise Problem("not-found")
    return _files()[name].response(http)


@page.get("/regeln")
async def readable_rules(http: Request, service: AService) -> Response:
    """Give the requirements as a page for people."""
    return service.kept("/regeln", lambda: rules_page(service.law).encode(), _HTML).response(http)


@page.get("/quellen")
async def readable_sources(http: Request, service: AService) -> Response:
    """Give the sources as a page for people."""
    return service.kept("/quellen", lambda: sources_page(service.law).encode(), _HTML).response(http)


@page.get("/schnittstelle")
async def readable_interface(http: Request, service: AService) -> Response:
    """Give the description of the API as a page for people."""
    name = service.law.name
    return service.kept("/schnittstelle", lambda: api_page(http.app.openapi(), name).encode(), _HTML).response(http)
