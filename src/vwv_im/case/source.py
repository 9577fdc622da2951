"""Writing the typed models of a vocabulary as Python source, and making them in memory.

The source of the packaged regulation is committed as `vwv_im.typed`; that of another one is compiled when it is read.
Names are checked when a vocabulary is read, everything else enters the source as a literal.
"""

import json
import keyword
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from functools import partial
from hashlib import sha256
from types import ModuleType
from typing import Any

from vwv_im.case.fields import TOLD, CasePart
from vwv_im.case.vocabulary import Entity, Fact, Limits, Spelling, Vocabulary, scope_of
from vwv_im.lang import FactKind, FactType
from vwv_im.text import InputKind, Text

HEADER = "# Generated from rules/sachverhalt.yaml"
ROOT = "Case"
"""The model of a case as a whole."""
RESERVED = frozenset({*keyword.kwlist, *dir(CasePart), "bool", "date", "int", "str", "tuple"})
"""What no entity and no fact may be called: words of Python, and what models and their types are called."""
_IMPORTS = """
\"\"\"What a case may state, as typed models, and the types of what follows from one.\"\"\"

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from vwv_im.case import case_reader
from vwv_im.case.built import BuiltPart
from vwv_im.case.fields import CasePart, Day, Distinct, Exact, Label, Listed, Picked, Spelled, Truth
from vwv_im.text import InputKind
"""
_READER = '''Source = CasePart | Mapping[str, object] | str | os.PathLike[str]


def read_case(source: Source, form: InputKind = "data") -> Case:
    """Return the case that `source` states: data, or the path of a YAML 1.2 or JSON file.

    `form` tells where data come from, so that hints fit. Raises `CaseError` with all faults, each with its code, place,
    path, and how to mend it.
    """
    return case_reader.read_case(source, Case, form)
'''
_TOLD = '''def told(model: str) -> Mapping[str, Any]:
    """Return what JSON Schema says of a model and of its fields."""
    from vwv_im.case.source import notes_of
    from vwv_im.law.regulation import regulation

    return notes_of(regulation().vocabulary, model)
'''
_PYTHON_TYPES: Mapping[FactKind, str] = {
    "auswahl": "str",
    "auswahlliste": "tuple[str, ...]",
    "ganzzahl": "int",
    "dezimal": "Decimal",
    "datum": "date",
    "wahrheitswert": "bool",
    "text": "str",
}
_ASKED = "case: Source, *, on: date | str, question: {}, **options: Unpack[Options]"
_DECIDING = """\
    from vwv_im.decision.decision import Decision
    from vwv_im.reasoning.engines import EngineName

    class Options(TypedDict, total=False):
        known_on: date | str | None
        engine: EngineName
        readings: Mapping[str, str] | None
        rules: str | os.PathLike[str] | None

"""
_ANY_QUESTION = f"""
    @overload
    def evaluate({_ASKED.format("str | None = ...")}) -> Decision[Any]: ...
    def evaluate(case: Source, **options: Any) -> Decision[Any]:
        \"\"\"Decide a case; see `vwv_im.decision.evaluate`.\"\"\"
"""
Result = tuple[FactType, str]
"""What is known of a derived fact: its type and its title."""
_FORMS: tuple[InputKind, ...] = ("data", "cell", "frame")


def class_of(entity: str) -> str:
    """Return what the model of an entity is called.

    >>> class_of("entgelt_pause")
    'EntgeltPause'
    """
    return "".join(word.capitalize() for word in entity.split("_"))


def source_of(vocabulary: Vocabulary, digest: str = "", more: Iterable[str] = ()) -> str:
    """Return the source of the models of a vocabulary: one class for each entity, the case as a whole last.

    `digest` tells which file the vocabulary was read from. `typed_source_of` adds what is known of decisions, and names
    it as `more` that is exported.
    """
    models = [*reversed(tuple(_depth_first(vocabulary, None)))]
    classes = [_class(vocabulary, entity) for entity in models]
    names = [class_of(entity.name) for entity in vocabulary.stated]
    case = _case(vocabulary)
    exported = "".join(f"\n    {_text(name)}," for name in sorted([*names, *more, ROOT, "read_case"]))
    listed = f"__all__ = [{exported}\n]\n"
    told = f'SACHVERHALT = {_text(digest)}\n"""The SHA-256 of the file that this was generated from."""\n'
    return "\n\n".join([f"{HEADER}{_IMPORTS}\n{listed}\n{told}", *classes, f"{case}\n", _READER])


