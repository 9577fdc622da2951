"""Comparing Fassungen: what changed, by which operation, and that taking the operations back undoes the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from support import EXAMPLES, TOY
from test_laws import APPLICATION, ON
from vwv_im import Comparison, Decision, compare
from vwv_im.decision.attribution import dependants, output_titles
from vwv_im.decision.blocks import Heading, Item, Paragraph, Table, write
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.evaluate import decide
from vwv_im.review.corpus import corpus

DAY = "2022-06-01"
BERGLEN = EXAMPLES / "berglen.yaml"
CASES = [case for case in corpus() if not case.known_on]


def facet(decision: Decision, path: str) -> Any:
    """Return what a decision says at the path of a change."""
    if path in ("outcome", "verdict"):
        return None if decision.verdict is None and path == "verdict" else str(getattr(decision, path))
    if path.startswith("options."):
        return next((r.verdict.value for r in decision.options if f"options.{r.rule}.{r.subject}" == path), None)
    if path.startswith("duties."):
        for duty in decision.duties:
            year = f".{duty.year}" if duty.year is not None else ""
            if f"duties.{duty.id}{year}" == path:
                return duty.due.isoformat() if duty.due else "offen"
        return None
    return decision.derived.get(path)


def assert_causes_hold(comparison: Comparison) -> None:
    """Assert that taking the causes back undoes the change, and that each of them has a part in it."""
    law = comparison.regulation
    groups = dependants(law)
    decisions = {item.name: decision for item, decision in zip(comparison.laws, comparison.decisions, strict=True)}
    made: dict[Any, Decision] = {}

    def without(name: str, taken: frozenset[Any]) -> Decision:
        if (name, taken) not in made:
            late = decisions[name]
            made[name, taken] = decide(law, late.case, late.request, taken, late.fassung.choice)
        return made[name, taken]

    def together(operations: Iterable[Any]) -> frozenset[Any]:
        return frozenset(one for operation in operations for one in groups[operation])

    last = {item.name: item.last_act for item in comparison.laws}
    for change in comparison.changes:
        assert change.causes, change
        assert {cause.act for cause in change.causes} == {last[change.after]}
        assert facet(without(change.after, together(change.causes)), change.path) == change.old, change
        seen = [c for c in change.causes if facet(without(change.after, groups[c]), change.path) != change.new]
        bare = facet(without(change.after, together(seen)), change.path)
        for hidden in set(change.causes) - set(seen):
            assert facet(without(change.after, together([*seen, hidden])), change.path) != bare, (hidden, change)


BEFORE_ALL_LAW = "vn-vor-dem-11-12-2017-unter-spaetem-inkrafttreten"


NO_CAUSE = pytest.mark.xfail(
    reason="of a Bescheid before the first Fassung an act changes the duration by no operation", strict=True
)


@pytest.mark.parametrize(
    "case",
    [pytest.param(one, marks=NO_CAUSE if one.id == BEFORE_ALL_LAW else ()) for one in CASES[::40]],
    ids=lambda case: f"{case.id}-{case.on}",
)
def test_taking_a_cause_back_undoes_the_change(case: Any) -> None:
    assert_causes_hold(compare(case.case, on=case.on, question=case.question, readings=case.readings))


@given(case=APPLICATION, on=ON)
@settings(max_examples=8, deadline=None)
def test_causes_hold_for_random_cases(case: dict[str, Any], on: date) -> None:
    assert_causes_hold(compare(case, on=on))


@pytest.mark.parametrize("case", CASES[::40], ids=lambda case: f"{case.id}-{case.on}")
def test_every_difference_is_a_change(case: Any) -> None:
    comparison = compare(case.case, on=case.on, question=case.question, readings=case.readings)
    told = {(change.before, change.after, change.path) for change in comparison.changes}
    pairs = list(zip(comparison.laws, comparison.decisions, strict=True))
    for (before, old), (after, new) in pairwise(pairs):
        for path in {"outcome", "verdict", *old.derived, *new.derived}:
            if facet(old, path) != facet(new, path):
                assert (before.name, after.name, path) in told


def test_the_law_is_swapped_and_the_day_held() -> None:
    comparison = compare(BERGLEN, on=DAY)
    assert [law.name for law in comparison.laws] == [
        "2017-12-11", "2019-08-28", "2020-11-11", "2022-01-26", "2022-01-26+2022-03-11",
    ]  # fmt: skip
    assert {decision.on for decision in comparison.decisions} == {date(2022, 6, 1)}


def test_the_months_of_berglen_climb_by_an_act_each() -> None:
    comparison = compare(BERGLEN, on=DAY)
    path = "antrag.stellen[0].hoechstdauer_monate"
    assert [decision.derived[path] for decision in comparison.decisions] == [24, 36, 60, 72, 72]
    steps = [change for change in comparison.changes if change.path == path]
    assert [(step.old, step.new) for step in steps] == [(24, 36), (36, 60), (60, 72)]
    assert [{cause.act for cause in step.causes} for step in steps] == [{"2019-08-28"}, {"2020-11-11"}, {"2022-01-26"}]


def test_knowledge_is_told_where_it_differs() -> None:
    known = compare(BERGLEN, on="2020-06-01").known
    months = {decision.known_on: decision.derived.get("antrag.stellen[0].hoechstdauer_monate") for decision in known}
    assert months[date(2019, 8, 28)] == 36
    assert months[date(2020, 11, 11)] == 60
    assert known[0].outcome == "outside_scope"


def test_the_erlass_stands_beside_the_fassung() -> None:
    case = {"person": {"anschlussunterbringung": True, "gefluechtet": False, "aus_ukraine": True}}
    comparison = compare(case, on="2022-04-01", question="zielgruppe")
    assert [str(decision.verdict) for decision in comparison.decisions[-2:]] == ["no", "yes"]
    (change,) = (change for change in comparison.changes if change.path == "verdict")
    assert (change.old, change.new, {cause.act for cause in change.causes}) == ("no", "yes", {"2022-03-11"})


def test_changes_that_cancel_each_other_are_told() -> None:
    hidden = [
        change
        for case in CASES
        if "nachbesetzung" in case.id
        for change in compare(case.case, on=case.on, question=case.question, readings=case.readings).changes
        if change.old == change.new
    ]
    assert hidden
    assert all(len(change.causes) > 1 for change in hidden)


def test_another_regulation_can_be_compared() -> None:
    comparison = compare({"antrag": {"stellen": [{}]}}, on="2003-10-01", rules=TOY)
    assert len(comparison.decisions) == len(comparison.laws) > 1
    assert_causes_hold(comparison)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_page_names_steps_acts_and_knowledge(lang: Any, form: Any) -> None:
    page = " ".join(write(comparison_page(compare(BERGLEN, on=DAY), lang), form, width=400).split())
    unit = {"de": "Monate", "en": "months"}[lang]
    for text in (f"24 {unit} → 36 {unit}", f"36 {unit} → 60 {unit}", f"60 {unit} → 72 {unit}"):
        assert text in page
    act = {"de": "Änderung vom 11.11.2020", "en": "amendment of 11 November 2020"}
    known = {"de": "bekannt am 11. November 2020", "en": "as known on 11 November 2020"}
    assert act[lang] in page
    assert known[lang] in page
    assert "True" not in page
    assert "_" not in page.replace("\\_", "_") or form != "text"


@pytest.mark.parametrize(("lang", "step"), [("de", "64.000,00 € → 60.000,00 €"), ("en", "€64,000.00 → €60,000.00")])
def test_amounts_are_written_with_their_unit_and_raw_in_json(lang: Any, step: str) -> None:
    post = {"vzae": "1", "beschaeftigungsbeginn": "2017-01-01", "hochschulabschluss": "bachelor"}
    every = {f"verlaengerung_{year}_beantragt": True for year in (2019, 2020, 2022)} | {"stand_2018_12_31": "besetzt"}
    case = {"antrag": {"art": "erstantrag", "stellen": [{**post, **every, "fachrichtung": "sozialwesen"}]}}
    comparison = compare(case, on="2022-06-01")
    assert step in write(comparison_page(comparison, lang), "text").replace("\xa0", " ")
    (change,) = [one for one in comparison.to_dict()["changes"] if one["path"].endswith("festbetrag_eur_jahr")]
    assert (change["old"], change["new"]) == ("64000", "60000")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_what_differs_is_one_table_and_each_cause_is_told_once(lang: Any) -> None:
    comparison = compare(BERGLEN, on=DAY)
    page = comparison_page(comparison, lang)
    first, *rest = page[next(at for at, block in enumerate(page) if isinstance(block, Table)) :]
    assert isinstance(first, Table)
    columns = [tuple(row.cells[number] for row in first.rows) for number in range(1, len(first.columns))]
    assert all(one != other for one, other in pairwise(columns))
    shown = ", ".join(column.text for column in first.columns[1:])
    assert all(comparison.regulation.act(law.last_act).kurz.text.in_(lang) in shown for law in comparison.laws[1:])
    titles = [row.cells[0] for row in first.rows]
    assert len(titles) == len({*titles})
    assert {change.path for change in comparison.changes if change.old != change.new} <= {
        path for path, title in titles_of(comparison, lang) if title in titles
    }
    causes = {cause for change in comparison.changes for cause in change.causes}
    steps = [block for block in rest if isinstance(block, Item) and any(" → " in text for _, text in block.details)]
    told = "; ".join(block.text.removesuffix(".") for block in steps).split("; ")
    assert len(told) == len(causes)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_whole_page_begins_with_what_each_act_changes(lang: Any) -> None:
    """A clerk who asks what 2020 brought a post of Gruppe (c) need not read past a table."""
    qualified = {"hochschulabschluss": "keiner", "schulabschluss": "mittlerer", "berufsausbildung": True}
    post = {"vzae": "1", "beschaeftigungsbeginn": "2018-06-01", "zusatzvoraussetzung": True, **qualified}
    comparison = compare({"antrag": {"art": "verlaengerung", "stellen": [post]}}, on="2021-06-01")
    page = comparison_page(comparison, lang)
    begun = page[: next(at for at, block in enumerate(page) if isinstance(block, Table)) - 1]
    assert [write([one], "text") for one in comparison_page(comparison, lang, "short")] == [
        write([one], "text") for one in begun if not (isinstance(one, Item) and one.details)
    ]
    acts = [comparison.regulation.act(law.last_act).kurz.text.in_(lang) for law in comparison.laws[1:]]
    assert [block.text for block in begun[1:] if isinstance(block, Heading)] == acts
    of_2020 = begun[begun.index(Heading(2, acts[1], "causes")) : begun.index(Heading(2, acts[2], "causes"))]
    told = " ".join(block.text for block in of_2020 if isinstance(block, Item | Paragraph))
    vocabulary = comparison.regulation.vocabulary
    for wanted in (
        {"de": "können zwölf Monate dazukommen", "en": "twelve months can be added"}[lang],
        {"de": "ohne Nachbesetzung bleibt es beim bisherigen Satz", "en": "without refilling the rate stays"}[lang],
        vocabulary.facts["stelle.verlaengerung_2020_beantragt"].question.in_(lang),
    ):
        assert wanted in told
    assert vocabulary.facts["stelle.verlaengerung_2019_beantragt"].question.in_(lang) not in told


BACHELOR = {"vzae": "1", "beschaeftigungsbeginn": "2018-07-01", "hochschulabschluss": "bachelor"}
SOCIAL_WORK = {**BACHELOR, "fachrichtung": "sozialwesen"}
GROUP_C = {
    "vzae": "0.5", "beschaeftigungsbeginn": "2018-07-01", "hochschulabschluss": "keiner",
    "schulabschluss": "mittlerer", "berufsausbildung": True, "zusatzvoraussetzung": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("art", "posts", "of_group_c"),
    [
        ("erstantrag", [SOCIAL_WORK, GROUP_C], True),
        ("erstantrag", [SOCIAL_WORK], False),
        ("verlaengerung", [SOCIAL_WORK], False),
        ("nachbesetzung", [{**SOCIAL_WORK, "bewilligte_gruppe": "c"}], True),
        ("nachbesetzung", [{**GROUP_C, "bewilligte_gruppe": "b"}], False),
    ],
)
@pytest.mark.parametrize("detail", ["short", "full"])
def test_of_each_act_its_own_sentences_about_the_posts_come_first(
    art: str, posts: Any, of_group_c: bool, detail: Any
) -> None:
    comparison = compare({"antrag": {"art": art, "stellen": posts}}, on="2018-06-01")
    page = comparison_page(comparison, "de", detail)
    first = page[page.index(Heading(2, "Änderung vom 11.11.2020", "causes")) + 1]
    assert isinstance(first, Paragraph)
    assert first.text.startswith("Stellen können auf Antrag um weitere 24 Monate verlängert werden, auf höchstens 60")
    assert ("Wird eine Stelle der Gruppe (c)" in first.text) == of_group_c
    assert "Kennzahlen" not in first.text
    assert detail == "full" or len(write(page, "text", width=100).splitlines()) <= 40


def test_a_rule_that_does_not_apply_demands_nothing_but_says_to_whom_it_applies() -> None:
    post = {**GROUP_C, "bewilligte_gruppe": "c"}
    page = write(
        comparison_page(compare({"antrag": {"art": "nachbesetzung", "stellen": [post]}}, on=DAY), "de"), "text"
    )
    told = " ".join(page.split())
    assert (
        "gilt hier nicht: Qualifikationsgruppe der Person: Gruppe (c); sie gilt bei: Gruppe (a) oder Gruppe (b)."
        in told
    )
    assert "verlangt" not in told


@pytest.mark.parametrize("detail", ["short", "full"])
@pytest.mark.parametrize(
    ("on", "question", "said"),
    [
        ("2018-06-01", "antrag", "Anzuwenden ist „Stammfassung vom 11.12.2017“"),
        ("2022-06-01", "antrag", "Anzuwenden ist „Änderung vom 26.01.2022 mit dem Erlass vom 11.03.2022“"),
        ("2024-06-01", "antrag", "Ab dem 6. Juni 2023 gilt die VwV Integrationsmanagement 2023"),
        ("2024-06-01", "verwendungsnachweis", "Jeder Bescheid nach dem Recht seines Tages"),
    ],
)
def test_a_comparison_says_first_which_fassung_applies(on: str, question: str, said: str, detail: Any) -> None:
    case = EXAMPLES / ("tettnang.yaml" if question == "antrag" else "verwendungsnachweis-stuttgart.yaml")
    first = comparison_page(compare(case, on=on, question=question), "de", detail)[1]
    assert isinstance(first, Paragraph)
    assert said in first.text


def test_what_the_result_lacks_under_an_act_is_asked() -> None:
    """Only the day of the application is missing; it decides whether the Stichtag of 2019 matters."""
    qualified = {"hochschulabschluss": "keiner", "schulabschluss": "mittlerer", "berufsausbildung": True}
    post = {"vzae": "1", "beschaeftigungsbeginn": "2018-06-01", "zusatzvoraussetzung": True, **qualified}
    applicant = {"art": "gemeinde", "bundesland": "BW"}
    case = {"antrag": {"art": "erstantrag", "antragsteller": applicant, "stellen": [post]}}
    page = comparison_page(compare(case, on="2020-12-01"), "de", "short")
    asked = [
        block for block in page if isinstance(block, Item) and block.text == "An welchem Tag wurde der Antrag gestellt?"
    ]
    assert [block.facts for block in asked] == [("antrag.antragsdatum",)]


def test_a_comparison_answers_in_the_words_of_its_question_and_names_who_says_so() -> None:
    money = EXAMPLES / "verwendungsnachweis-stuttgart.yaml"
    page = comparison_page(compare(money, on="2026-11-30", question="verwendungsnachweis"), "de", "short")
    assert "Stammfassung vom 11.12.2017: Ergebnis beanstandet." in [getattr(block, "text", "") for block in page]
    whole = comparison_page(compare(BERGLEN, on=DAY), "de")
    assert any("[amtliche Veröffentlichung, Statistisches Landesamt" in getattr(block, "text", "") for block in whole)


def test_no_heading_of_a_comparison_stands_there_twice() -> None:
    page = comparison_page(compare(EXAMPLES / "tettnang.yaml", on="2018-06-01"), "de")
    headings = [block.text for block in page if isinstance(block, Heading)]
    assert len(headings) == len(set(headings))
    assert {"Änderung vom 11.11.2020", "Änderung vom 11.11.2020: Befehle und Folgen"} <= set(headings)


def test_what_a_comparison_asks_for_leads_to_its_field() -> None:
    page = comparison_page(compare(EXAMPLES / "tettnang.yaml", on="2018-06-01"), "de")
    asked = {block.text: block.facts for block in page if isinstance(block, Item) and block.mark == "?"}
    (facts,) = (
        found for text, found in asked.items() if "Verlängerung um 24 Monate nach der Änderung von 2020" in text
    )
    assert facts == tuple(f"antrag.stellen[{post}].verlaengerung_2020_beantragt" for post in range(2))


def test_a_change_is_told_once_however_many_operations_have_a_part_in_it() -> None:
    comparison = compare(EXAMPLES / "tettnang.yaml", on="2018-06-01")
    begun = ""
    told = list[tuple[str, str]]()
    for block in comparison_page(comparison, "de"):
        if isinstance(block, Heading):
            begun = block.text
        elif isinstance(block, Item):
            told += [(begun, text) for _, text in block.details if " → " in text]
    assert len(told) == len(set(told)) > 10


@pytest.mark.parametrize("lang", ["de", "en"])
def test_below_the_table_stands_once_what_the_open_values_lack(lang: Any) -> None:
    comparison = compare(BERGLEN, on=DAY)
    told = [one.text for one in comparison_page(comparison, lang) if isinstance(one, Paragraph)]
    degree = comparison.regulation.vocabulary.facts["stelle.hochschulabschluss"].question.in_(lang)
    lacking = {"de": "Offen, weil Angaben fehlen: ", "en": "Open, since facts are missing: "}[lang]
    (open_,) = (text for text in told if text.startswith(lacking))
    assert open_.count(degree) == 1


def titles_of(comparison: Comparison, lang: Any) -> list[tuple[str, str]]:
    return [one for decision in comparison.decisions for one in output_titles(decision, lang)]


def test_a_yearly_duty_whose_years_are_open_is_open_and_not_dropped() -> None:
    post = {
        "vzae": "1", "beschaeftigungsbeginn": "2018-03-01", "stand_2018_12_31": "besetzt",
        "verlaengerung_2019_bewilligt": True, "verlaengerung_2020_beantragt": True,
    }  # fmt: skip
    comparison = compare({"antrag": {"art": "verlaengerung", "stellen": [post]}}, on="2020-12-01")
    page = comparison_page(comparison, "de")
    table = next(block for block in page if isinstance(block, Table))
    years = [row.cells for row in table.rows if "Kennzahlen" in row.cells[0] and "(20" in row.cells[0]]
    assert years
    for cells in years:
        assert cells[-1] == "offen", cells
    steps = [text for block in page if isinstance(block, Item) for _, text in block.details if "Kennzahlen" in text]
    assert not [text for text in steps if "→ entfällt" in text and "halbjährlich" not in text]
