"""What the tests of the command line share."""

from __future__ import annotations

import sys

import pytest

from support import Ended, Run
from vwv_im.cli.main import main


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `vwv-im` with the arguments given."""

    def ended(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["vwv-im", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        written = capsys.readouterr()
        return Ended(caught.value.code if isinstance(caught.value.code, int) else 0, written.out, written.err)

    return ended
