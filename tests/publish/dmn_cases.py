"""Cases for the DMN export: what the inputs of a model are, and what `direct` answers for each of its decisions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, get_args

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.context import Context
from vwv_im.decision.evaluate import programs_of
from vwv_im.lang import facts_of
from vwv_im.lang.truth import conjunction, contribution, verdict_of
from vwv_im.law.regulation import Regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.publish.dmn.decision_model import condition_name, model_of, requirement_name
from vwv_im.publish.dmn.feel import variable
from vwv_im.reasoning.plan import Kind, Observation, Plan
from vwv_im.reasoning.records import Subject

RUNNER = Path(__file__).with_name("dmn_runner.mjs")


class Key(NamedTuple):
    """What one DMN file is about."""

    fassung: str
    erlasse: tuple[str, ...]
    question: Any


@dataclass(frozen=True)
class Question:
    """A case as the model reads it, and what each of its decisions should give."""

    label: str
    stated: Mapping[str, Any]
    expected: Mapping[str, Any]


def questions(
    law: Regulation, key: Key, label: str, case: CasePart, on: date, readings: Mapping[str, str]
) -> Iterator[Question]:
    """Yield the case as a whole, and each entry of its lists, with those above it."""
    program = programs_of(law).get(*key)
    evaluation = program.direct.evaluate(case, on, readings)
    context = Context(law, program.fassung, program.direct, evaluation)
    top = program.plan.top
    part = plain(getattr(case, law.vocabulary.entities[top].key).model_dump())
    stated = {top: part, "entscheidung": {"tag": on.isoformat()}, "auslegung": dict(readings)}
    (subject,) = context.subjects(top)
    yield Question(label, stated, {**expected(context, subject), **whole(context)})
    for scope in (one for one in program.plan.scopes[1:] if law.vocabulary.entities[one].series is None):
        for subject in context.subjects(scope):
            yield Question(f"{label}, {subject.name}", {**stated, **above(part, subject)}, expected(context, subject))


def above(part: Any, subject: Subject) -> dict[str, Any]:
    """Return an entry of a list and those above it, by their entities; null where the list is not stated."""
    if subject.above is None:
        return {subject.scope: part}
    holders = above(part, subject.above)
    found = holders[subject.above.scope]
    if found is not None and subject.number is not None:
        for key in subject.name.removeprefix(f"{subject.above.name}.").partition("[")[0].split("."):
            found = found[key]
        found = found[subject.number]
    else:
        found = None
    return {**holders, subject.scope: found}


def of_series(plan: Plan) -> set[str]:
    """Return the derived facts that are about a series or rest on one, which FEEL has no form for."""
    series = {one.scope for one in plan.series}
    found: set[str] = set()
    for derivation in plan.derivations:  # each after those that it reads
        scopes = {derivation.scope, *map(scope_of, facts_of(derivation.form))}
        if scopes & series or set(facts_of(derivation.form)) & found:
            found.add(derivation.fact)
    return found


def expected(context: Context, subject: Subject) -> dict[str, Any]:
    """Return what `direct` found about one subject."""
    plan = context.plan
    derived = [derivation.fact for derivation in plan.derivations if derivation.scope == subject.scope]
    unsayable = of_series(plan)
    answers = {variable(fact): plain(context.value(fact, subject)) for fact in derived if fact not in unsayable}
    for requirement, about, (applies, holds) in context.findings():
        if about.record is subject.record:
            verdict = contribution(requirement.art, applies, holds).value
            answers[requirement_name(requirement.id)] = {"verdict": verdict, "applies": verdict_of(applies).value}
    for kind in get_args(Kind):
        for told, about, present in context.named(kind):
            sayable = isinstance(told, Observation) and not set(facts_of(told.condition)) & unsayable
            if about.record is subject.record and sayable:
                answers[condition_name(told)] = present
    return answers


def refused(law: Regulation, key: Key) -> set[str]:
    """Return the decisions that the file names as those which FEEL has no form for."""
    model, plan = model_of(law, law.fassung(key.fassung, key.erlasse), key.question), programs_of(law).get(*key).plan
    titles = {variable(one.fact): one.item.model.titel.de for one in plan.derivations}
    titles |= {requirement_name(one.id): one.item.model.titel.de for one in plan.requirements}
    titles |= {condition_name(one): one.item.model.titel.de for one in plan.observations}
    titles |= {"outcome": "outcome", "verdict": "verdict"}
    return {name for name, title in titles.items() if title in model.refused}


def whole(context: Context) -> dict[str, Any]:
    """Return the outcome and the verdict."""
    if context.evaluation.contradicted:
        return {"outcome": "contradictory", "verdict": None}
    folded = [
        contribution(requirement.art, applies, holds)
        for requirement, _, (applies, holds) in context.findings()
        if requirement.art in ("muss", "soll")
    ]
    return {"outcome": "decided", "verdict": conjunction(folded).value}


def plain(value: Any) -> Any:
    """Return a value as JSON has it: amounts as numbers, days as ISO text."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def run(law: Regulation, asked: Mapping[Key, list[Question]], folder: Path) -> Iterator[tuple[list[str], list[Any]]]:
    """Write the DMN file of each key and run its questions; yield the warnings and the answers."""
    jobs = []
    for number, (key, cases) in enumerate(asked.items()):
        file = folder / f"{number}.dmn"
        file.write_bytes(dmn_of(law, *key))
        jobs.append({"file": str(file), "cases": [case.stated for case in cases]})
    ended = subprocess.run(
        ["node", str(RUNNER)], input=json.dumps(jobs), capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    for answered in json.loads(ended.stdout):
        yield answered["warnings"], answered["answers"]
