"""`vwv-im interview`: asks only what is needed, and ends with the decision and the case file."""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from vwv_im.case import CaseError, CasePart
from vwv_im.case.vocabulary import Entity, Fact
from vwv_im.cli.answers import NoAnswer, choices, counted, how_to_answer, meant, read_as
from vwv_im.cli.options import Asked, about_a_case, refuse, show, status_of
from vwv_im.cli.terminal import fitted, say
from vwv_im.decision.case_edits import data_of, set_at, value_at, with_changes
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import evaluate
from vwv_im.decision.needs import Need, needs_of
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.text import Document, Language, Text, plain, refuse_inputs, sentence, write_file, written_day
from vwv_im.text.format import short_day

_NUMBER = re.compile(r"\[(\d+)\]")


@about_a_case("case on question known_on reading out lang rules")
def interview(
    asked: Asked,
    case: Annotated[str | None, typer.Argument(help="Ein angefangener Fall; ohne: von vorn.", metavar="FALL")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DATEI", help="Den Fall in diese Datei schreiben.")
    ] = None,
) -> None:
    """Ask for what is still needed until the decision stands; end with the decision and the case."""
    read = [Path(one) for one in (case, asked.rules) if one is not None]
    if out is not None:
        refuse_inputs(out, read)
    law = regulation(asked.rules)
    options = asked.options()
    begun = _begin(law, None if case is None else asked.stated, options["question"] or law.first_question)
    if out is not None and not out.absolute().parent.is_dir():
        refuse(Text(f"{out}: Diesen Ordner gibt es nicht.", f"{out}: There is no such folder."))
    talk = _Talk(law, begun, {**options, "engine": "direct"}, asked.lang)
    if out is None:
        say(sentence("cli.will_not_keep").in_(asked.lang), err=True)
    try:
        decision = talk.run()
    except KeyboardInterrupt:
        if talk.case != begun:
            kept = out or _new_file()
            _keep(talk.case, kept, read, asked.lang)
            _tell_where("kept", kept, options, asked.lang, err=True)
        raise
    if out is not None:
        _keep(talk.case, out, read, asked.lang)
    typer.echo()
    show(decision, asked.lang, "short")
    if out is None:
        _keep(talk.case, out, read, asked.lang)
        say(sentence("cli.not_kept").in_(asked.lang), err=True)
    else:
        _tell_where("written", out, options, asked.lang)
    raise typer.Exit(status_of(decision))


def _tell_where(what: str, out: Path, options: Mapping[str, Any], lang: Language, *, err: bool = False) -> None:
    """Say where the case stands, and the command with which to go on, as one types it."""
    say(sentence(f"cli.{what}", file=shlex.quote(str(out)), asked=_as_asked(options, lang)).in_(lang), err=err)


def _as_asked(options: Mapping[str, Any], lang: Language) -> str:
    """Return the options that ask the same of the case once more, as one types them."""
    days = {"--on": options["on"], "--known-on": options["known_on"]}
    told = {name: date.fromisoformat(str(day)) for name, day in days.items() if day is not None}
    typed = [(name, short_day(day) if lang == "de" else day.isoformat()) for name, day in told.items()]
    others = {"--question": options["question"], "--rules": options["rules"]}
    typed += [(name, str(value)) for name, value in others.items() if value is not None]
    typed += [("--reading", f"{name}={value}") for name, value in (options["readings"] or {}).items()]
    return shlex.join(word for option in typed for word in option)


def _new_file() -> Path:
    """Return the name of a file that is not there yet."""
    names = (Path(f"angefangen{number or ''}.yaml") for number in count())
    return next(name for name in names if not name.exists())


def _begin(law: Regulation, stated: str | Document | None, question: str) -> CasePart:
    """Return the case to begin with: that of a file that is not empty, with the part that the question is about."""
    empty = isinstance(stated, str) and Path(stated).is_file() and not Path(stated).stat().st_size
    begun = law.case() if stated is None or empty else law.read_case(stated)
    asked = law.questions.get(question)
    part = "" if asked is None else law.vocabulary.entities[asked.wurzel].key
    return begun if not part or getattr(begun, part) is not None else with_changes(begun, {part: {}})


def _keep(case: CasePart, out: Path | None, read: Sequence[Path], lang: Language) -> None:
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.representer.add_representer(Decimal, _number)
    stream = io.StringIO()
    yaml.dump(_written(case.model_dump(exclude_none=True), lang), stream)
    if out is None:
        typer.echo(f"\n---\n{stream.getvalue()}", nl=False)
    else:
        write_file(out, stream.getvalue(), read)


def _written(value: Any, lang: Language) -> Any:
    """Return data as YAML for people: beside each day how it is usually written."""
    if isinstance(value, dict):
        found = CommentedMap({key: _written(inner, lang) for key, inner in value.items()})
        for key, inner in value.items():
            if isinstance(inner, date):
                found.yaml_add_eol_comment(short_day(inner) if lang == "de" else written_day(inner, lang), key)
        return found
    if isinstance(value, list | tuple):
        return [_written(inner, lang) for inner in value]
    return value


