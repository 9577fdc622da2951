"""Who is let in, and in which order work is done: the door, and the queues of quick and of long work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from vwv_im.decision.time_limit import TimeLimitError, time_limit
from vwv_im.text import Text
from vwv_im.web.problems import Problem, overload, turned_away
from vwv_im.web.settings import Settings

R = TypeVar("R")
_IN_TURN = 8
"""How many pieces of quick work are done before the event loop looks who else has come."""
_SECONDS_AFTER_LEAVING = 0.3
"""How long the place of long work that was given up stays taken: starting processes is work, too."""
_SMALLER = Text("Teilen Sie den Fall oder fragen Sie weniger.", "Split the case or ask for less.")


class Door:
    """Where requests with a body come in, a bounded number at once.

    Who is still sending a body when it is full gives way to who comes, the one that has been sending longest first:
    slow senders cannot keep others out.
    """

    def __init__(self, settings: Settings) -> None:
        self._most, self._seconds = settings.at_once, settings.seconds
        self._inside = 0
        self._sending: dict[asyncio.Timeout, None] = {}

    @property
    def is_full(self) -> bool:
        """Whether who comes next makes another give way, or is turned away."""
        return self._inside >= self._most

    @contextmanager
    def let_in(self) -> Iterator[bool]:
        """Count who comes in; gives whether there was room."""
        room = self._inside < self._most or self._one_gives_way()
        self._inside += room
        try:
            yield room
        finally:
            self._inside -= room

    def _one_gives_way(self) -> bool:
        slowest = next(iter(self._sending), None)
        if slowest is None:
            return False
        del self._sending[slowest]
        slowest.reschedule(0)
        return True

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Wait for what a client sends; raises `TimeoutError` where it takes too long, or gives way to another."""
        async with asyncio.timeout(self._seconds) as limit:
            self._sending[limit] = None
            try:
                yield
            finally:
                self._sending.pop(limit, None)


class BoundedQueue:
    """A queue of bounded length in front of a number of places."""

    def __init__(self, places: int, waiting: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._most = places + waiting
        self._seconds = seconds
        self._inside = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Wait for a place; gives whether one had to. Raises `overload` where too many wait, or it takes too long."""
        if self._inside >= self._most:
            raise await turned_away()
        self._inside += 1
        try:
            crowded = self._places.locked()
            await self._enter()
            try:
                yield crowded
            finally:
                self._places.release()
        finally:
            self._inside -= 1

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._places.acquire()
        except TimeoutError:
            raise overload() from None


class WorkQueues:
    """The lane of quick work, done in turn in the event loop, and that of long work, done beside it."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.seconds
        self._quick = BoundedQueue(_IN_TURN, settings.waiting, settings.seconds)
        self._long = BoundedQueue(settings.long_at_once, settings.waiting_long, settings.seconds)

    async def quick(self, http: Request, work: Callable[[], R]) -> R:
        """Do work of some milliseconds; between two pieces of it, others arrive and are counted.

        Raises `ClientDisconnect` where the client left while it waited.
        """
        async with self._quick.turn() as crowded:
            await asyncio.sleep(0)
            if crowded and await http.is_disconnected():
                raise ClientDisconnect
            return in_time(work, self._seconds)

    async def long(self, http: Request, work: Callable[[], Awaitable[R]]) -> R:
        """Do longer work; it is given up, be it begun or not, as soon as the client leaves: `ClientDisconnect`."""
        doing, leaving = asyncio.ensure_future(self._in_turn(work)), asyncio.ensure_future(_left(http))
        try:
            await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise ClientDisconnect
            return doing.result()
        finally:
            leaving.cancel()
            doing.cancel()

    async def _in_turn(self, work: Callable[[], Awaitable[R]]) -> R:
        async with self._long.turn():
            try:
                return await work()
            except TimeoutError:
                raise too_long() from None
            except asyncio.CancelledError:
                await asyncio.sleep(_SECONDS_AFTER_LEAVING)
                raise


async def _left(http: Request) -> None:
    while (await http.receive())["type"] != "http.disconnect":
        pass


def in_time(work: Callable[[], R], seconds: float) -> R:
    """Do work; the problem `time-limit` is raised where it takes longer than it may."""
    try:
        with time_limit(seconds):
            return work()
    except TimeLimitError:
        raise too_long() from None


def too_long() -> Problem:
    """Return the problem of work that takes too long."""
    return Problem("time-limit", _SMALLER)
