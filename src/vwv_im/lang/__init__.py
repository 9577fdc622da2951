"""The rule language: its nodes, the one table of comparisons and operations, the one fold."""

from vwv_im.lang.checking import Report
from vwv_im.lang.fold import atoms_of, facts_of, parameters_of, readings_of
from vwv_im.lang.nodes import READING, Atom, Compute, Condition, Constant, Every, Expression, Form, Over, Row, Some
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Comparator, Operation
from vwv_im.lang.truth import (
    CONTRIBUTIONS,
    FOLDED,
    OPTIONS,
    SOFTENED,
    WEAKEST_FIRST,
    Art,
    Truth,
    Verdict,
    contribution,
    verdict_of,
)
from vwv_im.lang.types import DAY, FactKind, FactType

__all__ = [
    "COMPARISONS", "CONTRIBUTIONS", "DAY", "FOLDED", "OPERATIONS", "OPTIONS", "READING", "SOFTENED", "WEAKEST_FIRST",
    "Art", "Atom", "Comparator", "Compute", "Condition", "Constant", "Every", "Expression", "FactKind",
    "FactType", "Form", "Operation", "Over", "Report", "Row", "Some", "Truth", "Verdict", "atoms_of",
    "contribution", "facts_of", "parameters_of", "readings_of", "verdict_of",
]  # fmt: skip
