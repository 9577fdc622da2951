"""YAML 1.2 as plain data, with the position of every node and with limits.

Scalars follow the core schema, with four differences that the law needs: a number with a fraction becomes an exact
`Decimal`, a date stays text (its reader knows what day it means), a number that is infinite or longer than can be meant
is a fault, and aliases are refused, so that a small file cannot unfold into a large one. A tag may only say what is so
without it, or that a value is text.
"""

import re
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scanner import Scanner

from vwv_im.text.document import (
    Document,
    Key,
    Limits,
    Path_,
    Unread,
    UnreadableError,
    as_it_came,
    exact_number,
    no_number,
    read_by,
    shown_key,
    stopped,
    whole_characters,
    whole_number,
    written_path,
)
from vwv_im.text.faults import Place
from vwv_im.text.json_reader import parse_json
from vwv_im.text.messages import not_valid

_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE = "tag:yaml.org,2002:"
_TAGGED: dict[str, tuple[type, ...]] = {
    f"{_CORE}int": (int,),
    f"{_CORE}float": (int, Decimal),
    f"{_CORE}bool": (bool,),
    f"{_CORE}null": (NoneType,),
}
_TEXT_TAGS = ("!", f"{_CORE}str")


def read_yaml(source: Path | str | bytes, *, name: str | None = None, limits: Limits | None = None) -> Document:
    r"""Read a file (`Path`), a text, or one as it came (`bytes`); faults are collected on the document, never raised.

    A name that ends in `.json` tells that it is JSON.

    >>> document = read_yaml("vzae: 0.50")
    >>> document.data, document.positions[("vzae",)]
    ({'vzae': Decimal('0.50')}, (1, 7))
    >>> read_yaml("a: 1\na: 2").faults[0].code
    'VIM002'
    """
    return read_by(_parse, source, name, limits)


def _parse(text: str, document: Document, limits: Limits) -> None:
    if not document.file.endswith(".json"):
        document.form = "yaml"
        _Builder(document, limits).build(text)
    elif text.strip():
        parse_json(text, document, limits)


class _Tabbed(Scanner):
    """Reads tabs between tokens and within plain text, as YAML 1.2 has them; what indents stays spaces."""

    def scan_to_next_token(self) -> None:
        """Skip blanks and comments up to the next token; none that a key of its own may follow, after a tab."""
        while True:
            line, first = self.reader.line, self.reader.column == 0
            super().scan_to_next_token()
            indents = (first or self.reader.line > line) and not self.flow_level
            if self.reader.peek() != "\t" or (indents and self.reader.peek(self._blanks()) not in "#\r\n\0"):
                return
            self._skip_blanks()
            self.allow_simple_key = self.allow_simple_key and bool(self.flow_level)

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Return the blanks within plain text, or those that folding its lines leaves of them."""
        length = self._blanks()
        after = self.reader.peek(length)
        if "\t" in self.reader.prefix(length):
            if after not in "\r\n\x85\u2028\u2029\0#":
                chunk = self.reader.prefix(length)
                self.reader.forward(length)
                return [chunk]
            self.reader.forward(length)
        found = super().scan_plain_spaces(indent, start_mark)
        if found and self.reader.column >= indent:
            self._skip_blanks()
        return found

    def _blanks(self) -> int:
        length = 0
        while self.reader.peek(length) in " \t":
            length += 1
        return length

    def _skip_blanks(self) -> None:
        self.reader.forward(self._blanks())


def _shown_tag(tag: str) -> str:
    return shown_key(tag.replace(_CORE, "!!"))


def _plain(text: str) -> Any:
    """Return what plain text means."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    number: Any = text
    if _INTEGER.fullmatch(text):
        number = whole_number(text)
    elif _DECIMAL.fullmatch(text):
        number = exact_number(text)
    return as_it_came(text) if number is None or _NO_FINITE.fullmatch(text) else number


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
        documents, parser = 0, YAML(typ="safe", pure=True)
        parser.Scanner = _Tabbed if "\t" in text else Scanner
        try:
            for event in parser.parse(text):
                if isinstance(event, events.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise stopped(self.document, "several_documents", _position(event))
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

    def _syntax(self, problem: str, at: tuple[int, int]) -> UnreadableError:
        return stopped(self.document, "no_yaml", at, problem=not_valid("YAML", problem))

    def _node(self, event: events.NodeEvent) -> None:
        self.nodes += 1
        self._guard(event)
        is_key = self.stack and isinstance(self.stack[-1][0], dict) and self.stack[-1][1] is None
        if isinstance(event, events.ScalarEvent):
            if is_key:
                self._key(event)
            else:
                self._place(event, self._scalar(event))
                if self.path:
                    self.path.pop()
            return
        if is_key:
            raise stopped(self.document, "key_no_word", _position(event))
        container: Any = {} if isinstance(event, events.MappingStartEvent) else []
        if (tag := getattr(event, "tag", None)) not in (None, f"{_CORE}{'map' if container == {} else 'seq'}"):
            self._tell("tag", event, tag=_shown_tag(tag))
        self._place(event, container)
        self.stack.append((container, None))

    def _guard(self, event: events.NodeEvent) -> None:
        if isinstance(event, events.AliasEvent) or (
            isinstance(event, events.SequenceStartEvent | events.MappingStartEvent | events.ScalarEvent)
            and event.anchor
        ):
            raise stopped(self.document, "yaml_alias", _position(event))
        if len(self.stack) >= self.limits.depth and not isinstance(event, events.ScalarEvent):
            raise stopped(self.document, "too_deep", _position(event), most=self.limits.depth)
        if self.nodes > self.limits.nodes:
            raise stopped(self.document, "too_many_nodes", _position(event), most=self.limits.nodes)

    def _scalar(self, event: events.ScalarEvent) -> Any:
        """Return the value of a scalar; what is wrong with it is told."""
        text = self._text(event, self._here())
        if event.tag in _TEXT_TAGS or (event.tag is None and event.style is not None):
            return text
        value = _plain(text)
        if event.tag is not None and not isinstance(value, _TAGGED.get(event.tag, ())):
            self._tell("tag", event, tag=_shown_tag(event.tag))
        elif isinstance(value, Unread):
            self.document.note(
                no_number(Place(self.document.file, *_position(event)), written_path(self._here()), text)
            )
        return value

    def _text(self, event: events.ScalarEvent, path: Path_) -> str:
        text: str = event.value
        whole = whole_characters(text)
        if whole is None:
            self._tell("half_character", event, path)
        return text if whole is None else whole

    def _here(self) -> Path_:
        """Return the path of what comes next."""
        if not self.stack:
            return ()
        container, key = self.stack[-1]
        return (*self.path, key if isinstance(container, dict) else len(container))

    def _tell(self, kind: str, event: events.NodeEvent, path: Path_ | None = None, **words: Any) -> None:
        """Note a fault of what comes next, or of what stands at a path."""
        self.document.tell(kind, self._here() if path is None else path, _position(event), **words)

    def _key(self, event: events.ScalarEvent) -> None:
        container, _ = self.stack[-1]
        key = self._text(event, (*self.path, event.value))
        if event.tag not in (None, *_TEXT_TAGS):
            self._tell("tag", event, (*self.path, key), tag=_shown_tag(event.tag))
        if key in container:
            self._tell("key_twice", event, (*self.path, key), key=shown_key(key))
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
