"""The commands by name: listed in groups, told in German, with examples that run, and only what is asked for loaded."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from support import EXAMPLES, RULES, Run
from vwv_im import __version__
from vwv_im.cli.commands import imported
from vwv_im.cli.german import COMMANDS, TOLD
from vwv_im.cli.terminal import working

EXAMPLE_LINES = [(name, line) for name, about in COMMANDS.items() for line in about["examples"]]
ONLY_READ = {
    "serve": "it serves until it is stopped",
    "mcp": "it serves until it is stopped",
    "docs": "it takes minutes",
    "prove": "it takes minutes",
}
"""Commands whose examples are read, not run."""
FEW_CASES = {"synopsis"}
"""Commands that decide every case of the corpus: here there are none."""
FOR_PROGRAMS = {"schema", "export", "example", "synopsis"}
"""Commands that print a document for programs, whose lines are not broken."""
NEEDS = {"note": ("docx", "typst"), "batch": ("polars", "xlsxwriter")}
ENGLISH = re.compile(
    r"\b(usage|options|arguments?|commands?|try|missing|invalid|error|default|required|show|install|"
    r"unexpected|no such|did you mean|choose|input should|value|help for|env var|aborted|"
    r"str|int|float|bool|path|list)\b(?![-_.=])",
    re.IGNORECASE,
)
WRONG_CALLS = [
    "nichts",
    "evaluat fall.yaml",
    "evaluate",
    "evaluate a.yaml b.yaml",
    "evaluate a.yaml --onn x",
    "evaluate a.yaml --on",
    "evaluate a.yaml --full=1",
    "evaluate a.yaml --lang fr",
    "synopsis 2020-11-11 --examples viele",
    "synopsis 2020-11-11 --examples -1",
    "prove --timeout bald",
    "serve --port 0",
    "serve --port 99999",
    "docs",
    "docs nichts",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, which is the working directory, with the files that the examples read."""
    shutil.copy(EXAMPLES / "tettnang.yaml", tmp_path / "fall.yaml")
    shutil.copy(EXAMPLES / "verwendungsnachweis-stuttgart.yaml", tmp_path / "nachweis.yaml")
    shutil.copy(EXAMPLES / "stellen.csv", tmp_path / "stellen.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def not_german(text: str) -> set[str]:
    """Return the English words of a help; options and what stands for their values are names."""
    text = re.sub(r"--?[a-z][-a-z]*( (?:[a-z]+\|)+[a-z]+)?|'[^']*'|VWV_\w+", "", text)
    return {found[0] for found in ENGLISH.finditer(text)}


def too_wide(text: str, columns: int) -> list[str]:
    """Return the lines wider than the terminal; one that is a single word cannot be broken."""
    return [line for line in text.splitlines() if len(line) > columns and len(line.split()) > 1]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_found_by_its_name_and_told_as_it_is_listed(name: str, cli: Run) -> None:
    assert imported(name).name == name
    first = COMMANDS[name]["help"].strip().partition("\n\n")[0]
    assert " ".join(cli(name, "--help").out.split()).partition(first)[1]
    assert first in " ".join(cli("--help").out.split())


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("call", ["", *COMMANDS, "docs build", "docs write", "docs check"])
def test_help_is_german_and_fits_the_terminal(
    call: str, columns: int, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    ended = cli(*call.split(), "--help")
    assert (ended.status, ended.err) == (0, "")
    assert not not_german(ended.out)
    assert not too_wide(ended.out, columns)
    assert ended.out.startswith(f"Aufruf: vwv-im {call}".rstrip())


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_what_is_wrong_with_a_call_is_said_in_german(call: str, cli: Run) -> None:
    ended = cli(*call.split())
    assert (ended.status, ended.out) == (2, "")
    assert not not_german(ended.err)
    assert re.search(r"^Aufruf: vwv-im ", ended.err, re.MULTILINE) or "ohne Wert" in ended.err or "fehlt" in ended.err


def test_the_words_that_are_not_german_are_found() -> None:
    assert not_german("Usage: vwv-im [OPTIONS]\nTry 'vwv-im -h' for help. Missing argument 'FALL'. <str>") == {
        "Usage", "OPTIONS", "Try", "Missing", "argument", "str",
    }  # fmt: skip


def test_several_cases_are_for_another_command(cli: Run) -> None:
    assert "vwv-im batch QUELLE ZIEL" in cli("evaluate", "a.yaml", "b.yaml", "--on", "01.06.2018").err


def test_without_a_command_three_things_are_shown_that_run(cli: Run, folder: Path) -> None:
    (folder / "fall.yaml").unlink()
    ended = cli()
    assert ended.status == 0
    assert not too_wide(ended.out, 60)
    lines = [line.strip() for line in ended.out.splitlines() if line.startswith("  vwv-im ")]
    assert [line.split()[1] for line in lines] == ["example", "evaluate", "interview", "serve"]
    write, decide, *_ = lines
    assert cli(*shlex.split(write)[1:]).status == 0
    assert "\nJA, soweit bekannt" in cli(*shlex.split(decide)[1:]).out


def test_the_page_is_shown_with_what_it_needs(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vwv_im.cli.commands.find_spec", lambda name: None if name == "fastapi" else find_spec(name))
    assert TOLD["web"] in cli().out


def test_that_mkdocs_is_missing_is_said_before_any_page_is_written(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vwv_im.cli.publish.find_spec", lambda name: None)
    (tmp_path / "mkdocs.yml").touch()
    ended = cli("docs", "build", "--root", tmp_path)
    assert (ended.status, ended.out) == (2, "")
    assert 'pip install "vwv-im[docs]"' in ended.err
    assert [found.name for found in tmp_path.iterdir()] == ["mkdocs.yml"]


@pytest.mark.parametrize(("name", "line"), EXAMPLE_LINES, ids=[line for _, line in EXAMPLE_LINES])
def test_every_example_runs_and_fits_the_terminal(
    name: str, line: str, cli: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, *arguments = shlex.split(line)
    assert (program, arguments[0]) == ("vwv-im", name) or line in COMMANDS["evaluate"]["examples"] or name == "replay"
    assert line in cli(name, "--help").out
    if name in ONLY_READ:
        read(arguments)
        return
    for module in NEEDS.get(name, ()):
        pytest.importorskip(module)
    for before in COMMANDS[name]["examples"][: COMMANDS[name]["examples"].index(line)] if name == "replay" else ():
        cli(*shlex.split(before)[1:])
    monkeypatch.setattr("sys.stdin", StringIO())  # nobody answers
    if name in FEW_CASES:
        (folder / "faelle").mkdir()
        arguments += ["--cases", "faelle"]
    for columns in (80, 60) if name not in FOR_PROGRAMS and "--format" not in arguments else (80,):
        monkeypatch.setenv("COLUMNS", str(columns))
        ended = cli(*arguments)
        assert ended.status in (0, 1, 3), ended.err
        if name not in FOR_PROGRAMS and "--format" not in arguments:
            assert not too_wide(ended.out + ended.err, columns)


ABOUT_A_CASE = (
    "evaluate", "evaluate --full", "needs", "counterfactuals", "compare", "compare --full", "periods", "amounts",
    "refill", "duties",
)  # fmt: skip


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("call", ABOUT_A_CASE)
@pytest.mark.parametrize("case", ["berglen", "nachbesetzung", "stuttgart", "tettnang"])
def test_no_line_about_a_case_is_wider_than_the_terminal(
    case: str, call: str, columns: int, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    name, *more = call.split()
    ended = cli(name, EXAMPLES / f"{case}.yaml", "--on", "01.06.2020", *more)
    assert ended.status in (0, 1, 3), ended.err
    assert ended.out
    assert not too_wide(ended.out + ended.err, columns)


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("call", ["rules", "rules --open", "rules --all", "example", "coverage --missing"])
def test_no_line_about_the_rules_is_wider_than_the_terminal(
    call: str, columns: int, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    ended = cli(*call.split())
    assert ended.status == 0
    assert not too_wide(ended.out + ended.err, columns)


def read(arguments: list[str]) -> None:
    """Read the arguments of a command without running it."""
    command: Any = imported(arguments[0])
    if hasattr(command, "commands"):
        command, arguments = command.commands[arguments[1]], arguments[1:]
    command.make_context(arguments[0], arguments[1:])


def loaded(*arguments: str) -> list[str]:
    """Return what a process has loaded, of what some command needs, when it ends."""
    late = ["typer", "rich", "pydantic", "jinja2", "ruamel", "durable", "vwv_im.law", "vwv_im.review", "vwv_im.web"]
    code = f"""import atexit, sys
atexit.register(lambda: print(*[name for name in {late!r} if name in sys.modules], file=sys.stderr))
sys.argv[1:] = {list(arguments)!r}
from vwv_im.cli.main import main
main()"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    return ended.stderr.splitlines()[-1].split()


def test_the_version_needs_nothing() -> None:
    assert loaded("--version") == []


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_the_list_of_commands_needs_none_of_them(arguments: list[str]) -> None:
    assert loaded(*arguments) == ["typer"]


def test_a_command_needs_no_other() -> None:
    assert not {"jinja2", "vwv_im.review", "vwv_im.web"} & {*loaded("evaluate", "--help")}


def test_the_version_is_the_same_wherever_it_is_asked_for(cli: Run) -> None:
    assert cli("--version") == cli("--version", "evaluate") == (0, f"vwv-im {__version__}\n", "")


def test_an_unknown_command_is_told_with_those_that_are_close(cli: Run) -> None:
    ended = cli("evaluat")
    assert ended.status == 2
    assert "Meinten Sie 'evaluate'?" in ended.err


def completed(words: str) -> list[str]:
    """Return what the shell would offer for the last word."""
    code = "from vwv_im.cli.main import main; main()"
    environment = {"_VWV_IM_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    command = [sys.executable, "-c", f"import sys; sys.argv[0] = 'vwv-im'; {code}"]
    ended = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("vwv-im eva", "evaluate"),
        ("vwv-im evaluate --question ziel", "zielgruppe"),
        ("vwv-im evaluate --reading mindest", "mindestantrag=geld"),
        ("vwv-im rules --fassung 2020", "2020-11-11"),
        ("vwv-im example ber", "berglen"),
    ],
)
def test_the_shell_completes_commands_questions_readings_and_fassungen(words: str, offered: str) -> None:
    assert offered in completed(words)


def test_completion_is_set_up_and_said_in_german(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "bash")
    ended = cli("--install-completion")
    assert ended.status == 0
    assert ended.out.startswith(f"Eingerichtet in {tmp_path}")
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "csh")
    assert "Diese Shell ist nicht bekannt" in cli("--install-completion").err


# What a terminal shows


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let what is printed believe that it is shown on a terminal of 80 columns and 60 lines."""
    for name, value in (("COLUMNS", "80"), ("LINES", "60"), ("NO_COLOR", "")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("_pytest.capture.CaptureIO.isatty", lambda _: True, raising=False)
    return monkeypatch


@pytest.mark.parametrize(("name", "colour"), [("tettnang", 32), ("neukirch", 31), ("maulburg", 33)])
def test_the_result_and_nothing_else_is_in_colour(
    name: str, colour: int, cli: Run, terminal: pytest.MonkeyPatch
) -> None:
    shown = cli("evaluate", EXAMPLES / f"{name}.yaml", "--on", "01.06.2018").out
    assert re.search(rf"^\x1b\[{colour}m\x1b\[1m(JA|NEIN|OFFEN)[^\x1b]+\x1b\[0m$", shown, re.MULTILINE)
    assert shown.count("\x1b") == 3


def test_colour_is_left_out_where_it_is_not_wanted(cli: Run, terminal: pytest.MonkeyPatch) -> None:
    call = ("evaluate", EXAMPLES / "tettnang.yaml", "--on", "01.06.2018")
    coloured = cli(*call).out
    plain = re.sub(r"\x1b\[\d+m", "", coloured)
    assert plain != coloured
    for wanted in (("--no-color", *call), (*call, "--no-color")):
        terminal.setenv("NO_COLOR", "")
        assert cli(*wanted).out == plain
    terminal.setenv("NO_COLOR", "1")
    assert cli(*call).out == plain
    assert cli(*call, "--format", "json").document["verdict"] == "yes"


def test_long_text_is_shown_by_a_pager_on_a_terminal_only(cli: Run, terminal: pytest.MonkeyPatch) -> None:
    paged: list[str] = []
    terminal.setattr("pydoc.pager", paged.append)
    terminal.setenv("LESS", "")
    terminal.delenv("LESS")
    call = ("evaluate", EXAMPLES / "tettnang.yaml", "--on", "01.06.2018")
    assert "JA, soweit" in cli(*call).out
    assert paged == []
    assert cli(*call, "--full").out == ""
    assert "Quellen" in paged[0]
    assert "q\\: beenden" in os.environ["LESS"]
    terminal.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert "Quellen" in cli(*call, "--full").out
    assert len(paged) == 1


def test_the_reference_of_the_commands_is_german() -> None:
    reference = (RULES.parent / "docs" / "befehle.md").read_text("utf-8")
    assert not re.findall(r"\[required|default: |env var|<(?:str|path|int|float|list)\b[^>]*>", reference)
    assert {"[nötig]", "[Vorgabe: de]"} <= set(re.findall(r"\[[^]]+\]", reference))


def test_how_far_it_is_is_said_where_that_is_known(terminal: pytest.MonkeyPatch) -> None:
    told = StringIO()
    terminal.setattr(told, "isatty", lambda: True, raising=False)
    terminal.setattr(sys, "stderr", told)
    with working("Die Regeln werden verändert") as progress:
        progress(3, 40)
    assert "3/40" in told.getvalue()


def test_what_takes_long_says_what_it_does_on_a_terminal_only(cli: Run, terminal: pytest.MonkeyPatch) -> None:
    call = ("check", RULES)
    assert "Die Regeldateien werden geprüft" in cli(*call).err
    terminal.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert cli(*call).err == ""


# Days


@pytest.mark.parametrize("day", ["01.06.2018", "1.6.2018", "2018-06-01"])
def test_a_day_is_written_as_germans_do_or_as_iso(day: str, cli: Run) -> None:
    document = cli("evaluate", EXAMPLES / "tettnang.yaml", "--on", day, "--known-on", day, "--format", "json").document
    assert (document["on"], document["known_on"]) == ("2018-06-01", "2018-06-01")


def test_a_year_of_two_figures_is_asked_back(cli: Run) -> None:
    ended = cli("evaluate", EXAMPLES / "tettnang.yaml", "--on", "01.06.18")
    assert (ended.status, ended.out) == (2, "")
    assert "Meinten Sie 01.06.2018?" in ended.err


def test_a_fassung_is_named_by_its_day(cli: Run) -> None:
    german, iso = (cli("export", "dmn", "--fassung", day) for day in ("11.11.2020", "2020-11-11"))
    assert german == iso
    assert german.status == 0


def takers_of_days() -> list[tuple[Any, Any]]:
    """Return every option and argument of a command whose help says that it takes a day, with its command."""
    commands = [imported(name) for name in COMMANDS]
    commands += [inner for one in commands for inner in getattr(one, "commands", {}).values()]
    return [(command, one) for command in commands for one in command.params if one.metavar == "TAG"]


def test_whatever_takes_a_day_takes_it_as_germans_write_it() -> None:
    takers = takers_of_days()
    assert {option for _, one in takers for option in one.opts} == {
        "--on", "--known-on", "--fassung", "--erlass", "wanted",
    }  # fmt: skip
    for command, one in takers:
        context = command.make_context(command.name, [], resilient_parsing=True)
        read = one.process_value(context, ["11.03.2022"] if one.multiple else "11.03.2022")
        assert read == (["2022-03-11"] if one.multiple else "2022-03-11"), f"{command.name} {one.name}"


def test_an_erlass_is_named_by_its_day(cli: Run) -> None:
    german, iso = (
        cli("export", "dmn", "--fassung", "26.01.2022", "--erlass", day) for day in ("11.03.2022", "2022-03-11")
    )
    assert german == iso
    assert german.status == 0


def test_of_a_misspelt_option_only_the_nearest_is_named(cli: Run) -> None:
    ended = cli("evaluate", "fall.yaml", "--fomrat", "text")
    assert (ended.status, ended.err.splitlines()[0]) == (2, "Die Option --fomrat gibt es nicht. Meinten Sie --format?")
