"""On what was measured: machine, versions, rules, cases, and how far the decision tables go."""

from __future__ import annotations

import json
import os
import platform
import textwrap
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.single_cases import FASSUNG
from benchmarks.single_startup import lines

import vwv_im

LIBRARIES = ("vwv-im", "pydantic", "durable-rules", "zen-engine")
WIDTH = 110


def setting() -> dict[str, Any]:
    """Return machine, versions and rules."""
    files = sorted(vwv_im.regulation().hashes.items())
    return {
        "machine": _processor(),
        "processors": os.cpu_count(),
        "load_average": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": {name: _version(name) for name in LIBRARIES},
        "rules": {
            "fassung": FASSUNG,
            "lines": lines(),
            "sha256": sha256(json.dumps(files).encode()).hexdigest()[:16],
        },
    }


def heading(setting: dict[str, Any]) -> str:
    """Return the setting as text; it also tells rounds, cases and how far the decision tables go."""
    zen, rules = setting["zen"], setting["rules"]
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in setting["verdicts"].items())
    versions = ", ".join(f"{name} {number or 'missing'}" for name, number in setting["versions"].items())
    load = ", ".join(f"{value:.1f}" for value in setting["load_average"] or ())
    machine = f"{setting['machine']}, {setting['processors']} processors (load {load or 'unknown'})"
    where = f"{machine}, {setting['system']}, {setting['python']}; {versions}; rules {rules['sha256']}, "
    cases = f"{setting['cases']} cases under Fassung {FASSUNG}: {verdicts}"
    agreed = f"the verdict, {len(zen['requirements'])} requirements, options and hints, and {len(zen['values'])} values"
    agreed = f"On {zen['compared_cases']} cases, open ones too, it agrees on {agreed}"
    lacking = ", ".join([*zen["lacking"], *zen["lacking_rules"]])
    sentences = [
        f"{where}{rules['lines']} lines.",
        f"{setting['rounds']} interleaved rounds; {cases}.",
        f"zen-engine: {zen['tables']} tables. {agreed}. It lacks: {lacking}.",
    ]
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.is_file() else []
    found = next((line.partition(":")[2].strip() for line in names if line.startswith("model name")), "")
    return f"{found or platform.processor()} ({platform.machine()})"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
