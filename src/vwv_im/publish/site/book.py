"""The generated pages as a whole: writing them into docs/, and telling which differ from the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vwv_im.publish.site import act_pages, item_pages
from vwv_im.publish.site.atlas import ROOT, Atlas, state_name
from vwv_im.publish.site.markdown import relative
from vwv_im.publish.site.pages import pages as written_pages
from vwv_im.text import Fault, Place, Text

_ORIGIN = "# Erzeugt aus rules/ und tests/cases/ mit `vwv-im docs write`. Nicht von Hand ändern."
_START, _END = "  # Von hier an erzeugt mit `vwv-im docs write`.\n", "  # Bis hier erzeugt.\n"


@dataclass(frozen=True, slots=True)
class Book:
    """Every generated file by its path in docs/, and the part of the navigation that leads to them."""

    files: Mapping[str, str]
    nav: str

    def write(self, root: Path) -> None:
        """Write all files below `root` (where mkdocs.yml stands), and remove those that are no longer generated."""
        for path in _stale(root, self.files):
            path.unlink()
        for name, text in self.files.items():
            path = root / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        config = root / "mkdocs.yml"
        config.write_text(_with_nav(config.read_text("utf-8"), self.nav), "utf-8")

    def differences(self, root: Path) -> list[Fault]:
        """Return what differs between the files below `root` and what the rules give."""
        found = [_differs(path.relative_to(root).as_posix(), _SURPLUS) for path in _stale(root, self.files)]
        for name, text in self.files.items():
            path = root / "docs" / name
            if not path.is_file():
                found.append(_differs(f"docs/{name}", _MISSING))
            elif (written := path.read_text("utf-8")) != text:
                found.append(_differs(f"docs/{name}", _OLD, _line(written, text)))
        config = (root / "mkdocs.yml").read_text("utf-8")
        if _with_nav(config, self.nav) != config:
            found.append(_differs("mkdocs.yml", _OLD))
        return found


_SURPLUS = Text("Die Seite wird nicht mehr erzeugt.", "The page is no longer generated.")
_MISSING = Text("Die Seite fehlt.", "The page is missing.")
_OLD = Text("Die Seite gibt nicht die Regeln wieder.", "The page does not show what the rules say.")
_MEND = Text("Schreiben Sie sie neu: vwv-im docs write.", "Write it anew: vwv-im docs write.")


def _differs(name: str, message: Text, line: int = 0) -> Fault:
    return Fault("VIM171", Place(name, line, 1 if line else 0), message, _MEND)


def _line(written: str, text: str) -> int:
    """Return the number of the first line that differs."""
    pairs = zip(f"{written}\n".split("\n"), f"{text}\n".split("\n"), strict=False)
    return next((number for number, (old, new) in enumerate(pairs, start=1) if old != new), 1)


def _stale(root: Path, files: Mapping[str, str]) -> Iterator[Path]:
    docs = root / "docs"
    for path in sorted((docs / ROOT).rglob("*.md")):
        if path.relative_to(docs).as_posix() not in files:
            yield path


def _with_nav(config: str, nav: str) -> str:
    before, start, rest = config.partition(_START)
    _, end, after = rest.partition(_END)
    return f"{before}{start}{nav}{end}{after}"


def make_book(atlas: Atlas, more: Mapping[str, str]) -> Book:
    """Return every generated page; `more` are pages that others generate, by their path in docs/."""
    pages = ((name, _whole(blocks, name)) for name, blocks in _pages(atlas))
    files = {name: f"{_head(name)}{text}\n" for name, text in (*written_pages(atlas), *pages, *more.items())}
    files["assets/erzeugt/werte.txt"] = f"{_whole(item_pages.changing_values(atlas), 'index.md')}\n"
    return Book(files, "".join(f"{line}\n" for line in _nav(atlas)))


def _whole(blocks: Iterable[str], page: str) -> str:
    return relative("\n\n".join(filter(None, blocks)), page)


def _head(name: str) -> str:
    """Return what stands before a page: that it is generated, and how search treats it (rule files: not at all)."""
    found = "exclude: true" if name.startswith(f"{ROOT}/dateien/") else "boost: 2"
    return f"---\n{_ORIGIN}\nsearch:\n  {found}\n---\n\n"


def _pages(atlas: Atlas) -> Iterator[tuple[str, Iterable[str]]]:
    yield f"{ROOT}/graph.md", item_pages.graph_page(atlas)
    yield f"{ROOT}/akte/index.md", act_pages.acts_page(atlas)
    for akt in atlas.law.acts:
        yield atlas.act_page(akt.id), act_pages.act_page(atlas, akt)
    for state in atlas.law.states:
        yield atlas.fassung_page(state), act_pages.fassung_page(atlas, state)
    effects = item_pages.effects_by_operation(atlas)
    for key in atlas.items:
        yield atlas.page(key), item_pages.item_page(atlas, key, effects)
    for name in atlas.law.hashes:
        yield _file_page(name), [f"# {name}", f'```yaml linenums="1" title="rules/{name}"\n--8<-- "rules/{name}"\n```']


def _file_page(name: str) -> str:
    return f"{ROOT}/dateien/{name.removesuffix('.yaml')}.md"


def _nav(atlas: Atlas) -> Iterator[str]:
    """Yield the lines of the navigation that lead to the generated pages."""
    yield "  - Regeln:"
    yield f"      - {ROOT}/index.md"
    yield f"      - Prüfschema: {ROOT}/pruefschema.md"
    yield f"      - Entscheidungsgraph: {ROOT}/graph.md"
    for name, subject in atlas.law.subjects.items():
        yield f"      - {_quoted(subject.de)}:"
        for key, item in atlas.items.items():
            if item.subject == name:
                yield f"          - {_quoted(item.model.titel.de)}: {atlas.page(key)}"
    yield "  - Akte und Fassungen:"
    yield f"      - {ROOT}/akte/index.md"
    for akt in atlas.law.acts:
        yield f"      - {_quoted(akt.kurz.de)}: {atlas.act_page(akt.id)}"
    yield "      - Lesefassungen:"
    for state in atlas.law.states:
        yield f"          - {_quoted(state_name(state))}: {atlas.fassung_page(state)}"
    yield "  - Wie sicher:"
    for title, name in _CERTAINTY.items():
        yield f"      - {title}: {name}"
    yield "  - Regeldateien:"
    for name in atlas.law.hashes:
        yield f"      - {name}: {_file_page(name)}"


_CERTAINTY: Mapping[str, str] = {
    "Belege": f"{ROOT}/belege.md",
    "Quellen": f"{ROOT}/quellen.md",
    "Auslegungen": f"{ROOT}/auslegungen.md",
    "Offene Fragen": f"{ROOT}/offene-fragen.md",
    "Abdeckung durch Fälle": f"{ROOT}/abdeckung.md",
    "Beweise": "beweise.md",
    "Einen Wert bestätigen": "bestaetigen.md",
}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'
