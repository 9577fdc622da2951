"""JSON Schemas: of a case, of each document that is printed or answered, and of each kind of rule file.

Those of conditions and computations come from the table of comparisons and operations; every key has a German text.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from vwv_im.lang.parsing import FACT, NAME
from vwv_im.lang.table import COMPARISONS, OVER, WRITTEN, Comparator, Operation
from vwv_im.law.evidence import SourcesFile
from vwv_im.law.examination import ExaminationFile
from vwv_im.law.list_file import Listendatei
from vwv_im.law.model import ActFile, NewItem, ReadingsFile, SubjectFile
from vwv_im.law.register import ApprovalsFile, OpenQuestionsFile, StatementsFile
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.law.vocabulary_file import Sachverhalt
from vwv_im.text import CONTRACT, JsonDocument, JsonObject, Text, make_folder, read_yaml, write_file
from vwv_im.text.json_object import IN_ONE_LANGUAGE, is_a, keys_of

Schema = dict[str, Any]
_TEXT = {
    "title": "TextDocument",
    "description": "A text in both languages.",
    "type": "object",
    "properties": {"de": {"type": "string"}, "en": {"type": "string"}},
    "required": ["de", "en"],
}
_WRITTEN_FORMS: Mapping[Any, Schema] = {Decimal: {"pattern": r"^-?\d+(\.\d+)?$"}, date: {"format": "date"}}
DOCUMENTS: Mapping[str, str] = {
    "decision": "decision.decision.Decision",
    "short-decision": "decision.short.ShortDecision",
    "regulation": "publish.regulation_json.RegulationDocument",
    "needs": "decision.needs.Needs",
    "comparison": "decision.compare.Comparison",
    "counterfactuals": "decision.counterfactuals.Counterfactuals",
    "receipt": "decision.decision.WholeReceipt",
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
    "aussagen": ("Was die Quellen sagen", StatementsFile),
    "freigaben": ("Freigaben", ApprovalsFile),
    "pruefschema": ("Fragen und Reihenfolge der Prüfung", ExaminationFile),
    "sachverhalt": ("Was ein Fall angeben kann", Sachverhalt),
    "liste": ("Liste von Namen", Listendatei),
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
    head = {"$schema": _DIALECT, "$id": f"urn:vwv-im:schema:{CONTRACT}:{name}"}
    if name == "case":
        return {**head, **TypeAdapter(law.case).json_schema()}
    if name in _FILES:
        title, model = _FILES[name]
        form = with_forms(_with_hovers(model))
        return {**head, "title": title, **(form if model is Sachverhalt else with_names(form, law))}
    return {**head, **with_names(_of_document(DOCUMENTS[name]), law)}


def with_names(schema: Schema, law: Regulation) -> Schema:
    """Return a schema in which what names an entity, a unit or a question lists those that a regulation has.

    >>> with_names({"properties": {"question": {"type": "string"}}}, regulation())["properties"]["question"]["enum"][0]
    'antrag'
    """
    words, asked = law.vocabulary, list(law.questions)
    entities = [entity.name for entity in words.entities.values() if entity.own]
    roots = [entity.name for entity in words.roots]
    names = {"bezug": entities, "wurzel": roots, "einheit": list(words.units), "frage": asked, "question": asked}

    def listed(key: str, node: Schema) -> Schema:
        if key == "pruefschema" and node.get("type") == "object":
            return {**node, "propertyNames": {"enum": asked}}
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

    whole: Schema = map_schema(schema, named)
    return whole


def _of_document(path: str) -> Schema:
    module, _, name = path.rpartition(".")
    document = getattr(import_module(f"vwv_im.{module}"), name)
    if not issubclass(document, JsonDocument):
        found: Schema = open_schema(with_forms(TypeAdapter(document).json_schema()))
        return found
    schemas = Schemas()
    schemas.of(document)
    return {**schemas.named.pop(document.schema_name), "$defs": schemas.named}


@cache
def hovers() -> Mapping[str, Mapping[str, str]]:
    """Return what an editor shows in German over the keys of rule files, by the name of the model, then by key."""
    found: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("hovers.yaml")).data
    return found


def _with_hovers(model: type[BaseModel]) -> Schema:
    """Return the schema of a rule file with a German text on every key, and no English ones."""
    models: list[type[BaseModel]] = [model, *([NewItem] if model is ActFile else [])]
    _, whole = models_json_schema([(part, "validation") for part in models])
    parts: Schema = whole["$defs"]
    for name, part in parts.items():
        del part["description"]  # an editor would show it instead of what the key means
        if {"titel", "beleg"} <= part["properties"].keys() and (model is ActFile or name == "Ableitung"):
            part["required"].remove("beleg")  # inherited of the operation, or of the formula
        for key, text in hovers().get(name, {}).items():
            part["properties"][key]["description"] = text
    if "AmendingOperation" in parts:
        parts["AmendingOperation"]["allOf"] = [_INSERTS]
    bare: Schema = map_schema({"$defs": parts, "$ref": f"#/$defs/{model.__name__}"}, _as_editors_expect)
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
    make_folder(directory / CONTRACT)
    for name in SCHEMAS:
        place = f"{CONTRACT}/{name}.json" if name in DOCUMENTS else f"{name}.json"
        text = json.dumps(schema_of(name, law), ensure_ascii=False, indent=2)
        write_file(directory / place, f"{text}\n")


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
    "description": "Eine Formel aus `formeln` dieser Datei.",
    "properties": {"formel": {"type": "string", "pattern": NAME}},
    "required": ["formel"],
    "additionalProperties": _EXPRESSION,
}
_COMPOUNDS = {"alle": "alle müssen gelten", "eine": "mindestens eine muss gelten"}
_FACT_KEY: Mapping[str, Schema] = {
    "fakt": {"type": "string", "pattern": FACT, "description": "Pfad eines Fakts: seine Entität, ein Punkt, sein Name."}
}


def form_definitions() -> dict[str, Schema]:
    """Return the definitions of `Condition` and `Expression` and of what they consist of."""
    named = {"ParameterRef": _object({"parameter": _name("Name eines Parameters.")}), "FactRef": _object(_FACT_KEY)}
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


def _compounds() -> list[Schema]:
    several = {"type": "array", "items": _CONDITION, "minItems": 1}
    found = [_object({key: {**several, "description": text}}) for key, text in _COMPOUNDS.items()]
    return [*found, _object({"nicht": {**_CONDITION, "description": "darf nicht gelten"}})]


def _reading() -> Schema:
    point = _name("Name einer Auslegungsfrage in auslegungen.yaml.")
    return _object({"auslegung": point, "ist": _name("Die Lesart, die gelten muss.")})


def _atom() -> Schema:
    comparisons = {name: {**_operand(how), "description": how.hover} for name, how in COMPARISONS.items()}
    return {**_object({**_FACT_KEY, **comparisons}, ("fakt",)), "minProperties": 2, "maxProperties": 2}


def _operand(how: Comparator) -> Schema:
    several: Schema = {"type": "array", "items": _LISTED}
    if how.shape == "many":
        return {**several, "minItems": 1}
    return {"anyOf": [_PARAMETER, _FACT, _SCALAR, *([several] if how.of_lists else [])]}


def _operation(ways: tuple[Operation, ...]) -> Schema:
    one = ways[0]
    inner: Schema = _EXPRESSION
    if one.listed:
        inner = _operand_list(one)
    elif one.keys:
        keyed = [{key: {**_EXPRESSION, "description": text} for key, text in way.keys.items()} for way in ways]
        if "tabelle" in one.keys:  # a rule file names a list; when it is read, a table stands for it
            keyed.append({key: part for key, part in keyed[0].items() if key != "tabelle"} | _LOOK_UP)
        inner = {"anyOf": list(map(_object, keyed))}
    beside = {
        key: {"enum": list(dict.fromkeys(way.fixed[key] for way in ways)), "description": _BESIDE[key]}
        for key in one.fixed
    }
    needed = (one.written, *(key for key in beside if key not in one.defaults))
    return _object({one.written: {**inner, "description": one.hover}, **beside}, needed)


_LOOK_UP = {"liste": _name("Die Liste."), "ist": _name("Was der Text ist."), "dann": _name("Was der Wert ist.")}
_BESIDE = {"auf": "Auf den Euro oder auf den Cent.", "art": "Immer kaufmaennisch."}


def _operand_list(one: Operation) -> Schema:
    most = {} if one.arity is None else {"maxItems": one.arity}
    return {"type": "array", "items": _EXPRESSION, "minItems": one.arity or 1, **most}


def _over(key: str, one: Operation) -> Schema:
    said = {"wert": "Was je Eintrag zählt.", "wo": "Welche Einträge zählen.", "leer": "Was gilt, wo keiner zählt."}
    forms = dict.fromkeys(said, _EXPRESSION) | {"wo": _CONDITION}
    parts = {name: {**forms[name], "description": told} for name, told in said.items()}
    return _object({key: _name(one.over or ""), **parts}, (key, "wert"))


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

    whole: Schema = map_schema(schema, referred)
    return {**whole, "$defs": {**whole.get("$defs", {}), **form_definitions()}} if found else whole


class Schemas:
    """The schemas of JSON objects by their names, each once; an unknown key fits all of them.

    `ref` is the address of a schema, with `{model}` for its name.

    >>> from vwv_im.decision.missing import Missing
    >>> schemas = Schemas()
    >>> schemas.of(Missing)
    {'$ref': '#/$defs/MissingDocument'}
    >>> list(schemas.named)
    ['MissingDocument', 'TextDocument']
    """

    def __init__(self, ref: str = "#/$defs/{model}") -> None:
        self.ref = ref
        self.named: dict[str, Schema] = {}
        self._owners: dict[str, object] = {}

    def of(self, hint: Any) -> Schema:
        """Return the schema of a type, and keep those of the objects in it under their names.

        Raises `ValueError` where two classes have the same name.
        """
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated and IN_ONE_LANGUAGE in arguments:
            return {"type": "string"}
        if origin is Annotated:
            said = next((mark for mark in arguments if isinstance(mark, str)), None)
            return {**self.of(arguments[0]), **({"description": said} if said else {})}
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(part) for part in arguments]}
        if origin in (tuple, list) and arguments[-1] in (Ellipsis, arguments[0]):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is tuple:
            return {"type": "array", "prefixItems": [self.of(part) for part in arguments]}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1]) or True}
        return self._class(hint)

    def _class(self, hint: Any) -> Schema:
        if is_a(hint, JsonObject):
            return self._define(hint.schema_name, hint, lambda: self._object(hint))
        if is_a(hint, Text):
            return self._define("TextDocument", hint, lambda: _TEXT)
        if is_a(hint, Enum):
            values = [member.value for member in hint]
            return self._define(hint.__name__, hint, lambda: {**_head(hint, ""), "type": "string", "enum": values})
        if is_a(hint, BaseModel):
            return self._define(hint.__name__, hint, lambda: open_schema(hint.model_json_schema(ref_template=self.ref)))
        form = _WRITTEN_FORMS.get(hint)
        return {"type": "string", **form} if form else TypeAdapter(hint).json_schema()

    def _define(self, name: str, owner: object, schema: Callable[[], Schema]) -> Schema:
        if self._owners.setdefault(name, owner) is not owner:
            raise ValueError(f"two classes are called {name}")
        if name not in self.named:
            self.named[name] = {}  # an object may hold others of its own kind
            self.named[name] |= schema()
        return {"$ref": self.ref.format(model=name)}

    def _object(self, cls: type[JsonObject]) -> Schema:
        keys = keys_of(cls)
        properties = {
            key.name: {**self.of(key.type), **({"description": key.meaning} if key.meaning else {})} for key in keys
        }
        required = [key.name for key in keys if not key.optional]
        return {**_head(cls, cls.schema_name), "type": "object", "properties": properties, "required": required}


def _head(cls: type, name: str) -> Schema:
    """Return how a schema is called, and the first paragraph of what is said about it."""
    meaning = " ".join((getdoc(cls) or "").partition("\n\n")[0].split())
    return {"title": name or cls.__name__, "description": meaning.replace("`None`", "null")}


def open_schema(schema: Any) -> Any:
    """Return a schema that takes keys it does not know.

    >>> open_schema({"items": [{"type": "object", "additionalProperties": False}]})
    {'items': [{'type': 'object'}]}
    """
    closed = ("additionalProperties", False)
    return map_schema(schema, lambda node: {key: part for key, part in node.items() if (key, part) != closed})


def map_schema(node: Any, change: Callable[[Schema], Schema]) -> Any:
    """Return a schema with every object in it as `change` makes it, from the outside in."""
    if isinstance(node, list):
        return [map_schema(part, change) for part in node]
    return {key: map_schema(part, change) for key, part in change(node).items()} if isinstance(node, dict) else node
