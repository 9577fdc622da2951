"""The regulation as lists to be served and printed: rules, Fassungen, sources, readings, and the words of a case."""

from dataclasses import dataclass

from vwv_im.case.vocabulary import Entity, Fact, Unit
from vwv_im.decision.request import RequestError, is_one_of
from vwv_im.lang import Art
from vwv_im.law import Akt, AnyItem, Auslegung, Grade, Parameter, Regulation
from vwv_im.law.evidence import Quelle
from vwv_im.law.examination import Pruefung
from vwv_im.law.register import OffeneFrage
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import make_plan
from vwv_im.text import Fault, Json, JsonDocument, JsonObject, Text, to_json


@dataclass(frozen=True, slots=True)
class Rule(
    JsonObject,
    schema="RuleDocument",
    keys="id kind subject fassungen erlasse art nummer title grade sources place? value values?",
):
    """A requirement, or another item, with the Fassungen in which it stands; `place` is where the rule files say it.

    All else is as the last of them has it; `values` has the value of a parameter from each Fassung that changes it.
    """

    id: str
    kind: str
    subject: str
    fassungen: tuple[str, ...]
    erlasse: tuple[str, ...]
    art: Art | None
    nummer: str | None
    title: Text
    grade: Grade
    sources: tuple[str, ...]
    place: str | None
    value: Json
    values: dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class OpenQuestion(
    JsonObject, schema="OpenQuestionEntry", keys="id:of.id effect:of.wirkung question:of.frage.text touches:of.betrifft"
):
    """What the sources do not tell, and which rules it touches."""

    of: OffeneFrage


@dataclass(frozen=True, slots=True)
class Catalogue(JsonDocument, schema="RulesDocument", keys="rules? open_questions?"):
    """The requirements, or all items, and what is not known; either is left out where it was not asked for."""

    rules: tuple[Rule, ...] | None = None
    open_questions: tuple[OpenQuestion, ...] | None = None


@dataclass(frozen=True, slots=True)
class Act(
    JsonObject,
    schema="ActDocument",
    keys="id:of.id art:of.art title:of.titel.text short:of.kurz.text signed:of.ausgefertigt "
    "known_from:of.bekannt_ab.datum applies_from:of.gilt_ab.datum applies_at_latest_from:of.gilt_ab.spaetestens "
    "reading:of.gilt_ab.auslegung grade",
):
    """An act: what it is, since when it was known, since when it applies.

    An act of the kind `stammfassung` or `aenderung` makes a Fassung of the same id.
    """

    of: Akt

    @property
    def grade(self) -> Grade:
        """The grade of what tells since when it applies."""
        return self.of.gilt_ab.beleg[0].grad


@dataclass(frozen=True, slots=True)
class Fassungen(JsonDocument, schema="FassungenDocument"):
    """The Fassungen, and the acts from which they follow, in the order in which they were signed."""

    fassungen: tuple[str, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Source(
    JsonObject,
    schema="SourceDocument",
    keys="id:of.id title:of.titel publisher:of.herausgeber date:of.datum url:of.url grade:of.grad "
    "speaks_about:of.spricht_ueber note:of.hinweis",
):
    """A source, and how strong it is."""

    of: Quelle


@dataclass(frozen=True, slots=True)
class Sources(JsonDocument, schema="SourcesDocument"):
    """All sources."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Reading(JsonObject, schema="ReadingEntry", keys="id:of.id question:of.frage.text default:of.vorgabe readings"):
    """A disputed point with its readings and the default."""

    of: Auslegung

    @property
    def readings(self) -> dict[str, Text]:
        """What each reading says."""
        return {name: one.titel.text for name, one in self.of.lesarten.items()}


@dataclass(frozen=True, slots=True)
class Readings(JsonDocument, schema="ReadingsDocument"):
    """All disputed points."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class CasePart(
    JsonObject,
    schema="PartEntry",
    keys="path:of.path entry:of.prefix many:of.many least single title:of.heading question:of.question",
):
    """A part of a case that holds facts.

    Of a part that is a list, `least` is how few entries it may have, and `single` how one of them is called in German.
    """

    of: Entity

    @property
    def least(self) -> int | None:
        """How few entries a list may have."""
        return self.of.least if self.of.many else None

    @property
    def single(self) -> str | None:
        """What one entry of a list is called."""
        return self.of.title.de if self.of.many else None


@dataclass(frozen=True, slots=True)
class CaseValue(JsonObject, schema="ValueEntry"):
    """A value of an enumeration."""

    value: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class CaseFact(
    JsonObject,
    schema="FactEntry",
    keys="path:of.path type:of.type unit:of.unit values title:of.title question:of.question help:of.help "
    "private:of.private",
):
    """One thing a case may state."""

    of: Fact

    @property
    def values(self) -> tuple[CaseValue, ...]:
        """The values of an enumeration, or the names that a text is picked from."""
        names = self.of.values if self.of.choice is None else self.of.choice.names
        return tuple(CaseValue(value, self.of.labels.get(value)) for value in names)


