"""The commands of `vwv-im` by name: each is imported when it is run or asked for help, none to be listed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any, TypeVar

import typer
from typer.main import get_command

from vwv_im import __version__
from vwv_im.cli.german import CALLED, COMMANDS, TOLD, Command, Group, first_of

T = TypeVar("T")


class Commands(Group):
    """The commands of the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update(
            {
                name: Command(name, short_help=first_of(about["help"]), help=about["help"])
                for name, about in COMMANDS.items()
            }
        )
        self._listing = False

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command; where nothing is said, tell what one may begin with."""
        if not args and not ctx.resilient_parsing:
            typer.echo(TOLD["start"] + (TOLD["web"] if find_spec("fastapi") is None else ""))
            ctx.exit()
        return super().parse_args(ctx, args)

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

    about = COMMANDS[name]
    found = getattr(import_module(f"vwv_im.cli.{about['module']}"), name)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(
            name,
            cls=Command,
            help=about["help"],
            short_help=first_of(about["help"]),
            epilog=_examples(about),
            options_metavar=CALLED["options_metavar"],
        )(guarded(found))
        found = alone
    return get_command(found)


def _examples(about: dict[str, Any]) -> str:
    """Return the examples as the reference of the command line shows them, in Markdown."""
    lines = "\n".join(f"$ {example}" for example in about["examples"])
    return f"```console\n{lines}\n```"


app = typer.Typer(
    name="vwv-im",
    cls=Commands,
    help=TOLD["start"].partition("\n\n")[0],
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    **CALLED,
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
    no_color: Annotated[bool, typer.Option("--no-color", help="Keine Farben; wie die Variable NO_COLOR.")] = False,
) -> None:
    """Read what stands before the command."""
