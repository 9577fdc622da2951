"""The HTTP API: the decisions of the library, all faults at once, limits, and nothing of a case in the log."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import Callable
from textwrap import indent
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

import httpx2
from starlette.testclient import TestClient

from support import EXAMPLES
from vwv_im import EngineDisagreement, compare, counterfactuals, evaluate, needs, programm, read_case, replay
from vwv_im.review.corpus import corpus
from vwv_im.text.json_object import CONTRACT
from vwv_im.text.values import plain
from vwv_im.web import answering
from vwv_im.web.middleware import HEADERS
from vwv_im.web.openapi import EXAMPLE, ON
from vwv_im.web.server import create_app
from vwv_im.web.settings import Settings

ASKED: dict[str, Any] = {"case": EXAMPLE, "on": ON, "engine": "direct"}
SECRET = "Frieda-Geheim"
JSON = {"content-type": "application/json"}


def client(**limits: Any) -> TestClient:
    """Return a client of a server with these limits."""
    return TestClient(create_app(Settings(**{"engine": "direct", **limits})), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def server() -> TestClient:
    return client()


def as_json(data: Any) -> str:
    return json.dumps(data, default=lambda value: plain(value) if hasattr(value, "normalize") else str(value))


@pytest.mark.parametrize("case", corpus()[::40], ids=lambda case: case.id)
def test_a_decision_is_that_of_the_library(server: TestClient, case: Any) -> None:
    asked = {"case": case.case, "on": case.on, "known_on": case.known_on, "question": case.question}
    answer = server.post("/v1/decisions", content=as_json({**asked, "readings": dict(case.readings)}), headers=JSON)
    assert answer.status_code == 200
    assert answer.json() == json.loads(case.decide().to_json())


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_decision_is_told_in_the_language_asked_for(server: TestClient, lang: Any) -> None:
    answer = server.post(f"/v1/decisions?lang={lang}", json=ASKED)
    assert answer.json() == evaluate(EXAMPLE, on=ON, engine="direct").to_dict(lang)


@pytest.mark.parametrize(
    ("path", "explain"),
    [
        ("comparisons", lambda: compare(EXAMPLE, on=ON).to_dict()),
        ("needs", lambda: needs(EXAMPLE, on=ON).to_dict()),
        ("counterfactuals", lambda: counterfactuals(EXAMPLE, on=ON).to_dict()),
    ],
)
def test_what_explains_is_that_of_the_library(server: TestClient, path: str, explain: Callable[[], Any]) -> None:
    answer = server.post(f"/v1/{path}", json={"case": EXAMPLE, "on": ON})
    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(explain())))


@pytest.mark.parametrize(
    "path", ["decisions", "comparisons", "needs", "counterfactuals", "receipts", "pages", "amounts"]
)
def test_every_answer_to_a_case_says_its_contract(server: TestClient, path: str) -> None:
    assert server.post(f"/v1/{path}", json={"case": EXAMPLE, "on": ON}).json()["contract"] == CONTRACT


SHELVES = ["rules", "fassungen", "sources", "readings", "vocabulary", "schema", "problems", "health", "version"]


@pytest.mark.parametrize("path", [*SHELVES, "nothing", "schema/nothing"])
def test_every_shelf_and_every_problem_says_its_contract(server: TestClient, path: str) -> None:
    assert server.get(f"/v1/{path}").json()["contract"] == CONTRACT
    assert server.post("/v1/cases", json={"antrag": {}}).json()["contract"] == CONTRACT


def post(server: TestClient, route: str, **more: Any) -> Any:
    """Return what a route answers to the example."""
    return server.post(f"/v1/{route}", json={"case": EXAMPLE, "on": ON, **more}).json()


@pytest.mark.parametrize(
    ("route", "calculate"),
    [
        ("amounts", programm.amounts),
        ("periods", lambda decision: programm.Periods(programm.periods(decision))),
        ("refillings", lambda decision: programm.Refillings(programm.refillings(decision))),
    ],
)
def test_a_calculation_is_that_of_the_library(server: TestClient, route: str, calculate: Callable[..., Any]) -> None:
    found = calculate(evaluate(EXAMPLE, on=ON, engine="direct"))
    assert post(server, route) == json.loads(as_json(found.to_dict()))


def test_nothing_is_calculated_of_what_cannot_be(server: TestClient) -> None:
    told = post(server, "amounts", on="2024-01-01")
    assert "deckeljahre" in told, "after the end under the last Fassung"
    told = post(server, "amounts", on="2000-01-01")
    assert (told["status"], told["title"]) == (422, "Zu diesem Fall ist so nichts zu berechnen.")


def test_a_receipt_is_decided_again_and_what_differs_is_told(server: TestClient) -> None:
    receipt = post(server, "receipts")
    again = server.post("/v1/replays", json=receipt).json()
    assert (again["identical"], again["differences"]) == (True, [])
    older = evaluate(EXAMPLE, on=ON, engine="direct").to_dict("de") | {"verdict": "no"}
    again = server.post("/v1/replays", content=as_json(older), headers=JSON).json()
    assert again["differences"][0]["de"] == "Ergebnis: im Prüfprotokoll 'no', jetzt 'open'."


def test_a_receipt_with_more_entries_than_may_be_is_refused(server: TestClient) -> None:
    receipt = {**post(server, "receipts"), "counts": {"antrag.stellen": 9999}}
    answer = server.post("/v1/replays", json=receipt)
    assert (answer.status_code, answer.json()["detail"]) == (422, "Höchstens 200 Einträge je Liste.")


def test_a_page_says_what_a_form_asks_for(server: TestClient) -> None:
    case = {"antrag": {"art": "erstantrag", "antragsteller": {"art": "gemeinde"}, "stellen": [{}]}}
    form = server.post("/v1/pages", json={"case": case, "on": ON}).json()["form"]
    assert "antrag.stellen[0].vzae" in form["asked"]
    assert "antrag.veroeffentlichter_planungsrahmen_eur" in form["further"], "in place of the persons counted"
    assert not [path for path in form["asked"] + form["further"] if "verlaengerung" in path]


def test_a_receipt_replays(server: TestClient) -> None:
    assert replay(server.post("/v1/receipts", json=ASKED).json()).identical


@pytest.mark.parametrize(
    ("form", "begin"), [("pdf", b"%PDF-"), ("html", b"<!DOCTYPE"), ("md", b"# Pr"), ("docx", b"PK")]
)
def test_a_note_comes_in_each_form(server: TestClient, form: str, begin: bytes) -> None:
    answer = server.post("/v1/notes", json={**ASKED, "form": form})
    assert answer.content.startswith(begin)
    assert f'filename="pruefvermerk.{form}"' in answer.headers["content-disposition"]


def test_a_letter_asks_for_what_is_missing(server: TestClient) -> None:
    case = indent((EXAMPLES / "verwendungsnachweis-stuttgart.yaml").read_text("utf-8"), "  ")
    asked = f"on: 2026-11-30\nquestion: verwendungsnachweis\nform: md\ncase:\n{case}"
    answer = server.post("/v1/letters", content=asked, headers={"content-type": "application/yaml"})
    assert 'filename="anforderung.md"' in answer.headers["content-disposition"]
    assert "Sachbericht, fällig am 31. März 2020" in answer.text


def test_a_page_holds_what_the_command_line_prints(server: TestClient) -> None:
    told = server.post("/v1/pages", json=ASKED).json()
    printed = " ".join(evaluate(EXAMPLE, on=ON, engine="direct").explain("de").split())
    texts = [
        block["text"] if "text" in block else block["title"] for block in told["blocks"] if block["kind"] != "table"
    ]
    assert [text for text in texts if " ".join(text.split()) not in printed] == []


def test_a_case_may_be_yaml(server: TestClient) -> None:
    text = (EXAMPLES / "tettnang.yaml").read_text("utf-8")
    answer = server.post("/v1/cases", content=text, headers={"content-type": "application/yaml"})
    assert read_case(answer.json()["case"]) == read_case(EXAMPLES / "tettnang.yaml")


def test_all_faults_come_at_once(server: TestClient) -> None:
    posts = [{"vzae": "0,5", "person_benannt": "ja"}, {"vzea": 1}]
    asked = {"case": {"antrag": {"stellen": posts}}, "on": "1.6.2018", "engine": True, "readings": {"x": "y"}, "foo": 1}
    answer = server.post("/v1/decisions", json=asked)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:vwv-im:problem:faulty"
    assert {(fault["code"], fault["path"]) for fault in problem["errors"]} == {
        ("VIM101", "foo"),
        ("VIM150", "on"),
        ("VIM150", "engine"),
        ("VIM150", "readings.x"),
        ("VIM113", "antrag.stellen[0].vzae"),
        ("VIM111", "antrag.stellen[0].person_benannt"),
        ("VIM101", "antrag.stellen[1].vzea"),
    }
    assert all(fault["message"]["de"] and fault["message"]["en"] for fault in problem["errors"])


def faults(server: TestClient, asked: Any) -> dict[str, str]:
    """Ask for a decision; return what is wrong, by path, with how to mend it."""
    content = asked if isinstance(asked, str) else as_json(asked)
    told = server.post("/v1/decisions", content=content, headers=JSON).json()["errors"]
    return {fault["path"]: f"{fault['message']['de']} {(fault['hint'] or {'de': ''})['de']}" for fault in told}


def test_a_packed_body_is_refused_as_such(server: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = server.post("/v1/decisions", content=gzip.compress(b"{}"), headers=headers)
    assert answer.status_code == 415
    assert "Content-Encoding wird nicht gelesen" in answer.json()["detail"]


def test_hints_speak_of_files_or_of_fields_as_asked(server: TestClient) -> None:
    asked = {"case": {"antrag": {"stellen": [{"vzae": "0.5x"}]}}, "on": ON}
    for query, hint in (("", '0.5 oder "0.5"'), ("?hints=cell", "zum Beispiel 0,5.")):
        (fault,) = server.post(f"/v1/decisions{query}", json=asked).json()["errors"]
        assert hint in fault["hint"]["de"]
    (fault,) = server.post("/v1/needs?hints=voice", json=asked).json()["errors"]
    assert (fault["path"], fault["hint"]["de"]) == ("hints", "Möglich sind: file, cell.")


def test_a_decision_is_told_in_short_where_that_is_asked(server: TestClient) -> None:
    answer = server.post("/v1/decisions?detail=short&lang=en", json=ASKED)
    assert answer.json() == evaluate(EXAMPLE, on=ON, engine="direct").to_dict("en", "short")
    assert (
        server.post("/v1/decisions?detail=full", json=ASKED).json() == server.post("/v1/decisions", json=ASKED).json()
    )
    refused = server.post("/v1/decisions?detail=kurz", json=ASKED)
    (fault,) = refused.json()["errors"]
    assert (refused.status_code, fault["path"], fault["hint"]["de"]) == (422, "detail", "Möglich sind: full, short.")
    assert fault["hint"]["en"] != fault["hint"]["de"]


def test_a_fault_of_the_request_has_the_path_of_what_is_to_be_mended(server: TestClient) -> None:
    case = {"antrag": {}}
    assert list(faults(server, {"on": ON})) == ["case"]
    assert list(faults(server, {"on": ON, "case": "antrag: {}"})) == ["case"]
    assert list(faults(server, {"case": case})) == ["on"]
    assert list(faults(server, {"on": ON, "case": case, "readings": ["geld"]})) == ["readings"]
    assert list(faults(server, {"on": ON, "case": case, "readings": {"mindestantrag": 1}})) == [
        "readings.mindestantrag"
    ]
    twice = '{"on": "2018-06-01", "on": "2019-06-01", "case": {"antrag": {"stellen": [{"vzae": 1, "vzae": 2}]}}}'
    assert set(faults(server, twice)) == {"on", "antrag.stellen[0].vzae"}


def test_a_case_that_is_sent_bare_is_told_where_it_belongs(server: TestClient) -> None:
    told = faults(server, EXAMPLE)
    assert set(told) == {"antrag", "on", "case"}
    assert '{"case": {"antrag": {…}}, "on": "2018-06-01"}' in told["antrag"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Die Anfrage ist leer."),
        ("{", "hier fehlt ein Schlüssel in doppelten Anführungszeichen"),
        ('{"on":', "hier fehlt ein Wert"),
        ('{"on": 1} x', "nach dem Ende steht noch etwas"),
        ('{"on": 1', "hier fehlt ein Komma oder eine Klammer"),
        ('{"on": "1', "ein Anführungszeichen wird nicht geschlossen"),
        ('{"on": true, "case": {"antrag": {}}}', "true ist kein Tag"),
    ],
)
def test_what_is_wrong_with_json_is_told_in_german(server: TestClient, content: str, said: str) -> None:
    (told,) = faults(server, content).values()
    assert said in told


def test_no_fault_of_a_json_request_speaks_of_the_command_line(server: TestClient) -> None:
    asked = [{}, {"case": {}, "on": ON}, {"case": {"person": {}}, "on": 1, "engine": 1, "question": 1, "readings": 1}]
    told = " ".join(" ".join(faults(server, one).values()) for one in (*asked, "", "[]"))
    assert "--" not in told
    assert "Zeile" not in told


def test_a_fault_in_yaml_has_its_place(server: TestClient) -> None:
    text = "on: 2018-06-01\ncase:\n  antrag:\n    stellen:\n      - vzae: 0,5\n"
    (fault,) = server.post("/v1/needs", content=text, headers={"content-type": "text/yaml"}).json()["errors"]
    assert (fault["line"], fault["column"], fault["path"]) == (5, 15, "antrag.stellen[0].vzae")


@pytest.mark.parametrize(("kind", "hint"), [("yaml", "je Eintrag eine Zeile"), ("json", "in eckige Klammern")])
def test_a_hint_fits_the_language_of_the_body(server: TestClient, kind: str, hint: str) -> None:
    text = '{"on": "2018-06-01", "case": {"antrag": {"stellen": 1}}}'  # YAML as well as JSON
    (fault,) = server.post("/v1/needs", content=text, headers={"content-type": f"application/{kind}"}).json()["errors"]
    assert hint in fault["hint"]["de"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "VIM001"),
        (b"\xff\xfe{}", 400, "VIM004"),
        (b"", 422, "VIM103"),
        (b"[]", 422, "VIM103"),
        (b"1e999999", 422, "VIM103"),
        (b"{}", 422, "VIM105"),
        (b"[" * 500 + b"]" * 500, 422, "VIM005"),
        (b"[" * 100_000, 422, "VIM005"),
        (b'{"on": "2018-06-01", "on": "2019-06-01", "case": {"antrag": {}}}', 422, "VIM002"),
        (b'{"on": "2018-06-01", "case": {"person": {}}}', 422, "VIM151"),
        (b'{"on": 1514764800, "case": {"antrag": {}}}', 422, "VIM150"),
        (b'{"on": "2018-06-01", "case": {"antrag": {"gezaehlte_personen": true}}}', 422, "VIM110"),
        (b'{"on": "2018-06-01", "case": {"antrag": {"gezaehlte_personen": NaN}}}', 422, "VIM110"),
        (b'{"on": "2018-06-01", "case": {"antrag": {"\\ud800": 1}}}', 422, "VIM123"),
        (b'{"\\ud800": 1, "\\ud800": 1}', 422, "VIM002"),
    ],
)
def test_what_cannot_be_read_is_refused(server: TestClient, content: bytes, status: int, code: str) -> None:
    answer = server.post("/v1/decisions", content=content, headers=JSON)
    assert answer.status_code == status
    assert code in {fault["code"] for fault in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nichts", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/v1/schema/nichts", 404),
        ("GET", "/v1/decisions", 405),
        ("DELETE", "/v1/rules", 405),
        ("POST", "/v1/decisions?lang=fr", 422),
    ],
)
def test_every_refusal_is_a_problem(server: TestClient, method: str, path: str, status: int) -> None:
    answer = server.request(method, path, json=ASKED)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    kinds = server.get("/v1/problems").json()["problems"]
    assert answer.json()["type"].rpartition(":")[2] in kinds


@pytest.mark.parametrize("path", ["/", "/static/start.js", "/v1/health", "/v1/rules", "/v1/schema/case", "/v1/nichts"])
def test_head_is_answered_as_get_without_the_body(server: TestClient, path: str) -> None:
    head, get = server.head(path), server.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_refused_method_is_told_which_there_are(server: TestClient) -> None:
    assert server.options("/v1/health").headers["allow"] == "GET, HEAD"
    assert server.head("/v1/decisions").headers["allow"] == "POST"


def test_other_media_types_are_refused(server: TestClient) -> None:
    answer = server.post("/v1/decisions", content=as_json(ASKED), headers={"content-type": "text/plain"})
    assert answer.status_code == 415
    assert "application/yaml" in answer.headers["accept"]


@pytest.mark.parametrize("declared", [True, False])
def test_a_large_body_is_refused(declared: bool) -> None:
    parts = iter([b"x" * 600, b"x" * 600])
    content = b"x" * 1200 if declared else parts
    assert client(bytes=1000).post("/v1/decisions", content=content, headers=JSON).status_code == 413


def test_many_posts_are_refused() -> None:
    case = {"antrag": {"stellen": [{}] * 4}}
    small = client(posts=3)
    assert small.post("/v1/decisions", json={**ASKED, "case": case}).status_code == 413
    assert client(posts=4).post("/v1/decisions", json={**ASKED, "case": case}).status_code == 200
    listed = small.get("/v1/openapi.json").json()["components"]["schemas"]["Antrag"]["properties"]["stellen"]
    assert listed["anyOf"][0]["maxItems"] == 3


def test_a_body_that_does_not_arrive_ends() -> None:
    app = create_app(Settings(seconds=0.05))

    async def ask() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.sleep(30)

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"host", b"x")]
        scope = {"type": "http", "method": "POST", "path": "/v1/decisions", "raw_path": b"", "query_string": b""}
        more = {"headers": headers, "http_version": "1.1", "scheme": "http", "root_path": ""}
        await asyncio.wait_for(app({**scope, **more}, receive, send), 10)
        return sent

    assert asyncio.run(ask())[0]["status"] == 408


def test_work_that_takes_too_long_ends() -> None:
    case = {"antrag": {"stellen": [{"vzae": f"0.{number}"} for number in range(300, 400)]}}
    answer = client(seconds=0.05).post("/v1/needs", json={"case": case, "on": ON})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:vwv-im:problem:time-limit")


def test_under_overload_it_answers_503_and_nothing_wrong() -> None:
    app = create_app(Settings(engine="direct", waiting=4, waiting_long=1, long_at_once=1))
    right = evaluate(EXAMPLE, on=ON, engine="direct").to_dict()

    async def crowd() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as many:
            return await asyncio.gather(*(many.post("/v1/decisions", json=ASKED) for _ in range(40)))

    answers = asyncio.run(crowd())
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(answer.json() == right for answer in answers if answer.status_code == 200)
    assert all(answer.headers["retry-after"] == "1" for answer in answers if answer.status_code == 503)


def test_every_answer_has_headers_for_safety(server: TestClient) -> None:
    for answer in (server.get("/"), server.get("/v1/health"), server.get("/v1/x"), server.post("/v1/decisions")):
        assert HEADERS.items() <= dict(answer.headers).items()
        assert answer.headers["cache-control"] in ("no-store", "no-cache")
        assert "server" not in answer.headers


def test_other_origins_may_not_ask_unless_named(server: TestClient) -> None:
    asking = {"origin": "https://amt.example", "access-control-request-method": "POST"}
    assert "access-control-allow-origin" not in server.options("/v1/decisions", headers=asking).headers
    allowed = client(origins="https://amt.example").options("/v1/decisions", headers=asking)
    assert allowed.headers["access-control-allow-origin"] == "https://amt.example"
    other = {**asking, "origin": "https://fremd.example"}
    assert (
        "access-control-allow-origin" not in client(origins="https://amt.example").options("/", headers=other).headers
    )


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records if "vwv_im" in record.name)


def test_the_log_holds_nothing_of_a_case(server: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    case = {"antrag": {"antragsteller": {"name": SECRET, "landkreis": SECRET}, "stellen": [{"vzae": SECRET}]}}
    server.post("/v1/decisions", json={**ASKED, "case": case})
    server.post(f"/v1/decisions?lang={SECRET}", json=ASKED)
    server.get(f"/v1/{SECRET}")
    server.get(f"/v1/schema/{SECRET}")
    server.request(SECRET, "/v1/decisions")
    told = logged(caplog)
    assert "POST /v1/decisions 422" in told
    assert SECRET not in told


def test_an_unexpected_fault_tells_nothing_of_a_case(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(answering, "decide", fail)
    answer = client().post("/v1/decisions", json=ASKED)
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:vwv-im:problem:unexpected")
    assert "ValueError test_api.py" in logged(caplog)
    assert SECRET not in logged(caplog) + answer.text


def test_engines_that_differ_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def differ(*_: Any) -> None:
        raise EngineDisagreement([SECRET])

    monkeypatch.setattr(answering, "decide", differ)
    answer = client().post("/v1/decisions", json=ASKED)
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:vwv-im:problem:engines-disagree")
    assert SECRET not in answer.text


def test_the_default_engine_is_that_of_the_server() -> None:
    asked = {key: value for key, value in ASKED.items() if key != "engine"}
    assert client(engine="direct").post("/v1/decisions", json=asked).json()["engine"]["cross_checked"] is False
    found = client(engine="checked").post("/v1/decisions", json=asked).json()
    assert found == json.loads(evaluate(EXAMPLE, on=ON).to_json())


def test_files_of_the_page_are_kept_by_the_browser_until_they_change(server: TestClient) -> None:
    first = server.get("/static/start.js")
    again = server.get("/static/start.js", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
