"""Who works when: quick work in turn, long work beside it, and nobody waits without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from vwv_im.decision.evaluate import TimeLimitError, time_limit
from vwv_im.text import Text
from vwv_im.web.problems import Problem, overload, turned_away
from vwv_im.web.settings import Settings

R = TypeVar("R")
_IN_TURN = 8
"""How many pieces of quick work are done before the event loop looks who else has come."""
_SMALLER = Text("Teilen Sie den Fall oder fragen Sie weniger.", "Split the case or ask for less.")


class Lane:
    """A queue of bounded length in front of a number of places."""

    def __init__(self, places: int, waiting: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._most = places + waiting
        self._seconds = seconds
        self._inside = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place; raises the problem `overload` where too many wait, or it takes too long."""
        if self._inside >= self._most:
            raise await turned_away()
        self._inside += 1
        try:
            await self._enter()
            try:
                yield
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


class Lanes:
    """The lane of quick work, done in turn in the event loop, and that of long work, done in threads beside it."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.seconds
        self._quick = Lane(_IN_TURN, settings.waiting, settings.seconds)
        self._long = Lane(settings.long_at_once, settings.waiting_long, settings.seconds)

    async def quick(self, work: Callable[[], R]) -> R:
        """Do work of some milliseconds; between two pieces of it, others arrive and are counted."""
        async with self._quick.turn():
            await asyncio.sleep(0)
            return self._in_time(work)

    async def long(self, work: Callable[[], R]) -> R:
        """Do longer work in a thread."""
        async with self._long.turn():
            return await asyncio.to_thread(self._in_time, work)

    def _in_time(self, work: Callable[[], R]) -> R:
        try:
            with time_limit(self._seconds):
                return work()
        except TimeLimitError:
            raise Problem("time-limit", _SMALLER) from None
