"""Finding the two states of the law that an act or a range `A..B` compares."""

from __future__ import annotations

from typing import NamedTuple

from vwv_im.decision.request import RequestError
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.text import Fault, Place, Text
from vwv_im.text.faults import did_you_mean

BETWEEN = ".."


class Step(NamedTuple):
    """Two states of the law and the operations that lead from one to the other; before the first state is nothing."""

    before: Law | None
    after: Law
    operations: tuple[OperationId, ...]


def step(law: Regulation, wanted: str) -> Step:
    """Return what an act (`2020-11-11`) or a range (`2017-12-11..2022-01-26`) compares.

    Raises `RequestError` for an act that is not known or changes no text, and for a range in the wrong order.
    """
    known = {state.last_act: number for number, state in enumerate(law.laws)}
    first, between, second = wanted.partition(BETWEEN)
    asked = (first, second) if between else (first,)
    if faults := [_unknown(name, known) for name in asked if name not in known]:
        raise RequestError(faults)
    if not between:
        return _step(law, known[first] - 1, known[first])
    if known[first] >= known[second]:
        message = Text(f"{first} steht nicht vor {second}.", f"{first} does not stand before {second}.")
        raise RequestError([Fault("VIM150", Place("AKT"), message)])
    return _step(law, known[first], known[second])


def _step(law: Regulation, before: int, after: int) -> Step:
    acts = {state.last_act for state in law.laws[before + 1 : after + 1]}
    operations = tuple(operation for operation in law.operations if operation.act in acts)
    return Step(law.laws[before] if before >= 0 else None, law.laws[after], operations)


def _unknown(name: str, known: dict[str, int]) -> Fault:
    listed = ", ".join(known)
    hint = Text(f"Möglich sind: {listed}.", f"Possible are: {listed}.")
    if close := did_you_mean(name, known):
        hint = Text(f"{close.de} {hint.de}", f"{close.en} {hint.en}")
    message = Text(
        f"'{name}' ist kein Akt, der den Text geändert hat.", f"'{name}' is no act that has changed the text."
    )
    return Fault("VIM150", Place("AKT"), message, hint)