def typed_source_of(
    vocabulary: Vocabulary, digest: str, results: Mapping[str, Result], questions: Mapping[str, str]
) -> str:
    """Return the same source with the types of decisions: derived values, and `evaluate` for each question.

    `results` are the derived facts by path, `questions` the entities that they are about.
    """
    reached = dict.fromkeys(scope for root in questions.values() for scope in vocabulary.scopes(root))
    scopes = [scope for scope in reversed(reached) if vocabulary.entities[scope].series is None]
    values = [_values(vocabulary, scope, results) for scope in scopes]
    names = [*(f"{class_of(scope)}Werte" for scope in scopes), "Question"]
    question = f'Question = Literal[{", ".join(map(_text, questions))}]\n"""What may be asked."""'
    decided = "\n".join(_overload(name, root, first=index == 0) for index, (name, root) in enumerate(questions.items()))
    head = source_of(vocabulary, digest, names).replace("import os\n", "import os\nfrom datetime import date\n", 1)
    more = "TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypedDict, Unpack, overload\n"
    head = head.replace("Annotated, ClassVar, Literal\n", more, 1)
    return "\n\n".join([head, _TOLD, question, *values, f"if TYPE_CHECKING:\n{_DECIDING}{decided}{_ANY_QUESTION}"])


def _values(vocabulary: Vocabulary, scope: str, results: Mapping[str, Result]) -> str:
    """Return the class of the derived values of a record."""
    entity = vocabulary.entities[scope]
    lines = [f"class {class_of(scope)}Werte:", f"    {_docstring(f'Was sich ergibt: {entity.title.de}.')}", ""]
    for path, (kind, title) in results.items():
        name = path.removeprefix(f"{scope}.")
        if scope_of(path) == scope and "." not in name:
            unit = f" ({kind.unit})" if kind.unit else ""
            lines += [f"    {name}: {_python_type(kind)} | None", f"    {_docstring(f'{title}{unit}')}"]
    for inner in vocabulary.lists[scope].values():
        if (below := vocabulary.entities[inner]).series is None and "." not in below.path.removeprefix(
            f"{entity.path}."
        ):
            lines += [
                f"    {below.key}: tuple[{class_of(inner)}Werte, ...] | None",
                f"    {_docstring(below.plural.de)}",
            ]
    return "\n".join(lines).rstrip()


def _python_type(kind: FactType) -> str:
    if kind.kind == "auswahl" and kind.values:
        return f"Literal[{', '.join(map(_text, kind.values))}]"
    return _PYTHON_TYPES[kind.kind]


def _overload(question: str, root: str, *, first: bool) -> str:
    asked = _ASKED.format(f"Literal[{_text(question)}]{' = ...' if first else ''}")
    return f"    @overload\n    def evaluate({asked}) -> Decision[{class_of(root)}Werte]: ..."


def models_of(vocabulary: Vocabulary) -> ModuleType:
    """Return a module with the models of a vocabulary, made in memory; equal vocabularies share one."""
    source = source_of(vocabulary)
    name = f"{__name__}.models_{sha256(source.encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        module = ModuleType(name, "The models of a case, made from a vocabulary.")
        sys.modules[name] = module  # pydantic looks there for what an annotation names
        setattr(module, TOLD, partial(notes_of, vocabulary))
        exec(compile(source, f"<{name}>", "exec"), vars(module))  # noqa: S102 - checked names and literals only
    return sys.modules[name]


def _depth_first(vocabulary: Vocabulary, above: str | None) -> Iterator[Entity]:
    for entity in vocabulary.parts_of(above):
        yield entity
        yield from _depth_first(vocabulary, entity.name)


def _class(vocabulary: Vocabulary, entity: Entity) -> str:
    fields = [_field(fact.key, _annotation(fact), fact) for fact in vocabulary.facts_of(entity.name)]
    fields += [_part(part) for part in vocabulary.parts_of(entity.name)]
    return _model(class_of(entity.name), entity.description, fields)


