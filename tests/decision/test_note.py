"""The Prüfvermerk: the result first, what was stated by name, the examination as tables, what to fill in."""

from __future__ import annotations

import itertools
import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from icalendar import Calendar

from support import EXAMPLES
from vwv_im import Decision, __version__, evaluate
from vwv_im.decision.blocks import ADDRESS, Column, Heading, Item, Table, TableRow
from vwv_im.decision.decision_page import page_of
from vwv_im.publish import office_files
from vwv_im.publish.note_page import note_blocks
from vwv_im.publish.office_files import NOTE_WRITERS, calendar_of, note_of

NAMES = "Frieda Geheim", "Stelle von Max Verborgen"
AGS = "08435066"


@pytest.fixture
def decision() -> Decision:
    return evaluate(EXAMPLES / "tettnang.yaml", on="2018-06-01", engine="direct")


def text_of(decision: Decision, form: str, lang: Any) -> str:
    """Return the text of a note."""
    content = note_of(decision, form, lang)
    if form == "pdf":
        pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
        pages = pypdf.PdfReader(BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())
    if form != "docx":
        return content.decode("utf-8")
    return " ".join(node.text or "" for node in opened(content).element.body.iter() if node.tag.endswith("}t"))


def opened(content: bytes) -> Any:
    """Return a Word file as python-docx reads it."""
    return pytest.importorskip("docx").Document(BytesIO(content))


@pytest.mark.parametrize(("lang", "line"), [("de", "Antragsteller: ____"), ("en", "Applicant: ____")])
def test_an_applicant_without_a_name_has_a_line_to_write_it_on(lang: Any, line: str) -> None:
    case: dict[str, Any] = {"antrag": {"antragsteller": {"art": "stadt"}, "stellen": [{"vzae": 1}]}}
    without = evaluate(case, on="2018-06-01", engine="direct")
    case["antrag"]["antragsteller"]["name"] = "Stadt Tettnang"
    named = evaluate(case, on="2018-06-01", engine="direct")
    assert line in text_of(without, "html", lang)
    assert line not in text_of(named, "html", lang)
    assert "Stadt Tettnang" in text_of(named, "html", lang)


@pytest.mark.parametrize("form", NOTE_WRITERS)
@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "de",
            [
                "Prüfvermerk",
                "Aktenzeichen:",
                "Bearbeitet von:",
                "Angaben",
                "verlangt",
                "ist kein Bescheid",
                "Unterschrift",
            ],
        ),
        (
            "en",
            ["Note for the file", "Reference:", "Handled by:", "Facts stated", "required", "no Bescheid", "Signature"],
        ),
    ],
)
def test_a_note_has_its_parts(decision: Decision, form: str, lang: Any, expected: list[str]) -> None:
    text = text_of(decision, form, lang)
    assert not [part for part in expected if part not in text]
    words = "".join(text.split())
    for reason in decision.reasons:
        assert "".join(reason.title.in_(lang).split()) in words
    assert text.index("JA, " if lang == "de" else "YES, ") < text.index(expected[3]) < text.index(expected[4])
    assert "True" not in text
    assert "None" not in text


@pytest.mark.parametrize("form", NOTE_WRITERS)
def test_a_note_says_what_was_stated(decision: Decision, form: str) -> None:
    text = text_of(decision, form, "de")
    assert "166 Personen" in text
    assert "0,5 VZÄ" in text


@pytest.mark.parametrize("form", NOTE_WRITERS)
def test_applicant_and_posts_are_named_in_the_note_and_in_no_receipt(form: str) -> None:
    part = {"antragsteller": {"name": NAMES[0], "ags": AGS}, "stellen": [{"bezeichnung": NAMES[1], "vzae": "0.5"}]}
    decision = evaluate({"antrag": part}, on="2018-06-01", engine="direct")
    text = text_of(decision, form, "de")
    assert not [name for name in (*NAMES, AGS) if name not in text]
    assert not [name for name in NAMES if name in decision.receipt.canonical() + decision.to_json()]


@pytest.mark.parametrize("form", NOTE_WRITERS)
def test_each_post_has_a_table_of_its_own(decision: Decision, form: str) -> None:
    text = text_of(decision, form, "de").replace("\xa0", " ")
    first, _, second = text.rpartition("Bezeichnung der Stelle")
    assert "Bezeichnung der Stelle" in first
    assert "128.000,00 €" in first
    assert "51.000,00 €" in second


