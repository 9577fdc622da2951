"""Rules, sources, the API and problems as pages for people: what each of `templates/` is given to show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

from vwv_im.law.evidence import GRADES
from vwv_im.law.regulation import Regulation
from vwv_im.text import group
from vwv_im.text.format import written_date
from vwv_im.web.negotiation import reads_pages
from vwv_im.web.problems import Answer

Part = Mapping[str, Any]


def rules_page(law: Regulation) -> str:
    """Return the page of the requirements, under each question in the order of examination."""
    rules = [(state, item) for state in law.states for item in state if item.entry.kind == "regel"]
    acts = group((item.id, law.act(state.id).kurz.de) for state, item in rules)
    return _page("regeln", law.name, law=law, items={item.id: item for _, item in rules}, acts=acts)


def sources_page(law: Regulation) -> str:
    """Return the page of the sources, with a link to each."""
    return _page("quellen", law.name, law=law)


def api_page(document: Part, name: str) -> str:
    """Return the page of a description (OpenAPI 3.1); `name` is that of the regulation."""
    return _page("schnittstelle", name, document=document)


def told(answer: Answer, http: HTTPConnection) -> Response:
    """Return a problem as it is sent: a page for whoever opened an address in a browser, else what programs read."""
    if not reads_pages(http):
        return answer.response()
    service = http.app.state.service
    path = http.scope["raw_path"].decode("latin-1").removeprefix(service.settings.prefix)
    back = "../" * (path.count("/") - 1)
    page = _page("problem", service.law.name, root=back, problem=json.loads(answer.content))
    return Response(page, answer.status, {**answer.headers, "Content-Language": "de"}, "text/html")


def _page(template: str, name: str, **shown: Any) -> str:
    from vwv_im.text.templates import templates  # noqa: PLC0415 - a browser has none, and pages that were written

    environment = templates("vwv_im.web").overlay(autoescape=True)
    indented = partial(json.dumps, ensure_ascii=False, indent=2)
    written = partial(written_date, lang="de")
    environment.filters.update(type=_type, contents=_contents, indented=indented, written=written)
    return environment.get_template(f"{template}.html.j2").render(name=name, grades=GRADES, **{"root": "", **shown})


def _contents(content: Part) -> str:
    """Return which document comes in which media types, as HTML."""
    kinds = group((_type(said["schema"]), f"<code>{escape(media)}</code>") for media, said in content.items())
    return "; ".join(f"{kind}: {', '.join(media)}" for kind, media in kinds.items())


def _type(schema: Part) -> str:
    """Return what a schema takes, in a few words, as HTML."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(f"<code>{escape(json.dumps(one))}</code>" for one in values)
    if schema.get("type") == "array":
        return f"Liste: {_type(schema['items'])}" if "items" in schema else "Liste"
    kind = schema.get("type", "beliebig")
    kinds = kind if isinstance(kind, list) else [kind]
    return escape(" | ".join(schema.get("format", one) for one in kinds))
