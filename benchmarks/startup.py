"""What it costs to begin: importing the library, the first decision of a process, reading the rule files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rounds import Measure, Row, seconds
from benchmarks.setting import rule_lines
from benchmarks.single_cases import entries

from vwv_im.law.regulation import load_regulation, rules_directory

IMPORT_AIM, COLD_AIM, CACHED_AIM = 0.25, 0.6, 0.05  # s, s per 1,000 lines, s
_UNWANTED = ("VWV_IM_CACHE", "PYTHONDONTWRITEBYTECODE")
_BARE = "pass"
_IMPORT = "import vwv_im"
_EVALUATE = "import vwv_im; vwv_im.evaluate"
_LOAD = f"""{_EVALUATE}
from time import perf_counter
from vwv_im.law.regulation import load_regulation, rules_directory
start = perf_counter()
load_regulation(rules_directory())
print(perf_counter() - start)
"""


def fresh_processes(warm: Path) -> list[Row]:
    """Return the rows about fresh processes, less a bare one; `warm` is a cache folder that the lost round fills."""
    (entry,) = entries(0, 1)
    case = f"{entry.raw!r}, on={entry.on.isoformat()!r}"
    direct, checked = f"{_EVALUATE}({case}, engine='direct').verdict", f"{_EVALUATE}({case}).verdict"

    def beyond(program: str, cache: Path) -> float:
        bare = seconds(lambda: _python(_BARE, cache, warm))
        return seconds(lambda: _python(program, cache, warm)) - bare

    def fresh(program: str) -> Measure:
        return lambda _: beyond(program, warm)

    def cold(_: int) -> float:
        with TemporaryDirectory() as empty:
            return beyond(direct, Path(empty))

    kept = "the rules' cache is"
    return [
        Row("import vwv_im", "s", "the package alone; parts load when used", fresh(_IMPORT), IMPORT_AIM),
        Row("import vwv_im.evaluate", "s", "and all that evaluate imports", fresh(_EVALUATE), IMPORT_AIM),
        Row("first decision, cold", "s", f"{kept} empty, engine direct", cold),
        Row("first decision, warm", "s", f"{kept} filled, engine direct", fresh(direct)),
        Row("first decision, checked", "s", f"{kept} filled, both engines", fresh(checked)),
    ]


def _python(program: str, cache: Path, warm: Path) -> str:
    """Run a program and return what it prints; bytecode is kept, but apart from the sources."""
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    environment |= {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(warm / "bytecode")}
    done = subprocess.run([sys.executable, "-c", program], check=True, env=environment, stdout=subprocess.PIPE)
    return done.stdout.decode()


def reading(warm: Path) -> list[Row]:
    """Return the rows about reading and checking the rule files, in this process."""
    thousands = rule_lines() / 1000

    def cold(_: int) -> float:
        with TemporaryDirectory() as empty, _environment({"XDG_CACHE_HOME": empty}):
            return seconds(_load) / thousands

    def off(_: int) -> float:
        with _environment({"VWV_IM_CACHE": "off"}):
            return seconds(_load) / thousands

    def cached(_: int) -> float:
        with _environment({"XDG_CACHE_HOME": str(warm)}):
            return seconds(_load)

    def all_fassungen(_: int) -> float:
        with _environment({"XDG_CACHE_HOME": str(warm)}):
            return seconds(lambda: load_regulation(rules_directory()).fassungen)

    def fresh(_: int) -> float:
        return float(_python(_LOAD, warm, warm))

    unit, every = "s per 1,000 lines", "read, built, checked in every Fassung"
    return [
        Row("rules, cache empty", unit, f"{every}, kept in the cache", cold, COLD_AIM),
        Row("rules, cache off", unit, every, off, COLD_AIM),
        Row("rules from the cache", "s", "all files: read, built, and what is checked then", cached, CACHED_AIM),
        Row("rules from the cache, every Fassung", "s", "and derived from the acts", all_fassungen, CACHED_AIM),
        Row("rules from the cache, fresh process", "s", "pydantic compiles its models first", fresh, CACHED_AIM),
    ]


def _load() -> None:
    load_regulation(rules_directory())


@contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Change the environment for a while; where the cache is not switched off, it is on."""
    names = {"VWV_IM_CACHE", *changes}
    before = {name: os.environ.get(name) for name in names}
    os.environ.pop("VWV_IM_CACHE", None)
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
