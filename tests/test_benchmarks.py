"""What the benchmarks hand to other engines is the law: the rules laid flat decide as `direct` does."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import pytest

import vwv_im
from support import ROOT


@pytest.fixture(scope="module", autouse=True)
def _benchmarks_are_found():
    sys.path.append(str(ROOT))
    yield
    sys.path.remove(str(ROOT))


def test_the_flat_rules_decide_as_direct_does() -> None:
    rivals: Any = import_module("benchmarks.rivals")
    rules = import_module("benchmarks.setting").flat_rules()
    plain = rivals.PlainPydantic(rules)
    cases = import_module("benchmarks.single_cases").entries(0, 300)
    verdicts = {entry.number: vwv_im.evaluate(entry.case, on=entry.on, engine="direct").verdict for entry in cases}
    assert set(verdicts.values()) == {"yes", "no", "open"}
    assert {entry.number: plain.decide(plain.prepared(entry)) for entry in cases} == verdicts


def test_the_flat_rules_hold_every_requirement_of_the_verdict_that_can_fail() -> None:
    """Of those with a post and without members, under the default readings."""
    setting = import_module("benchmarks.setting")
    folded = {one.id for one in setting.plan().requirements if one.art == "muss"}
    assert folded - {one.id for one in setting.flat_rules().requirements} == {"mindestens-eine-vollzeitstelle"}


def test_a_run_is_written_as_text_and_as_a_page() -> None:
    report: Any = import_module("benchmarks.report")
    about = {"machine": "M", "processors": 2, "load_average": [1.0], "system": "S", "python": "P", "rounds": 3}
    about |= {"versions": {"vwv-im": "1"}, "rules": {"fassung": "F", "sha256": "x"}, "cases": 8, "compared": 9}
    table = report.Table("One", "About.", ("engine", "times"), [("direct", report.ratio_cell([1, 3, 2]))])
    found = report.Report({**about, "verdicts": {"yes": 9}}, [table], {"CLIPS": "not installed"})
    assert "direct  2 (1 to 3)" in report.as_text(found)
    page = report.as_markdown(found)
    assert "| direct | 2 (1 to 3) |" in page
    assert "- Not timed: CLIPS: not installed" in page
