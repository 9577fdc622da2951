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


def test_the_whole_plan_lacks_only_what_rests_on_a_series_of_periods_or_on_a_list_of_texts() -> None:
    rules = import_module("benchmarks.setting").whole_rules()
    lacking = {"antrag.foerderbetrag_eur", "deckeljahr.rahmen", "antrag.antragsteller.kreis_nach_dem_schluessel"}
    assert lacking <= rules.unsaid
    assert {"stelle.foerderbetrag_eur", "antrag.foerderbetrag_eur_jahr", "stelle.bewilligungsende"} <= set(
        rules.derived
    )
    assert not rules.unsaid & {*rules.derived, *rules.stated}


def test_a_policy_in_rego_has_a_rule_for_each_requirement_and_decides_as_direct_does() -> None:
    rules, rivals = import_module("benchmarks.setting").flat_rules(), import_module("benchmarks.rivals")
    policy = import_module("benchmarks.languages").Rego(rules).module()
    assert all(f"\n{one.id.replace('-', '_')} := " in policy for one in rules.requirements)
    pytest.importorskip("regopy")
    rego, cases = rivals.RegoPolicy(rules), import_module("benchmarks.single_cases").entries(0, 16)
    verdicts = [vwv_im.evaluate(entry.case, on=entry.on, engine="direct").verdict for entry in cases]
    assert [rego.decide(rego.prepared(entry)) for entry in cases] == verdicts


def test_an_aim_is_reached_by_its_median_and_without_samples_says_why() -> None:
    aims: Any = import_module("benchmarks.aims")
    about, limit, found, said = aims.Aim("a / b", 1.0, [0.9, 3.0, 0.8]).line
    assert (about, limit, str(found), said) == ("a / b", "at most 1 ×", "0.9 (0.8 to 3)", "reached")
    assert not aims.Aim("server", 2.0, [1.9], at_least=True).reached
    assert aims.Aim("a / b", 1.0, left_out="b is not installed").line[2:] == ("", "left out: b is not installed")


def test_time_a_post_is_that_among_the_most_posts_beside_that_among_the_fewest() -> None:
    aims, rounds = import_module("benchmarks.aims"), import_module("benchmarks.rounds")
    rows = {posts: rounds.Row(f"{posts}", "s", "", len, [seconds]) for posts, seconds in ((10, 1.0), (1000, 110.0))}
    assert aims.per_post("needs", rows).samples == [pytest.approx(1.1)]


def test_a_child_does_its_work_as_often_as_asked_and_tells_when_it_has_ended() -> None:
    with import_module("benchmarks.processes").Child("bare") as child:
        assert child.before > 0
        assert child.work(3)["seconds"] >= 0
        child.process.kill()
        child.process.wait()
        with pytest.raises(ChildProcessError, match="ended with -9"):
            child.work()
