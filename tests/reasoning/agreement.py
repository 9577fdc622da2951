"""Where the engines `columns` and `direct` differ on some cases: in words, for each case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import Fact, without_numbers
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide
from vwv_im.decision.request import make_request
from vwv_im.lang.truth import Verdict
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.columns.compiled_plan import REASONS, InputLayout
from vwv_im.reasoning.columns.evaluator import evaluator_for
from vwv_im.reasoning.columns.masks import MaskLayout
from vwv_im.reasoning.columns.schedule import RANK, ROW, TOP
from vwv_im.tables.bulk import frames_of
from vwv_im.text.values import to_json

Row = Mapping[str, Any]


def disagreements(
    cases: Sequence[CasePart],
    days: Sequence[date],
    question: str | None = None,
    known_on: date | None = None,
    readings: Mapping[str, str] | None = None,
    law: Regulation | None = None,
) -> Iterator[str]:
    """Yield in words where a result of a row is not what `direct` decides for its case."""
    law = law or regulation()
    question = question or law.first_question
    followed = {name: entry.vorgabe for name, entry in law.readings.items()} | dict(readings or {})
    program = evaluator_for(law, question, known_on, followed)
    frames, layout = frames_of(law.vocabulary, law.questions[question].wurzel, cases, days, program.series)
    found = program.evaluate(frames, layout)
    rows = rows_of(found, layout, len(cases))
    for case, day, entries in zip(cases, days, rows, strict=True):
        request = make_request(
            law, on=day, question=question, known_on=known_on, readings=dict(readings or {}), engine="direct"
        )
        decision = decide(law, case, request)
        for what, got, wanted in _differences(entries, decision, program.masks, law):
            yield f"{question} on {day}, known {known_on}: {what}: columns says {got}, direct says {wanted}"


def rows_of(found: Mapping[str, Any], layout: InputLayout, count: int) -> list[dict[str, Row]]:
    """Return for each case its rows by their paths, that of the top first."""
    top = list(found[TOP].iter_rows(named=True))
    rows: list[dict[str, Row]] = [{layout.root: top[number]} for number in range(count)]
    places = {TOP: {number: (number, layout.root) for number in range(count)}}
    for table in layout.tables[1:]:
        numbers: dict[int, int] = defaultdict(int)
        key = layout.vocabulary.entities[table].path.removeprefix(_path(layout, table))
        for row in found[table].iter_rows(named=True):
            case, above = places[layout.above(table)][row[ROW]]
            path = f"{above}.{key}[{numbers[row[ROW]]}]"
            numbers[row[ROW]] += 1
            places.setdefault(table, {})[row[RANK]] = case, path
            rows[case][path] = row
    return rows


def _path(layout: InputLayout, scope: str) -> str:
    return f"{layout.vocabulary.entities[layout.vocabulary.parent(scope) or scope].path}."


def _differences(
    rows: Mapping[str, Row], decision: Decision, bits: MaskLayout, law: Regulation
) -> Iterator[tuple[str, Any, Any]]:
    row = next(iter(rows.values()))
    pairs = [
        ("outcome", row["outcome"], decision.outcome),
        ("verdict", row["verdict"], decision.verdict),
        ("fassung", row["fassung"], decision.fassung.id),
        (
            "contradictions",
            _named(bits, "contradictions", row["contradictions"]),
            {c.id for c in decision.contradictions},
        ),
        ("plausibility", _named(bits, "plausibility", row["plausibility"]), {one.id for one in decision.plausibility}),
        ("duties", _named(bits, "duties", row["duties"]), {duty.id for duty in decision.duties}),
        ("masks", row["reasons_no"] is not None, decision.outcome == "decided"),
        *_derived(rows, decision, law),
    ]
    for place, entry in rows.items():
        pairs += _masks(place, entry, decision, bits, law)
    return (pair for pair in pairs if pair[1] != pair[2])


def _derived(rows: Mapping[str, Row], decision: Decision, law: Regulation) -> Iterator[tuple[str, Any, Any]]:
    got = {}
    for place, row in rows.items():
        entity = law.vocabulary.entity_at(place)
        assert entity is not None
        facts = {name: value for name, value in row.items() if name.startswith(f"{entity.name}.")}
        got |= {place + name.removeprefix(entity.name): value for name, value in facts.items()}
    for path in {*got, *decision.derived}:
        yield path, to_json(got.get(path)), decision.derived.get(path)


def _masks(
    place: str, row: Row, decision: Decision, bits: MaskLayout, law: Regulation
) -> Iterator[tuple[str, Any, Any]]:
    """Compare the masks of a row with what is said of it and what belongs to it."""
    reasons = [reason for reason in decision.examined if f"{reason.subject}.".startswith(f"{place}.")]
    for kind in REASONS:
        wanted = {r.rule for r in reasons if kind == ("not_applicable" if r.applies is Verdict.NO else r.verdict)}
        yield f"{place} reasons_{kind}", _named(bits, "requirements", row[f"reasons_{kind}"]), wanted
    missing = [one.fact for one in decision.missing if one.fact.startswith(f"{place}.")]
    yield f"{place} missing", _named(bits, "facts", row["missing"]), {_as_named(path, law) for path in missing}


def _as_named(path: str, law: Regulation) -> str:
    found = law.vocabulary.at(path)
    return found.path if isinstance(found, Fact) else without_numbers(path)


def _named(bits: MaskLayout, kind: str, mask: int | None) -> set[str]:
    return set(bits.names(kind, mask or 0))


def varied(maker: Any, count: int, missing: Iterable[float], at_once: int = 300) -> Iterator[str]:
    """Yield the disagreements on `count` random cases: all questions, other readings, other knowledge."""
    questions: tuple[str, ...] = ("antrag", "antrag", "zielgruppe", "zaehlung")
    shares, turn = list(missing), 0
    while count > 0:
        size, question = min(at_once, count), questions[turn % len(questions)]
        cases = [maker.case(shares[turn % len(shares)]) for _ in range(size)]
        days = [maker.day() for _ in range(size)]
        readings = maker.readings() if turn % 3 else {}
        yield from disagreements(cases, days, question, maker.day() if turn % 5 == 4 else None, readings)
        count, turn = count - size, turn + 1
