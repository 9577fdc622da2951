"""The commands that explain: `compare`, `needs`, `counterfactuals`, `note` and `replay`."""

from __future__ import annotations

from enum import StrEnum
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
    QuestionOption,
    ReadingOption,
    RulesOption,
    decide,
    guarded,
    print_json,
    readings_of,
    refuse,
    write_file,
)
from vwv_im.cli.status import BAD_INPUT
from vwv_im.decision.compare import compare as compared
from vwv_im.decision.comparison_page import page_of
from vwv_im.decision.counterfactuals import Counterfactuals, counterfactuals_of
from vwv_im.decision.needs import Needs, needs_of
from vwv_im.decision.replay import replay as replayed
from vwv_im.decision.text import Form, write
from vwv_im.publish.note import FORMS, note_of
from vwv_im.text import Fault, Language, Place, Text

DIFFERENT = 1


class PageFormat(StrEnum):
    """Form of a page."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


_FORMS: dict[PageFormat, Form] = {
    PageFormat.TEXT: "text",
    PageFormat.MARKDOWN: "markdown",
    PageFormat.HTML: "html",
}


def compare(
    case: CaseArgument,
    on: OnOption = None,
    question: QuestionOption = "antrag",
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: Annotated[PageFormat, typer.Option("--format", help="Form der Ausgabe.")] = PageFormat.TEXT,
    rules: RulesOption = None,
) -> None:
    """Den Tag festhalten und die Fassung wechseln: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt."""
    options: dict[str, Any] = {"question": question, "readings": readings_of(reading or (), lang.value), "rules": rules}
    comparison = guarded(lambda: compared(case, on=on, **options), lang.value)  # type: ignore[arg-type]
    if form is PageFormat.JSON:
        print_json(comparison, lang.value)
    else:
        typer.echo(write(page_of(comparison, lang.value), _FORMS[form]), nl=False)


def needs(
    case: CaseArgument,
    on: OnOption = None,
    question: QuestionOption = "antrag",
    known_on: KnownOnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    rules: RulesOption = None,
) -> None:
    """Was noch gebraucht wird, das Entscheidendste zuerst, mit dem Ergebnis je Antwort."""
    _print(needs_of(decide(case, on, known_on, "direct", reading, rules, lang.value, question)), lang, form)


def counterfactuals(
    case: CaseArgument,
    on: OnOption = None,
    question: QuestionOption = "antrag",
    known_on: KnownOnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    rules: RulesOption = None,
) -> None:
    """Die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre."""
    _print(counterfactuals_of(decide(case, on, known_on, "direct", reading, rules, lang.value, question)), lang, form)


def _print(found: Needs | Counterfactuals, lang: Lang, form: Format) -> None:
    """Print what was found; where the case contradicts itself, that is bad input."""
    if form is Format.JSON:
        print_json(found)
    else:
        typer.echo(found.explain(lang.value), nl=False)
    if found.decision.outcome == "contradictory":
        raise typer.Exit(BAD_INPUT)


def note(
    case: CaseArgument,
    out: Annotated[Path, typer.Argument(help="Zieldatei: .md, .html, .docx oder .pdf.", metavar="ZIEL")],
    on: OnOption = None,
    question: QuestionOption = "antrag",
    known_on: KnownOnOption = None,
    reading: ReadingOption = None,
    lang: LangOption = Lang.DE,
    rules: RulesOption = None,
) -> None:
    """Einen Prüfvermerk schreiben: Angaben, Prüfschema, Ergebnis, Auslegungen, offene Fragen."""
    form = _form_of(out, lang.value)
    decision = decide(case, on, known_on, "checked", reading, rules, lang.value, question)
    try:
        content = note_of(decision, form, lang.value)
    except ModuleNotFoundError as error:
        lacking = Text(f"Dafür fehlt {error.name}", f"For this, {error.name} is missing")
        refuse(f'{out}: {lacking.in_(lang.value)}: pip install "vwv-im[note]"')
    write_file(out, content, lang.value)
    typer.echo(str(out))


def _form_of(out: Path, lang: Language) -> str:
    """Return the form that the ending of a file asks for; an unknown one ends with status 2."""
    form = out.suffix.removeprefix(".").lower()
    if form not in FORMS:
        known = ", ".join(f".{name}" for name in FORMS)
        message = Text(f"Die Endung '{out.suffix}' ist unbekannt.", f"The ending '{out.suffix}' is unknown.")
        hint = Text(f"Möglich sind {known}.", f"Possible are {known}.")
        refuse(Fault("VIM150", Place(str(out)), message, hint).render(lang))
    return form


def replay(
    receipt: Annotated[str, typer.Argument(help="Eine Quittung oder eine Entscheidung als JSON.", metavar="QUITTUNG")],
    lang: LangOption = Lang.DE,
    rules: RulesOption = None,
) -> None:
    """Eine Entscheidung aus ihrer Quittung wiederholen: dieselbe (Rückgabe 0), oder was anders ist (1).

    Verglichen wird, was entschieden ist, nie ein Satz; andere Regeldateien und eine andere Version werden nur genannt.
    Nach älterem Recht wiederholt --rules.
    """
    found = guarded(lambda: replayed(receipt, rules=rules), lang.value)
    same = Text("Dieselbe Entscheidung.", "The same decision.")
    lines = [same if found.identical else Text("Eine andere Entscheidung:", "Another decision:"), *found.differences]
    lines += [Text(f"Hinweis: {note.de}", f"Note: {note.en}") for note in found.notes]
    typer.echo("\n".join(line.in_(lang.value) for line in lines))
    if not found.identical:
        raise typer.Exit(DIFFERENT)
