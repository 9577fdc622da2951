"""Checks across a consolidated Fassung: every name known, every type and unit right, no cycle."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from vwv_im.law import condition as c
from vwv_im.law.evidence import Belege, faulty_evidence
from vwv_im.law.faults import dotted
from vwv_im.law.history import Entry, Model
from vwv_im.law.model import Ableitung, Auslegung, Parameter, Pflicht, Regel, Widerspruch
from vwv_im.law.references import reads
from vwv_im.law.types import FactType, derived_type, in_reach, scope_of, stated_types
from vwv_im.text import Fault, Text
from vwv_im.text.days import iso_day
from vwv_im.text.faults import did_you_mean
from vwv_im.text.yaml import Path_

_COMPARABLE: Mapping[str, tuple[str, ...]] = {
    "ist": ("auswahl", "auswahlliste", "ganzzahl", "dezimal", "datum", "wahrheitswert", "text"),
    "in": ("auswahl", "ganzzahl", "dezimal", "text"),
    "enthaelt": ("auswahlliste",),
    "mindestens": ("ganzzahl", "dezimal", "auswahl"),
    "hoechstens": ("ganzzahl", "dezimal", "auswahl"),
    "vor": ("datum",),
    "nach": ("datum",),
}


def literal_type(value: object) -> FactType:
    """Return the type of a value written in a rule file."""
    if isinstance(value, bool):
        return FactType("wahrheitswert")
    if isinstance(value, int):
        return FactType("ganzzahl")
    if isinstance(value, Decimal):
        return FactType("dezimal")
    return FactType("datum") if iso_day(value) else FactType("auswahl", values=(str(value),))


@dataclass(slots=True)
class Checker:
    """Checks one consolidated state; `faults` collects what it finds."""

    entries: Mapping[str, tuple[Entry, Model]]
    broken: frozenset[str]
    named: Collection[str]
    readings: Mapping[str, Auslegung]
    faults: list[Fault] = field(default_factory=list)
    types: dict[str, FactType] = field(init=False)
    parameters: dict[str, Parameter] = field(init=False)
    rules: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.types = stated_types()
        self.parameters = {}
        self.rules = {entry.id for entry, model in self.entries.values() if isinstance(model, Regel)}
        for entry, model in self.entries.values():
            if isinstance(model, Ableitung):
                if model.ergibt in self.types:
                    self._report("VIM020", entry, ("ergibt",), *_taken(model.ergibt))
                self.types[model.ergibt] = derived_type(model)
            elif isinstance(model, Parameter):
                self.parameters[entry.id] = model

    def run(self) -> list[Fault]:
        """Check every item and return all faults."""
        for entry, model in self.entries.values():
            self._evidence(entry, ("beleg",), model.beleg)
            if isinstance(model, Ableitung):
                self._derivation(entry, model)
            elif isinstance(model, Regel):
                if model.gilt_fuer is not None:
                    self._condition(entry, ("gilt_fuer",), model.gilt_fuer, model.bezug)
                self._condition(entry, ("bedingung",), model.bedingung, model.bezug)
            elif isinstance(model, Pflicht):
                self._duty(entry, model)
            elif isinstance(model, Widerspruch):
                self._condition(entry, ("wenn",), model.wenn, model.bezug)
                for index, path in enumerate(model.orte):
                    self._fact(entry, ("orte", index), path, model.bezug, structure=True)
        self._cycles()
        return self.faults

    def _report(self, code: str, entry: Entry, path: Path_, message: Text, hint: Text | None = None) -> None:
        self.faults.append(Fault(code, entry.place(path), message, hint, f"{entry.id}.{dotted(path)}"))

    def _evidence(self, entry: Entry, path: Path_, evidence: Belege) -> None:
        for code, below, message, hint in faulty_evidence(evidence, self.named):
            self._report(code, entry, (*path, *below), message, hint)

    def _derivation(self, entry: Entry, model: Ableitung) -> None:
        scope = scope_of(model.ergibt)
        declared = derived_type(model)
        if model.wenn is not None:
            self._condition(entry, ("wenn",), model.wenn, scope)
            self._agree(entry, ("typ",), declared, FactType("wahrheitswert"))
        elif model.rechne is not None:
            self._yields(entry, ("rechne",), model.rechne, scope, declared)
        for index, row in enumerate(model.faelle or ()):
            if row.wenn is not None:
                self._condition(entry, ("faelle", index, "wenn"), row.wenn, scope)
            if row.beleg is not None:
                self._evidence(entry, ("faelle", index, "beleg"), row.beleg)
            self._yields(entry, ("faelle", index, "dann"), row.dann, scope, declared)

    def _yields(self, entry: Entry, path: Path_, expression: c.Expression, scope: str, declared: FactType) -> None:
        found = self._expression(entry, path, expression, scope, rounded=False)
        if found is not None:
            self._agree(entry, path, declared, found)

    def _agree(self, entry: Entry, path: Path_, wanted: FactType, found: FactType) -> None:
        """Report where `found` is not of the type and unit `wanted`."""
        same = wanted.kind == found.kind or (wanted.numeric and found.numeric)
        if {wanted.kind, found.kind} <= {"auswahl", "text"}:
            same = True
        if same and wanted.unit and found.unit and wanted.unit != found.unit:
            same = False
        if not same:
            self._report("VIM017", entry, path, _mismatch(wanted, found))
            return
        unknown = [value for value in found.values if wanted.values and value not in wanted.values]
        if wanted.kind == "auswahl" and unknown:
            message = Text(
                f"'{unknown[0]}' ist kein Wert; möglich sind {', '.join(wanted.values)}.",
                f"'{unknown[0]}' is no value; possible are {', '.join(wanted.values)}.",
            )
            self._report("VIM017", entry, path, message, did_you_mean(unknown[0], wanted.values))

    def _fact(self, entry: Entry, path: Path_, fact: str, scope: str, *, structure: bool = False) -> FactType | None:
        found = self.types.get(fact)
        if found is None:
            if structure and fact in ("antrag.mitglieder", "antrag.stellen"):
                return None
            if fact in self.broken:
                return None
            if fact.partition(".")[2].replace("_", "-") in self.rules:
                self._report("VIM024", entry, path, *_READS_A_RESULT)
                return None
            message = Text(f"unbekannter Fakt '{fact}'.", f"unknown fact '{fact}'.")
            self._report("VIM012", entry, path, message, did_you_mean(fact, self.types))
            return None
        if not in_reach(fact, scope):
            message = Text(
                f"'{fact}' ist von '{scope}' aus nicht eindeutig.", f"'{fact}' is not unique as seen from '{scope}'."
            )
            hint = Text("Summen über Stellen bildet 'summe_ueber'.", "Use 'summe_ueber' for sums over posts.")
            self._report("VIM027", entry, path, message, hint)
            return None
        return found

    def _condition(self, entry: Entry, path: Path_, condition: c.Condition, scope: str) -> None:
        match condition:
            case c.Every(alle=parts) | c.Some(eine=parts):
                key = "alle" if isinstance(condition, c.Every) else "eine"
                for index, part in enumerate(parts):
                    self._condition(entry, (*path, key, index), part, scope)
            case c.Not(nicht=inner):
                self._condition(entry, (*path, "nicht"), inner, scope)
            case c.ReadingAtom():
                self._reading(entry, path, condition)
            case c.Atom():
                self._atom(entry, path, condition, scope)

    def _reading(self, entry: Entry, path: Path_, atom: c.ReadingAtom) -> None:
        known = self.readings.get(atom.auslegung)
        if known is None and atom.auslegung not in self.named:
            message = Text(
                f"unbekannte Auslegungsfrage '{atom.auslegung}'.", f"unknown disputed point '{atom.auslegung}'."
            )
            self._report("VIM021", entry, (*path, "auslegung"), message, did_you_mean(atom.auslegung, self.readings))
        elif known is not None and atom.ist not in known.lesarten:
            message = Text(f"unbekannte Lesart '{atom.ist}'.", f"unknown reading '{atom.ist}'.")
            self._report("VIM021", entry, (*path, "ist"), message, did_you_mean(atom.ist, known.lesarten))

    def _atom(self, entry: Entry, path: Path_, atom: c.Atom, scope: str) -> None:
        fact = self._fact(entry, (*path, "fakt"), atom.fakt, scope)
        operator = atom.operator
        operands = atom.operand if isinstance(atom.operand, tuple) else (atom.operand,)
        if (
            fact is not None
            and operator == "ist"
            and (fact.kind == "auswahlliste") is not isinstance(atom.operand, tuple)
        ):
            self._report("VIM017", entry, (*path, "ist"), *_LIST_OR_VALUE)
            return
        for index, operand in enumerate(operands):
            at = (*path, operator, index) if isinstance(atom.operand, tuple) else (*path, operator)
            found = self._expression(entry, at, operand, scope, rounded=False)
            if fact is None or found is None:
                continue
            if fact.kind not in _COMPARABLE[operator] or (
                operator in ("mindestens", "hoechstens") and fact.kind == "auswahl" and fact.ranks is None
            ):
                message = Text(
                    f"'{operator}' passt nicht zu {atom.fakt} ({fact.kind}).",
                    f"'{operator}' does not fit {atom.fakt} ({fact.kind}).",
                )
                self._report("VIM017", entry, (*path, operator), message)
                return
            element = FactType("auswahl", values=fact.values) if fact.kind == "auswahlliste" else fact
            self._agree(entry, at, element, found)

    def _expression(  # noqa: C901, PLR0912 - one case for each form of the closed list
        self, entry: Entry, path: Path_, expression: Any, scope: str, *, rounded: bool
    ) -> FactType | None:
        match expression:
            case c.ParameterRef(parameter=name):
                return self._parameter(entry, (*path, "parameter"), name)
            case c.FactRef(fakt=fact):
                return self._fact(entry, (*path, "fakt"), fact, scope)
            case c.Sum(summe=parts):
                return self._number(entry, path, self._alike(entry, (*path, "summe"), parts, scope, rounded))
            case c.Difference(differenz=parts):
                return self._number(entry, path, self._alike(entry, (*path, "differenz"), parts, scope, rounded))
            case c.Smallest(kleinster=parts):
                return self._alike(entry, (*path, "kleinster"), parts, scope, rounded)
            case c.Largest(groesster=parts):
                return self._alike(entry, (*path, "groesster"), parts, scope, rounded)
            case c.FirstKnown(erster_bekannter=parts):
                return self._alike(entry, (*path, "erster_bekannter"), parts, scope, rounded)
            case c.Product(produkt=parts):
                self._alike(entry, (*path, "produkt"), parts, scope, rounded, numbers_only=True)
                return FactType("dezimal")
            case c.SumOver(summe_ueber=what, wert=value) | c.LargestOver(groesster_ueber=what, wert=value):
                if scope != "antrag":
                    self._report("VIM027", entry, path, *_NO_NESTED_SUM)
                inner = "stelle" if what == "stellen" else "mitglied"
                found = self._expression(entry, (*path, "wert"), value, inner, rounded=rounded)
                return self._number(entry, path, found) if isinstance(expression, c.SumOver) else found
            case c.Division(quotient=quotient):
                self._needs_rounding(entry, path, rounded)
                for key, part in (("zaehler", quotient.zaehler), ("nenner", quotient.nenner)):
                    self._expression(entry, (*path, "quotient", key), part, scope, rounded=rounded)
                return FactType("dezimal")
            case c.Twelfths(zwoelftel=part):
                self._needs_rounding(entry, path, rounded)
                return self._expression(entry, (*path, "zwoelftel"), part, scope, rounded=rounded)
            case c.Rounded(runde=part):
                return self._expression(entry, (*path, "runde"), part, scope, rounded=True)
            case c.PeriodEnd(ende_der_frist=spec):
                key, start = ("ab", spec.ab) if spec.ab is not None else ("nach", spec.nach)
                self._wants(entry, (*path, "ende_der_frist", key), start, scope, FactType("datum"))
                self._wants(
                    entry, (*path, "ende_der_frist", "monate"), spec.monate, scope, FactType("ganzzahl", "Monate")
                )
                return FactType("datum")
            case c.RunningMonth(laufender_monat=spec):
                self._wants(entry, (*path, "laufender_monat", "ab"), spec.ab, scope, FactType("datum"))
                self._wants(entry, (*path, "laufender_monat", "am"), spec.am, scope, FactType("datum"))
                return FactType("ganzzahl")
            case c.FullMonths(monate_zwischen=span):
                self._span(entry, (*path, "monate_zwischen"), span, scope)
                return FactType("ganzzahl", "Monate")
            case c.RemainingDays(resttage_zwischen=span):
                self._span(entry, (*path, "resttage_zwischen"), span, scope)
                return FactType("ganzzahl", "Tage")
            case _:
                return literal_type(expression)

    def _span(self, entry: Entry, path: Path_, span: c.SpanSpec, scope: str) -> None:
        self._wants(entry, (*path, "von"), span.von, scope, FactType("datum"))
        self._wants(entry, (*path, "bis"), span.bis, scope, FactType("datum"))

    def _wants(self, entry: Entry, path: Path_, expression: Any, scope: str, wanted: FactType) -> None:
        found = self._expression(entry, path, expression, scope, rounded=False)
        if found is not None:
            self._agree(entry, path, wanted, found)

    def _alike(
        self,
        entry: Entry,
        path: Path_,
        parts: tuple[c.Expression, ...],
        scope: str,
        rounded: bool,
        *,
        numbers_only: bool = False,
    ) -> FactType | None:
        """Check that all parts are of one type and unit (for a product: numbers), and return it."""
        first: FactType | None = None
        for index, part in enumerate(parts):
            found = self._expression(entry, (*path, index), part, scope, rounded=rounded)
            if found is None:
                continue
            if numbers_only:
                self._agree(entry, (*path, index), FactType("dezimal"), FactType(found.kind))
            elif first is None:
                first = found
            else:
                self._agree(entry, (*path, index), first, found)
                if first.unit is None:
                    first = found
        return first

    def _number(self, entry: Entry, path: Path_, found: FactType | None) -> FactType | None:
        """Return the type of what is added up; report where it is no number."""
        if found is None or found.numeric:
            return found
        self._report("VIM017", entry, path, _mismatch(FactType("dezimal"), found))
        return None

    def _needs_rounding(self, entry: Entry, path: Path_, rounded: bool) -> None:
        if not rounded:
            message = Text("Ein Bruch steht nur innerhalb von 'runde'.", "A fraction stands only inside 'runde'.")
            self._report("VIM026", entry, path, message)

    def _parameter(self, entry: Entry, path: Path_, name: str) -> FactType | None:
        parameter = self.parameters.get(name)
        if parameter is None:
            if f"parameter.{name}" not in self.broken:
                message = Text(f"unbekannter Parameter '{name}'.", f"unknown parameter '{name}'.")
                self._report("VIM013", entry, path, message, did_you_mean(name, self.parameters))
            return None
        if parameter.wert is None:
            return None
        found = literal_type(parameter.wert)
        return FactType(found.kind, parameter.einheit, found.values)

    def _duty(self, entry: Entry, model: Pflicht) -> None:
        if model.gilt_fuer is not None:
            self._condition(entry, ("gilt_fuer",), model.gilt_fuer, "antrag")
        if model.faellig is not None and model.faellig.tag is not None:
            self._wants(entry, ("faellig", "tag"), model.faellig.tag, "antrag", FactType("datum"))
        elif model.faellig is not None and model.faellig.jaehrlich is not None:
            until = model.faellig.jaehrlich.bis
            self._wants(entry, ("faellig", "jaehrlich", "bis"), until, "antrag", FactType("datum"))

    def _cycles(self) -> None:
        producers = {m.ergibt: (e, m) for e, m in self.entries.values() if isinstance(m, Ableitung)}
        done: set[str] = set()

        def visit(fact: str, trail: tuple[str, ...]) -> None:
            if fact in trail:
                cycle = " -> ".join((*trail[trail.index(fact) :], fact))
                message = Text(f"abgeleitete Fakten im Kreis: {cycle}.", f"derived facts in a cycle: {cycle}.")
                self._report("VIM019", producers[fact][0], ("ergibt",), message)
                return
            if fact in done or fact not in producers:
                return
            for read in sorted(reads(producers[fact][1])):
                visit(read, (*trail, fact))
            done.add(fact)

        for fact in producers:
            visit(fact, ())


_LIST_OR_VALUE = (
    Text(
        "Eine Liste wird mit einer Liste verglichen, ein Wert mit einem Wert.",
        "A list is compared with a list, a value with a value.",
    ),
    Text(
        "Für „einer dieser Werte“ gibt es 'in', für „darunter“ 'enthaelt'.",
        "Use 'in' for one of several values, 'enthaelt' for a value in a list.",
    ),
)
_READS_A_RESULT = (
    Text("Eine Bedingung liest keine Ergebnisse von Regeln.", "A condition does not read results of requirements."),
    Text("Leiten Sie einen Fakt ab, den beide lesen.", "Derive a fact that both read."),
)
_NO_NESTED_SUM = (
    Text("'summe_ueber' steht nur beim Antrag.", "'summe_ueber' stands only with the application."),
    Text("Leiten Sie die Summe als antrag.… ab.", "Derive the sum as antrag.…."),
)


def _taken(path: str) -> tuple[Text, Text]:
    return (
        Text(f"Den Fakt '{path}' gibt es schon.", f"The fact '{path}' exists already."),
        Text("Wählen Sie einen anderen Pfad.", "Choose another path."),
    )


def _mismatch(wanted: FactType, found: FactType) -> Text:
    def name(kind: FactType) -> str:
        return f"{kind.kind} ({kind.unit})" if kind.unit else kind.kind

    return Text(
        f"erwartet ist {name(wanted)}, gegeben {name(found)}.", f"expected {name(wanted)}, given {name(found)}."
    )
