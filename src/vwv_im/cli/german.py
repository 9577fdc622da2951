"""Help and usage errors in German, as text within the terminal: what every command and group of `vwv-im` shares."""

from __future__ import annotations

import re
import sys
import tomllib
from contextlib import redirect_stdout
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from vwv_im.cli.terminal import say

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("commands.toml").read_text("utf-8"))
"""What the command line says of itself."""
COMMANDS = {name: {**about, "group": group} for group, them in TOLD["groups"].items() for name, about in them.items()}
"""Of each command its group, module, help and examples."""
CALLED: dict[str, Any] = {"options_metavar": "[OPTIONEN]", "subcommand_metavar": "BEFEHL …"}
"""How the parts of a call are named."""
_UsageError: Any = typer.BadParameter.__base__


class _German:
    """The parts of a command or group that Typer writes in English."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options and arguments, those that Typer adds told in German."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for one in found:
            one.help = TOLD["german"]["options"].get(one.name, getattr(one, "help", None))
            if one.name == "install_completion":
                one.callback = _install
        return found

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, re.sub(r"\{(.+?)\}", r"\1", pieces), prefix="Aufruf: ")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, the commands in their groups, and the options."""
        kinds: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for one in self.get_params(ctx):
            if record := one.get_help_record(ctx):
                first, second = (in_german(part, "help") for part in record)
                name = one.display_name_raw if one.param_type_name == "argument" else first
                kinds[one.param_type_name].append((name, second))
        sections = {"Angaben": kinds["argument"], **_in_groups(self, ctx), "Optionen": kinds["option"]}
        for head, rows in sections.items():
            if rows:
                with formatter.section(head):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, each a line to be copied."""
        examples = COMMANDS.get(self.name, {}).get("examples", ())  # type: ignore[attr-defined]
        if examples:
            formatter.write("\nBeispiele:\n" + "".join(f"  {example}\n" for example in examples))

    def main(self, *given: Any, **options: Any) -> NoReturn:
        """Run; what is wrong with the call is said in German, with status 2."""
        try:
            status = super().main(*given, **{**options, "standalone_mode": False})  # type: ignore[misc]
        except _UsageError as error:
            _tell(error)
            sys.exit(2)
        except typer.Abort:
            sys.exit(1)
        sys.exit(status or 0)


class Command(_German, TyperCommand):
    """A command with German help."""


class Group(_German, TyperGroup):
    """A group of commands with German help."""


def first_of(help_text: str) -> str:
    """Return the first paragraph of a help, on one line."""
    return help_text.strip().partition("\n\n")[0].replace("\n", " ")


def _in_groups(command: Any, ctx: Any) -> dict[str, list[tuple[str, str]]]:
    """Return the commands below one by their groups, each with the first sentences of its help."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in command.list_commands(ctx) if isinstance(command, TyperGroup) else ():
        about = first_of(command.get_command(ctx, name).help or "")
        group = COMMANDS[name]["group"] if name in COMMANDS and ctx.parent is None else "Befehle"
        found.setdefault(group, []).append((name, about))
    return found


def in_german(said: str, where: str) -> str:
    """Return in German what Typer says in the `help` of an option, or in the `reference` of the commands."""
    for pattern, german in TOLD["german"][where]:
        said = re.sub(pattern, german, said)
    return said


def _tell(error: Any) -> None:
    """Say what is wrong with a call, and how it is right."""
    if possible := getattr(error, "possibilities", None):
        error.possibilities = get_close_matches(error.option_name, possible, n=1)
    said = error.format_message()
    told = next(
        (match.expand(german) for one, german in TOLD["german"]["usage"] if (match := re.fullmatch(one, said))), said
    )
    lines = [told]
    if (context := error.ctx) is not None:
        if "extra argument" in said:
            lines.append(COMMANDS.get(context.command.name, {}).get("extra", ""))
        lines += [context.get_usage(), f"Hilfe: {context.command_path} --help"]
    say("\n".join(line for line in lines if line), err=True)


def _install(context: Any, option: Any, wanted: Any) -> Any:
    """Let the shell complete words, and say so in German."""
    from typer.completion import install_callback  # noqa: PLC0415 - asked for once

    try:
        with redirect_stdout(StringIO()) as said:
            return install_callback(context, option, wanted)
    except typer.Exit:
        typer.echo("Diese Shell ist nicht bekannt; möglich sind bash, zsh, fish und PowerShell.", err=True)
        raise
    except SystemExit:
        place = re.search(r"installed in (.+)", said.getvalue())
        typer.echo(f"Eingerichtet{f' in {place[1]}' if place else ''}; es wirkt im nächsten Terminal.")
        raise
