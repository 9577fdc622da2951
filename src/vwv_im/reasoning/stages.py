"""In which order facts are derived, and the entries of series made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vwv_im.case.vocabulary import FIRST, Step, Vocabulary, scope_of
from vwv_im.lang import Expression, Form, Over
from vwv_im.lang.fold import facts_of, nodes

Days = tuple[tuple[Expression, ...], Step]
"""The first and last day of a series and those at which it is cut, and its steps."""


@dataclass
class Stages:
    """When each fact can be derived, and the entries of each series be made: after all that it reads."""

    forms: Mapping[str, Form]
    series: Mapping[str, Days]
    vocabulary: Vocabulary
    known: dict[str, int] = field(default_factory=dict)

    def of(self, fact: str) -> int:
        """Return the stage of a fact; what is stated comes before all stages."""
        if fact not in self.known:
            scope = scope_of(fact)
            if fact in self.forms:
                form = self.forms[fact]
                summed = {node.scope for node in nodes(form) if isinstance(node, Over)}
                lists = summed.union(self.vocabulary.above(scope)).intersection(self.series)
                read = {*facts_of(form), *(f"{one}.{FIRST}" for one in lists)}
                self.known[fact] = 1 + max(map(self.of, read), default=-1)
            else:
                self.known[fact] = self.of_series(scope) if scope in self.series else -1
        return self.known[fact]

    def of_series(self, scope: str) -> int:
        """Return the stage after which the entries of a series are there."""
        return 1 + max(map(self.of, facts_of(*self.series[scope][0])), default=-1)
