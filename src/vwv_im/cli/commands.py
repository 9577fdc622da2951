"""The commands of `vwv-im` by name: each is imported when it is run or asked for help, none to be listed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from vwv_im import __version__

T = TypeVar("T")
COMMANDS = {
    "evaluate": "Einen Fall entscheiden.",
    "compare": "Den Tag festhalten und die Fassung wechseln: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt.",
    "needs": "Was noch gebraucht wird, das Entscheidendste zuerst, mit dem Ergebnis je Antwort.",
    "counterfactuals": "Die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre.",
    "interview": "Fragen, was zur Entscheidung noch fehlt, bis sie feststeht; am Ende Entscheidung und Fall.",
    "batch": "Viele Fälle aus einer Datei entscheiden. Eine Spalte 'on' nennt den Tag der Entscheidung, sonst --on.",
    "note": "Einen Prüfvermerk schreiben: Angaben, Prüfschema, Ergebnis, Auslegungen, offene Fragen.",
    "replay": "Eine Entscheidung aus ihrem Prüfprotokoll wiederholen: dieselbe (Rückgabe 0), oder was anders ist (1).",
    "periods": "Je Stelle und Fassung: höchstens möglicher Zeitraum, Ende, verbleibende Monate und Tage.",
    "amounts": "Je Stelle: Betrag je Förderjahr und Haushaltsjahr; die Summe gegen den Planungsrahmen; "
    "der Eigenanteil.",
    "refill": "Je Stelle: Mit wem darf sie nachbesetzt werden, und zu welchem Satz?",
    "duties": "Die Pflichten mit dem gesetzlichen und dem auf einen Werktag verschobenen Tag; auf Wunsch als Kalender.",
    "rules": "Jede Regel mit Gegenstand, Fassungen und Grad des Belegs; mit --open die offenen Fragen.",
    "check": "Regeldateien prüfen: Was ist ungenutzt, unerreichbar, doppelt, lückenhaft, unbelegt, unübersetzt?",
    "synopsis": "Alt und neu nebeneinander, die Wörter markiert, mit den Fällen, deren Entscheidung sich ändert.",
    "mutate": "Jede Regeldatei Schritt für Schritt verändern: Bemerkt es ein Fall? Sonst muss "
    "ein Grund hinterlegt sein.",
    "coverage": "Regel × Ergebnis × Fassung: was die Fälle zeigen, was keiner zeigt und was keiner zeigen kann.",
    "prove": "Für alle denkbaren Fälle beweisen, was die Regeln leisten, oder einen Fall zeigen, der es widerlegt.",
    "schema": "Das JSON-Schema von Fall (case), Entscheidung (decision) und anderen Ausgaben, "
    "oder einer Art Regeldatei.",
    "export": "Die Regeln für andere Programme: als DMN 1.3 oder als JSON.",
    "serve": "HTTP-API und Webseite starten. Angaben werden weder gespeichert noch protokolliert.",
    "docs": "Die Dokumentation: erzeugen, prüfen, bauen.",
}
"""Of each command the first paragraph of its help, which stands in the list of them."""
_MODULES = {
    "explain": "evaluate compare needs counterfactuals note replay",
    "interview": "interview",
    "batch": "batch",
    "calculate": "periods amounts refill duties",
    "publish": "rules schema export docs",
    "review": "check synopsis mutate coverage prove",
    "serve": "serve",
}


class Commands(TyperGroup):
    """The commands of the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update({name: TyperCommand(name, help=about) for name, about in COMMANDS.items()})
        self._listing = False

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, imported; where commands are only listed, what is listed of it."""
        return self.commands.get(cmd_name) if self._listing or cmd_name not in COMMANDS else imported(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with the commands as they are listed."""
        self._as_listed(partial(super().format_help, ctx, formatter))

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Return what a word may be completed to, the commands as they are listed."""
        return self._as_listed(partial(super().shell_complete, ctx, incomplete))

    def _as_listed(self, work: Callable[[], T]) -> T:
        self._listing = True
        try:
            return work()
        finally:
            self._listing = False


def imported(name: str) -> Any:
    """Return a command or a group of commands, made of the function or the group that its module has by this name."""
    from vwv_im.cli.options import guarded  # noqa: PLC0415 - with what decides, which a list of commands needs not

    module = next(module for module, names in _MODULES.items() if name in names.split())
    found = getattr(import_module(f"vwv_im.cli.{module}"), name)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command()(guarded(found))
        found = alone
    return get_command(found)


app = typer.Typer(
    name="vwv-im",
    cls=Commands,
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
