"""The DMN files give in other hands (dmn-moddle, feelin) what `direct` gives."""

from __future__ import annotations

from collections import defaultdict
from math import isclose
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from publish.dmn_cases import Key, Question, questions, run
from reasoning.random_cases import CaseMaker
from support import TESTS
from vwv_im.decision.evaluate import prepare
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.corpus import corpus

AT_HAND = which("node") is not None and (TESTS / "node_modules" / "feelin").is_dir()
pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not AT_HAND, reason="needs Node, and npm ci in tests/ (dmn-moddle, feelin)"),
]
RANDOM = 8


def differing(found: Any, wanted: Any) -> bool:
    """Whether two answers differ by more than what binary floats cannot hold: feelin's numbers are no decimals."""
    if isinstance(wanted, float) and isinstance(found, int | float):
        # feelin computes in binary: what is left of large amounts differs beyond the tenth digit
        return not isclose(found, wanted, rel_tol=1e-10, abs_tol=1e-6)
    return bool(found != wanted)


def disagreements(asked: dict[Key, list[Question]], folder: Path) -> list[str]:
    found = []
    for (key, cases), (warnings, answers) in zip(asked.items(), run(regulation(), asked, folder), strict=True):
        assert warnings == [], key
        for case, answer in zip(cases, answers, strict=True):
            assert case.expected.keys() <= answer.keys(), case.label
            found += [
                f"{key}, {case.label}: {name} is {wanted!r}, in the DMN file {answer[name]!r}"
                for name, wanted in case.expected.items()
                if differing(answer[name], wanted)
            ]
    return found


def test_every_case_of_the_corpus_is_decided_as_by_direct(tmp_path: Path) -> None:
    law = regulation()
    asked: dict[Key, list[Question]] = defaultdict(list)
    for entry in corpus():
        _, case, request = prepare(
            entry.case, on=entry.on, known_on=entry.known_on, question=entry.question, readings=entry.readings
        )
        choice = law.choose(request.on, request.known_on, request.readings)
        if choice.basis is not None:
            key = Key(choice.basis, choice.erlasse, request.question)
            asked[key] += questions(law, key, entry.id, case, request.on, request.readings)
    found = disagreements(asked, tmp_path)
    assert found == []


def test_random_cases_are_decided_as_by_direct(tmp_path: Path) -> None:
    law = regulation()
    asked: dict[Key, list[Question]] = defaultdict(list)
    for question in ("antrag", "zielgruppe", "zaehlung"):
        maker = CaseMaker(6, [make_plan(law, law.with_erlasse, question)], law)
        for fassung in law.states:
            key = Key(fassung.id, fassung.erlasse, question)
            for number in range(RANDOM):
                case = maker.case(number % 4 / 6)
                asked[key] += questions(law, key, f"random {number}", case, maker.day(), maker.readings())
    found = disagreements(asked, tmp_path)
    assert found == []
