"""The application: the routes, the page, and what surrounds them. Any ASGI server can run `create_app()`."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from vwv_im import __version__
from vwv_im.decision.evaluate import decide
from vwv_im.decision.request import make_request
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.text import Fault, Place
from vwv_im.text.messages import told
from vwv_im.web import questions, shelves
from vwv_im.web.describe import describe, root_of
from vwv_im.web.problems import OTHERS, Problem, lang_of
from vwv_im.web.settings import Lanes, Settings
from vwv_im.web.shell import Shell

_ABOUT = (
    "{} als ausführbare Regeln, mit Begründung. "
    "Eine Entscheidung ist kein Bescheid und begründet keinen Anspruch. Angaben werden nicht gespeichert."
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; without settings they are read from the environment.

    Raises `RuleFileError` for faulty rule files.
    """
    settings = settings or Settings.from_environment()
    law = regulation(settings.rules or None)
    app = FastAPI(
        title="vwv-im",
        version=__version__,
        description=_ABOUT.format(law.name),
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.desk = questions.Desk(law, settings, Lanes(settings))
    for router in (questions.router, shelves.router, shelves.page):
        app.include_router(router)
    for kind in (Problem, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _told)
    app.openapi = cache(lambda: describe(app, law, settings.posts))  # type: ignore[method-assign]
    origins = settings.origins.split()
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["Content-Type"]
        )
    app.add_middleware(Shell, most=settings.at_once, shared=bool(origins))
    return app


def warm_up(law: Regulation) -> None:
    """Compile what decides each question under each Fassung, so that the first client need not wait."""
    days = [akt.gilt_ab.spaetestens for akt in law.acts if akt.art != "nachfolge"]
    for question in law.questions:
        case = law.read_case({root_of(law, question): {}})
        for day in days:
            decide(law, case, make_request(law, on=day, question=question)).to_dict()


async def _told(http: Request, error: Exception) -> Response:
    """Give every refusal the form of a problem, also those of the framework."""
    return _problem(error).response(lang_of(http.query_params))


def _problem(error: Exception) -> Problem:
    match error:
        case HTTPException(status_code=status):
            headers = dict(error.headers or {})
            if headers.get("Allow") == "GET":
                headers["Allow"] = "GET, HEAD"
            return Problem(OTHERS.get(status, "malformed"), headers=headers)
        case RequestValidationError():
            faults = [_of_parameter(str(found["loc"][-1]), found["ctx"]["expected"]) for found in error.errors()]
            return Problem("faulty", faults=faults)
        case Problem():
            return error
    raise error


def _of_parameter(name: str, expected: str) -> Fault:
    known = expected.replace("'", "").replace(" or ", ", ")
    return told("no_such_value_of", Place(f"<{name}>"), name=name, known=known)
