"""The commands by name: what is listed of each is what it says of itself, and only what is asked for is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support import Run
from vwv_im import __version__
from vwv_im.cli.commands import COMMANDS, imported


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_as_it_tells_of_itself(name: str) -> None:
    first, _, _ = str(imported(name).help).partition("\n\n")
    assert (imported(name).name, first.replace("\n", " ")) == (name, COMMANDS[name])


def loaded(*arguments: str) -> list[str]:
    """Return what a process has loaded, of what some command needs, when it ends."""
    late = ["typer", "pydantic", "jinja2", "ruamel", "durable", "vwv_im.law", "vwv_im.review", "vwv_im.web"]
    code = f"""import atexit, sys
atexit.register(lambda: print(*[name for name in {late!r} if name in sys.modules], file=sys.stderr))
sys.argv[1:] = {list(arguments)!r}
from vwv_im.cli.main import main
main()"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    return ended.stderr.splitlines()[-1].split()


def test_the_version_needs_nothing() -> None:
    assert loaded("--version") == []


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_the_list_of_commands_needs_none_of_them(arguments: list[str]) -> None:
    assert loaded(*arguments) == ["typer"]


def test_a_command_needs_no_other() -> None:
    assert not {"jinja2", "vwv_im.review", "vwv_im.web"} & {*loaded("evaluate", "--help")}


def test_the_version_is_the_same_wherever_it_is_asked_for(cli: Run) -> None:
    assert cli("--version") == cli("--version", "evaluate") == (0, f"vwv-im {__version__}\n", "")


def test_an_unknown_command_is_told_with_those_that_are_close(cli: Run) -> None:
    ended = cli("evaluat")
    assert ended.status == 2
    assert "'evaluate'" in ended.err
