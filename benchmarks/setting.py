"""What all comparisons share: the regulation, the plan that is measured, the same rules laid flat, the versions."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from benchmarks.flat import Flat, flat_of
from benchmarks.single_cases import FASSUNG

from vwv_im.law.regulation import regulation
from vwv_im.reasoning.plan import Plan
from vwv_im.reasoning.planning import make_plan

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


def versions() -> dict[str, str]:
    """Return the versions of what is compared; `missing` where it is not installed."""
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
