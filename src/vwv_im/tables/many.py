"""Deciding many cases at once, briefly; the full decision of the few that matter is one call away."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any, Literal

import polars as pl

from vwv_im.case import FACTS, Case, CaseError, Fact, read_case
from vwv_im.decision.context import Outcome
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide, require_part
from vwv_im.decision.request import Request, make_request
from vwv_im.lang.truth import Verdict
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.law.types import DAY
from vwv_im.reasoning.columns.answers import FAULTY, RANK, Answers, Asked, answers, readings_key
from vwv_im.reasoning.columns.compiling import TYPES
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames
from vwv_im.reasoning.columns.program import MEMBERS, REASONS, STATED, Shape
from vwv_im.tables.cells import held
from vwv_im.text import Fault, Place, Text
from vwv_im.text.json_object import FactPath, JsonDocument, JsonObject
from vwv_im.text.values import Json, to_json


@dataclass(frozen=True, slots=True)
class BriefFault(JsonObject, schema="BriefFaultDocument"):
    """One thing that is wrong with a case."""

    code: str
    path: FactPath
    message: Text


@dataclass(frozen=True)
class BriefDecision(
    JsonDocument,
    schema="BriefDecisionDocument",
    keys="outcome verdict fassung derived reasons missing contradictions duties contract faults?:told",
):
    """What was decided for one of many cases, without the sentences.

    `derived` is as in a `Decision`. `reasons` holds for each verdict (and `not_applicable`) the rules that it was
    reached for, for any post; `missing` the facts that open requirements lack, as `stelle.vzae`; `contradictions`
    and `duties` their ids. A case that cannot be read has the outcome `faulty`, its `faults`, and nothing else.
    """

    outcome: Outcome | Literal["faulty"]
    verdict: Verdict | None
    fassung: str | None
    derived: Mapping[str, Json]
    reasons: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    contradictions: tuple[str, ...]
    duties: tuple[str, ...]
    _case: Case = field(repr=False, compare=False)
    _request: Request = field(repr=False, compare=False)
    _law: Regulation = field(repr=False, compare=False)
    faults: tuple[Fault, ...] = ()

    def decision(self) -> Decision:
        """Return the full decision, with its reasons, worked out by the engine `direct`.

        Raises `CaseError` where the case is faulty.
        """
        if self.faults:
            raise CaseError(self.faults)
        return decide(self._law, self._case, self._request)

    @property
    def told(self) -> tuple[BriefFault, ...] | None:
        """What is wrong with a faulty case."""
        return tuple(BriefFault(one.code, one.path, one.message) for one in self.faults) or None


def evaluate_many(
    cases: Iterable[Case | Mapping[str, object] | str | os.PathLike[str]],
    *,
    on: date | str,
    question: Question = "antrag",
    known_on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    faults: Literal["raise", "mark"] = "raise",
    rules: str | os.PathLike[str] | None = None,
    at_once: int = 10_000,
) -> Iterator[BriefDecision]:
    """Decide cases as they come, `at_once` of them together by the engine `columns`, in their order.

    The other arguments are those of `evaluate`. Raises `CaseError` with every fault of the cases that are read
    together, placed at `case[7]` for the eighth, or in the file that was named; then none of them is decided. With
    `faults="mark"` nothing is raised for a case: a faulty one comes back in its place, with the outcome `faulty` and
    its `faults`. Raises `RequestError` for a faulty question, `TypeError` where a single case is given.

    >>> cases = [{"antrag": {"stellen": [{"vzae": size}]}} for size in ("0.2", "0.5", "0,5")]
    >>> briefs = list(evaluate_many(cases, on="2018-06-01", faults="mark"))
    >>> [brief.verdict.value if brief.verdict else brief.outcome for brief in briefs]
    ['no', 'open', 'faulty']
    >>> print(briefs[2].faults[0].render())
    case[2] VIM113 antrag.stellen[0].vzae: '0,5' has a comma. Write a point: 0.5
    """
    if isinstance(cases, Case | Mapping | str | os.PathLike):
        raise TypeError("cases: a list of cases is needed, or whatever yields them; for one case there is evaluate")
    if faults not in ("raise", "mark"):
        raise ValueError(f"faults: 'raise' or 'mark' is needed, not {faults!r}")
    law = regulation(rules)
    request = make_request(
        law.readings, on=on, question=question, known_on=known_on, engine="direct", readings=readings
    )
    return _decided(law, request, cases, at_once, raising=faults == "raise")


_Given = Case | Mapping[str, object] | str | os.PathLike[str]


def _decided(
    law: Regulation, request: Request, cases: Iterable[_Given], at_once: int, *, raising: bool
) -> Iterator[BriefDecision]:
    read = (_read(number, case, request) for number, case in enumerate(cases))
    while together := list(islice(read, at_once)):
        faults = [fault for one in together if not isinstance(one, Case) for fault in one]
        if raising and faults:
            raise CaseError(faults)
        sound = [one for one in together if isinstance(one, Case)]
        found = decide_briefly(law, [request] * len(sound), sound) if sound else iter(())
        yield from (next(found) if isinstance(one, Case) else _faulty(law, request, one) for one in together)


def _read(number: int, given: _Given, request: Request) -> Case | tuple[Fault, ...]:
    """Return a case, or its faults; those of a case that is no file are placed by its number."""
    try:
        case = read_case(given)
        require_part(case, request.question, given)
    except CaseError as error:
        place = Place(f"case[{number}]")
        return tuple(replace(one, place=place) if one.place.file == "<case>" else one for one in error.faults)
    return case


def _faulty(law: Regulation, request: Request, faults: tuple[Fault, ...]) -> BriefDecision:
    reasons: dict[str, tuple[str, ...]] = dict.fromkeys(REASONS, ())
    return BriefDecision("faulty", None, None, {}, reasons, (), (), (), Case(), request, law, faults)


def decide_briefly(law: Regulation, requests: Sequence[Request], cases: Sequence[Case]) -> Iterator[BriefDecision]:
    """Decide valid cases, each on a request of its own; the requests differ in the day only."""
    request = requests[0]
    program = answers(law, Asked(request.question, request.known_on, readings_key(request.readings)))
    frames, shape = frames_of(cases, [one.on for one in requests], request.question)
    found = program.decided({home: frame.collect() for home, frame in frames.items()}, shape)
    posts = found["stelle"].iter_rows(named=True) if "stelle" in found else iter(())
    for case, one, row in zip(cases, requests, found[TOP].iter_rows(named=True), strict=True):
        count = len(case.antrag.stellen or ()) if case.antrag and request.question == "antrag" else 0
        yield _brief(law, one, case, program, row, list(islice(posts, count)))


def _brief(
    law: Regulation, request: Request, case: Case, program: Answers, row: Mapping[str, Any], posts: list[dict[str, Any]]
) -> BriefDecision:
    def names(kind: str, mask: str) -> tuple[str, ...]:
        return program.bits.names(kind, row[mask] or 0)

    verdict = None if row["verdict"] is None else Verdict(row["verdict"])
    return BriefDecision(
        outcome=row["outcome"],
        verdict=verdict,
        fassung=row["fassung"],
        derived={} if row["contradictions"] else _derived(program.facts_on(request.on), row, posts),
        reasons={verdict: names("requirements", f"reasons_{verdict}") for verdict in REASONS},
        missing=names("facts", "missing"),
        contradictions=names("contradictions", "contradictions"),
        duties=names("duties", "duties"),
        _case=case,
        _request=request,
        _law=law,
    )


def _derived(facts: Sequence[str], row: Mapping[str, Any], posts: Sequence[Mapping[str, Any]]) -> dict[str, Json]:
    """Return the derived facts by their paths in the case."""
    pairs = {fact: to_json(row[fact]) for fact in facts if fact in row}
    for number, post in enumerate(posts):
        of_post = (fact for fact in facts if fact in post)
        pairs |= {fact.replace("stelle", f"antrag.stellen[{number}]", 1): to_json(post[fact]) for fact in of_post}
    return dict(sorted(pairs.items()))


def frames_of(cases: Sequence[Case], days: Sequence[date], question: Question) -> tuple[Frames, Shape]:
    """Lay out cases that have the part which the question asks about, one row of applications for each."""
    rows = pl.Series(ROW, range(len(cases)), pl.UInt32)
    top = "antrag" if question == "antrag" else "person"
    parts = [getattr(case, top) for case in cases]
    columns = [rows, pl.Series(FAULTY, [False]).new_from_index(0, len(cases)), pl.Series(DAY, days, pl.Date)]
    columns += _columns(top, parts)
    if question != "antrag":
        return {TOP: pl.LazyFrame(columns)}, Shape(frozenset(column.name for column in columns[3:]))
    columns.append(pl.Series(MEMBERS, [part.mitglieder is not None for part in parts]))
    posts = _listed("stelle", [part.stellen for part in parts])
    members = _listed("mitglied", [part.mitglieder for part in parts])
    names = {name for name in (*posts.columns, *members.columns, *(c.name for c in columns)) if name in FACTS}
    frames = {TOP: pl.LazyFrame(columns), "stelle": posts.lazy(), "mitglied": members.lazy()}
    return frames, Shape(frozenset(names), "frame", "frame")


def _listed(scope: str, lists: Iterable[Sequence[Any] | None]) -> pl.DataFrame:
    """Return the posts or members of all applications; a list that is not stated is one of which nothing is known."""
    numbered = [(row, part) for row, parts in enumerate(lists) for part in ((None,) if parts is None else parts)]
    head = [
        pl.Series(ROW, [row for row, _ in numbered], pl.UInt32),
        pl.Series(STATED, [part is not None for _, part in numbered], pl.Boolean),
        pl.Series(RANK, range(len(numbered)), pl.UInt32),
    ]
    return pl.DataFrame(head + _columns(scope, [part for _, part in numbered]))


def _columns(scope: str, parts: Sequence[Any]) -> list[pl.Series]:
    facts = [fact for fact in FACTS.values() if fact.scope == scope]
    return [pl.Series(fact.path, [_stated(fact, part) for part in parts], TYPES[fact.type]) for fact in facts]


def _stated(fact: Fact, part: Any) -> Any:
    """Return what a part states, as the engine holds it."""
    for name in fact.path.split(".")[1:]:
        part = None if part is None else getattr(part, name)
    return held(fact, part)
