"""The description of the API (OpenAPI 3.1): from the routes and documents, with examples that are computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from vwv_im.case import CaseError
from vwv_im.case.source import ROOT, class_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.request import make_request
from vwv_im.law.regulation import Regulation
from vwv_im.publish.schemas import Schema, Schemas, map_schema, with_names
from vwv_im.web.describe import ANSWERS, COMPONENT
from vwv_im.web.problems import API
from vwv_im.web.request_body import keys_of

EXAMPLE: dict[str, Any] = API["example"]["case"]
"""A case for examples, under the library's own rules."""
ON: str = API["example"]["on"]
HERE = "http://127.0.0.1:8000"
"""Where `vwv-im serve` answers unless it is told otherwise."""
_READINGS = "Readings"
_METHODS = ("get", "post")
_SUFFIXES = ("Document", "Entry", "Request")


def example_of(law: Regulation) -> dict[str, Any]:
    """Return a case and a day for examples; of other rules than the library's, one that states nothing yet."""
    try:
        law.read_case(EXAMPLE)
    except CaseError:
        return {"case": {root_of(law, law.first_question): {}}, "on": law.acts[0].gilt_ab.spaetestens.isoformat()}
    return dict(API["example"])


def root_of(law: Regulation, question: str) -> str:
    """Return the part of a case that a question is about."""
    return law.vocabulary.entities[law.questions[question].wurzel].key


def describe(app: FastAPI, law: Regulation, posts: int, server: str) -> Schema:
    """Return the description of the app, with the schemas of all documents, and examples; `server` is its address."""
    document: Schema = deepcopy(FastAPI.openapi(app))
    document |= {"servers": [{"url": server}], "security": []}  # who may ask is up to the server before this one
    shown = example_of(law)
    decision = decide(law, law.read_case(shown["case"]), make_request(law, on=shown["on"], engine="direct"))
    bare = {ROOT: shown["case"], "ReceiptDocument": decision.receipt.document()}
    for operation in operations(document):
        if _of_framework(operation):
            operation["responses"].pop("422", None)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if model := content["schema"].get("$ref", "").rpartition("/")[2]:
                more = API["requests"].get(model, {}).get("example", {})
                content["example"] = bare.get(model) or {**shown, **more}
    route = document["paths"]["/v1/decisions"]["post"]["responses"]["200"]["content"]["application/json"]
    route["example"] = decision.to_dict()
    named = schemas(law, posts)
    _list_values(document, law)
    document["components"] = {"schemas": {**named, **_name_parameters(document, named)}}
    whole: Schema = {**document, **map_schema({key: document[key] for key in ("paths", "components")}, _stated)}
    return whole


def operations(document: Mapping[str, Any]) -> Iterator[Schema]:
    """Yield every operation of a description."""
    return (path[method] for path in document["paths"].values() for method in _METHODS if method in path)


def _list_values(document: Mapping[str, Any], law: Regulation) -> None:
    """Say what parameters that name something of the regulation may name."""
    known = {
        "question": list(law.questions),
        "fassung": [one.id for one in law.fassungen],
        "erlass": [akt.id for akt in law.acts if akt.art == "erlass"],
    }
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"] = _not_null(parameter["schema"])
            if values := known.get(parameter["name"]):
                schema.get("items", schema)["enum"] = values


def _name_parameters(document: Mapping[str, Any], named: Mapping[str, Schema]) -> dict[str, Schema]:
    """Let parameters refer to the lists of values they may have; return these by their names."""
    lists: dict[str, Schema] = {}
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            listed, default = _listed(parameter["schema"]), parameter["schema"].get("default")
            if listed is None:
                continue
            name = _camel(parameter["name"])
            if {**named, **lists}.get(name, listed) != listed:
                name = f"{_camel(operation['operationId'])}{name}"
            lists[name] = listed
            if parameter["schema"].get("type") == "array":
                parameter["schema"] = {"type": "array", "items": _ref(name)}
            else:
                parameter["schema"] = _ref(name) | ({} if default is None else {"default": default})
    return lists


def _not_null(schema: Schema) -> Schema:
    """Return the schema of a parameter, which is left out instead of being null."""
    form: Schema = next((form for form in schema.get("anyOf", ()) if form != {"type": "null"}), {})
    return {**form, **{key: part for key, part in schema.items() if key != "anyOf"}}


def _listed(schema: Schema) -> Schema | None:
    """Return the list of values that a parameter may have, be it once or several times; nothing where it has none."""
    forms = (schema, schema.get("items", {}))
    return next(({"enum": form["enum"], "type": "string"} for form in forms if _is_list(form)), None)


def _ref(name: str) -> Schema:
    return {"$ref": COMPONENT.format(model=name)}


def _of_framework(operation: Schema) -> bool:
    """Tell whether a 422 is one that the framework adds of its own; ours are problems."""
    return "application/problem+json" not in operation["responses"].get("422", {}).get("content", {})


def _stated(node: Schema) -> Schema:
    """Return a schema that calls nothing the default which is the same as leaving it out."""
    return {key: part for key, part in node.items() if key != "default" or part is not None}


