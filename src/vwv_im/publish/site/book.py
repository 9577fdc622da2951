"""The generated pages as a whole: writing them into docs/, and telling which differ from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vwv_im.publish.site.atlas import ROOT, Atlas
from vwv_im.publish.site.pages import Writer
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
    writer = Writer(atlas)
    files = {name: f"{_head(name)}{text}\n" for name, text in (*writer.pages(), *more.items())}
    files["assets/erzeugt/werte.txt"] = f"{writer.page('werte', 'index.md')}\n"
    return Book(files, writer.render("nav.yml"))


def _head(name: str) -> str:
    """Return what stands before a page: that it is generated, and how search treats it (rule files: not at all)."""
    found = "exclude: true" if name.startswith(f"{ROOT}/dateien/") else "boost: 2"
    return f"---\n{_ORIGIN}\nsearch:\n  {found}\n---\n\n"
