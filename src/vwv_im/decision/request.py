"""A request: the day, the state of knowledge, the question, the engine and the readings to follow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar, cast, get_args

from vwv_im.case.case_reader import shown
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.engines import EngineName
from vwv_im.text import Fault, FaultyInputError, Place, Text, did_you_mean, fault_of, iso_day
from vwv_im.text.values import is_in_no_calendar

R = TypeVar("R")
_ENGINES: tuple[EngineName, ...] = get_args(EngineName)


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
    """Check a request to a regulation, and complete the question and the readings by their defaults.

    Raises `RequestError` with every fault.
    """
    faults = [fault_of("day_missing", _place("on"))] if on is None else []
    day = None if on is None else _day("on", on, faults)
    known = None if known_on is None else _day("known_on", known_on, faults)
    question = law.first_question if question is None else question
    is_one_of("question", question, law.questions, faults)
    is_one_of("engine", engine, _ENGINES, faults)
    followed = law.default_readings.copy()
    if readings is not None and not isinstance(readings, Mapping):
        faults.append(fault_of("readings_no_mapping", _place("readings")))
    for name, option in readings.items() if isinstance(readings, Mapping) else ():
        if is_one_of(f"readings.{str(name)[:60]}", name, law.readings, faults):
            is_one_of(f"readings.{name}", option, law.readings[name].lesarten, faults)
            followed[name] = option
    if faults:
        raise RequestError(faults)
    assert day is not None
    return Request(day, known, question, cast(EngineName, engine), followed)


def or_faults(read: Callable[[], R], faults: list[Fault]) -> R | None:
    """Return what is read; where it is faulty, nothing, and its faults are added to others."""
    try:
        return read()
    except FaultyInputError as error:
        faults += error.faults
        return None


def _day(name: str, value: object, faults: list[Fault]) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if (day := iso_day(value)) is None:
        impossible = replace(fault_of("date_impossible", _place(name), value=shown(value)), code="VIM150")
        faults.append(impossible if is_in_no_calendar(value) else fault_of("no_day", _place(name), value=shown(value)))
    return day


def _place(name: str) -> Place:
    return Place(f"<{name}>")


def is_one_of(name: str, value: object, known: Iterable[str], faults: list[Fault]) -> bool:
    """Return whether a value is one of those known; if not, add a fault that names them."""
    if value in (known := tuple(known)):
        return True
    fault = fault_of("unknown_option", _place(name), value=shown(value), known=", ".join(known))
    if (close := did_you_mean(str(value), known)) and fault.hint:
        fault = replace(fault, hint=Text(f"{close.de} {fault.hint.de}", f"{close.en} {fault.hint.en}"))
    faults.append(fault)
    return False


def unknown(place: str, value: str, possible: Iterable[str]) -> Fault:
    """Return the fault of a value of an option that there is not."""
    faults: list[Fault] = []
    is_one_of(place, value, possible, faults)
    return replace(faults[0], place=Place(place))
