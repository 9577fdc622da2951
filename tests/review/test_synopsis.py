"""The synopsis of an act: old and new side by side, and the cases whose decision it changes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support import RULES, TOY, Edit, edited
from vwv_im import regulation
from vwv_im.cli.main import app
from vwv_im.decision.request import RequestError
from vwv_im.law.history import OperationId
from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.review.passage import Marked, Passage, mark_differences
from vwv_im.review.synopsis import Synopsis, SynopsisRow, synopsis, transition
from vwv_im.review.synopsis_page import html, markdown

LAW = regulation()


@cache
def sample() -> tuple[CorpusCase, ...]:
    """Return some of the corpus: enough to show every kind of effect, few enough to be quick."""
    words = ("berglen", "ukraine", "unterbrechung", "hoeherer", "erlass")
    return tuple(case for case in corpus() if any(word in case.id for word in words))


@cache
def of(wanted: str) -> Synopsis:
    return synopsis(LAW, wanted, cases=sample())


def row(wanted: str, item: str) -> SynopsisRow:
    return next(row for row in of(wanted).rows if row.id == item)


def changed(side: Marked) -> list[str]:
    return [words.text.strip() for line in side for words in line.words if words.changed]


def plain(side: Marked) -> list[str]:
    return [line.text for line in side]


# What is compared


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        ("2019-08-28", "2017-12-11", "2019-08-28"),
        ("2017-12-11..2022-01-26", "2017-12-11", "2022-01-26"),
        ("2022-03-11", "2022-01-26", "2022-01-26+2022-03-11"),
        ("2020-11-11..2022-03-11", "2020-11-11", "2022-01-26+2022-03-11"),
    ],
)
def test_an_act_is_compared_with_the_state_before_it(wanted: str, before: str, after: str) -> None:
    found = transition(LAW, wanted)
    assert found.before is not None
    assert (found.before.name, found.after.name) == (before, after)


def test_an_erlass_is_compared_with_the_last_fassung_without_it() -> None:
    law = regulation(TOY)
    found = transition(law, "2003-09-01")
    assert found.before is not None
    assert (found.before.erlasse, found.after.erlasse) == ((), ("2003-09-01",))


@pytest.mark.parametrize("wanted", ["2020-11-12", "2023-06-06", "", "2020-11-11..", "2020-11-11..2019-08-28"])
def test_what_cannot_be_compared_is_refused(wanted: str) -> None:
    with pytest.raises(RequestError):
        transition(LAW, wanted)


def test_every_operation_stands_in_a_row() -> None:
    for wanted in ("2019-08-28", "2020-11-11", "2022-01-26", "2022-03-11", "2017-12-11..2022-03-11"):
        found = synopsis(LAW, wanted, cases=())
        shown = {operation.id for row in found.rows for operation in row.operations}
        assert shown == set(transition(LAW, wanted).operations)


def test_the_first_fassung_is_shown_as_new() -> None:
    found = synopsis(LAW, "2017-12-11", cases=sample())
    assert {row.change for row in found.rows} == {"inserted"}
    assert [row.id for row in found.rows] == [item.id for item in LAW.fassungen[0]]
    assert found.cases == ()


# Old and new


def test_a_changed_value_is_marked_and_nothing_else() -> None:
    found = row("2020-11-11", "hoechstdauer_monate")
    assert (found.change, found.kind) == ("changed", "parameter")
    assert (changed(found.old), changed(found.new)) == (["36"], ["60"])


def test_what_is_inserted_stands_on_one_side_only() -> None:
    found = row("2020-11-11", "verlaengerung_2020_monate")
    assert (found.change, found.old) == ("inserted", ())
    assert plain(found.new) == [
        "Verlängerung 2020: 24 Monate",
        "So viele Monate bringt die Verlängerung 2020 einer Stelle.",
    ]


def test_what_is_repealed_stands_on_the_other() -> None:
    found = row("2020-11-11", "kennzahlen-halbjaehrlich")
    assert (found.change, found.new) == ("repealed", ())
    assert plain(found.old)[0].startswith("Kennzahlen halbjährlich")


def test_a_range_shows_the_last_wording_and_all_operations() -> None:
    rows = synopsis(LAW, "2017-12-11..2022-01-26", cases=()).rows
    found = next(row for row in rows if row.id == "hoechstdauer_monate")
    assert (changed(found.old), changed(found.new)) == (["24"], ["72"])
    assert [operation.id.act for operation in found.operations] == ["2019-08-28", "2020-11-11", "2022-01-26"]


def test_marks_take_nothing_away() -> None:
    for found in of("2020-11-11").rows:
        assert all(line.text for line in (*found.old, *found.new))
        if not found.reworded:
            assert not changed(found.old)


def test_a_mark_ends_with_the_word() -> None:
    old, new = mark_differences(Passage("mindestens (24 Monate)"), Passage("mindestens (36 Monate)"))
    assert (changed(old), changed(new)) == (["24"], ["36"])


def test_passages_without_a_word_in_common_are_marked_whole() -> None:
    old, new = mark_differences(Passage("„ja“, immer"), Passage("„nein“, nie"))
    assert (changed(old), changed(new)) == (["„ja“, immer"], ["„nein“, nie"])


def test_evidence_of_both_sides_is_kept() -> None:
    found = row("2022-03-11", "gefluechtete")
    assert len(found.evidence) > len(found.evidence_before)
    assert {beleg.quelle for beleg in found.evidence} > {beleg.quelle for beleg in found.evidence_before}


def test_a_change_of_evidence_alone_is_no_change_of_text() -> None:
    found = row("2020-11-11", "festbetrag_a_eur")
    assert not found.reworded
    assert found.evidence != found.evidence_before
    assert found.without_effect == ("Der Wert bleibt; nur sein Beleg ist für diese Zeit schwächer.",)
    assert not found.unshown


# Effects on cases


def test_a_case_names_what_changes_and_by_which_operation() -> None:
    case = next(case for case in of("2020-11-11").cases if case.case == "berglen-fassung-2020")
    effect = next(effect for effect in case.effects if effect.path == "antrag.stellen[0].hoechstdauer_monate")
    assert (effect.old, effect.new) == ("36 Monate", "60 Monate")
    assert OperationId("2020-11-11", "ersetze parameter.hoechstdauer_monate.wert") in effect.causes


def test_a_case_is_listed_where_an_operation_of_the_row_changed_it() -> None:
    for found in of("2020-11-11").rows:
        own = {operation.id for operation in found.operations}
        for case in found.cases:
            assert all(own & set(effect.causes) for effect in case.effects)
            assert all(LAW.targets[operation] for effect in case.effects for operation in effect.causes)


def test_every_effect_has_a_cause() -> None:
    for wanted in ("2020-11-11", "2022-03-11"):
        assert all(effect.causes for case in of(wanted).cases for effect in case.effects)


def test_cases_decided_under_the_new_law_come_first() -> None:
    cases = of("2020-11-11").cases
    assert [case.applies for case in cases] == sorted((case.applies for case in cases), reverse=True)
    assert cases[0].applies
    assert not cases[-1].applies


def test_examples_from_a_source_are_shown_first() -> None:
    cases = row("2020-11-11", "unterbrechung-der-entgeltzahlung").cases
    from_sources = {case.source for case in cases if case.source is not None and case.applies}
    assert from_sources
    assert any(case.source is None for case in cases)
    shown = markdown(of("2020-11-11"), examples=1).partition("Zwölf weitere Monate")[2].partition("\n## ")[0]
    assert any(f"    - Fall nach {LAW.sources[source].herausgeber} (" in shown for source in from_sources)


@pytest.mark.parametrize("write", [markdown, html])
def test_a_reader_sees_what_a_case_is_and_no_id(write: Callable[..., str]) -> None:
    found = of("2020-11-11")
    page = write(found, examples=1000)
    ids = {case.case for case in found.cases}
    assert ids
    assert not {one for one in ids if re.search(rf"(?<![\w-]){one}(?![\w-])", page)}
    assert "selbst gebildeter Fall (" in page
    assert "Korpus" not in page


def test_a_case_outside_the_scope_is_left_out() -> None:
    outside = {case.id for case in corpus() if case.expected.get("outcome") == "outside_scope"}
    assert outside
    found = synopsis(LAW, "2022-03-11", cases=[case for case in corpus() if case.id in outside])
    assert found.cases == ()


def test_what_no_case_shows_is_said() -> None:
    found = synopsis(LAW, "2022-01-26", cases=())
    assert {row.id for row in found.rows if row.unshown} == {row.id for row in found.rows}
    assert "Kein Prüffall zeigt, was diese Änderung bewirkt." in markdown(found)


def test_a_requirement_that_is_met_then_is_said_to_be_met() -> None:
    case = next(case for case in of("2022-03-11").cases if case.case == "ukraine-vertrieben-nicht-im-asylverfahren")
    assert ("Die Person ist geflüchtet", "offen", "erfüllt") in [
        (effect.title, effect.old, effect.new) for effect in case.effects
    ]


def test_a_changed_parameter_moves_the_synopsis(tmp_path: Path) -> None:
    edit = Edit("2020-11-11-aenderung.yaml", "    alt: 36\n    neu: 60\n", "    alt: 36\n    neu: 48\n")
    later = Edit("2022-01-26-aenderung.yaml", "    alt: 60\n    neu: 72\n", "    alt: 48\n    neu: 72\n")
    law = regulation(edited(tmp_path, edit, later, source=RULES))
    cases = [case for case in sample() if case.id == "berglen-fassung-2020"]
    (first, *_) = synopsis(law, "2020-11-11", cases=cases).rows
    assert changed(first.new) == ["48"]
    assert any(effect.new == "48 Monate" for effect in first.cases[0].effects)


# Pages


class Page(HTMLParser):
    """Checks that tags are closed in order, and collects what they are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_accessible() -> None:
    page = Page(html(of("2020-11-11")))
    assert page.open == []
    assert ("html", {"lang": "de"}) in page.tags
    assert all(attrs.get("scope") == "col" for tag, attrs in page.tags if tag == "th")
    named = {attrs["id"] for tag, attrs in page.tags if tag == "h2"}
    assert named == {attrs["aria-labelledby"] for tag, attrs in page.tags if tag == "section"}
    assert not [attrs for _, attrs in page.tags if {"src", "href"} & attrs.keys()], "it needs nothing else"


