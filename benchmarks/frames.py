"""Many cases at once: as a frame for the engine `columns`, as numpy columns for OpenFisca."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.single_cases import Entry

import vwv_im

FACTS = vwv_im.regulation().vocabulary.facts

SCOPES = ("antrag", "stelle")


def evaluate_frame() -> Callable[..., Any] | None:
    """Return what decides frames; none where this version or installation has no such engine."""
    try:
        found: Callable[..., Any] = vwv_im.evaluate_frame  # type: ignore[attr-defined, unused-ignore]
    except (AttributeError, ImportError):
        return None
    return found


def frame_of(entries: Sequence[Entry], times: int = 1) -> Any:
    """Return cases with one post as a frame with a column for each fact that one of them states, repeated.

    Words are enumerations, as a frame that is made for many decisions holds them.
    """
    import polars as pl

    stated = {path: [value(entry, path) for entry in entries] for path, fact in FACTS.items() if fact.scope in SCOPES}
    known = {path: values for path, values in stated.items() if any(one is not None for one in values)}
    words = {path: pl.Enum(FACTS[path].values) for path in known if FACTS[path].type == "auswahl"}
    frame = pl.DataFrame({"on": [entry.on for entry in entries], **known}, schema_overrides=words)
    return pl.concat([frame] * times, rechunk=True)


def value(entry: Entry, path: str) -> Any:
    """Return a fact of a case with one post."""
    antrag: Any = entry.case.antrag
    part = antrag if path.startswith("antrag.") else antrag.stellen[0]
    for name in path.split(".")[1:]:
        part = None if part is None else getattr(part, name)
    return list(part) if isinstance(part, tuple) else part


def repeated(columns: Any, times: int) -> Any:
    """Return numpy columns, repeated."""
    import numpy as np

    return {name: np.tile(values, times) for name, values in columns.items()}
