"""The commands about one case: `evaluate`, `compare`, `needs`, `counterfactuals`, `note` and `replay`.

Each loads what it needs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vwv_im.cli.options import (
    BAD_INPUT,
    NO,
    Asked,
    LangOption,
    RulesOption,
    about_a_case,
    print_json,
    refuse,
    show,
    status_of,
    tell,
)
from vwv_im.cli.terminal import say, width
from vwv_im.decision.blocks import Paragraph, write
from vwv_im.decision.decision_page import PageDetail
from vwv_im.decision.request import unknown
from vwv_im.text import FaultyInputError, Language, Place, Text, fault_of, refuse_inputs, sentence, write_file

if TYPE_CHECKING:
    from vwv_im.decision.counterfactuals import Counterfactuals
    from vwv_im.decision.needs import Needs

PageFormat = Literal["text", "markdown", "html", "json"]
FullOption = Annotated[bool, typer.Option("--full", help="Alles zeigen, nicht nur das Wichtigste.")]


@about_a_case("case on question known_on engine reading lang form short full receipt rules")
def evaluate(
    asked: Asked,
    form: Annotated[PageFormat, typer.Option("--format", help="Form der Ausgabe.")] = "text",
    receipt: Annotated[
        Path | None,
        typer.Option(metavar="DATEI", help="Das Prüfprotokoll in diese Datei schreiben, für replay."),
    ] = None,
    full: FullOption = False,
    short: Annotated[
        bool, typer.Option("--short", help="Als JSON nur das Ergebnis, was ihm entgegensteht, und was sich ergibt.")
    ] = False,
) -> None:
    """Decide a case, print the page and end with the status of the verdict."""
    if receipt is not None:
        refuse_inputs(receipt, asked.read)
    if short and form != "json":
        refuse(Text("--short: nur mit --format json.", "--short: only with --format json."))
    decision = asked.decide()
    if receipt is not None:
        write_file(receipt, decision.receipt.canonical(), asked.read)
    if form == "json":
        print_json(decision.short if short else decision, asked.lang)
    elif form == "text":
        further = [] if full else [Paragraph(sentence("cli.reasons").in_(asked.lang))]
        show(decision, asked.lang, "full" if full else "short", *further)
    else:
        from vwv_im.programm import page_of

        typer.echo(write(page_of(decision, asked.lang), form), nl=False)
    raise typer.Exit(status_of(decision))


@about_a_case("case on question reading lang form full rules")
def compare(
    asked: Asked,
    form: Annotated[PageFormat, typer.Option("--format", help="Form der Ausgabe.")] = "text",
    full: FullOption = False,
) -> None:
    """Decide a case under each Fassung, the day held fixed, and print what changes and by which act."""
    from vwv_im.decision.compare import compare
    from vwv_im.decision.comparison_page import comparison_page

    comparison = compare(asked.stated, **asked.options())  # type: ignore[arg-type]
    detail: PageDetail = "short" if form == "text" and not full else "full"

    def told(lang: Language) -> str:
        page = comparison_page(comparison, lang, detail)
        return write([*page, Paragraph(sentence("cli.more").in_(lang))] if detail == "short" else page, form, width())  # type: ignore[arg-type]

    tell(comparison, form, asked.lang, told)


@about_a_case("case on question known_on reading lang form rules")
def needs(asked: Asked) -> None:
    """Print which facts are still needed, and what follows from each answer."""
    from vwv_im.decision.needs import needs_of

    _tell(needs_of(asked.decide("direct")), asked)


@about_a_case("case on question known_on reading lang form rules")
def counterfactuals(asked: Asked) -> None:
    """Print the smallest changes with which the verdict would be yes."""
    from vwv_im.decision.counterfactuals import counterfactuals_of

    _tell(counterfactuals_of(asked.decide("direct")), asked)


def _tell(found: Needs | Counterfactuals, asked: Asked) -> None:
    """Print what was found; where the case contradicts itself, that is bad input."""
    tell(found, asked.form, asked.lang, found.explain)
    if found.decision.outcome == "contradictory":
        raise typer.Exit(BAD_INPUT)


@about_a_case("case out on question known_on reading kind lang rules")
def note(
    asked: Asked,
    out: Annotated[Path, typer.Argument(help="Zieldatei: .md, .html, .docx oder .pdf.", metavar="ZIEL")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="ART",
            help="vermerk: der Prüfvermerk; anforderung: ein Schreiben, das Fehlendes anfordert.",
            autocompletion=lambda: ["vermerk", "anforderung"],
        ),
    ] = "vermerk",
) -> None:
    """Write a Prüfvermerk, or a letter, in the form that the ending of the file asks for."""
    from vwv_im.publish.office_files import EXTRAS, NOTE_WRITERS, NOTES, note_of

    if kind not in NOTES:
        raise FaultyInputError([unknown("note", kind, NOTES)])

    form = _form_of(out, NOTE_WRITERS)
    refuse_inputs(out, asked.read)
    decision = asked.decide()
    try:
        content = note_of(decision, form, asked.lang, kind)
    except ModuleNotFoundError as error:
        lacking = Text(f"Dafür fehlt {error.name}", f"For this, {error.name} is missing").in_(asked.lang)
        refuse(f'{out}: {lacking}: pip install "vwv-im[{EXTRAS[form]}]"')
    write_file(out, content, asked.read)
    typer.echo(str(out))


@about_a_case("case out on known_on reading lang rules")
def chart(
    asked: Asked, out: Annotated[Path, typer.Argument(help="Zieldatei: .svg, .html oder .md.", metavar="ZIEL")]
) -> None:
    """Draw month by month what of each post was granted and filled."""
    from vwv_im.law.regulation import regulation
    from vwv_im.publish.occupancy import CHARTS, question_of

    form = _form_of(out, CHARTS)
    refuse_inputs(out, asked.read)
    question = question_of(regulation(asked.rules))
    if question is None:
        refuse(Text("Diese Regeln kennen keine bewilligten Stellen.", "These rules know no posts that were granted."))
    decision = replace(asked, question=question).decide("direct")
    write_file(out, CHARTS[form](decision, asked.lang).encode(), asked.read)
    typer.echo(str(out))


def _form_of(out: Path, forms: Collection[str]) -> str:
    """Return the form that the ending of a file asks for."""
    form = out.suffix.removeprefix(".").lower()
    if form not in forms:
        known = ", ".join(f".{name}" for name in forms)
        raise FaultyInputError([fault_of("unknown_ending", Place(str(out)), ending=out.suffix, known=known)])
    return form


def replay(
    receipt: Annotated[
        str, typer.Argument(help="Ein Prüfprotokoll oder eine Entscheidung als JSON.", metavar="PROTOKOLL")
    ],
    lang: LangOption = "de",
    rules: RulesOption = None,
) -> None:
    """Decide again what a receipt records, and print what is different."""
    from vwv_im.decision.replay import replay

    found = replay(receipt, rules=rules)
    same = Text("Dieselbe Entscheidung.", "The same decision.")
    lines = [same if found.identical else Text("Eine andere Entscheidung:", "Another decision:"), *found.differences]
    lines += [Text(f"Hinweis: {note.de}", f"Note: {note.en}") for note in found.notes]
    say("\n".join(line.in_(lang) for line in lines))
    if not found.identical:
        raise typer.Exit(NO)
