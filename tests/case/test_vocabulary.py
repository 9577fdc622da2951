"""The vocabulary of a case: its fields are those of the contract, and each is described in full."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from support import FACTS, PARTS, TESTS, toy
from vwv_im.case import CaseError, CasePart
from vwv_im.case.vocabulary import Fact
from vwv_im.text import read_yaml
from vwv_im.text.messages import catalogue, codes, message
from vwv_im.typed import Antrag, Antragsteller, Case, Mitglied, Person, Stelle, read_case

CONTRACT: dict[str, dict[str, str]] = read_yaml(TESTS / "case" / "vertrag.yaml").data
AGREED = {f"{scope}.{name}": form for scope, facts in CONTRACT.items() for name, form in facts.items()}
MODELS = (Case, Antrag, Antragsteller, Mitglied, Stelle, Person)


def agreed(form: str) -> dict[str, Any]:
    """Return what the contract says of a fact: its type, unit, values with their ranks, and marks."""
    marks, form = {mark for mark in "!?" if form.startswith(mark)}, form.lstrip("!? ")
    kinds = {"Tag": "datum", "ja/nein": "wahrheitswert", "Text": "text"}
    separator = next((sign for sign in (" < ", " | ", " + ") if sign in form), None)
    groups = [group.split(", ") for group in form.split(separator)] if separator else []
    if separator:
        kind, unit = ("auswahlliste" if separator == " + " else "auswahl"), None
    elif form in kinds:
        kind, unit = kinds[form], None
    else:
        whole, _, rest = form.rpartition(" ")
        kind, unit = ("ganzzahl" if whole == "ganz" else "dezimal"), rest
    ranks = {value: rank for rank, group in enumerate(groups) for value in group}
    return {
        "type": kind,
        "unit": unit,
        "values": list(ranks),
        "ranks": ranks if separator == " < " else None,
        "changeable": "!" in marks,
        "private": "?" in marks,
    }


def test_the_facts_are_those_of_the_contract() -> None:
    assert FACTS.keys() == AGREED.keys()


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_each_fact_is_as_agreed(fact: Fact) -> None:
    ordered = None if fact.ranks is None else sorted(set(fact.ranks.values()))
    ranks = None if ordered is None or fact.ranks is None else {v: ordered.index(r) for v, r in fact.ranks.items()}
    found = {name: getattr(fact, name) for name in ("type", "unit", "changeable", "private")}
    assert {**found, "values": list(fact.values), "ranks": ranks} == agreed(AGREED[fact.path])


def test_what_can_be_changed_is_neither_private_nor_past() -> None:
    """What an applicant may still do otherwise: never a day, a name, or what a person has learnt."""
    changeable = [fact for fact in FACTS.values() if fact.changeable]
    assert changeable
    for fact in changeable:
        assert not fact.private
        assert fact.type in ("wahrheitswert", "auswahlliste", "dezimal")
        assert fact.scope in ("antrag", "stelle")
    assert all(fact.type == "text" for fact in FACTS.values() if fact.private)


LISTS_OF_A_FUNDING = {
    "mitglieder": "rahmenmitglied",
    "stellen": "foerderstelle",
    "bewilligungen": "bewilligung",
    "bewilligungen.positionen": "bescheidposition",
    "beschaeftigungen": "beschaeftigung",
    "beschaeftigungen.entgelt_unterbrochen": "unterbrechung",
    "auszahlungen": "auszahlung",
    "vorlagen": "vorlage",
}


def test_the_parts_hold_the_facts() -> None:
    assert {path: part.prefix for path, part in PARTS.items() if part.series is None} == {
        "foerderung": "foerderung",
        "foerderung.antragsteller": "foerderung.antragsteller",
        **{f"foerderung.{path}": prefix for path, prefix in LISTS_OF_A_FUNDING.items()},
        "antrag": "antrag",
        "person": "person",
        "antrag.antragsteller": "antrag.antragsteller",
        "antrag.mitglieder": "mitglied",
        "antrag.stellen": "stelle",
    }
    funding = {f"foerderung.{path}" for path in LISTS_OF_A_FUNDING}
    lists = {path for path, part in PARTS.items() if part.many and part.series is None}
    assert lists == {"antrag.mitglieder", "antrag.stellen", *funding}
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


def test_a_private_value_is_not_in_the_repr() -> None:
    case = Case(antrag=Antrag(antragsteller=Antragsteller(name="Erika"), stellen=(Stelle(bezeichnung="Musterfrau"),)))
    assert "Erika" not in repr(case)
    assert "Musterfrau" not in repr(case)
    with pytest.raises(CaseError) as caught:
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


@pytest.mark.parametrize("model", [Case, toy().case])
def test_the_json_schema_describes_every_field_in_german(model: type[CasePart]) -> None:
    schema = model.model_json_schema()
    for name, part in {**schema["$defs"], "Fall": schema}.items():
        assert part["additionalProperties"] is False, name
        assert part["description"]
        for field in part["properties"].values():
            assert field["description"].endswith(".")
            assert field["title"] == field["x-titel"]["de"]
            assert field["x-frage"]["de"].endswith("?")


def test_the_json_schema_says_forms_units_and_words() -> None:
    schema = Case.model_json_schema()
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
    used = {message(kind).code for kind in catalogue("faults")}
    assert used <= {*codes("case"), *codes("rules"), *codes("tables"), *codes("requests")}
    assert codes("case").keys() <= used
    assert all(title.de and title.en for title in codes("case").values())
    assert list(codes("case")) == sorted(codes("case"))
