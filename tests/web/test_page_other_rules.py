"""The web page under other rules: the form has its parts, lists in lists and questions, and shows its decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support import TESTS
from web.test_page import DESK, Visitor, playwright

pytestmark = pytest.mark.chromium
CASE = TESTS / "welt" / "hof.yaml"
PLANTS = "hof.anlagen"


@pytest.fixture
def visitor(browser: Any, other_address: str) -> Iterator[Visitor]:
    width, height = DESK
    context = browser.new_context(viewport={"width": width, "height": height}, locale="de-DE", accept_downloads=True)
    visitor = Visitor(context.new_page(), other_address)
    yield visitor
    context.close()
    assert visitor.strange == []


def load(visitor: Visitor) -> None:
    """Upload the case of the farm and state the day."""
    visitor.page.set_input_files("#upload", CASE)
    playwright.expect(visitor.page.locator("#upload")).to_have_value("")
    visitor.page.fill("#on", "1999-06-01")
    visitor.page.keyboard.press("Tab")
    visitor.page.wait_for_selector("#kurz .panel")


def field(path: str) -> str:
    return f"[id='feld-{path}']"


def saved(visitor: Visitor) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(visitor.saved("#download-case"))["case"]
    return case["hof"]


def test_a_case_with_lists_in_lists_is_typed(visitor: Visitor) -> None:
    visitor.page.fill("#on", "1999-06-01")
    visitor.page.keyboard.press("Tab")
    visitor.hears("OFFEN")
    assert visitor.page.locator(field("hof.lage")).is_hidden(), "nothing turns on it"
    visitor.page.select_option(field("hof.betreiber.ortsansaessig"), "true")
    visitor.fill(f"{PLANTS}[0].leistung_kw", "7,5")
    visitor.fill(f"{PLANTS}[0].inbetriebnahme", "1998-07-01")
    visitor.hears("OFFEN")
    visitor.page.click(f"[id='add-{PLANTS}[0].ablesungen']")
    assert visitor.page.evaluate("document.activeElement.id") == f"feld-{PLANTS}[0].ablesungen[0].ablesetag"
    visitor.fill(f"{PLANTS}[0].ablesungen[0].ablesetag", "1998-01-01")
    visitor.hears("Was entgegensteht: Abgelesen wird im Betrieb")
    visitor.fill(f"{PLANTS}[0].ablesungen[0].ablesetag", "1999-01-01")
    visitor.page.check("[name=question][value=lehre]")
    playwright.expect(visitor.page.locator(field("lehrling.lebensjahre"))).to_be_visible()
    visitor.page.check("[name=question][value=beihilfe]")
    plants = saved(visitor)["anlagen"]
    assert plants == [
        {"leistung_kw": "7.5", "inbetriebnahme": "1998-07-01", "ablesungen": [{"ablesetag": "1999-01-01"}]}
    ]


def test_labels_say_units_and_entries_say_where_they_are(visitor: Visitor) -> None:
    load(visitor)
    assert visitor.page.locator(f"label[for='feld-{PLANTS}[1].leistung_kw']").inner_text() == "Leistung (kW)"
    visitor.fill(f"{PLANTS}[1].ablesungen[0].menge_kwh", "viel")
    visitor.hears("Menge (Anlage 2, Ablesung 1): 'viel' ist keine ganze Zahl.")
    levels = "e => e.querySelector('legend').firstElementChild.tagName"
    for path, level in (("hof", "H2"), (f"{PLANTS}[0]", "H3"), (f"{PLANTS}[0].ablesungen[1]", "H4")):
        assert visitor.page.locator(f"[id='karte-{path}']").evaluate(levels) == level


def test_a_case_comes_back_as_it_was_read(visitor: Visitor) -> None:
    load(visitor)
    plants = saved(visitor)["anlagen"]
    assert [plant["leistung_kw"] for plant in plants] == ["10", "6"]
    assert [[entry["menge_kwh"] for entry in plant["ablesungen"]] for plant in plants] == [[800, 300], [50]]


def test_what_an_entry_holds_goes_and_moves_with_it(visitor: Visitor) -> None:
    load(visitor)
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.click("text=Anlage 1 entfernen")
    assert [[entry["menge_kwh"] for entry in plant["ablesungen"]] for plant in saved(visitor)["anlagen"]] == [[50]]
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.click("text=Ablesung 1 entfernen")
    assert "ablesungen" not in saved(visitor)["anlagen"][0], "not known, as nothing says that there are none"
    visitor.page.check("text=Es gibt keine Ablesungen")
    assert saved(visitor)["anlagen"][0]["ablesungen"] == []


def test_axe_finds_nothing(visitor: Visitor) -> None:
    load(visitor)
    assert visitor.violations() == []
