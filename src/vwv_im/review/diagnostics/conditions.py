"""Requirements and derived conditions that always or never hold; rules, duties, contradictions never reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from vwv_im.lang.nodes import Condition
from vwv_im.lang.truth import Verdict, contribution, verdict_of
from vwv_im.law.fassung import AnyItem, Fassung
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import Contradiction, Derivation, Duty, Requirement
from vwv_im.review.diagnostics.cells import Cells, TooManyCells, programs
from vwv_im.review.diagnostics.codes import found, under
from vwv_im.text import Fault, Text
from vwv_im.text.yaml import Path_

Rule = Requirement | Contradiction | Duty | Derivation


@dataclass(slots=True)
class Look:
    """How one rule can turn out under one Fassung: whether it can apply, and its verdicts."""

    fassung: Fassung
    item: AnyItem
    applies: set[bool | None] = field(default_factory=set)
    verdicts: set[Verdict] = field(default_factory=set)
    count: int = 0


def findings_of_conditions(law: Regulation) -> Iterator[Fault]:
    """Yield the rules that are never reached and those that always or never hold, each under which Fassungen."""
    wordings: dict[Any, list[Look]] = defaultdict(list)
    for look in _looks(law):
        entry = look.item.entry
        wordings[entry.key, *(entry.place((key,)) for key in ("gilt_fuer", "bedingung", "wenn"))].append(look)
    for looks in wordings.values():
        yield from _judged(looks)


def _looks(law: Regulation) -> Iterator[Look]:
    for state, program in programs(law):
        plan = program.plan
        rules: list[Rule] = [*plan.requirements, *plan.contradictions, *plan.duties]
        rules += (derivation for derivation in plan.derivations if derivation.item.model.wenn is not None)
        for rule in rules:
            yield _look(law, state, program, rule)


def _look(law: Regulation, state: Fassung, program: Direct, rule: Rule) -> Look:
    look = Look(state, rule.item)
    scope, applies, condition = _conditions(program, rule)
    try:
        cells = Cells(program, law.readings, scope, [applies, condition])
    except TooManyCells as many:
        look.count = many.count
        return look
    applying = None if applies is None else program.test(applies, scope)
    holding = None if condition is None else program.test(condition, scope)
    for cell in cells:
        is_applied = True if applying is None else applying(cell.frame)
        holds = True if holding is None else holding(cell.frame)
        look.applies.add(is_applied)
        if isinstance(rule, Requirement):
            look.verdicts.add(contribution(rule.art, is_applied, holds))
        elif isinstance(rule, Derivation):
            look.verdicts.add(verdict_of(holds))
    return look


def _conditions(program: Direct, rule: Rule) -> tuple[str, Condition | None, Condition | None]:
    """Return scope, applicability and condition; a contradiction applies where it is present."""
    match rule:
        case Requirement(scope=scope, applies=applies, condition=condition):
            return scope, applies, condition
        case Contradiction(scope=scope, condition=condition):
            return scope, condition, None
        case Duty(applies=applies):
            return program.plan.scopes[0], applies, None
        case Derivation(scope=scope, form=form):
            return scope, None, cast("Condition", form)


def _judged(looks: list[Look]) -> Iterator[Fault]:
    yield from _too_large([look for look in looks if look.count])
    whole = [look for look in looks if not look.count]
    yield from _told("VIM033", [look for look in whole if look.applies == {False}], ("gilt_fuer", "wenn"))
    reached = [look for look in whole if look.applies != {False}]
    yield from _told("VIM035", [look for look in reached if look.verdicts == {_always(look)}], ("bedingung", "wenn"))
    yield from _told("VIM036", [look for look in reached if look.verdicts == {_never(look)}], ("bedingung", "wenn"))


def _always(look: Look) -> Verdict:
    return Verdict.DISCRETION if getattr(look.item.model, "art", "") == "kann" else Verdict.YES


def _never(look: Look) -> Verdict:
    return Verdict.DISCRETION if getattr(look.item.model, "art", "") == "soll" else Verdict.NO


_SAYS = {
    "VIM033": Text("wird nie erreicht", "is never reached"),
    "VIM035": Text("ist immer erfüllt", "always holds"),
    "VIM036": Text("kann nie erfüllt sein", "can never hold"),
}


def _told(code: str, looks: list[Look], keys: tuple[str, ...]) -> Iterator[Fault]:
    if not looks:
        return
    item, where = looks[0].item, under(look.fassung for look in looks)
    key: Path_ = next(((key,) for key in keys if getattr(item.model, key, None) is not None), ())
    message = Text(
        f"'{item.id}' {_SAYS[code].de}{where.de}.",
        f"'{item.id}' {_SAYS[code].en}{where.en}.",
    )
    yield found(code, item.entry.place(key), message)


def _too_large(looks: list[Look]) -> Iterator[Fault]:
    if not looks:
        return
    item, where, count = looks[0].item, under(look.fassung for look in looks), max(look.count for look in looks)
    message = Text(
        f"'{item.id}' ist nicht geprüft: Es gibt {count} Fälle{where.de}.",
        f"'{item.id}' is not examined: there are {count} cases{where.en}.",
    )
    yield found("VIM040", item.place, message)
