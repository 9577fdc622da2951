"""A comparison as a page: what each act changes of the result and of what is always shown, as the short answer.

The whole page begins with it; then come one table with a column for each Fassung, what each act did, and what was known
when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter

from vwv_im.decision.attribution import DUTIES, OPEN, OPTIONS, operation_phrase, output_phrases, output_titles
from vwv_im.decision.blocks import Block, Column, Heading, Item, Paragraph, Table, TableRow
from vwv_im.decision.compare import Change, Comparison
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import PageDetail
from vwv_im.decision.list_tables import open_phrase, open_values
from vwv_im.decision.open_questions import condition_for
from vwv_im.decision.phrases import DOES_NOT_APPLY, bracketed, which_entries, which_entry
from vwv_im.decision.reason import Reason
from vwv_im.lang import Verdict
from vwv_im.law import Law, OperationId
from vwv_im.law.evidence import GRADES
from vwv_im.text import Language, Text, group, sentence, written_day
from vwv_im.text.format import short_day

_RESULT = "verdict"
_MOST, _BESIDE_SENTENCES = 6, 3
"""So many lines an act has in the short answer at most, alone and beside its own sentences."""
_FASSUNG = Text("Fassung", "Fassung")
_NOT_PROVIDED = Text("nicht vorgesehen", "not provided for")
_NOTHING = Text("Nichts.", "Nothing.")
_NUMBERS = re.compile(r"\[\d+\]")


def comparison_page(comparison: Comparison, lang: Language, detail: PageDetail = "full") -> list[Block]:
    """Return a comparison as a page: what differs between the Fassungen, by which acts, and what was known when.

    Both say first of each act what it changes; the short one says no more.
    """
    page = _Page(comparison, lang)
    return [*page.head(), *page.answer(detail), *(page.blocks() if detail == "full" else ())]


def _lacking(decision: Decision) -> dict[str, Text]:
    """Return the facts for lack of which the result, or a value in a table of the short answer, is open."""
    return {**{one.fact: one.question for one in decision.missing}, **open_values(decision)}


class _Page:
    def __init__(self, comparison: Comparison, lang: Language) -> None:
        self.comparison, self.law, self.lang = comparison, comparison.regulation, lang
        self.titles = {
            path: title for decision in comparison.all_decisions for path, title in output_titles(decision, lang)
        }
        self.about = {
            path: (derivation.item.model.titel.text.in_(lang), subject)
            for decision in comparison.decisions
            for path, derivation, subject in decision.context.results_by_path
        }
        self.about |= {
            f"{OPTIONS}{option.rule}.{option.subject}": (option.title.in_(lang), option.condition.subject)
            for decision in comparison.decisions
            for option in decision.options
        }
        laws = [law.name for law in comparison.laws]
        first, *later = comparison.laws
        self.heads = {first.name: self._original()}
        self.heads |= {law.name: self._law_name(law.fassung, law.erlasse) for law in later}
        self.words = {law: self._words(one) for law, one in zip(laws, comparison.decisions, strict=True)}

    def head(self) -> Iterator[Block]:
        """Yield what is compared, which Fassung applies, and that the others are only compared with it."""
        comparison, lang = self.comparison, self.lang
        day = written_day(comparison.decisions[0].on, lang)
        yield Heading(1, Text(f"Vergleich der Fassungen für den {day}", f"The Fassungen compared for {day}").in_(lang))
        choice = comparison.known[-1].fassung.choice
        if choice.basis is not None and choice.status == "inside":
            act = self.heads.get(Law(choice.basis, choice.erlasse).name, self._law_name(choice.basis, choice.erlasse))
            yield Paragraph(sentence("page.compared", act=act).in_(lang), strong=True)
        else:
            yield Paragraph(f"{choice.because.in_(lang)} {sentence('page.all_compared').in_(lang)}", strong=True)

    def answer(self, detail: PageDetail) -> Iterator[Block]:
        """Yield the result, and of each act what it changes: of what is always shown, and how much besides.

        First come the act's own sentences about what the case has. What it made possible is told too: under conditions
        that the case does not meet, or on facts that it lacks.
        """
        lang, (first, *later) = self.lang, self.comparison.laws
        yield Paragraph(f"{self._original()}: {self.titles[_RESULT]} {self.words[first.name][_RESULT]}.")
        overview = {_RESULT, *self._overview(self.comparison.all_decisions)}
        asked = [*map(_lacking, self.comparison.decisions)]
        for law, before, after in zip(later, asked, asked[1:], strict=False):
            changes = [one for one in self.comparison.changes if one.after == law.name and one.old != one.new]
            own = [" ".join(sentences)] if (sentences := list(self._own_sentences(law))) else []
            told = [one for one in changes if one.path in overview or (not own and one.path.startswith(OPTIONS))]
            most = _BESIDE_SENTENCES if own else _MOST
            steps = [self._joint_step(alike) for alike in self._alike(told)]
            besides = [one.path for one in changes if one not in told]
            possible = list(self._not_here(law, detail, titled=bool(own)))
            lacking = group((text, fact) for fact, text in after.items() if fact not in before)
            yield Heading(2, self.law.act(law.last_act).kurz.text.in_(lang), "causes")
            yield from map(Paragraph, own)
            yield from (*map(Item, steps[:most]), *possible)
            for question, facts in lacking.items():
                yield Item(question.in_(lang), "?", facts=tuple(facts))
            if more := len(steps[most:]) + len(besides):
                duties = sum(path.startswith(DUTIES) for path in besides)
                yield Item(self._more(more, duties, steps).in_(lang))
            elif not (steps or possible or lacking):
                yield Item(Text("Ändert hier nichts.", "Changes nothing here.").in_(lang))

    def _alike(self, changes: Iterable[Change]) -> Iterator[list[Change]]:
        """Yield the changes, those together that are the same for several entries; the result first, options last."""
        found: dict[tuple[str, str, str], list[Change]] = {}
        for change in sorted(changes, key=lambda one: (one.path != _RESULT, one.path.startswith(OPTIONS))):
            found.setdefault((_NUMBERS.sub("", change.path), *self._from_to(change)), []).append(change)
        yield from found.values()

    def _joint_step(self, alike: Sequence[Change]) -> str:
        if not alike[1:]:
            return self._step(alike[0])
        title, context = self.about[alike[0].path][0], self.comparison.decisions[0].context
        entries = which_entries([self.about[one.path][1] for one in alike], context, self.lang)
        return f"{title}{bracketed(entries)}: {' → '.join(self._from_to(alike[0]))}"

    def _more(self, count: int, duties: int, steps: Sequence[str]) -> Text:
        """Return how many changes there are besides, and of how many duties."""
        also = Text("… und {} weitere", "… and {} more") if steps else Text("{} Änderungen", "{} changes")
        of_duties = Text(f", davon {duties} an Pflichten", f", {duties} of them to duties") if duties else Text("", "")
        return Text(*(f"{one.format(count)}{other}" for one, other in zip(also, of_duties, strict=True)))

    def blocks(self) -> Iterator[Block]:
        """Yield the rest of the whole page."""
        comparison, lang = self.comparison, self.lang
        yield Heading(2, Text("Die Fassungen nebeneinander", "The Fassungen side by side").in_(lang), "differences")
        overview = list(dict.fromkeys(self._overview(comparison.decisions)))
        differing = (change.path for change in comparison.changes if change.old != change.new)
        paths = dict.fromkeys([_RESULT, *overview, *sorted(differing, key=lambda path: path.startswith(DUTIES))])
        undated = {path.rpartition(".")[0] for path in paths if path.startswith(DUTIES)}
        paths = dict.fromkeys(path for path in paths if path not in undated)
        yield self._table(list(self.heads.values()), list(self.words.values()), paths)
        questions = chain.from_iterable(_lacking(one).values() for one in comparison.decisions)
        if lacking := open_phrase(questions, lang):
            yield Paragraph(lacking)
        yield Heading(2, Text("Was sich ändert, und wodurch", "What changes, and by what").in_(lang), "causes")
        if not comparison.changes:
            yield Paragraph(_NOTHING.in_(lang))
        for law in comparison.laws[1:]:
            yield from self._act(
                law.last_act, [one for one in comparison.changes if one.after == law.name and one.path in paths]
            )
        if not comparison.known[1:]:
            return
        known = Text("Welche Änderungen waren damals bekannt?", "Which amendments were known at the time?")
        yield Heading(2, known.in_(lang), "known")
        dated = [one.known_on for one in comparison.known if one.known_on is not None]
        heads = [
            Text(f"bekannt am {written_day(one, 'de')}", f"as known on {written_day(one, 'en')}").in_(lang)
            for one in dated
        ]
        yield self._table(heads, [self._words(one) for one in comparison.known], (_FASSUNG.de, _RESULT, *overview))

    def _law_name(self, fassung: str, erlasse: tuple[str, ...]) -> str:
        joint = Text(" mit dem ", " with the ").in_(self.lang)
        return joint.join(self.law.act(name).kurz.text.in_(self.lang) for name in (fassung, *erlasse))

    def _original(self) -> str:
        """Return a short head for the first Fassung."""
        day = self.law.act(self.law.laws[0].fassung).ausgefertigt
        return Text(f"Stammfassung vom {short_day(day)}", f"original of {written_day(day, 'en')}").in_(self.lang)

    def _joined(self, heads: Sequence[str]) -> str:
        """Return the head of a column that several share; what one repeats of that before it is left out."""
        also = Text("auch", "also").in_(self.lang)
        told = [
            f"{also} {head.removeprefix(before).strip()}" if before and head.startswith(before) else head
            for before, head in zip(("", *heads), heads, strict=False)
        ]
        return ", ".join(told)

    def _words(self, decision: Decision) -> dict[str, str]:
        """Return the outputs of a decision in words, by their paths."""
        words, fassung = dict(output_phrases(decision, self.lang)), decision.fassung
        named = "–" if fassung.id is None else self._law_name(fassung.id, fassung.erlasse)
        return {_RESULT: words["outcome"], _FASSUNG.de: named, **words}

    def _at(self, words: dict[str, str], path: str) -> str:
        """Return an output in words: of a duty whose years are open, each year is."""
        open_years = path.startswith(DUTIES) and path.rpartition(".")[0] in words
        absent = OPEN if open_years else _NOT_PROVIDED if path.startswith(OPTIONS) else DOES_NOT_APPLY
        return words.get(path, absent.in_(self.lang))

    def _overview(self, decisions: Iterable[Decision]) -> Iterator[str]:
        """Yield the paths of what is always shown."""
        for decision in decisions:
            for derivation, subject in decision.context.results() if decision.derived else ():
                if derivation.item.model.ueberblick:
                    yield subject.path(derivation.fact)

    def _table(self, heads: Sequence[str], words: Sequence[dict[str, str]], paths: Iterable[str]) -> Table:
        """Return a table with a row for each path; neighbours that have the same throughout share a column."""
        titles = {_FASSUNG.de: _FASSUNG.in_(self.lang), **self.titles}
        shown = list(paths)
        columns = zip(heads, (tuple(self._at(one, path) for path in shown) for one in words), strict=True)
        alike = [(cells, [head for head, _ in found]) for cells, found in groupby(columns, key=itemgetter(1))]
        rows = (
            TableRow((titles.get(path, path), *(cells[row] for cells, _ in alike))) for row, path in enumerate(shown)
        )
        first = Text("Was verglichen wird", "What is compared").in_(self.lang)
        return Table(first, (Column(first), *(Column(self._joined(heads)) for _, heads in alike)), tuple(rows))

    def _act(self, act: str, changes: Sequence[Change]) -> Iterator[Block]:
        """Yield what an act did: each operation once, those together that changed the same, and each change once."""
        model, effects = self.law.act(act), dict[OperationId, list[Change]]()
        for change in changes:
            for cause in change.causes:
                effects.setdefault(cause, []).append(change)
        if effects:
            what = Text("Befehle und Folgen", "operations and effects").in_(self.lang)
            yield Heading(3, f"{model.kurz.text.in_(self.lang)}: {what}")
            if others := [one.text.in_(self.lang) for one in model.inhalt if one.bezug is None]:
                yield Paragraph(" ".join(others))
        together: dict[tuple[str, ...], list[OperationId]] = {}
        for operation, found in effects.items():
            together.setdefault(tuple(one.path for one in found), []).append(operation)
        shown = set[str]()
        for operations in together.values():
            told = "; ".join(map(self._commanded, operations))
            steps = [self._step(one) for one in effects[operations[0]]]
            new = [step for step in steps if step not in shown]
            joint = [self._joint(len(steps) - len(new))] if steps[len(new) :] else []
            yield Item(f"{told}.", details=tuple((0, line) for line in (*joint, *new)))
            shown.update(new)

    def _commanded(self, operation: OperationId) -> str:
        """Return what an operation did, how that is known, and who says so."""
        beleg = self.law.operations[operation].beleg[0]
        source = self.law.sources.get(beleg.quelle or "")
        told = ", ".join(
            filter(None, (GRADES[self.law.grade(beleg)].in_(self.lang), source.herausgeber if source else None))
        )
        return f"{operation_phrase(self.law, operation, self.lang)} [{told}]"

    def _joint(self, count: int) -> str:
        """Return that an operation has a part in changes that were told of another."""
        if count == 1:
            one = Text("wirkt an einer der schon genannten Änderungen mit", "has a part in one of the changes above")
            return one.in_(self.lang)
        several = f"wirkt an {count} der schon genannten Änderungen mit", f"has a part in {count} of the changes above"
        return Text(*several).in_(self.lang)

    def _from_to(self, change: Change) -> tuple[str, str]:
        """Return in words what was before a change and what is after it."""
        old, new = (self._at(self.words[law], change.path) for law in (change.before, change.after))
        return old, new

    def _under(self, law: Law) -> Decision:
        return self.comparison.decisions[self.comparison.laws.index(law)]

    def _own_sentences(self, law: Law) -> Iterator[str]:
        """Yield what the last act says in its own sentences of the entries that the case has, where it concerns one."""
        context = self._under(law).context
        for one in self.law.act(law.last_act).inhalt:
            entries = context.subjects(one.bezug) if one.bezug in context.plan.scopes else ()
            if any(context.truth(condition_for(context, one, entry.scope), entry) is not False for entry in entries):
                yield one.text.in_(self.lang)

    def _not_here(self, law: Law, detail: PageDetail, *, titled: bool) -> Iterator[Item]:
        """Yield what an act made possible under conditions that the case does not meet; `titled`: only why not."""
        act, after = law.last_act, self._under(law)
        closed = (
            reason
            for reason in after.examined
            if reason.art == "kann" and reason.applies is Verdict.NO and reason.requirement.item.act == act
        )
        for _, found in groupby(closed, lambda reason: reason.rule):
            reasons = list(found)
            kurz = reasons[0].requirement.item.model.kurz
            if kurz is not None and (detail == "full" or not titled):
                said = reasons[0].title if titled else kurz.text
                why = ((0, self._why_not(one, after)) for one in reasons if detail == "full")
                yield Item(said.in_(self.lang), "·", tuple(why))

    def _why_not(self, reason: Reason, decision: Decision) -> str:
        entry = which_entry(reason.condition.subject, decision.context, self.lang)
        return f"{entry}{': ' if entry else ''}{reason.explanation(self.lang)}"

    def _step(self, change: Change) -> str:
        note = Text(" (Änderungen heben sich auf)", " (changes cancel each other)").in_(self.lang)
        old, new = self._from_to(change)
        title = self.titles.get(change.path, change.path)
        return f"{title}: {old} → {new}{note if change.old == change.new else ''}"
