"""A faulty `sachverhalt.yaml` or `pruefschema.yaml` is refused like any rule file: all faults at once, each with its
place, its code and what helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from support import TESTS, Edit, edited, faults_in

WORLD = TESTS / "welt" / "regeln"
FILE, QUESTIONS = "sachverhalt.yaml", "pruefschema.yaml"
FAULTY: dict[str, dict[str, Any]] = YAML(typ="safe").load(TESTS / "law" / "fehler.yaml")


def edit(name: str) -> Edit:
    """Return the change that makes a fault."""
    fault = FAULTY[name]
    return Edit(fault["datei"], fault["alt"], fault["neu"])


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_vocabulary_is_refused(tmp_path: Path, name: str) -> None:
    faults = faults_in(edited(tmp_path, edit(name), source=WORLD))
    told, expected = "\n".join(fault.render() for fault in faults), FAULTY[name]["meldungen"]
    for one in expected:
        fitting = [fault for fault in faults if fault.code == one["code"] and fault.path.endswith(one["pfad"])]
        assert fitting, told
        assert (one["hinweis"] or "") in " ".join(fault.render() for fault in fitting), told
        assert all(fault.place.line > 0 for fault in fitting)
    assert {fault.code for fault in faults} == {one["code"] for one in expected}, told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    edits = map(edit, ("unknown parent", "an order that lacks a value", "a unit that does not exist"))
    codes = sorted(fault.code for fault in faults_in(edited(tmp_path, *edits, source=WORLD)))
    assert codes == ["VIM010", "VIM016", "VIM016"]


def test_a_folder_without_a_vocabulary_says_so(tmp_path: Path) -> None:
    directory = edited(tmp_path, source=WORLD)
    (directory / FILE).unlink()
    (fault,) = faults_in(directory)
    assert (fault.code, Path(fault.place.file).name) == ("VIM003", FILE)


def test_an_order_of_a_shared_enumeration_is_checked_as_well(tmp_path: Path) -> None:
    shared = "auswahlen:\n  lagen: {talgrund: {de: T, en: T}, hang: {de: H, en: H}}\nentitaeten:\n"
    text = (WORLD / FILE).read_text("utf-8")
    values = text[text.index("        werte:\n          talgrund") : text.index("        ordnung: [talgrund")]
    edits = Edit(FILE, "entitaeten:\n", shared), Edit(FILE, values, "        werte: lagen\n")
    (fault,) = faults_in(edited(tmp_path, *edits, source=WORLD))
    assert (fault.code, fault.hint and fault.hint.en) == ("VIM016", "Possible are: talgrund, hang.")
