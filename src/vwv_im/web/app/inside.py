"""The application without a server: a request goes in as data, the answer comes out, in the same process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from vwv_im.web.app import plain_json
from vwv_im.web.settings import Settings

_SECONDS = 120.0
"""How long the work of a request may take: who asks has the machine for himself, and it may be slow."""


class Answered(NamedTuple):
    """The status, the media type, and the content of an answer."""

    status: int
    media_type: str
    content: bytes


class Inside:
    """An application that is asked without a connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def respond(
        self, method: str, address: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answered:
        """Return the answer to a request; `address` is path and query, without a host."""
        asked = iter([{"type": "http.request", "body": bytes(body)}])
        said: list[Message] = []

        async def receive() -> Message:
            for message in asked:
                return message
            return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # nobody leaves

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(_scope(method, address, headers or {}), receive, send)
        begin, *rest = said
        kind = dict(begin["headers"]).get(b"content-type", b"")
        return Answered(begin["status"], kind.decode("latin-1"), b"".join(part.get("body", b"") for part in rest))


def _scope(method: str, address: str, headers: Mapping[str, str]) -> dict[str, object]:
    path, _, query = f"/{address.lstrip('/')}".partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "server": None,
        "client": None,
    }


def opened() -> Inside:
    """Return the application with the packaged rules, for one who has the machine for himself.

    >>> status, media_type, content = asyncio.run(opened().respond("GET", "/v1/health"))
    >>> status, media_type
    (200, 'application/json')
    """
    if find_spec("orjson") is None:
        sys.modules["orjson"] = plain_json
    from vwv_im.web.server import create_app  # noqa: PLC0415 - what it uses must be there first

    return Inside(create_app(Settings(seconds=_SECONDS)))
