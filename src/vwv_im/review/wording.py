"""The reading text of the items of a Fassung: plain sentences, generated from the rules, without a case.

Conditions are read off the plan, where negation has been pushed down to the comparisons and parameters have their
values; facts and parameters are called by their titles.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from vwv_im.decision import phrases
from vwv_im.decision.context import Names
from vwv_im.lang import COMPARISONS, OPERATIONS, Operation, parameters_of
from vwv_im.lang.fold import Fold, nodes
from vwv_im.lang.nodes import READING, Atom, Compute, Constant, Every, Over, Read, Some
from vwv_im.lang.nodes import Row as TableRow
from vwv_im.law import AnyItem, Fassung, Parameter, Regulation
from vwv_im.law.model import Pflicht
from vwv_im.law.observation import Plausibilitaet
from vwv_im.reasoning import plan as p
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.passage import Passage, Row
from vwv_im.text import Language, Text, sentence
from vwv_im.text.format import written_day_of_year


def _say(lang: Language, name: str, **words: Any) -> str:
    """Return what the reading text says by a name in `messages.toml`."""
    return sentence(f"wording.{name}", **words).in_(lang)


class Phrases(Fold[Passage, Passage, str]):
    """Writes the nodes of a Fassung in one language; `here` is the fact whose value a node is, or empty."""

    fassung: Fassung
    names: Names
    say: Callable[..., str]

    def __init__(self, fassung: Fassung, names: Names, lang: Language) -> None:
        self.fassung, self.names, self.lang, self.say = fassung, names, lang, partial(_say, lang)

    def title(self, fact: str) -> str:
        """Return how a fact is called."""
        return self.names.title(fact).in_(self.lang)

    def joined(self, node: Every | Some, parts: Iterator[Passage], here: str) -> Passage:
        """Return a head with the parts below it."""
        return Passage(self.say("some" if node.connective.decides else "every"), tuple(parts))

    def atom(self, node: Atom, here: str) -> Passage:
        """Return what is demanded of a fact."""
        if node.fact.startswith(READING):
            return Passage(self._reading(node), about=node.fact)
        title = self.title(node.fact)
        runs_on = COMPARISONS[node.operator].ordered and "," not in title
        return Passage(f"{title}{'' if runs_on else ':'} {self._demand(node)}", about=node.fact)

    def _reading(self, node: Atom) -> str:
        chosen = phrases.in_quotes(phrases.value_phrase(node.required, self.names, node.fact, self.lang), self.lang)
        followed = "not_followed" if COMPARISONS[node.operator].denies else "followed"
        return self.say(followed, point=phrases.in_quotes(self.title(node.fact), self.lang), reading=chosen)

    def _demand(self, node: Atom) -> str:
        if node.other is not None:
            return phrases.other_phrase(node.operator, node.other, self.names, self.lang)
        operator, operand = node.operator, node.operand
        if isinstance(operand, tuple) and any(constant.parameter for constant in operand):
            words = [self._required("ist", constant.value, constant.parameter, node.fact) for constant in operand]
            joint = phrases.NOR if COMPARISONS[operator].denies else phrases.OR
            return phrases.operator_phrase(operator, phrases.list_phrase(words, self.lang, joint), self.lang)
        parameter = next(parameters_of(node), None)
        return self._required(operator, node.required, parameter, node.fact)

    def _required(self, operator: str, value: Any, parameter: str | None, fact: str) -> str:
        """Write what is demanded of a fact by a fixed value, with the parameter that it comes from."""
        if parameter is None:
            return phrases.demand_phrase(operator, value, self.names, fact, self.lang)
        title = self.fassung.parameters[parameter].model.titel.text.in_(self.lang)
        if value is None:
            demand = phrases.operator_phrase(operator, phrases.in_quotes(title, self.lang), self.lang)
            return f"{demand} ({self.say('no_source')})"
        return f"{phrases.demand_phrase(operator, value, self.names, fact, self.lang)} ({title})"

    def constant(self, node: Constant, here: str) -> Passage:
        """Return a value, or a parameter with its value."""
        if node.parameter is None:
            return Passage(phrases.value_phrase(node.value, self.names, here, self.lang))
        model = self.fassung.parameters[node.parameter].model
        unit = self.names.vocabulary.units.get(model.einheit or "")
        shown = self.say("no_source") if node.value is None else phrases.constant_phrase(node.value, unit, self.lang)
        return Passage(f"{phrases.in_quotes(model.titel.text.in_(self.lang), self.lang)} ({shown})")

    def read(self, node: Read, here: str) -> Passage:
        """Return the title of a fact."""
        return Passage(phrases.in_quotes(self.title(node.fact), self.lang))

    def over(self, node: Over, here: str) -> Passage:
        """Return what is worked out for each entry, after what joins it."""
        how, several = OPERATIONS[node.operation], self.names.vocabulary.entities[node.scope].plural
        entries = Text(several.de, several.en[:1].lower() + several.en[1:]).in_(self.lang)
        if node.where is not None:
            which = self.condition(node.where, here)
            listed = [which.text] if not which.parts else [part.text for part in which.parts]
            entries += f" ({self.say('that_count')} {'; '.join(listed)})"
        if how.count_phrase is not None and node.value == Constant(1):
            return Passage(how.count_phrase.in_(self.lang).format(entries))
        lead = how.over_phrase or Text(f"über alle {{}}, {how.phrase.de}:", f"over all {{}}, {how.phrase.en}:")
        return self.expression(node.value, here).after(lead.in_(self.lang).format(entries))

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Passage], here: str) -> Passage:
        """Return an operation: its operands where its phrase has places for them, else after it or listed below it."""
        parts = [self.expression(part, here if operation.takes == "alike" else "") for part in node.operands]
        short = [len([*nodes(part)]) == 1 for part in node.operands]
        lead = self._phrase(operation, here)
        if "{}" in lead:
            return self._fill_places(lead, parts, short)
        if operation.arity is not None:
            return parts[0].after(lead)
        if len(parts) == 1:
            return parts[0]
        if all(short):
            return Passage(f"{lead} {phrases.list_phrase([part.text for part in parts], self.lang)}")
        return Passage(f"{lead}:", tuple(parts))

    def _phrase(self, operation: Operation, fact: str) -> str:
        found = self.names.plan.types.get(fact)
        days = operation.of_days if found is not None and found.kind == "datum" else None
        return (days or operation.phrase).in_(self.lang)

    def _fill_places(self, lead: str, parts: Sequence[Passage], short: Sequence[bool]) -> Passage:
        """Return operands in their places: in one line, or with what is longer listed as "Wert 1" and "Wert 2"."""
        names = [self.say("value", number=number) for number in range(1, len(parts) + 1)]
        texts = [part.text if short[n] else names[n] for n, part in enumerate(parts)]
        longer = (part.after(f"{names[n]}:") for n, part in enumerate(parts) if not short[n])
        return Passage(lead.format(*texts), tuple(longer))

    def table(self, rows: tuple[TableRow, ...], meant: Iterator[tuple[Passage | None, Passage]], here: str) -> Passage:
        """Return the rows of a decision table."""
        sides = list(meant)
        last = self.say("always" if all(when is None for when, _ in sides) else "else")
        when_, then_ = self.say("when"), self.say("then")
        read = (Row(None, then, last) if when is None else Row(when, then, when_, then_) for when, then in sides)
        return Passage(self.say("table"), rows=tuple(read))


Planned = p.Derivation | p.Requirement | p.Observation | p.Duty


class Wording:
    """The reading text of a Fassung in one language.

    >>> from vwv_im import regulation
    >>> law = regulation()
    >>> wording = Wording(law, law.fassung("2020-11-11"), "de")
    >>> print(wording.of(wording.fassung.parameters["hoechstdauer_monate"]))
    Höchstens möglicher Bewilligungszeitraum: 60 Monate
    >>> print(wording.of(wording.fassung.rules["stelle-mindestumfang"]))
    Mindestumfang der einzelnen Stelle
      Für jede Stelle muss gelten: Stellenumfang mindestens 0,25 VZÄ (Mindestumfang der einzelnen Stelle)
    """

    law: Regulation
    fassung: Fassung
    say: Callable[..., str]

    def __init__(self, law: Regulation, fassung: Fassung, lang: Language) -> None:
        self.law, self.fassung, self.lang, self.say = law, fassung, lang, partial(_say, lang)

    def of(self, item: AnyItem) -> Passage:
        """Return the reading text of an item of this Fassung."""
        if isinstance(item.model, Parameter):
            return self._parameter(item.model)
        return Passage(item.model.titel.text.in_(self.lang), tuple(self._below(item)))

    def by_subject(self) -> Mapping[str, tuple[AnyItem, ...]]:
        """Return the items of this Fassung by subject, in the order in which the rule files have them."""
        subjects: dict[str, list[AnyItem]] = {name: [] for name in self.law.subjects}
        for item in self.fassung:
            subjects.setdefault(item.subject, []).append(item)
        return {name: tuple(items) for name, items in subjects.items() if items}

    def planned(self, item: AnyItem) -> tuple[Planned, Phrases] | tuple[None, None]:
        """Return an item as the plan has it, with what puts it into words; nothing for what no plan reads."""
        return self._planned.get((item.entry.kind, item.id), (None, None))

    @cached_property
    def _planned(self) -> dict[tuple[str, str], tuple[Planned, Phrases]]:
        found: dict[tuple[str, str], tuple[Planned, Phrases]] = {}
        for question in self.law.questions:
            plan = make_plan(self.law, self.fassung, question, with_on_request=True)
            words = Phrases(self.fassung, Names(self.law, plan), self.lang)
            parts: tuple[Planned, ...] = (*plan.derivations, *plan.requirements, *plan.observations, *plan.duties)
            found.update({(part.item.entry.kind, part.item.id): (part, words) for part in parts})
        return found

    def _below(self, item: AnyItem) -> Iterator[Passage]:
        match self.planned(item):
            case p.Derivation() as planned, Phrases() as words:
                yield self._derivation(planned, words)
            case p.Requirement() as planned, Phrases() as words:
                yield from self._rule(planned, words)
            case p.Observation() as planned, Phrases() as words:
                yield from self._observation(planned, words)
            case p.Duty() as planned, Phrases() as words:
                yield from self._duty(planned, words)
            case _:
                yield Passage(self.say("note"))
        if (number := getattr(item.model, "nummer", None)) is not None:
            yield Passage(self.say("number", number=number))

    def _parameter(self, model: Parameter) -> Passage:
        unit = self.law.vocabulary.units.get(model.einheit or "")
        constant = phrases.constant_phrase(model.wert, unit, self.lang) if model.wert is not None else None
        number = (Passage(self.say("number", number=model.nummer)),) if model.nummer else ()
        return Passage(f"{model.titel.text.in_(self.lang)}: {constant or self.say('no_source')}", number)

    def _derivation(self, derivation: p.Derivation, words: Phrases) -> Passage:
        model, read = derivation.item.model, words.form(derivation.form, derivation.fact)
        if model.faelle is None:
            return read.after(self.say("computed" if model.wenn is None else "true_where"))
        notes: list[str] = []
        if sum(row.when is not None for row in read.rows) > 1:
            notes.append(self.say("first" if model.treffer == "erste" else "single"))
        if read.rows[-1].when is not None:
            why = f": {model.luecke}" if model.luecke else "."
            notes.append(f"{self.say('gap')}{why}")
        return replace(read, parts=tuple(Passage(note) for note in notes))

    def _rule(self, rule: p.Requirement, words: Phrases) -> Iterator[Passage]:
        about, authority = self._about(rule.scope), self.law.examination.behoerde.text
        yield words.condition(rule.condition, "").after(
            self.say(rule.item.model.consequence, about=about, authority=authority)
        )
        if rule.applies is not None:
            yield words.condition(rule.applies, "").after(self.say("only_where"))
        yield from self._counted_on(rule.item.model.zeitbezug)

    def _about(self, scope: str) -> Text:
        return sentence("wording.about", each=self.law.vocabulary.entities[scope].each)

    def _counted_on(self, words: str | None) -> Iterator[Passage]:
        if words is not None:
            yield Passage(self.say("counted_on", what=words))

    def _observation(self, told: p.Observation, words: Phrases) -> Iterator[Passage]:
        model = told.item.model
        yield words.condition(told.condition, "").after(self.say(told.kind, about=self._about(told.scope)))
        if isinstance(model, Plausibilitaet):
            yield Passage(self.say("told_as", words=model.satz.text))
        facts = [phrases.in_quotes(words.title(fact), self.lang) for fact in model.orte]
        yield Passage(self.say("concerned", facts=phrases.list_phrase(facts, self.lang)))

    def _duty(self, duty: p.Duty, words: Phrases) -> Iterator[Passage]:
        if duty.applies is not None:
            yield words.condition(duty.applies, "").after(self.say("duty_where"))
        yield self._due(duty.item.model, duty, words).after(self.say("due"))
        yield from self._counted_on(duty.item.model.zeitbezug)

    def _due(self, model: Pflicht, duty: p.Duty, words: Phrases) -> Passage:
        if model.faellig is None or duty.day is None:
            return Passage(self.say("no_day"))
        day = words.expression(duty.day, "")
        if (yearly := model.faellig.jaehrlich) is None:
            return day
        every = written_day_of_year(yearly.am, self.lang)
        return day.after(self.say("yearly", day=every, year=yearly.erstes_berichtsjahr))
