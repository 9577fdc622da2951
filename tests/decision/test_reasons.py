"""Reasons as documents: what is kept for the next case is what would be written for it."""

from __future__ import annotations

from reasoning.random_cases import CaseMaker
from vwv_im import Reason, evaluate
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.corpus import corpus
from vwv_im.text.json_object import writer_of


def test_a_reason_is_written_as_if_for_the_first_time() -> None:
    law = regulation()
    maker = CaseMaker(5, [make_plan(law, fassung, "antrag") for fassung in law.fassungen], law)
    random = [
        evaluate(maker.case(missing), on=maker.day(), readings=maker.readings(), engine="direct")
        for missing in (0.0, 0.05, 0.5)
        for _ in range(120)
    ]
    known = [
        evaluate(one.case, on=one.on, question=one.question, readings=one.readings, engine="direct")
        for one in corpus()[::3]
    ]
    for decision in (*random, *known):
        for reason in decision.examined:
            assert reason.to_dict() == writer_of(Reason)(reason, "de")


def test_a_document_belongs_to_who_asked_for_it() -> None:
    decision = evaluate({"antrag": {"stellen": [{"vzae": "0.2"}]}}, on="2018-06-01", engine="direct")
    first, again = decision.reasons[0].to_dict(), decision.reasons[0].to_dict()
    first["facts"]["antrag.art"] = "changed"
    first["further_citations"].append("changed")
    assert again == decision.reasons[0].to_dict() != first
