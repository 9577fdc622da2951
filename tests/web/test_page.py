"""The web page in a browser, used as a new user would: by keyboard, on a desk and on a phone, by a screen reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import EXAMPLES, TESTS
from tables.test_workbook_case import SHEETS, workbook
from vwv_im import evaluate, replay

AXE = TESTS / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
DESK, ZOOMED, PHONE, NARROW = (1280, 900), (640, 360), (390, 844), (320, 640)
STOP = "antrag.stellen[0]"
PATIENCE = 60_000  # milliseconds, for a busy machine

STOPS = """() => {
  const all = [...document.querySelectorAll("#eingabe :is(input, select, button, summary)")];
  const seen = all.filter((one) => one.checkVisibility());
  return seen.filter((one) => one.type !== "radio" || one.checked).length + 2;
}"""
"""How often one presses the tab key from the top of the page to the end of the form, without the ways to the result."""

pytestmark = pytest.mark.chromium
pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
playwright.expect.set_options(timeout=PATIENCE)


class Visitor:
    """Somebody at the page, who notes what must not happen."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.strange: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._asked(request.url, address))
        page.on("pageerror", lambda error: self.strange.append(str(error)))
        page.on("console", self._said)
        page.goto(address)
        page.wait_for_selector("body[data-ready]")

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "blob:")):
            self.strange.append(url)

    def _said(self, message: Any) -> None:
        if message.type == "error" and "422" not in message.text and "400" not in message.text:
            self.strange.append(message.text)

    def tab_to(self, target: str) -> None:
        """Press the tab key until the element with this id has the focus."""
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.id") == target:
                return
        raise AssertionError(f"{target} cannot be reached by the tab key")

    def type_at(self, path: str, text: str) -> None:
        """Reach the field of a fact by the tab key and type."""
        self.tab_to(f"feld-{path}")
        self.page.keyboard.type(text)

    def tab_to_box(self, value: str) -> None:
        """Press the tab key until the box with this value has the focus."""
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.value") == value:
                return
        raise AssertionError(f"the box {value} cannot be reached by the tab key")

    def fill(self, path: str, text: str) -> None:
        """Type into the field of a fact, and leave it."""
        field = self.page.locator(f"[id='feld-{path}']")
        field.fill(text)
        field.blur()

    def unfold_all(self) -> None:
        """Unfold whatever is folded."""
        self.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        self.page.evaluate("for (const one of document.querySelectorAll('button.more')) one.click()")

    def load(self, name: str, on: str = "2018-06-01") -> None:
        """Upload an example and state the day."""
        self.page.set_input_files("#upload", EXAMPLES / name)
        playwright.expect(self.page.locator("#upload")).to_have_value("")  # once the file is read
        self.page.fill("#on", on)
        self.page.keyboard.press("Tab")
        self.page.wait_for_selector("#kurz .panel")

    def hears(self, text: str) -> None:
        """Wait until the live region says a text."""
        playwright.expect(self.page.locator("#status")).to_contain_text(text)

    def saved(self, button: str) -> bytes:
        """Press a button that saves a file; return what is saved."""
        with self.page.expect_download() as waiting:
            self.page.click(button)
        return Path(waiting.value.path()).read_bytes()

    def violations(self) -> list[str]:
        """Return what axe finds wrong with the page as it is."""
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: npm ci --prefix tests")
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", TAGS)
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


@pytest.fixture(params=[DESK], ids=["desk"])
def visitor(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    size, scheme = (request.param, "light") if isinstance(request.param[0], int) else request.param
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="de-DE",
        accept_downloads=True,
        bypass_csp=False,
        color_scheme=scheme,
    )
    visitor = Visitor(context.new_page(), address)
    yield visitor
    context.close()
    assert visitor.strange == []


both = pytest.mark.parametrize("visitor", [DESK, PHONE], ids=["desk", "phone"], indirect=True)
light_and_dark = pytest.mark.parametrize(
    "visitor", [DESK, PHONE, (DESK, "dark")], ids=["desk", "phone", "dark"], indirect=True
)


