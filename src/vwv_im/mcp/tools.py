"""The tools of assistants: what each takes, what it answers, and what is wrong with what it was given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from vwv_im import programm
from vwv_im.case import CasePart
from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.compare import compare
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide, require_part
from vwv_im.decision.needs import needs_of
from vwv_im.decision.request import Request, is_one_of, make_request, or_faults
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.mcp.lookup import Lookup
from vwv_im.mcp.outline import outline
from vwv_im.mcp.pages import page_of, written
from vwv_im.mcp.words import said
from vwv_im.text import Fault, FaultyInputError, Language, Place, did_you_mean, fault_of

_KINDS: Mapping[str, tuple[type, str]] = {
    "object": (dict, "not_a_mapping"),
    "integer": (int, "int_type"),
    "string": (str, "string_type"),
}
"""The types of arguments by their names in JSON Schema: the type in Python, and the fault of another."""
_SHOWN = 60
"""How many letters of what is wrong are shown."""
_TYPES = {"case": "object", "readings": "object", "section": "integer", "page": "integer"}
"""The types of arguments that are no text."""
_MOST_PATHS = 5
"""How many paths of facts are told of one line."""
_SECTION = 2
"""The level of the headings of sections; those below stand within one."""
_REQUEST = ("on", "question", "known_on", "readings")


@dataclass(frozen=True)
class Desk:
    """Where tools are answered: the language of the answers, and the rules: the library's own, or other files."""

    lang: Language = "de"
    rules: Path | None = None

    @cached_property
    def law(self) -> Regulation:
        """The regulation."""
        return regulation(self.rules)

    @cached_property
    def lookup(self) -> Lookup:
        """What can be searched and explained."""
        return Lookup(self.law, self.lang)

    @cached_property
    def last(self) -> dict[str, str]:
        """The whole answer that was given last, by what was asked: its other pages need not be worked out again."""
        return {}

    @property
    def questions(self) -> str:
        """The questions with their names, in one line."""
        asked = self.law.questions.items()
        return " · ".join(f"{name}: {one.frage.text.in_(self.lang)}" for name, one in asked)

    def say(self, name: str, /, **words: Any) -> str:
        """Return a sentence of those for assistants."""
        return said(name, self.lang, **words)


@dataclass(frozen=True, slots=True)
class Tool:
    """What a tool must and may be given, and what answers it: a text of any length."""

    answer: Callable[[Call], str]
    needed: tuple[str, ...] = ()
    further: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """What it may be given; every tool a page."""
        return (*self.needed, *self.further, "page")

    def schema(self, desk: Desk) -> dict[str, Any]:
        """Return what it takes as a JSON Schema."""
        properties: dict[str, dict[str, Any]] = {}
        for name in self.arguments:
            about = desk.say(f"arguments.{name}", first=desk.law.first_question)
            properties[name] = {"type": _type_of(name), "description": about}
        if "question" in properties:
            properties["question"]["enum"] = list(desk.law.questions)
        required = list(self.needed)
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool: where it is answered, what was given, and the case and request, where it is about a case."""

    desk: Desk
    given: Mapping[str, Any]
    asked: tuple[CasePart, Request] | None

    @property
    def about(self) -> tuple[CasePart, Request]:
        """The case and what is asked about it."""
        if self.asked is None:
            raise LookupError("this tool is about no case")
        return self.asked

    @property
    def decision(self) -> Decision:
        """The decision on the case."""
        return decide(self.desk.law, *self.about)


def call(desk: Desk, name: str, given: Mapping[str, Any]) -> str:
    """Return the page of an answer that is asked for; raises `FaultyInputError` with all that is wrong."""
    if name not in TOOLS:
        raise FaultyInputError([fault_of("no_such_tool", Place("<tool>"), name=name[:_SHOWN], known=", ".join(TOOLS))])
    tool = TOOLS[name]
    faults = [*_faults(desk.law, tool, given)]
    asked = _asked(desk.law, given, faults) if "case" in tool.needed else None
    if faults:
        raise FaultyInputError(faults)
    key = json.dumps([name, {key: value for key, value in given.items() if key != "page"}], sort_keys=True)
    if key not in desk.last:
        answer = tool.answer(Call(desk, given, asked))
        desk.last.clear()
        desk.last[key] = answer
    return page_of(desk.last[key], given.get("page", 1), desk.lang)


def _faults(law: Regulation, tool: Tool, given: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the arguments as such: those that there are not, that are missing, of another type."""
    roots = {root.key for root in law.vocabulary.roots}
    for name in given:
        if name not in tool.arguments:
            beside = name in roots and "case" in tool.arguments
            hint = None if beside else did_you_mean(name, tool.arguments)
            kind, like = "beside_the_case" if beside else "extra_forbidden", f'{{"case": {{"{name}": {{…}}}}}}'
            yield fault_of(kind, Place("<arguments>"), name[:_SHOWN], hint, key=f"'{name[:_SHOWN]}'", like=like)
    for name in tool.arguments:
        if name not in given:
            if name in tool.needed:
                yield fault_of("argument_missing", Place(f"<{name}>"), name=name)
        elif not _fits(name, given[name]):
            yield fault_of(_KINDS[_type_of(name)][1], Place(f"<{name}>"), value=repr(given[name])[:_SHOWN])


