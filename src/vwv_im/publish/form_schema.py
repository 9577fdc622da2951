"""The JSON Schema of conditions and computations, from the table of comparisons and operations.

Every key has its German text, for editors.
"""

from __future__ import annotations

from collections.abc import Mapping

from vwv_im.lang.parsing import FACT, NAME
from vwv_im.lang.table import COMPARISONS, OVER, WRITTEN, Comparison, Operation
from vwv_im.publish.json_schema import Schema, changed

_SCALAR: Schema = {"type": ["boolean", "integer", "number", "string"]}
_EXPRESSION, _CONDITION = {"$ref": "#/$defs/Expression"}, {"$ref": "#/$defs/Condition"}
_PARAMETER, _FACT = {"$ref": "#/$defs/ParameterRef"}, {"$ref": "#/$defs/FactRef"}
_LISTED: Schema = {"anyOf": [_PARAMETER, _SCALAR]}
_COMPOUNDS = {"alle": "alle müssen gelten", "eine": "mindestens eine muss gelten"}
_FACT_TEXT = "Pfad eines Fakts, etwa stelle.vzae."


def form_definitions() -> dict[str, Schema]:
    """Return the definitions of `Condition` and `Expression` and of what they consist of."""
    named = {"ParameterRef": _object({"parameter": _name("Name eines Parameters.")}), "FactRef": _object(_fact())}
    forms = [_PARAMETER, _FACT, *map(_operation, WRITTEN.values()), *(_over(key, one) for key, one in OVER.items())]
    return {
        **named,
        "Atom": _atom(),
        "Condition": {"anyOf": [*_compounds(), _reading(), {"$ref": "#/$defs/Atom"}]},
        "Expression": {"anyOf": [*forms, _SCALAR]},
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
    return _object({one.written: {**inner, "description": one.hover}, **beside})


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
