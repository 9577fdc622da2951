"""What is known about each field of a case: its path, type, title, question, and the words for its values.

The fields are written once, on the pydantic models; here they are read off them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Annotated, Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from vwv_im.case.values import Limits
from vwv_im.lang.types import FactKind
from vwv_im.text import Text

Scope = Literal["antrag", "stelle", "mitglied", "person"]

_TYPES: Mapping[object, FactKind] = {
    int: "ganzzahl",
    Decimal: "dezimal",
    date: "datum",
    bool: "wahrheitswert",
    str: "text",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a case may state.

    `path` is written as in a rule file; `values`, `ranks` and `labels` are for enumerations, and
    equal ranks mean equal standing; `limits` are for numbers. `changeable`: an applicant can still change it.
    `private`: a free label that may hold a person's name and therefore enters no receipt and no log.
    """

    path: str
    scope: Scope
    type: FactKind
    unit: str | None
    values: tuple[str, ...]
    ranks: Mapping[str, int] | None = field(hash=False)
    title: Text
    question: Text
    labels: Mapping[str, Text] = field(hash=False)
    changeable: bool
    private: bool
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a case that holds facts; `entry` is how a rule file names it, or one entry of a list."""

    path: str
    scope: Scope
    entry: str
    many: bool
    title: Text
    question: Text


@dataclass(frozen=True, slots=True)
class Notes:
    """What a model's field says about itself beyond its type; adds the same to the JSON Schema."""

    title: Text
    question: Text
    unit: str | None = None
    order: tuple[tuple[str, ...], ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    changeable: bool = False
    private: bool = False

    def __call__(self, schema: dict[str, Any]) -> None:
        """Write the notes into the JSON Schema of the field."""
        schema["x-titel"] = self.title.as_dict()
        schema["x-frage"] = self.question.as_dict()
        if self.unit:
            schema["x-einheit"] = self.unit
        if self.labels:
            schema["x-werte"] = {value: label.as_dict() for value, label in self.labels.items()}


def fact(title: Text, question: Text, description: str, **notes: Any) -> Any:
    """Return the field of a model, absent by default; `notes` are further fields of `Notes`."""
    more = Notes(title, question, **notes)
    return Field(default=None, title=title.de, description=description, json_schema_extra=more, repr=not more.private)


def notes_of(info: FieldInfo) -> Notes:
    """Return what the field says about itself."""
    return cast("Notes", info.json_schema_extra)


def facts_of(models: Mapping[str, type[BaseModel]]) -> Iterator[Fact]:
    """Yield the facts of `models`, which are keyed by the path that rule files use."""
    for prefix, model in models.items():
        for name, info in model.model_fields.items():
            if model_in(info) is None:
                yield _fact(f"{prefix}.{name}", info)


def parts_of(root: type[BaseModel], models: Mapping[str, type[BaseModel]]) -> Iterator[Part]:
    """Yield the parts of `root` and of what it holds; `models` as in `facts_of`."""
    entries = {model: prefix for prefix, model in models.items()}
    for holder in (root, *models.values()):
        for name, info in holder.model_fields.items():
            if (model := model_in(info)) is not None:
                path = name if holder is root else f"{entries[holder]}.{name}"
                notes, many = notes_of(info), get_origin(_core(info.annotation)) is tuple
                yield Part(path, _scope(entries[model]), entries[model], many, notes.title, notes.question)


def holder_of(root: type[BaseModel], location: Sequence[str | int]) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the model that the last key of `location` belongs to, and the key's field if it has one."""
    holder, found, inner = root, None, root
    for key in location:
        if isinstance(key, str):
            holder, found = inner, inner.model_fields.get(key)
            inner = (model_in(found) if found else None) or inner
    return holder, found


def choices(info: FieldInfo) -> tuple[str, ...]:
    """Return the values of an enumeration, or of a list of them; else nothing."""
    core = _core(info.annotation)
    if get_origin(core) is tuple:
        core = _core(get_args(core)[0])
    return get_args(core) if get_origin(core) is Literal else ()


def model_in(info: FieldInfo) -> type[BaseModel] | None:
    """Return the model that the field holds, once or in a list; else None."""
    core = _core(info.annotation)
    if get_origin(core) is tuple:
        core = _core(get_args(core)[0])
    return core if isinstance(core, type) and issubclass(core, BaseModel) else None


def _core(annotation: Any) -> Any:
    """Return what is left of an annotation without `None` and without `Annotated`."""
    if get_origin(annotation) is Annotated:
        return _core(get_args(annotation)[0])
    alternatives = [one for one in get_args(annotation) if one is not NoneType]
    if NoneType in get_args(annotation):
        return _core(alternatives[0])
    return annotation


def _limits(annotation: Any) -> Limits | None:
    """Return the limits of a number, wherever among its annotations they stand."""
    for one in (annotation, *get_args(annotation)):
        found = one if isinstance(one, Limits) else getattr(one, "limits", None)
        if found is None and one is not annotation and get_origin(one) is Annotated:
            found = _limits(one)
        if found is not None:
            return cast("Limits", found)
    return None


def _fact(path: str, info: FieldInfo) -> Fact:
    notes, core, values = notes_of(info), _core(info.annotation), choices(info)
    if values:
        kind: FactKind = "auswahlliste" if get_origin(core) is tuple else "auswahl"
    else:
        kind = _TYPES[core]
    ranks = {value: rank for rank, equals in enumerate(notes.order) for value in equals} or None
    return Fact(
        path=path,
        scope=_scope(path),
        type=kind,
        unit=notes.unit,
        values=values,
        ranks=ranks,
        title=notes.title,
        question=notes.question,
        labels=dict(notes.labels),
        changeable=notes.changeable,
        private=notes.private,
        limits=_limits(info.annotation),
    )


def _scope(path: str) -> Scope:
    return cast("Scope", path.partition(".")[0])
