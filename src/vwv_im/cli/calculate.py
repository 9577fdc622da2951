"""The programm: `periods`, `amounts`, `refill` and `duties`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from vwv_im import programm
from vwv_im.cli.options import Asked, about_a_case, print_json, print_table, refuse
from vwv_im.decision.decision import Decision
from vwv_im.publish.office_files import calendar_of
from vwv_im.text import JsonDocument, Language, Text, sentence, write_file, written_amount, written_day

Rows = Iterable[Iterable[Any]]


@about_a_case("case on reading lang form rules")
def periods(asked: Asked) -> None:
    """Je Stelle und Fassung: höchstens möglicher Zeitraum, Ende, verbleibende Monate und Tage."""
    found = programm.periods(_decided(asked, of_posts=True))
    head = Text("Stelle|Fassung|Monate|Ende|Restmonate|Resttage", "Post|Fassung|Months|End|Months left|Days left")
    rows = ((row.post + 1, row.fassung, row.months, row.end, row.months_left, row.days_left) for row in found)
    _tell(programm.Periods(found), asked, head, rows)


@about_a_case("case on known_on reading lang form rules")
def amounts(asked: Asked) -> None:
    """Je Stelle: Betrag je Förderjahr und Haushaltsjahr; die Summe gegen den Planungsrahmen; der Eigenanteil."""
    decision = _decided(asked, of_posts=True)
    found = programm.amounts(decision)
    if asked.form == "json":
        print_json(found)
    else:
        _print_amounts(found, decision, asked.lang)


def _print_amounts(found: programm.Amounts, decision: Decision, lang: Language) -> None:
    for row in found.offen:
        typer.echo(_open_amount(row, decision, lang))
    if not found.foerderjahre and not found.offen:
        typer.echo(Text("Der Fall nennt keine Stelle.", "The case states no post.").in_(lang))
    if not found.foerderjahre:
        return
    for head, years in (
        (Text("Stelle|Förderjahr|von|bis|Betrag", "Post|Funding year|from|to|Amount"), found.foerderjahre),
        (Text("Stelle|Haushaltsjahr|von|bis|Betrag", "Post|Calendar year|from|to|Amount"), found.haushaltsjahre),
    ):
        typer.echo("")
        _table(head, ((one.post + 1, one.label, one.first, one.last, one.amount) for one in years), lang)
    typer.echo("")
    head = Text("Jahr des Antrags|von|bis|Summe|Planungsrahmen|höchstens", "Year|from|to|Sum|Frame|at most")
    capped = ((one.label, one.first, one.last, one.amount, one.frame, one.capped) for one in found.deckeljahre)
    _table(head, capped, lang)
    typer.echo("")
    head = Text("Haushaltsjahr|Summe|davon höchstens", "Calendar year|Sum|of it at most")
    _table(head, ((row.year, row.amount, row.capped) for row in found.summen), lang)
    whole = found.foerderbetrag_eur
    kind = "cli.whole_amount_open" if whole is None else "cli.whole_amount"
    typer.echo(f"\n{sentence(kind, amount=_amount(whole, lang)).in_(lang)}")
    shares = zip(found.eigenanteil_eur_jahr.values(), found.ueberschuss_eur_jahr.values(), strict=True)
    for post, (own, surplus) in enumerate(shares, start=1):
        if own is not None and surplus is not None:
            over = Decimal(str(surplus)) > 0
            kind = "cli.surplus" if over else "cli.own_share" if Decimal(str(own)) else "cli.no_own_share"
            typer.echo(sentence(kind, post=post, amount=_amount(surplus if over else own, lang)).in_(lang))


def _amount(value: Any, lang: Language) -> str:
    return "" if value is None else written_amount(Decimal(str(value)), lang)


@about_a_case("case on known_on reading lang form rules")
def refill(asked: Asked) -> None:
    """Je Stelle: Mit wem darf sie nachbesetzt werden, und zu welchem Satz?"""
    found = programm.refillings(_decided(asked, of_posts=True))
    head = Text("Stelle|bewilligt|neu|nachbesetzt ab|Satz im Jahr", "Post|granted|new|refilled from|Rate per year")
    rows = ((row.post + 1, row.granted_group or "?", row.new_group, row.day, row.rate) for row in found)
    _tell(programm.Refillings(found), asked, head, rows)


@about_a_case("case on known_on reading lang form ics rules")
def duties(
    asked: Asked, ics: Annotated[Path | None, typer.Option(help="Kalenderdatei (.ics) schreiben.")] = None
) -> None:
    """Die Pflichten mit dem gesetzlichen und dem auf einen Werktag verschobenen Tag; auf Wunsch als Kalender."""
    decision, lang = _decided(asked), asked.lang
    if ics is not None:
        key = decision.receipt.document()["digest"][:16]
        write_file(ics, calendar_of(decision.duties, lang, key), asked.read)
    rows = (
        (duty.due, duty.due_shifted, duty.title.in_(lang) + (f" ({duty.year})" if duty.year is not None else ""))
        for duty in decision.duties
    )
    _tell(programm.Duties(decision.duties), asked, Text("Tag|fällig am|Pflicht", "Day|due on|Duty"), rows)


def _decided(asked: Asked, *, of_posts: bool = False) -> Decision:
    decision, lang = asked.decide(), asked.lang
    if of_posts and not programm.knows_posts(decision.regulation):
        refuse(sentence("cli.no_posts"))
    if decision.outcome == "contradictory":
        refuse("\n".join(found.text.in_(lang) for found in decision.contradictions))
    if decision.fassung.choice.basis is None:
        refuse(decision.fassung.choice.because)
    if decision.outcome == "outside_scope":
        typer.echo(f"{decision.fassung.choice.because.in_(lang)}\n", err=True)
    for found in decision.plausibility:
        typer.echo(f"! {found.text.in_(lang)}", err=True)
    return decision


def _open_amount(row: programm.OpenAmount, decision: Decision, lang: Language) -> str:
    names = ", ".join(decision.title_at(path).in_(lang) for path in row.missing)
    kind = "cli.amount_lacks" if names else "cli.rate_unknown"
    return sentence(kind, post=row.post + 1, names=names).in_(lang)


def _tell(document: JsonDocument, asked: Asked, head: Text, rows: Rows) -> None:
    if asked.form == "json":
        print_json(document)
    else:
        _table(head, rows, asked.lang)


def _table(head: Text, rows: Rows, lang: Language) -> None:
    print_table(head.in_(lang).split("|"), ([_cell(value, lang) for value in row] for row in rows))


def _cell(value: Any, lang: Language) -> str:
    if value is None:
        return Text("offen", "open").in_(lang)
    if isinstance(value, date):
        return written_day(value, lang)
    return written_amount(value, lang) if isinstance(value, Decimal) else str(value)