def test_a_whole_case_from_empty_to_decision_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.hears("Es fehlt der Tag der Entscheidung")
    visitor.tab_to("on")
    visitor.page.keyboard.type("1.6.18")
    visitor.page.keyboard.press("Tab")
    visitor.hears("OFFEN")
    visitor.type_at("antrag.art", "Erstantrag")
    visitor.tab_to_box("eigen")
    visitor.page.keyboard.press("Space")
    visitor.type_at("antrag.gezaehlte_personen", "166")
    visitor.type_at("antrag.antragsteller.name", "Stadt Tettnang")
    visitor.type_at("antrag.antragsteller.art", "Stadt")
    visitor.type_at("antrag.antragsteller.bundesland", "Baden")
    visitor.type_at(f"{STOP}.vzae", "0,5 VZÄ")
    visitor.type_at(f"{STOP}.beschaeftigungsbeginn", "1. März 2018")
    visitor.type_at(f"{STOP}.hochschulabschluss", "Bachelor")
    visitor.type_at(f"{STOP}.fachrichtung", "Sozialwesen")
    visitor.type_at(f"{STOP}.person_benannt", "ja")
    visitor.hears("JA")
    case = json.loads(visitor.saved("#download-case"))["case"]
    assert case["antrag"]["durchfuehrung"] == ["eigen"]
    assert case["antrag"]["antragsteller"]["name"] == "Stadt Tettnang"
    decision = evaluate(case, on="2018-06-01", engine="direct")
    assert decision.verdict == "yes"
    inputs = visitor.page.locator("#eingabe :is(.field:not(.choice), fieldset.choice, #on):visible")
    assert inputs.count() <= 14
    visitor.page.locator(f"[id='karte-{STOP}'] button", has_text="kopieren").press("Enter")
    playwright.expect(visitor.page.locator("#abschnitt-posts ~ .table tbody tr")).to_have_count(2)
    assert visitor.page.evaluate(STOPS) <= 45, "with two posts"
    visitor.unfold_all()
    shown = visitor.page.inner_text("#ergebnis")
    assert [reason.title.de for reason in decision.reasons if reason.title.de not in shown] == []


@light_and_dark
def test_axe_finds_nothing(visitor: Visitor) -> None:
    assert visitor.violations() == []
    visitor.load("tettnang.yaml")
    visitor.unfold_all()
    assert visitor.violations() == []
    visitor.page.wait_for_selector("#vergleich-inhalt table")
    assert visitor.violations() == []
    visitor.fill(f"{STOP}.vzae", "viel")
    visitor.page.wait_for_selector("#fehler:not([hidden])")
    assert visitor.violations() == []


@pytest.mark.parametrize(
    "visitor", [DESK, ZOOMED, PHONE, NARROW], ids=["desk", "zoomed", "phone", "narrow"], indirect=True
)
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_the_page_fits_the_screen(visitor: Visitor, size: str) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.evaluate("size => document.documentElement.style.fontSize = size", size)
    visitor.unfold_all()
    visitor.page.wait_for_selector("#vergleich-inhalt table")
    wide, screen = visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= screen


