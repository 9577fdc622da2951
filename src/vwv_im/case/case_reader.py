"""Reading a case from a file or from data: either a valid `Case`, or every fault in it at once."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from vwv_im.case.fields import CasePart
from vwv_im.text import (
    Document,
    Fault,
    FaultyInputError,
    InputKind,
    Limits,
    Place,
    Text,
    did_you_mean,
    fault_of,
    more_telling,
    read_yaml,
)
from vwv_im.text.faults import meant
from vwv_im.text.messages import OTHER

LIMITS = Limits(nodes=60_000)  # 1000 posts and 1200 members with every field stated are 45 000
FILE_LIMITS = Limits(bytes=8_000_000, nodes=400_000)  # 10 000 employments stated in full are 5.2 MB of JSON
_MOST_FAULTS = 500
_SHOWN = 60
_MOST_BITS = 150
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMA = Text(
    "Ein Komma trennt hier zwei Angaben; schreiben Sie eine Dezimalzahl mit Punkt, zum Beispiel 0.5.",
    "A comma separates two fields here; write a decimal number with a point, for example 0.5.",
)

Location = Sequence[str | int]
C = TypeVar("C", bound=CasePart)


class CaseError(FaultyInputError):
    """A case cannot be read; `faults` lists everything that is wrong with it."""


def read_case(
    source: CasePart | Mapping[str, object] | str | os.PathLike[str], model: type[C], form: InputKind = "data"
) -> C:
    """Return the case that `source` states: data, or the path of a YAML 1.2 or JSON file.

    `model` is that of a case as a whole. `form` tells where data come from, so that hints fit; files are known by their
    ending. Raises `CaseError` with all faults, each with its code, place, path, and how to mend it.
    """
    if isinstance(source, model):
        return source
    stated = source.model_dump(exclude_none=True) if isinstance(source, CasePart) else source
    return read_document(_document(stated, form), model)


def read_document(document: Document, model: type[C]) -> C:
    """Return the case that a document states, which was read by `read_yaml`.

    Raises `CaseError` with all faults: those of the text and those of the case.
    """
    if document.data is None and document.faults:
        raise CaseError(document.faults)
    result = _validated(document, model)
    if isinstance(result, model) and not document.faults:
        return result
    faults = more_telling([*document.faults, *(result if isinstance(result, list) else [])])
    raise CaseError(sorted(faults, key=lambda fault: fault.place[1:]))


def _document(source: object, form: InputKind) -> Document:
    if not isinstance(source, str | os.PathLike):
        return Document("<case>", source, form=form)
    path = Path(os.fsdecode(source))
    try:
        return read_yaml(path, limits=FILE_LIMITS)
    except Exception as error:  # noqa: BLE001 - nothing in a file may end in a traceback
        fault = fault_of(OTHER, Place(str(path)), form="yaml", value=shown(path.name), problem=type(error).__name__)
        return Document(str(path), faults=[fault])


def _validated(document: Document, model: type[C]) -> C | list[Fault]:
    if document.data is None:
        return [fault_of("empty_case", document.place(()), "", None, document.form, **_parts(model))]
    try:
        return _case_or_faults(document, model)
    except Exception as error:  # noqa: BLE001 - data may run code of its own while it is looked at
        value = f"<{type(document.data).__name__}>"
        return [fault_of(OTHER, document.place(()), form=document.form, value=value, problem=type(error).__name__)]


def _case_or_faults(document: Document, model: type[C]) -> C | list[Fault]:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        return list(_faults(error, document, model))


def refusal(error: ValidationError, model: type[CasePart], stated: object) -> CaseError:
    """Return what is wrong with a part that was built by hand."""
    return CaseError(more_telling(_faults(error, Document(f"<{model.__name__}>", stated), model)))


def _faults(error: ValidationError, document: Document, model: type[BaseModel]) -> Iterable[Fault]:
    for details in islice(error.errors(include_url=False), _MOST_FAULTS):
        yield _fault(details, document, model)
    if (more := error.error_count() - _MOST_FAULTS) > 0:
        yield fault_of("more_faults", document.place(()), count=more)


def _fault(details: ErrorDetails, document: Document, model: type[BaseModel]) -> Fault:
    kind, location = details["type"], details["loc"]
    holder, info = _holder_of(model, location)
    private = info is not None and not info.repr
    words: dict[str, Any] = {
        **details.get("ctx", {}),
        "value": "…" if private else shown(details["input"]),
        "problem": details["msg"],
    }
    hint: Text | None = None
    if kind == "extra_forbidden":
        words["key"] = shown(location[-1])
        hint = _meant_key(location[-1], holder.model_fields, document.form)
    elif kind == "invalid_key":
        words["key"], location = shown(str(location[-1]))[1:-1], location[:-1]
        words["known"] = ", ".join(islice(_holder_of(model, (*location, ""))[0].model_fields, 3))
    elif kind == "not_listed":
        names = words["names"]
        near = get_close_matches(str(details["input"])[:_SHOWN], names, n=3, cutoff=0.5) or names[:3]
        words["near"] = Text(" oder ".join(f"„{name}“" for name in near), " or ".join(f"“{name}”" for name in near))
    elif kind == "literal_error" and info is not None:
        value, known = details["input"], _choices(info.annotation)
        words |= {"known": ", ".join(known), "meant": meant(value if isinstance(value, str) else "", known)}
    place = (document.key_place if kind == "extra_forbidden" else document.place)(details["loc"])
    return fault_of(kind, place, _path(location), hint, document.form, **words)


def _parts(model: type[BaseModel]) -> dict[str, Text]:
    """Return in words with which parts a case may begin."""
    parts, keys = ([f"'{name}{colon}'" for name in model.model_fields] for colon in ("", ":"))
    return {"parts": _one_of(parts), "keys": _one_of(keys)}


def _one_of(names: Iterable[str]) -> Text:
    return Text(*(f" {joint} ".join(names) for joint in ("oder", "or")))


def _holder_of(root: type[BaseModel], location: Location) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the model that the last key of `location` belongs to, and the key's field if it has one."""
    holder, found, inner = root, None, root
    for key in location:
        if isinstance(key, str):
            holder, found = inner, inner.model_fields.get(key)
            inside = _core(found.annotation) if found else None
            inner = inside if isinstance(inside, type) and issubclass(inside, BaseModel) else inner
    return holder, found


