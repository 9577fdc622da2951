"""The generated pages show what the rules say, and move with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import ROOT, RULES, Edit, edited
from vwv_im import regulation
from vwv_im.decision.blocks import plain
from vwv_im.law import AnyItem
from vwv_im.law.regulation import load_regulation
from vwv_im.publish.site.atlas import Atlas
from vwv_im.publish.site.pages import Book, make_book
from vwv_im.review.corpus import corpus, unreachable

SOME = corpus()[::10]


@pytest.fixture(scope="module")
def book() -> Book:
    """The pages with some of the cases; that the committed ones are right, `vwv-im docs check` says with all."""
    return make_book(Atlas(regulation(), SOME, unreachable()), {})


def test_a_page_that_differs_from_the_rules_is_found(book: Book, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text((ROOT / "mkdocs.yml").read_text("utf-8"), "utf-8")
    book.write(tmp_path)
    assert book.differences(tmp_path) == []
    page = tmp_path / "docs" / "recht" / "werte" / "mindestumfang_stelle.md"
    page.write_text(page.read_text("utf-8").replace("0,25 VZÄ", "0,3 VZÄ"), "utf-8")
    (tmp_path / "docs" / "recht" / "regeln" / "erfunden.md").write_text("# Erfunden\n", "utf-8")
    (tmp_path / "docs" / "recht" / "pruefschema.md").unlink()
    found = {difference.place.file: difference.message.en for difference in book.differences(tmp_path)}
    assert found == {
        "docs/recht/regeln/erfunden.md": "The page is no longer generated.",
        "docs/recht/pruefschema.md": "The page is missing.",
        "docs/recht/werte/mindestumfang_stelle.md": "The page does not show what the rules say.",
    }


@pytest.mark.parametrize("item", regulation().items, ids=lambda item: item.entry.key)
def test_every_item_has_a_page_that_names_its_sources(item: object, book: Book) -> None:
    key, model = item.entry.key, item.model  # type: ignore[attr-defined]
    folder = next(name for name in book.files if name.endswith(f"/{item.id}.md"))  # type: ignore[attr-defined]
    text = book.files[folder]
    assert f"`{item.id}`" in text, key  # type: ignore[attr-defined]
    assert all(beleg.quelle is None or f"#{beleg.quelle})" in text for beleg in model.beleg)


def test_changing_one_value_moves_rule_synopsis_text_and_coverage(book: Book, tmp_path: Path) -> None:
    changed = edited(
        tmp_path,
        Edit("2020-11-11-aenderung.yaml", "    alt: 36\n    neu: 60\n", "    alt: 36\n    neu: 54\n"),
        Edit("2022-01-26-aenderung.yaml", "    alt: 60\n    neu: 72\n", "    alt: 54\n    neu: 72\n"),
        source=RULES,
    )
    after = make_book(Atlas(load_regulation(changed), SOME, unreachable()), {}).files
    moved = {name for name, text in after.items() if text != book.files[name]}
    assert moved >= {
        "recht/werte/hoechstdauer_monate.md",
        "recht/akte/2020-11-11.md",
        "recht/fassungen/2020-11-11.md",
        "recht/abdeckung.md",
        "assets/erzeugt/werte.txt",
    }


def body(book: Book, name: str) -> str:
    """Return a page without what stands before it."""
    return book.files[name].partition("---\n\n")[2]


@pytest.mark.parametrize("item", {item.entry.key: item for item in regulation().items}.values(), ids=str)
def test_a_page_begins_with_a_sentence_and_ends_with_ids_and_files(item: AnyItem, book: Book) -> None:
    (name,) = (name for name in book.files if name.endswith(f"/{item.id}.md") and f"`{item.id}`" in book.files[name])
    title, sentence, _ = body(book, name).split("\n\n", 2)
    assert title.startswith("# ")
    kurz = getattr(item.model, "kurz", None)
    assert sentence == plain(kurz.de) if kurz else "`" not in sentence
    before, foot, after = body(book, name).partition("## Kennung und Fundstelle")
    assert foot
    assert f"`{item.id}`" not in before
    assert f"`{item.id}`" in after
    assert "rules/" not in re.sub(r"\]\([^)]*\)", "", before)


def test_no_state_of_the_law_is_called_by_a_day_as_programs_write_it(book: Book) -> None:
    for name, text in book.files.items():
        if not name.startswith("recht/dateien/"):
            shown = re.sub(r"\]\([^)]*\)|href=\"[^\"]*\"|`[^`]*`|<https?:[^>]*>|\{ #[^}]*\}", "", text)
            assert [act.id for act in regulation().acts if act.id in shown] == [], name


def test_no_page_of_an_act_writes_a_day_as_programs_do_or_one_that_only_stands_for_never(book: Book) -> None:
    for act in regulation().acts:
        shown = re.sub(r"\]\([^)]*\)|`[^`]*`", "", body(book, f"recht/akte/{act.id}.md"))
        assert re.findall(r"\([12][0-9]{3}-[0-9]{2}-[0-9]{2} durch|2199", shown) == [], act.id
    assert "ersetzt (4. Februar 2020 durch 31. Juli 2021)" in body(book, "recht/akte/2020-11-11.md")


def test_the_stated_facts_behind_a_value_are_all_told(book: Book) -> None:
    end = body(book, "recht/ableitungen/bewilligungsende.md")
    (behind,) = re.findall(r"\*\*Beruht damit auf diesen Angaben:\*\* .*", end)
    assert "[Beschäftigungsbeginn]" in behind


def test_what_reads_what_changed_does_not_read_as_if_it_were_always_the_same(book: Book) -> None:
    """The latest end is worked out alike in every Fassung; the months it counts are not."""
    stages = body(book, "recht/ableitungen/bewilligungsende.md").partition("## Je Fassung")[2].partition("\n## ")[0]
    assert "In allen Fassungen gleich." not in stages
    assert "(hoechstdauer.md): geändert mit der Fassung vom 28.08.2019, vom 11.11.2020" in stages
    assert "**72 Monate** seit der Fassung vom 26.01.2022, davor 60 Monate" in stages
    assert "In allen Fassungen gleich." in body(book, "recht/werte/mindestumfang_stelle.md")
    amount = body(book, "recht/ableitungen/foerderbetrag-stelle.md").partition("## Je Fassung")[2].partition("\n## ")[0]
    assert "(../werte/festbetrag_a_eur.md)" not in amount, "only its evidence changed"


def test_an_act_says_what_it_changes_before_any_table(book: Book) -> None:
    for act in regulation().acts:
        before, _, _ = body(book, f"recht/akte/{act.id}.md").partition("\n|")
        assert plain(act.content.de or act.titel.de) in before


def test_the_order_of_examination_names_a_fassung_only_where_not_all_have_the_requirement(book: Book) -> None:
    rows = {line for line in body(book, "recht/pruefschema.md").split("\n") if line.startswith("| [")}
    for item in regulation().items:
        for row in (row for row in rows if f"(regeln/{item.id}.md)" in row):
            everywhere = all(item.entry.key in {one.entry.key for one in state} for state in regulation().states)
            assert ("nur seit" in row or "nur bis" in row) is not everywhere, row
