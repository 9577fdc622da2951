"""The docs say what is there: every fault code, every field of a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from vwv_im.case import CODES as CASE_CODES
from vwv_im.case import FACTS
from vwv_im.law.faults import CODES as RULE_CODES

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("code", sorted({*RULE_CODES, *CASE_CODES, "VIM150", "VIM151"}))
def test_every_fault_code_is_explained(code: str) -> None:
    assert f"`{code}`" in (DOCS / "fehler.md").read_text("utf-8")


@pytest.mark.parametrize("path", FACTS)
def test_every_field_of_a_case_is_explained(path: str) -> None:
    text = (DOCS / "angaben.md").read_text("utf-8")
    assert f"`{path}`" in text
    assert FACTS[path].question.de in text
