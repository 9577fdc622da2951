"""Comparing what two engines found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vwv_im.lang.truth import Truth, verdict_of
from vwv_im.reasoning.direct import Evaluation
from vwv_im.reasoning.frames import MEMBERS, PARENT, Frame, Frames, Layout
from vwv_im.reasoning.plan import Contradiction, Plan, Requirement

ENGINES = ("direct", "durable")

Difference = tuple[str, str, str]


class EngineDisagreement(RuntimeError):  # noqa: N818 - a name of the API
    """Two engines found different things for the same case, so there is no decision.

    `differences` says of each what it is about and what either engine found.
    """

    def __init__(self, differences: list[str]) -> None:
        super().__init__("\n".join(["the engines disagree:", *differences]))
        self.differences = differences


def differences(plan: Plan, left: Evaluation, right: Evaluation, engines: tuple[str, str] = ENGINES) -> list[str]:
    """Return in words each derived fact, requirement and contradiction on which two engines differ.

    `left` and `right` are what the engines named in `engines` found for one case. The list is empty where they agree;
    else it reads like `antrag.stellen[0].hoechstdauer_monate: direct says 24, durable says unknown`.
    """
    found = [*_numbers(plan, left, right), *_facts(plan, left, right), *_truths(plan, left, right)]
    return [f"{what}: {engines[0]} says {first}, {engines[1]} says {second}" for what, first, second in found]


def _numbers(plan: Plan, left: Evaluation, right: Evaluation) -> Iterator[Difference]:
    """Compare how much there is to compare."""
    numbers = [(f"number of {scope}", len(left.frames.of(scope)), len(right.frames.of(scope))) for scope in plan.scopes]
    numbers.append(("number of findings", len(left.findings), len(right.findings)))
    numbers.append(("number of contradictions", len(left.contradictions), len(right.contradictions)))
    yield from ((what, str(first), str(second)) for what, first, second in numbers if first != second)


def _facts(plan: Plan, left: Evaluation, right: Evaluation) -> Iterator[Difference]:
    if all(_alike(*rows) for rows in zip(_rows(left.frames), _rows(right.frames), strict=False)):
        return
    layout = Layout(plan)
    for derivation in plan.derivations:
        slot = layout.slot(derivation.fact)[1]
        name = derivation.fact.removeprefix(f"{derivation.scope}.")
        frames = zip(left.frames.of(derivation.scope), right.frames.of(derivation.scope), strict=False)
        for subject, (first, second) in zip(_subjects(derivation.scope, left.frames), frames, strict=False):
            if not _alike([first[slot]], [second[slot]]):
                yield f"{subject}.{name}", _value(first[slot]), _value(second[slot])


def _truths(plan: Plan, left: Evaluation, right: Evaluation) -> Iterator[Difference]:
    if (left.findings, left.contradictions) == (right.findings, right.contradictions):
        return
    names = _named("requirement", plan.requirements, left.frames)
    for name, first, second in zip(names, left.findings, right.findings, strict=False):
        for part, one, other in zip(("applies", "holds"), first, second, strict=True):
            if one is not other:
                yield f"{name} {part}", _truth(one), _truth(other)
    names = _named("contradiction", plan.contradictions, left.frames)
    for name, one, other in zip(names, left.contradictions, right.contradictions, strict=False):
        if one is not other:
            yield f"{name} is present", _truth(one), _truth(other)


def _rows(frames: Frames) -> Iterator[list[Any]]:
    """Yield the facts of each frame, without its links to the others."""
    yield frames.top[MEMBERS + 1 :]
    for frame in (*frames.posts, *frames.members):
        yield frame[PARENT + 1 :]


def _alike(left: Frame, right: Frame) -> bool:
    """Whether values are equal and of the same types: `True` is not 1."""
    return left == right and list(map(type, left)) == list(map(type, right))


def _named(what: str, items: Iterable[Requirement | Contradiction], frames: Frames) -> Iterator[str]:
    """Name each truth value in the order in which an evaluation holds them."""
    for item in items:
        for subject in _subjects(item.scope, frames):
            yield f"{what} {item.id} of {subject}"


def _subjects(scope: str, frames: Frames) -> list[str]:
    """Return the path of each subject of a scope."""
    if scope == "stelle" and not frames.posts_stated:
        return ["antrag.stellen"]
    lists = {"stelle": "antrag.stellen", "mitglied": "antrag.mitglieder"}
    numbers = range(len(frames.of(scope)))
    return [f"{lists[scope]}[{number}]" for number in numbers] if scope in lists else [scope]


def _truth(truth: Truth) -> str:
    return verdict_of(truth).value


def _value(value: Any) -> str:
    return "unknown" if value is None else repr(value)
