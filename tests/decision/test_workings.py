"""How a derived value came about: the sum that was done, each value in it, and what each rests on."""

from __future__ import annotations

import re

import pytest
import yaml

from support import EXAMPLES
from vwv_im import Decision, compare, evaluate
from vwv_im.decision.blocks import Heading, Item, Table, write
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.workings import Working, Workings
from vwv_im.lang.fold import nodes
from vwv_im.lang.nodes import Atom, Over, Read
from vwv_im.law.evidence import GRADES
from vwv_im.programm import page_of
from vwv_im.publish.office_files import note_of
from vwv_im.review.corpus import corpus

END, MONTHS = "Spätestens mögliches Ende (Stelle 1)", "Höchstens möglicher Bewilligungszeitraum der Stelle (Stelle 1)"


@pytest.fixture(scope="module")
def decision() -> Decision:
    """Berglen: a post of 1 October 2017, extended in 2019 and 2020."""
    return evaluate(EXAMPLES / "berglen.yaml", on="2021-06-01", engine="direct")


def told(decision: Decision, title: str) -> Item:
    """Return what the full page says of a derived value."""
    items = (block for block in page_of(decision, "de", "full") if isinstance(block, Item) and block.explains)
    return next(one for one in items if one.text.startswith(title))


def test_the_latest_end_is_the_start_and_the_months(decision: Decision) -> None:
    lines = [text for _, text in told(decision, END).details]
    assert "aus: 01.10.2017 + 60 Monate" in lines
    assert "Beschäftigungsbeginn: 1. Oktober 2017  [Angabe]" in lines
    assert any("§§ 187, 188 BGB" in line for line in lines)
    assert any("vom Beginn der Beschäftigung an" in line for line in lines)
    assert not any("zwei Jahre" in line for line in lines)


def test_the_section_of_the_bgb_leads_to_the_official_portal(decision: Decision) -> None:
    sources = [block.text for block in page_of(decision, "de", "full") if isinstance(block, Item)]
    assert any("§§ 187 und 188" in one and "https://www.gesetze-im-internet.de/bgb/" in one for one in sources)


def test_the_months_are_added_up_and_each_has_its_source(decision: Decision) -> None:
    lines = [text for _, text in told(decision, MONTHS).details]
    assert "aus: der kleinste Wert aus: 60 Monate; 24 Monate + 12 Monate + 24 Monate" in lines
    for title in ("Bewilligungszeitraum ohne Verlängerung", "Monate aus der Verlängerung 2019", "Verlängerung 2020"):
        assert any(re.search(rf"{title}: \d+ Monate  \[.+: \d+", line) for line in lines), title


def test_a_value_is_no_better_evidenced_than_what_it_was_worked_out_from() -> None:
    rank = [*GRADES].index
    for one in corpus()[::40]:
        decision = one.decide("direct")
        if not decision.derived:
            continue
        workings = Workings(decision.context, "de")
        for derivation, subject in decision.context.results():
            if decision.context.value(derivation.fact, subject) is not None:
                grade = decision.evidence.by_derived[subject.path(derivation.fact)]
                below = [each.grade for each in workings.of(derivation, subject).operands]
                graded = [each for each in below if each not in (None, "angabe")]
                assert grade == "angabe" or all(rank(grade) >= rank(each) for each in graded if each != "angabe")


def test_every_value_that_is_known_is_told_with_what_it_was_worked_out_from() -> None:
    """Of what is derived from stated facts or values of the law, each has a sum, a reason, or a value it comes from."""
    bare = set[str]()
    for one in corpus()[::25]:
        decision = one.decide("direct")
        context = decision.context if decision.derived else None
        series = {each.scope for each in context.plan.series} if context else set()
        for derivation, subject in context.results() if context else ():
            assert context is not None
            below = [*nodes(derivation.form)]
            added = any(isinstance(node, Over) and node.scope in series for node in below)
            known = context.value(derivation.fact, subject) is not None
            if known and not added and any(isinstance(node, Read | Atom) for node in below):
                bare |= set() if any(Workings(context, "de").of(derivation, subject)) else {derivation.fact}
    assert bare == set()


def test_a_mere_step_is_told_once() -> None:
    decision = evaluate(EXAMPLES / "nachbesetzung.yaml", on="2021-06-01", engine="direct")
    steps = [
        text
        for block in page_of(decision, "de", "full")
        if isinstance(block, Item)
        for _, text in block.details
        if text.startswith("aus: der späteste Tag aus 01.06.2021 und")
    ]
    assert len(steps) == 1


