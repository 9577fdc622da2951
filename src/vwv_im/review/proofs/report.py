"""What a proof found, the proofs as tables with the cases they show, and the witnesses as a file of the corpus."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from vwv_im.decision.blocks import WIDTH, plain
from vwv_im.review.coverage import columns, table_line
from vwv_im.text import JsonDocument, JsonObject, Language, Text, flow, sentence


class Kind(StrEnum):
    """What is to be proved."""

    TABLE = "table"
    REQUIREMENT = "requirement"
    PLAUSIBILITY = "plausibility"
    MONOTONY = "monotony"
    OPERATION = "operation"
    READING = "reading"


class Result(StrEnum):
    """How a proof ended."""

    PROVED = "proved"
    SHOWN = "shown"
    REFUTED = "refuted"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class ShownCase(JsonObject, schema="ShownDocument", keys="question on readings facts case expected other"):
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
    shown: ShownCase | None = None
    note: Text | None = None
    seconds: float = 0.0

    def with_result(
        self, result: Result, as_expected: bool, shown: ShownCase | None = None, note: Text | None = None
    ) -> Self:
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


_WITH_CASES = ("operation", "reading", "monotony")


def proofs_text(found: Proofs, lang: Language, width: int = WIDTH) -> str:
    """Return all proofs: a table for each kind, the cases found, and the sum."""
    lines: list[str] = []
    for title, proofs in _by_kind(found, lang):
        lines += [title, "", *columns(_rows(proofs, lang), width), ""]
        lines += [line for proof in proofs if _has_case(proof) for line in _case(proof, lang)]
    return "\n".join([*lines, f"{_counts(found, lang)} {found.seconds:.0f} s"]) + "\n"


def proofs_page(found: Proofs, lang: Language) -> str:
    """Return the proofs as a page: a table for each kind, and the witness of each operation.

    It says the same whenever the same rules are proved: neither times nor those cases that may turn out otherwise.
    """
    lines = [f"# {sentence('proofs.title').in_(lang)}", sentence("proofs.about").in_(lang), _counts(found, lang)]
    for title, proofs in _by_kind(found, lang):
        head, *rows = _rows(proofs, lang)
        lines += [f"## {title}", "\n".join(map(table_line, [head, ["---"] * 5, *(map(plain, row) for row in rows)]))]
        if proofs[0].kind == "operation":
            cases = ["\n".join(_case(proof, lang)).strip() for proof in proofs if _has_case(proof)]
            lines += [f"### {sentence('proofs.witnesses').in_(lang)}", *(f"```text\n{case}\n```" for case in cases)]
    return "\n\n".join(lines) + "\n"


def _by_kind(found: Proofs, lang: Language) -> Iterator[tuple[str, list[Proof]]]:
    """Yield the proofs of each kind that there are, with its title."""
    for kind in Kind:
        if proofs := [proof for proof in found.proofs if proof.kind == kind]:
            yield sentence(f"proofs.{kind}").in_(lang), proofs


def _has_case(proof: Proof) -> bool:
    """Whether the case of a proof is worth printing: of its kind cases are wanted, or it is not as it should be."""
    return proof.shown is not None and (proof.kind in _WITH_CASES or not proof.as_expected)


def _rows(proofs: Iterable[Proof], lang: Language) -> list[list[str]]:
    """Return a head, and a row for each statement, with the Fassungen under which it ended alike."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for proof in proofs:
        mark = "" if proof.as_expected else " !"
        note = "" if proof.note is None else proof.note.in_(lang)
        key = (sentence(f"proofs.{proof.result}").in_(lang) + mark, proof.subject, proof.claim.in_(lang), note)
        laws = rows.setdefault(key, [])
        if proof.law not in laws:
            laws.append(proof.law)
    head = sentence("proofs.head").in_(lang).split("|")
    return [head, *([*key[:3], ", ".join(laws), key[3]] for key, laws in rows.items())]


def _case(proof: Proof, lang: Language) -> Iterator[str]:
    shown = proof.shown
    assert shown is not None
    facts = sentence("proofs.facts", count=shown.facts).in_(lang)
    followed = sentence("proofs.readings").in_(lang) + flow(shown.readings) if shown.readings else ""
    yield f"{proof.subject} ({proof.law}): {proof.claim.in_(lang)}"
    yield f"  {facts}, {shown.on}, {shown.question}: {flow(shown.case)}{followed}"
    if shown.expected or shown.other:
        here, there = flow(shown.expected), flow(shown.other)
        yield f"  {here} / {there}" if proof.kind == "reading" else f"  {there} → {here}"
    yield ""


def _counts(found: Proofs, lang: Language) -> str:
    counts = ((count, sentence(f"proofs.{result}").in_(lang)) for result, count in found.counts.items() if count)
    failing = len(found.failing)
    end = sentence("proofs.some_failing" if failing else "proofs.none_failing", count=failing)
    return f"{', '.join(f'{count} {word}' for count, word in counts)}: {end.in_(lang)}."


_PLAIN = re.compile(r"[a-zäöüß][a-zäöüß_0-9-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = ("yes", "no", "on", "off", "true", "false", "null")


def corpus_file(proofs: Iterable[Proof], first_question: str) -> str:
    """Return the text of a corpus file with the case of each operation that changes a decision.

    A case says what it asks where that is not the first question of the regulation.
    """
    from vwv_im.text.templates import templates  # noqa: PLC0415 - loaded when a file is written

    known = templates("vwv_im.review")
    known.filters.update(flow=_flow, paths=_paths, slug=lambda text: re.sub("[^a-z0-9]+", "-", text))
    shown = [proof for proof in proofs if proof.kind == "operation" and proof.shown]
    return known.get_template("witnesses.yaml.j2").render(proofs=shown, first_question=first_question)


def _paths(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what a case states, by its path in the case."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, entry in enumerate(value):
            yield from _paths(entry, f"{path}[{number}]")
    else:
        yield path, value


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
