"""What a decision says, as the corpus of cases writes it: read off the solver's model, and checked on a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from vwv_im.decision.decision import Decision
from vwv_im.review.proofs.facets import NOTHING, Decided, Facet, Path
from vwv_im.review.proofs.inputs import path_of
from vwv_im.review.proofs.search import Reader
from vwv_im.review.proofs.terms import Day, Number

Expected = dict[str, Any]


def expected_of(decided: Decided, paths: Iterable[Path], reader: Reader) -> Expected:
    """Return what the solver says that a decision contains at some paths."""
    if reader.holds(decided.contradictory):
        return {"outcome": "contradictory"}
    expected: Expected = {}
    for path in sorted(paths):
        kind, name, _ = path
        facet = decided.facets.get(path, NOTHING)
        said = reader.value(facet.value.value) if reader.holds(facet.value.known) else None
        match kind:
            case "verdict":
                expected["verdict"] = said
            case "derived":
                expected.setdefault(kind, {})[path_of(*path[1:])] = _written(decided, name, said)
            case "duties":
                expected.setdefault(kind, []).append(_duty(decided, name, facet, reader))
            case _:
                expected.setdefault(kind, {})[name] = said
    return expected


def _written(decided: Decided, fact: str, said: Any) -> Any:
    exact = decided.plan.types[fact].kind == "dezimal" if fact in decided.plan.types else False
    return said if said is None or not exact else str(said)


def _duty(decided: Decided, name: str, facet: Facet, reader: Reader) -> dict[str, Any]:
    if not reader.holds(facet.value.known):
        return {"id": name, "fehlt": True}
    value = facet.value.value
    if isinstance(value, Number):
        (duty,) = (duty for duty in decided.plan.duties if duty.id == name)
        assert duty.item.model.faellig is not None
        assert duty.item.model.faellig.jaehrlich is not None
        return {"id": name, "due": f"{reader.whole(value.term) + 1}-{duty.item.model.faellig.jaehrlich.am}"}
    if isinstance(value, Day) and reader.whole(value.month):
        return {"id": name, "due": reader.value(value)}
    return {"id": name, "due": None}


def agrees(decision: Decision, expected: Mapping[str, Any]) -> bool:
    """Whether a decision contains all that is expected of it."""
    if decision.outcome != expected.get("outcome", "decided"):
        return False
    return all(_CHECKS[part](decision, wanted) for part, wanted in expected.items())


def _verdicts(reasons: Iterable[Any], wanted: Mapping[str, Any]) -> bool:
    found: dict[str, list[str]] = {}
    for reason in reasons:
        found.setdefault(reason.rule, []).append("entfaellt" if reason.applies == "no" else reason.verdict.value)
    return all(
        (found.get(rule, []) == [] if verdict is None else verdict in found.get(rule, []))
        for rule, verdict in wanted.items()
    )


def _duties(decision: Decision, wanted: Any) -> bool:
    found = [(duty.id, None if duty.due is None else duty.due.isoformat()) for duty in decision.duties]
    ids = {name for name, _ in found}
    return all(duty["id"] not in ids if duty.get("fehlt") else (duty["id"], duty["due"]) in found for duty in wanted)


_CHECKS: Mapping[str, Callable[[Decision, Any], bool]] = {
    "outcome": lambda decision, wanted: bool(decision.outcome == wanted),
    "verdict": lambda decision, wanted: bool(decision.verdict == wanted),
    "derived": lambda decision, wanted: all(decision.derived.get(path) == value for path, value in wanted.items()),
    "options": lambda decision, wanted: _verdicts(decision.options, wanted),
    "hints": lambda decision, wanted: _verdicts(decision.hints, wanted),
    "reasons": lambda decision, wanted: _verdicts(decision.examined, wanted),
    "duties": _duties,
}
