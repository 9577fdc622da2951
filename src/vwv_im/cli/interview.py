"""`vwv-im interview`: asks only what is needed, and ends with the decision and the case file."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from ruamel.yaml import YAML

from vwv_im.case import CaseError, CasePart
from vwv_im.case.vocabulary import Entity, Fact
from vwv_im.cli.options import Asked, about_a_case, refuse, status_of
from vwv_im.decision.case_edits import data_of, set_at, value_at, with_changes
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import evaluate
from vwv_im.decision.needs import Need, needs_of
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.text import Language, Text, plain, refuse_inputs, write_file

_TRUTHS = {
    **dict.fromkeys(("ja", "j", "yes", "y", "true"), True),
    **dict.fromkeys(("nein", "n", "no", "false"), False),
}
_CHOICES = {
    "wahrheitswert": Text("[ja | nein] ", "[yes | no] "),
    "datum": Text("[JJJJ-MM-TT] ", "[YYYY-MM-DD] "),
}
_LONGEST_NUMBER = 4
_NUMBER = re.compile(r"\[(\d+)\]")
_SKIP = Text("(leer lassen: nicht bekannt)", "(leave empty: not known)")


@about_a_case("case on question known_on reading out lang rules")
def interview(
    asked: Asked,
    case: Annotated[str | None, typer.Argument(help="Ein angefangener Fall; ohne: von vorn.", metavar="[FALL]")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Den Fall in diese Datei schreiben.")] = None,
) -> None:
    """Ask for what is still needed until the decision stands; end with the decision and the case."""
    read = [Path(one) for one in (case, asked.rules) if one is not None]
    if out is not None:
        refuse_inputs(out, read)
    law = regulation(asked.rules)
    begun = _begin(law, case, law.first_question if asked.question is None else asked.question)
    if out is not None and not out.absolute().parent.is_dir():
        refuse(Text(f"{out}: Diesen Ordner gibt es nicht.", f"{out}: There is no such folder."))
    talk = _Talk(law, begun, {**asked.options(), "engine": "direct"}, asked.lang)
    decision = talk.run()
    typer.echo(f"\n{decision.explain(asked.lang)}", nl=False)
    _keep(talk.case, out, read)
    raise typer.Exit(status_of(decision))


def _begin(law: Regulation, path: str | None, question: str) -> CasePart:
    """Return the case to begin with: that of a file that is not empty, with the part that the question is about."""
    empty = path is None or (Path(path).is_file() and not Path(path).stat().st_size)
    begun = law.case() if path is None or empty else law.read_case(path)
    asked = law.questions.get(question)
    part = "" if asked is None else law.vocabulary.entities[asked.wurzel].key
    return begun if not part or getattr(begun, part) is not None else with_changes(begun, {part: {}})


def _keep(case: CasePart, out: Path | None, read: Sequence[Path]) -> None:
    yaml = YAML()
    yaml.default_flow_style = False
    stream = io.StringIO()
    yaml.dump(_written(case.model_dump(exclude_none=True)), stream)
    if out is None:
        typer.echo(f"\n---\n{stream.getvalue()}", nl=False)
    else:
        write_file(out, stream.getvalue(), read)


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_written(inner) for inner in value]
    return plain(value) if isinstance(value, Decimal) else value


class _Talk:
    def __init__(self, law: Regulation, case: CasePart, options: dict[str, Any], lang: Language) -> None:
        self.law, self.case, self.options, self.lang = law, case, options, lang
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
        about = self.law.vocabulary.at(need.fact)
        if about is None:
            raise LookupError(need.fact)
        for line in self._lines(need, about):
            if not line:
                self.skipped.add(need.fact)
                return True
            if (hint := _unreadable(about, line)) is not None:
                typer.echo(hint.in_(self.lang), err=True)
                continue
            try:
                data = data_of(self.case)
                set_at(data, need.fact, _value(about, line))
                self.case = self.law.read_case(data)
            except CaseError as error:
                typer.echo(error.render(self.lang), err=True)
                continue
            return True
        return False

    def _lines(self, need: Need, about: Fact | Entity) -> Iterator[str]:
        while True:
            asked = f"{need.question.in_(self.lang)}{self._where(need.fact)}"
            typer.echo(f"{asked} {_choices(about, self.lang)}{_SKIP.in_(self.lang)}")
            line = sys.stdin.readline()
            if not line:
                return
            yield line.strip()

    def _where(self, path: str) -> str:
        """Write which entries a path means, where a list has several: " (Stelle 2)"."""
        words, several = list[str](), False
        for number in _NUMBER.finditer(path):
            listed = path[: number.start()]
            if (entity := self.law.vocabulary.entity_at(listed)) is not None:
                words.append(f"{entity.title.in_(self.lang)} {int(number[1]) + 1}")
                several |= len(value_at(self.case, listed)) > 1
        return f" ({', '.join(words)})" if several else ""


def _choices(about: Fact | Entity, lang: Language) -> str:
    if isinstance(about, Entity):
        return Text("[Anzahl] ", "[number] ").in_(lang)
    if about.values:
        return f"[{' | '.join(about.values)}] "
    return _CHOICES.get(about.type, Text("", "")).in_(lang)


def _unreadable(about: Fact | Entity, line: str) -> Text | None:
    """Return what to answer where a line cannot be read as asked; other faults are those of a case."""
    if isinstance(about, Entity):
        readable = line.isascii() and line.isdigit() and 0 < len(line) <= _LONGEST_NUMBER
        return None if readable else Text("Bitte eine Anzahl angeben, zum Beispiel 2.", "Please give a number, say 2.")
    if about.type == "wahrheitswert" and line.lower() not in _TRUTHS:
        return Text("Bitte mit ja oder nein antworten.", "Please answer yes or no.")
    return None


def _value(about: Fact | Entity, line: str) -> Any:
    """Return what a line typed for a fact or list means; what cannot be read stays text and is refused with a hint."""
    if isinstance(about, Entity):
        return [{} for _ in range(int(line))]
    if about.type == "wahrheitswert":
        return _TRUTHS[line.lower()]
    if about.type == "ganzzahl":
        return int(line) if line.isascii() and line.isdigit() else line
    if about.type == "auswahlliste":
        return [word.strip() for word in line.split(",")]
    return line
