"""OpenFisca-Core deciding the flat rules: a variable for each fact, derived fact and requirement, over numpy columns.

It has no value for "not known": words and truth values are codes with -1 for it, numbers have nan. Its numbers are
32-bit floats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from benchmarks.dialects import VERDICTS
from benchmarks.flat import Flat
from benchmarks.languages import Numpy
from benchmarks.rivals import Rival, stated
from benchmarks.single_cases import Entry

from vwv_im import Decision
from vwv_im.lang.dates import MONTH_PARTS
from vwv_im.publish.dmn.feel import variable

PERIOD = "2022"
Columns = Mapping[str, Any]


def unknown(values: Any) -> Any:
    """Return where a column holds nothing."""
    return (
        values < 0 if values.dtype.kind == "i" else np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)
    )


def among(values: Any, codes: Sequence[int]) -> Any:
    """Return where a column holds one of some codes."""
    found = values == codes[0]
    for code in codes[1:]:
        found |= values == code
    return found


def day(text: str) -> Any:
    """Return a day."""
    return np.datetime64(text, "D")


def parts(days: Any) -> tuple[Any, Any]:
    """Return the months of days, and the days past the first of each."""
    months = days.astype("datetime64[M]")
    return months, (days - months.astype("datetime64[D]")).astype(np.int64)


def ende_der_frist(start: Any, months: Any) -> Any:
    """Return the last day of a period of months."""
    known = ~(np.isnat(start) | np.isnan(months)) & (months >= 1)
    month, past = parts(start)
    turned = month + np.where(known, months, 0).astype(np.int64)
    first = turned.astype("datetime64[D]")
    last = ((turned + 1).astype("datetime64[D]") - first).astype(np.int64) - 1
    return np.where(known, np.where(past <= last, first + past - 1, first + last), np.datetime64("NaT"))


def monate_zwischen(first: Any, last: Any) -> Any:
    """Return the full months between two days, both included."""
    (begun, past), (ended, past_end) = parts(first), parts(last + 1)
    months = (ended - begun).astype(np.int64) - (past_end < past)
    return np.where(np.isnat(first) | np.isnat(last), np.nan, np.maximum(months, 0))


def resttage_zwischen(first: Any, last: Any) -> Any:
    """Return the days left over after the full months."""
    months = monate_zwischen(first, last)
    before = np.where(months >= 1, ende_der_frist(first, months), first - 1)
    days = (last - before).astype(np.int64)
    return np.where(np.isnan(months), np.nan, np.maximum(days, 0))


def laufender_monat(start: Any, one: Any) -> Any:
    """Return the number of the month in which a day lies."""
    return monate_zwischen(start, one - 1) + 1


def gemeinsame_tage(first: Any, last: Any, other_first: Any, other_last: Any) -> Any:
    """Return the days that two periods share."""
    days = np.minimum(last, other_last) - np.maximum(first, other_first)
    return np.where(np.isnat(days), np.nan, np.maximum(days.astype(np.int64) + 1, 0))


def gemeinsame_monatsteile(first: Any, last: Any, other_first: Any, other_last: Any) -> Any:
    """Return how much of the months of a period another covers, in parts of a month that all its lengths divide."""
    begin, end = np.maximum(first, other_first), np.minimum(last, other_last)
    shared = _month_parts(first, end + 1) - _month_parts(first, begin)
    return np.where(np.isnat(begin) | np.isnat(end), np.nan, np.where(begin <= end, shared, 0))


def _month_parts(first: Any, one: Any) -> Any:
    """Return the parts of months before a day."""
    months = monate_zwischen(first, one - 1)
    before = np.where(months >= 1, ende_der_frist(first, months), first - 1)
    length = (ende_der_frist(first, months + 1) - before).astype(np.int64)
    days = (one - 1 - before).astype(np.int64)
    return months * MONTH_PARTS + days * (MONTH_PARTS // np.maximum(length, 1))


_NAMES: Mapping[str, Any] = {
    "unknown": unknown,
    "among": among,
    "where": np.where,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "floor": np.floor,
    "day": day,
    "ende_der_frist": ende_der_frist,
    "ende_der_frist_nach": lambda before, months: ende_der_frist(before + 1, months),
    "vortag": lambda one: one - 1,
    "folgetag": lambda one: one + 1,
    "gemeinsame_tage": gemeinsame_tage,
    "gemeinsame_monatsteile": gemeinsame_monatsteile,
    "monate_zwischen": monate_zwischen,
    "resttage_zwischen": resttage_zwischen,
    "laufender_monat": laufender_monat,
    "runde_cent": lambda amount: np.floor(amount * 100 + 0.5) / 100,
    "zwoelftel": lambda amount: amount / 12,
    "nan": np.nan,
    "no_day": np.datetime64("NaT"),
}


def _read(language: Numpy) -> list[str]:
    return [variable(path) for path in language.read_here]


class OpenFisca(Rival):
    """One simulation of one case, or of very many at once."""

    name = "OpenFisca-Core, one case"
    package = "OpenFisca-Core"
    about = "the verdict, and every requirement as a variable; a simulation for each case"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        self.language = Numpy(flat)
        self.system = self._system()

    def _system(self) -> Any:
        from openfisca_core.entities import build_entity
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem

        self.entity = build_entity("application", "applications", "An application", is_person=True)
        system = TaxBenefitSystem([self.entity])
        for path in self.flat.stated:
            system.add_variable(self._variable(variable(path), self._type(path), None, ()))
        for path in self.flat.derived:
            language = Numpy(self.flat)
            text = language.derived(path)
            system.add_variable(self._variable(variable(path), self._type(path), text, _read(language)))
        for one in self.flat.requirements:
            language = Numpy(self.flat)
            text = language.requirement(one)
            system.add_variable(self._variable(variable(one.id), int, text, _read(language)))
        names = [variable(one.id) for one in self.flat.folded]
        system.add_variable(self._variable("verdict", int, self.language.extreme("min", names), names))
        return system

    def _type(self, path: str) -> type:
        """Return the type of a column; a derived word is a float, so that it can be nan."""
        kind = self.flat.types[path].kind
        if kind == "datum":
            return date
        numeric = kind in ("ganzzahl", "dezimal") or (kind == "auswahl" and path in self.flat.derived)
        return float if numeric else int

    def _variable(self, name: str, kind: type, text: str | None, reads: Sequence[str]) -> Any:
        from openfisca_core.periods import DateUnit
        from openfisca_core.variables import Variable

        attributes: dict[str, Any] = {"value_type": kind, "entity": self.entity, "definition_period": DateUnit.YEAR}
        if text is not None:
            code = compile(text, name, "eval")

            def formula(population: Any, period: Any) -> Any:
                return eval(code, {**_NAMES, **{read: population(read, period) for read in reads}})

            attributes["formula"] = formula
        return type(name, (Variable,), attributes)

    def prepared(self, entry: Entry) -> Any:
        return self.columns([entry])

    def columns(self, entries: Sequence[Entry]) -> Columns:
        """Return the facts of many cases as columns."""
        rows = [stated(entry, self.flat) for entry in entries]
        return {variable(path): self._column(path, [row[path] for row in rows]) for path in self.flat.stated}

    def _column(self, path: str, values: Sequence[Any]) -> Any:
        kind = self.flat.types[path].kind
        if kind == "datum":
            return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]")
        if self._type(path) is float:
            return np.array([np.nan if value is None else value for value in values], dtype=np.float32)
        return np.array([-1 if value is None else self._code(path, kind, value) for value in values], dtype=np.int32)

    def _code(self, path: str, kind: str, value: Any) -> int:
        if kind == "auswahlliste":
            return self.language.bits(self.flat.types[path], value)
        return int(value) if kind == "wahrheitswert" else self.language.codes[value]

    def decide(self, prepared: Any) -> str:
        return VERDICTS[int(self.decide_all(prepared)[0])]

    def decide_all(self, columns: Columns) -> Any:
        """Return the verdicts of all rows as numbers."""
        with np.errstate(divide="ignore", invalid="ignore"):  # what is not known is nan, and a choice reads both sides
            return self.simulation(columns).calculate("verdict", PERIOD)

    def simulation(self, columns: Columns) -> Any:
        """Return a simulation of all rows."""
        from openfisca_core.simulations import SimulationBuilder

        count = len(next(iter(columns.values())))
        simulation = SimulationBuilder().build_default_simulation(self.system, count)
        for name, values in columns.items():
            simulation.set_input(name, PERIOD, values)
        return simulation


class WholeOpenFisca(OpenFisca):
    """The whole plan, not the verdict only: every derived fact, requirement, option, hint and contradiction."""

    def decide_all(self, columns: Columns) -> Any:
        """Return the verdicts of all rows as numbers, with everything else computed."""
        return self.everything(columns)["verdict"]

    def everything(self, columns: Columns) -> dict[str, Any]:
        """Return every column that is computed."""
        simulation = self.simulation(columns)
        names = ["verdict", *map(variable, self.flat.derived), *(variable(one.id) for one in self.flat.requirements)]
        with np.errstate(divide="ignore", invalid="ignore"):
            return {name: simulation.calculate(name, PERIOD) for name in names}

    def differences(self, entries: Sequence[Entry], decisions: Sequence[Decision]) -> Iterator[str]:
        """Yield in words where a verdict or a value differs; amounts may by what 32 bits cannot hold, up to a euro."""
        found = self.everything(self.columns(entries))
        for row, (entry, decision) in enumerate(zip(entries, decisions, strict=True)):
            values: dict[str, tuple[Any, Any]] = {
                "verdict": (VERDICTS[int(found["verdict"][row])], str(decision.verdict))
            }
            for path in self.flat.derived:
                name = path.replace("stelle.", "antrag.stellen[0].", 1)
                if name in decision.derived:
                    values[name] = (self._value(path, found[variable(path)][row]), decision.derived[name])
            for name, (theirs, ours) in values.items():
                close = isinstance(theirs, float) and ours is not None and abs(theirs - float(str(ours))) <= 1
                if theirs != ours and not close:
                    yield f"case {entry.number}, {name}: {theirs} instead of {ours}"

    def _value(self, path: str, found: Any) -> Any:
        kind = self.flat.types[path].kind
        if kind == "wahrheitswert":
            return {0: False, 1: None, 2: True}[int(found)]
        if kind == "datum":
            return None if np.isnat(found) else str(found)
        if np.isnan(found):
            return None
        return self.words[int(found)] if kind == "auswahl" else float(found)

    @property
    def words(self) -> dict[int, str]:
        """What the codes stand for."""
        return {code: word for word, code in self.language.codes.items()}
