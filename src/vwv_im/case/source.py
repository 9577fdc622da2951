"""Writing the typed models of a vocabulary as Python source, and making them in memory.

The source of the packaged regulation is committed as `vwv_im.typed`; that of another one is compiled when it is read.
Names are checked when a vocabulary is read, everything else enters the source as a literal.
"""

from __future__ import annotations

import json
import keyword
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from types import ModuleType
from typing import Any

from vwv_im.case.values import CasePart
from vwv_im.case.vocabulary import Entity, Fact, Limits, Spelling, Vocabulary
from vwv_im.text import Form, Text

HEADER = "# Generated from rules/sachverhalt.yaml"
ROOT = "Case"
"""The model of a case as a whole."""
RESERVED = frozenset({*keyword.kwlist, *dir(CasePart), "bool", "date", "int", "str", "tuple"})
"""What no entity and no fact may be called: words of Python, and what models and their types are called."""
_IMPORTS = """
from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from vwv_im.case import reading
from vwv_im.case.values import CasePart, Day, Distinct, Exact, Label, Listed, Spelled, Truth
from vwv_im.text import Form
"""
_READER = '''Source = CasePart | Mapping[str, object] | str | os.PathLike[str]


def read_case(source: Source, form: Form = "data") -> Case:
    """Return the case that `source` states: data, or the path of a YAML 1.2 or JSON file.

    `form` tells where data come from, so that hints fit. Raises `CaseError` with all faults, each with its code, place,
    path, and how to mend it.
    """
    return reading.read_case(source, Case, form)
'''
_FORMS: tuple[Form, ...] = ("data", "cell", "frame")


def class_of(entity: str) -> str:
    """Return what the model of an entity is called.

    >>> class_of("entgelt_pause")
    'EntgeltPause'
    """
    return "".join(word.capitalize() for word in entity.split("_"))


def source_of(vocabulary: Vocabulary, digest: str = "") -> str:
    """Return the source of the models of a vocabulary: one class for each entity, the case as a whole last.

    `digest` tells which file the vocabulary was read from.
    """
    models = [*reversed(tuple(_depth_first(vocabulary, None)))]
    classes = [_class(vocabulary, entity) for entity in models]
    names = [class_of(entity.name) for entity in vocabulary.stated]
    case = _case(vocabulary)
    exported = "".join(f"\n    {name!r}," for name in sorted([*names, ROOT, "read_case"]))
    listed = f"__all__ = [{exported}\n]\n".replace("'", '"')
    told = f'SACHVERHALT = {_text(digest)}\n"""The SHA-256 of the file that this was generated from."""\n'
    return "\n\n".join([f"{HEADER}{_IMPORTS}\n{listed}\n{told}", *classes, f"{case}\n", _READER])


def models_of(vocabulary: Vocabulary) -> ModuleType:
    """Return a module with the models of a vocabulary, made in memory; equal vocabularies share one."""
    source = source_of(vocabulary)
    name = f"{__name__}.models_{sha256(source.encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        module = ModuleType(name, "The models of a case, made from a vocabulary.")
        sys.modules[name] = module  # pydantic looks there for what an annotation names
        exec(compile(source, f"<{name}>", "exec"), vars(module))  # noqa: S102 - checked names and literals only
    return sys.modules[name]


def _depth_first(vocabulary: Vocabulary, above: str | None) -> Iterator[Entity]:
    for entity in vocabulary.parts_of(above):
        yield entity
        yield from _depth_first(vocabulary, entity.name)


def _class(vocabulary: Vocabulary, entity: Entity) -> str:
    fields = [
        _field(fact.key, _annotation(fact), _notes_of_fact(fact), fact) for fact in vocabulary.facts_of(entity.name)
    ]
    fields += [_part(part) for part in vocabulary.parts_of(entity.name)]
    head = [f"class {class_of(entity.name)}(CasePart):", f"    {_docstring(entity.description)}", ""]
    config = f"    model_config = ConfigDict(title={_text(entity.title.de)})"
    return "\n".join([*head, config, "", *fields])


