"""The findings about sound rule files: a code for each, what it says, how to mend it; and all of them in SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vwv_im.law.fassung import Fassung
from vwv_im.text import Fault, Language, Place, Text, codes, findings, sentence
from vwv_im.text.messages import sentences


def finding(
    code: str, place: Place, name: str, /, path: str = "", under: Iterable[Fassung] = (), **words: Any
) -> Fault:
    """Return a finding: what `messages.toml` says by this name, and the remedy it gives by the name or by the code.

    `under` are the Fassungen under which it is so; the sentence then ends without a full stop.
    """
    message = sentence(f"check.{name}", **words)
    if names := ", ".join(dict.fromkeys(fassung.name for fassung in under)):
        message = Text(*(f"{said} (Fassung {names})." for said in message))
    return Fault(code, place, message, sentences("check").get(f"{name}_hint", findings()[code][1]), path)


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
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rules(lang: Language) -> list[dict[str, Any]]:
    faults = [{"id": code, "shortDescription": {"text": name.in_(lang)}} for code, name in codes("rules").items()]
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
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    region = {"startLine": place.line, "startColumn": max(place.column, 1)}
    return {"artifactLocation": {"uri": uri}} | ({"region": region} if place.line else {})
