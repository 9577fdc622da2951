"""A second world: an invented regulation with a farm, its plants, their meter readings and years, and an apprentice.

It has its own entities, units, questions, readings and series, and not a line of Python of its own; the engines, and
what is decided for its case, are tried here, the doors beside the tests of their own.
"""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import vwv_im
from reasoning.agreement import disagreements
from support import ROOT, TESTS
from vwv_im.case import CasePart
from vwv_im.case.vocabulary import Fact
from vwv_im.cli.main import app
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.durable import Durable
from vwv_im.reasoning.engines import differences
from vwv_im.reasoning.plan import make_plan
from vwv_im.reasoning.revision import follow

RULES, CASE = TESTS / "welt" / "regeln", TESTS / "welt" / "hof.yaml"
FIRST = date(1998, 3, 1)


@cache
def world() -> Regulation:
    return regulation(RULES)


class Maker:
    """Makes cases of any vocabulary: every fact is missing with some probability, and so is every list."""

    def __init__(self, seed: int, law: Regulation) -> None:
        self.random, self.law = random.Random(seed), law

    def case(self, missing: float) -> CasePart:
        """Return a case with all its parts."""
        self.missing = missing
        return self.law.read_case({root.key: self._part(root.name) for root in self.law.vocabulary.roots})

    def day(self) -> date:
        """Return a day near the acts."""
        return FIRST + timedelta(self.random.randrange(1200))

    def readings(self) -> dict[str, str]:
        """Return a reading of every disputed point."""
        return {name: self.random.choice(sorted(one.lesarten)) for name, one in self.law.readings.items()}

    def _part(self, entity: str) -> dict[str, Any]:
        vocabulary = self.law.vocabulary
        part = {fact.key: self._value(fact) for fact in vocabulary.facts_of(entity) if self._stated()}
        for inner in vocabulary.parts_of(entity):
            if not inner.many:
                part[inner.key] = self._part(inner.name)
            elif self._stated():
                part[inner.key] = [self._part(inner.name) for _ in range(self.random.randint(inner.least, 3))]
        return part

    def _stated(self) -> bool:
        return self.random.random() >= self.missing

    def _value(self, fact: Fact) -> Any:
        draw = self.random
        match fact.type:
            case "auswahl":
                return draw.choice(fact.values)
            case "auswahlliste":
                return draw.sample(fact.values, draw.randint(1, len(fact.values)))
            case "ganzzahl":
                most = fact.limits.maximum if fact.limits else 0
                return draw.choice([number for number in (0, 15, 16, 400, 999, 1000) if number <= most])
            case "dezimal":
                return draw.choice((Decimal(0), Decimal(5), Decimal("7.9"), Decimal(8), Decimal(10)))
            case "datum":
                return self.day()
            case "wahrheitswert":
                return draw.random() < 0.5
            case "text":
                return draw.choice(("Oberau", "Unterau"))


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.4, 1.0])
@pytest.mark.parametrize("question", ["beihilfe", "lehre"])
def test_direct_and_durable_find_the_same(question: str, missing: float) -> None:
    law = world()
    maker = Maker(1, law)
    for fassung in law.fassungen:
        plan = make_plan(law, fassung, question)
        direct, durable = Direct(plan), Durable(plan)
        for _ in range(25):
            case, day, readings = maker.case(missing), maker.day(), maker.readings()
            found = direct.evaluate(case, day, readings)
            assert differences(plan, found, durable.evaluate(case, day, readings)) == []
            other = maker.readings()
            assert differences(plan, follow(direct, found, other), direct.evaluate(case, day, other)) == []


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.4, 1.0])
@pytest.mark.parametrize("question", ["beihilfe", "lehre"])
def test_columns_find_what_direct_finds(question: str, missing: float) -> None:
    maker = Maker(2, world())
    cases, days = [maker.case(missing) for _ in range(60)], [maker.day() for _ in range(60)]
    assert list(disagreements(cases, days, question, readings=maker.readings(), law=world())) == []


def decided(on: str, **options: Any) -> vwv_im.Decision:
    return vwv_im.evaluate(CASE, on=on, rules=RULES, **options)


def test_an_amendment_changes_what_is_decided() -> None:
    before, after = decided("1999-06-01"), decided("2000-06-01")
    assert (before.verdict, after.verdict) == ("yes", "no")
    assert [reason.subject for reason in after.reasons if reason.verdict == "no"] == ["hof.anlagen[1]"]
    assert before.engine.cross_checked
    changes = vwv_im.compare(CASE, on="2000-06-01", rules=RULES).changes
    causes = {change.path: [cause.operation for cause in change.causes] for change in changes}
    assert causes["verdict"] == ["ersetze parameter.mindestleistung_kw.wert"]
    assert causes["hof.betrag_franken"] == ["ersetze parameter.beihilfe_monate.wert"]


def test_amounts_are_added_up_over_years_and_plants() -> None:
    """1998: 184 days, 1999: 365, 2000: 182, each times 10 kW and 100 francs over 365; the other plant has two years."""
    values = decided("1999-06-01").values
    assert [plant.betrag_franken for plant in values.anlagen] == [Decimal("2002.74"), Decimal("1201.64")]
    assert values.betrag_franken == Decimal("3204.38")


