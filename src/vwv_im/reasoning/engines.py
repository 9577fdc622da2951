"""Compiled plans, one per Fassung, Erlasse and question; running each engine, and comparing what two found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from threading import Lock
from typing import Any, Literal

from vwv_im.case import CasePart
from vwv_im.lang import Verdict, verdict_of
from vwv_im.law import Fassung, OperationId, Regulation
from vwv_im.reasoning import durable
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import NamedCondition, Plan, Requirement, make_plan
from vwv_im.reasoning.records import Records

ENGINES = ("direct", "durable")


class EngineDisagreement(RuntimeError):  # noqa: N818 - a name of the API
    """Two engines found different things for the same case, so there is no decision.

    `differences` says of each what it is about and what either engine found.
    """

    def __init__(self, differences: list[str]) -> None:
        super().__init__("\n".join(["the engines disagree:", *differences]))
        self.differences = differences


def differences(plan: Plan, left: Evaluation, right: Evaluation, engines: tuple[str, str] = ENGINES) -> list[str]:
    """Return in words each derived fact, requirement and named condition on which two engines differ.

    `left` and `right` are what the engines named in `engines` found for one case. The list is empty where they agree;
    else it reads like `haus.zimmer[0].hoehe_cm: direct says 24, durable says unknown`.
    """
    facts = [found.records.layout.facts(found.records) for found in (left, right)]
    types = [[[*map(type, row)] for row in rows] for rows in facts]
    same = facts[0] == facts[1] and types[0] == types[1]
    if same and left.findings == right.findings and left.present == right.present:
        return []
    one, other = (_statements(plan, found) for found in (left, right))
    differing = [what for what, said in one.items() if what in other and other[what] != said]
    return [
        f"{what}: {engines[0]} says {_show(one[what])}, {engines[1]} says {_show(other[what])}" for what in differing
    ]


def _statements(plan: Plan, found: Evaluation) -> dict[str, tuple[type, Any]]:
    """Return all that an engine found, by what it is about, each value with its type: `True` is not 1."""
    records, layout = found.records, found.records.layout
    said: dict[str, Any] = {f"number of {scope}": len(records.of[scope]) for scope in plan.scopes}
    said |= {"number of findings": len(found.findings)}
    said |= {f"number of {kind}": len(truths) for kind, truths in found.present.items()}
    given = [path for scope in plan.scopes for path in plan.vocabulary.entities[scope].given]
    for fact in (*given, *plan.producers):
        scope, slot = layout.slot(fact)
        said |= {subject.path(fact): subject.record[slot] for subject in records.subjects(scope)}
    for name, (applies, holds) in zip(_names("requirement", plan.requirements, records), found.findings, strict=False):
        said |= {f"{name} applies": verdict_of(applies), f"{name} holds": verdict_of(holds)}
    for kind, truths in found.present.items():
        named = (one for one in plan.named if one.kind == kind)
        for name, present in zip(_names(kind, named, records), truths, strict=False):
            said[f"{name} is present"] = verdict_of(present)
    return {what: (type(value), value) for what, value in said.items()}


def _names(what: str, items: Iterable[Requirement | NamedCondition], records: Records) -> Iterator[str]:
    """Name each truth value in the order in which an evaluation holds them."""
    return (f"{what} {item.id} of {subject.name}" for item in items for subject in records.subjects(item.scope))


def _show(said: tuple[type, Any]) -> str:
    value = said[1]
    return value.value if isinstance(value, Verdict) else "unknown" if value is None else repr(value)


EngineName = Literal["checked", "direct", "durable"]
EngineRun = tuple[Evaluation, str, bool]


class Program:
    """A plan with the engines that run it."""

    fassung: Fassung
    plan: Plan
    direct: Direct

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

    def run(self, engine: EngineName, case: CasePart, on: date, readings: Mapping[str, str]) -> EngineRun:
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
        with_on_request: bool = False,
    ) -> Program:
        """Return the program of a question under a Fassung, `without` some operations; see `make_plan`."""
        key = (fassung, erlasse, question, frozenset(without), with_on_request)
        if key not in self._programs:
            with self._lock:
                if key not in self._programs:
                    law = self._regulation.fassung(fassung, erlasse, without)
                    plan = make_plan(self._regulation, law, question, with_on_request=with_on_request)
                    self._programs[key] = Program(law, plan)
        return self._programs[key]
