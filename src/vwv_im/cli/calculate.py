"""The programm: `periods`, `amounts`, `refill` and `duties`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from vwv_im import programm
from vwv_im.cli.options import Asked, about_a_case, print_json, refuse
from vwv_im.cli.terminal import say, table
from vwv_im.decision.decision import Decision
from vwv_im.decision.list_tables import open_phrase
from vwv_im.publish.office_files import calendar_of
from vwv_im.text import JsonDocument, Language, Text, sentence, write_file, written_amount, written_day
from vwv_im.text.format import short_day

Rows = Iterable[Iterable[Any]]


@about_a_case("case on reading lang form rules")
def periods(asked: Asked) -> None:
    """Print how long each post may be funded under each Fassung."""
    decision = _decided(asked, of_posts=True)
    found = programm.periods(decision)
    names = {akt.id: akt.kurz.text.in_(asked.lang) for akt in decision.regulation.acts}
    rows = (
        (row.post + 1, names.get(row.fassung, row.fassung), row.months, row.end, row.months_left, row.days_left)
        for row in found
    )
    _tell(programm.Periods(found), asked, sentence("cli.heads_of_periods"), rows)
    lacking = open_phrase(programm.asked_for_periods(decision), asked.lang)
    if lacking and asked.form != "json":
        say(lacking)


@about_a_case("case on known_on reading lang form rules")
def amounts(asked: Asked) -> None:
    """Print what each post brings by year, the sum against the frame, and the own share."""
    decision = _decided(asked, of_posts=True)
    found = programm.amounts(decision)
    if asked.form == "json":
        print_json(found)
    else:
        say("\n".join(_amounts(found, decision, asked.lang)))


def _amounts(found: programm.Amounts, decision: Decision, lang: Language) -> Iterator[str]:
    """Yield tables of amounts by year, and sentences on what is open and what remains to be paid."""
    for row in found.offen:
        yield _open_amount(row, decision, lang)
    if not found.foerderjahre and not found.offen:
        yield Text("Der Fall nennt keine Stelle.", "The case states no post.").in_(lang)
    if not found.foerderjahre:
        return
    for head, years in (
        (Text("Stelle|Förderjahr|von|bis|>Betrag", "Post|Funding year|from|to|>Amount"), found.foerderjahre),
        (Text("Stelle|Haushaltsjahr|von|bis|>Betrag", "Post|Calendar year|from|to|>Amount"), found.haushaltsjahre),
    ):
        yield _table(head, ((one.post + 1, one.label, one.first, one.last, one.amount) for one in years), lang)
    head = Text("Jahr des Antrags|von|bis|>Summe|>Planungsrahmen|>höchstens", "Year|from|to|>Sum|>Frame|>at most")
    capped = ((one.label, one.first, one.last, one.amount, one.frame, one.capped) for one in found.deckeljahre)
    if found.deckeljahre:
        yield _table(head, capped, lang)
    head = Text("Haushaltsjahr|>Summe|>davon höchstens", "Calendar year|>Sum|>of it at most")
    yield _table(head, ((row.year, row.amount, row.capped) for row in found.summen), lang)
    whole = found.foerderbetrag_eur
    kind = "cli.whole_amount_open" if whole is None else "cli.whole_amount"
    yield sentence(kind, amount=_amount(whole, lang)).in_(lang)
    shares = zip(found.eigenanteil_eur_jahr.values(), found.ueberschuss_eur_jahr.values(), strict=True)
    for post, (own, surplus) in enumerate(shares, start=1):
        if own is not None and surplus is not None:
            over = Decimal(str(surplus)) > 0
            kind = "cli.surplus" if over else "cli.own_share" if Decimal(str(own)) else "cli.no_own_share"
            yield sentence(kind, post=post, amount=_amount(surplus if over else own, lang)).in_(lang)


def _amount(value: Any, lang: Language) -> str:
    return "" if value is None else written_amount(Decimal(str(value)), lang)


@about_a_case("case on known_on reading lang form rules")
def refill(asked: Asked) -> None:
    """Print with whom each post may be refilled, and at which rate."""
    decision = _decided(asked, of_posts=True)
    found = programm.refillings(decision)
    groups = programm.groups_of(decision.regulation)
    rows = (
        (
            row.post + 1,
            _short(groups.get(row.granted_group or "")),
            groups[row.new_group],
            row.day,
            row.rate,
            row.evidence or "–",
        )
        for row in found
    )
    _tell(programm.Refillings(found), asked, sentence("cli.heads_of_refillings"), rows)


def _short(name: Text | None) -> Text | None:
    """Return what stands before the colon of a name."""
    return None if name is None else Text(*(one.partition(":")[0] for one in name))


@about_a_case("case on known_on reading lang form ics rules")
def duties(
    asked: Asked,
    ics: Annotated[Path | None, typer.Option(metavar="DATEI", help="Kalenderdatei (.ics) schreiben.")] = None,
) -> None:
    """Print what is owed and until when, and write a calendar."""
    decision, lang = _decided(asked), asked.lang
    if ics is not None:
        key = decision.receipt.document()["digest"][:16]
        write_file(ics, calendar_of(decision.duties, lang, key), asked.read)
    if not decision.duties and asked.form != "json":
        say(Text("Die Regeln nennen hierzu keine Pflicht.", "The rules state no duty here.").in_(lang))
        return
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
        say(f"{decision.fassung.choice.because.in_(lang)}\n", err=True)
    for found in decision.plausibility:
        say(f"! {found.text.in_(lang)}", err=True)
    return decision


def _open_amount(row: programm.OpenAmount, decision: Decision, lang: Language) -> str:
    names = ", ".join(decision.title_at(path).in_(lang) for path in row.missing)
    kind = "cli.amount_lacks" if names else "cli.rate_unknown"
    return sentence(kind, post=row.post + 1, names=names).in_(lang)


def _tell(document: JsonDocument, asked: Asked, head: Text, rows: Rows) -> None:
    if asked.form == "json":
        print_json(document)
    else:
        say(_table(head, rows, asked.lang))


def _table(head: Text, rows: Rows, lang: Language) -> str:
    return table(head.in_(lang).split("|"), ([_cell(value, lang) for value in row] for row in rows))


def _cell(value: Any, lang: Language) -> str:
    if value is None:
        return Text("offen", "open").in_(lang)
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, date):
        return short_day(value) if lang == "de" else written_day(value, lang)
    return written_amount(value, lang) if isinstance(value, Decimal) else str(value)
