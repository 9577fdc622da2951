"""`vwv-im`: the command line, a door to the same API."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import Annotated

import typer

from vwv_im import __version__
from vwv_im.cli.batch import batch
from vwv_im.cli.calculate import amounts, duties, periods, refill
from vwv_im.cli.explain import compare, counterfactuals, evaluate, needs, note, replay
from vwv_im.cli.interview import interview
from vwv_im.cli.options import UNEXPECTED, guarded
from vwv_im.cli.publish import docs, export, rules, schema
from vwv_im.cli.review import check, coverage, mutate, prove, synopsis
from vwv_im.cli.serve import serve

app = typer.Typer(
    name="vwv-im",
    help="Die VwV Integrationsmanagement (Baden-Württemberg) als ausführbare Regeln, mit Begründung.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vwv-im {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Version ausgeben.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Die VwV Integrationsmanagement (Baden-Württemberg) als ausführbare Regeln, mit Begründung."""


_COMMANDS = (
    evaluate,
    compare,
    needs,
    counterfactuals,
    interview,
    batch,
    note,
    replay,
    periods,
    amounts,
    refill,
    duties,
    rules,
    check,
    synopsis,
    mutate,
    coverage,
    prove,
    schema,
    export,
    serve,
)
for _command in _COMMANDS:
    app.command()(guarded(_command))
app.add_typer(docs, name="docs")


def main() -> None:
    """Run the command line; an unexpected fault ends with status 70 and no traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `vwv-im … | head` ends quietly
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # also what a library in Rust raises when it gives up
        if os.environ.get("VWV_IM_DEBUG"):
            raise
        sys.stderr.write(
            f"Unerwarteter Fehler: {type(error).__name__}: {error}\n"
            "Das ist ein Fehler der Bibliothek, nicht Ihrer Angaben. VWV_IM_DEBUG=1 zeigt mehr.\n"
        )
        sys.exit(UNEXPECTED)