@dataclass(frozen=True, slots=True)
class CaseUnit(JsonObject, schema="UnitEntry", keys="name:of.name one:of.one several:of.several currency:of.currency"):
    """What numbers count, how one and several of it are called, and the currency where it is money."""

    of: Unit


@dataclass(frozen=True, slots=True)
class CaseQuestion(
    JsonObject, schema="QuestionEntry", keys="id part:of.wurzel question:of.frage.text own_days:of.eigene_tage rows"
):
    """A question that can be asked about a case; `part` is the part of the case that it is about.

    `own_days`: parts have law days of their own, and the day of the decision chooses no Fassung. `rows`: the entries
    of its lists are many, and a form asks for them in rows.
    """

    id: str
    of: Pruefung

    @property
    def rows(self) -> bool:
        """Whether a form asks for the entries of lists in rows."""
        return self.of.eingabe == "zeilen"


@dataclass(frozen=True, slots=True)
class Vocabulary(JsonDocument, schema="VocabularyDocument"):
    """What a case may state, its parts and its facts; the units of its numbers; what can be asked about it."""

    parts: tuple[CasePart, ...]
    facts: tuple[CaseFact, ...]
    units: tuple[CaseUnit, ...]
    questions: tuple[CaseQuestion, ...]


def rules_of(law: Regulation, *, every: bool = False, places: bool = True) -> tuple[Rule, ...]:
    """Return each requirement once, with the Fassungen (and Erlasse) in which it stands; `every`: all other items too.

    >>> from vwv_im import regulation
    >>> next(rule.grade for rule in rules_of(regulation()) if rule.id == "stelle-mindestumfang")
    'schluss'
    """
    found: dict[tuple[str, str], tuple[AnyItem, list[str], list[str]]] = {}
    values: dict[str, dict[str, Json]] = {}
    for fassung in law.states:
        for item in fassung:
            if item.entry.kind != "regel" and not every:
                continue
            key = (item.entry.kind, item.id)
            _, fassungen, erlasse = found.get(key, (item, [], []))
            if not fassung.erlasse:
                fassungen.append(fassung.id)
            elif item.act == fassung.law.last_act:
                erlasse.append(item.act)
            found[key] = (item, fassungen, erlasse)
            if isinstance(item.model, Parameter):
                stated, value = values.setdefault(item.id, {}), to_json(item.model.wert)
                if not stated or [*stated.values()][-1] != value:
                    stated[fassung.name] = value
    return tuple(
        Rule(
            id=item.id,
            kind=item.entry.kind,
            subject=item.subject,
            fassungen=tuple(fassungen),
            erlasse=tuple(erlasse),
            art=getattr(item.model, "art", None),
            nummer=getattr(item.model, "nummer", None),
            title=item.model.titel.text,
            grade=law.grade(item.model.beleg[0]),
            sources=tuple(source.quelle for source in item.model.beleg if source.quelle),
            place=str(item.place) if places else None,
            value=to_json(item.model.wert) if isinstance(item.model, Parameter) else None,
            values=values.get(item.id) if isinstance(item.model, Parameter) else None,
        )
        for item, fassungen, erlasse in found.values()
    )


def python_of(law: Regulation, fassung: str | None = None, question: str | None = None) -> str:
    """Return the Python that the engine `direct` makes of a state of the law (default: the last), with comments.

    `fassung` is the name of a state (`2020-11-11`, `2022-01-26+2022-03-11`); without `question` it is for the first.
    Raises `RequestError` for an unknown one.

    >>> from vwv_im import regulation
    >>> print(python_of(regulation(), "2017-12-11", "zaehlung").splitlines()[0])
    # top[1]  entscheidung.tag
    """
    states = {state.name: state for state in law.states}
    wanted = fassung or law.states[-1].name
    faults: list[Fault] = []
    asked = law.first_question if question is None else question
    is_one_of("fassung", wanted, states, faults)
    is_one_of("question", asked, law.questions, faults)
    if faults:
        raise RequestError(faults)
    return Direct(make_plan(law, states[wanted], asked)).listing()


def open_questions_of(law: Regulation) -> tuple[OpenQuestion, ...]:
    """Return what the sources do not tell, and which rules it touches."""
    return tuple(OpenQuestion(one) for one in law.open_questions.values())


def vocabulary(law: Regulation) -> Vocabulary:
    """Return what a case may state and what can be asked about it; each part stands after the one that holds it."""
    words = law.vocabulary
    parts = list(words.roots)
    for part in parts:
        parts += words.parts_of(part.name)
    return Vocabulary(
        tuple(map(CasePart, parts)),
        tuple(map(CaseFact, words.facts.values())),
        tuple(map(CaseUnit, words.units.values())),
        tuple(CaseQuestion(name, question) for name, question in law.questions.items()),
    )
