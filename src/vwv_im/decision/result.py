"""What deciding a case found: outcome and verdict, and what explains them, worked out when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any, Literal

from vwv_im.case import CasePart
from vwv_im.decision import missing
from vwv_im.decision.citations import Grades
from vwv_im.decision.context import Context, Outcome
from vwv_im.decision.duties import Owed, duties_of
from vwv_im.decision.missing import Missing
from vwv_im.decision.observations import Contradicted, Implausible, contradictions_of, plausibility_of
from vwv_im.decision.open_questions import OpenQuestion, decisive_questions, is_reviewed, open_questions_of
from vwv_im.decision.reason import Reason
from vwv_im.decision.request import Request
from vwv_im.lang import CONTRIBUTIONS, FOLDED, READING, Verdict, facts_of
from vwv_im.lang.truth import conjunction
from vwv_im.law import ApplicableFassung, Grade, Regulation
from vwv_im.law.evidence import Shown, weakest
from vwv_im.law.examination import Pruefung
from vwv_im.reasoning.revision import NotFollowedError, Revised, Revision
from vwv_im.text import FaultyInputError, Json, JsonObject, Place, fault_of, to_json

EngineUsed = Literal["direct", "durable"]


@dataclass(frozen=True, slots=True)
class ChosenFassung(JsonObject):
    """The Fassung that was chosen; outside the scope `id` is `None`, and the nearest or the successor is named."""

    choice: ApplicableFassung

    @property
    def id(self) -> str | None:
        """Its id: that of its last act."""
        return self.choice.basis if self.choice.status == "inside" else None

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
    """How well a decision is evidenced: the weakest grade it relied on, and the grade of each derived value.

    What the case states is `angabe`, which is no grade and never the weakest.
    """

    weakest: Grade | None
    by_derived: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Variant(JsonObject, schema="VariantDocument", keys="outcome verdict derived duties?"):
    """What another reading would give: outcome, verdict, the derived values that differ, the duties if they do."""

    outcome: Outcome
    verdict: Verdict | None
    derived: Mapping[str, Json]
    duties: tuple[Owed, ...] | None
    decide: Callable[[], Result]


@dataclass(frozen=True, slots=True)
class ReadingUsed(JsonObject, schema="ReadingDocument", keys="used others_differ others"):
    """The reading of a disputed point that was followed, and what the others would give."""

    used: str
    others: Mapping[str, Variant]
    others_differ: bool


class Result(JsonObject):
    """The outcome and verdict of a case, its reasons, its derived values, and what follows from them."""

    outcome: Outcome
    verdict: Verdict | None
    fassung: AppliedFassung | OutsideFassung
    engine: Engine

    def __init__(
        self,
        regulation: Regulation,
        request: Request,
        choice: ApplicableFassung,
        case: CasePart,
        context: Context | None,
        engine: Engine,
        again: Callable[..., Result],
        on_request: Callable[[], Context | None],
    ) -> None:
        self.regulation = regulation
        self.request = request
        self.case = case
        self.engine = engine
        self.fassung = AppliedFassung(choice) if choice.status == "inside" else OutsideFassung(choice)
        self._context = context
        self._again = again
        self._on_request = on_request
        self._sound = None if context is None or context.evaluation.contradicted else context
        inside: Outcome = "contradictory" if self._sound is None else "decided"
        self.outcome = inside if choice.status in ("inside", "own_days") else "outside_scope"
        self.verdict = self._fold() if self.outcome == "decided" else None

    def with_changes(self, changes: Mapping[str, Any]) -> Result:
        """Decide the same case again, with facts changed: their paths, each with its new value."""
        return self._again(changes=changes)

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

    @property
    def context(self) -> Context:
        """What was run; raises `LookupError` where no Fassung was there to run."""
        if self._context is None:
            raise LookupError("no Fassung was evaluated")
        return self._context

    @cached_property
    def examined(self) -> tuple[Reason, ...]:
        """Every requirement, option and piece of advice, also those that do not apply."""
        if self.outcome != "decided":
            return ()
        return tuple([Reason(self.context, *one) for one in self.context.findings()])

    def _fold(self, others: Revised | None = None) -> Verdict:
        """Return the verdict; with `others`, what it would be with these findings."""
        verdicts = set[Verdict]()
        for number, (one, _, found) in enumerate(self.context.tested):
            if one.art in FOLDED:
                truths = (
                    [others.findings.get((number, row), pair) for row, pair in enumerate(found)] if others else found
                )
                verdicts.update(CONTRIBUTIONS[one.art, *pair] for pair in set(truths))
        if not verdicts:
            raise FaultyInputError([fault_of("nothing_required", Place("<question>"), name=self.question)])
        return conjunction(verdicts)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every requirement, met or failed, open or in discretion, in the order of examination."""
        return tuple([reason for reason in self.examined if reason.art in FOLDED])

    @cached_property
    def options(self) -> tuple[Reason, ...]:
        """What the authority may grant in its discretion, where it comes into question."""
        return tuple(one for one in self.examined if one.art == "kann" and one.applies is not Verdict.NO)

    @cached_property
    def hints(self) -> tuple[Reason, ...]:
        """Advice that does not enter the verdict: what is due (`yes`) or may be (`open`)."""
        applying = (one for one in self.examined if one.art == "hinweis" and one.applies is not Verdict.NO)
        return tuple(one for one in applying if one.verdict is not Verdict.NO)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """The facts that open requirements lack, each with its question."""
        return missing.missing_of(self.context, self.reasons) if self.reasons else ()

    @cached_property
    def derived(self) -> dict[str, Json]:
        """Every derived fact by its path, as JSON has it; `None` where it is open or not applicable.

        Mere steps on the way (`zwischenwert` in the rule file) are left out.
        """
        if (context := self._sound) is None:
            return {}
        return {path: to_json(context.value(d.fact, subject)) for path, d, subject in context.results_by_path}

    @cached_property
    def duties(self) -> tuple[Owed, ...]:
        """The duties that follow from a grant, with the day each is due; of a refusal those of one that stands."""
        if self._sound is None or (self.verdict is Verdict.NO and self._grants_nothing(self._sound)):
            return ()
        return duties_of(self._sound)

    @staticmethod
    def _grants_nothing(context: Context) -> bool:
        """Whether nothing is known to be granted yet, where the question tells."""
        return any(holds is not True for _, _, holds in context.named("bestand"))

    @cached_property
    def contradictions(self) -> tuple[Contradicted, ...]:
        """What the case states that cannot both be, with both places."""
        return contradictions_of(self._context) if self._context else ()

    @cached_property
    def plausibility(self) -> tuple[Implausible, ...]:
        """What is unusual and may be meant otherwise; it changes nothing else of the decision."""
        return plausibility_of(self._sound) if self._sound else ()

    @cached_property
    def open_questions(self) -> tuple[OpenQuestion, ...]:
        """What the sources do not tell and this decision touches, the weightiest first."""
        if self.outcome != "decided":
            return ()
        return open_questions_of(self.context, self.examined, {duty.id for duty in self.duties})

    @property
    def decisive_questions(self) -> tuple[OpenQuestion, ...]:
        """Those of them whose answer could change the result or an amount."""
        questions = self.open_questions
        return decisive_questions(self.context, self.reasons, self.hints, questions) if questions else ()

    @cached_property
    def reviewed_by_lawyer(self) -> bool:
        """Whether a lawyer reviewed every rule that this decision relied on, in this Fassung."""
        return self.outcome == "decided" and is_reviewed(self.context, self.reasons)

    @cached_property
    def evidence(self) -> Evidence:
        """How well the decision is evidenced."""
        if (context := self._sound) is None:
            return Evidence(None, {})
        grades = Grades(context)
        by_derived = {path: grades.of_fact(d.fact, subject) for path, d, subject in context.results_by_path}
        relied: list[Grade | None] = ["annahme"] if self.fassung.choice.readings else []
        for reason in self.reasons:
            requirement, subject = reason.requirement, reason.condition.subject
            relied.append(grades.of_condition(requirement.applies, subject))
            if reason.applies is not Verdict.NO:
                relied += [reason.grade, grades.of_condition(requirement.condition, subject)]
        known = {path: grade for path, grade in by_derived.items() if grade is not None}
        return Evidence(weakest(relied), known)

    @cached_property
    def readings(self) -> dict[str, ReadingUsed]:
        """The disputed points relied on, each varied alone: would another reading change anything?"""
        context = self._sound
        direct = self.outcome == "decided" and self.engine.used == "direct" and context is not None
        revision = Revision(context.direct, context.evaluation) if context is not None and direct else None
        return {name: self._under_other_readings(name, revision) for name in self._disputed()}

    def _under_other_readings(self, name: str, revision: Revision | None) -> ReadingUsed:
        """Decide the same case under each other reading of a disputed point where anything follows from it; compare."""
        asked = self.request.readings
        options = [option for option in self.regulation.readings[name].lesarten if option != asked[name]]
        others = {option: self._variant(name, option, revision) for option in options}
        differ = any(
            one.derived or one.duties is not None or (one.outcome, one.verdict) != (self.outcome, self.verdict)
            for one in others.values()
        )
        return ReadingUsed(asked[name], others, differ)

    def _variant(self, name: str, option: str, revision: Revision | None) -> Variant:
        again = partial(self._again, {**self.request.readings, name: option})
        if revision is not None and (same := self._followed(name, option, revision)) is not None:
            return Variant(self.outcome, *same, None, again)
        other = again()
        return Variant(other.outcome, other.verdict, *self._differences(other), again)

    def _followed(self, name: str, option: str, revision: Revision) -> tuple[Verdict | None, dict[str, Json]] | None:
        """Return the verdict under another reading, and the derived values that differ.

        Nothing where it may choose another Fassung, show a contradiction, or bear on a duty.
        """
        context, slot = self.context, READING + name
        begins = {akt.gilt_ab.auslegung for akt in self.regulation.acts}
        series = {one.scope for one in context.plan.series}
        of_series = any(one.scope in series for one in context.result_derivations)
        if name not in context.plan.readings or name in begins or of_series:
            return None
        try:
            revised = revision.revised(context.plan.top, 0, {slot: option}, judged=False)
        except NotFollowedError:
            return None
        verdict, read = self._fold(revised) if revised.findings else self.verdict, self._read_by_duties(context)
        on_duties = revised.derived and (verdict != self.verdict or not read.isdisjoint(revised.derived))
        if slot in read or revised.contradicted or on_duties:
            return None
        results = (one for one in context.result_derivations if one.fact in revised.derived)
        derived = {
            context.subjects(one.scope)[row].path(one.fact): to_json(value)
            for one in results
            for row, value in revised.derived[one.fact].items()
            if context.subjects(one.scope)[row].stated
        }
        return verdict, dict(sorted(derived.items()))

    @staticmethod
    def _read_by_duties(context: Context) -> frozenset[str]:
        """Return the facts that a duty, or whether anything is granted, rests on."""
        plan = context.plan

        def read() -> frozenset[str]:
            standing = (one.condition for one in plan.of_kind("bestand"))
            return frozenset(
                facts_of(*(f for one in plan.duties for f in (one.applies, one.start, one.day)), *standing)
            )

        return context.memoize("read by duties", plan, read)

    def _differences(self, other: Result) -> tuple[dict[str, Json], tuple[Owed, ...] | None]:
        """Return the derived values of another result that differ, and its duties if they do."""
        if self._agrees_with(other):
            return {}, None
        nothing = object()
        paths = sorted({*self.derived, *other.derived})
        differ = [path for path in paths if self.derived.get(path, nothing) != other.derived.get(path, nothing)]
        return {path: other.derived.get(path) for path in differ}, other.duties if other.duties != self.duties else None

    def _agrees_with(self, other: Result) -> bool:
        """Whether all facts of one plan, and so all that follows from them, are the same, whatever the readings."""
        context, its = self._context, other._context
        if not (self.outcome == other.outcome == "decided" and context and its and context.plan is its.plan):
            return False
        if any(fact.startswith(READING) for fact in self._read_by_duties(context)):
            return False
        facts = context.direct.layout.facts
        return facts(context.evaluation.records) == facts(its.evaluation.records)

    def _disputed(self) -> tuple[str, ...]:
        """Return the disputed points relied on: to choose the Fassung, to decide, or since another was asked for."""
        readings = self._sound.plan.readings if self._sound else ()
        asked, points = self.request.readings, self.regulation.readings
        begins = (akt.gilt_ab.auslegung for akt in self.regulation.acts)
        otherwise = (name for name in begins if name is not None and asked[name] != points[name].vorgabe)
        return tuple(sorted({*self.fassung.choice.readings, *otherwise, *readings}))
