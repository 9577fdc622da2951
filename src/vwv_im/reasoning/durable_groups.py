"""What durable-rules is given to match: conditions as groups of rules over literals, in plain JSON.

A literal is one comparison of the plan; the engine never sees what is compared, only `{"l17": 1}` where it holds.
One message carries the guard of its group and the literals that hold, so that only the rules of its group can fire.
The limits of the engine, which it reports case by case or not at all, are checked here for all cases at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

from vwv_im.lang import Atom, Condition, Every, Some, atoms_of
from vwv_im.reasoning.plan import Plan

START = "start"
SIDS = tuple(f"s{number}" for number in range(64))
IDS = tuple(f"m{number}" for number in range(256))

MOST_ALTERNATIVES = 40  # of the 64 conditions that may match at one level of the engine for one message
MOST_LITERALS = 240  # of the 252 properties a message may have
MOST_NODES = 15
MOST_WAYS = 64  # a rule fires once for each way in which its condition holds
MOST_GROUPS = 250
MOST_RULES = 4000

_ENGINE_WORDS = (
    *("id", "sid", "$s", "all", "any", "pri", "count", "cap", "dist", "name", "$m", "$i", "$l", "$r", "$forward"),
    *("$and", "$or", "$eq", "$neq", "$lt", "$lte", "$gt", "$gte", "$ex", "$nex", "$mt", "$imt", "$iall", "$iany"),
    *("$add", "$sub", "$mul", "$div"),
)


class EngineLimitError(ValueError):
    """A plan does not fit durable-rules; the message says which limit it exceeds."""


@dataclass(slots=True)
class Group:
    """Conditions of one stage and scope that one message decides.

    `literals` gives the atom for each literal, `rules` the condition for each rule, both by name.
    """

    stage: int
    scope: str
    guard: str
    literals: dict[str, Atom] = field(default_factory=dict)
    rules: dict[str, Condition] = field(default_factory=dict)
    alternatives: int = 0


class _Size(NamedTuple):
    """How much room a condition takes in the engine.

    `nodes`: its conjunctions and disjunctions; `alternatives`: how much of it can match at one level at once; `ways`:
    in how many ways it can hold.
    """

    nodes: int
    alternatives: int
    ways: int


class Groups:
    """The conditions of a plan, each once, in groups that fit the engine.

    Raises `EngineLimitError` where one does not fit.
    """

    def __init__(self, plan: Plan) -> None:
        self._groups: list[Group] = []
        self._literals: dict[tuple[str, Atom], str] = {}
        self._rules: dict[tuple[str, Condition], str] = {}
        for stage, scope, condition in _conditions(plan):
            if (scope, condition) not in self._rules:
                self._add(stage, scope, condition)
        _refuse(len(self._groups) > MOST_GROUPS, f"{len(self._groups)} groups, at most {MOST_GROUPS}")
        _refuse(len(self._rules) > MOST_RULES, f"{len(self._rules)} conditions, at most {MOST_RULES}")
        guards = (group.guard for group in self._groups)
        refuse_collisions("property names", [*_ENGINE_WORDS, START, *guards, *self._literals.values()])

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups by stage."""
        return iter(sorted(self._groups, key=lambda group: group.stage))

    def rule(self, scope: str, condition: Condition) -> str:
        """Return the name of the rule that fires where the condition holds."""
        return self._rules[scope, condition]

    def definitions(self) -> dict[str, dict[str, Any]]:
        """Return the rules as durable-rules reads them, without their actions: JSON, new at each call."""
        rules: dict[str, dict[str, Any]] = {START: {"all": [{"m": {START: 1}}]}}
        for group in self._groups:
            for name, condition in group.rules.items():
                parts = condition.parts if isinstance(condition, Every) else (condition,)
                tests = [self._expression(group.scope, part) for part in parts]
                rules[name] = {"all": [{"m": {"$and": [{group.guard: 1}, *tests]}}]}
        return rules

    def _expression(self, scope: str, condition: Condition) -> dict[str, Any]:
        match condition:
            case Atom():
                return {self._literals[scope, condition]: 1}
            case Every(parts=parts):
                return {"$and": [self._expression(scope, part) for part in parts]}
            case Some(parts=parts):
                return {"$or": [self._expression(scope, part) for part in parts]}

    def _add(self, stage: int, scope: str, condition: Condition) -> None:
        atoms = tuple(dict.fromkeys(atoms_of(condition)))
        size = _checked_size(condition, len(atoms))
        for atom in atoms:
            self._literals.setdefault((scope, atom), f"l{len(self._literals)}")
        literals = {self._literals[scope, atom]: atom for atom in atoms}
        group = self._group(stage, scope, size, literals)
        group.literals |= literals
        group.alternatives += size.alternatives
        self._rules[scope, condition] = name = f"r{len(self._rules)}"
        group.rules[name] = condition

    def _group(self, stage: int, scope: str, size: _Size, literals: dict[str, Atom]) -> Group:
        """Return a group with room, or a new one."""
        for group in self._groups:
            if (
                (group.stage, group.scope) == (stage, scope)
                and group.alternatives + size.alternatives <= MOST_ALTERNATIVES
                and len(group.literals | literals) <= MOST_LITERALS
            ):
                return group
        self._groups.append(Group(stage, scope, f"g{len(self._groups)}"))
        return self._groups[-1]


