"""How far something is that takes long, told to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with how much is done, and how much there is."""


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def counted(found: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    """Yield what is found, and tell at the beginning and after each how many of the total are there.

    >>> list(counted("ab", 2, lambda done, total: print(f"{done} of {total}")))
    0 of 2
    1 of 2
    2 of 2
    ['a', 'b']
    """
    progress(0, total)
    for done, one in enumerate(found, start=1):
        progress(done, total)
        yield one
