"""JSON as plain data, from files, lines, receipts and requests alike; what two readers would read otherwise is refused.

No key stands twice, a number is one that every reader holds and no longer than can be meant, a text has no half of a
character, and nothing is nested deeper than it should be.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from vwv_im.text.document import (
    Document,
    Limits,
    Path_,
    Unread,
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
from vwv_im.text.messages import not_valid

NumberReader = Callable[[str], Any]
"""Gives the value of a number as it is written; `None` for one that is not read, which is a fault."""
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(
    source: Path | str | bytes,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    whole: NumberReader = whole_number,
    fraction: NumberReader = exact_number,
) -> Document:
    r"""Read a file (`Path`), a text, or one as it came (`bytes`); faults are collected on the document, never raised.

    Where there are faults, the data serve for nothing but to tell what else is wrong. `whole` and `fraction` give the
    values of numbers.

    >>> document = read_json('{"hoehe_cm": 2.50, "breite_cm": NaN, "name": "\\ud800"}')
    >>> document.data["hoehe_cm"], [(fault.code, fault.path) for fault in document.faults]
    (Decimal('2.50'), [('VIM007', 'breite_cm'), ('VIM008', 'name')])
    """
    return read_by(partial(parse_json, whole=whole, fraction=fraction), source, name, limits)


def parse_json(
    text: str,
    document: Document,
    limits: Limits,
    whole: NumberReader = whole_number,
    fraction: NumberReader = exact_number,
) -> None:
    """Put on a document what a text says and what is wrong with it; raises `UnreadableError` where it says nothing."""
    if sum(map(text.count, ",[{")) > limits.nodes:  # no entry without one of these before it
        raise stopped(document, "too_many_nodes", most=limits.nodes)
    examiner = _Examiner(document)
    try:
        document.data = json.loads(
            text,
            object_pairs_hook=examiner.pairs,
            parse_float=partial(examiner.number, fraction),
            parse_int=partial(examiner.number, whole),
            parse_constant=examiner.constant,
        )
    except json.JSONDecodeError as error:
        examiner.tell_repeated()
        at = (error.lineno, error.colno)
        raise stopped(document, "no_json", at, problem=not_valid("JSON", error.msg)) from None
    except RecursionError:
        raise stopped(document, "too_deep", most=limits.depth) from None
    if _depth(document.data, limits.depth) > limits.depth:
        raise stopped(document, "too_deep", most=limits.depth)
    if examiner.repeated or examiner.refused or _ESCAPED_HALF.search(text):
        examiner.tell((), document.data)
        examiner.tell_repeated()


class _Examiner:
    """Finds what is wrong with the parts of JSON, and tells it by their paths."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.repeated: dict[int, tuple[dict[str, Any], list[str]]] = {}
        self.refused = False

    def pairs(self, items: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return an object; keys that stand twice are noted."""
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, count in Counter(key for key, _ in items).items() if count > 1]
            self.repeated[id(found)] = found, keys
        return found

    def number(self, read: NumberReader, written: str) -> Any:
        """Return a number."""
        value = read(written)
        return self.constant(written) if value is None else value

    def constant(self, written: str) -> Any:
        """Return what stands for a number that is not read, as are NaN and the infinite ones, which are no JSON."""
        self.refused = True
        return as_it_came(written)

    def tell(self, path: Path_, part: Any) -> None:
        """Tell what is wrong with a part and those within it."""
        if isinstance(part, Unread):
            self.document.note(no_number(Place(self.document.file), written_path(path), str(part)))
        elif isinstance(part, str):
            if whole_characters(part) is None:
                self.document.tell("half_character", path)
        elif isinstance(part, dict):
            if id(part) in self.repeated:
                self._twice(path, self.repeated.pop(id(part))[1])
            for key, value in part.items():
                if whole_characters(key) is None:
                    self.document.tell("half_character", (*path, key))
                self.tell((*path, key), value)
        elif isinstance(part, list):
            for number, value in enumerate(part):
                self.tell((*path, number), value)

    def tell_repeated(self) -> None:
        """Tell which keys stand twice in parts that were themselves replaced, of which only the keys are known."""
        for _, keys in self.repeated.values():
            self._twice((), keys)

    def _twice(self, path: Path_, keys: list[str]) -> None:
        for key in keys:
            self.document.tell("key_twice", (*path, key), key=shown_key(key))


def _depth(data: Any, limit: int) -> int:
    """Return how deep `data` is nested, looking no further than one level past `limit`."""
    inner, depth = [data], 0
    while depth <= limit and (inner := [part for part in inner if isinstance(part, dict | list)]):
        inner = [value for part in inner for value in (part.values() if isinstance(part, dict) else part)]
        depth += 1
    return depth
