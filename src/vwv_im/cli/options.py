"""Options that several commands share, and deciding a case with clear errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from vwv_im.cli.status import BAD_INPUT, DISAGREE
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import evaluate
from vwv_im.reasoning.durable_session import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Fault, FaultyInputError, Language, Place, Text
from vwv_im.text.foreign import system_said
from vwv_im.text.json_object import JsonDocument

R = TypeVar("R")


class Lang(StrEnum):
    """Language of the output."""

    DE = "de"
    EN = "en"


class Format(StrEnum):
    """Form of the output."""

    TEXT = "text"
    JSON = "json"


CaseArgument = Annotated[str, typer.Argument(help="Der Fall: eine YAML- oder JSON-Datei.", metavar="FALL")]
OnOption = Annotated[str | None, typer.Option("--on", help="Tag der Entscheidung, JJJJ-MM-TT. Bestimmt die Fassung.")]
QuestionOption = Annotated[str, typer.Option("--question", help="antrag, zielgruppe oder zaehlung.")]
KnownOnOption = Annotated[
    str | None, typer.Option("--known-on", help="Stand des Wissens: nur Akte, die an diesem Tag bekannt waren.")
]
EngineOption = Annotated[str, typer.Option("--engine", help="checked, direct oder durable.")]
ReadingOption = Annotated[
    list[str] | None, typer.Option("--reading", help="Andere Lesart: NAME=WERT; mehrfach möglich.")
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Sprache.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Ausgabe als Text oder JSON.")]
RulesOption = Annotated[Path | None, typer.Option("--rules", help="Andere Regeldateien als die mitgelieferten.")]
CasesOption = Annotated[Path | None, typer.Option("--cases", help="Andere Fälle als die mitgelieferten.")]


def decide(
    case: str,
    on: str | None,
    known_on: str | None,
    engine: str,
    reading: Sequence[str] | None,
    rules: Path | None,
    lang: Language,
    question: str = "antrag",
) -> Decision:
    """Decide a case; faulty input ends with status 2, disagreeing engines with 5, each with a clear message."""
    readings = readings_of(reading or (), lang)
    return guarded(
        lambda: evaluate(
            case,
            on=on,  # type: ignore[arg-type]
            question=question,  # type: ignore[arg-type]
            known_on=known_on,
            engine=engine,  # type: ignore[arg-type]
            readings=readings,
            rules=rules,
        ),
        lang,
    )


def guarded(work: Callable[[], R], lang: Language) -> R:
    """Do some work; turn faulty input into status 2 and disagreeing engines into status 5."""
    try:
        return work()
    except FaultyInputError as error:
        refuse("\n".join(_as_option(fault).render(lang) for fault in error.faults))
    except EngineUnavailable as error:
        refuse(str(error))
    except EngineDisagreement as error:
        head = Text(
            "Die beiden Verfahren stimmen nicht überein; es wird nicht entschieden.",
            "The two engines differ; nothing is decided.",
        )
        refuse(f"{head.in_(lang)}\n{error}", DISAGREE)


def _as_option(fault: Fault) -> Fault:
    """Return a fault of the request with the option that is to be mended as its place: `<known_on>` is `--known-on`."""
    name = fault.place.file.removeprefix("<").removesuffix(">")
    if fault.code != "VIM150" or name == fault.place.file:
        return fault
    part, _, reading = name.partition(".")
    option = f"--reading {reading}" if reading else f"--{part.replace('_', '-')}"
    return replace(fault, place=Place(option))


def refuse(message: str, status: int = BAD_INPUT) -> NoReturn:
    """Print a message to standard error and end."""
    typer.echo(message, err=True)
    raise typer.Exit(status)


def readings_of(pairs: Iterable[str], lang: Language) -> dict[str, str]:
    """Return the readings that were asked for by NAME=VALUE; anything else ends with status 2."""
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            refuse(
                Text(f"--reading {pair}: Schreiben Sie NAME=WERT.", f"--reading {pair}: write NAME=VALUE.").in_(lang)
            )
        chosen[name] = value
    return chosen


def write_file(path: Path, content: str | bytes, lang: Language) -> None:
    """Write a file; where that cannot be done, end with status 2."""
    try:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as error:
        refuse(cannot_write(path, error).render(lang))


def cannot_write(path: Path, error: OSError) -> Fault:
    """Return that a file cannot be written, why, and what to look at."""
    why = system_said(error)
    message = Text(f"Die Datei kann nicht geschrieben werden: {why.de}.", f"The file cannot be written: {why.en}.")
    hint = Text("Prüfen Sie Ordner, Rechte und Platz.", "Check folder, permissions and space.")
    return Fault("VIM003", Place(str(path)), message, hint)


def print_json(document: JsonDocument | Mapping[str, Any], lang: Language = "de") -> None:
    """Print a document as JSON."""
    typer.echo(json_text(document, lang))


def json_text(document: JsonDocument | Mapping[str, Any], lang: Language = "de") -> str:
    """Return a document as JSON for people to read."""
    data = document.to_dict(lang) if isinstance(document, JsonDocument) else document
    return json.dumps(data, ensure_ascii=False, indent=2)


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of text, each column as wide as it needs to be."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for number, line in enumerate(lines):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if number == 0:
            typer.echo("  ".join("-" * width for width in widths))
