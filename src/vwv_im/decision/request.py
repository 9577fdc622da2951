"""What is asked: the day, the knowledge, the question, the engine and the readings to follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, get_args

from vwv_im.case.reading import shown
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.engines import EngineName
from vwv_im.text import Fault, FaultyInputError, Place, Text, messages
from vwv_im.text.faults import did_you_mean
from vwv_im.text.values import is_written_as_day, iso_day


class RequestError(FaultyInputError):
    """The question itself is faulty: an impossible day, an unknown question, engine or reading."""


@dataclass(frozen=True, slots=True)
class Request:
    """A valid question to the regulation. `readings` holds a reading for every disputed point."""

    on: date
    known_on: date | None
    question: str
    engine: EngineName
    readings: Mapping[str, str]


def make_request(
    law: Regulation,
    *,
    on: object,
    known_on: object = None,
    question: str | None = None,
    engine: str = "checked",
    readings: object = None,
) -> Request:
    """Check what is asked of a regulation, and complete the question and the readings by their defaults.

    Raises `RequestError` with every fault.
    """
    faults: list[Fault] = []
    day = _day("on", on, faults)
    if on is None:
        faults[-1:] = [_fault("on", *_NO_DAY)]
    known = None if known_on is None else _day("known_on", known_on, faults)
    question = law.first_question if question is None else question
    is_one_of("question", question, law.questions, faults)
    is_one_of("engine", engine, get_args(EngineName), faults)
    followed = {name: entry.vorgabe for name, entry in law.readings.items()}
    if not isinstance(readings, Mapping | None):
        faults.append(_fault("readings", *_NO_READINGS))
    for name, option in readings.items() if isinstance(readings, Mapping) else ():
        if is_one_of(f"readings.{str(name)[:60]}", name, law.readings, faults):
            is_one_of(f"readings.{name}", option, law.readings[name].lesarten, faults)
            followed[name] = option
    if faults:
        raise RequestError(faults)
    assert day is not None
    return Request(day, known, question, cast(EngineName, engine), followed)


_NO_DAY = (
    Text(
        "Der Tag der Entscheidung fehlt; er bestimmt, welche Fassung gilt, und hat deshalb keine Vorgabe.",
        "The day of the decision is missing; it determines which Fassung applies and therefore has no default.",
    ),
    Text("Nennen Sie ihn als JJJJ-MM-TT, etwa 2018-06-01.", "Give it as YYYY-MM-DD, for example 2018-06-01."),
)


_NO_READINGS = (
    Text("Die Lesarten sind keine Zuordnung.", "The readings are no mapping."),
    Text("Nennen Sie je Auslegungsfrage eine Lesart.", "Give one reading for each disputed point."),
)


def _fault(name: str, message: Text, hint: Text | None = None) -> Fault:
    return Fault("VIM150", Place(f"<{name}>"), message, hint)


def _day(name: str, value: object, faults: list[Fault]) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if (day := iso_day(value)) is not None:
        return day
    message = Text(f"{shown(value)} ist kein Tag.", f"{shown(value)} is not a day.")
    hint: Text | None = Text("Schreiben Sie JJJJ-MM-TT, etwa 2018-06-01.", "Write YYYY-MM-DD, for example 2018-06-01.")
    if is_written_as_day(value):
        said = messages.message("date_impossible")
        message, hint = messages.filled(said.text, {"value": shown(value)}), said.hint
    faults.append(_fault(name, message, hint))
    return None


def is_one_of(name: str, value: object, known: Iterable[str], faults: list[Fault]) -> bool:
    """Return whether a value is one of those known; if not, add a fault that names them."""
    known = list(known)
    if value in known:
        return True
    close = did_you_mean(str(value), known)
    options = ", ".join(known)
    hint = Text(f"Möglich sind: {options}.", f"Possible are: {options}.")
    if close:
        hint = Text(f"{close.de} {hint.de}", f"{close.en} {hint.en}")
    faults.append(_fault(name, Text(f"{shown(value)} ist unbekannt.", f"{shown(value)} is unknown."), hint))
    return False
