"""`vwv-im rules`: what is encoded, under which Fassungen, with which evidence, and what is not known."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vwv_im.cli.options import Format, FormatOption, Lang, LangOption, RulesOption, guarded, print_json, print_table
from vwv_im.law.evidence import GRADES
from vwv_im.law.fassung import KINDS
from vwv_im.law.model import Parameter
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.values import to_json
from vwv_im.text import Text


def rules(
    open_only: Annotated[bool, typer.Option("--open", help="Die offenen Fragen statt der Regeln.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Auch Parameter, Ableitungen, Pflichten und Vermerke.")] = False,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    directory: RulesOption = None,
) -> None:
    """Jede Regel mit Gegenstand, Fassungen und Grad des Belegs; mit --open die offenen Fragen."""
    law = guarded(lambda: regulation(directory), lang.value)
    entries = _open(law) if open_only else _rules(law, every)
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


def _rules(law: Regulation, every: bool) -> list[dict[str, Any]]:
    """Return every item once, with the Fassungen (and Erlasse) in which it stands."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for fassung in (*law.fassungen, law.with_erlasse):
        for item in fassung:
            if item.entry.kind != "regel" and not every:
                continue
            beleg = item.model.beleg[0]
            entry = found.setdefault(
                (item.entry.kind, item.id),
                {"id": item.id, "kind": item.entry.kind, "subject": item.subject, "fassungen": [], "erlasse": []},
            )
            key = "erlasse" if fassung.erlasse else "fassungen"
            if not fassung.erlasse:
                entry[key].append(fassung.id)
            elif item.act in fassung.erlasse:
                entry[key].append(item.act)
            entry |= {
                "art": getattr(item.model, "art", None),
                "nummer": getattr(item.model, "nummer", None),
                "title": item.model.titel.text.as_dict(),
                "grade": beleg.grad,
                "sources": [source.quelle for source in item.model.beleg if source.quelle],
                "place": str(item.place),
                "value": to_json(item.model.wert) if isinstance(item.model, Parameter) else None,
            }
    return list(found.values())


def _open(law: Regulation) -> list[dict[str, Any]]:
    return [
        {"id": question.id, "question": question.frage.text.as_dict(), "touches": list(question.betrifft)}
        for question in law.open_questions.values()
    ]