def _choices(annotation: Any) -> tuple[str, ...]:
    """Return the values of an enumeration, or of a list of them; else nothing."""
    core = _core(annotation)
    return get_args(core) if get_origin(core) is Literal else ()


def _core(annotation: Any) -> Any:
    """Return what is left of an annotation without `None`, `Annotated` and lists."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Annotated, tuple):
        return _core(parts[0])
    if NoneType in parts:
        return _core(next(one for one in parts if one is not NoneType))
    return annotation


def _meant_key(key: object, known: Iterable[str], form: InputKind) -> Text:
    if form == "yaml" and isinstance(key, str) and key.isdecimal():  # {vzae: 0,5} is read as vzae: 0 and the key 5
        return _COMMA
    words = ", ".join(known)
    return _close(key, known) or Text(f"Möglich sind: {words}.", f"Known fields: {words}.")


def _close(word: object, known: Iterable[str]) -> Text | None:
    return did_you_mean(word, known) if isinstance(word, str) and len(word) <= _SHOWN else None


def _path(location: Location) -> str:
    """Return the path as decisions write it.

    >>> _path(("haus", "zimmer", 0, "hoehe_cm"))
    'haus.zimmer[0].hoehe_cm'
    """
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            word = part if len(part) <= _SHOWN and _WORD.fullmatch(part) else shown(part)
            path += f".{word}" if path else word
    return path


def shown(value: object) -> str:
    """Return what `value` looks like in at most 60 characters, without calling its own code.

    >>> shown("1.10.2017"), shown(True), shown([1, 2]), shown(10**99), len(shown("x" * 1000))
    ("'1.10.2017'", 'true', '[…]', '<int>', 60)
    """
    text = next(form(value) for types, form in _FORMS if isinstance(value, types))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 2] + "…" + text[-1]


_FORMS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (str, lambda value: repr(str.__getitem__(value, slice(_SHOWN + 1)))),
    (NoneType, lambda _: "null"),
    (bool, lambda value: "true" if value else "false"),
    (int, lambda value: int.__repr__(value) if value.bit_length() <= _MOST_BITS else "<int>"),
    (float, float.__repr__),
    (Decimal, Decimal.__str__),
    (datetime, lambda value: datetime.isoformat(value, " ")),
    (date, date.isoformat),
    (dict, lambda value: "{…}" if dict.__len__(value) else "{}"),
    (list, lambda value: "[…]" if list.__len__(value) else "[]"),
    (tuple, lambda value: "[…]" if tuple.__len__(value) else "[]"),
    (object, lambda value: f"<{type(value).__name__}>"),
)
