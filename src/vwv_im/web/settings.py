"""The limits and defaults of the server, the same in every worker, and the queues in which work waits within them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import Field, dataclass, fields
from typing import Any, TypeVar

from vwv_im.decision.evaluate import TimeLimitError, time_limit
from vwv_im.text import Fault, FaultyInputError, Place, Text, fault_of
from vwv_im.web.problems import Problem, overload, turned_away

R = TypeVar("R")
_IN_TURN = 8
"""How many pieces of quick work are done before the event loop looks who else has come."""
_SMALLER = Text("Teilen Sie den Fall oder fragen Sie weniger.", "Split the case or ask for less.")
PREFIX = "VWV_IM_WEB_"
_READ: Mapping[str, Callable[[str], Any]] = {"str": str, "int": int, "float": float}


@dataclass(frozen=True, slots=True)
class Settings:
    """How large a request may be, how long it may take, and how many may wait.

    `engine` decides where a request names none. `bytes` and `posts` bound a request: how many entries each list of a
    case may have, such as posts. A case with up to `quick_entries` in all lists is decided in turn instead of beside
    other work. `rules` is the directory of other rule files than the library's own.
    `waiting` quick and `waiting_long` long requests may wait, others are answered with 503. `seconds` is the time
    allowed for a body to arrive, for a request to wait, and for its work. `origins` are the web origins that may call
    the API, separated by spaces; none by default.

    >>> Settings.from_environment({"VWV_IM_WEB_POSTS": "10"}).posts
    10
    """

    engine: str = "checked"
    bytes: int = 1_048_576
    posts: int = 200
    quick_entries: int = 20
    waiting: int = 60
    waiting_long: int = 16
    long_at_once: int = 2
    seconds: float = 10.0
    origins: str = ""
    rules: str = ""

    @property
    def at_once(self) -> int:
        """How many requests with a body are let in at once."""
        return self.waiting + self.waiting_long + self.long_at_once

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings that the variables `VWV_IM_WEB_…` name.

        Raises `FaultyInputError` with each that is no number above 0.
        """
        given = os.environ if environment is None else environment
        found: dict[str, Any] = {}
        faults = []
        for field in fields(cls):
            if (text := given.get(PREFIX + field.name.upper())) is None:
                continue
            if (value := _read(field, text)) is None:
                faults.append(_no_limit(field, text))
            found[field.name] = value
        if faults:
            raise FaultyInputError(faults)
        return cls(**found)


def _read(field: Field[Any], text: str) -> Any:
    """Return what a variable says; nothing where it should be a number above 0 and is none."""
    try:
        value = _READ[str(field.type)](text)
    except ValueError:
        return None
    return value if isinstance(value, str) or 0 < value < float("inf") else None


def _no_limit(field: Field[Any], text: str) -> Fault:
    return fault_of("no_limit", Place(f"{PREFIX}{field.name.upper()}"), value=text, default=field.default)


class BoundedQueue:
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


class WorkQueues:
    """The lane of quick work, done in turn in the event loop, and that of long work, done in threads beside it."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.seconds
        self._quick = BoundedQueue(_IN_TURN, settings.waiting, settings.seconds)
        self._long = BoundedQueue(settings.long_at_once, settings.waiting_long, settings.seconds)

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
