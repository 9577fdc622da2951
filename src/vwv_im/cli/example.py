"""`vwv-im example`: the examples that come along, to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.terminal import say
from vwv_im.decision.request import unknown
from vwv_im.law.regulation import packaged_or_beside
from vwv_im.text import FaultyInputError, write_file


def _examples() -> dict[str, Path]:
    found = sorted(packaged_or_beside("examples", "examples").iterdir())
    return {path.stem: path for path in found if path.suffix in (".yaml", ".csv")}


def example(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Welches; ohne: alle mit Namen.", autocompletion=lambda: [*_examples()]),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DATEI", help="In diese Datei schreiben.")] = None,
) -> None:
    """Print an example or write it to a file; without a name, list them."""
    known = _examples()
    if name is None:
        say("\n".join(f"{one}: {_about(path)}" for one, path in known.items()))
        return
    if name not in known:
        raise FaultyInputError([unknown("example", name, known)])
    content = known[name].read_text("utf-8")
    if out is None:
        typer.echo(content, nl=False)
    else:
        write_file(out, content, [known[name]])
        say(f"Geschrieben: {out}")


def _about(path: Path) -> str:
    """Return what an example says of itself first."""
    first = path.read_text("utf-8").partition("\n")[0]
    return first.removeprefix("# ") if first.startswith("#") else "eine Tabelle vieler Fälle für batch"
