"""The routes that only give: the rules, Fassungen, sources, schemas and words, health and version."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response

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
from vwv_im.web.describe import gives
from vwv_im.web.documents import Health, ProblemKinds, SchemaList, Version
from vwv_im.web.problems import KINDS, Problem
from vwv_im.web.questions import json_response

router = APIRouter(prefix="/v1", tags=["Vorschrift"])


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
async def words() -> Response:
    """Nennt alles, was ein Fall angeben kann, mit Titeln, Fragen, Typen, Einheiten und Werten."""
    return json_response(vocabulary())


@router.get("/schema", summary="Die JSON-Schemas", **gives("SchemasDocument"))
async def schemas() -> Response:
    """Nennt die JSON-Schemas von Fall, Entscheidung und Regeldateien."""
    return json_response(SchemaList({name: f"/v1/schema/{name}" for name in SCHEMAS}))


_Name = Annotated[str, Path(json_schema_extra={"enum": list(SCHEMAS)}, description="Name des Schemas.")]


@router.get("/schema/{name}", summary="Ein JSON-Schema", **gives(files=("application/schema+json",), also=(404,)))
async def schema(name: _Name) -> Response:
    """Gibt ein JSON-Schema (2020-12)."""
    if name not in SCHEMAS:
        raise Problem("not-found")
    return Response(orjson.dumps(schema_of(name)), media_type="application/schema+json")


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
