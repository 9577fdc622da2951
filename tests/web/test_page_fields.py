"""The fields of the page: which are asked for, how numbers and days may be spelled, what is heard while one types."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest

from web.test_page import DESK, PHONE, STOP, Visitor, playwright, visitor

pytestmark = pytest.mark.chromium
__all__ = ["visitor"]
FRAME = "antrag.veroeffentlichter_planungsrahmen_eur"
SMALL = pytest.mark.parametrize("visitor", [(1280, 720)], ids=["1280 by 720"], indirect=True)


def shown(visitor: Visitor, path: str) -> bool:
    """Tell whether the field of a fact can be seen."""
    seen: bool = visitor.page.locator(f"[id='feld-{path}']").is_visible()
    return seen


def stated(visitor: Visitor) -> Any:
    return json.loads(visitor.saved("#download-case"))["case"]["antrag"]


@pytest.mark.parametrize(
    ("path", "typed", "written", "meant"),
    [
        (FRAME, "132.149", "132.149", "132149"),
        (FRAME, "132.149 €", "132.149", "132149"),
        (FRAME, "132.149,00 EUR", "132.149,00", "132149.00"),
        (FRAME, "132149,-", "132.149", "132149"),
        (FRAME, "132 149,5", "132.149,50", "132149.50"),
        (f"{STOP}.vzae", "0,5 VZÄ", "0,5", "0.5"),
        (f"{STOP}.vzae", "0.5", "0,5", "0.5"),
        (f"{STOP}.vzae", "50 %", "0,5", "0.5"),
        ("antrag.gezaehlte_personen", "1.166", "1.166", 1166),
        ("antrag.gezaehlte_personen", "166 Personen", "166", 166),
        (f"{STOP}.beschaeftigungsbeginn", "1.3.2018", "01.03.2018", "2018-03-01"),
        (f"{STOP}.beschaeftigungsbeginn", "01.03.18", "01.03.2018", "2018-03-01"),
        (f"{STOP}.beschaeftigungsbeginn", "01032018", "01.03.2018", "2018-03-01"),
        (f"{STOP}.beschaeftigungsbeginn", "1. März 2018", "01.03.2018", "2018-03-01"),
    ],
)
def test_numbers_and_days_are_read_in_every_usual_spelling(
    visitor: Visitor, path: str, typed: str, written: str, meant: Any
) -> None:
    visitor.load("tettnang.yaml")
    visitor.fill(path, typed)
    assert visitor.page.input_value(f"[id='feld-{path}']") == written
    found = stated(visitor)
    for key in path.removeprefix("antrag.").replace("[0]", ".0").split("."):
        found = found[int(key) if key.isdecimal() else key]
    assert found == meant


def test_a_year_of_two_digits_is_told_as_it_was_read(visitor: Visitor) -> None:
    visitor.page.fill("#on", "01.06.18")
    visitor.page.keyboard.press("Tab")
    playwright.expect(visitor.page.locator("#on-gelesen")).to_have_text("Gelesen als 1. Juni 2018.")
    assert visitor.page.input_value("#on") == "01.06.2018"


def test_only_what_can_matter_is_asked_for(visitor: Visitor) -> None:
    assert not shown(visitor, "antrag.art"), "first the day"
    visitor.page.fill("#on", "01.06.2018")
    visitor.page.keyboard.press("Tab")
    visitor.page.select_option("[id='feld-antrag.art']", "erstantrag")
    playwright.expect(visitor.page.locator("#gefragt")).to_contain_text("spielen nach Frage, Art und Tag keine Rolle")
    for path in ("verlaengerung_2022_beantragt", "derzeit_besetzt", "nachbesetzt_ab", "stand_2018_12_31"):
        assert not shown(visitor, f"{STOP}.{path}")
    assert visitor.page.locator("[id='part-antrag.mitglieder']").is_hidden()
    visitor.page.click(f"[id='mehr-{STOP}']")
    assert shown(visitor, f"{STOP}.bezeichnung")
    assert not shown(visitor, f"{STOP}.verlaengerung_2022_beantragt")
    visitor.page.select_option("[id='feld-antrag.art']", "verlaengerung")
    playwright.expect(visitor.page.locator(f"[id='feld-{STOP}.derzeit_besetzt']")).to_be_visible()


def test_the_published_frame_stands_beside_the_persons_counted_until_one_is_stated(visitor: Visitor) -> None:
    persons = "antrag.gezaehlte_personen"
    visitor.page.fill("#on", "01.06.2018")
    visitor.page.keyboard.press("Tab")
    label = visitor.page.locator(f"label[for='feld-{FRAME}']")
    playwright.expect(label).to_have_text("oder Veröffentlichter Planungsrahmen (€)")
    beside = f"[id='feld-{persons}'] >> xpath=../following-sibling::*[1] >> [id='feld-{FRAME}']"
    assert visitor.page.locator(beside).count() == 1, "directly behind it"
    visitor.fill(persons, "166")
    playwright.expect(label).to_be_hidden()
    visitor.fill(persons, "")
    playwright.expect(label).to_be_visible()
    visitor.fill(FRAME, "132.149 €")
    playwright.expect(visitor.page.locator(f"[id='feld-{persons}']")).to_be_hidden()
    playwright.expect(label).to_have_text("Veröffentlichter Planungsrahmen (€)")


def test_an_amount_is_no_number_of_persons(visitor: Visitor) -> None:
    visitor.page.fill("#on", "01.06.2018")
    visitor.page.keyboard.press("Tab")
    visitor.fill("antrag.gezaehlte_personen", "132.149 €")
    visitor.hears("'132.149 €' ist keine ganze Zahl")


def test_what_stands_in_the_way_is_heard_as_it_is_read(visitor: Visitor) -> None:
    visitor.load("neukirch.yaml")
    visitor.hears("Was entgegensteht: Der Planungsrahmen erreicht den Mindestbetrag nicht")
    heard = visitor.page.inner_text("#status").replace("\xa0", " ")
    for line in visitor.page.locator("#abschnitt-barring + ul li > div").all_inner_texts():
        assert line.replace("\xa0", " ").removesuffix(" Zur Angabe") in heard


def test_each_answer_brings_the_next_question(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    degree, school = f"{STOP}.hochschulabschluss", visitor.page.locator(f"[id='feld-{STOP}.schulabschluss']")
    assert not shown(visitor, f"{STOP}.schulabschluss"), "a degree decides"
    visitor.page.select_option(f"[id='feld-{degree}']", "keiner")
    playwright.expect(school).to_be_visible()
    visitor.page.select_option(f"[id='feld-{degree}']", "bachelor")
    playwright.expect(school).to_be_hidden()


def test_what_is_stated_never_disappears(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.select_option(f"[id='feld-{STOP}.hochschulabschluss']", "keiner")
    visitor.page.select_option(f"[id='feld-{STOP}.schulabschluss']", "mittlerer")
    visitor.page.select_option(f"[id='feld-{STOP}.hochschulabschluss']", "bachelor")
    visitor.hears("JA")
    assert shown(visitor, f"{STOP}.schulabschluss")


def test_nothing_is_heard_and_nothing_asked_while_typing(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.hears("JA")
    visitor.page.evaluate("""() => {
      window.heard = [];
      new MutationObserver(() => window.heard.push(document.getElementById("status").textContent))
        .observe(document.getElementById("status"), {childList: true, characterData: true, subtree: true});
    }""")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    field = visitor.page.locator(f"[id='feld-{FRAME}']")
    field.fill("")
    before = field.bounding_box()
    for letter in "132.149,00":
        visitor.page.keyboard.type(letter)
        visitor.page.wait_for_timeout(100)
    assert field.bounding_box() == before, "and the field stays where it is"
    assert visitor.page.evaluate("window.heard") == []
    assert asked == []


def test_help_explains_and_messages_speak_of_fields(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    playwright.expect(visitor.page.locator(f"[id='feld-{STOP}.vzae']")).to_have_accessible_description(
        re.compile("Vollzeitstelle")
    )
    told = visitor.page.evaluate("[...document.querySelectorAll('#felder .help')].map((one) => one.textContent).join()")
    assert not [word for word in ("JJJJ", "true", "false", "Zelle", "Dezimalpunkt") if word in told]
    visitor.page.click("[id='mehr-antrag.antragsteller']")
    visitor.fill("antrag.antragsteller.ags", "123")
    visitor.hears("kein Gemeindeschlüssel")
    assert "Zelle" not in visitor.page.inner_text("body")


def test_a_landkreis_is_picked_from_a_list(visitor: Visitor) -> None:
    visitor.page.fill("#on", "01.06.2018")
    visitor.page.keyboard.press("Tab")
    visitor.page.select_option("[id='feld-antrag.antragsteller.art']", "landkreis")
    field = visitor.page.locator("[id='feld-antrag.antragsteller.landkreis']")
    playwright.expect(field).to_be_visible()
    assert visitor.page.locator(f"[id='{field.get_attribute('list')}'] option").count() == 35
    visitor.fill("antrag.antragsteller.landkreis", "landkreis bodenseekreis")
    visitor.hears("OFFEN")


def test_a_post_is_copied_and_folded(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.click(f"[id='mehr-{STOP}']")
    visitor.fill(f"{STOP}.bezeichnung", "Rathaus")
    visitor.page.click("text=Stelle 1 kopieren")
    posts = stated(visitor)["stellen"]
    assert posts[2] == {key: value for key, value in posts[0].items() if key != "bezeichnung"}
    fold = visitor.page.locator(f"[id='falten-{STOP}']")
    fold.click()
    playwright.expect(fold).to_have_text("Stelle 1 – Rathaus: 1 VZÄ, 01.03.2018, Bachelor")
    assert not shown(visitor, f"{STOP}.vzae")


CLIPPED = """() => [...document.querySelectorAll('#felder select')].flatMap((one) => {
  if (!one.checkVisibility()) return [];
  const style = getComputedStyle(one), pen = document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  const arrow = 20, room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
  return [...one.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
})"""


@pytest.mark.parametrize("visitor", [(1280, 720), (390, 844), (640, 360)], indirect=True, ids=str)
def test_what_is_chosen_can_be_read_whole(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.select_option(f"[id='feld-{STOP}.hochschulabschluss']", "keiner")
    playwright.expect(visitor.page.locator(f"[id='feld-{STOP}.schulabschluss']")).to_be_visible()
    assert visitor.page.evaluate(CLIPPED) == []


@SMALL
@pytest.mark.parametrize("posts", range(1, 7))
def test_verdict_posts_and_what_bars_are_seen_without_scrolling(visitor: Visitor, posts: int) -> None:
    visitor.load("tettnang.yaml", "01.06.2018")
    if posts == 1:
        visitor.page.once("dialog", lambda dialog: dialog.accept())
        visitor.page.click("text=Stelle 2 entfernen")
    for _ in range(posts - 2):
        visitor.page.click("text=Stelle 1 kopieren")
    visitor.fill(f"{STOP}.vzae", "0,2")
    visitor.hears("NEIN")
    rows = visitor.page.locator("#abschnitt-posts ~ .table tbody tr")
    playwright.expect(rows).to_have_count(posts)
    visitor.page.evaluate("window.scrollTo(0, 0)")
    for part in ("#kurz .panel", "#abschnitt-barring + ul", "#abschnitt-posts ~ .table"):
        box = visitor.page.locator(part).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720, part


ROW = "foerderung.beschaeftigungen[1]"
FIRST = "foerderung.beschaeftigungen[0]"
DEGREE_AND_COSTS = ("hochschulabschluss", "personalkosten_eur")
OVERFLOWING = """() => [...document.querySelectorAll('#felder .rows')]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.id)"""


@pytest.mark.parametrize("visitor", [(1280, 720), (1600, 900), (390, 844), (640, 360)], indirect=True, ids=str)
def test_a_row_with_all_its_columns_stays_usable(visitor: Visitor) -> None:
    """Eleven columns side by side cut the amounts and left 'kopieren' one letter wide, in a row of half a screen."""
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    visitor.page.select_option(f"[id='feld-{FIRST}.hochschulabschluss']", "keiner")
    playwright.expect(visitor.page.locator(f"[id='feld-{FIRST}.schulabschluss']")).to_be_visible()
    more = visitor.page.locator(f"[id='mehr-{FIRST}']")
    if more.is_visible():
        more.click()
    fields = visitor.page.locator(f"[id='karte-{FIRST}'] .field:not([hidden])")
    assert fields.count() > 8
    assert visitor.page.evaluate(OVERFLOWING) == []
    if visitor.page.viewport_size["width"] > PHONE[0]:  # on which a choice of fifty letters is wider than the screen
        assert visitor.page.evaluate(CLIPPED) == []
    for button in visitor.page.locator(f"[id='karte-{FIRST}'] .inside > .buttons > button:not([hidden])").all():
        box = button.bounding_box()
        assert box["height"] < 50, "on one line"
    if visitor.page.viewport_size["width"] >= 1280:
        assert visitor.page.locator(f"[id='karte-{FIRST}']").bounding_box()["height"] < 300
        visitor.page.click(f"[id='falten-{FIRST}']")
        assert visitor.page.locator(f"[id='karte-{FIRST}']").bounding_box()["height"] < 60, "folded: one line"


def test_what_shows_in_a_row_stays_while_it_is_filled_in(visitor: Visitor) -> None:
    """With 'Master' chosen the personnel costs went away under the hands of the clerk who was about to type them."""
    visitor.page.check("[name=question][value=verwendungsnachweis]")
    visitor.page.fill("#on", "2020-06-01")
    visitor.page.keyboard.press("Tab")
    visitor.page.click("text=Beschäftigung hinzufügen")
    degree, costs = (visitor.page.locator(f"[id='feld-{FIRST}.{one}']") for one in DEGREE_AND_COSTS)
    playwright.expect(costs).to_be_visible()
    degree.focus()
    with visitor.page.expect_response("**/v1/pages*"):
        degree.select_option("master")
    visitor.page.wait_for_selector("#kurz .panel")
    playwright.expect(visitor.page.locator(f"[id='feld-{FIRST}.fachrichtung']")).to_be_visible()
    playwright.expect(costs).to_be_visible()
    costs.fill("34.500,00")
    playwright.expect(costs).to_have_value("34.500,00")


def test_every_value_that_is_a_link_leads_to_where_it_is_explained(visitor: Visitor) -> None:
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    links = visitor.page.eval_on_selector_all("a[href^='#wert-']", "found => found.map((one) => one.hash.slice(1))")
    assert len(links) > 20
    assert [one for one in links if visitor.page.locator(f"[id='{one}']").count() == 0] == []


def test_a_copied_post_has_no_key_yet(visitor: Visitor) -> None:
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    visitor.page.get_by_role("button", name="Stelle 1 kopieren").click()
    playwright.expect(visitor.page.locator("[id='feld-foerderung.stellen[2].id']")).to_have_value("")
    playwright.expect(
        visitor.page.locator("[id='feld-foerderung.stellen[2].beschaeftigungsbeginn']")
    ).not_to_have_value("")


def test_without_a_result_nothing_is_said_to_be_missing_or_granted(visitor: Visitor) -> None:
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    playwright.expect(visitor.page.locator("#kurz")).to_contain_text(
        "Offene Fragen, die das Ergebnis ändern könnten: 4"
    )
    visitor.fill("foerderung.stellen[0].id", "Z")
    visitor.hears("WIDERSPRÜCHLICHE ANGABEN")
    for section, told in (
        ("hilfe", "Ohne Ergebnis lässt sich nicht sagen"),
        ("monate", "Es ist kein Monat zu zeigen."),
    ):
        visitor.page.click(f"#{section} > summary")
        playwright.expect(visitor.page.locator(f"#{section}-inhalt")).to_contain_text(told)


@SMALL
def test_what_is_wrong_in_a_row_is_told_once_below_it_and_its_fields_stay_in_line(visitor: Visitor) -> None:
    """A column of a row is too narrow for a sentence; told in three of them it pushed the row over the whole screen."""
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    visitor.fill(f"{ROW}.von", "01.01.2016")
    visitor.fill(f"{ROW}.bis", "31.12.2016")
    told = visitor.page.locator(f"[id='gesagt-{ROW}'] > .note")
    playwright.expect(told.filter(has_text="außerhalb aller Bescheide")).to_have_count(1)
    assert told.first.bounding_box()["width"] > 900
    fields = visitor.page.locator(f"[id='karte-{ROW}'] .field:not([hidden]) > :is(input, select)")
    boxes = [box for field in fields.all() if (box := field.bounding_box())]
    assert len(boxes) > 5
    lines = sorted({round(box["y"] + box["height"]) for box in boxes})
    assert all(below - above > 30 for above, below in pairwise(lines))
    visitor.fill(f"{ROW}.von", "31.2.2018")
    playwright.expect(told).to_have_count(0)
    fault = visitor.page.locator(f"[id='gesagt-{ROW}'] > .error")
    playwright.expect(fault).to_contain_text("Erster Tag der Beschäftigung: Diesen Tag gibt es im Kalender nicht")
    visitor.fill(f"{ROW}.von", "01.01.2018")
    playwright.expect(fault).to_have_count(0)


def test_the_letter_that_asks_for_what_is_missing_is_offered_where_a_grant_is_examined(visitor: Visitor) -> None:
    assert visitor.page.locator("#letter").get_attribute("hidden") is not None
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    assert visitor.saved("#letter").startswith(b"%PDF-")
    playwright.expect(visitor.page.locator("#done")).to_have_text("„anforderung.pdf“ ist gespeichert.")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True, ids=str)
def test_on_a_phone_it_is_told_at_its_field(visitor: Visitor) -> None:
    visitor.load("verwendungsnachweis-stuttgart.yaml", "30.11.2026")
    visitor.fill(f"{ROW}.von", "31.2.2018")
    fault = visitor.page.locator(f"[id='feld-{ROW}.von-fehler']")
    playwright.expect(fault).to_be_visible()
    assert fault.bounding_box()["width"] > 200
    playwright.expect(visitor.page.locator(f"[id='gesagt-{ROW}']")).to_be_hidden()


def test_what_is_printed_has_the_facts(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    visitor.page.emulate_media(media="print")
    told = visitor.page.inner_text("#angaben-druck")
    for word in ("Tag der Entscheidung", "01.06.2018", "Erstantrag", "Stelle 2", "Bachelor"):
        assert word in told


@pytest.mark.parametrize("visitor", [DESK, PHONE], ids=["desk", "phone"], indirect=True)
@pytest.mark.parametrize("path", ["regeln", "quellen"])
def test_rules_and_sources_open_as_pages(visitor: Visitor, path: str) -> None:
    visitor.page.goto(f"{visitor.page.url.split('?')[0]}{path}")
    assert visitor.violations() == []
    assert visitor.page.locator("h1").inner_text() == path.title()
    wide, screen = visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= screen
    links = "[...document.querySelectorAll('nav a')]"
    led = visitor.page.evaluate(f"{links}.map((one) => document.querySelector(one.hash)?.id ?? null)")
    assert led
    assert None not in led, "each entry of the contents leads to its part of the page"
