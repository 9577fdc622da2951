"""The decision: outcome and verdict, and everything that explains them, worked out when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from vwv_im.case import Case
from vwv_im.decision.citations import Grades
from vwv_im.decision.context import Context
from vwv_im.decision.contradictions import Contradicted, contradictions_of
from vwv_im.decision.duties import Owed, duties_of
from vwv_im.decision.missing import Missing, missing_of
from vwv_im.decision.questions import Unanswered, open_questions_of
from vwv_im.decision.readings import ReadingUsed, varied
from vwv_im.decision.reason import CONTRIBUTIONS, Reason
from vwv_im.decision.receipt import Receipt, counts_of, facts_used, short_form
from vwv_im.decision.request import Request
from vwv_im.lang.truth import Verdict
from vwv_im.lang.values import Json, to_json
from vwv_im.law.choice import Choice
from vwv_im.law.evidence import Grade, weakest
from vwv_im.law.regulation import Regulation
from vwv_im.text import Language

if TYPE_CHECKING:
    from vwv_im.decision.text import Form

Outcome = Literal["decided", "outside_scope", "contradictory"]
FOLDED = ("muss", "soll")


@dataclass(frozen=True, slots=True)
class ChosenFassung:
    """The Fassung that was chosen; outside the scope `id` is `None`, and the nearest or the successor is named."""

    choice: Choice

    @property
    def id(self) -> str | None:
        """Its id: that of its last act."""
        return self.choice.basis if self.choice.place == "inside" else None

    @property
    def gilt_ab(self) -> date | None:
        """The first day on which it applies."""
        return self.choice.gilt_ab

    @property
    def gilt_bis(self) -> date | None:
        """The first day on which it no longer applies."""
        return self.choice.gilt_bis

    @property
    def erlasse(self) -> tuple[str, ...]:
        """The Erlasse that stand beside it."""
        return self.choice.erlasse

    @property
    def nearest(self) -> str | None:
        """Outside the scope: the nearest Fassung."""
        return self.choice.nearest

    @property
    def successor(self) -> str | None:
        """After the end of the scope: the regulation that applies instead."""
        return self.choice.successor.de if self.choice.successor else None

    @property
    def chosen_because(self) -> str:
        """Why it was chosen, in German."""
        return self.choice.because.de

    def to_dict(self, lang: Language = "de") -> dict[str, Any]:
        """Return the JSON form."""
        because = self.choice.because.in_(lang)
        if self.id is None:
            successor = self.choice.successor.in_(lang) if self.choice.successor else None
            return {"id": None, "nearest": self.nearest, "successor": successor, "chosen_because": because}
        return {
            "id": self.id,
            "gilt_ab": to_json(self.gilt_ab),
            "gilt_bis": to_json(self.gilt_bis),
            "chosen_because": because,
            "erlasse": list(self.erlasse),
        }


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine decided, and whether a second one was asked and agreed."""

    used: str
    cross_checked: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well a decision is evidenced: the weakest grade it relied on, and the grade of each derived value."""

    weakest: Grade | None
    by_derived: Mapping[str, Grade]


class Decision:
    """A decision with its reasons. It is no Bescheid and founds no claim.

    `outcome` is `decided`, `outside_scope` or `contradictory`; `verdict` is `None` unless decided. *Yes* means that
    all known requirements are met: the application may be granted at most as far as the values here go.
    """

    def __init__(
        self,
        regulation: Regulation,
        request: Request,
        choice: Choice,
        case: Case,
        context: Context | None,
        engine: Engine,
        again: Callable[[Mapping[str, str]], Decision],
    ) -> None:
        self.regulation = regulation
        self.request = request
        self.case = case
        self.engine = engine
        self.fassung = ChosenFassung(choice)
        self._context = context
        self._again = again
        self._contradictory = context is not None and any(context.evaluation.contradictions)
        self.outcome: Outcome = _outcome(choice, self._contradictory)
        self.verdict: Verdict | None = self._fold() if self.outcome == "decided" else None

    def __repr__(self) -> str:
        return f"Decision({self.outcome!r}, {self.verdict!r}, on={self.on.isoformat()!r}, fassung={self.fassung.id!r})"

    @property
    def on(self) -> date:
        """The day of the authority's decision, whose law applies."""
        return self.request.on

    @property
    def known_on(self) -> date | None:
        """The day whose knowledge of the acts was used; `None`: all."""
        return self.request.known_on

    @property
    def question(self) -> str:
        """The question that was asked."""
        return self.request.question

    @property
    def context(self) -> Context:
        """What was run; raises `LookupError` where no Fassung was there to run."""
        if self._context is None:
            raise LookupError("no Fassung was evaluated")
        return self._context

    @cached_property
    def _all_reasons(self) -> tuple[Reason, ...]:
        if self.outcome != "decided":
            return ()
        context = self.context
        return tuple(
            Reason(context, requirement, subject, *found) for requirement, subject, found in context.findings()
        )

    def _fold(self) -> Verdict:
        verdicts = {
            CONTRIBUTIONS[requirement.art, *found]
            for requirement, _, found in self.context.findings()
            if requirement.art in FOLDED
        }
        for verdict in (Verdict.NO, Verdict.OPEN, Verdict.DISCRETION, Verdict.YES):
            if verdict in verdicts:
                return verdict
        raise ValueError("a question without requirements has no verdict")

    @property
    def examined(self) -> tuple[Reason, ...]:
        """Every requirement, option and piece of advice, also those that do not apply."""
        return self._all_reasons

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every requirement, met or failed, open or in discretion, in the order of examination."""
        return tuple(reason for reason in self._all_reasons if reason.art in FOLDED)

    @cached_property
    def options(self) -> tuple[Reason, ...]:
        """What the authority may grant in its discretion, where it comes into question."""
        return self._beside("kann")

    @cached_property
    def hints(self) -> tuple[Reason, ...]:
        """Advice that does not enter the verdict: what is due (`yes`) or may be (`open`)."""
        return tuple(reason for reason in self._beside("hinweis") if reason.verdict is not Verdict.NO)

    def _beside(self, art: str) -> tuple[Reason, ...]:
        return tuple(r for r in self._all_reasons if r.art == art and r.applies is not Verdict.NO)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """The facts that open requirements lack, each with its question."""
        return missing_of(self.context, self.reasons) if self.reasons else ()

    @cached_property
    def derived(self) -> dict[str, Json]:
        """Every derived fact by its path, as JSON has it; `None` where it is open or not applicable.

        Mere steps on the way (`zwischenwert` in the rule file) are left out.
        """
        if self._context is None or self._contradictory:
            return {}
        context = self._context
        return {path: to_json(context.value(d.fact, subject)) for path, d, subject in context.results_by_path}

    @cached_property
    def duties(self) -> tuple[Owed, ...]:
        """The duties that follow from a grant, with the day each is due."""
        return duties_of(self._context, self.on) if self._context and not self._contradictory else ()

    @cached_property
    def contradictions(self) -> tuple[Contradicted, ...]:
        """What the case states that cannot both be, with both places."""
        return contradictions_of(self._context) if self._contradictory and self._context else ()

    @cached_property
    def open_questions(self) -> tuple[Unanswered, ...]:
        """What the sources do not tell and this decision touches."""
        return open_questions_of(self.context, self._all_reasons) if self.outcome == "decided" else ()

    @cached_property
    def evidence(self) -> Evidence:
        """How well the decision is evidenced."""
        if self._context is None or self._contradictory:
            return Evidence(None, {})
        context, grades = self._context, Grades(self._context)
        by_derived = {path: grades.of_fact(d.fact, subject) for path, d, subject in context.results_by_path}
        relied: list[Grade | None] = ["annahme"] if self.fassung.choice.readings else []
        for reason in self.reasons:
            subject = reason.condition.subject
            relied += [reason.grade] if reason.applies is not Verdict.NO else []
            relied.append(grades.of_condition(reason.requirement.applies, subject))
            if reason.applies is not Verdict.NO:
                relied.append(grades.of_condition(reason.requirement.condition, subject))
        known = {path: grade for path, grade in by_derived.items() if grade is not None}
        return Evidence(weakest(relied), known)

    @cached_property
    def readings(self) -> dict[str, ReadingUsed]:
        """The disputed points relied on, each varied alone: would another reading change anything?"""
        return {name: varied(self, name) for name in self._readings_relied_on()}

    def _readings_relied_on(self) -> tuple[str, ...]:
        plan_readings = self._context.plan.readings if self._context and not self._contradictory else ()
        return tuple(sorted({*self.fassung.choice.readings, *self._other_beginnings(), *plan_readings}))

    def _other_beginnings(self) -> Iterator[str]:
        """Yield the disputed beginnings of an act for which another reading than the default was asked."""
        for akt in self.regulation.acts:
            name = akt.gilt_ab.auslegung
            if name is not None and self.request.readings[name] != self.regulation.readings[name].vorgabe:
                yield name

    def decided_by_the_same_plan(self, other: Decision) -> bool:
        """Whether both were decided, and by the same plan."""
        mine, its = self._context, other._context
        decided = self.outcome == other.outcome == "decided"
        return decided and mine is not None and its is not None and mine.plan is its.plan

    def under(self, name: str, reading: str) -> Decision:
        """Return the decision of the same case and request where one disputed point is read otherwise."""
        return self._again({**self.request.readings, name: reading})

    @cached_property
    def _facts_used(self) -> dict[str, Json]:
        return facts_used(self._context) if self._context else {}

    @cached_property
    def receipt(self) -> Receipt:
        """What was used: the library's version, the hash of each rule file, and the facts read."""
        asked = {
            "on": self.on.isoformat(),
            "known_on": to_json(self.known_on),
            "question": self.question,
            "readings": dict(self.request.readings),
        }
        found = {
            "fassung": self.fassung.to_dict(),
            "outcome": self.outcome,
            "verdict": None if self.verdict is None else self.verdict.value,
            "derived": self.derived,
            "reasons": [
                [reason.rule, reason.subject, reason.verdict.value, reason.actual, reason.required]
                for reason in self.reasons
            ],
        }
        counts = counts_of(self._context) if self._context else {}
        return Receipt(self.regulation.hashes, self._facts_used, counts, asked, found)

    def explain(self, lang: Language = "de", format: Form = "text") -> str:  # noqa: A002 - the word of the API
        """Return the order of examination with verdicts, values and citations, as text, Markdown or HTML.

        Raises `ValueError` for an unknown format.
        """
        from vwv_im.decision.text import render  # noqa: PLC0415 - it imports this module

        return render(self, lang, format)

    def to_dict(self, lang: Language = "de") -> dict[str, Any]:
        """Return the JSON document, whose schema is `vwv_im.decision_schema()`."""
        return {
            "outcome": self.outcome,
            "verdict": None if self.verdict is None else self.verdict.value,
            "question": self.question,
            "on": self.on.isoformat(),
            "known_on": to_json(self.known_on),
            "fassung": self.fassung.to_dict(lang),
            "derived": self.derived,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "options": [reason.to_dict() for reason in self.options],
            "hints": [reason.to_dict() for reason in self.hints],
            "missing": [missing.to_dict() for missing in self.missing],
            "duties": [duty.to_dict() for duty in self.duties],
            "open_questions": [question.to_dict() for question in self.open_questions],
            "contradictions": [contradiction.to_dict() for contradiction in self.contradictions],
            "readings": {name: used.to_dict() for name, used in self.readings.items()},
            "evidence": {"weakest": self.evidence.weakest, "by_derived": dict(self.evidence.by_derived)},
            "engine": {"used": self.engine.used, "cross_checked": self.engine.cross_checked},
            "receipt": short_form(self.regulation.hashes, self._facts_used),
        }

    def to_json(self, lang: Language = "de", *, indent: int | None = None) -> str:
        """Return the JSON document as text."""
        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=indent)


def _outcome(choice: Choice, contradictory: bool) -> Outcome:
    if choice.place != "inside":
        return "outside_scope"
    return "contradictory" if contradictory else "decided"
