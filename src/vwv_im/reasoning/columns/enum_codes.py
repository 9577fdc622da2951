"""Words as numbers: every value of an enumeration has one number, lists of values are sets of bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import or_

import polars as pl

from vwv_im.case.vocabulary import Fact, Vocabulary
from vwv_im.lang.fold import constants_of
from vwv_im.lang.types import FactType
from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError
from vwv_im.reasoning.columns.schedule import join_balanced
from vwv_im.reasoning.plan import Plan

CODE = pl.UInt8
BITS = pl.UInt32
_MOST_WORDS, _MOST_BITS = 255, 31


@lru_cache(maxsize=16)
def stated_codes(vocabulary: Vocabulary) -> dict[str, int]:
    """Return the words that a case may state, each with its number, which is the same in every plan."""
    words = dict.fromkeys(word for fact in vocabulary.facts.values() for word in fact.values)
    return {word: code for code, word in enumerate(words)}


class EnumCodes:
    """The words of a plan: first those that a case may state, then those of the rules, then the readings followed."""

    def __init__(self, plan: Plan, readings: Iterable[str]) -> None:
        derived = [word for kind in plan.types.values() for word in kind.values]
        constants = [node.value for node in constants_of(*plan.roots())]
        written = [value for value in constants if isinstance(value, str)]
        self.all = tuple(dict.fromkeys([*stated_codes(plan.vocabulary), *derived, *written, *readings]))
        if len(self.all) > _MOST_WORDS:
            raise NotInColumnsError(f"{len(self.all)} words")
        self._codes = {word: code for code, word in enumerate(self.all)}

    def code(self, word: str) -> int:
        """Return the number of a word."""
        return self._codes[word]

    def decode(self, code: pl.Expr, values: Sequence[str]) -> pl.Expr:
        """Return the words of a column of numbers, as an enumeration of `values`."""
        return code.cat.to(pl.Enum(self.all)).cast(pl.Enum(values))


def bits_of(words: Iterable[str], kind: FactType | Fact) -> int:
    """Return the bits that stand for a set of values of an enumeration.

    >>> bits_of(["rot", "blau"], FactType("auswahlliste", values=("rot", "gelb", "blau")))
    5
    """
    if len(kind.values) > _MOST_BITS:
        raise NotInColumnsError(f"a list of {len(kind.values)} words")
    known = {word: bit for bit, word in enumerate(kind.values)}
    return sum(1 << known.get(word, len(known)) for word in set(words))


def as_bits(column: pl.Expr, kind: Fact) -> pl.Expr:
    """Return a column of lists of words as a column of bits.

    There are as many bits as words just if every word is one of `kind`, and none stands there twice: a sum of powers
    of two has that many bits only if they differ.
    """
    bits = [
        pl.when(pl.element() == word).then(pl.lit(bits_of([word], kind), BITS)).otherwise(pl.lit(0, BITS))
        for word in kind.values
    ]
    return column.list.eval(join_balanced(or_, bits)).list.sum().cast(BITS)
