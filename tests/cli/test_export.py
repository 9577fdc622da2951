"""`vwv-im export`: the rules as files for other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import TOY
from vwv_im.cli.main import main
from vwv_im.law.regulation import load_regulation, regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.publish.regulation_json import read_regulation_json, regulation_document


@pytest.fixture
def status(monkeypatch: pytest.MonkeyPatch):
    def of(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["vwv-im", "export", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return of


def test_dmn_goes_to_a_file_or_to_the_standard_output(status, tmp_path: Path, capfdbinary) -> None:
    assert status("dmn", "--fassung", "2019-08-28", "--out", str(tmp_path / "regeln.dmn")) == 0
    assert (tmp_path / "regeln.dmn").read_bytes() == dmn_of(regulation(), "2019-08-28")
    assert [path.name for path in tmp_path.iterdir()] == ["regeln.dmn"]
    assert status("dmn", "--question", "zielgruppe", "--erlass", "2022-03-11") == 0
    assert capfdbinary.readouterr().out == dmn_of(regulation(), "2022-01-26", ("2022-03-11",), "zielgruppe")


def test_json_holds_the_whole_regulation(status, capsys) -> None:
    assert status("json") == 0
    assert read_regulation_json(capsys.readouterr().out) == regulation_document(regulation())


def test_other_rule_files_can_be_exported(status, capsys) -> None:
    assert status("json", "--rules", str(TOY)) == 0
    assert read_regulation_json(capsys.readouterr().out).akte == regulation_document(load_regulation(TOY)).akte


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dmn", "--fassung", "2018", "--question", "foo"], ["2017-12-11, 2019-08-28", "antrag, zielgruppe, zaehlung"]),
        (["dmn", "--fassung", "2019-08-28", "--erlass", "2022-03-11"], ["--fassung 2022-01-26"]),
        (["dmn", "--erlass", "2022-01-26"], ["Möglich sind: 2022-03-11"]),
        (["json", "--fassung", "2019-08-28"], ["das JSON enthält jede Fassung"]),
        (
            ["json", "--lang", "en", "--out", "/dev/null/x"],
            ["VIM003", "cannot be written: a part of the path is no folder"],
        ),
        (["xml"], ["VIM150 'xml' ist unbekannt. Möglich sind: dmn, json, app."]),
        (["dmn", "--rules", "/nirgends"], ["VIM003"]),
        (["app"], ["Nennen Sie ihn: vwv-im export app ORDNER"]),
        (["app", "seite", "--fassung", "2019-08-28"], ["Lassen Sie --fassung"]),
        (["json", "seite"], ["nur bei app"]),
    ],
)
def test_what_cannot_be_exported_is_said(status, capsys, arguments: list[str], said: list[str]) -> None:
    assert status(*arguments) == 2
    told = capsys.readouterr().err
    assert [words for words in said if words not in told] == []
