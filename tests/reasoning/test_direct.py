"""The engine `direct`: the source that is generated, and evaluating a case again under other readings."""

from __future__ import annotations

import io
import keyword
import os
import random
import re
import subprocess
import sys
import tokenize
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from reasoning.random_cases import CaseMaker
from reasoning.random_plans import random_plan
from support import Edit, edited
from vwv_im import evaluate
from vwv_im.lang import OPERATIONS, Operation
from vwv_im.lang.nodes import READING
from vwv_im.law.regulation import Regulation, load_regulation, regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.engines import differences
from vwv_im.reasoning.plan import make_plan
from vwv_im.reasoning.records import ByKey
from vwv_im.reasoning.revision import follow

KNOWN = {
    "datum": [date.min, date(2017, 1, 31), date(2020, 2, 29), date(2020, 3, 1), date.max],
    "ganzzahl": [0, 1, 13],
    "dezimal": [Decimal(0), Decimal("0.5"), Decimal(-3)],
    "text": ["08111", "x"],
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_may_be_unknown_of_known_operands_says_so(operation: Operation) -> None:
    takes = operation.takes if isinstance(operation.takes, tuple) else ()
    kinds = [one.kind for one in takes] or ["dezimal"] * (operation.arity or 2)
    unknown = False
    for operands in product(*(KNOWN[kind] for kind in kinds)):
        with suppress(ArithmeticError, ValueError):
            unknown |= operation.run(*operands) is None
    assert operation.partial or not unknown


@pytest.mark.parametrize("question", ["antrag", "zielgruppe", "zaehlung", "verwendungsnachweis"])
def test_following_other_readings_is_evaluating_anew(question: str) -> None:
    law = regulation()
    plans = [make_plan(law, fassung, question) for fassung in (*law.fassungen, law.with_erlasse)]
    maker = CaseMaker(11, plans, law)
    changed = 0
    for plan in plans:
        direct = Direct(plan)
        for missing in (0.0, 0.05, 0.5):
            for _ in range(60):
                case, day, before, after = maker.case(missing), maker.day(), maker.readings(), maker.readings()
                first = direct.evaluate(case, day, before)
                anew, followed = direct.evaluate(case, day, after), follow(direct, first, after)
                assert differences(plan, followed, anew, ("followed", "anew")) == []
                for name in plan.readings:
                    slot = direct.layout.slot(READING + name)[1]
                    assert followed.records.top[slot] == anew.records.top[slot]
                assert differences(plan, first, direct.evaluate(case, day, before)) == []
                changed += bool(differences(plan, first, anew))
    assert changed > 0 or not any(plan.readings for plan in plans)


@pytest.mark.parametrize("seed", range(4))
def test_following_the_same_readings_changes_nothing(seed: int) -> None:
    plan = random_plan(seed)
    direct, maker = Direct(plan), CaseMaker(seed, [plan], regulation())
    for _ in range(20):
        found = direct.evaluate(maker.case(0.1), maker.day(), {})
        assert differences(plan, follow(direct, found, {}), found) == []


# The source

OWN = re.compile(r"evaluate|of|append|kept|frozenset|sum|map|type|min|max|abs|(top|[fe])\d*|[dgnrvwK]\d+")
HOSTILE = "x'] or __import__('pathlib').Path('{}').touch() or ['\\n    import os\\n# "


def sources(law: Regulation) -> list[str]:
    return [Direct(make_plan(law, state, question)).source for state in law.states for question in law.questions]


def hostile(tmp_path: Path) -> Path:
    """Return rules whose texts, wherever a rule file may hold one that is compared or derived, are Python."""
    code = HOSTILE.format(tmp_path / "ran")
    return edited(
        tmp_path,
        Edit(
            "2001-03-01-stammfassung/umfang.yaml",
            "gilt_fuer: {fakt: antrag.antragsteller.art, ist: stadtkreis}",
            f'gilt_fuer: {{fakt: antrag.antragsteller.landkreis, in: ["{code}", {{parameter: boese}}]}}',
        ),
        Edit(
            "2001-03-01-stammfassung/umfang.yaml",
            "  hoechstumfang:\n",
            f'  boese: {{titel: {{de: A, en: A}}, wert: "{code}", nummer: null, '
            "beleg: [{grad: presse, quelle: dorfbote, fundstelle: bericht}]}\n  hoechstumfang:\n",
        ),
    )


@pytest.mark.parametrize("law", ["real", "hostile"])
def test_no_text_of_a_rule_file_enters_the_source(law: str, tmp_path: Path) -> None:
    found = regulation() if law == "real" else load_regulation(hostile(tmp_path))
    for source in sources(found):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            assert token.type not in (tokenize.STRING, tokenize.COMMENT), token
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                assert OWN.fullmatch(token.string), token
            if token.type == tokenize.NUMBER:
                assert token.string.isdecimal(), token


def test_rules_from_elsewhere_do_not_become_code(tmp_path: Path) -> None:
    case = {"antrag": {"antragsteller": {"landkreis": "x"}, "stellen": [{"vzae": 1}]}}
    decision = evaluate(case, on="2001-06-01", rules=hostile(tmp_path))
    reason = next(reason for reason in decision.examined if reason.rule == "hoechstumfang")
    assert (reason.applies, reason.to_dict()["applies"]) == ("no", "no")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("question", ["antrag", "zielgruppe", "zaehlung", "verwendungsnachweis"])
def test_what_is_shown_is_what_runs(question: str) -> None:
    law = regulation()
    for state in law.states:
        direct = Direct(make_plan(law, state, question))
        shown = "\n".join(line for line in direct.listing().splitlines() if not line.lstrip().startswith("#"))
        assert shown.split() == direct.source.split()
        assert Direct(make_plan(law, state, question)).source == direct.source


SOURCES = """
from vwv_im import regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import make_plan

law = regulation()
for state in law.states:
    for question in law.questions:
        print(Direct(make_plan(law, state, question)).source)
"""


def test_every_process_writes_the_same() -> None:
    """Whatever the order is in which a process goes through a set."""
    found = {
        subprocess.run(
            [sys.executable, "-c", SOURCES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert "def evaluate" in found.pop()


BY_KEY_AND_DAYS = ((0, 0), (0, 1), (0, 2))


def test_entries_are_found_by_their_key_and_days_as_if_all_were_looked_at():
    draw = random.Random(18)
    days = [None, *(date(2018, 1, 1) + timedelta(days=draw.randrange(2000)) for _ in range(60))]
    keys = [None, "a", "b", "c"]
    entries = [[draw.choice(keys), draw.choice(days), draw.choice(days)] for _ in range(400)]
    found_by = ByKey(entries, BY_KEY_AND_DAYS)

    def may(entry: list[Any], key: str | None, last: date | None, first: date | None) -> bool:
        own, begin, end = entry
        same = None in (own, key) or own == key
        return same and (None in (begin, last) or begin <= last) and (None in (end, first) or end >= first)

    for key, last, first in product(keys, days, days):
        found = found_by(key, last, first)
        assert sorted(map(id, found)) == sorted({id(entry) for entry in found})
        assert {id(entry) for entry in entries if may(entry, key, last, first)} <= {id(entry) for entry in found}
        assert key is None or {entry[0] for entry in found} <= {key, None}


def test_of_many_disjoint_periods_few_are_looked_at_though_one_lasts_throughout():
    days = [date(2018, 1, 1) + timedelta(days=number) for number in range(1000)]
    found_by = ByKey([["a", days[0], days[-1]], *(["a", day, day] for day in days)], BY_KEY_AND_DAYS)

    assert {len(found_by("a", day, day)) for day in days} == {2}
