"""YAML 1.2 as plain data, with the position of every node and with limits.

Scalars follow the core schema, with three differences that the law needs: a number with a
fraction becomes an exact `Decimal`, a date stays text (its reader knows what day it means),
and aliases are refused, so that a small file cannot unfold into a large one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vwv_im.text.faults import Fault, InputKind, Place
from vwv_im.text.messages import fault_of, not_valid

Key = str | int
Path_ = tuple[Key, ...]

_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MAX_DIGITS = 40
_MAX_DUPLICATES = 100
_LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How large and how deep a text may be before it is refused."""

    bytes: int = 1_048_576
    depth: int = 32
    nodes: int = 200_000


@dataclass(slots=True)
class Document:
    """A text that was read: its data, and where each part of it stands; `form` chooses the words of hints.

    `moved` says of parts of the data that stand elsewhere in the text where that is, `written_out` by which name parts
    that were put in several places stood there, and with what.
    """

    file: str
    data: Any = None
    positions: Mapping[Path_, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    keys: Mapping[Path_, tuple[int, int]] = field(default_factory=dict)
    form: InputKind = "data"
    moved: dict[Path_, Path_] = field(default_factory=dict)
    written_out: dict[str, list[tuple[str, Mapping[str, Any]]]] = field(default_factory=dict)

    def key_place(self, path: Path_) -> Place:
        """Return the place of the key that ends `path`, or of the value where the key's is not known."""
        return Place(self.file, *self.keys[path]) if path in self.keys else self.place(path)

    def place(self, path: Path_) -> Place:
        """Return the place of `path`, or of the nearest part above it that has one."""
        for length in range(len(path), -1, -1):
            if (origin := self.moved.get(path[:length])) is not None:
                return self.place(origin + path[length:])
            if (position := self.positions.get(path[:length])) is not None:
                return Place(self.file, *position)
        return Place(self.file)


class _Stop(Exception):  # noqa: N818 - leaves the parser, is no error to anybody outside
    """Reading cannot go on; the fault is already on the document."""


def read_yaml(
    source: Path | str, *, name: str | None = None, limits: Limits | None = None, json_only: bool = False
) -> Document:
    r"""Read a file (`Path`) or a text (`str`); faults are collected on the document, never raised.

    A name that ends in `.json` tells that it is JSON; with `json_only` it has to be, whatever its name.

    >>> document = read_yaml("vzae: 0.50")
    >>> document.data, document.positions[("vzae",)]
    ({'vzae': Decimal('0.50')}, (1, 7))
    >>> read_yaml("a: 1\na: 2").faults[0].code
    'VIM002'
    """
    limits = limits or Limits()
    document = Document(name or (str(source) if isinstance(source, Path) else "<text>"))
    try:
        text = _text_of(source, document, limits)
        if json_only or document.file.endswith(".json"):
            _read_json(text, document, limits, json_only)
        else:
            document.form = "yaml"
            _Builder(document, limits).build(text)
    except _Stop:
        document.data = None
    return document


def _twice(path: Path_, place: Place) -> Fault:
    return fault_of("key_twice", place, written_path(path), key=str(path[-1])[:_LONGEST_KEY])


def written_path(path: Path_) -> str:
    """Return a path as faults name it.

    >>> written_path(("haus", "zimmer", 0, "hoehe_cm"))
    'haus.zimmer[0].hoehe_cm'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{part[:_LONGEST_KEY]}" for part in path)
    return "".join(parts).removeprefix(".")


def _refuse(document: Document, kind: str, at: tuple[int, int] = (0, 0), **words: Any) -> _Stop:
    document.faults.append(fault_of(kind, Place(document.file, *at), **words))
    return _Stop()


def _text_of(source: Path | str, document: Document, limits: Limits) -> str:
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else _bytes_of(source, document, limits)
    if len(raw) > limits.bytes:
        raise _refuse(document, "too_many_bytes", most=limits.bytes)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _refuse(document, "no_utf8")
    return text


def _bytes_of(path: Path, document: Document, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.bytes + 1)
    except FileNotFoundError:
        kind = "file_not_found"
    except IsADirectoryError:
        kind = "file_is_directory"
    except (OSError, ValueError):
        kind = "file_unreadable"
    raise _refuse(document, kind)


def _scalar(event: events.ScalarEvent) -> Any:
    text: str = event.value
    if event.style is not None or (event.tag and not event.implicit[0]):
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) <= _MAX_DIGITS:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return _decimal(text)
    return text


def _decimal(text: str) -> Decimal | str:
    """Return the exact number; a text that stands for no number that can be held stays text."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


class _Builder:
    """Turns the parser's events into data and positions; keeps an own stack, so depth is bounded."""

    def __init__(self, document: Document, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.path: list[Key] = []
        self.stack: list[tuple[Any, Any]] = []  # (container, pending key or None)
        self.nodes = 0
        self.positions: dict[Path_, tuple[int, int]] = {}
        self.keys: dict[Path_, tuple[int, int]] = {}
        document.positions, document.keys = self.positions, self.keys

    def build(self, text: str) -> None:
        documents = 0
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                if isinstance(event, events.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise _refuse(self.document, "several_documents", _position(event))
                elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
                    self.stack.pop()
                    if self.path:
                        self.path.pop()
                elif isinstance(event, events.NodeEvent):
                    self._node(event)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            problem = str(error.problem or "syntax")
            raise self._syntax(problem, at) from None
        except (YAMLError, ValueError, IndexError, AttributeError, RecursionError) as error:
            raise self._syntax(str(error).splitlines()[0] if str(error) else "syntax", (0, 0)) from None

    def _syntax(self, problem: str, at: tuple[int, int]) -> _Stop:
        return _refuse(self.document, "no_yaml", at, problem=not_valid("YAML", problem))

    def _node(self, event: events.NodeEvent) -> None:
        self.nodes += 1
        self._guard(event)
        is_key = self.stack and isinstance(self.stack[-1][0], dict) and self.stack[-1][1] is None
        if isinstance(event, events.ScalarEvent):
            if is_key:
                self._key(event)
            else:
                self._place(event, _scalar(event))
                if self.path:
                    self.path.pop()
            return
        container: Any = {} if isinstance(event, events.MappingStartEvent) else []
        if is_key:
            raise _refuse(self.document, "key_no_word", _position(event))
        self._place(event, container)
        self.stack.append((container, None))

    def _guard(self, event: events.NodeEvent) -> None:
        if isinstance(event, events.AliasEvent) or (
            isinstance(event, events.SequenceStartEvent | events.MappingStartEvent | events.ScalarEvent)
            and event.anchor
        ):
            raise _refuse(self.document, "yaml_alias", _position(event))
        if len(self.stack) >= self.limits.depth and not isinstance(event, events.ScalarEvent):
            raise _refuse(self.document, "too_deep", _position(event), most=self.limits.depth)
        if self.nodes > self.limits.nodes:
            raise _refuse(self.document, "too_many_nodes", _position(event), most=self.limits.nodes)

    def _key(self, event: events.ScalarEvent) -> None:
        container, _ = self.stack[-1]
        key: str = event.value
        if key in container and len(self.document.faults) < _MAX_DUPLICATES:
            self.document.faults.append(_twice((*self.path, key), Place(self.document.file, *_position(event))))
        self.keys[(*self.path, key)] = _position(event)
        self.stack[-1] = (container, key)

    def _place(self, event: events.NodeEvent, value: Any) -> None:
        """Put `value` where it belongs and note its position; leaves its key on the path."""
        if not self.stack:
            self.document.data = value
        else:
            container, key = self.stack[-1]
            if isinstance(container, dict):
                container[key] = value
                self.stack[-1] = (container, None)
                self.path.append(key)
            else:
                container.append(value)
                self.path.append(len(container) - 1)
        self.positions[tuple(self.path)] = _position(event)


def _position(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _read_json(text: str, document: Document, limits: Limits, required: bool) -> None:
    if not (required or text.strip()):
        return
    if sum(map(text.count, ",[{")) > limits.nodes:  # no entry without one of these before it
        raise _refuse(document, "too_many_nodes", most=limits.nodes)

    twice: list[tuple[dict[str, Any], str]] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) < len(items):
            twice.extend((result, key) for key, count in Counter(key for key, _ in items).items() if count > 1)
        return result

    def integer(digits: str) -> int | str:
        return int(digits) if len(digits) <= _MAX_DIGITS else digits

    try:
        document.data = json.loads(
            text, object_pairs_hook=pairs, parse_float=_decimal, parse_int=integer, parse_constant=str
        )
    except json.JSONDecodeError as error:
        at = (error.lineno, error.colno)
        raise _refuse(document, "no_json", at, problem=not_valid("JSON", error.msg)) from None
    except RecursionError:
        raise _refuse(document, "too_deep", most=limits.depth) from None
    finally:
        _tell_twice(document, twice[:_MAX_DUPLICATES])
    if _depth(document.data, limits.depth) > limits.depth:
        raise _refuse(document, "too_deep", most=limits.depth)


def _tell_twice(document: Document, twice: list[tuple[dict[str, Any], str]]) -> None:
    """Tell which keys stand twice, each by its path; of a part that was itself replaced only the key is known."""
    paths = _paths(document.data, {id(part) for part, _ in twice}) if twice else {}
    document.faults += [_twice((*paths.get(id(part), ()), key), Place(document.file)) for part, key in twice]


def _paths(data: Any, wanted: set[int]) -> dict[int, Path_]:
    """Return the paths of the parts whose identity is wanted."""
    found: dict[int, Path_] = {}
    waiting: list[tuple[Any, Any]] = [(data, ())]  # each part with its way there: (the way to what holds it, key)
    while waiting:
        part, way = waiting.pop()
        if not isinstance(part, dict | list):
            continue
        if id(part) in wanted:
            found[id(part)] = _unwound(way)
        inside = part.items() if isinstance(part, dict) else enumerate(part)
        waiting += [(value, (way, key)) for key, value in inside]
    return found


def _unwound(way: Any) -> Path_:
    keys: list[Key] = []
    while way:
        way, key = way
        keys.append(key)
    return tuple(reversed(keys))


def _depth(data: Any, limit: int) -> int:
    """Return how deep `data` is nested, looking no further than one level past `limit`."""
    inner, depth = [data], 0
    while depth <= limit and (inner := [part for part in inner if isinstance(part, dict | list)]):
        inner = [value for part in inner for value in (part.values() if isinstance(part, dict) else part)]
        depth += 1
    return depth
