"""The corpus of cases: YAML files under tests/cases, each case with where its expected answer comes from.

A file holds `basis` (a case) and `faelle`; each of these changes the basis by paths (`aendere`) and says what is
expected. `herkunft` is a source (`quelle`, an id of rules/quellen.yaml) or the boundary of a rule (`regel`).
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vwv_im import Decision, evaluate
from vwv_im.text import read_yaml
from vwv_im.text.yaml import Limits

CASES = Path(__file__).parent / "cases"
KEYS = {"id", "herkunft", "on", "known_on", "question", "readings", "aendere", "erwartet"}
EXPECTED = {
    "outcome", "verdict", "fassung", "erlasse", "reasons", "derived", "missing", "options", "hints", "duties",
    "contradictions", "readings", "open_questions", "weakest", "grades",
}  # fmt: skip
REMOVED = "<ohne>"


@dataclass(frozen=True)
class CorpusCase:
    """One case of the corpus."""

    id: str
    file: str
    herkunft: dict[str, Any]
    on: str
    case: dict[str, Any]
    expected: dict[str, Any]
    question: str = "antrag"
    known_on: str | None = None
    readings: dict[str, str] = field(default_factory=dict)

    def decide(self, engine: str = "direct") -> Decision:
        """Decide the case."""
        return evaluate(
            self.case,
            on=self.on,
            known_on=self.known_on,
            question=self.question,  # type: ignore[arg-type]
            readings=self.readings,
            engine=engine,  # type: ignore[arg-type]
        )


def changed(basis: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return `basis` with values set at paths such as `antrag.stellen[0].vzae`; `<ohne>` removes one."""
    case = deepcopy(basis)
    for path, value in changes.items():
        *parents, last = [int(key) if key.isdigit() else key for key in re.findall(r"[a-z_0-9]+", path)]
        node: Any = case
        for key, following in zip(parents, [*parents[1:], last], strict=True):
            if isinstance(node, list) and key == len(node):
                node.append([] if isinstance(following, int) else {})
            elif isinstance(node, dict) and node.get(key) is None:
                node[key] = [] if isinstance(following, int) else {}
            node = node[key]
        if value == REMOVED:
            del node[last]
        elif isinstance(node, list) and last == len(node):
            node.append(value)
        else:
            node[last] = value
    return case


@cache
def corpus() -> tuple[CorpusCase, ...]:
    """Return every case of the corpus."""
    return tuple(case for path in sorted(CASES.rglob("*.yaml")) for case in _cases(path))


def _cases(path: Path) -> list[CorpusCase]:
    document = read_yaml(path, limits=Limits(bytes=4_000_000, depth=40))
    assert not document.faults, [fault.render() for fault in document.faults]
    basis = document.data.get("basis", {})
    return [_case(entry, basis, path) for entry in document.data["faelle"]]


def _case(entry: dict[str, Any], basis: dict[str, Any], path: Path) -> CorpusCase:
    assert entry.keys() <= KEYS, f"{path}: {entry['id']}: {entry.keys() - KEYS}"
    assert entry["erwartet"].keys() <= EXPECTED, f"{path}: {entry['id']}: {entry['erwartet'].keys() - EXPECTED}"
    assert {"quelle", "regel"} & entry["herkunft"].keys(), f"{path}: {entry['id']}: herkunft fehlt"
    return CorpusCase(
        entry["id"],
        path.name,
        entry["herkunft"],
        entry["on"],
        changed(basis, entry.get("aendere", {})),
        entry["erwartet"],
        entry.get("question", "antrag"),
        entry.get("known_on"),
        entry.get("readings", {}),
    )
