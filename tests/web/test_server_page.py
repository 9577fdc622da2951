"""The commands on the page about the server do what it says they do."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")
pytest.importorskip("polars", reason="the extra columns is not installed")

from support import ROOT

PAGE = (ROOT / "docs" / "server.md").read_text("utf-8")
BLOCKS = [block for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) if "curl" in block]
DOCUMENTED = "http://127.0.0.1:8000/"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r"/v1/(\w+)", block)[1])
def test_a_command_prints_what_the_page_says(block: str, address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        there = command.replace(DOCUMENTED, address)
        ended = subprocess.run(
            ["bash", "-c", there], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.stdout.strip("\n") == printed.strip("\n"), (command, ended.stderr)


def test_there_are_commands() -> None:
    assert len(BLOCKS) >= 6
