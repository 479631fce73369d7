"""The service as the console program reaches it: address, token, requests."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import httpx2
import typer

from api.console_commands.exits import Exit, leave
from api.console_commands.texts import refusal_text, system_language, text
from dispatch.provenance import Language

DEFAULT_URL = "http://127.0.0.1:8000"
TIMEOUT_S = 60.0

UrlOption = Annotated[
    str | None, typer.Option("--url", envvar="FAIRWAY_URL", help="Address of the service.")
]
TokenOption = Annotated[
    str | None,
    typer.Option("--token", envvar="FAIRWAY_TOKEN", help="Token; else that of `fairway login`."),
]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="zh or en; else as the terminal is set.")
]
BehalfOption = Annotated[
    str | None,
    typer.Option(
        "--on-behalf-of", help="party:ORGANISATION that phoned it in (dispatch centre only)."
    ),
]


def config_file() -> Path:
    """Return where the address and token of the last sign-in are kept."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "fairway" / "session.json"


def kept_session() -> dict[str, str]:
    """Return what the last sign-in has kept; empty where there was none."""
    try:
        content = json.loads(config_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def keep_session(url: str, token: str) -> Path:
    """Keep an address and token for the next commands, for this user's eyes only."""
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        json.dump({"url": url, "token": token}, target)
    return path


def language_of(lang: str | None) -> Language:
    """Return the language asked for."""
    if lang is None:
        return system_language()
    if lang == "zh":
        return "zh"
    if lang != "en":
        leave(Exit.USAGE, "--lang: zh | en")
    return "en"


@dataclass(slots=True, kw_only=True)
class Remote:
    """A service and who asks it."""

    url: str
    token: str | None
    language: Language
    on_behalf_of: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a request."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.on_behalf_of:
            headers |= {"Fairway-On-Behalf-Of": self.on_behalf_of, "Fairway-Read-Back": "true"}
        return headers

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx2.Response:
        """Return the answer to a request; a refusal ends the command with its text."""
        try:
            with httpx2.Client(base_url=self.url, timeout=TIMEOUT_S) as client:
                answer = client.request(
                    method, path, headers={**self.headers(), **(headers or {})}, **content
                )
        except httpx2.TransportError as error:
            reached = text("unreachable", self.language, url=self.url)
            leave(Exit.UNREACHABLE, f"{reached}: {error}")
        if answer.is_success:
            return answer
        self.refuse(answer)
        raise AssertionError("a refusal ends the command")

    def refuse(self, answer: httpx2.Response) -> None:
        """End the command with what a refusal says."""
        try:
            problem = answer.json()
        except ValueError:
            problem = {"code": f"http-{answer.status_code}", "detail": answer.text[:200]}
        lines = refusal_text(problem, self.language)
        if answer.status_code == 401:
            leave(Exit.NOT_SIGNED_IN, "\n".join([*lines, text("sign_in", self.language)]))
        leave(Exit.FAILED if answer.status_code >= 500 else Exit.REFUSED, "\n".join(lines))

    def items(self, path: str) -> list[dict[str, Any]]:
        """Return a whole list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            params = {"limit": "500", **({"cursor": cursor} if cursor else {})}
            page = self.request("GET", path, params=params).json()
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found

    def zone(self) -> ZoneInfo:
        """Return the port's time zone."""
        return ZoneInfo(self.request("GET", "/v1/port").json()["zone"])


def remote(
    url: str | None, token: str | None, lang: str | None, on_behalf_of: str | None = None
) -> Remote:
    """Return the service that the options, or the last sign-in, name."""
    kept = kept_session()
    return Remote(
        url=(url or kept.get("url") or DEFAULT_URL).rstrip("/"),
        token=token or (kept.get("token") if url in (None, kept.get("url")) else None),
        language=language_of(lang),
        on_behalf_of=on_behalf_of,
    )
