"""The receipt: with what a decision was made, so that it can be made again. Names and free labels never enter it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.context import Context, Outcome
from vwv_im.lang.truth import Verdict
from vwv_im.reasoning.plan import Plan
from vwv_im.text.json_object import JsonDocument, JsonObject
from vwv_im.text.values import Json, to_json

SCHEMA = "1"
"""The version of the form of receipts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeReceipt(JsonDocument, schema="ReceiptDocument"):
    """What went into a decision and what came out, which `vwv-im replay` can repeat."""

    version: str
    rules: Mapping[str, str]
    facts: Mapping[str, Json]
    schema: str = SCHEMA
    counts: Mapping[str, int]
    on: date
    known_on: date | None
    question: str
    readings: Mapping[str, str]
    fassung: Mapping[str, Any]
    outcome: Outcome
    verdict: Verdict | None
    derived: Mapping[str, Json]
    reasons: tuple[tuple[str, str, Verdict, Json, Json], ...]
    digest: Annotated[str, "SHA-256 of the canonical JSON of all the rest."] = ""

    def with_digest(self) -> WholeReceipt:
        """Return the same with its digest."""
        return replace(self, digest=digest_of(self.to_dict()))


@dataclass(frozen=True, slots=True)
class Receipt(JsonObject, schema="ShortReceiptDocument", keys="version rules facts"):
    """With what a decision was made; in the JSON of a decision it is short, since the rest stands beside it.

    `rules` holds the SHA-256 of each rule file, `facts` every stated fact that was read, by its path; `document` is
    whole and canonical, with a checksum (`digest`) against accidents: it is no signature, and whoever changes a receipt
    can work it out anew.
    """

    rules: Mapping[str, str]
    facts: Mapping[str, Json]
    whole: Callable[[], WholeReceipt]

    @property
    def version(self) -> str:
        """The version of the library."""
        return own_version()

    def document(self) -> dict[str, Any]:
        """Return the whole receipt, which can be replayed without anything else."""
        return self.whole().with_digest().to_dict()

    def canonical(self) -> str:
        """Return the whole receipt as canonical JSON: keys sorted, no spaces, UTF-8."""
        return canonical(self.document())


def own_version() -> str:
    """Return the version of the library."""
    from vwv_im import __version__  # noqa: PLC0415 - the package imports this module

    return __version__


def canonical(document: Mapping[str, Any]) -> str:
    """Return the canonical JSON text of a document.

    >>> canonical({"b": 1, "a": None})
    '{"a":null,"b":1}'
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the checksum of a receipt: the SHA-256 of its content, all but the checksum itself."""
    content = {key: value for key, value in document.items() if key != "digest"}
    return sha256(canonical(content).encode()).hexdigest()


def facts_used(context: Context) -> dict[str, Json]:
    """Return every stated fact that the plan reads, by its path; never a name or free label."""
    used: dict[str, Json] = {}
    for fact, scope in context.once("facts used", context.plan, lambda: _usable(context.plan)):
        for subject in context.subjects(scope):
            if (value := context.value(fact, subject)) is not None:
                used[subject.path(fact)] = to_json(value)
    return used | {part: [] for part, count in counts_of(context).items() if not count}


def _usable(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the stated facts that a plan reads, each with its scope, but no private ones."""
    facts = plan.vocabulary.facts
    stated = (fact for fact in sorted(plan.reads & facts.keys()) if not facts[fact].private)
    return tuple((fact, scope_of(fact)) for fact in stated if scope_of(fact) in plan.scopes)


def counts_of(context: Context) -> dict[str, int]:
    """Return how many entries each list has that the case states."""
    plan, found = context.plan, dict[str, int]()
    derived = {series.scope for series in plan.series}
    for scope in plan.scopes:
        for inner, slot in context.program.layout.lists[scope].items():
            key = plan.vocabulary.entities[inner].path.removeprefix(f"{plan.vocabulary.entities[scope].path}.")
            for subject in context.subjects(scope) if inner not in derived else ():
                if (entries := subject.record[slot]) is not None:
                    found[f"{subject.name}.{key}"] = len(entries)
    return found
