"""Replaying a receipt: the same facts again, or what differs. Sentences are never compared."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from vwv_im.case import CasePart
from vwv_im.case.case_reader import shown
from vwv_im.case.vocabulary import without_numbers
from vwv_im.decision.case_edits import set_at
from vwv_im.decision.decision import Decision, digest_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.request import Request, make_request
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.text import Fault, FaultyInputError, Limits, Place, Text, fault_of, read_json, sentence, written_path

_LIMITS = Limits(bytes=40_000_000, nodes=1_000_000)  # a decision on 1000 posts: 21 MB, 537 000
_LONGEST = 100_000  # a receipt of 1000 posts and 1200 members with every field stated has 45 000 facts
_MOST_FAULTS = 5
_PART = r"[a-z][a-z0-9_]*(\[[0-9]{1,4}\])?"
_FASSUNG = ("id", "gilt_ab", "gilt_bis", "erlasse", "nearest")
"""What of a Fassung is no sentence."""


class ReceiptError(FaultyInputError):
    """Something that is no receipt, or one that was changed or cannot be decided again under these rules."""


def _followed_reading(reading: Any) -> Any:
    """Return the reading that was followed; in a decision it stands next to the others."""
    return reading.get("used") if isinstance(reading, dict) else reading


def _row(reason: Any) -> Any:
    """Return the values of a requirement that are compared: a receipt lists them, a decision names them."""
    if isinstance(reason, dict):
        return tuple(map(reason.get, ("rule", "subject", "verdict", "actual", "required")))
    return tuple(reason) if isinstance(reason, list) else reason


_Name = Annotated[str, StringConstraints(pattern=r"^\P{C}+$", max_length=250)]
_Path = Annotated[str, StringConstraints(pattern=rf"^{_PART}(\.{_PART}){{1,8}}$", max_length=250)]
_Count = Annotated[int, Field(ge=0, le=9999)]
_Reading = Annotated[str, BeforeValidator(_followed_reading)]
_Reason = Annotated[tuple[_Name, _Name, str, Any, Any], BeforeValidator(_row)]


class _Record(BaseModel):
    """What a receipt, or the JSON of a decision, holds of a decision; whatever else it says is not read."""

    model_config = ConfigDict(strict=True)

    form: Annotated[Literal["1"], Field(alias="schema")] = "1"
    version: _Name
    rules: dict[_Name, str]
    facts: dict[_Path, Any]
    counts: dict[_Path, _Count] = {}
    on: str
    known_on: str | None
    question: str
    readings: dict[_Name, _Reading]
    fassung: dict[str, Any]
    outcome: str
    verdict: str | None
    derived: dict[_Path, Any]
    reasons: list[_Reason]

    def facts_found(self) -> dict[Text, Any]:
        """Return what is compared, by its name."""
        found = {Text("Ausgang", "outcome"): self.outcome, Text("Ergebnis", "verdict"): self.verdict}
        found |= {Text(path, path): value for path, value in self.derived.items()}
        for rule, subject, verdict, actual, required in self.reasons:
            found[Text(f"{rule} ({subject}), Ergebnis", f"{rule} ({subject}), verdict")] = verdict
            found[Text(f"{rule} ({subject}), Wert", f"{rule} ({subject}), actual")] = actual
            found[Text(f"{rule} ({subject}), verlangter Wert", f"{rule} ({subject}), required")] = required
        return found

    def circumstances(self) -> dict[Text, Any]:
        """Return what may be another without making the decision another, by its name."""
        found: dict[Text, Any] = {Text("Version", "version"): self.version}
        found |= {Text(f"Regeldatei {name}", f"rule file {name}"): digest[:12] for name, digest in self.rules.items()}
        found |= {Text(f"Fassung, {key}", f"Fassung, {key}"): self.fassung.get(key) for key in _FASSUNG}
        return found


@dataclass(frozen=True, slots=True)
class Replay:
    """The decision made again.

    `differences` says what of the facts differs: the outcome, the verdict, a derived value, or of a requirement that
    was recorded its verdict, its actual or its required value. `notes` says what else is not as it was and changes
    none of them: the version, rule files, the Fassung, readings that are gone, requirements and values that are new.
    """

    decision: Decision
    differences: tuple[Text, ...]
    notes: tuple[Text, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether the facts are the same."""
        return not self.differences


def replay(
    source: Mapping[str, Any] | str | os.PathLike[str], *, rules: str | os.PathLike[str] | None = None
) -> Replay:
    """Make the decision of a receipt again and compare the facts, never a sentence.

    `source` is a receipt, a decision document that holds one, or the path of either. `rules` names the rule files,
    such as those of an older law. Raises `ReceiptError` where it is no receipt, was cut off, was changed without
    its checksum, or states what these rules do not know; `RuleFileError` for faulty rule files.

    >>> from vwv_im import evaluate
    >>> document = evaluate("examples/neukirch.yaml", on="2018-06-01", engine="direct").to_dict("en")
    >>> replay(document).identical
    True
    >>> [difference.en for difference in replay({**document, "verdict": "yes"}).differences]
    ["verdict: recorded as 'yes', now 'no'."]
    """
    name, document = ("<receipt>", source) if isinstance(source, Mapping) else _read(Path(source))
    record = _record(name, document)
    law = regulation(rules)
    try:
        request = _request(law, record)
        case = _case(law, record)
    except FaultyInputError as error:
        raise ReceiptError([_of_receipt(fault, name) for fault in error.faults]) from None
    except (TypeError, LookupError):  # one path goes on below another that has a value
        raise ReceiptError([_no_receipt(name, "facts")]) from None
    decision = decide(law, case, request)
    again = _Record.model_validate(decision.receipt.document())
    before = record.facts_found()
    comparable = len(before) if record.outcome == again.outcome else 2  # the outcome and the verdict
    differences = _changes(before, again.facts_found(), list(before)[:comparable])
    return Replay(decision, tuple(differences), tuple(_notes(record, again)))


