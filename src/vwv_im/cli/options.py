"""What the commands share: their options, how they end where something is faulty, and how they print and write."""

from __future__ import annotations

import gc
import inspect
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from vwv_im.case.case_reader import FILE_LIMITS
from vwv_im.cli.terminal import WIDEST, say, width
from vwv_im.decision.blocks import Block, Panel, write
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import PageDetail
from vwv_im.decision.evaluate import evaluate
from vwv_im.lang import Verdict
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.durable import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Document, Fault, FaultyInputError, JsonDocument, Language, Place, Text, read_yaml, sentence
from vwv_im.text.values import with_iso_days

YES, NO, BAD_INPUT, OPEN, OUTSIDE, DISAGREE = 0, 1, 2, 3, 4, 5
"""Exit statuses."""
Command = Callable[..., None]


def _fassungen() -> list[str]:
    return [one.id for one in regulation().fassungen]


def _readings() -> list[tuple[str, str]]:
    return [
        (f"{name}={value}", one.titel.text.de)
        for name, point in regulation().readings.items()
        for value, one in point.lesarten.items()
    ]


def day_option(*names: str, **more: Any) -> Any:
    """Return an option that takes a day, or several, as 01.06.2018 or 2018-06-01; it is read in its ISO form."""
    return typer.Option(*names, metavar=DAY, parser=with_iso_days, **more)


DAY = "TAG"
"""What stands for a day in the help."""
LangOption = Annotated[Language, typer.Option("--lang", help="Sprache der Ausgabe.")]
FormatOption = Annotated[Literal["text", "json"], typer.Option("--format", help="Ausgabe als Text oder JSON.")]
QuestionOption = Annotated[
    str | None,
    typer.Option(
        "--question",
        metavar="FRAGE",
        help="Die Frage, wie die Regeln sie nennen; ohne Angabe die erste. Eine unbekannte nennt alle.",
        autocompletion=lambda: [(name, asked.frage.text.de) for name, asked in regulation().questions.items()],
    ),
]
FassungOption = Annotated[
    str | None,
    day_option("--fassung", help="Die Fassung, nach dem Tag ihrer Ausfertigung.", autocompletion=_fassungen),
]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", metavar="ORDNER", help="Andere Regeldateien als die mitgelieferten.")
]
CasesOption = Annotated[
    Path | None, typer.Option("--cases", metavar="ORDNER", help="Andere Fälle als die mitgelieferten.")
]


@dataclass(frozen=True)
class Asked:
    """What is asked about a case, and how to answer: the options that the commands about cases share."""

    case: Annotated[str, typer.Argument(help="Der Fall: eine YAML- oder JSON-Datei.", metavar="FALL")]
    on: Annotated[
        str | None,
        day_option("--on", help="Tag der Entscheidung, etwa 01.06.2018; er bestimmt, welche Fassung gilt.  [nötig]"),
    ] = None
    question: QuestionOption = None
    known_on: Annotated[
        str | None,
        day_option("--known-on", help="Stand des Wissens: nur Änderungen, die an diesem Tag bekannt waren."),
    ] = None
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="VERFAHREN",
            help="checked: zwei Verfahren, die übereinstimmen müssen; direct oder durable: nur eines.",
            autocompletion=lambda: ["checked", "direct", "durable"],
        ),
    ] = "checked"
    reading: Annotated[
        list[str] | None,
        typer.Option(
            "--reading",
            metavar="NAME=WERT",
            help="Einer anderen Auslegung folgen; mehrfach möglich.",
            autocompletion=_readings,
        ),
    ] = None
    lang: LangOption = "de"
    form: FormatOption = "text"
    rules: RulesOption = None

    def options(self) -> dict[str, Any]:
        """Return what is asked as `evaluate` and others take it, without the case and the engine."""
        said = {} if self._saved is None else self._saved.data
        own = {name: getattr(self, name) for name in ("on", "question", "known_on")}
        same = {name: said.get(name) if value is None else value for name, value in own.items()}
        chosen, saved = readings_of(self.reading or ()), said.get("readings")
        readings = {**saved, **chosen} if isinstance(saved, Mapping) else chosen or saved
        return {**same, "rules": self.rules, "readings": readings}

    @property
    def stated(self) -> str | Document:
        """The case: the file, or what a case saved by the page states, of which `options` tells the rest."""
        return self.case if self._saved is None else replace(self._saved, data=self._saved.data["case"])

    @cached_property
    def _saved(self) -> Document | None:
        """The file, where it is a case saved by the page."""
        path = Path(self.case or "")
        if path.suffix.lower() != ".json" or not path.is_file():
            return None
        document = read_yaml(path, limits=FILE_LIMITS)
        data = document.data
        return document if isinstance(data, Mapping) and {"case"} <= data.keys() <= _SAVED else None

    @property
    def read(self) -> list[Path]:
        """The files that are read to answer: none of them is written to."""
        return [Path(self.case), *(() if self.rules is None else (self.rules,))]

    def decide(self, engine: str = "") -> Decision:
        """Decide the case, by the engine asked for or another."""
        return evaluate(self.stated, **self.options(), engine=engine or self.engine)  # type: ignore[arg-type]


_SAVED = {"case", "on", "known_on", "question", "readings"}
_SHARED = inspect.signature(Asked, eval_str=True).parameters


