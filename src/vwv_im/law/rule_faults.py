"""Faults in rule files: their codes, and how pydantic's findings become faults with a place."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from vwv_im.lang.parsing import FormFault
from vwv_im.text import Document, Fault, FaultyInputError, Path_, Text, as_written, did_you_mean, fault_of, written_path
from vwv_im.text.messages import catalogue


class RuleFileError(FaultyInputError):
    """Rule files that cannot be used; `faults` lists everything that is wrong with them."""


@cache
def _known_keys() -> frozenset[str]:
    from vwv_im.law import base, evidence, model, register  # noqa: PLC0415 - only for suggestions

    models = {
        value
        for module in (base, evidence, model, register)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel)
    }
    return frozenset(field.alias or name for cls in models for name, field in cls.model_fields.items())


def faults_of(error: ValidationError, document: Document, at: Path_ = ()) -> list[Fault]:
    """Translate pydantic's findings about the part of `document` at `at` into faults with a place."""
    return [_fault(found, document, at) for found in errors_of(error)]


def errors_of(error: ValidationError) -> list[Any]:
    """Return pydantic's findings; that a list is too short, too, only where it is not for what is wrong with a part."""
    found: list[Any] = error.errors(include_url=False)
    parts = {one["loc"][:length] for one in found for length in range(len(one["loc"]))}
    return [one for one in found if one["type"] != "too_short" or one["loc"] not in parts]


def _fault(found: Any, document: Document, at: Path_) -> Fault:
    kind: str = found["type"]
    path = _data_path(document.data, at, found["loc"])
    name = str(found["loc"][-1]) if found["loc"] else ""
    place = document.place(path)
    where = written_path(path)
    if kind == "form":
        form: FormFault = found["ctx"]["fault"]
        place = document.key_place(path) if form.at_key else place
        return Fault(form.code, place, form.message, form.hint, where)
    if kind == "extra_forbidden":
        at_key = document.key_place((*path[:-1], name) if path and path[-1] == name else (*path, name))
        return fault_of("unknown_key", at_key, where, did_you_mean(name, _known_keys()), name=name)
    if name == "beleg" and kind in ("missing", "too_short"):
        return fault_of("no_evidence", place, where)
    if kind == "missing":
        return fault_of("missing_key", place, where, name=name)
    hint = did_you_mean(str(found.get("input")), _expected(found)) if kind == "literal_error" else None
    return fault_of("wrong_form", place, where, hint, what=_detail(found), given=as_written(found.get("input")))


def _detail(found: Any) -> Text:
    """Return what is wrong in both languages: our own words where we have them, else pydantic's."""
    said = str(found["msg"]).removeprefix("Value error, ")
    if " / " in said:
        de, _, en = said.partition(" / ")
        return Text(de, en)
    if found["type"] == "literal_error":
        options = ", ".join(_expected(found))
        return Text(f"möglich sind {options}", f"possible are {options}")
    return Text(catalogue("parsers.forms").get(found["type"], "so nicht erlaubt"), said)


def _expected(found: Any) -> Iterable[str]:
    return [word.strip(" '") for word in str(found.get("ctx", {}).get("expected", "")).replace(" or ", ",").split(",")]


def _data_path(data: Any, at: Path_, loc: Iterable[str | int]) -> Path_:
    """Follow pydantic's `loc` through the data, passing over the names of union members."""
    path = list(at)
    node: Any = data
    for key in at:
        node = node[key]
    for key in loc:
        if key in (node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()):
            node = node[key]
            path.append(key)
    return tuple(path)
