"""Truth values: strong Kleene for conditions, and discretion as a fourth value for requirements.

Conditions know `True`, `False` and `None` (open). Requirements add `Verdict.DISCRETION`. Every engine runs what stands
here, or is generated from it; only `durable` joins truth values by the means of durable-rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

Truth = bool | None
Art = Literal["muss", "soll", "kann", "darf", "hinweis"]
"""What a requirement is: `darf` is an option that is a permission or a claim, so that nothing is left to discretion."""
ARTEN: tuple[Art, ...] = get_args(Art)
FOLDED: tuple[Art, ...] = ("muss", "soll")
"""The kinds of requirement that make up the verdict; the others stand beside it."""
OPTIONS: tuple[Art, ...] = ("kann", "darf")
TRUTHS: tuple[Truth, ...] = (True, False, None)


class Verdict(StrEnum):
    """The value of a requirement or of a whole question."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    DISCRETION = "discretion"


WEAKEST_FIRST = (Verdict.NO, Verdict.OPEN, Verdict.DISCRETION, Verdict.YES)
"""The order of a conjunction of requirements: it is the weakest of them."""
_OR = (Verdict.NO, Verdict.DISCRETION, Verdict.OPEN, Verdict.YES)
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
    return min(verdicts, key=WEAKEST_FIRST.index)


def disjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the strongest in the order no < discretion < open < yes.

    >>> disjunction([Verdict.NO, Verdict.DISCRETION, Verdict.OPEN])
    <Verdict.OPEN: 'open'>
    """
    return max(verdicts, key=_OR.index)


def negation(verdict: Verdict) -> Verdict:
    """Swap yes and no.

    >>> negation(Verdict.DISCRETION)
    <Verdict.DISCRETION: 'discretion'>
    """
    return {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}.get(verdict, verdict)


@dataclass(frozen=True, slots=True)
class Connective:
    """How truth values are joined: one that `decides` settles the whole; else one that is open leaves it open."""

    decides: bool

    def join(self, truths: Iterable[Truth]) -> Truth:
        """Return the truth of the whole (strong Kleene).

        >>> ALL.join([True, None]), ALL.join([None, False]), ANY.join([None, True])
        (None, False, True)
        """
        result: Truth = not self.decides
        for truth in truths:
            if truth is self.decides:
                return truth
            if truth is None:
                result = None
        return result


ALL = Connective(decides=False)
"""The conjunction."""
ANY = Connective(decides=True)
"""The disjunction."""


def negated_truth(truth: Truth) -> Truth:
    """Return the Kleene negation of a condition."""
    return None if truth is None else not truth


SOFTENED: Mapping[Art, Verdict] = {"soll": Verdict.NO, "kann": Verdict.YES}
"""What becomes discretion with a kind of requirement."""


def contribution(art: Art, applies: Truth, holds: Truth) -> Verdict:
    """Return what a requirement contributes: its verdict, for `kann` the option, for `hinweis` whether it is due.

    `muss` and `soll`: not applicable, or it holds; for `soll` a *no* becomes discretion.
    `kann`, `darf` and `hinweis`: applicable and it holds; for `kann` a *yes* becomes discretion.

    >>> contribution("soll", True, False)
    <Verdict.DISCRETION: 'discretion'>
    >>> contribution("kann", True, True)
    <Verdict.DISCRETION: 'discretion'>
    >>> contribution("muss", False, None)
    <Verdict.YES: 'yes'>
    """
    asked, met = verdict_of(applies), verdict_of(holds)
    verdict = disjunction((negation(asked), met)) if art in FOLDED else conjunction((asked, met))
    return Verdict.DISCRETION if verdict is SOFTENED.get(art) else verdict


CONTRIBUTIONS: Mapping[tuple[Art, Truth, Truth], Verdict] = {
    (art, applies, holds): contribution(art, applies, holds) for art in ARTEN for applies in TRUTHS for holds in TRUTHS
}
"""The same as a table."""
