"""The web page: files of the package, served as they are."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response

from vwv_im.web.problems import Problem

_FILES = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
router = APIRouter(include_in_schema=False)


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    """Return every file of the page by its name: content, media type, and tag."""
    found = {}
    for path in sorted(_FILES.iterdir()):
        if path.suffix in _MEDIA_TYPES:
            content = path.read_bytes()
            found[path.name] = (content, _MEDIA_TYPES[path.suffix], f'"{sha256(content).hexdigest()[:32]}"')
    return found


@router.get("/")
async def index(http: Request) -> Response:
    """Give the page."""
    return _answer("index.html", http)


@router.get("/static/{name}")
async def static(name: str, http: Request) -> Response:
    """Give a file that the page is made of."""
    return _answer(name, http)


def _answer(name: str, http: Request) -> Response:
    if name not in _files():
        raise Problem("not-found")
    content, media_type, tag = _files()[name]
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if http.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