def test_the_amounts_of_a_carried_sum_are_found_below_its_steps() -> None:
    decision = evaluate(EXAMPLES / "nachbesetzung.yaml", on="2021-06-01", engine="direct")
    (post,) = decision.context.subjects("stelle")
    derivation = decision.context.plan.producers["stelle.festbetrag_eur_jahr"]
    working = Workings(decision.context, "de").of(derivation, post)
    assert isinstance(working, Working)
    assert [one.source for one in working.first_citations()][:1] == ["fafo-2021"]


@pytest.mark.parametrize("sort", ["page", "note"])
def test_the_end_in_the_table_of_posts_leads_to_what_it_rests_on(decision: Decision, sort: str) -> None:
    html = write(page_of(decision, "de", "full"), "html") if sort == "page" else note_of(decision, "html").decode()
    (place,) = set(re.findall(r'<a href="#([^"]+)">30\.09\.2022</a>', html))
    assert html.count(f'id="{place}"') == 1


def test_what_no_line_explains_is_no_link(decision: Decision) -> None:
    for one in corpus()[::50]:
        html = write(page_of(one.decide("direct"), "de", "full"), "html")
        assert set(re.findall('<a href="#(wert-[^"]+)"', html)) <= set(re.findall('id="(wert-[^"]+)"', html))


def checked(decision: Decision) -> list[str]:
    blocks = page_of(decision, "de", "short")
    begun = next((n for n, one in enumerate(blocks) if isinstance(one, Heading) and one.name == "check"), None)
    after = blocks[begun + 1 :] if begun is not None else []
    ends = next((n for n, one in enumerate(after) if not isinstance(one, Item)), len(after))
    return [one.text for one in after[:ends] if isinstance(one, Item)]


def test_an_extension_under_an_act_that_was_not_known_is_not_passed_over_in_silence() -> None:
    berglen = EXAMPLES / "berglen.yaml"
    unknown = evaluate(berglen, on="2020-06-01", known_on="2020-06-01", engine="direct")
    (note,) = [one for one in checked(unknown) if "zählt hier nicht" in one]
    assert "Verlängerung nach der Änderung 2020" in note
    assert "Änderung vom 11.11.2020" in note
    for known in ({}, {"known_on": "2020-11-11"}):
        assert not any("zählt hier nicht" in one for one in checked(evaluate(berglen, on="2020-06-01", **known)))


def test_an_extension_that_was_not_applied_for_needs_no_note() -> None:
    case = yaml.safe_load((EXAMPLES / "berglen.yaml").read_text("utf-8"))
    case["antrag"]["stellen"][0]["verlaengerung_2020_beantragt"] = False
    unknown = evaluate(case, on="2020-06-01", known_on="2020-06-01", engine="direct")
    assert not any("zählt hier nicht" in one for one in checked(unknown))


def test_a_comparison_says_that_only_a_refilled_post_gets_the_higher_rate() -> None:
    comparison = compare(EXAMPLES / "tettnang.yaml", on="2021-06-01")
    page = comparison_page(comparison, "de")
    assert "ohne Nachbesetzung bleibt es beim bisherigen Satz" in write(page, "text")
    (item,) = [one for one in page if isinstance(one, Item) and "zum höheren Satz gefördert" in one.text]
    assert any(text.startswith("Stelle 2: ") and "sie gilt bei: Nachbesetzung" in text for _, text in item.details)


def test_a_yes_does_not_read_as_if_it_were_open() -> None:
    decision = evaluate(EXAMPLES / "tettnang.yaml", on="2018-06-01", engine="direct")
    heads = [one.text for one in page_of(decision, "de", "short") if isinstance(one, Heading)]
    assert decision.verdict == "yes"
    assert any(one.startswith("Wozu keine Quelle etwas sagt") for one in heads)
    assert not any("Ergebnis ändern könnten" in one for one in heads)


def test_the_note_names_the_questions_that_bear_on_the_case_and_where_the_others_stand() -> None:
    decision = evaluate(EXAMPLES / "tettnang.yaml", on="2018-06-01", engine="direct")
    text = note_of(decision, "md").decode()
    section = text.partition("## Was die Quellen nicht sagen")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("- ")]
    assert len(lines) == len(decision.decisive_questions) + 1 < 20
    assert all("(betrifft „" in line for line in lines[:-1])
    assert "auf der Seite „Offene Fragen“" in lines[-1]


def test_a_table_of_posts_has_a_value_for_each_cell(decision: Decision) -> None:
    tables = [one for one in page_of(decision, "de", "full") if isinstance(one, Table)]
    rows = [row for one in tables for row in one.rows if row.values]
    assert rows
    assert all(len(row.values) == len(row.cells) for row in rows)
