"""Around every request: its id, its line in the log, and the headers that browsers heed."""

import json
import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import REQUEST_ID
from api.problems import BARE, MEDIA_TYPE

LOG = logging.getLogger("fairway.request")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
GIVEN_ID = re.compile(r"[0-9A-Za-z._-]{8,64}\Z")


class Envelope:
    """Outermost ASGI layer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if GIVEN_ID.match(given) else str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        token = REQUEST_ID.set(request_id)
        exchange = _Exchange(scope, send, request_id)
        try:
            await self._app(scope, receive, exchange.send)
        finally:
            exchange.log()
            REQUEST_ID.reset(token)


class _Exchange:
    """What is sent in answer to one request."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope = scope
        self._send = send
        self._request_id = request_id
        self._begun_s = time.monotonic()
        self._status: int | None = None
        self._replaced = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._request_id
            for name, value in SECURITY_HEADERS:
                headers.setdefault(name, value)
            if message["status"] == 413 and headers.get("content-type", "").startswith("text/"):
                await self._send_too_long(headers)
                return
        elif message["type"] in ("websocket.accept", "websocket.close"):
            self._status = message.get("code", 101)
        elif self._replaced:
            return
        await self._send(message)

    async def _send_too_long(self, headers: MutableHeaders) -> None:
        """The framework answers bodies over the bound in plain text, before any handler."""
        self._replaced = True
        code, title = BARE[413]
        body = json.dumps(
            {
                "type": f"/problems/{code}",
                "title": title,
                "status": 413,
                "detail": title,
                "instance": f"urn:uuid:{self._request_id}",
                "code": code,
            }
        ).encode()
        headers["content-type"] = MEDIA_TYPE
        headers["content-length"] = str(len(body))
        await self._send({"type": "http.response.start", "status": 413, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

    def log(self) -> None:
        LOG.info(
            "%s %s",
            self._scope.get("method", "LIVE"),
            self._scope["path"],
            extra={
                "status": self._status,
                "took_ms": round((time.monotonic() - self._begun_s) * 1000, 1),
                "account": self._scope.get("state", {}).get("account"),
            },
        )
