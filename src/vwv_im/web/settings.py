"""The limits and defaults of the server, read from the environment so that every worker has the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any

from vwv_im.text import Fault, FaultyInputError, Place, Text

PREFIX = "VWV_IM_WEB_"
_READ: Mapping[str, Callable[[str], Any]] = {"str": str, "int": int, "float": float}


@dataclass(frozen=True, slots=True)
class Settings:
    """How large a request may be, how long it may take, and how many may wait.

    `engine` decides where a request names none. `bytes` and `posts` bound a request: how many posts it may state, and
    how many members. `quick_posts` is up to how many of both are decided in turn instead of beside other work.
    `waiting` quick and `waiting_long` long requests may wait, others are answered with 503. `seconds` is the time
    allowed for a body to arrive, for a request to wait, and for its work. `origins` are the web origins that may call
    the API, separated by spaces; none by default.

    >>> Settings.from_environment({"VWV_IM_WEB_POSTS": "10"}).posts
    10
    """

    engine: str = "checked"
    bytes: int = 1_048_576
    posts: int = 200
    quick_posts: int = 20
    waiting: int = 60
    waiting_long: int = 16
    long_at_once: int = 2
    seconds: float = 10.0
    origins: str = ""

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
    message = Text(f"'{text}' ist keine Zahl über 0.", f"'{text}' is no number above 0.")
    hint = Text(f"Ohne die Variable gilt {field.default}.", f"Without the variable {field.default} applies.")
    return Fault("VIM150", Place(f"{PREFIX}{field.name.upper()}"), message, hint)
