"""`vwv-im synopsis`: old and new side by side, and the cases whose decision an act changes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.options import CasesOption, Lang, LangOption, RulesOption, guarded, json_text, write_file
from vwv_im.law.regulation import regulation
from vwv_im.review.corpus import corpus
from vwv_im.review.synopsis import Synopsis
from vwv_im.review.synopsis import synopsis as synopsis_of
from vwv_im.review.synopsis_page import EXAMPLES, html, markdown


class SynopsisFormat(StrEnum):
    """Form of a synopsis."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def synopsis(
    wanted: Annotated[str, typer.Argument(metavar="AKT|A..B", help="Ein Akt, etwa 2020-11-11, oder alle von A bis B.")],
    lang: LangOption = Lang.DE,
    form: Annotated[SynopsisFormat, typer.Option("--format", help="Form der Ausgabe.")] = SynopsisFormat.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", help="In diese Datei schreiben.")] = None,
    examples: Annotated[int, typer.Option("--examples", min=0, help="Beispielfälle je Änderung.")] = EXAMPLES,
    rules: RulesOption = None,
    cases: CasesOption = None,
) -> None:
    """Alt und neu nebeneinander, die Wörter markiert, mit den Fällen, deren Entscheidung sich ändert."""
    found = guarded(
        lambda: synopsis_of(regulation(rules), wanted, lang=lang.value, cases=corpus(cases)),
        lang.value,
    )
    text = _page(found, form, examples)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_file(out, text, lang.value)


def _page(found: Synopsis, form: SynopsisFormat, examples: int) -> str:
    match form:
        case SynopsisFormat.HTML:
            return html(found, examples=examples)
        case SynopsisFormat.MARKDOWN:
            return markdown(found, examples=examples)
        case SynopsisFormat.JSON:
            return f"{json_text(found)}\n"
