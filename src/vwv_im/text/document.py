"""A text that was read: its data, where each part of it stands, and what is wrong with it; within limits.

Numbers, words and paths mean the same whether they stand in YAML or in JSON, and what cannot be meant is a fault here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from vwv_im.text.faults import Fault, InputKind, Place
from vwv_im.text.messages import fault_of

Key = str | int
Path_ = tuple[Key, ...]

_MOST_REPEATED = 100  # faults of one kind that a text may have before no more of them are told
_MOST_CHARACTERS = 40
_MOST_PLACES = 308  # before or after the point: what every reader of JSON can hold
_LONGEST_KEY = 60
OF_THE_READER = ("VIM007", "VIM008", "VIM009")
"""The codes of a value that is not read: of a number, a half of a character, and a tag."""
_HALF = re.compile("[\ud800-\udfff]")


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

    def note(self, fault: Fault) -> None:
        """Take a fault, unless there are so many that no more of them are told."""
        if len(self.faults) < _MOST_REPEATED:
            self.faults.append(fault)

    def tell(self, kind: str, path: Path_, at: tuple[int, int] = (0, 0), **words: Any) -> None:
        """Take a fault of a kind at a path, and in a line and column where these are known."""
        self.note(fault_of(kind, Place(self.file, *at), written_path(path), **words))


class UnreadableError(Exception):
    """Reading cannot go on; the fault is already on the document."""


def stopped(document: Document, kind: str, at: tuple[int, int] = (0, 0), **words: Any) -> UnreadableError:
    """Note a fault after which nothing more can be read, and return what is to be raised."""
    document.faults.append(fault_of(kind, Place(document.file, *at), **words))
    return UnreadableError()


def read_by(
    parse: Callable[[str, Document, Limits], None], source: Path | str | bytes, name: str | None, limits: Limits | None
) -> Document:
    """Return what a parser puts on a document of a text; there is nothing on it where the text cannot be read."""
    document, limits = Document(name or (str(source) if isinstance(source, Path) else "<text>")), limits or Limits()
    try:
        parse(_text_of(source, document, limits), document, limits)
    except UnreadableError:
        document.data = None
    return document


def _text_of(source: Path | str | bytes, document: Document, limits: Limits) -> str:
    """Return a text in UTF-8, from a file, as it came, or as it is; raises `UnreadableError`."""
    if isinstance(source, Path):
        source = _bytes_of(source, document, limits)
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(raw) > limits.bytes:
        raise stopped(document, "too_many_bytes", most=limits.bytes)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise stopped(document, "no_utf8")
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
    raise stopped(document, kind)


def written_path(path: Path_) -> str:
    """Return a path as faults name it; what cannot be printed is escaped.

    >>> written_path(("haus", "zimmer", 0, "hoehe_cm"))
    'haus.zimmer[0].hoehe_cm'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{shown_key(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def shown_key(key: str) -> str:
    r"""Return a key as faults name it: shortened, and with what cannot be printed escaped.

    >>> shown_key("\x1b[31mrot")
    '\\x1b[31mrot'
    """
    key = key[:_LONGEST_KEY]
    return key if key.isprintable() else repr(key)[1:-1]


def whole_number(digits: str) -> int | None:
    """Return a whole number; nothing for one that is too long to be meant.

    >>> whole_number("2018"), whole_number("9" * 41)
    (2018, None)
    """
    return int(digits) if len(digits) <= _MOST_CHARACTERS else None


def exact_number(written: str) -> Decimal | None:
    """Return a decimal number exactly; nothing for one that is too long, too large or too small to be meant.

    >>> exact_number("0.50"), exact_number("1e400"), exact_number("1e-400")
    (Decimal('0.50'), None, None)
    """
    if len(written) > _MOST_CHARACTERS:
        return None
    try:
        number = Decimal(written)
    except ArithmeticError:  # an exponent of more places than can be counted
        return None
    return number if abs(number.adjusted()) <= _MOST_PLACES else None


class Unread:
    """A number that is not read: what stands for it in the data is a fault."""

    __slots__ = ()


class _UnreadText(Unread, str):
    __slots__ = ()


class _UnreadNumber(Unread, Decimal):
    __slots__ = ()


def as_it_came(written: str) -> Unread:
    """Return what stands in the data for a number that is not read, so that more can be told of it: too large, no text.

    >>> as_it_came("1e400") > 1, as_it_came("NaN")
    (True, 'NaN')
    """
    with suppress(ArithmeticError):
        if written[-1:].isdecimal() and len(written) <= _MOST_CHARACTERS:
            return _UnreadNumber(written)
    return _UnreadText(written)


def no_number(place: Place, path: str, written: str) -> Fault:
    """Return the fault that this is no number that is read."""
    value = written if len(written) <= _MOST_CHARACTERS else f"{written[:_MOST_CHARACTERS]}…"
    return fault_of("unreadable_number", place, path, value=value, most=_MOST_CHARACTERS)


def more_telling(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults without those of the reader of which the field at the same path tells more.

    >>> place = Place("haus.json")
    >>> faults = no_number(place, "hoehe_cm", "NaN"), fault_of("not_a_number", place, "hoehe_cm", value="NaN")
    >>> [fault.code for fault in more_telling(faults)]
    ['VIM112']
    """
    faults = list(faults)
    told = {fault.path for fault in faults if fault.code not in OF_THE_READER}
    return [fault for fault in faults if fault.code not in OF_THE_READER or fault.path not in told]


def whole_characters(text: str) -> str | None:
    r"""Return a text with each pair of surrogates as the character that it stands for; nothing where one is alone.

    >>> whole_characters("\ud83d\ude00"), whole_characters("\ud83d")
    ('😀', None)
    """
    if _HALF.search(text) is None:
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None
