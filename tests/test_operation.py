"""What docs/betrieb.md tells to run the server by: nginx reads its example and passes requests on, systemd the unit."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

import httpx2

from support import ROOT

FILES = ROOT / "docs" / "betrieb"
SECONDS = 120
NAME = "vwv.amt.example"
PREFIX = "/fachverfahren/vwv-im"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def needs(program: str) -> str:
    """Return where a program is; the test is left out where it is not."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def site(folder: Path, port: int, server: int) -> Path:
    """Write the example as a whole configuration: on other ports, with a certificate of its own."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    files = ["-keyout", str(folder / "schluessel.pem"), "-out", str(folder / "kette.pem")]
    subprocess.run([needs("openssl"), *command[1:], *files], check=True, capture_output=True)
    example = (FILES / "nginx.conf").read_text("utf-8")
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{server}",
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/vwv-im": str(folder),
        "/var/log/nginx": str(folder),
    }.items():
        assert old in example
        example = example.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\n{temporary}{example}}}\n", "utf-8"
    )
    return whole


@contextmanager
def running(*command: str) -> Iterator[None]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "VWV_IM_WEB_HOSTS": NAME}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def answered(port: int, method: str, path: str, **more: object) -> httpx2.Response:
    """Ask until somebody answers."""
    end = time.monotonic() + SECONDS
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    while True:
        try:
            with httpx2.Client(verify=trusting, headers={"Host": NAME}, timeout=SECONDS) as client:
                found = client.request(method, f"https://127.0.0.1:{port}{path}", **more)  # type: ignore[arg-type]
        except httpx2.TransportError:
            assert time.monotonic() < end, "nobody answers"
        else:
            if found.status_code not in (502, 504) or time.monotonic() > end:
                return found
        time.sleep(0.2)


def test_the_example_of_nginx_passes_requests_on_and_keeps_nothing(tmp_path: Path) -> None:
    nginx, port, server = needs("nginx"), free_port(), free_port()
    configuration = site(tmp_path, port, server)
    subprocess.run([nginx, "-t", "-q", "-c", str(configuration)], check=True, timeout=SECONDS)
    serve = [sys.executable, "-m", "vwv_im", "serve", "--port", str(server), "--engine", "direct"]
    case = {"antrag": {"antragsteller": {"name": "Neukirch"}, "stellen": [{"vzae": "0.2"}]}}
    asked = {"case": case, "on": "2018-06-01"}
    with running(*serve), running(nginx, "-c", str(configuration), "-g", "daemon off;"):
        decided = answered(port, "POST", f"{PREFIX}/v1/decisions?detail=short", json=asked)
        assert (decided.status_code, decided.json()["verdict"]) == (200, "no")
        moved = answered(port, "GET", PREFIX)
        assert moved.status_code == 308
        assert moved.headers["location"].endswith(f"{PREFIX}/")
        assert answered(port, "GET", f"{PREFIX}/").status_code == 200
        large = answered(port, "POST", f"{PREFIX}/v1/decisions", content=b" " * 2_000_000)
        assert large.status_code in (413, 415)
    kept = {path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".pem"}
    assert not [path for path in kept if b"Neukirch" in path.read_bytes()]
    assert "detail=short" not in (tmp_path / "vwv-im.log").read_text("utf-8")


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    analyze, unit = needs("systemd-analyze"), tmp_path / "vwv-im.service"
    text = (FILES / "vwv-im.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/vwv-im/bin/vwv-im", shutil.which("true") or "/bin/true"), "utf-8")
    ended = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False, timeout=SECONDS)
    assert [line for line in ended.stderr.split("\n") if "vwv-im.service" in line] == []
    assert ended.returncode == 0


def test_the_image_is_built_from_all_that_the_package_holds() -> None:
    """What `.containerignore` lets through is what the wheel is made of and the versions that are locked, no more."""
    lines = (ROOT / ".containerignore").read_text("utf-8").split("\n")
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert [name for name in allowed if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {*wheel["force-include"], "src", "hatch_build.py", "pyproject.toml", project["project"]["readme"]}
    wanted |= {name for name in project["project"]["license-files"] if "/" not in name}
    installed = re.findall(r"--require-hashes -r (\S+)", (ROOT / "Containerfile").read_text("utf-8"))
    assert installed
    assert allowed == {*wanted, *installed}


def test_the_image_runs_as_nobody_who_owns_something() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    last = text.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert "0" not in user
    assert "gcc" not in last, "the compiler stays in the first stage"
    program, option, code = json.loads(re.findall(r"^HEALTHCHECK .*\n +CMD (.*)$", last, re.MULTILINE)[0])
    assert (program, option) == ("/opt/vwv-im/bin/python", "-c")
    compile(code, "HEALTHCHECK", "exec")
