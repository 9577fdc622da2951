"""Reasons: for each requirement and subject, its verdict with actual and required value, and where it stands.

A reason refers to the requirement it came from and works out its details only when they are asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import Any

from vwv_im.decision.citations import Citation, citations_of, grade_of
from vwv_im.decision.context import Context
from vwv_im.decision.sentences import part_sentence, reason_sentence
from vwv_im.lang.fold import atoms_of, facts_of
from vwv_im.lang.nodes import (
    Atom,
    Condition,
)
from vwv_im.lang.truth import CONTRIBUTIONS, Art, Truth, Verdict, verdict_of
from vwv_im.law.evidence import Grade
from vwv_im.reasoning.plan import Requirement
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language, Text
from vwv_im.text.json_object import FactPath, JsonObject, writer_of
from vwv_im.text.values import Json, to_json


class Part(
    JsonObject,
    schema="PartDocument",
    keys="fact verdict actual operator required facts parts text",
):
    """A condition or a part of one: its verdict, what was stated and what is required.

    For a single comparison `fact` names the fact; for a compound `operator` is `alle` or `eine`, and `parts` holds
    what it consists of. A comparison of a fact that is itself defined by a condition shows that condition's parts.
    """

    __slots__ = ("_parts", "_verdict", "context", "node", "stated", "subject")

    def __init__(self, context: Context, node: Condition, subject: Subject) -> None:
        self.context = context
        self.node = node
        self.subject = subject
        self._parts: tuple[Part, ...] | None = None
        self._verdict: Verdict | None = None
        self.stated: Any = context.value(node.fact, subject) if isinstance(node, Atom) else None
        """The value of the fact, in its own type."""

    def __repr__(self) -> str:
        return f"Part({self.fact or self.operator!r}, {self.verdict.value!r})"

    @property
    def truth(self) -> Truth:
        """Whether it holds."""
        return self.context.truth(self.node, self.subject)

    @property
    def verdict(self) -> Verdict:
        """Whether it holds, as a verdict."""
        if self._verdict is None:
            self._verdict = verdict_of(self.truth)
        return self._verdict

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
        if not isinstance(self.node, Atom):
            return None
        other = self.node.other
        return self.node.required if other is None else self.context.value(other, self.subject)

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
        self._read(found)
        return found

    def _read(self, found: dict[str, Json]) -> None:
        if isinstance(self.node, Atom):
            found[self.subject.path(self.node.fact)] = self.actual
            if self.node.other is not None:
                found[self.subject.path(self.node.other)] = self.required
        for part in self.parts:
            part._read(found)  # noqa: SLF001 - another of the same kind

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it consists of."""
        if self._parts is None:
            self._parts = self._split()
        return self._parts

    def _split(self) -> tuple[Part, ...]:
        if not isinstance(self.node, Atom):
            return tuple(Part(self.context, part, self.subject) for part in self.node.parts)
        definition = self.context.definition(self.node)
        if definition is None:
            return ()
        home = self.context.home(self.node.fact, self.subject)
        defining = Part(self.context, definition, home)
        return defining.parts if definition.parts else (defining,)

    @property
    def text(self) -> Text:
        """What was stated and what is required, as a sentence."""
        return Text(part_sentence(self, "de"), part_sentence(self, "en"))


class Reason(
    JsonObject,
    schema="ReasonDocument",
    keys="rule heading subject art verdict applies actual operator required facts parts citation further_citations "
    "grade text",
):
    """A requirement as it turned out for one subject."""

    __slots__ = ("_applies", "_condition", "_context", "_subject", "art", "requirement", "verdict")
    art: Art
    verdict: Verdict

    def __init__(
        self, context: Context, requirement: Requirement, subject: Subject, applies: Truth, holds: Truth
    ) -> None:
        self._context = context
        self.requirement = requirement
        self._subject = subject
        self._applies = applies
        self._condition: Part | None = None
        self.art = requirement.art
        self.verdict = CONTRIBUTIONS[requirement.art, applies, holds]

    def __repr__(self) -> str:
        return f"Reason({self.rule!r}, {self.subject!r}, {self.verdict.value!r})"

    @property
    def rule(self) -> str:
        """The id of the requirement."""
        return self.requirement.id

    @property
    def title(self) -> Text:
        """The title of the requirement."""
        return self.requirement.item.model.titel.text

    @property
    def heading(self) -> str:
        """The heading in the order of examination under which it stands, in German."""
        return self.requirement.heading.de

    @property
    def subject(self) -> str:
        """The path of what it is about, such as `haus` or `haus.zimmer[0]`."""
        return self._subject.name

    @property
    def index(self) -> int | None:
        """The number of the post or member, from 0."""
        return self._subject.number

    @property
    def applies(self) -> Verdict:
        """Whether the requirement applies at all."""
        return verdict_of(self._applies)

    @property
    def condition(self) -> Part:
        """The condition of the requirement as it turned out."""
        if self._condition is None:
            self._condition = Part(self._context, self.requirement.condition, self._subject)
        return self._condition

    @property
    def applicability(self) -> Part | None:
        """The condition under which the requirement applies, as it turned out."""
        condition = self.requirement.applies
        return None if condition is None else Part(self._context, condition, self._subject)

    @property
    def actual(self) -> Json:
        """The stated or derived value that was compared; `None` for a compound condition or where unknown."""
        return self.condition.actual

    @property
    def operator(self) -> str:
        """How it was compared."""
        return self.condition.operator

    @property
    def required(self) -> Json:
        """The required value; `None` for a compound condition."""
        return self.condition.required

    @property
    def facts(self) -> dict[str, Json]:
        """The facts that were read, with their values."""
        found = self.condition.facts
        return found if self.applicability is None else {**self.applicability.facts, **found}

    @property
    def parts(self) -> tuple[Part, ...]:
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

    def sentence(self, lang: Language) -> str:
        """Return the reason as a sentence."""
        return reason_sentence(self, self._context, lang)

    @property
    def text(self) -> Text:
        """The reason as a sentence in both languages."""
        return Text(self.sentence("de"), self.sentence("en"))

    def to_dict(self, lang: Language = "de") -> dict[str, Any]:
        """Return the JSON form; what follows from the same norm and the same values is written only once."""
        return self._context.written((self.rule, self.subject, *self._shown()), lambda: writer_of(Reason)(self, lang))

    def _shown(self) -> Iterator[Hashable]:
        """Yield the values of all facts that the reason shows; exact numbers as they are written."""
        context, subject = self._context, self._subject
        for fact in context.once("shown facts", self.requirement, self._shown_facts):
            value = context.value(fact, subject)
            yield str(value) if isinstance(value, Decimal) else value

    def _shown_facts(self) -> tuple[str, ...]:
        roots = [part for part in (self.requirement.applies, self.requirement.condition) if part is not None]
        shown: dict[str, None] = {}
        for root in roots:
            shown |= dict.fromkeys(facts_of(root))
            definitions = (self._context.definition(atom) for atom in atoms_of(root))
            roots += (definition for definition in definitions if definition is not None)
        return tuple(shown)
