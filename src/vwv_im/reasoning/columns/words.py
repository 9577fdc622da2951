"""Words as numbers: every value of an enumeration has one number, lists of values are sets of bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import or_

import polars as pl

from vwv_im.case import FACTS, Fact
from vwv_im.lang.fold import nodes
from vwv_im.lang.nodes import Constant
from vwv_im.lang.types import FactType
from vwv_im.reasoning.columns.flow import joined
from vwv_im.reasoning.plan import Plan

STATED_WORDS = tuple(dict.fromkeys(word for fact in FACTS.values() for word in fact.values))
CODE = pl.UInt8
BITS = pl.UInt32


class Words:
    """The words of a plan: first those that a case may state, then those of the rules, then the readings followed."""

    def __init__(self, plan: Plan, readings: Iterable[str]) -> None:
        derived = [word for kind in plan.types.values() for word in kind.values]
        constants = [node.value for node in nodes(*plan.roots()) if isinstance(node, Constant)]
        written = [value for value in constants if isinstance(value, str)]
        self.all = tuple(dict.fromkeys([*STATED_WORDS, *derived, *written, *readings]))
        self._codes = {word: code for code, word in enumerate(self.all)}

    def code(self, word: str) -> int:
        """Return the number of a word."""
        return self._codes[word]

    def spelled(self, code: pl.Expr, values: Sequence[str]) -> pl.Expr:
        """Return the words of a column of numbers, as an enumeration of `values`."""
        return code.cat.to(pl.Enum(self.all)).cast(pl.Enum(values))


def bits_of(words: Iterable[str], kind: FactType | Fact) -> int:
    """Return the bits that stand for a set of values of an enumeration.

    >>> bits_of(["eigen", "landkreis"], FACTS["antrag.durchfuehrung"])
    5
    """
    known = {word: bit for bit, word in enumerate(kind.values)}
    return sum(1 << known.get(word, len(known)) for word in set(words))


def as_bits(column: pl.Expr, kind: Fact) -> pl.Expr:
    """Return a column of lists of words as a column of bits.

    There are as many bits as words just if every word is one of `kind`, and none stands there twice: a sum of powers
    of two has that many bits only if they differ.
    """
    bits = [
        pl.when(pl.element() == word).then(pl.lit(1 << bit, BITS)).otherwise(pl.lit(0, BITS))
        for bit, word in enumerate(kind.values)
    ]
    return column.list.eval(joined(or_, bits)).list.sum().cast(BITS)
