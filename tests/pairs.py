"""Random complete cases, and the same with some facts blanked out; what each engine knows of them.

Most cases are those of the corpus and others made from them: some facts get the values that other cases state. So many
of them are granted, and much is known before the blanked facts come back. The others are drawn from around the
constants of the rules, every fact stated, under any reading.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from reasoning.agreement import rows_of
from reasoning.random_cases import CaseMaker
from support import FACTS, TOY
from vwv_im import Decision, evaluate, regulation
from vwv_im.case.vocabulary import scope_of
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.compiled_plan import REASONS
from vwv_im.reasoning.columns.evaluator import evaluator_for
from vwv_im.reasoning.columns.masks import MaskLayout
from vwv_im.reasoning.columns.schedule import stated_column
from vwv_im.reasoning.engines import EngineName
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.corpus import corpus
from vwv_im.tables.bulk import frames_of

WILD = 0.15
SOAK = int(os.environ.get("VWV_IM_SOAK", "1"))
"""How many times as many random cases are taken."""
LISTS = {"stellen": "stelle", "mitglieder": "mitglied"}
PART = {name: question.wurzel for name, question in regulation().questions.items()}
Path_ = tuple[Any, ...]
Values = Mapping[str, tuple[Any, ...]]


class Asked(NamedTuple):
    """A case with what is asked about it."""

    case: dict[str, Any]
    on: str
    options: Mapping[str, Any]

    def decided(self, engine: EngineName = "direct") -> Decision:
        return evaluate(self.case, on=self.on, engine=engine, **self.options)


class Seen(NamedTuple):
    """What an engine says of a case: how it ended, the verdict, and what is known, by kind and place."""

    outcome: str
    verdict: str | None
    known: Mapping[tuple[str, ...], Any]


class Pair(NamedTuple):
    """A case, the facts that are blanked out, and what is said of both."""

    full: Asked
    blanked: tuple[Path_, ...]
    more: Seen
    less: Seen

    @property
    def replaced(self) -> bool:
        """Whether a blanked fact replaces, by design, a value that is known without it."""
        less = self.full._replace(case=without(self.full.case, self.blanked))
        facts = [FACTS[fact(one)] for one in self.blanked if fact(one) in FACTS]
        return any(_is_known(path, less) for one in facts for path in one.replaces)


def _is_known(path: str, asked: Asked) -> bool:
    if path in FACTS:
        return any(fact(one) == path for one in leaves(asked.case))
    context = asked.decided().context
    return path in context.plan.producers and any(
        context.value(path, subject) is not None for subject in context.subjects(scope_of(path))
    )


def leaves(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the paths of every stated fact, and of every list of parts."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif path[-1:] in [(name,) for name in LISTS]:
        yield path
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    elif path:
        yield path


def fact(path: Path_) -> str:
    """Return the fact at a path: `stelle.vzae` for the size of the second post."""
    names = [str(key) for key in path if isinstance(key, str)]
    if len(names) > 1 and names[-2] in LISTS:
        return f"{LISTS[names[-2]]}.{names[-1]}"
    return ".".join(names)


def at(case: Any, path: Path_) -> Any:
    for key in path:
        case = case[key]
    return case


def without(case: dict[str, Any], blanked: Iterable[Path_]) -> dict[str, Any]:
    case = deepcopy(case)
    for *parents, last in blanked:
        del at(case, tuple(parents))[last]
    return case


@cache
def ours() -> tuple[tuple[Asked, ...], Values]:
    """Return the complete cases of the corpus, and the values that its cases state of each fact."""
    asked = tuple(
        Asked(
            dict(case.case),
            case.on,
            {"question": case.question or "antrag", "known_on": case.known_on, "readings": case.readings},
        )
        for case in corpus()
        if case.expected.get("verdict") in ("yes", "no", "discretion")
    )
    return asked, stated(asked)


def stated(asked: Iterable[Asked]) -> Values:
    """Return the values that some cases state of each fact."""
    values: dict[str, dict[str, Any]] = {}
    for one in asked:
        for path in leaves(one.case):
            value = at(one.case, path)
            values.setdefault(fact(path), {})[repr(value)] = value
    return {name: tuple(found.values()) for name, found in values.items()}


@cache
def of_the_village() -> tuple[tuple[Asked, ...], Values]:
    """Return complete applications to the invented regulation; until 2003 one of its requirements leaves discretion."""
    days = ("2001-06-01", "2002-10-01", "2003-08-01", "2004-05-01")
    posts = [
        {"vzae": size, "person_benannt": named, "schulabschluss": school, "berufsausbildung": trained}
        for size, named in (("0.5", True), ("1", True), ("0.75", True), ("0.4", True), ("0.5", False))
        for school in ("mittlerer", "hochschulreife", "keiner")
        for trained in (True, False)
    ]
    rest = {"beschaeftigungsbeginn": "2001-03-01", "hochschulabschluss": "keiner", "fachrichtung": "sozialwesen"}
    asked = tuple(
        Asked(
            {
                "antrag": {
                    "durchfuehrung": who,
                    "antragsteller": {"art": "gemeinde", "bundesland": "BW", "kreisangehoerig": True},
                    "stellen": [{**post, **rest}],
                }
            },
            day,
            {"rules": TOY},
        )
        for day in days
        for post in posts
        for who in (["eigen"], ["dritte"])
    )
    return asked, stated(asked)


def some_case(seed: int) -> Asked:
    """Return a case of the corpus, or one made from it."""
    draw = random.Random(seed)
    asked, values = ours()
    return changed(draw, draw.choice(asked), values)


def changed(draw: random.Random, asked: Asked, values: Values) -> Asked:
    """Return a case with up to two facts, now and then with half of them, replaced by values that other cases state."""
    case = deepcopy(asked.case)
    facts = list(leaves(case))
    most = len(facts) // 2 if draw.random() < WILD else 2
    for path in draw.sample(facts, min(len(facts), draw.randint(0, most))):
        try:
            at(case, path[:-1])[path[-1]] = deepcopy(draw.choice(values[fact(path)]))
        except (KeyError, IndexError):
            continue  # the list in which it stood was replaced just now
    return asked if is_of_nobody(case) else asked._replace(case=case)


def is_of_nobody(case: Mapping[str, Any]) -> bool:
    """Whether a case is faulty: a Zusammenschluss without members."""
    antrag = case.get("antrag", {})
    return antrag.get("mitglieder") == [] and antrag["antragsteller"].get("art") == "zusammenschluss"


def some_readings(draw: random.Random) -> dict[str, str]:
    """Return a reading of every disputed point."""
    return {name: draw.choice(sorted(one.lesarten)) for name, one in regulation().readings.items()}


def near_the_rules(seed: int, options: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield cases without end in which every fact is stated."""
    law = regulation()
    maker = CaseMaker(seed, [make_plan(law, fassung, options["question"]) for fassung in law.fassungen], law)
    part = "antrag" if options["question"] == "antrag" else "person"
    while True:
        yield Asked({part: maker.whole(part)}, str(maker.day()), options)


