"""What each bit of a mask means: one table per question for requirements, contradictions, missing facts and duties.

A bit means the same under every Fassung, so masks of rows on different days compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from vwv_im.case import FACTS, PARTS
from vwv_im.lang.truth import Art
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.plan import Plan, make_plan

UNSTATED = {part.scope: part.path for part in PARTS.values() if part.many}
"""The list that holds the entries of a scope."""
MOST = 64


@dataclass(frozen=True)
class Bits:
    """The bits of a question's masks, each list in the order of its bits: ids of rules, paths of facts.

    `of_posts` has the bits of those requirements that are about a post. `arts` tells of each requirement whether it
    is one (`muss`, `soll`), an option (`kann`) or advice (`hinweis`) under the last Fassung, in the order of the bits.
    """

    requirements: tuple[str, ...]
    contradictions: tuple[str, ...]
    facts: tuple[str, ...]
    duties: tuple[str, ...] = ()
    of_posts: int = 0
    arts: tuple[Art, ...] = ()

    def __post_init__(self) -> None:
        for names in (self.requirements, self.contradictions, self.facts, self.duties):
            if len(names) > MOST:
                raise ValueError(f"{len(names)} names do not fit into {MOST} bits")

    @cached_property
    def _numbers(self) -> Mapping[str, Mapping[str, int]]:
        kinds = ("requirements", "contradictions", "facts", "duties")
        return {kind: {name: 1 << bit for bit, name in enumerate(getattr(self, kind))} for kind in kinds}

    def bit(self, kind: str, name: str) -> int:
        """Return the value of the bit that stands for a name."""
        return self._numbers[kind][name]

    def place(self, kind: str, name: str) -> int:
        """Return the place of the bit that stands for a name, from 0."""
        return self.bit(kind, name).bit_length() - 1

    def mask(self, kind: str, names: Iterable[str]) -> int:
        """Return the mask of some names."""
        return sum(self._numbers[kind][name] for name in set(names))

    def of_art(self, *arts: Art) -> int:
        """Return the mask of those requirements that are of one of some kinds.

        >>> Bits(("a", "b", "c"), (), (), arts=("muss", "kann", "soll")).of_art("muss", "soll")
        5
        """
        return sum(1 << bit for bit, art in enumerate(self.arts) if art in arts)

    def names(self, kind: str, mask: int) -> tuple[str, ...]:
        """Return the names that a mask stands for, in the order of the bits.

        >>> Bits(("a", "b", "c"), (), ()).names("requirements", 5)
        ('a', 'c')
        """
        return tuple(name for name, bit in self._numbers[kind].items() if mask & bit)


def bits_of_plans(plans: Iterable[Plan]) -> Bits:
    """Return the bits of some plans of one question."""
    known = list(plans)
    scopes = known[0].scopes
    facts = [path for path in FACTS if path.partition(".")[0] in scopes]
    facts += [path for path in PARTS if path in UNSTATED.values() and "stelle" in scopes]
    requirements = _ordered(requirement.id for plan in known for requirement in plan.requirements)
    homes = {requirement.id: requirement.scope for plan in known for requirement in plan.requirements}
    arts = {requirement.id: requirement.art for plan in known for requirement in plan.requirements}
    return Bits(
        requirements,
        _ordered(contradiction.id for plan in known for contradiction in plan.contradictions),
        tuple(facts),
        _ordered(duty.id for plan in known for duty in plan.duties),
        sum(1 << bit for bit, name in enumerate(requirements) if homes[name] == "stelle"),
        tuple(arts[name] for name in requirements),
    )


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@cache
def bits_of_question(law: Regulation, question: Question) -> Bits:
    """Return the bits of a question, the same under every Fassung, with and without Erlasse."""
    erlasse = tuple(akt.id for akt in law.acts if akt.art == "erlass")
    fassungen = [law.fassung(fassung.id, with_) for fassung in law.fassungen for with_ in ((), erlasse)]
    return bits_of_plans(make_plan(law, fassung, question) for fassung in fassungen)
