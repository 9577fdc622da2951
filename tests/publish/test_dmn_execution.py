"""The DMN files give in other hands (dmn-moddle, feelin) what `direct` gives.

feelin computes in binary: nothing of that is left in an answer, each is the number nearest to the exact one.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from publish.dmn_cases import Key, Question, questions, refused, run
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


def disagreements(asked: dict[Key, list[Question]], folder: Path) -> list[str]:
    found, law = [], regulation()
    for (key, cases), (warnings, answers) in zip(asked.items(), run(law, asked, folder), strict=True):
        assert warnings == [], key
        without = refused(law, key)
        for case, answer in zip(cases, answers, strict=True):
            assert case.expected.keys() - answer.keys() <= without, case.label
            found += [
                f"{key}, {case.label}: {name} is {wanted!r}, in the DMN file {answer[name]!r}"
                for name, wanted in case.expected.items()
                if name in answer and answer[name] != wanted
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


def test_halves_and_differences_are_exact(tmp_path: Path) -> None:
    """The frame covers 1.005 posts, in binary a little less; the own share is 6,000.55 €, in binary a little more."""
    law, on = regulation(), "2018-06-01"
    post = {"beschaeftigungsbeginn": "2018-03-01", "hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen"}
    found: dict[str, set[Any]] = defaultdict(set)
    asked: dict[Key, list[Question]] = defaultdict(list)
    for frame in ("64320", "534080", "73280"):
        posts = [
            {**post, "vzae": size, "personalkosten_eur_jahr": costs}
            for size, costs in (("0.5", "38000.55"), ("0.123457", "7901.27"), ("0.333333", "30000.01"))
        ]
        stated = {"antrag": {"art": "erstantrag", "veroeffentlichter_planungsrahmen_eur": frame, "stellen": posts}}
        _, case, request = prepare(stated, on=on)
        choice = law.choose(request.on, None, request.readings)
        key = Key(choice.basis or "", choice.erlasse, request.question)
        asked[key] += questions(law, key, frame, case, request.on, request.readings)
    for question in asked[key]:
        for name, value in question.expected.items():
            found[name] |= set() if isinstance(value, dict) else {value}
    assert {1.01, 8.35, 1.15} <= found["antrag_vzae_im_planungsrahmen"]
    assert 6000.55 in found["stelle_eigenanteil_eur_jahr"]
    assert disagreements(asked, tmp_path) == []
