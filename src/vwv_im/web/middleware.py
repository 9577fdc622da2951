"""What surrounds every answer: headers for safety, a line in the log without anything of the case, no traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from time import perf_counter
from typing import Any

from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vwv_im.text import sentence
from vwv_im.web.logs import FAULTS, REQUEST, log_access, request_id
from vwv_im.web.measures import Measures
from vwv_im.web.problems import SECONDS_TO_WAIT, Problem, head_too_large, logged, turned_away
from vwv_im.web.queues import Door
from vwv_im.web.readable_pages import told
from vwv_im.web.settings import LOOPBACK, Settings

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}
"""Headers of every answer; the page loads nothing from elsewhere and is framed by nobody."""
UNCACHED = (b"cache-control", b"no-store")
_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_RESOURCE_POLICY = b"cross-origin-resource-policy"


class OutermostMiddleware:
    """The outermost layer: adds headers, writes the access log, turns unexpected faults into a plain answer.

    A line of the log holds the method, the route as it is declared, the status, the time taken and the id of the
    request, which the answer has in `X-Request-ID`. What a client sent, be it path, query or body, is not in it; of an
    unexpected fault only its type and where it arose, since its message may quote the case. HEAD is answered wherever
    GET is, as GET without the body (RFC 9110).
    """

    def __init__(self, app: ASGIApp, *, door: Door, settings: Settings, measures: Measures) -> None:
        self._app, self._door, self._head_bytes, self._measures = app, door, settings.head_bytes, measures
        self._prefix = settings.prefix
        named, shared = settings.hosts.lower().split(), bool(settings.origins)
        self._hosts = None if "*" in named else frozenset((*LOOPBACK, *map(name_of, named)))
        self._headers = [pair for pair in _RAW if not (shared and pair[0] == _RESOURCE_POLICY)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), None)
        REQUEST.set(number := request_id(given))
        with self._measures.one_more():
            await self._answer(scope, receive, send, number.encode())

    async def _answer(self, scope: Scope, receive: Receive, send: Send, number: bytes) -> None:
        begin, status = perf_counter(), 0
        asked, head = scope["method"], scope["method"] == "HEAD"
        scope = {**scope, "method": "GET" if head else asked, "path": self._own_path(scope["path"])}

        async def sending(message: Message) -> None:
            nonlocal status
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*self._with_headers(message.get("headers", [])), (b"x-request-id", number)]
            try:
                await send(message)
            except (OSError, RuntimeError):  # how servers say that the client has gone
                raise ClientDisconnect from None

        try:
            await self._enter(scope, receive, sending)
        except ClientDisconnect:
            pass  # nobody is left to answer; the log has status 0
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a plain answer
            FAULTS.error("%s", logged(error))
            if not status:
                await Problem("unexpected").answer().response()(scope, receive, sending)
        finally:
            self._tell(asked, scope, status, perf_counter() - begin)

    def _tell(self, method: str, scope: Mapping[str, Any], status: int, seconds: float) -> None:
        method, route = method if method in _METHODS else "-", getattr(scope.get("route"), "path", "-")
        log_access(method, route, status, seconds)
        self._measures.answered(method, route, status, seconds)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or turn it away at the door."""
        if (refusal := self._refusal(scope)) is not None:
            await told(refusal.answer(), HTTPConnection(scope))(scope, receive, send)
        elif scope["method"] != "POST":
            await self._app(scope, receive, send)
        else:
            answer = _Answer(send)
            with self._door.let_in() as room:
                await (self._app if room else _turn_away)(scope, receive, answer)
            await answer.rest()

    def _own_path(self, path: str) -> str:
        """Return a path without what another server put before it; some leave that out themselves."""
        return path.removeprefix(self._prefix) if path.startswith(f"{self._prefix}/") else path

    def _refusal(self, scope: Scope) -> Problem | None:
        """Return what is wrong with the head of a request, whatever it asks for."""
        host, size = "", len(scope["raw_path"] or b"") + len(scope["query_string"])
        for name, value in scope["headers"]:
            size += len(name) + len(value) + len(": \r\n")
            if name == b"host":
                host = value.decode("latin-1")
        if size > self._head_bytes:
            return head_too_large(self._head_bytes)
        own = (scope.get("server") or ("", None))[0:2]
        if self._hosts is None or own[1] is None or name_of(host) in self._hosts or name_of(host) == own[0]:
            return None
        return Problem("host", sentence("web.hosts"))

    def _with_headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in given}
        cache = [] if b"cache-control" in names else [UNCACHED]
        return [*given, *cache, *self._headers]


class _Answer:
    """What is answered; who had to give way is told only after a while, so that coming again at once gains nothing."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._kept: list[Message] = []

    async def __call__(self, message: Message) -> None:
        if self._kept or message.get("status") == HTTPStatus.REQUEST_TIMEOUT:
            self._kept.append(message)
        else:
            await self._send(message)

    async def rest(self) -> None:
        """Send what was kept."""
        if self._kept:
            await asyncio.sleep(SECONDS_TO_WAIT)
            for message in self._kept:
                await self._send(message)


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    problem = await turned_away()
    await problem.answer().response()(scope, receive, send)


def name_of(host: str) -> str:
    """Return the name that the header `Host` gives, without the port.

    >>> name_of("Localhost:8000"), name_of("[::1]:8000"), name_of("::1")
    ('localhost', '::1', '::1')
    """
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name if name.count(":") > 1 else name.partition(":")[0].removesuffix(".")


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
