"""The built site in a real browser: complete, without a network, accessible, quick to the answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import ROOT
from vwv_im import regulation

pytestmark = pytest.mark.chromium

KINDS = [
    "index.html",
    "angaben.html",
    "bestaetigen.html",
    "fehler.html",
    "recht/index.html",
    "recht/pruefschema.html",
    "recht/regeln/landkreis-beantragt-selbst.html",
    "recht/ableitungen/qualifikationsgruppe.html",
    "recht/werte/hoechstdauer_monate.html",
    "recht/widersprueche/planungsrahmen-und-personen.html",
    "recht/pflichten/kennzahlen-jaehrlich.html",
    "recht/vermerke/erste-tranche.html",
    "recht/akte/index.html",
    "recht/akte/2020-11-11.html",
    "recht/fassungen/2022-01-26.html",
    "recht/quellen.html",
    "recht/offene-fragen.html",
    "recht/auslegungen.html",
    "recht/belege.html",
    "recht/abdeckung.html",
    "recht/dateien/2020-11-11-aenderung.html",
    "en/quick-start.html",
    "en/api.html",
    "befehle.html",
    "en/cli.html",
    "en/regulation.html",
]
"""One page of each kind."""
AXE = ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "vwv_im", "docs", "build", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    return out


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


def test_every_item_of_the_law_has_a_built_page(site: Path) -> None:
    text = "\n".join(path.read_text("utf-8") for path in site.rglob("*.html"))
    pages = {path.stem for path in site.rglob("*.html")}
    for item in regulation().items:
        assert item.id in pages
        assert f"<code>{item.id}</code>" in text


@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_accessible_and_asks_nothing_of_the_network(name: str, site: Path, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{site / name}")
    page.evaluate(f"{AXE.read_text('utf-8')};0")
    found = page.evaluate(f"axe.run({{runOnly: {WCAG}}})")
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found["violations"]] == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the screen"


@pytest.mark.parametrize("width", [390, 640], ids=["phone", "desk at twice the size"])
def test_on_a_narrow_screen_no_table_scrolls_sideways_and_each_cell_says_its_column(
    width: int, site: Path, browser: Any
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    frames = "[...document.querySelectorAll('.md-typeset__scrollwrap')]"
    wider = f"{frames}.filter((one) => one.scrollWidth > one.clientWidth)"
    for name in KINDS:
        page.goto(f"file://{site / name}")
        assert page.evaluate(f"{wider}.length") == 0, name
    page.set_viewport_size({"width": 390, "height": 844})  # a desk has room for this one
    page.goto(f"file://{site / 'recht/akte/2020-11-11.html'}")
    said = "[...document.querySelectorAll('.untereinander td[data-spalte]')].map((one) => one.dataset.spalte)"
    assert {"Was", "Schritt", "Beleg"} <= set(page.evaluate(said))
    page.close()


ANSWERS = {
    "Nachbesetzung": ("recht/regeln/nachbesetzung", "Nachbesetzung"),
    "60 Monate": ("recht/werte/hoechstdauer_monate.html", "60 Monate"),
    "Höchstdauer": ("recht/werte/hoechstdauer_monate.html", "60 Monate"),
    "Erstantrag": ("recht/pruefschema.html", "Antragsberechtigung"),
    "Planungsrahmen": ("recht/ableitungen/planungsrahmen-antrag.html", "gezählten Personen"),
    "Verlängerung": ("recht/werte/hoechstdauer_monate.html", "72 Monate"),
    "11.11.2020": ("recht/akte/2020-11-11.html", "nachbesetzt"),
    "was hat sich 2020 geändert": ("recht/akte/2020-11-11.html", "nachbesetzt"),
    "Prüfvermerk": ("index.html", "Installieren, starten, prüfen"),
    "Berufsausbildung": ("recht/ableitungen/qualifikation-c.html", "Berufsausbildung"),
}
"""For what one searches, the page that answers it, and what stands there."""


@pytest.mark.parametrize("words", ANSWERS)
def test_search_leads_first_to_the_answer_also_from_a_folder_on_disk(words: str, site: Path, browser: Any) -> None:
    where, answer = ANSWERS[words]
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"file://{site / 'index.html'}")
    page.get_by_placeholder("Suche").first.fill(words)
    first = page.locator(".md-search-result__item").first
    first.locator("a").first.wait_for(timeout=15_000)
    assert where in (first.locator("a").first.get_attribute("href") or "")
    assert "`" not in first.inner_text()
    assert ".yaml" not in first.inner_text()
    first.locator("a").first.click()
    page.locator("article", has_text=answer).wait_for()
    page.close()


def test_the_commands_of_the_start_page_can_be_read_whole(site: Path, page: Any) -> None:
    page.goto(f"file://{site / 'index.html'}")
    cut = "[...document.querySelectorAll('.schritte code')].filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".schritte code").count() == 2
    assert page.evaluate(cut) == 0


def test_a_page_says_in_which_language_it_is(site: Path) -> None:
    for path in site.rglob("*.html"):
        language = "en" if path.relative_to(site).parts[0] == "en" else "de"
        assert f'<html lang="{language}"' in path.read_text("utf-8"), path


def test_the_navigation_has_at_most_seven_entries_a_level(site: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for name in KINDS:
        page.goto(f"file://{site / name}")
        counts = page.evaluate(
            "[...document.querySelectorAll('.md-nav--primary .md-nav__list, .md-tabs__list')]"
            ".filter((list) => !list.closest('.md-nav--secondary')).map((list) => list.children.length)"
        )
        assert counts
        assert max(counts) <= 7, (name, counts)
    page.close()


def test_three_clicks_lead_to_why_the_longest_period_is_60_months(site: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"file://{site / 'index.html'}")
    value = "Höchstens möglicher Bewilligungszeitraum"
    page.locator("article").get_by_role("link", name=value, exact=True).first.click()
    text = page.locator("article").inner_text()
    assert "60 Monate" in text, "how long"
    row = page.locator("article tr", has_text="60 Monate").first.inner_text()
    assert "amtliche Veröffentlichung" in row, "who says so"
    assert "Statistisches Landesamt" in row
    changed = page.locator("article tr", has_text="36 Monate durch 60 Monate").inner_text()
    assert "36 Monate → 60 Monate" in changed, "what it changed"
    page.locator("article").get_by_role("link", name="Änderung vom 11.11.2020").first.click()
    assert "Was sich ändert" in page.locator("article").inner_text()
    page.close()
