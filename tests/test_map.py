"""The map, docs/en/architecture.md: its picture is that of the imports, its paths exist, its diffs do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import house
from support import ROOT, TESTS
from vwv_im.cli.main import app

MAP = (ROOT / "docs" / "en" / "architecture.md").read_text("utf-8")
DIFFS = dict(re.findall(r"^### An? (\w+)\n.*?^```diff\n(.*?)^```$", MAP, re.MULTILINE | re.DOTALL))
FARM = TESTS / "welt" / "hof.yaml"


def test_the_picture_is_drawn_from_the_imports() -> None:
    assert house.PICTURE.read_text("utf-8") == house.picture(), "python tests/house.py draws it anew"


def test_every_path_on_the_map_exists() -> None:
    paths = set(re.findall(r"`((?:src|tests|rules|docs)/[^`]*)`", MAP))
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_function_on_the_map_is_where_it_says() -> None:
    named = re.findall(r"`(\w+)`\s+in\s+`(src/[^`]*)`", MAP)
    assert len(named) > 3
    assert [(name, path) for name, path in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")] == []


def apply(diff: str, directory: Path) -> None:
    """Apply a diff to a copy, wherever in the files its lines now stand."""
    subprocess.run(["git", "apply", "-p1", "-"], input=diff, text=True, cwd=directory, check=True)


def changed_rules(target: Path, what: str) -> Path:
    """Return a copy of the invented regulation with the change that the map shows."""
    directory = target / "regeln"
    shutil.copytree(TESTS / "welt" / "regeln", directory)
    apply(DIFFS[what], directory)
    return directory


def decided(rules: Path, case: Path = FARM, *options: str) -> Any:
    command = ["evaluate", str(case), "--on", "1999-06-01", "--rules", str(rules), "--format", "json", *options]
    result = CliRunner().invoke(app, command)
    assert result.stdout, result.stderr
    return json.loads(result.stdout)


def refused(rules: Path, case: Path) -> str:
    """Return the code of the one fault for which a case is refused."""
    result = CliRunner().invoke(app, ["evaluate", str(case), "--on", "1999-06-01", "--rules", str(rules)])
    assert result.exit_code == 2
    (code,) = re.findall(r"VIM\d+", result.stderr)
    return str(code)


def with_line(target: Path, line: str) -> Path:
    """Return the farm's case with one more line of its first plant."""
    path = target / "hof.yaml"
    path.write_text(FARM.read_text("utf-8").replace("    - leistung_kw: 10\n", f"    - leistung_kw: 10\n{line}\n"))
    return path


def test_a_fact_with_a_new_unit_is_a_change_of_one_file(tmp_path: Path) -> None:
    rules = changed_rules(tmp_path, "fact")
    assert decided(rules, with_line(tmp_path, "      restwasser: 12"))["verdict"] == "yes"
    assert refused(rules, with_line(tmp_path, "      restwasser: 12.5")) == "VIM110"


def test_an_entity_is_a_change_of_one_file(tmp_path: Path) -> None:
    rules = changed_rules(tmp_path, "entity")
    assert decided(rules, with_line(tmp_path, "      wartungen: [{wartungstag: 1999-01-31}]"))["verdict"] == "yes"
    assert refused(rules, with_line(tmp_path, "      wartungen: [{wartungstag: 1999-02-31}]")) == "VIM117"


def test_a_question_is_a_change_of_two_files(tmp_path: Path) -> None:
    found = decided(changed_rules(tmp_path, "question"), FARM, "--question", "stilllegung")
    assert (found["question"], found["verdict"]) == ("stilllegung", "no")


def test_a_requirement_is_asked_of_each_case(tmp_path: Path) -> None:
    found = decided(changed_rules(tmp_path, "requirement"))
    assert {reason["rule"]: reason["verdict"] for reason in found["reasons"]}["nicht-nur-verkauf"] == "yes"


def test_an_act_is_a_new_file(tmp_path: Path) -> None:
    found = decided(changed_rules(tmp_path, "act"))
    assert (found["fassung"]["id"], found["derived"]["hof.betrag_franken"]) == ("1999-05-01", "3845.26")


def test_the_operation_stands_in_the_source_as_the_map_shows_it() -> None:
    command = ["git", "apply", "-p1", "--reverse", "--check", "-"]
    subprocess.run(command, input=DIFFS["operation"], text=True, cwd=ROOT, check=True)


ADDED = """
import sys
from decimal import Decimal
import vwv_im
from vwv_im.lang.parsing import parse_condition
from vwv_im.publish.office_files import note_of
from vwv_im.reasoning.interpreter import Interpreter
from vwv_im.reasoning.plan import make_plan

law = vwv_im.regulation()
plan = make_plan(law, law.fassungen[-1], law.first_question)
engine, small = Interpreter(plan.types), parse_condition({"fakt": "stelle.vzae", "unter": Decimal("0.25")})
print([engine.condition(small, {"stelle.vzae": size}) for size in (Decimal("0.2"), Decimal("0.25"), None)])
print(note_of(vwv_im.evaluate(sys.argv[1], on="2018-06-01", engine="direct"), "txt").decode().split("\\n")[0])
"""


@pytest.mark.parametrize("what", ["comparison", "output", "engine"])
def test_code_is_added_as_the_map_shows_it(tmp_path: Path, what: str) -> None:
    (tmp_path / "src").mkdir()
    for path in re.findall(r"^--- a/(\S+)", DIFFS[what], re.MULTILINE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    apply(DIFFS[what], tmp_path)


def test_what_is_added_works(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    for what in ("comparison", "output", "engine"):
        apply(DIFFS[what], tmp_path)
    command = [sys.executable, "-c", ADDED, str(ROOT / "examples" / "tettnang.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src"), "VWV_IM_CACHE": "off"}
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=environment)
    assert ended.stdout.split("\n")[0] == "[True, False, None]"
    assert "Prüfvermerk" in ended.stdout
