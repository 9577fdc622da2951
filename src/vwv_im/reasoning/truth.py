"""Truth values: strong Kleene for conditions, and discretion as a fourth value for requirements.

Conditions know `True`, `False` and `None` (open). Requirements add `Verdict.DISCRETION`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

Truth = bool | None
Art = Literal["muss", "soll", "kann", "hinweis"]


class Verdict(StrEnum):
    """The value of a requirement or of a whole question."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    DISCRETION = "discretion"


_AND = {Verdict.NO: 0, Verdict.OPEN: 1, Verdict.DISCRETION: 2, Verdict.YES: 3}
_OR = {Verdict.NO: 0, Verdict.DISCRETION: 1, Verdict.OPEN: 2, Verdict.YES: 3}
_OF_TRUTH: dict[Truth, Verdict] = {True: Verdict.YES, False: Verdict.NO, None: Verdict.OPEN}


def verdict_of(truth: Truth) -> Verdict:
    """Return the verdict that a truth value is.

    >>> verdict_of(None)
    <Verdict.OPEN: 'open'>
    """
    return _OF_TRUTH[truth]


def conjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the weakest in the order no < open < discretion < yes.

    Raises `ValueError` where there is nothing to conjoin: an empty conjunction is an error, not a yes.

    >>> conjunction([Verdict.YES, Verdict.DISCRETION, Verdict.OPEN])
    <Verdict.OPEN: 'open'>
    """
    return min(verdicts, key=_AND.__getitem__)


def disjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the strongest in the order no < discretion < open < yes.

    >>> disjunction([Verdict.NO, Verdict.DISCRETION, Verdict.OPEN])
    <Verdict.OPEN: 'open'>
    """
    return max(verdicts, key=_OR.__getitem__)


def negation(verdict: Verdict) -> Verdict:
    """Swap yes and no.

    >>> negation(Verdict.DISCRETION)
    <Verdict.DISCRETION: 'discretion'>
    """
    return {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}.get(verdict, verdict)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return the Kleene conjunction of conditions.

    >>> all_of([True, None]), all_of([None, False])
    (None, False)
    """
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return the Kleene disjunction of conditions.

    >>> any_of([False, None]), any_of([None, True])
    (None, True)
    """
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def none_of(truth: Truth) -> Truth:
    """Return the Kleene negation of a condition."""
    return None if truth is None else not truth


def contribution(art: Art, applies: Truth, holds: Truth) -> Verdict:
    """Return what a requirement contributes: its verdict, for `kann` the option, for `hinweis` whether it is due.

    `muss` and `soll`: not applicable, or it holds; for `soll` a *no* becomes discretion.
    `kann` and `hinweis`: applicable and it holds; for `kann` a *yes* becomes discretion.

    >>> contribution("soll", True, False)
    <Verdict.DISCRETION: 'discretion'>
    >>> contribution("kann", True, True)
    <Verdict.DISCRETION: 'discretion'>
    >>> contribution("muss", False, None)
    <Verdict.YES: 'yes'>
    """
    if art in ("kann", "hinweis"):
        option = verdict_of(all_of((applies, holds)))
        return Verdict.DISCRETION if art == "kann" and option is Verdict.YES else option
    verdict = verdict_of(any_of((none_of(applies), holds)))
    return Verdict.DISCRETION if art == "soll" and verdict is Verdict.NO else verdict
