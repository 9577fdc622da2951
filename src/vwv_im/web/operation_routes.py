"""The routes for who runs the server: whether it answers, whether it is ready, what it counts, and what it can do."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response

from vwv_im.text import JsonDocument
from vwv_im.web.case_routes import AService
from vwv_im.web.describe import Health, Readiness, gives
from vwv_im.web.negotiation import accept_of, best_of
from vwv_im.web.problems import Problem
from vwv_im.web.processes import is_ready

router = APIRouter(tags=["Betrieb"])
_JSON = "application/json"
_METRICS = ("text/plain", "application/openmetrics-text")


def _now(document: JsonDocument, http: Request) -> Response:
    best_of(accept_of(http), (_JSON,))
    return Response(orjson.dumps(document.to_dict()), media_type=_JSON)


@router.get("/v1/health", summary="Gesundheit", operation_id="health", name="health", **gives(Health))
async def health(http: Request) -> Response:
    """Sagt, dass der Server antwortet."""
    return _now(Health(), http)


@router.get("/v1/ready", summary="Bereitschaft", operation_id="ready", name="ready", **gives(Readiness, also=(503,)))
async def ready(http: Request, service: AService) -> Response:
    """Sagt, ob der Server jede Arbeit annehmen kann: die Regeln sind geladen, und es ist Platz."""
    if service.door.is_full:
        raise Problem("overload")
    if not is_ready(service.settings.rules):
        raise Problem("not-ready")
    return _now(Readiness(), http)


@router.get("/metrics", summary="Messwerte", operation_id="metrics", name="metrics", **gives(files=_METRICS))
async def metrics(http: Request, service: AService) -> Response:
    """Zählt Antworten und ihre Dauer, im Format von Prometheus. Von einem Fall ist nichts darin."""
    accept = accept_of(http)
    best_of(accept, _METRICS)
    content, media_type = service.measures.told(accept)
    return Response(content, media_type=media_type)


@router.get("/v1/openapi.json", include_in_schema=False)
async def description(http: Request, service: AService) -> Response:
    """Give the description of the API."""
    return service.kept("openapi", lambda: orjson.dumps(http.app.openapi())).response(http)
