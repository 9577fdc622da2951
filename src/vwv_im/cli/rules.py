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
from vwv_im.publish.catalogue import Catalogue, OpenQuestion, open_questions_of, python_of, rules_of
from vwv_im.text import Language, Text


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
    if open_only:
        _print_open_questions(open_questions_of(law), lang.value, form)
        return
    found = rules_of(law, every=every)
    if form is Format.JSON:
        print_json(Catalogue(rules=found))
        return
    head = Text("Regel|Art|Gegenstand|Fassungen|Beleg|Titel", "Rule|Kind|Subject|Fassungen|Evidence|Title")
    rows = [
        [
            rule.id,
            rule.art or KINDS[rule.kind].in_(lang.value),
            rule.subject,
            ", ".join((*rule.fassungen, *rule.erlasse)),
            GRADES[rule.grade].in_(lang.value),
            rule.title.in_(lang.value) + ("" if rule.value is None else f" = {rule.value}"),
        ]
        for rule in found
    ]
    print_table(head.in_(lang.value).split("|"), rows)


def _print_open_questions(found: tuple[OpenQuestion, ...], lang: Language, form: Format) -> None:
    if form is Format.JSON:
        print_json(Catalogue(open_questions=found))
        return
    for one in found:
        typer.echo(f"? {one.of.frage.text.in_(lang)}  [{', '.join(one.of.betrifft)}]")
