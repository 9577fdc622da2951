"""zen-engine deciding by decision tables, and where it decides otherwise than vwv-im.

The tables stand beside each other, joined only where one reads what another gives, and the engine keeps the graph
compiled (`static` loader): of the forms tried, those it runs fastest. Nothing is worked out for it beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any

import zen
from benchmarks.single_cases import FASSUNG, Entry
from benchmarks.zen_graph import Graph, field_of

from vwv_im import Decision, Regulation

KEY = "antrag"
OPTIONS: zen.DecisionEvaluateOptions = {"trace": True}
VALUES = (
    "antrag.planungsrahmen_eur",
    "antrag.foerderbetrag_eur_jahr",
    "antrag.stellen[0].qualifikationsgruppe",
    "antrag.stellen[0].hoechstdauer_monate",
    "antrag.stellen[0].bewilligungsende",
    "antrag.stellen[0].festbetrag_eur_jahr",
    "antrag.stellen[0].foerderbetrag_eur",
)
LACKING = (
    "members",
    "further posts",
    "a Nachbesetzung",
    "contradictions",
    "duties",
    "values beyond those compared",
    "citations and grades",
    "missing facts",
    "other readings",
)


def context_of(entry: Entry) -> dict[str, Any]:
    """Return a case as the graph reads it: dates as text, unknown facts as null."""
    antrag = entry.raw["antrag"]
    (stelle,) = antrag["stellen"]
    facts = {"gezaehlte_personen": None, "veroeffentlichter_planungsrahmen_eur": None, **antrag}
    del facts["stellen"]
    facts["antragsteller"] = {"kreisangehoerig": None, **antrag["antragsteller"]}
    post = {
        "derzeit_besetzt": None,
        "fachrichtung": None,
        "schulabschluss": None,
        "berufsausbildung": None,
        "zusatzvoraussetzung": None,
    }
    return {
        "tag": entry.on.isoformat(),
        "auslegung": {"mindestantrag": "geld"},
        "antrag": facts,
        "stelle": {**post, **stelle},
    }


class Tables:
    """The graph, ready to be evaluated."""

    def __init__(self, regulation: Regulation) -> None:
        fassung = regulation.fassung(FASSUNG)
        graph = Graph({name: str(item.model.wert) for name, item in fassung.parameters.items()}, fassung.rules)
        try:
            self.graph = graph.as_json()
        except KeyError as error:
            raise SystemExit(f"Not measured: the tables need a parameter that {FASSUNG} lacks: {error}") from None
        self.requirements = graph.requirements
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: self.graph}}})

    def evaluate(self, context: dict[str, Any]) -> tuple[str, list[tuple[str, Any, Any]]]:
        """Return the verdict and, read off the trace, each table's name, its output, and row, values and cells."""
        answer = self.engine.evaluate(KEY, context, OPTIONS)
        read = [(node["name"], node["output"], node["traceData"]) for node in answer["trace"].values()]
        return answer["result"]["verdict"], read

    def verdict(self, context: dict[str, Any]) -> str:
        """Return the verdict alone, without a trace."""
        verdict: str = self.engine.evaluate(KEY, context)["result"]["verdict"]
        return verdict

    def differences(self, entry: Entry, decision: Decision) -> Iterator[str]:
        """Yield in words on what zen-engine and a decision differ, requirement by requirement, value by value."""
        verdict, read = self.evaluate(context_of(entry))
        given: dict[str, Any] = {}
        for _, output, row in read:
            given |= output if row is not None else {}
        for what, ours, theirs in chain(
            [("verdict", decision.verdict, verdict)],
            self._requirements(decision, given),
            _values(decision, given),
        ):
            if ours != theirs:
                yield f"case {entry.number}, {what}: vwv-im says {ours}, zen-engine says {theirs}"

    def left_out(self, decision: Decision) -> set[str]:
        """Return what the graph may lack: requirements that do not apply in this decision, options and hints."""
        idle = {reason.rule for reason in decision.reasons if reason.applies == "no"}
        return (idle | {reason.rule for reason in (*decision.options, *decision.hints)}) - self.requirements.keys()

    def _requirements(self, decision: Decision, given: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
        """Yield what both say; a requirement that does not apply is met, an option that does not apply not listed."""
        found = {r.rule: r.verdict.value for r in (*decision.reasons, *decision.options, *decision.hints)}
        left_out = self.left_out(decision)
        for rule, ours in found.items():
            if rule not in left_out:
                theirs = given.get(field_of(rule), "nothing: the tables lack this requirement")
                yield rule, ours, "yes" if theirs == "entfaellt" else theirs
        silent = {"kann": "entfaellt", "hinweis": "no"}  # what a decision does not list
        for rule in self.requirements.keys() - found.keys():
            ours = silent.get(self.requirements[rule], "nothing: the plan lacks this requirement")
            yield rule, ours, given.get(field_of(rule))


def _values(decision: Decision, given: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    for name in VALUES:
        ours, theirs = decision.derived.get(name, "nothing"), given.get(name.rpartition(".")[2], "nothing")
        exact = isinstance(ours, str) and isinstance(theirs, int | float)
        yield name, Decimal(str(ours)) if exact else ours, Decimal(str(theirs)) if exact else theirs
