"""The server and its page under other rules: other entities, lists in lists, other questions, nothing of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from support import TESTS, Edit, edited
from vwv_im import compare, evaluate, needs
from vwv_im.text import read_yaml
from vwv_im.text.values import plain
from vwv_im.web.server import create_app, warm_up
from vwv_im.web.settings import Settings

WORLD = TESTS / "welt" / "regeln"
ON = "1999-06-01"
CASE: dict[str, Any] = json.loads(json.dumps(read_yaml(TESTS / "welt" / "hof.yaml").data, default=str))


def client(rules: Path = WORLD, **limits: Any) -> TestClient:
    """Return a client of a server for the second world."""
    return TestClient(create_app(Settings(engine="direct", rules=str(rules), **limits)))


@pytest.fixture(scope="module")
def server() -> TestClient:
    return client()


def test_it_decides_as_the_library_does(server: TestClient) -> None:
    answer = server.post("/v1/decisions", json={"case": CASE, "on": ON})
    assert answer.json() == evaluate(CASE, on=ON, engine="direct", rules=WORLD).to_dict()
    assert answer.json()["question"] == "beihilfe"


def test_what_explains_is_that_of_the_library(server: TestClient) -> None:
    asked = {"case": {"hof": {"anlagen": [{"ablesungen": [{}]}]}}, "on": ON}
    found = server.post("/v1/needs", json=asked).json()
    assert found == json.loads(json.dumps(needs(asked["case"], on=ON, rules=WORLD).to_dict(), default=plain))
    assert "hof.anlagen[0].ablesungen[0].ablesetag" in {need["fact"] for need in found["needs"]}
    compared = server.post("/v1/comparisons", json={"case": CASE, "on": ON}).json()
    assert compared == json.loads(json.dumps(compare(CASE, on=ON, rules=WORLD).to_dict(), default=plain))


def test_every_question_can_be_asked(server: TestClient) -> None:
    asked = {"case": {"lehrling": {"lebensjahre": 20, "schwindelfrei": True}}, "on": ON, "question": "lehre"}
    assert server.post("/v1/decisions", json=asked).json()["verdict"] == "yes"
    refused = server.post("/v1/decisions", json={**asked, "question": "lere"}).json()["errors"]
    assert refused[0]["hint"]["de"] == "Meinten Sie 'lehre'? Möglich sind: beihilfe, lehre."


def test_the_vocabulary_tells_parts_in_parts_and_the_questions(server: TestClient) -> None:
    found = server.get("/v1/vocabulary").json()
    assert [(part["path"], part["entry"], part["least"]) for part in found["parts"]] == [
        ("hof", "hof", None),
        ("lehrling", "lehrling", None),
        ("hof.betreiber", "hof.betreiber", None),
        ("hof.anlagen", "anlage", 1),
        ("hof.anlagen.ablesungen", "ablesung", 0),
    ]
    assert [(question["id"], question["part"]) for question in found["questions"]] == [
        ("beihilfe", "hof"),
        ("lehre", "lehrling"),
    ]
    unit = {"name": "kW", "one": {"de": "kW", "en": "kW"}, "several": {"de": "kW", "en": "kW"}, "currency": None}
    assert unit in found["units"]


def test_faults_speak_of_its_own_parts(server: TestClient) -> None:
    told = {fault["path"]: fault["hint"]["de"] for fault in server.post("/v1/needs", json=CASE).json()["errors"]}
    assert '{"case": {"hof": {…}}' in told["hof"]
    assert told["case"] == 'Er steht unter "case", zum Beispiel {"hof": {}} oder {"lehrling": {}}.'
    faulty = {"hof": {"anlagen": [{"ablesungen": [{"menge_kwh": -1}]}]}}
    (fault,) = server.post("/v1/cases", json=faulty).json()["errors"]
    assert fault["path"] == "hof.anlagen[0].ablesungen[0].menge_kwh"


def test_many_entries_are_refused_however_they_are_spread() -> None:
    plants = [{"ablesungen": [{}, {}]}, {"ablesungen": [{}, {}]}]
    case = {"hof": {"anlagen": plants}}
    refused = client(posts=3).post("/v1/cases", json=case)
    assert (refused.status_code, refused.json()["detail"]) == (413, "Ablesungen: höchstens 3 je Anfrage.")
    assert client(posts=4).post("/v1/cases", json=case).status_code == 200


def test_the_description_and_the_schemas_are_of_its_own(server: TestClient) -> None:
    document = server.get("/v1/openapi.json").json()
    named = document["components"]["schemas"]
    assert {"Hof", "Anlage", "Ablesung", "Lehrling"} <= named.keys()
    assert named["Question"]["enum"] == ["beihilfe", "lehre"]
    assert {"$ref": "#/components/schemas/Question"} in named["DecisionRequest"]["properties"]["question"]["anyOf"]
    assert named["DecisionDocument"]["properties"]["question"]["$ref"].endswith("/Question")
    body = document["paths"]["/v1/decisions"]["post"]["requestBody"]["content"]["application/json"]
    assert server.post("/v1/decisions", json=body["example"]).status_code == 200
    Draft202012Validator(server.get("/v1/schema/case").json()).validate(CASE)
    assert not {"Antrag", "Stelle"} & named.keys()


def test_the_page_bears_its_name_and_asks_its_questions(server: TestClient) -> None:
    page = server.get("/").text
    assert "<h1>Talordnung über die Wasserkraft prüfen</h1>" in page
    assert '<input type="radio" name="question" value="beihilfe" checked> Bekommt der Hof eine Beihilfe?' in page
    assert '<input type="radio" name="question" value="lehre"> Darf der Lehrling anfangen?' in page
    assert "{{" not in page


NEW_FACT = """\
      gefaelle_m:
        titel: {de: Gefälle, en: Head}
        frage: {de: Welches Gefälle hat die Anlage?, en: What is the head of the plant?}
        hilfe: Das Gefälle in Metern.
        typ: dezimal
        einheit: Meter
      fischtreppe:
"""
NEW_UNIT = """\
einheiten:
  Meter:
    eins: {de: m, en: m}
    mehrere: {de: m, en: m}
    hoechstens: 500
    nachkommastellen: 1
"""
NEW_ENTITY = """\
  rohr:
    teil_von: anlage
    liste: rohre
    titel: {de: Rohr, en: pipe}
    mehrzahl: {de: Rohre, en: Pipes}
    frage: {de: Welche Rohre hat die Anlage?, en: Which pipes does the plant have?}
    beschreibung: Ein Rohr, das Wasser zur Anlage führt.
    hilfe: Alle Rohre der Anlage.
    angaben:
      verlegt_am:
        titel: {de: Tag der Verlegung, en: Day of laying}
        frage: {de: Wann wurde das Rohr verlegt?, en: When was the pipe laid?}
        hilfe: Der Tag, an dem das Rohr verlegt wurde.
        typ: datum
  lehrling:
"""


def test_a_fact_with_a_unit_and_an_entity_are_one_file_each(tmp_path: Path) -> None:
    file = "sachverhalt.yaml"
    edits = (Edit(file, "einheiten:\n", NEW_UNIT), Edit(file, "      fischtreppe:\n", NEW_FACT))
    server = client(edited(tmp_path, *edits, Edit(file, "  lehrling:\n", NEW_ENTITY), source=WORLD))
    found = server.get("/v1/vocabulary").json()
    assert ("hof.anlagen.rohre", "rohr") in {(part["path"], part["entry"]) for part in found["parts"]}
    assert ("anlage.gefaelle_m", "Meter") in {(fact["path"], fact["unit"]) for fact in found["facts"]}
    pipe = {"verlegt_am": "1998-06-01"}
    case = {"hof": {"anlagen": [{"gefaelle_m": "12.5", "rohre": [pipe]}]}}
    assert server.post("/v1/decisions", json={"case": case, "on": ON}).status_code == 200
    case["hof"]["anlagen"][0]["gefaelle_m"] = "600"
    assert [fault["code"] for fault in server.post("/v1/cases", json=case).json()["errors"]] == ["VIM115"]


def test_it_is_warmed_up_for_every_question(server: TestClient) -> None:
    warm_up(server.app.state.service.law)  # type: ignore[attr-defined]
