"""JSON Schemas: of a case, of each document that is printed or answered, and of each kind of rule file.

Those of conditions and computations come from the table of comparisons and operations; every key has a German text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from vwv_im.lang.parsing import FACT, NAME
from vwv_im.lang.table import COMPARISONS, OVER, WRITTEN, Comparison, Operation
from vwv_im.law.model import ActFile, NewItem, OpenQuestionsFile, ReadingsFile, SourcesFile, SubjectFile
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.law.vocabulary import Sachverhalt, SchemaFile
from vwv_im.publish.json_schema import Schema, Schemas, changed, opened
from vwv_im.text import read_yaml
from vwv_im.text.json_object import CONTRACT, JsonDocument

DOCUMENTS: Mapping[str, str] = {
    "decision": "decision.decision.Decision",
    "regulation": "publish.regulation_json.RegulationDocument",
    "needs": "decision.needs.Needs",
    "comparison": "decision.compare.Comparison",
    "counterfactuals": "decision.counterfactuals.Counterfactuals",
    "receipt": "decision.receipt.WholeReceipt",
    "periods": "programm.Periods",
    "amounts": "programm.Amounts",
    "refill": "programm.Refillings",
    "duties": "programm.Duties",
    "rules": "publish.catalogue.Catalogue",
    "synopsis": "review.synopsis.Synopsis",
    "proofs": "review.proofs.report.Proofs",
}
"""Every document by the name of its schema, and its class, which is loaded when it is asked for."""
_FILES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "akt": ("Akt mit seinen Änderungen", ActFile),
    "gegenstand": ("Gegenstand der Stammfassung", SubjectFile),
    "quellen": ("Verzeichnis der Quellen", SourcesFile),
    "auslegungen": ("Streitige Punkte", ReadingsFile),
    "offene_fragen": ("Offene Fragen", OpenQuestionsFile),
    "pruefschema": ("Fragen und Reihenfolge der Prüfung", SchemaFile),
    "sachverhalt": ("Was ein Fall angeben kann", Sachverhalt),
}
RULE_FILES = tuple(_FILES)
"""The kinds of rule files."""
SCHEMAS = ("case", *DOCUMENTS, *RULE_FILES)
"""The names of all schemas."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(name: str, law: Regulation | None = None) -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12): of a `case`, of a document such as `decision`, or of a kind of rule file.

    They name the entities, units and questions of a regulation, by default the library's own. The schemas of documents
    are open: what reads a document ignores keys that it does not know. Those of rule files explain every key in German,
    for editors. Raises `KeyError` for an unknown name; `SCHEMAS` lists them.

    >>> schema_of("decision")["title"]
    'DecisionDocument'
    >>> schema_of("gegenstand")["$defs"]["Parameter"]["properties"]["wert"]["description"]
    'Der Wert; null, wo ihn keine Quelle nennt.'
    """
    law = law or regulation()
    if name == "case":
        return {"$schema": _DIALECT, **TypeAdapter(law.case).json_schema()}
    if name in _FILES:
        title, model = _FILES[name]
        form = with_forms(_explained(model))
        return {"$schema": _DIALECT, "title": title, **(form if model is Sachverhalt else with_names(form, law))}
    of_document = with_names(_of_document(DOCUMENTS[name]), law)
    return {"$schema": _DIALECT, "$id": f"urn:vwv-im:schema:{CONTRACT}:{name}", **of_document}


def with_names(schema: Schema, law: Regulation) -> Schema:
    """Return a schema in which what names an entity, a unit or a question lists those that a regulation has.

    >>> with_names({"properties": {"question": {"type": "string"}}}, regulation())["properties"]["question"]["enum"][0]
    'antrag'
    """
    words, questions = law.vocabulary, list(law.questions)
    entities = [entity.name for entity in words.entities.values() if entity.own]
    roots = [entity.name for entity in words.roots]
    names = {
        "bezug": entities,
        "wurzel": roots,
        "einheit": list(words.units),
        "frage": questions,
        "question": questions,
    }

    def listed(key: str, node: Schema) -> Schema:
        if key == "pruefschema" and node.get("type") == "object":
            return {**node, "propertyNames": {"enum": questions}}
        if key == "ergibt":
            return {**node, "pattern": rf"^({'|'.join(entities)})(\.[a-z][a-z0-9_]*)+$"}
        if "anyOf" in node and key in names:
            return {**node, "anyOf": [listed(key, part) for part in node["anyOf"]]}
        if node.get("type") != "string" or key not in names:
            return node
        return {"enum": names[key], **{word: part for word, part in node.items() if word != "pattern"}}

    def named(node: Schema) -> Schema:
        properties = node.get("properties")
        if not isinstance(properties, dict):
            return node
        return {**node, "properties": {key: listed(key, part) for key, part in properties.items()}}

    whole: Schema = changed(schema, named)
    return whole


def _of_document(path: str) -> Schema:
    module, _, name = path.rpartition(".")
    document = getattr(import_module(f"vwv_im.{module}"), name)
    if not issubclass(document, JsonDocument):
        found: Schema = opened(with_forms(TypeAdapter(document).json_schema()))
        return found
    schemas = Schemas()
    schemas.of(document)
    return {**schemas.named.pop(document.schema_name), "$defs": schemas.named}


@cache
def hovers() -> Mapping[str, Mapping[str, str]]:
    """Return what an editor shows in German over the keys of rule files, by the name of the model, then by key."""
    found: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("hovers.yaml")).data
    return found


def _explained(model: type[BaseModel]) -> Schema:
    """Return the schema of a rule file with a German text on every key, and no English ones."""
    models: list[type[BaseModel]] = [model, *([NewItem] if model is ActFile else [])]
    _, whole = models_json_schema([(part, "validation") for part in models])
    parts: Schema = whole["$defs"]
    for name, part in parts.items():
        del part["description"]  # an editor would show it instead of what the key means
        for key, text in hovers().get(name, {}).items():
            part["properties"][key]["description"] = text
    if "Operation" in parts:
        parts["Operation"]["allOf"] = [_INSERTS]
    bare: Schema = changed({"$defs": parts, "$ref": f"#/$defs/{model.__name__}"}, _as_editors_expect)
    return bare


_INSERTS: Schema = {
    "if": {"properties": {"op": {"const": "fuege_ein"}}},
    "then": {"properties": {"neu": {"$ref": "#/$defs/NewItem"}}},
}


def _as_editors_expect(node: Schema) -> Schema:
    """Drop the titles that pydantic makes of names, and let alternatives overlap."""
    titled = isinstance(node.get("title"), str)
    return {"anyOf" if key == "oneOf" else key: part for key, part in node.items() if not (key == "title" and titled)}


def write_schemas(directory: Path, law: Regulation | None = None) -> None:
    """Write all schemas into `directory`: `<name>.json` for editors, those of documents below the contract's number."""
    (directory / CONTRACT).mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        place = f"{CONTRACT}/{name}.json" if name in DOCUMENTS else f"{name}.json"
        text = json.dumps(schema_of(name, law), ensure_ascii=False, indent=2)
        (directory / place).write_text(f"{text}\n", "utf-8")


