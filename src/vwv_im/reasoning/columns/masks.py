"""What each bit of a mask means: one table per question for requirements, named conditions, missing facts and duties.

A bit means the same under every Fassung, so masks of rows on different days compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from vwv_im.lang import Art
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError
from vwv_im.reasoning.plan import Duty, Kind, NamedCondition, Plan, make_plan

MOST = 64
KIND_OF: Mapping[str, Kind] = {"contradictions": "widerspruch", "plausibility": "plausibilitaet"}
"""The masks of named conditions, and which of them each tells of."""


@dataclass(frozen=True)
class MaskLayout:
    """The bits of a question's masks, each list in the order of its bits: ids of rules, paths of facts.

    `homes` tells of each requirement which entity it is about, `homes_of_notes` of each plausibility note. `arts`
    tells of each requirement whether it is one (`muss`, `soll`), an option (`kann`) or advice (`hinweis`) under the
    last Fassung; all are in the order of the bits.
    """

    requirements: tuple[str, ...]
    contradictions: tuple[str, ...]
    facts: tuple[str, ...]
    duties: tuple[str, ...] = ()
    plausibility: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    arts: tuple[Art, ...] = ()
    homes_of_notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for names in self._numbers.values():
            if len(names) > MOST:
                raise NotInColumnsError(f"{len(names)} names do not fit into {MOST} bits")

    @cached_property
    def _numbers(self) -> Mapping[str, Mapping[str, int]]:
        kinds = ("requirements", "contradictions", "facts", "duties", "plausibility")
        return {kind: {name: 1 << bit for bit, name in enumerate(getattr(self, kind))} for kind in kinds}

    def bit(self, kind: str, name: str) -> int:
        """Return the value of the bit that stands for a name."""
        return self._numbers[kind][name]

    def mask(self, kind: str, names: Iterable[str]) -> int:
        """Return the mask of some names."""
        return sum(self._numbers[kind][name] for name in set(names))

    def of_art(self, *arts: Art) -> int:
        """Return the mask of those requirements that are of one of some kinds.

        >>> MaskLayout(("a", "b", "c"), (), (), arts=("muss", "kann", "soll")).of_art("muss", "soll")
        5
        """
        return sum(1 << bit for bit, art in enumerate(self.arts) if art in arts)

    def about(self, *entities: str, notes: bool = False) -> int:
        """Return the mask of those requirements, or plausibility notes, that are about one of some entities.

        >>> MaskLayout(("a", "b", "c"), (), (), homes=("haus", "tuer", "haus")).about("haus")
        5
        """
        return sum(
            1 << bit for bit, home in enumerate(self.homes_of_notes if notes else self.homes) if home in entities
        )

    def names(self, kind: str, mask: int | None) -> tuple[str, ...]:
        """Return the names that a mask stands for, in the order of the bits; none for null.

        >>> MaskLayout(("a", "b", "c"), (), ()).names("requirements", 5)
        ('a', 'c')
        """
        return tuple(name for name, bit in self._numbers[kind].items() if (mask or 0) & bit)


def masks_of_plans(plans: Iterable[Plan]) -> MaskLayout:
    """Return the bits of some plans of one question."""
    known = list(plans)
    rules = {requirement.id: requirement for plan in known for requirement in plan.requirements}
    duties = _ids(duty for plan in known for duty in plan.duties)
    homes, arts = (tuple(one.scope for one in rules.values()), tuple(one.art for one in rules.values()))
    told = {mask: _ids(one for plan in known for one in plan.of_kind(kind)) for mask, kind in KIND_OF.items()}
    notes = {note.id: note.scope for plan in known for note in plan.of_kind("plausibilitaet")}
    beside = {"duties": duties, "homes": homes, "homes_of_notes": tuple(notes.values())}
    return MaskLayout(tuple(rules), facts=_askable(known), arts=arts, **told, **beside)


def _ids(items: Iterable[NamedCondition | Duty]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.id for item in items))


def _askable(plans: Sequence[Plan]) -> tuple[str, ...]:
    """Return the facts and lists that may be missing: all, or those that are read where these are too many."""
    vocabulary, scopes = plans[0].vocabulary, plans[0].scopes
    facts = [path for path, fact in vocabulary.facts.items() if fact.scope in scopes]
    lists = [one.path for one in vocabulary.stated if one.many and one.name in scopes]
    if len(facts) + len(lists) > MOST:
        read = frozenset[str]().union(*(plan.reads for plan in plans))
        facts = [path for path in facts if path in read]
    return (*facts, *lists)


@cache
def masks_of_question(law: Regulation, question: str) -> MaskLayout:
    """Return the bits of a question, the same under every Fassung, with and without Erlasse."""
    erlasse = tuple(akt.id for akt in law.acts if akt.art == "erlass")
    fassungen = [law.fassung(fassung.id, with_) for fassung in law.fassungen for with_ in ((), erlasse)]
    return masks_of_plans(make_plan(law, fassung, question) for fassung in fassungen)