def test_the_page_marks_what_changes() -> None:
    page = html(of("2020-11-11"))
    assert "<del>36</del> Monate" in page
    assert "<ins>60</ins> Monate" in page


def test_markdown_has_a_table_for_each_row() -> None:
    found = of("2020-11-11")
    text = markdown(found, level=2)
    tables = re.findall(r"^\| Bisher \| Neu \|\n\| --- \| --- \|\n(\|.*\|)\n$", text, re.MULTILINE)
    assert len(tables) == len(found.rows)
    assert all(len(re.findall(r"(?<!\\)\|", table)) == 3 for table in tables)
    assert text.startswith("## Synopse")


def test_english_is_english() -> None:
    text = markdown(synopsis(LAW, "2022-03-11", lang="en", cases=sample()))
    assert "| Before | After |" in text
    assert "displaced" in text.casefold()


# The command line


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["synopsis", *arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a directory with one file of cases."""
    directory = tmp_path_factory.mktemp("faelle")
    source = next(case.place.file for case in corpus() if case.place.file.endswith("zielgruppe.yaml"))
    shutil.copy(source, directory)
    return str(directory)


def test_the_command_prints_json(few: str) -> None:
    status, output = run("2022-03-11", "--cases", few, "--format", "json")
    document = json.loads(output)
    assert status == 0
    assert (document["before"], document["after"]) == ("2022-01-26", "2022-01-26+2022-03-11")
    assert [row["change"] for row in document["rows"]] == ["changed", "repealed"]
    assert document["cases"][0]["effects"][0]["causes"]


def test_the_command_writes_a_file(few: str, tmp_path: Path) -> None:
    target = tmp_path / "synopse.html"
    status, output = run("2022-03-11", "--cases", few, "--format", "html", "--out", str(target))
    assert (status, output) == (0, "")
    assert "<ins>" in target.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2020-11-12"], "Möglich sind: 2017-12-11, 2019-08-28"),
        (["2020-11-11", "--cases", "gibt-es-nicht"], "Das Verzeichnis der Fälle fehlt."),
        (["2020-11-11", "--rules", "gibt-es-nicht"], "Das Verzeichnis der Regeln fehlt."),
    ],
)
def test_bad_input_is_refused_with_status_2(arguments: list[str], said: str) -> None:
    status, output = run(*arguments)
    assert status == 2
    assert said in output