def _case(vocabulary: Vocabulary) -> str:
    said = f"Ein Fall, mit mindestens einem dieser Teile: {', '.join(root.title.de for root in vocabulary.roots)}."
    fields = [_part(part) for part in vocabulary.parts_of(None)]
    return _model(ROOT, said, ['    model_config: ClassVar[ConfigDict] = ConfigDict(title="Fall")', "", *fields])


def _model(name: str, said: str, fields: Iterable[str]) -> str:
    return "\n".join([f"class {name}(BuiltPart):", f"    {_docstring(said)}", "", *fields])


def _part(entity: Entity) -> str:
    name = class_of(entity.name)
    filled = f", ({', '.join(map(_text, entity.filled_where))})" if entity.filled_where else ""
    listed = f"Annotated[tuple[{name}, ...], Listed({entity.least}, {entity.most}{filled})]"
    annotation = listed if entity.many else name
    return _field(entity.key, annotation, entity)


def _field(key: str, annotation: str, about: Entity | Fact) -> str:
    unit = f" ({about.unit})" if isinstance(about, Fact) and about.unit else ""
    default = "Field(default=None, repr=False)" if isinstance(about, Fact) and about.private else "None"
    said = _docstring(f"{_title(about).de}{unit}: {about.question.de}")
    return f"    {key}: {annotation} | None = {default}\n    {said}"


def _title(one: Entity | Fact) -> Text:
    return one.heading if isinstance(one, Entity) else one.title


def notes_of(vocabulary: Vocabulary, model: str) -> dict[str, Any]:
    """Return what JSON Schema says of a model and of its fields; of the case as a whole only of its fields."""
    entity = next((one for one in vocabulary.stated if class_of(one.name) == model), None)
    name = None if entity is None else entity.name
    title = {} if entity is None else {"title": entity.title.de}
    fields: list[Entity | Fact] = [fact for fact in vocabulary.facts.values() if fact.entity == name]
    return {**title, "properties": {one.key: _notes(one) for one in (*fields, *vocabulary.parts_of(name))}}


def _notes(one: Entity | Fact) -> dict[str, Any]:
    title = _title(one)
    notes = {"title": title.de, "description": one.help, "x-titel": title.as_dict(), "x-frage": one.question.as_dict()}
    if isinstance(one, Fact) and one.unit:
        notes["x-einheit"] = one.unit
    if isinstance(one, Fact) and one.labels:
        notes["x-werte"] = {value: label.as_dict() for value, label in one.labels.items()}
    return notes


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
            return _text_annotation(fact)
    limits = fact.limits or Limits(0, 0)
    if fact.type == "ganzzahl":
        return f"Annotated[int, Field(strict=True, ge=0, le={limits.maximum})]"
    return f"Annotated[Decimal, Exact({limits.maximum}, {limits.places})]"


def _text_annotation(fact: Fact) -> str:
    if fact.choice is not None:
        names, fillers, where = (_tuple(one or ()) for one in astuple(fact.choice))
        return f"Annotated[Label, Picked({names}, {fillers}, {where if fact.choice.only_where else None})]"
    return "Label" if fact.spelling is None else f"Annotated[str, Spelled({_spelled(fact.spelling)})]"


def _tuple(words: Iterable[str]) -> str:
    return f"({''.join(f'{_text(word)}, ' for word in words)})"


def _spelled(spelling: Spelling) -> str:
    words: dict[str, Text] = {"what": spelling.fault, **{form: spelling.hints[form] for form in _FORMS}}
    told = {f"{name}_{lang}": text.in_(lang) for name, text in words.items() for lang in ("de", "en")}
    listed = ", ".join(f"{_text(name)}: {_text(text)}" for name, text in told.items())
    return f"{_text(spelling.pattern)}, {{{listed}}}"


def _text(value: str) -> str:
    """Return a literal of a text; what is no printable character is escaped."""
    return json.dumps(value, ensure_ascii=not value.isprintable())


def _docstring(text: str) -> str:
    return f'"""{_text(text)[1:-1]}"""'
