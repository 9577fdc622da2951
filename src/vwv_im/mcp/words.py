"""What assistants are told, in both languages: read from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from vwv_im.text import Language, Text


@cache
def told() -> dict[str, Any]:
    """Return the whole file."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def said(name: str, lang: Language, /, **words: Any) -> str:
    """Return a sentence by `name` or `table.name`; words fill the places in braces.

    >>> said("page", "en", page=1, pages=3, following=2)
    'Page 1 of 3; go on with page=2.'
    """
    found = told()
    for part in ("sentences", *name.split(".")) if "." not in name else name.split("."):
        found = found[part]
    return Text(**found).in_(lang).strip().format_map(words)
