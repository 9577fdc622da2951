"""A Fassung: the regulation as it stands after an act, and the items it consists of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from vwv_im.law.act import Akt
from vwv_im.law.entry import Entry
from vwv_im.law.history import OperationId
from vwv_im.law.model import Ableitung, Parameter, Pflicht, Regel, Vermerk
from vwv_im.law.observation import Plausibilitaet, Widerspruch
from vwv_im.text import Place

T = TypeVar("T", Parameter, Ableitung, Regel, Widerspruch, Plausibilitaet, Pflicht, Vermerk)


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """A parameter, derived fact, requirement, contradiction, duty or note, with its act and its place."""

    entry: Entry
    model: T

    @property
    def id(self) -> str:
        """Its id."""
        return self.entry.id

    @property
    def subject(self) -> str:
        """The subject (file) it belongs to."""
        return self.entry.subject

    @property
    def act(self) -> str:
        """The id of the act that shaped it last."""
        return self.entry.act

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.entry.place()


@dataclass(frozen=True, slots=True)
class Law:
    """Which state of the law is meant: a Fassung and the Erlasse beside it, by their ids."""

    fassung: str
    erlasse: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name: the ids joined by a plus sign."""
        return "+".join((self.fassung, *self.erlasse))

    @property
    def last_act(self) -> str:
        """The act that distinguishes it from the one before."""
        return (self.erlasse or (self.fassung,))[-1]


def laws_of(acts: Sequence[Akt]) -> tuple[Law, ...]:
    """Return every state of the law in order: the Fassungen, then the last with each Erlass that came beside it."""
    norms = [akt.id for akt in acts if akt.art in ("stammfassung", "aenderung")]
    erlasse = tuple(akt.id for akt in acts if akt.art == "erlass")
    beside = [Law(norms[-1], erlasse[:count]) for count in range(1, len(erlasse) + 1) if norms]
    return (*(Law(name, ()) for name in norms), *beside)


Observed = Item[Widerspruch] | Item[Plausibilitaet]
AnyItem = Item[Parameter] | Item[Ableitung] | Item[Regel] | Observed | Item[Pflicht] | Item[Vermerk]


@dataclass(frozen=True, slots=True)
class Fassung:
    """The regulation after an act (its `id`), with the Erlasse that stand beside it, `without` some operations."""

    id: str
    erlasse: tuple[str, ...]
    without: frozenset[OperationId]
    parameters: Mapping[str, Item[Parameter]]
    derivations: Mapping[str, Item[Ableitung]]
    rules: Mapping[str, Item[Regel]]
    contradictions: Mapping[str, Item[Widerspruch]]
    plausibilities: Mapping[str, Item[Plausibilitaet]]
    duties: Mapping[str, Item[Pflicht]]
    notes: Mapping[str, Item[Vermerk]]

    @property
    def law(self) -> Law:
        """Which state of the law it is."""
        return Law(self.id, self.erlasse)

    @property
    def name(self) -> str:
        """Its name: its id and those of the Erlasse beside it, joined by a plus sign."""
        return self.law.name

    @property
    def observations(self) -> tuple[Observed, ...]:
        """What may be told of a case: the contradictions, and what is not plausible."""
        return (*self.contradictions.values(), *self.plausibilities.values())

    def __iter__(self) -> Iterator[AnyItem]:
        yield from self.parameters.values()
        yield from self.derivations.values()
        yield from self.rules.values()
        yield from self.observations
        yield from self.duties.values()
        yield from self.notes.values()