def about_a_case(order: str) -> Callable[[Command], Command]:
    """Make a command of a function of what is `Asked` and of its own options; `order` names both as the help does."""

    def make(answer: Command) -> Command:
        own = inspect.signature(answer, eval_str=True).parameters

        @wraps(answer)
        def command(**given: Any) -> None:
            its = {name: given[name] for name in own if name in given}
            shared = {name: value for name, value in given.items() if name in _SHARED}
            answer(Asked(**{"case": "", **shared}), **its)

        parameters = {**_SHARED, **own}
        listed = [parameters[name].replace(kind=inspect.Parameter.KEYWORD_ONLY) for name in order.split()]
        command.__signature__ = inspect.Signature(listed)  # type: ignore[attr-defined]
        return command

    return make


class _Refused(Exception):  # noqa: N818 - no error, an answer
    def __init__(self, message: Text | str) -> None:
        super().__init__(message)
        self.message = message


def refuse(message: Text | str) -> NoReturn:
    """End with a message on standard error and status 2."""
    raise _Refused(message)


def guarded(command: Command) -> Command:
    """Let a command end with a clear message: with status 2 for faulty input, with 5 where the engines disagree."""

    @wraps(command)
    def ending(**given: Any) -> None:
        if not gc.isenabled():  # what was loaded stays, and need not be looked through
            gc.freeze()
            gc.enable()
        lang: Language = given.get("lang", "de")
        try:
            command(**given)
        except _Refused as refused:
            _end(refused.message if isinstance(refused.message, str) else refused.message.in_(lang))
        except FaultyInputError as error:
            _end("\n".join(_as_option(fault, given).render(lang) for fault in error.faults))
        except EngineUnavailable as error:
            _end(str(error))
        except EngineDisagreement as error:
            head = sentence("cli.engines_differ")
            _end(f"{head.in_(lang)}\n{error}", DISAGREE)

    return ending


def _end(message: str, status: int = BAD_INPUT) -> NoReturn:
    say(message, err=True)
    raise typer.Exit(status)


def _as_option(fault: Fault, given: Collection[str]) -> Fault:
    """Return a fault of the request with the option that is to be mended as its place: `<known_on>` is `--known-on`.

    No hint names an option that the command has not been `given` by.
    """
    if fault.hint is not None and _QUESTION in fault.hint.de and _QUESTION.strip("- ") not in given:
        return replace(fault, hint=sentence("cli.this_part_only", part=fault.path))
    name = fault.place.file.removeprefix("<").removesuffix(">")
    if fault.code != "VIM150" or name == fault.place.file:
        return fault
    part, _, reading = name.partition(".")
    option = f"--reading {reading}" if reading else f"--{part.replace('_', '-')}"
    hint = fault.hint
    if hint is not None and _ISO_FORM in hint.en:
        short = _SHORT_YEAR.search(fault.message.de)
        hint = sentence("cli.day_meant", day=f"{short[1]}20{short[2]}") if short else sentence("cli.day_form")
    return replace(fault, place=Place(option), hint=hint)


_ISO_FORM, _QUESTION = "YYYY-MM-DD", "--question "
_SHORT_YEAR = re.compile(r"'([0-9]{1,2}\.[0-9]{1,2}\.)([0-9]{2})'")


def readings_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return the readings that were asked for by NAME=VALUE; anything else is refused."""
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            refuse(Text(f"--reading {pair}: Schreiben Sie NAME=WERT.", f"--reading {pair}: write NAME=VALUE."))
        chosen[name] = value
    return chosen


def status_of(decision: Decision) -> int:
    """Return the exit status of `evaluate` for a decision."""
    if decision.outcome == "outside_scope":
        return OUTSIDE
    if decision.outcome == "contradictory" or decision.verdict is None:
        return BAD_INPUT
    return {Verdict.YES: YES, Verdict.NO: NO}.get(decision.verdict, OPEN)


def tell(document: JsonDocument, form: str, lang: Language, told: Callable[[Language], str]) -> None:
    """Print a document as JSON where that is asked for, else as it is written."""
    if form == "json":
        print_json(document, lang)
    elif form == "text":
        say(told(lang))
    else:
        typer.echo(told(lang), nl=False)


def show(decision: Decision, lang: Language, detail: PageDetail, *further: Block) -> None:
    """Print the page of a decision within the terminal, and what stands below; on one, the result is in colour."""
    from vwv_im.programm import page_of  # noqa: PLC0415 - JSON needs no page

    page, columns = [*page_of(decision, lang, detail), *further], min(width(), WIDEST)
    head = next((replace(block, lines=()) for block in page if isinstance(block, Panel)), None)
    result = "" if head is None else write([head], "text", columns).rstrip()
    say(write(page, "text", columns), strong=result, colour=_COLOURS.get(decision.verdict, "yellow"))


_COLOURS: dict[Verdict | None, str] = {Verdict.YES: "green", Verdict.NO: "red"}


def print_json(document: JsonDocument | Mapping[str, Any], lang: Language = "de") -> None:
    """Print a document as JSON."""
    typer.echo(json_text(document, lang))


def json_text(document: JsonDocument | Mapping[str, Any], lang: Language = "de") -> str:
    """Return a document as JSON for people to read."""
    data = document.to_dict(lang) if isinstance(document, JsonDocument) else document
    return json.dumps(data, ensure_ascii=False, indent=2)
