"""The decision model: from a plan to decisions, the services that decide one entry of a list, and what each needs.

Every derived fact, requirement, contradiction and plausibility note is a decision. Those about an entry of a list read
the one at hand, by the name of its entity, and those above it; where all entries are looked at, a decision service is
called for each.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from vwv_im.case.vocabulary import DECISION, scope_of
from vwv_im.lang import FOLDED, READING, FactKind, Over, Verdict, verdict_of
from vwv_im.lang.fold import facts_of, nodes
from vwv_im.lang.truth import TRUTHS
from vwv_im.law import Ableitung, Fassung, Item, Regel, Regulation
from vwv_im.law.fassung import Observed
from vwv_im.publish.dmn.decision_tables import Logic, Output, Table, verdict_table
from vwv_im.publish.dmn.feel import FUNCTIONS, Feel, NoFormError, Term, each, list_of, literal, variable
from vwv_im.reasoning.plan import Derivation, NamedCondition, Observation, Plan, Requirement, make_plan
from vwv_im.text import Text, sentence

READINGS = "auslegung"
VERDICT, OUTCOME, WEAKEST = "verdict", "outcome", "schwaechstes"
TYPES: dict[FactKind, str] = {
    "auswahl": "string",
    "auswahlliste": "Any",
    "ganzzahl": "number",
    "dezimal": "number",
    "datum": "date",
    "wahrheitswert": "boolean",
    "text": "string",
}
FINDING = (
    Output("verdict", "string", tuple(Verdict)),
    Output("applies", "string", tuple(verdict_of(truth) for truth in TRUTHS)),
)
"""What a requirement contributes, and whether it applies."""


Origin = Item[Ableitung] | Item[Regel] | Observed
"""What a decision comes from."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic is a table or a FEEL expression; `needs` names inputs, decisions, functions, services."""

    name: str
    title: str
    type: str
    logic: Table | str
    needs: tuple[str, ...]
    note: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Decides `output` for one entry of a list; called with `inputs`, it holds the decisions between."""

    name: str
    title: str
    output: str
    decisions: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(slots=True)
class Model:
    """All decisions and services of a plan; `refused`: by title what FEEL has no form for, and why."""

    plan: Plan
    fassung: Fassung
    refused: dict[str, NoFormError] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the question but series, each before its lists; those that must have an entry come first."""
        return tuple(self._in_order(self.plan.top))

    def _in_order(self, scope: str) -> Iterator[str]:
        yield scope
        for inner in self.lists_of(scope):
            yield from self._in_order(inner)

    def lists_of(self, scope: str) -> list[str]:
        """Return the scopes of the lists of a scope in that order."""
        entities = self.plan.vocabulary.entities
        found = [inner for inner in self.plan.lists[scope] if entities[inner].series is None]
        return sorted(found, key=lambda inner: -entities[inner].least)

    @property
    def possible(self) -> tuple[str, ...]:
        """The inputs that there can be."""
        return (*self.scopes, DECISION, READINGS)

    @property
    def functions(self) -> list[str]:
        """The functions that are called, directly or by another."""
        called = {name for decision in self.decisions.values() for name in decision.needs if name in FUNCTIONS}
        while new := {name for function in called for name in FUNCTIONS[function].needs} - called:
            called |= new
        return [name for name in FUNCTIONS if name in called]

    @property
    def inputs(self) -> list[str]:
        """The inputs that are read."""
        known = self.decisions.keys() | self.services.keys() | FUNCTIONS.keys()
        read = {name for decision in self.decisions.values() for name in decision.needs} - known
        return [name for name in self.possible if name in read]

    def below(self, name: str) -> Iterator[str]:
        """Yield everything that a decision needs, directly or not, each once."""
        seen: dict[str, None] = {}
        todo = [name]
        while todo:
            decision = self.decisions.get(todo.pop())
            new = [need for need in (decision.needs if decision else ()) if need not in seen]
            seen.update(dict.fromkeys(new))
            todo += new
        return iter(seen)


def requirement_name(rule: str) -> str:
    """Return the name of the decision that gives what a requirement contributes.

    >>> requirement_name("stelle-mindestumfang")
    'regel_stelle_mindestumfang'
    """
    return f"regel_{variable(rule)}"


def condition_name(named: NamedCondition) -> str:
    """Return the name of the decision that says whether a named condition holds."""
    return f"{named.kind}_{variable(named.id)}"


@dataclass(frozen=True, slots=True)
class _Fold:
    """How results are folded: what the decision that does so is called, of which type it is, and what it calls."""

    prefix: str
    kind: str
    title: str
    join: Callable[[str], str]
    needs: tuple[str, ...] = ()


