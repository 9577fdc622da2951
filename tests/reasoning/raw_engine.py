"""Programs that use durable-rules as it comes, each run in a process of its own, as several do not survive."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import vwv_im

_PATH = os.pathsep.join([str(Path(vwv_im.__file__).parent.parent), str(Path(__file__).parent.parent)])

_RAW = """
from durable.engine import Host, MessageNotHandledException

class Quiet(Host):
    def _run(self):
        pass

hits = []

def rule(name, *tests, act=None):
    parts = [{f"m{n}": test} for n, test in enumerate(tests)]
    return {"all": parts, "run": act or (lambda c: hits.append(name))}

def host(**rules):
    quiet = Quiet({"r": {"start": rule("start", {"start": 1}), **rules}})
    tell(quiet, id="start", start=1)
    hits.clear()
    return quiet

def tell(quiet, **message):
    try:
        return quiet.assert_fact("r", {"sid": "s", **message})
    except MessageNotHandledException:
        return None
"""


def run(program: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
    """Run a program in a new process; it may import the package and the helpers of the tests.

    Memory that nobody initialised is filled with garbage there, so that what relies on it fails each time.
    """
    environment = {**os.environ, "PYTHONPATH": _PATH, "MALLOC_PERTURB_": "165", "PYTHONMALLOC": "malloc"}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment, check=False)


def run_raw(program: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
    """Run a program that uses durable-rules itself, with `host`, `rule`, `tell` and `hits` at hand."""
    return run(_RAW + program, timeout)
