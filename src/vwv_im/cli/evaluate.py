"""`vwv-im evaluate CASE --on DAY`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.options import (
    CaseArgument,
    EngineOption,
    Format,
    FormatOption,
    KnownOnOption,
    Lang,
    LangOption,
    OnOption,
    QuestionOption,
    ReadingOption,
    RulesOption,
    decide,
    print_json,
    write_file,
)
from vwv_im.cli.status import status_of


def evaluate(
    case: CaseArgument,
    on: OnOption = None,
    question: QuestionOption = "antrag",
    known_on: KnownOnOption = None,
    engine: EngineOption = "checked",
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    receipt: Annotated[Path | None, typer.Option(help="Die Quittung in diese Datei schreiben (für replay).")] = None,
    rules: RulesOption = None,
) -> None:
    """Einen Fall entscheiden.

    Rückgabe: 0 ja · 1 nein · 2 fehlerhafte oder widersprüchliche Angaben · 3 offen oder Ermessen ·
    4 außerhalb des Anwendungsbereichs · 5 die beiden Verfahren stimmen nicht überein.
    """
    decision = decide(case, on, known_on, engine, reading, rules, lang.value, question)
    if receipt is not None:
        write_file(receipt, decision.receipt.canonical(), lang.value)
    if form is Format.JSON:
        print_json(decision, lang.value)
    else:
        typer.echo(decision.explain(lang.value), nl=False)
    raise typer.Exit(status_of(decision))
