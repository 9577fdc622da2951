"""What every release has written replays with the code at hand, and is answered as the index of its folder says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from support import ROOT, TESTS
from vwv_im import replay
from vwv_im.cli.main import app
from vwv_im.decision.replay import Replay

RECEIPTS = TESTS / "receipts"
RELEASES = sorted(path.parent for path in RECEIPTS.glob("*/index.yaml"))
ENTRIES = [
    pytest.param(release, entry, id=f"{release.name}-{entry['file']}")
    for release in RELEASES
    for entry in YAML(typ="safe").load(release / "index.yaml")
]


def replayed(release: Path, entry: dict[str, Any]) -> Replay:
    rules = ROOT / entry["rules"] if "rules" in entry else None
    return replay(release / entry["file"], rules=rules)


@pytest.mark.parametrize(("release", "entry"), ENTRIES)
def test_it_replays_as_its_index_says(release: Path, entry: dict[str, Any]) -> None:
    found = replayed(release, entry)
    assert [difference.en for difference in found.differences] == entry["differences"]
    assert entry["status"] == (0 if found.identical else 1)


@pytest.mark.parametrize(("release", "entry"), ENTRIES[::4])
def test_the_command_line_ends_with_the_same_status(release: Path, entry: dict[str, Any]) -> None:
    rules = ["--rules", str(ROOT / entry["rules"])] if "rules" in entry else []
    ended = CliRunner().invoke(app, ["replay", str(release / entry["file"]), "--lang", "en", *rules])
    assert ended.exit_code == entry["status"], ended.output
    assert ended.output.startswith("The same decision." if entry["status"] == 0 else "Another decision:")


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_every_file_of_a_release_is_in_its_index(release: Path) -> None:
    entries = YAML(typ="safe").load(release / "index.yaml")
    assert sorted(entry["file"] for entry in entries) == sorted(path.name for path in release.glob("*.json"))


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_a_release_shows_every_question_outcome_verdict_and_language(release: Path) -> None:
    documents = [json.loads(path.read_text("utf-8")) for path in release.glob("*.json")]
    assert {document["question"] for document in documents} == {"antrag", "zielgruppe", "zaehlung"}
    assert {document["outcome"] for document in documents} == {"decided", "outside_scope", "contradictory"}
    assert {document["verdict"] for document in documents} == {"yes", "no", "open", "discretion", None}
    assert len({document["fassung"]["id"] for document in documents}) >= 4
    assert any(document["known_on"] for document in documents)
    for kind in ([d for d in documents if "receipt" in d], [d for d in documents if "receipt" not in d]):
        assert {document["outcome"] for document in kind} == {"decided", "outside_scope", "contradictory"}
    reasons = [document["fassung"]["chosen_because"] for document in documents if "receipt" in document]
    assert {reason.split()[0] for reason in reasons} >= {"Anzuwenden", "On"}, "decisions in both languages"
