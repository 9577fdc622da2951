"""The corpus of cases: YAML files, each case with where its expected answer comes from; and is it decided so?

A file holds `basis` (a case) and `faelle`; each of these changes the basis by paths (`aendere`) and says what is
expected. `herkunft` names a source (`quelle`, an id of rules/quellen.yaml), a rule at its boundary (`regel`), or the
operation whose effect the case proves (`beweis`). `on` may list several days: the expected answer then holds on each.
`versiegelt: true` marks an official example, whose expected answer nobody changes to fit the rules.

Beside its cases a file may declare under `unerreichbar` what no case can show: which result of which rule under which
state of the law (`regel`, `ergebnis`, `fassung`), and the reason (`grund`); for a decision table (`ableitung`) the
result is a row (`zeile-1`), `keine-zeile` or `open`; for a note (`plausibilitaet`) whether it is given.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial, reduce
from operator import getitem
from pathlib import Path
from typing import Any, NamedTuple, cast

from vwv_im.case import CasePart
from vwv_im.decision.case_edits import keys_of, set_at
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide
from vwv_im.decision.reason import Reason
from vwv_im.decision.request import Request, make_request
from vwv_im.law.choice import ApplicableFassung
from vwv_im.law.regulation import Regulation, packaged_or_beside, regulation
from vwv_im.reasoning.engines import EngineName
from vwv_im.text import (
    Document,
    Fault,
    FaultyInputError,
    Limits,
    Path_,
    Place,
    Text,
    did_you_mean,
    fault_of,
    group,
    read_yaml,
    sentence,
    to_json,
)

_LIMITS = Limits(bytes=4_000_000, depth=40)
_KEYS = ("id", "herkunft", "on", "known_on", "question", "readings", "aendere", "erwartet", "versiegelt")
_NEEDED = ("id", "herkunft", "on", "erwartet")
_DECLARED = ("ergebnis", "fassung", "grund")
_DECIDING = ("regel", "ableitung", "plausibilitaet")
_ORIGINS = ("quelle", "regel", "beweis")
_REMOVED = "<ohne>"


class CorpusError(FaultyInputError):
    """The files of cases cannot be read; `faults` lists everything that is wrong with them."""


@dataclass(frozen=True)
class CorpusCase:
    """One case on one day: what is stated, what is expected, where that comes from, and where the case is written.

    Without `question` the first of the regulation is asked. `sealed`: an official example.
    """

    id: str
    place: Place
    herkunft: Mapping[str, Any]
    on: str
    case: Mapping[str, Any]
    expected: Mapping[str, Any]
    question: str | None = None
    known_on: str | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = False
    _valid: dict[type[CasePart], CasePart] = field(default_factory=dict, init=False, repr=False, compare=False)

    def decide(self, engine: EngineName = "direct", rules: str | os.PathLike[str] | None = None) -> Decision:
        """Decide the case; raises as `evaluate` does."""
        return self.decide_by(regulation(rules), engine)

    def decide_by(self, law: Regulation, engine: EngineName = "direct") -> Decision:
        """Decide the case by a regulation at hand."""
        return decide(law, self.valid(law), self.request(law, engine))

    def valid(self, law: Regulation) -> CasePart:
        """Return what is stated, as a valid case of `law`, read once; raises `CaseError` where it is none."""
        if law.case not in self._valid:
            self._valid[law.case] = law.read_case(self.case)
        return self._valid[law.case]

    def request(self, law: Regulation, engine: EngineName = "direct") -> Request:
        """Return what the case asks of `law`, completed by its default readings."""
        return make_request(
            law, on=self.on, known_on=self.known_on, question=self.question, engine=engine, readings=self.readings
        )

    def choice(self, law: Regulation) -> ApplicableFassung:
        """Return which Fassung of `law` the day, the knowledge and the readings of the case choose."""
        request = self.request(law)
        return law.choose(request.on, request.known_on, request.readings, request.question)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A result of a rule or table under a state of the law that no case can have, and why; `place`: where it stands."""

    item: str
    result: str
    law: str
    reason: str
    place: Place


