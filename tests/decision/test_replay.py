"""Receipts: canonical, without names, and replayed to the same decision; tampered or broken ones get a clear answer."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from support import EXAMPLES, RULES
from test_laws import APPLICATION, ON
from vwv_im import ReceiptError, evaluate, replay
from vwv_im.decision.receipt import canonical, digest_of
from vwv_im.review.corpus import corpus

CASES = list(corpus())
TETTNANG = EXAMPLES / "tettnang.yaml"


@pytest.fixture
def receipt() -> dict[str, Any]:
    """Return the receipt of an example, as it is read from a file."""
    found: dict[str, Any] = json.loads(evaluate(TETTNANG, on="2018-06-01", engine="direct").receipt.canonical())
    return found


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "digest": digest_of(document)}


def code_of(source: Any) -> str:
    with pytest.raises(ReceiptError) as caught:
        replay(source)
    (fault,) = caught.value.faults[:1]
    assert fault.message.de
    assert fault.message.en
    return fault.code


def test_every_receipt_replays_to_the_identical_decision() -> None:
    for case in CASES[::2]:
        decision = case.decide("direct")
        again = replay(json.loads(decision.receipt.canonical()))
        assert again.identical, (case.id, case.on, [difference.de for difference in again.differences])
        assert again.decision.verdict == decision.verdict
        assert again.decision.receipt.canonical() == decision.receipt.canonical(), (case.id, case.on)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}-{case.on}")
def test_the_json_of_a_decision_replays_as_well(case: Any) -> None:
    decision = case.decide("direct")
    again = replay(json.loads(json.dumps(decision.to_dict())))
    assert again.identical, [difference.de for difference in again.differences]
    assert again.decision.derived == decision.derived


@given(case=APPLICATION, on=ON)
@settings(max_examples=15, deadline=None)
def test_receipts_of_random_cases_replay(case: dict[str, Any], on: Any) -> None:
    decision = evaluate(case, on=on, engine="direct")
    again = replay(decision.receipt.document())
    assert again.identical
    assert again.decision.derived == decision.derived


def test_a_receipt_is_canonical(receipt: dict[str, Any]) -> None:
    text = evaluate(TETTNANG, on="2018-06-01", engine="direct").receipt.canonical()
    assert text == canonical(receipt)
    assert text == canonical(dict(reversed(receipt.items())))
    assert "\n" not in text
    assert receipt["digest"] == digest_of(receipt)


def test_names_and_free_labels_never_enter_a_receipt() -> None:
    names = "Frieda Geheim", "Stelle von Max Verborgen"
    part = {"antragsteller": {"name": names[0]}, "stellen": [{"bezeichnung": names[1], "vzae": "0.5"}]}
    decision = evaluate({"antrag": part}, on="2018-06-01", engine="direct")
    text = decision.receipt.canonical() + json.dumps(decision.to_dict(), ensure_ascii=False)
    assert not [name for name in names if name in text]
    assert replay(json.loads(decision.receipt.canonical())).identical


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("verdict", "no"),
        ("on", "2019-06-01"),
        ("facts", {}),
        ("version", "9.9"),
        ("counts", {"antrag.stellen": 7}),
        ("digest", "0" * 64),
    ],
)
def test_a_receipt_that_was_tampered_with_is_refused(receipt: dict[str, Any], key: str, value: Any) -> None:
    assert receipt[key] != value
    assert code_of({**receipt, key: value}) == "VIM163"


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_truncated_receipt_is_refused(receipt: dict[str, Any], tmp_path: Path, length: int) -> None:
    path = tmp_path / "quittung.json"
    path.write_text(canonical(receipt)[:length], "utf-8")
    assert code_of(path) == "VIM161"


@pytest.mark.parametrize("content", [b"antrag: {}", b"\xff\xfe", b"{", b"[" * 100_000, b'{"a": 1,}'])
def test_what_is_not_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "quittung.json"
    path.write_bytes(content)
    assert code_of(path) == "VIM161"


@pytest.mark.parametrize("content", ["null", "[]", "3", '"text"', "{}", '{"schema": "1"}', '{"schema": "2"}'])
def test_json_that_is_no_receipt_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "quittung.json"
    path.write_text(content, "utf-8")
    assert code_of(path) == "VIM162"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path / "keine.json") == "VIM160"


@pytest.mark.parametrize(
    "changes",
    [
        {"on": "gestern"},
        {"known_on": "2018-13-01"},
        {"question": "wetter"},
        {"readings": {"mindestantrag": "anders"}},
        {"facts": {"antrag.stellen[0].vzea": "0.5"}},
        {"facts": {"antrag.stellen[0].vzae": [1]}},
        {"facts": {"antrag.art": {"a": 1}}},
        {"facts": {"[0]": 1}},
        {"facts": {"": 1}},
        {"facts": {"antrag": 1, "antrag.art": "erstantrag"}},
        {"facts": {"antrag.art": "erstantrag", "antrag.art.art": "erstantrag"}},
        {"facts": {"antrag.stellen[99999999].vzae": 1}},
        {"counts": {"antrag.stellen": 10**9}},
    ],
    ids=str,
)
def test_a_sealed_receipt_with_nonsense_is_refused_or_differs(receipt: dict[str, Any], changes: dict[str, Any]) -> None:
    with contextlib.suppress(ReceiptError):
        assert not replay(sealed({**receipt, **changes})).identical


def test_another_version_is_named(receipt: dict[str, Any]) -> None:
    found = replay(sealed({**receipt, "version": "0.0.1"}))
    (difference,) = found.differences
    assert "0.0.1" in difference.de
    assert "0.0.1" in difference.en


def test_the_rule_file_that_differs_is_named(receipt: dict[str, Any], tmp_path: Path) -> None:
    rules = tmp_path / "regeln"
    shutil.copytree(RULES, rules)
    name = "2017-12-11-stammfassung/stellenumfang.yaml"
    assert name in receipt["rules"]
    with (rules / name).open("a", encoding="utf-8") as stream:
        stream.write("\n# geändert\n")
    found = replay(receipt, rules=rules)
    assert [difference.de for difference in found.differences] == [f"Die Regeldatei {name} ist geändert."]
    assert name in found.differences[0].en


def test_files_that_are_missing_or_new_are_named(receipt: dict[str, Any]) -> None:
    rules = dict(receipt["rules"])
    gone = min(rules)
    del rules[gone]
    found = replay(sealed({**receipt, "rules": {**rules, "fremd.yaml": "0"}}))
    assert {difference.de for difference in found.differences} == {
        f"Die Regeldatei {gone} ist neu.",
        "Die Regeldatei fremd.yaml fehlt.",
    }


def test_another_result_is_named(receipt: dict[str, Any]) -> None:
    verdict = "no" if receipt["verdict"] != "no" else "yes"
    found = replay(sealed({**receipt, "verdict": verdict}))
    assert [difference.en for difference in found.differences] == ["What differs: the verdict."]
