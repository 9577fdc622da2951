"""What the folder is made of besides this library: fetched by npm and pip, or kept from before; checked by hash."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vwv_im.text import FaultyInputError, Place, fault_of

_LIST = tomllib.loads(Path(__file__).with_name("parts.toml").read_text("utf-8"))
RUNTIME: Mapping[str, str] = _LIST["runtime"]
"""The npm package of Python for the browser: version, file and hash; which Python it is, and for which platform."""
WHEELS: Mapping[str, str] = _LIST["wheels"]
"""The wheels that are loaded besides that of this library, each with its hash."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a folder that holds every part."""

    runtime: Path
    wheels: tuple[Path, ...]


def fetched(folder: Path) -> Parts:
    """Return the parts in a folder; what is not there yet is fetched.

    Raises `FaultyInputError` where something cannot be fetched, or is not what it should be.
    """
    if not (folder / RUNTIME["file"]).is_file():
        _fetch("npm", ["npm", "pack", f"pyodide@{RUNTIME['version']}", "--pack-destination", str(folder)])
    missing = [name for name in WHEELS if not (folder / name).is_file()]
    if missing:
        _fetch("pip", _pip(folder, missing))
    hashes = {RUNTIME["file"]: RUNTIME["sha256"], **WHEELS}
    changed = [name for name, hashed in hashes.items() if sha256((folder / name).read_bytes()).hexdigest() != hashed]
    if changed:
        raise FaultyInputError([fault_of("app_part_changed", Place(str(folder / name))) for name in changed])
    return Parts(folder / RUNTIME["file"], tuple(folder / name for name in WHEELS))


def _pip(folder: Path, wheels: Sequence[str]) -> list[str]:
    """Return the call that fetches wheels for the browser, whatever Python calls."""
    names = ["==".join(name.split("-")[:2]) for name in wheels]
    target = ["--python-version", RUNTIME["python"], "--platform", RUNTIME["platform"], "--only-binary", ":all:"]
    return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *target, "--dest", str(folder), *names]


def built(folder: Path, checkout: Path) -> Path:
    """Return the wheel of this library, built from a checkout into a folder; raises `FaultyInputError`."""
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(checkout)]
    _fetch("pip", [sys.executable, "-m", "pip", *build])
    return next(folder.glob("vwv_im-*.whl"))


def _fetch(program: str, call: Sequence[str]) -> None:
    if shutil.which(call[0]) is None:
        raise FaultyInputError([fault_of("app_program_missing", Place(program), program=program)])
    ended = subprocess.run(call, capture_output=True, check=False, encoding="utf-8", errors="replace")  # noqa: S603
    if ended.returncode:
        said = ended.stderr.strip().splitlines()
        raise FaultyInputError([fault_of("app_not_fetched", Place(program), call=" ".join(call), said=said[-1:])])