def cases_directory() -> Path:
    """Return where the cases are: inside the installed package, or in the checkout under `tests/`."""
    return packaged_or_beside("cases", "tests/cases")


def corpus(directory: str | os.PathLike[str] | None = None) -> tuple[CorpusCase, ...]:
    """Return every case of the corpus, read once per process. `directory` names other cases than the library's own.

    Raises `CorpusError` with every fault found.
    """
    return _read(cases_directory() if directory is None else Path(directory))[0]


def unreachable(directory: str | os.PathLike[str] | None = None) -> tuple[Unreachable, ...]:
    """Return what is declared to be beyond the reach of any case. Raises `CorpusError` as `corpus` does."""
    return _read(cases_directory() if directory is None else Path(directory))[1]


@cache
def _read(directory: Path) -> tuple[tuple[CorpusCase, ...], tuple[Unreachable, ...]]:
    if not directory.is_dir():
        raise CorpusError([fault_of("no_cases", Place(str(directory)))])
    faults: list[Fault] = []
    documents = [read_yaml(path, limits=_LIMITS) for path in sorted(directory.rglob("*.yaml"))]
    cases = [case for document in documents for case in _cases(document, faults)]
    declared = [entry for document in documents for entry in _unreachable(document, faults)]
    seen: dict[str, Place] = {}
    for case in cases:
        if case.id in seen:
            faults.append(fault_of("case_twice", case.place, name=case.id))
        seen[case.id] = case.place
    if faults:
        raise CorpusError(faults)
    return tuple(cases), tuple(declared)


def _cases(document: Document, faults: list[Fault]) -> Iterator[CorpusCase]:
    faults.extend(document.faults)
    entries = document.data.get("faelle") if isinstance(document.data, dict) else None
    if not isinstance(entries, list):
        if not document.faults:
            faults.append(fault_of("missing_key", document.place(()), name="faelle"))
        return
    for index, entry in enumerate(entries):
        found = list(_faulty(document, ("faelle", index), entry))
        faults.extend(found)
        if not found:
            yield from _days(document, index, entry)


def _faulty(document: Document, at: Path_, entry: Any) -> Iterator[Fault]:
    """Yield what is wrong with the form of one case."""
    if not isinstance(entry, dict):
        yield fault_of("missing_key", document.place(at), name="id")
        return
    for key in _NEEDED:
        if key not in entry:
            yield fault_of("missing_key", document.place(at), name=key)
    expected = entry.get("erwartet")
    yield from _strangers(document, at, entry, _KEYS)
    yield from _strangers(document, (*at, "erwartet"), expected, ("outcome", *CHECKS))
    origin = entry.get("herkunft")
    if "herkunft" in entry and not (isinstance(origin, dict) and set(_ORIGINS) & origin.keys()):
        yield fault_of("no_origin", document.place((*at, "herkunft")))


def _strangers(document: Document, at: Path_, part: Any, known: tuple[str, ...]) -> Iterator[Fault]:
    for key in sorted(set(part if isinstance(part, dict) else ()) - set(known)):
        yield fault_of("unknown_key", document.key_place((*at, key)), hint=did_you_mean(key, known), name=key)


