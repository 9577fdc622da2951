"""`vwv-im docs`: the docs site, whose pages about the law are generated from the rule files and the cases."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.options import Lang, LangOption, guarded, refuse
from vwv_im.law.regulation import regulation
from vwv_im.publish.site.atlas import Atlas
from vwv_im.publish.site.book import Book, make_book
from vwv_im.review.corpus import corpus, unreachable
from vwv_im.text import Language, Text

docs = typer.Typer(help="Die Dokumentation: erzeugen, prüfen, bauen.", no_args_is_help=True)

_DIFFERENT = 1
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
RootOption = Annotated[Path, typer.Option("--root", help="Das Verzeichnis, in dem mkdocs.yml und rules/ stehen.")]


@docs.command()
def build(
    root: RootOption = Path(),
    out: Annotated[Path, typer.Option("--out", help="Wohin die Seiten kommen.")] = Path("site"),
    lang: LangOption = Lang.DE,
) -> None:
    """Die Seiten aus den Regeln erzeugen und die ganze Dokumentation bauen, ohne Netz."""
    book = _book(root, lang.value)
    if find_spec("mkdocs") is None:
        refuse('Dazu fehlt mkdocs: pip install "vwv-im[docs]"')
    book.write(root)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out.resolve())]
    ended = subprocess.run(command, cwd=root, env={**os.environ, **_QUIET}, check=False)  # noqa: S603 - our own words
    if ended.returncode:
        raise typer.Exit(_DIFFERENT)
    typer.echo(str(out / "index.html"))


@docs.command()
def write(root: RootOption = Path(), lang: LangOption = Lang.DE) -> None:
    """Die Seiten aus den Regeln und Fällen neu schreiben."""
    book = _book(root, lang.value)
    book.write(root)
    typer.echo(Text(f"{len(book.files)} Dateien geschrieben.", f"{len(book.files)} files written.").in_(lang.value))


@docs.command()
def check(root: RootOption = Path(), lang: LangOption = Lang.DE) -> None:
    """Prüfen, ob die geschriebenen Seiten den Regeln entsprechen (Rückgabe 1, wo nicht)."""
    differences = _book(root, lang.value).differences(root)
    for difference in differences:
        typer.echo(difference.render(lang.value))
    if differences:
        raise typer.Exit(_DIFFERENT)


def _book(root: Path, lang: Language) -> Book:
    if not (root / "mkdocs.yml").is_file():
        missing = Text(
            f"{root}: Hier steht keine mkdocs.yml. Wechseln Sie ins Verzeichnis des Projekts oder nennen Sie --root.",
            f"{root}: there is no mkdocs.yml here. Go to the project's directory or give --root.",
        )
        refuse(missing.in_(lang))
    cases = root / "tests" / "cases"
    atlas = guarded(lambda: Atlas(regulation(root / "rules"), corpus(cases), unreachable(cases)), lang)
    return make_book(atlas, {"en/cli.md": _command_line()})


def _command_line() -> str:
    """Return the reference of the command line, as its own help has it."""
    command = [sys.executable, "-m", "typer", "vwv_im.cli.main", "utils", "docs", "--name", "vwv-im"]
    told = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=_PLAIN).stdout  # noqa: S603
    body = told.partition("\n")[2].strip()
    about = "Written from the commands' own help, which is German; `--lang en` makes their output English."
    return f"# Command line\n\n{about}\n\n{body}"


_PLAIN = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
