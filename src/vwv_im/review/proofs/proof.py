"""What a proof found: proved, shown by a case, refuted by one, or not settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from vwv_im.text import Text


class Result(StrEnum):
    """How a proof ended."""

    PROVED = "proved"
    SHOWN = "shown"
    REFUTED = "refuted"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Shown:
    """A case that shows something, confirmed by the engine `direct`.

    `facts` counts what is stated, each post and member that is listed included. `expected` is what the solver says
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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "question": self.question,
            "on": self.on,
            "readings": dict(self.readings),
            "facts": self.facts,
            "case": dict(self.case),
            "expected": dict(self.expected),
            "other": dict(self.other),
        }


@dataclass(frozen=True)
class Proof:
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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "kind": self.kind,
            "law": self.law,
            "subject": self.subject,
            "claim": self.claim.as_dict(),
            "result": self.result.value,
            "as_expected": self.as_expected,
            "case": None if self.shown is None else self.shown.to_dict(),
            "note": None if self.note is None else self.note.as_dict(),
        }
