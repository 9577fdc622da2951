"""The application, which any ASGI server can run (`create_app()`), and running it by uvicorn."""

from __future__ import annotations

import faulthandler
import gc
import logging.config
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache, partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from vwv_im import __version__
from vwv_im.decision.evaluate import decide
from vwv_im.decision.request import make_request
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.text import Fault, Place, fault_of
from vwv_im.web import case_routes, catalogue_routes, operation_routes, table_routes
from vwv_im.web.logs import log_config
from vwv_im.web.measures import SHARED, Measures
from vwv_im.web.middleware import OutermostMiddleware
from vwv_im.web.negotiation import lang_of, reads_pages
from vwv_im.web.openapi import HERE, describe, root_of
from vwv_im.web.problems import API, OTHERS, Problem
from vwv_im.web.processes import get_ready
from vwv_im.web.queues import Door, WorkQueues
from vwv_im.web.readable_pages import told
from vwv_im.web.settings import Settings

FACTORY = "vwv_im.web.server:warmed"
_BACKLOG = 1000
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 15
_ABOUT = (
    "{} als ausführbare Regeln, mit Begründung. "
    "Eine Entscheidung ist kein Bescheid und begründet keinen Anspruch. Angaben werden nicht gespeichert. "
    "Wo JSON genommen wird, wird auch YAML gelesen (application/yaml)."
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
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_until_the_end,
        **API["info"],
    )
    door, measures = Door(settings), Measures()
    app.state.service = case_routes.CaseService(law, settings, door, WorkQueues(settings), measures)
    routers = (case_routes.router, table_routes.router, catalogue_routes.router, operation_routes.router)
    for router in (*routers, catalogue_routes.page):
        app.include_router(router)
    for kind in (Problem, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _told)
    app.openapi = cache(lambda: describe(app, law, settings.posts, settings.prefix or "/"))  # type: ignore[method-assign]
    origins = settings.origins.split()
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["Content-Type"]
        )
    app.add_middleware(OutermostMiddleware, door=door, settings=settings, measures=measures)
    return app


@asynccontextmanager
async def _until_the_end(_app: FastAPI) -> AsyncIterator[None]:
    yield
    Measures.ended()


def described(rules: str = "") -> dict[str, Any]:
    """Return the description of the API as `vwv-im schema openapi` prints it: of a server on this machine."""
    app = create_app(settings := Settings(rules=rules))
    return describe(app, regulation(rules or None), settings.posts, HERE)


def warm_up(law: Regulation) -> None:
    """Compile what decides each question under each Fassung, so that the first client need not wait."""
    days = [akt.gilt_ab.spaetestens for akt in law.acts if akt.art != "nachfolge"]
    for question in law.questions:
        case = law.read_case({root_of(law, question): {}})
        for day in days:
            decide(law, case, make_request(law, on=day, question=question)).to_dict()


def warm_up_all(rules: str) -> None:
    """Compile also what explains: the Fassungen without single operations of their acts."""
    law = regulation(rules or None)
    warm_up(law)
    case_routes.rehearse(law, Settings(rules=rules))


async def _told(http: Request, error: Exception) -> Response:
    """Give every refusal the form of a problem, also those of the framework."""
    return told(_problem(error).answer("de" if reads_pages(http) else lang_of(http)), http)


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
    return fault_of("no_such_value_of", Place(f"<{name}>"), name=name, known=known)


def warmed() -> Any:
    """Return the application, ready to answer the first request quickly."""
    faulthandler.enable()  # a crash in compiled code is told, too
    if (master := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(master,), daemon=True).start()
    settings = Settings.from_environment()
    get_ready(settings.rules)
    app = create_app(settings)
    warm_up(app.state.service.law)
    gc.collect()
    gc.freeze()  # what is there now stays; the collector need not look through it again while somebody waits
    return app


def _end_with(master: Any) -> None:
    """End this process in order when its master has ended, however that came about."""
    master.join()
    os.kill(os.getpid(), signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; who comes before the server is ready waits. Raises `OSError`."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def run(door: socket.socket, workers: int = 1) -> None:
    """Serve until asked to stop; requests that are being answered are finished first."""
    import uvicorn  # noqa: PLC0415 - the application needs none of this

    from vwv_im.web.connections import Crowd, GuardedProtocol  # noqa: PLC0415

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a client that hangs up must not end the server
    settings = Settings.from_environment()
    log = dict(log_config(settings.log, workers))
    logging.config.dictConfig(log)
    config: dict[str, Any] = {
        "factory": True,
        "ws": "none",
        "workers": workers,
        "access_log": False,
        "log_config": log,
        "server_header": False,
        "http": partial(GuardedProtocol, Crowd(settings)),
        "timeout_graceful_shutdown": _SECONDS_TO_STOP,
        "timeout_worker_healthcheck": _SECONDS_TO_START,
    }
    if workers == 1:
        with suppress(KeyboardInterrupt):  # raised again by the server after it stopped in order
            uvicorn.Server(uvicorn.Config(FACTORY, **config)).run(sockets=[door])
        return
    host, port = door.getsockname()[:2]
    door.close()  # the processes share a socket of their own
    with tempfile.TemporaryDirectory(prefix="vwv-im-") as counts:
        os.environ[SHARED] = counts
        uvicorn.run(FACTORY, host=host, port=port, **config)
