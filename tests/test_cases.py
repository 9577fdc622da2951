"""Every case of the corpus is decided as expected, by both engines alike."""

from __future__ import annotations

import pytest

from vwv_im import regulation
from vwv_im.reasoning.durable import available
from vwv_im.review.corpus import CorpusCase, corpus, mismatches


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case.id)
def test_case(case: CorpusCase) -> None:
    decision = case.decide("checked" if available() else "direct")
    found = [str(mismatch) for mismatch in mismatches(decision, case.expected)]
    assert not found, "\n".join([f"{case.place} {case.id}", *found])


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