def _unreachable(document: Document, faults: list[Fault]) -> Iterator[Unreachable]:
    entries = document.data.get("unerreichbar") if isinstance(document.data, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        at: Path_ = ("unerreichbar", index)
        given = entry if isinstance(entry, dict) else {}
        items = [given[key] for key in _DECIDING if given.get(key)]
        lacking = [fault_of("missing_key", document.place(at), name=key) for key in _DECLARED if not given.get(key)]
        lacking += [] if len(items) == 1 else [fault_of("missing_key", document.place(at), name=" / ".join(_DECIDING))]
        faults += [*lacking, *_strangers(document, at, entry, (*_DECIDING, *_DECLARED))]
        if not lacking:
            result, law, reason = (str(given[key]) for key in _DECLARED)
            yield Unreachable(str(items[0]), result, law, reason, document.place(at))


def _days(document: Document, index: int, entry: dict[str, Any]) -> Iterator[CorpusCase]:
    days = entry["on"] if isinstance(entry["on"], list) else [entry["on"]]
    stated = apply_changes(document.data.get("basis") or {}, entry.get("aendere") or {})
    for day in days:
        yield CorpusCase(
            id=entry["id"] if len(days) == 1 else f"{entry['id']}@{day}",
            place=document.place(("faelle", index)),
            herkunft=entry["herkunft"],
            on=str(day),
            case=stated,
            expected=entry["erwartet"],
            question=entry.get("question"),
            known_on=entry.get("known_on"),
            readings=entry.get("readings") or {},
            sealed=entry.get("versiegelt") is True,
        )


def apply_changes(basis: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `basis` with values set at paths such as `antrag.stellen[0].vzae`; `<ohne>` removes one.

    >>> apply_changes({"antrag": {"art": "erstantrag"}}, {"antrag.stellen[0].vzae": 1, "antrag.art": "<ohne>"})
    {'antrag': {'stellen': [{'vzae': 1}]}}
    """
    case = deepcopy(dict(basis))
    for path, value in changes.items():
        if value == _REMOVED:
            *parents, last = keys_of(path)
            del reduce(getitem, parents, cast(Any, case))[last]
        else:
            set_at(case, path, value)
    return case


ABSENT = "fehlt"
"""What stands for a value, duty or reading that the decision does not have."""


class Mismatch(NamedTuple):
    """One difference: which part of the decision, what the case expects of it, and what was found."""

    part: str
    expected: Any
    found: Any

    @property
    def text(self) -> Text:
        """The difference as a sentence."""
        return sentence("corpus.mismatch", **self._asdict())

    def __str__(self) -> str:
        return self.text.en


def mismatches(decision: Decision, expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Yield every difference between a decision and what a case expects of it (`erwartet` in the corpus).

    What the case does not name is not checked, but that the case is decided is always expected unless it says else.

    >>> from vwv_im import evaluate
    >>> decision = evaluate({"antrag": {"stellen": [{"vzae": "0.2"}]}}, on="2018-06-01", engine="direct")
    >>> for mismatch in mismatches(decision, {"verdict": "open", "reasons": {"stelle-mindestumfang": "no"}}):
    ...     print(mismatch)
    verdict: expected open, found no (stelle-mindestumfang)
    """
    yield from _same("outcome", expected.get("outcome", "decided"), decision.outcome)
    for part, check in CHECKS.items():
        if part in expected:
            yield from check(decision, expected[part])


def _same(part: str, expected: Any, found: Any) -> Iterator[Mismatch]:
    if found != expected:
        yield Mismatch(part, expected, found)


def _each(part: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Mismatch]:
    for key, value in expected.items():
        yield from _same(f"{part}.{key}", value, found.get(key, ABSENT))


def _verdict(decision: Decision, expected: Any) -> Iterator[Mismatch]:
    if decision.verdict != expected:
        found = None if decision.verdict is None else decision.verdict.value
        causes = ", ".join(reason.rule for reason in decision.reasons if reason.verdict == found != "yes")
        yield Mismatch("verdict", expected, f"{found} ({causes})" if causes else found)


def _verdicts(part: str, reasons: tuple[Reason, ...], expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Compare per rule: one verdict, a list of them (one a subject), `entfaellt`, or None where it is not listed."""
    found = by_rule(reasons)
    for rule, verdict in expected.items():
        wanted = verdict if isinstance(verdict, list) else [verdict]
        yield from _same(f"{part}.{rule}", wanted, found.get(rule, [None]))


def by_rule(reasons: Iterable[Reason]) -> dict[str, list[str]]:
    """Return what was found for each rule, in the order of the subjects; `entfaellt` where it does not apply."""
    return group((one.rule, "entfaellt" if one.applies == "no" else one.verdict.value) for one in reasons)


def _as_json(expected: Mapping[str, Any]) -> dict[str, Any]:
    return {path: str(value) if isinstance(value, Decimal) else value for path, value in expected.items()}


def _on_demand(decision: Decision, expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    context = decision.on_request
    found = {path: to_json(context.value(one.fact, subject)) for path, one, subject in context.results_by_path}
    yield from _each("on_demand", _as_json(expected), found)


def _duties(decision: Decision, expected: list[Mapping[str, Any]]) -> Iterator[Mismatch]:
    """Every expected duty is there; `{id: …, fehlt: true}` says that one is not."""
    found = [{key: duty.to_dict()[key] for key in ("id", "due", "due_shifted")} for duty in decision.duties]
    for duty in expected:
        same = [entry for entry in found if entry["id"] == duty["id"]]
        if duty.get("fehlt"):
            yield from _same(f"duties.{duty['id']}", ABSENT, same or ABSENT)
        elif not any(duty.items() <= entry.items() for entry in found):
            yield Mismatch(f"duties.{duty['id']}", dict(duty), same or ABSENT)


def _readings(decision: Decision, expected: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Per disputed point: whether another reading would change anything, or what it gives."""
    for name, wanted in expected.items():
        used = decision.readings.get(name)
        if used is None:
            yield Mismatch(f"readings.{name}", wanted, ABSENT)
        elif isinstance(wanted, bool):
            yield from _same(f"readings.{name}", wanted, used.others_differ)
        else:
            for option, variant in wanted.items():
                found = used.others[option].to_dict() if option in used.others else {}
                yield from _variant(f"readings.{name}.{option}", variant, found)


def _variant(part: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Mismatch]:
    yield from _each(part, {key: value for key, value in expected.items() if key != "derived"}, found)
    yield from _each(f"{part}.derived", expected.get("derived", {}), found.get("derived", {}))


def _questions(part: str, decision: Decision, expected: list[str]) -> Iterator[Mismatch]:
    """Compare the open questions named: they are there, or are not (`without_questions`)."""
    found = {question.id for question in decision.open_questions}
    for question in expected:
        if part == "open_questions" and question not in found:
            yield Mismatch(part, question, ABSENT)
        elif part == "without_questions" and question in found:
            yield Mismatch(part, ABSENT, question)


def _implausible(decision: Decision) -> dict[str, list[str]]:
    """Return the facts that cause what is not plausible, by the id of the note."""
    found: dict[str, list[str]] = {}
    for one in decision.plausibility:
        found.setdefault(one.id, []).extend(one.facts)
    return found


CHECKS: Mapping[str, Callable[[Decision, Any], Iterator[Mismatch]]] = {
    "verdict": _verdict,
    "fassung": lambda decision, wanted: _same("fassung", wanted, decision.fassung.id),
    "erlasse": lambda decision, wanted: _same("erlasse", wanted, list(decision.fassung.erlasse)),
    "reasons": lambda decision, wanted: _verdicts("reasons", decision.reasons, wanted),
    "options": lambda decision, wanted: _verdicts("options", decision.options, wanted),
    "hints": lambda decision, wanted: _verdicts("hints", decision.hints, wanted),
    "derived": lambda decision, wanted: _each("derived", _as_json(wanted), decision.derived),
    "missing": lambda decision, wanted: _same("missing", sorted(wanted), sorted(one.fact for one in decision.missing)),
    "duties": _duties,
    "contradictions": lambda decision, wanted: _same(
        "contradictions", wanted, {found.id: list(found.places) for found in decision.contradictions}
    ),
    "plausibility": lambda decision, wanted: _same("plausibility", wanted, _implausible(decision)),
    "readings": _readings,
    "open_questions": partial(_questions, "open_questions"),
    "without_questions": partial(_questions, "without_questions"),
    "weakest": lambda decision, wanted: _same("weakest", wanted, decision.evidence.weakest),
    "on_demand": _on_demand,
    "grades": lambda decision, wanted: _each("grades", wanted, decision.evidence.by_derived),
}
"""How each part of what a case may expect is checked."""
