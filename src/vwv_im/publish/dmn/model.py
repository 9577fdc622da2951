"""The decision model: from a plan to decisions, the services that decide one post or member, and what each needs.

Every derived fact, requirement and contradiction is a decision. Those about a post or member read the one at hand
(`stelle`, `mitglied`); where the application looks at all of them, a decision service is called for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vwv_im.case.facts import Scope
from vwv_im.lang.fold import facts_of, nodes
from vwv_im.lang.nodes import READING, Over
from vwv_im.lang.truth import FOLDED, TRUTHS, Verdict, verdict_of
from vwv_im.lang.types import FactKind
from vwv_im.law.fassung import Fassung, Item
from vwv_im.law.model import Ableitung, Question, Regel, Widerspruch
from vwv_im.law.regulation import Regulation
from vwv_im.publish.dmn.feel import FUNCTIONS, LISTS, Feel, Term, each, literal, variable
from vwv_im.publish.dmn.tables import Logic, Output, Table, verdict_table
from vwv_im.reasoning.plan import Derivation, Plan, Requirement, make_plan

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


Origin = Item[Ableitung] | Item[Regel] | Item[Widerspruch]
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
    """Decides `output` for one post or member; called with `inputs`, it holds the decisions between."""

    name: str
    title: str
    output: str
    decisions: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(slots=True)
class Model:
    """All decisions and services of a plan."""

    plan: Plan
    fassung: Fassung
    decisions: dict[str, Decision] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

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
        return [name for name in (*self.plan.scopes, "entscheidung", READINGS) if name in read]

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


def contradiction_name(identifier: str) -> str:
    """Return the name of the decision that tells whether a contradiction is present."""
    return f"widerspruch_{variable(identifier)}"


def model_of(regulation: Regulation, fassung: Fassung, question: Question) -> Model:
    """Return the decision model of a question under a Fassung."""
    return _Builder(regulation, fassung, make_plan(regulation, fassung, question)).build()


class _Builder:
    def __init__(self, regulation: Regulation, fassung: Fassung, plan: Plan) -> None:
        self.regulation = regulation
        self.plan = plan
        self.model = Model(plan, fassung)
        self.calls: dict[Over, tuple[Term, Sequence[str]]] = {}

    def build(self) -> Model:
        for name in self.plan.readings:
            self._reading(name)
        for derivation in self.plan.derivations:
            self._parts_of(derivation)
            self._derivation(derivation)
        for requirement in self.plan.requirements:
            self._requirement(requirement)
        self._contradictions()
        self._verdict()
        return self.model

    def _add(self, name: str, title: str, kind: str, logic: Table | str, feel: Feel, **more: object) -> None:
        decision = Decision(name, title, kind, logic, tuple(feel.needs), **more)  # type: ignore[arg-type]
        self.model.decisions[name] = decision

    def _feel(self) -> Feel:
        return Feel(self.plan, self.calls)

    def _reading(self, name: str) -> None:
        model, feel, stated = self.regulation.readings[name], self._feel(), f"{READINGS}.{name}"
        feel.need([READINGS])
        options = "; ".join(f"{option}: {reading.titel.de}" for option, reading in model.lesarten.items())
        text = f"if {stated} = null then {literal(model.vorgabe)} else {stated}"
        self._add(variable(READING + name), model.frage.de, "string", text, feel, note=options)

    def _parts_of(self, derivation: Derivation) -> None:
        """Add, for each sum over posts or members whose parts are derived, the part and its service."""
        overs = [node for node in nodes(derivation.form) if isinstance(node, Over)]
        derived = [over for over in overs if set(facts_of(over.value)) & self.plan.producers.keys()]
        for number, over in enumerate(dict.fromkeys(derived) - self.calls.keys(), start=1):
            feel = self._feel()
            name = f"{variable(derivation.fact)}_je_{over.scope}" + (f"_{number}" if number > 1 else "")
            title = f"{derivation.item.model.titel.de}: Teil je {over.scope.capitalize()}"
            part = feel.expression(over.value, None)
            self._add(name, title, TYPES[self.plan.types[derivation.fact].kind], part, feel)
            call, needs = self._service(name, over.scope)
            self.calls[over] = Term(call, day=part.day), needs

    def _service(self, output: str, scope: str) -> tuple[str, Sequence[str]]:
        """Add the service that gives a decision for one post or member; return its call, and what that needs."""
        below = list(self.model.below(output))
        decisions = tuple(name for name in self.model.decisions if name in below)
        inputs = tuple(name for name in (*self.plan.scopes, "entscheidung", READINGS) if name in below or name == scope)
        name, title = f"je_{output}", f"{self.model.decisions[output].title} (für jeden Eintrag)"
        self.model.services[name] = Service(name, title, output, decisions, inputs)
        return f"{name}({', '.join(inputs)})", [*(need for need in inputs if need != scope), name]

    def _derivation(self, derivation: Derivation) -> None:
        item, feel = derivation.item, self._feel()
        model, kind = item.model, TYPES[item.model.typ]
        logic = Logic(feel, derivation, Output(None, kind, model.werte or ())).form(derivation.form, None)
        self._add(variable(derivation.fact), model.titel.de, kind, logic, feel, note=model.luecke or "", origin=item)

    def _requirement(self, requirement: Requirement) -> None:
        item, feel = requirement.item, self._feel()
        table = verdict_table(requirement, feel, FINDING)
        when = f"; Zeitbezug: {item.model.zeitbezug}" if item.model.zeitbezug else ""
        note, name = f"{requirement.heading.de}; {requirement.art}{when}", requirement_name(requirement.id)
        self._add(name, item.model.titel.de, "tPruefung", table, feel, note=note, origin=item)

    def _contradictions(self) -> None:
        for contradiction in self.plan.contradictions:
            item, feel = contradiction.item, self._feel()
            logic = feel.condition(contradiction.condition, None)
            name = contradiction_name(contradiction.id)
            self._add(name, item.model.titel.de, "boolean", logic, feel, note="Widerspruch im Fall", origin=item)
        feel, names = self._feel(), [(one.scope, contradiction_name(one.id)) for one in self.plan.contradictions]
        found = self._gathered(feel, names, "widerspruch_in", "boolean", "Ein Widerspruch liegt vor", _any)
        text = f'if {_any(found)} then "contradictory" else "decided"'
        self._add(OUTCOME, "Ausgang: entschieden oder widersprüchlich", "string", text, feel)

    def _verdict(self) -> None:
        folded = [one for one in self.plan.requirements if one.art in FOLDED]
        feel, names = self._feel(), [(one.scope, f"{requirement_name(one.id)}.verdict") for one in folded]
        feel.need([OUTCOME])
        found = self._gathered(feel, names, "verdict", "string", "Ergebnis", _weakest)
        feel.need([WEAKEST])
        text = f'if {OUTCOME} = "contradictory" then null else {_weakest(found)}'
        self._add(VERDICT, "Ergebnis: höchstens bewilligungsfähig", "string", text, feel)

    def _gathered(
        self,
        feel: Feel,
        names: Iterable[tuple[Scope, str]],
        prefix: str,
        kind: str,
        title: str,
        join: Callable[[str], str],
    ) -> str:
        """Return the list of results of the application (or person) and of all its posts and members."""
        top, *inner = ([name for where, name in names if where == scope] for scope in self.plan.scopes)
        feel.need(name.partition(".")[0] for name in top)
        lists = [f"[{', '.join(top)}]"]
        for scope, results in zip(self.plan.scopes[1:], inner, strict=True):
            if not results:
                continue
            part = self._feel()
            part.need(name.partition(".")[0] for name in results)
            part.need([WEAKEST] if join is _weakest else ())
            name = f"{prefix}_{scope}"
            self._add(name, f"{title}: {scope.capitalize()}", kind, join(f"[{', '.join(results)}]"), part)
            call, needs = self._service(name, scope)
            feel.need(["antrag", *needs])
            entries = f"antrag.{LISTS[scope]}"
            lists.append(each(f"(if {entries} = null then [null] else {entries})", scope, call))
        return lists[0] if len(lists) == 1 else f"concatenate({', '.join(lists)})"


def _weakest(results: str) -> str:
    return f"{WEAKEST}({results})"


def _any(results: str) -> str:
    return f"list contains({results}, true)"
