"""JSON Schemas: of a case, of a decision, of the regulation, and of each kind of rule file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter
from pydantic.json_schema import models_json_schema

from vwv_im.case import Case
from vwv_im.lang.truth import Art, Verdict
from vwv_im.law.evidence import Grade
from vwv_im.law.model import (
    ActFile,
    NewItem,
    OpenQuestionsFile,
    Question,
    ReadingsFile,
    SchemaFile,
    SourcesFile,
    SubjectFile,
)
from vwv_im.publish.form_schema import with_forms
from vwv_im.publish.hovers import HOVERS
from vwv_im.publish.regulation_json import RegulationDocument

Path_ = Annotated[str, Field(description="Path of a fact in the case, such as antrag.stellen[0].vzae.")]
IsoDay = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextDocument(_Part):
    """A text in both languages."""

    de: str
    en: str


class CitationDocument(_Part):
    """Where something stands."""

    act: str
    nummer: str | None
    source: str | None
    url: str | None


class PartDocument(_Part):
    """A comparison, or a compound of them (`operator` is then `alle` or `eine`)."""

    fact: Path_ | None
    verdict: Verdict
    actual: JsonValue
    operator: str
    required: JsonValue
    facts: dict[Path_, JsonValue]
    parts: tuple[PartDocument, ...]
    text: TextDocument


class ReasonDocument(_Part):
    """A requirement, option or piece of advice as it turned out for one subject."""

    rule: str
    heading: str
    subject: str
    art: Art
    verdict: Verdict
    applies: Literal["yes", "no", "open"]
    actual: JsonValue
    operator: str
    required: JsonValue
    facts: dict[Path_, JsonValue]
    parts: tuple[PartDocument, ...]
    citation: CitationDocument
    further_citations: tuple[CitationDocument, ...]
    grade: Grade
    text: TextDocument


class FassungDocument(_Part):
    """The Fassung that was chosen; `gilt_ab` is null in a comparison, where the day chooses none."""

    id: str
    gilt_ab: IsoDay | None
    gilt_bis: IsoDay | None
    chosen_because: str
    erlasse: tuple[str, ...]


class OutsideDocument(_Part):
    """Outside the scope: the nearest Fassung, or the successor."""

    id: None
    nearest: str | None
    successor: str | None
    chosen_because: str


class MissingDocument(_Part):
    """A fact that an open requirement lacks."""

    fact: Path_
    question: TextDocument
    rules: tuple[str, ...]


class DutyDocument(_Part):
    """A duty; `due` is null where no source tells the day."""

    id: str
    due: IsoDay | None
    due_shifted: IsoDay | None
    grade: Grade
    text: TextDocument


class OpenQuestionDocument(_Part):
    """A question that the sources do not answer."""

    id: str
    text: TextDocument


class ContradictionDocument(_Part):
    """Two statements that cannot both be."""

    id: str
    places: tuple[Path_, Path_]
    stated: dict[Path_, JsonValue]
    text: TextDocument


class VariantDocument(BaseModel):
    """What another reading would give; `derived` holds what differs, `duties` is there where they differ."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: Literal["decided", "outside_scope", "contradictory"]
    verdict: Verdict | None
    derived: dict[Path_, JsonValue]
    duties: tuple[DutyDocument, ...] | None = None


class ReadingDocument(_Part):
    """The reading followed on a disputed point, and what the others would give."""

    used: str
    others_differ: bool
    others: dict[str, VariantDocument]


class EvidenceDocument(_Part):
    """How well the decision is evidenced."""

    weakest: Grade | None
    by_derived: dict[Path_, Grade]


class EngineDocument(_Part):
    """Which engine decided, and whether a second one agreed."""

    used: Literal["direct", "durable"]
    cross_checked: bool


class ReceiptDocument(_Part):
    """With what the decision was made."""

    version: str
    rules: dict[str, str]
    facts: dict[Path_, JsonValue]


