"""What a proof found: proved, shown by a case, refuted by one, or not settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from vwv_im.text import Text
from vwv_im.text.json_object import JsonDocument, JsonObject


class Result(StrEnum):
    """How a proof ended."""

    PROVED = "proved"
    SHOWN = "shown"
    REFUTED = "refuted"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Shown(JsonObject, schema="ShownDocument", keys="question on readings facts case expected other"):
    """A case that shows something, confirmed by the engine `direct`.

    `facts` counts what is stated, each entry that is listed included. `expected` is what the solver says
    that the decision contains, in the form of the corpus of cases; `other` says the same of the other side: without
    the operation, under the Fassung before, under the other reading.
    """

    question: str
    on: str
    case: Mapping[str, Any]
    facts: int
    readings: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Proof(JsonObject, schema="ProofDocument", keys="kind law subject claim result as_expected case:shown note"):
    """One statement about the law under one Fassung, what was found, and whether it should be so."""

    kind: str
    law: str
    subject: str
    claim: Text
    result: Result = Result.UNSETTLED
    as_expected: bool = False
    shown: Shown | None = None
    note: Text | None = None
    seconds: float = 0.0

    def ended(self, result: Result, as_expected: bool, shown: Shown | None = None, note: Text | None = None) -> Proof:
        """Return what became of a proof that was not settled yet."""
        return replace(self, result=result, as_expected=as_expected, shown=shown, note=note)


@dataclass(frozen=True)
class Proofs(JsonDocument, schema="ProofsDocument", keys="as_expected counts proofs"):
    """All proofs that were asked for, and the seconds they took."""

    proofs: tuple[Proof, ...]
    seconds: float

    @property
    def failing(self) -> tuple[Proof, ...]:
        """What is refuted although it should hold, or not settled in time."""
        return tuple(proof for proof in self.proofs if not proof.as_expected)

    @property
    def counts(self) -> Mapping[Result, int]:
        """How many proofs ended in which way."""
        return {result: sum(proof.result is result for proof in self.proofs) for result in Result}

    @property
    def as_expected(self) -> bool:
        """Whether everything is as it should be."""
        return not self.failing
