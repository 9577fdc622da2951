"""Tests keep their cache of rule files to themselves; those that need a browser, Node or Java run when asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="vwv-im-cache-")
os.environ.pop("COLUMNS", None)  # what is no terminal has no width, however the tests are run

TOOLS = {"chromium": "Chromium", "node": "Node.js and the packages of tests/package.json", "java": "Java"}


FLAGS = (
    "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking", "disable-component-update",
    "disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Run Chromium for the tests of one module: while it runs, no other event loop can run in its thread."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install 'vwv-im[browser]'"
    )
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=[f"--{flag}" for flag in FLAGS])
        yield running
        running.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run the tests that need Chromium, Node.js or Java")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    for item in items:
        for mark, tool in TOOLS.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=f"needs {tool}; `pytest --all` runs it"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Let no test be skipped in silence where all were asked for."""
    report = yield
    if report.skipped and item.config.getoption("--all") and any(item.get_closest_marker(mark) for mark in TOOLS):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although all tests were asked for: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left out, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} left out: {reason}")