def test_a_note_says_with_what_it_was_made(decision: Decision) -> None:
    made = f"vwv-im {__version__}", decision.receipt.document()["digest"]
    files = {form: note_of(decision, form) for form in NOTE_WRITERS}
    footer = opened(files["docx"]).sections[0].footer
    texts = [files["md"].decode(), files["html"].decode(), "".join(one.text for one in footer.paragraphs)]
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(files["pdf"])).pages]
    assert not [text for text in (*texts, *pages) for word in made if word not in text]
    assert [f"Seite {number} von {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)


def test_sources_are_links_and_say_what_they_are_cited_for(decision: Decision) -> None:
    address = "https://sozialministerium.baden-wuerttemberg.de/de/integration/pakt-fuer-integration/13829"
    files = {form: note_of(decision, form) for form in NOTE_WRITERS}
    assert f"<{address}>" in files["md"].decode()
    assert f'<a href="{address}">' in files["html"].decode()
    assert address in {one.target_ref for one in opened(files["docx"]).part.rels.values() if one.is_external}
    assert address.encode() in files["pdf"]
    for form in NOTE_WRITERS:
        assert "Hochschulabschlüsse im Sozialwesen, andere geeignete Studiengänge" in text_of(decision, form, "de")


def test_a_source_has_the_same_number_in_the_note_as_on_the_page(decision: Decision) -> None:
    """What a clerk notes from the page is found in the file."""

    def numbered(page: Any) -> dict[str, str]:
        started = page.index(next(one for one in page if isinstance(one, Heading) and one.name == "sources"))
        items = itertools.takewhile(lambda one: isinstance(one, Item), page[started + 1 :])
        return {item.text: item.mark for item in items}

    on_the_page = numbered(page_of(decision, "de"))
    in_the_note = numbered([*note_blocks(decision, "de")])
    assert len(on_the_page) > 5
    assert on_the_page.items() <= in_the_note.items()


def test_whether_a_rule_applies_is_told_with_its_alternatives() -> None:
    """A requirement that is met whatever the case is does not look as if it were met and not met."""
    antrag = {"antragsteller": {"art": "stadt"}, "durchfuehrung": ["eigen"], "stellen": [{"vzae": 1}]}
    rows = [
        [cell.strip() for cell in row.cells]
        for one in note_blocks(evaluate({"antrag": antrag}, on="2018-06-01", engine="direct"), "de")
        if isinstance(one, Table)
        for row in one.rows
    ]
    at = next(at for at, row in enumerate(rows) if row[0] == "Ein Stadtkreis überträgt die Aufgabe keinem Landkreis")
    assert [(row[0], row[3]) for row in rows[at : at + 6]] == [
        ("Ein Stadtkreis überträgt die Aufgabe keinem Landkreis", "erfüllt"),
        ("Ob die Regel gilt", "offen"),
        ("Eine davon genügt:", ""),
        ("Art des Antragstellers", "nicht erfüllt"),
        ("Kreisangehörigkeit", "offen"),
        ("Durchführung", "erfüllt"),
    ]


def test_the_note_names_no_command(decision: Decision) -> None:
    assert "vwv-im rules" not in text_of(decision, "html", "de")


def test_a_word_file_repeats_the_heads_of_its_tables_and_counts_its_pages(decision: Decision) -> None:
    document = opened(note_of(decision, "docx"))
    heads = [table.rows[0]._tr.xpath("w:trPr/w:tblHeader") for table in document.tables[1:]]
    assert heads
    assert all(heads)
    fields = document.sections[0].footer._element.xpath(".//w:fldSimple")
    assert [field.values() for field in fields] == [["PAGE"], ["NUMPAGES"]]
    assert {paragraph.style.name for paragraph in document.paragraphs} >= {"Title", "Heading 1", "Heading 2"}


def test_no_word_of_a_table_is_broken_in_the_word_file(decision: Decision) -> None:
    """A bold letter of DejaVu Sans of 9 points takes 2.2 mm on average; a cell has margins of 0.7 mm at both sides."""
    few = [one for one in opened(note_of(decision, "docx")).tables if 1 < len(one.columns) <= 5]
    assert len(few) > 3
    for table in few:
        for column in table.columns:
            longest = max(len(word) for cell in column.cells for word in cell.text.split(" "))
            assert column.width.mm >= min(166 / len(table.columns), 1.4 + 2.2 * longest), column.cells[0].text


def test_the_tables_of_a_word_file_have_narrow_margins(decision: Decision) -> None:
    tables = [one for one in opened(note_of(decision, "docx")).tables if len(one.columns) > 1]
    assert all(table._tbl.xpath("w:tblPr/w:tblCellMar[following-sibling::w:tblLook]") for table in tables)


@pytest.mark.parametrize("form", NOTE_WRITERS)
def test_a_note_is_written_where_nothing_is_decided(form: str) -> None:
    outside = evaluate(EXAMPLES / "tettnang.yaml", on="2016-06-01", engine="direct")
    assert "AUSSERHALB" in text_of(outside, form, "de")


def test_html_is_a_whole_page_and_escapes() -> None:
    case = {
        "antrag": {"antragsteller": {"art": "landkreis", "bundesland": "BY", "landkreis": "<script>"}, "stellen": [{}]}
    }
    page = note_of(evaluate(case, on="2018-06-01", engine="direct"), "html", "en").decode("utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.endswith("</html>\n")
    assert "<script>" not in page


def test_an_unknown_form_is_refused(decision: Decision) -> None:
    with pytest.raises(ValueError, match="odt"):
        note_of(decision, "odt")


def test_a_pdf_is_tagged_named_and_in_its_language(decision: Decision) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    reader = pypdf.PdfReader(BytesIO(note_of(decision, "pdf", "de")))
    assert reader.metadata.title == "Prüfvermerk"
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def pages_of(content: bytes) -> list[str]:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages]


def test_a_row_of_a_table_stands_on_one_page_unless_it_is_longer_than_a_page() -> None:
    rows = [TableRow((f"anfang {'eine Voraussetzung ' * (number % 9)}ende", "", "")) for number in range(90)]
    long = TableRow(("", "", f"{'eine lange Bezeichnung ' * 900}schlusswort"))
    columns = tuple(map(Column, ("Voraussetzung", "angegeben", "Beleg")))
    pages = pages_of(NOTE_WRITERS["pdf"](([Table("Stellen", columns, (*rows, long))], "", "Prüfvermerk"), "de"))
    assert len(pages) > 4
    assert [page.count("anfang") for page in pages] == [page.count("ende") for page in pages]
    assert "schlusswort" in pages[-1]
    assert sum(page.count("lange") for page in pages) == 900, "nothing of it is cut off"


def test_an_address_breaks_between_its_words(decision: Decision) -> None:
    text = "\n".join(pages_of(note_of(decision, "pdf", "de")))
    addresses = ADDRESS.findall(note_of(decision, "md").decode())
    broken = [re.search("(\n?)".join(map(re.escape, one)), text) for one in addresses]
    assert broken
    assert None not in broken
    lines = [line for one in broken if one for line in one.group().split("\n")[:-1]]
    assert lines
    assert [line for line in lines if not line.endswith(tuple("/-?&="))] == []


def test_the_same_decision_gives_the_same_pdf(decision: Decision) -> None:
    assert note_of(decision, "pdf", "de") == note_of(decision, "pdf", "de")


def elsewhere(landkreis: str) -> Decision:
    """Decide a case whose Landkreis has a name of one's own."""
    applicant = {"art": "gemeinde", "bundesland": "BY", "landkreis": landkreis}
    return evaluate({"antrag": {"antragsteller": applicant}}, on="2018-06-01", engine="direct")


@pytest.mark.parametrize(
    ("landkreis", "shown", "named"),
    [
        ("Gau 🙂", "Gau □", "U+1F642 SLIGHTLY SMILING FACE"),
        ("漢字 ไทย", "□□ □□□", "U+0E17 THAI CHARACTER THO THAHAN"),
        ("a\u20dd", "a□", "U+20DD COMBINING ENCLOSING CIRCLE"),
        ("☃ \U0010f000", "□", "U+10F000"),
        ("سݐ ࡀ" * 20, "□", "U+0840 MANDAIC LETTER HALQA"),
    ],
)
def test_letters_that_no_font_has_are_replaced_and_named(landkreis: str, shown: str, named: str) -> None:
    told = text_of(elsewhere(landkreis), "pdf", "de")
    assert shown in told
    assert f"sind durch □ ersetzt: {named}" in told or named in told.partition("ersetzt:")[2]
    for form in ("html", "md", "docx"):
        assert landkreis in text_of(elsewhere(landkreis), form, "de")


@pytest.mark.parametrize("landkreis", ["Čakovec", "Ĳsselstein", "Αττική", "Київ", "u\u0308ber", "½ € – „x“ ™ → ≥ ☐"])
def test_letters_that_a_font_has_stay(landkreis: str) -> None:
    told = text_of(elsewhere(landkreis), "pdf", "en")
    assert "are replaced by" not in told
    assert landkreis.replace("u\u0308", "ü").split()[0] in told


def test_every_letter_that_is_said_to_have_a_font_has_one() -> None:
    typst = pytest.importorskip("typst")
    page = Path(office_files.__file__).with_name("note.typ").read_bytes()
    known = "".join(map(chr, range(0x20, 0xFFFE)))
    text = office_files._not_embedded().sub("", known)
    letters = [letter for letter in text if category(letter)[0] in "LNPS"]
    assert len(letters) > 4000
    for begin in range(0, len(letters), 500):
        blocks = [{"kind": "paragraph", "strong": False, "text": one} for one in letters[begin : begin + 500]]
        said = {"title": "x", "pages": "x", "footer": "x", "lang": "de", "blocks": blocks}
        given = {"page": json.dumps(said)}
        typst.compile(page, format="pdf", sys_inputs=given, ignore_system_fonts=True, pdf_standards=["ua-1"])


def test_a_duty_in_the_calendar_leaves_the_day_free_and_reminds_of_it(decision: Decision) -> None:
    calendar = Calendar.from_ical(calendar_of(decision.duties))
    assert str(calendar["name"]) == str(calendar["x-wr-calname"]) == "Pflichten Integrationsmanagement"
    events = calendar.walk("VEVENT")
    assert len(events) == sum(duty.due is not None for duty in decision.duties) > 0
    for event in events:
        (alarm,) = event.walk("VALARM")
        assert (str(event["transp"]), str(alarm["action"])) == ("TRANSPARENT", "DISPLAY")
        assert alarm["trigger"].dt == -timedelta(days=14)
        assert alarm["description"] == event["summary"]
