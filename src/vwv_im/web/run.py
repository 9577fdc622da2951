"""Running the application by uvicorn."""

from __future__ import annotations

import faulthandler
import gc
import logging.config
import signal
import socket
from contextlib import suppress
from typing import Any

import uvicorn

FACTORY = "vwv_im.web.run:warmed"
_MOST_CONNECTIONS = 1000
_SECONDS_TO_STOP = 15
LOG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"grave": {"()": "vwv_im.web.run.Grave"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "vwv_im.web": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "uvicorn.error": {"level": "INFO", "filters": ["grave"]},
    },
}


class Grave(logging.Filter):
    """Lets through warnings, errors, and that a process of several died; not that a client left before its answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        said = record.getMessage()
        return "died" in said or (record.levelno >= logging.WARNING and "without completing response" not in said)


def warmed() -> Any:
    """Return the application, ready to answer the first request quickly."""
    from vwv_im.web.app import create_app, warm_up  # noqa: PLC0415 - a worker loads it once, after it was started

    faulthandler.enable()  # a crash in compiled code is told, too
    app = create_app()
    warm_up(app.state.desk.law)
    gc.collect()
    gc.freeze()  # what is there now stays; the collector need not look through it again while somebody waits
    return app


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; who comes before the server is ready waits. Raises `OSError`."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=_MOST_CONNECTIONS)


def run(door: socket.socket, workers: int = 1) -> None:
    """Serve until asked to stop; requests that are being answered are finished first."""
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
        "limit_concurrency": _MOST_CONNECTIONS,
        "timeout_graceful_shutdown": _SECONDS_TO_STOP,
        "h11_max_incomplete_event_size": 65536,
    }
    if workers == 1:
        with suppress(KeyboardInterrupt):  # raised again by the server after it stopped in order
            uvicorn.Server(uvicorn.Config(FACTORY, **config)).run(sockets=[door])
        return
    host, port = door.getsockname()[:2]
    door.close()  # the processes share a socket of their own
    uvicorn.run(FACTORY, host=host, port=port, **config)
