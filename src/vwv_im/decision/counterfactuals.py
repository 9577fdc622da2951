"""The smallest changes that would help: sets of changes to changeable facts that turn the verdict to yes.

Requirements that share no changeable fact are mended separately, and the changes then combined. Every
set that is returned was applied and found to give yes, and no part of it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, combinations, islice, product
from typing import Any, Generic

from typing_extensions import TypeVar

from vwv_im.case.vocabulary import Fact, scope_of
from vwv_im.decision.answers import why_undecided
from vwv_im.decision.case_edits import value_at, values_worth_trying
from vwv_im.decision.context import Names
from vwv_im.decision.missing import missing_of
from vwv_im.decision.phrases import full_title, value_phrase
from vwv_im.decision.reason import Reason
from vwv_im.decision.result import Result
from vwv_im.decision.what_if import WhatIf
from vwv_im.lang import Verdict, facts_of
from vwv_im.law.model import Regel
from vwv_im.text import FactPath, JsonDocument, JsonObject, Language, Text, Value, sentence

_LARGEST = 4
_BEYOND = (
    (False, Text("Dem steht entgegen:", "In the way of it:")),
    (True, Text("Offen ist, weil Angaben fehlen:", "Open, since facts are missing:")),
)
"""What stands above the requirements that cannot be mended, by whether they are open."""
_MOST_SETS = 12


@dataclass(frozen=True, slots=True)
class Adjustment(JsonObject, schema="AdjustmentDocument", keys="fact from:old to:new text"):
    """A change to one fact: from what was stated (or unknown) to what would be needed."""

    fact: FactPath
    old: Value
    new: Value
    text: Text


@dataclass(frozen=True, slots=True)
class Obstacle(JsonObject, schema="BeyondDocument"):
    """A requirement that no change can mend, or that is open since facts are missing."""

    rule: str
    subject: str
    verdict: Verdict
    text: Text
    remedy: Text | None


R = TypeVar("R", bound=Result, default=Result)
"""The decision that was asked about: its result, or all of it."""


@dataclass(frozen=True, slots=True)
class Counterfactuals(
    JsonDocument,
    Generic[R],
    schema="CounterfactualsDocument",
    keys="outcome:decision.outcome verdict:decision.verdict sets beyond:obstacles",
):
    """The decision as it stands, the smallest sets of changes that give yes, and what no change can mend."""

    decision: R
    """The decision as it stands."""
    sets: tuple[tuple[Adjustment, ...], ...]
    """The smallest sets of changes that give yes."""
    beyond: tuple[Reason, ...]
    """The requirements that no change can mend, or that are open."""
    mends: tuple[tuple[Adjustment, ...], ...] = ()
    """Where there are no sets since facts are missing: the changes after which nothing else is in the way."""

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """The requirements that no change can mend, or that are open since facts are missing."""
        return tuple(
            Obstacle(one.rule, one.subject, one.verdict, _name(one, self.decision.context), _remedy(one))
            for one in self.beyond
        )

    def explain(self, lang: Language = "de") -> str:
        """Return the changes as text."""
        if self.decision.verdict is None:
            return why_undecided(self.decision).in_(lang)
        if self.decision.verdict is Verdict.YES:
            return Text("Es ist nichts zu ändern.\n", "Nothing needs to change.\n").in_(lang)
        if not self.sets:
            return self._none(lang)
        return "".join(f"{number}. {words}\n" for number, words in enumerate(self.told(self.sets, lang), start=1))

    def told(self, sets: Iterable[tuple[Adjustment, ...]], lang: Language) -> list[str]:
        """Return sets of changes as text, a line each."""
        return ["; ".join(adjustment.text.in_(lang) for adjustment in found) for found in sets]

    def remedies(self, lang: Language) -> list[str]:
        """Return what helps where no change to the facts does, as far as the rules say it."""
        barred = [reason for reason in self.beyond if reason.verdict is not Verdict.OPEN]
        remedies = [reason.remedy(lang) for reason in barred]
        kind = "counterfactuals.none" if barred else "counterfactuals.open"
        told = list(dict.fromkeys(filter(None, remedies)))
        if self.mends:
            return [*self.told(self.mends, lang), sentence(kind).in_(lang)]
        return told if told and None not in remedies else [sentence(kind).in_(lang), *told]

    def _none(self, lang: Language) -> str:
        lines = self.remedies(lang)
        for is_open, lead in _BEYOND:
            found = [reason for reason in self.beyond if (reason.verdict is Verdict.OPEN) is is_open]
            lines += [lead.in_(lang)] if found else []
            lines += [
                f"  – {_name(reason, self.decision.context).in_(lang)}{self._lacking(reason, lang)}" for reason in found
            ]
        return "\n".join(lines) + "\n"

    def _lacking(self, reason: Reason, lang: Language) -> str:
        """Return which facts an open requirement lacks."""
        missing = missing_of(self.decision.context, [reason])
        return (
            f": {', '.join(self.decision.regulation.vocabulary.title_at(entry.fact).in_(lang) for entry in missing)}"
            if missing
            else ""
        )


def _remedy(reason: Reason) -> Text | None:
    german, english = reason.remedy("de"), reason.remedy("en")
    return None if german is None or english is None else Text(german, english)


def negative_of(reason: Reason) -> Text | None:
    """Return what a requirement that is not met is called, where the rules say that in the negative."""
    model = reason.requirement.item.model
    said = model.titel_nein if isinstance(model, Regel) and reason.condition.verdict is Verdict.NO else None
    return None if said is None else said.text


def _name(reason: Reason, names: Names) -> Text:
    said, subject = negative_of(reason) or reason.title, reason.condition.subject
    return Text(full_title(said, subject, names, "de"), full_title(said, subject, names, "en"))


def counterfactuals_of(decision: R) -> Counterfactuals[R]:
    """Return the smallest sets of changes for a decision that was made."""
    if decision.verdict in (None, Verdict.YES):
        return Counterfactuals(decision, (), ())
    return _Search(decision).result()


Setting = Mapping[str, Any]


class _Search(Generic[R]):
    def __init__(self, decision: R) -> None:
        self.decision = decision
        self.unmet = [reason for reason in decision.reasons if reason.verdict is not Verdict.YES]
        self.what_if = WhatIf(decision)
        plan, subjects = decision.context.plan, decision.context.subjects
        self.holders = {(scope, one.name): one for scope in plan.scopes for one in subjects(scope)}
        self.apart = True
        self.candidates = {(reason.rule, reason.subject): self._candidate_values(reason) for reason in self.unmet}

    def result(self) -> Counterfactuals[R]:
        groups = self._groups()
        mends = [list(islice(self._mends(group), _MOST_SETS)) for group in groups]
        if not all(mends):
            return self._in_part(groups, mends)
        sound = [s for s in _joined(mends) if self._gives_yes(s) and (self.apart or self._minimal(s))]
        return Counterfactuals(self.decision, self._adjustments(sound), ())

    def _in_part(self, groups: list[list[Reason]], mends: list[list[Setting]]) -> Counterfactuals[R]:
        """Return what cannot be mended; where that is open since facts are missing, what mends the rest."""
        beyond, parts = list[Reason](), list[list[Setting]]()
        for group, found in zip(groups, mends, strict=True):
            still, failing = (
                [one for one in group if (one.verdict is Verdict.OPEN) is is_open] for is_open in (True, False)
            )
            alone = list(islice(self._mends(failing), _MOST_SETS)) if still and failing and not found else found
            beyond += [] if found else still if alone else group
            parts += [alone] if failing else []
        sound = [s for s in _joined(parts) if self.what_if.otherwise(s).verdict is Verdict.OPEN] if parts else []
        return Counterfactuals(self.decision, (), tuple(beyond), self._adjustments(sound))

    def _adjustments(self, settings: list[Setting]) -> tuple[tuple[Adjustment, ...], ...]:
        """Return the changes of each setting, the smallest first."""
        ordered = [sorted(setting.items()) for setting in sorted(settings, key=len)]
        told = {change: self._adjustment(*change) for change in dict.fromkeys(chain.from_iterable(ordered))}
        return tuple(tuple(told[change] for change in setting) for setting in ordered)

    def _groups(self) -> list[list[Reason]]:
        """Return the connected components of the unmet requirements, two joined where they share a changeable fact."""
        groups, of = dict[int, tuple[set[str], list[Reason]]](), dict[str, int]()
        for number, reason in enumerate(self.unmet):
            facts, members = set(self.candidates[reason.rule, reason.subject]), [reason]
            for other in sorted({of[fact] for fact in facts if fact in of}):
                shared, joined = groups.pop(other)
                facts |= shared
                members = joined + members
            groups[number] = facts, members
            of |= dict.fromkeys(facts, number)
        return [members for _, members in groups.values()]

    def _candidate_values(self, reason: Reason) -> dict[str, tuple[Any, ...]]:
        """Return the changeable facts that a requirement depends on, each with the values worth trying."""
        context = self.decision.context
        found: dict[str, tuple[Any, ...]] = {}
        for path in self._depends(reason):
            fact = self._fact(path)
            if fact.changeable:
                old = value_at(self.decision.case, path)
                worth = context.memoize("worth trying", fact, partial(values_worth_trying, context.plan, fact))
                values = [v for v in _without_extremes(worth) if v != old]
                if isinstance(old, tuple):
                    values = list(_neighbours(old, fact.values))
                if _is_number(old):
                    values.sort(key=lambda value: abs(value - old))
                found[path] = tuple(values)
        return found

    def _fact(self, path: str) -> Fact:
        fact = self.decision.regulation.vocabulary.fact_at(path)
        assert fact is not None, path
        return fact

    def _depends(self, reason: Reason) -> set[str]:
        """Return the paths of the stated facts that a requirement depends on, through derived facts."""
        context, subject = self.decision.context, reason.condition.subject
        roots = [*facts_of(reason.requirement.condition), *facts_of(reason.requirement.applies)]
        seen: set[str] = set()
        found: set[str] = set()
        while roots:
            fact = roots.pop()
            if fact in seen:
                continue
            seen.add(fact)
            if (producer := context.plan.producers.get(fact)) is not None:
                roots += facts_of(producer.form)
            elif fact in context.vocabulary.facts:
                home = subject.at(scope_of(fact))
                holders = context.entries(subject, scope_of(fact)) if home is None else [home]
                found |= {holder.path(fact) for holder in holders if holder.stated}
        return found

    def _mends(self, group: list[Reason]) -> Iterator[Setting]:
        """Yield the minimal settings that meet all requirements of a group and break none, smallest first."""
        choices = {f: v for reason in group for f, v in self.candidates[reason.rule, reason.subject].items()}
        wanted = {(reason.rule, reason.subject) for reason in group}
        found: list[Setting] = []
        kinds: set[frozenset[tuple[str, Any]]] = set()
        for size in range(1, min(_LARGEST, len(choices)) + 1):
            for facts in combinations(sorted(choices), size):
                for values in product(*(choices[fact] for fact in facts)):
                    setting = dict(zip(facts, values, strict=True))
                    kind = frozenset((fact, None if _is_number(v) else v) for fact, v in setting.items())
                    if kind in kinds or any(smaller.items() <= setting.items() for smaller in found):
                        continue
                    if self._meets(setting, wanted):
                        kinds.add(kind)  # of numbers the nearest that helps is enough
                        found.append(setting)
                        yield setting

    def _meets(self, setting: Setting, wanted: set[tuple[str, str]]) -> bool:
        other = self.what_if.otherwise(setting)
        found = other.requirements
        if other.verdict is not None and not all(found.get(about) is Verdict.YES for about in wanted):
            return False  # and would be, whatever is changed for the other groups: they share no fact
        unmet = {about for about, verdict in found.items() if verdict is not Verdict.YES}
        met = other.verdict is not None and unmet <= self.candidates.keys()
        self.apart &= met  # else it might do together with what mends another group
        return met

    def _gives_yes(self, setting: Setting) -> bool:
        return self.what_if.otherwise(setting).verdict is Verdict.YES

    def _minimal(self, setting: Setting) -> bool:
        smaller = (
            (dict(part) for size in range(len(setting)) for part in combinations(setting.items(), size))
            if len(setting) <= _LARGEST
            else ({f: v for f, v in setting.items() if f != left} for left in setting)
        )
        return not any(self._gives_yes(part) for part in smaller)

    def _adjustment(self, path: str, new: Any) -> Adjustment:
        fact, context = self._fact(path), self.decision.context
        old = value_at(self.decision.case, path)
        holder = self.holders[fact.scope, fact.home(path)]

        def sentence(lang: Language) -> str:
            before, after = (value_phrase(value, context, fact.path, lang) for value in (old, new))
            instead = Text("statt", "instead of").in_(lang)
            return f"{full_title(fact.title, holder, context, lang)}: {after} {instead} {before}"

        return Adjustment(path, old, new, Text(sentence("de"), sentence("en")))


def _joined(mends: list[list[Setting]]) -> list[Setting]:
    """Return settings that take what mends each group together."""
    return [dict(chain.from_iterable(one.items() for one in parts)) for parts in islice(product(*mends), _MOST_SETS)]


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _neighbours(old: tuple[Any, ...], entries: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the lists with one entry more, with one less, and with another one alone."""
    others = [entry for entry in entries if entry not in old]
    yield from (tuple(entry for entry in entries if entry in {*old, other}) for other in others)
    if len(old) > 1:
        yield from (tuple(entry for entry in old if entry != left) for left in old)
    yield from ((other,) for other in others)


def _without_extremes(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out the extremes that only serve to find out where a verdict turns."""
    numbers = [value for value in values if _is_number(value)]
    return tuple(value for value in values if value not in (numbers[:1] + numbers[-1:]))
