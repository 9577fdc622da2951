"""The regulation as JSON: valid by its schema, exact, and the same when read again."""

from __future__ import annotations

import json
from decimal import Decimal

import jsonschema
import pytest
from pydantic import ValidationError

from support import TOY
from vwv_im.law.model import Parameter
from vwv_im.law.regulation import Regulation, load_regulation, regulation
from vwv_im.publish.regulation_json import read_regulation_json, regulation_document
from vwv_im.publish.schemas import schema_of

LAWS = pytest.mark.parametrize("law", [regulation(), load_regulation(TOY)], ids=["vwv-im", "toy"])


@LAWS
def test_what_is_written_can_be_read_and_is_the_same(law: Regulation) -> None:
    document = regulation_document(law)
    assert read_regulation_json(document.to_json()) == document


@LAWS
def test_it_is_valid_by_its_published_schema(law: Regulation) -> None:
    schema = schema_of("regulation", law)
    jsonschema.Draft202012Validator(schema).validate(json.loads(regulation_document(law).to_json()))


def test_every_item_of_every_fassung_is_there() -> None:
    law = regulation()
    for fassung, entry in zip(law.states, regulation_document(law).fassungen, strict=True):
        told = (entry.widersprueche, entry.plausibilitaeten)
        kinds = (entry.parameter, entry.ableitungen, entry.regeln, *told, entry.pflichten, entry.vermerke)
        found = [(item.kennung, item.akt, item.eintrag) for items in kinds for item in items]
        assert found == [(item.id, item.act, item.model) for item in fassung]


def test_every_operation_has_the_name_that_compare_gives_as_a_cause() -> None:
    law = regulation()
    found = [step.kennung for act in regulation_document(law).akte for step in act.aenderungen]
    assert found == [str(operation) for operation in law.operations]


def test_numbers_are_exact() -> None:
    data = json.loads(regulation_document(regulation()).to_json(), parse_float=Decimal)
    written = {item["kennung"]: item["eintrag"]["wert"] for item in data["fassungen"][0]["parameter"]}
    law = {item.id: item.model for item in regulation().fassungen[0] if isinstance(item.model, Parameter)}
    assert written == {name: model.wert for name, model in law.items()}


def test_a_fassung_ends_where_the_next_begins() -> None:
    spans = [
        (entry.gilt_ab, entry.gilt_bis) for entry in regulation_document(regulation()).fassungen if not entry.erlasse
    ]
    assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]


def test_sources_readings_questions_and_files_are_there() -> None:
    law, document = regulation(), regulation_document(regulation())
    assert [source.id for source in document.quellen] == list(law.sources)
    assert [reading.id for reading in document.auslegungen] == list(law.readings)
    assert [question.id for question in document.offene_fragen] == list(law.open_questions)
    assert [said.id for said in document.aussagen or ()] == list(law.statements)
    assert [one.id for one in document.wortlaut or ()] == list(law.wordings)
    assert document.freigaben == ()
    assert document.dateien == law.hashes
    assert document.pruefschema["antrag"] == law.questions["antrag"].pruefung
    assert document.fragen is not None
    assert {name: question.wurzel for name, question in document.fragen.items()} == {
        name: question.wurzel for name, question in law.questions.items()
    }
    assert document.sachverhalt is not None
    assert list(document.sachverhalt.entitaeten) == list(law.vocabulary.entities)


def test_another_form_is_refused() -> None:
    data = json.loads(regulation_document(regulation()).to_json()) | {"form": "anderes"}
    with pytest.raises(ValidationError):
        read_regulation_json(json.dumps(data))