class DecisionDocument(_Part):
    """A decision as JSON. Money and shares are exact decimals as text, days are ISO text."""

    outcome: Literal["decided", "outside_scope", "contradictory"]
    verdict: Verdict | None
    question: Question
    on: IsoDay
    known_on: IsoDay | None
    fassung: FassungDocument | OutsideDocument
    derived: dict[Path_, JsonValue]
    reasons: tuple[ReasonDocument, ...]
    options: tuple[ReasonDocument, ...]
    hints: tuple[ReasonDocument, ...]
    missing: tuple[MissingDocument, ...]
    duties: tuple[DutyDocument, ...]
    open_questions: tuple[OpenQuestionDocument, ...]
    contradictions: tuple[ContradictionDocument, ...]
    readings: dict[str, ReadingDocument]
    evidence: EvidenceDocument
    engine: EngineDocument
    receipt: ReceiptDocument


SCHEMAS: Mapping[str, type[BaseModel]] = {
    "case": Case,
    "decision": DecisionDocument,
    "regulation": RegulationDocument,
    "akt": ActFile,
    "gegenstand": SubjectFile,
    "quellen": SourcesFile,
    "auslegungen": ReadingsFile,
    "offene_fragen": OpenQuestionsFile,
    "pruefschema": SchemaFile,
}


RULE_FILES: Mapping[str, str] = {
    "akt": "Akt mit seinen Änderungen",
    "gegenstand": "Gegenstand der Stammfassung",
    "quellen": "Verzeichnis der Quellen",
    "auslegungen": "Streitige Punkte",
    "offene_fragen": "Offene Fragen",
    "pruefschema": "Reihenfolge der Prüfung",
}
"""The kinds of rule files, and how each is called."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(name: str) -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12): `case`, `decision`, `regulation`, or a kind of rule file.

    The schemas of rule files explain every key in German, for editors. Raises `KeyError` for an unknown name;
    `SCHEMAS` lists them.

    >>> schema_of("decision")["title"]
    'DecisionDocument'
    >>> schema_of("gegenstand")["$defs"]["Parameter"]["properties"]["wert"]["description"]
    'Der Wert; null, wo ihn keine Quelle nennt.'
    """
    model = SCHEMAS[name]
    if name not in RULE_FILES:
        return {"$schema": _DIALECT, **with_forms(TypeAdapter(model).json_schema())}
    return {"$schema": _DIALECT, "title": RULE_FILES[name], **with_forms(_explained(model))}


def _explained(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a rule file with a German text on every key, and no English ones."""
    models: list[type[BaseModel]] = [model, *([NewItem] if model is ActFile else [])]
    _, whole = models_json_schema([(part, "validation") for part in models])
    parts: dict[str, Any] = whole["$defs"]
    for name, part in parts.items():
        del part["description"]  # an editor would show it instead of what the key means
        for key, text in HOVERS.get(name, {}).items():
            part["properties"][key]["description"] = text
    if "Operation" in parts:
        parts["Operation"]["allOf"] = [_INSERTS]
    bare: dict[str, Any] = _without_titles({"$defs": parts, "$ref": f"#/$defs/{model.__name__}"})
    return bare


_INSERTS: dict[str, Any] = {
    "if": {"properties": {"op": {"const": "fuege_ein"}}},
    "then": {"properties": {"neu": {"$ref": "#/$defs/NewItem"}}},
}


def _without_titles(node: Any) -> Any:
    """Drop the titles that pydantic makes of names, and let alternatives overlap, as editors expect."""
    if isinstance(node, list):
        return [_without_titles(part) for part in node]
    if not isinstance(node, dict):
        return node
    names = {
        key: _without_titles(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))
    }
    return {"anyOf" if key == "oneOf" else key: value for key, value in names.items()}


def write_schemas(directory: Path) -> None:
    """Write the schema of every kind of rule file, and of a case, into `directory` as `<name>.json`."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("case", *RULE_FILES):
        text = json.dumps(schema_of(name), ensure_ascii=False, indent=2)
        (directory / f"{name}.json").write_text(f"{text}\n", "utf-8")


def decision_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Decision.to_dict()`.

    >>> decision_schema()["title"]
    'DecisionDocument'
    """
    return schema_of("decision")
