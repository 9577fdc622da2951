"""The contract of what is printed as JSON: documents fit their schemas, contract 1.0 stays, and each says its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support import EXAMPLES, ROOT, TESTS, TOY
from vwv_im import compare, counterfactuals, evaluate, evaluate_many, needs, regulation
from vwv_im.decision.reason import ConditionResult
from vwv_im.lang.truth import Verdict
from vwv_im.publish.regulation_json import regulation_document
from vwv_im.publish.schemas import DOCUMENTS, Schemas, schema_of, write_schemas
from vwv_im.review.corpus import corpus
from vwv_im.review.synopsis import synopsis
from vwv_im.text import Text
from vwv_im.text.json_object import CONTRACT, JsonDocument, JsonObject, Sentence

BERGLEN = EXAMPLES / "berglen.yaml"
ON = "2018-06-01"
RECORDED = sorted((TESTS / "cli" / "contract-1.0").glob("*.json"))
"""What version 8f219df wrote, before documents named their contract."""
CASES = corpus()[::9]


def closed(node: Any) -> Any:
    """Return a schema that takes no key it does not declare: what we write is to be declared whole."""
    if isinstance(node, list):
        return [closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: closed(part) for key, part in node.items()}
    return {**found, "additionalProperties": False} if isinstance(node.get("properties"), dict) else found


def check(name: str, document: Any) -> None:
    check_by(schema_of(name), document)


def check_by(schema: dict[str, Any], document: Any) -> None:
    errors = Draft202012Validator(closed({**schema, "$id": "urn:vwv-im:closed"})).iter_errors(
        json.loads(json.dumps(document))
    )
    assert not [f"{error.json_path}: {error.message[:200]}" for error in errors]
    assert document["contract"] == CONTRACT


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_decision_declares_every_key_it_writes(case) -> None:
    check("decision", case.decide().to_dict())


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("on", ["2016-01-01", "2020-06-01", "2024-01-01"])
def test_a_decision_fits_whatever_the_day_and_the_language(on: str, lang: Any) -> None:
    check("decision", evaluate(BERGLEN, on=on, engine="direct").to_dict(lang))


def test_a_contradiction_fits() -> None:
    case = {"antrag": {"veroeffentlichter_planungsrahmen_eur": 1, "gezaehlte_personen": 166, "stellen": [{}]}}
    decision = evaluate(case, on=ON, engine="direct")
    assert decision.contradictions
    check("decision", decision.to_dict())


def test_the_other_documents_declare_every_key_they_write() -> None:
    check("needs", needs(BERGLEN, on=ON).to_dict())
    check("counterfactuals", counterfactuals(EXAMPLES / "neukirch.yaml", on=ON).to_dict())
    check("comparison", compare(EXAMPLES / "neukirch.yaml", on="2020-06-01").to_dict())
    check("receipt", evaluate(BERGLEN, on=ON, engine="direct").receipt.document())
    check("synopsis", synopsis(regulation(), "2020-11-11", cases=CASES).to_dict())
    check("regulation", json.loads(regulation_document(regulation()).to_json()))


def test_brief_decisions_fit_also_where_a_case_is_faulty() -> None:
    for brief in evaluate_many([BERGLEN, {"antrag": {"art": 1}}], on=ON, faults="mark"):
        schemas = Schemas()
        schemas.of(type(brief))
        check_by({**schemas.named["BriefDecisionDocument"], "$defs": schemas.named}, brief.to_dict())


COMMANDS = {
    "evaluate": ("decision", ("evaluate", BERGLEN, "--on", ON)),
    "compare": ("comparison", ("compare", EXAMPLES / "neukirch.yaml", "--on", ON)),
    "needs": ("needs", ("needs", BERGLEN, "--on", ON)),
    "counterfactuals": ("counterfactuals", ("counterfactuals", BERGLEN, "--on", ON)),
    "periods": ("periods", ("periods", BERGLEN, "--on", ON)),
    "amounts": ("amounts", ("amounts", EXAMPLES / "tettnang.yaml", "--on", ON)),
    "refill": ("refill", ("refill", BERGLEN, "--on", ON)),
    "duties": ("duties", ("duties", BERGLEN, "--on", ON)),
    "rules": ("rules", ("rules", "--all")),
    "rules --open": ("rules", ("rules", "--open")),
    "synopsis": ("synopsis", ("synopsis", "2017-12-11")),
    "coverage": (None, ("coverage", "--missing")),
    "check": (None, ("check", ROOT / "rules")),
    "mutate": (None, ("mutate", "--only", "2023-06-06-nachfolge.yaml", "--jobs", "1")),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_prints_its_contract(name: str, cli) -> None:
    schema, arguments = COMMANDS[name]
    document = cli(*arguments, "--format", "json").document
    assert document["contract"] == CONTRACT
    if schema is not None:
        check(schema, document)


def test_a_proof_says_its_contract(cli) -> None:
    pytest.importorskip("z3", reason="the extra prove is not installed")
    ended = cli("prove", "--rules", TOY, "--kind", "table", "--jobs", "1", "--format", "json")
    check("proofs", ended.document)


def test_the_exported_regulation_and_the_receipt_say_their_contract(cli, tmp_path: Path) -> None:
    assert cli("export", "json").document["contract"] == CONTRACT
    path = tmp_path / "quittung.json"
    cli("evaluate", BERGLEN, "--on", ON, "--receipt", path)
    assert json.loads(path.read_text("utf-8"))["contract"] == CONTRACT


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_was_written_under_contract_1_0_fits_its_frozen_schema(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    schema = json.loads((ROOT / "schema" / "1.0" / f"{path.stem.partition('-')[0]}.json").read_text("utf-8"))
    assert schema["$id"] == f"urn:vwv-im:schema:1.0:{path.stem.partition('-')[0]}"
    Draft202012Validator(schema).validate(document)
    assert "contract" not in document


@pytest.mark.parametrize("path", [path for path in RECORDED if path.stem != "page"], ids=lambda path: path.stem)
def test_contract_1_1_adds_keys_and_changes_none(path: Path) -> None:
    """A reader of 1.0 that ignores unknown keys finds all it knows: the same keys, in the same order."""
    old = json.loads((ROOT / "schema" / "1.0" / f"{path.stem.partition('-')[0]}.json").read_text("utf-8"))
    new = schema_of(path.stem.partition("-")[0])
    assert set(old["properties"]) <= set(new["properties"])
    assert set(old.get("required", ())) <= set(new["required"])


def test_the_frozen_schemas_are_not_written_again(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {CONTRACT}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_schemas_of_documents_are_those_of_the_classes(name: str, tmp_path: Path) -> None:
    committed = json.loads((ROOT / "schema" / CONTRACT / f"{name}.json").read_text("utf-8"))
    assert committed == schema_of(name), "vwv-im schema --write schema"
    assert committed["$id"] == f"urn:vwv-im:schema:{CONTRACT}:{name}"
    assert not list(keys_below(committed, "additionalProperties", False))
    Draft202012Validator.check_schema(committed)


def keys_below(node: Any, key: str, value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping below `node` in which a key has a value."""
    if isinstance(node, dict):
        if node.get(key) is value:
            yield node
        for part in node.values():
            yield from keys_below(part, key, value)
    elif isinstance(node, list):
        for part in node:
            yield from keys_below(part, key, value)


