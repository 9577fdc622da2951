"""What rests on which evidence: every value, rule, day, operation and reading, with the grade that carries it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from vwv_im.law.base import RuleModel, parts_of
from vwv_im.law.entry import Entry, Origin
from vwv_im.law.evidence import GRADES, Beleg, Grade, is_weaker
from vwv_im.law.regulation import Regulation
from vwv_im.text import Path_, Place


@dataclass(frozen=True, slots=True)
class Support:
    """One thing that rests on evidence: what it is, under which Fassungen it stands, and the Beleg that carries it.

    `fassungen` holds ids of Fassungen (`2022-01-26+2022-03-11` with an Erlass beside it); for acts and their operations
    the id of the act, for readings nothing. `place` is where the carrying Beleg is written.
    """

    kind: str
    id: str
    fassungen: tuple[str, ...]
    grade: Grade
    place: Place


def evidence_index(law: Regulation) -> tuple[Support, ...]:
    """Return everything that rests on evidence, in the order of the files; what several Fassungen share stands once.

    >>> from vwv_im import regulation
    >>> {support.grade for support in evidence_index(regulation()) if support.id == "mindestumfang_stelle"}
    {'schluss'}
    """
    merged: dict[tuple[str, str, Place], Support] = {}
    for support in (support for root in _roots(law) for support in _of_root(law, root)):
        key = (support.kind, support.id, support.place)
        before = merged[key].fassungen if key in merged else ()
        fassungen = tuple(dict.fromkeys((*before, *support.fassungen)))
        merged[key] = Support(support.kind, support.id, fassungen, support.grade, support.place)
    return tuple(sorted(merged.values(), key=lambda support: (support.place, support.kind, support.id)))


def below_grade(law: Regulation, grade: Grade) -> tuple[Support, ...]:
    """Return everything that rests on less than `grade`."""
    return tuple(support for support in evidence_index(law) if is_weaker(support.grade, grade))


def grades_per_fassung(law: Regulation) -> dict[str, dict[Grade, int]]:
    """Return for each Fassung how many items stand on each grade, the strongest first.

    >>> from vwv_im import regulation
    >>> list(grades_per_fassung(regulation())["2017-12-11"])[:2]
    ['wortlaut', 'amtlich']
    """
    table: dict[str, dict[Grade, int]] = {}
    for state in law.states:
        counted = Counter(law.grade(item.model.beleg[0]) for item in state)
        table[state.name] = {grade: counted[grade] for grade in GRADES}
    return table


class _Root(NamedTuple):
    """A part of the rule files with evidence in it: how it is called, and where each part of it is written."""

    kind: str
    id: str
    fassungen: tuple[str, ...]
    model: RuleModel
    place: Callable[[Path_], Place]


def _roots(law: Regulation) -> Iterator[_Root]:
    for state in law.states:
        for item in state:
            yield _Root(item.entry.kind, item.id, (state.name,), item.model, partial(_in_list, item.entry))
    for akt in law.acts:
        yield _Root("akt", akt.id, (akt.id,), akt, law.written[akt.id].place)
    for name, model in law.operations.items():
        yield _Root("operation", name.operation, (name.act,), model, law.written[name].place)
    for point, known in law.readings.items():
        for option, reading in known.lesarten.items():
            origin = law.written[f"auslegungen.{point}"]
            inner = Origin(origin.document, (*origin.path, "lesarten", option))
            yield _Root("lesart", f"{point}={option}", (), reading, inner.place)


def _in_list(entry: Entry, path: Path_) -> Place:
    """Return the place in the list of evidence as it stands where the item, or the whole list, was written."""
    return entry.origin(path[:-2]).place(path[-2:])


def _of_root(law: Regulation, root: _Root) -> Iterator[Support]:
    """Yield what of a root rests on evidence of its own: the first Beleg carries it."""
    for path, beleg in parts_of(root.model, Beleg):
        kind, name = root.kind, root.id
        match path:
            case ("beleg", 0):
                pass
            case ("faelle", int(row), "beleg", 0):
                kind, name = "zeile", f"{name} {row + 1}"
            case ("gilt_ab" | "bekannt_ab" as kind, "beleg", 0):
                pass
            case ("vorboten", _, "beleg", 0):
                kind = "vorbote"
            case _:
                continue
        yield Support(kind, name, root.fassungen, law.grade(beleg), root.place((*path, "grad")))


def evidence(law: Regulation) -> Iterator[tuple[Beleg, Place]]:
    """Yield all evidence in the rule files, of items, acts, operations and readings, and where it is written."""
    for root in _roots(law):
        yield from ((beleg, root.place((*path, "grad"))) for path, beleg in parts_of(root.model, Beleg))