def chosen(draw: random.Random, asked: Asked) -> tuple[Path_, ...]:
    """Return up to four facts of what is asked about, to be blanked out, none of them within another."""
    free = [path for path in leaves(asked.case) if path[0] == PART.get(asked.options.get("question"), path[0])]
    taken = draw.sample(free, min(len(free), draw.randint(1, 4)))
    return tuple(path for path in taken if not any(path != one and path[: len(one)] == one for one in taken))


def drawn(seed: int, asked: Sequence[Asked], values: Values) -> Iterator[tuple[Asked, tuple[Path_, ...]]]:
    """Yield cases made from others, without end, each with the facts to be blanked out."""
    draw = random.Random(seed)
    while True:
        full = changed(draw, draw.choice(asked), values)
        if blanked := chosen(draw, full):
            yield full, blanked


def pairs(seed: int, count: int, source: tuple[Sequence[Asked], Values], engine: EngineName = "direct") -> list[Pair]:
    """Return so many pairs that an engine decides on both sides, one case at a time."""
    found: list[Pair] = []
    cases = drawn(seed, *source)
    while len(found) < count:
        full, blanked = next(cases)
        if (more := seen(full.decided(engine))).outcome == "decided":
            less = seen(full._replace(case=without(full.case, blanked)).decided(engine))
            found += told([Pair(full, blanked, more, less)])
    return found


def pairs_in_columns(asked: Sequence[tuple[Asked, tuple[Path_, ...]]]) -> list[Pair]:
    """Return those of some pairs, of which the same is asked, that `columns` decides on both sides."""
    less = [full._replace(case=without(full.case, blanked)) for full, blanked in asked]
    both = seen_in_columns([*(full for full, _ in asked), *less])
    sides = zip(asked, both, both[len(asked) :], strict=False)
    return told(Pair(full, blanked, more, fewer) for (full, blanked), more, fewer in sides)


def many(seed: int, question: str, readings: Mapping[str, str]) -> Iterator[tuple[Asked, tuple[Path_, ...]]]:
    """Yield cases with facts to be blanked out, without end, all asked the same; every fifth is drawn anew."""
    options = {"question": question, "known_on": None, "readings": readings}
    asked, values = ours()
    theirs = [one._replace(options=options) for one in asked if one.options["question"] == question]
    made, near, draw = drawn(seed, theirs, values), near_the_rules(seed, options), random.Random(seed)
    while True:
        yield from islice(made, 4)
        full = next(near)
        yield full, chosen(draw, full)


