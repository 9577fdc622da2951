"""Reasons: for each requirement and subject, its verdict with actual and required value, and where it stands.

A reason refers to the requirement it came from and works out its details only when they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from vwv_im.decision import phrases
from vwv_im.decision.citations import Citation, citations_of, evidence_behind, grade_of
from vwv_im.decision.context import Context
from vwv_im.lang import CONTRIBUTIONS, READING, Art, Atom, Condition, Truth, Verdict, atoms_of, facts_of, verdict_of
from vwv_im.lang.nodes import Constant, is_reading
from vwv_im.law.evidence import Beleg, Grade
from vwv_im.reasoning.plan import Requirement
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, Json, JsonObject, Language, Text, to_json
from vwv_im.text.json_object import writer_of


class ConditionResult(JsonObject, schema="PartDocument", keys="fact verdict actual operator required facts parts text"):
    """A condition or a part of one: its verdict, what was stated and what is required.

    For a single comparison `fact` names the fact; for a compound `operator` is `alle` or `eine`, and `parts` holds
    what it consists of. A comparison of a fact that is itself defined by a condition shows that condition's parts;
    where it is read more than once, the first comparison does.
    """

    def __init__(
        self, context: Context, node: Condition, subject: Subject, shown: frozenset[int] | None = None
    ) -> None:
        self.context = context
        self.node = node
        self.subject = subject
        self._shown = shown
        self.stated: Any = context.value(node.fact, subject) if isinstance(node, Atom) else None
        """The value of the fact, in its own type."""

    def __repr__(self) -> str:
        return f"ConditionResult({self.fact or self.operator!r}, {self.verdict.value!r})"

    @property
    def truth(self) -> Truth:
        """Whether it holds."""
        return self.context.truth(self.node, self.subject)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether it holds, as a verdict."""
        return verdict_of(self.truth)

    @property
    def fact(self) -> FactPath | None:
        """The path of the fact that is compared."""
        return self.subject.path(self.node.fact) if isinstance(self.node, Atom) else None

    @property
    def operator(self) -> str:
        """How it is compared."""
        return self.node.operator

    @property
    def wanted(self) -> Any:
        """The required value, in its own type."""
        return _wanted(self.context, self.node, self.subject)

    @property
    def actual(self) -> Json:
        """The value of the fact as JSON has it; `None` where it is unknown."""
        return to_json(self.stated)

    @property
    def required(self) -> Json:
        """The required value as JSON has it."""
        return to_json(self.wanted)

    @property
    def facts(self) -> dict[str, Json]:
        """The facts that are read here, with their values."""
        found: dict[str, Json] = {}
        if isinstance(self.node, Atom):
            found[self.subject.path(self.node.fact)] = self.actual
            if self.node.other is not None:
                found[self.subject.path(self.node.other)] = self.required
        for part in self.parts:
            found |= part.facts
        return found

    @cached_property
    def parts(self) -> tuple[ConditionResult, ...]:
        """What it consists of."""
        if self._shown is None:
            self._shown = self.context.memoize("explained", self.node, self._explained)
        if not isinstance(self.node, Atom):
            return tuple(ConditionResult(self.context, part, self.subject, self._shown) for part in self.node.parts)
        definition = self.context.definition(self.node)
        if definition is None or id(self.node) not in self._shown:
            return ()
        home = self.context.owner(self.node.fact, self.subject)
        defining = ConditionResult(self.context, definition, home, self._shown)
        return defining.parts if definition.parts else (defining,)

    def _explained(self) -> frozenset[int]:
        """Return which comparisons below are the first to read a fact that a condition defines, by identity."""
        first: dict[str, int] = {}
        ahead = [self.node]
        while ahead:
            node = ahead.pop()
            if not isinstance(node, Atom):
                ahead += reversed(node.parts)
            elif node.fact not in first and (definition := self.context.definition(node)) is not None:
                first[node.fact] = id(node)
                ahead.append(definition)
        return frozenset(first.values())

    @property
    def text(self) -> Text:
        """What was stated and what is required, as a sentence."""
        return Text(self.sentence("de"), self.sentence("en"))

    def sentence(self, lang: Language) -> str:
        """Return what was stated or computed, and what is required."""
        if not isinstance(self.node, Atom):
            return self._compound(lang)
        context, fact = self.context, self.node.fact
        title, actual = context.title(fact).in_(lang), self._value(lang)
        if fact.startswith(READING):
            return Text(
                f"Auslegungsfrage „{title}“: Zugrunde gelegt ist „{actual}“",
                f"Disputed point “{title}”: the reading followed is “{actual}”",
            ).in_(lang)
        plain = isinstance(self.wanted, bool) and self.verdict is not Verdict.NO
        if context.definition(self.node) is not None or plain:
            return f"{title}: {actual}"
        if self.stated is None and fact in context.plan.producers:
            actual = Text("nicht berechenbar", "cannot be computed").in_(lang)
        return f"{title}: {actual}; {Text('verlangt', 'required').in_(lang)}: {self._required_phrase(self.node, lang)}"

    def compared(self, lang: Language) -> tuple[str, str] | None:
        """Return what was stated and what is required, in words; nothing where it is no comparison of values."""
        node = self.node
        if not isinstance(node, Atom) or is_reading(node):
            return None
        return self._value(lang), self._required_phrase(node, lang)

    def value_sentence(self, lang: Language) -> str:
        """Return only what was stated or computed."""
        if not isinstance(self.node, Atom):
            return "; ".join(inner.value_sentence(lang) for inner in self.parts)
        return f"{self.context.title(self.node.fact).in_(lang)}: {self._value(lang)}"

    def _value(self, lang: Language) -> str:
        assert isinstance(self.node, Atom)
        return phrases.value_phrase(self.stated, self.context, self.node.fact, lang)

    def _required_phrase(self, node: Atom, lang: Language) -> str:
        """Return what a comparison requires: "mindestens 0,25 VZÄ"."""
        names, wanted = self.context, self.wanted
        if wanted is None and node.other is not None:
            phrase = phrases.other_phrase(node.operator, node.other, names, lang)
            return f"{phrase} ({phrases.UNKNOWN.in_(lang)})" if node.operator == "ist" else phrase
        if wanted is None:
            return phrases.NO_KNOWN_VALUE.in_(lang)
        if node.other is not None:
            return phrases.demand_phrase(node.operator, wanted, names, node.fact, lang)
        return names.memoize(
            f"required {lang}", node, lambda: phrases.demand_phrase(node.operator, wanted, names, node.fact, lang)
        )

    @property
    def decisive(self) -> tuple[ConditionResult, ...]:
        """The parts that matter: of a failed conjunction those that fail, of an open one those that are open."""
        every = (self.operator == "alle") is (self.verdict is Verdict.YES)
        return tuple(inner for inner in self.parts if every or inner.verdict is self.verdict)

    def _compound(self, lang: Language) -> str:
        sentences = [inner.sentence(lang) for inner in self.decisive]
        if self.operator == "eine" and len(sentences) > 1:
            return Text("Eine Alternative genügt", "One alternative is enough").in_(lang) + ": " + " – ".join(sentences)
        return "; ".join(sentences)


