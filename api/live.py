"""The live socket: one subscription, then frames one way; commands never come over it."""

import asyncio
import contextlib
import json
from typing import Any

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from agencies.party import View, view_of
from api.auth import Caller
from api.hub import Subscriber
from api.problems import LIVE, codes
from api.schemas.frames import Subscribe
from api.service import Service
from api.wire import EXTENSION
from dispatch.errors import DispatchError

SUBSCRIBE_WITHIN_S = 10.0
NOT_ALLOWED, RESYNC, TOO_MUCH = 4401, 4409, 4429
FRAME_INVALID = 4400

router = APIRouter()


class _Refused(Exception):
    """A subscription that is not granted."""

    def __init__(self, close_code: int, problem: str) -> None:
        super().__init__(problem)
        self.close_code = close_code
        self.problem = problem


@router.websocket("/v1/live")
async def live(websocket: WebSocket) -> None:
    """Answer one live connection until either side ends it."""
    service: Service = websocket.app.state.service
    await websocket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        try:
            caller, view, since = await _subscription(websocket, service)
            await _follow(websocket, service, caller, view, since)
        except _Refused as refusal:
            await _end(websocket, refusal.close_code, refusal.problem)


async def _subscription(websocket: WebSocket, service: Service) -> tuple[Caller, View, str | None]:
    try:
        text = await asyncio.wait_for(websocket.receive_text(), SUBSCRIBE_WITHIN_S)
        frame = Subscribe.model_validate(json.loads(text))
    except TimeoutError:
        raise _Refused(FRAME_INVALID, "subscription-late") from None
    except (ValueError, KeyError, RecursionError, ValidationError):
        # a binary frame has no text: KeyError
        raise _Refused(FRAME_INVALID, "frame-invalid") from None
    try:
        caller = await asyncio.to_thread(service.doorman.caller_of, frame.token)
    except DispatchError as error:
        raise _Refused(NOT_ALLOWED, error.code) from None
    websocket.state.account = caller.account
    view = view_of(caller.party, caller.organisation, frame.board, frame.organisation)
    if view is None or not service.knows(view):
        raise _Refused(NOT_ALLOWED, "board-not-open")
    return caller, view, frame.since


async def _follow(
    websocket: WebSocket, service: Service, caller: Caller, view: View, since: str | None
) -> None:
    if service.hub.subscriptions(caller.account) >= service.settings.connections_per_account:
        raise _Refused(TOO_MUCH, "too-many-connections")
    loop = asyncio.get_running_loop()
    ending: asyncio.Future[tuple[int, str]] = loop.create_future()
    subscriber = Subscriber(
        wire=websocket.scope["extensions"][EXTENSION],
        account=caller.account,
        session=caller.session,
        ending=ending,
    )
    expiry = loop.call_later(caller.seconds_left, subscriber.end, NOT_ALLOWED, "session-expired")
    service.hub.join(view, since, subscriber)
    listening = asyncio.ensure_future(_listen(websocket))
    try:
        await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
        if ending.done():
            raise _Refused(*ending.result())
        listening.result()
    finally:
        expiry.cancel()
        service.hub.leave(view, subscriber)
        listening.cancel()
        ending.cancel()


async def _listen(websocket: WebSocket) -> None:
    """Wait for the peer to leave; it has nothing more to say."""
    message: dict[str, Any] = dict(await websocket.receive())
    if message["type"] != "websocket.disconnect":
        raise _Refused(FRAME_INVALID, "frame-invalid")


async def _end(websocket: WebSocket, close_code: int, problem: str) -> None:
    title = LIVE.get(problem) or codes()[problem][1]
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await websocket.send_text(json.dumps({"type": "problem", "code": problem, "title": title}))
        await websocket.close(close_code, problem)