def _type_of(name: str) -> str:
    return _TYPES.get(name, "string")


def _fits(name: str, value: object) -> bool:
    return isinstance(value, _KINDS[_type_of(name)][0]) and not isinstance(value, bool)


def _asked(law: Regulation, given: Mapping[str, Any], faults: list[Fault]) -> tuple[CasePart, Request] | None:
    """Return the case and the request; nothing where one is faulty, and what is wrong with both is added to others.

    What is missing or of another type was told before: any other stands in its place.
    """
    stated = {name: given[name] for name in _REQUEST if name in given and _fits(name, given[name])}
    request = or_faults(lambda: make_request(law, **{"on": law.acts[0].ausgefertigt, **stated}), faults)
    case = or_faults(lambda: law.read_case(given["case"]), faults) if _fits("case", given.get("case")) else None
    if request is None or case is None:
        return None
    return or_faults(lambda: _about(law, case, request), faults)


def _about(law: Regulation, case: CasePart, request: Request) -> tuple[CasePart, Request]:
    """Return both, where the case has the part that is asked about."""
    require_part(law, case, request.question)
    return case, request


def _decide(call: Call) -> str:
    decision, desk = call.decision, call.desk
    page = [*_with_paths(programm.page_of(decision, desk.lang, "short"), desk)]
    ids = dict.fromkeys(one.rule for one in decision.short.obstacles)
    further = [desk.say("ids", ids=", ".join(ids))] if ids else []
    return written([*page, *map(Paragraph, [*further, desk.say("more")])])


def _with_paths(blocks: Iterable[Block], desk: Desk) -> Iterator[Block]:
    """Yield blocks; what a fact of the case decides tells its path, by which an assistant finds and mends it."""
    for block in blocks:
        if isinstance(block, Item) and block.facts:
            more = len(block.facts) - _MOST_PATHS
            paths = [*block.facts[:_MOST_PATHS], *([desk.say("more_facts", more=more)] if more > 0 else [])]
            told = desk.say("facts", facts=", ".join(paths))
            yield replace(block, text=f"{block.text} [{told}]")
        else:
            yield block


def _examine(call: Call) -> str:
    desk, wanted = call.desk, call.given.get("section")
    first, *rest = _sections(_with_paths(programm.page_of(call.decision, desk.lang, "full"), desk))
    parts = [first, *rest]
    if wanted is None:
        heads = (f"{number} {_head(part)}" for number, part in enumerate(parts, start=1))
        contents = Paragraph(f"{desk.say('sections')} {' · '.join(heads)}")
        parts = [[*first, contents], *rest]
    elif not 1 <= wanted <= len(parts):
        raise FaultyInputError([fault_of("no_such_section", Place("<section>"), section=wanted, sections=len(parts))])
    else:
        parts = parts[wanted - 1 : wanted]
    return written(block for part in parts for block in part)


def _sections(blocks: Iterable[Block]) -> list[list[Block]]:
    """Return the sections of a page, each with its heading."""
    found: list[list[Block]] = []
    for block in blocks:
        if not found or (isinstance(block, Heading) and block.level <= _SECTION):
            found.append([])
        found[-1].append(block)
    return found


def _head(part: list[Block]) -> str:
    return next((block.text for block in part if isinstance(block, Heading)), "")


def _needs(call: Call) -> str:
    desk, found = call.desk, needs_of(call.decision)
    if not found.facts:
        return found.explain(desk.lang)
    told = ((*found.told(need, desk.lang), f"    [{desk.say('facts', facts=need.fact)}]\n") for need in found.facts)
    return "\n".join(line for lines in told for line in lines)


def _compare(call: Call) -> str:
    desk, (case, request) = call.desk, call.about
    found = compare(case, on=request.on, question=request.question, readings=request.readings, rules=desk.rules)
    return written(comparison_page(found, desk.lang))


def _fields(call: Call) -> str:
    law, faults = call.desk.law, list[Fault]()
    question = call.given.get("question", law.first_question)
    if not is_one_of("question", question, law.questions, faults):
        raise FaultyInputError(faults)
    return outline(law, question, call.desk.lang)


_REST = ("question", "known_on", "readings")
TOOLS: Mapping[str, Tool] = {
    "decide": Tool(_decide, ("case", "on"), _REST),
    "examine": Tool(_examine, ("case", "on"), (*_REST, "section")),
    "needs": Tool(_needs, ("case", "on"), _REST),
    "compare": Tool(_compare, ("case", "on"), ("question", "readings")),
    "fields": Tool(_fields, (), ("question",)),
    "search": Tool(lambda call: call.desk.lookup.search(call.given["words"]), ("words",)),
    "explain": Tool(lambda call: call.desk.lookup.explain(call.given["id"]), ("id",)),
}
