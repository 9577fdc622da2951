"""Choosing the Fassung for a day, as known on a day. The reason for the choice is part of the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Literal

from vwv_im.law.model import Akt
from vwv_im.text import Text
from vwv_im.text.format import written_day
from vwv_im.text.json_object import Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """Which Fassung applies on a day, since when, until when, and why.

    `place` tells where the day lies: `inside` the scope; `before` the first Fassung; `after` the end; or `unknown`,
    where no act was known yet. `basis` is the Fassung that periods and duties are still computed under (`None`
    where there is none). The interval is half-open: `gilt_bis` is the first day on which it no longer applies.
    """

    place: Literal["inside", "before", "after", "unknown"]
    basis: str | None
    erlasse: tuple[str, ...]
    gilt_ab: date | None
    gilt_bis: date | None
    nearest: str | None
    successor: Sentence | None
    readings: tuple[str, ...]
    explain: Callable[[], Text]

    @property
    def because(self) -> Sentence:
        """Why this Fassung was chosen."""
        return self.explain()


def german(day: date) -> str:
    """Write a day in German."""
    return written_day(day, "de")


def english(day: date) -> str:
    """Write a day in English."""
    return written_day(day, "en")


def start_of(akt: Akt, readings: Mapping[str, str]) -> date:
    """Return the day from which an act applies under the readings followed."""
    name = akt.gilt_ab.auslegung
    late = name is not None and readings.get(name) == akt.gilt_ab.spaet_bei
    return akt.gilt_ab.spaetestens if late else akt.gilt_ab.datum


def choose(
    acts: Sequence[Akt], on: date, known_on: date | None = None, readings: Mapping[str, str] | None = None
) -> Choice:
    """Choose the Fassung for the day `on`, as known on `known_on` (default: with all acts known).

    `acts` stand in the order in which they were signed. The end of the scope binds whatever `known_on`.
    """
    return _Chooser(acts, on, known_on, readings or {}).choice()


class _Chooser:
    def __init__(self, acts: Sequence[Akt], on: date, known_on: date | None, readings: Mapping[str, str]) -> None:
        self.on, self.known_on, self.readings = on, known_on, readings
        norms = [akt for akt in acts if akt.art in ("stammfassung", "aenderung")]
        self.first = norms[0]
        self.known = [akt for akt in norms if self._is_known(akt)]
        self.unknown = [akt for akt in norms if not self._is_known(akt)]
        self.successor = next((akt for akt in acts if akt.art == "nachfolge"), None)
        self.end = self.successor.gilt_ab.datum if self.successor else None
        self.erlasse = tuple(
            akt.id for akt in acts if akt.art == "erlass" and self._is_known(akt) and self._start(akt) <= on
        )
        self.disputed = tuple(
            akt.gilt_ab.auslegung
            for akt in self.known
            if akt.gilt_ab.auslegung and akt.gilt_ab.datum <= on < akt.gilt_ab.spaetestens
        )

    def _is_known(self, akt: Akt) -> bool:
        return self.known_on is None or akt.bekannt_ab.datum <= self.known_on

    def _start(self, akt: Akt) -> date:
        return start_of(akt, self.readings)

    def choice(self) -> Choice:
        if self.end is not None and self.successor is not None and self.on >= self.end:
            return self._after(self.successor)
        if not self.known:
            return self._outside("unknown", self._nothing_known)
        effective = [akt for akt in self.known if self._start(akt) <= self.on]
        if not effective:
            return self._outside("before", self._too_early)
        chosen = effective[-1]
        later = [self._start(akt) for akt in self.known if self._start(akt) > self.on]
        until = min([*later, *([self.end] if self.end else [])], default=None)
        start, explain = self._start(chosen), cache(lambda: self._reason(chosen))
        return Choice("inside", chosen.id, self.erlasse, start, until, None, None, self.disputed, explain)

    def _outside(self, place: Literal["before", "unknown"], explain: Callable[[], Text]) -> Choice:
        return Choice(place, None, (), None, None, self.first.id, None, self.disputed, explain)

    def _after(self, successor: Akt) -> Choice:
        basis = self.known[-1] if self.known else None
        last = basis or self.first
        erlasse = self.erlasse if basis else ()
        explain = partial(self._too_late, successor, last)
        name = successor.kurz.text
        return Choice("after", basis.id if basis else None, erlasse, None, None, last.id, name, (), explain)

    def _too_late(self, successor: Akt, last: Akt) -> Text:
        name, day = successor.kurz, successor.gilt_ab.datum
        de = f"Ab dem {german(day)} gilt die {name.de}{_assumed(successor).de}; über sie entscheidet diese Bibliothek "
        de += f"nicht. Die letzte hier erfasste Fassung ist die nach der {last.kurz.de}."
        en = f"From {english(day)} the {name.en} applies{_assumed(successor).en}, on which this library does not "
        en += f"decide. The last Fassung covered here is the one after the {last.kurz.en}."
        if self.known:
            de += " Fristen und Zeiträume früherer Bewilligungen werden nach ihr weiter berechnet."
            en += " Periods and deadlines of earlier grants are still computed under it."
        return Text(de, en)

    def _nothing_known(self) -> Text:
        assert self.known_on is not None
        first, known_on = self.first, self.known_on
        practice = [sign for sign in first.vorboten if sign.ab <= known_on]
        de = f"Am {german(known_on)} war noch keine Fassung bekannt; die erste ist die {first.kurz.de}."
        en = f"On {english(known_on)} no Fassung was known yet; the first is the {first.kurz.en}."
        for sign in practice or first.vorboten:
            de += f" {sign.text.de}"
            en += f" {sign.text.en}"
        return Text(de, en)

    def _too_early(self) -> Text:
        first, start = self.first, self._start(self.first)
        return Text(
            f"Der {german(self.on)} liegt vor der ersten Fassung: Die {first.kurz.de} wirkt ab dem {german(start)}"
            f"{_assumed(first).de}.",
            f"{english(self.on)} lies before the first Fassung: the {first.kurz.en} applies from {english(start)}"
            f"{_assumed(first).en}.",
        )

    def _reason(self, chosen: Akt) -> Text:
        start = self._start(chosen)
        de = f"Anzuwenden ist am {german(self.on)} die Fassung nach der {chosen.kurz.de}; sie wirkt ab dem "
        de += f"{german(start)}{_assumed(chosen).de}"
        en = f"On {english(self.on)} the Fassung after the {chosen.kurz.en} applies; it takes effect from "
        en += f"{english(start)}{_assumed(chosen).en}"
        if chosen.ausgefertigt > self.on:
            de += f" und erfasst diesen Tag rückwirkend (ausgefertigt am {german(chosen.ausgefertigt)})"
            en += f" and covers this day retroactively (signed on {english(chosen.ausgefertigt)})"
        de, en = de + ".", en + "."
        for part in (self._knowledge(), self._dispute(), self._announced()):
            de, en = de + part.de, en + part.en
        return Text(de, en)

    def _knowledge(self) -> Text:
        if self.known_on is None:
            return Text("", "")
        hidden = [akt for akt in self.unknown if self._start(akt) <= self.on]
        known_de, known_en = german(self.known_on), english(self.known_on)
        if not hidden:
            return Text(
                f" Berücksichtigt ist, was am {known_de} bekannt war.",
                f" Account is taken of what was known on {known_en}.",
            )
        return Text(
            f" Berücksichtigt ist, was am {known_de} bekannt war; noch nicht bekannt war die "
            + ", die ".join(f"{a.kurz.de}, die rückwirkend ab dem {german(self._start(a))} wirkt" for a in hidden)
            + ".",
            f" Account is taken of what was known on {known_en}; not yet known was the "
            + ", the ".join(f"{a.kurz.en}, which applies retroactively from {english(self._start(a))}" for a in hidden)
            + ".",
        )

    def _dispute(self) -> Text:
        if not self.disputed:
            return Text("", "")
        akt = next(a for a in self.known if a.gilt_ab.auslegung == self.disputed[-1])
        early, late = akt.gilt_ab.datum, akt.gilt_ab.spaetestens
        return Text(
            f" Ob die {akt.kurz.de} an diesem Tag schon galt, ist offen: angenommen wird der "
            f"{german(self._start(akt))}, möglich ist jeder Tag vom {german(early)} bis zum {german(late)}.",
            f" Whether the {akt.kurz.en} already applied on this day is open: {english(self._start(akt))} is assumed, "
            f"any day from {english(early)} to {english(late)} is possible.",
        )

    def _announced(self) -> Text:
        if self.known_on is None:
            return Text("", "")
        signs = [sign for akt in self.unknown for sign in akt.vorboten if sign.ab <= self.known_on]
        return Text("".join(f" {sign.text.de}" for sign in signs), "".join(f" {sign.text.en}" for sign in signs))


def _assumed(akt: Akt) -> Text:
    if akt.gilt_ab.beleg[0].grad != "annahme":
        return Text("", "")
    return Text(" (Tag angenommen)", " (day assumed)")
