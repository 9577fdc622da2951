"""The reading text of the items of a Fassung: plain sentences, generated from the rules, without a case.

Conditions are read off the plan, where negation has been pushed down to the comparisons and parameters have their
values; computations are put into words by `computations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from vwv_im.case.facts import Scope
from vwv_im.decision.names import Names
from vwv_im.decision.sentences import NOR, OR, demand_phrase, listed, operator_phrase, other_phrase, quoted, written
from vwv_im.lang.nodes import READING, Atom, Condition, Constant, Every, Expression, Read, Some
from vwv_im.lang.nodes import Row as TableRow
from vwv_im.law.fassung import AnyItem, Fassung
from vwv_im.law.model import QUESTIONS, Ableitung, Parameter, Pflicht
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning import plan as p
from vwv_im.reasoning.planning import make_plan
from vwv_im.review.computations import NO_SOURCE, Computations, constant_phrase
from vwv_im.review.passage import Passage, Row
from vwv_im.text import Language, Text
from vwv_im.text.format import written_day_of_year

_WITHOUT_COLON = frozenset(
    {"mindestens", "weniger_als", "hoechstens", "mehr_als", "vor", "nicht_vor", "nach", "nicht_nach"}
)
_EVERY = Text("alle folgenden Punkte:", "all of the following:")
_SOME = Text("mindestens einer der folgenden Punkte:", "at least one of the following:")
_DEMANDS: Mapping[str, Text] = {
    "muss": Text("{} muss gelten:", "{} this must hold:"),
    "soll": Text("{} soll in der Regel gelten:", "{} this should as a rule hold:"),
    "kann": Text(
        "{} steht es im Ermessen der Bewilligungsstelle, wenn gilt:",
        "{} it is at the authority's discretion where this holds:",
    ),
    "hinweis": Text("{} ist es zu beachten, wenn gilt:", "{} it is to be noted where this holds:"),
}
_FOR: Mapping[Scope, Text] = {
    "antrag": Text("Für den Antrag", "For the application"),
    "stelle": Text("Für jede Stelle", "For each post"),
    "mitglied": Text("Für jedes Mitglied", "For each member"),
    "person": Text("Für die Person", "For the person"),
}
_ONLY_WHERE = Text("Die Regel gilt nur, wenn gilt:", "The rule applies only where this holds:")
_DUTY_WHERE = Text("Die Pflicht besteht nur, wenn gilt:", "The duty exists only where this holds:")
_DUE = Text("Fällig:", "Due:")
_TRUE_WHERE = Text("Ja, wenn gilt:", "Yes where this holds:")
_COMPUTED = Text("Berechnet wird:", "Computed as:")
_CONTRADICTS = Text("{} widersprechen sich die Angaben, wenn gilt:", "{} the statements contradict where this holds:")
_CONCERNED = Text("Betroffene Angaben:", "Statements concerned:")
_WHEN, _THEN = Text("wenn", "where"), Text("dann", "then")
_ELSE, _ALWAYS = Text("sonst", "else"), Text("stets", "always")
_FIRST = Text("Passen mehrere Zeilen, gilt die erste.", "Where several rows match, the first counts.")
_SINGLE = Text("Höchstens eine Zeile mit Bedingung passt.", "At most one row with a condition matches.")
_GAP = Text("Passt keine Zeile, gibt es keinen Wert", "Where no row matches there is no value")
_COUNTED_ON = Text("Maßgeblich:", "What counts:")
_NUMBER = Text("Nummer der VwV:", "Number of the VwV:")
_NO_EFFECT = Text("Vermerk; keine Entscheidung hängt davon ab.", "A note; no decision depends on it.")

Planned = p.Derivation | p.Requirement | p.Contradiction | p.Duty


class Wording:
    """The reading text of a Fassung in one language.

    >>> from vwv_im import regulation
    >>> law = regulation()
    >>> wording = Wording(law, law.fassung("2020-11-11"), "de")
    >>> print(wording.of(wording.fassung.parameters["hoechstdauer_monate"]))
    Höchstens möglicher Bewilligungszeitraum: 60 Monate
    >>> print(wording.of(wording.fassung.rules["stelle-mindestumfang"]))
    Mindestumfang der einzelnen Stelle
      Für jede Stelle muss gelten: Stellenumfang mindestens 0,25 VZÄ (Mindestumfang der einzelnen Stelle)
    """

    def __init__(self, law: Regulation, fassung: Fassung, lang: Language) -> None:
        self.law, self.fassung, self.lang = law, fassung, lang

    def of(self, item: AnyItem) -> Passage:
        """Return the reading text of an item of this Fassung."""
        if isinstance(item.model, Parameter):
            return self._parameter(item.model)
        return Passage(item.model.titel.text.in_(self.lang), tuple(self._below(item)))

    def by_subject(self) -> Mapping[str, tuple[AnyItem, ...]]:
        """Return the items of this Fassung by subject, in the order in which the rule files have them."""
        subjects: dict[str, list[AnyItem]] = {name: [] for name in self.law.subjects}
        for item in self.fassung:
            subjects.setdefault(item.subject, []).append(item)
        return {name: tuple(items) for name, items in subjects.items() if items}

    def condition(self, condition: Condition, names: Names) -> Passage:
        """Return a condition in words; a compound lists its parts."""
        if isinstance(condition, Atom):
            return Passage(self._atom(condition, names))
        head = _EVERY if isinstance(condition, Every) else _SOME
        return Passage(head.in_(self.lang), tuple(self.condition(part, names) for part in condition.parts))

    def expression(self, expression: Expression, names: Names, fact: str | None = None) -> Passage:
        """Return a computation in words; `fact` is what it is the value of."""
        return Computations(self.fassung, names, self.lang).passage(expression, fact)

    def planned(self, item: AnyItem) -> tuple[Planned, Names] | tuple[None, None]:
        """Return an item as the plan has it, with the names of the facts there; nothing for what no plan reads."""
        return self._planned.get((item.entry.kind, item.id), (None, None))

    @cached_property
    def _planned(self) -> dict[tuple[str, str], tuple[Planned, Names]]:
        found: dict[tuple[str, str], tuple[Planned, Names]] = {}
        for question in QUESTIONS:
            plan = make_plan(self.law, self.fassung, question)
            names = Names(self.law, plan)
            parts: Iterable[Planned] = (
                *plan.derivations, *plan.requirements, *plan.contradictions, *plan.duties,
            )  # fmt: skip
            found.update({(part.item.entry.kind, part.item.id): (part, names) for part in parts})
        return found

    def _below(self, item: AnyItem) -> Iterator[Passage]:
        planned, names = self.planned(item)
        match planned, names:
            case p.Derivation(), Names():
                yield self._derivation(planned, names)
            case p.Requirement(), Names():
                yield from self._rule(planned, names)
            case p.Contradiction(), Names():
                yield from self._contradiction(planned, names)
            case p.Duty(), Names():
                yield from self._duty(planned, names)
            case _:
                yield Passage(_NO_EFFECT.in_(self.lang))
        if (number := getattr(item.model, "nummer", None)) is not None:
            yield Passage(f"{_NUMBER.in_(self.lang)} {number}")

    def _parameter(self, model: Parameter) -> Passage:
        constant = constant_phrase(model.wert, model.einheit, self.lang) if model.wert is not None else None
        number = (Passage(f"{_NUMBER.in_(self.lang)} {model.nummer}"),) if model.nummer else ()
        return Passage(f"{model.titel.text.in_(self.lang)}: {constant or NO_SOURCE.in_(self.lang)}", number)

    def _derivation(self, derivation: p.Derivation, names: Names) -> Passage:
        form = derivation.form
        if isinstance(form, tuple):
            return self._table(form, derivation.item.model, names)
        if isinstance(form, Atom | Every | Some):
            return self.condition(form, names).after(_TRUE_WHERE.in_(self.lang))
        return self.expression(form, names, derivation.fact).after(_COMPUTED.in_(self.lang))

    def _table(self, rows: tuple[TableRow, ...], model: Ableitung, names: Names) -> Passage:
        conditional = sum(row.condition is not None for row in rows)
        notes: list[str] = []
        if conditional > 1:
            notes.append((_FIRST if model.treffer == "erste" else _SINGLE).in_(self.lang))
        if rows[-1].condition is not None:
            why = f": {model.luecke}" if model.luecke else "."
            notes.append(f"{_GAP.in_(self.lang)}{why}")
        read = tuple(self._row(row, model, names, alone=conditional == 0) for row in rows)
        head = Text("Dafür gilt:", "For this:").in_(self.lang)
        return Passage(head, tuple(Passage(note) for note in notes), read)

    def _row(self, row: TableRow, model: Ableitung, names: Names, *, alone: bool) -> Row:
        then = self.expression(row.value, names, model.ergibt)
        if row.condition is None:
            return Row(None, then, (_ALWAYS if alone else _ELSE).in_(self.lang))
        return Row(self.condition(row.condition, names), then, _WHEN.in_(self.lang), _THEN.in_(self.lang))

    def _rule(self, rule: p.Requirement, names: Names) -> Iterator[Passage]:
        lead = _DEMANDS[rule.art].in_(self.lang).format(_FOR[rule.scope].in_(self.lang))
        yield self.condition(rule.condition, names).after(lead)
        if rule.applies is not None:
            yield self.condition(rule.applies, names).after(_ONLY_WHERE.in_(self.lang))
        yield from self._counted_on(rule.item.model.zeitbezug)

    def _counted_on(self, words: str | None) -> Iterator[Passage]:
        if words is not None:
            yield Passage(f"{_COUNTED_ON.in_(self.lang)} {words}")

    def _contradiction(self, contradiction: p.Contradiction, names: Names) -> Iterator[Passage]:
        lead = _CONTRADICTS.in_(self.lang).format(_FOR[contradiction.scope].in_(self.lang))
        yield self.condition(contradiction.condition, names).after(lead)
        places = contradiction.item.model.orte
        concerned = listed([quoted(names.title(fact).in_(self.lang), self.lang) for fact in places], self.lang)
        yield Passage(f"{_CONCERNED.in_(self.lang)} {concerned}")

    def _duty(self, duty: p.Duty, names: Names) -> Iterator[Passage]:
        if duty.applies is not None:
            yield self.condition(duty.applies, names).after(_DUTY_WHERE.in_(self.lang))
        yield self._due(duty.item.model, duty, names).after(_DUE.in_(self.lang))
        yield from self._counted_on(duty.item.model.zeitbezug)

    def _due(self, model: Pflicht, duty: p.Duty, names: Names) -> Passage:
        if model.faellig is None or duty.day is None:
            unknown = Text("Den Tag nennt keine Quelle.", "No source names the day.")
            return Passage(unknown.in_(self.lang))
        day = self.expression(duty.day, names)
        if (yearly := model.faellig.jaehrlich) is None:
            return day
        every, year = written_day_of_year(yearly.am, self.lang), yearly.erstes_berichtsjahr
        until = Text(
            f"jährlich am {every} für das Jahr davor, zuerst für {year}, zuletzt für das Jahr dieses Tages:",
            f"every year on {every} for the year before, first for {year}, last for the year of this day:",
        )
        return day.after(until.in_(self.lang))

    def _atom(self, atom: Atom, names: Names) -> str:
        title = names.title(atom.fact).in_(self.lang)
        if atom.fact.startswith(READING) and isinstance(atom.operand, Constant):
            return self._reading(atom, atom.operand.value, names)
        runs_on = atom.operator in _WITHOUT_COLON and "," not in title
        return f"{title}{'' if runs_on else ':'} {self._demand(atom, names)}"

    def _reading(self, atom: Atom, option: Any, names: Names) -> str:
        question = names.title(atom.fact).in_(self.lang)
        chosen = quoted(written(option, names, atom.fact, self.lang), self.lang)
        deny = atom.operator == "ist_nicht"
        followed = Text(
            f"Es wird {'nicht ' if deny else ''}die Lesart {chosen} zugrunde gelegt",
            f"the reading {chosen} is {'not ' if deny else ''}followed",
        )
        point = Text("Auslegungsfrage", "Disputed point")
        return f"{point.in_(self.lang)} {quoted(question, self.lang)}: {followed.in_(self.lang)}"

    def _demand(self, atom: Atom, names: Names) -> str:
        match atom.operand:
            case Read(fact=other):
                return other_phrase(atom.operator, other, names, self.lang)
            case tuple() as constants if any(constant.parameter for constant in constants):
                joint = NOR if atom.operator == "nicht_in" else OR
                words = [self._constant("ist", constant, atom, names) for constant in constants]
                return operator_phrase(atom.operator, listed(words, self.lang, joint), self.lang)
            case tuple() as constants:
                wanted = tuple(constant.value for constant in constants)
                return demand_phrase(atom.operator, wanted, names, atom.fact, self.lang)
            case Constant() as constant:
                return self._constant(atom.operator, constant, atom, names)

    def _constant(self, operator: str, constant: Constant, atom: Atom, names: Names) -> str:
        """Write what is demanded of a fact by a fixed value, with the parameter that it comes from."""
        if constant.parameter is None:
            return demand_phrase(operator, constant.value, names, atom.fact, self.lang)
        title = self.fassung.parameters[constant.parameter].model.titel.text.in_(self.lang)
        if constant.value is None:
            return f"{operator_phrase(operator, quoted(title, self.lang), self.lang)} ({NO_SOURCE.in_(self.lang)})"
        return f"{demand_phrase(operator, constant.value, names, atom.fact, self.lang)} ({title})"
