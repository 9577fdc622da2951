"""JSON objects, each described once: what is written and what its schema is both come from the annotations of a class.

The function that writes the objects of a class is made from them once, as the Python source one would write by hand.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, Union, get_args, get_origin

from vwv_im.text.bilingual import Language, Text
from vwv_im.text.values import plain, to_json

CONTRACT = "1.1"
"""The version of the form of all that is printed or answered as JSON. Readers ignore keys that they do not know."""
IN_ONE_LANGUAGE = object()
Sentence = Annotated[Text, IN_ONE_LANGUAGE]
"""A text that is written in the language asked for; any other `Text` is written in both."""
FactPath = Annotated[str, "Path of a fact in the case."]
Writer = Callable[[Any, Language], dict[str, Any]]
_TO_DICT = "to_dict"
_WRITERS: dict[type, Writer] = {}


class JsonObject:
    """What is written as a JSON object.

    `schema` is the name of its schema. `keys` are what is written, in this order, by default all fields of the
    dataclass: an attribute, or `name:path` for one that is called otherwise or belongs to a part; with `name?` the key
    is left out where there is none. A `Text` becomes `{"de": …, "en": …}`, a day ISO text, a decimal exact text, an
    enumeration its value, and an object within what is described for it.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Paid(JsonObject, schema="PaidDocument", keys="day amount_eur:amount note?"):
    ...     day: date
    ...     amount: Decimal
    ...     note: str | None = None
    >>> Paid(date(2018, 6, 1), Decimal("64000.00")).to_dict()
    {'day': '2018-06-01', 'amount_eur': '64000'}
    """

    __slots__ = ()
    schema_name: ClassVar[str] = ""
    json_keys: ClassVar[str] = ""

    def __init_subclass__(cls, *, schema: str = "", keys: str = "") -> None:
        if schema:  # a dataclass with slots is made a second time, from its attributes alone
            cls.schema_name, cls.json_keys = schema, keys
        if _TO_DICT not in vars(cls):  # nor is the writer of another class inherited
            setattr(cls, _TO_DICT, vars(JsonObject)[_TO_DICT])

    def to_dict(self, lang: Language = "de") -> dict[str, Any]:
        """Return the JSON form; `lang` is the language of the sentences that are written in one only."""
        cls, write = type(self), writer_of(type(self))
        if vars(cls)[_TO_DICT] is vars(JsonObject)[_TO_DICT]:
            setattr(cls, _TO_DICT, write)  # from now on without this detour
        return write(self, lang)


class JsonDocument(JsonObject):
    """A whole document: an object that says by which contract it is to be read, last of all where `keys` do not say."""

    __slots__ = ()
    contract: ClassVar[Annotated[str, "The version of the form of this document."]] = CONTRACT


class Key(NamedTuple):
    """A key of a JSON object: its name, the path and type of its value, whether it may be left out, and its meaning."""

    name: str
    path: str
    type: Any
    optional: bool
    meaning: str


def keys_of(cls: type[Any]) -> tuple[Key, ...]:
    """Return the keys of a JSON object in the order in which they are written.

    Raises `TypeError` for one without an annotation.

    >>> [(key.name, key.type) for key in keys_of(JsonDocument)]
    [('contract', <class 'str'>)]
    """
    names = cls.json_keys.split() or [field.name for field in (fields(cls) if is_dataclass(cls) else ())]
    if issubclass(cls, JsonDocument) and "contract" not in names:
        names = [*names, "contract"]
    return tuple(_key(cls, name) for name in names)


def _key(cls: type, stated: str) -> Key:
    name, _, path = stated.partition(":")
    optional, name = name.endswith("?"), name.removesuffix("?")
    hint, meaning = cls, ""
    for step in (path or name).split("."):
        hint, meaning = _bare(*_annotation(hint, step))
    return Key(name, path or name, hint, optional, meaning.partition("\n")[0].replace("`None`", "null"))


def _bare(hint: Any, meaning: str) -> tuple[Any, str]:
    """Return a type without its annotations, and what they say about it."""
    while get_origin(hint) in (Annotated, ClassVar) and IN_ONE_LANGUAGE not in get_args(hint):
        hint, *marks = get_args(hint)
        said = (mark if isinstance(mark, str) else getattr(mark, "description", None) for mark in marks)
        meaning = next(filter(None, said), meaning)
    return (hint.__bound__ if isinstance(hint, TypeVar) else hint), meaning


def _annotation(cls: type, name: str) -> tuple[Any, str]:
    """Return the type of an attribute or property, and what is said about it."""
    for owner in cls.__mro__:
        member = vars(owner).get(name)
        get = member.func if isinstance(member, cached_property) else getattr(member, "fget", None)
        if get is not None:
            return _evaluated(get.__annotations__["return"], get.__module__), get.__doc__ or ""
        annotations = getattr(owner, "__annotations__", {})  # of this class alone; Python 3.14 makes them when asked
        if name in annotations:
            return _evaluated(annotations[name], owner.__module__), ""
    raise TypeError(f"{cls.__name__}.{name} has no annotation")


def _evaluated(annotation: Any, module: str) -> Any:
    names = vars(sys.modules[module])
    return eval(annotation, names) if isinstance(annotation, str) else annotation  # noqa: S307 - of a class of ours


def writer_of(cls: type[Any]) -> Writer:
    """Return the function that writes the objects of a class, made when it is first asked for."""
    if cls not in _WRITERS:
        _WRITERS[cls] = _writer_of(cls)
    return _WRITERS[cls]


def _writer_of(cls: type[Any]) -> Writer:
    names: dict[str, Any] = {"plain": plain, "to_json": to_json}
    entries = "".join(f" {entry},\n" for entry in _entries(keys_of(cls)))
    source = f"def {_TO_DICT}(self, lang='de'):\n return {{\n{entries} }}\n"
    exec(compile(source, f"<to_dict of {cls.__qualname__}>", "exec"), names)  # noqa: S102 - names and types of ours
    writer: Writer = names[_TO_DICT]
    writer.__doc__ = JsonObject.to_dict.__doc__
    return writer


def _entries(keys: tuple[Key, ...]) -> Iterator[str]:
    for number, key in enumerate(keys):
        held = f"v{number}"
        if key.optional:
            inner = _written(key.type, held, number)
            yield f"**({{}} if ({held} := self.{key.path}) is None else {{{key.name!r}: {inner}}})"
        else:
            yield f"{key.name!r}: {_written(key.type, f'self.{key.path}', number)}"


def _written(hint: Any, value: str, number: int) -> str:
    """Return the source of the JSON form of `value`, itself the source of something of the type `hint`.

    What is typed as `list` or `dict` is JSON already where its parts are; `number` keeps names apart.
    """
    if hint in (str, int, bool):
        return value
    origin, arguments, one, name = get_origin(hint), get_args(hint), f"e{number}", f"k{number}"
    if origin is Annotated:
        return f"{value}.in_(lang)" if IN_ONE_LANGUAGE in arguments else _written(arguments[0], value, number)
    if origin in (Union, UnionType):
        return _either(arguments, value, number)
    if origin in (tuple, list):
        return _listed(hint, value, number)
    if origin in (dict, Mapping):
        before, after = _written(arguments[0], name, number), _written(arguments[1], one, number + 100)
        if (before, after) == (name, one):
            return value if origin is dict else f"dict({value})"
        return f"{{{before}: {after} for {name}, {one} in {value}.items()}}"
    if hasattr(hint, "model_dump"):
        return f"{value}.model_dump(mode='json', exclude_none=True)"
    return next((way.format(value) for kind, way in _WAYS.items() if is_a(hint, kind)), value)


def _either(arguments: tuple[Any, ...], value: str, number: int) -> str:
    """Return the source for a union: the one way to write its members, if they have one in common."""
    members = [part for part in arguments if part is not NoneType]
    ways, held = {_written(part, "x", number) for part in members}, f"v{number}"
    if len(ways) > 1:
        return f"to_json({value})"
    if ways == {"x"} or len(members) == len(arguments):
        return _written(members[0], value, number)
    return f"(None if ({held} := {value}) is None else {_written(members[0], held, number)})"


def _listed(hint: Any, value: str, number: int) -> str:
    arguments, one = get_args(hint), f"e{number}"
    if len({*arguments} - {Ellipsis}) > 1:
        return f"[{', '.join(_written(part, f'{value}[{at}]', number) for at, part in enumerate(arguments))}]"
    part = _written(arguments[0], one, number + 100)
    if part == one:
        return value if get_origin(hint) is list else f"list({value})"
    return f"[{part} for {one} in {value}]"


def is_a(hint: Any, kind: type) -> bool:
    """Whether a type is a class of a kind."""
    return isinstance(hint, type) and issubclass(hint, kind)


_WAYS: Mapping[type, str] = {
    JsonObject: "{}.to_dict(lang)",
    Text: "{}.as_dict()",
    Enum: "{}._value_",
    date: "{}.isoformat()",
    Decimal: "plain({})",
}
"""The classes of values that have a written form of their own; all others are JSON already."""
