"""Receipts: canonical, without names, and replayed to the same facts; changed or broken ones get a clear answer."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile_receipts import hostile_receipt_texts, hostile_receipts, is_answered
from support import EXAMPLES, RULES, Edit, edited
from test_laws import APPLICATION, ON
from vwv_im import ReceiptError, __version__, evaluate, replay
from vwv_im.decision.decision import canonical, digest_of
from vwv_im.review.corpus import corpus

CASES = list(corpus())
TETTNANG = EXAMPLES / "tettnang.yaml"
SIZE = "2017-12-11-stammfassung/stellenumfang.yaml"
TITLE = "  - id: stelle-mindestumfang\n    titel: {de: Mindestumfang der einzelnen Stelle,"


@pytest.fixture
def receipt() -> dict[str, Any]:
    """Return the receipt of an example, as it is read from a file."""
    found: dict[str, Any] = json.loads(evaluate(TETTNANG, on="2018-06-01", engine="direct").receipt.canonical())
    return found


@pytest.fixture
def document() -> dict[str, Any]:
    """Return the JSON of the same decision, in English."""
    found: dict[str, Any] = json.loads(evaluate(TETTNANG, on="2018-06-01", engine="direct").to_json("en"))
    return found


def size_of_first_post(document: dict[str, Any]) -> dict[str, Any]:
    """Return the reason that says whether the first post is large enough."""
    subjects = [reason for reason in document["reasons"] if reason["rule"] == "stelle-mindestumfang"]
    found: dict[str, Any] = subjects[0]
    return found


def copied(target: Path) -> Path:
    """Return a copy of the rule files."""
    return edited(target, source=RULES)


def with_checksum(document: dict[str, Any]) -> dict[str, Any]:
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
def test_the_json_of_a_decision_replays_as_well_in_english(case: Any) -> None:
    decision = case.decide("direct")
    again = replay(json.loads(json.dumps(decision.to_dict("en"))))
    assert again.identical, [difference.de for difference in again.differences]
    assert not again.notes
    assert again.decision.derived == decision.derived


@given(case=APPLICATION, on=ON)
@settings(max_examples=15, deadline=None)
def test_receipts_of_random_cases_replay(case: dict[str, Any], on: Any) -> None:
    decision = evaluate(case, on=on, engine="direct")
    for source in decision.receipt.document(), decision.to_dict("en"):
        again = replay(source)
        assert (again.identical, again.notes) == (True, ())
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
def test_a_receipt_of_nonsense_with_its_checksum_is_refused_or_differs(
    receipt: dict[str, Any], changes: dict[str, Any]
) -> None:
    with contextlib.suppress(ReceiptError):
        assert not replay(with_checksum({**receipt, **changes})).identical


def test_another_version_is_named_and_the_decision_the_same(receipt: dict[str, Any]) -> None:
    found = replay(with_checksum({**receipt, "version": "0.0.1"}))
    assert found.identical
    assert [note.en for note in found.notes] == [f"version: recorded as '0.0.1', now '{__version__}'."]


def test_a_comment_in_a_rule_file_is_named_and_the_decision_the_same(receipt: dict[str, Any], tmp_path: Path) -> None:
    rules = copied(tmp_path)
    with (rules / SIZE).open("a", encoding="utf-8") as stream:
        stream.write("\n# geändert\n")
    found = replay(receipt, rules=rules)
    assert found.identical
    (note,) = found.notes
    assert note.de.startswith(f"Regeldatei {SIZE}: im Prüfprotokoll '{receipt['rules'][SIZE][:12]}', jetzt '")


def test_a_title_is_a_sentence_and_never_compared(document: dict[str, Any], tmp_path: Path) -> None:
    rules = edited(tmp_path, Edit(SIZE, TITLE, TITLE.replace("Mindestumfang", "Länge")), source=RULES)
    found = replay(document, rules=rules)
    assert [reason.title.de for reason in found.decision.reasons if reason.rule == "stelle-mindestumfang"] == [
        "Länge der einzelnen Stelle"
    ] * 2
    assert found.identical
    assert [note.en.partition(":")[0] for note in found.notes] == [f"rule file {SIZE}"]


def test_another_value_in_the_rules_makes_it_another_decision(document: dict[str, Any], tmp_path: Path) -> None:
    rules = edited(tmp_path, Edit(SIZE, "    wert: 0.25", "    wert: 0.75"), source=RULES)
    assert [difference.en for difference in replay(document, rules=rules).differences] == [
        "verdict: recorded as 'yes', now 'no'.",
        "stelle-mindestumfang (antrag.stellen[0]), required: recorded as '0.25', now '0.75'.",
        "stelle-mindestumfang (antrag.stellen[1]), verdict: recorded as 'yes', now 'no'.",
        "stelle-mindestumfang (antrag.stellen[1]), required: recorded as '0.25', now '0.75'.",
    ]


def test_an_older_law_is_replayed_with_its_rules(tmp_path: Path) -> None:
    rules = edited(tmp_path, Edit(SIZE, "    wert: 0.25", "    wert: 0.75"), source=RULES)
    older = evaluate(TETTNANG, on="2018-06-01", engine="direct", rules=rules).receipt.document()
    assert not replay(older).identical
    assert replay(older, rules=rules).identical


def test_files_that_are_missing_or_new_are_named(receipt: dict[str, Any]) -> None:
    rules = dict(receipt["rules"])
    gone = min(rules)
    digest = rules.pop(gone)
    found = replay(with_checksum({**receipt, "rules": {**rules, "fremd.yaml": "0"}}))
    assert found.identical
    assert {note.de for note in found.notes} == {
        f"Regeldatei {gone}: im Prüfprotokoll –, jetzt '{digest[:12]}'.",
        "Regeldatei fremd.yaml: im Prüfprotokoll '0', jetzt –.",
    }


def test_another_fassung_with_the_same_facts_is_named(document: dict[str, Any]) -> None:
    fassung = {**document["fassung"], "id": "2016-01-01", "chosen_because": "x"}
    found = replay({**document, "fassung": fassung})
    assert found.identical
    assert [note.en for note in found.notes] == ["Fassung, id: recorded as '2016-01-01', now '2017-12-11'."]


def test_why_a_fassung_was_chosen_is_a_sentence_and_never_compared(document: dict[str, Any]) -> None:
    found = replay({**document, "fassung": {**document["fassung"], "chosen_because": "Because."}})
    assert (found.identical, found.notes) == (True, ())


@pytest.mark.parametrize(
    ("part", "value", "difference"),
    [
        ("outcome", "contradictory", "outcome: recorded as 'contradictory', now 'decided'."),
        ("verdict", "no", "verdict: recorded as 'no', now 'yes'."),
        ("verdict", None, "verdict: recorded as null, now 'yes'."),
        ("verdict", "\ud800", r"verdict: recorded as '\ud800', now 'yes'."),
        ("derived.antrag.vzae_gesamt", "1.6", "antrag.vzae_gesamt: recorded as '1.6', now '1.5'."),
        ("derived.antrag.vzae_gesamt", 1.5, "antrag.vzae_gesamt: recorded as 1.5, now '1.5'."),
        ("derived.antrag.gibt_es_nicht", 3, "antrag.gibt_es_nicht: recorded as 3, now –."),
        ("reason.verdict", "open", "{}, verdict: recorded as 'open', now 'yes'."),
        ("reason.actual", "0.9", "{}, actual: recorded as '0.9', now '1'."),
        ("reason.actual", ["0.9"], "{}, actual: recorded as ['0.9'], now '1'."),
        ("reason.required", "0.3", "{}, required: recorded as '0.3', now '0.25'."),
    ],
)
def test_every_fact_that_is_compared_matters(document: dict[str, Any], part: str, value: Any, difference: str) -> None:
    kind, _, key = part.partition(".")
    place = {"derived": document["derived"], "reason": size_of_first_post(document)}.get(kind, document)
    place[key or kind] = value
    (found,) = replay(document).differences
    assert found.en == difference.format("stelle-mindestumfang (antrag.stellen[0])")


@pytest.mark.parametrize("key", ["rule", "subject"])
def test_a_requirement_that_is_no_longer_examined_is_a_difference(document: dict[str, Any], key: str) -> None:
    size_of_first_post(document)[key] = "frueher"
    found = replay(document)
    assert len(found.differences) == 3
    assert all("frueher" in difference.de and "jetzt –" in difference.de for difference in found.differences)
    assert [note.de for note in found.notes] == ["Neu geprüft wird stelle-mindestumfang."]


def test_a_requirement_or_value_that_was_not_recorded_is_named_and_no_difference(document: dict[str, Any]) -> None:
    document["reasons"].remove(size_of_first_post(document))
    for post in 0, 1:
        del document["derived"][f"antrag.stellen[{post}].hoechstdauer_monate"]
    found = replay(document)
    assert found.identical
    assert [note.en for note in found.notes] == [
        "The requirement stelle-mindestumfang is new.",
        "The value antrag.stellen.hoechstdauer_monate is new.",
    ]


def test_a_disputed_point_that_is_no_more_is_named(document: dict[str, Any], receipt: dict[str, Any]) -> None:
    document["readings"]["erledigt"] = {"used": "so"}
    receipt["readings"]["erledigt"] = "so"
    for source in document, with_checksum(receipt):
        found = replay(source)
        assert found.identical
        assert [note.en for note in found.notes] == ["The disputed point erledigt is no more."]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"question": "wetter"}, "VIM150", "question"),
        ({"on": "gestern"}, "VIM150", "on"),
        ({"readings": {"mindestantrag": "anders"}}, "VIM150", "readings.mindestantrag"),
        ({"facts": {"antrag.frueher_gefragt": True}}, "VIM101", "antrag.frueher_gefragt"),
        ({"facts": {"antrag.stellen[0].vzea": "0.5"}}, "VIM101", "antrag.stellen[0].vzea"),
    ],
)
def test_what_these_rules_do_not_know_is_said_with_place_and_remedy(
    receipt: dict[str, Any], changes: dict[str, Any], code: str, path: str
) -> None:
    with pytest.raises(ReceiptError) as caught:
        replay(with_checksum({**receipt, **changes}))
    (fault,) = caught.value.faults
    assert (fault.code, fault.path, fault.place.file) == (code, path, "<receipt>")
    assert fault.hint is not None
    assert fault.hint.de.endswith("Unter anderen Regeln wiederholt sie '--rules VERZEICHNIS'.")


def test_keys_that_a_later_release_adds_are_not_read(document: dict[str, Any], receipt: dict[str, Any]) -> None:
    size_of_first_post(document)["short"] = "neu"
    for source in {**document, "contract": "1.1"}, with_checksum({**receipt, "contract": "1.1"}):
        assert replay(source).identical


def test_the_checksum_covers_also_what_is_not_read(receipt: dict[str, Any]) -> None:
    assert code_of({**receipt, "contract": "9.9"}) == "VIM163"


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": None},
        {"reasons": [1]},
        {"reasons": [{}]},
        {"readings": ["mindestantrag"]},
        {"readings": {"mindestantrag": {"used": None}}},
        {"fassung": None},
        {"receipt": []},
        {"receipt": {}},
        {"receipt": {"facts": None}},
        {"derived": {"\x1b[31mrot": 1}},
        {"derived": {"\ud800": 1}},
        {"derived": {"antrag.stellen[x].y": 1}},
        {"derived": [[]] * 100_001},
        {"facts": {"antrag.\u00b2": 1}},
        {"facts": {"antrag.stellen[x].vzae": 1}},
        {"facts": {f"antrag.a{number}[9999].b": 1 for number in range(1000)}},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_a_decision_of_another_form_is_refused(document: dict[str, Any], changes: dict[str, Any]) -> None:
    facts = changes.pop("facts", document["receipt"]["facts"])
    assert code_of({**document, "receipt": {**document["receipt"], "facts": facts}, **changes}) == "VIM162"


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ('{"derived": {}, "derived": {}}', "derived"),
        ('{"a": ' + "[" * 33 + "]" * 33 + "}", ""),
        ("[" + "0," * 1_000_000 + "0]", ""),
    ],
    ids=["a key twice", "too deep", "too much"],
)
def test_json_that_is_ambiguous_or_too_much_is_refused(tmp_path: Path, content: str, path: str) -> None:
    file = tmp_path / "quittung"
    file.write_text(content, "utf-8")
    with pytest.raises(ReceiptError) as caught:
        replay(file)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place.file, fault.path) == ("VIM161", str(file), path)
    assert fault.hint


@pytest.mark.parametrize("question", ["zielgruppe", "zaehlung"])
def test_a_person_of_whom_nothing_is_stated_replays(question: Any) -> None:
    decision = evaluate({"person": {}}, on="2018-06-01", question=question, engine="direct")
    for source in decision.receipt.document(), decision.to_dict("en"):
        assert replay(source).identical


def test_a_thousand_posts_replay(tmp_path: Path) -> None:
    post = {"vzae": "0.5", "beschaeftigungsbeginn": "2018-03-01", "person_benannt": True}
    case = {"antrag": {"gezaehlte_personen": 166, "stellen": [post] * 999 + [{}]}}
    decision = evaluate(case, on="2018-06-01", engine="direct")
    path = tmp_path / "quittung.json"
    for text in decision.receipt.canonical(), decision.to_json("en", indent=2):
        path.write_text(text, "utf-8")
        found = replay(path)
        assert found.identical
        assert found.decision.derived == decision.derived


@given(source=hostile_receipts(), by_file=st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_mutated_receipt_replays_or_is_refused_with_code_and_place(
    source: dict[str, Any], by_file: bool, tmp_path: Path
) -> None:
    path = tmp_path / "quittung.json"
    path.write_text(json.dumps(source), "utf-8")
    assert is_answered(path if by_file else source)


@given(text=hostile_receipt_texts())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_damaged_file_of_a_receipt_replays_or_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "quittung.json"
    path.write_text(text, "utf-8", "surrogatepass")
    assert is_answered(path)
