"""What a decision says, as terms of the solver and as the corpus writes it; and when two decisions differ."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import z3

from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.decision import Decision
from vwv_im.decision.reason import Reason
from vwv_im.lang import FOLDED, OPTIONS, SOFTENED, WEAKEST_FIRST, Form, Over, Verdict
from vwv_im.lang.fold import facts_of, nodes
from vwv_im.lang.truth import ALL, ANY
from vwv_im.reasoning.plan import Derivation, Duty, Plan, Requirement
from vwv_im.review.corpus import by_rule, mismatches
from vwv_im.review.proofs import terms
from vwv_im.review.proofs.search import Reader
from vwv_im.review.proofs.symbolic_case import Place, SymbolicCase
from vwv_im.review.proofs.terms import FALSE, TRUE, Day, Finite, Known, Number, RefusedError, Truth, every, negate, some
from vwv_im.review.proofs.translation import Translation

Path = tuple[str, str, Place]
"""What of a decision: its kind (verdict, derived, options, hints, duties), its name, and of which entry of a list."""
VERDICT: Path = ("verdict", "", Place(""))


@dataclass(frozen=True, slots=True)
class Output:
    """One thing a decision says: where it is said, and what; `definite` where it is more than an open point."""

    value: Known
    definite: z3.BoolRef


def contribution(requirement: Requirement, applies: Truth, holds: Truth) -> Finite:
    """Return what a requirement contributes to the verdict; for `kann` and `hinweis` whether it is in question."""
    folded, softened = requirement.art in FOLDED, SOFTENED.get(requirement.art)
    met = terms.join(ANY, (terms.invert(applies), holds)) if folded else terms.join(ALL, (applies, holds))
    options = ((Verdict.YES, met.yes), (Verdict.NO, met.no), (Verdict.OPEN, negate(some((met.yes, met.no)))))
    return terms.merge_options((Verdict.DISCRETION if one is softened else one, when) for one, when in options)


def value_is(value: Finite, wanted: str) -> z3.BoolRef:
    """Return when a value is the one wanted."""
    return some(condition for option, condition in value.options if option == wanted)


class SymbolicDecision:
    """The terms of a decision: every output that an act can change; `refused` are those that terms cannot say."""

    plan: Plan
    case: SymbolicCase

    def __init__(self, translation: Translation) -> None:
        self.translation = translation
        self.plan, self.case = translation.plan, translation.case
        self.refused: dict[Path, RefusedError] = {}

    @cached_property
    def contradictory(self) -> z3.BoolRef:
        """When the case contradicts itself, so that nothing is decided."""
        return self.translation.contradicted()

    def findings(self, requirement: Requirement) -> Iterator[tuple[Place, z3.BoolRef, Truth, Finite]]:
        """Yield each place where it is examined: when it is, whether it applies there, what it contributes."""
        return (self.finding(requirement, place) for place in self.case.places(requirement.scope))

    def finding(self, requirement: Requirement, place: Place) -> tuple[Place, z3.BoolRef, Truth, Finite]:
        """Return what is found of a requirement in one place."""
        test, live = self.translation.test, self.case.live(place)
        applies = test(requirement.applies, place)
        return place, live, applies, contribution(requirement, applies, test(requirement.condition, place))

    @cached_property
    def verdict(self) -> Finite:
        """The verdict of the whole: the weakest contribution."""
        folded = (requirement for requirement in self.plan.requirements if requirement.art in FOLDED)
        found = [(live, value) for one in folded for _, live, _, value in self.findings(one)]
        options, before = [], TRUE
        *weak, best = WEAKEST_FIRST
        for result in weak:
            here = some(every((live, value_is(value, result))) for live, value in found)
            options.append((result, every((before, here))))
            before = every((before, negate(here)))
        return terms.merge_options([*options, (best, before)])

    @cached_property
    def outputs(self) -> Mapping[Path, Output]:
        """What is decided of a case that does not contradict itself, as far as terms can say it."""
        found: dict[Path, Output] = {}
        for path, work in self._works():
            try:
                found[path] = work()
            except RefusedError as error:
                self.refused[path] = error
        return found

    def rests_on(self, path: Path) -> tuple[Any, ...]:
        """Return all that a part of a decision is worked out by."""
        top = self.plan.top
        about: dict[str, tuple[Any, ...]] = {one.fact: (one.scope, one.form) for one in self.plan.derivations}
        about |= {one.id: (one.scope, one.applies, one.condition, one.art) for one in self.plan.requirements}
        about |= {one.id: (top, one.applies, one.day, one.item.model.faellig) for one in self.plan.duties}
        scope, *forms = about.get(path[1], (top,))
        return forms, dependencies(self.plan, scope, *forms[:2])

    def _works(self) -> Iterator[tuple[Path, Callable[[], Output]]]:
        yield VERDICT, lambda: Output(Known(TRUE, self.verdict), negate(value_is(self.verdict, "open")))
        for derivation in self.plan.derivations:
            if not derivation.item.model.zwischenwert:
                for place in self.case.candidate_places(derivation.scope):
                    yield ("derived", derivation.fact, place), partial(self._derived, derivation, place)
        for requirement in self.plan.requirements:
            if requirement.art not in FOLDED:
                kind = "options" if requirement.art in OPTIONS else "hints"
                for place in self.case.candidate_places(requirement.scope):
                    yield (kind, requirement.id, place), partial(self._beside, requirement, place)
        for duty in self.plan.duties:
            yield ("duties", duty.id, self.case.top), partial(self._duty, duty)

    def _derived(self, derivation: Derivation, place: Place) -> Output:
        value = self.translation.fact(derivation.fact, place)
        known = every((value.known, self.case.is_listed(place)))
        return Output(Known(known, value.value), known)

    def _beside(self, requirement: Requirement, place: Place) -> Output:
        _, live, applies, value = self.finding(requirement, place)
        said = every((live, negate(applies.no)))
        if requirement.art == "hinweis":
            said = every((said, negate(value_is(value, "no"))))
        definite = some((negate(said), value_is(value, "discretion" if requirement.art == "kann" else "yes")))
        return Output(Known(said, value), definite)

    def _duty(self, duty: Duty) -> Output:
        due = self._due(duty)
        standing = [self.translation.test(one.condition, self.case.top).yes for one in self.plan.of_kind("bestand")]
        kept = some((negate(value_is(self.verdict, "no")), every(standing)))
        exists = every((due.known, kept, negate(self.translation.test(duty.applies, self.case.top).no)))
        named = TRUE if duty.day is None else self.translation.due(duty).known
        named = every(
            (named, TRUE if duty.start is None else self.translation.expression(duty.start, self.case.top).known)
        )
        return Output(Known(exists, due.value), some((negate(exists), named)))

    def _due(self, duty: Duty) -> Known:
        """Return the day a duty is due or, where it returns every year, the last year, 0 where it is open."""
        model, day = duty.item.model, self.translation.due(duty)
        yearly = None if model.faellig is None else model.faellig.jaehrlich
        if yearly is not None:
            start = None if duty.start is None else self.translation.expression(duty.start, self.case.top)
            begun = TRUE if start is None else start.known
            last = self._last_year(begun, day)
            first = start.value.month / 12 if start is not None and isinstance(start.value, Day) else last.term
            reported = every((last.term >= yearly.erstes_berichtsjahr, last.term >= first))
            return Known(some((reported, last.term == 0)), last)
        if day.value is None or not isinstance(day.value, Day):
            return terms.constant("offen")
        nothing = Day(z3.IntVal(0), z3.IntVal(0))
        return terms.select([(day.known, day), (negate(day.known), Known(TRUE, nothing))])

    def _last_year(self, begun: z3.BoolRef, until: Known) -> Number:
        known = every((begun, until.known))
        cases = [(negate(known), Known(TRUE, Number(z3.IntVal(0))))]
        if isinstance(until.value, Day):
            cases.insert(0, (known, Known(TRUE, Number(until.value.month / 12))))
        last = terms.select(cases).value
        assert isinstance(last, Number)
        return last


def dependencies(plan: Plan, scope: str, *roots: Form | None) -> Mapping[str, tuple[Form, ...]]:
    """Return what some forms of a scope rest on: by their names facts with their forms, and series with their days."""
    known: dict[str, tuple[Form, ...]] = {fact: (one.form,) for fact, one in plan.producers.items()}
    known |= {one.scope: one.days for one in plan.series}
    found: dict[str, tuple[Form, ...]] = {}
    names, todo = set(plan.vocabulary.above(scope)), list(roots)
    while names or todo:
        for form in todo:
            names |= {*facts_of(form), *(scope_of(fact) for fact in facts_of(form))}
            names |= {node.scope for node in nodes(form) if isinstance(node, Over)}
        new = {name: known[name] for name in names & known.keys() - found.keys()}
        found |= new
        names, todo = set(), [form for forms in new.values() for form in forms]
    return found


NOTHING = Output(Known(FALSE, None), TRUE)


def differences(new: SymbolicDecision, old: SymbolicDecision, *, definite: bool) -> dict[Path, z3.BoolRef]:
    """Return for each output when it differs; with `definite`, only where the new one says more than an open point.

    Both are taken not to contradict themselves. What terms cannot say of either is left out.
    """
    found: dict[Path, z3.BoolRef] = {}
    for path in {**new.outputs, **old.outputs}:
        left, right = new.outputs.get(path, NOTHING), old.outputs.get(path, NOTHING)
        differs = every((negate(_same(left, right)), left.definite if definite else TRUE))
        if not differs.eq(FALSE) and path not in {**new.refused, **old.refused}:
            found[path] = differs
    return found


def _same(left: Output, right: Output) -> z3.BoolRef:
    kinds = {type(value) for value in (left.value.value, right.value.value) if value is not None}
    if Day in kinds and len(kinds) > 1:  # one names a day, the other says that none is known
        day, other = sorted((left.value, right.value), key=lambda known: not isinstance(known.value, Day))
        assert isinstance(day.value, Day)
        none = every((day.known, other.known, day.value.month == 0))
        return some((none, negate(some((day.known, other.known)))))
    return terms.same(left.value, right.value)


def decisions_differ(new: SymbolicDecision, old: SymbolicDecision, *, definite: bool) -> z3.BoolRef:
    """Return when two decisions differ, the new one not being contradictory."""
    changed = every((negate(old.contradictory), some(differences(new, old, definite=definite).values())))
    return every((negate(new.contradictory), some((old.contradictory, changed))))


def may_differ(new: SymbolicDecision, old: SymbolicDecision) -> z3.BoolRef:
    """Return when two decisions on a generic case may differ; where that is impossible, no two decisions differ.

    A verdict differs only where some contribution to it does, so these are compared in its place. Raises
    `RefusedError` where what terms cannot say rests on something that differs.
    """
    outputs = [differs for path, differs in differences(new, old, definite=False).items() if path != VERDICT]
    left, right = _contributions(new), _contributions(old)
    for path, error in {**old.refused, **new.refused}.items():
        if path != VERDICT and new.rests_on(path) != old.rests_on(path):
            raise error
    neutral = terms.constant(Verdict.YES)
    outputs += [
        negate(terms.same(left.get(path, neutral), right.get(path, neutral)))
        for path in {**left, **right}
        if path not in {**new.refused, **old.refused}
    ]
    decided = every((negate(new.contradictory), negate(old.contradictory), some(outputs)))
    sides = ((new, old), (old, new))
    contradicted = some(every((one.contradictory, negate(other.contradictory))) for one, other in sides)
    return some((contradicted, decided))


def _contributions(decided: SymbolicDecision) -> dict[Path, Known]:
    found: dict[Path, Known] = {}
    for requirement in decided.plan.requirements:
        for place in decided.case.candidate_places(requirement.scope) if requirement.art in FOLDED else ():
            path = ("reasons", requirement.id, place)
            try:
                found[path] = Known(TRUE, decided.finding(requirement, place)[-1])
            except RefusedError as error:
                decided.refused[path] = error
    return found


def expected_of(decided: SymbolicDecision, paths: Iterable[Path], reader: Reader) -> dict[str, Any]:
    """Return what the solver says that a decision contains at some paths."""
    if reader.holds(decided.contradictory):
        return {"outcome": "contradictory"}
    expected: dict[str, Any] = {}
    for path in sorted(paths):
        kind, name, place = path
        output = decided.outputs.get(path, NOTHING)
        shown = kind != "duties" and reader.holds(output.value.known)
        said = reader.value(output.value.value) if shown else None
        match kind:
            case "verdict":
                expected["verdict"] = said
            case "derived":
                expected.setdefault(kind, {})[decided.case.path(name, place)] = _written(decided, name, said)
            case "duties":
                expected.setdefault(kind, []).append(_duty(decided, name, output, reader))
            case _:
                expected.setdefault(kind, {})[name] = said
    return expected


def _written(decided: SymbolicDecision, fact: str, said: Any) -> Any:
    exact = decided.plan.types[fact].kind == "dezimal" if fact in decided.plan.types else False
    return said if said is None or not exact else str(said)


def _duty(decided: SymbolicDecision, name: str, output: Output, reader: Reader) -> dict[str, Any]:
    if not reader.holds(output.value.known):
        return {"id": name, "fehlt": True}
    value = output.value.value
    if isinstance(value, Number):
        (duty,) = (duty for duty in decided.plan.duties if duty.id == name)
        assert duty.item.model.faellig is not None
        assert duty.item.model.faellig.jaehrlich is not None
        if not reader.whole(value.term):
            return {"id": name, "due": None}
        return {"id": name, "due": f"{reader.whole(value.term) + 1}-{duty.item.model.faellig.jaehrlich.am}"}
    if isinstance(value, Day) and reader.whole(value.month):
        return {"id": name, "due": reader.value(value)}
    return {"id": name, "due": None}


def agrees(decision: Decision, expected: Mapping[str, Any]) -> bool:
    """Whether a decision contains all that is expected of it."""
    if any(mismatches(decision, {part: wanted for part, wanted in expected.items() if part not in _CHECKS})):
        return False
    return all(_CHECKS[part](decision, expected[part]) for part in _CHECKS.keys() & expected.keys())


def _verdicts(reasons: Iterable[Reason], wanted: Mapping[str, Any]) -> bool:
    found = by_rule(reasons)
    return all(verdict in found.get(rule, [None]) for rule, verdict in wanted.items())


_CHECKS: Mapping[str, Callable[[Decision, Any], bool]] = {
    "derived": lambda decision, wanted: all(decision.derived.get(path) == value for path, value in wanted.items()),
    "options": lambda decision, wanted: _verdicts(decision.options, wanted),
    "hints": lambda decision, wanted: _verdicts(decision.hints, wanted),
    "reasons": lambda decision, wanted: _verdicts(decision.examined, wanted),
}
"""What is checked otherwise than in the corpus: the solver tells of a rule what it is for some subject."""
