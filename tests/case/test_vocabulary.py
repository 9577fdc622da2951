"""The vocabulary of a case: its fields are those of the contract, and each is described in full."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from vwv_im.case import (
    CODES,
    FACTS,
    PARTS,
    Antrag,
    Antragsteller,
    Case,
    Fact,
    Mitglied,
    Person,
    Stelle,
    read_case,
)
from vwv_im.case.codes import KINDS

CONTRACT = {
    "antrag": "art antragsdatum durchfuehrung gezaehlte_personen veroeffentlichter_planungsrahmen_eur",
    "antrag.antragsteller": "art bundesland kreisangehoerig landkreis name ags",
    "mitglied": "art landkreis gezaehlte_personen veroeffentlichter_planungsrahmen_eur",
    "stelle": (
        "bezeichnung vzae beschaeftigungsbeginn hochschulabschluss fachrichtung schulabschluss berufsausbildung "
        "zusatzvoraussetzung person_benannt stand_2018_12_31 verlaengerung_2019_beantragt "
        "verlaengerung_2020_beantragt verlaengerung_2022_beantragt bewilligte_gruppe nachbesetzt_ab "
        "personalkosten_eur_jahr bewilligt_bis bewilligter_betrag_eur unterbrechung_entgeltzahlung"
    ),
    "person": (
        "gefluechtet anschlussunterbringung beratung_seit bleibeperspektive aus_ukraine ankunft familiennachzug "
        "anschlussunterbringung_am_2017_09_15"
    ),
}
MODELS = (Case, Antrag, Antragsteller, Mitglied, Stelle, Person)


def test_the_facts_are_those_of_the_contract() -> None:
    assert list(FACTS) == [f"{scope}.{name}" for scope, names in CONTRACT.items() for name in names.split()]


def test_the_parts_hold_the_facts() -> None:
    assert {path: part.entry for path, part in PARTS.items()} == {
        "antrag": "antrag",
        "person": "person",
        "antrag.antragsteller": "antrag.antragsteller",
        "antrag.mitglieder": "mitglied",
        "antrag.stellen": "stelle",
    }
    assert {path for path, part in PARTS.items() if part.many} == {"antrag.mitglieder", "antrag.stellen"}
    assert PARTS["antrag.stellen"].question.de == "Welche Stellen werden beantragt?"


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_each_fact_is_described(fact: Fact) -> None:
    assert fact.scope == fact.path.partition(".")[0]
    for text in (fact.title, *fact.labels.values()):
        assert text.de
        assert text.en
    assert fact.question.de.endswith("?")
    assert fact.question.en.endswith("?")
    assert list(fact.labels) == list(fact.values)
    assert bool(fact.values) == fact.type.startswith("auswahl")
    assert set(fact.ranks or fact.values) == set(fact.values)


def test_types_and_units() -> None:
    assert {fact.path: fact.unit for fact in FACTS.values() if fact.unit} == {
        "antrag.gezaehlte_personen": "Personen",
        "antrag.veroeffentlichter_planungsrahmen_eur": "EUR",
        "mitglied.gezaehlte_personen": "Personen",
        "mitglied.veroeffentlichter_planungsrahmen_eur": "EUR",
        "stelle.vzae": "VZAE",
        "stelle.personalkosten_eur_jahr": "EUR",
        "stelle.bewilligter_betrag_eur": "EUR",
    }
    types = {path.rpartition(".")[2]: fact.type for path, fact in FACTS.items()}
    assert types["durchfuehrung"] == "auswahlliste"
    assert types["art"] == "auswahl"
    assert types["vzae"] == types["veroeffentlichter_planungsrahmen_eur"] == "dezimal"
    assert types["gezaehlte_personen"] == "ganzzahl"
    assert types["ankunft"] == "datum"
    assert types["gefluechtet"] == "wahrheitswert"
    assert types["ags"] == "text"


def test_ordered_enumerations() -> None:
    assert {path for path, fact in FACTS.items() if fact.ranks} == {
        "stelle.hochschulabschluss",
        "stelle.schulabschluss",
    }
    degree, school = FACTS["stelle.hochschulabschluss"].ranks, FACTS["stelle.schulabschluss"].ranks
    assert degree is not None
    assert school is not None
    assert degree["keiner"] < degree["bachelor"] < degree["diplom"] < degree["master"] < degree["promotion"]
    assert degree["diplom"] == degree["magister"] == degree["staatsexamen"]
    assert sorted(school, key=school.__getitem__) == [
        "keiner",
        "hauptschule",
        "mittlerer",
        "fachhochschulreife",
        "hochschulreife",
    ]


def test_what_can_be_changed_and_what_is_private() -> None:
    assert {path for path, fact in FACTS.items() if fact.changeable} == {
        "antrag.durchfuehrung",
        "stelle.vzae",
        "stelle.person_benannt",
        "stelle.verlaengerung_2019_beantragt",
        "stelle.verlaengerung_2020_beantragt",
        "stelle.verlaengerung_2022_beantragt",
    }
    assert {path for path, fact in FACTS.items() if fact.private} == {"stelle.bezeichnung", "antrag.antragsteller.name"}


def test_a_private_value_is_not_in_the_repr() -> None:
    case = Case(antrag=Antrag(antragsteller=Antragsteller(name="Erika"), stellen=(Stelle(bezeichnung="Musterfrau"),)))
    assert "Erika" not in repr(case)
    assert "Musterfrau" not in repr(case)
    with pytest.raises(ValidationError) as caught:
        Stelle(bezeichnung="Erika\n")
    assert "Erika" not in str(caught.value)


@pytest.mark.parametrize("model", MODELS)
def test_models_are_frozen_closed_and_optional(model: type[BaseModel]) -> None:
    empty = model()
    name = next(iter(model.model_fields))
    assert all(getattr(empty, field) is None for field in model.model_fields)
    assert hash(empty) == hash(model())
    with pytest.raises(ValidationError):
        setattr(empty, name, None)
    with pytest.raises(ValidationError):
        model.model_validate({"unbekannt": 1})


def test_cases_and_facts_can_be_copied_and_sent() -> None:
    case = read_case({"antrag": {"antragsdatum": "2018-01-01", "stellen": [{"vzae": "0.5"}]}})
    assert pickle.loads(pickle.dumps(case)) == case == copy.deepcopy(case)
    facts = tuple(FACTS.values())
    assert pickle.loads(pickle.dumps(facts)) == facts
    assert len({*facts}) == len(facts)


# JSON Schema


def test_the_json_schema_describes_every_field_in_german() -> None:
    schema = Case.model_json_schema()
    for name, part in {**schema["$defs"], "Fall": schema}.items():
        assert part["additionalProperties"] is False, name
        assert part["description"]
        for field in part["properties"].values():
            assert field["description"].endswith(".")
            assert field["title"] == field["x-titel"]["de"]
            assert field["x-frage"]["de"].endswith("?")
    stelle = schema["$defs"]["Stelle"]["properties"]
    assert stelle["vzae"]["x-einheit"] == "VZAE"
    assert stelle["vzae"]["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 1000}
    assert stelle["beschaeftigungsbeginn"]["anyOf"][0] == {"type": "string", "format": "date"}
    assert stelle["fachrichtung"]["x-werte"]["sozialwesen"] == {"de": "Sozialwesen", "en": "social work"}
    assert schema["$defs"]["Antrag"]["properties"]["stellen"]["anyOf"][0]["minItems"] == 1


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        ({}, True),
        ({"antrag": {"stellen": [{"vzae": 0.5}, {"vzae": "0.5"}, {"vzae": None}]}}, True),
        ({"antrag": {"durchfuehrung": ["eigen", "dritte"], "antragsteller": {"ags": "08111"}}}, True),
        ({"antrag": {"stellen": []}}, False),
        ({"antrag": {"stellen": [{"vzae": "0,5"}]}}, False),
        ({"antrag": {"stellen": [{"vzae": True}]}}, False),
        ({"antrag": {"durchfuehrung": ["eigen", "eigen"]}}, False),
        ({"antrag": {"gezaehlte_personen": "166"}}, False),
        ({"antrag": {"antragsdatum": 20180101}}, False),
        ({"person": {"gefluechtet": "ja"}}, False),
        ({"unbekannt": 1}, False),
    ],
)
def test_the_json_schema_agrees_with_the_reader(data: dict[str, Any], *, valid: bool) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = Case.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid(data) is valid
    if valid:
        read_case(data)
    else:
        with pytest.raises(ValueError, match="VIM1"):
            read_case(data)


# Codes


def test_every_kind_of_fault_has_a_code_with_a_title() -> None:
    assert {kind.code for kind in KINDS.values()} == set(CODES) - {"VIM198", "VIM199"}
    assert all(title.de and title.en for title in CODES.values())
    assert list(CODES) == sorted(CODES)
