"""The commands that publish the rules: `rules`, `schema`, `export` and `docs`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vwv_im import __version__
from vwv_im.cli.german import CALLED, COMMANDS, Command, Group, in_german
from vwv_im.cli.options import (
    NO,
    FassungOption,
    FormatOption,
    LangOption,
    QuestionOption,
    RulesOption,
    day_option,
    guarded,
    print_json,
    refuse,
)
from vwv_im.cli.terminal import say, width, working
from vwv_im.decision import blocks
from vwv_im.decision.blocks import Heading, Item
from vwv_im.decision.request import unknown
from vwv_im.law.evidence import GRADES
from vwv_im.law.register import EFFECTS
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.publish.catalogue import Catalogue, Rule, open_questions_of, python_of, rules_of
from vwv_im.publish.dmn import chosen_dmn
from vwv_im.publish.regulation_json import regulation_document
from vwv_im.publish.schemas import SCHEMAS, schema_of, write_schemas
from vwv_im.review.corpus import corpus, unreachable
from vwv_im.text import (
    FaultyInputError,
    Json,
    Language,
    Place,
    Progress,
    Text,
    fault_of,
    make_folder,
    sentence,
    write_file,
)

if TYPE_CHECKING:
    from vwv_im.publish.site.pages import Book

_MODELS, _OPENAPI = "models", "openapi"
_NAMES = ", ".join((*SCHEMAS, _OPENAPI, _MODELS))


def rules(
    open_only: Annotated[bool, typer.Option("--open", help="Die offenen Fragen statt der Regeln.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Auch Parameter, Ableitungen, Pflichten und Vermerke.")] = False,
    python: Annotated[bool, typer.Option("--python", help="Das Python, das aus den Regeln erzeugt wird.")] = False,
    fassung: FassungOption = None,
    question: QuestionOption = None,
    lang: LangOption = "de",
    form: FormatOption = "text",
    directory: RulesOption = None,
) -> None:
    """Print every rule with its subject, Fassungen and grade of evidence, or the open questions."""
    law = regulation(directory)
    if python:
        typer.echo(python_of(law, fassung, question))
        return
    found = Catalogue(open_questions=open_questions_of(law)) if open_only else Catalogue(rules_of(law, every=every))
    if form == "json":
        print_json(found)
    elif found.rules is None:
        say(blocks.write(_questions(found, lang), "text", width()))
    else:
        say(blocks.write([_rule(rule, law, lang) for rule in found.rules], "text", width()))


def _questions(found: Catalogue, lang: Language) -> Iterator[Heading | Item]:
    """Yield the open questions under what their answers could change, the weightiest first."""
    for effect, title in EFFECTS.items():
        if those := [one.of for one in found.open_questions or () if one.of.wirkung == effect]:
            yield Heading(2, title.in_(lang))
            touches = Text("betrifft", "touches").in_(lang)
            for one in those:
                yield Item(one.frage.text.in_(lang), "?", ((0, f"{touches}: {', '.join(one.betrifft)}"),))


def _rule(rule: Rule, law: Regulation, lang: Language) -> Item:
    """Return a rule with its title, its value, what it is called in the files, its evidence and its Fassungen."""
    value = "" if rule.value is None else f" = {_values(rule.values or {})}"
    kind = rule.art or sentence(f"evidence.{rule.kind}").in_(lang)
    everywhere = set(rule.fassungen) == {one.id for one in law.fassungen}
    acts = [law.act(name).kurz.text.in_(lang) for name in (*(() if everywhere else rule.fassungen), *rule.erlasse)]
    where = [Text("jede Fassung", "every Fassung").in_(lang), *acts] if everywhere else acts
    about = f"{rule.id} · {kind} · {rule.subject} · {GRADES[rule.grade].in_(lang)}"
    return Item(f"{rule.title.in_(lang)}{value}", "", ((0, about), (0, ", ".join(where))))


def _values(by_fassung: Mapping[str, Json]) -> str:
    """Write the value of a parameter; where acts changed it, from which Fassung on each."""
    first, *later = (str(value) for value in by_fassung.values())
    return ", ".join((first, *(f"{value} ({name})" for value, name in zip(later, [*by_fassung][1:], strict=True))))


def schema(
    name: Annotated[
        str | None,
        typer.Argument(help=f"Eines von: {_NAMES}.", metavar="NAME", show_default=False),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option(
            "--write", help="Alle Schemas in dieses Verzeichnis schreiben; bei models und openapi: in diese Datei."
        ),
    ] = None,
    rules: RulesOption = None,
) -> None:
    """Print the JSON Schema of a document or of a kind of rule file, the HTTP interface, or the types of a case."""
    law = regulation(rules)
    if name == _MODELS:
        _write(law.typed_source().encode(), target, rules)
    elif name == _OPENAPI:
        _write(f"{json.dumps(_described(rules), ensure_ascii=False, indent=2)}\n".encode(), target, rules)
    elif target is not None and name is None:
        write_schemas(target, law)
    elif name in SCHEMAS:
        print_json(schema_of(name, law))
    else:
        said = "Der Name fehlt." if name is None else f"'{name}' ist unbekannt."
        refuse(f"{said} Möglich sind: {_NAMES}.")


def _described(rules: Path | None) -> dict[str, object]:
    try:
        from vwv_im.web.server import described  # noqa: PLC0415 - an extra, loaded when it is asked for
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[web]"')
    return described("" if rules is None else str(rules))


def export(
    kind: Annotated[
        str,
        typer.Argument(
            help="dmn: die Entscheidungstabellen; json: das ganze Regelwerk; app: die Seite ohne Server.",
            metavar="dmn|json|app",
        ),
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(help="Nur app: der neue oder leere Ordner.", metavar="ORDNER", show_default=False),
    ] = None,
    fassung: FassungOption = None,
    erlass: Annotated[
        list[str] | None,
        day_option("--erlass", help="Nur dmn: ein Erlass neben der Fassung; mehrfach möglich."),
    ] = None,
    question: QuestionOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Datei; ohne Angabe die Standardausgabe.")] = None,
    wheel: Annotated[
        Path | None,
        typer.Option("--wheel", help="Nur app: das Wheel dieses Programms; im Projekt wird es sonst gebaut."),
    ] = None,
    downloads: Annotated[
        Path | None,
        typer.Option("--downloads", help="Nur app: wo bleibt und gesucht wird, was aus dem Netz kommt."),
    ] = None,
    lang: LangOption = "de",
    rules: RulesOption = None,
) -> None:
    """Write the rules for other programs, as DMN or as JSON, or the page as a folder that needs no server."""
    if kind not in (kinds := ("dmn", "json", "app")):
        raise FaultyInputError([unknown("export", kind, kinds)])
    if kind == "app":
        if fassung or erlass or question or out or rules:
            raise FaultyInputError([fault_of("app_packaged", Place("app"))])
        _write_app(folder, wheel, downloads, lang)
        return
    if folder or wheel or downloads:
        raise FaultyInputError([fault_of("only_app", Place(kind))])
    law = regulation(rules)
    if kind == "dmn":
        content = chosen_dmn(law, fassung, erlass or (), question, place="--{}")
    elif fassung or erlass or question:
        raise FaultyInputError([fault_of("only_dmn", Place("json"))])
    else:
        content = f"{regulation_document(law).to_json()}\n".encode()
    _write(content, out, rules)


def _write_app(target: Path | None, wheel: Path | None, downloads: Path | None, lang: Language) -> None:
    """Fetch what is needed, write the folder, and say how large it is and how it is opened."""
    try:
        from vwv_im.web.app.folder import write_folder  # noqa: PLC0415 - an extra, loaded when it is asked for
        from vwv_im.web.app.parts import built, fetched  # noqa: PLC0415
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[web]"')
    checkout = Path(__file__).parents[3]
    faults = [] if target is not None else [fault_of("app_no_target", Place("app"))]
    if wheel is None and not (checkout / "pyproject.toml").is_file():
        faults.append(fault_of("app_no_wheel", Place("--wheel"), version=__version__))
    if target is None or faults:
        raise FaultyInputError(faults)
    with ExitStack() as stack:
        meanwhile = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(working("Die Teile werden geholt"))
        make_folder(downloads or meanwhile)
        parts = fetched(downloads or meanwhile)
        size = write_folder(target, wheel or built(meanwhile, checkout), parts)
    typer.echo(sentence("cli.app_written", target=target, size=f"{size / 1e6:.1f}").in_(lang))


def _write(content: bytes, out: Path | None, rules: Path | None) -> None:
    """Write to standard output, or to a file that is there whole or not at all."""
    if out is None:
        typer.echo(content, nl=False)
    else:
        write_file(out, content, [] if rules is None else [rules])


docs = typer.Typer(
    name="docs", cls=Group, help=COMMANDS["docs"]["help"], add_completion=False, rich_markup_mode=None, **CALLED
)

_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
RootOption = Annotated[Path, typer.Option("--root", help="Das Verzeichnis, in dem mkdocs.yml und rules/ stehen.")]


@docs.command(cls=Command, options_metavar=CALLED["options_metavar"])
@guarded
def build(
    root: RootOption = Path(),
    out: Annotated[Path, typer.Option("--out", help="Wohin die Seiten kommen.")] = Path("site"),
    lang: LangOption = "de",  # noqa: ARG001 - of the messages
) -> None:
    """Die Seiten aus den Regeln erzeugen und die ganze Dokumentation bauen, ohne Netz."""
    if find_spec("mkdocs") is None:
        refuse(sentence("cli.no_site_builder"))
    _book(root).write(root)
    with working("Die Dokumentation wird gebaut") as progress:
        failed, told = _built(root, out, progress)
    for line in told:
        typer.echo(line, err=True)
    if failed:
        raise typer.Exit(NO)
    typer.echo(str(out / "index.html"))


def _built(root: Path, out: Path, progress: Progress) -> tuple[bool, list[str]]:
    """Let mkdocs build the site; it tells of each page that it is read, then built, and of what is wrong."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--verbose", "--site-dir", str(out.resolve())]
    done, total, told = 0, 2 * sum(1 for _ in (root / "docs").rglob("*.md")), list[str]()
    with subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=root, env={**os.environ, **_QUIET}, stderr=subprocess.PIPE, encoding="utf-8"
    ) as building:
        for line in building.stderr or ():
            if _OF_A_PAGE.match(line):
                done += 1
                progress(done, total)
            elif not _BESIDES.match(line):
                told.append(line.rstrip("\n"))
    return building.returncode != 0, told