def model_of(regulation: Regulation, fassung: Fassung, question: str) -> Model:
    """Return the decision model of a question under a Fassung."""
    return _Builder(regulation, fassung, make_plan(regulation, fassung, question)).build()


class _Builder:
    def __init__(self, regulation: Regulation, fassung: Fassung, plan: Plan) -> None:
        self.regulation = regulation
        self.plan = plan
        self.model = Model(plan, fassung)
        self.calls: dict[Over, tuple[Term, Sequence[str]]] = {}
        self.refused: dict[str, NoFormError] = {}
        self.places: dict[str, int | None] = {}

    def build(self) -> Model:
        for name in self.plan.readings:
            self._reading(name)
        for derivation in self.plan.derivations:
            self._if_sayable(derivation.fact, derivation.item.model.titel.de, partial(self._derivation, derivation))
        for requirement in self.plan.requirements:
            title = requirement.item.model.titel.de
            self._if_sayable(requirement.id, title, partial(self._requirement, requirement))
        for told in self.plan.observations:
            self._if_sayable(told.id, told.item.model.titel.de, partial(self._observation, told))
        self._if_sayable(OUTCOME, OUTCOME, self._outcome)
        self._if_sayable(VERDICT, VERDICT, self._verdict)
        return self.model

    def _if_sayable(self, name: str, title: str, work: Callable[[], None]) -> None:
        """Add decisions; none of them, where FEEL has no form for one, or for what it reads."""
        before = dict(self.model.decisions), dict(self.model.services), dict(self.calls)
        try:
            work()
        except NoFormError as error:
            self.model.decisions, self.model.services, self.calls = before
            self.refused[name] = self.model.refused[title] = error

    def _add(self, name: str, title: str, kind: str, logic: Table | str, feel: Feel, **more: object) -> None:
        decision = Decision(name, title, kind, logic, tuple(feel.needs), **more)  # type: ignore[arg-type]
        self.model.decisions[name] = decision

    def _feel(self, scope: str = "") -> Feel:
        feel = Feel(self.plan, self.calls, self.refused, self.places)
        feel.reach(scope)
        return feel

    def _reading(self, name: str) -> None:
        model, feel, stated = self.regulation.readings[name], self._feel(), f"{READINGS}.{name}"
        feel.need([READINGS])
        options = "; ".join(f"{option}: {reading.titel.de}" for option, reading in model.lesarten.items())
        text = f"if {stated} = null then {literal(model.vorgabe)} else {stated}"
        self._add(variable(READING + name), model.frage.de, "string", text, feel, note=options)

    def _parts_of(self, derivation: Derivation) -> None:
        """Add, for each sum over a list whose parts are derived, the part and its service."""
        overs = [node for node in nodes(derivation.form) if isinstance(node, Over)]
        derived = [over for over in overs if set(facts_of(over.value)) & self.plan.producers.keys()]
        for over in derived:
            self._refuse_shadowed(derivation.scope, over)
        for number, over in enumerate(dict.fromkeys(derived) - self.calls.keys(), start=1):
            feel = self._feel()
            name = f"{variable(derivation.fact)}_je_{over.scope}" + (f"_{number}" if number > 1 else "")
            title = f"{derivation.item.model.titel.de}: Teil je {self._entity_title(over.scope)}"
            part = feel.expression(over.value, None)
            self._add(name, title, TYPES[self.plan.types[derivation.fact].kind], part.settled, feel)
            call, needs = self._service(name, over.scope)
            self.calls[over] = Term(call, day=part.day, places=part.places), needs

    def _refuse_shadowed(self, scope: str, over: Over) -> None:
        """Refuse a sum over the list that its own scope is within, of what is derived there: its entry is hidden."""
        above = self.plan.vocabulary.above
        inner = {scope_of(fact) for fact in facts_of(over.value) if fact in self.plan.producers} - {over.scope}
        if over.scope in above(scope) and any(over.scope in above(one) for one in inner):
            raise NoFormError(Text("Summe über die eigene Liste", "sum over its own list"), over.scope)

    def _service(self, output: str, scope: str) -> tuple[str, Sequence[str]]:
        """Add the service that gives a decision for one entry of a list; return its call, and what that needs."""
        below = list(self.model.below(output))
        decisions = tuple(name for name in self.model.decisions if name in below)
        inputs = tuple(name for name in self.model.possible if name in below or name == scope)
        name, title = f"je_{output}", f"{self.model.decisions[output].title} (für jeden Eintrag)"
        self.model.services[name] = Service(name, title, output, decisions, inputs)
        return f"{name}({', '.join(inputs)})", [*(need for need in inputs if need != scope), name]

    def _entity_title(self, scope: str) -> str:
        return self.plan.vocabulary.entities[scope].title.de

    def _derivation(self, derivation: Derivation) -> None:
        item, feel = derivation.item, self._feel(derivation.scope)
        self._parts_of(derivation)
        model, kind = item.model, TYPES[item.model.typ]
        writer = Logic(feel, derivation, Output(None, kind, model.werte or ()))
        logic = writer.form(derivation.form, None)
        self.places[derivation.fact] = writer.places
        self._add(variable(derivation.fact), model.titel.de, kind, logic, feel, note=model.luecke or "", origin=item)

    def _requirement(self, requirement: Requirement) -> None:
        item, feel = requirement.item, self._feel(requirement.scope)
        table = verdict_table(requirement, feel, FINDING)
        when = f"; Zeitbezug: {item.model.zeitbezug}" if item.model.zeitbezug else ""
        note, name = f"{requirement.heading.de}; {requirement.art}{when}", requirement_name(requirement.id)
        self._add(name, item.model.titel.de, "tPruefung", table, feel, note=note, origin=item)

    def _observation(self, told: Observation) -> None:
        item, feel = told.item, self._feel(told.scope)
        logic, note = feel.condition(told.condition, None), sentence(f"evidence.{told.kind}").de
        self._add(condition_name(told), item.model.titel.de, "boolean", logic, feel, note=note, origin=item)

    def _outcome(self) -> None:
        feel, fold = self._feel(), _Fold("widerspruch_in", "boolean", "Ein Widerspruch liegt vor", _any)
        names = {one.id: (one.scope, condition_name(one)) for one in self.plan.contradictions}
        found = self._results_below(feel, fold, self._by_scope(names), self.plan.top)
        text = f'if {_any(found)} then "contradictory" else "decided"'
        self._add(OUTCOME, "Ausgang: entschieden oder widersprüchlich", "string", text, feel)

    def _verdict(self) -> None:
        feel, fold = self._feel(), _Fold("verdict", "string", "Ergebnis", _weakest, (WEAKEST,))
        folded = [one for one in self.plan.requirements if one.art in FOLDED]
        names = {one.id: (one.scope, f"{requirement_name(one.id)}.verdict") for one in folded}
        feel.need([OUTCOME])
        found = self._results_below(feel, fold, self._by_scope({OUTCOME: ("", OUTCOME), **names}), self.plan.top)
        feel.need([WEAKEST])
        text = f'if {OUTCOME} = "contradictory" then null else {_weakest(found)}'
        means = in_brackets(self.regulation.questions[self.regulation.first_question].ja.de)
        self._add(VERDICT, ": ".join(filter(None, ("Ergebnis", means))), "string", text, feel)

    def _by_scope(self, names: Mapping[str, tuple[str, str]]) -> Mapping[str, list[str]]:
        """Return the names of some decisions by their scopes; raises `NoFormError` where one could not be written."""
        found: dict[str, list[str]] = {}
        for identifier, (scope, name) in names.items():
            if identifier in self.refused:
                raise self.refused[identifier]
            found.setdefault(scope, []).append(name)
        return found

    def _results_below(self, feel: Feel, fold: _Fold, names: Mapping[str, list[str]], scope: str) -> str:
        """Return the list of the results of a scope, and of each entry of its lists all that is found below it."""
        feel.need(name.partition(".")[0] for name in names.get(scope, ()))
        lists = [f"[{', '.join(names.get(scope, ()))}]"]
        for inner in self.model.lists_of(scope):
            if names.keys().isdisjoint(self.plan.vocabulary.scopes(inner)):
                continue
            part, name = self._feel(), f"{fold.prefix}_{inner}"
            found = fold.join(self._results_below(part, fold, names, inner))
            part.need(fold.needs)
            self._add(name, f"{fold.title}: {self._entity_title(inner)}", fold.kind, found, part)
            call, needs = self._service(name, inner)
            above, entries = list_of(self.plan, inner)
            feel.need([above, *needs])
            lists.append(each(f"(if {entries} = null then [null] else {entries})", inner, call))
        return lists[0] if len(lists) == 1 else f"concatenate({', '.join(lists)})"


def in_brackets(text: str) -> str:
    """Return what stands in brackets at the end of a text.

    >>> in_brackets("Richtlinie über die Dorfhilfe (VwV Dorfhilfe)")
    'VwV Dorfhilfe'
    """
    found = re.search(r"\(([^()]*)\)\.?$", text)
    return found[1] if found else ""


def _weakest(results: str) -> str:
    return f"{WEAKEST}({results})"


def _any(results: str) -> str:
    return f"list contains({results}, true)"
