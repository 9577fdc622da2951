"""Where the engines `columns` and `direct` differ on some cases: in words, for each case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import evaluate
from vwv_im.lang.truth import Verdict
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.columns.answers import Asked, answers, readings_key, regimes_of
from vwv_im.reasoning.columns.bits import Bits
from vwv_im.reasoning.columns.flow import TOP
from vwv_im.reasoning.columns.program import REASONS
from vwv_im.tables.many import frames_of
from vwv_im.text.values import to_json
from vwv_im.typed import Case

_ENTRY = re.compile(r"antrag\.(stelle|mitglied)(n|er)\[\d+\]")


def disagreements(
    cases: Sequence[Case],
    days: Sequence[date],
    question: str = "antrag",
    known_on: date | None = None,
    readings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yield in words where a result of a row is not what `direct` decides for its case."""
    law = regulation()
    followed = {name: entry.vorgabe for name, entry in law.readings.items()} | dict(readings or {})
    program = answers(law, Asked(question, known_on, readings_key(followed)))
    frames, shape = frames_of(cases, days, question)
    spans = regimes_of(program.regimes, set(days))
    found = program.decided({home: frame.collect() for home, frame in frames.items()}, shape)
    for home, lazy in program.decide(frames, shape, spans).items():
        if not lazy.collect().equals(found[home]):
            yield f"{question}: lazy frames of {home} are decided otherwise"
    posts = found["stelle"].iter_rows(named=True) if "stelle" in found else iter(())
    for case, day, row in zip(cases, days, found[TOP].iter_rows(named=True), strict=True):
        decision = evaluate(
            case, on=day, question=question, known_on=known_on, readings=dict(readings or {}), engine="direct"
        )
        count = len(case.antrag.stellen or ()) if case.antrag and question == "antrag" else 0
        for what, got, wanted in _differences(row, list(islice(posts, count)), decision, program.bits):
            yield f"{question} on {day}, known {known_on}: {what}: columns says {got}, direct says {wanted}"


def _differences(
    row: Mapping[str, Any], posts: Sequence[Mapping[str, Any]], decision: Decision, bits: Bits
) -> Iterator[tuple[str, Any, Any]]:
    pairs = [
        ("outcome", row["outcome"], decision.outcome),
        ("verdict", row["verdict"], decision.verdict),
        ("fassung", row["fassung"], decision.fassung.id),
        (
            "contradictions",
            _named(bits, "contradictions", row["contradictions"]),
            {c.id for c in decision.contradictions},
        ),
        ("duties", _named(bits, "duties", row["duties"]), {duty.id for duty in decision.duties}),
        ("masks", row["reasons_no"] is not None, decision.outcome == "decided"),
        *_derived(row, posts, decision),
        *_masks("", row, decision, bits, None),
    ]
    for number, post in enumerate(posts):
        pairs += _masks(f"antrag.stellen[{number}] ", post, decision, bits, f"antrag.stellen[{number}]")
    return (pair for pair in pairs if pair[1] != pair[2])


def _derived(
    row: Mapping[str, Any], posts: Sequence[Mapping[str, Any]], decision: Decision
) -> Iterator[tuple[str, Any, Any]]:
    got = {name: value for name, value in row.items() if name.startswith(("antrag.", "person."))}
    for number, post in enumerate(posts):
        facts = {name: value for name, value in post.items() if name.startswith("stelle.")}
        got |= {name.replace("stelle", f"antrag.stellen[{number}]", 1): value for name, value in facts.items()}
    for path in {*got, *decision.derived}:
        yield path, to_json(got.get(path)), decision.derived.get(path)


def _masks(
    where: str, row: Mapping[str, Any], decision: Decision, bits: Bits, subject: str | None
) -> Iterator[tuple[str, Any, Any]]:
    reasons = [reason for reason in decision.examined if subject in (None, reason.subject)]
    for kind in REASONS:
        wanted = {r.rule for r in reasons if kind == ("not_applicable" if r.applies is Verdict.NO else r.verdict)}
        yield f"{where}reasons_{kind}", _named(bits, "requirements", row[f"reasons_{kind}"]), wanted
    missing = [one.fact for one in decision.missing if subject is None or one.fact.startswith(subject)]
    yield f"{where}missing", _named(bits, "facts", row["missing"]), {_ENTRY.sub(r"\1", path) for path in missing}


def _named(bits: Bits, kind: str, mask: int | None) -> set[str]:
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
