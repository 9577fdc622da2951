"""Months, days and cents of a proof of use against a calculation over calendar days, without the engine."""

import random
from decimal import Decimal

import pytest

import vwv_im
from pairs import SOAK
from verwendung import von_hand
from vwv_im.text import to_json

CASES = 200 * SOAK


def differences(seed: int, engine: str = "direct") -> list[str]:
    """Return what the decision of a random funding says otherwise than the calculation by hand."""
    case, on = von_hand.random_case(random.Random(seed))
    decision = vwv_im.evaluate(case, on=on, question="verwendungsnachweis", engine=engine)
    assert decision.outcome == "decided", decision.contradictions
    wanted = {path: to_json(value) for path, value in von_hand.examined(case, on).items()}
    return [
        f"{path}: {decision.derived[path]} instead of {value}"
        for path, value in wanted.items()
        if decision.derived[path] != value
    ]


@pytest.mark.parametrize("start", range(0, CASES, 50))
def test_every_month_day_and_cent_is_as_counted_by_hand(start):
    found = {seed: told for seed in range(start, start + 50) if (told := differences(seed))}

    assert not found


def test_the_sums_add_up_to_the_cent():
    for seed in range(CASES, CASES + 25):
        case, on = von_hand.random_case(random.Random(seed))
        derived = vwv_im.evaluate(case, on=on, question="verwendungsnachweis", engine="direct").derived
        posts, notices = (range(len(case["foerderung"][name])) for name in ("stellen", "bewilligungen"))

        for bound in ("mindestens", "hoechstens"):
            parts = [Decimal(derived[f"foerderung.stellen[{n}].gerechtfertigt_{bound}_eur"]) for n in posts]
            assert sum(parts) == Decimal(derived[f"foerderung.gerechtfertigt_{bound}_eur"])
        granted = [Decimal(derived[f"foerderung.bewilligungen[{n}].wirksamer_betrag_eur"]) for n in notices]
        assert sum(granted) == Decimal(derived["foerderung.bewilligt_eur"])
