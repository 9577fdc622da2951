"""The page of a decision: the answer first, in words for its readers, on one screen; then what it rests on."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from german import english_words, not_for_readers, texts_of
from support import EXAMPLES, Edit, edited, faults_in
from vwv_im import Decision, Verdict, evaluate
from vwv_im.decision.asked import asked_of
from vwv_im.decision.blocks import Block, Column, Heading, Item, Panel, Table, TableRow, write
from vwv_im.law.regulation import regulation
from vwv_im.programm import page_of
from vwv_im.publish.office_files import NOTE_WRITERS, note_of
from vwv_im.review.corpus import corpus

MOST_LINES = 26
POST: dict[str, Any] = {
    "vzae": "1",
    "beschaeftigungsbeginn": "2018-03-01",
    "hochschulabschluss": "bachelor",
    "fachrichtung": "sozialwesen",
    "person_benannt": True,
}
TOWN: dict[str, Any] = {
    "art": "stadt",
    "bundesland": "BW",
    "kreisangehoerig": True,
    "landkreis": "Bodenseekreis",
}


def application(*posts: dict[str, Any], on: str = "2018-06-01", **facts: Any) -> Decision:
    stated = {"art": "erstantrag", "durchfuehrung": ["eigen"], "antragsteller": TOWN, "stellen": list(posts)}
    case = {"antrag": {**stated, "veroeffentlichter_planungsrahmen_eur": "132149", **facts}}
    return evaluate(case, on=on, engine="direct")


@cache
def pages() -> list[tuple[str, Decision, dict[Any, list[Block]]]]:
    """Return every case with its decision and both of its pages."""
    decided = ((case.id, case.decide("direct")) for case in corpus())
    return [(name, one, {detail: page_of(one, "de", detail) for detail in ("short", "full")}) for name, one in decided]


def section(decision: Decision, name: str, detail: Any = "short") -> list[Any]:
    """Return the blocks of a section of a page."""
    blocks, found = page_of(decision, "de", detail), list[Block]()
    for block in blocks[next(n for n, one in enumerate(blocks) if getattr(one, "name", "") == name) + 1 :]:
        if isinstance(block, Heading) and block.level < 3:
            break
        found.append(block)
    return found


# For its readers


def test_a_german_reader_meets_no_id_path_code_or_english_word_on_any_page() -> None:
    found = [
        (name, detail, words, text)
        for name, _, both in pages()
        for detail, blocks in both.items()
        for text in texts_of(blocks)
        if (words := not_for_readers(text))
    ]
    assert found == []


def test_the_help_of_a_fact_speaks_of_yes_and_no() -> None:
    told = {path: fact.help for path, fact in regulation().vocabulary.facts.items()}
    assert [path for path, help_ in told.items() if re.search(r"\b(true|false|null)\b", str(help_))] == []


def test_what_is_sought_is_found() -> None:
    assert len(english_words()) > 500
    for text in (
        "The post is too small",
        "Wert: antrag.stellen[0].vzae",
        "am 2018-06-01",
        "hoechstdauer_monate",
        "+ – x",
    ):
        assert not_for_readers(text), text
    english = application(POST).page("en")
    assert [text for text in texts_of(english) if not_for_readers(text)]


@pytest.mark.parametrize("form", NOTE_WRITERS)
def test_nor_in_the_files_of_twenty_cases(form: str) -> None:
    chosen = pages()[:: len(pages()) // 20][:20]
    assert len(chosen) == 20
    assert [
        (name, found) for name, one, _ in chosen if (found := not_for_readers(text_of(note_of(one, form), form)))
    ] == []


class TextOf(HTMLParser):
    """Collects the text of a page, without its style."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.inside = "", ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.inside = tag

    def handle_data(self, data: str) -> None:
        self.text += "" if self.inside == "style" else f"{data} "


def text_of(content: bytes, form: str) -> str:
    """Return the text of a file."""
    if form == "pdf":
        pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
        return re.split(r"\nQuellen\n", text)[0]  # there addresses are broken into lines
    if form == "docx":
        body = pytest.importorskip("docx").Document(BytesIO(content)).element.body
        return " ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))
    if form == "md":
        return re.sub(r"(?m)^ *- |\\\\", "", content.decode())
    parser = TextOf()
    parser.feed(content.decode())
    return parser.text


# On one screen