def test_an_unknown_list_below_a_list_leaves_open_what_it_is_summed_up_to() -> None:
    data = {"hof": {"lage": "hang", "zwecke": ["verkauf"], "anlagen": [{"ablesungen": [{"menge_kwh": 5}]}, {}]}}
    decision = vwv_im.evaluate(data, on="1999-06-01", rules=RULES)
    assert decision.derived["hof.anlagen[0].gesamtmenge_kwh"] == 5
    assert decision.derived["hof.gesamtmenge_kwh"] is None
    assert "hof.anlagen[1].ablesungen" in [entry.fact for entry in decision.missing]
    assert decision.verdict == "open"


def test_a_series_that_is_unknown_asks_for_its_days() -> None:
    decision = vwv_im.evaluate({"hof": {"anlagen": [{"leistung_kw": 10}]}}, on="1999-06-01", rules=RULES)
    (hint,) = decision.hints
    assert (hint.rule, hint.verdict, hint.subject) == ("langes-betriebsjahr", "open", "hof.anlagen[0].betriebsjahre")


def test_a_contradiction_is_told_with_its_entry() -> None:
    data = {"hof": {"anlagen": [{"ablesungen": [{}, {"ablesetag": "2001-01-01"}]}]}}
    decision = vwv_im.evaluate(data, on="1999-06-01", rules=RULES)
    assert decision.outcome == "contradictory"
    assert decision.contradictions[0].places[0] == "hof.anlagen[0].ablesungen[1].ablesetag"
    assert "(Anlage 1, Ablesung 2)" in decision.contradictions[0].text.de


def test_a_duty_moves_over_the_holidays_that_its_rules_name() -> None:
    case = {"hof": {"gesuchstag": "1999-02-16"}}  # until 15 August, the Assumption, a holiday in Bavaria
    (duty,) = vwv_im.evaluate(case, on="1999-06-01", rules=RULES).duties
    assert (duty.due, duty.due_shifted) == (date(1999, 8, 15), date(1999, 8, 16))
    assert "Art. 9 der Talordnung" in duty.text.de


def test_a_receipt_replays_with_every_entry() -> None:
    decision = decided("2000-06-01")
    receipt = decision.receipt.document()
    assert receipt["counts"] == {"hof.anlagen": 2, "hof.anlagen[0].ablesungen": 2, "hof.anlagen[1].ablesungen": 1}
    assert vwv_im.replay(receipt, rules=RULES).identical
    assert vwv_im.replay(decision.to_dict(), rules=RULES).identical


def test_what_is_needed_and_what_would_help_speaks_of_its_own_entities() -> None:
    (found,) = vwv_im.counterfactuals(CASE, on="2000-06-01", rules=RULES).sets
    assert [adjustment.text.de for adjustment in found] == ["Leistung (Anlage 2): 8 kW statt 6 kW"]
    facts = [need.fact for need in vwv_im.needs({"hof": {"anlagen": [{}]}}, on="2000-06-01", rules=RULES).facts]
    assert {"hof.anlagen[0].leistung_kw", "hof.anlagen[0].ablesungen", "hof.betreiber.ortsansaessig"} <= set(facts)


def test_its_pages_are_written_and_checked(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    cases = tmp_path / "tests" / "cases"
    cases.mkdir(parents=True)
    case = {"id": "hang", "herkunft": {"quelle": "talbuch"}, "on": "1999-06-01", "aendere": {"hof.lage": "hang"}}
    (cases / "hof.yaml").write_text(json.dumps({"faelle": [{**case, "erwartet": {"verdict": "open"}}]}), "utf-8")
    assert CliRunner().invoke(app, ["docs", "write", "--root", str(tmp_path)]).exit_code == 0
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "docs").rglob("*.md")}
    assert "Leistung" in pages["anlage-mindestleistung.md"]
    assert "Ende der Beihilfe" in pages["beihilfeende.md"]
    assert all("Integrationsmanagement" not in text for name, text in pages.items() if name != "befehle.md")
    assert CliRunner().invoke(app, ["docs", "check", "--root", str(tmp_path)]).exit_code == 0


def test_a_case_of_another_regulation_is_no_case_of_this_one() -> None:
    antrag = vwv_im.Case.model_validate({"antrag": {"art": "erstantrag"}})
    with pytest.raises(vwv_im.CaseError, match=r"VIM101 antrag.*Known fields: hof, lehrling"):
        vwv_im.evaluate(antrag, on="2000-06-01", rules=RULES)


def test_faults_of_a_case_stand_at_their_entries() -> None:
    data = {"hof": {"anlagen": [{"leistung_kw": 1.25, "ablesungen": [{"menge": 1}]}], "lage": "tal"}}
    with pytest.raises(vwv_im.CaseError) as caught:
        vwv_im.evaluate(data, on="2000-06-01", rules=RULES)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("VIM109", "hof.lage"),
        ("VIM114", "hof.anlagen[0].leistung_kw"),
        ("VIM101", "hof.anlagen[0].ablesungen[0].menge"),
    ]
