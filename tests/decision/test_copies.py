"""A decision is a value: a copy is the same, and one that was pickled is made again from what it was made of."""

from __future__ import annotations

import pickle
import subprocess
import sys
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import pytest

from support import EXAMPLES, TOY, edited
from vwv_im import compare, evaluate, regulation
from vwv_im.law.rule_faults import RuleFileError

TETTNANG = EXAMPLES / "tettnang.yaml"


def again(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize(
    "asked",
    [{"on": "2018-06-01"}, {"on": "1990-01-01"}, {"on": "2018-06-01", "readings": {"mindestantrag": "umfang"}}],
    ids=["decided", "outside", "another reading"],
)
def test_a_decision_can_be_copied_and_pickled(asked: dict[str, Any]) -> None:
    readings = regulation().readings["mindestantrag"].lesarten
    if "readings" in asked:
        asked = {**asked, "readings": {"mindestantrag": next(iter(set(readings) - {"geld"}))}}
    decision = evaluate(TETTNANG, engine="direct", **asked)
    assert copy(decision) is decision
    assert deepcopy(decision) is decision
    found = again(decision)
    assert found.to_dict("en") == decision.to_dict("en")
    assert found.receipt.canonical() == decision.receipt.canonical()


def test_a_checked_decision_stays_one() -> None:
    decision = evaluate(TETTNANG, on="2018-06-01")
    assert again(decision).engine == decision.engine


def test_a_comparison_can_be_pickled() -> None:
    comparison = compare(TETTNANG, on="2018-06-01")
    assert again(comparison).to_dict("de") == comparison.to_dict("de")
    assert deepcopy(comparison).to_dict("de") == comparison.to_dict("de")


def test_labels_of_the_case_are_kept() -> None:
    stated = {"antrag": {"antragsteller": {"name": "Gemeinde"}, "stellen": [{"bezeichnung": "A"}]}}
    decision = evaluate(stated, on="2018-06-01", engine="direct")
    assert again(decision).case == decision.case


def test_a_regulation_is_pickled_by_its_files() -> None:
    assert again(regulation()) is regulation()
    assert again(regulation(TOY)) is regulation(TOY)


def test_another_process_makes_the_same_of_it(tmp_path: Path) -> None:
    file = tmp_path / "entscheidung"
    decision = evaluate({"antrag": {"stellen": [{"vzae": "0.5"}]}}, on="2001-06-01", rules=TOY, engine="direct")
    file.write_bytes(pickle.dumps(decision))
    code = f"import pickle, pathlib; print(pickle.loads(pathlib.Path({str(file)!r}).read_bytes()).to_json('en'))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == decision.to_json("en") + "\n"


def test_under_other_rule_files_it_is_refused(tmp_path: Path) -> None:
    directory = edited(tmp_path)
    law = regulation(directory)
    pickled = pickle.dumps(law)
    (directory / "offene_fragen.yaml").write_text((directory / "offene_fragen.yaml").read_text() + "\n# anders\n")
    code = f"import pickle; pickle.loads({pickled!r})"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert "VIM003" in ended.stderr
    assert RuleFileError.__name__ in ended.stderr
