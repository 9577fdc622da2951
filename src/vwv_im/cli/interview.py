"""`vwv-im interview`: asks only what is needed, and ends with the decision and the case file."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from ruamel.yaml import YAML

from vwv_im.case import PARTS, Case, CaseError, Fact, read_case
from vwv_im.cli.options import Asked, about_a_case, refuse, status_of, write_file
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import evaluate
from vwv_im.decision.needs import Need, needs_of
from vwv_im.decision.variation import changed, data_of, fact_at, set_at
from vwv_im.text import Language, Text
from vwv_im.text.values import plain

_TRUTHS = {
    **dict.fromkeys(("ja", "j", "yes", "y", "true"), True),
    **dict.fromkeys(("nein", "n", "no", "false"), False),
}
_CHOICES = {
    "wahrheitswert": Text("[ja | nein] ", "[yes | no] "),
    "datum": Text("[JJJJ-MM-TT] ", "[YYYY-MM-DD] "),
}
_LONGEST_NUMBER = 4
_SKIP = Text("(leer lassen: nicht bekannt)", "(leave empty: not known)")


@about_a_case("case on question known_on reading out lang rules")
def interview(
    asked: Asked,
    case: Annotated[str | None, typer.Argument(help="Ein angefangener Fall; ohne: von vorn.", metavar="[FALL]")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Den Fall in diese Datei schreiben.")] = None,
) -> None:
    """Fragen, was zur Entscheidung noch fehlt, bis sie feststeht; am Ende Entscheidung und Fall."""
    options = {**asked.options(), "engine": "direct"}
    begun = _begin(case, asked.question)
    if out is not None and not out.absolute().parent.is_dir():
        refuse(Text(f"{out}: Diesen Ordner gibt es nicht.", f"{out}: There is no such folder."))
    talk = _Talk(begun, options, asked.lang)
    decision = talk.run()
    typer.echo(f"\n{decision.explain(asked.lang)}", nl=False)
    _keep(talk.case, out)
    raise typer.Exit(status_of(decision))


def _begin(case: str | None, question: str) -> Case:
    begun = read_case(case) if case is not None and Path(case).is_file() and Path(case).stat().st_size else Case()
    if case is not None and not Path(case).exists():
        begun = read_case(case)
    part = "antrag" if question == "antrag" else "person"
    return begun if getattr(begun, part) is not None else changed(begun, {part: {}})


def _keep(case: Case, out: Path | None) -> None:
    yaml = YAML()
    yaml.default_flow_style = False
    stream = io.StringIO()
    yaml.dump(_written(case.model_dump(exclude_none=True)), stream)
    if out is None:
        typer.echo(f"\n---\n{stream.getvalue()}", nl=False)
    else:
        write_file(out, stream.getvalue())


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_written(inner) for inner in value]
    return plain(value) if isinstance(value, Decimal) else value


class _Talk:
    def __init__(self, case: Case, options: dict[str, Any], lang: Language) -> None:
        self.case, self.options, self.lang = case, options, lang
        self.skipped: set[str] = set()

    def run(self) -> Decision:
        """Ask until nothing more is needed, or nobody answers any more."""
        while True:
            decision = evaluate(self.case, **self.options)
            need = next((need for need in needs_of(decision).facts if need.fact not in self.skipped), None)
            if need is None or not self._ask(need):
                return decision

    def _ask(self, need: Need) -> bool:
        """Ask for one fact, again while the answer cannot be read; `False` where input has ended."""
        for line in self._lines(need):
            if not line:
                self.skipped.add(need.fact)
                return True
            if (hint := _unreadable(need.fact, line)) is not None:
                typer.echo(hint.in_(self.lang), err=True)
                continue
            try:
                self.case = self._with(need.fact, line)
            except CaseError as error:
                typer.echo(error.render(self.lang), err=True)
                continue
            return True
        return False

    def _lines(self, need: Need) -> Iterator[str]:
        while True:
            typer.echo(f"{need.question.in_(self.lang)} {self._choices(need)}{_SKIP.in_(self.lang)}")
            line = sys.stdin.readline()
            if not line:
                return
            yield line.strip()

    def _choices(self, need: Need) -> str:
        if need.fact in PARTS:
            return Text("[Anzahl] ", "[number] ").in_(self.lang)
        fact = fact_at(need.fact)
        if fact.values:
            return f"[{' | '.join(fact.values)}] "
        return _CHOICES.get(fact.type, Text("", "")).in_(self.lang)

    def _with(self, path: str, line: str) -> Case:
        data = data_of(self.case)
        if path in PARTS:
            set_at(data, path, [{} for _ in range(int(line))])
        else:
            set_at(data, path, _value(fact_at(path), line))
        return read_case(data)


def _unreadable(path: str, line: str) -> Text | None:
    """Return what to answer where a line cannot be read as asked; other faults are those of a case."""
    if path in PARTS:
        readable = line.isascii() and line.isdigit() and 0 < len(line) <= _LONGEST_NUMBER
        return None if readable else Text("Bitte eine Anzahl angeben, zum Beispiel 2.", "Please give a number, say 2.")
    if fact_at(path).type == "wahrheitswert" and line.lower() not in _TRUTHS:
        return Text("Bitte mit ja oder nein antworten.", "Please answer yes or no.")
    return None


def _value(fact: Fact, line: str) -> Any:
    """Return what a line typed for a fact means; what cannot be read stays text and is refused with a hint."""
    if fact.type == "wahrheitswert":
        return _TRUTHS[line.lower()]
    if fact.type == "ganzzahl":
        return int(line) if line.isascii() and line.isdigit() else line
    if fact.type == "auswahlliste":
        return [word.strip() for word in line.split(",")]
    return line
