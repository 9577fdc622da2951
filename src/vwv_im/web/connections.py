"""The connections of one process: uvicorn's, with deadlines and bounds where uvicorn has none."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from vwv_im.web.problems import Problem, head_too_large, overload
from vwv_im.web.settings import Settings

_LEAST_READ = 65_536
"""How much of an answer a reader takes at least within the time allowed, in bytes."""


class Crowd:
    """What the connections of a process share: the limits, who waits for a request, and who is slow to read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.waiting: dict[GuardedProtocol, None] = {}
        self.unread: dict[GuardedProtocol, None] = {}

    def make_room(self, newcomer: GuardedProtocol) -> None:
        """Where there are too many, end the connection that has been idle longest; refuse the new one where none is."""
        if len(newcomer.connections) <= self.settings.connections:
            return
        if (idle := next(iter(self.waiting), None)) is not None:
            idle.end()
        else:
            newcomer.refuse(overload())

    def bound_unread(self) -> None:
        """Where too much waits to be read, end the connections that have been slow longest."""
        while sum(one.transport.get_write_buffer_size() for one in self.unread) > self.settings.unread_bytes:
            next(iter(self.unread)).end()


class GuardedProtocol(HttpToolsProtocol):
    """One connection. It ends where a request's head is late or too long, an answer is not read, or nothing comes."""

    def __init__(self, crowd: Crowd, **given: Any) -> None:
        super().__init__(**given)
        self._crowd = crowd
        self._limits = crowd.settings
        self._asked = 0
        """How many requests have come that are not answered."""
        self._beside = 0
        """How many bytes of the present request were no part of its body."""
        self._idle: asyncio.TimerHandle | None = None
        self._slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        super().connection_made(transport)
        self._wait(self._limits.head_seconds)
        self._crowd.make_room(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._stop_waiting()
        self._read_on()

    def end(self) -> None:
        """End the connection, whatever still waits in it to be sent."""
        self._stop_waiting()
        self._read_on()
        self.transport.abort()

    def refuse(self, problem: Problem) -> None:
        """Answer with a problem before anything was asked, and end the connection."""
        answer = problem.answer()
        head = (
            f"content-type: {answer.media_type}\r\ncontent-length: {len(answer.content)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[answer.status] + head.encode("ascii") + answer.content)
        self.transport.close()
        self._wait(self._limits.read_seconds)  # it ends also where the answer is not read

    def data_received(self, data: bytes) -> None:
        """Read on; what is no body is bounded, wherever in a request it stands."""
        self._beside += len(data)
        super().data_received(data)
        if self._beside > self._limits.head_bytes and not self.transport.is_closing():
            if self._asked:
                self.end()
            else:
                self.refuse(head_too_large(self._limits.head_bytes))

    def on_message_begin(self) -> None:
        """Give the head of a request its time."""
        super().on_message_begin()
        if not self._asked:
            self._wait(self._limits.head_seconds)

    def on_headers_complete(self) -> None:
        """Have the request answered; from now on its body and its work have limits of their own."""
        self._asked += 1
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what is a body."""
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew."""
        self._beside = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._asked -= 1
        if not self._asked:
            unread = self.transport.get_write_buffer_size()
            self._wait(self._limits.read_seconds if unread else self._limits.idle_seconds)

    def pause_writing(self) -> None:
        """Watch a reader who does not keep up."""
        super().pause_writing()
        self._crowd.unread[self] = None
        self._watch()
        self._crowd.bound_unread()

    def resume_writing(self) -> None:
        """Watch no longer."""
        super().resume_writing()
        self._read_on()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._crowd.waiting[self] = None
        self._idle = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self._slow is None:  # who reads slowly is watched for that
            self.end()
        else:
            self._wait(self._limits.read_seconds)

    def _stop_waiting(self) -> None:
        self._crowd.waiting.pop(self, None)
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _watch(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._slow = self.loop.call_later(self._limits.read_seconds, self._look_again, unread)

    def _look_again(self, before: int) -> None:
        if self.transport.get_write_buffer_size() > before - _LEAST_READ:
            self.end()
        else:
            self._watch()

    def _read_on(self) -> None:
        self._crowd.unread.pop(self, None)
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None
