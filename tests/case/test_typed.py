"""The generated types: a checker sees a wrong field or value, and what a decision derives has a type."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

import vwv_im.decision.evaluate
import vwv_im.typed
from support import TESTS
from vwv_im import evaluate
from vwv_im.case import CasePart

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
from vwv_im import Antrag, Stelle

case = vwv_im.Case(antrag=Antrag(stellen=(Stelle(vzae=Decimal("0.5"), hochschulabschluss="bachelor"),)))
question: vwv_im.Question = "antrag"
text: str = vwv_im.needs(case, on="2018-06-01", question=question).decision.explain()
decision = vwv_im.evaluate(case, on="2018-06-01")
stellen = decision.values.stellen
months: int | None = stellen[0].hoechstdauer_monate if stellen else None
end: date | None = stellen[0].bewilligungsende if stellen else None
reveal_type(vwv_im.evaluate(case, on="2018-06-01", question="zielgruppe").values)
Stelle(vzea=1)
Stelle(hochschulabschluss="bachlor")
decision.values.planungsrahmen
vwv_im.needs(case, on="2018-06-01", quetsion="antrag")
vwv_im.compare(case, on="2018-06-01", engine="direct")
vwv_im.counterfactuals(3, on="2018-06-01")
wrong: vwv_im.Question = "antarg"
"""
WRONG = {
    14: "PersonWerte",
    15: '"vzea"',
    16: '"hochschulabschluss"',
    17: '"planungsrahmen"',
    18: '"quetsion"',
    19: '"engine"',
    20: '"int"',
    21: "antarg",
}
"""What a type checker says of a line of the program."""


def test_a_type_checker_sees_a_wrong_field_and_a_wrong_value(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", str(tmp_path), str(program)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TESTS.parent).stdout
    lines = [line.partition("program.py:")[2] for line in found.splitlines() if "program.py:" in line]
    said = {int(line.partition(":")[0]): line for line in lines if " error: " in line or " note: Revealed" in line}
    assert said.keys() == WRONG.keys(), found
    for number, words in WRONG.items():
        assert words in said[number]


def test_what_the_checkers_see_is_there() -> None:
    assert all(hasattr(vwv_im, name) for name in vwv_im.__all__)
    assert get_args(vwv_im.Question) == tuple(vwv_im.regulation().questions)
    parts = {name for name in vwv_im.typed.__all__ if isinstance(getattr(vwv_im.typed, name), type)}
    models = {name for name in parts if issubclass(getattr(vwv_im.typed, name), CasePart)}
    assert models <= set(vwv_im.__all__)


@pytest.mark.parametrize("ask", [vwv_im.needs, vwv_im.counterfactuals, vwv_im.compare])
def test_what_is_asked_is_named_as_for_a_decision(ask: Callable[..., Any]) -> None:
    asked, known = signature(ask).parameters, signature(vwv_im.decision.evaluate.evaluate).parameters
    assert {*known} - {*asked} <= {"engine"}
    assert {*asked} <= {*known}
    with pytest.raises(TypeError, match="quetsion"):
        ask({"antrag": {}}, on="2018-06-01", quetsion="antrag")


def test_a_part_that_is_built_tells_its_faults_as_one_that_is_read() -> None:
    with pytest.raises(vwv_im.CaseError) as built:
        vwv_im.Stelle(vzae="0,2", vzea=1, hochschulabschluss="bachlor")
    with pytest.raises(vwv_im.CaseError) as read:
        vwv_im.read_case({"antrag": {"stellen": [{"vzae": "0,2", "vzea": 1, "hochschulabschluss": "bachlor"}]}})

    def told(faults: Sequence[vwv_im.Fault]) -> list[Any]:
        return sorted((one.code, one.path.rpartition(".")[2], one.message, one.hint) for one in faults)

    assert told(built.value.faults) == told(read.value.faults)
    assert [one.code for one in built.value.faults] == ["VIM113", "VIM109", "VIM101"]
    assert "Stelle" in built.value.render("de")


def test_within_a_model_of_someone_else_it_is_an_error_of_pydantic() -> None:
    class Filed(BaseModel):
        case: vwv_im.Case

    with pytest.raises(ValidationError, match=r"case\.antrag\.stellen\.0\.vzae"):
        Filed.model_validate({"case": {"antrag": {"stellen": [{"vzae": "0,2"}]}}})


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
