"""A real service on a free port, in a thread of its own, and hands to drive it."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx2
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import connect

from api.app import create_app
from api.server import config_of
from api.settings import Settings
from dispatch.clock import SimulatedClock
from dispatch.errors import AccountExists
from dispatch.lifecycle import Party
from dispatch.store.accounts import Account, create_account

START_AT = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
SECRET = b"k" * 32


@dataclass
class Running:
    """A service that runs; ``app.state.service`` is inside it."""

    url: str
    clock: SimulatedClock
    app: FastAPI
    server: uvicorn.Server
    thread: threading.Thread
    loop: asyncio.AbstractEventLoop
    tokens: dict = field(default_factory=dict)

    @property
    def service(self):
        return self.app.state.service

    def stop(self):
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()

    def token(self, account):
        """The account's token; the account is made on its first use, for a hash takes its time."""
        if account not in self.tokens:
            make_account(self, account)
            answer = httpx2.post(
                f"{self.url}/v1/sessions", json={"account": account, "password": PASSWORD}
            )
            assert answer.status_code == 201, answer.text
            self.tokens[account] = answer.json()["token"]
        return self.tokens[account]

    @contextlib.contextmanager
    def as_(self, account, **headers):
        """An HTTP client signed in as an account."""
        signed = {"Authorization": f"Bearer {self.token(account)}", **headers}
        with httpx2.Client(base_url=self.url, headers=signed, timeout=30) as client:
            yield client

    def on_loop(self, coroutine):
        """Run a coroutine on the service's own event loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)


def accounts_of(port):
    """One account for every organisation of a port; the account's name is the organisation's."""
    roles = {"PILOT": Party.PILOTAGE, "MSA": Party.MARITIME, "PORT": Party.DISPATCH}
    roles |= {company.company_id: Party.TOWAGE for company in port.towage.companies}
    roles |= dict.fromkeys(port.companies, Party.COMPANY)
    return [Account(name=name, organisation=name, party=party) for name, party in roles.items()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(folder, *, plans=False, clock=None, **settings):
    """Start a service; its plans are made only where they are asked for."""
    clock = clock or SimulatedClock(START_AT, speed=1.0)
    given = Settings(data_dir=folder, secret=SECRET, plans=plans, demo=True)
    app = create_app(replace(given, **settings), clock=clock)
    port = free_port()
    server = uvicorn.Server(config_of(app, host="127.0.0.1", port=port))
    loops = []

    async def serving():
        loops.append(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serving()), daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return Running(
        url=f"http://127.0.0.1:{port}", clock=clock, app=app, server=server, thread=thread,
        loop=loops[0],
    )  # fmt: skip


def make_account(running, name):
    """The account of an organisation; it has the organisation's name."""
    known = {account.name: account for account in accounts_of(running.service.port)}
    with contextlib.suppress(AccountExists):
        create_account(running.service.database, known[name], PASSWORD, now=START_AT)


def a_plan(*, imo="9321483", ref="V1", berth=None, start_h=6.0, reference="plan", **movement):
    """A declaration of one bulk carrier that comes in."""
    requested = START_AT + timedelta(hours=start_h)
    return {
        "reference": reference,
        "calls": [
            {
                "call_ref": ref,
                "vessel": {
                    "name": f"SHIP {ref}", "imo": imo, "mmsi": "413123456", "call_sign": "BABC",
                    "flag": "PA", "vessel_type": "container", "loa_m": 190.0, "beam_m": 30.0,
                    "gt": 30000.0, "dwt_t": 40000.0, "max_draught_m": 11.0,
                    "air_draught_m": 40.0, "bow_thruster": True, "dangerous_goods": False,
                },
                "movements": [
                    {
                        "kind": "entry",
                        "requested_at": requested.isoformat(),
                        "latest_at": (requested + timedelta(hours=12)).isoformat(),
                        "draught_m": 9.0, "berths": [berth], "service_min": 600,
                        "cargo": "boxes", "cargo_t": 1000.0, **movement,
                    }
                ],
            }
        ],
    }  # fmt: skip


@contextlib.asynccontextmanager
async def subscribed(running, account, board, *, since=None, token=None, **more):
    """A live connection that has sent its subscription; yields (socket, first frame)."""
    address = running.url.replace("http", "ws", 1) + "/v1/live"
    async with connect(address, compression=None, max_size=None) as socket_:
        hello = {
            "type": "subscribe", "token": token or running.token(account), "board": board,
            "since": since, **more,
        }  # fmt: skip
        await socket_.send(json.dumps(hello))
        first = json.loads(await asyncio.wait_for(socket_.recv(), 10))
        yield socket_, first


async def next_frame(socket_, kind=None, timeout_s=10):
    """The next frame, or the next of a kind (others are passed over)."""
    async with asyncio.timeout(timeout_s):
        while True:
            frame = json.loads(await socket_.recv())
            if kind is None or frame["type"] == kind:
                return frame
