"""``fairway watch`` and ``fairway plan``: boards in the terminal."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from agencies.client import BoardClient
from agencies.party import Board
from api.console_commands.exits import Exit, leave
from api.console_commands.remote import LangOption, Remote, TokenOption, UrlOption, remote
from api.console_commands.tables import local, movement_lines, service_lines
from api.console_commands.texts import refusal_text, text

CLEAR = "\x1b[H\x1b[2J"
REDRAW_S = 0.25
AGE_EVERY_S = 1.0
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 10.0
JOBS_FIRST = frozenset({Board.PILOTAGE, Board.TOWAGE})


def watch(
    *,
    board: Annotated[Board, typer.Argument(help="company, pilotage, towage, maritime or port.")],
    once: Annotated[bool, typer.Option("--once", help="Print the board once and end.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print frames as JSON lines instead of a table.")
    ] = False,
    organisation: Annotated[
        str | None, typer.Option(help="Whose board (dispatch centre only).")
    ] = None,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Show a board and keep it up to date until Ctrl-C.

    Example: fairway watch pilotage
    Example: fairway watch company --json | jq .cursor

    Exit codes: 0 ended by you, 1 refused, 3 service not reached, 4 not signed in.
    """
    service = remote(url, token, lang)
    if service.token is None:
        leave(Exit.NOT_SIGNED_IN, text("sign_in", service.language))
    watcher = _Watcher(service, board, organisation, once=once, as_json=as_json)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(watcher.run())


def plan(
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Print the plan in force, as far as you see it.

    Example: fairway plan

    Exit codes: 0 printed, 3 service not reached, 4 not signed in.
    """
    service = remote(url, token, lang)
    me = service.request("GET", "/v1/me").json()
    frame = service.request("GET", f"/v1/boards/{me['board']}").json()
    if as_json:
        typer.echo(json.dumps(frame["rows"], ensure_ascii=False))
        return
    client = BoardClient()
    client.receive(frame)
    for line in board_lines(client, service, service.zone(), jobs_first=False):
        typer.echo(line)


def board_lines(
    client: BoardClient, service: Remote, zone: ZoneInfo, *, jobs_first: bool
) -> list[str]:
    """Return a board as lines: which plan is in force, and its rows."""
    language = service.language
    in_force = next(iter(client.rows.get("plan", {}).values()), None)
    lines = [
        text(
            "plan",
            language,
            version=in_force["version"],
            at=local(in_force["published_at"], zone),
        )
        if in_force
        else text("no_plan", language),
        "",
    ]
    shown = service_lines if jobs_first else movement_lines
    return lines + (shown(client.rows, zone, language) or [text("nothing", language)])


def _say(lines: str) -> None:
    """Print; a reader that has had enough, like ``head``, ends the command."""
    try:
        typer.echo(lines)
        sys.stdout.flush()
    except BrokenPipeError:
        # nothing more may go to it, not even what the interpreter flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.DONE) from None


class _Watcher:
    """One ``fairway watch`` from start to end."""

    def __init__(
        self,
        service: Remote,
        board: Board,
        organisation: str | None,
        *,
        once: bool,
        as_json: bool,
    ) -> None:
        self._service = service
        self._board = board
        self._organisation = organisation
        self._once = once
        self._as_json = as_json
        self._client = BoardClient()
        self._changed = asyncio.Event()
        self._done = False

    async def run(self) -> None:
        zone = await asyncio.to_thread(self._service.zone)
        drawing = asyncio.create_task(self._draw(zone))
        retry_s = FIRST_RETRY_S
        try:
            while not self._done:
                begun_s = time.monotonic()
                try:
                    await self._follow()
                except (OSError, WebSocketException, TimeoutError) as error:
                    if self._client.heard_s is None:
                        reached = text("unreachable", self._service.language, url=self._service.url)
                        leave(Exit.UNREACHABLE, f"{reached}: {error}")
                if self._done:
                    break
                if time.monotonic() - begun_s > LONGEST_RETRY_S:
                    retry_s = FIRST_RETRY_S
                typer.echo(text("reconnecting", self._service.language), err=True)
                await asyncio.sleep(retry_s)
                retry_s = min(2 * retry_s, LONGEST_RETRY_S)
        finally:
            drawing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await drawing

    async def _follow(self) -> None:
        address = self._service.url.replace("http", "ws", 1) + "/v1/live"
        hello = self._client.subscribe_frame(
            token=self._service.token or "",
            board=self._board.value,
            organisation=self._organisation,
        )
        async with connect(address, compression=None, max_size=None) as socket:
            await socket.send(json.dumps(hello))
            async for message in socket:
                frame: dict[str, Any] = json.loads(message)
                going_on = self._client.receive(frame, time.monotonic())
                if frame["type"] == "problem":
                    self._refused(frame)
                if self._as_json:
                    _say(json.dumps(frame, ensure_ascii=False))
                self._changed.set()
                if self._once and frame["type"] in ("snapshot", "resume"):
                    self._done = True
                    return
                if not going_on:
                    return

    def _refused(self, frame: dict[str, Any]) -> None:
        """A resync is no refusal: the next subscription takes a snapshot."""
        if frame["code"] == "resync":
            return
        code = Exit.NOT_SIGNED_IN if frame["code"] == "session-expired" else Exit.REFUSED
        leave(code, "\n".join(refusal_text(frame, self._service.language)))

    async def _draw(self, zone: ZoneInfo) -> None:
        if self._as_json:
            return
        whole_screen = sys.stdout.isatty() and not self._once
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), AGE_EVERY_S)
                if self._client.cursor is not None and (whole_screen or self._changed.is_set()):
                    self._changed.clear()
                    self._print(zone, whole_screen=whole_screen)
                await asyncio.sleep(REDRAW_S)
        finally:
            if self._changed.is_set() and self._client.cursor is not None:
                self._print(zone, whole_screen=whole_screen)

    def _print(self, zone: ZoneInfo, *, whole_screen: bool) -> None:
        language = self._service.language
        head = f"{self._board.value}  {local(self._client.at, zone)}"
        age_s = self._client.stale_s(time.monotonic())
        lines = [head]
        if age_s is not None:
            lines.append(text("stale", language, age_s=round(age_s)))
        jobs_first = self._board in JOBS_FIRST
        lines += board_lines(self._client, self._service, zone, jobs_first=jobs_first)
        if whole_screen:
            lines = lines[: shutil.get_terminal_size().lines - 1]
        _say((CLEAR if whole_screen else "") + "\n".join(lines))
