"""`vwv-im prove`: what holds for all cases, with a case for each operation of an act."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.options import (
    Format,
    FormatOption,
    Lang,
    LangOption,
    RulesOption,
    guarded,
    print_json,
    refuse,
    write_file,
)
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.text import Language, Text
from vwv_im.text.faults import did_you_mean

_REFUTED = 1
_MISSING = Text(
    'Beweise brauchen den Solver z3: pip install "vwv-im[prove]"',
    'Proofs need the solver z3: pip install "vwv-im[prove]"',
)


class Kind(StrEnum):
    """What is to be proved."""

    TABLE = "table"
    REQUIREMENT = "requirement"
    MONOTONY = "monotony"
    OPERATION = "operation"
    READING = "reading"


def prove(
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            "--kind", help="Nur diese Art: Tabellen, Voraussetzungen, Fassungen, Befehle, Lesarten; mehrfach."
        ),
    ] = None,
    fassung: Annotated[str | None, typer.Option("--fassung", help="Nur diese Fassung oder dieser Akt.")] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, help="Sekunden Rechenzeit, die ein Beweis dauern darf.")
    ] = 60,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="So viele Prozesse zugleich.")] = 2,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Die Fälle zu den Befehlen als Datei des Fallkorpus schreiben.")
    ] = None,
    target: Annotated[Path | None, typer.Option("--page", help="Die Ergebnisse als Markdown-Seite schreiben.")] = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
    rules: RulesOption = None,
) -> None:
    """Für alle denkbaren Fälle beweisen, was die Regeln leisten, oder einen Fall zeigen, der es widerlegt.

    Rückgabe 0, wo alles so ist, wie es sein soll; 1, wo etwas widerlegt oder nicht rechtzeitig entschieden ist.
    """
    try:
        from vwv_im.review.proofs import page, run  # noqa: PLC0415 - z3 is an extra, and slow to import
    except ModuleNotFoundError:
        refuse(_MISSING.in_(lang.value))
    law = guarded(lambda: regulation(rules), lang.value)
    _known(law, fassung, lang.value)
    kinds = [one.value for one in kind or list(Kind)]
    found = run.prove(rules, kinds=kinds, only=fassung, seconds=timeout, jobs=jobs)
    if cases is not None:
        write_file(cases, page.corpus_file(found.proofs), lang.value)
    if target is not None:
        write_file(target, page.markdown(found, lang.value), lang.value)
    if form is Format.JSON:
        print_json(found)
    else:
        typer.echo(page.render(found, lang.value), nl=False)
    if found.failing:
        raise typer.Exit(_REFUTED)


def _known(law: Regulation, fassung: str | None, lang: Language) -> None:
    """End where there is no such Fassung or act."""
    names = [*(akt.id for akt in law.acts if akt.art != "nachfolge"), law.with_erlasse.name]
    if fassung is None or fassung in names:
        return
    close = did_you_mean(fassung, names)
    options = Text(f"Möglich sind: {', '.join(names)}.", f"Possible are: {', '.join(names)}.").in_(lang)
    refuse(f"--fassung {fassung}: {close.in_(lang) + ' ' if close else ''}{options}")
