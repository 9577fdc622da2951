"""Conditions, computations and decision tables in words, with the facts and parameters by their titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from vwv_im.decision.context import Names
from vwv_im.decision.sentences import (
    NOR,
    OR,
    demand_phrase,
    listed,
    operator_phrase,
    other_phrase,
    quantity,
    quoted,
    written,
)
from vwv_im.lang.fold import Fold, nodes, parameters_of
from vwv_im.lang.nodes import READING, Atom, Compute, Constant, Every, Over, Read, Some
from vwv_im.lang.nodes import Row as TableRow
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Operation
from vwv_im.law.fassung import Fassung
from vwv_im.review.passage import Passage, Row
from vwv_im.text import Language, Text
from vwv_im.text.days import iso_day
from vwv_im.text.format import written_day

NO_SOURCE = Text("in keiner Quelle genannt", "named by no source")
_EVERY = Text("alle folgenden Punkte:", "all of the following:")
_SOME = Text("mindestens einer der folgenden Punkte:", "at least one of the following:")
_WHEN, _THEN = Text("wenn", "where"), Text("dann", "then")
_ELSE, _ALWAYS = Text("sonst", "else"), Text("stets", "always")
_ENTRIES: Mapping[str, Text] = {"stelle": Text("Stellen", "posts"), "mitglied": Text("Mitglieder", "members")}


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


class Phrases(Fold[Passage, Passage, str]):
    """Writes the nodes of a Fassung in one language; `here` is the fact whose value a node is, or empty."""

    def __init__(self, fassung: Fassung, names: Names, lang: Language) -> None:
        self.fassung, self.names, self.lang = fassung, names, lang

    def title(self, fact: str) -> str:
        """Return how a fact is called."""
        return self.names.title(fact).in_(self.lang)

    def joined(self, node: Every | Some, parts: Iterator[Passage], here: str) -> Passage:
        """Return a head with the parts below it."""
        return Passage((_SOME if node.connective.decides else _EVERY).in_(self.lang), tuple(parts))

    def atom(self, node: Atom, here: str) -> Passage:
        """Return what is demanded of a fact."""
        if node.fact.startswith(READING):
            return Passage(self._reading(node), about=node.fact)
        title = self.title(node.fact)
        runs_on = COMPARISONS[node.operator].ordered and "," not in title
        return Passage(f"{title}{'' if runs_on else ':'} {self._demand(node)}", about=node.fact)

    def _reading(self, node: Atom) -> str:
        chosen = quoted(written(node.required, self.names, node.fact, self.lang), self.lang)
        deny = COMPARISONS[node.operator].denies
        followed = Text(
            f"Es wird {'nicht ' if deny else ''}die Lesart {chosen} zugrunde gelegt",
            f"the reading {chosen} is {'not ' if deny else ''}followed",
        )
        point = Text("Auslegungsfrage", "Disputed point").in_(self.lang)
        return f"{point} {quoted(self.title(node.fact), self.lang)}: {followed.in_(self.lang)}"

    def _demand(self, node: Atom) -> str:
        if node.other is not None:
            return other_phrase(node.operator, node.other, self.names, self.lang)
        operator, operand = node.operator, node.operand
        if isinstance(operand, tuple) and any(constant.parameter for constant in operand):
            words = [self._required("ist", constant.value, constant.parameter, node.fact) for constant in operand]
            joint = NOR if COMPARISONS[operator].denies else OR
            return operator_phrase(operator, listed(words, self.lang, joint), self.lang)
        parameter = next(parameters_of(node), None)
        return self._required(operator, node.required, parameter, node.fact)

    def _required(self, operator: str, value: Any, parameter: str | None, fact: str) -> str:
        """Write what is demanded of a fact by a fixed value, with the parameter that it comes from."""
        if parameter is None:
            return demand_phrase(operator, value, self.names, fact, self.lang)
        title = self.fassung.parameters[parameter].model.titel.text.in_(self.lang)
        if value is None:
            return f"{operator_phrase(operator, quoted(title, self.lang), self.lang)} ({NO_SOURCE.in_(self.lang)})"
        return f"{demand_phrase(operator, value, self.names, fact, self.lang)} ({title})"

    def constant(self, node: Constant, here: str) -> Passage:
        """Return a value, or a parameter with its value."""
        if node.parameter is None:
            return Passage(written(node.value, self.names, here, self.lang))
        model, unknown = self.fassung.parameters[node.parameter].model, NO_SOURCE.in_(self.lang)
        shown = unknown if node.value is None else constant_phrase(node.value, model.einheit, self.lang)
        return Passage(f"{quoted(model.titel.text.in_(self.lang), self.lang)} ({shown})")

    def read(self, node: Read, here: str) -> Passage:
        """Return the title of a fact."""
        return Passage(quoted(self.title(node.fact), self.lang))

    def over(self, node: Over, here: str) -> Passage:
        """Return what is worked out for each entry, after what joins it."""
        how, entries = OPERATIONS[node.operation], _ENTRIES[node.scope].in_(self.lang)
        if how.count_phrase is not None and node.value == Constant(1):
            return Passage(how.count_phrase.in_(self.lang).format(entries))
        lead = how.over_phrase or Text(f"über alle {{}}, {how.phrase.de}:", f"over all {{}}, {how.phrase.en}:")
        return self.expression(node.value, here).after(lead.in_(self.lang).format(entries))

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Passage], here: str) -> Passage:
        """Return an operation: its operands where its phrase has places for them, else after it or listed below it."""
        parts = [self.expression(part, here if operation.takes == "alike" else "") for part in node.operands]
        short = [len([*nodes(part)]) == 1 for part in node.operands]
        phrase = self._phrase(operation, here)
        if "{}" in phrase:
            return self._placed(phrase, parts, short)
        if operation.arity is not None:
            return parts[0].after(phrase)
        if len(parts) == 1:
            return parts[0]
        if all(short):
            return Passage(f"{phrase} {listed([part.text for part in parts], self.lang)}")
        return Passage(f"{phrase}:", tuple(parts))

    def _phrase(self, operation: Operation, fact: str) -> str:
        found = self.names.plan.types.get(fact)
        days = operation.of_days if found is not None and found.kind == "datum" else None
        return (days or operation.phrase).in_(self.lang)

    def _placed(self, phrase: str, parts: Sequence[Passage], short: Sequence[bool]) -> Passage:
        """Return operands in their places: in one line, or with what is longer listed as "Wert 1" and "Wert 2"."""
        names = [Text(f"Wert {n}", f"value {n}").in_(self.lang) for n in range(1, len(parts) + 1)]
        told = [part.text if short[n] else names[n] for n, part in enumerate(parts)]
        longer = (part.after(f"{names[n]}:") for n, part in enumerate(parts) if not short[n])
        return Passage(phrase.format(*told), tuple(longer))

    def table(self, rows: tuple[TableRow, ...], meant: Iterator[tuple[Passage | None, Passage]], here: str) -> Passage:
        """Return the rows of a decision table."""
        sides = list(meant)
        last = _ALWAYS if all(when is None for when, _ in sides) else _ELSE
        read = tuple(
            Row(None, then, last.in_(self.lang))
            if when is None
            else Row(when, then, _WHEN.in_(self.lang), _THEN.in_(self.lang))
            for when, then in sides
        )
        return Passage(Text("Dafür gilt:", "For this:").in_(self.lang), rows=read)
