"""The calculators: `periods`, `amounts`, `refill` and `duties`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from vwv_im.cli.options import (
    CaseArgument,
    Format,
    FormatOption,
    KnownOnOption,
    Lang,
    LangOption,
    OnOption,
    ReadingOption,
    RulesOption,
    decide,
    print_json,
    print_table,
    refuse,
    write_file,
)
from vwv_im.decision import calculators
from vwv_im.decision.decision import Decision
from vwv_im.decision.variation import title_at
from vwv_im.publish.calendar import calendar_of
from vwv_im.text import Language, Text
from vwv_im.text.format import written_amount, written_day

OPEN = Text("offen", "open")


def periods(
    case: CaseArgument,
    on: OnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    rules: RulesOption = None,
) -> None:
    """Je Stelle und Fassung: höchstens möglicher Zeitraum, Ende, verbleibende Monate und Tage."""
    decision = _decided(case, on, None, reading, rules, lang.value)
    rows = calculators.periods(decision)
    if form is Format.JSON:
        print_json(calculators.Periods(rows))
        return
    head = Text("Stelle|Fassung|Monate|Ende|Restmonate|Resttage", "Post|Fassung|Months|End|Months left|Days left")
    shown = [
        [str(row.post + 1), row.fassung, *_cells((row.months, row.end, row.months_left, row.days_left), lang.value)]
        for row in rows
    ]
    print_table(head.in_(lang.value).split("|"), shown)


def amounts(
    case: CaseArgument,
    on: OnOption = None,
    known_on: KnownOnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    rules: RulesOption = None,
) -> None:
    """Je Stelle: Betrag je Förderjahr und Haushaltsjahr; die Summe gegen den Planungsrahmen; der Eigenanteil."""
    decision = _decided(case, on, known_on, reading, rules, lang.value)
    years, calendar, sums = (
        calculators.funding_years(decision),
        calculators.calendar_years(decision),
        calculators.totals(decision),
    )
    unknown = calculators.open_amounts(decision)
    own = {path: value for path, value in decision.derived.items() if path.endswith("eigenanteil_eur_jahr")}
    if form is Format.JSON:
        print_json(calculators.Amounts(years, calendar, sums, unknown, own))
        return
    for row in unknown:
        typer.echo(_open_amount(row, lang.value))
    if not years and not unknown:
        typer.echo(Text("Der Fall nennt keine Stelle.", "The case states no post.").in_(lang.value))
    if not years:
        return
    _amount_table(Text("Förderjahr", "Funding year"), years, lang.value)
    _amount_table(Text("Haushaltsjahr", "Calendar year"), calendar, lang.value)
    typer.echo("")
    head = Text("Jahr|Summe|Planungsrahmen|höchstens", "Year|Sum|Frame|at most").in_(lang.value).split("|")
    print_table(head, [[str(row.year), *_cells((row.amount, row.frame, row.capped), lang.value)] for row in sums])
    for path, value in own.items():
        if value is not None:
            label = Text("Eigenanteil im Jahr", "Own share per year").in_(lang.value)
            typer.echo(f"\n{label}, {path.rpartition('.')[0]}: {written_amount(Decimal(str(value)), lang.value)}")


def refill(
    case: CaseArgument,
    on: OnOption = None,
    known_on: KnownOnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    rules: RulesOption = None,
) -> None:
    """Je Stelle: Mit wem darf sie nachbesetzt werden, und zu welchem Satz?"""
    decision = _decided(case, on, known_on, reading, rules, lang.value)
    rows = calculators.refillings(decision)
    if form is Format.JSON:
        print_json(calculators.Refillings(rows))
        return
    head = Text("Stelle|bewilligt|neu|nachbesetzt ab|Satz im Jahr", "Post|granted|new|refilled from|Rate per year")
    shown = [
        [str(row.post + 1), row.granted_group or "?", row.new_group, *_cells((row.day, row.rate), lang.value)]
        for row in rows
    ]
    print_table(head.in_(lang.value).split("|"), shown)


def duties(
    case: CaseArgument,
    on: OnOption = None,
    known_on: KnownOnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    ics: Annotated[Path | None, typer.Option(help="Kalenderdatei (.ics) schreiben.")] = None,
    rules: RulesOption = None,
) -> None:
    """Die Pflichten mit dem gesetzlichen und dem auf einen Werktag verschobenen Tag; auf Wunsch als Kalender."""
    decision = _decided(case, on, known_on, reading, rules, lang.value)
    if ics is not None:
        key = decision.receipt.document()["digest"][:16]
        write_file(ics, calendar_of(decision.duties, lang.value, key), lang.value)
    if form is Format.JSON:
        print_json(calculators.Duties(decision.duties))
        return
    head = Text("Tag|fällig am|Pflicht", "Day|due on|Duty").in_(lang.value).split("|")
    rows = []
    for duty in decision.duties:
        year = f" ({duty.year})" if duty.year is not None else ""
        rows.append([*_cells((duty.due, duty.due_shifted), lang.value), f"{duty.title.in_(lang.value)}{year}"])
    print_table(head, rows)


def _decided(
    case: str,
    on: str | None,
    known_on: str | None,
    reading: Sequence[str] | None,
    rules: Path | None,
    lang: Language,
) -> Decision:
    decision = decide(case, on, known_on, "checked", reading, rules, lang)
    if decision.outcome == "contradictory":
        refuse("\n".join(found.text.in_(lang) for found in decision.contradictions))
    if decision.fassung.choice.basis is None:
        refuse(decision.fassung.choice.because.in_(lang))
    if decision.outcome == "outside_scope":
        typer.echo(f"{decision.fassung.choice.because.in_(lang)}\n", err=True)
    return decision


def _open_amount(row: calculators.OpenAmount, lang: Language) -> str:
    names = ", ".join(title_at(path).in_(lang) for path in row.missing)
    post = row.post + 1
    if not names:
        return Text(
            f"Stelle {post}: offen, in keiner Summe; der Satz ist nicht bekannt.",
            f"Post {post}: open, in no sum; the rate is not known.",
        ).in_(lang)
    return Text(
        f"Stelle {post}: offen, in keiner Summe; es fehlt: {names}.", f"Post {post}: open, in no sum; missing: {names}."
    ).in_(lang)


def _amount_table(title: Text, rows: Iterable[calculators.Amount], lang: Language) -> None:
    typer.echo("")
    head = [
        Text("Stelle", "Post").in_(lang),
        title.in_(lang),
        *Text("von|bis|Betrag", "from|to|Amount").in_(lang).split("|"),
    ]
    print_table(head, [[str(r.post + 1), r.label, *_cells((r.first, r.last, r.amount), lang)] for r in rows])


def _cells(values: Iterable[Any], lang: Language) -> list[str]:
    return [_cell(value, lang) for value in values]


def _cell(value: Any, lang: Language) -> str:
    if value is None:
        return OPEN.in_(lang)
    if isinstance(value, date):
        return written_day(value, lang)
    return written_amount(value, lang) if isinstance(value, Decimal) else str(value)
