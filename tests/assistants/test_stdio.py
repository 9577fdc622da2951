"""`vwv-im mcp` as an assistant meets it: the SDK's own client starts it, and talks to it over its standard streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp_types", reason="the extra mcp is not installed: pip install 'vwv-im[mcp]'")

import anyio
from mcp import Client, MCPError, StdioServerParameters

from support import EXAMPLES, ROOT, TESTS
from vwv_im import regulation
from vwv_im.text import read_yaml

MOST = 4_000
"""An answer has fewer characters."""
LEAN = 6_000
"""So many characters the descriptions of all tools have at most, as JSON."""
SECONDS = 300
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
COMMAND = [sys.executable, "-m", "vwv_im", "mcp"]
FARM = ["--rules", str(TESTS / "welt" / "regeln")]


def talk(work: Callable[[Client], Awaitable[None]], *options: str, mode: str = "auto") -> None:
    """Start the command, and work with a client of it."""
    program, *arguments = COMMAND
    command = StdioServerParameters(command=program, args=[*arguments, *options], env=ENVIRONMENT, cwd=ROOT)

    async def session() -> None:
        with anyio.fail_after(SECONDS):
            async with Client(command, mode=mode) as client:
                await work(client)

    anyio.run(session)


def stated(path: Path) -> dict[str, Any]:
    """Return an example as JSON has it."""
    found: dict[str, Any] = json.loads(json.dumps(read_yaml(path).data, default=str))
    return found


NEUKIRCH = {"case": stated(EXAMPLES / "neukirch.yaml"), "on": "2018-06-01"}
BERGLEN = {"case": stated(EXAMPLES / "berglen.yaml"), "on": "2018-06-01"}


async def told(client: Client, tool: str, **given: Any) -> str:
    """Return what a tool answers; it is no fault, and short."""
    result = await client.call_tool(tool, given)
    (part,) = result.content
    assert not result.is_error, part.text
    assert len(part.text) < MOST
    return part.text


async def refused(client: Client, tool: str, **given: Any) -> str:
    """Return for what a tool refuses something."""
    result = await client.call_tool(tool, given)
    (part,) = result.content
    assert result.is_error
    assert len(part.text) < MOST
    return part.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_decides_asks_explains_and_examines(mode: str) -> None:
    async def work(client: Client) -> None:
        outline = await told(client, "fields")
        assert "  stellen: Liste, 1 bis 1000" in outline
        assert "    vzae: Zahl (VZAE)" in outline

        answer = await told(client, "decide", **NEUKIRCH)
        assert "NEIN" in answer
        assert "kein Bescheid" in answer
        assert "0,2 VZÄ; verlangt: mindestens 0,25 VZÄ [Angabe: antrag.stellen[0].vzae]" in answer
        assert "Kennungen für explain: mindestplanungsrahmen, stelle-mindestumfang." in answer

        needed = await told(client, "needs", **BERGLEN)
        assert "[Angabe: antrag.gezaehlte_personen]" in needed
        assert "ab 0 Personen → nein" in needed

        rule = await told(client, "explain", id="stelle-mindestumfang")
        assert "mindestens 0,25 VZÄ" in rule
        assert "Stellen dürfen geteilt werden" in rule
        assert "rp.baden-wuerttemberg.de" in rule
        assert "Nummer nicht bekannt" in rule

        examined = await told(client, "examine", **NEUKIRCH)
        assert "II. Durchführung der Aufgabe" in examined
        person = {"person": {"gefluechtet": True, "anschlussunterbringung": True}}
        counselled = await told(client, "examine", case=person, on="2018-06-01", question="zielgruppe")
        assert counselled.startswith("# Darf diese Person beraten werden?")

        compared = await told(client, "compare", case=stated(EXAMPLES / "tettnang.yaml"), on="2020-06-01")
        assert "Änderung vom 11.11.2020" in compared

        found = await told(client, "search", words="mindestumfang stelle")
        assert "- stelle-mindestumfang – " in found

    talk(work, mode=mode)


def test_all_of_an_examination_is_had_page_by_page_or_section_by_section() -> None:
    async def work(client: Client) -> None:
        pages = [await told(client, "examine", **NEUKIRCH)]
        while "weiter mit page=" in pages[-1]:
            pages.append(await told(client, "examine", **NEUKIRCH, page=len(pages) + 1))
        whole = "".join(pages)
        contents = whole.partition("Abschnitte (section): ")[2].partition("\n")[0].split(" · ")
        heads = [one.partition(" ")[2] for one in contents]
        assert [one.partition(" ")[0] for one in contents] == [str(number) for number in range(1, len(heads) + 1)]
        for number, head in enumerate(heads, start=1):
            section = await told(client, "examine", **NEUKIRCH, section=number)
            assert section.lstrip("#").startswith(f" {head}\n")
            assert head in whole
        assert f"Möglich ist 1 bis {len(pages)}." in await refused(client, "examine", **NEUKIRCH, page=len(pages) + 1)
        assert f"Möglich ist 1 bis {len(heads)}." in await refused(client, "examine", **NEUKIRCH, section=0)

    talk(work)


def test_all_that_is_wrong_is_told_at_once_with_how_to_mend_it() -> None:
    async def work(client: Client) -> None:
        faulty = {"antrag": {"stellen": [{"vzae": "0,5", "vzea": 1}]}}
        faults = await refused(client, "decide", case=faulty, on="2018", frage="x", page="eins")
        assert [line.partition(":")[0] for line in faults.strip().split("\n")] == [
            "arguments", "page", "on", "case", "case",
        ]  # fmt: skip
        assert "Meinten Sie 'vzae'?" in faults
        assert "Schreiben Sie einen Punkt: 0.5" in faults
        assert "JJJJ-MM-TT" in faults
        bare = await refused(client, "decide", antrag={}, on="2018-06-01")
        assert 'Das gehört in "case"' in bare
        assert "'case' fehlt" in bare
        assert "Der Teil 'person' fehlt" in await refused(client, "examine", **{**NEUKIRCH, "question": "zaehlung"})
        assert "Meinten Sie 'stelle-mindestumfang'?" in await refused(client, "explain", id="stelle-mindestumfan")
        assert "decide, examine" in await refused(client, "entscheide")

    talk(work)


def test_what_a_tool_takes_is_said_in_few_words() -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        said = json.dumps([tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools])
        assert {tool.name for tool in tools} == {"decide", "examine", "needs", "compare", "fields", "search", "explain"}
        assert len(said) < LEAN
        for tool in tools:
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert tool.input_schema["additionalProperties"] is False
            assert all(one["description"] for one in tool.input_schema["properties"].values())

    talk(work)


def test_what_a_clerk_asks_is_a_prompt() -> None:
    async def work(client: Client) -> None:
        prompts = {one.name: one for one in (await client.list_prompts()).prompts}
        assert list(prompts) == [*regulation().questions, "fehlende-angaben", "fassungen", "regel"]
        assert prompts["antrag"].title == "Kann der Antrag bewilligt werden?"
        given = {"tag": "2018-06-01", "angaben": "Neukirch, 0,2 VZÄ {kein Feld}"}
        for name, prompt in prompts.items():
            filled = {one.name: given.get(one.name, "Mindestumfang") for one in prompt.arguments or ()}
            (message,) = (await client.get_prompt(name, filled)).messages
            assert all(value in message.content.text for value in filled.values())
        with pytest.raises(MCPError, match="'angaben' fehlt"):
            await client.get_prompt("antrag", {"tag": "2018-06-01", "angaben": " "})
        with pytest.raises(MCPError, match="fehlende-angaben"):
            await client.get_prompt("nichts")

    talk(work)


def test_it_speaks_english_and_of_other_rules() -> None:
    async def work(client: Client) -> None:
        farm = stated(TESTS / "welt" / "hof.yaml")
        answer = await told(client, "decide", case=farm, on="1999-06-01")
        assert "(Decision on 1 June 1999)" in answer
        outline = await told(client, "fields")
        assert outline.startswith("hof:")
        listed = (await client.list_prompts()).prompts
        assert listed[-1].title == "What applies, and how certain is it?"
        found = await told(client, "search", words="plant")
        for line in found.split("\n")[1:]:
            if line.startswith("- "):
                assert await told(client, "explain", id=line[2:].partition(" ")[0])

    talk(work, "--lang", "en", *FARM)


def test_standard_output_has_the_protocol_alone() -> None:
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "eine", "version": "1"}},
    }  # fmt: skip
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    asked = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "decide", "arguments": NEUKIRCH}}
    lines = "kein JSON\n" + "".join(f"{json.dumps(one)}\n" for one in (hello, ready, asked))
    command = [sys.executable, "-m", "vwv_im", "mcp"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(lines)
        process.stdin.flush()
        answers = []
        while not any(one.get("id") == 2 for one in answers):
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait(SECONDS) == 0
        rest, errors = process.stdout.read(), process.stderr.read() if process.stderr else ""
    assert rest == ""
    assert all(one["jsonrpc"] == "2.0" for one in answers)
    assert "Neukirch" not in errors, "what is given is not logged"


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "mcp_types.py").write_text("raise ModuleNotFoundError('none', name='mcp')\n", "utf-8")
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('none', name='mcp')\n", "utf-8")
    environment = {**ENVIRONMENT, "PYTHONPATH": f"{tmp_path}:{ROOT / 'src'}"}
    command = [sys.executable, "-m", "vwv_im", "mcp"]
    ended = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=SECONDS
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.strip() == 'Es fehlt mcp: pip install "vwv-im[mcp]"'
