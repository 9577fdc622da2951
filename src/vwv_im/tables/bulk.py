"""Deciding many cases at once, briefly; the full decision of the few that matter is one call away."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Literal

import polars as pl

from vwv_im.case import CaseError, CasePart
from vwv_im.case.vocabulary import DECISION_DAY, Fact, Vocabulary
from vwv_im.decision.context import Outcome
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide, require_part
from vwv_im.decision.request import Request
from vwv_im.lang import FOLDED, Verdict
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.compiled_plan import BESIDE, REASONS, InputLayout
from vwv_im.reasoning.columns.compiling import TYPES
from vwv_im.reasoning.columns.evaluator import FAULTY, evaluator_for
from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError
from vwv_im.reasoning.columns.schedule import RANK, ROW, TOP, Frames, TableName, number_column, stated_column
from vwv_im.reasoning.records import facts_getter, getter_of, key_of
from vwv_im.tables.cell_values import engine_value
from vwv_im.tables.frames import request_of
from vwv_im.tables.row_by_row import Row, row_of
from vwv_im.text import FactPath, Fault, Json, JsonDocument, JsonObject, Place, Text, to_json


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
    keys="outcome verdict fassung derived reasons options hints missing contradictions plausibility duties contract "
    "faults?:brief_faults",
):
    """What was decided for one of many cases, without the sentences.

    `derived` is as in a `Decision`. `reasons` holds for each verdict (and `not_applicable`) the requirements that it
    was reached for, whatever entry of a list they are about; `options` and `hints` what may be granted and what is
    advised, where it comes into question; `missing` the facts that open requirements lack, as `stelle.vzae`;
    `contradictions`, `plausibility` and `duties` their ids. A case that cannot be read has the outcome `faulty`, its
    `faults`, and nothing else.
    """

    outcome: Outcome | Literal["faulty"]
    verdict: Verdict | None
    fassung: str | None
    derived: Mapping[str, Json]
    reasons: Mapping[str, tuple[str, ...]]
    options: tuple[str, ...]
    hints: tuple[str, ...]
    missing: tuple[str, ...]
    contradictions: tuple[str, ...]
    plausibility: tuple[str, ...]
    duties: tuple[str, ...]
    _case: CasePart = field(repr=False, compare=False)
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
    def brief_faults(self) -> tuple[BriefFault, ...] | None:
        """What is wrong with a faulty case."""
        return tuple(BriefFault(one.code, one.path, one.message) for one in self.faults) or None


Given = CasePart | Mapping[str, object] | str | os.PathLike[str]
"""A case, or where one stands."""


def evaluate_many(
    cases: Iterable[Given],
    *,
    on: date | str,
    question: str | None = None,
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
    if isinstance(cases, CasePart | Mapping | str | os.PathLike):
        raise TypeError("cases: a list of cases is needed, or whatever yields them; for one case there is evaluate")
    if faults not in ("raise", "mark"):
        raise ValueError(f"faults: 'raise' or 'mark' is needed, not {faults!r}")
    law, request = request_of(on=on, rules=rules, question=question, known_on=known_on, readings=readings)
    return _decide_in_turn(law, request, cases, at_once, raising=faults == "raise")


def _decide_in_turn(
    law: Regulation, request: Request, cases: Iterable[Given], at_once: int, *, raising: bool
) -> Iterator[BriefDecision]:
    none: dict[str, tuple[str, ...]] = dict.fromkeys(REASONS, ())
    faulty = BriefDecision("faulty", None, None, {}, none, (), (), (), (), (), (), law.case(), request, law)
    read = (_read(law, number, case, request) for number, case in enumerate(cases))
    while together := list(islice(read, at_once)):
        faults = [fault for one in together if isinstance(one, tuple) for fault in one]
        if raising and faults:
            raise CaseError(faults)
        sound = [one for one in together if not isinstance(one, tuple)]
        found = decide_briefly(law, [request] * len(sound), sound) if sound else iter(())
        yield from (replace(faulty, faults=one) if isinstance(one, tuple) else next(found) for one in together)


def _read(law: Regulation, number: int, given: Given, request: Request) -> CasePart | tuple[Fault, ...]:
    """Return a case, or its faults; those of a case that is no file are placed by its number."""
    try:
        case = law.read_case(given)
        require_part(law, case, request.question, given)
    except CaseError as error:
        place = Place(f"case[{number}]")
        return tuple(replace(one, place=place) if one.place.file == "<case>" else one for one in error.faults)
    return case


def decide_briefly(law: Regulation, requests: Sequence[Request], cases: Sequence[CasePart]) -> Iterator[BriefDecision]:
    """Decide valid cases, each on a request of its own; the requests differ in the day only."""
    request = requests[0]
    evaluator = evaluator_for(law, request.question, request.known_on, request.readings)
    root, masks = law.questions[request.question].wurzel, evaluator.masks
    frames, layout = frames_of(law.vocabulary, root, cases, [one.on for one in requests], evaluator.series)

    def alone(case: CasePart, one: Request) -> tuple[Row, Mapping[str, Json]]:
        decision = decide(law, case, replace(one, engine="direct"))
        return row_of(decision, masks, root), decision.derived

    def together(one: Request, row: Row, facts: Mapping[tuple[str, str], Any]) -> tuple[Row, Mapping[str, Json]]:
        wanted = evaluator.facts_on(one.on)
        return row, {path: to_json(value) for (path, fact), value in sorted(facts.items()) if fact in wanted}

    try:
        found = evaluator.evaluate(frames, layout)
        rows = map(together, requests, found[TOP].iter_rows(named=True), _derived_facts(found, layout, len(cases)))
    except NotInColumnsError:
        rows = map(alone, cases, requests)
    kinds = {"reasons": FOLDED, **{name: arts for name, (arts, _) in BESIDE.items()}}
    bits = {name: masks.of_art(*arts) for name, arts in kinds.items()}
    for case, one, (row, derived) in zip(cases, requests, rows, strict=True):
        reached = {verdict: row.get(f"reasons_{verdict}") or 0 for verdict in REASONS}
        beside = {name: reduce(or_, map(reached.__getitem__, verdicts)) for name, (_, verdicts) in BESIDE.items()}
        yield BriefDecision(
            outcome=row["outcome"],
            verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
            fassung=row["fassung"],
            derived={} if row.get("contradictions") else derived,
            reasons={name: masks.names("requirements", mask & bits["reasons"]) for name, mask in reached.items()},
            options=masks.names("requirements", beside["options"] & bits["options"]),
            hints=masks.names("requirements", beside["hints"] & bits["hints"]),
            missing=masks.names("facts", row.get("missing")),
            contradictions=masks.names("contradictions", row.get("contradictions")),
            plausibility=masks.names("plausibility", row.get("plausibility")),
            duties=masks.names("duties", row.get("duties")),
            _case=case,
            _request=one,
            _law=law,
        )


def _derived_facts(found: Frames, layout: InputLayout, count: int) -> list[dict[tuple[str, str], Any]]:
    """Return for each case the derived facts, by their paths in the case and as rule files write them."""
    facts: list[dict[tuple[str, str], Any]] = [{} for _ in range(count)]
    places: dict[TableName, dict[int, tuple[int, str]]] = {TOP: {row: (row, layout.root) for row in range(count)}}
    for table in layout.tables:
        scope = layout.root if table == TOP else table
        entries: dict[int, int] = defaultdict(int)
        names = [name for name in found[table].columns if name.startswith(f"{scope}.")]
        for row in found[table].iter_rows(named=True):
            if table != TOP:
                case, above = places[layout.above(table)][row[ROW]]
                place = f"{above}.{key_of(layout.vocabulary, table)}[{entries[row[ROW]]}]"
                entries[row[ROW]] += 1
                places.setdefault(table, {})[row[RANK]] = case, place
            case, place = places[table][row[number_column(table)]]
            facts[case].update({(place + name.removeprefix(scope), name): row[name] for name in names})
    return facts


def frames_of(
    vocabulary: Vocabulary, root: str, cases: Sequence[CasePart], days: Sequence[date], series: Collection[str] = ()
) -> tuple[Frames, InputLayout]:
    """Lay out cases that have the part `root`, a row at the top for each, and one for each entry of every list.

    `series` are those whose entries are handed out.
    """
    lists = [scope for scope in vocabulary.scopes(root)[1:] if vocabulary.entities[scope].series is None]
    facts = {scope: [one for one in vocabulary.facts.values() if one.scope == scope] for scope in (root, *lists)}
    columns = frozenset(fact.path for of_scope in facts.values() for fact in of_scope)
    layout = InputLayout(vocabulary, root, columns, frozenset((*lists, *series)))
    parts: dict[str, list[Any]] = {root: [getattr(case, vocabulary.entities[root].key) for case in cases]}
    head = [pl.Series(ROW, range(len(cases)), pl.UInt32), pl.Series(DECISION_DAY, days, pl.Date)]
    head.append(pl.Series(FAULTY, [False]).new_from_index(0, len(cases)))
    frames = {TOP: pl.DataFrame(head + _columns(vocabulary, facts[root], parts[root]))}
    for scope in lists:
        numbered = list(_entries(getter_of(key_of(vocabulary, scope)), parts[vocabulary.parent(scope) or root]))
        parts[scope] = [part for _, part in numbered]
        head = [
            pl.Series(ROW, [row for row, _ in numbered], pl.UInt32),
            pl.Series(stated_column(scope), [part is not None for part in parts[scope]], pl.Boolean),
            pl.Series(RANK, range(len(numbered)), pl.UInt32),
        ]
        frames[scope] = pl.DataFrame(head + _columns(vocabulary, facts[scope], parts[scope]))
    return frames, layout


def _entries(get: Callable[[Any], Sequence[Any] | None], above: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Yield the entries of lists, each with the number of what has it; `None` stands for a list that is not stated."""
    for row, part in enumerate(above):
        entries = None if part is None else get(part)
        yield from ((row, entry) for entry in ((None,) if entries is None else entries))


def _columns(vocabulary: Vocabulary, facts: Sequence[Fact], parts: Sequence[Any]) -> list[pl.Series]:
    """Return what the parts of cases state, a column for each fact, as the engine holds it."""
    ordered = sorted(facts, key=lambda fact: fact.path.count("."))
    if not ordered:
        return []
    get, unknown = facts_getter(ordered[0].scope, [fact.path for fact in ordered]), (None,) * len(ordered)
    rows = [unknown if part is None else get(part) for part in parts]
    cells = zip(*rows, strict=True) if rows else ((),) * len(ordered)
    return [
        pl.Series(fact.path, [engine_value(vocabulary, fact, cell) for cell in column], TYPES[fact.type])
        for fact, column in zip(ordered, cells, strict=True)
    ]
