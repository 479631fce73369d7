"""Pages for people: one for each refusal, and the console's own files."""

import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse, HTMLResponse, JSONResponse

from api.asyncapi import asyncapi_document
from api.problems import codes
from dispatch.errors import NotFound

STATIC = Path(__file__).parents[1] / "static"
TEXTS = Path(__file__).parents[1] / "i18n"
HASHED_FOLDER = "assets"

router = APIRouter(include_in_schema=False)


@cache
def texts(language: str) -> dict[str, str]:
    """Return the texts of a language by key."""
    return json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))


def problem_page(code: str) -> dict[str, Any]:
    """Return what a code means, in both languages.

    Raises:
        NotFound: there is no such code.
    """
    known = codes()
    if code not in known:
        raise NotFound(f"no problem {code}", context={"type": "problem", "id": code})
    status, title = known[code]
    key = f"error.{code}"
    return {
        "code": code,
        "status": status,
        "title": title,
        "zh": texts("zh").get(key, title),
        "en": texts("en").get(key, title),
    }


@router.get("/problems/{code}")
def get_problem(code: str, request: Request) -> Response:
    """Explain a code: as a page, or as JSON where that is asked for."""
    page = problem_page(code)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(page)
    status = f"HTTP {page['status']}" if page["status"] else "WebSocket"
    body = "".join(
        f'<p lang="{language}">{html.escape(page[key])}</p>'
        for language, key in (("zh-CN", "zh"), ("en", "en"))
    )
    return HTMLResponse(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{html.escape(code)} · Fairway</title>"
        f"<h1><code>{html.escape(code)}</code></h1><p>{status}</p>{body}"
        f'<p lang="en">{html.escape(page["title"])}.</p></html>'
    )


@router.get("/asyncapi.json")
def get_asyncapi() -> Response:
    """Return the contract of the live feed."""
    return JSONResponse(asyncapi_document())


@router.get("/")
def get_console() -> Response:
    """Return the console, or how to build it."""
    index = STATIC / "index.html"
    if index.is_file():
        return FileResponse(index, headers={"Cache-Control": "no-cache"})
    return HTMLResponse(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>航道通 Fairway</title>'
        "<h1>航道通 Fairway</h1>"
        "<p>网页控制台尚未构建。在项目目录运行 <code>make setup</code>，然后刷新本页。</p>"
        '<p lang="en">The web console has not been built. Run <code>make setup</code> in the '
        "project's folder and load this page again.</p>"
        '<p><a href="/openapi.json">openapi.json</a> · <a href="/v1/health">health</a></p></html>',
        status_code=503,
    )


@router.get("/{path:path}")
def get_file(path: str) -> Response:
    """Return one of the console's files.

    Raises:
        NotFound: there is none.
    """
    target = (STATIC / path).resolve()
    if not target.is_relative_to(STATIC.resolve()) or not target.is_file():
        raise NotFound(f"no page /{path}", context={"type": "page", "id": path})
    # the build puts a hash of the content into these names
    lasting = path.startswith(f"{HASHED_FOLDER}/")
    caching = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return FileResponse(target, headers={"Cache-Control": caching})
