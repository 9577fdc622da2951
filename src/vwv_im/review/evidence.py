"""What rests on which evidence: every value, rule, day, operation and reading, with the grade that carries it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vwv_im.law.evidence import GRADES, Belege, Grade, is_weaker
from vwv_im.law.fassung import AnyItem
from vwv_im.law.model import Ableitung, Akt
from vwv_im.law.reader import Origin
from vwv_im.law.regulation import Regulation
from vwv_im.review.diagnostics.codes import found
from vwv_im.text import Fault, Place, Text
from vwv_im.text.yaml import Path_

KINDS: Mapping[str, Text] = {
    "parameter": Text("Parameter", "parameter"),
    "ableitung": Text("Ableitung", "derived fact"),
    "zeile": Text("Zeile", "row"),
    "regel": Text("Regel", "requirement"),
    "widerspruch": Text("Widerspruch", "contradiction"),
    "pflicht": Text("Pflicht", "duty"),
    "vermerk": Text("Vermerk", "note"),
    "akt": Text("Akt", "act"),
    "gilt_ab": Text("Tag der Geltung", "day of effect"),
    "bekannt_ab": Text("Tag der Bekanntmachung", "day of publication"),
    "vorbote": Text("Vorbote", "announcement"),
    "operation": Text("Änderung", "operation"),
    "lesart": Text("Lesart", "reading"),
}
"""What may rest on evidence, and how it is called."""
_ITEMS = ("parameter", "ableitung", "regel", "widerspruch", "pflicht", "vermerk")


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing that rests on evidence: what it is, under which Fassungen it stands, and the Beleg that carries it.

    `fassungen` holds ids of Fassungen (`2022-01-26+2022-03-11` with an Erlass beside it); for acts and their operations
    the id of the act, for readings nothing. `place` is where the carrying Beleg is written.
    """

    kind: str
    id: str
    fassungen: tuple[str, ...]
    grade: Grade
    source: str | None
    place: Place


def resting(law: Regulation) -> tuple[Rest, ...]:
    """Return everything that rests on evidence, in the order of the files; what several Fassungen share stands once.

    >>> from vwv_im import regulation
    >>> {rest.grade for rest in resting(regulation()) if rest.id == "mindestumfang_stelle"}
    {'amtlich'}
    """
    merged: dict[tuple[str, str, Place], Rest] = {}
    for rest in (*_items(law), *_acts(law), *_operations(law), *_readings(law)):
        key = (rest.kind, rest.id, rest.place)
        before = merged[key].fassungen if key in merged else ()
        fassungen = tuple(dict.fromkeys((*before, *rest.fassungen)))
        merged[key] = Rest(rest.kind, rest.id, fassungen, rest.grade, rest.source, rest.place)
    return tuple(sorted(merged.values(), key=lambda rest: (rest.place, rest.kind, rest.id)))


def weaker(law: Regulation, grade: Grade) -> tuple[Rest, ...]:
    """Return everything that rests on less than `grade`."""
    return tuple(rest for rest in resting(law) if is_weaker(rest.grade, grade))


def grades_per_fassung(law: Regulation, kinds: Iterable[str] = _ITEMS) -> dict[str, dict[Grade, int]]:
    """Return for each Fassung how many items stand on each grade, the strongest first; items of `kinds` only.

    >>> from vwv_im import regulation
    >>> list(grades_per_fassung(regulation())["2017-12-11"])[:2]
    ['wortlaut', 'amtlich']
    """
    wanted = frozenset(kinds)
    table: dict[str, dict[Grade, int]] = {}
    for state in law.states:
        counted = Counter(item.model.beleg[0].grad for item in state if item.entry.kind in wanted)
        table[state.name] = {grade: counted[grade] for grade in GRADES}
    return table


def _items(law: Regulation) -> Iterator[Rest]:
    for state in law.states:
        for item in state:
            yield from _of_item(item, state.name)


def _of_item(item: AnyItem, fassung: str) -> Iterator[Rest]:
    yield _rest(item.entry.kind, item.id, (fassung,), item.model.beleg, item.entry.origin(("beleg",)))
    if isinstance(item.model, Ableitung):
        for index, row in enumerate(item.model.faelle or ()):
            if row.beleg is not None:
                origin = item.entry.origin(("faelle", index, "beleg"))
                yield _rest("zeile", f"{item.id} {index + 1}", (fassung,), row.beleg, origin)


def _acts(law: Regulation) -> Iterator[Rest]:
    for akt in law.acts:
        for kind, path, belege in _of_act(akt):
            yield _rest(kind, akt.id, (akt.id,), belege, law.written[akt.id], path)


def _of_act(akt: Akt) -> Iterator[tuple[str, Path_, Belege]]:
    yield "akt", ("beleg",), akt.beleg
    yield "gilt_ab", ("gilt_ab", "beleg"), akt.gilt_ab.beleg
    yield "bekannt_ab", ("bekannt_ab", "beleg"), akt.bekannt_ab.beleg
    for index, sign in enumerate(akt.vorboten):
        yield "vorbote", ("vorboten", index, "beleg"), sign.beleg


def _operations(law: Regulation) -> Iterator[Rest]:
    for operation, model in law.operations.items():
        origin = law.written[operation]
        yield _rest("operation", operation.operation, (operation.act,), model.beleg, origin, ("beleg",))


def _readings(law: Regulation) -> Iterator[Rest]:
    for name, point in law.readings.items():
        for option, reading in point.lesarten.items():
            origin = law.written[f"auslegungen.{name}"]
            yield _rest("lesart", f"{name}={option}", (), reading.beleg, origin, ("lesarten", option, "beleg"))


def _rest(
    kind: str, identifier: str, fassungen: tuple[str, ...], belege: Belege, origin: Origin, path: Path_ = ()
) -> Rest:
    first = belege[0]
    return Rest(kind, identifier, fassungen, first.grad, first.quelle, origin.place((*path, 0, "grad")))


def overstated_evidence(law: Regulation) -> Iterator[Fault]:
    """Yield the evidence that is graded higher than the source it names."""
    for rest in resting(law):
        source = law.sources.get(rest.source or "")
        if source is not None and is_weaker(source.grad, rest.grade):
            message = Text(
                f"Grad '{rest.grade}', die Quelle '{source.id}' hat nur '{source.grad}'.",
                f"grade '{rest.grade}', the source '{source.id}' has only '{source.grad}'.",
            )
            yield found("VIM047", rest.place, message, rest.id)


def weak_evidence(law: Regulation, grade: Grade) -> Iterator[Fault]:
    """Yield everything that rests on less than `grade`, with its place and under which Fassungen it stands."""
    for rest in weaker(law, grade):
        where = f" (Fassung {', '.join(rest.fassungen)})" if rest.fassungen else ""
        kind, shown = KINDS[rest.kind], GRADES[rest.grade]
        message = Text(f"{kind.de}: {shown.de} ({rest.grade}){where}.", f"{kind.en}: {shown.en} ({rest.grade}){where}.")
        yield found("VIM048", rest.place, message, rest.id)