# One description, both the JSON and the schema


@dataclass(frozen=True)
class Inner(JsonObject, schema="InnerDocument"):
    """A part."""

    name: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Outer(JsonDocument, schema="OuterDocument", keys="day:when pay text said parts by_name pair note?"):
    """A whole."""

    when: date | None
    pay: Decimal
    text: Text
    said: Sentence
    parts: tuple[Inner, ...]
    by_name: dict[str, Inner]
    pair: tuple[str, Decimal]
    note: tuple[Inner, ...] | None


def an_outer(**changes: Any) -> Outer:
    inner, text = Inner("a", Verdict.OPEN), Text("ja", "yes")
    stated = {"when": date(2018, 6, 1), "pay": Decimal("0.50"), "text": text, "said": text, "parts": (inner,)}
    return Outer(**{**stated, "by_name": {"x": inner}, "pair": ("b", Decimal(2)), "note": None, **changes})


def test_each_type_has_one_written_form() -> None:
    inner = {"name": "a", "verdict": "open"}
    assert an_outer().to_dict("en") == {
        "day": "2018-06-01",
        "pay": "0.5",
        "text": {"de": "ja", "en": "yes"},
        "said": "yes",
        "parts": [inner],
        "by_name": {"x": inner},
        "pair": ["b", "2"],
        "contract": CONTRACT,
    }
    bare = an_outer(when=None, note=(Inner("c", None),)).to_dict()
    assert (bare["day"], bare["note"], bare["said"]) == (None, [{"name": "c", "verdict": None}], "ja")


def test_the_schema_says_the_same() -> None:
    schemas = Schemas()
    schemas.of(Outer)
    outer = schemas.named["OuterDocument"]
    assert set(outer["required"]) == {"day", "pay", "text", "said", "parts", "by_name", "pair", "contract"}
    whole = {**closed(outer), "$defs": closed(schemas.named)}
    for document in (an_outer(), an_outer(when=None, note=())):
        Draft202012Validator(whole).validate(document.to_dict())
    wrong = [
        {**an_outer().to_dict(), **change} for change in ({"pay": 0.5}, {"day": "gestern"}, {"said": {"de": "ja"}})
    ]
    days = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert all(not days.is_valid(document) for document in wrong)


def test_a_subclass_does_not_inherit_the_writer_of_its_parent() -> None:
    @dataclass(frozen=True)
    class Longer(Inner, schema="LongerDocument"):
        """A part with more."""

        more: int = 1

    assert Inner("a", None).to_dict() == {"name": "a", "verdict": None}
    assert Longer("a", None).to_dict() == {"name": "a", "verdict": None, "more": 1}


def test_a_key_without_a_type_is_refused() -> None:
    class Unknown(JsonObject, schema="UnknownDocument", keys="nothing"):
        """Names a key that it has not."""

    with pytest.raises(TypeError, match=r"Unknown\.nothing"):
        Unknown().to_dict()


def test_two_classes_of_one_name_are_refused() -> None:
    class Other(JsonObject, schema=ConditionResult.schema_name):
        """Another part."""

    schemas = Schemas()
    schemas.of(ConditionResult)
    with pytest.raises(ValueError, match="PartDocument"):
        schemas.of(Other)
