"""`vwv-im evaluate CASE --on DAY`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.status import BAD_INPUT, DISAGREE, status_of
from vwv_im.decision.evaluate import evaluate as decide
from vwv_im.reasoning.durable_session import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import FaultyInputError, Language, Text


class Lang(StrEnum):
    """Language of the output."""

    DE = "de"
    EN = "en"


class Format(StrEnum):
    """Form of the output."""

    TEXT = "text"
    JSON = "json"


def evaluate(  # noqa: PLR0913, PLR0917 - one argument for each option
    case: Annotated[str, typer.Argument(help="Der Fall: eine YAML- oder JSON-Datei.", metavar="FALL")],
    on: Annotated[str | None, typer.Option(help="Tag der Entscheidung, JJJJ-MM-TT. Bestimmt die Fassung.")] = None,
    question: Annotated[str, typer.Option(help="antrag, zielgruppe oder zaehlung.")] = "antrag",
    known_on: Annotated[
        str | None, typer.Option(help="Stand des Wissens: nur Akte, die an diesem Tag bekannt waren.")
    ] = None,
    engine: Annotated[str, typer.Option(help="checked, direct oder durable.")] = "checked",
    reading: Annotated[list[str] | None, typer.Option(help="Andere Lesart: NAME=WERT; mehrfach möglich.")] = None,
    lang: Annotated[Lang, typer.Option(help="Sprache.")] = Lang.DE,
    format: Annotated[Format, typer.Option(help="Ausgabe als Text oder JSON.")] = Format.TEXT,  # noqa: A002
    rules: Annotated[Path | None, typer.Option(help="Andere Regeldateien als die mitgelieferten.")] = None,
) -> None:
    """Einen Fall entscheiden.

    Rückgabe: 0 ja · 1 nein · 2 fehlerhafte oder widersprüchliche Angaben · 3 offen oder Ermessen ·
    4 außerhalb des Anwendungsbereichs · 5 die beiden Verfahren stimmen nicht überein.
    """
    language: Language = lang.value
    try:
        decision = decide(
            case,
            on=on,  # type: ignore[arg-type]
            question=question,  # type: ignore[arg-type]
            known_on=known_on,
            engine=engine,  # type: ignore[arg-type]
            readings=_readings(reading or [], language),
            rules=rules,
        )
    except FaultyInputError as error:
        typer.echo(error.render(language), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except EngineUnavailable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except EngineDisagreement as error:
        head = Text(
            "Die beiden Verfahren stimmen nicht überein; es wird nicht entschieden.",
            "The two engines differ; nothing is decided.",
        )
        typer.echo(f"{head.in_(language)}\n{error}", err=True)
        raise typer.Exit(DISAGREE) from None
    typer.echo(
        decision.to_json(language, indent=2) if format is Format.JSON else decision.explain(language),
        nl=format is Format.JSON,
    )
    raise typer.Exit(status_of(decision))


def _readings(pairs: list[str], lang: Language) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            message = Text(f"--reading {pair}: Schreiben Sie NAME=WERT.", f"--reading {pair}: write NAME=VALUE.")
            typer.echo(message.in_(lang), err=True)
            raise typer.Exit(BAD_INPUT)
        chosen[name] = value
    return chosen
