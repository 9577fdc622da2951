"""What of a decision an act can change, in words, and the operations to which a change is attributed.

Each operation of an act is taken back, with those that refer to what it brought; where a value then differs, the
operation is a cause of it. Where taking back all causes does not give the value from before, they hide others, which
are found in the same way.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.decision.phrases import constant_phrase, full_title, outcome_word, value_phrase
from vwv_im.decision.reason import Reason
from vwv_im.lang import CONTRIBUTIONS, Truth, Verdict
from vwv_im.law import OperationId, Parameter, Regulation
from vwv_im.reasoning.plan import Requirement
from vwv_im.text import Json, Language, Text, as_written, sentence, to_json, written_day

OPEN = Text("offen", "open")
DUTIES = "duties."
OPTIONS = "options."
"""What precedes the path of a duty, and of what may be granted."""
_VERDICT_WORDS = {Verdict.YES: Text("ja", "yes"), Verdict.NO: Text("nein", "no")}
_TITLES = {"verdict": Text("Ergebnis", "Result"), "outcome": Text("Ob entschieden wird", "Whether it is decided")}
_PLACES = {"muss": "reasons", "soll": "reasons", "kann": "options", "hinweis": "hints"}
Differences = Mapping[str, tuple[Json, Json]]
"""What an act can change of a decision and what differs in another, by a path: both values, `None` where there is none.
"""


class _Column(NamedTuple):
    """One thing that an act can change, for all subjects of a scope: what stands around their names in its paths."""

    scope: str
    before: str
    after: str
    kind: str
    names: tuple[str, ...]
    values: list[Any]


Columns = Mapping[tuple[str, ...], _Column]


def outputs(decision: Decision) -> dict[str, Json]:
    """Return everything of a decision that an act can change, what stands in the way of a grant, and what is to note.

    By a path each.
    """
    parts = [*_overall(decision), *_tested(decision, every=True)]
    derived, head = decision.derived, ("outcome", "verdict")
    found = {f"{c.before}{n}{c.after}": value for c in parts for n, value in zip(c.names, c.values, strict=True)}
    known = {path: value for path, value in found.items() if value is not None}
    first = {path: known[path] for path in head if path in known}
    return {**first, **derived, **{path: value for path, value in known.items() if path not in head}}


def columns(decision: Decision, *, every: bool = False) -> Columns:
    """Return everything of a decision that an act can change; with `every` also what `outputs` has."""
    parts = chain(_overall(decision), _derived(decision), _tested(decision, every=every))
    return {column[:3]: column for column in parts}


def differences(one: Columns, other: Columns) -> Differences:
    """Return what differs between two decisions of the same case."""
    found: dict[str, tuple[Json, Json]] = {}
    for key in {**one, **other}:
        left, right = one.get(key, _NOTHING), other.get(key, _NOTHING)
        if left.kind == right.kind and left.values == right.values and left.names == right.names:
            continue
        old, new = (dict(zip(column.names, column.values, strict=True)) for column in (left, right))
        for name in {**old, **new}:
            if (was := to_json(old.get(name))) != (now := to_json(new.get(name))):
                found[f"{key[1]}{name}{key[2]}"] = was, now
    return found


_NOTHING = _Column("", "", "", "", (), [])


def _overall(decision: Decision) -> Iterator[_Column]:
    verdict = None if decision.verdict is None else decision.verdict.value
    overall = {"outcome": decision.outcome, "verdict": verdict}
    overall |= {_duty_path(one): one.due.isoformat() if one.due else "offen" for one in decision.duties}
    yield from (_Column("", path, "", "", ("",), [value]) for path, value in overall.items())


def _derived(decision: Decision) -> Iterator[_Column]:
    context = decision.context
    for derivation in context.result_derivations if decision.outcome == "decided" else ():
        fact, stated = derivation.fact, [one for one in context.subjects(derivation.scope) if one.stated]
        slot, kind = context.direct.layout.slot(fact)[1], context.plan.types[fact].kind
        names, values = tuple(one.name for one in stated), [one.record[slot] for one in stated]
        yield _Column(derivation.scope, "", f".{fact.partition('.')[2]}", kind, names, values)


def _tested(decision: Decision, *, every: bool) -> Iterator[_Column]:
    """Yield how requirements, options and advice turned out, where that can be an output; else `None`."""
    for requirement, subjects, found in decision.context.tested if decision.outcome == "decided" else ():
        art = requirement.item.model.art
        if every or art == "kann":
            words = {truths: _word(requirement, *truths) for truths in set(found)}
            names = tuple(subject.name for subject in subjects)
            before = f"{_PLACES[art]}.{requirement.id}."
            yield _Column(requirement.scope, before, "", "", names, [words[truths] for truths in found])


def _word(requirement: Requirement, applies: Truth, holds: Truth) -> str | None:
    art, verdict = requirement.item.model.art, CONTRIBUTIONS[requirement.art, applies, holds]
    if art in ("kann", "hinweis"):
        idle = applies is False or (art == "hinweis" and verdict is Verdict.NO)
    else:
        idle = verdict is Verdict.YES
    return None if idle else verdict.value


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
    yield "outcome", sentence(f"outcomes.{decision.outcome}").in_(lang)
    if decision.verdict is not None:
        yield "verdict", _answer(decision, decision.verdict).in_(lang)
    for derivation, subject in decision.context.results() if decision.derived else ():
        value = decision.context.value(derivation.fact, subject)
        shown = OPEN.in_(lang) if value is None else value_phrase(value, decision.context, derivation.fact, lang)
        yield subject.path(derivation.fact), shown
    yield from ((_path(reason), reason.outcome(lang)) for reason in decision.examined)
    yield from ((_duty_path(one), written_day(one.due, lang) if one.due else OPEN.in_(lang)) for one in decision.duties)


def _answer(decision: Decision, verdict: Verdict) -> Text:
    """Return a verdict in the words that answer the question in short."""
    own = {Verdict.YES: decision.asked.ja_kurz, Verdict.NO: decision.asked.nein_kurz}.get(verdict)
    if own is not None:
        return own.text
    return _VERDICT_WORDS.get(verdict) or outcome_word(decision.regulation, "ermessen", verdict)


def _path(reason: Reason) -> str:
    return f"{_PLACES[reason.art]}.{reason.rule}.{reason.subject}"


def _duty_path(duty: Owed) -> str:
    return f"{DUTIES}{duty.id}{f'.{duty.year}' if duty.year is not None else ''}"


class Attribution:
    """To which operations what changes in one case is attributed.

    `differing` returns what differs from its decision in that without the operations it is given.
    """

    def __init__(
        self,
        law: Regulation,
        operations: Sequence[OperationId],
        differing: Callable[[frozenset[OperationId]], Differences],
    ) -> None:
        self.operations = operations
        self._dependants = dependants(law)
        self._differing = cache(differing)
        self._without = cache(self._taken_back)
        self._effects = cache(self._changed_paths)

    def _taken_back(self, gone: frozenset[OperationId]) -> Differences:
        return self._differing(frozenset(other for operation in gone for other in self._dependants[operation]))

    def _changed_paths(self, gone: frozenset[OperationId]) -> dict[OperationId, set[str]]:
        """Return, for each operation that is left, the paths that change when it is taken back as well."""
        before = self._without(gone) if gone else {}
        found: dict[OperationId, set[str]] = {}
        for operation in self.operations:
            if operation not in gone:
                other = self._without(gone | {operation})
                found[operation] = {
                    path for path in {*before, *other} if _value(before, other, path) != _value(other, before, path)
                }
        return found

    @cached_property
    def several(self) -> tuple[str, ...]:
        """The paths whose value more than one operation changes."""
        counts = Counter(path for paths in self._effects(frozenset()).values() for path in paths)
        return tuple(path for path, count in counts.items() if count > 1)

    def value(self, path: str) -> Json:
        """Return the value at a path that an operation changes."""
        return next(self._without(frozenset({o}))[path][0] for o, p in self._effects(frozenset()).items() if path in p)

    def causes(self, path: str) -> tuple[OperationId, ...]:
        """Return the operations that change the value at a path, each taken back alone."""
        return tuple(operation for operation, paths in self._effects(frozenset()).items() if path in paths)

    def complete(self, causes: tuple[OperationId, ...], path: str, old: Json, new: Json) -> tuple[OperationId, ...]:
        """Return the causes with those that they hide, until taking all of them back gives the old value."""
        while causes and self._without(frozenset(causes)).get(path, (new, new))[1] != old:
            hidden = tuple(o for o, paths in self._effects(frozenset(causes)).items() if path in paths)
            if not hidden:
                break
            causes += hidden
        return causes


def _value(these: Differences, others: Differences, path: str) -> Json:
    """Return the value at a path where some things differ; it is as it was where only others do."""
    return these[path][1] if path in these else others[path][0]


@lru_cache(maxsize=8)
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
    did = sentence(f"operations.{model.op}").in_(lang)
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
    old, new = (as_written(constant_phrase(value, unit, lang)) for value in (model.alt, model.neu))
    return f"{title}: {did} ({old} {Text('durch', 'by').in_(lang)} {new})"