def told(found: Iterable[Pair]) -> list[Pair]:
    """Return those pairs of which something is to be held: both are decided, and no blanked fact replaces another."""
    return [one for one in found if one.more.outcome == one.less.outcome == "decided" and not one.replaced]


def seen(decision: Decision) -> Seen:
    """Return what a decision knows of its case."""
    found: dict[tuple[str, ...], Any] = {("derived", path): value for path, value in decision.derived.items()}
    for one in decision.examined:
        folded, applies = one.art in ("muss", "soll"), one.applies != "no"
        value = one.verdict.value if applies else "yes" if folded else "no"
        found["rule", one.rule, one.subject] = None if value == "open" else value
    for duty in decision.duties:
        found["duty", duty.id, str(duty.year)] = duty.due
    verdict = None if decision.verdict is None else decision.verdict.value
    found["verdict",] = None if verdict == "open" else verdict
    return Seen(decision.outcome, verdict, _known(found))


def _known(found: Mapping[tuple[str, ...], Any]) -> Mapping[tuple[str, ...], Any]:
    return {key: value for key, value in found.items() if value is not None}


def seen_in_columns(asked: Sequence[Asked]) -> list[Seen]:
    """Return what `columns` knows of cases of which the same is asked; it knows no days of duties."""
    law, options = regulation(), asked[0].options
    question, known = options["question"], options["known_on"]
    followed = {name: entry.vorgabe for name, entry in law.readings.items()} | dict(options["readings"])
    known_on = None if known is None else date.fromisoformat(str(known))
    evaluator = evaluator_for(law, question, known_on, followed)
    cases, days = [law.read_case(one.case) for one in asked], [date.fromisoformat(one.on) for one in asked]
    frames, layout = frames_of(law.vocabulary, law.questions[question].wurzel, cases, days, evaluator.series)
    rows = rows_of(evaluator.evaluate(frames, layout), layout, len(cases))
    return [_seen_in_rows(law, evaluator.masks, one, layout.root) for one in rows]


def _seen_in_rows(law: Regulation, masks: MaskLayout, rows: Mapping[str, Mapping[str, Any]], root: str) -> Seen:
    found: dict[tuple[str, ...], Any] = {}
    for place, row in rows.items():
        entity = law.vocabulary.entity_at(place)
        assert entity is not None
        path = place if row.get(stated_column(entity.name), True) else place.rpartition("[")[0]
        for name, value in row.items():
            if name.startswith(f"{entity.name}."):
                found["derived", path + name.removeprefix(entity.name)] = value
        own = masks.about(*(one.name for one in law.vocabulary.entities.values() if one.scope == entity.name))
        for verdict in REASONS:
            for rule in masks.names("requirements", (row[f"reasons_{verdict}"] or 0) & own):
                folded = masks.bit("requirements", rule) & masks.of_art("muss", "soll")
                value = verdict if verdict != "not_applicable" else "yes" if folded else "no"
                found["rule", rule, path] = None if value == "open" else value
    top = rows[root]
    found["verdict",] = None if top["verdict"] == "open" else top["verdict"]
    return Seen(top["outcome"], top["verdict"], _known(found))


def changes(pair: Pair) -> dict[tuple[str, ...], tuple[Any, Any]]:
    """Return what was known of the case with fewer facts and is not the same with more.

    A refusal has no duties, so that those of a case that was open go with it. A list that has no entries has none of
    which anything could be said.
    """
    after, found = pair.more.known, {}
    for key, value in pair.less.known.items():
        same = [other for other in after if key[:2] == other[:2] and _stands_for(key[2:], other[2:])] or [key]
        changed_ = [after.get(other) for other in same if after.get(other) != value]
        refused = key[0] == "duty" and pair.more.verdict == "no" and not any(one[0] == "duty" for one in after)
        empty = (
            value == "yes"
            and key[2:] in _ENTRIES
            and not any(one[2:3] and one[2].startswith(f"{key[2]}[") for one in after)
        )
        if changed_ and not refused and not empty:
            found[key] = (value, changed_[0])
    return found


_ENTRIES = tuple((f"antrag.{name}",) for name in LISTS)


def _stands_for(subject: Path_, other: Path_) -> bool:
    """Whether what is said of one subject is said of the other: of unstated posts, of each post stated later."""
    return subject == other or (subject in _ENTRIES and other[0].startswith(f"{subject[0]}["))