_OF_A_PAGE = re.compile(r"DEBUG +- +(?:Reading: |Building page )")
_BESIDES = re.compile(r"(?:DEBUG|INFO) ")


@docs.command(cls=Command, options_metavar=CALLED["options_metavar"])
@guarded
def write(root: RootOption = Path(), lang: LangOption = "de") -> None:
    """Die Seiten aus den Regeln und Fällen neu schreiben."""
    book = _book(root)
    book.write(root)
    typer.echo(Text(f"{len(book.files)} Dateien geschrieben.", f"{len(book.files)} files written.").in_(lang))


@docs.command(cls=Command, options_metavar=CALLED["options_metavar"])
@guarded
def check(root: RootOption = Path(), lang: LangOption = "de") -> None:
    """Prüfen, ob die geschriebenen Seiten den Regeln entsprechen (Rückgabe 1, wo nicht)."""
    differences = _book(root).differences(root)
    for difference in differences:
        typer.echo(difference.render(lang))
    if differences:
        raise typer.Exit(NO)


def _book(root: Path) -> Book:
    if not (root / "mkdocs.yml").is_file():
        refuse(sentence("cli.no_mkdocs", root=root))
    from vwv_im.publish.site.atlas import Atlas  # noqa: PLC0415 - with the templates, loaded when they are asked for
    from vwv_im.publish.site.pages import make_book  # noqa: PLC0415

    cases = root / "tests" / "cases"
    words = root / "docs" / "stichworte.json"
    found = json.loads(words.read_text("utf-8")) if words.is_file() else {}
    with working("Die Seiten werden geschrieben") as progress:
        atlas = Atlas(regulation(root / "rules"), corpus(cases), unreachable(cases))
        return make_book(atlas, {"befehle.md": _command_line()}, found, progress)


def _command_line() -> str:
    """Return the German reference of the commands, as their own help has it."""
    command = [sys.executable, "-m", "typer", "vwv_im.cli.commands", "utils", "docs", "--name", "vwv-im"]
    told = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=_PLAIN).stdout  # noqa: S603
    body = in_german(told.partition("\n")[2].strip(), "reference")
    return f"# Befehle\n\nJeder Befehl mit allem, was er annimmt: dasselbe, was `vwv-im BEFEHL --help` zeigt.\n\n{body}"


_PLAIN = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
