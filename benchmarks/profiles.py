"""Where the time goes: for each aim that a run may miss the shares of what is done, and what the next step would be.

Shares come from Python's profiler, which makes many small functions look dearer than a few large ones.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from cProfile import Profile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from pstats import Stats
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import orjson
from benchmarks.load import TOGETHER, exchanges, processor_time, served, together
from benchmarks.posts import DAY, FAILING, case_of
from benchmarks.processes import HOME, WORK
from benchmarks.report import Table
from benchmarks.setting import default_readings, plan
from benchmarks.single_cases import entries
from benchmarks.startup import command

import vwv_im
from vwv_im.reasoning.direct import Direct

Shares = Mapping[str, float]
REST = "the rest"


@dataclass(frozen=True)
class Spent:
    """What an aim is about, how its shares are found, and what the next step would be."""

    about: str
    shares: Callable[[], Shares]
    step: str


def table(posts: int, requests: int) -> Table:
    """Return the table of where the time goes, for so many posts, and requests to a server."""
    lines = []
    for one in _spent(posts, requests):
        found = sorted(one.shares().items(), key=lambda share: (share[0] == REST, -share[1]))
        lines.append((one.about, ", ".join(f"{name} {share:.0%}" for name, share in found), one.step))
    about = (
        "Shares of the time, by Python's profiler; of a process those of what it imports, by `-X importtime`; of the "
        "server the share that deciding and writing take of its processor time."
    )
    return Table("Where the time goes", about, ("what", "shares", "the next step"), lines)


def _spent(posts: int, requests: int) -> list[Spent]:
    cases, direct, readings = entries(0, 64), Direct(plan()), default_readings()
    crowd, failing = case_of(FAILING, posts), partial(vwv_im.counterfactuals, on=DAY)

    def each(work: Callable[[Any], object]) -> Callable[[], object]:
        return lambda: [work(entry) for entry in cases]

    decided = each(lambda one: [r.actual for r in vwv_im.evaluate(one.case, on=one.on, engine="direct").reasons])
    alone = each(lambda one: direct.evaluate(one.case, one.on, readings))
    written = each(lambda one: vwv_im.evaluate(one.case, on=one.on, engine="direct").to_json())
    few, many = WORK["columns-shared"](1_024), WORK["columns-masks"](1_024_000)
    return [
        Spent(
            "decision, all reasons read",
            lambda: _profiled(decided, {"engine": "engines.py:run", "reasons": "result.py:reasons"}),
            "the reasons as tuples written by the generated function; objects of them only where one is asked for",
        ),
        Spent(
            "engine alone",
            lambda: _profiled(alone, {"records": "records.py:fill", "generated function": "<vwv_im direct>:evaluate"}),
            "another language than Python for the generated function: zen-engine's expression is run by a compiled one",
        ),
        Spent(
            "the whole JSON text",
            lambda: _profiled(written, _JSON),
            "a generated function for each other reading, of what it touches; evidence as one of each plan",
        ),
        Spent(
            f"counterfactuals, {posts:,} posts",
            lambda: _profiled(lambda: failing(crowd), _CHANGES),
            "posts of which the same is stated share what is tried for one of them",
        ),
        Spent(
            "vwv-im evaluate",
            lambda: _imported(*command(), "evaluate", "examples/tettnang.yaml", "--on", "2018-06-01"),
            "pages and comparisons imported only where asked for; tables of the terminal without rich",
        ),
        Spent(
            "first decision",
            lambda: _imported(sys.executable, "-c", f"import vwv_im; vwv_im.evaluate({cases[0].raw!r}, on='{DAY}')"),
            "models of the rules as plain classes where they come from the cache, so that pydantic is not imported",
        ),
        Spent("columns, 1,024 rows", lambda: _profiled(few, _COLUMNS), "whole days together: fewer, longer operations"),
        Spent(
            "columns, masks, 1,024,000 rows",
            lambda: _profiled(many, {"columns read": "layout.py:frames", "evaluated": "evaluator.py:evaluate"}),
            "masks of options and contradictions only where asked for: the model beside it gives the verdict alone",
        ),
        Spent(
            "server",
            lambda: _served(requests),
            "the whole JSON text, as above; a caller that needs less asks for `?detail=short`",
        ),
    ]


_JSON = {
    "decision": "evaluate.py:evaluate",
    "evidence": "result.py:evidence",
    "other readings": "result.py:readings",
    "plausibility": "result.py:plausibility",
    "open questions": "result.py:open_questions",
    "duties": "result.py:duties",
    "reasons": "reason.py:to_dict",
    "text of the document": "~:<built-in method pydantic_core._pydantic_core.to_json>",
}
_CHANGES = {
    "one change followed": "what_if.py:_revised",
    "whole case anew": "what_if.py:_anew",
    "candidates": "counterfactuals.py:_candidate_values",
    "sentences": "counterfactuals.py:_adjustment",
}
_COLUMNS = {
    "columns read": "layout.py:frames",
    "graph run, operation by operation": "graph.py:run",
    "results as columns": "evaluator.py:_result_columns",
}


def _profiled(work: Callable[[], object], parts: Mapping[str, str]) -> Shares:
    """Return the shares that functions take of some work, each by the end of its file and its name."""
    work()
    profile = Profile()
    begin = perf_counter()
    profile.runcall(work)
    whole = perf_counter() - begin
    stats: Mapping[tuple[str, int, str], tuple[int, int, float, float, Any]] = Stats(profile).stats  # type: ignore[attr-defined]
    spent = dict[str, float]()
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        key = f"{Path(file).name}:{name}"
        spent[key] = spent.get(key, 0.0) + cumulative
    missing = [name for name in parts.values() if name not in spent]
    if missing:
        raise SystemExit(f"the profile knows no {', '.join(missing)}")
    return _with_rest({label: spent[name] / whole for label, name in parts.items()})


def _imported(*words: str) -> Shares:
    """Return the shares that imported packages take of a process; the rules' cache is filled."""
    with TemporaryDirectory() as warm:
        run = partial(_traced, words, {"XDG_CACHE_HOME": warm, "PYTHONPYCACHEPREFIX": f"{warm}/bytecode"})
        run()
        begin = perf_counter()
        lines = run()
        whole = perf_counter() - begin
    spent = Counter[str]()
    for line in lines:
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            spent[name.strip().partition(".")[0]] += int(own)
    kept = ("vwv_im", "pydantic", "typer", "rich", "pydantic_core", "ruamel")
    shares = {f"import of {name}": spent[name] / 1e6 / whole for name in kept if spent[name]}
    others = sum(microseconds for name, microseconds in spent.items() if name not in kept)
    return _with_rest({**shares, "other imports": others / 1e6 / whole})


def _traced(words: tuple[str, ...], environment: Mapping[str, str]) -> list[str]:
    allowed = {k: v for k, v in os.environ.items() if k not in ("VWV_IM_CACHE", "PYTHONDONTWRITEBYTECODE")}
    settings = {**allowed, **environment, "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(words, env=settings, capture_output=True, text=True, cwd=HOME, check=False)
    return [line for line in done.stderr.splitlines() if line.startswith("import time:")]


def _served(requests: int) -> Shares:
    cases = entries(0, 64)
    for _ in range(2):  # the first time is not counted
        begin = process_time()
        for entry in cases:
            orjson.dumps(vwv_im.evaluate(entry.raw, on=entry.on, engine="direct").to_dict())
        own = (process_time() - begin) / len(cases)
    with served() as (port, process):
        known = exchanges(port)
        asyncio.run(together(port, known, TOGETHER, len(known)))
        before = processor_time(process)
        asyncio.run(together(port, known, TOGETHER, requests))
        whole = (processor_time(process) - before) / requests
    return _with_rest({"decided and written": min(1.0, own / whole)})


def _with_rest(shares: Shares) -> Shares:
    return {**shares, REST: max(0.0, 1 - sum(shares.values()))}