def test_the_short_answer_to_two_posts_fits_a_screen() -> None:
    few = [(name, one, both["short"]) for name, one, both in pages() if posts_of(one) <= 2]
    assert len(few) > 900
    long = [name for name, one, blocks in few if write(blocks, "text").count("\n") > MOST_LINES + notices_lines(one)]
    assert long == []


def notices_lines(decision: Decision) -> int:
    """Return how many lines the list of notices has besides: its title, its heads, each notice, and their sum."""
    part = getattr(decision.case, "foerderung", None)
    return 3 + len(part.bewilligungen or ()) if part is not None else 0


def posts_of(decision: Decision) -> int:
    parts = (getattr(decision.case, name, None) for name in ("antrag", "foerderung"))
    return sum(len(getattr(part, "stellen", None) or ()) for part in parts)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_no_line_of_the_short_answer_is_wider_than_asked(width: int) -> None:
    for name, _, both in pages()[::20]:
        for line in write(both["short"], "text", width).splitlines():
            assert len(line) <= width, name


def test_the_short_page_of_fifty_posts_takes_less_than_a_second() -> None:
    page_of(application(POST), "de", "short")
    for posts in ([POST] * 50, [{"vzae": f"0.1{number:02}"} for number in range(50)], [{}] * 50):
        decision, begun = application(*posts), process_time()
        page_of(decision, "de", "short")
        assert process_time() - begun < 1


def test_a_table_without_room_is_written_row_by_row() -> None:
    rows = TableRow(("Stelle 1", "24 Monate")), TableRow(("Stelle 2", "offen"))
    table = Table("Stellen", (Column("Stelle"), Column("Bewilligungszeitraum", "right")), rows)
    assert write([table], "text", 60).splitlines()[0].split() == ["Stelle", "Bewilligungszeitraum"]
    assert write([table], "text", 26).splitlines()[:2] == ["  Stelle 1", "      Bewilligungszeitraum:"]


def test_a_post_is_one_line_of_the_table_on_a_terminal_of_80_columns() -> None:
    lines = write(page_of(application(POST, POST), "de", "short"), "text", 80).replace("\xa0", " ").splitlines()
    assert max(map(len, lines)) <= 80
    posts = [line for line in lines if line.startswith("  Stelle ")][1:]
    assert len(posts) == 2
    assert all("Gruppe (a)" in line and " VZÄ " in line and "Monate" in line for line in posts)


NAMES = "Integrationsmanagement Koordinierungsstelle", "Donaudampfschifffahrtsgesellschaft-Nord"


def test_posts_with_long_names_stay_a_table_whose_names_are_broken() -> None:
    posts = [{"bezeichnung": name, "vzae": 0.5, "beschaeftigungsbeginn": "2018-03-01"} for name in NAMES]
    post = {"hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen", "person_benannt": True}
    case = {"art": "erstantrag", "gezaehlte_personen": 332, "stellen": [one | post for one in posts]}
    found = evaluate({"antrag": case}, on="2018-06-01", engine="direct")
    lines = write(page_of(found, "de", "short"), "text", width=80).replace("\xa0", " ").splitlines()
    assert max(map(len, lines)) <= 80
    (first,) = (line for line in lines if line.startswith("  Stelle 1:"))
    assert re.search(r"Gruppe +0,5 64\.000 € 24 Monate 29\.02\.2020 32\.000 € +64\.000 €$", first), "cents left out"
    names = "".join(line[2:17].strip() for line in lines[lines.index(first) :])
    for name in NAMES:
        assert "".join(name.replace("-", "").split()) in names.replace("-", ""), "nothing of a name is lost"


def test_a_table_is_one_in_each_form() -> None:
    table = Table("Stellen", (Column("Stelle"), Column("a|b", "right")), (TableRow(("<1>", "2")),))
    assert write([table], "markdown") == "| Stelle | a\\|b |\n| --- | ---: |\n| \\<1\\> | 2 |\n"
    html = write([table], "html")
    assert "<caption>Stellen</caption>" in html
    assert '<th scope="col" class="right">a|b</th>' in html
    assert '<th scope="row">&lt;1&gt;</th><td class="right">2</td>' in html


# The answer


def test_the_result_stands_first_and_says_what_it_is_not() -> None:
    title, panel, *_ = application(POST).page("de", "short")
    assert isinstance(title, Heading)
    assert isinstance(panel, Panel)
    assert (panel.verdict, panel.outcome) == (Verdict.YES, "decided")
    assert panel.title.startswith("JA, soweit bekannt bewilligungsfähig")
    assert panel.lines[-1] == "Das ist noch keine Bewilligung, kein Bescheid und begründet keinen Anspruch."


