"""The page without a server, as far as no browser is needed: the application asked in this process, and the folder."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
import tarfile
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from support import EXAMPLES, ROOT
from vwv_im import __version__
from vwv_im.text import FaultyInputError, read_yaml, to_json

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

import orjson
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from vwv_im.web import processes
from vwv_im.web.app import parts, plain_json
from vwv_im.web.app.folder import write_folder
from vwv_im.web.app.inside import Answered, opened
from vwv_im.web.case_routes import ROUTES, BareCase

JSON = {"Content-Type": "application/json"}
NOT_IN_A_BROWSER = {
    "durable-rules",
    "typer",
    "babel",
    "jinja2",
    "rich",
    "uvicorn",
    "httptools",
    "uvloop",
    "orjson",
    "typst",
}
"""What the library or the extra `web` requires, and the page without a server does without: `parts.toml` says why."""


@pytest.fixture(scope="module")
def ask() -> Any:
    inside = opened()
    return lambda *asked: asyncio.run(inside.respond(*asked))


def body(**asked: Any) -> bytes:
    return json.dumps({"on": "2018-06-01", "engine": "direct", **asked}).encode()


def test_what_is_asked_inside_is_answered_as_over_http(ask, address: str) -> None:
    import httpx2  # noqa: PLC0415

    case = {"antrag": {"antragsteller": {"art": "gemeinde"}}}
    for method, path, content in (
        ("GET", "/v1/rules", b""),
        ("GET", "/static/start.js", b""),
        ("GET", "/v1/nowhere", b""),
        ("POST", "/v1/decisions", body(case=case)),
        ("POST", "/v1/pages?detail=short&lang=en", body(case=case)),
        ("POST", "/v1/decisions", body(case={"antrag": {"kein": 1}})),
    ):
        there = httpx2.request(method, f"{address.rstrip('/')}{path}", content=content, headers=JSON, timeout=120)
        assert ask(method, path, JSON, content) == Answered(
            there.status_code, there.headers["content-type"], there.content
        )


def test_json_is_written_as_by_orjson(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_yaml(EXAMPLES / "tettnang.yaml").data
    asked = [("GET", f"v1/{name}", {}, b"") for name in ("rules", "vocabulary", "sources", "schema/case")]
    for name, route in ROUTES.items():
        stated = case if isinstance(route, BareCase) else {"case": case, "on": "2018-06-01"}
        asked.append(("POST", f"v1/{name}", JSON, json.dumps(stated, default=to_json).encode()))
    monkeypatch.setattr(processes, "IN_BROWSER", True)
    usual = [ask(*one) for one in asked]
    for name, module in list(sys.modules.items()):
        if name.startswith("vwv_im.web.") and hasattr(module, "orjson"):
            monkeypatch.setattr(module, "orjson", plain_json)
    assert [ask(*one) for one in asked] == usual
    refused = [one[1] for one, answer in zip(asked, usual, strict=True) if answer.status != 200]
    assert refused == ["v1/replays", "v1/workbooks"], "which take no case"
    for write in (plain_json.dumps, orjson.dumps):
        with pytest.raises(TypeError):
            write({"a": object()})


def test_every_dependency_is_in_the_folder_or_said_to_be_needless() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    there = {name: version for name, version, _, _ in map(parse_wheel_filename, parts.WHEELS)}
    for stated in (*project["dependencies"], *project["optional-dependencies"]["web"]):
        needed = Requirement(stated)
        if (name := canonicalize_name(needed.name)) not in NOT_IN_A_BROWSER:
            assert there[name] in needed.specifier, stated
    assert not NOT_IN_A_BROWSER & there.keys()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    wheel = tmp_path / f"vwv_im-{__version__}-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    return wheel


@pytest.fixture
def some_parts(tmp_path: Path) -> parts.Parts:
    """Parts that have the names of the true ones and hold nothing that runs."""
    runtime = tmp_path / "pyodide.tgz"
    with tarfile.open(runtime, "w:gz") as archive:
        for name in (
            "pyodide.mjs",
            "pyodide.asm.mjs",
            "pyodide.asm.wasm",
            "python_stdlib.zip",
            "pyodide-lock.json",
            "package.json",
        ):
            content = b'import "pyodide.asm.mjs"' if name == "pyodide.mjs" else b"content"
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    (tmp_path / "a-1-py3-none-any.whl").write_bytes(b"other")
    return parts.Parts(runtime, (tmp_path / "a-1-py3-none-any.whl",))


def test_the_folder_holds_all_it_refers_to_and_refers_to_nothing_else(own: Path, some_parts, tmp_path: Path) -> None:
    folder = tmp_path / "seite"
    size = write_folder(folder, own, some_parts)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert size == sum(map(len, files.values()))
    for name in [name for name in files if name.endswith(".html")]:
        for link in re.findall(r'(?:href|src)="([^"]*)"', files[name].decode()):
            assert link.startswith(("#", "https://", "http://")) or link.partition("#")[0] in files, f"{name}: {link}"
    assert b"pyodide.asm.js" in files["pyodide/pyodide.js"]
    assert not [name for name in files if name.endswith(".mjs")]
    assert json.loads(files["parts.json"])["wheels"] == ["wheels/a-1-py3-none-any.whl", f"wheels/{own.name}"]
    assert files[f"wheels/{own.name}"] == b"wheel"
    page = files["index.html"].decode()
    assert "verlassen diesen Rechner nicht" in page
    assert "an diesen Server" not in page
    assert "Der Prüfvermerk ist eine HTML-Datei" in page  # nothing writes PDF or Word there, or reads workbooks
    assert "Arbeitsmappen liest nur der Server" in page
    assert ".xlsx" not in page
    assert "schnittstelle" not in page  # there is no server that a program could ask


def test_a_folder_that_is_taken_or_a_wheel_of_something_else_is_refused(own: Path, some_parts, tmp_path: Path) -> None:
    other = own.rename(own.with_name("vwv_im-0.0.1-py3-none-any.whl"))
    with pytest.raises(FaultyInputError, match="no wheel"):
        write_folder(tmp_path / "seite", other, some_parts)
    own.write_bytes(b"wheel")
    with pytest.raises(FaultyInputError, match="something here already"):
        write_folder(tmp_path, own, some_parts)


def test_what_is_not_what_it_should_be_is_refused_all_at_once(tmp_path: Path) -> None:
    for name in (parts.RUNTIME["file"], *parts.WHEELS):
        (tmp_path / name).write_bytes(b"changed")
    with pytest.raises(FaultyInputError) as refused:
        parts.fetched(tmp_path)
    assert len(refused.value.faults) == 1 + len(parts.WHEELS)


def test_what_cannot_be_fetched_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FaultyInputError, match="npm is not there"):
        parts.fetched(tmp_path)
    (tmp_path / "npm").write_text("#!/bin/sh\necho kein Netz >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    with pytest.raises(FaultyInputError, match="kein Netz"):
        parts.fetched(tmp_path)


def test_the_hashes_are_hashes() -> None:
    length = len(sha256(b"").hexdigest())
    assert {len(hashed) for hashed in (parts.RUNTIME["sha256"], *parts.WHEELS.values())} == {length}
