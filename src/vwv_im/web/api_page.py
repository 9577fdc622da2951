"""The description of the API as a page for people: every operation, what it takes and gives, and all documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from vwv_im.text import group
from vwv_im.web.readable_pages import page_of

Part = Mapping[str, Any]
_SUCCESS = "200"


def api_page(document: Part, name: str) -> str:
    """Return the page of a description (OpenAPI 3.1); `name` is that of the regulation."""
    return page_of(name, "Schnittstelle", "\n".join(_body(document)))


def _body(document: Part) -> Iterator[str]:
    yield f"<p>{escape(document['info']['description'])}</p>"
    yield '<p>Für Programme: <a href="v1/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>'
    for tag in document["tags"]:
        yield f"<h2>{escape(tag.get('x-displayName', tag['name']))}</h2><p>{escape(tag['description'])}</p>"
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    yield _operation(method, path, operation)
    yield "<h2>Dokumente</h2>"
    for name, schema in document["components"]["schemas"].items():
        yield _document(name, schema)


def _operation(method: str, path: str, operation: Part) -> str:
    head = f'<h3 id="{operation["operationId"]}"><code>{method.upper()} {escape(path)}</code></h3>'
    told = f"<p><strong>{escape(operation['summary'])}.</strong> {escape(operation['description'])}</p>"
    rows = [(one["name"], _type(one["schema"]), one.get("description", "")) for one in operation.get("parameters", ())]
    asked = operation.get("requestBody", {}).get("content", {})
    taken = f"<p>Nimmt {_contents(asked)}</p>" if asked else ""
    given = [
        (escape(status), _contents(answer["content"]) if status == _SUCCESS else escape(answer["description"]))
        for status, answer in operation["responses"].items()
    ]
    example = next((content["example"] for content in asked.values() if "example" in content), None)
    return (
        f'<section class="card">{head}{told}{_table(("Angabe", "Typ", "Bedeutung"), rows)}{taken}{_example(example)}'
        f"{_table(('Status', 'Antwort'), given, escaped=True)}</section>"
    )


def _contents(content: Part) -> str:
    """Return which document comes in which media types."""
    kinds = group((_type(said["schema"]), f"<code>{escape(media)}</code>") for media, said in content.items())
    return "; ".join(f"{kind}: {', '.join(media)}" for kind, media in kinds.items())


def _example(example: Any) -> str:
    if example is None:
        return ""
    text = escape(json.dumps(example, ensure_ascii=False, indent=2))
    return f'<details><summary>Beispiel</summary><pre tabindex="0">{text}</pre></details>'


def _document(name: str, schema: Part) -> str:
    about = f"<p>{escape(schema['description'])}</p>" if "description" in schema else ""
    values = "".join(f"<li><code>{escape(str(value))}</code></li>" for value in schema.get("enum", ()))
    needed = schema.get("required", ())
    rows = [
        (f"{key} *" if key in needed else key, _type(part), part.get("description", ""))
        for key, part in schema.get("properties", {}).items()
    ]
    listed = f"<ul>{values}</ul>" if values else ""
    return (
        f'<section class="card"><h3 id="{name}">{name}</h3>{about}{listed}'
        f"{_table(('Schlüssel (* immer)', 'Typ', 'Bedeutung'), rows)}</section>"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], *, escaped: bool = False) -> str:
    """Return a table; nothing where it has no rows. The second cell of a row is HTML, all of them where `escaped`."""
    lines = [
        "".join(f"<td>{cell if escaped or place == 1 else escape(cell)}</td>" for place, cell in enumerate(row))
        for row in rows
    ]
    if not lines:
        return ""
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


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
