"""What if a case stated other facts: the verdict, and which requirements would turn out otherwise."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from vwv_im.decision.context import Context
from vwv_im.decision.result import Result
from vwv_im.decision.time_limit import check_time_limit
from vwv_im.lang import CONTRIBUTIONS, FOLDED, Verdict
from vwv_im.lang.truth import conjunction
from vwv_im.reasoning.revision import NotFollowedError, Revision

About = tuple[str, str]
"""A requirement, and the name of what it is about."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What would be found: the verdict, `None` where the facts contradict each other, and what was worked out anew."""

    verdict: Verdict | None
    requirements: Mapping[About, Verdict]


class WhatIf:
    """A decision of which facts are changed, one change at a time. Not for several threads at once.

    Facts of one record are followed to what rests on them; with those of several, and where a series would have other
    entries, the whole case is decided anew.
    """

    decision: Result
    context: Context

    def __init__(self, decision: Result) -> None:
        self.decision, self.context = decision, decision.context
        self._revision = Revision(self.context.direct, self.context.evaluation)
        found = ((one, subject.name, truths) for one, subject, truths in self.context.findings())
        self._verdicts = {(one.id, name): CONTRIBUTIONS[one.art, *t] for one, name, t in found if one.art in FOLDED}
        self._counts = Counter(self._verdicts.values())
        self._numbers = {
            subject.name: (scope, number)
            for scope in self.context.plan.scopes
            for number, subject in enumerate(self.context.subjects(scope))
            if subject.stated
        }

    def otherwise(self, changes: Mapping[str, Any]) -> Otherwise:
        """Return what would be found with facts changed: their paths, each with its new value."""
        check_time_limit()
        facts = {path: self.context.vocabulary.fact_at(path) for path in changes}
        stated = {fact.path: changes[path] for path, fact in facts.items() if fact is not None}
        names = {fact.home(path) for path, fact in facts.items() if fact is not None}
        record = self._numbers.get(names.pop()) if len(names) == 1 and len(stated) == len(changes) else None
        with suppress(NotFollowedError):
            if record is not None:
                return self._revised(*record, stated)
        return self._anew(changes)

    def _revised(self, scope: str, number: int, stated: Mapping[str, Any]) -> Otherwise:
        revised, counts = self._revision.revised(scope, number, stated), self._counts.copy()
        found = dict[About, Verdict]()
        for (one, index), truths in revised.findings.items():
            requirement = self.context.plan.requirements[one]
            if requirement.art in FOLDED:
                about = requirement.id, self.context.subjects(requirement.scope)[index].name
                found[about] = CONTRIBUTIONS[requirement.art, *truths]
                counts[self._verdicts[about]] -= 1
                counts[found[about]] += 1
        verdict = None if revised.contradicted else conjunction(one for one, count in counts.items() if count)
        return Otherwise(verdict, found)

    def _anew(self, changes: Mapping[str, Any]) -> Otherwise:
        other = self.decision.with_changes(changes)
        return Otherwise(other.verdict, {(one.rule, one.subject): one.verdict for one in other.reasons})
