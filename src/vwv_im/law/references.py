"""What a condition, computation or item refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vwv_im.law import condition as c
from vwv_im.law.base import RuleModel


def reads(model: Any) -> set[str]:
    """Return the paths of all facts that a condition, computation or item reads."""
    return {node.fakt for node in walk(model) if isinstance(node, c.Atom | c.FactRef)}


def parameters(model: Any) -> set[str]:
    """Return the names of all parameters that a condition, computation or item uses."""
    return {node.parameter for node in walk(model) if isinstance(node, c.ParameterRef)}


def walk(node: Any) -> Iterator[Any]:
    """Yield `node` and every model below it."""
    if isinstance(node, tuple):
        for part in node:
            yield from walk(part)
    elif isinstance(node, RuleModel):
        yield node
        for name in type(node).model_fields:
            yield from walk(getattr(node, name))
