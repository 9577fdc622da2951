"""The smallest changes of a value, a condition, a computation or a table, as rule files write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from vwv_im.lang.parsing import EXPRESSION_FORMS
from vwv_im.lang.table import COMPARISONS as OPERATORS
from vwv_im.lang.types import FactType
from vwv_im.law.model import Auslegung, Parameter
from vwv_im.text import Text
from vwv_im.text.days import iso_day
from vwv_im.text.yaml import Path_

KINDS: Mapping[str, Text] = {
    "zahl": Text("Zahl um eins", "number by one"),
    "tag": Text("Tag um eins", "day by one"),
    "wert": Text("anderer Wert", "other value"),
    "parameter": Text("anderer Parameter", "other parameter"),
    "vergleich": Text("Vergleich umgekehrt", "comparison turned round"),
    "grenze": Text("Grenze ein- oder ausgeschlossen", "bound included or excluded"),
    "verknuepfung": Text("Verknüpfung", "connective"),
    "bedingung": Text("Bedingung gestrichen", "condition dropped"),
    "zeile": Text("Zeile gestrichen oder vertauscht", "row dropped or swapped"),
    "rechnung": Text("Rechnung", "computation"),
    "art": Text("Verbindlichkeit", "obligation"),
    "eintrag": Text("Eintrag oder Änderung gestrichen", "item or operation dropped"),
    "lesart": Text("Vorgabe der Lesart", "default reading"),
}
"""What kinds of change there are."""


class Step(NamedTuple):
    """One change at one place: `path` is where, `new` what stands there afterwards."""

    path: Path_
    kind: str
    change: str
    new: Any


@dataclass(frozen=True)
class Vocabulary:
    """What may stand in place of something else: values of facts, parameters of the same unit, other readings.

    `derived` tells which fact a derivation gives, by its id.
    """

    types: Mapping[str, FactType]
    derived: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Auslegung]

    def values(self, fact: str) -> tuple[str, ...]:
        """Return the values that a fact may have, where it has a list of them."""
        return self.types[fact].values if fact in self.types else ()

    def kind(self, fact: str) -> str | None:
        """Return the kind of a fact."""
        return self.types[fact].kind if fact in self.types else None

    def like(self, parameter: str) -> list[str]:
        """Return the other parameters of the same unit."""
        unit = self.parameters[parameter].einheit if parameter in self.parameters else None
        return [name for name, other in self.parameters.items() if unit and other.einheit == unit and name != parameter]


def _beside(values: Sequence[str], value: str) -> tuple[str, ...]:
    if value not in values:
        return ()
    index = values.index(value)
    return tuple(values[max(index - 1, 0) : index]) + tuple(values[index + 1 : index + 2])


def of_scalar(path: Path_, value: Any, values: Sequence[str] = ()) -> Iterator[Step]:
    """Yield a value one step further: the next number, day or word, the other truth value.

    >>> for step in of_scalar(("wert",), Decimal("0.25")):
    ...     print(step.change)
    0.25 → 1.25
    0.25 → -0.75
    0.25 → 0.26
    0.25 → 0.24
    """
    if isinstance(value, bool):
        yield Step(path, "wert", f"{_written(value)} → {_written(not value)}", not value)
    elif isinstance(value, int | Decimal):
        for step in _units(value):
            yield Step(path, "zahl", f"{value} → {value + step}", value + step)
            yield Step(path, "zahl", f"{value} → {value - step}", value - step)
    elif isinstance(value, str) and (day := iso_day(value)) is not None:
        yield from of_day(path, day)
    elif isinstance(value, str):
        for other in _beside(values, value):
            yield Step(path, "wert", f"{value} → {other}", other)


def _units(value: int | Decimal) -> tuple[int | Decimal, ...]:
    last = Decimal((0, (1,), int(value.as_tuple().exponent))) if isinstance(value, Decimal) else 1
    return (1,) if last == 1 else (1, last)


def _written(value: bool) -> str:
    return "true" if value else "false"


def of_day(path: Path_, day: date) -> Iterator[Step]:
    """Yield the day after and the day before."""
    for days in (1, -1):
        other = (day + timedelta(days=days)).isoformat()
        yield Step(path, "tag", f"{day} → {other}", other)


def without(path: Path_, parts: Sequence[Any], kind: str, what: str) -> Iterator[Step]:
    """Yield a list without each of its parts, where something is left."""
    for index in range(len(parts) if len(parts) > 1 else 0):
        yield Step(path, kind, f"ohne {what} {index + 1}", [*parts[:index], *parts[index + 1 :]])


def swapped(path: Path_, parts: Sequence[Any], kind: str, what: str) -> Iterator[Step]:
    """Yield a list with each two neighbours swapped."""
    for index in range(len(parts) - 1):
        new = [*parts[:index], parts[index + 1], parts[index], *parts[index + 2 :]]
        yield Step(path, kind, f"{what} {index + 1} und {index + 2} vertauscht", new)


_TURNED = {"mindestens": "hoechstens", "hoechstens": "mindestens", "vor": "nach", "nach": "vor"}
_NEGATED = ("ist", "in", "enthaelt")
_BOUND = {"mindestens": "mehr als", "hoechstens": "weniger als", "vor": "nicht nach", "nach": "nicht vor"}


def of_condition(path: Path_, node: Any, words: Vocabulary, *, negated: bool = False) -> Iterator[Step]:
    """Yield every change of a condition."""
    for key, other in (("alle", "eine"), ("eine", "alle")):
        if key in node:
            if len(node[key]) > 1:
                yield Step(path, "verknuepfung", f"{key} → {other}", {other: node[key]})
            yield from without((*path, key), node[key], "bedingung", "Teil")
            for index, part in enumerate(node[key]):
                yield from of_condition((*path, key, index), part, words)
    if "nicht" in node:
        yield Step(path, "verknuepfung", "ohne nicht", node["nicht"])
        yield from of_condition((*path, "nicht"), node["nicht"], words, negated=True)
    elif "auslegung" in node:
        yield from _of_reading(path, node, words)
    elif "fakt" in node:
        yield from _of_atom(path, node, words, negated)


def _of_reading(path: Path_, node: Any, words: Vocabulary) -> Iterator[Step]:
    known = words.readings.get(node["auslegung"])
    for option in known.lesarten if known else ():
        if option != node["ist"]:
            yield Step((*path, "ist"), "wert", f"{node['ist']} → {option}", option)


def _of_atom(path: Path_, node: Any, words: Vocabulary, negated: bool) -> Iterator[Step]:
    fact = node["fakt"]
    ((operator, operand),) = ((key, node[key]) for key in OPERATORS if key in node)
    if operator in _NEGATED and not negated:
        yield Step(path, "vergleich", f"{operator} → nicht {operator}", {"nicht": node})
    if operator in _TURNED:
        turned = {"fakt": fact, _TURNED[operator]: operand}
        yield Step(path, "vergleich", f"{operator} → {_TURNED[operator]}", turned)
        if isinstance(operand, dict) or words.kind(fact) == "dezimal":
            yield Step(path, "grenze", f"{operator} → {_BOUND[operator]}", {"nicht": turned})
    if isinstance(operand, list):
        yield from _of_listed((*path, operator), operand, words, fact)
    else:
        yield from of_expression((*path, operator), operand, words, fact)


def _of_listed(path: Path_, listed: Sequence[Any], words: Vocabulary, fact: str) -> Iterator[Step]:
    yield from without(path, listed, "wert", "Wert")
    values = words.values(fact)
    if more := [value for value in values if value not in listed]:
        yield Step(path, "wert", f"und {more[0]}", [*listed, more[0]])


_RENAMED = {
    "kleinster": "groesster",
    "groesster": "kleinster",
    "summe_ueber": "groesster_ueber",
    "groesster_ueber": "summe_ueber",
}
_ASSOCIATIVE = ("summe", "produkt", "kleinster", "groesster", "erster_bekannter")
_PAIRED = {
    "quotient": ("zaehler", "nenner"),
    "laufender_monat": ("ab", "am"),
    "monate_zwischen": ("von", "bis"),
    "resttage_zwischen": ("von", "bis"),
}


def of_expression(path: Path_, node: Any, words: Vocabulary, fact: str) -> Iterator[Step]:
    """Yield every change of a computation whose result is, or is compared with, `fact`."""
    if not isinstance(node, dict):
        yield from of_scalar(path, node, words.values(fact))
        return
    form = next(key for key in EXPRESSION_FORMS if key in node)
    if form in _RENAMED:
        yield Step(path, "rechnung", f"{form} → {_RENAMED[form]}", {_RENAMED[form]: node[form]} | _rest(node, form))
    match form:
        case "parameter":
            for other in words.like(node[form]):
                yield Step((*path, form), "parameter", f"{node[form]} → {other}", other)
        case "zwoelftel":
            yield Step(path, "rechnung", "ohne zwoelftel", node[form])
        case "runde":
            unit = "cent" if node["auf"] == "euro" else "euro"
            yield Step((*path, "auf"), "rechnung", f"{node['auf']} → {unit}", unit)
        case "differenz" | "erster_bekannter":
            yield from swapped((*path, form), node[form], "rechnung", "Teile")
        case "ende_der_frist":
            yield from _of_period((*path, form), node[form])
    if form in _ASSOCIATIVE:
        yield from without((*path, form), node[form], "rechnung", "Teil")
    if form in _PAIRED:
        yield from _of_pair((*path, form), node[form], _PAIRED[form])
    yield from _below(path, node, form, words, fact)


def _rest(node: Mapping[str, Any], form: str) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key != form}


def _of_period(path: Path_, spec: Mapping[str, Any]) -> Iterator[Step]:
    start = "ab" if "ab" in spec else "nach"
    other = "nach" if start == "ab" else "ab"
    yield Step(path, "rechnung", f"{start} → {other}", {other: spec[start]} | _rest(spec, start))


def _of_pair(path: Path_, pair: Mapping[str, Any], keys: tuple[str, str]) -> Iterator[Step]:
    first, second = keys
    yield Step(path, "rechnung", f"{first} und {second} vertauscht", {first: pair[second], second: pair[first]})


def _below(path: Path_, node: Mapping[str, Any], form: str, words: Vocabulary, fact: str) -> Iterator[Step]:
    """Yield the changes of the parts of a computation."""
    inner = node[form]
    if isinstance(inner, list):
        for index, part in enumerate(inner):
            yield from of_expression((*path, form, index), part, words, fact)
    elif isinstance(inner, dict) and form in ("zwoelftel", "runde"):
        yield from of_expression((*path, form), inner, words, fact)
    elif isinstance(inner, dict):
        for key, part in inner.items():
            yield from of_expression((*path, form, key), part, words, fact)
    if "wert" in node:
        yield from of_expression((*path, "wert"), node["wert"], words, fact)


def of_table(path: Path_, rows: Sequence[Any], words: Vocabulary, fact: str) -> Iterator[Step]:
    """Yield every change of a decision table that gives `fact`."""
    yield from swapped(path, rows, "zeile", "Zeilen")
    yield from without(path, rows, "zeile", "Zeile")
    for index, row in enumerate(rows):
        if row.get("wenn") is not None:
            yield Step((*path, index), "bedingung", "ohne wenn", _rest(row, "wenn"))
            yield from of_condition((*path, index, "wenn"), row["wenn"], words)
        yield from of_expression((*path, index, "dann"), row["dann"], words, fact)