def test_the_comparison_stays_after_a_change(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.click("#vergleich summary")
    shown = playwright.expect(visitor.page.locator("#vergleich-inhalt"))
    shown.to_contain_text("Änderung vom 11.11.2020")
    visitor.fill(f"{STOP}.vzae", "0,2")
    visitor.hears("NEIN")
    shown.to_contain_text("Änderung vom 11.11.2020")


@pytest.mark.parametrize("visitor", [PHONE, ZOOMED], ids=["phone", "desk at twice the size"], indirect=True)
def test_where_the_result_stands_below_a_bar_says_it_and_leads_there(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    bar = visitor.page.locator("#bar")
    playwright.expect(bar).to_contain_text("JA, soweit bekannt bewilligungsfähig")
    visitor.fill(f"{STOP}.vzae", "0,2")
    playwright.expect(bar).to_contain_text("NEIN – mindestens eine Voraussetzung ist nicht erfüllt")
    text = visitor.page.locator("#bar-text")
    assert text.evaluate("(one) => one.scrollHeight <= one.clientHeight"), "all of it is seen"
    box = bar.bounding_box()
    assert box["y"] + box["height"] <= visitor.page.viewport_size["height"]
    bar.click()
    assert visitor.page.evaluate("document.activeElement.id") == "ergebnis"
    assert visitor.page.locator("#kurz .panel").is_visible()


@both
def test_what_has_the_focus_can_be_seen(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    seen = """() => {
      const one = document.activeElement, box = one.getBoundingClientRect();
      if (one.type === "radio" || one.type === "checkbox") return true;
      const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
      const top = document.elementFromPoint(Math.max(box.left + Math.min(box.width / 2, 40), 0), y);
      return box.top >= -1 && box.bottom <= innerHeight + 1 && (one.contains(top) || top.contains(one));
    }"""
    for _ in range(300):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement === document.body"):
            return
        assert visitor.page.evaluate(seen), visitor.page.evaluate("document.activeElement.outerHTML")
    raise AssertionError("the focus never leaves the page")


def test_from_the_result_the_way_leads_back_to_the_field_used_last(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.focus(f"[id='feld-{STOP}.vzae']")
    visitor.page.focus("#ergebnis")
    visitor.tab_to("print")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == f"feld-{STOP}.vzae"


def test_a_page_without_javascript_says_so(browser: Any, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    assert "Diese Seite braucht JavaScript" in page.inner_text("body")
    assert page.locator("main").is_hidden(), "nothing that does not work is shown"
    page.context.close()


def test_a_fault_stands_at_its_field_and_the_list_leads_there(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    field = visitor.page.locator(f"[id='feld-{STOP}.vzae']")
    visitor.fill(f"{STOP}.vzae", "viel")
    visitor.hears("Stellenumfang (Stelle 1): 'viel' ist keine Dezimalzahl.")
    assert visitor.page.locator("#kurz .panel").is_visible(), "the last result stays"
    assert visitor.page.locator("#veraltet").is_visible()
    assert field.get_attribute("aria-invalid") == "true"
    assert "keine Dezimalzahl" in visitor.page.inner_text(f"[id='feld-{STOP}.vzae-fehler']")
    visitor.page.click("#fehler a")
    assert visitor.page.evaluate("document.activeElement.id") == f"feld-{STOP}.vzae"
    visitor.fill(f"{STOP}.vzae", "0,5")
    visitor.hears("JA")
    assert visitor.page.locator("#fehler").is_hidden()
    assert visitor.page.locator("#veraltet").is_hidden()
    assert field.get_attribute("aria-invalid") is None
    playwright.expect(field).not_to_have_accessible_description(re.compile("keine Dezimalzahl"))


def test_where_no_answer_comes_the_page_says_so_and_asks_again(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.hears("JA")
    visitor.page.clock.install()
    visitor.page.route("**/v1/pages?*", lambda _: None)
    visitor.page.fill(f"[id='feld-{STOP}.vzae']", "0,1")
    visitor.page.keyboard.press("Tab")
    visitor.page.clock.run_for(2_000)
    note = visitor.page.locator("#note")
    playwright.expect(visitor.page.locator("#ergebnis")).to_have_attribute("aria-busy", "true")
    playwright.expect(note).to_have_attribute("aria-disabled", "true")
    visitor.page.clock.run_for(30_000)
    visitor.hears("Der Server antwortet nicht.")
    playwright.expect(visitor.page.locator("#bar-text")).to_have_text("Der Server antwortet nicht")
    assert visitor.page.inner_text("#veraltet") == "Das Folgende gilt für frühere Angaben."
    assert visitor.page.locator("#fehler").is_hidden(), "nothing that was typed is to blame"
    playwright.expect(note).to_have_attribute("aria-disabled", "true")
    note.click(force=True)
    playwright.expect(visitor.page.locator("#done")).to_have_text("Das Ergebnis ist noch nicht das der Angaben.")
    with visitor.page.expect_request("**/v1/pages?*"):
        visitor.page.clock.run_for(11_000)
    visitor.page.clock.run_for(60_000)
    visitor.hears("Der Server antwortet nicht.")
    visitor.page.unroute("**/v1/pages?*")
    visitor.page.click("#again")
    visitor.hears("NEIN")
    assert visitor.page.locator("#again").is_hidden()
    playwright.expect(note).to_have_attribute("aria-disabled", "false")


@pytest.mark.parametrize(
    ("path", "typed", "told"),
    [
        (f"{STOP}.vzae", "0,5x", "'0,5x' ist keine Dezimalzahl. Schreiben Sie eine Zahl ohne Vorzeichen"),
        (f"{STOP}.vzae", "1.000,5", "'1000.5' liegt nicht zwischen 0 und 1000."),
        (f"{STOP}.vzae", "1.500", "Meinen Sie 1500 oder 1,500?"),
        ("antrag.gezaehlte_personen", "1,5", "Schreiben Sie nur Ziffern, ohne Punkt und Komma"),
        ("antrag.gezaehlte_personen", "1,166", "Meinen Sie 1166?"),
    ],
)
def test_a_fault_is_told_in_the_words_of_the_form(visitor: Visitor, path: str, typed: str, told: str) -> None:
    visitor.load("tettnang.yaml")
    visitor.fill(path, typed)
    visitor.hears(told)


def test_a_faulty_file_is_told_by_line_and_column(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "fall.yaml"
    path.write_text("antrag:\n  stellen:\n    - vzea: 0.5\n    - vzae: 0,5\n", "utf-8")
    visitor.page.set_input_files("#upload", path)
    visitor.page.wait_for_selector("#upload-fehler:not([hidden])")
    told = visitor.page.inner_text("#upload-fehler")
    assert "„fall.yaml“ ist nicht geladen; Ihre Angaben sind unverändert." in told
    assert visitor.page.locator("[aria-invalid]").count() == 0, "no field of the form is to blame"
    assert "Zeile 3, Spalte" in told
    assert "Zeile 4, Spalte" in told
    assert "Meinten Sie 'vzae'?" in told


def test_a_faulty_workbook_is_told_as_its_reader_finds_the_cell(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "mappe.xlsx"
    rows = [*SHEETS["Positionen"], ["B7", "1", "01.01.2018", 1]]
    path.write_bytes(workbook({**SHEETS, "Positionen": rows}))
    visitor.page.check("[name=question][value=verwendungsnachweis]")
    visitor.page.set_input_files("#upload", path)
    told = visitor.page.locator("#upload-fehler li")
    playwright.expect(told).to_have_text(
        "Blatt Positionen, Zeile 4, Bescheid (Kennung): Bescheid mit der Kennung 'B7' gibt es nicht."
    )


def test_a_receipt_is_made_again(visitor: Visitor, tmp_path: Path) -> None:
    visitor.load("tettnang.yaml", "01.06.2018")
    receipt = tmp_path / "pruefprotokoll.json"
    receipt.write_bytes(visitor.saved("#receipt"))
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.click("#clear")
    visitor.hears("Es fehlt der Tag")
    visitor.page.set_input_files("#upload", receipt)
    playwright.expect(visitor.page.locator("#wiederholt")).to_contain_text(
        "Die Entscheidung kommt heute genauso heraus."
    )
    visitor.hears("JA")
    assert visitor.page.input_value("#on") == "01.06.2018"
    assert visitor.page.input_value(f"[id='feld-{STOP}.vzae']") == "1"


def test_a_receipt_that_was_changed_is_refused(visitor: Visitor, tmp_path: Path) -> None:
    visitor.load("tettnang.yaml")
    receipt = tmp_path / "pruefprotokoll.json"
    receipt.write_bytes(visitor.saved("#receipt").replace(b"erstantrag", b"verlaengerung"))
    visitor.page.set_input_files("#upload", receipt)
    playwright.expect(visitor.page.locator("#upload-fehler")).to_contain_text("Das Prüfprotokoll wurde verändert")


def test_a_case_is_saved_and_loaded_with_what_is_asked_about_it(visitor: Visitor, tmp_path: Path) -> None:
    visitor.load("tettnang.yaml", "01.06.2018")
    visitor.page.click("#lesarten summary")
    visitor.page.select_option("#lesart-fortbildung_vor_2020", "kommune")
    visitor.hears("JA")
    path = tmp_path / "fall.json"
    path.write_bytes(visitor.saved("#download-case"))
    playwright.expect(visitor.page.locator("#case-buttons + #saved")).to_have_text("„fall.json“ ist gespeichert.")
    assert json.loads(path.read_text("utf-8"))["readings"] == {"fortbildung_vor_2020": "kommune"}
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.click("#clear")
    visitor.page.check("[value=zielgruppe]")
    visitor.page.set_input_files("#upload", path)
    visitor.hears("JA")
    assert visitor.page.is_checked("[value=antrag]")
    assert visitor.page.input_value("#on") == "01.06.2018"
    assert visitor.page.input_value("#lesart-fortbildung_vor_2020") == "kommune"


def test_question_and_day_stand_in_the_address_and_nothing_of_the_case(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml", "01.06.2018")
    visitor.page.wait_for_url("**/?frage=antrag&tag=2018-06-01")
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.goto(visitor.page.url.replace("antrag", "zielgruppe"))
    visitor.page.wait_for_selector("body[data-ready]")
    assert visitor.page.input_value("#on") == "01.06.2018"
    assert visitor.page.is_checked("[value=zielgruppe]")


def test_all_is_emptied_with_the_day_once_confirmed(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.click("#clear")
    visitor.hears("Es fehlt der Tag der Entscheidung")
    assert visitor.page.input_value("#on") == visitor.page.input_value(f"[id='feld-{STOP}.vzae']") == ""


def test_a_file_takes_the_place_of_what_was_typed_only_if_confirmed(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    field = visitor.page.locator(f"[id='feld-{STOP}.vzae']")
    visitor.fill(f"{STOP}.vzae", "0,7")
    asked: list[str] = []
    visitor.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    visitor.page.set_input_files("#upload", EXAMPLES / "tettnang.yaml")
    playwright.expect(visitor.page.locator("#upload")).to_have_value("")
    assert asked == ["Alle Angaben durch „tettnang.yaml“ ersetzen?"]
    assert field.input_value() == "0,7"
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.set_input_files("#upload", EXAMPLES / "tettnang.yaml")
    playwright.expect(field).to_have_value("1")


def test_the_sliders_walk_through_the_fassungen(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml", "2017-06-01")
    visitor.page.click("#zeit summary")
    visitor.page.focus("#on-slider")
    visitor.page.keyboard.press("ArrowRight")
    assert visitor.page.input_value("#on") == "01.01.2019"
    visitor.page.keyboard.press("ArrowLeft")
    assert visitor.page.input_value("#on") == "01.06.2017", "the day that was typed"
    visitor.page.keyboard.press("ArrowRight")
    assert "28.08.2019" in visitor.page.get_attribute("#on-slider", "aria-valuetext")
    visitor.hears("Fassung: Änderung vom 28.08.2019.")
    visitor.page.focus("#known_on-slider")
    visitor.page.keyboard.press("ArrowRight")
    assert visitor.page.input_value("#known_on") == "11.12.2017"
    told = visitor.page.get_attribute("#known_on-slider", "aria-valuetext")
    assert told == "bekannt ab 11. Dezember 2017: VwV Integrationsmanagement vom 11.12.2017"
    visitor.hears("Fassung: VwV Integrationsmanagement vom 11.12.2017.")


@pytest.mark.parametrize("path", ["antrag.antragsdatum", f"{STOP}.beschaeftigungsbeginn", "on", "known_on"])
@pytest.mark.parametrize("typed", ["31.02.2018", "Juni 2018", "1.6."])
def test_a_day_that_is_none_is_told_and_nothing_is_decided_with_it(visitor: Visitor, path: str, typed: str) -> None:
    visitor.load("tettnang.yaml")
    visitor.hears("JA")
    visitor.page.click("#zeit summary")
    field = visitor.page.locator(f"[id='{path}'], [id='feld-{path}']")
    field.fill(typed)
    field.blur()
    visitor.hears("Diesen Tag gibt es im Kalender nicht, oder das Datum ist unvollständig.")
    assert field.get_attribute("aria-invalid") == "true"
    playwright.expect(field).to_have_accessible_description(re.compile("gibt es im Kalender nicht"))
    field.fill("01.03.2018")
    field.blur()
    visitor.page.wait_for_selector("#ergebnis:not([data-stale])")
    playwright.expect(field).not_to_have_accessible_description(re.compile("Kalender"))


def test_a_case_is_not_saved_without_a_day_that_stands_there(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.fill("antrag.antragsdatum", "31.02.2018")
    visitor.page.click("#download-case")
    playwright.expect(visitor.page.locator("#fehler")).to_be_focused()
    playwright.expect(visitor.page.locator("#fehler")).to_contain_text("Tag des Antrags: Diesen Tag gibt es")


def test_from_any_part_of_the_form_the_result_is_one_key_away(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.focus("text=Stelle 1 entfernen")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Zum Ergebnis"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "ergebnis"


def test_what_is_needed_leads_to_its_field(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.select_option(f"[id='feld-{STOP}.hochschulabschluss']", "")
    visitor.hears("OFFEN")
    visitor.page.click("#abschnitt-needed + ul a >> nth=0")
    assert visitor.page.evaluate("document.activeElement.id") == f"feld-{STOP}.hochschulabschluss"


def test_who_says_so_is_one_click_away(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.unfold_all()
    cited = visitor.page.locator("#page a[href^='#quelle-']")
    targets = {link.get_attribute("href") for link in cited.all()}
    assert targets
    assert [one for one in sorted(targets) if visitor.page.locator(f"[id='{one[1:]}']").count() != 1] == []
    cited.last.click()
    named = visitor.page.locator("li:target")
    number = cited.last.inner_text()
    playwright.expect(named).to_contain_text(f"{number}.")
    assert named.locator("a").first.get_attribute("href").startswith("http")
    back = named.locator("a[href^='#nennung-']").last
    back.click()
    assert visitor.page.evaluate("document.querySelector(':target').textContent") == number
    playwright.expect(visitor.page.locator("a:target")).to_be_visible()


def test_while_a_file_is_read_the_page_says_so(visitor: Visitor) -> None:
    visitor.page.route("**/v1/cases*", lambda route: (visitor.page.wait_for_timeout(300), route.continue_()))
    visitor.page.click("#datei summary")
    visitor.page.set_input_files("#upload", EXAMPLES / "tettnang.yaml")
    playwright.expect(visitor.page.locator("#saved")).to_have_text("„tettnang.yaml“ wird gelesen …")
    playwright.expect(visitor.page.locator("#saved")).to_have_text("„tettnang.yaml“ ist geladen.")


@pytest.mark.parametrize("visitor", [PHONE, ZOOMED], ids=["phone", "desk at twice the size"], indirect=True)
def test_that_something_is_saved_is_said_where_it_is_seen(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.hears("JA")
    visitor.page.locator("#print").scroll_into_view_if_needed()
    visitor.saved("#receipt")
    told = visitor.page.locator("#done")
    playwright.expect(told).to_have_text("„pruefprotokoll.json“ ist gespeichert.")
    box, bar = told.bounding_box(), visitor.page.locator("#bar").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] + box["height"] <= bar["y"]


def test_fassungen_are_compared_in_one_table(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml", "2020-06-01")
    visitor.page.click("#vergleich summary")
    table = visitor.page.locator("#vergleich-inhalt table").first
    told = table.inner_text()
    above = visitor.page.inner_text("#vergleich-inhalt").partition("Die Fassungen nebeneinander")[0]
    assert "ohne Nachbesetzung bleibt es beim bisherigen Satz" in above, "before the table"
    assert "Änderung vom 28.08.2019" in told
    assert "Änderung vom 11.11.2020" in told
    assert "Höchstens möglicher Bewilligungszeitraum der Stelle" in told


def test_what_a_comparison_asks_for_has_a_field(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    field = visitor.page.locator(f"[id='feld-{STOP}.verlaengerung_2020_beantragt']")
    playwright.expect(field).to_be_hidden()
    visitor.page.click("#vergleich summary")
    visitor.page.locator("#vergleich li", has_text="Änderung von 2020").locator("a.to-field").click()
    playwright.expect(field).to_be_focused()
    field.select_option("ja")
    visitor.page.locator("#on").focus()
    playwright.expect(field).to_be_visible()


def test_what_would_help_is_told(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.fill(f"{STOP}.vzae", "0,1")
    visitor.hears("NEIN")
    visitor.page.click("#hilfe summary")
    playwright.expect(visitor.page.locator("#hilfe-inhalt")).to_contain_text("statt 0,1")


def test_what_is_not_plausible_is_told_and_leads_to_its_field(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    field = visitor.page.locator(f"[id='feld-{STOP}.vzae']")
    visitor.fill(f"{STOP}.vzae", "39")
    shown = visitor.page.locator("#abschnitt-check + ul li")
    playwright.expect(shown).not_to_have_count(0)
    visitor.hears(f"Bitte prüfen: {shown.count()}.")
    odd = visitor.page.locator("#abschnitt-check + ul li", has_text="Ungewöhnlich großer Stellenumfang")
    odd.locator("a").click()
    assert visitor.page.evaluate("document.activeElement.id") == f"feld-{STOP}.vzae"
    playwright.expect(field).to_have_accessible_description(re.compile("Sind Wochenstunden gemeint"))
    assert field.get_attribute("aria-invalid") is None
    visitor.fill("antrag.antragsdatum", "2018-06-02")
    playwright.expect(visitor.page.locator("#on")).to_have_accessible_description(re.compile("Stimmen beide Tage"))
    visitor.fill(f"{STOP}.vzae", "0,5")
    playwright.expect(field).not_to_have_accessible_description(re.compile("Wochenstunden"))
    assert visitor.violations() == []


def test_what_cannot_both_be_is_told_at_both_fields(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.fill("antrag.gezaehlte_personen", "20")
    visitor.hears("WIDERSPRÜCHLICH")
    for path in ("antrag.gezaehlte_personen", "antrag.veroeffentlichter_planungsrahmen_eur"):
        field = visitor.page.locator(f"[id='feld-{path}']")
        playwright.expect(field).to_have_accessible_description(re.compile("passt nicht zur Zahl der Personen"))


def test_what_is_not_met_is_named_and_leads_to_its_field(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.click("[id='karte-antrag.stellen[1]'] button.more")
    visitor.fill("antrag.stellen[1].bezeichnung", "Rathaus")
    visitor.fill("antrag.stellen[1].vzae", "0,2")
    visitor.hears("NEIN")
    barring = visitor.page.locator("#abschnitt-barring + ul li")
    playwright.expect(barring).to_contain_text("Rathaus")
    link = barring.locator("a").first
    playwright.expect(link).to_have_accessible_name("Zur Angabe Stellenumfang (Stelle 2 – Rathaus)")
    link.click()
    assert visitor.page.evaluate("document.activeElement.id") == "feld-antrag.stellen[1].vzae"
    assert visitor.violations() == []


def test_where_nothing_helps_the_page_says_what_stands_in_the_way(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.select_option("[id='feld-antrag.antragsteller.bundesland']", "BY")
    visitor.hears("NEIN")
    visitor.page.click("#hilfe summary")
    told = visitor.page.locator("#hilfe-inhalt")
    playwright.expect(told).to_contain_text("Dem steht entgegen:")
    playwright.expect(told).to_contain_text("seinen Sitz nicht in Baden-Württemberg")


def test_joining_with_others_is_what_helps_a_small_municipality(visitor: Visitor) -> None:
    visitor.load("neukirch.yaml")
    visitor.hears("NEIN")
    visitor.page.click("#hilfe summary")
    playwright.expect(visitor.page.locator("#hilfe-inhalt")).to_contain_text("gemeinsam mit anderen")


def test_another_reading_is_followed(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.click("#lesarten summary")
    visitor.page.select_option("#lesart-fortbildung_vor_2020", "kommune")
    visitor.unfold_all()
    playwright.expect(visitor.page.locator("#ergebnis")).to_contain_text("trug die Kommune")
    assert visitor.page.locator("#lesarten").get_attribute("open") is not None


def test_note_and_receipt_are_saved(visitor: Visitor, tmp_path: Path) -> None:
    visitor.load("tettnang.yaml")
    assert visitor.saved("#note").startswith(b"%PDF-")
    playwright.expect(visitor.page.locator("#done")).to_have_text("„pruefvermerk.pdf“ ist gespeichert.")
    receipt = tmp_path / "pruefprotokoll.json"
    receipt.write_bytes(visitor.saved("#receipt"))
    assert replay(receipt).identical


def test_a_case_comes_back_as_it_was_read(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    before = evaluate(EXAMPLES / "tettnang.yaml", on="2018-06-01", engine="direct")
    after = evaluate(json.loads(visitor.saved("#download-case"))["case"], on="2018-06-01", engine="direct")
    assert after.receipt.facts == before.receipt.facts


def test_posts_are_added_and_removed(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.page.click("text=Stelle hinzufügen")
    assert visitor.page.evaluate("document.activeElement.id") == "feld-antrag.stellen[2].vzae"
    asked: list[str] = []
    visitor.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    visitor.page.click("text=Stelle 1 entfernen")
    assert asked == ["Stelle 1 mit allen Angaben entfernen?"]
    assert visitor.page.input_value(f"[id='feld-{STOP}.vzae']") == "1", "nothing is removed unless it is confirmed"
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.click("text=Stelle 1 entfernen")
    assert visitor.page.evaluate("document.activeElement.id") == f"karte-{STOP}", "the one that took its place"
    case = json.loads(visitor.saved("#download-case"))["case"]
    assert [post.get("vzae") for post in case["antrag"]["stellen"]] == ["0.5", None]


def test_a_person_is_examined(visitor: Visitor) -> None:
    visitor.page.check("[value=zielgruppe]")
    visitor.page.fill("#on", "2018-06-01")
    visitor.page.keyboard.press("Tab")
    visitor.hears("OFFEN")
    for path in ("gefluechtet", "anschlussunterbringung"):
        visitor.page.select_option(f"[id='feld-person.{path}']", "true")
    visitor.hears("JA")


def test_a_fault_of_the_application_does_not_bar_the_examination_of_a_person(visitor: Visitor) -> None:
    visitor.load("tettnang.yaml")
    visitor.fill(f"{STOP}.vzae", "viel")
    visitor.hears("keine Dezimalzahl")
    visitor.page.check("[value=zielgruppe]")
    visitor.hears("OFFEN")
    visitor.page.check("[value=antrag]")
    visitor.hears("keine Dezimalzahl")
