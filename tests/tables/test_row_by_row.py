"""Few rows are decided one by one, many by columns: what comes back is the same."""

from __future__ import annotations

from datetime import date

import pytest
from polars.testing import assert_frame_equal

from reasoning.random_cases import CaseMaker
from vwv_im import evaluate
from vwv_im.case.vocabulary import without_numbers
from vwv_im.decision.request import make_request
from vwv_im.lang import Verdict
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.columns.evaluator import evaluator_for
from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.corpus import corpus
from vwv_im.tables.bulk import decide_briefly, frames_of
from vwv_im.tables.row_by_row import evaluate_rows
from vwv_im.typed import Case, read_case


@pytest.mark.parametrize("question", ["antrag", "zielgruppe", "zaehlung"])
def test_rows_with_posts_and_members_of_their_own_get_the_same(question: str) -> None:
    law = regulation()
    maker = CaseMaker(11, [make_plan(law, fassung, question) for fassung in law.fassungen], law)
    some = [one for one in corpus() if (one.question or "antrag") == question]
    stated = [(read_case(one.case), date.fromisoformat(one.on)) for one in some]
    stated += [(maker.case(missing), maker.day()) for missing in (0, 0.1, 0.5, 1) for _ in range(40)]
    for known_on, readings in ((None, {}), (date(2020, 6, 1), maker.readings())):
        same_of(question, known_on, readings, *zip(*stated, strict=True))


def same_of(
    question: str, known_on: date | None, readings: dict[str, str], cases: tuple[Case, ...], days: tuple[date, ...]
) -> None:
    law = regulation()
    for derive in (None, (), ("stelle.foerderbetrag_eur", "antrag.planungsrahmen_eur", "person.gezaehlt")):
        program = evaluator_for(law, question, known_on, {**law.default_readings, **readings}, derive)
        frames, layout = frames_of(law.vocabulary, law.questions[question].wurzel, cases, days)
        expected, found = program.evaluate(frames, layout), evaluate_rows(program, frames, layout)
        assert found.keys() == expected.keys()
        for table, rows in expected.items():
            assert_frame_equal(found[table], rows)


def test_what_columns_refuse_is_decided_case_by_case_with_the_same_results() -> None:
    law, question = regulation(), "verwendungsnachweis"
    some = [one for one in corpus() if one.question == question and not one.readings and one.known_on is None]
    cases, days = [read_case(one.case) for one in some], [date.fromisoformat(one.on) for one in some]
    frames, layout = frames_of(law.vocabulary, law.questions[question].wurzel, cases, days)
    with pytest.raises(NotInColumnsError):
        evaluator_for(law, question, None, law.default_readings).evaluate(frames, layout)
    requests = [make_request(law, on=day, question=question) for day in days]
    for one, day, brief in zip(some, days, decide_briefly(law, requests, cases), strict=True):
        decision = evaluate(one.case, on=day, question=question, engine="direct")
        given = brief.outcome, brief.verdict, brief.fassung, brief.derived
        assert given == (decision.outcome, decision.verdict, decision.fassung.id, decision.derived), one.id
        for verdict in ("yes", "no", "open"):
            reached = [reason for reason in decision.reasons if reason.applies is not Verdict.NO]
            ids = {reason.rule for reason in reached if reason.verdict == verdict}
            assert set(brief.reasons[verdict]) == ids, (one.id, verdict)
        assert set(brief.hints) == {hint.rule for hint in decision.hints}, one.id
        assert set(brief.options) == {option.rule for option in decision.options}, one.id
        lacking = {without_numbers(missing.fact) for missing in decision.missing}
        assert len(lacking) == len(brief.missing), one.id
        assert set(brief.contradictions) == {found.id for found in decision.contradictions}, one.id
