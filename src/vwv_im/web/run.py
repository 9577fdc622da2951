"""Running the application by uvicorn."""

from __future__ import annotations

import gc
import logging.config
import socket
from typing import Any

import uvicorn

from vwv_im.web.settings import Settings

FACTORY = "vwv_im.web.run:warmed"
_MOST_CONNECTIONS = 1000
_SECONDS_TO_STOP = 15
LOG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "vwv_im.web": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def warmed() -> Any:
    """Return the application, ready to answer the first request quickly."""
    from vwv_im.web.app import create_app, warm_up  # noqa: PLC0415 - a worker loads it once, after it was started

    app = create_app()
    warm_up(app.state.desk.law)
    gc.collect()
    gc.freeze()  # what is there now stays; the collector need not look through it again while somebody waits
    return app


def check(host: str, port: int) -> str | None:
    """Return why the server cannot be started here: a faulty setting, or an address that is taken; else `None`."""
    try:
        Settings.from_environment()
    except ValueError as error:
        return str(error)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        return f"{host}:{port}: {error.strerror}"
    return None


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until asked to stop; requests that are being answered are finished first."""
    logging.config.dictConfig(LOG)
    uvicorn.run(
        FACTORY,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_config=LOG,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
        h11_max_incomplete_event_size=65536,
    )
