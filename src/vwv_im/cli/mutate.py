"""`vwv-im mutate`: are the cases sharp enough to notice every small change of the rule files?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.options import (
    CasesOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    RulesOption,
    guarded,
    print_json,
    print_table,
)
from vwv_im.cli.status import NO
from vwv_im.review.mutation.mutants import Outcome
from vwv_im.review.mutation.run import mutate as run
from vwv_im.review.mutation.score import HEADS, Score, Tally
from vwv_im.review.mutation.steps import KINDS
from vwv_im.text import Language, Text


def mutate(
    directory: RulesOption = None,
    cases: CasesOption = None,
    survivors: Annotated[
        Path | None, typer.Option("--survivors", help="Andere Begründungen überlebender Mutanten (YAML).")
    ] = None,
    only: Annotated[str | None, typer.Option("--only", help="Nur diese Regeldatei, etwa foerderhoehe.yaml.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Zahl der Prozesse; Vorgabe: je Kern einer.")
    ] = None,
    lang: LangOption = Lang.DE,
    form: FormatOption = Format.TEXT,
) -> None:
    """Jede Regeldatei Schritt für Schritt verändern: Bemerkt es ein Fall? Sonst muss ein Grund hinterlegt sein."""
    score = guarded(lambda: run(directory, cases, survivors, only, jobs), lang.value)
    if form is Format.JSON:
        print_json(score.to_dict())
    else:
        _print(score, lang.value)
    if not score.passed:
        raise typer.Exit(NO)


def _print(score: Score, lang: Language) -> None:
    _table(Text("Regeldatei", "Rule file"), score.by_file, score.total, lang)
    typer.echo("")
    _table(Text("Änderung", "Change"), {KINDS[k].in_(lang): t for k, t in score.by_kind.items()}, score.total, lang)
    _explained(score, lang)
    unexplained = (_line(outcome, lang) for outcome in score.unexplained)
    _list(Text("Ohne Begründung überlebt:", "Survived without a reason:"), unexplained, lang)
    stale = (f"{entry.mutant}  ({entry.why.in_(lang)})" for entry in score.stale)
    _list(Text("Begründet, aber kein Überlebender:", "Explained, but no survivor:"), stale, lang)


def _table(head: Text, tallies: Mapping[str, Tally], total: Tally, lang: Language) -> None:
    rows = {**tallies, Text("zusammen", "together").in_(lang): total}
    heads = [head.in_(lang), *HEADS.in_(lang).split("|")]
    print_table(heads, [[name, *map(str, tally), f"{tally.share:.1%}"] for name, tally in rows.items()])


def _explained(score: Score, lang: Language) -> None:
    explained = [outcome for outcome in score.survivors if outcome.mutant.id in score.reasons]
    order = {reason: number for number, reason in enumerate(dict.fromkeys(score.reasons.values()))}

    def reason(outcome: Outcome) -> int:
        return order[score.reasons[outcome.mutant.id]]

    for number, outcomes in groupby(sorted(explained, key=reason), reason):
        head = list(order)[number]
        _list(Text(head, head), (_line(outcome, lang) for outcome in outcomes), lang)


def _line(outcome: Outcome, lang: Language) -> str:
    line = Text("Zeile", "line").in_(lang)
    return f"{outcome.mutant.id}  ({line} {outcome.mutant.place.line})"


def _list(head: Text, lines: Iterable[str], lang: Language) -> None:
    if shown := list(lines):
        typer.echo(f"\n{head.in_(lang)}")
        for line in shown:
            typer.echo(f"  {line}")
