"""The commands that review rules and cases: `check`, `synopsis`, `coverage`, `mutate` and `prove`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vwv_im import __version__
from vwv_im.cli.options import (
    BAD_INPUT,
    DAY,
    NO,
    CasesOption,
    FassungOption,
    FormatOption,
    LangOption,
    RulesOption,
    json_text,
    print_json,
    refuse,
    tell,
)
from vwv_im.cli.terminal import say, say_markdown, table, width, working
from vwv_im.law.evidence import GRADES, Grade
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.law.rule_faults import RuleFileError
from vwv_im.review import coverage as coverage_report
from vwv_im.review import synopsis_page
from vwv_im.review.corpus import corpus, unreachable
from vwv_im.review.coverage import coverage as coverage_of
from vwv_im.review.diagnostics.examine import examine
from vwv_im.review.diagnostics.findings import sarif_of
from vwv_im.review.mutation.mutants import Outcome
from vwv_im.review.mutation.score import Score, Tally
from vwv_im.review.mutation.trial import mutate as mutated
from vwv_im.review.proofs.report import Kind
from vwv_im.review.synopsis import synopsis as synopsis_of
from vwv_im.text import CONTRACT, Fault, Language, Text, findings, refuse_inputs, sentence, write_file
from vwv_im.text.faults import meant
from vwv_im.text.values import with_iso_days

CheckFormat = Literal["text", "json", "sarif"]
SynopsisFormat = Literal["markdown", "html", "json"]
CoverageFormat = Literal["text", "markdown", "json"]


def check(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Das Verzeichnis der Regeldateien; ohne: die mitgelieferten.", metavar="REGELN"),
    ] = None,
    grade: Annotated[
        str | None, typer.Option("--grade", help="Auch nennen, was schwächer belegt ist als dieser Grad, etwa amtlich.")
    ] = None,
    lang: LangOption = "de",
    form: Annotated[CheckFormat, typer.Option("--format", help="Ausgabe als Text, JSON oder SARIF 2.1.0.")] = "text",
) -> None:
    """Examine rule files and print what is found."""
    asked = _grade(grade)
    try:
        with working(Text("Die Regeldateien werden geprüft", "Examining the rule files").in_(lang)):
            faults, status = examine(regulation(directory), asked), NO
    except RuleFileError as error:
        faults, status = error.faults, BAD_INPUT
    if form == "sarif":
        print_json(sarif_of(faults, __version__, lang))
    elif form == "json":
        print_json({"findings": [_json(fault) for fault in faults], "contract": CONTRACT})
    else:
        if faults:
            say("\n".join(fault.render(lang) for fault in faults))
        say(_summary(faults).in_(lang), err=bool(faults))
    if faults:
        raise typer.Exit(status)


def _grade(name: str | None) -> Grade | None:
    if name is not None and name not in GRADES:
        refuse(sentence("cli.unknown_grade", name=name, known=", ".join(GRADES), near=meant(name, GRADES)))
    return name


def _json(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "file": fault.place.file,
        "line": fault.place.line or None,
        "column": fault.place.column or None,
        "subject": fault.path or None,
        "message": fault.message.as_dict(),
        "hint": fault.hint.as_dict() if fault.hint else None,
    }


def _summary(faults: Sequence[Fault]) -> Text:
    count = len(faults)
    if not count:
        return Text("Keine Befunde.", "No findings.")
    if faults[0].code not in findings():
        return Text(f"Die Regeldateien sind unbrauchbar ({count}).", f"The rule files cannot be used ({count}).")
    return Text(f"{count} Befund{'e' if count > 1 else ''}.", f"{count} finding{'s' if count > 1 else ''}.")


def synopsis(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar=DAY,
            parser=with_iso_days,
            help="Eine Änderung nach dem Tag ihrer Ausfertigung, etwa 11.11.2020, oder alle von TAG..TAG.",
        ),
    ],
    lang: LangOption = "de",
    form: Annotated[SynopsisFormat, typer.Option("--format", help="Form der Ausgabe.")] = "markdown",
    out: Annotated[Path | None, typer.Option("--out", help="In diese Datei schreiben.")] = None,
    examples: Annotated[
        int, typer.Option("--examples", min=0, help="Beispielfälle je Änderung.")
    ] = synopsis_page.EXAMPLES,
    rules: RulesOption = None,
    cases: CasesOption = None,
) -> None:
    """Print old and new side by side, with the cases whose decision changes."""
    read = [one for one in (rules, cases) if one is not None]
    if out is not None:
        refuse_inputs(out, read)
    with working(Text("Die Fälle werden verglichen", "Comparing cases").in_(lang)):
        found = synopsis_of(regulation(rules), wanted, lang=lang, cases=corpus(cases))
    if form == "json":
        text = f"{json_text(found)}\n"
    else:
        write = synopsis_page.html if form == "html" else synopsis_page.markdown
        text = write(found, examples=examples)
    if out is not None:
        write_file(out, text, read)
    elif form == "markdown":
        say_markdown(text)
    else:
        typer.echo(text, nl=False)


def coverage(
    missing: Annotated[bool, typer.Option("--missing", help="Nur, was fehlt.")] = False,
    lang: LangOption = "de",
    form: Annotated[CoverageFormat, typer.Option("--format", help="Form der Ausgabe.")] = "text",
    rules: RulesOption = None,
    cases: CasesOption = None,
) -> None:
    """Print which results the cases show of each rule, and end with 1 where one is missing."""
    with working(Text("Die Fälle werden entschieden", "Deciding the cases").in_(lang)):
        found = coverage_of(regulation(rules), corpus(cases), unreachable(cases))
    if form == "json":
        document = found.to_dict()
        if missing:
            document["cells"] = [cell for cell in document["cells"] if cell["state"] in ("missing", "refuted")]
        print_json(document)
    elif form == "markdown":
        typer.echo(coverage_report.markdown(found, lang, missing=missing), nl=False)
    else:
        say(coverage_report.text(found, lang, missing=missing, width=width()))
    if not found.complete:
        raise typer.Exit(NO)


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
    lang: LangOption = "de",
    form: FormatOption = "text",
) -> None:
    """Change every rule file step by step, and print which changes no case notices."""
    with working(Text("Die Regeln werden verändert", "Changing the rules").in_(lang)) as progress:
        score = mutated(directory, cases, survivors, only, jobs, progress)
    if form == "json":
        print_json(score.to_dict())
    else:
        _print_score(score, lang)
    if not score.passed:
        raise typer.Exit(NO)


def _print_score(score: Score, lang: Language) -> None:
    _table(Text("Regeldatei", "Rule file"), score.by("file"), score.total, lang)
    say("")
    _table(
        Text("Änderung", "Change"),
        {sentence(f"mutations.{k}").in_(lang): t for k, t in score.by("kind").items()},
        score.total,
        lang,
    )
    for reason, outcomes in _explained(score).items():
        _list(reason, (_line(outcome, lang) for outcome in outcomes))
    unexplained = (_line(outcome, lang) for outcome in score.unexplained)
    _list(Text("Ohne Begründung überlebt:", "Survived without a reason:").in_(lang), unexplained)
    stale = (f"{entry.mutant}  ({entry.why.in_(lang)})" for entry in score.stale)
    _list(Text("Begründet, aber kein Überlebender:", "Explained, but no survivor:").in_(lang), stale)


def _table(head: Text, tallies: Mapping[str, Tally], total: Tally, lang: Language) -> None:
    rows = {**tallies, Text("zusammen", "together").in_(lang): total}
    heads = [head.in_(lang), *sentence("mutation.heads").in_(lang).split("|")]
    say(table(heads, [[name, *map(str, tally), f"{tally.share:.1%}"] for name, tally in rows.items()]))


def _explained(score: Score) -> dict[str, list[Outcome]]:
    """Return the survivors that have a reason, by their reasons in the order in which these are stated."""
    found: dict[str, list[Outcome]] = {reason: [] for reason in score.reasons.values()}
    for outcome in score.survivors:
        if outcome.mutant.id in score.reasons:
            found[score.reasons[outcome.mutant.id]].append(outcome)
    return found


def _line(outcome: Outcome, lang: Language) -> str:
    line = Text("Zeile", "line").in_(lang)
    return f"{outcome.mutant.id}  ({line} {outcome.mutant.place.line})"


def _list(head: str, lines: Iterable[str]) -> None:
    if shown := list(lines):
        say("\n".join([f"\n{head}", *(f"  {line}" for line in shown)]))


def prove(
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            "--kind",
            metavar="ART",
            help="Nur diese Art (Tabellen, Voraussetzungen, Plausibilität, Fassungen, Befehle, Lesarten): "
            f"{', '.join(Kind)}; mehrfach möglich.",
        ),
    ] = None,
    fassung: FassungOption = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, help="Sekunden Rechenzeit, die ein Beweis dauern darf.")
    ] = 60,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="So viele Prozesse zugleich.")] = 2,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Die Fälle zu den Befehlen als Datei des Fallkorpus schreiben.")
    ] = None,
    target: Annotated[Path | None, typer.Option("--page", help="Die Ergebnisse als Markdown-Seite schreiben.")] = None,
    lang: LangOption = "de",
    form: FormatOption = "text",
    rules: RulesOption = None,
) -> None:
    """Prove what holds of all cases, or show one of which it does not."""
    try:
        from vwv_im.review.proofs import proving, report  # noqa: PLC0415 - z3 is an extra, and slow to import
    except ModuleNotFoundError:
        refuse(sentence("cli.no_solver"))
    read = [] if rules is None else [rules]
    for one in (cases, target):
        if one is not None:
            refuse_inputs(one, read)
    _known(regulation(rules), fassung)
    with working(Text("Die Beweise werden geführt", "Proving").in_(lang)) as progress:
        found = proving.prove(rules, kinds=kind or Kind, only=fassung, seconds=timeout, jobs=jobs, progress=progress)
    if cases is not None:
        write_file(cases, report.corpus_file(found.proofs, regulation(rules).first_question), read)
    if target is not None:
        write_file(target, report.proofs_page(found, lang), read)
    tell(found, form, lang, lambda lang: report.proofs_text(found, lang, width()))
    if found.failing:
        raise typer.Exit(NO)


def _known(law: Regulation, fassung: str | None) -> None:
    """Refuse a Fassung or act that there is not."""
    names = [*(akt.id for akt in law.acts if akt.art != "nachfolge"), law.with_erlasse.name]
    if fassung is not None and fassung not in names:
        refuse(sentence("cli.unknown_fassung", name=fassung, known=", ".join(names), near=meant(fassung, names)))
