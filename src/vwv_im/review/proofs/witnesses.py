"""The witnesses of the operations as a file of the corpus of cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vwv_im.review.proofs.proof import Proof, Shown

_HEAD = """\
# Zeugen: zu jedem Änderungsbefehl ein Fall mit den wenigsten Angaben, dessen Entscheidung er ändert.
# Geschrieben von `vwv-im prove --cases`; von Hand wird hier nichts geändert.
faelle:
"""
_PLAIN = re.compile(r"[a-zäöüß][a-zäöüß_0-9-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = ("yes", "no", "on", "off", "true", "false", "null")


def corpus_file(proofs: Iterable[Proof]) -> str:
    """Return the text of a corpus file with the case of each operation that changes a decision."""
    cases = [
        line for proof in proofs if proof.kind == "operation" and proof.shown for line in _case(proof, proof.shown)
    ]
    return _HEAD + "".join(f"{line}\n" for line in cases)


def _case(proof: Proof, shown: Shown) -> Iterator[str]:
    yield f"  - id: zeuge-{re.sub('[^a-z0-9]+', '-', proof.subject)}"
    yield f"    herkunft: {{beweis: {json.dumps(proof.subject, ensure_ascii=False)}}}"
    yield f"    on: {shown.on}"
    if shown.question != "antrag":
        yield f"    question: {shown.question}"
    if shown.readings:
        yield f"    readings: {_flow(shown.readings)}"
    yield "    aendere:"
    yield from (f"      {path}: {_flow(value)}" for path, value in _paths(shown.case))
    yield "    erwartet:"
    yield from _block(shown.expected, 6)


def _paths(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        yield from _below(f"{before}{key}", value)


def _below(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        yield from _paths(value, f"{path}.")
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, entry in enumerate(value):
            yield from _below(f"{path}[{number}]", entry)
    else:
        yield path, value


def _block(data: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield f"{' ' * indent}{key}:"
            yield from _block(value, indent + 2)
        else:
            yield f"{' ' * indent}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
