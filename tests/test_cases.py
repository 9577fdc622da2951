"""Every case of the corpus is decided as expected, by both engines alike."""

from __future__ import annotations

from typing import Any

import pytest

from vwv_im import Decision, regulation
from vwv_im.decision.reason import Reason
from vwv_im.reasoning.durable import available
from vwv_im.review.corpus import CorpusCase, corpus


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case.id)
def test_case(case: CorpusCase) -> None:
    decision = case.decide("checked" if available() else "direct")
    expected = case.expected
    assert decision.outcome == expected.get("outcome", "decided")
    for name, check in CHECKS.items():
        if name in expected:
            check(decision, expected[name])


def _verdict(decision: Decision, expected: Any) -> None:
    failed = [reason for reason in decision.reasons if reason.verdict != "yes"]
    assert decision.verdict == expected, failed


def _fassung(decision: Decision, expected: Any) -> None:
    assert decision.fassung.id == expected


def _erlasse(decision: Decision, expected: Any) -> None:
    assert list(decision.fassung.erlasse) == expected


def _reasons(decision: Decision, expected: dict[str, Any]) -> None:
    _outcomes(decision.reasons, expected)


def _options(decision: Decision, expected: dict[str, Any]) -> None:
    _outcomes(decision.options, expected)


def _hints(decision: Decision, expected: dict[str, Any]) -> None:
    _outcomes(decision.hints, expected)


def _outcomes(reasons: tuple[Reason, ...], expected: dict[str, Any]) -> None:
    """Compare per rule: one verdict, a list of them (one a subject), `entfaellt`, or None where it is not listed."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        found.setdefault(reason.rule, []).append("entfaellt" if reason.applies == "no" else reason.verdict.value)
    wanted = {rule: verdict if isinstance(verdict, list) else [verdict] for rule, verdict in expected.items()}
    assert {rule: found.get(rule, [None]) for rule in wanted} == wanted


def _derived(decision: Decision, expected: dict[str, Any]) -> None:
    nothing = "fehlt"
    found = {path: decision.derived.get(path, nothing) for path in expected}
    assert found == {path: _plain(value) for path, value in expected.items()}


def _plain(value: Any) -> Any:
    return str(value) if type(value).__name__ == "Decimal" else value


def _missing(decision: Decision, expected: list[str]) -> None:
    assert sorted(entry.fact for entry in decision.missing) == sorted(expected)


def _duties(decision: Decision, expected: list[dict[str, Any]]) -> None:
    """Every expected duty is there; `{id: …, fehlt: true}` says that one is not."""
    found = [{key: duty.to_dict()[key] for key in ("id", "due", "due_shifted")} for duty in decision.duties]
    for duty in expected:
        if duty.get("fehlt"):
            assert duty["id"] not in {entry["id"] for entry in found}
        else:
            assert any(duty.items() <= entry.items() for entry in found), (duty, found)


def _contradictions(decision: Decision, expected: dict[str, list[str]]) -> None:
    assert {found.id: list(found.places) for found in decision.contradictions} == expected


def _readings(decision: Decision, expected: dict[str, Any]) -> None:
    """Per disputed point: whether another reading would change anything, or what it gives."""
    for name, wanted in expected.items():
        used = decision.readings[name]
        if isinstance(wanted, bool):
            assert used.others_differ is wanted
            continue
        for option, variant in wanted.items():
            found = used.others[option].to_dict()
            assert {key: found[key] for key in variant if key != "derived"} == {
                key: value for key, value in variant.items() if key != "derived"
            }
            assert variant.get("derived", {}).items() <= found["derived"].items()


def _open_questions(decision: Decision, expected: list[str]) -> None:
    assert set(expected) <= {question.id for question in decision.open_questions}


def _weakest(decision: Decision, expected: str) -> None:
    assert decision.evidence.weakest == expected


def _grades(decision: Decision, expected: dict[str, str]) -> None:
    assert expected.items() <= decision.evidence.by_derived.items()


CHECKS = {
    "verdict": _verdict,
    "fassung": _fassung,
    "erlasse": _erlasse,
    "reasons": _reasons,
    "options": _options,
    "hints": _hints,
    "derived": _derived,
    "missing": _missing,
    "duties": _duties,
    "contradictions": _contradictions,
    "readings": _readings,
    "open_questions": _open_questions,
    "weakest": _weakest,
    "grades": _grades,
}


def test_every_case_says_where_its_answer_comes_from() -> None:
    law = regulation()
    known = {rule.id for rule in law.rules} | {item.id for fassung in law.fassungen for item in fassung}
    operations = {str(operation) for operation in law.operations}
    known |= set(law.readings) | {akt.id for akt in law.acts}
    for case in corpus():
        if "quelle" in case.herkunft:
            assert case.herkunft["quelle"] in law.sources, case.id
        elif "regel" in case.herkunft:
            assert case.herkunft["regel"] in known, (case.id, case.herkunft)
        else:
            assert case.herkunft["beweis"] in operations, (case.id, case.herkunft)
