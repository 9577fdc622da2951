"""The server for assistants, on the official SDK; its stdio transport keeps standard output for the protocol alone."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import anyio
from anyio import CapacityLimiter, to_thread
from mcp import MCPError
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListToolsResult,
    PaginatedRequestParams,
    Prompt,
    PromptArgument,
    PromptMessage,
    TextContent,
    Tool,
    ToolAnnotations,
)

from vwv_im import __version__
from vwv_im.decision.time_limit import TimeLimitError, time_limit
from vwv_im.mcp.pages import page_of
from vwv_im.mcp.prompts import Template, templates
from vwv_im.mcp.tools import TOOLS, Desk, call
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import FaultyInputError, Language, sentence

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

_SECONDS = 60
"""How long an answer may take."""


def serve(lang: Language, rules: Path | None) -> None:
    """Answer an assistant over standard input and output until it ends."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    anyio.run(_serve, make_server(Desk(lang, rules)))


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def make_server(desk: Desk) -> Server[Any]:
    """Return the server: the tools, answered one after the other, and the prompts."""
    one_by_one = CapacityLimiter(1)
    known = templates(desk)

    async def list_tools(_ctx: Any, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_tool(desk, name) for name in TOOLS])

    async def call_tool(_ctx: Any, params: CallToolRequestParams) -> CallToolResult:
        return await to_thread.run_sync(answered, desk, params.name, params.arguments or {}, limiter=one_by_one)

    async def list_prompts(_ctx: Any, _params: PaginatedRequestParams | None) -> ListPromptsResult:
        return ListPromptsResult(prompts=[_listed(desk, name, one) for name, one in known.items()])

    async def get_prompt(_ctx: Any, params: GetPromptRequestParams) -> GetPromptResult:
        if params.name not in known:
            raise MCPError(INVALID_PARAMS, f"{params.name[:60]}: {', '.join(known)}")
        try:
            text = known[params.name].filled(params.arguments or {})
        except FaultyInputError as error:
            raise MCPError(INVALID_PARAMS, _told(error, desk.lang)) from None
        return GetPromptResult(messages=[PromptMessage(role="user", content=TextContent(text=text))])

    return Server(
        "vwv-im",
        version=__version__,
        instructions=desk.say("server.instructions", name=desk.law.name, questions=desk.questions),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


def answered(desk: Desk, name: str, given: dict[str, Any]) -> CallToolResult:
    """Return what a tool answers: text, be it what is wrong with what it was given."""
    try:
        with time_limit(_SECONDS):
            return CallToolResult(content=[TextContent(text=call(desk, name, given))])
    except FaultyInputError as error:
        told = _told(error, desk.lang)
    except EngineDisagreement:
        told = sentence("cli.engines_differ").in_(desk.lang)
    except TimeLimitError:
        told = desk.say("too_long", seconds=_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever it is, an assistant gets a plain answer
        told = desk.say("unexpected", kind=type(error).__name__)
    return CallToolResult(content=[TextContent(text=page_of(told, 1, desk.lang))], is_error=True)


def _told(error: FaultyInputError, lang: Language) -> str:
    """Return all faults, one a line: the argument, what is wrong, how to mend it."""
    return "\n".join(f"{fault.place.file.strip('<>')}: {fault.told(lang)}" for fault in error.faults)


def _tool(desk: Desk, name: str) -> Tool:
    return Tool(
        name=name,
        title=desk.say(f"tools.{name}.title"),
        description=desk.say(f"tools.{name}.about", questions=desk.questions),
        input_schema=TOOLS[name].schema(desk),
        annotations=_READS,
    )


def _listed(desk: Desk, name: str, template: Template) -> Prompt:
    arguments = [
        PromptArgument(name=blank, description=desk.say(f"parameters.{blank}"), required=True)
        for blank in template.blanks
    ]
    return Prompt(name=name, title=template.title, description=template.about, arguments=arguments)
