"""Replaying a receipt: the same decision again, or what differs and why."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from vwv_im.case import Case, read_case
from vwv_im.decision.context import UNSTATED
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide
from vwv_im.decision.receipt import SCHEMA, digest_of
from vwv_im.decision.request import make_request
from vwv_im.decision.variation import set_at
from vwv_im.law.regulation import regulation
from vwv_im.text import Fault, FaultyInputError, Place, Text

_LIMIT = 8_000_000
_MOST = 2000
_Path = Annotated[str, StringConstraints(pattern=r"^(antrag|person)(\.\w+(\[\d{1,4}\])?)+$")]


_STATED = ("on", "known_on", "question", "fassung", "outcome", "verdict", "derived")
_REASON = ("rule", "subject", "verdict", "actual", "required")


class ReceiptError(FaultyInputError):
    """Something that is no receipt, or one that was changed."""


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    version: str
    form: Annotated[str, Field(alias="schema")]
    rules: dict[str, str]
    facts: dict[_Path, Any]
    counts: dict[str, int]
    on: str
    known_on: str | None
    question: str
    readings: dict[str, str]
    fassung: dict[str, Any]
    outcome: str
    verdict: str | None
    derived: dict[str, Any]
    reasons: list[list[Any]]
    contract: str | None = None
    digest: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The decision made again, and what differs from the receipt."""

    decision: Decision
    differences: tuple[Text, ...]

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def replay(
    source: Mapping[str, Any] | str | os.PathLike[str], *, rules: str | os.PathLike[str] | None = None
) -> Replay:
    """Make the decision of a receipt again.

    `source` is a receipt, a decision document that holds one, or the path of either. Raises `ReceiptError` where it is
    no receipt, was cut off or was changed by hand; `RuleFileError` for faulty rule files.
    """
    name, document = _document(source)
    form = _checked(name, document)
    law = regulation(rules)
    try:
        request = make_request(
            law.readings,
            on=form.on,
            known_on=form.known_on,
            question=form.question,
            engine="direct",
            readings={key: value for key, value in form.readings.items() if key in law.readings},
        )
        case = case_of(form.facts, form.counts)
    except FaultyInputError as error:
        raise ReceiptError(error.faults) from None
    except TypeError:  # one path goes on below another that has a value
        raise _no_receipt(name) from None
    decision = decide(law, case, request)
    return Replay(decision, tuple(_differences(form, decision)))


def _document(source: Mapping[str, Any] | str | os.PathLike[str]) -> tuple[str, Any]:
    if isinstance(source, Mapping):
        return "<receipt>", _whole(source)
    path = Path(source)
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LIMIT + 1)
        document = json.loads(raw.decode("utf-8")) if len(raw) <= _LIMIT else None
    except OSError:
        raise _refused(
            str(path), "VIM160", "Die Datei kann nicht gelesen werden.", "The file cannot be read."
        ) from None
    except (ValueError, RecursionError):
        raise _refused(str(path), "VIM161", "Das ist kein vollständiges JSON.", "This is not complete JSON.") from None
    return str(path), _whole(document) if isinstance(document, dict) else document


def _whole(document: Mapping[str, Any]) -> Any:
    """Return a receipt; of the JSON of a decision, the receipt that its parts make up."""
    short, reasons, derived = (document.get(key) for key in ("receipt", "reasons", "derived"))
    if not (isinstance(short, dict) and isinstance(reasons, list) and isinstance(derived, dict)):
        return document
    subjects = [subject for reason in reasons if isinstance(subject := _part(reason, "subject"), str)]
    paths = [*derived, *short.get("facts", {}), *subjects]
    content = {
        **short,
        "schema": SCHEMA,
        "counts": {name: 1 + max(found) for name in UNSTATED if (found := _numbers(paths, name))},
        **{key: document.get(key) for key in _STATED},
        "readings": {name: _part(used, "used") for name, used in dict(document.get("readings") or {}).items()},
        "reasons": [[_part(reason, key) for key in _REASON] for reason in reasons],
    }
    return {**content, "digest": digest_of(content)}


def _numbers(paths: list[str], name: str) -> list[int]:
    return [int(path[len(name) + 1 :].partition("]")[0]) for path in paths if path.startswith(f"{name}[")]


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _checked(name: str, document: Any) -> _Form:
    if isinstance(document, dict) and document.get("schema") != SCHEMA:
        raise _refused(
            name,
            "VIM162",
            f"Die Quittung hat eine andere Form ('{document.get('schema')}' statt '{SCHEMA}').",
            f"The receipt has another form ('{document.get('schema')}' instead of '{SCHEMA}').",
        )
    try:
        form = _Form.model_validate(document)
    except ValidationError:
        raise _no_receipt(name) from None
    if digest_of(document) != form.digest:
        raise _refused(
            name,
            "VIM163",
            "Die Quittung wurde verändert: Ihr Inhalt passt nicht zu ihrer Prüfsumme.",
            "The receipt was changed: its content does not match its digest.",
        )
    return form


def _no_receipt(name: str) -> ReceiptError:
    return _refused(name, "VIM162", "Das ist keine Quittung.", "This is no receipt.")


def _refused(name: str, code: str, de: str, en: str) -> ReceiptError:
    hint = Text(
        "Eine Quittung schreibt 'evaluate … --receipt DATEI'; auch die JSON-Ausgabe von evaluate genügt.",
        "'evaluate … --receipt FILE' writes a receipt; the JSON output of evaluate will do as well.",
    )
    return ReceiptError([Fault(code, Place(name), Text(de, en), hint)])


def case_of(facts: Mapping[str, Any], counts: Mapping[str, int]) -> Case:
    """Return the case that states just these facts."""
    data: dict[str, Any] = {"person" if any(path.startswith("person.") for path in facts) else "antrag": {}}
    for path, count in counts.items():
        if path in UNSTATED:
            set_at(data, path, [{} for _ in range(min(count, _MOST))])
    for path, value in facts.items():
        set_at(data, path, value)
    return read_case(data)


def _differences(form: _Form, decision: Decision) -> Iterator[Text]:
    receipt = decision.receipt.document()
    if form.version != receipt["version"]:
        yield Text(
            f"Die Quittung ist von Version {form.version}, diese Bibliothek ist {receipt['version']}.",
            f"The receipt is of version {form.version}, this library is {receipt['version']}.",
        )
    for name in sorted({*form.rules, *receipt["rules"]}):
        old, new = form.rules.get(name), receipt["rules"].get(name)
        if old != new:
            how = (
                Text("fehlt", "is missing")
                if new is None
                else Text("ist neu", "is new")
                if old is None
                else Text("ist geändert", "has changed")
            )
            yield Text(f"Die Regeldatei {name} {how.de}.", f"The rule file {name} {how.en}.")
    for key in ("outcome", "verdict", "fassung", "reasons", "derived", "facts"):
        if getattr(form, key) != receipt[key]:
            yield Text(f"Es unterscheidet sich: {_PARTS[key].de}.", f"What differs: {_PARTS[key].en}.")


_PARTS = {
    "outcome": Text("ob entschieden wird", "whether it is decided"),
    "verdict": Text("das Ergebnis", "the verdict"),
    "fassung": Text("die Fassung oder der Grund ihrer Wahl", "the Fassung or why it was chosen"),
    "reasons": Text("die Gründe", "the reasons"),
    "derived": Text("was sich ergibt (die berechneten Werte)", "what follows (the values computed)"),
    "facts": Text("die gelesenen Angaben", "the facts read"),
}