def _wanted(context: Context, node: Condition, subject: Subject) -> Any:
    """Return the required value; nothing for a compound condition."""
    if type(node) is not Atom:
        return None
    operand = node.operand
    if type(operand) is Constant:
        return operand.value
    return node.required if node.other is None else context.value(node.other, subject)


class Reason(
    JsonObject,
    schema="ReasonDocument",
    keys="rule heading subject art verdict applies actual operator required facts parts citation further_citations "
    "grade text",
):
    """A requirement as it turned out for one subject."""

    rule: Annotated[str, "The id of the requirement."]
    subject: Annotated[str, "The path of what it is about, such as `haus` or `haus.zimmer[0]`."]
    art: Art
    verdict: Verdict
    operator: Annotated[str, "How it was compared."]

    def __init__(
        self, context: Context, requirement: Requirement, subject: Subject, found: tuple[Truth, Truth]
    ) -> None:
        self._context = context
        self.requirement = requirement
        self._subject = subject
        self._applies, holds = found
        self.rule = requirement.id
        self.subject = subject.name
        self.art = "kann" if requirement.art == "darf" else requirement.art
        self.operator = requirement.condition.operator
        self.verdict = CONTRIBUTIONS[requirement.art, self._applies, holds]

    def __repr__(self) -> str:
        return f"Reason({self.rule!r}, {self.subject!r}, {self.verdict.value!r})"

    @property
    def title(self) -> Text:
        """The title of the requirement."""
        return self.requirement.item.model.titel.text

    @property
    def heading(self) -> str:
        """The heading in the order of examination under which it stands, in German."""
        return self.requirement.heading.de

    @property
    def index(self) -> int | None:
        """The number of the post or member, from 0."""
        return self._subject.number

    @property
    def applies(self) -> Verdict:
        """Whether the requirement applies at all."""
        return verdict_of(self._applies)

    @cached_property
    def condition(self) -> ConditionResult:
        """The condition of the requirement as it turned out."""
        return ConditionResult(self._context, self.requirement.condition, self._subject)

    @cached_property
    def applicability(self) -> ConditionResult | None:
        """The condition under which the requirement applies, as it turned out."""
        condition = self.requirement.applies
        return None if condition is None else ConditionResult(self._context, condition, self._subject)

    @property
    def actual(self) -> Json:
        """The stated or derived value that was compared; `None` for a compound condition or where unknown."""
        node = self.requirement.condition
        return to_json(self._context.value(node.fact, self._subject)) if type(node) is Atom else None

    @property
    def required(self) -> Json:
        """The required value; `None` for a compound condition."""
        return to_json(_wanted(self._context, self.requirement.condition, self._subject))

    @property
    def facts(self) -> dict[str, Json]:
        """The facts that were read, with their values."""
        found = self.condition.facts
        return found if self.applicability is None else {**self.applicability.facts, **found}

    @property
    def parts(self) -> tuple[ConditionResult, ...]:
        """The parts of a compound condition."""
        return self.condition.parts

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Everything the requirement and its parameters rest on; the first carries it."""
        return citations_of(self._context, self.requirement)

    @property
    def citation(self) -> Citation:
        """Where the requirement stands."""
        return self.citations[0]

    @property
    def further_citations(self) -> tuple[Citation, ...]:
        """What else it rests on."""
        return self.citations[1:]

    @property
    def grade(self) -> Grade:
        """The weakest grade of the requirement and its parameters."""
        return grade_of(self._context, self.requirement)

    @property
    def evidence(self) -> list[Beleg]:
        """The evidence that carries the requirement, and that of its parameters."""
        return evidence_behind(self._context, self.requirement)

    def full_title(self, lang: Language) -> str:
        """Return the title of the requirement, and which entry of a list it is about."""
        return phrases.full_title(self.title, self._subject, self._context, lang)

    def outcome(self, lang: Language) -> str:
        """Return how it turned out, such as "nicht erfüllt"."""
        if self.applies is Verdict.NO:
            by_reading = any(part.verdict is Verdict.NO for part in self._readings)
            return (phrases.NOT_READ_SO if by_reading else phrases.DOES_NOT_APPLY).in_(lang)
        return phrases.outcome_word(
            self._context.regulation, self.requirement.item.model.consequence, self.verdict
        ).in_(lang)

    @property
    def _readings(self) -> tuple[ConditionResult, ...]:
        """The disputed points on which it turns whether the requirement applies, each with the reading followed."""
        asked = self.applicability
        parts = () if asked is None else asked.parts if asked.operator == "alle" else (asked,)
        return tuple(part for part in parts if is_reading(part.node))

    def explanation(self, lang: Language) -> str:
        """Return why it turned out so, in sentences."""
        if self.applicability is not None and self.applies is Verdict.NO:
            only = Text("Die Regel gilt hier nicht", "The rule does not apply here").in_(lang)
            return f"{only}: {self.applicability.sentence(lang)}."
        advice = self.art == "hinweis"
        text = f"{self.condition.value_sentence(lang) if advice else self.condition.sentence(lang)}."
        return f"{doubt}. {text}" if (doubt := self.doubt(lang)) else text

    def doubt(self, lang: Language) -> str:
        """Return why it is open whether the requirement applies, or on which readings it rests where it is not met."""
        if self.applicability is None or self.applies is not Verdict.OPEN:
            stands = self.applies is Verdict.YES and self.verdict is not Verdict.YES
            return "; ".join(part.sentence(lang) for part in self._readings) if stands else ""
        doubt = Text("Ob die Regel gilt, ist offen", "Whether the rule applies is open").in_(lang)
        return f"{doubt}: {self.applicability.sentence(lang)}"

    def remedy(self, lang: Language) -> str | None:
        """Return what would help where the requirement is not met, if the rules say so.

        What stands in brackets is left out where a value that it names is unknown.
        """
        model, context = self.requirement.item.model, self._context
        if model.abhilfe is None or self.verdict is not Verdict.NO:
            return None
        text = model.abhilfe.text.in_(lang)
        for fact in model.facts_told:
            value = context.value(fact, context.owner(fact, self._subject))
            if value is None:
                text = re.sub(rf" \([^()]*{{{re.escape(fact)}}}[^()]*\)", "", text)
            text = text.replace(f"{{{fact}}}", phrases.value_phrase(value, context, fact, lang))
        return text

    def sentence(self, lang: Language) -> str:
        """Return the reason as sentences: title, outcome, what was stated and required, where it stands."""
        cited = self._context.memoize(f"citation {lang}", self.requirement, lambda: self._citation_phrase(lang))
        return f"{self.full_title(lang)}: {self.outcome(lang)}. {self.explanation(lang)} ({cited})"

    def _citation_phrase(self, lang: Language) -> str:
        """Return where the requirement stands: act, number where known, source, grade."""
        law, citation = self._context.regulation, self.citation
        place = law.act(citation.act).kurz.text.in_(lang) + (f", Nr. {citation.nummer}" if citation.nummer else "")
        source = law.sources.get(citation.source) if citation.source else None
        named = f"{Text('Quelle', 'source').in_(lang)}: {phrases.source_phrase(source, lang)}; " if source else ""
        return f"{place}; {named}{law.graded(self.requirement.item.model.beleg[0]).in_(lang)}"

    @property
    def text(self) -> Text:
        """The reason as a sentence in both languages."""
        return Text(self.sentence("de"), self.sentence("en"))

    def to_dict(self, lang: Language = "de") -> dict[str, Any]:
        """Return the JSON form; what follows from the same norm and the same values is written only once."""
        return self._context.cached_json(
            (self.rule, self.subject, *self._shown()), lambda: writer_of(Reason)(self, lang)
        )

    def _shown(self) -> Iterator[Hashable]:
        """Yield the values of all facts that the reason shows; exact numbers as they are written."""
        context, subject = self._context, self._subject
        for fact in context.memoize("shown facts", self.requirement, self._shown_facts):
            value = context.value(fact, subject)
            yield str(value) if isinstance(value, Decimal) else value

    def _shown_facts(self) -> tuple[str, ...]:
        roots = [part for part in (self.requirement.applies, self.requirement.condition) if part is not None]
        shown: dict[str, None] = {}
        for root in roots:
            definitions = (self._context.definition(atom) for atom in atoms_of(root) if atom.fact not in shown)
            roots += [definition for definition in definitions if definition is not None]
            shown |= dict.fromkeys(facts_of(root))
        return tuple(shown)
