"""One party at its desk: its requests, and its board followed live through every restart."""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx2
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from agencies.client import BoardClient
from agencies.party import BOARD_OF
from agencies.party import Party as AgencyParty
from tests.api.serving import PASSWORD
from tests.journeys.served import Served

Row = dict[str, Any]
Found = TypeVar("Found")
AGAIN_S = 0.1
SILENCE_S = 12.0


class Seat:
    """An organisation signed in with its own account.

    Attributes:
        first_frames: The kind of each connection's first frame, in order.
        plans_seen: Every (version, published_at) that the board has shown.
        puts: Every row that the board was told of in a delta, as (type, id, JSON text).
        gaps: How often a delta did not join on to the one before.
    """

    def __init__(self, served: Served, organisation: str) -> None:
        self.organisation = organisation
        self.url = served.url
        self.board = BOARD_OF[AgencyParty(served.party_of(organisation).value)].value
        self.client = BoardClient()
        self.first_frames: list[str] = []
        self.plans_seen: set[tuple[int, str]] = set()
        self.puts: set[tuple[str, str, str]] = set()
        self.gaps = 0
        self.http = httpx2.Client(base_url=self.url, timeout=30.0)
        answer = self.post("/v1/sessions", {"account": organisation, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        self.token: str = answer.json()["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    # -- requests --------------------------------------------------------------------------

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            named["Idempotency-Key"] = key
        return self.http.post(path, json=body if body is not None else {}, headers=named)

    def done(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Post what has to succeed; return the answer's body."""
        answer = self.post(path, body, **headers)
        assert answer.is_success, f"{self.organisation} {path}: {answer.text}"
        return answer.json()

    def refused(self, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Post what has to be refused; return the status and the code."""
        answer = self.post(path, body, **headers)
        assert not answer.is_success, f"{self.organisation} {path}: {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    def get(self, path: str) -> dict[str, Any]:
        answer = self.http.get(path)
        assert answer.is_success, f"{self.organisation} {path}: {answer.text}"
        return answer.json()

    # -- the board -------------------------------------------------------------------------

    def follow(self) -> "Seat":
        self._thread.start()
        return self

    def rows(self, kind: str) -> dict[str, Row]:
        """The rows of a type as the board shows them now, by id."""
        with self._lock:
            return dict(self.client.rows.get(kind, {}))

    def row(self, kind: str, row_id: str) -> Row:
        return self.rows(kind)[row_id]

    def held(self) -> dict[str, dict[str, Row]]:
        """All that the board shows; types without a row are left out."""
        with self._lock:
            return {kind: dict(rows) for kind, rows in self.client.rows.items() if rows}

    @property
    def version(self) -> int:
        """The plan version on the board; 0 before the first."""
        plan = self.rows("plan").get("plan")
        return plan["version"] if plan else 0

    def fresh(self) -> dict[str, dict[str, Row]]:
        """All that a newcomer would be shown."""
        rows = self.get(f"/v1/boards/{self.board}")["rows"]
        return {kind: {row["id"]: row for row in items} for kind, items in rows.items() if items}

    def plans(self) -> set[tuple[int, str]]:
        """Return every (version, published_at) that the board has shown."""
        with self._lock:
            return set(self.plans_seen)

    def take_puts(self) -> set[tuple[str, str, str]]:
        """Return what the board was told of since this was last asked."""
        with self._lock:
            taken, self.puts = self.puts, set()
        return taken

    def leave(self) -> None:
        self._leaving.set()
        if self._thread.is_alive():
            self._thread.join(10)
        self.http.close()

    def _follow(self) -> None:
        address = self.url.replace("http", "ws", 1) + "/v1/live"
        while not self._leaving.is_set():
            with (
                contextlib.suppress(OSError, WebSocketException, TimeoutError, EOFError),
                connect(
                    address, compression=None, max_size=None, open_timeout=5, close_timeout=0.5
                ) as socket,
            ):
                hello = self.client.subscribe_frame(token=self.token, board=self.board)
                socket.send(json.dumps(hello))
                self._read(socket)
            self._leaving.wait(AGAIN_S)

    def _read(self, socket: Any) -> None:
        first = True
        heard_s = time.monotonic()
        while not self._leaving.is_set() and time.monotonic() - heard_s < SILENCE_S:
            try:
                frame = json.loads(socket.recv(timeout=0.25))
            except TimeoutError:
                continue
            heard_s = time.monotonic()
            if first:
                self.first_frames.append(frame["type"])
                first = False
            with self._lock:
                joined = self.client.receive(frame)
                self._note(frame)
            if not joined:
                self.gaps += 1
                return

    def _note(self, frame: Row) -> None:
        plan = self.client.rows.get("plan", {}).get("plan")
        if plan is not None:
            self.plans_seen.add((plan["version"], plan["published_at"]))
        for op in frame.get("ops", ()):
            if op["op"] == "put":
                self.puts.add((op["type"], op["id"], json.dumps(op["row"], sort_keys=True)))


def eventually(look: Callable[[], Found], within_s: float, *, what: str) -> Found:
    """Return the first true answer of ``look``; fail where there is none in time."""
    until_s = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < until_s, f"not within {within_s:g} s: {what}"
        time.sleep(0.05)
