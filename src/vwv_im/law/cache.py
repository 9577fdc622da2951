"""A cache of rule files already read, keyed by their content: the text need not be parsed twice.

Only parsed text of files without faults is kept, as JSON: that of the packaged rules in the wheel, that of others in
the user's own cache folder, with a code that only who reads the key there can make. Models are made of it when they are
asked for; where that cannot be, the files are read.
`VWV_IM_CACHE=off` switches it off. A cache that is damaged, belongs to another, or may be written by others, is passed
over.
"""

import errno
import hmac
import json
import os
import stat
import tempfile
from collections import UserDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from hmac import compare_digest
from pathlib import Path
from secrets import token_bytes
from typing import Any

from vwv_im.text import Document, Path_

_KEY, _KEY_LENGTH = "key", 32
_UNREADABLE = (OSError, ValueError, TypeError, ArithmeticError, RecursionError)
SHIPPED = Path(__file__).resolve().parent.parent / "rules.json"
"""Where a wheel holds the packaged rules as they were read when it was built."""


class _Positions(UserDict[Path_, tuple[int, int]]):
    """The positions of a cached document, unpacked only when a place is asked for."""

    def __init__(self, packed: str) -> None:
        self._packed = packed

    @cached_property
    def data(self) -> dict[Path_, tuple[int, int]]:  # type: ignore[override]
        return {tuple(path): (line, column) for path, line, column in json.loads(self._packed)}


def _folder() -> Path | None:
    if os.environ.get("VWV_IM_CACHE") == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = (Path(base) if base else Path.home() / ".cache") / "vwv-im"
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def _is_own(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to the user, and nobody else may write there."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def load(key: str, hashes: Mapping[str, str]) -> list[Document] | None:
    """Return the documents kept under `key`; `None` where there are none, or none of these files that can be believed.

    `hashes` are those of the files. What is kept was written by the user, and says what it was read from.
    """
    folder = _folder()
    if folder is None:
        return None
    try:
        code, _, kept = _own(folder, f"{key}.json").partition(b"\n")
        if not compare_digest(code, _code(_own(folder, _KEY), key, kept)):
            return None
        return _unpacked(kept, hashes)
    except _UNREADABLE:
        return None


def shipped(hashes: Mapping[str, str]) -> list[Document] | None:
    """Return the documents that the wheel holds; `None` where it holds none, or those of other files than `hashes`."""
    try:
        return _unpacked(SHIPPED.read_bytes(), hashes)
    except _UNREADABLE:
        return None


def _own(folder: Path, name: str) -> bytes:
    """Return what a file of the user holds; raises `OSError` where there is none, or others may write it."""
    with os.fdopen(os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as stream:
        if not (_is_own(folder.lstat()) and _is_own(os.fstat(stream.fileno()))):
            raise PermissionError(errno.EPERM, "not the user's own", name)
        return stream.read()


def _code(secret: bytes, key: str, kept: bytes) -> bytes:
    if len(secret) != _KEY_LENGTH:
        raise ValueError("no key")
    return hmac.digest(secret, key.encode() + kept, "sha256").hex().encode()


def _unpacked(kept: bytes, hashes: Mapping[str, str]) -> list[Document] | None:
    """Return the documents that are kept of these files; raises one of `_UNREADABLE` for what is none."""
    stated, documents = json.loads(kept, object_hook=_decimal)
    if any(not isinstance(part, str) for file, _, packed in documents for part in (file, packed)):
        raise ValueError("no documents")
    found = [Document(file, data, _Positions(packed), form="yaml") for file, data, packed in documents]
    return found if stated == dict(hashes) else None


def packed(documents: Iterable[Document], hashes: Mapping[str, str]) -> str:
    """Return documents as the text that is kept, with the hashes of the files that they were read from."""
    parts = [
        (document.file, document.data, json.dumps([(path, *at) for path, at in document.positions.items()]))
        for document in documents
    ]
    return json.dumps((dict(hashes), parts), default=_encode)


def store(key: str, text: str) -> None:
    """Keep packed documents under `key`; written whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError, ValueError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = text.encode("ascii")
        _write(folder, f"{key}.json", _code(_secret(folder), key, kept) + b"\n" + kept)


def _secret(folder: Path) -> bytes:
    """Return the user's key, made where there is none that can be used."""
    with suppress(OSError):
        if len(found := _own(folder, _KEY)) == _KEY_LENGTH:
            return found
    _write(folder, _KEY, token_bytes(_KEY_LENGTH))
    return _own(folder, _KEY)


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write a file of the user, whole or not at all."""
    if not _is_own(folder.lstat()):
        raise PermissionError(errno.EPERM, "not the user's own", str(folder))
    handle, new = tempfile.mkstemp(".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(new).replace(folder / name)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise


def _encode(value: object) -> Any:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    raise TypeError(type(value).__name__)


def _decimal(value: dict[str, Any]) -> Any:
    return Decimal(value["$decimal"]) if value.keys() == {"$decimal"} else value
