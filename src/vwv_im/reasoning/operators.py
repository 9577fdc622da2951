"""The table of operators: how each compares, and what its negation is called. The one place that compares values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Comparison = Callable[[Any, Any], bool]


class Operator(NamedTuple):
    """How an operator compares the stated with the required value, and the name of its negation."""

    compare: Comparison
    negation: str


def _contains(stated: Any, required: Any) -> bool:
    return required in stated


def _lacks(stated: Any, required: Any) -> bool:
    return required not in stated


def _within(stated: Any, required: Any) -> bool:
    return stated in required


def _without(stated: Any, required: Any) -> bool:
    return stated not in required


OPERATORS: Mapping[str, Operator] = {
    "ist": Operator(operator.eq, "ist_nicht"),
    "ist_nicht": Operator(operator.ne, "ist"),
    "in": Operator(_within, "nicht_in"),
    "nicht_in": Operator(_without, "in"),
    "enthaelt": Operator(_contains, "enthaelt_nicht"),
    "enthaelt_nicht": Operator(_lacks, "enthaelt"),
    "mindestens": Operator(operator.ge, "weniger_als"),
    "weniger_als": Operator(operator.lt, "mindestens"),
    "hoechstens": Operator(operator.le, "mehr_als"),
    "mehr_als": Operator(operator.gt, "hoechstens"),
    "vor": Operator(operator.lt, "nicht_vor"),
    "nicht_vor": Operator(operator.ge, "vor"),
    "nach": Operator(operator.gt, "nicht_nach"),
    "nicht_nach": Operator(operator.le, "nach"),
}
