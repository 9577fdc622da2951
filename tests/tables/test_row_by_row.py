"""Few rows are decided one by one, many by columns: what comes back is the same."""

from __future__ import annotations

from datetime import date

import pytest
from polars.testing import assert_frame_equal

from reasoning.random_cases import CaseMaker
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.columns.evaluator import evaluator_for
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.corpus import corpus
from vwv_im.tables.bulk import frames_of
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
