"""Phrases in German and English: values, comparisons, outcomes and sources in words."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from vwv_im.case.vocabulary import Unit
from vwv_im.decision.context import Names
from vwv_im.lang import COMPARISONS, Verdict
from vwv_im.law.evidence import Quelle
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language, Text, iso_day, written_amount, written_day
from vwv_im.text.format import written_date, written_number
from vwv_im.text.messages import fill_in, sentences

OUTCOMES: dict[Verdict, Text] = {
    Verdict.YES: Text("erfüllt", "met"),
    Verdict.NO: Text("nicht erfüllt", "not met"),
    Verdict.OPEN: Text("offen", "open"),
    Verdict.DISCRETION: Text("Ermessen", "discretion"),
}
DOES_NOT_APPLY = Text("entfällt", "does not apply")
NOT_READ_SO = Text("nach der gewählten Auslegung nicht verlangt", "not required under the reading followed")
UNKNOWN = Text("nicht angegeben", "not stated")
_YES, _NO = Text("ja", "yes"), Text("nein", "no")
AND, OR, NOR = Text("und", "and"), Text("oder", "or"), Text("noch", "nor")
NO_KNOWN_VALUE = Text("ein Wert, den keine Quelle nennt", "a value that no source tells")


def value_phrase(value: Any, names: Names, fact: str, lang: Language) -> str:
    """Write the value of a fact as a reader expects it."""
    if value is None:
        return UNKNOWN.in_(lang)
    if isinstance(value, tuple):
        return list_phrase([value_phrase(part, names, fact, lang) for part in value], lang)
    if isinstance(value, str):
        label = names.labels(fact).get(value)
        return label.in_(lang) if label else value
    return constant_phrase(value, names.vocabulary.units.get(names.unit(fact) or ""), lang)


def constant_phrase(value: Any, unit: Unit | None, lang: Language) -> str:
    """Write a fixed value with its unit, as a parameter has it.

    >>> constant_phrase(24, Unit("Jahre", Text("Jahr", "year"), Text("Jahre", "years")), "de")
    '24 Jahre'
    >>> constant_phrase("2020-01-01", None, "de")
    '1. Januar 2020'
    """
    if isinstance(value, bool):
        return (_YES if value else _NO).in_(lang)
    if isinstance(value, int | Decimal):
        return quantity(Decimal(value), unit, lang)
    day = value if isinstance(value, date) else iso_day(value)
    return written_day(day, lang) if day else str(value)


def quantity(number: Decimal, unit: Unit | None, lang: Language) -> str:
    """Write a number with its unit: "24 Monate".

    >>> month = Unit("Monate", Text("Monat", "month"), Text("Monate", "months"))
    >>> quantity(Decimal(24), month, "de"), quantity(Decimal(1), month, "en")
    ('24 Monate', '1 month')
    """
    if unit is not None and unit.currency is not None:
        return written_amount(number, lang, unit.currency)
    if unit is not None and unit.years:
        return f"{number:f}"
    shown = written_number(number, lang)
    return shown if unit is None else f"{shown} {(unit.one if number == 1 else unit.several).in_(lang)}"


def list_phrase(words: Sequence[str], lang: Language, joint: Text = AND) -> str:
    """Write words as a list: "a, b und c"."""
    *first, last = words
    return f"{', '.join(first)} {joint.in_(lang)} {last}" if first else last


def capitalized(words: str) -> str:
    """Write words with a capital at the beginning."""
    return f"{words[:1].upper()}{words[1:]}"


def in_quotes(words: str, lang: Language) -> str:
    """Write words in quotation marks."""
    return Text(f"„{words}“", f"“{words}”").in_(lang)


def demand_phrase(operator: str, wanted: Any, names: Names, fact: str, lang: Language) -> str:
    """Write what an operator demands of a fact: "mindestens 0,25 VZÄ"."""
    how = COMPARISONS[operator]
    if isinstance(wanted, bool):
        return value_phrase(wanted is not how.denies, names, fact, lang)
    shown = value_phrase(wanted, names, fact, lang)
    if isinstance(wanted, tuple) and how.shape == "many":
        words = [value_phrase(value, names, fact, lang) for value in wanted]
        shown = list_phrase(words, lang, NOR if how.denies else OR)
    elif isinstance(wanted, tuple):
        only = Text("nicht allein {}", "not only {}") if how.denies else Text("allein {}", "only {}")
        return only.in_(lang).format(shown)
    return operator_phrase(operator, shown, lang)


def operator_phrase(operator: str, shown: str, lang: Language) -> str:
    """Write an operator before words: "mindestens …"."""
    return COMPARISONS[operator].phrase.in_(lang).format(shown)


def other_phrase(operator: str, other: str, names: Names, lang: Language) -> str:
    """Write a comparison with another fact: "mindestens „Planungsrahmen“"."""
    name = in_quotes(names.title(other).in_(lang), lang)
    how = COMPARISONS[operator]
    return (how.as_other or how.phrase).in_(lang).format(name)


def full_title(title: Text, subject: Subject, names: Names, lang: Language) -> str:
    """Write a title and which entry of a list it is about, after those above it: "Stellenumfang (Stelle 1)"."""
    return title.in_(lang) + bracketed(which_entry(subject, names, lang))


def bracketed(words: str) -> str:
    """Write words in brackets behind others; nothing where there are none."""
    return f" ({words})" if words else ""


def which_entry(subject: Subject, names: Names, lang: Language) -> str:
    """Write which entry of a list something is, after those above it: "Stelle 1"; nothing where it is of none."""
    above = "" if subject.above is None else which_entry(subject.above, names, lang)
    entity = names.vocabulary.entities[subject.scope].title.in_(lang)
    here = "" if subject.number is None else f"{entity} {subject.number + 1}"
    return ", ".join(filter(None, (above, here)))


def which_entries(subjects: Sequence[Subject], names: Names, lang: Language) -> str:
    """Write which entries of one list something is true of: "Stellen 1 bis 3 und 5"."""
    numbers = [one.number + 1 for one in subjects if one.number is not None]
    above = {one.above.name: one.above for one in subjects if one.above is not None}
    if not numbers[1:] or len(above) > 1:
        return "; ".join(filter(None, (which_entry(one, names, lang) for one in subjects)))
    to, told = Text("bis", "to").in_(lang), list[str]()
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        shown = [str(number) for _, number in run]
        told += [f"{shown[0]} {to} {shown[-1]}"] if shown[2:] else shown
    here = f"{names.vocabulary.entities[subjects[0].scope].plural.in_(lang)} {list_phrase(told, lang)}"
    return ", ".join(filter(None, [*(which_entry(one, names, lang) for one in above.values()), here]))


def outcome_word(law: Regulation, art: str, verdict: Verdict) -> Text:
    """Return how a requirement, option or piece of advice turned out."""
    words = sentences("outcomes").get(f"{art}_{verdict}", OUTCOMES[verdict])
    return fill_in(words, {"authority": law.examination.behoerde.text})


def source_phrase(source: Quelle, lang: Language) -> str:
    """Write a source: title, publisher, date."""
    written_on = source.datum and written_date(source.datum, lang)
    title = in_quotes(source.titel, lang)
    return ", ".join(word for word in (title, source.herausgeber, written_on) if word)
