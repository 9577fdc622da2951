"""Is a case decided as expected? Each part of what a case expects, checked, and every difference told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from vwv_im.decision.decision import Decision
from vwv_im.decision.reason import Reason
from vwv_im.text import Text

ABSENT = "fehlt"
"""What stands for a value, duty or reading that the decision does not have."""


class Mismatch(NamedTuple):
    """One difference: which part of the decision, what the case expects of it, and what was found."""

    part: str
    expected: Any
    found: Any

    @property
    def text(self) -> Text:
        """The difference as a sentence."""
        return Text(
            f"{self.part}: erwartet {self.expected}, gefunden {self.found}",
            f"{self.part}: expected {self.expected}, found {self.found}",
        )

    def __str__(self) -> str:
        return self.text.en


def mismatches(decision: Decision, expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Yield every difference between a decision and what a case expects of it (`erwartet` in the corpus).

    What the case does not name is not checked, but that the case is decided is always expected unless it says else.

    >>> from vwv_im import evaluate
    >>> decision = evaluate({"antrag": {"stellen": [{"vzae": "0.2"}]}}, on="2018-06-01", engine="direct")
    >>> for mismatch in mismatches(decision, {"verdict": "open", "reasons": {"stelle-mindestumfang": "no"}}):
    ...     print(mismatch)
    verdict: expected open, found no (stelle-mindestumfang)
    """
    yield from _same("outcome", expected.get("outcome", "decided"), decision.outcome)
    for part, check in CHECKS.items():
        if part in expected:
            yield from check(decision, expected[part])


def _same(part: str, expected: Any, found: Any) -> Iterator[Mismatch]:
    if found != expected:
        yield Mismatch(part, expected, found)


def _each(part: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Mismatch]:
    for key, value in expected.items():
        yield from _same(f"{part}.{key}", value, found.get(key, ABSENT))


def _verdict(decision: Decision, expected: Any) -> Iterator[Mismatch]:
    if decision.verdict != expected:
        found = None if decision.verdict is None else decision.verdict.value
        causes = ", ".join(reason.rule for reason in decision.reasons if reason.verdict == found != "yes")
        yield Mismatch("verdict", expected, f"{found} ({causes})" if causes else found)


def _verdicts(part: str, reasons: tuple[Reason, ...], expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Compare per rule: one verdict, a list of them (one a subject), `entfaellt`, or None where it is not listed."""
    found = by_rule(reasons)
    for rule, verdict in expected.items():
        wanted = verdict if isinstance(verdict, list) else [verdict]
        yield from _same(f"{part}.{rule}", wanted, found.get(rule, [None]))


def by_rule(reasons: Iterable[Reason]) -> dict[str, list[str]]:
    """Return what was found for each rule, in the order of the subjects; `entfaellt` where it does not apply."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        found.setdefault(reason.rule, []).append("entfaellt" if reason.applies == "no" else reason.verdict.value)
    return found


def _derived(decision: Decision, expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    wanted = {path: str(value) if isinstance(value, Decimal) else value for path, value in expected.items()}
    yield from _each("derived", wanted, decision.derived)


def _duties(decision: Decision, expected: list[Mapping[str, Any]]) -> Iterator[Mismatch]:
    """Every expected duty is there; `{id: …, fehlt: true}` says that one is not."""
    found = [{key: duty.to_dict()[key] for key in ("id", "due", "due_shifted")} for duty in decision.duties]
    for duty in expected:
        same = [entry for entry in found if entry["id"] == duty["id"]]
        if duty.get("fehlt"):
            yield from _same(f"duties.{duty['id']}", ABSENT, same or ABSENT)
        elif not any(duty.items() <= entry.items() for entry in found):
            yield Mismatch(f"duties.{duty['id']}", dict(duty), same or ABSENT)


def _readings(decision: Decision, expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Per disputed point: whether another reading would change anything, or what it gives."""
    for name, wanted in expected.items():
        used = decision.readings.get(name)
        if used is None:
            yield Mismatch(f"readings.{name}", wanted, ABSENT)
        elif isinstance(wanted, bool):
            yield from _same(f"readings.{name}", wanted, used.others_differ)
        else:
            for option, variant in wanted.items():
                found = used.others[option].to_dict() if option in used.others else {}
                yield from _variant(f"readings.{name}.{option}", variant, found)


def _variant(part: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Mismatch]:
    yield from _each(part, {key: value for key, value in expected.items() if key != "derived"}, found)
    yield from _each(f"{part}.derived", expected.get("derived", {}), found.get("derived", {}))


def _open_questions(decision: Decision, expected: list[str]) -> Iterator[Mismatch]:
    found = {question.id for question in decision.open_questions}
    return (Mismatch("open_questions", question, ABSENT) for question in expected if question not in found)


CHECKS: Mapping[str, Callable[[Decision, Any], Iterator[Mismatch]]] = {
    "verdict": _verdict,
    "fassung": lambda decision, wanted: _same("fassung", wanted, decision.fassung.id),
    "erlasse": lambda decision, wanted: _same("erlasse", wanted, list(decision.fassung.erlasse)),
    "reasons": lambda decision, wanted: _verdicts("reasons", decision.reasons, wanted),
    "options": lambda decision, wanted: _verdicts("options", decision.options, wanted),
    "hints": lambda decision, wanted: _verdicts("hints", decision.hints, wanted),
    "derived": _derived,
    "missing": lambda decision, wanted: _same("missing", sorted(wanted), sorted(one.fact for one in decision.missing)),
    "duties": _duties,
    "contradictions": lambda decision, wanted: _same(
        "contradictions", wanted, {found.id: list(found.places) for found in decision.contradictions}
    ),
    "readings": _readings,
    "open_questions": _open_questions,
    "weakest": lambda decision, wanted: _same("weakest", wanted, decision.evidence.weakest),
    "grades": lambda decision, wanted: _each("grades", wanted, decision.evidence.by_derived),
}
"""How each part of what a case may expect is checked."""
