"""A time limit: once it is over, no further case is decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_END: ContextVar[float | None] = ContextVar("end of the time allowed", default=None)


class TimeLimitError(RuntimeError):
    """The work took longer than it was allowed to; nothing was decided."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let no further case be decided within this block once the time is over; then `TimeLimitError` is raised.

    >>> with time_limit(60):
    ...     check_time_limit()
    """
    token = _END.set(monotonic() + seconds)
    try:
        yield
    finally:
        _END.reset(token)


def check_time_limit() -> None:
    """Go on while there is time; raises `TimeLimitError` where there is none."""
    end = _END.get()
    if end is not None and monotonic() > end:
        raise TimeLimitError("the time allowed is over")
