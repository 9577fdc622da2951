"""What it costs to begin: importing the library, the first decision of a process, reading the rule files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.single_cases import entries
from benchmarks.single_rounds import Measure, Row, Section, seconds

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


def lines() -> int:
    """Return the number of lines in the rule files."""
    return sum(len(path.read_bytes().splitlines()) for path in rules_directory().rglob("*.yaml"))


class Startup:
    """Rows about fresh processes; `warm` is a cache folder that the round before the first fills."""

    def __init__(self, warm: Path) -> None:
        self.warm = warm
        (entry,) = entries(0, 1)
        case = f"{entry.raw!r}, on={entry.on.isoformat()!r}"
        self.direct = f"{_EVALUATE}({case}, engine='direct').verdict"
        self.checked = f"{_EVALUATE}({case}).verdict"

    def section(self) -> Section:
        """Return the rows."""
        note = "fresh process less a bare one; the rules' cache "
        return Section(
            "A fresh process",
            [
                Row("import vwv_im", "s", "the package alone; parts load when used", self._fresh(_IMPORT), IMPORT_AIM),
                Row("... vwv_im.evaluate", "s", "and all that evaluate imports", self._fresh(_EVALUATE), IMPORT_AIM),
                Row("... first decision, cold", "s", note + "is empty, engine direct", self._cold),
                Row("... first decision, warm", "s", note + "is filled, engine direct", self._fresh(self.direct)),
                Row("... first decision, checked", "s", note + "is filled, both engines", self._fresh(self.checked)),
            ],
        )

    def _fresh(self, program: str) -> Measure:
        return lambda _: self._seconds(program, self.warm)

    def _cold(self, _: int) -> float:
        with TemporaryDirectory() as empty:
            return self._seconds(self.direct, Path(empty))

    def _seconds(self, program: str, cache: Path) -> float:
        bare = seconds(lambda: _python(_BARE, cache, self.warm))
        return seconds(lambda: _python(program, cache, self.warm)) - bare


def _python(program: str, cache: Path, warm: Path) -> str:
    """Run a program and return what it prints; bytecode is kept, but apart from the sources."""
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    environment |= {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(warm / "bytecode")}
    done = subprocess.run([sys.executable, "-c", program], check=True, env=environment, stdout=subprocess.PIPE)
    return done.stdout.decode()


def reading(warm: Path) -> Section:
    """Return the rows about reading and checking the rule files, in this process."""
    thousands = lines() / 1000

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

    unit = "s / 1,000 l."
    return Section(
        "Reading the rule files",
        [
            Row("cold, cache empty", unit, "read, built, checked in every Fassung, kept in the cache", cold, COLD_AIM),
            Row("cold, cache off", unit, "read, built, checked in every Fassung", off, COLD_AIM),
            Row("from the cache", "s", "all files: read, built, and what is checked then", cached, CACHED_AIM),
            Row("... every Fassung", "s", "and every Fassung derived from the acts", all_fassungen, CACHED_AIM),
            Row("... in a fresh process", "s", "the first time: pydantic compiles its models", fresh, CACHED_AIM),
        ],
    )


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
