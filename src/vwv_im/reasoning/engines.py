"""Compiled plans, one per Fassung, Erlasse and question; running each engine, and comparing what two found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from threading import Lock
from typing import Any, Literal

from vwv_im.case import CasePart
from vwv_im.lang.truth import verdict_of
from vwv_im.law.fassung import Fassung
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning import durable
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import Contradiction, Plan, Requirement, make_plan
from vwv_im.reasoning.records import Record, Records

ENGINES = ("direct", "durable")

Difference = tuple[str, str, str]


class EngineDisagreement(RuntimeError):  # noqa: N818 - a name of the API
    """Two engines found different things for the same case, so there is no decision.

    `differences` says of each what it is about and what either engine found.
    """

    def __init__(self, differences: list[str]) -> None:
        super().__init__("\n".join(["the engines disagree:", *differences]))
        self.differences = differences


def differences(plan: Plan, left: Evaluation, right: Evaluation, engines: tuple[str, str] = ENGINES) -> list[str]:
    """Return in words each derived fact, requirement and contradiction on which two engines differ.

    `left` and `right` are what the engines named in `engines` found for one case. The list is empty where they agree;
    else it reads like `haus.zimmer[0].hoehe_cm: direct says 24, durable says unknown`.
    """
    found = [*_numbers(plan, left, right), *_facts(plan, left, right), *_truths(plan, left, right)]
    return [f"{what}: {engines[0]} says {first}, {engines[1]} says {second}" for what, first, second in found]


def _numbers(plan: Plan, left: Evaluation, right: Evaluation) -> Iterator[Difference]:
    """Compare how much there is to compare."""
    one, other = left.records.of, right.records.of
    numbers = [(f"number of {scope}", len(one[scope]), len(other[scope])) for scope in plan.scopes]
    numbers.append(("number of findings", len(left.findings), len(right.findings)))
    numbers.append(("number of contradictions", len(left.contradictions), len(right.contradictions)))
    yield from ((what, str(first), str(second)) for what, first, second in numbers if first != second)


def _facts(plan: Plan, left: Evaluation, right: Evaluation) -> Iterator[Difference]:
    layout = left.records.layout
    if all(_are_alike(*rows) for rows in zip(layout.facts(left.records), layout.facts(right.records), strict=False)):
        return
    given = [path for scope in plan.scopes for path in plan.vocabulary.entities[scope].given]
    for fact in (*given, *plan.producers):
        scope, slot = layout.slot(fact)
        records = zip(left.records.subjects(scope), right.records.of[scope], strict=False)
        for subject, other in records:
            if not _are_alike([subject.record[slot]], [other[slot]]):
                yield subject.path(fact), _value(subject.record[slot]), _value(other[slot])


def _truths(plan: Plan, left: Evaluation, right: Evaluation) -> Iterator[Difference]:
    if (left.findings, left.contradictions) == (right.findings, right.contradictions):
        return
    names = _names("requirement", plan.requirements, left.records)
    for name, first, second in zip(names, left.findings, right.findings, strict=False):
        for part, one, other in zip(("applies", "holds"), first, second, strict=True):
            if one is not other:
                yield f"{name} {part}", verdict_of(one).value, verdict_of(other).value
    names = _names("contradiction", plan.contradictions, left.records)
    for name, one, other in zip(names, left.contradictions, right.contradictions, strict=False):
        if one is not other:
            yield f"{name} is present", verdict_of(one).value, verdict_of(other).value


def _are_alike(left: Record, right: Record) -> bool:
    """Whether values are equal and of the same types: `True` is not 1."""
    return left == right and list(map(type, left)) == list(map(type, right))


def _names(what: str, items: Iterable[Requirement | Contradiction], records: Records) -> Iterator[str]:
    """Name each truth value in the order in which an evaluation holds them."""
    for item in items:
        for subject in records.subjects(item.scope):
            yield f"{what} {item.id} of {subject.name}"


def _value(value: Any) -> str:
    return "unknown" if value is None else repr(value)


EngineName = Literal["checked", "direct", "durable"]
Found = tuple[Evaluation, str, bool]


class Program:
    """A plan with the engines that run it."""

    def __init__(self, fassung: Fassung, plan: Plan) -> None:
        self.fassung, self.plan = fassung, plan
        self.direct = Direct(plan)
        self._durable: durable.Durable | None = None
        self._lock = Lock()

    def durable(self) -> durable.Durable:
        """Return the second engine; raises `EngineUnavailable` where it is not installed."""
        with self._lock:
            self._durable = self._durable or durable.Durable(self.plan)
            return self._durable

    def run(self, engine: EngineName, case: CasePart, on: date, readings: Mapping[str, str]) -> Found:
        """Run a case; return what was found, the engine that found it, and whether a second one agreed.

        Raises `EngineDisagreement` where `checked` finds a difference.
        """
        if engine == "durable":
            return self.durable().evaluate(case, on, readings), "durable", False
        found = self.direct.evaluate(case, on, readings)
        if engine == "direct" or not durable.available():
            return found, "direct", False
        if differing := differences(self.plan, found, self.durable().evaluate(case, on, readings)):
            raise EngineDisagreement(differing)
        return found, "direct", True


class Programs:
    """All programs of a regulation, compiled when first needed."""

    def __init__(self, regulation: Regulation) -> None:
        self._regulation = regulation
        self._programs: dict[tuple[str, tuple[str, ...], str, frozenset[OperationId], bool], Program] = {}
        self._lock = Lock()

    def get(
        self,
        fassung: str,
        erlasse: tuple[str, ...],
        question: str,
        without: Collection[OperationId] = (),
        *,
        demanded: bool = False,
    ) -> Program:
        """Return the program of a question under a Fassung, `without` some operations; see `make_plan`."""
        key = (fassung, erlasse, question, frozenset(without), demanded)
        if key not in self._programs:
            with self._lock:
                if key not in self._programs:
                    law = self._regulation.fassung(fassung, erlasse, without)
                    plan = make_plan(self._regulation, law, question, demanded=demanded)
                    self._programs[key] = Program(law, plan)
        return self._programs[key]
