"""Choosing the Fassung for a day, as known on a day. The reason for the choice is part of the answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Literal

from vwv_im.law.act import Akt, Vorbote
from vwv_im.text import Sentence, Text, sentence, written_day


@dataclass(frozen=True)
class ApplicableFassung:
    """Which Fassung applies on a day, since when, until when, and why.

    `status` tells where the day lies: `inside` the scope; `before` the first Fassung; `after` the end; `unknown`, where
    no act was known yet; `own_days`, where it chooses none. `basis` is the Fassung that periods and duties are still
    computed under (`None` where there is none). The interval is half-open: `gilt_bis` is the first day on which it no
    longer applies.
    """

    status: Literal["inside", "before", "after", "unknown", "own_days"]
    basis: str | None
    erlasse: tuple[str, ...]
    gilt_ab: date | None
    gilt_bis: date | None
    nearest: str | None
    successor: Sentence | None
    readings: tuple[str, ...]
    explain: Callable[[], Text]

    @cached_property
    def because(self) -> Sentence:
        """Why this Fassung was chosen."""
        return self.explain()


def start_of(akt: Akt, readings: Mapping[str, str]) -> date:
    """Return the day from which an act applies under the readings followed."""
    name = akt.gilt_ab.auslegung
    late = name is not None and readings.get(name) == akt.gilt_ab.spaet_bei
    return akt.gilt_ab.spaetestens if late else akt.gilt_ab.datum


def choose(
    acts: Sequence[Akt], on: date, known_on: date | None = None, readings: Mapping[str, str] | None = None
) -> ApplicableFassung:
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

    def choice(self) -> ApplicableFassung:
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
        start, explain = self._start(chosen), partial(self._reason, chosen)
        return ApplicableFassung("inside", chosen.id, self.erlasse, start, until, None, None, self.disputed, explain)

    def _outside(self, status: Literal["before", "unknown"], explain: Callable[[], Text]) -> ApplicableFassung:
        return ApplicableFassung(status, None, (), None, None, self.first.id, None, self.disputed, explain)

    def _after(self, successor: Akt) -> ApplicableFassung:
        basis = self.known[-1] if self.known else None
        last = basis or self.first
        erlasse = self.erlasse if basis else ()
        explain = partial(self._too_late, successor, last)
        name = successor.kurz.text
        return ApplicableFassung("after", basis.id if basis else None, erlasse, None, None, last.id, name, (), explain)

    def _too_late(self, successor: Akt, last: Akt) -> Text:
        day = _day(successor.gilt_ab.datum)
        words = {"day": day, "name": successor.kurz.text, "assumed": _assumed(successor), "last": last.kurz.text}
        still = sentence("earlier_grants") if self.known else _NOTHING
        return sentence("after_the_end", **words, still=still)

    def _nothing_known(self) -> Text:
        assert self.known_on is not None
        first = self.first
        signs = [sign for sign in first.vorboten if sign.ab <= self.known_on] or first.vorboten
        return sentence("nothing_known", day=_day(self.known_on), first=first.kurz.text, signs=_said(signs))

    def _too_early(self) -> Text:
        first, start = self.first, _day(self._start(self.first))
        words = {"first": first.kurz.text, "start": start, "assumed": _assumed(first)}
        return sentence("before_the_first", day=_day(self.on), **words)

    def _reason(self, chosen: Akt) -> Text:
        signed = chosen.ausgefertigt
        back = sentence("retroactively", day=_day(signed)) if signed > self.on else _NOTHING
        start = _day(self._start(chosen))
        words = {"chosen": chosen.kurz.text, "start": start, "assumed": _assumed(chosen), "back": back}
        more = _joined((self._knowledge(), self._dispute(), self._announced()))
        return sentence("applies", day=_day(self.on), **words, more=more)

    def _knowledge(self) -> Text:
        if self.known_on is None:
            return _NOTHING
        known = _day(self.known_on)
        hidden = [
            sentence("hidden", act=akt.kurz.text, start=_day(self._start(akt)))
            for akt in self.unknown
            if self._start(akt) <= self.on
        ]
        if not hidden:
            return sentence("as_known", day=known)
        listed = Text(", die ".join(act.de for act in hidden), ", the ".join(act.en for act in hidden))
        return sentence("as_known_without", day=known, hidden=listed)

    def _dispute(self) -> Text:
        if not self.disputed:
            return _NOTHING
        akt = next(a for a in self.known if a.gilt_ab.auslegung == self.disputed[-1])
        days = {"start": self._start(akt), "early": akt.gilt_ab.datum, "late": akt.gilt_ab.spaetestens}
        return sentence("disputed", act=akt.kurz.text, **{name: _day(day) for name, day in days.items()})

    def _announced(self) -> Text:
        if self.known_on is None:
            return _NOTHING
        return _said(sign for akt in self.unknown for sign in akt.vorboten if sign.ab <= self.known_on)


_NOTHING = Text("", "")


def _day(day: date) -> Text:
    return Text(written_day(day, "de"), written_day(day, "en"))


def _said(signs: Iterable[Vorbote]) -> Text:
    return _joined(Text(f" {sign.text.de}", f" {sign.text.en}") for sign in signs)


def _joined(texts: Iterable[Text]) -> Text:
    german, english = zip(*texts, strict=True) if (texts := tuple(texts)) else ((), ())
    return Text("".join(german), "".join(english))


def _assumed(akt: Akt) -> Text:
    return sentence("day_assumed") if akt.gilt_ab.beleg[0].grad == "annahme" else _NOTHING
