"""What it costs to begin: whole processes beside a minimal command, and reading the rule files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, run
from tempfile import TemporaryDirectory

from benchmarks.aims import Aim, related
from benchmarks.processes import HOME
from benchmarks.rounds import Measure, Row, seconds
from benchmarks.setting import rule_lines
from benchmarks.single_cases import entries

from vwv_im.law.regulation import load_regulation, rules_directory

_UNWANTED = ("VWV_IM_CACHE", "PYTHONDONTWRITEBYTECODE")
_MINIMAL = """import typer


def main(name: str) -> None:
    print(name)


typer.run(main)
"""
_EVALUATE = "import vwv_im; vwv_im.evaluate"
_LOAD = f"""{_EVALUATE}
from time import perf_counter
from vwv_im.law.regulation import load_regulation, rules_directory
start = perf_counter()
load_regulation(rules_directory())
print(perf_counter() - start)
"""
TYPER, VERSION, DECIDED, FIRST = "minimal Typer command", "vwv-im --version", "vwv-im evaluate", "first decision"
LIMITS = {VERSION: 0.6, DECIDED: 2.2, FIRST: 1.5}


def command() -> list[str]:
    """Return how a user begins vwv-im: by the script that was installed beside this interpreter; else as a module."""
    script = Path(sys.executable).with_name("vwv-im")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "vwv_im"]


def fresh_processes(warm: Path) -> list[Row]:
    """Return the rows about whole processes; `warm` is a folder for what is kept, which the lost round fills."""
    (entry,) = entries(0, 1)
    case = f"{entry.raw!r}, on={entry.on.isoformat()!r}"
    direct, checked = f"{_EVALUATE}({case}, engine='direct').verdict", f"{_EVALUATE}({case}).verdict"
    minimal, ours, python = warm / "minimal.py", command(), [sys.executable, "-c"]
    minimal.write_text(_MINIMAL, "utf-8")

    def whole(*words: str, answers: Sequence[int] = (0,)) -> Measure:
        return lambda _: seconds(lambda: _ended(words, warm, warm, answers))

    def cold(_: int) -> float:
        with TemporaryDirectory() as empty:
            return seconds(lambda: _ended([*python, checked], Path(empty), warm))

    how = "as `python -m vwv_im`" if len(ours) > 1 else "by the installed script"
    decide = ("evaluate", "examples/tettnang.yaml", "--on", "2018-06-01")
    kept = "the rules' cache is"
    return [
        Row(TYPER, "s", "prints its one argument", whole(sys.executable, str(minimal), "Tettnang")),
        Row("python -c pass", "s", "the interpreter alone", whole(*python, "pass")),
        Row(VERSION, "s", how, whole(*ours, "--version")),
        Row(DECIDED, "s", f"{' '.join(decide)}, {how}; {kept} filled", whole(*ours, *decide, answers=(0, 1, 3))),
        Row(FIRST, "s", f"in Python, of a dict, by both engines, compared; {kept} filled", whole(*python, checked)),
        Row(f"{FIRST}, direct", "s", f"the same by `direct` alone; {kept} filled", whole(*python, direct)),
        Row(f"{FIRST}, cold", "s", f"{kept} empty", cold),
        Row("import vwv_im", "s", "the package alone; parts load when used", whole(*python, "import vwv_im")),
        Row("import vwv_im.evaluate", "s", "and all that evaluate imports", whole(*python, _EVALUATE)),
    ]


def aims(rows: Sequence[Row]) -> list[Aim]:
    """Return the aims about whole processes."""
    found = {row.name: row for row in rows}
    return [related(f"{name} / {TYPER}", limit, found[name], found[TYPER]) for name, limit in LIMITS.items()]


def _ended(words: Sequence[str], cache: Path, warm: Path, answers: Sequence[int] = (0,)) -> str:
    """Run a process and return what it prints; bytecode is kept, but apart from the sources."""
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    environment |= {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(warm / "bytecode")}
    done = run(words, env=environment, stdout=PIPE, cwd=HOME, check=False)
    if done.returncode not in answers:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}")
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
        return float(_ended([sys.executable, "-c", _LOAD], warm, warm))

    unit, every = "s per 1,000 lines", "read, built, checked in every Fassung"
    return [
        Row("rules, cache empty", unit, f"{every}, kept in the cache", cold),
        Row("rules, cache off", unit, every, off),
        Row("rules from the cache", "s", "all files: read, built, and what is checked then", cached),
        Row("rules from the cache, every Fassung", "s", "and derived from the acts", all_fassungen),
        Row("rules from the cache, fresh process", "s", "pydantic compiles its models first", fresh),
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
