"""`vwv-im rules`: what is encoded, under which Fassungen, with which evidence, and what is not known."""

from __future__ import annotations

from typing import Annotated

import typer

from vwv_im.cli.options import (
    Format,
    FormatOption,
    Lang,
    LangOption,
    QuestionOption,
    RulesOption,
    guarded,
    print_json,
    print_table,
)
from vwv_im.law.evidence import GRADES
from vwv_im.law.fassung import KINDS
from vwv_im.law.regulation import regulation
from vwv_im.publish.catalogue import open_questions_of, python_of, rules_of
from vwv_im.text import Text


def rules(
    open_only: Annotated[bool, typer.Option("--open", help="Die offenen Fragen statt der Regeln.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Auch Parameter, Ableitungen, Pflichten und Vermerke.")] = False,
    python: Annotated[bool, typer.Option("--python", help="Das Python, das aus den Regeln erzeugt wird.")] = False,
    fassung: Annotated[
        str | None, typer.Option("--fassung", help="Zu --python: die Fassung; ohne Angabe die letzte.")
    ] = None,
    question: QuestionOption = "antrag",
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    directory: RulesOption = None,
) -> None:
    """Jede Regel mit Gegenstand, Fassungen und Grad des Belegs; mit --open die offenen Fragen."""
    law = guarded(lambda: regulation(directory), lang.value)
    if python:
        typer.echo(guarded(lambda: python_of(law, fassung, question), lang.value))
        return
    entries = open_questions_of(law) if open_only else rules_of(law, every=every)
    if form is Format.JSON:
        print_json(entries)
        return
    if open_only:
        for entry in entries:
            typer.echo(f"? {entry['question'][lang.value]}  [{', '.join(entry['touches'])}]")
        return
    head = Text("Regel|Art|Gegenstand|Fassungen|Beleg|Titel", "Rule|Kind|Subject|Fassungen|Evidence|Title")
    rows = [
        [
            entry["id"],
            entry["art"] or KINDS[entry["kind"]].in_(lang.value),
            entry["subject"],
            ", ".join(entry["fassungen"] + entry["erlasse"]),
            GRADES[entry["grade"]].in_(lang.value),
            entry["title"][lang.value] + ("" if entry["value"] is None else f" = {entry['value']}"),
        ]
        for entry in entries
    ]
    print_table(head.in_(lang.value).split("|"), rows)
