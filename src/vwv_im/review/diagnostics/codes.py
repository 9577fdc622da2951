"""The findings about sound rule files: a code for each, what it says, how to mend it; and all of them in SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from vwv_im.law.fassung import Fassung
from vwv_im.law.faults import CODES
from vwv_im.text import Fault, Language, Place, Text


class Finding(NamedTuple):
    """One kind of finding: its name, and what to do about it."""

    name: Text
    remedy: Text


FINDINGS: Mapping[str, Finding] = {
    "VIM030": Finding(
        Text("Zwischenwert, den nichts liest", "intermediate value that nothing reads"),
        Text(
            "Streichen Sie die Ableitung, oder zeigen Sie sie als Ergebnis (ohne 'zwischenwert').",
            "Remove the derivation, or show it as a result (without 'zwischenwert').",
        ),
    ),
    "VIM031": Finding(
        Text("Angabe eines Falls, die keine Regel liest", "statement of a case that no rule reads"),
        Text(
            "Wer sie angibt, erwartet eine Wirkung: Lesen Sie sie in einer Regel.",
            "Whoever states it expects an effect: read it in a rule.",
        ),
    ),
    "VIM032": Finding(
        Text("Parameter, den nichts verwendet", "parameter that nothing uses"),
        Text("Verwenden oder streichen Sie ihn.", "Use it or remove it."),
    ),
    "VIM033": Finding(
        Text("Regel, die nie erreicht wird", "rule that is never reached"),
        Text("Prüfen Sie 'gilt_fuer' oder 'wenn'.", "Check 'gilt_fuer' or 'wenn'."),
    ),
    "VIM034": Finding(
        Text("Zeile einer Tabelle, die nie erreicht wird", "row of a table that is never reached"),
        Text(
            "Streichen Sie die Zeile, oder stellen Sie sie vor die Zeilen, die sie verdecken.",
            "Remove the row, or put it before the rows that hide it.",
        ),
    ),
    "VIM035": Finding(
        Text("Bedingung, die immer erfüllt ist", "condition that always holds"),
        Text("Prüfen Sie 'bedingung' und 'gilt_fuer', oder 'wenn'.", "Check 'bedingung' and 'gilt_fuer', or 'wenn'."),
    ),
    "VIM036": Finding(
        Text("Bedingung, die nie erfüllt sein kann", "condition that can never hold"),
        Text("Prüfen Sie 'bedingung' und 'gilt_fuer', oder 'wenn'.", "Check 'bedingung' and 'gilt_fuer', or 'wenn'."),
    ),
    "VIM037": Finding(
        Text("Zeilen einer Tabelle überschneiden sich", "rows of a table overlap"),
        Text(
            "Grenzen Sie die Bedingungen ab, oder schreiben Sie 'treffer: erste'.",
            "Separate the conditions, or write 'treffer: erste'.",
        ),
    ),
    "VIM038": Finding(
        Text("Lücke in einer Tabelle", "gap in a table"),
        Text(
            "Ergänzen Sie eine Zeile, oder sagen Sie unter 'luecke', warum dort kein Wert besteht.",
            "Add a row, or say under 'luecke' why there is no value.",
        ),
    ),
    "VIM039": Finding(
        Text("treffer oder luecke ohne Anlass", "treffer or luecke without cause"),
        Text("Streichen Sie die Angabe.", "Remove it."),
    ),
    "VIM040": Finding(
        Text("zu groß für die schnelle Prüfung", "too large for the quick examination"),
        Text("'vwv-im prove' prüft ohne diese Grenze.", "'vwv-im prove' examines without this bound."),
    ),
    "VIM041": Finding(
        Text("Quelle, auf die sich nichts stützt", "source that nothing rests on"),
        Text(
            "Streichen Sie sie, oder sagen Sie unter 'ohne_beleg', warum sie verzeichnet ist.",
            "Remove it, or say under 'ohne_beleg' why it is listed.",
        ),
    ),
    "VIM042": Finding(
        Text("Auslegungsfrage oder Lesart ohne Verwendung", "disputed point or reading without use"),
        Text(
            "Lassen Sie eine Bedingung oder ein 'gilt_ab' davon abhängen, oder streichen Sie sie.",
            "Let a condition or a 'gilt_ab' depend on it, or remove it.",
        ),
    ),
    "VIM043": Finding(
        Text("Änderung ohne Wirkung und ohne ohne_wirkung", "operation without effect and without ohne_wirkung"),
        Text("Sagen Sie unter 'ohne_wirkung', warum.", "Say why under 'ohne_wirkung'."),
    ),
    "VIM044": Finding(
        Text("ohne_wirkung trotz Wirkung", "ohne_wirkung although there is an effect"),
        Text("Streichen Sie 'ohne_wirkung'.", "Remove 'ohne_wirkung'."),
    ),
    "VIM045": Finding(
        Text("Titel fehlt in einer Sprache", "title missing in a language"),
        Text("Schreiben Sie den Text in beiden Sprachen.", "Write the text in both languages."),
    ),
    "VIM046": Finding(
        Text("Satz, der nicht gebildet werden kann", "sentence that cannot be generated"),
        Text("Prüfen Sie, was die Meldung nennt.", "Check what the message names."),
    ),
    "VIM047": Finding(
        Text("Beleg stärker als seine Quelle", "evidence stronger than its source"),
        Text(
            "Der Grad eines Belegs ist höchstens der seiner Quelle in quellen.yaml.",
            "The grade of evidence is at most that of its source in quellen.yaml.",
        ),
    ),
    "VIM048": Finding(
        Text("Beleg schwächer als verlangt", "evidence weaker than asked for"),
        Text(
            "Wer den Text hat, ändert hier Grad, Quelle, Nummer und Wert.",
            "Whoever has the text changes grade, source, number and value here.",
        ),
    ),
}


def found(code: str, place: Place, message: Text, path: str = "", hint: Text | None = None) -> Fault:
    """Return a finding of a kind; its remedy stands as the hint unless another is given."""
    return Fault(code, place, message, hint or FINDINGS[code].remedy, path)


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
        {"id": code, "shortDescription": {"text": name.in_(lang)}} for code, name in CODES.items()
    ]
    findings = [
        {
            "id": code,
            "shortDescription": {"text": finding.name.in_(lang)},
            "help": {"text": finding.remedy.in_(lang)},
            "defaultConfiguration": {"level": "warning"},
        }
        for code, finding in FINDINGS.items()
    ]
    return [*faults, *findings]


def _result(fault: Fault, numbers: Mapping[str, int], lang: Language) -> dict[str, Any]:
    hint = f" {fault.hint.in_(lang)}" if fault.hint else ""
    subject = f"{fault.path}: " if fault.path else ""
    return {
        "ruleId": fault.code,
        "ruleIndex": numbers[fault.code],
        "level": "warning" if fault.code in FINDINGS else "error",
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
