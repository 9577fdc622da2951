"""What all comparisons share: the plan that is measured, the same rules laid flat, machine and versions."""

from __future__ import annotations

import json
import os
import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.flat import Flat, flat_of
from benchmarks.single_cases import FASSUNG

from vwv_im.law.regulation import regulation, rules_directory
from vwv_im.reasoning.plan import Plan, make_plan

LIBRARIES = (
    "vwv-im",
    "pydantic",
    "durable-rules",
    "polars",
    "zen-engine",
    "OpenFisca-Core",
    "numpy",
    "clipspy",
    "panzi-json-logic",
    "datalogic-py",
    "regopy",
)


@cache
def plan() -> Plan:
    """Return the plan that is measured."""
    law = regulation()
    return make_plan(law, law.fassung(FASSUNG), "antrag")


@cache
def default_readings() -> dict[str, str]:
    """Return the default reading of every disputed point."""
    return {name: reading.vorgabe for name, reading in regulation().readings.items()}


@cache
def flat_rules() -> Flat:
    """Return the rules of the verdict, laid flat."""
    return flat_of(plan(), default_readings())


@cache
def whole_rules() -> Flat:
    """Return all rules of the plan, laid flat."""
    return flat_of(plan(), default_readings(), whole=True)


def rule_lines() -> int:
    """Return the number of lines in the rule files."""
    return sum(len(path.read_bytes().splitlines()) for path in rules_directory().rglob("*.yaml"))


def setting() -> dict[str, Any]:
    """Return machine, versions and rules; a version is `missing` where a library is not installed."""
    files = sorted(regulation().hashes.items())
    return {
        "machine": _processor(),
        "processors": os.cpu_count(),
        "load_average": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": {name: _version(name) for name in LIBRARIES},
        "rules": {
            "fassung": FASSUNG,
            "lines": rule_lines(),
            "sha256": sha256(json.dumps(files).encode()).hexdigest()[:16],
        },
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.is_file() else []
    found = next((line.partition(":")[2].strip() for line in names if line.startswith("model name")), "")
    return f"{found or platform.processor()} ({platform.machine()})"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
