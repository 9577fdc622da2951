"""Texts of a case are picked from a list in a file of its own, in any regulation."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import Edit, edited, faults_in
from vwv_im.case.case_reader import CaseError
from vwv_im.law.regulation import load_regulation

WORLD = Path(__file__).parent.parent / "welt" / "regeln"
LIST = """liste: talschaften
titel: {de: Talschaften, en: Valleys}
weglassbar: [Talschaft]
eintraege:
  - {name: Obertal, lage: oben}
  - {name: Untertal, lage: unten}
"""
PICKED = Edit("sachverhalt.yaml", "        anderer: andere Talschaft\n", "        liste: {aus: talschaften}\n")


def with_list(target: Path, text: str = LIST) -> Path:
    directory = edited(target, PICKED, source=WORLD)
    (directory / "talschaften.yaml").write_text(text, "utf-8")
    return directory


def test_a_name_is_picked_by_every_spelling(tmp_path: Path) -> None:
    law = load_regulation(with_list(tmp_path))
    case = law.read_case({"hof": {"betreiber": {"talschaft": "talschaft OBERTAL"}}})
    assert case.model_dump()["hof"]["betreiber"]["talschaft"] == "Obertal"


def test_another_name_is_refused(tmp_path: Path) -> None:
    law = load_regulation(with_list(tmp_path))
    with pytest.raises(CaseError) as raised:
        law.read_case({"hof": {"betreiber": {"talschaft": "Nebental"}}})
    assert [fault.code for fault in raised.value.faults] == ["VIM125"]


def test_an_entry_without_a_name_is_a_fault(tmp_path: Path) -> None:
    faults = faults_in(with_list(tmp_path, LIST.replace("name: Obertal, ", "")))
    assert {Path(fault.place.file).name for fault in faults} >= {"talschaften.yaml"}
