"""Who takes part: every engine that is installed and decides all cases compared as `direct` does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.frames import evaluate_frame, frame_of
from benchmarks.rivals import SINGLE, Rival
from benchmarks.setting import flat_rules, whole_rules
from benchmarks.single_cases import entries

import vwv_im
from vwv_im import Decision

OPENFISCA = "OpenFisca-Core"
ZEN_TABLES = "zen-engine, decision tables with trace"
ONE_CASE = f"{OPENFISCA}, one case"
WHOLE = f"{OPENFISCA}, whole plan"
ZEN_EXPRESSION = "zen-engine, one compiled expression"
COLUMNS = "columns"
DURABLE = "durable, checked"


class Participants:
    """The engines, the first of the cases, which are measured, and in `left_out` why an engine does not take part."""

    def __init__(self, measured: int, compared: int) -> None:
        self.cases, self.compared = entries(0, measured), entries(0, compared)
        self.left_out: dict[str, str] = {}
        decisions = [vwv_im.evaluate(entry.case, on=entry.on, engine="direct") for entry in self.compared]
        self.verdicts = [str(decision.verdict) for decision in decisions]
        self.durable = self._has_durable()
        self.rivals = [rival for kind in (*SINGLE, *self._openfisca()) if (rival := self._checked(kind))]
        self.tables = self._zen_tables(decisions)
        self.frame = self._frame_engine()
        self.whole = self._whole_openfisca(decisions)

    @property
    def openfisca(self) -> Any:
        """OpenFisca with the rules of the verdict; none where it does not take part."""
        return next((rival for rival in self.rivals if rival.package == OPENFISCA), None)

    def why_not(self, *names: str) -> str:
        """Return why one of these engines does not take part; nothing where all do."""
        return next((f"{name}: {self.left_out[name]}" for name in names if name in self.left_out), "")

    def _has_durable(self) -> bool:
        try:
            vwv_im.evaluate(self.cases[0].case, on=self.cases[0].on, engine="durable")
        except vwv_im.EngineUnavailable:
            self.left_out[DURABLE] = "durable-rules is not installed"
            return False
        return True

    def _openfisca(self) -> tuple[type[Rival], ...]:
        try:
            from benchmarks.openfisca import OpenFisca
        except ImportError as error:
            self._not_installed(ONE_CASE, error)
            return ()
        return (OpenFisca,)

    def _checked(self, kind: type[Rival]) -> Rival | None:
        try:
            rival = kind(flat_rules())
        except ImportError as error:
            self._not_installed(kind.name, error)
            return None
        for number, entry in enumerate(self.compared):
            if number % len(self.cases) == 0:
                rival.fresh()
            if (found := rival.decide(rival.prepared(entry))) != self.verdicts[number]:
                self.left_out[kind.name] = f"case {number}: {found} instead of {self.verdicts[number]}"
                return None
        return rival

    def _zen_tables(self, decisions: Sequence[Decision]) -> Any:
        try:
            from benchmarks.zen_tables import Tables
        except ImportError as error:
            self._not_installed(ZEN_TABLES, error)
            return None
        tables, pairs = Tables(vwv_im.regulation()), zip(self.compared, decisions, strict=True)
        differing = (words for entry, decision in pairs for words in tables.differences(entry, decision))
        return self._agreeing(ZEN_TABLES, tables, differing)

    def _frame_engine(self) -> Any:
        decide = evaluate_frame()
        if decide is None:
            self.left_out[COLUMNS] = "not in this version, or polars is not installed"
            return None
        found = decide(frame_of(self.compared))["verdict"].to_list()
        pairs = enumerate(zip(found, self.verdicts, strict=True))
        differing = (f"case {number}: {one} instead of {other}" for number, (one, other) in pairs if one != other)
        return self._agreeing(COLUMNS, decide, differing)

    def _whole_openfisca(self, decisions: Sequence[Decision]) -> Any:
        """Return OpenFisca with the whole plan, if it computes every value as `direct` does."""
        if self.openfisca is None:
            return None
        from benchmarks.openfisca import WholeOpenFisca

        rival = WholeOpenFisca(whole_rules())
        return self._agreeing(WHOLE, rival, rival.differences(self.compared, decisions))

    def _agreeing(self, name: str, engine: Any, differing: Iterable[str]) -> Any:
        """Return an engine where nothing differs; else note what does."""
        if first := next(iter(differing), None):
            self.left_out[name] = first
            return None
        return engine

    def _not_installed(self, name: str, error: ImportError) -> None:
        self.left_out[name] = f"not installed ({error})"
