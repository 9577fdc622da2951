"""HTTP itself: what a client can take, what it has already, ids, what is counted and written down, and tables."""

from __future__ import annotations

import gzip
import json
import logging
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

from icalendar import Calendar
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from support import EXAMPLES, ROOT
from vwv_im import regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.text import read_yaml
from vwv_im.web.logs import JsonLines, WithRequest
from vwv_im.web.openapi import EXAMPLE, ON
from vwv_im.web.server import create_app
from vwv_im.web.settings import Settings

ASKED: dict[str, Any] = {"case": EXAMPLE, "on": ON, "engine": "direct"}
TABLE = (EXAMPLES / "stellen.csv").read_bytes()
CSV = {"content-type": "text/csv"}
SECRET = "Frieda-Geheim"
UNCHANGING = [
    "/", "/static/start.js", "/regeln", "/quellen", "/schnittstelle", "/v1/rules", "/v1/fassungen", "/v1/sources",
    "/v1/readings", "/v1/vocabulary", "/v1/schema", "/v1/schema/case", "/v1/problems", "/v1/version",
    "/v1/openapi.json",
]  # fmt: skip


JSON = {"content-type": "application/json"}


def as_json(data: Any) -> str:
    return json.dumps(data, default=str)


def client(**limits: Any) -> TestClient:
    return TestClient(create_app(Settings(**{"engine": "direct", **limits})), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def server() -> TestClient:
    return client()


@pytest.mark.parametrize("path", UNCHANGING)
def test_what_does_not_change_is_packed_and_sent_once(server: TestClient, path: str) -> None:
    plain = server.get(path, headers={"accept-encoding": "identity"})
    packed = server.get(path, headers={"accept-encoding": "br, gzip"})
    assert (plain.status_code, packed.status_code) == (200, 200)
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    if len(plain.content) > 1000:
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content) / 1.5
    assert packed.headers["vary"] == "Accept-Encoding"
    for first in (plain, packed):
        known = {"if-none-match": f'"x", W/{first.headers["etag"]}', "accept-encoding": "gzip;q=0.5"}
        known["accept-encoding"] = "gzip" if "content-encoding" in first.headers else "identity"
        again = server.get(path, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


def test_no_packing_where_a_client_refuses_it(server: TestClient) -> None:
    assert "content-encoding" not in server.get("/v1/rules", headers={"accept-encoding": "gzip;q=0, *"}).headers


def test_answers_to_cases_are_neither_kept_nor_packed(server: TestClient) -> None:
    answer = server.post("/v1/decisions", json=ASKED, headers={"accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "no-store"
    assert not {"etag", "content-encoding"} & answer.headers.keys()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("accept", ["application/xml", "text/markdown;q=0.9", "application/json;q=0"])
def test_what_nobody_can_take_is_not_sent(server: TestClient, method: str, accept: str) -> None:
    path = {"GET": "/v1/rules", "POST": "/v1/decisions"}[method]
    answer = server.request(method, path, json=ASKED, headers={"accept": accept})
    assert (answer.status_code, answer.json()["type"]) == (406, "urn:vwv-im:problem:not-acceptable")
    assert "application/json" in answer.json()["detail"]


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nichts", 404, "Diese Adresse gibt es nicht"),
        ("/regeln/", 404, "Diese Adresse gibt es nicht"),
        ("/v1/schema/nichts", 404, "Diese Adresse gibt es nicht"),
        ("/v1/decisions", 405, "Hier antwortet der Server nur Programmen"),
        ("/v1/dmn?fassung=1999-01-01", 422, "1999-01-01&#39; ist unbekannt."),
        ("/fachverfahren/vwv-im/v1/nichts", 404, "Diese Adresse gibt es nicht"),
    ],
)
def test_who_opens_a_wrong_address_in_a_browser_reads_a_page_with_the_way_back(
    path: str, status: int, said: str
) -> None:
    with TestClient(create_app(Settings(root_path="/fachverfahren/vwv-im")), "http://localhost") as server:
        answer = server.get(path, headers={"accept": BROWSER, "accept-language": "en"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert said in answer.text
        links = re.findall(r' href="([^"]*)"', answer.text)
        led = [server.get(str(answer.url.join(link).path), headers={"accept": BROWSER}) for link in links]
        assert {one.status_code for one in led} == {200}
        assert "Einen Fall" in answer.text
        told = server.get(path, headers={"accept": "*/*"})
        assert (told.status_code, told.headers["content-type"]) == (status, "application/problem+json")


def test_who_asks_under_a_foreign_name_in_a_browser_reads_why(server: TestClient) -> None:
    answer = server.get("/", headers={"accept": BROWSER, "host": "amt.example"})
    assert (answer.status_code, answer.headers["content-type"]) == (421, "text/html; charset=utf-8")
    assert "Unter diesem Namen antwortet der Server nicht" in answer.text


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1", "", "x;q=y, */*"])
def test_whoever_takes_json_gets_it(server: TestClient, accept: str) -> None:
    assert server.post("/v1/decisions", json=ASKED, headers={"accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "form", "media_type"),
    [
        ("text/markdown", None, "text/markdown; charset=utf-8"),
        ("text/html, */*;q=0.1", None, "text/html; charset=utf-8"),
        ("*/*", "md", "text/markdown; charset=utf-8"),
        ("application/pdf", "md", "application/problem+json"),
    ],
)
def test_a_note_comes_as_it_is_wanted(server: TestClient, accept: str, form: str | None, media_type: str) -> None:
    answer = server.post("/v1/notes", json={**ASKED, "form": form}, headers={"accept": accept})
    assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize(
    ("address", "header", "lang"),
    [
        ("", "en", "en"),
        ("", "en-GB, de;q=0.5", "en"),
        ("", "de-DE, en;q=0.9", "de"),
        ("", "fr, *;q=0.1", "de"),
        ("", "", "de"),
        ("?lang=de", "en", "de"),
        ("?lang=en", "de", "en"),
    ],
)
def test_the_language_is_that_of_the_address_else_of_the_header(
    server: TestClient, address: str, header: str, lang: str
) -> None:
    for body in (ASKED, {}):
        answer = server.post(f"/v1/decisions{address}", json=body, headers={"accept-language": header})
        assert answer.headers["content-language"] == lang
    assert ("faulty" in answer.json()["title"]) == (lang == "en")


def test_an_answer_bears_the_id_of_its_request_and_so_does_the_log(
    server: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    given = "7b1d4f0e9a5c4be2a1c0d9e8f7a6b5c4"
    caplog.handler.addFilter(WithRequest())
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.INFO, "vwv_im.web.access"):
        assert server.get("/v1/health", headers={"x-request-id": given}).headers["x-request-id"] == given
    line = json.loads(caplog.handler.format(caplog.records[-1]))
    assert {"method": "GET", "route": "/v1/health", "status": 200, "level": "INFO"}.items() <= line.items()
    other = server.get("/v1/health", headers={"x-request-id": SECRET}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", other)


def test_what_is_counted_can_be_read_and_tells_nothing_of_a_case() -> None:
    server = client()
    case = {"antrag": {"stellen": [{"bezeichnung": SECRET, "vzae": "0.2"}]}}
    for _ in range(3):
        assert server.post("/v1/decisions", json={"case": case, "on": ON}).status_code == 200
    server.get(f"/v1/{SECRET}")
    told = server.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=")
    assert SECRET not in told.text
    families = {family.name: family for family in text_string_to_metric_families(told.text)}
    counted = {tuple(one.labels.values()): one.value for one in families["vwv_im_http_requests"].samples}
    assert counted["POST", "/v1/decisions", "200"] == 3
    assert counted["GET", "-", "404"] == 1
    assert {"vwv_im_http_request_seconds", "vwv_im_http_requests_in_progress", "vwv_im_build_info"} <= families.keys()
    opened = server.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert opened.headers["content-type"].startswith("application/openmetrics-text")
    assert opened.text.endswith("# EOF\n")


def test_it_is_not_ready_while_it_is_full() -> None:
    server = client(waiting=1, waiting_long=1, long_at_once=1)
    door = server.app.state.service.door
    with door.let_in(), door.let_in(), door.let_in():
        answer = server.get("/v1/ready")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:vwv-im:problem:overload")
        assert server.get("/v1/health").status_code == 200


def test_duties_come_as_a_calendar(server: TestClient) -> None:
    case = read_yaml(EXAMPLES / "herbrechtingen.yaml").data
    asked = {"case": case, "on": "2021-03-01"}
    listed = server.post("/v1/duties", content=as_json(asked), headers=JSON).json()["duties"]
    answer = server.post("/v1/duties", content=as_json(asked), headers={**JSON, "accept": "text/calendar"})
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == sum(duty["due_shifted"] is not None for duty in listed) > 0
    assert server.post("/v1/duties", content=as_json({**asked, "form": "ics"}), headers=JSON).content == answer.content


def test_decision_tables_are_those_of_the_library(server: TestClient) -> None:
    law = regulation()
    fassung = law.fassungen[0].id
    answer = server.get(f"/v1/dmn?fassung={fassung}&question=zaehlung")
    assert answer.content == dmn_of(law, fassung, (), "zaehlung")
    assert answer.headers["etag"]
    refused = server.get("/v1/dmn?fassung=1999&question=x").json()
    assert [fault["path"] for fault in refused["errors"]] == ["fassung", "question"]
    assert server.get("/v1/dmn?question=").status_code == 422


def batch(server: TestClient, address: str, content: bytes = TABLE, kind: str = "text/csv", **headers: str) -> Any:
    return server.post(f"/v1/batches{address}", content=content, headers={"content-type": kind, **headers})


def test_a_table_comes_back_as_the_command_line_writes_it(
    server: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("polars")
    (memory := tmp_path / "memory").mkdir()
    monkeypatch.setattr("vwv_im.web.table_routes._MEMORY", memory)
    from vwv_im.tables.file_batch import Batch  # noqa: PLC0415
    from vwv_im.tables.frames import request_of  # noqa: PLC0415

    law, request = request_of()
    summary = Batch(EXAMPLES / "stellen.csv", tmp_path / "x.csv", law, request, dated=True).run()
    answer = batch(server, "")
    assert answer.content == (tmp_path / "x.csv").read_bytes()
    counted = (answer.headers["vwv-im-rows"], answer.headers["vwv-im-faults"])
    assert counted == (str(summary.rows), str(summary.faults)) == ("5", "1")
    faults = batch(server, "?part=faults")
    assert faults.content == (tmp_path / "x.csv.fehler.csv").read_bytes()
    assert not list(memory.iterdir())


def test_a_table_comes_in_each_form(server: TestClient) -> None:
    pytest.importorskip("polars")
    assert batch(server, "", accept="application/jsonl").content.startswith(b"{")
    workbook = batch(server, "?form=xlsx")
    assert workbook.content.startswith(b"PK")
    again = batch(server, "?form=jsonl", workbook.content, workbook.headers["content-type"])
    assert again.headers["vwv-im-rows"] == "5"


@pytest.mark.parametrize("on", ["2026-11-30", None])
def test_a_workbook_of_one_case_says_its_day_of_decision(server: TestClient, on: str | None) -> None:
    pytest.importorskip("polars")
    table = f"on;foerderung.anzahl_gemeinden\n{on or ''};1\n".encode()
    made = batch(server, "?form=xlsx&on=2026-11-29&question=verwendungsnachweis", table)
    sent = {"content": made.content, "headers": {"content-type": made.headers["content-type"]}}
    answer = server.post("/v1/workbooks?question=verwendungsnachweis", **sent)
    read = answer.json()
    assert (read["case"], read["on"]) == ({"foerderung": {"anzahl_gemeinden": 1}}, on or "2026-11-29")


@pytest.mark.parametrize(
    ("address", "content", "kind", "status", "path"),
    [
        ("", b"a;b\n1;2\n", "text/csv", 422, ""),
        ("?on=2018-06-01&question=x&reading=y", TABLE, "text/csv", 422, "question"),
        ("?on=gestern", TABLE, "text/csv", 422, "on"),
        ("?form=doc", TABLE, "text/csv", 422, "form"),
        ("", b"PK\x03\x04", "text/csv", 422, ""),
        ("", b"{}", "application/json", 415, None),
        ("", b"x" * 5_242_881, "text/csv", 413, None),
    ],
)
def test_a_table_that_cannot_be_decided_is_a_problem(
    server: TestClient, address: str, content: bytes, kind: str, status: int, path: str | None
) -> None:
    pytest.importorskip("polars")
    answer = batch(server, address, content, kind)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert path is None or path in [fault["path"] for fault in answer.json()["errors"]]
    assert "/dev/shm" not in answer.text


@pytest.mark.parametrize("prefix", ["", "/fachverfahren/vwv-im"])
def test_it_answers_behind_a_prefix_whether_or_not_that_is_left_out(prefix: str) -> None:
    server = client(root_path="fachverfahren/vwv-im/")
    assert server.get(f"{prefix}/v1/health").status_code == 200
    assert server.get(f"{prefix}/").status_code == 200
    assert server.get(f"{prefix}/v1/openapi.json").json()["servers"] == [{"url": "/fachverfahren/vwv-im"}]
    assert server.get("/fachverfahren/vwv-imv1/health").status_code == 404


@pytest.mark.parametrize("path", ["/", "/regeln", "/quellen", "/schnittstelle"])
def test_no_page_has_an_address_that_begins_at_the_root(server: TestClient, path: str) -> None:
    text = server.get(path).text
    assert re.findall(r'(?:href|src|action)="/[^"]*"', text) == []


def test_no_script_asks_at_the_root(server: TestClient) -> None:
    scripts = list((ROOT / "src" / "vwv_im" / "web" / "static").glob("*.js"))
    assert len(scripts) > 10
    assert [one.name for one in scripts if re.search(r"""[`"']/(?:v1|static)/""", one.read_text("utf-8"))] == []


def test_the_page_of_the_interface_has_every_operation_and_document(server: TestClient) -> None:
    document, text = server.get("/v1/openapi.json").json(), server.get("/schnittstelle").text
    ids = set(re.findall(r'id="(\w+)"', text))
    operations = {one["operationId"] for path in document["paths"].values() for one in path.values()}
    assert operations | document["components"]["schemas"].keys() <= ids
    assert {name for name in re.findall(r'href="#(\w+)"', text) if name not in ids} == set()
    assert "<script" not in text


def test_a_variable_says_what_an_option_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_WEB_ENGINE", "direct")
    monkeypatch.setenv("VWV_IM_WEB_ORIGINS", "https://amt.example")
    server = TestClient(create_app())
    answer = server.post("/v1/decisions", json={**ASKED, "engine": None}, headers={"origin": "https://amt.example"})
    assert answer.json()["engine"] == {"used": "direct", "cross_checked": False}
    assert answer.headers["access-control-allow-origin"] == "https://amt.example"


def test_the_packed_form_is_gzip(server: TestClient) -> None:
    with server.stream("GET", "/v1/rules", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert json.loads(gzip.GzipFile(fileobj=BytesIO(raw)).read())["contract"]
