"""Changing a case fact by fact: the values worth trying, and setting them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from vwv_im.case import CasePart
from vwv_im.case.fields import FIRST_DAY, LAST_DAY, exact
from vwv_im.case.vocabulary import Fact, Vocabulary
from vwv_im.lang import Constant, atoms_of
from vwv_im.reasoning.plan import Plan

C = TypeVar("C", bound=CasePart)

_DAY = timedelta(days=1)
_DAYS = (date(1990, 1, 1), date(2100, 1, 1))
_SMALL_STEP = Decimal("0.01")
_ANOTHER_TEXT = "andere Angabe"


def values_worth_trying(plan: Plan, fact: Fact) -> tuple[Any, ...]:
    """Return values of a fact between which some condition of the plan may turn.

    All values of an enumeration; for numbers and days those that the plan compares with, their neighbours and extremes.
    """
    if fact.type == "auswahl":
        return fact.values
    if fact.type == "auswahlliste":
        return (*((value,) for value in fact.values), fact.values)
    if fact.type == "wahrheitswert":
        return (True, False)
    if fact.choice is not None:
        return fact.choice.names[:2]
    if fact.type == "text":
        return () if fact.spelling is not None else (fact.other or _ANOTHER_TEXT,)
    kind = int if fact.type == "ganzzahl" else Decimal
    extremes: tuple[Any, Any] = _DAYS if fact.limits is None else (kind(0), kind(fact.limits.maximum))
    near = (near for value in _constants(plan, fact) for near in _near(value, fact))
    return tuple(sorted({*extremes, *(value for value in near if _may_be_stated(value, fact))}))


def _may_be_stated(value: Any, fact: Fact) -> bool:
    """Whether a case may state a number or day: rules may ask for what no case can have."""
    if fact.limits is None:
        return bool(FIRST_DAY <= value <= LAST_DAY)
    try:
        exact(value, maximum=fact.limits.maximum, places=fact.limits.places)
    except PydanticCustomError:
        return False
    return True


def texts_stated(vocabulary: Vocabulary, case: CasePart, like: Fact) -> tuple[str, ...]:
    """Return the texts that a case states and that a fact may be as well; each once."""
    leaves = ((vocabulary.fact_at(path), value) for path, value in _leaves(data_of(case)))
    alike = (value for fact, value in leaves if fact and not fact.private and fact.kind == like.kind)
    return tuple(sorted({value for value in alike if like.choice is None or value in like.choice.names}))


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list) and node and isinstance(node[0], dict):
        for number, value in enumerate(node):
            yield from _leaves(value, f"{path}[{number}]")
    elif node != []:
        yield path, node


def _constants(plan: Plan, fact: Fact) -> Iterator[Any]:
    """Yield the constants of the same type and unit that the plan compares facts with."""
    conditions = (part for requirement in plan.requirements for part in (requirement.condition, requirement.applies))
    for node in atoms_of(*(derivation.form for derivation in plan.derivations), *conditions):
        if isinstance(node.operand, Constant):
            value, kind = node.operand.value, plan.types.get(node.fact)
            same_unit = kind is not None and kind.unit == fact.unit
            if (
                (same_unit and isinstance(value, date) and fact.type == "datum")
                or (same_unit and isinstance(value, Decimal) and fact.type == "dezimal")
                or (node.fact == fact.path and isinstance(value, int) and not isinstance(value, bool))
            ):
                yield value


def _near(value: Any, fact: Fact) -> tuple[Any, ...]:
    if isinstance(value, date):
        return (value - _DAY, value, value + _DAY) if FIRST_DAY <= value <= LAST_DAY else ()
    if isinstance(value, Decimal):
        return value - max(_SMALL_STEP, Decimal(1).scaleb(-(fact.limits.places if fact.limits else 0))), value
    return value - 1, value


def with_changes(case: C, changes: Mapping[str, Any]) -> C:
    """Return the case with facts set; parts that are not there yet are made."""
    data = data_of(case)
    for path, value in changes.items():
        set_at(data, path, value)
    return type(case).model_validate(data)


def data_of(case: CasePart) -> dict[str, Any]:
    """Return a case as data that may be changed: lists instead of tuples, nothing that is unknown."""
    data: dict[str, Any] = _as_mutable(case.model_dump(exclude_none=True))
    return data


def _as_mutable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_mutable(inner) for key, inner in value.items()}
    return [_as_mutable(inner) for inner in value] if isinstance(value, tuple | list) else value


def set_at(data: dict[str, Any], path: str, value: Any) -> None:
    """Set a value in the data of a case; parts that are not there yet are made."""
    _set_below(data, keys_of(path), value)


def _set_below(node: Any, keys: Sequence[str | int], value: Any) -> None:
    key, *rest = keys
    if isinstance(node, list) and isinstance(key, int):
        node += [{} for _ in range(key + 1 - len(node))]
    if not rest:
        node[key] = value
        return
    if isinstance(node, dict) and node.get(key) is None:
        node[key] = [] if isinstance(rest[0], int) else {}
    _set_below(node[key], rest, value)


def keys_of(path: str) -> list[str | int]:
    """Return the names and numbers that a path is made of."""
    return [int(word) if word.isdigit() else word for word in re.findall(r"\w+", path)]


def value_at(case: CasePart, path: str) -> Any:
    """Return what the case states at a path; `None` where it states nothing."""
    node: Any = case
    for key in keys_of(path):
        if node is None:
            return None
        node = node[key] if isinstance(key, int) else getattr(node, key)
    return node
