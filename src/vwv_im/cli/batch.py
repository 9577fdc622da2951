"""`vwv-im batch IN OUT`: a file of many cases."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vwv_im.cli.options import NO, Asked, about_a_case, day_option, refuse
from vwv_im.cli.terminal import say, working
from vwv_im.text import Language, Text, refuse_inputs, sentence

if TYPE_CHECKING:
    from vwv_im.tables.file_batch import Summary
    from vwv_im.tables.words import Words

_EXTRA = 'batch braucht Zusätze: pip install "vwv-im[columns,excel]" / batch needs extras ({name})'


@about_a_case("source target on question known_on reading sheet template lang rules")
def batch(
    asked: Asked,
    on: Annotated[  # noqa: ARG001 - `asked` has it; here it is not always needed
        str | None,
        day_option("--on", help="Tag der Entscheidung, wo keine Spalte on ihn nennt."),
    ] = None,
    source: Annotated[
        Path | None, typer.Argument(help="Quelle: .csv, .tsv, .parquet, .jsonl, .xlsx oder .ods.", metavar="QUELLE")
    ] = None,
    target: Annotated[
        Path | None, typer.Argument(help="Ziel: .csv, .parquet, .jsonl oder .xlsx.", metavar="ZIEL")
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Nur dieses Blatt der Arbeitsmappe lesen, auch ein ausgeblendetes; mehrfach für Listen.",
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="DATEI", help="Statt dessen eine leere Arbeitsmappe zum Ausfüllen schreiben."),
    ] = None,
) -> None:
    """Decide the cases of a table, and write what came of each."""
    try:
        if template is not None:
            _write_template(template, asked)
            return
        if source is None or target is None:
            refuse(Text("Nennen Sie QUELLE und ZIEL.", "Name source and target."))
        summary, words = _run(source, target, asked, sheet or ())
    except ModuleNotFoundError as error:
        refuse(_EXTRA.format(name=error.name))
    say(_told(summary, target, words, asked.lang), err=True)
    if summary.faults:
        raise typer.Exit(NO)


def _run(source: Path, target: Path, asked: Asked, sheets: Sequence[str]) -> tuple[Summary, Words]:
    from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError  # noqa: PLC0415
    from vwv_im.tables.file_batch import Batch  # noqa: PLC0415 - polars is loaded when it is asked for
    from vwv_im.tables.frames import request_of  # noqa: PLC0415
    from vwv_im.tables.words import Words  # noqa: PLC0415

    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # what is half written is cleared away
    law, request = request_of(**asked.options())
    with working(Text("Zeilen werden entschieden", "Deciding rows").in_(asked.lang)) as progress:
        try:
            job = Batch(source, target, law, request, asked.on is None, asked.lang, progress)
            summary = replace(job, sheets=sheets, read=[] if asked.rules is None else [asked.rules]).run()
        except NotInColumnsError as error:
            refuse(Text(f"Tabellen können das nicht rechnen: {error}.", f"Tables cannot compute this: {error}."))
    return summary, Words(law, asked.lang, law.questions[request.question])


def _write_template(path: Path, asked: Asked) -> None:
    from vwv_im.tables.frames import request_of  # noqa: PLC0415
    from vwv_im.tables.table_faults import file_error  # noqa: PLC0415
    from vwv_im.tables.template import write_template  # noqa: PLC0415

    if path.suffix.lower() != ".xlsx":
        raise file_error(path, "template_ending")
    law, request = request_of(question=asked.question, rules=asked.rules)
    refuse_inputs(path, [] if asked.rules is None else [asked.rules])
    write_template(path, law, request.question, asked.lang)
    typer.echo(str(path))


def _told(summary: Summary, target: Path, words: Words, lang: Language) -> str:
    """Say in a line what came of the file, and in further ones what else its reader must know."""
    rows = _counted(summary.rows, Text("Zeile", "row"), Text("Zeilen", "rows"), lang)
    if summary.key is not None:
        rows += f" ({words.title_of_records}: {summary.outcomes.total()})"
    labels = words.labels("verdict")
    answers = ", ".join(f"{labels[name]}: {count}" for name, count in sorted(summary.verdicts.items()))
    said = {name: sentence(f"outcomes.{name}").in_(lang) for name in summary.outcomes}
    said |= {"decided": f"{said['decided']} ({answers})"} if answers else {}
    outcomes = ", ".join(f"{count} {said[name]}" for name, count in sorted(summary.outcomes.items()))
    lines = [Text(f"{rows} nach {target}: {outcomes}.", f"{rows} to {target}: {outcomes}.").in_(lang)]
    if summary.faults:
        faults = _counted(summary.faults, Text("Fehler", "fault"), Text("Fehler", "faults"), lang)
        lines.append(f"{faults} in {target}.fehler.csv.")
    named = {"sheets": summary.sheets, "unread": summary.unread, "unknown": summary.unknown}
    told = ((kind, ", ".join(names)) for kind, names in named.items())
    lines += [sentence(f"cli.batch_{kind}", sheets=names).in_(lang) for kind, names in told if names]
    if summary.replaced:
        lines.append(sentence("cli.batch_replaced").in_(lang))
    return "\n".join(lines)


def _counted(count: int, one: Text, several: Text, lang: Language) -> str:
    return f"{count} {(one if count == 1 else several).in_(lang)}"
