"""The calculators on the command line: what is open is said, with what would have to be stated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import EXAMPLES, Run

POST = "{vzae: 0.5, hochschulabschluss: bachelor, fachrichtung: sozialwesen, beschaeftigungsbeginn: 2018-03-01}"


@pytest.fixture
def two_posts(tmp_path: Path) -> Path:
    case = tmp_path / "fall.yaml"
    case.write_text(f"antrag:\n  art: erstantrag\n  stellen:\n    - {POST}\n    - {{vzae: 0.5}}\n", "utf-8")
    return case


def test_a_post_without_amounts_is_named_with_what_it_lacks(cli: Run, two_posts: Path) -> None:
    told = cli("amounts", two_posts, "--on", "2018-06-01").out
    assert "Stelle 2: offen, in keiner Summe; es fehlt: Hochschulabschluss" in told
    assert "Beschäftigungsbeginn" in told
    assert "32.000,00" in told
    answer = json.loads(cli("amounts", two_posts, "--on", "2018-06-01", "--format", "json").out)
    (open_post,) = answer["offen"]
    assert open_post["post"] == 1
    assert "antrag.stellen[1].beschaeftigungsbeginn" in open_post["missing"]
    assert {row["post"] for row in answer["foerderjahre"]} == {0}


def test_without_posts_there_are_no_amounts(cli: Run, tmp_path: Path) -> None:
    case = tmp_path / "fall.yaml"
    case.write_text("antrag: {art: erstantrag}\n", "utf-8")
    assert cli("amounts", case, "--on", "2018-06-01").out == "Der Fall nennt keine Stelle.\n"


def test_a_command_names_no_option_that_it_does_not_have(cli: Run) -> None:
    ended = cli("periods", EXAMPLES / "verwendungsnachweis-stuttgart.yaml", "--on", "2026-11-30")
    assert ended.status == 2
    assert "Dieser Befehl rechnet nur mit dem, was unter 'antrag' steht." in ended.err
