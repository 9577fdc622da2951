"""An item of the law at one moment, and where it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from vwv_im.lang import READING, Form, facts_of
from vwv_im.law.model import Ableitung, Model, Parameter, Pflicht, Regel, Vermerk, forms_of
from vwv_im.law.observation import Plausibilitaet, Widerspruch
from vwv_im.text import Document, Path_, Place

MODELS: Mapping[str, type[Model]] = {
    "parameter": Parameter,
    "ableitung": Ableitung,
    "regel": Regel,
    "widerspruch": Widerspruch,
    "plausibilitaet": Plausibilitaet,
    "pflicht": Pflicht,
    "vermerk": Vermerk,
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A part of a document: where a piece of the law is written."""

    document: Document
    path: Path_

    def place(self, path: Path_ = ()) -> Place:
        """Return the place of `path` within this part."""
        return self.document.place(self.path + path)


@dataclass(frozen=True)
class Entry:
    """An item of the law at one moment: its data, the act that shaped it, and where each part is written."""

    kind: str
    id: str
    subject: str
    act: str
    data: Mapping[str, Any]
    origins: Mapping[Path_, Origin]
    evidence_acts: tuple[str, ...] = ()

    @cached_property
    def parsed(self) -> Model | ValidationError:
        """Its model, made when it is first asked for; or what is wrong with its data."""
        try:
            return MODELS[self.kind].model_validate(self.data)
        except ValidationError as error:
            return error

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """The conditions, tables and computations of its model; none where there is no model."""
        return () if isinstance(self.parsed, ValidationError) else forms_of(self.parsed)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The paths of all facts that these read."""
        return frozenset(fact for fact in facts_of(*self.forms) if not fact.startswith(READING))

    def act_of_evidence(self, index: int) -> str:
        """Return the act that brought a piece of evidence."""
        return self.evidence_acts[index] if index < len(self.evidence_acts) else self.act

    @property
    def key(self) -> str:
        """The name by which operations and references find it."""
        return f"parameter.{self.id}" if self.kind == "parameter" else self.id

    def origin(self, path: Path_ = ()) -> Origin:
        """Return the part of a document in which `path` of this item is written."""
        length = next(length for length in range(len(path), -1, -1) if path[:length] in self.origins)
        base = self.origins[path[:length]]
        return Origin(base.document, base.path + path[length:])

    def place(self, path: Path_ = ()) -> Place:
        """Return where `path` of this item is written."""
        return self.origin(path).place()