def decision_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Decision.to_dict()`.

    >>> decision_schema()["title"]
    'DecisionDocument'
    """
    return schema_of("decision")


_SCALAR: Schema = {"type": ["boolean", "integer", "number", "string"]}
_EXPRESSION, _CONDITION = {"$ref": "#/$defs/Expression"}, {"$ref": "#/$defs/Condition"}
_PARAMETER, _FACT = {"$ref": "#/$defs/ParameterRef"}, {"$ref": "#/$defs/FactRef"}
_LISTED: Schema = {"anyOf": [_PARAMETER, _SCALAR]}
_CALL: Schema = {
    "type": "object",
    "description": "Eine Formel aus `formeln` dieser Datei; nur für sich unter `rechne`.",
    "properties": {"formel": {"type": "string", "pattern": NAME}},
    "required": ["formel"],
    "additionalProperties": _EXPRESSION,
}
_COMPOUNDS = {"alle": "alle müssen gelten", "eine": "mindestens eine muss gelten"}
_FACT_TEXT = "Pfad eines Fakts: seine Entität, ein Punkt, sein Name."


def form_definitions() -> dict[str, Schema]:
    """Return the definitions of `Condition` and `Expression` and of what they consist of."""
    named = {"ParameterRef": _object({"parameter": _name("Name eines Parameters.")}), "FactRef": _object(_fact())}
    forms = [_PARAMETER, _FACT, *map(_operation, WRITTEN.values()), *(_over(key, one) for key, one in OVER.items())]
    return {
        **named,
        "Atom": _atom(),
        "Condition": {"anyOf": [*_compounds(), _reading(), {"$ref": "#/$defs/Atom"}]},
        "Expression": {"anyOf": [*forms, _CALL, _SCALAR]},
    }


def _object(properties: Mapping[str, Schema], required: tuple[str, ...] | None = None) -> Schema:
    needed = list(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": needed, "additionalProperties": False}


def _name(text: str) -> Schema:
    return {"type": "string", "pattern": NAME, "description": text}


def _fact() -> dict[str, Schema]:
    return {"fakt": {"type": "string", "pattern": FACT, "description": _FACT_TEXT}}


def _compounds() -> list[Schema]:
    several = {"type": "array", "items": _CONDITION, "minItems": 1}
    found = [_object({key: {**several, "description": text}}) for key, text in _COMPOUNDS.items()]
    return [*found, _object({"nicht": {**_CONDITION, "description": "darf nicht gelten"}})]


def _reading() -> Schema:
    point = _name("Name einer Auslegungsfrage in auslegungen.yaml.")
    return _object({"auslegung": point, "ist": _name("Die Lesart, die gelten muss.")})


def _atom() -> Schema:
    comparisons = {name: {**_operand(how), "description": how.hover} for name, how in COMPARISONS.items()}
    return {**_object({**_fact(), **comparisons}, ("fakt",)), "minProperties": 2, "maxProperties": 2}


def _operand(how: Comparison) -> Schema:
    several: Schema = {"type": "array", "items": _LISTED}
    if how.shape == "many":
        return {**several, "minItems": 1}
    return {"anyOf": [_PARAMETER, _FACT, _SCALAR, *([several] if how.of_lists else [])]}


def _operation(ways: tuple[Operation, ...]) -> Schema:
    one = ways[0]
    inner = _listed(one) if one.listed else {"anyOf": [_keyed(way) for way in ways]} if one.keys else _EXPRESSION
    beside = {
        key: {"enum": list(dict.fromkeys(way.fixed[key] for way in ways)), "description": _BESIDE[key]}
        for key in one.fixed
    }
    needed = (one.written, *(key for key in beside if key not in one.defaults))
    return _object({one.written: {**inner, "description": one.hover}, **beside}, needed)


_BESIDE = {"auf": "Auf den Euro oder auf den Cent.", "art": "Immer kaufmaennisch."}


def _listed(one: Operation) -> Schema:
    size: Schema = {"minItems": 1} if one.arity is None else {"minItems": one.arity, "maxItems": one.arity}
    return {"type": "array", "items": _EXPRESSION, **size}


def _keyed(way: Operation) -> Schema:
    return _object({key: {**_EXPRESSION, "description": text} for key, text in way.keys.items()})


def _over(key: str, one: Operation) -> Schema:
    return _object({key: _name(one.over or ""), "wert": {**_EXPRESSION, "description": "Was je Eintrag zählt."}})


def with_forms(schema: Schema) -> Schema:
    """Return a schema in which each `x-form` refers to the definition of that form; these are added where needed.

    >>> with_forms({"properties": {"wenn": {"x-form": "Condition"}}})["properties"]
    {'wenn': {'$ref': '#/$defs/Condition'}}
    """
    found: set[str] = set()

    def referred(node: Schema) -> Schema:
        if "x-form" not in node:
            return node
        found.add(node["x-form"])
        return {"$ref": f"#/$defs/{node['x-form']}", **{key: part for key, part in node.items() if key != "x-form"}}

    whole: Schema = changed(schema, referred)
    return {**whole, "$defs": {**whole.get("$defs", {}), **form_definitions()}} if found else whole
