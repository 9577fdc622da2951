"""What stands beside the law: open questions that a case reaches, statements with a place, reviews by lawyers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support import ROOT, Edit, edited, faults_in
from vwv_im import evaluate, regulation
from vwv_im.law.register import EFFECTS
from vwv_im.law.regulation import load_regulation, rules_directory
from vwv_im.review.corpus import corpus

RULES = rules_directory()
TETTNANG = ROOT / "examples" / "tettnang.yaml"
NEUKIRCH = ROOT / "examples" / "neukirch.yaml"


def test_every_open_question_is_expected_by_a_case_or_says_why_none_can_name_it() -> None:
    law = regulation()
    expected = {name for case in corpus() for name in case.expected.get("open_questions", ())}
    out_of_reach = {name for name, question in law.open_questions.items() if question.unerreichbar}
    assert expected | out_of_reach == law.open_questions.keys()
    assert not expected & out_of_reach
