"""The types of the package, as pyright reads them: what others build on is known to it, and checked strictly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from shutil import which
from typing import Any

import pytest

import vwv_im
from support import TESTS

PYRIGHT = TESTS / "node_modules" / ".bin" / "pyright"
pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(
        which("node") is None or not PYRIGHT.exists(), reason="needs Node, and npm ci in tests/ (pyright)"
    ),
]
LEAST = 0.99


@cache
def completeness() -> dict[str, Any]:
    command = [
        str(PYRIGHT),
        "--pythonpath",
        sys.executable,
        "--verifytypes",
        "vwv_im",
        "--ignoreexternal",
        "--outputjson",
    ]
    sources = {**os.environ, "PYTHONPATH": str(TESTS.parent / "src")}  # not what an editable installation has of data
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=sources)
    found: dict[str, Any] = json.loads(ended.stdout)["typeCompleteness"]
    return found


def unknown(prefix: str = "vwv_im.") -> list[str]:
    return [
        one["name"]
        for one in completeness()["symbols"]
        if one["isExported"]
        and one["name"].startswith(prefix)
        and not (one["isTypeKnown"] and not one["isTypeAmbiguous"])
    ]


def test_nearly_every_symbol_has_a_known_type() -> None:
    assert completeness()["completenessScore"] >= LEAST, unknown()


def test_everything_public_has_a_known_type() -> None:
    homes = {getattr(getattr(vwv_im, name), "__module__", "") for name in vwv_im.__all__} - {"typing", "builtins", ""}
    public = {f"{home}.{name}" for home in homes for name in vwv_im.__all__}
    assert len(public & {one["name"] for one in completeness()["symbols"]}) > len(vwv_im.__all__) / 2
    assert [one for one in unknown() if any(f"{one}.".startswith(f"{name}.") for name in public)] == []
