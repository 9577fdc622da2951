"""Sentences in German and English, generated from the structure of a reason. The one place that writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vwv_im.case.vocabulary import Unit
from vwv_im.lang.nodes import READING, Atom
from vwv_im.lang.table import COMPARISONS
from vwv_im.lang.truth import Verdict
from vwv_im.law.evidence import GRADES
from vwv_im.text import Language, Text
from vwv_im.text.format import written_amount, written_day, written_number
from vwv_im.text.values import iso_day

if TYPE_CHECKING:
    from vwv_im.decision.context import Context, Names
    from vwv_im.decision.reason import Part, Reason
    from vwv_im.law.model import Quelle
    from vwv_im.law.regulation import Regulation
    from vwv_im.reasoning.records import Subject

OUTCOMES: dict[Verdict, Text] = {
    Verdict.YES: Text("erfüllt", "met"),
    Verdict.NO: Text("nicht erfüllt", "not met"),
    Verdict.OPEN: Text("offen", "open"),
    Verdict.DISCRETION: Text("Ermessen", "discretion"),
}
OPTIONS: dict[Verdict, Text] = {
    Verdict.NO: Text("nicht möglich", "not possible"),
    Verdict.OPEN: Text("offen", "open"),
    Verdict.DISCRETION: Text("möglich, im Ermessen {}", "possible, at {} discretion"),
}
"""How options turn out; with a place for the authority."""
HINTS: dict[Verdict, Text] = {
    Verdict.YES: Text("zu beachten", "relevant"),
    Verdict.NO: Text("nicht einschlägig", "not relevant"),
    Verdict.OPEN: Text("möglicherweise zu beachten", "may be relevant"),
}
OUTCOME_WORDS = {
    "decided": Text("entschieden", "decided"),
    "outside_scope": Text("außerhalb des Anwendungsbereichs", "outside the scope"),
    "contradictory": Text("widersprüchlich", "contradictory"),
}
DOES_NOT_APPLY = Text("entfällt", "does not apply")
UNKNOWN = Text("nicht angegeben", "not stated")
AND, OR, NOR = Text("und", "and"), Text("oder", "or"), Text("noch", "nor")
NOT_TOLD = Text("ein Wert, den keine Quelle nennt", "a value that no source tells")


def written(value: Any, names: Names, fact: str, lang: Language) -> str:
    """Write the value of a fact as a reader expects it."""
    if value is None:
        return UNKNOWN.in_(lang)
    if isinstance(value, tuple):
        return listed([written(part, names, fact, lang) for part in value], lang)
    if isinstance(value, bool):
        return Text("ja", "yes").in_(lang) if value else Text("nein", "no").in_(lang)
    if isinstance(value, date):
        return written_day(value, lang)
    if isinstance(value, int | Decimal):
        return quantity(Decimal(value), names.vocabulary.units.get(names.unit(fact) or ""), lang)
    label = names.labels(fact).get(value)
    return label.in_(lang) if label else str(value)


def quantity(number: Decimal, unit: Unit | None, lang: Language) -> str:
    """Write a number with its unit: "24 Monate".

    >>> month = Unit("Monate", Text("Monat", "month"), Text("Monate", "months"))
    >>> quantity(Decimal(24), month, "de"), quantity(Decimal(1), month, "en")
    ('24 Monate', '1 month')
    """
    if unit is not None and unit.currency is not None:
        return written_amount(number, lang, unit.currency)
    shown = written_number(number, lang)
    return shown if unit is None else f"{shown} {(unit.one if number == 1 else unit.several).in_(lang)}"


def listed(words: Sequence[str], lang: Language, joint: Text = AND) -> str:
    """Write words as a list: "a, b und c"."""
    *first, last = words
    return f"{', '.join(first)} {joint.in_(lang)} {last}" if first else last


def quoted(words: str, lang: Language) -> str:
    """Write words in quotation marks."""
    return Text(f"„{words}“", f"“{words}”").in_(lang)


def required_phrase(part: Part, lang: Language) -> str:
    """Write what a comparison requires: "mindestens 0,25 VZÄ"."""
    node = part.node
    assert isinstance(node, Atom)
    if node.other is not None:
        return _required_phrase(part, node, lang)
    return part.context.once(f"required {lang}", node, lambda: _required_phrase(part, node, lang))


def _required_phrase(part: Part, node: Atom, lang: Language) -> str:
    if part.wanted is None and node.other is not None:
        phrase = other_phrase(part.operator, node.other, part.context, lang)
        return f"{phrase} ({UNKNOWN.in_(lang)})" if part.operator == "ist" else phrase
    if part.wanted is None:
        return NOT_TOLD.in_(lang)
    return demand_phrase(part.operator, part.wanted, part.context, node.fact, lang)


def demand_phrase(operator: str, wanted: Any, names: Names, fact: str, lang: Language) -> str:
    """Write what an operator demands of a fact: "mindestens 0,25 VZÄ"."""
    how = COMPARISONS[operator]
    if isinstance(wanted, bool):
        return written(wanted is not how.denies, names, fact, lang)
    shown = written(wanted, names, fact, lang)
    if isinstance(wanted, tuple) and how.shape == "many":
        words = [written(value, names, fact, lang) for value in wanted]
        shown = listed(words, lang, NOR if how.denies else OR)
    elif isinstance(wanted, tuple):
        only = Text("nicht allein {}", "not only {}") if how.denies else Text("allein {}", "only {}")
        return only.in_(lang).format(shown)
    return operator_phrase(operator, shown, lang)


def operator_phrase(operator: str, shown: str, lang: Language) -> str:
    """Write an operator before words: "mindestens …"."""
    return COMPARISONS[operator].phrase.in_(lang).format(shown)


def other_phrase(operator: str, other: str, names: Names, lang: Language) -> str:
    """Write a comparison with another fact: "mindestens „Planungsrahmen“"."""
    name = quoted(names.title(other).in_(lang), lang)
    how = COMPARISONS[operator]
    return (how.as_other or how.phrase).in_(lang).format(name)


def stated_sentence(part: Part, lang: Language) -> str:
    """Write only what was stated or computed."""
    if not isinstance(part.node, Atom):
        return "; ".join(stated_sentence(inner, lang) for inner in part.parts)
    fact = part.node.fact
    return f"{part.context.title(fact).in_(lang)}: {written(part.stated, part.context, fact, lang)}"


def part_sentence(part: Part, lang: Language) -> str:
    """Write a comparison or compound: what was stated or computed, and what is required."""
    if not isinstance(part.node, Atom):
        return _compound(part, lang)
    fact = part.node.fact
    title = part.context.title(fact).in_(lang)
    if fact.startswith(READING):
        chosen = written(part.stated, part.context, fact, lang)
        return Text(
            f"Auslegungsfrage „{title}“: Zugrunde gelegt ist „{chosen}“",
            f"Disputed point “{title}”: the reading followed is “{chosen}”",
        ).in_(lang)
    if part.context.definition(part.node) is not None or isinstance(part.wanted, bool):
        return f"{title}: {written(part.stated, part.context, fact, lang)}"
    derived = fact in part.context.plan.producers
    required = required_phrase(part, lang)
    if part.stated is None:
        lacking = Text("nicht berechenbar", "cannot be computed") if derived else UNKNOWN
        return f"{title}: {lacking.in_(lang)}; {Text('verlangt', 'required').in_(lang)}: {required}"
    actual = written(part.stated, part.context, fact, lang)
    return f"{title}: {actual}; {Text('verlangt', 'required').in_(lang)}: {required}"


def _compound(part: Part, lang: Language) -> str:
    """Write the parts that matter: of a failed conjunction those that fail, of an open one those that are open."""
    matter = part.parts
    if part.operator == "alle" and part.verdict is not Verdict.YES:
        matter = tuple(inner for inner in part.parts if inner.verdict is part.verdict)
    if part.operator == "eine" and part.verdict is Verdict.YES:
        matter = tuple(inner for inner in part.parts if inner.verdict is Verdict.YES)
    sentences = [part_sentence(inner, lang) for inner in matter]
    if part.operator == "eine" and len(sentences) > 1:
        return Text("Eine Alternative genügt", "One alternative is enough").in_(lang) + ": " + " – ".join(sentences)
    return "; ".join(sentences)


def subject_phrase(subject: Subject, names: Names, lang: Language) -> str:
    """Write which entry of a list is meant, after those above it: " (Stelle 1)"."""
    words, here = list[str](), subject
    while here.above is not None:
        if here.number is not None:
            words.append(f"{names.vocabulary.entities[here.scope].title.in_(lang)} {here.number + 1}")
        here = here.above
    return f" ({', '.join(reversed(words))})" if words else ""


def title_phrase(reason: Reason, lang: Language) -> str:
    """Write the title of a requirement and which entry of a list it is about."""
    return f"{reason.title.in_(lang)}{subject_phrase(reason.condition.subject, reason.condition.context, lang)}"


def outcome_phrase(reason: Reason, lang: Language) -> str:
    """Write how a requirement turned out, such as "nicht erfüllt"."""
    if reason.applies is Verdict.NO:
        return DOES_NOT_APPLY.in_(lang)
    return outcome_word(reason.condition.context.regulation, reason.art, reason.verdict).in_(lang)


def outcome_word(law: Regulation, art: str, verdict: Verdict) -> Text:
    """Return how a requirement, option or piece of advice turned out."""
    words, authority = {"kann": OPTIONS, "hinweis": HINTS}.get(art, OUTCOMES)[verdict], law.examination.behoerde
    return Text(words.de.format(authority.de), words.en.format(authority.en))


def explanation(reason: Reason, lang: Language) -> str:
    """Write why a requirement turned out so."""
    if reason.applicability is not None and reason.applies is Verdict.NO:
        only = Text("Die Regel gilt hier nicht", "The rule does not apply here").in_(lang)
        return f"{only}: {part_sentence(reason.applicability, lang)}."
    write = stated_sentence if reason.art == "hinweis" else part_sentence
    text = f"{write(reason.condition, lang)}."
    if reason.applicability is not None and reason.applies is Verdict.OPEN:
        doubt = Text("Ob die Regel gilt, ist offen", "Whether the rule applies is open").in_(lang)
        text = f"{doubt}: {part_sentence(reason.applicability, lang)}. {text}"
    return text


def citation_phrase(reason: Reason, context: Context, lang: Language) -> str:
    """Write where a requirement stands: act, number where known, source, grade."""
    return context.once(f"citation {lang}", reason.requirement, lambda: _citation_phrase(reason, context, lang))


def _citation_phrase(reason: Reason, context: Context, lang: Language) -> str:
    citation = reason.citation
    act = context.regulation.act(citation.act).kurz.text.in_(lang)
    number = f", Nr. {citation.nummer}" if citation.nummer else ""
    source = context.regulation.sources.get(citation.source) if citation.source else None
    grade = GRADES[reason.requirement.item.model.beleg[0].grad].in_(lang)
    if source is None:
        return f"{act}{number}; {grade}"
    return f"{act}{number}; {Text('Quelle', 'source').in_(lang)}: {source_phrase(source, lang)}; {grade}"


def source_phrase(source: Quelle, lang: Language) -> str:
    """Write a source: title, publisher, date."""
    day = iso_day(source.datum)
    written_on = written_day(day, lang) if day else source.datum
    title = quoted(source.titel, lang)
    return ", ".join(word for word in (title, source.herausgeber, written_on) if word)


def reason_sentence(reason: Reason, context: Context, lang: Language) -> str:
    """Write a reason: title, how it turned out, what was stated and required, where it stands."""
    head = f"{title_phrase(reason, lang)}: {outcome_phrase(reason, lang)}."
    return f"{head} {explanation(reason, lang)} ({citation_phrase(reason, context, lang)})"
