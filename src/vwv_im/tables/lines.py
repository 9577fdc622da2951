"""JSON Lines: one case on each line, nested as in a case file or flat with the paths of facts as keys."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from vwv_im.case import FACTS, Case, CaseError, read_case
from vwv_im.decision.evaluate import require_part
from vwv_im.decision.request import Request
from vwv_im.law.regulation import Regulation
from vwv_im.tables.faults import CellFault, no_day, put, told
from vwv_im.tables.layout import ID, ON
from vwv_im.tables.many import BriefDecision, briefs_on
from vwv_im.tables.reading_json import numbered_lines
from vwv_im.text import Fault, Text
from vwv_im.text.days import iso_day
from vwv_im.text.foreign import not_valid
from vwv_im.text.json_object import CONTRACT

RESULTS = frozenset(
    ("zeile", "outcome", "verdict", "fassung", "derived", "reasons", "missing", "contradictions", "duties", "contract")
)
"""The keys that a line gets beside what it states."""


@dataclass(frozen=True)
class Line:
    """A line of a file: its number, its id, its case and day, or what is wrong with it.

    `stated` is what it holds; `replaced`: it held results of an earlier run as well, which count for nothing.
    """

    number: int
    id: object
    case: Case | None
    request: Request
    faults: tuple[CellFault, ...] = ()
    stated: Mapping[str, Any] = field(default_factory=dict)
    replaced: bool = False


@dataclass(frozen=True)
class Answered:
    """A line with what was decided; `brief` is `None` where it is faulty."""

    line: Line
    brief: BriefDecision | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: what the line states, and what was decided."""
        head: dict[str, Any] = {"zeile": self.line.number, **self.line.stated}
        if self.brief is None:
            return {**head, "outcome": "faulty", "contract": CONTRACT}
        return {**head, ON: self.line.request.on.isoformat(), **self.brief.to_dict()}


def answered_lines(
    path: Path, law: Regulation, request: Request, earlier: Collection[str], *, dated: bool, at_once: int
) -> Iterator[tuple[list[Answered], int]]:
    """Decide a file line by line; yields with how far it is read.

    `earlier` are the keys of results, which an earlier run may have written; `dated`: each line must say its day.
    """
    with path.open("rb") as file:
        lines = (_line(*line, request, earlier, dated=dated) for line in numbered_lines(file))
        while together := list(islice(lines, at_once)):
            sound = [line for line in together if line.case is not None]
            cases = [line.case for line in sound if line.case is not None]
            found = briefs_on(law, [line.request for line in sound], cases) if sound else iter(())
            yield [Answered(line, next(found) if line.case is not None else None) for line in together], file.tell()


def _line(number: int, raw: bytes, request: Request, earlier: Collection[str], *, dated: bool) -> Line:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        message = not_valid("JSON", error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep")
        return _unread(number, raw, request, told("VIM183", message))
    if not isinstance(data, dict):
        message = Text("Die Zeile ist kein Objekt.", "The line is no object.")
        return _unread(number, raw, request, told("VIM103", message))
    stated = {key: value for key, value in data.items() if key not in earlier}
    day = stated.get(ON)
    faults: list[CellFault] = []
    if (dated or day is not None) and iso_day(day) is None:
        faults.append(CellFault(number, ON, "" if day is None else str(day), no_day("data")))
    case: Case | None = None
    said = nested({key: value for key, value in stated.items() if key not in (ID, ON)})
    try:
        case = read_case(said)
        require_part(case, request.question)
    except CaseError as error:
        faults += [CellFault(number, fault.path, _stated_at(said, fault.path), fault) for fault in error.faults]
    asked = replace(request, on=iso_day(day) or request.on)
    sound = None if faults else case
    return Line(number, stated.get(ID), sound, asked, tuple(faults), stated, len(stated) < len(data))


def _stated_at(data: Any, path: str) -> str:
    """Return as text what stands at the path of a fault; nothing where there is none."""
    for step in _STEP.findall(path):
        if isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            data = data.get(step) if isinstance(data, dict) else None
    if data is None:
        return ""
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)


_STEP = re.compile(r"[^.\[\]]+")


def _unread(number: int, raw: bytes, request: Request, fault: Fault) -> Line:
    text = raw.decode("utf-8", "replace")
    return Line(number, None, None, request, (CellFault(number, "", text, fault),))


def nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data as a case has it: keys that are paths of facts are put where they belong.

    >>> nested({"antrag.art": "erstantrag", "stelle.vzae": "0.5"})
    {'antrag': {'art': 'erstantrag', 'stellen': [{'vzae': '0.5'}]}}
    """
    case: dict[str, Any] = {key: value for key, value in data.items() if key not in FACTS}
    for key, value in data.items():
        if key in FACTS and value is not None:
            put(case, key, value)
    return case