def test_what_stands_in_the_way_is_said_in_the_negative_with_its_values() -> None:
    decision = application(dict(POST, vzae="0.2"), veroeffentlichter_planungsrahmen_eur="10349")
    told = [item.text.replace("\xa0", " ") for item in section(decision, "barring")]
    assert told == [
        "Der Planungsrahmen erreicht den Mindestbetrag nicht: 10.349,00 €; verlangt: mindestens 51.000,00 €",
        "Die Stelle ist zu klein (Stelle 1): 0,2 VZÄ; verlangt: mindestens 0,25 VZÄ",
    ]


@pytest.mark.parametrize(("land", "heading"), [({}, "Was noch offen ist"), ({"bundesland": "BY"}, "Was entgegensteht")])
def test_where_nothing_but_open_points_is_in_the_way_the_heading_says_open(land: Any, heading: str) -> None:
    case = {"antrag": {"antragsteller": {"art": "stadt", **land}, "stellen": [{"vzae": "1"}]}}
    page = page_of(evaluate(case, on="2018-06-01", engine="direct"), "de")
    assert [one.text for one in page if isinstance(one, Heading) and one.name == "barring"] == [heading]


def test_what_is_true_of_several_posts_is_said_once() -> None:
    posts = [dict(POST, vzae="0.2")] * 3 + [POST, dict(POST, vzae="0.2"), dict(POST, vzae="0.1")]
    told = [(item.text, item.facts) for item in section(application(*posts), "barring")]
    assert [text.partition(":")[0] for text, _ in told] == [
        "Die Stelle ist zu klein (Stellen 1 bis 3 und 5)",
        "Die Stelle ist zu klein (Stelle 6)",
    ]
    assert told[0][1] == tuple(f"antrag.stellen[{number}].vzae" for number in (0, 1, 2, 4))


def test_where_only_joining_others_helps_it_says_how_many_persons_are_missing() -> None:
    neukirch = evaluate(EXAMPLES / "neukirch.yaml", on="2018-06-01", engine="direct")
    (item,) = section(neukirch, "helps")
    assert item.text.startswith("Allein nicht; gemeinsam mit anderen Kommunen (es fehlen 52 Personen)")


def test_where_a_change_helps_it_is_named() -> None:
    (item,) = section(application(dict(POST, vzae="0.2")), "helps")
    assert item.text == "Stellenumfang (Stelle 1): 0,25 VZÄ statt 0,2 VZÄ"


def test_while_facts_are_missing_the_change_that_is_needed_beside_them_is_named() -> None:
    (change,) = section(application(dict(POST, vzae="0.2", fachrichtung=None)), "helps")
    assert change.text == "Stellenumfang (Stelle 1): 0,25 VZÄ statt 0,2 VZÄ"


def test_where_a_question_asks_for_nothing_that_can_be_changed_no_change_is_looked_for() -> None:
    about_persons = [one for one in corpus() if one.question in ("zielgruppe", "zaehlung")]
    refused = [one for one in about_persons if one.expected.get("verdict") == "no"]
    assert refused
    for case in refused:
        decision = case.decide("direct")
        names = [block.name for block in page_of(decision, "de") if isinstance(block, Heading)]
        assert "barring" in names
        assert "helps" not in names


def test_where_nothing_bars_what_an_open_end_turns_on_is_asked() -> None:
    held, extended = (
        {**POST, "stand_2018_12_31": "besetzt"},
        {f"verlaengerung_{year}_beantragt": True for year in (2019, 2020)},
    )
    later = application(held, on="2020-06-01")
    assert later.verdict is Verdict.YES
    assert section(later, "posts")[0].rows[0].cells[5] == "offen"
    needed = section(later, "needed")
    assert [item.facts[0].rpartition(".")[2] for item in needed] == list(extended)
    assert asked_of(later).asked == tuple(item.facts[0] for item in needed)
    assert section(application({**held, **extended}, on="2020-06-01"), "posts")[0].rows[0].cells[5] == "28.02.2023"


def test_a_fassung_signed_after_the_decision_is_told_to_be_retroactive() -> None:
    later = application(POST, on="2020-06-01")
    assert "Änderung vom 11.11.2020, die rückwirkend gilt." in " ".join(page_of(later, "de", "short")[1].lines)
    assert "rückwirkend" not in " ".join(page_of(application(POST), "de", "short")[1].lines)


