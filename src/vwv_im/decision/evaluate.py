"""Evaluating a case: choose the Fassung, run the plan, check it by the second engine, decide; what is asked of that."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, cast

from vwv_im.case import CaseError, CasePart
from vwv_im.decision.case_edits import with_changes
from vwv_im.decision.context import Context
from vwv_im.decision.counterfactuals import Counterfactuals, counterfactuals_of
from vwv_im.decision.decision import Decision
from vwv_im.decision.needs import Needs, needs_of
from vwv_im.decision.request import Request, make_request
from vwv_im.decision.result import Engine, EngineUsed
from vwv_im.decision.time_limit import check_time_limit
from vwv_im.law import ApplicableFassung, OperationId, Regulation
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.engines import EngineName, Programs
from vwv_im.reasoning.revision import follow
from vwv_im.text import Document, FaultyInputError, Place, fault_of


def evaluate(
    case: CasePart | Mapping[str, object] | str | os.PathLike[str],
    *,
    on: date | str,
    question: str | None = None,
    known_on: date | str | None = None,
    engine: EngineName = "checked",
    readings: Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | None = None,
) -> Decision:
    """Decide a case under the law of the day `on`, as known on `known_on`.

    `case` is a validated `Case`, data of the same shape, or the path of a YAML or JSON file. `on` is the day of the
    authority's decision; it has no default. `question` is one of `regulation().questions`, the first of them where
    none is named. `engine` is `checked` (the default: `direct` and `durable` must agree), `direct` or `durable`.
    `readings` names the readings to follow where the default is not wanted. `rules` names a directory of other rule
    files.

    Raises `CaseError` for a faulty case, `RequestError` for a faulty question, `RuleFileError` for faulty rule files,
    `EngineDisagreement` where the two engines differ, `EngineUnavailable` where `durable` was asked for and is not
    installed.

    >>> decision = evaluate("examples/neukirch.yaml", on="2018-06-01", engine="direct")
    >>> decision.verdict.value, sum(reason.verdict == "no" for reason in decision.reasons)
    ('no', 2)
    """
    return decide(
        *prepare(case, on=on, question=question, known_on=known_on, engine=engine, readings=readings, rules=rules)
    )


def needs(
    case: CasePart | Mapping[str, object] | str | os.PathLike[str],
    *,
    on: date | str,
    question: str | None = None,
    known_on: date | str | None = None,
    engine: EngineName = "direct",
    readings: Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | None = None,
) -> Needs[Decision]:
    """Return the facts still needed to decide a case, ranked by how much they decide.

    What is asked is said as to `evaluate`; the same errors are raised. `engine` is `direct` here.

    >>> found = needs("examples/neukirch.yaml", on="2018-06-01")
    >>> found.decision.verdict.value, found.facts
    ('no', ())
    """
    decision = evaluate(
        case, on=on, question=question, known_on=known_on, engine=engine, readings=readings, rules=rules
    )
    return needs_of(decision)


def counterfactuals(
    case: CasePart | Mapping[str, object] | str | os.PathLike[str],
    *,
    on: date | str,
    question: str | None = None,
    known_on: date | str | None = None,
    engine: EngineName = "direct",
    readings: Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | None = None,
) -> Counterfactuals[Decision]:
    """Return the smallest sets of changes to changeable facts that turn the verdict to yes.

    What is asked is said as to `evaluate`; the same errors are raised. `engine` is `direct` here. Where there is no
    such set, `sets` is empty and `beyond` names the requirements that no change can mend.

    >>> found = counterfactuals("examples/stuttgart.yaml", on="2018-06-01")
    >>> found.decision.verdict.value, found.sets
    ('yes', ())
    """
    decision = evaluate(
        case, on=on, question=question, known_on=known_on, engine=engine, readings=readings, rules=rules
    )
    return counterfactuals_of(decision)


def prepare(
    case: CasePart | Mapping[str, object] | str | os.PathLike[str],
    *,
    rules: str | os.PathLike[str] | None = None,
    **asked: Any,
) -> tuple[Regulation, CasePart, Request]:
    """Return the regulation, the valid case and the valid request; raises as `evaluate` does."""
    law = regulation(rules)
    request = make_request(law, **asked)
    valid = law.read_case(case)
    require_part(law, valid, request.question, case)
    return law, valid, request


def decide(
    law: Regulation,
    case: CasePart,
    request: Request,
    without: Collection[OperationId] = (),
    choice: ApplicableFassung | None = None,
    before: Context | None = None,
) -> Decision:
    """Decide a valid case on a valid request, `without` some operations of the acts.

    `choice` is the Fassung, where it was chosen by other means than the day; `before` is what `direct` found for the
    same case on the same day, under other readings or another law.
    """
    check_time_limit()
    chosen = choice or law.choose(request.on, request.known_on, request.readings, request.question)
    run = partial(_run, law, case, without, chosen)
    try:
        context, engine = run(request, before)
    except (ArithmeticError, MemoryError, RecursionError):  # no number or day that there is, or no end of brackets
        raise FaultyInputError([fault_of("beyond_measure", Place("<rules>"))]) from None

    again = _Again(law, case, request, without, choice, context if engine.used == "direct" else None)

    def on_request() -> Context | None:
        return run(replace(request, engine="direct"), with_on_request=True)[0]

    return Decision(law, request, chosen, case, context, engine, again, on_request)


@dataclass(slots=True)
class _Again:
    """Decides a case again: under other readings, by one engine, or with facts changed; or just as it was decided."""

    law: Regulation
    case: CasePart
    request: Request
    without: Collection[OperationId]
    choice: ApplicableFassung | None
    before: Context | None

    def __call__(self, readings: Mapping[str, str] | None = None, changes: Mapping[str, Any] | None = None) -> Decision:
        request, case, before = self.request, self.case, self.before if readings else None
        if readings is not None:
            request = replace(request, readings=readings, engine="direct")
        if changes is not None:
            case = with_changes(case, changes)
        return decide(self.law, case, request, self.without, self.choice, before)

    def __reduce__(self) -> tuple[Callable[..., _Again], tuple[Any, ...]]:
        stated = self.case.model_dump(exclude_none=True)
        return _again, (self.law, stated, self.request, tuple(self.without), self.choice)


def _again(
    law: Regulation,
    stated: Mapping[str, object],
    request: Request,
    without: Collection[OperationId],
    choice: ApplicableFassung | None,
) -> _Again:
    return _Again(law, law.read_case(stated), request, without, choice, None)


def _run(
    law: Regulation,
    case: CasePart,
    without: Collection[OperationId],
    choice: ApplicableFassung,
    request: Request,
    before: Context | None = None,
    *,
    with_on_request: bool = False,
) -> tuple[Context | None, Engine]:
    if choice.basis is None:
        return None, Engine("direct" if request.engine == "checked" else request.engine, False)
    program = programs_of(law).get(
        choice.basis, choice.erlasse, request.question, without, with_on_request=with_on_request
    )
    followed = None if before is None else follow(program.direct, before.evaluation, request.readings)
    if followed is None:
        evaluation, used, checked = program.run(request.engine, case, request.on, request.readings)
        engine = Engine(cast("EngineUsed", used), checked)
    else:
        evaluation, engine = followed, Engine("direct", False)
    return Context(law, program.fassung, program.direct, evaluation), engine


@lru_cache(maxsize=8)
def programs_of(law: Regulation) -> Programs:
    """Return the compiled programs of a regulation, kept for those used last."""
    return Programs(law)


def require_part(law: Regulation, case: CasePart, question: str, source: object = None) -> None:
    """Raise `CaseError` where a case lacks the part that a question asks about."""
    parts = {name: law.vocabulary.entities[one.wurzel].key for name, one in law.questions.items()}
    part, fitting = parts[question], [name for name, key in parts.items() if getattr(case, key) is not None]
    if question in fitting:
        return
    kind = "part_of_another_question" if fitting else "part_missing"
    named = source.file if isinstance(source, Document) else source
    place = Place(str(named) if isinstance(named, str | os.PathLike) else "<case>")
    raise CaseError([fault_of(kind, place, part, part=part, question=question, names="|".join(fitting))])
