"""What MkDocs does not do itself: the language of each page, and the place of pages that the navigation leaves out."""

from __future__ import annotations

from typing import Any

from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page


def on_nav(nav: Navigation, config: Any, files: Any) -> Navigation:
    """Let a page outside the navigation stand below the section whose folder holds it."""
    sections = [item for item in nav.items if item.is_section]
    homes = {
        child.file.src_uri.rpartition("/")[0]: section
        for section in reversed(sections)
        for child in pages_below(section)
    }
    for file in files.documentation_pages():
        page = file.page
        if page is not None and page.parent is None and page not in nav.items:
            folder = file.src_uri.rpartition("/")[0]
            page.parent = homes.get(folder) or homes.get(folder.partition("/")[0])
    return nav


def pages_below(item: Any) -> list[Page]:
    """Return the pages of a section, those of the sections in it first."""
    if item.is_section:
        return [page for child in reversed(item.children) for page in pages_below(child)]
    return [item] if item.is_page else []


def on_page_context(context: Any, page: Page, config: Any, nav: Navigation) -> Any:
    """Give a page below en/ English words around it, and say that it is English."""
    config.theme["language"] = "en" if page.file.src_uri.startswith("en/") else "de"
    return context
