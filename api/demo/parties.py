"""The simulated parties' hands: signed in each with its own account, with its own live board."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import connect

from agencies.client import BoardClient
from api.demo.world import Act, Row

RECONNECT_S = 0.5


@dataclass(slots=True, kw_only=True)
class Seat:
    """One signed-in account with the board that it watches."""

    account: str
    organisation: str
    board: str
    token: str
    client: BoardClient
    gaps: int = 0
    news: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue[dict[str, Any]])

    @property
    def rows(self) -> Mapping[str, Mapping[str, Row]]:
        """The rows on the board, by type and id."""
        return self.client.rows


class Parties:
    """All seats of a demo, the HTTP connection they share, and the count of what was promised.

    Attributes:
        acknowledged: Every answer of the service that promised to keep something, as (path, body).
    """

    def __init__(self, base_url: str) -> None:
        """Take the service's address, as ``http://127.0.0.1:8000``."""
        self.base_url = base_url
        self.http = httpx2.AsyncClient(base_url=base_url, timeout=30.0)
        self.seats: dict[str, Seat] = {}
        self.acknowledged: list[tuple[str, dict[str, Any]]] = []
        self._watching: list[asyncio.Task[None]] = []

    async def sign_in(self, party: str, account: str, password: str, board: str) -> Seat:
        """Open a session for an account; ``party`` is the name that acts use for it."""
        answer = await self.http.post(
            "/v1/sessions", json={"account": account, "password": password}
        )
        answer.raise_for_status()
        body = answer.json()
        seat = Seat(
            account=account,
            organisation=body["organisation"],
            board=board,
            token=body["token"],
            client=BoardClient(),
        )
        self.seats[party] = seat
        return seat

    def watch_all(self) -> None:
        """Begin to follow every seat's board."""
        self._watching = [asyncio.create_task(self._watch(seat)) for seat in self.seats.values()]

    async def _watch(self, seat: Seat) -> None:
        address = self.base_url.replace("http", "ws", 1) + "/v1/live"
        while True:
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                async with connect(address, compression=None, max_size=None) as socket:
                    hello = seat.client.subscribe_frame(token=seat.token, board=seat.board)
                    await socket.send(json.dumps(hello))
                    async for message in socket:
                        frame = json.loads(message)
                        frame["received_s"] = time.monotonic()
                        if not seat.client.receive(frame):
                            seat.gaps += 1
                            break
                        seat.news.put_nowait(frame)
            await asyncio.sleep(RECONNECT_S)

    async def act(self, act: Act) -> tuple[bool, dict[str, Any]]:
        """Send one act; return whether it was done, and the answer."""
        return await self.post(act.party, act.path, act.body, key=act.key)

    async def post(
        self, party: str, path: str, body: Mapping[str, Any], *, key: str
    ) -> tuple[bool, dict[str, Any]]:
        """Post as a party; a refusal is an answer, too, and not an exception."""
        seat = self.seats[party]
        answer = await self.http.post(
            path,
            json=dict(body),
            headers={"Authorization": f"Bearer {seat.token}", "Idempotency-Key": key[:200]},
        )
        content = answer.json() if answer.content else {}
        if answer.is_success:
            self.acknowledged.append((path, content))
        return answer.is_success, content

    async def upload(self, party: str, path: Path) -> dict[str, Any]:
        """Declare a spreadsheet as its company.

        Raises:
            httpx2.HTTPStatusError: It was refused.
        """
        content = await asyncio.to_thread(path.read_bytes)
        answer = await self.http.post(
            "/v1/declarations/import",
            files={"file": (path.name, content)},
            headers={
                "Authorization": f"Bearer {self.seats[party].token}",
                "Idempotency-Key": f"{party} {path.name}",
            },
        )
        answer.raise_for_status()
        body = answer.json()
        self.acknowledged.append(("/v1/declarations", body))
        return body

    async def set_speed(self, speed: float) -> dict[str, Any]:
        """Let the simulated clock run at a speed; return what it says."""
        answer = await self.http.put(
            "/v1/clock",
            json={"speed": speed},
            headers={"Authorization": f"Bearer {self.seats['dispatch'].token}"},
        )
        answer.raise_for_status()
        return answer.json()

    async def get(self, party: str, path: str) -> dict[str, Any]:
        """Read as a party."""
        token = self.seats[party].token
        answer = await self.http.get(path, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        return answer.json()

    async def close(self) -> None:
        """Stop watching and close the connections."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        await self.http.aclose()
