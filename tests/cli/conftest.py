"""What the tests of the command line share."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from support import Ended, Run
from vwv_im.cli.main import main


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    """Let a command that is run in this process change for no other test what a broken pipe does."""
    number = getattr(signal, "SIGPIPE", None)
    before = None if number is None else signal.getsignal(number)
    yield
    if number is not None:
        signal.signal(number, before)


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