def test_what_is_needed_is_asked_once_for_all_posts_and_leads_to_its_fields() -> None:
    bare = {key: value for key, value in POST.items() if key != "vzae"}
    item = section(application(bare, bare), "needed")[0]
    assert item.text == "Welchen Umfang hat die Stelle (in VZÄ)? (Stellen 1 und 2)"
    assert item.facts == ("antrag.stellen[0].vzae", "antrag.stellen[1].vzae")


def test_the_posts_are_a_table_and_called_by_name() -> None:
    table, below = section(application(dict(POST, bezeichnung="Beratung Nord"), POST), "posts")
    assert [column.align for column in table.columns].count("right") == 5
    assert [row.cells[0] for row in table.rows] == ["Stelle 1: Beratung Nord", "Stelle 2"]
    assert [cell.replace("\xa0", " ") for cell in table.rows[1].cells[1:]] == [
        "Gruppe (a)", "1 VZÄ", "64.000,00 €", "24 Monate", "29.02.2020", "64.000,00 €", "128.000,00 €",
    ]  # fmt: skip
    assert below.text.startswith("Planungsrahmen im Jahr: 132.149,00")


def test_the_members_and_the_years_stand_on_the_full_page() -> None:
    member = {"art": "gemeinde", "landkreis": "Calw", "gezaehlte_personen": 40}
    joined = {"art": "zusammenschluss", "bundesland": "BW"}
    decision = application(
        POST, antragsteller=joined, mitglieder=[member] * 2, veroeffentlichter_planungsrahmen_eur=None
    )
    table, _ = section(decision, "members", "full")
    assert table.rows[0].cells[:4] == ("Mitglied 1", "Gemeinde", "Calw", "40 Personen")
    years = [block for block in section(application(POST), "years", "full") if isinstance(block, Table)]
    assert [cell.replace("\xa0", " ") for cell in years[1].rows[0].cells] == [
        "Stelle 1", "53.333,33 €", "64.000,00 €", "10.666,67 €",
    ]  # fmt: skip


def test_the_full_page_begins_as_the_short_one_and_marks_no_list_twice() -> None:
    decision = application(POST, POST)
    short, full = (page_of(decision, "de", detail) for detail in ("short", "full"))
    names = [[block.name for block in page if isinstance(block, Heading)] for page in (short, full)]
    assert names[1][: len(names[0]) - 1] == names[0][:-1]
    assert {"requirements", "derived", "years", "duties", "readings", "questions", "sources", "basis"} <= {*names[1]}
    marks = ("+ ", "? ", "– ", "i ", "· ", "• ")
    assert not [item.text for item in full if isinstance(item, Item) and item.text.startswith(marks)]


def test_heads_of_compound_conditions_are_sentences() -> None:
    told = [text for _, _, both in pages() for text in texts_of(both["full"])]
    assert not [text for text in told if text.startswith(("alle:", "eine:"))]
    assert [text for text in told if text.startswith(("Alle folgenden", "Nicht alle folgenden"))]


def test_unknown_details_and_languages_are_refused() -> None:
    with pytest.raises(ValueError, match="short, full"):
        application(POST).page("de", "long")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="de, en"):
        application(POST).page("fr")  # type: ignore[arg-type]


# Tables as the rules name them

TABLE = """    tabellen:
      - liste: LISTE
        name: posts
        kurz: true
        spalten: [{fakt: FAKT, titel: {de: Größe, en: Size}}]
"""
OPEN = "    pruefung:\n      - titel: {de: Stelle, en: Post}"


@pytest.mark.parametrize(("entity", "fact", "code"), [
    ("stelle", "stelle.vzae", None),
    ("stele", "stelle.vzae", "VIM016"),
    ("antrag", "stelle.vzae", "VIM016"),
    ("stelle", "stelle.vzea", "VIM012"),
])  # fmt: skip
def test_another_regulation_names_its_own_tables(entity: str, fact: str, code: str | None, tmp_path: Path) -> None:
    table = TABLE.replace("LISTE", entity).replace("FAKT", fact)
    rules = edited(tmp_path, Edit("pruefschema.yaml", OPEN, f"{table}{OPEN}"))
    assert [fault.code for fault in faults_in(rules)][:1] == ([] if code is None else [code])
    if code is None:
        decision = evaluate({"antrag": {"stellen": [{"vzae": 1}]}}, on="2003-06-01", engine="direct", rules=rules)
        (found,) = (block for block in decision.page("en", "short") if isinstance(block, Table))
        assert [column.text for column in found.columns][1:] == ["Size"]
