"""`vwv-im prove` on the toy regulation."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from support import TOY, Run
from vwv_im.review.corpus import corpus
from vwv_im.review.proofs import proving as proofs
from vwv_im.review.proofs.outputs import agrees


@pytest.fixture
def run(cli: Run) -> Run:
    """Return a function that runs `vwv-im prove` with the arguments given."""
    return partial(cli, "prove")


def test_the_command_prints_a_table_and_says_whether_all_is_as_it_should_be(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter((100.0, 161.2))
    monkeypatch.setattr(proofs, "monotonic", lambda: next(clock))
    ended = run("--kind", "operation", "--fassung", "2003-09-01", "--jobs", "1", "--rules", str(TOY))
    assert ended.status == 0
    assert "gezeigt   2003-09-01 fuege_ein aus-der-ukraine  ändert eine Entscheidung" in ended.out
    assert "1 Angaben, 2003-12-01, zielgruppe: {person: {aus_ukraine: true}}" in ended.out
    assert ended.out.endswith("\n1 gezeigt: alles, wie es sein soll. 61 s\n")


def test_the_command_ends_with_1_where_something_is_refuted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    asked = ("--kind", "requirement", "--fassung", "2001-03-01", "--rules", str(TOY), "--lang", "en")
    ended = run(*asked, "--jobs", "1")
    assert ended.status == 1
    assert re.search(r"refuted ! +hoechstumfang", ended.out)
    marked = len(re.findall(r" ! {2,}", ended.out))
    counted, _, failing = ended.out.splitlines()[-1].partition(": ")
    assert failing.startswith(f"{marked} not as it should be (!). ")
    results = [
        line.split()[0] for line in ended.out.splitlines() if line.startswith(("  shown", "  refuted", "  proved"))
    ]
    assert {word: int(count) for count, word in (part.split() for part in counted.split(", "))} == Counter(results)


def test_the_command_writes_json_and_the_cases(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "zeugen.yaml"
    asked = ("--kind", "operation", "--rules", str(TOY), "--jobs", "1", "--format", "json")
    ended = run(*asked, "--cases", str(target))
    document = json.loads(ended.out)
    assert document["as_expected"]
    assert {proof["result"] for proof in document["proofs"]} == {"shown"}
    cases = corpus(tmp_path)
    assert len(cases) == len(document["proofs"])
    assert all(agrees(case.decide(rules=TOY), case.expected) for case in cases)


def test_an_unknown_fassung_is_told(run: Run) -> None:
    ended = run("--fassung", "2019-08-27")
    assert ended.status == 2
    assert "Meinten Sie '2019-08-28'?" in ended.err


def test_without_the_solver_the_command_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("vwv_im.review.proofs")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    ended = run()
    assert ended.status == 2
    assert 'pip install "vwv-im[prove]"' in ended.err
