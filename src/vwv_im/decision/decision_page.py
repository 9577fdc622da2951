"""A decision as a page: the short answer, and, where all is wanted, what it rests on; before any format is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vwv_im.decision.answers import disclaimer_of, result_of
from vwv_im.decision.blocks import Block, Heading, Item, Panel
from vwv_im.decision.documents import documents_of
from vwv_im.decision.examination_page import examination_of
from vwv_im.decision.list_tables import list_tables, open_values
from vwv_im.decision.missing import Missing
from vwv_im.decision.needs import needs_of
from vwv_im.decision.obstacles import MARKS, obstacles_of, what_helps
from vwv_im.decision.passed_over import passed_over
from vwv_im.decision.phrases import bracketed, which_entries
from vwv_im.decision.result import Result
from vwv_im.lang import Verdict
from vwv_im.text import FactPath, JsonObject, Language, Text, group, sentence, written_day

PageDetail = Literal["short", "full"]
"""How much a page shows: the answer and what bears on it, or also the examination and what it rests on."""
_MOST: Mapping[str, int] = {"barring": 8, "documents": 4, "needed": 5, "helps": 3, "check": 3, "questions": 3}
"""How many lines the sections of the short page have at most, those first that weigh most."""
_ROOM, _LINE = 12, 90
"""How many lines these sections have together where one item each is less, and how long a line is taken to be."""
_MOST_UNEXAMINED = 6
_SETTLED = (Verdict.YES, Verdict.DISCRETION)


@dataclass(frozen=True, slots=True)
class Unmet(JsonObject, schema="UnmetDocument"):
    """A requirement that is not met, said as the page says it, and the stated facts that decide it."""

    title: str
    facts: tuple[FactPath, ...]


def unmet_of(decision: Result, lang: Language) -> tuple[Unmet, ...]:
    """Return what is not met, in the words in which the page says it stands in the way."""
    barring = obstacles_of(decision, lang, short=False)
    return tuple(Unmet(item.text, item.facts) for item in barring if item.mark == MARKS[Verdict.NO])


def page_of(decision: Result, lang: Language, detail: PageDetail = "full", years: Iterable[Block] = ()) -> list[Block]:
    """Return the page: the answer, what stands in the way, the tables, what is needed, what would help; then the rest.

    `years` are the blocks of a section of amounts by year, which the rules alone do not give.
    """
    first = answer_of(decision, lang, detail)
    return first if detail == "short" else first + examination_of(decision, lang, years)


def answer_of(decision: Result, lang: Language, detail: PageDetail) -> list[Block]:
    """Return the first part of a page, which on the short one is all: the answer, and what bears on it."""
    short = detail == "short"
    items = {
        "barring": obstacles_of(decision, lang, short=short),
        "documents": [Item(one, "–") for one in documents_of(decision, lang)],
        "needed": needed_items(decision, lang, short=short),
        "helps": list(map(Item, what_helps(decision, lang))),
        "check": [
            *_contradictions(decision, lang),
            *_unusual(decision, lang, short=short),
            *_passed_over(decision, lang),
        ],
        "questions": [Item(one.text.in_(lang), "?") for one in decision.decisive_questions] if short else [],
    }
    shown = _fitting(decision, items) if short else {name: len(found) for name, found in items.items()}
    sections = {name: list(_section(decision, name, found, shown[name], lang)) for name, found in items.items()}
    first = [*_answer(decision, lang, short=short), *sections["check"], *sections["barring"]]
    first += sections["documents"]
    first += [*list_tables(decision, lang, short=True), *sections["needed"], *sections["helps"], *sections["questions"]]
    return first


def _fitting(decision: Result, items: Mapping[str, Sequence[Item]]) -> dict[str, int]:
    """Return how many items each section shows; open questions only where nothing else is open."""
    shown = {name: min(1, len(found)) for name, found in items.items()}
    if decision.verdict not in _SETTLED:
        shown["questions"], items = 0, {**items, "questions": ()}

    def lines() -> int:
        told = sum(1 + len(one.marked) // _LINE for name, found in items.items() for one in found[: shown[name]])
        return told + sum((shown[name] < len(found)) + bool(found) for name, found in items.items())

    for name, found in items.items():
        while shown[name] < min(_MOST[name], len(found)) and lines() <= _ROOM:
            shown[name] += 1
        if lines() > _ROOM and shown[name] > 1:
            shown[name] -= 1
    return shown


def _section(decision: Result, name: str, items: Sequence[Item], shown: int, lang: Language) -> Iterator[Block]:
    """Yield a section, where it has an item."""
    if items:
        settled = name == "needed" and decision.verdict in _SETTLED
        title = "contrary" if name == "check" and decision.contradictions else "values" if settled else name
        if name == "questions" and decision.verdict is Verdict.YES:
            title = "silent"
        if name == "barring" and all(item.mark == MARKS[Verdict.OPEN] for item in items):
            title = "open"
        count = f": {len(items)}" if name == "questions" else ""
        yield Heading(2, f"{sentence(f'answer.{title}').in_(lang)}{count}", name)
        more = len(items) - shown
        yield from items[:shown] if more > 1 else items
        if shown and more > 1:
            yield Item(Text(f"… und {more} weitere", f"… and {more} more").in_(lang))


def _answer(decision: Result, lang: Language, *, short: bool) -> Iterator[Block]:
    """Yield the question as the title, and the panel: the result, what was not examined, the Fassung, a disclaimer.

    Why a Fassung was chosen is told where the page is not short, or none was; on the short one, that it is retroactive.
    """
    day, act = written_day(decision.on, lang), decision.regulation.act
    decided = Text(f"Entscheidung am {day}", f"Decision on {day}").in_(lang)
    yield Heading(1, f"{decision.asked.frage.text.in_(lang)} ({decided})", "result")
    unexamined = [one.unexamined.in_(lang) for one in decision.open_questions if one.unexamined]
    if short and len(unexamined) > _MOST_UNEXAMINED:
        more = len(unexamined[_MOST_UNEXAMINED:])
        unexamined[_MOST_UNEXAMINED:] = [Text(f"{more} weitere", f"{more} more").in_(lang)]
    fassung, because = decision.fassung.id, decision.fassung.choice.because.in_(lang)
    known = [act(name).kurz.text for name in decision.fassung.erlasse] if fassung is not None else []
    further = [Text(f" Daneben gilt der {one.de}.", f" Beside it the {one.en} applies.").in_(lang) for one in known]
    chosen = because
    if short and fassung is not None:
        retroactive = act(fassung).ausgefertigt > decision.on
        added = Text(", die rückwirkend gilt", ", which applies retroactively").in_(lang) if retroactive else ""
        chosen = f"{act(fassung).kurz.text.in_(lang)}{added}."
    lines = [
        f"{Text('Nicht geprüft', 'Not examined').in_(lang)}: {', '.join(unexamined)}." if unexamined else "",
        f"Fassung: {chosen}{''.join(further)}",
        disclaimer_of(decision).in_(lang),
    ]
    yield Panel(decision.verdict, decision.outcome, result_of(decision).in_(lang), tuple(filter(None, lines)))


def _contradictions(decision: Result, lang: Language) -> list[Item]:
    return [Item(one.text.in_(lang), "!", facts=one.places) for one in decision.contradictions]


def _unusual(decision: Result, lang: Language, *, short: bool) -> list[Item]:
    """Return what is not plausible, what is said alike of several entries once; on the short page only what it is."""
    said = (((one.title.in_(lang), "" if short else one.rest.in_(lang)), one) for one in decision.plausibility)
    items = []
    for (title, rest), alike in group(said).items():
        which = bracketed(which_entries([one.about for one in alike], decision.context, lang))
        facts = dict.fromkeys(fact for one in alike for fact in one.facts)
        items.append(Item(f"{title}{which}." + (f" {rest}" if rest else ""), "!", facts=tuple(facts)))
    return items


def _passed_over(decision: Result, lang: Language) -> list[Item]:
    """Return what is stated and not read since its act was not known, what is stated alike of several entries once."""
    items = []
    for (fact, act), alike in group(((one.fact, one.act), one) for one in passed_over(decision)).items():
        title = decision.regulation.vocabulary.facts[fact].title.in_(lang)
        which = bracketed(which_entries([one.subject for one in alike], decision.context, lang))
        words = {"fact": title, "which": which, "act": decision.regulation.act(act).kurz.text}
        text = sentence("page.passed_over", **words).in_(lang)
        items.append(Item(text, "!", facts=tuple(one.path for one in alike)))
    return items


def needed_items(decision: Result, lang: Language, *, short: bool) -> list[Item]:
    """Return the questions still to be answered, those that decide most first; one for several entries once.

    On the full page also those that can no longer change the verdict. Where the verdict is settled and not *no*, what
    the tables lack.
    """
    ranked: dict[str, Missing | None] = {need.fact: None for need in needs_of(decision).facts}
    entries = {entry.fact: entry for entry in decision.missing}
    paths = [*ranked, *(path for path in entries if path not in ranked and not short)]
    questions = {path: entries[path].question for path in paths}
    if decision.verdict in _SETTLED:
        questions |= open_values(decision)
    asked = group((asking.in_(lang), path) for path, asking in questions.items())
    scopes = decision.context.plan.scopes if asked else ()
    holders = {one.name: one for scope in scopes for one in decision.context.subjects(scope)}
    items = []
    for question, of in asked.items():
        subjects = [holders[name] for path in of if (name := _holder(decision, path)) in holders]
        which = bracketed(which_entries(subjects, decision.context, lang))
        items.append(Item(f"{question}{which}", "?", facts=tuple(of)))
    return items


def _holder(decision: Result, path: str) -> str:
    fact = decision.regulation.vocabulary.fact_at(path)
    return path if fact is None else fact.home(path)
