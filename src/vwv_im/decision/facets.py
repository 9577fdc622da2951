"""A decision taken apart into what an act can change: each part by a path, with a title and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vwv_im.decision.sentences import OPTIONS, outcome_phrase, subject_phrase, written
from vwv_im.lang.truth import Verdict
from vwv_im.lang.values import Json
from vwv_im.text import Language, Text
from vwv_im.text.format import written_day

if TYPE_CHECKING:
    from vwv_im.decision.decision import Decision
    from vwv_im.decision.duties import Owed
    from vwv_im.decision.reason import Reason

VERDICT_WORDS = {**OPTIONS, Verdict.YES: Text("ja", "yes"), Verdict.NO: Text("nein", "no")}
OUTCOME_WORDS = {
    "decided": Text("entschieden", "decided"),
    "outside_scope": Text("außerhalb des Anwendungsbereichs", "outside the scope"),
    "contradictory": Text("widersprüchlich", "contradictory"),
}
_VERDICT_TITLE, _OUTCOME_TITLE = Text("Ergebnis", "Result"), Text("Ob entschieden wird", "Whether it is decided")
_OPEN = Text("offen", "open")
_PLACES = {"muss": "reasons", "soll": "reasons", "kann": "options", "hinweis": "hints"}


def facets(decision: Decision) -> dict[str, Json]:
    """Return everything of a decision that an act can change, by a path."""
    found: dict[str, Json] = {"outcome": decision.outcome}
    if decision.verdict is not None:
        found["verdict"] = decision.verdict.value
    found.update(decision.derived)
    for reason in decision.options:
        found[_path("options", reason)] = reason.verdict.value
    for duty in decision.duties:
        found[_duty_path(duty)] = duty.due.isoformat() if duty.due else "offen"
    return found


def findings(decision: Decision) -> dict[str, Json]:
    """Return the facets with what stands in the way of a grant and what is to be noted."""
    unmet = (reason for reason in decision.reasons if reason.verdict is not Verdict.YES)
    beside = {_path(_PLACES[reason.art], reason): reason.verdict.value for reason in (*unmet, *decision.hints)}
    return {**facets(decision), **beside}


def titles(decision: Decision, lang: Language) -> Iterator[tuple[str, str]]:
    """Yield the title of each facet by its path."""
    yield "verdict", _VERDICT_TITLE.in_(lang)
    yield "outcome", _OUTCOME_TITLE.in_(lang)
    for derivation, subject in decision.context.results() if decision.derived else ():
        where = subject_phrase(subject.scope, subject.number, lang)
        yield subject.path(derivation.fact), f"{derivation.item.model.titel.text.in_(lang)}{where}"
    for reason in decision.examined:
        where = subject_phrase(reason.requirement.scope, reason.index, lang)
        yield _path(_PLACES[reason.art], reason), f"{reason.title.in_(lang)}{where}"
    for duty in decision.duties:
        year = f" ({duty.year})" if duty.year is not None else ""
        yield _duty_path(duty), f"{duty.title.in_(lang)}{year}"


def in_words(decision: Decision, lang: Language) -> Iterator[tuple[str, str]]:
    """Yield the value of each finding by its path, as a reader expects it."""
    yield "outcome", OUTCOME_WORDS[decision.outcome].in_(lang)
    if decision.verdict is not None:
        yield "verdict", VERDICT_WORDS[decision.verdict].in_(lang)
    for derivation, subject in decision.context.results() if decision.derived else ():
        value = decision.context.value(derivation.fact, subject)
        shown = _OPEN.in_(lang) if value is None else written(value, decision.context, derivation.fact, lang)
        yield subject.path(derivation.fact), shown
    yield from ((_path(_PLACES[reason.art], reason), outcome_phrase(reason, lang)) for reason in decision.examined)
    for duty in decision.duties:
        yield _duty_path(duty), written_day(duty.due, lang) if duty.due else _OPEN.in_(lang)


def _path(place: str, reason: Reason) -> str:
    return f"{place}.{reason.rule}.{reason.subject}"


def _duty_path(duty: Owed) -> str:
    return f"duties.{duty.id}{f'.{duty.year}' if duty.year is not None else ''}"
