"""JSON Schemas of JSON objects, made from the same annotations that say how they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from inspect import getdoc
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from vwv_im.text import Text
from vwv_im.text.json_object import IN_ONE_LANGUAGE, JsonObject, is_a, keys_of

Schema = dict[str, Any]
_TEXT = {
    "title": "TextDocument",
    "description": "A text in both languages.",
    "type": "object",
    "properties": {"de": {"type": "string"}, "en": {"type": "string"}},
    "required": ["de", "en"],
}


_PATTERNS: Mapping[Any, str] = {Decimal: r"^-?\d+(\.\d+)?$", date: r"^\d{4}-\d{2}-\d{2}$"}


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
            return self._named(hint.schema_name, hint, lambda: self._object(hint))
        if is_a(hint, Text):
            return self._named("TextDocument", hint, lambda: _TEXT)
        if is_a(hint, Enum):
            values = [member.value for member in hint]
            return self._named(hint.__name__, hint, lambda: {**_head(hint, ""), "type": "string", "enum": values})
        if is_a(hint, BaseModel):
            return self._named(hint.__name__, hint, lambda: opened(hint.model_json_schema(ref_template=self.ref)))
        patterned = {"pattern": _PATTERNS[hint], "type": "string"} if hint in _PATTERNS else {}
        return patterned or TypeAdapter(hint).json_schema()

    def _named(self, name: str, owner: object, schema: Callable[[], Schema]) -> Schema:
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


def opened(schema: Any) -> Any:
    """Return a schema that takes keys it does not know.

    >>> opened({"items": [{"type": "object", "additionalProperties": False}]})
    {'items': [{'type': 'object'}]}
    """
    closed = ("additionalProperties", False)
    return changed(schema, lambda node: {key: part for key, part in node.items() if (key, part) != closed})


def changed(node: Any, change: Callable[[Schema], Schema]) -> Any:
    """Return a schema with every object in it as `change` makes it, from the outside in."""
    if isinstance(node, list):
        return [changed(part, change) for part in node]
    return {key: changed(part, change) for key, part in change(node).items()} if isinstance(node, dict) else node
