"""The application, which any ASGI server can run (`create_app()`), and running it by uvicorn."""

from __future__ import annotations

import faulthandler
import gc
import logging.config
import multiprocessing
import os
import signal
import socket
import threading
from contextlib import suppress
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
from vwv_im.web import case_routes, catalogue_routes
from vwv_im.web.describe import describe, root_of
from vwv_im.web.middleware import OutermostMiddleware
from vwv_im.web.problems import OTHERS, Problem, lang_of
from vwv_im.web.processes import get_ready
from vwv_im.web.queues import Door, WorkQueues
from vwv_im.web.settings import Settings

FACTORY = "vwv_im.web.server:warmed"
_BACKLOG = 1000
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 15
LOG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"grave": {"()": "vwv_im.web.server.Grave"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "vwv_im.web": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "uvicorn.error": {"level": "INFO", "filters": ["grave"]},
    },
}
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
    door = Door(settings)
    app.state.service = case_routes.CaseService(law, settings, door, WorkQueues(settings))
    for router in (case_routes.router, catalogue_routes.router, catalogue_routes.page):
        app.include_router(router)
    for kind in (Problem, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _told)
    app.openapi = cache(lambda: describe(app, law, settings.posts))  # type: ignore[method-assign]
    origins = settings.origins.split()
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["Content-Type"]
        )
    app.add_middleware(OutermostMiddleware, door=door, settings=settings)
    return app


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
    return _problem(error).answer(lang_of(http.query_params)).response()


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


class Grave(logging.Filter):
    """Lets through warnings, errors, and that a process of several died; not that a client left before its answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        said = record.getMessage()
        return "died" in said or (record.levelno >= logging.WARNING and "without completing response" not in said)


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
    logging.config.dictConfig(LOG)
    config: dict[str, Any] = {
        "factory": True,
        "ws": "none",
        "workers": workers,
        "access_log": False,
        "log_config": LOG,
        "server_header": False,
        "http": partial(GuardedProtocol, Crowd(Settings.from_environment())),
        "timeout_graceful_shutdown": _SECONDS_TO_STOP,
        "timeout_worker_healthcheck": _SECONDS_TO_START,
    }
    if workers == 1:
        with suppress(KeyboardInterrupt):  # raised again by the server after it stopped in order
            uvicorn.Server(uvicorn.Config(FACTORY, **config)).run(sockets=[door])
        return
    host, port = door.getsockname()[:2]
    door.close()  # the processes share a socket of their own
    uvicorn.run(FACTORY, host=host, port=port, **config)
