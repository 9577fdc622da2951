"""The generated types: a checker sees a wrong field or value, and what a decision derives has a type."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from support import TESTS
from vwv_im import evaluate

POST = {
    "vzae": "0.5",
    "beschaeftigungsbeginn": "2018-03-01",
    "hochschulabschluss": "bachelor",
    "fachrichtung": "sozialwesen",
}
PROGRAM = """
from datetime import date
from decimal import Decimal
import vwv_im
from vwv_im.typed import Antrag, Stelle

case = vwv_im.Case(antrag=Antrag(stellen=(Stelle(vzae=Decimal("0.5"), hochschulabschluss="bachelor"),)))
decision = vwv_im.evaluate(case, on="2018-06-01")
stellen = decision.values.stellen
months: int | None = stellen[0].hoechstdauer_monate if stellen else None
end: date | None = stellen[0].bewilligungsende if stellen else None
reveal_type(vwv_im.evaluate(case, on="2018-06-01", question="zielgruppe").values)
Stelle(vzea=1)
Stelle(hochschulabschluss="bachlor")
decision.values.planungsrahmen
"""


def test_a_type_checker_sees_a_wrong_field_and_a_wrong_value(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", str(tmp_path), str(program)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TESTS.parent).stdout
    lines = [line.partition("program.py:")[2] for line in found.splitlines() if "program.py:" in line]
    assert [line.partition(":")[0] for line in lines] == ["12", "13", "14", "15"], found
    for line, words in zip(lines, ("PersonWerte", '"vzea"', '"hochschulabschluss"', '"planungsrahmen"'), strict=True):
        assert words in line


def test_what_follows_has_values_of_python() -> None:
    decision = evaluate({"antrag": {"gezaehlte_personen": 166, "stellen": [POST, {}]}}, on="2018-06-01")
    values = decision.values
    assert values.planungsrahmen_eur == Decimal(132_149)
    assert values.stellen is not None
    first, second = values.stellen
    assert (first.hoechstdauer_monate, first.bewilligungsende) == (24, date(2020, 2, 29))
    assert (first.qualifikationsgruppe, second.qualifikationsgruppe) == ("a", None)
    assert {"stellen", "planungsrahmen_eur"} <= set(dir(values))
    with pytest.raises(AttributeError, match="Did you mean 'planungsrahmen_eur'"):
        values.planungsrahmen_euro  # noqa: B018


def test_what_is_not_known_is_none() -> None:
    decision = evaluate({"antrag": {}}, on="2018-06-01")
    assert decision.values.stellen is None
    assert decision.values.vzae_gesamt is None
    with pytest.raises(LookupError):
        evaluate({"antrag": {}}, on="2016-06-01").values  # noqa: B018 - that it can be asked for is what is tried
