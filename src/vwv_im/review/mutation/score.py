"""The mutation score: what became of every mutant, and which survivors have no reason on file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from vwv_im.law.base import RuleModel
from vwv_im.law.reader import validated
from vwv_im.law.regulation import packaged_or_beside
from vwv_im.review.mutation.mutants import Outcome
from vwv_im.text import CONTRACT, FaultyInputError, Limits, Place, Text, fault_of, group, read_yaml, sentence

_LIMITS = Limits(bytes=4_000_000)


class SurvivorsError(FaultyInputError):
    """The file of reasons cannot be read; `faults` lists everything that is wrong with it."""


class Begruendung(RuleModel):
    """One reason, and the mutants it explains."""

    grund: Annotated[str, Field(min_length=1, description="Warum kein Fall den Mutanten bemerken kann oder muss.")]
    mutanten: Annotated[tuple[str, ...], Field(min_length=1, description="Die Mutanten, wie sie der Bericht nennt.")]


class SurvivorsFile(RuleModel):
    """All reasons."""

    ueberlebende: tuple[Begruendung, ...]


def survivors_file() -> Path:
    """Return where the reasons are: inside the installed package, or in the checkout under `tests/`."""
    return packaged_or_beside("mutation", "tests/mutation") / "ueberlebende.yaml"


def reasons_on_file(path: Path) -> Mapping[str, str]:
    """Return the reason of each explained mutant, by its id.

    Raises `SurvivorsError` with every fault found.
    """
    document = read_yaml(path, limits=_LIMITS)
    faults = list(document.faults)
    if document.data is None and not faults:
        faults.append(fault_of("empty_file", Place(str(path))))
    parsed = validated(SurvivorsFile, document, faults) if document.data is not None else None
    reasons: dict[str, str] = {}
    for number, entry in enumerate(parsed.ueberlebende if parsed else ()):
        for index, mutant in enumerate(entry.mutanten):
            if mutant in reasons:
                place = document.place(("ueberlebende", number, "mutanten", index))
                faults.append(fault_of("explained_twice", place, name=mutant))
            reasons[mutant] = entry.grund
    if faults:
        raise SurvivorsError(faults)
    return reasons


class Tally(NamedTuple):
    """How many mutants there are, and what became of them."""

    mutants: int
    refused: int
    equivalent: int
    killed: int
    explained: int
    unexplained: int

    @property
    def share(self) -> float:
        """The share of killed mutants among those that a case could notice; 1 where there are none."""
        noticeable = self.killed + self.explained + self.unexplained
        return self.killed / noticeable if noticeable else 1.0


class Stale(NamedTuple):
    """A reason on file that is not needed: the mutant does not survive, or there is no such mutant (any more)."""

    mutant: str
    why: Text


@dataclass(frozen=True)
class Score:
    """What became of every mutant that was tried; `reasons` are those on file, `files` those whose mutants were."""

    outcomes: tuple[Outcome, ...]
    reasons: Mapping[str, str]
    files: frozenset[str]

    @cached_property
    def survivors(self) -> tuple[Outcome, ...]:
        """The mutants that no case notices."""
        return tuple(outcome for outcome in self.outcomes if outcome.fate == "survived")

    @cached_property
    def unexplained(self) -> tuple[Outcome, ...]:
        """The survivors without a reason on file."""
        return tuple(outcome for outcome in self.survivors if outcome.mutant.id not in self.reasons)

    @cached_property
    def stale(self) -> tuple[Stale, ...]:
        """The reasons on file for what does not survive."""
        fates = {outcome.mutant.id: outcome.fate for outcome in self.outcomes}
        tried = (mutant for mutant in self.reasons if mutant.partition(" ")[0] in self.files)
        stale = ((mutant, fates.get(mutant, "gone")) for mutant in tried if fates.get(mutant) != "survived")
        return tuple(Stale(mutant, sentence(f"mutation.{fate}")) for mutant, fate in stale)

    @property
    def passed(self) -> bool:
        """Whether every survivor is explained and every reason needed."""
        return not self.unexplained and not self.stale

    @property
    def total(self) -> Tally:
        """All mutants."""
        return self._tally(self.outcomes)

    def by(self, part: Literal["file", "kind"]) -> dict[str, Tally]:
        """Return the mutants of each file, or of each kind."""
        groups = group((getattr(outcome.mutant, part), outcome) for outcome in self.outcomes)
        return {name: self._tally(outcomes) for name, outcomes in groups.items()}

    def _tally(self, outcomes: Iterable[Outcome]) -> Tally:
        counted = Counter(self._fate(outcome) for outcome in outcomes)
        return Tally(counted.total(), *(counted[fate] for fate in Tally._fields[1:]))

    def _fate(self, outcome: Outcome) -> str:
        if outcome.fate != "survived":
            return outcome.fate
        return "explained" if outcome.mutant.id in self.reasons else "unexplained"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document: `total`, `files`, `kinds`, `mutants`, `stale`."""
        return {
            "total": _document(self.total),
            "files": {name: _document(tally) for name, tally in self.by("file").items()},
            "kinds": {name: _document(tally) for name, tally in self.by("kind").items()},
            "mutants": [
                {
                    "id": outcome.mutant.id,
                    "place": str(outcome.mutant.place),
                    "kind": outcome.mutant.kind,
                    "fate": self._fate(outcome),
                    "by": outcome.by or None,
                    "reason": self.reasons.get(outcome.mutant.id),
                }
                for outcome in self.outcomes
            ],
            "stale": [{"mutant": stale.mutant, "why": stale.why.as_dict()} for stale in self.stale],
            "contract": CONTRACT,
        }


def _document(tally: Tally) -> dict[str, float]:
    return {**tally._asdict(), "share": round(tally.share, 4)}
