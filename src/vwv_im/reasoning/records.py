"""Records: the facts of one case, laid out so that an engine finds each by the number of its slot.

There is one for the entity at the top of the case, and one for each entry of a list. A record holds, from slot 0: the
record above it, a list of records for each list it has, then its facts, and room for the derived ones. The top record
holds the day of the decision and the readings before its facts. Unknown is `None`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import accumulate, chain
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import DECISION_DAY, Vocabulary, scope_of
from vwv_im.lang import READING
from vwv_im.lang.dates import periods
from vwv_im.reasoning.plan import Plan
from vwv_im.text import group

Record = list[Any]
PARENT = 0
"""The slot of the record above."""
_FEW = 16
"""So many entries are gone through sooner than they are found."""


class Subject(NamedTuple):
    """What a requirement is about: a record of the case, or what stands for a list that the case does not state.

    `name` is its path in the case, or that of the list; `number` counts the entries of a list from 0, and is `None`
    where there is only one, or where the list is not stated. `above` is the subject whose record holds it, `around`
    the one from whose place a list is gone through, where that is another.
    """

    scope: str
    name: str
    number: int | None
    record: Record
    above: Subject | None = None
    stated: bool = True
    around: Subject | None = None

    def path(self, fact: str) -> str:
        """Return the path of a fact in the case, as seen from here."""
        scope, _, rest = fact.partition(".")
        home = self.at(scope)
        return fact if home is None else f"{home.name}.{rest}"

    def at(self, scope: str) -> Subject | None:
        """Return this subject, or the one above or around it, that is of a scope."""
        if scope == self.scope:
            return self
        found = None if self.above is None else self.above.at(scope)
        return found if found is not None or self.around is None else self.around.at(scope)


@dataclass(slots=True)
class Records:
    """The records of one case: of each scope all that there are, in the order of the case.

    Where a list is not stated, one record stands for it of which nothing is known.
    """

    layout: SlotLayout
    of: dict[str, list[Record]]
    _subjects: dict[str, tuple[Subject, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def top(self) -> Record:
        """The record at the top."""
        return self.of[self.layout.plan.top][0]

    def copy(self, layout: SlotLayout | None = None) -> Records:
        """Return records with the same facts that share nothing with these; as the layout of another plan has them."""
        layout = layout or self.layout
        made: dict[int, Record] = {}
        copies: dict[str, list[Record]] = {}
        for scope, records in self.of.items():
            take = layout.taken_from(self.layout, scope)
            copies[scope] = [[made.get(id(record[PARENT])), *take(record)] for record in records]
            made.update(zip(map(id, records), copies[scope], strict=True))
        for scope, lists in self.layout.lists.items():
            for slot in lists.values():
                for record in copies[scope]:
                    if record[slot] is not None:
                        record[slot] = [made[id(entry)] for entry in record[slot]]
        return Records(layout, copies)

    def subjects(self, scope: str) -> tuple[Subject, ...]:
        """Return every subject of a scope."""
        if scope not in self._subjects:
            self._subjects[scope] = tuple(self._found(scope))
        return self._subjects[scope]

    def _found(self, scope: str) -> Iterator[Subject]:
        if scope == self.layout.plan.top:
            yield Subject(scope, scope, None, self.of[scope][0])
            return
        above, key, slot = self.layout.lists_of[scope]
        for holder in self.subjects(above):
            entries = holder.record[slot]
            if entries is None:
                name = f"{holder.name}.{key}" if holder.stated else holder.name
                stand_in = next(record for record in self.of[scope] if record[PARENT] is holder.record)
                yield Subject(scope, name, None, stand_in, holder, stated=False)
                continue
            for number, record in enumerate(entries):
                yield Subject(scope, f"{holder.name}.{key}[{number}]", number, record, holder, holder.stated)


class SlotLayout:
    """Where a plan keeps each fact, and how to fill the records from a case."""

    readings: tuple[str, ...]
    lists: dict[str, dict[str, int]]
    lists_of: dict[str, tuple[str, str, int]]
    taken_from: Callable[..., Callable[[Record], Iterable[Any]]]

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.readings = plan.readings
        vocabulary, facts = plan.vocabulary, plan.vocabulary.facts
        stated = sorted((path for path in facts if path not in plan.producers), key=lambda path: path.count("."))
        derived = [path for path in plan.types if path not in vocabulary.types]
        self.lists = {scope: {one: n for n, one in enumerate(below, PARENT + 1)} for scope, below in plan.lists.items()}
        """The slots of the lists that each scope has, by the scope of their entries."""
        self.slots: dict[str, tuple[str, int]] = {}
        """The scope and the number of the slot that holds each fact, in the order of the scopes and slots."""
        self._fillers: dict[str, _Filler] = {}
        for scope in plan.scopes:
            own = [path for path in stated if scope_of(path) == scope]
            room = [path for path in derived if scope_of(path) == scope]
            given = [path for path in vocabulary.entities[scope].given if path not in plan.producers]
            head = [] if scope != plan.top else [DECISION_DAY, *(READING + name for name in self.readings)]
            offset = PARENT + 1 + len(self.lists[scope])
            paths = [*head, *given, *own, *room]
            self.slots.update({path: (scope, offset + index) for index, path in enumerate(paths)})
            self._fillers[scope] = _Filler(scope, own, len(self.lists[scope]), len(room))
        self.lists_of = {
            one: (scope, key_of(vocabulary, one), slot)
            for scope, lists in self.lists.items()
            for one, slot in lists.items()
        }
        """Which scope holds each list, how it is called there, and in which slot, by the scope of its entries."""
        self.taken_from = lru_cache(maxsize=1024)(self._taken_from)
        self._getters = {scope: getter_of(key_of(vocabulary, scope)) for scope in plan.scopes}

    def parent(self, scope: str) -> str | None:
        """Return the scope whose records hold those of a scope."""
        return self.plan.vocabulary.parent(scope)

    def slot(self, path: str) -> tuple[str, int]:
        """Return the scope and the number of the slot that holds a fact."""
        return self.slots[path]

    def place(self, path: str) -> str:
        """Return where a fact stands in generated source: `top[3]`, or `f[3]` in the record that the loop is at."""
        home, slot = self.slots[path]
        return f"{'top' if home == self.plan.top else 'f'}[{slot}]"

    def value(self, record: Record, scope: str, path: str) -> Any:
        """Return the value of a fact as seen from a record of `scope`."""
        home, slot = self.slots[path]
        while scope != home:
            record, scope = record[PARENT], self.parent(scope) or home
        return record[slot]

    def facts(self, records: Records) -> list[list[Any]]:
        """Return the values of all facts, stated and derived, record by record: not the day, the readings and links."""
        heads = {self.plan.top: 1 + len(self.readings)}
        starts = {scope: PARENT + 1 + len(lists) + heads.get(scope, 0) for scope, lists in self.lists.items()}
        return [record[starts[scope] :] for scope, ones in records.of.items() for record in ones]

    @lru_cache(maxsize=1024)  # noqa: B019 - a layout lives as long as the regulation
    def _taken_from(self, other: SlotLayout, scope: str) -> Callable[[Record], Iterable[Any]]:
        """Return what gives the values of a record of another layout as they stand here.

        What only the plan of the other derives is unknown.
        """
        if other is self:
            return itemgetter(slice(PARENT + 1, None))
        known = self.plan.vocabulary.types.keys() | self.plan.producers.keys()
        slots = [*range(PARENT + 1, PARENT + 1 + len(self.lists[scope]))]
        for path in (path for path, (home, _) in self.slots.items() if home == scope):
            place = other.slots.get(path) if path in known or path.startswith(READING) else None
            slots.append(-1 if place is None else place[1])
        return lambda record: map([*record, None].__getitem__, slots)

    def follow(self, records: Records, readings: Mapping[str, str]) -> set[str]:
        """Set other readings; return the facts that say which is followed, where that changed."""
        changed = set()
        for name in self.readings:
            slot = self.slot(READING + name)[1]
            if records.top[slot] != readings[name]:
                records.top[slot] = readings[name]
                changed.add(READING + name)
        return changed

    def fill(self, case: CasePart, on: date, readings: Mapping[str, str]) -> Records:
        """Lay out a case; its part for the question must be there."""
        top = self.plan.top
        part = self._getters[top](case)
        record = self._fillers[top].record(None, (on, *(readings[name] for name in self.readings)), part)
        of: dict[str, list[Record]] = {scope: [] for scope in self.plan.scopes}
        of[top].append(record)
        self._fill_lists(top, record, part, of)
        return Records(self, of)

    def _fill_lists(self, scope: str, record: Record, part: Any, of: dict[str, list[Record]]) -> None:
        """Lay out the lists of a part, or, where nothing is known of it, what stands for them."""
        for inner, slot in self.lists[scope].items():
            if self.plan.vocabulary.entities[inner].series is not None:
                continue
            entries, filler = None if part is None else self._getters[inner](part), self._fillers[inner]
            made = [filler.record(record, (), entry) for entry in (entries if entries is not None else (None,))]
            if entries is not None:
                record[slot] = made
            of[inner] += made
            if self.lists[inner]:
                for entry, below in zip(entries if entries is not None else (None,), made, strict=True):
                    self._fill_lists(inner, below, entry, of)

    def make_series(
        self, scope: str, of: dict[str, list[Record]], days: Sequence[tuple[Any, ...]], *, step: str
    ) -> None:
        """Make the entries of a series below each record of the scope above: from and to the days given for it.

        After these come the days at which it is cut, one by one or several together.
        """
        above, filler = self.parent(scope) or scope, self._fillers[scope]
        slot = self.lists[above][scope]
        of[scope], of[self.plan.top][0][PARENT] = [], None
        for record, given in zip(of[above], days, strict=True):
            first, last, *cuts = given
            turns = (day for cut in cuts for day in (cut if isinstance(cut, tuple) else (cut,)))
            spans = None if None in given else periods(first, last, step, turns)
            made = filler.entries(record, spans or ())
            record[slot] = None if spans is None else made
            of[scope] += [filler.record(record, (None, None, None), None)] if spans is None else made


class Entries(NamedTuple):
    """What finds the entries of a list below a record: `slots` lead to it from list to list.

    With `by` it gives them by what some slots hold, each with the number of steps up to it from an entry: of one their
    key, of two more the first and the last day of a period. Nothing where a list is not stated.
    """

    slots: tuple[int, ...]
    by: tuple[tuple[int, int], ...] = ()

    def __call__(self, record: Record) -> Any:
        """Return the entries, or the entries by their key."""
        entries: Any = [record]
        for slot in self.slots:
            lists = [entry[slot] for entry in entries]
            if any(one is None for one in lists):
                return None
            entries = [*chain.from_iterable(lists)]
        return ByKey(entries, self.by) if self.by else entries

    def kept(self, top: Record) -> Any:
        """Return the same of the record at the top; kept where others have the one above, until a series is made."""
        found: dict[Entries, Any] = top[PARENT] or {}
        top[PARENT] = found
        if self not in found:
            found[self] = self(top)
        return found[self]


class ByKey:
    """The entries of a list by their key and their days. What is unknown of an entry may be any.

    Those of a key that last about as long are together, so that no long one hides many: in the order of their first
    days, the ones to be found follow one another.
    """

    def __init__(self, entries: list[Record], by: tuple[tuple[int, int], ...]) -> None:
        self._all, self._of = entries, defaultdict[Any, list[Any]](list)
        like = defaultdict[Any, list[tuple[date, date, Record]]](list)
        for entry in entries if len(entries) > _FEW else ():
            key, *days = (_held(entry, *one) for one in by)
            begin, end = days or (None, None)
            span = begin or date.min, end or date.max, entry
            like[key, (span[1] - span[0]).days.bit_length()].append(span)
        for (key, _), spans in like.items():
            begins, ends, ones = zip(*sorted(spans, key=itemgetter(0)), strict=True)
            self._of[key].append((begins, [*accumulate(ends, max)], ones))
        self._unknown = self._of.pop(None, [])
        for known in self._of.values():
            known.extend(self._unknown)

    def __call__(self, key: Any, last: date | None = None, first: date | None = None) -> list[Record]:
        """Return the entries that may have a key, begin by `last` and end from `first` on, and some others."""
        if key is None or not self._of:
            return self._all
        found, last, first = list[Record](), last or date.max, first or date.min
        for begins, ends, ones in self._of.get(key, self._unknown):
            found += ones[bisect_left(ends, first) : bisect_right(begins, last)]
        return found


def _held(record: Any, steps: int, slot: int) -> Any:
    for _ in range(steps):
        record = record[PARENT]
    return record[slot]


class _Filler:
    """Makes the records of a scope: `paths` are the facts that a case states of it."""

    def __init__(self, scope: str, paths: Sequence[str], lists: int, room: int) -> None:
        self._get = facts_getter(scope, paths)
        self._lists, self._room = (None,) * lists, (None,) * room
        self._unknown = (None,) * (len(paths) + room)

    def record(self, above: Record | None, head: tuple[Any, ...], part: Any) -> Record:
        """Return a record below another with what precedes its facts and the facts of a part, if there is one."""
        if part is None:
            return [above, *self._lists, *head, *self._unknown]
        return [above, *self._lists, *head, *self._get(part), *self._room]

    def entries(self, above: Record, spans: Iterable[tuple[date, date]]) -> list[Record]:
        """Return the records of a series below another: their days and number, and nothing that is stated."""
        lists, rest = self._lists, self._unknown
        return [[above, *lists, first, last, number, *rest] for number, (first, last) in enumerate(spans, start=1)]


def key_of(vocabulary: Vocabulary, scope: str) -> str:
    """Return how the record of the scope above, or the case, names what is of a scope."""
    above = vocabulary.parent(scope)
    path = vocabulary.entities[scope].path
    return path if above is None else path.removeprefix(f"{vocabulary.entities[above].path}.")


def getter_of(path: str) -> Callable[[Any], Any]:
    """Return a function that follows a path of names as far as there is something."""
    first, _, rest = path.partition(".")
    if not rest:
        return attrgetter(first)
    inner = getter_of(rest)

    def get(part: Any) -> Any:
        below = getattr(part, first)
        return None if below is None else inner(below)

    return get


def facts_getter(scope: str, paths: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that reads all facts of a scope off its part of a case at once.

    `paths` list the part's own facts first, then those of the single parts that it holds.
    """
    names = [path.removeprefix(f"{scope}.") for path in paths]
    own = _tuple_of([name for name in names if "." not in name])
    nested = group((name.partition(".")[0], name) for name in names if "." in name)
    if not nested:
        return own
    groups = [(first, facts_getter(first, inner), (None,) * len(inner)) for first, inner in nested.items()]

    def get(part: Any) -> tuple[Any, ...]:
        found = own(part)
        for name, inner, nothing in groups:
            below = part.__dict__[name]
            found += nothing if below is None else inner(below)
        return found

    return get


def _tuple_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda _part: ()
    get: Callable[[Any], Any] = itemgetter(*names)  # of its fields as they lie: models look attributes up slowly
    return (lambda part: get(part.__dict__)) if len(names) > 1 else lambda part: (get(part.__dict__),)
