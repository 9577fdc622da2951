"""The decision: outcome and verdict, and everything that explains them, worked out when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, cast

from typing_extensions import TypeVar

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import Entity
from vwv_im.decision.citations import Grades
from vwv_im.decision.context import Context, Outcome
from vwv_im.decision.duties import Owed, duties_of
from vwv_im.decision.missing import Contradicted, Missing, Unanswered, contradictions_of, missing_of, open_questions_of
from vwv_im.decision.readings import ReadingUsed, varied
from vwv_im.decision.reason import Reason
from vwv_im.decision.receipt import Receipt, WholeReceipt, counts_of, facts_used, own_version
from vwv_im.decision.request import Request
from vwv_im.decision.values import values_of
from vwv_im.lang.truth import CONTRIBUTIONS, FOLDED, Verdict, conjunction
from vwv_im.law.choice import Choice
from vwv_im.law.evidence import Grade, weakest
from vwv_im.law.regulation import Regulation
from vwv_im.law.vocabulary import Pruefung
from vwv_im.text import Language, Text
from vwv_im.text.json_object import JsonDocument, JsonObject
from vwv_im.text.values import Json, to_json

if TYPE_CHECKING:
    from vwv_im.decision.text import Form

EngineUsed = Literal["direct", "durable"]


@dataclass(frozen=True, slots=True)
class ChosenFassung(JsonObject):
    """The Fassung that was chosen; outside the scope `id` is `None`, and the nearest or the successor is named."""

    choice: Choice

    @property
    def id(self) -> str | None:
        """Its id: that of its last act."""
        return self.choice.basis if self.choice.place == "inside" else None

    @property
    def gilt_ab(self) -> date | None:
        """The first day on which it applies; `None` in a comparison, where the day chooses none."""
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
        """After the end of the scope: the regulation that applies instead, in German."""
        return self.choice.successor.de if self.choice.successor else None

    @property
    def chosen_because(self) -> str:
        """Why it was chosen, in German."""
        return self.choice.because.de


class AppliedFassung(
    ChosenFassung, schema="FassungDocument", keys="id gilt_ab gilt_bis chosen_because:choice.because erlasse"
):
    """The Fassung that was chosen."""

    __slots__ = ()

    @property
    def id(self) -> str:
        """Its id: that of its last act."""
        return str(self.choice.basis)


class OutsideFassung(
    ChosenFassung, schema="OutsideDocument", keys="id nearest successor:choice.successor chosen_because:choice.because"
):
    """Outside the scope: the nearest Fassung, or the successor."""

    __slots__ = ()

    @property
    def id(self) -> None:
        """None: no Fassung was chosen."""


@dataclass(frozen=True, slots=True)
class Engine(JsonObject, schema="EngineDocument"):
    """Which engine decided, and whether a second one was asked and agreed."""

    used: EngineUsed
    cross_checked: bool


@dataclass(frozen=True, slots=True)
class Evidence(JsonObject, schema="EvidenceDocument"):
    """How well a decision is evidenced: the weakest grade it relied on, and the grade of each derived value."""

    weakest: Grade | None
    by_derived: Mapping[str, Grade]


V = TypeVar("V", default=Any)
"""What the derived values of a decision are; `vwv_im.typed` says it for each question."""


class Decision(
    JsonDocument,
    Generic[V],
    schema="DecisionDocument",
    keys="outcome verdict question on known_on fassung derived reasons options hints missing duties open_questions "
    "contradictions readings contract evidence engine receipt",
):
    """A decision with its reasons. It is no Bescheid and founds no claim.

    `outcome` is `decided`, `outside_scope` or `contradictory`; `verdict` is `None` unless decided. *Yes* means that
    all known requirements are met: the application may be granted at most as far as the values here go. `to_dict` gives
    the JSON document, whose schema is `vwv_im.decision_schema()`.
    """

    outcome: Outcome
    verdict: Verdict | None
    fassung: AppliedFassung | OutsideFassung
    engine: Engine

    def __init__(
        self,
        regulation: Regulation,
        request: Request,
        choice: Choice,
        case: CasePart,
        context: Context | None,
        engine: Engine,
        again: Callable[[Mapping[str, str]], Decision],
        demanded: Callable[[], Context | None],
    ) -> None:
        self.regulation = regulation
        self.request = request
        self.case = case
        self.engine = engine
        self.fassung = AppliedFassung(choice) if choice.place == "inside" else OutsideFassung(choice)
        self._context = context
        self._again = again
        self._demanded = demanded
        self._contradictory = context is not None and any(context.evaluation.contradictions)
        self.outcome = _outcome(choice, self._contradictory)
        self.verdict = self._fold() if self.outcome == "decided" else None

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
    def asked(self) -> Pruefung:
        """The question in words, with what its answers mean."""
        return self.regulation.questions[self.question]

    def title_at(self, path: str) -> Text:
        """Return how the fact or list at a path of the case is called."""
        found = self.regulation.vocabulary.at(path)
        if isinstance(found, Entity):
            return found.heading
        return found.title if found is not None else Text(path, path)

    @property
    def context(self) -> Context:
        """What was run; raises `LookupError` where no Fassung was there to run."""
        if self._context is None:
            raise LookupError("no Fassung was evaluated")
        return self._context

    @cached_property
    def on_demand(self) -> Context:
        """What was run, with all that the rules work out on demand; raises `LookupError` as `context` does."""
        return self._demanded() or self.context

    @cached_property
    def examined(self) -> tuple[Reason, ...]:
        """Every requirement, option and piece of advice, also those that do not apply."""
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
        if not verdicts:
            raise ValueError("a question without requirements has no verdict")
        return conjunction(verdicts)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every requirement, met or failed, open or in discretion, in the order of examination."""
        return tuple(reason for reason in self.examined if reason.art in FOLDED)

    @cached_property
    def options(self) -> tuple[Reason, ...]:
        """What the authority may grant in its discretion, where it comes into question."""
        return self._beside("kann")

    @cached_property
    def hints(self) -> tuple[Reason, ...]:
        """Advice that does not enter the verdict: what is due (`yes`) or may be (`open`)."""
        return tuple(reason for reason in self._beside("hinweis") if reason.verdict is not Verdict.NO)

    def _beside(self, art: str) -> tuple[Reason, ...]:
        return tuple(r for r in self.examined if r.art == art and r.applies is not Verdict.NO)

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
    def values(self) -> V:
        """The derived values as an object: `values.zimmer[0].hoehe_cm`; `derived` keeps them by path.

        Days, exact decimals, whole numbers and words as Python has them; all `None` where the case contradicts itself.
        Raises `LookupError` where no Fassung was there to run.
        """
        return cast("V", values_of(self.context, known=not self._contradictory))

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
        return open_questions_of(self.context, self.examined) if self.outcome == "decided" else ()

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
        return Receipt(self.regulation.hashes, self._facts_used, self._whole_receipt)

    def _whole_receipt(self) -> WholeReceipt:
        return WholeReceipt(
            version=own_version(),
            rules=self.regulation.hashes,
            facts=self._facts_used,
            counts=counts_of(self._context) if self._context else {},
            on=self.on,
            known_on=self.known_on,
            question=self.question,
            readings=self.request.readings,
            fassung=self.fassung.to_dict(),
            outcome=self.outcome,
            verdict=self.verdict,
            derived=self.derived,
            reasons=tuple((one.rule, one.subject, one.verdict, one.actual, one.required) for one in self.reasons),
        )

    def explain(self, lang: Language = "de", format: Form = "text") -> str:  # noqa: A002 - the word of the API
        """Return the order of examination with verdicts, values and citations, as text, Markdown or HTML.

        Raises `ValueError` for an unknown format.
        """
        from vwv_im.decision.text import render  # noqa: PLC0415 - it imports this module

        return render(self, lang, format)

    def to_json(self, lang: Language = "de", *, indent: int | None = None) -> str:
        """Return the JSON document as text."""
        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=indent)


def _outcome(choice: Choice, contradictory: bool) -> Outcome:
    if choice.place != "inside":
        return "outside_scope"
    return "contradictory" if contradictory else "decided"
