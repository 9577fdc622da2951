"""Evidence: what rests on how much, and what a lawyer does who has the text at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support import RULES, Edit, edited, faults_in, place_of
from vwv_im import evaluate, regulation
from vwv_im.cli.main import app
from vwv_im.law.regulation import load_regulation
from vwv_im.review.diagnostics.examine import examine
from vwv_im.review.evidence_index import below_grade, evidence_index, grades_per_fassung
from vwv_im.text.messages import sentences

SIZE = "2017-12-11-stammfassung/stellenumfang.yaml"
PERIOD = "2017-12-11-stammfassung/bewilligungszeitraum.yaml"
SOURCES = "quellen.yaml"
TEXT = (
    "quellen:\n"
    '  - {id: vwv-2017, titel: "VwV Integrationsmanagement", herausgeber: "Land", datum: "2017-12-11", url: null, '
    "grad: wortlaut, spricht_ueber: vwv, "
    "fundstellen: {nummer_9_9: {wiedergabe: Eine Stelle hat mindestens 0;3 VZÄ., kernworte: [VZÄ]}}}\n"
)
HAVING_THE_TEXT = Edit(SOURCES, "\nquellen:\n", f"\n{TEXT}")
VALUE = """    wert: 0.25
    einheit: VZAE
    beleg: [{grad: amtlich, quelle: rp-faq-2017, fundstelle: stellenanteile}]
regeln"""
CONFIRMED = """    wert: 0.3
    einheit: VZAE
    nummer: "9.9"
    beleg:
      - {grad: wortlaut, quelle: vwv-2017, fundstelle: nummer_9_9}
regeln"""
CASE = {"antrag": {"stellen": [{"vzae": "0.28"}]}}


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")


def test_a_lawyer_with_the_text_changes_grade_number_and_value_in_one_place(tmp_path: Path) -> None:
    """The value is one place, the source is entered once; the decision, the grades and the check follow."""
    directory = edited(tmp_path, HAVING_THE_TEXT, Edit(SIZE, VALUE, CONFIRMED), source=RULES)
    before, after = (
        next(r for r in evaluate(CASE, on="2018-06-01", rules=rules).reasons if r.rule == "stelle-mindestumfang")
        for rules in (None, directory)
    )
    assert (before.verdict.value, before.required, before.grade) == ("yes", "0.25", "schluss")
    assert (after.verdict.value, after.required) == ("no", "0.3")
    assert ("9.9", "vwv-2017") in [(c.nummer, c.source) for c in after.further_citations]
    assert examine(load_regulation(directory)) == ()
    stands = {rest.id: rest.grade for rest in evidence_index(load_regulation(directory)) if rest.kind == "parameter"}
    assert stands["mindestumfang_stelle"] == "wortlaut"


def test_confirmed_values_no_longer_rest_on_less(tmp_path: Path) -> None:
    directory = edited(tmp_path, HAVING_THE_TEXT, Edit(SIZE, VALUE, CONFIRMED), source=RULES)
    less = [
        {(rest.kind, rest.id) for rest in below_grade(law, "wortlaut")}
        for law in (regulation(), load_regulation(directory))
    ]
    assert less[0] - less[1] == {("parameter", "mindestumfang_stelle")}
    assert less[1] <= less[0]


def test_where_an_amendment_repeats_the_value_the_message_says_what_to_change(tmp_path: Path) -> None:
    """The amendment of 2019 says "24 becomes 36"; whoever corrects the 24 is told of the one other line."""
    old = 'all extensions are included."\n    wert: 24\n'
    directory = edited(tmp_path, Edit(PERIOD, old, old.replace("24", "25")), source=RULES)
    (fault,) = faults_in(directory)
    act = directory / "2019-08-28-aenderung.yaml"
    assert (fault.code, fault.place) == ("VIM018", place_of(act, "24\n    neu: 36"))
    assert "alt ist 24, der Stand davor ist 25" in fault.message.de
    assert str(directory / PERIOD) in fault.message.de
    assert fault.hint is not None
    assert "25" in fault.hint.de
    assert "25" in fault.hint.en


def test_everything_that_rests_on_evidence_is_of_a_known_kind() -> None:
    found = Counter(rest.kind for rest in evidence_index(regulation()))
    assert found.keys() <= sentences("evidence").keys()
    assert {"parameter", "ableitung", "regel", "pflicht", "gilt_ab", "lesart", "operation"} <= found.keys()


def test_the_grades_of_a_fassung_add_up_to_its_items() -> None:
    law = regulation()
    table = grades_per_fassung(law)
    assert {state.name: len(list(state)) for state in law.states} == {
        name: sum(grades.values()) for name, grades in table.items()
    }


def test_the_command_lists_what_rests_on_less_than_official() -> None:
    result = CliRunner().invoke(app, ["check", "--grade", "amtlich"])
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert all(" VIM048 " in line for line in lines)
    assert any("festbetrag_a_eur: Parameter: Schlussfolgerung (schluss) (Fassung 2017-12-11" in line for line in lines)
    assert any("festbetrag_a_eur: Parameter: Schlussfolgerung (schluss) (Fassung 2020-11-11" in line for line in lines)
    assert not any("festbetrag_c_eur" in line for line in lines)
    weak = below_grade(regulation(), "amtlich")
    assert len(lines) == len({(rest.place, rest.kind, rest.grade, rest.fassungen) for rest in weak})