def _case(vocabulary: Vocabulary) -> str:
    head = [f"class {ROOT}(CasePart):", f"    {_docstring(_sentence(vocabulary))}", ""]
    fields = [_part(part) for part in vocabulary.parts_of(None)]
    return "\n".join([*head, '    model_config = ConfigDict(title="Fall")', "", *fields])


def _sentence(vocabulary: Vocabulary) -> str:
    names = [root.title.de for root in vocabulary.roots]
    return f"Ein Fall, mit mindestens einem dieser Teile: {', '.join(names)}."


def _part(entity: Entity) -> str:
    name = class_of(entity.name)
    annotation = f"Annotated[tuple[{name}, ...], Listed({entity.least}, {entity.most})]" if entity.many else name
    notes = {"title": entity.heading.de, "description": entity.help, "json_schema_extra": _told(entity)}
    return _field(entity.key, annotation, notes, entity)


def _told(one: Entity | Fact) -> dict[str, Any]:
    title = one.heading if isinstance(one, Entity) else one.title
    return {"x-titel": title.as_dict(), "x-frage": one.question.as_dict()}


def _notes_of_fact(fact: Fact) -> dict[str, Any]:
    told = _told(fact)
    if fact.unit:
        told["x-einheit"] = fact.unit
    if fact.labels:
        told["x-werte"] = {value: label.as_dict() for value, label in fact.labels.items()}
    notes: dict[str, Any] = {"title": fact.title.de, "description": fact.help, "json_schema_extra": told}
    return {**notes, "repr": False} if fact.private else notes


def _field(key: str, annotation: str, notes: Mapping[str, Any], about: Entity | Fact) -> str:
    lines = [f"    {key}: {annotation} | None = Field(", "        default=None,"]
    lines += [f"        {name}={_literal(value, 8)}," for name, value in notes.items()]
    unit = f" ({about.unit})" if isinstance(about, Fact) and about.unit else ""
    title = about.heading if isinstance(about, Entity) else about.title
    return "\n".join([*lines, "    )", f"    {_docstring(f'{title.de}{unit}: {about.question.de}')}"])


def _annotation(fact: Fact) -> str:
    words = f"Literal[{', '.join(_text(value) for value in fact.values)}]"
    match fact.type:
        case "auswahl":
            return words
        case "auswahlliste":
            return f"Annotated[tuple[{words}, ...], Distinct({len(fact.values)})]"
        case "wahrheitswert":
            return "Truth"
        case "datum":
            return "Day"
        case "text":
            return "Label" if fact.spelling is None else f"Annotated[str, Spelled({_spelled(fact.spelling)})]"
    limits = fact.limits or Limits(0, 0)
    if fact.type == "ganzzahl":
        return f"Annotated[int, Field(strict=True, ge=0, le={limits.maximum})]"
    return f"Annotated[Decimal, Exact({limits.maximum}, {limits.places})]"


def _spelled(spelling: Spelling) -> str:
    words: dict[str, Text] = {"what": spelling.fault, **{form: spelling.hints[form] for form in _FORMS}}
    told = {f"{name}_{lang}": text.in_(lang) for name, text in words.items() for lang in ("de", "en")}
    return f"{_text(spelling.pattern)}, {_literal(told, 4)}"


def _text(value: str) -> str:
    """Return a literal of a text; what is no printable character is escaped."""
    return json.dumps(value, ensure_ascii=not value.isprintable())


def _literal(value: Any, indent: int) -> str:
    """Return a literal of texts, truth values, and mappings of them."""
    if not isinstance(value, Mapping):
        return _text(value) if isinstance(value, str) else repr(value)
    if all(isinstance(part, str) for part in value.values()):
        return f"{{{', '.join(f'{_text(key)}: {_text(part)}' for key, part in value.items())}}}"
    inner = " " * (indent + 4)
    entries = "".join(f"{inner}{_text(key)}: {_literal(part, indent + 4)},\n" for key, part in value.items())
    return f"{{\n{entries}{' ' * indent}}}"


def _docstring(text: str) -> str:
    return f'"""{_text(text)[1:-1]}"""'