def schemas(law: Regulation, posts: int) -> dict[str, Schema]:
    """Return the schemas of all documents, each under its name; `posts` is how many entries a list may have."""
    _, stated = models_json_schema([(law.case, "validation")], ref_template=COMPONENT)
    answered = Schemas(COMPONENT)
    for document in sorted(ANSWERS, key=lambda one: one.schema_name):
        answered.of(document)
    asked = with_names({name: _request(name, law) for name in API["requests"]} | {_READINGS: _readings(law)}, law)
    read = sorted({**stated["$defs"], **{name: _or_null(schema) for name, schema in asked.items()}}.items())
    named: dict[str, Schema] = {**dict(read), **with_names(answered.named, law)}
    for entity in law.vocabulary.stated:
        if entity.many:
            holder = named[class_of(entity.within or "")]["properties"][entity.key]
            next(form for form in holder["anyOf"] if form.get("type") == "array")["maxItems"] = posts
    named["SchemaDocument"] = {"title": "SchemaDocument", "description": "Ein JSON-Schema (2020-12).", "type": "object"}
    # generators call a class after its title; in the law two parts of a case may bear the same
    titled = {name: {**schema, "title": name} for name, schema in named.items()}
    return with_enums(titled, {*stated["$defs"], _READINGS})


def _request(name: str, law: Regulation) -> Schema:
    properties = {key: dict(stated) for key, stated in keys_of(name).items()}
    properties["question"]["description"] = properties["question"]["description"].format(law.first_question)
    about = API["requests"][name]["description"]
    head = {"additionalProperties": False, "description": about, "properties": properties}
    return {**head, "required": ["case", "on"], "title": name, "type": "object"}


def _or_null(asked: Schema) -> Schema:
    """Return the schema of what is asked, in which null says the same as leaving out: as everywhere in a case."""

    def optional(part: Schema) -> Schema:
        said = {"description": part["description"]}
        form = {word: one for word, one in part.items() if word not in said}
        return {"anyOf": [form, {"type": "null"}], **said}

    properties, needed = asked["properties"], asked.get("required", ())
    stated = {key: part if key in needed else optional(part) for key, part in properties.items()}
    return {**asked, "properties": stated}


def _readings(law: Regulation) -> Schema:
    listed = {
        name: {"type": "string", "enum": [*one.lesarten], "description": one.frage.de}
        for name, one in law.readings.items()
    }
    head = {"title": _READINGS, "description": "Zu jeder Auslegungsfrage die Lesart, der gefolgt wird."}
    return {**head, "type": "object", "additionalProperties": False, "properties": listed}


def with_enums(named: Mapping[str, Schema], parts: Collection[str]) -> dict[str, Schema]:
    """Return schemas in which every list of values is one of its own, so that programs made from them can name it.

    It bears the name of the key; where one name would mean different lists, and in `parts`, after that of its object.

    >>> of_day = {"properties": {"art": {"enum": ["a", "b"], "type": "string"}}}
    >>> with_enums({"DayDocument": of_day}, ())["Art"]
    {'enum': ['a', 'b'], 'type': 'string'}
    """
    places = [
        (owner, key, tuple(node["enum"]))
        for owner, schema in named.items()
        for key, part in schema.get("properties", {}).items()
        for node in _nodes(part)
        if _is_list(node)
    ]
    names = _names_of_lists(places, parts)
    lists: dict[str, Schema] = {}
    for (_, _, values), name in names.items():
        listed = {"enum": list(values), "type": "string"}
        if name in named or lists.setdefault(name, listed) != listed:
            raise ValueError(f"two schemas would be called {name}")

    def referring(owner: str, key: str, part: Schema) -> Any:
        def changed(node: Schema) -> Schema:
            if not _is_list(node):
                return node
            beside = {word: said for word, said in node.items() if word not in ("enum", "type")}
            return {**_ref(names[owner, key, tuple(node["enum"])]), **beside}

        return map_schema(part, changed)

    def whole(owner: str, schema: Schema) -> Schema:
        stated = {key: referring(owner, key, part) for key, part in schema.get("properties", {}).items()}
        return {**schema, "properties": stated} if stated else schema

    return {**{owner: whole(owner, schema) for owner, schema in named.items()}, **lists}


Place = tuple[str, str, tuple[str, ...]]
"""An object, a key of it, and the values that it may have."""


def _names_of_lists(places: Iterable[Place], parts: Collection[str]) -> dict[Place, str]:
    """Return what the list of values of each place is called; the same list has one name in all documents."""
    own = {place: f"{place[0]}{_camel(place[1])}" for place in places if place[0] in parts}
    first = {values: (owner, key) for owner, key, values in reversed([*places]) if owner not in parts}
    uses = Counter(key for _, key in first.values())
    names = {
        values: _camel(key) if uses[key] == 1 else f"{_stem(owner)}{_camel(key)}"
        for values, (owner, key) in first.items()
    }
    return {place: own.get(place) or names[place[2]] for place in places}


def _nodes(part: Any) -> Iterator[Schema]:
    """Yield every object in a schema."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _nodes(inner)


def _is_list(node: Schema) -> bool:
    return node.get("type") == "string" and isinstance(node.get("enum"), list)


def _stem(name: str) -> str:
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
