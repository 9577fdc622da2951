"""`vwv-im check`: what is wrong with rule files, and what rests on weaker evidence than one asks for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vwv_im import __version__
from vwv_im.cli.options import Lang, LangOption, print_json, refuse
from vwv_im.cli.status import BAD_INPUT
from vwv_im.law.evidence import GRADES, Grade
from vwv_im.law.faults import RuleFileError
from vwv_im.law.regulation import regulation
from vwv_im.review.diagnostics.codes import FINDINGS, sarif_of
from vwv_im.review.diagnostics.examine import examine
from vwv_im.text import Fault, Language, Text
from vwv_im.text.faults import did_you_mean
from vwv_im.text.json_object import CONTRACT

FINDINGS_STATUS = 1


class Output(StrEnum):
    """Form of the output."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def check(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Das Verzeichnis der Regeldateien; ohne: die mitgelieferten.", metavar="REGELN"),
    ] = None,
    grade: Annotated[
        str | None, typer.Option("--grade", help="Auch nennen, was schwächer belegt ist als dieser Grad, etwa amtlich.")
    ] = None,
    lang: LangOption = Lang.DE,
    form: Annotated[Output, typer.Option("--format", help="Ausgabe als Text, JSON oder SARIF 2.1.0.")] = Output.TEXT,
) -> None:
    """Regeldateien prüfen: Was ist ungenutzt, unerreichbar, doppelt, lückenhaft, unbelegt, unübersetzt?"""
    asked = _grade(grade, lang.value)
    try:
        faults, status = examine(regulation(directory), asked), FINDINGS_STATUS
    except RuleFileError as error:
        faults, status = error.faults, BAD_INPUT
    _print(faults, form, lang.value)
    if faults:
        raise typer.Exit(status)


def _grade(name: str | None, lang: Language) -> Grade | None:
    if name is not None and name not in GRADES:
        refuse(_unknown_grade(name).in_(lang))
    return name


def _unknown_grade(name: str) -> Text:
    near, listed = did_you_mean(name, GRADES) or Text("", ""), ", ".join(GRADES)
    return Text(
        f"--grade {name}: unbekannter Grad; möglich sind {listed}. {near.de}".rstrip(),
        f"--grade {name}: unknown grade; possible are {listed}. {near.en}".rstrip(),
    )


def _print(faults: tuple[Fault, ...], form: Output, lang: Language) -> None:
    if form is Output.SARIF:
        print_json(sarif_of(faults, __version__, lang))
    elif form is Output.JSON:
        print_json({"findings": [_json(fault) for fault in faults], "contract": CONTRACT})
    else:
        for fault in faults:
            typer.echo(fault.render(lang))
        typer.echo(_summary(faults).in_(lang), err=bool(faults))


def _json(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "file": fault.place.file,
        "line": fault.place.line or None,
        "column": fault.place.column or None,
        "subject": fault.path or None,
        "message": fault.message.as_dict(),
        "hint": fault.hint.as_dict() if fault.hint else None,
    }


def _summary(faults: Sequence[Fault]) -> Text:
    count = len(faults)
    if not count:
        return Text("Keine Befunde.", "No findings.")
    if faults[0].code not in FINDINGS:
        return Text(f"Die Regeldateien sind unbrauchbar ({count}).", f"The rule files cannot be used ({count}).")
    return Text(f"{count} Befund{'e' if count > 1 else ''}.", f"{count} finding{'s' if count > 1 else ''}.")
