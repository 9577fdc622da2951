"""Parts of a case that are judged under the law of a day of their own: what every Fassung says of them, as one plan.

An entity may name one of its days (`rechtstag`). Which Fassung applies on it is a derived fact; what the Fassungen
say of the entity and of all below is told apart by it, in ordinary tables and conditions: no engine knows of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat, takewhile
from typing import Any

from vwv_im.lang import Atom, Condition, Constant, Every, Form, Row, Some
from vwv_im.lang.nodes import rows_of
from vwv_im.lang.table import NOT_BEFORE
from vwv_im.law import Ableitung, Fassung, Item, Regel, Regulation
from vwv_im.law.model import Row as RowModel
from vwv_im.text import group, sentence

FASSUNG_OF_ITS_DAY = "fassung_des_tages"
_value = "fassung_{}".format  # of its place among the Fassungen


class OwnDays:
    """The scopes that have a law day of their own, or lie below one, and the Fassungen up to the one of the plan."""

    def __init__(self, regulation: Regulation, fassung: Fassung, scopes: Sequence[str]) -> None:
        self.regulation = regulation
        self._by = {one: name for one, name in regulation.vocabulary.scopes_of_own_law.items() if one in scopes}
        before = takewhile(lambda one: one.id != fassung.id, regulation.fassungen if self._by else ())
        norms = (regulation.fassung(one.id, fassung.erlasse, fassung.without) for one in before)
        self.fassungen: list[Fassung] = [*norms, fassung]
        self._acts = [regulation.act(one.id) for one in self.fassungen]

    def _of(self, scope: str) -> list[tuple[int, Fassung]]:
        """Return the Fassungen that may apply to a scope, each with its place: all, or the one of the plan."""
        every = [*enumerate(self.fassungen)]
        return every if scope in self._by else every[-1:]

    def applying(self) -> Iterator[Item[Ableitung]]:
        """Yield for each entity with a law day what derives which Fassung applies on it."""
        names = {_value(place): akt.kurz for place, akt in enumerate(self._acts)}
        for name in dict.fromkeys(self._by.values()):
            entity = self.regulation.vocabulary.entities[name]
            titles = sentence("fassung_of_its_day", name=entity.title)._asdict()
            rows = [*self._rows(entity.law_day or "")]
            data: dict[str, Any] = {
                "id": f"fassung-{name}", "titel": titles, "kurz": titles, "ergibt": f"{name}.{FASSUNG_OF_ITS_DAY}",
                "zwischenwert": True, "typ": "auswahl", "werte": tuple(names), "wertetitel": names,
                "faelle": rows, "treffer": "erste", "beleg": rows[-1]["beleg"],
            }  # fmt: skip
            like = next(item for item in self.regulation.items if item.entry.kind == "ableitung").entry
            model = Ableitung.model_validate(data)
            yield Item(replace(like, id=model.id, act=self._acts[-1].id, data=data), model)

    def _rows(self, day: str) -> Iterator[dict[str, Any]]:
        """Yield the rows that give the Fassung, the last first; before the first there is none."""
        for place, akt in reversed([*enumerate(self._acts)]):
            begins = akt.gilt_ab
            when: dict[str, Any] = {"fakt": day, NOT_BEFORE: begins.datum.isoformat()}
            if begins.auslegung is not None:
                late = {"auslegung": begins.auslegung, "ist": begins.spaet_bei}
                after = {"fakt": day, NOT_BEFORE: begins.spaetestens.isoformat()}
                when = {"eine": [after, {"alle": [{"nicht": late}, when]}]}
            beleg = [one.model_dump(exclude_none=True) for one in begins.beleg]
            yield {"wenn": when, "dann": _value(place), "beleg": beleg}

    def form(self, item: Item[Ableitung], link: Callable[[Ableitung, int], Form]) -> tuple[Form, Item[Ableitung]]:
        """Return what derives a fact under the Fassung of its day, and the item with the evidence of each."""
        known, plain = self._of(item.model.scope), link(item.model, -1)
        given = [(place, one.derivations[item.id].model) for place, one in known if item.id in one.derivations]
        said = [(place, model, link(model, place)) for place, model in given]
        if not said or (len(said) == len(known) and all(form == plain for *_, form in said)):
            return plain, item
        rows, told, hits = list[Row](), list[RowModel](), "einzige"
        for place, own, form in said:
            own_rows = rows_of(form)
            if own.treffer == "erste" or (len(own_rows) > 1 and own_rows[-1].condition is None):
                hits = "erste"  # also of a last row without a condition, as it has one here
            beleg: Iterable[Any] = (row.beleg or own.beleg for row in own.faelle) if own.faelle else repeat(own.beleg)
            for row, evidence in zip(own_rows, beleg, strict=False):
                rows.append(Row(self._when(own.scope, [place], row.condition), row.value))
                told.append(RowModel.model_construct(wenn=rows[-1].condition, dann=row.value, beleg=evidence))
        merged = item.model.model_copy(update={"wenn": None, "rechne": None, "faelle": tuple(told), "treffer": hits})
        return tuple(rows), Item(item.entry, merged)

    def condition(self, model: Regel, key: str, link: Callable[[Condition, str, int], Condition]) -> Condition | None:
        """Return when that holds which each Fassung says of a requirement; nothing where all say nothing."""
        known = self._of(model.bezug)
        given = ((place, getattr(one.rules[model.id].model, key)) for place, one in known if model.id in one.rules)
        said = [(None if one is None else link(one, model.bezug, place), place) for place, one in given]
        first, *others = group(said).items()
        if not others and len(said) == len(known):
            return first[0]
        parts = tuple(self._when(model.bezug, places, condition) for condition, places in (first, *others))
        return Some(parts) if others else parts[0]

    def _when(self, scope: str, places: Sequence[int], condition: Condition | None) -> Condition:
        """Return that one of some Fassungen applies to a scope, and that a condition holds, if there is one."""
        fact, (one, *others) = f"{self._by[scope]}.{FASSUNG_OF_ITS_DAY}", (Constant(_value(place)) for place in places)
        applies = Atom(fact, "in", (one, *others), written="in") if others else Atom(fact, "ist", one, written="ist")
        if condition is None:
            return applies
        return Every((applies, *(condition.parts if isinstance(condition, Every) else (condition,))))
