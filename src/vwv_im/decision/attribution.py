"""What of a decision an act can change, in words, and the operations to which a change is attributed.

Each operation of an act is taken back, with those that refer to what it brought; where a value then differs, the
operation is a cause of it. Where taking back all causes does not give the value from before, they hide others, which
are found in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.decision.phrases import OUTCOME_WORDS, full_title, outcome_word, quantity, value_phrase
from vwv_im.decision.reason import Reason
from vwv_im.lang import Verdict
from vwv_im.law import OperationId, Parameter, Regulation
from vwv_im.text import Json, Language, Text, as_written, written_day

OPEN = Text("offen", "open")
_VERDICT_WORDS = {Verdict.YES: Text("ja", "yes"), Verdict.NO: Text("nein", "no")}
_TITLES = {"verdict": Text("Ergebnis", "Result"), "outcome": Text("Ob entschieden wird", "Whether it is decided")}
_PLACES = {"muss": "reasons", "soll": "reasons", "kann": "options", "hinweis": "hints"}
_DID = {
    "ersetze": Text("ersetzt", "replaced"),
    "fuege_ein": Text("eingefügt", "inserted"),
    "haenge_an": Text("ergänzt", "extended"),
    "hebe_auf": Text("aufgehoben", "repealed"),
}
Outputs = Mapping[str, Json]
"""Everything of a decision that an act can change, by a path."""


def outputs(decision: Decision, *, every: bool = False) -> dict[str, Json]:
    """Return everything of a decision that an act can change, by a path.

    `every`: also what stands in the way of a grant, and what is to be noted.
    """
    found: dict[str, Json] = {"outcome": decision.outcome}
    if decision.verdict is not None:
        found["verdict"] = decision.verdict.value
    found.update(decision.derived)
    found.update((_path(reason), reason.verdict.value) for reason in decision.options)
    found.update((_duty_path(duty), duty.due.isoformat() if duty.due else "offen") for duty in decision.duties)
    if every:
        unmet = (reason for reason in decision.reasons if reason.verdict is not Verdict.YES)
        found.update((_path(reason), reason.verdict.value) for reason in (*unmet, *decision.hints))
    return found


def output_titles(decision: Decision, lang: Language) -> Iterator[tuple[str, str]]:
    """Yield the title of each output by its path."""
    yield from ((path, title.in_(lang)) for path, title in _TITLES.items())
    for derivation, subject in decision.context.results() if decision.derived else ():
        title = full_title(derivation.item.model.titel.text, subject, decision.context, lang)
        yield subject.path(derivation.fact), title
    yield from ((_path(reason), reason.full_title(lang)) for reason in decision.examined)
    for duty in decision.duties:
        yield _duty_path(duty), f"{duty.title.in_(lang)}{f' ({duty.year})' if duty.year is not None else ''}"


def output_phrases(decision: Decision, lang: Language) -> Iterator[tuple[str, str]]:
    """Yield the value of each output by its path, as a reader expects it."""
    yield "outcome", OUTCOME_WORDS[decision.outcome].in_(lang)
    if decision.verdict is not None:
        word = _VERDICT_WORDS.get(decision.verdict) or outcome_word(decision.regulation, "ermessen", decision.verdict)
        yield "verdict", word.in_(lang)
    for derivation, subject in decision.context.results() if decision.derived else ():
        value = decision.context.value(derivation.fact, subject)
        shown = OPEN.in_(lang) if value is None else value_phrase(value, decision.context, derivation.fact, lang)
        yield subject.path(derivation.fact), shown
    yield from ((_path(reason), reason.outcome(lang)) for reason in decision.examined)
    yield from ((_duty_path(one), written_day(one.due, lang) if one.due else OPEN.in_(lang)) for one in decision.duties)


def _path(reason: Reason) -> str:
    return f"{_PLACES[reason.art]}.{reason.rule}.{reason.subject}"


def _duty_path(duty: Owed) -> str:
    return f"duties.{duty.id}{f'.{duty.year}' if duty.year is not None else ''}"


class Attribution:
    """To which operations what changes in one case is attributed.

    `decided` returns the outputs of its decision without the operations it is given.
    """

    def __init__(
        self, law: Regulation, operations: Sequence[OperationId], decided: Callable[[frozenset[OperationId]], Outputs]
    ) -> None:
        self.operations = operations
        self._dependants = dependants(law)
        self._decided = cache(decided)
        self._effects = cache(self._changed_paths)

    def _without(self, gone: frozenset[OperationId]) -> Outputs:
        return self._decided(frozenset(other for operation in gone for other in self._dependants[operation]))

    def _changed_paths(self, gone: frozenset[OperationId]) -> dict[OperationId, set[str]]:
        """Return, for each operation that is left, the paths that change when it is taken back as well."""
        outputs = self._without(gone)
        found: dict[OperationId, set[str]] = {}
        for operation in self.operations:
            if operation not in gone:
                other = self._without(gone | {operation})
                found[operation] = {p for p in {*outputs, *other} if outputs.get(p) != other.get(p)}
        return found

    def causes(self, path: str) -> tuple[OperationId, ...]:
        """Return the operations that change the value at a path, each taken back alone."""
        return tuple(operation for operation, paths in self._effects(frozenset()).items() if path in paths)

    def complete(self, causes: tuple[OperationId, ...], path: str, old: Json) -> tuple[OperationId, ...]:
        """Return the causes with those that they hide, until taking all of them back gives the old value."""
        while causes and self._without(frozenset(causes)).get(path) != old:
            hidden = tuple(o for o, paths in self._effects(frozenset(causes)).items() if path in paths)
            if not hidden:
                break
            causes += hidden
        return causes


@cache
def dependants(law: Regulation) -> dict[OperationId, frozenset[OperationId]]:
    """Return each operation with all that refer, directly or not, to what it inserted."""
    brought = {operation: _inserted_names(model.neu) for operation, model in law.operations.items()}
    read = {operation: set(_referred_names(model.neu)) for operation, model in law.operations.items()}
    closed: dict[OperationId, frozenset[OperationId]] = {}
    for operation in law.operations:
        group = {operation}
        while grown := {o for o in law.operations if o not in group and any(brought[g] & read[o] for g in group)}:
            group |= grown
        closed[operation] = frozenset(group)
    return closed


def _inserted_names(new: Any) -> set[str]:
    """Return what an inserted item can be referred to by."""
    match new:
        case {"parameter": dict(item), **others} if not others:
            return {f"parameter:{name}" for name in item}
        case {"ableitung": item, **others} if not others:
            return {f"fakt:{item['ergibt']}"}
        case _:
            return set()


def _referred_names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("parameter", "fakt") and isinstance(value, str):
                yield f"{key}:{value}"
            yield from _referred_names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred_names(value)


def operation_phrase(law: Regulation, operation: OperationId, lang: Language) -> str:
    """Write what an operation did: "Höchstens möglicher Bewilligungszeitraum: ersetzt (24 Monate durch 36 Monate)"."""
    model = law.operations[operation]
    did = _DID[model.op].in_(lang)
    if model.op == "fuege_ein":
        ((kind, new),) = model.neu.items()
        item = next(iter(new.values())) if kind == "parameter" else new
        return f"{item['titel'][lang]}: {did}"
    targets = [item for item in law.items if f"{model.ziel}.".startswith(f"{item.entry.key}.")]
    title = next((item.model.titel.text.in_(lang) for item in targets), model.ziel)
    if any(isinstance(value, dict | list | None) for value in (model.alt, model.neu)):
        return f"{title}: {did}"
    name = next((item.model.einheit for item in targets if isinstance(item.model, Parameter)), None)
    unit = law.vocabulary.units.get(name or "")
    old, new = (
        quantity(Decimal(value), unit, lang) if type(value) in (int, Decimal) else as_written(value)
        for value in (model.alt, model.neu)
    )
    return f"{title}: {did} ({old} {Text('durch', 'by').in_(lang)} {new})"
