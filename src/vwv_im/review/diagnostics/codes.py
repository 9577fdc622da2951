"""The findings about sound rule files: a code for each, what it says, how to mend it; and all of them in SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vwv_im.law.fassung import Fassung
from vwv_im.text import Fault, Language, Place, Text
from vwv_im.text.messages import codes, findings


def found(code: str, place: Place, message: Text, path: str = "", hint: Text | None = None) -> Fault:
    """Return a finding of a kind; its remedy stands as the hint unless another is given."""
    return Fault(code, place, message, hint or findings()[code][1], path)


def found_under(code: str, place: Place, message: Text, fassungen: Iterable[Fassung], path: str = "") -> Fault:
    """Return a finding with the Fassungen under which it is so; `message` ends without a full stop."""
    where = f" (Fassung {', '.join(dict.fromkeys(fassung.name for fassung in fassungen))})."
    return found(code, place, Text(message.de + where, message.en + where), path)


_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_of(faults: Sequence[Fault], version: str, lang: Language = "de") -> dict[str, Any]:
    """Return faults (as errors) and findings (as warnings) as a SARIF log with one run.

    >>> log = sarif_of([], "0.1.0")
    >>> log["version"], log["runs"][0]["results"]
    ('2.1.0', [])
    """
    rules = _rules(lang)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "vwv-im check", "version": version, "language": lang, "rules": rules}
    results = [_result(fault, numbers, lang) for fault in faults]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules(lang: Language) -> list[dict[str, Any]]:
    faults: list[dict[str, Any]] = [
        {"id": code, "shortDescription": {"text": name.in_(lang)}} for code, name in codes("rules").items()
    ]
    warnings = [
        {
            "id": code,
            "shortDescription": {"text": name.in_(lang)},
            "help": {"text": remedy.in_(lang)},
            "defaultConfiguration": {"level": "warning"},
        }
        for code, (name, remedy) in findings().items()
    ]
    return [*faults, *warnings]


def _result(fault: Fault, numbers: Mapping[str, int], lang: Language) -> dict[str, Any]:
    hint = f" {fault.hint.in_(lang)}" if fault.hint else ""
    subject = f"{fault.path}: " if fault.path else ""
    return {
        "ruleId": fault.code,
        "ruleIndex": numbers[fault.code],
        "level": "warning" if fault.code in findings() else "error",
        "message": {"text": f"{subject}{fault.message.in_(lang)}{hint}"},
        "locations": [{"physicalLocation": _location(fault.place)}],
    }


def _location(place: Place) -> dict[str, Any]:
    path = Path(place.file)
    location: dict[str, Any] = {
        "artifactLocation": {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
    }
    if place.line:
        location["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    return location
