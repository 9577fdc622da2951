"""`vwv-im`: the command line, a door to the same API; `app` names its commands."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from vwv_im import __version__

if TYPE_CHECKING:
    from vwv_im.cli.commands import app  # noqa: F401 - a name of this module, loaded late

UNEXPECTED = 70
"""The exit status of an unexpected fault."""


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'vwv_im.cli.main' has no attribute {name!r}")
    from vwv_im.cli.commands import app  # noqa: PLC0415 - the version is told before Typer is loaded

    return app


def main() -> None:
    """Run the command line; an unexpected fault ends with status 70 and no traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `vwv-im … | head` ends quietly
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if "--no-color" in sys.argv:  # wherever it stands
        sys.argv.remove("--no-color")
        os.environ["NO_COLOR"] = "1"
    if sys.argv[1:] == ["--version"]:
        print(f"vwv-im {__version__}")
        sys.exit()
    gc.disable()  # until the command begins: looking through what is loaded, as it grows, takes long
    try:
        __getattr__("app")(prog_name="vwv-im")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # also what a library in Rust raises when it gives up
        if os.environ.get("VWV_IM_DEBUG"):
            raise
        sys.stderr.write(
            f"Unerwarteter Fehler: {type(error).__name__}: {error}\n"
            "Das ist ein Fehler dieses Programms, nicht Ihrer Angaben. VWV_IM_DEBUG=1 zeigt mehr.\n"
        )
        sys.exit(UNEXPECTED)
    finally:
        gc.enable()
