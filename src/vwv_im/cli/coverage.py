"""`vwv-im coverage`: which results of which rule under which Fassung the cases show, and which none."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from vwv_im.cli.options import CasesOption, Lang, LangOption, RulesOption, guarded, print_json
from vwv_im.law.regulation import regulation
from vwv_im.review.corpus import corpus, unreachable
from vwv_im.review.coverage import Coverage, markdown, text
from vwv_im.review.coverage import coverage as coverage_of

INCOMPLETE = 1


class CoverageFormat(StrEnum):
    """Form of the coverage."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def coverage(
    missing: Annotated[bool, typer.Option("--missing", help="Nur, was fehlt.")] = False,
    lang: LangOption = Lang.DE,
    form: Annotated[CoverageFormat, typer.Option("--format", help="Form der Ausgabe.")] = CoverageFormat.TEXT,
    rules: RulesOption = None,
    cases: CasesOption = None,
) -> None:
    """Regel × Ergebnis × Fassung: was die Fälle zeigen, was keiner zeigt und was keiner zeigen kann.

    Endet mit 0, wenn jedes erreichbare Ergebnis gedeckt ist, sonst mit 1.
    """
    found = guarded(lambda: coverage_of(regulation(rules), corpus(cases), unreachable(cases)), lang.value)
    if form is CoverageFormat.JSON:
        print_json(_document(found, missing))
    else:
        write = markdown if form is CoverageFormat.MARKDOWN else text
        typer.echo(write(found, lang.value, missing=missing), nl=False)
    if not found.complete:
        raise typer.Exit(INCOMPLETE)


def _document(found: Coverage, missing: bool) -> dict[str, object]:
    document = found.to_dict()
    if missing:
        document["cells"] = [cell for cell in document["cells"] if cell["state"] in ("missing", "refuted")]
    return document
