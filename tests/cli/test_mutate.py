"""The command `mutate`: the score, survivors with and without reasons, and how it ends."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from support import TOY, Run

UNTOLD = "2001-03-01-stammfassung/umfang.yaml"


@pytest.fixture
def run(cli: Run) -> Run:
    """Return a function that runs `vwv-im mutate` with the arguments given."""
    return partial(cli, "mutate")


@pytest.fixture
def toy(tmp_path: Path) -> tuple[object, ...]:
    """Return the options for the toy regulation with one case and no reasons on file."""
    cases, reasons = tmp_path / "faelle", tmp_path / "ueberlebende.yaml"
    cases.mkdir()
    (cases / "faelle.yaml").write_text(
        "basis: {antrag: {stellen: [{vzae: 0.5}]}}\n"
        "faelle: [{id: halbe-stelle, herkunft: {regel: mindestumfang}, on: 2001-06-01, "
        "erwartet: {reasons: {mindestumfang: 'yes'}}}]\n",
        "utf-8",
    )
    reasons.write_text("ueberlebende: []\n", "utf-8")
    return "--rules", TOY, "--cases", cases, "--survivors", reasons


def test_a_rule_file_of_ours_has_no_survivor_without_a_reason(run: Run) -> None:
    ended = run("--only", "stellenumfang.yaml")
    assert (ended.status, ended.err) == (0, "")
    assert "Ohne Begründung" not in ended.out


def test_survivors_with_a_reason_are_listed_below_it(run: Run) -> None:
    lines = run("--only", "2023-06-06-nachfolge.yaml").out.splitlines()
    (head,) = (number for number, line in enumerate(lines) if line.startswith("Das Ende des Anwendungsbereichs bindet"))
    assert [line.partition("datum: ")[2] for line in lines[head + 1 :]] == [
        "2023-06-06 → 2023-06-07  (Zeile 15)",
        "2023-06-06 → 2023-06-05  (Zeile 15)",
    ]


@pytest.mark.parametrize(
    ("lang", "head", "line"),
    [("de", "Ohne Begründung überlebt:", "Zeile"), ("en", "Survived without a reason:", "line")],
)
def test_survivors_without_a_reason_are_listed_with_their_place(
    run: Run, toy: tuple[object, ...], lang: str, head: str, line: str
) -> None:
    ended = run(*toy, "--only", "umfang.yaml", "--lang", lang)
    assert ended.status == 1
    assert head in ended.out
    assert f"  {UNTOLD} parameter.mindestumfang.wert: 0.5 → 0.4  ({line} 5)\n" in ended.out


def test_json_tells_what_became_of_every_mutant(run: Run, toy: tuple[object, ...]) -> None:
    ended = run(*toy, "--only", "umfang.yaml", "--format", "json")
    document = json.loads(ended.out)
    assert document["total"]["mutants"] == len(document["mutants"])
    assert document["files"] == {UNTOLD: document["total"]}
    stricter = next(entry for entry in document["mutants"] if entry["id"].endswith("wert: 0.5 → 0.6"))
    assert stricter["fate"] == "killed"
    assert stricter["by"].startswith("halbe-stelle: ")
    assert document["stale"] == []


def test_a_reason_for_nothing_is_a_finding(run: Run, toy: tuple[object, ...]) -> None:
    reasons = Path(str(toy[-1]))
    reasons.write_text(f'ueberlebende: [{{grund: Darum., mutanten: ["{UNTOLD} nirgends: 1 → 2"]}}]\n', "utf-8")
    ended = run(*toy, "--only", "umfang.yaml")
    assert ended.status == 1
    assert f"{UNTOLD} nirgends: 1 → 2  (Diesen Mutanten gibt es nicht.)" in ended.out


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--only", "umfnag.yaml", "Meinten Sie"),
        ("--rules", "nirgends", "VIM003"),
        ("--cases", "nirgends", "VIM003"),
        ("--survivors", "nirgends.yaml", "VIM003"),
    ],
)
def test_bad_input_ends_with_status_2(run: Run, toy: tuple[object, ...], option: str, value: str, told: str) -> None:
    ended = run(*toy, option, value)
    assert ended.status == 2
    assert told in ended.err
    assert ended.out == ""