def _read(path: Path) -> tuple[str, Any]:
    document = read_json(path, limits=_LIMITS)
    if document.faults:
        codes = ("VIM160" if fault.code == "VIM003" else "VIM161" for fault in document.faults)
        raise ReceiptError([replace(fault, code=code) for fault, code in zip(document.faults, codes, strict=True)])
    return document.file, document.data


def _record(name: str, document: Any) -> _Record:
    """Return what a receipt or a decision records; only a receipt has a checksum."""
    short = document.get("receipt") if isinstance(document, Mapping) else None
    whole = {**document, **short} if isinstance(short, Mapping) else document
    parts = whole.values() if isinstance(whole, Mapping) else ()
    if not parts or any(isinstance(part, list | dict) and len(part) > _LONGEST for part in parts):
        raise ReceiptError([_no_receipt(name)])
    try:
        record = _Record.model_validate(dict(whole))
    except ValidationError as error:
        places = [details["loc"] for details in error.errors(include_url=False)[:_MOST_FAULTS]]
        paths = (written_path(tuple(part for part in place if part != "[key]")) for place in places)
        raise ReceiptError([_no_receipt(name, path) for path in paths]) from None
    if short is None and not _has_its_digest(document):
        raise ReceiptError([fault_of("changed_receipt", Place(name))])
    return record


def _has_its_digest(document: Mapping[str, Any]) -> bool:
    """Return whether the checksum fits: nothing was lost or changed by accident. It proves nothing beyond that."""
    try:
        return document.get("digest") == digest_of(document)
    except (TypeError, ValueError, RecursionError):  # what no receipt that was written can hold
        return False


def _no_receipt(name: str, path: str = "") -> Fault:
    return fault_of("ill_formed_receipt" if path else "no_receipt", Place(name), path)


def _of_receipt(fault: Fault, name: str) -> Fault:
    """Return a fault of the case or the request as one of the receipt that states them."""
    hint = fault.hint or Text("", "")
    hint = Text(*(f"{one} {other}".strip() for one, other in zip(hint, sentence("replay.older"), strict=True)))
    return replace(fault, place=Place(name), path=fault.path or fault.place.file.strip("<>"), hint=hint)


def _request(law: Regulation, record: _Record) -> Request:
    readings = {name: reading for name, reading in record.readings.items() if name in law.readings}
    asked = {"on": record.on, "known_on": record.known_on, "question": record.question, "readings": readings}
    return make_request(law, engine="direct", **asked)  # type: ignore[arg-type]


def _case(law: Regulation, record: _Record) -> CasePart:
    """Return the case that states just the recorded facts; raises `LookupError` where it would be too large."""
    data: dict[str, Any] = {root.key: {} for root in law.vocabulary.roots}
    named = _counts(record)
    counts = record.counts or named
    if sum({**named, **counts}.values()) > _LONGEST:
        raise LookupError("too many entries")
    derived = {entity.path for entity in law.vocabulary.entities.values() if entity.series is not None}
    for path in sorted(counts, key=len):
        if without_numbers(path) in derived:
            continue
        set_at(data, path, [{} for _ in range(counts[path])])
    for path, value in record.facts.items():
        set_at(data, path, value)
    return law.read_case(data)


def _counts(record: _Record) -> dict[str, int]:
    """Return how many entries of each list a decision speaks of: only a receipt counts them."""
    counts: dict[str, int] = {}
    for path in (*record.derived, *record.facts, *(subject for _, subject, *_ in record.reasons)):
        for end in (place.end() for place in re.finditer(r"\[[0-9]{1,4}\]", path)):
            name, _, number = path[: end - 1].rpartition("[")
            counts[name] = max(counts.get(name, 0), int(number) + 1)
    return counts


def _changes(before: Mapping[Text, Any], now: Mapping[Text, Any], names: Iterable[Text]) -> Iterator[Text]:
    for what in names:
        one, other = before.get(what, _NOTHING), now.get(what, _NOTHING)
        if type(one) is not type(other) or one != other:
            de = f"{what.de}: im Prüfprotokoll {_show(one)}, jetzt {_show(other)}."
            yield Text(de, f"{what.en}: recorded as {_show(one)}, now {_show(other)}.")


_NOTHING = object()


def _show(value: Any) -> str:
    if value is _NOTHING:
        return "–"
    return f"[{', '.join(map(shown, value))}]" if isinstance(value, list) else shown(value)


def _notes(old: _Record, new: _Record) -> Iterator[Text]:
    """Say what is not as it was and changes no fact; what is examined or worked out anew, each once."""
    before, now = old.circumstances(), new.circumstances()
    yield from _changes(before, now, sorted({**before, **now}))
    for name in sorted(old.readings.keys() - new.readings.keys()):
        yield Text(f"Die Auslegungsfrage {name} gibt es nicht mehr.", f"The disputed point {name} is no more.")
    if old.outcome != new.outcome:
        return
    known = {(rule, subject) for rule, subject, *_ in old.reasons}
    for rule in dict.fromkeys(rule for rule, subject, *_ in new.reasons if (rule, subject) not in known):
        yield Text(f"Neu geprüft wird {rule}.", f"The requirement {rule} is new.")
    for fact in dict.fromkeys(without_numbers(path) for path in new.derived if path not in old.derived):
        yield Text(f"Neu ermittelt wird {fact}.", f"The value {fact} is new.")