def _number(representer: Any, value: Decimal) -> Any:
    """Represent a number with the digits it has, as no other number of YAML would be."""
    kind = "float" if "." in (digits := plain(value)) else "int"
    return representer.represent_scalar(f"tag:yaml.org,2002:{kind}", digits)


class _Talk:
    """Questions and answers: the case as it grows, what was skipped, and each state before to go back to."""

    def __init__(self, law: Regulation, case: CasePart, options: dict[str, Any], lang: Language) -> None:
        self.law, self.case, self.options, self.lang = law, case, options, lang
        self.skipped: frozenset[str] = frozenset()
        self.before: list[tuple[CasePart, frozenset[str]]] = []
        self.entry = ""

    def run(self) -> Decision:
        """Ask until nothing more is needed, or nobody answers any more."""
        begun = False
        while True:
            decision = evaluate(self.case, **self.options)
            need = self._next(need for need in needs_of(decision).facts if need.fact not in self.skipped)
            if need is None and begun:
                need = self._name(decision)
            if need is not None and not begun:
                self._say(sentence("cli.interview"))
                begun = True
            if need is None or not self._ask(need):
                return decision

    def _next(self, needs: Iterable[Need]) -> Need | None:
        """Return what is to be asked: what decides most, but of a list whose entry is asked about that entry first."""
        found = list(needs)
        others = [need for need in found if _NUMBER.sub("", need.fact).startswith(_NUMBER.sub("", self.entry))]
        begun = [need for need in others if need.fact.startswith(self.entry)]
        return next(iter(begun if begun and found[0] is others[0] else found), None)

    def _name(self, decision: Decision) -> Need | None:
        """Return the question for the name that the note has of whom it is about; it is asked last."""
        for path, fact in self.law.vocabulary.facts.items():
            unnamed = path not in self.skipped and fact.scope == decision.asked.wurzel and fact.private
            if unnamed and value_at(self.case, path) is None:
                why = sentence("cli.decides_nothing")
                return Need(path, Text(*map(" ".join, zip(fact.question, why, strict=True))), (), why, ())
        return None

    def _say(self, text: Text | str, *, err: bool = False) -> None:
        told = text.in_(self.lang) if isinstance(text, Text) else text
        typer.echo(fitted(told, sys.stderr if err else sys.stdout), err=err)

    def _ask(self, need: Need) -> bool:
        """Ask for one fact, again while the answer cannot be read; `False` where input has ended."""
        entry, bracket, _ = need.fact.rpartition("]")
        self.entry = f"{entry}{bracket}."
        about = self.law.vocabulary.at(need.fact)
        if about is None:
            raise LookupError(need.fact)
        while (line := self._line(need, about)) is not None:
            if line == "?":
                self._say(about.help)
                self._say(need.because)
            elif line.lower() == sentence("cli.back").in_(self.lang):
                if self.before:
                    self.case, self.skipped = self.before.pop()
                    return True
                self._say(sentence("cli.no_back"), err=True)
            elif self._take(need.fact, about, line):
                return True
        return False

    def _take(self, fact: str, about: Fact | Entity, line: str) -> bool:
        """Put an answer into the case, or say why it cannot be."""
        state = self.case, self.skipped
        if not line:
            self.skipped |= {fact}
        else:
            try:
                data = data_of(self.case)
                set_at(data, fact, meant(about, line, self.law.vocabulary))
                self.case = self.law.read_case(data, "cell")
            except NoAnswer as error:
                self._say(error.hint, err=True)
                return False
            except CaseError as error:
                for fault in error.faults:
                    hint = "" if fault.hint is None else f" {fault.hint.in_(self.lang)}"
                    self._say(f"{fault.message.in_(self.lang)}{hint}", err=True)
                return False
            if note := read_as(about, line):
                self._say(note)
        self.before.append(state)
        return True

    def _line(self, need: Need, about: Fact | Entity) -> str | None:
        """Ask, and return what is answered; `None` where input has ended."""
        how = how_to_answer(about, self.law.vocabulary, self.lang)
        question = (counted(need.question) if isinstance(about, Entity) else need.question).in_(self.lang)
        self._say(f"\n{self._where(need.fact)}{question} ({how})")
        for choice in choices(about, self.lang):
            self._say(choice)
        if sys.stdout.isatty():
            typer.echo("> ", nl=False)
        line = sys.stdin.readline()
        return line.strip() if line else None

    def _where(self, path: str) -> str:
        """Write which entries a path means, where a list has several or one has a name: "Stelle 2, Süd: "."""
        words, told = list[str](), False
        for number in _NUMBER.finditer(path):
            listed, entry = path[: number.start()], path[: number.end()]
            if (entity := self.law.vocabulary.entity_at(listed)) is not None:
                labels = (fact.key for fact in self.law.vocabulary.facts_of(entity.name) if fact.private)
                name = next((value for key in labels if (value := value_at(self.case, f"{entry}.{key}"))), None)
                words += [f"{entity.title.in_(self.lang)} {int(number[1]) + 1}", *((name,) if name else ())]
                told |= len(value_at(self.case, listed)) > 1 or name is not None
        return f"{', '.join(words)}: " if told else ""