def _size(condition: Condition) -> _Size:
    if isinstance(condition, Atom):
        return _Size(0, 1, 1)
    _refuse(not condition.parts, "a conjunction or disjunction without parts")
    sizes = [_size(part) for part in condition.parts]
    nodes = 1 + sum(size.nodes for size in sizes)
    if isinstance(condition, Every):
        return _Size(nodes, 1 + sum(size.alternatives - 1 for size in sizes), prod(size.ways for size in sizes))
    return _Size(nodes, sum(size.alternatives for size in sizes), sum(size.ways for size in sizes))


def _checked_size(condition: Condition, literals: int) -> _Size:
    """Return the size of a condition as a rule has it: in one conjunction with its guard."""
    size = _size(condition)
    nodes = size.nodes + (not isinstance(condition, Every))
    _refuse(nodes > MOST_NODES, f"{nodes} conjunctions and disjunctions in one condition, at most {MOST_NODES}")
    _refuse(literals > MOST_LITERALS, f"{literals} comparisons in one condition, at most {MOST_LITERALS}")
    over = size.alternatives > MOST_ALTERNATIVES
    _refuse(over, f"{size.alternatives} alternatives in one condition, at most {MOST_ALTERNATIVES}")
    _refuse(size.ways > MOST_WAYS, f"{size.ways} ways in which one condition can hold, at most {MOST_WAYS}")
    return size


def _conditions(plan: Plan) -> Iterator[tuple[int, str, Condition]]:
    """Yield stage, scope and every condition of a plan; requirements and named conditions come after all stages."""
    last = len(plan.stages)
    forms: list[tuple[int, str, Any]] = [(one.stage, one.scope, one.form) for one in plan.derivations]
    forms += [(last, one.scope, form) for one in plan.requirements for form in (one.applies, one.condition)]
    forms += [(last, one.scope, one.condition) for one in plan.named]
    for stage, scope, form in forms:
        parts = [row.condition for row in form] if isinstance(form, tuple) else [form]
        yield from ((stage, scope, part) for part in parts if isinstance(part, Atom | Every | Some))


def _refuse(fault: bool, words: str) -> None:
    if fault:
        raise EngineLimitError(f"the plan does not fit durable-rules: {words}")


def refuse_collisions(what: str, names: Iterable[str]) -> None:
    """Refuse names that durable-rules would take for each other: it knows a name by a hash of 32 bits only.

    >>> refuse_collisions("sessions", ["fall-149599", "fall-312382"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    vwv_im.reasoning.durable_groups.EngineLimitError: ...'fall-149599' and 'fall-312382' have the same hash
    """
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(fnv1a(name), name)
        _refuse(other is not name, f"{what} '{other}' and '{name}' have the same hash")


def fnv1a(name: str) -> int:
    """Return the FNV-1a hash of 32 bits by which durable-rules knows a name.

    >>> fnv1a("sid")
    3593476751
    """
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value
