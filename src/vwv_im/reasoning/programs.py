"""Compiled plans, one per Fassung, Erlasse and question, and the way each engine is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Literal

from vwv_im.case import Case
from vwv_im.law.fassung import Fassung
from vwv_im.law.history import OperationId
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning import durable
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.engines import EngineDisagreement, differences
from vwv_im.reasoning.plan import Plan
from vwv_im.reasoning.planning import make_plan

EngineName = Literal["checked", "direct", "durable"]


class Program:
    """A plan with the engines that run it."""

    def __init__(self, fassung: Fassung, plan: Plan) -> None:
        self.fassung = fassung
        self.plan = plan
        self.direct = Direct(plan)
        self._lock = Lock()

    @cached_property
    def _durable(self) -> durable.Durable:
        return durable.Durable(self.plan)

    def durable(self) -> durable.Durable:
        """Return the second engine; raises `EngineUnavailable` where it is not installed."""
        with self._lock:
            return self._durable

    def run(
        self, engine: EngineName, case: Case, on: date, readings: Mapping[str, str]
    ) -> tuple[Evaluation, str, bool]:
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

    def follow(self, found: Evaluation, readings: Mapping[str, str]) -> tuple[Evaluation, str, bool]:
        """Run a case again that `direct` has run, under other readings."""
        return self.direct.follow(found, readings), "direct", False


class Programs:
    """All programs of a regulation, compiled when first asked for."""

    def __init__(self, regulation: Regulation) -> None:
        self._regulation = regulation
        self._programs: dict[tuple[str, tuple[str, ...], Question, frozenset[OperationId]], Program] = {}
        self._lock = Lock()

    def get(
        self,
        fassung: str,
        erlasse: tuple[str, ...],
        question: Question,
        without: Collection[OperationId] = (),
    ) -> Program:
        """Return the program of a question under a Fassung, `without` some operations."""
        key = (fassung, erlasse, question, frozenset(without))
        program = self._programs.get(key)
        if program is None:
            with self._lock:
                program = self._programs.get(key) or self._compile(key)
                self._programs[key] = program
        return program

    def _compile(self, key: tuple[str, tuple[str, ...], Question, frozenset[OperationId]]) -> Program:
        identifier, erlasse, question, without = key
        fassung = self._regulation.fassung(identifier, erlasse, without)
        return Program(fassung, make_plan(self._regulation, fassung, question))
