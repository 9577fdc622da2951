"""What of an evaluation follows from a difference: other facts of a record, other readings, another state of the law.

Only what reads something that is other than it was is worked out anew. A fact of an entry bears on that entry, on what
is below it, and on the records above; on the other entries of its list only where it reaches them through a record
above.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Any

from vwv_im.case.vocabulary import scope_of
from vwv_im.lang import Form, Over, Truth
from vwv_im.lang.fold import facts_of, nodes
from vwv_im.reasoning.direct import Direct, Evaluation, functions_of
from vwv_im.reasoning.plan import Kind, Plan
from vwv_im.reasoning.records import PARENT, Record, Records

Place = tuple[int, int]
"""The number of a requirement or contradiction in the plan, and that of a record of its scope."""
Changed = dict[str, Collection[int] | None]
"""The facts that are other than they were, each with the numbers of the records of its scope; `None`: of all.

Where a series has other entries, so has its scope.
"""
Key = tuple[str, str]
"""What a step of a plan works out, and of what kind it is."""
_FACT, _SERIES, _REQUIREMENT = "fact", "series", "requirement"
_BARRING: Kind = "widerspruch"


class NotFollowedError(LookupError):
    """What follows cannot be worked out alone: the entries of a series would have to be made anew."""


@dataclass(frozen=True, slots=True)
class Revised:
    """What is found with other facts: the findings that were worked out anew, and whether the case contradicts itself.

    `findings` holds whether a requirement applies and holds, by its number in the plan and that of the record;
    `derived` the derived facts that are others, by the number of the record.
    """

    findings: Mapping[Place, tuple[Truth, Truth]]
    contradicted: bool
    derived: Mapping[str, Mapping[int, Any]]


Part = tuple[Key, str, tuple[Form | None, ...], int]
"""What is worked out for each record of a scope, of which forms, and its number among those of its kind."""


def _parts(plan: Plan) -> Iterator[Part]:
    """Yield the parts of a plan, each after all that it reads; the truths come last."""
    for derivations, series in plan.stages:
        yield from (((_FACT, one.fact), one.scope, (one.form,), 0) for one in derivations)
        for other in series:
            above = plan.vocabulary.parent(other.scope) or other.scope
            yield (_SERIES, other.scope), above, other.days, 0
    for number, rule in enumerate(plan.requirements):
        yield (_REQUIREMENT, rule.id), rule.scope, (rule.applies, rule.condition), number
    for kind in dict.fromkeys(one.kind for one in plan.named):
        for number, named in enumerate(plan.of_kind(kind)):
            yield (kind, named.id), named.scope, (named.condition,), number


class _Step:
    """A part of a plan as it is worked out alone.

    What is `near` bears on the record that it is a fact of, what is `far` on all records; `made` is what others read.
    """

    def __init__(self, direct: Direct, key: Key, scope: str, forms: tuple[Form | None, ...], number: int) -> None:
        self.direct, self.key, self.scope, self.forms, self.number = direct, key, scope, forms, number
        (self.kind, name), words = key, direct.plan.vocabulary
        given = words.entities[name].given if self.kind == _SERIES else ()
        self.made: tuple[str, ...] = (name, *given) if self.kind in (_FACT, _SERIES) else ()
        over = [node for node in nodes(*forms) if isinstance(node, Over)]
        facts, within = set(facts_of(*forms)), set(facts_of(*over))
        alone = scope == direct.plan.top  # of which there is one record: nothing is nearer to it than all
        self.near = frozenset(fact for fact in facts - within if scope_of(fact) == scope and not alone)
        self.far = frozenset(facts - self.near) | {*words.above(scope), *(node.scope for node in over)}
        self.slot = direct.layout.slot(name)[1] if self.kind == _FACT else 0

    @cached_property
    def work(self) -> Callable[[Record], Any]:
        """What works it out on a record: one value, or one for each of its forms."""
        return functions_of(self.direct.layout, [(self.scope, self.forms)], alone=len(self.forms) == 1)[0]

    def reads(self, facts: Collection[str]) -> bool:
        """Whether it reads one of some facts."""
        return not (self.far.isdisjoint(facts) and self.near.isdisjoint(facts))

    def rows(self, changed: Changed, count: int) -> Collection[int]:
        """Return the numbers of the records for which something else may be found."""
        if not self.far.isdisjoint(changed):
            return range(count)
        if self.near.isdisjoint(changed):
            return ()
        rows = [changed[fact] for fact in self.near.intersection(changed)]
        return range(count) if None in rows else set(chain.from_iterable(one for one in rows if one is not None))


class _Steps:
    """The steps of a plan."""

    def __init__(self, direct: Direct) -> None:
        self.every = [_Step(direct, *part) for part in _parts(direct.plan)]
        self._reached: dict[tuple[frozenset[str], frozenset[Key], bool], list[_Step]] = {}

    def reached(
        self, facts: frozenset[str], anew: frozenset[Key] = frozenset(), *, judged: bool = False
    ) -> list[_Step]:
        """Return the steps that some facts bear on, and those to be taken `anew` with what they bear on.

        `judged`: only as far as a requirement or a contradiction rests on them; raises `NotFollowedError` where it
        rests on a series.
        """
        key, found = (facts, anew, judged), set(facts)
        if key not in self._reached:
            steps = list[_Step]()
            for step in self._judged() if judged else self.every:
                if step.key in anew or step.reads(found):
                    found.update(step.made)
                    steps.append(step)
            self._reached[key] = steps
        return self._reached[key]

    def _judged(self) -> list[_Step]:
        found, read = list[_Step](), set[str]()
        for step in reversed(self.every):
            if step.kind in (_REQUIREMENT, _BARRING) or not read.isdisjoint(step.made):
                read |= step.near | step.far
                found.append(step)
        if any(step.kind == _SERIES for step in found):
            raise NotFollowedError("a verdict rests on the entries of a series")
        return found[::-1]


@lru_cache(maxsize=128)
def _steps(direct: Direct) -> _Steps:
    return _Steps(direct)


class _Change:
    """A change that is followed through the records of a case, step by step."""

    def __init__(self, of: dict[str, list[Record]], changed: Changed) -> None:
        self.of, self.changed = of, changed
        self._before: list[tuple[Any, Any, Any]] = []

    def write(self, record: Record, slot: int, value: Any) -> bool:
        """Write a value; return whether it is another one than before."""
        before = record[slot]
        if value is before or (value == before and type(value) is type(before)):
            return False
        self._before.append((record, slot, before))
        record[slot] = value
        return True

    def undo(self) -> None:
        """Put back what was there before."""
        for record, slot, value in reversed(self._before):
            record[slot] = value

    def derive(self, step: _Step, *, anew: bool = False) -> None:
        """Work out a fact, or the entries of a series, where they may be others, or for all records."""
        records = self.of[step.scope]
        rows = range(len(records)) if anew else step.rows(self.changed, len(records))
        if rows and step.kind == _SERIES:
            self._make(step, records)
        elif rows:
            work, slot, others = step.work, step.slot, list[int]()
            for row in rows:
                record = records[row]
                if (value := work(record)) is not record[slot] and self.write(record, slot, value):
                    others.append(row)
            if others:
                self.changed[step.made[0]] = others

    def _make(self, step: _Step, above: list[Record]) -> None:
        """Make the entries of a series; where they are the same as before, those stay."""
        layout, (scope, *given) = step.direct.layout, step.made
        slots, held = [layout.slot(fact)[1] for fact in given], layout.lists[step.scope][scope]
        before, lists = self.of[scope], [record[held] for record in above]
        series = next(one for one in step.direct.plan.series if one.scope == scope)
        layout.make_series(scope, self.of, [step.work(record) for record in above], step=series.step)
        if _heads(lists, slots) != _heads([record[held] for record in above], slots):
            self.changed.update(dict.fromkeys(step.made))
            self._before += [
                (self.of, scope, before),
                *((record, held, one) for record, one in zip(above, lists, strict=True)),
            ]
            return
        self.of[scope], self.of[layout.plan.top][0][PARENT] = before, None
        for record, entries in zip(above, lists, strict=True):
            record[held] = entries


def _heads(lists: Iterable[list[Record] | None], slots: Sequence[int]) -> list[Any]:
    return [entries and [[entry[slot] for slot in slots] for entry in entries] for entries in lists]


class Revision:
    """An evaluation of which facts of one record are changed, one change at a time. Not for several threads at once."""

    of: dict[str, list[Record]]

    def __init__(self, direct: Direct, evaluation: Evaluation) -> None:
        self.direct = direct
        self.of = evaluation.records.copy().of
        truths = iter(evaluation.present.get(_BARRING, ()))
        places = [(n, i) for n, one in enumerate(direct.plan.contradictions) for i in range(len(self.of[one.scope]))]
        self._barred = {place for place, truth in zip(places, truths, strict=True) if truth}

    def revised(self, scope: str, index: int, facts: Mapping[str, Any], *, judged: bool = True) -> Revised:
        """Return what is found where the record of a scope with some number states other facts.

        `judged`: only that on which a requirement or a contradiction rests. Raises `NotFollowedError` where the entries
        of a series would change.
        """
        steps, slot = _steps(self.direct).reached(frozenset(facts), judged=judged), self.direct.layout.slot
        change = _Change(self.of, dict.fromkeys(facts, (index,)))
        found, barred = dict[Place, Any](), dict[Place, Any]()
        try:
            self.of[self.direct.plan.top][0][PARENT] = None  # what was found by stated facts
            for fact, value in facts.items():
                change.write(self.of[scope][index], slot(fact)[1], value)
            for step in steps:
                if step.made:
                    change.derive(step)
                elif step.kind in (_REQUIREMENT, _BARRING):
                    truths, records = found if step.kind == _REQUIREMENT else barred, self.of[step.scope]
                    for row in step.rows(change.changed, len(records)):
                        truths[step.number, row] = step.work(records[row])
            others = [step.made[0] for step in steps if step.kind == _SERIES and step.made[0] in change.changed]
            if any(step.scope in others and not step.made for step in steps):
                raise NotFollowedError("a requirement is about the entries of a series")
            followed = ((fact, rows) for fact, rows in change.changed.items() if fact not in facts and rows is not None)
            derived = {
                fact: {row: self.of[slot(fact)[0]][row][slot(fact)[1]] for row in rows} for fact, rows in followed
            }
        finally:
            change.undo()
            self.of[self.direct.plan.top][0][PARENT] = None
        return Revised(found, any(barred.values()) or bool(self._barred.difference(barred)), derived)


def follow(direct: Direct, found: Evaluation, readings: Mapping[str, str]) -> Evaluation | None:
    """Return what is found for the same case on the same day under other readings, or by another plan of the question.

    Nothing where that plan lays out a case in another way.
    """
    other = found.records.layout.plan
    if (difference := _difference(direct, other)) is None:
        return None
    facts, anew = difference
    records = found.records.copy(direct.layout)
    changed: Changed = dict.fromkeys([*facts, *direct.layout.follow(records, readings)])
    if other is direct.plan and not changed:
        return found
    change, tested = _Change(records.of, changed), dict[Key, Sequence[Any]]()
    for step in _steps(direct).reached(frozenset(changed), anew):
        of = records.of[step.scope]
        if step.made:
            change.derive(step, anew=step.key in anew)
        elif rows := range(len(of)) if step.key in anew else step.rows(changed, len(of)):
            tested = tested or _truths(found)
            tested[step.key] = _tested(step, of, rows, tested.get(step.key, ()))
    if other is direct.plan and not tested:
        return Evaluation(records, found.findings, found.present)
    return _evaluation(direct.plan, records, tested or _truths(found))


def _tested(step: _Step, records: list[Record], rows: Collection[int], before: Sequence[Any]) -> list[Any]:
    if len(rows) == len(records):
        return list(map(step.work, records))
    truths = list(before)
    for row in rows:
        truths[row] = step.work(records[row])
    return truths


def _truths(found: Evaluation) -> dict[Key, Sequence[Any]]:
    """Return what was found for each record by each requirement and named condition."""
    plan, truths, tests = found.records.layout.plan, iter(found.findings), dict[Key, Sequence[Any]]()
    counts = {scope: len(records) for scope, records in found.records.of.items()}
    for rule in plan.requirements:
        tests[_REQUIREMENT, rule.id] = list(islice(truths, counts[rule.scope]))
    for kind, listed in found.present.items():
        present = iter(listed)
        for one in plan.of_kind(kind):
            tests[kind, one.id] = list(islice(present, counts[one.scope]))
    return tests


def _evaluation(plan: Plan, records: Records, truths: Mapping[Key, Sequence[Any]]) -> Evaluation:
    findings = chain.from_iterable(truths[_REQUIREMENT, one.id] for one in plan.requirements)
    present: dict[Kind, list[Truth]] = {}
    for one in plan.named:
        present.setdefault(one.kind, []).extend(truths[one.kind, one.id])
    return Evaluation(records, tuple(findings), present)


@lru_cache(maxsize=128)
def _difference(direct: Direct, other: Plan) -> tuple[frozenset[str], frozenset[Key]] | None:
    """Return the facts that are of another kind in a plan or that it alone derives, and what it does not say alike."""
    plan = direct.plan
    if other is plan:
        return frozenset(), frozenset()
    if plan.scopes != other.scopes or plan.stated != other.stated:
        return None
    alike = {key: said for key, *said, _ in _parts(other)}
    anew = frozenset(key for key, *said, _ in _parts(plan) if alike.get(key) != said)
    kinds = {fact for fact, kind in plan.types.items() if other.types.get(fact) != kind}
    return frozenset(kinds | (other.producers.keys() - plan.producers.keys())), anew
