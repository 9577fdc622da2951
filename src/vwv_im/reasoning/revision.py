"""What of an evaluation changes with some facts of one record: only that is worked out anew.

A fact of an entry bears on that entry, on what is below it, and on the records above; on the other entries of its list
only where it reaches them through a record above. What no requirement and no contradiction reads is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal

from vwv_im.case.vocabulary import scope_of
from vwv_im.lang import Form, Over, Truth
from vwv_im.lang.fold import facts_of, nodes
from vwv_im.reasoning.direct import Direct, Evaluation
from vwv_im.reasoning.plan import Derivation, Plan
from vwv_im.reasoning.python_writer import RECORD, TOP, PythonWriter, Source
from vwv_im.reasoning.records import PARENT, Record

Place = tuple[int, int]
"""The number of a requirement or contradiction in the plan, and that of a record of its scope."""
Found = tuple[dict[Place, tuple[Truth, Truth]], dict[Place, Truth]]
Extent = Literal["near", "of"]
"""Which records of a scope change: those of and around the one whose facts change, or all of the case."""


class NotFollowedError(LookupError):
    """What follows cannot be worked out alone: the entries of a series would have to be made anew."""


@dataclass(frozen=True, slots=True)
class Revised:
    """What is found with other facts: the findings that were worked out anew, and whether the case contradicts itself.

    `findings` holds whether a requirement applies and holds, by its number in the plan and that of the record.
    """

    findings: Mapping[Place, tuple[Truth, Truth]]
    contradicted: bool


class Revision:
    """An evaluation of which facts of one record are changed, one change at a time. Not for several threads at once."""

    def __init__(self, direct: Direct, evaluation: Evaluation) -> None:
        self.direct = direct
        self.of = evaluation.records.copy().of
        truths = iter(evaluation.present.get("widerspruch", ()))
        places = [(n, i) for n, one in enumerate(direct.plan.contradictions) for i in range(len(self.of[one.scope]))]
        self._barred = {place for place, truth in zip(places, truths, strict=True) if truth}

    def revised(self, scope: str, index: int, facts: Mapping[str, Any]) -> Revised:
        """Return what is found where the record of a scope with some number states other facts.

        Raises `NotFollowedError` where the entries of a series would change.
        """
        part = _part(self.direct, scope, frozenset(facts))
        near = self._near(scope, index)
        records = [record for found in near.values() for _, record in found]
        records += [record for one in part.everywhere for record in self.of[one]]
        kept = [(record, record[:]) for record in records]
        try:
            for fact, value in facts.items():
                self.of[scope][index][self.direct.layout.slot(fact)[1]] = value
            findings, barred = part.run(self.of[self.direct.plan.top][0], self.of, near)
        finally:
            for record, before in kept:
                record[:] = before
        return Revised(findings, any(barred.values()) or bool(self._barred.difference(barred)))

    def _near(self, scope: str, index: int) -> dict[str, list[tuple[int, Record]]]:
        """Return, by their scopes, a record, those below it and those above it, each with its number."""
        vocabulary, record = self.direct.plan.vocabulary, self.of[scope][index]
        near = {scope: [(index, record)]}
        for above in vocabulary.above(scope)[1:]:
            record = record[PARENT]
            near[above] = [next(pair for pair in enumerate(self.of[above]) if pair[1] is record)]
        for one in self.direct.plan.scopes:
            if one != scope and scope in vocabulary.above(one):
                held = {id(record) for _, record in near[vocabulary.parent(one) or one]}
                near[one] = [pair for pair in enumerate(self.of[one]) if id(pair[1][PARENT]) in held]
        return near


class _Part:
    """The part of a plan that follows from some facts of one record, as a Python function."""

    def __init__(self, direct: Direct, scope: str, facts: Iterable[str]) -> None:
        self.plan, self.scope = direct.plan, scope
        self.changed: dict[str, Extent] = dict.fromkeys(facts, "near")
        requirements = [(one.scope, (one.applies, one.condition)) for one in self.plan.requirements]
        contradictions = [(one.scope, (one.condition,)) for one in self.plan.contradictions]
        judged = [*requirements, *contradictions]
        wanted = _behind(self.plan, [form for _, forms in judged for form in forms])
        self.python = PythonWriter(direct.layout, Source())
        lines, everywhere = [f"def revise({TOP}, of, near):", "    found, barred = {}, {}"], set[str]()
        for one in wanted:
            if extent := self._extent(one.scope, one.form):
                self.changed[one.fact] = extent
                everywhere.update([one.scope] if extent == "of" else ())
                lines += self._loop(one.scope, extent, partial(self.python.derive, one.fact, one.form, one.scope))
        for name, tested in (("found", requirements), ("barred", contradictions)):
            for number, (home, forms) in enumerate(tested):
                if extent := self._extent(home, *forms):
                    lines += self._loop(home, extent, partial(self._test, f"{name}[{number}, i]", home, forms))
        self.everywhere, source = frozenset(everywhere), "\n".join([*lines, "    return found, barred", ""])
        self.run: Callable[..., Found] = self.python.source.define(source)["revise"]

    def _test(self, place: str, scope: str, forms: Sequence[Form | None]) -> str:
        truths = ", ".join(self.python.whole(form, scope) for form in forms)
        return f"{place} = {f'({truths})' if len(forms) > 1 else truths}"

    def _loop(self, scope: str, extent: Extent, write: Callable[[], str]) -> Iterator[str]:
        self.python.next_record()
        statement = write()
        above, before = self.python.taken()
        yield from (f"    {line}" for line in above)
        if scope == self.plan.top:
            yield from (f"    {line}" for line in (*before, "i = 0", statement))
        else:
            name = self.python.source.refer(scope)
            yield f"    for i, {RECORD} in {f'enumerate(of[{name}])' if extent == 'of' else f'near[{name}]'}:"
            yield from (f"        {line}" for line in (*before, statement))

    def _extent(self, scope: str, *forms: Form | None) -> Extent | None:
        """Return in which records of a scope some forms give something else; nothing where in none."""
        vocabulary, found = self.plan.vocabulary, set[Extent]()
        above = vocabulary.above(scope)
        for fact in facts_of(*forms):
            home = scope_of(fact)
            if fact in self.changed and home in above:
                below = self.scope in vocabulary.above(home) or home == scope
                found.add(self.changed[fact] if below else "of")
        for node in nodes(*forms):
            if isinstance(node, Over):
                anchor = vocabulary.parent(node.scope) or node.scope
                below = self.scope in vocabulary.above(anchor) or anchor == scope
                inner = [fact for fact in facts_of(node.value) if scope_of(fact) not in above]
                found.update(self.changed[fact] if below else "of" for fact in inner if fact in self.changed)
        return "of" if "of" in found else "near" if found else None


def _behind(plan: Plan, forms: Iterable[Form | None]) -> list[Derivation]:
    """Return the derivations that some forms rest on, in the order of the plan.

    Raises `NotFollowedError` where one is of a series, or goes through one: its entries would have to be made anew.
    """
    facts, ahead = set[str](), list(facts_of(*forms))
    while ahead:
        fact = ahead.pop()
        if fact not in facts:
            facts.add(fact)
            ahead += facts_of(plan.producers[fact].form) if fact in plan.producers else ()
    found = [one for one in plan.derivations if one.fact in facts]
    read = {one.scope for one in found} | {
        node.scope for one in found for node in nodes(one.form) if isinstance(node, Over)
    }
    if not read.isdisjoint(series.scope for series in plan.series):
        raise NotFollowedError("a verdict rests on the entries of a series")
    return found


@lru_cache(maxsize=256)
def _part(direct: Direct, scope: str, facts: frozenset[str]) -> _Part:
    return _Part(direct, scope, facts)
