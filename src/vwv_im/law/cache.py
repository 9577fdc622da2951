"""A cache of rule files already read, keyed by their content: the text need not be parsed twice.

Only parsed text is kept, as JSON in the user's own cache folder; models are built and validated anew at each start.
`VWV_IM_CACHE=off` switches it off. A cache that is damaged, or cannot be read or written, is passed over.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from vwv_im.text import Document, Path_


class _Positions(Mapping[Path_, tuple[int, int]]):
    """The positions of a cached document, unpacked only when a place is asked for."""

    def __init__(self, packed: str) -> None:
        self._packed = packed
        self._unpacked: dict[Path_, tuple[int, int]] | None = None

    def _all(self) -> dict[Path_, tuple[int, int]]:
        if self._unpacked is None:
            self._unpacked = {tuple(path): (line, column) for path, line, column in json.loads(self._packed)}
        return self._unpacked

    def __getitem__(self, path: Path_) -> tuple[int, int]:
        return self._all()[path]

    def __iter__(self) -> Iterator[Path_]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _folder() -> Path | None:
    if os.environ.get("VWV_IM_CACHE") == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "vwv-im"
    except RuntimeError:
        return None


def load(key: str) -> list[Document] | None:
    """Return the documents kept under `key`, or `None`."""
    folder = _folder()
    if folder is None:
        return None
    try:
        digest, _, text = (folder / f"{key}.json").read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if digest != _digest(text):
        return None
    kept = json.loads(text, object_hook=_decimal)
    return [Document(file, data, _Positions(packed)) for file, data, packed in kept]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def packed(documents: Iterable[Document]) -> str:
    """Return documents as the text that is kept."""
    parts = [
        (document.file, document.data, json.dumps([(path, *at) for path, at in document.positions.items()]))
        for document in documents
    ]
    return json.dumps(parts, default=_encode)


def store(key: str, text: str) -> None:
    """Keep packed documents under `key`; written whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".tmp", delete=False, encoding="utf-8") as stream:
            stream.write(f"{_digest(text)}\n{text}")
        Path(stream.name).replace(folder / f"{key}.json")
    except OSError:
        return


def _encode(value: object) -> Any:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    raise TypeError(type(value).__name__)


def _decimal(value: dict[str, Any]) -> Any:
    return Decimal(value["$decimal"]) if value.keys() == {"$decimal"} else value
