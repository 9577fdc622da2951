"""Computations in words: "der kleinste Wert aus …", with the facts and parameters by their titles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from vwv_im.decision.names import Names
from vwv_im.decision.sentences import listed, quantity, quoted, written
from vwv_im.lang.nodes import Compute, Constant, Expression, Over, Read
from vwv_im.law.fassung import Fassung
from vwv_im.review.passage import Passage
from vwv_im.text import Language, Text
from vwv_im.text.days import iso_day
from vwv_im.text.format import written_day

_LISTS: Mapping[str, Text] = {
    "summe": Text("die Summe aus", "the sum of"),
    "produkt": Text("das Produkt aus", "the product of"),
    "kleinster": Text("der kleinste Wert aus", "the smallest of"),
    "groesster": Text("der größte Wert aus", "the largest of"),
    "erster_bekannter": Text("der erste bekannte Wert aus", "the first known value of"),
}
_DAYS: Mapping[str, Text] = {
    "kleinster": Text("der früheste Tag aus", "the earliest day of"),
    "groesster": Text("der späteste Tag aus", "the latest day of"),
    "erster_bekannter": Text("der erste bekannte Tag aus", "the first known day of"),
}
_OF_ONE: Mapping[str, Text] = {
    "zwoelftel": Text("ein Zwölftel von:", "a twelfth of:"),
    "runde_euro": Text("kaufmännisch auf ganze Zahlen gerundet:", "rounded half up to whole numbers:"),
    "runde_cent": Text("kaufmännisch auf zwei Nachkommastellen gerundet:", "rounded half up to two decimals:"),
}
_OF_TWO: Mapping[str, Text] = {
    "differenz": Text("{} abzüglich {}", "{} less {}"),
    "quotient": Text("{} geteilt durch {}", "{} divided by {}"),
    "ende_der_frist": Text(
        "der letzte Tag einer Frist ab {}; ihre Länge in Monaten: {}",
        "the last day of a period from {}; its length in months: {}",
    ),
    "ende_der_frist_nach": Text(
        "der letzte Tag einer Frist nach {}; ihre Länge in Monaten: {}",
        "the last day of a period after {}; its length in months: {}",
    ),
    "laufender_monat": Text(
        "die Nummer des Monats, gezählt ab {}, in dem {} liegt",
        "the number of the month, counted from {}, in which {} lies",
    ),
    "monate_zwischen": Text(
        "die vollen Monate von {} bis {}, beide Tage eingeschlossen",
        "the full months from {} to {}, both days included",
    ),
    "resttage_zwischen": Text(
        "die Tage, die von {} bis {} nach den vollen Monaten bleiben",
        "the days left from {} to {} after the full months",
    ),
}
_OVER: Mapping[tuple[str, str], Text] = {
    ("summe", "stelle"): Text("über alle Stellen zusammengezählt:", "added up over all posts:"),
    ("summe", "mitglied"): Text("über alle Mitglieder zusammengezählt:", "added up over all members:"),
    ("groesster", "stelle"): Text("über alle Stellen der größte oder späteste Wert:", "over all posts the largest:"),
    ("groesster", "mitglied"): Text(
        "über alle Mitglieder der größte oder späteste Wert:", "over all members the largest:"
    ),
}
_COUNT: Mapping[str, Text] = {
    "stelle": Text("die Zahl der Stellen", "the number of posts"),
    "mitglied": Text("die Zahl der Mitglieder", "the number of members"),
}
NO_SOURCE = Text("in keiner Quelle genannt", "named by no source")
_NAMED = Text("Wert {}", "value {}")


def constant_phrase(value: Any, unit: str | None, lang: Language) -> str:
    """Write a fixed value with its unit, as a parameter has it.

    >>> constant_phrase(24, "Monate", "de"), constant_phrase("2020-01-01", None, "de")
    ('24 Monate', '1. Januar 2020')
    """
    if isinstance(value, bool):
        return Text("ja", "yes").in_(lang) if value else Text("nein", "no").in_(lang)
    if isinstance(value, int | Decimal):
        return quantity(Decimal(value), unit, lang)
    day = value if isinstance(value, date) else iso_day(value)
    return written_day(day, lang) if day else str(value)


class Computations:
    """Writes the computations of a Fassung in one language."""

    def __init__(self, fassung: Fassung, names: Names, lang: Language) -> None:
        self.fassung, self.names, self.lang = fassung, names, lang

    def passage(self, expression: Expression, fact: str | None = None) -> Passage:
        """Return a computation in words; `fact` is what it is the value of."""
        match expression:
            case Constant(value=value, parameter=name):
                if name is not None:
                    return Passage(self._parameter(name, value))
                return Passage(written(value, self.names, fact or "", self.lang))
            case Read(fact=read):
                return Passage(quoted(self.names.title(read).in_(self.lang), self.lang))
            case Over(operation="summe", scope=scope, value=Constant(value=1)):
                return Passage(_COUNT[scope].in_(self.lang))
            case Over(operation=operation, scope=scope, value=value):
                return self.passage(value, fact).after(_OVER[operation, scope].in_(self.lang))
            case Compute(operation=operation, operands=operands):
                return self._compute(operation, operands, fact)

    def _parameter(self, name: str, value: Any) -> str:
        item = self.fassung.parameters.get(name)
        if item is None:
            return name
        shown = NO_SOURCE.in_(self.lang) if value is None else constant_phrase(value, item.model.einheit, self.lang)
        return f"{quoted(item.model.titel.text.in_(self.lang), self.lang)} ({shown})"

    def _compute(self, operation: str, operands: tuple[Expression, ...], fact: str | None) -> Passage:
        within = fact if operation in _DAYS else None
        parts = tuple(self.passage(operand, within) for operand in operands)
        short = tuple(isinstance(operand, Constant | Read) for operand in operands)
        if operation in _OF_ONE:
            return parts[0].after(_OF_ONE[operation].in_(self.lang))
        if operation in _LISTS:
            return self._list(self._head(operation, fact), parts, short=all(short))
        return self._two(_OF_TWO[operation].in_(self.lang), parts, short)

    def _head(self, operation: str, fact: str | None) -> str:
        found = self.names.plan.types.get(fact) if fact else None
        of_days = found is not None and found.kind == "datum" and operation in _DAYS
        return (_DAYS if of_days else _LISTS)[operation].in_(self.lang)

    def _list(self, head: str, parts: tuple[Passage, ...], *, short: bool) -> Passage:
        if len(parts) == 1:
            return parts[0]
        if short:
            return Passage(f"{head} {listed([part.text for part in parts], self.lang)}")
        return Passage(f"{head}:", parts)

    def _two(self, pattern: str, parts: tuple[Passage, ...], short: tuple[bool, ...]) -> Passage:
        """Write an operation of two: in one line, or with what is longer listed as "Wert 1" and "Wert 2"."""
        names = [part.text if short[n] else self._named(n) for n, part in enumerate(parts)]
        longer = (part.after(f"{self._named(n)}:") for n, part in enumerate(parts) if not short[n])
        return Passage(pattern.format(*names), tuple(longer))

    def _named(self, number: int) -> str:
        return _NAMED.in_(self.lang).format(number + 1)
