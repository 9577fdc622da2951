"""OpenFisca-Core deciding the flat rules: a variable for each fact, derived fact and requirement, over numpy columns.

It has no value for "not known": words and truth values are codes with -1 for it, numbers have nan. Its numbers are
32-bit floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from benchmarks.dialects import VERDICTS
from benchmarks.flat import Flat
from benchmarks.languages import Numpy, slot
from benchmarks.rivals import Rival, stated
from benchmarks.single_cases import Entry

PERIOD = "2022"
Columns = Mapping[str, Any]


def unknown(values: Any) -> Any:
    """Return where a column holds nothing."""
    return np.isnan(values) if values.dtype.kind == "f" else values < 0


def among(values: Any, codes: Sequence[int]) -> Any:
    """Return where a column holds one of some codes."""
    found = values == codes[0]
    for code in codes[1:]:
        found |= values == code
    return found


_NAMES: Mapping[str, Any] = {
    "unknown": unknown,
    "among": among,
    "where": np.where,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "floor": np.floor,
    "nan": np.nan,
}


def _read(language: Numpy) -> list[str]:
    return [slot(path) for path in language.read_here]


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
            system.add_variable(self._variable(slot(path), float if self._is_number(path) else int, None, ()))
        for path, form in self.flat.derived.items():
            language = Numpy(self.flat)
            kind = float if self._is_number(path) else int
            system.add_variable(self._variable(slot(path), kind, language.form(form), _read(language)))
        for one in self.flat.requirements:
            language = Numpy(self.flat)
            text = language.requirement(one.applies, one.condition)
            system.add_variable(self._variable(slot(one.id), int, text, _read(language)))
        names = [slot(one.id) for one in self.flat.requirements]
        system.add_variable(self._variable("verdict", int, self.language.least(names), names))
        return system

    def _is_number(self, path: str) -> bool:
        return self.flat.types[path].kind in ("ganzzahl", "dezimal")

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
        return {slot(path): self._column(path, [row[path] for row in rows]) for path in self.flat.stated}

    def _column(self, path: str, values: Sequence[Any]) -> Any:
        kind = self.flat.types[path]
        if self._is_number(path):
            return np.array([np.nan if value is None else value for value in values], dtype=np.float32)
        if kind.kind == "auswahlliste":
            return np.array([-1 if value is None else self.language.bits(path, value) for value in values], np.int32)
        if kind.kind == "wahrheitswert":
            return np.array([-1 if value is None else int(value) for value in values], dtype=np.int32)
        return np.array([-1 if value is None else kind.values.index(value) for value in values], dtype=np.int32)

    def decide(self, prepared: Any) -> str:
        return VERDICTS[int(self.decide_all(prepared)[0])]

    def decide_all(self, columns: Columns) -> Any:
        """Return the verdicts of all rows as numbers."""
        from openfisca_core.simulations import SimulationBuilder

        count = len(next(iter(columns.values())))
        simulation = SimulationBuilder().build_default_simulation(self.system, count)
        for name, values in columns.items():
            simulation.set_input(name, PERIOD, values)
        return simulation.calculate("verdict", PERIOD)
