"""Writing the folder: the page as the server gives it, the runtime, the wheels, and a worker in place of the server."""

from __future__ import annotations

import asyncio
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

from vwv_im import __version__
from vwv_im.text import FaultyInputError, Place, fault_of, make_folder, write_file
from vwv_im.web.app.inside import Inside, opened
from vwv_im.web.app.parts import RUNTIME, Parts

_HERE = Path(__file__).parent
_STATIC = _HERE.parent / "static"
_RUNTIME = {
    "package/pyodide.mjs": "pyodide.js",
    "package/pyodide.asm.mjs": "pyodide.asm.js",
    "package/pyodide.asm.wasm": "pyodide.asm.wasm",
    "package/python_stdlib.zip": "python_stdlib.zip",
    "package/pyodide-lock.json": "pyodide-lock.json",
    "package/package.json": "package.json",
}
"""What of the npm package is needed, and what it is called in the folder: not every server knows what `.mjs` is."""
_FETCHED = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
"""What of it the worker fetches; scripts come by themselves."""
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
_SET = '<meta charset="utf-8">'
_DONE = '<p id="done"'
_OTHERWISE = {
    _SET: f'{_SET}\n  <meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
    '<script type="module" src="': '<script type="module" src="transport.js"></script>\n  <script type="module" src="',
    'data-form="pdf"': 'data-form="html"',
    "Prüfvermerk (PDF)": "Prüfvermerk (HTML)",
    "Unterlagen (PDF)": "Unterlagen (HTML)",
    _DONE: '<p class="help">Der Prüfvermerk ist eine HTML-Datei; der Browser druckt sie, auch als PDF. '
    f"Als Word-Datei gibt ihn nur der Server.</p>\n        {_DONE}",
    "Prüfprotokoll oder Arbeitsmappe)": "Prüfprotokoll; Arbeitsmappen liest nur der Server)",
    ".xlsx,.ods,": "",
    ' · <a href="schnittstelle" target="_blank" rel="noopener">Schnittstelle</a>': "",
    "werden zur Berechnung an diesen Server gesandt und dort weder gespeichert noch protokolliert": (
        "verlassen diesen Rechner nicht; sie werden weder gespeichert noch protokolliert"
    ),
}
"""What the page says otherwise where there is no server."""
_LINK = re.compile(r'(?<= href=")(?:\./|/)?([a-z]*)(?=["#])')
_ROOTED = re.compile(r'( href=| src=)"/(?=[a-z])')


def write_folder(target: Path, own: Path, parts: Parts) -> int:
    """Write the folder, which must be new or empty; return its size in bytes.

    `own` is the wheel of this library. Raises `FaultyInputError` where there is something in the folder, or the wheel
    is none of this version, `NotWrittenError` where something cannot be written.
    """
    if not own.name.startswith(f"vwv_im-{__version__}-") or not own.is_file():
        raise FaultyInputError([fault_of("app_wheel", Place(str(own)), version=__version__)])
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FaultyInputError([fault_of("app_folder_taken", Place(str(target)))])
    files = {
        **dict(_pages(opened())),
        **{f"static/{path.name}": path.read_bytes() for path in _STATIC.iterdir() if path.suffix != ".html"},
        **{path.name: path.read_bytes() for path in (_HERE / "static").iterdir()},
        **dict(_runtime(parts.runtime)),
        **{f"wheels/{path.name}": path.read_bytes() for path in (*parts.wheels, own)},
    }
    wheels = [name for name in files if name.startswith("wheels/")]
    size = sum(len(files[name]) for name in (*wheels, *(f"pyodide/{name}" for name in _FETCHED)))
    files["parts.json"] = json.dumps({"bytes": size, "wheels": wheels}).encode()
    files["LIESMICH.txt"] = _about(files).encode()
    for name, content in files.items():
        make_folder((target / name).parent)
        write_file(target / name, content)
    return sum(map(len, files.values()))


def _pages(inside: Inside) -> Iterator[tuple[str, bytes]]:
    """Yield the page and those that it links to, each as the server gives it but for what is otherwise here."""
    page = asyncio.run(inside.respond("GET", "/")).content.decode()
    for old, new in _OTHERWISE.items():
        if old not in page:
            raise ValueError(f"the page does not say {old!r}")
        page = page.replace(old, new)
    linked = sorted(set(_LINK.findall(page)) - {""})
    yield "index.html", _as_files(page, linked).encode()
    for name in linked:
        page = asyncio.run(inside.respond("GET", f"/{name}")).content.decode()
        yield f"{name}.html", _as_files(page, linked).encode()


def _as_files(page: str, linked: list[str]) -> str:
    """Return a page whose links lead to files beside it."""

    def to_file(link: re.Match[str]) -> str:
        name = link[1]
        return f"{name}.html" if name in linked else "index.html" if link[0] in ("/", "./") else link[0]

    return _ROOTED.sub(r'\1"', _LINK.sub(to_file, page))


def _runtime(package: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(package) as archive:
        for name, here in _RUNTIME.items():
            file = archive.extractfile(name)
            content = b"" if file is None else file.read()
            for old, new in _RUNTIME.items() if here == "pyodide.js" else ():
                content = content.replace(Path(old).name.encode(), new.encode())
            yield f"pyodide/{here}", content


def _about(files: dict[str, bytes]) -> str:
    text = _HERE.joinpath("LIESMICH.txt").read_text("utf-8")
    wheels = "\n".join(f"  {name.removeprefix('wheels/')}" for name in files if name.startswith("wheels/"))
    size = f"{sum(map(len, files.values())) / 1e6:.1f}".replace(".", ",")
    return text.format(version=__version__, size=size, runtime=RUNTIME["version"], wheels=wheels)
