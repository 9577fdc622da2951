"""Deciding many cases at once, briefly; the full decision of the few that matter is one call away."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from vwv_im.case import Case
from vwv_im.decision.decision import Decision, Outcome
from vwv_im.decision.evaluate import decide, prepared
from vwv_im.decision.request import Request
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.answers import Answers, Asked, answers, readings_key
from vwv_im.reasoning.columns.flow import TOP
from vwv_im.reasoning.columns.program import REASONS
from vwv_im.reasoning.truth import Verdict
from vwv_im.reasoning.values import Json, to_json
from vwv_im.tables.cases import frames_of


@dataclass(frozen=True)
class BriefDecision:
    """What was decided for one of many cases, without the sentences.

    `derived` is as in a `Decision`. `reasons` holds for each verdict (and `not_applicable`) the rules that it was
    reached for, for any post; `missing` the facts that open requirements lack, as `stelle.vzae`; `contradictions`
    and `duties` their ids.
    """

    outcome: Outcome
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

    def decision(self) -> Decision:
        """Return the full decision, with its reasons, worked out by the engine `direct`."""
        return decide(self._law, self._case, self._request)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "outcome": self.outcome,
            "verdict": None if self.verdict is None else self.verdict.value,
            "fassung": self.fassung,
            "derived": dict(self.derived),
            "reasons": {verdict: list(rules) for verdict, rules in self.reasons.items()},
            "missing": list(self.missing),
            "contradictions": list(self.contradictions),
            "duties": list(self.duties),
        }


def evaluate_many(
    cases: Iterable[Case | Mapping[str, object] | str | os.PathLike[str]],
    *,
    on: date | str,
    question: Question = "antrag",
    known_on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | None = None,
    at_once: int = 10_000,
) -> Iterator[BriefDecision]:
    """Decide cases as they come, `at_once` of them together by the engine `columns`, in their order.

    The arguments are those of `evaluate`; so are the errors, raised for the first case that is faulty.

    >>> cases = [{"antrag": {"stellen": [{"vzae": size}]}} for size in ("0.2", "0.5")]
    >>> [(brief.verdict.value, brief.reasons["no"][:1]) for brief in evaluate_many(cases, on="2018-06-01")]
    [('no', ('stelle-mindestumfang',)), ('open', ())]
    """
    asked: dict[str, Any] = {"on": on, "question": question, "known_on": known_on, "readings": readings}
    valid = (prepared(case, rules=rules, engine="direct", **asked) for case in cases)
    while together := list(islice(valid, at_once)):
        law, _, request = together[0]
        yield from briefs(law, request, [case for _, case, _ in together])


def briefs(law: Regulation, request: Request, cases: Sequence[Case]) -> Iterator[BriefDecision]:
    """Decide valid cases on a valid request."""
    return briefs_on(law, [request] * len(cases), cases)


def briefs_on(law: Regulation, requests: Sequence[Request], cases: Sequence[Case]) -> Iterator[BriefDecision]:
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
