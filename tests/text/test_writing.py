"""One writer: a file is what it was, or all that was to be written; what is read is never written to."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support import ROOT
from vwv_im.cli.main import app
from vwv_im.text import NotWrittenError, new_file, remove_file, write_file

CASE = ROOT / "examples" / "tettnang.yaml"
posix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")


def test_whatever_goes_wrong_the_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "aus.txt"
    target.write_text("alt")
    with pytest.raises(RuntimeError), new_file(target) as file:  # noqa: PT012 - in the middle of writing
        file.write(b"halb")
        raise RuntimeError
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("aus.txt", "alt")]


def test_what_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("")
    for target in (tmp_path / "fehlt" / "a", tmp_path / "datei" / "a", tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(NotWrittenError, match="VIM003"):
            write_file(target, "neu")
    remove_file(tmp_path / "fehlt")
    with pytest.raises(NotWrittenError, match="VIM003"):
        remove_file(tmp_path)


@posix
def test_a_name_that_somebody_planted_is_not_followed(tmp_path: Path) -> None:
    foreign, target = tmp_path / "fremd.txt", tmp_path / "aus.txt"
    foreign.write_text("fremd")
    (tmp_path / f".aus.txt.{os.getpid()}.teil").symlink_to(foreign)
    write_file(target, "neu")
    assert (foreign.read_text(), target.read_text()) == ("fremd", "neu")


@posix
def test_links_and_modes_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "wahr.txt", tmp_path / "link.txt"
    real.write_text("alt")
    real.chmod(0o600)
    link.symlink_to(real.name)
    write_file(link, "neu")
    assert (link.is_symlink(), real.read_text(), stat.S_IMODE(real.stat().st_mode)) == (True, "neu", 0o600)
    write_file(tmp_path / "frisch.txt", "neu")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "frisch.txt").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate", "{case}", "--on", "2018-06-01", "--receipt", "{case}"),
        ("duties", "{case}", "--on", "2018-06-01", "--ics", "{case}"),
        ("note", "{case}", "{case}.md", "--on", "2018-06-01"),
        ("interview", "{case}", "--on", "2018-06-01", "--out", "{case}"),
    ],
)
def test_no_command_writes_to_what_it_reads(tmp_path: Path, command: tuple[str, ...]) -> None:
    case = tmp_path / "fall.yaml"
    case.write_bytes(CASE.read_bytes())
    os.link(case, tmp_path / "fall.yaml.md")
    result = CliRunner().invoke(app, [word.format(case=case) for word in command])
    assert (result.exit_code, "VIM003" in result.output) == (2, True)
    assert case.read_bytes() == CASE.read_bytes()


def test_no_rule_file_is_overwritten(tmp_path: Path) -> None:
    rule = tmp_path / "regeln" / "akt.yaml"
    rule.parent.mkdir()
    rule.write_text("akt: {}")
    with pytest.raises(NotWrittenError):
        write_file(rule, "neu", read=[rule.parent])
    write_file(rule.with_name("neu.json"), "neu", read=[rule.parent])
