"""What the server writes down: a line for each answer, as text or as JSON, none of it about a case."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

ACCESS = logging.getLogger("vwv_im.web.access")
FAULTS = logging.getLogger("vwv_im.web.faults")
REQUEST: ContextVar[str] = ContextVar("request", default="-")
"""The id of the request that is being answered."""
_NUMBER = re.compile(rb"[0-9A-Fa-f-]{16,64}")
"""What is taken over as an id: hexadecimal, as proxies make them, so that nobody's name gets into the log by it."""
_OF_ACCESS = ("method", "route", "status", "ms")


def request_id(given: bytes | None) -> str:
    """Return the id of a request: that which a proxy gave it in `X-Request-ID`, else a new one.

    >>> request_id(b"7b1d4f0e9a5c4be2a1c0d9e8f7a6b5c4")
    '7b1d4f0e9a5c4be2a1c0d9e8f7a6b5c4'
    >>> len(request_id(b"Erika Mustermann"))
    32
    """
    return given.decode() if given and _NUMBER.fullmatch(given) else uuid4().hex


def log_access(method: str, route: str, status: int, seconds: float) -> None:
    """Write the line of an answer: the method, the route as it is declared, the status and the time taken."""
    if ACCESS.isEnabledFor(logging.INFO):
        told = dict(zip(_OF_ACCESS, (method, route, status, round(seconds * 1000, 1)), strict=True))
        ACCESS.info("%s %s %d %.1f ms", *told.values(), extra=told)


class WithRequest(logging.Filter):
    """Gives each record the id of the request it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id."""
        record.request = REQUEST.get()
        return True


class Grave(logging.Filter):
    """Lets through warnings, errors, and that a process of several died; not that a client left before its answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        said = record.getMessage()
        return "died" in said or (record.levelno >= logging.WARNING and "without completing response" not in said)


class JsonLines(logging.Formatter):
    """A record as a JSON object on a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        told: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request", "-"),
        }
        access = {key: vars(record)[key] for key in _OF_ACCESS if key in vars(record)}
        told |= access or {"message": record.getMessage()}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_config(form: str, workers: int = 1) -> Mapping[str, Any]:
    """Return how the server logs, for `logging.config`: all to standard error, a line each, as `text` or as `json`.

    `auto` is `text`; whoever runs one process at a terminal is a reader of the page and is told only what is grave.
    """
    level = "WARNING" if form == "auto" and workers == 1 and sys.stderr.isatty() else "INFO"
    lines = "json" if form == "json" else "text"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"grave": {"()": Grave}, "request": {"()": WithRequest}},
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s %(message)s %(request)s"},
            "json": {"()": JsonLines},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": lines, "filters": ["request"]}},
        "loggers": {
            "vwv_im.web": {"handlers": ["stderr"], "level": level, "propagate": False},
            "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "uvicorn.error": {"level": "INFO", "filters": ["grave"]},
        },
    }
