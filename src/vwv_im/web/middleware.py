"""What surrounds every answer: headers for safety, a line in the log without anything of the case, no traceback."""

from __future__ import annotations

import logging
from time import perf_counter
from traceback import extract_tb

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vwv_im.web.problems import Problem, turned_away

ACCESS = logging.getLogger("vwv_im.web.access")
FAULTS = logging.getLogger("vwv_im.web.faults")
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
_DEEPEST = 5


class OutermostMiddleware:
    """The outermost layer: adds headers, writes the access log, turns unexpected faults into a plain answer.

    A line of the log holds the method, the route as it is declared, the status and the time taken. What a client sent,
    be it path, query or body, is not in it; of an unexpected fault only its type and where it arose, since its message
    may quote the case. HEAD is answered wherever GET is, as GET without the body (RFC 9110).
    """

    def __init__(self, app: ASGIApp, *, most: int, shared: bool = False) -> None:
        self._app = app
        self._most = most
        self._inside = 0
        self._headers = [pair for pair in _RAW if not (shared and pair[0] == _RESOURCE_POLICY)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, status = perf_counter(), 0
        asked, head = scope["method"], scope["method"] == "HEAD"
        scope = {**scope, "method": "GET"} if head else scope

        async def sending(message: Message) -> None:
            nonlocal status
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._with_headers(message.get("headers", []))
            try:
                await send(message)
            except (OSError, RuntimeError):  # how servers say that the client has gone
                raise ClientDisconnect from None

        try:
            await self._enter(scope, receive, sending)
        except ClientDisconnect:
            pass  # nobody is left to answer; the log has status 0
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a plain answer
            FAULTS.error("%s %s", type(error).__name__, _arose(error))
            if not status:
                await Problem("unexpected").response()(scope, receive, sending)
        finally:
            _log(asked, scope, status, perf_counter() - begin)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or turn it away at the door."""
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        if self._inside >= self._most:
            problem = await turned_away()
            await problem.response()(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1

    def _with_headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in given}
        cache = [] if b"cache-control" in names else [UNCACHED]
        return [*given, *cache, *self._headers]


def _arose(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)[-_DEEPEST:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))


def _log(method: str, scope: Scope, status: int, seconds: float) -> None:
    if ACCESS.isEnabledFor(logging.INFO):
        route = getattr(scope.get("route"), "path", "-")
        ACCESS.info("%s %s %d %.1f ms", method if method in _METHODS else "-", route, status, seconds * 1000)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
