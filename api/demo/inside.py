"""A service inside this process, whose clock stands still until it is told to go on."""

import asyncio
import logging
import socket
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from api.app import create_app
from api.demo.serving import ServiceDidNotStart
from api.server import config_of
from api.service import Service
from api.settings import Settings
from dispatch.clock import SimulatedClock

START_WITHIN_S = 60.0
SETTLED_WITHIN_S = 30.0
LOOK_EVERY_S = 0.01
AFTER_NEWS_S = 0.02
"""What was published is on its way to the boards for a moment."""


class InnerPort:
    """A service on a free port of 127.0.0.1, on a thread and an event loop of its own."""

    def __init__(self, *, folder: Path, port: str, starts_at: datetime) -> None:
        """Take the data folder, the port's name and the simulated start."""
        self.clock = SimulatedClock(starts_at, speed=0.0)
        app = create_app(Settings(data_dir=folder, port=port, demo=True), clock=self.clock)
        self.service: Service = app.state.service
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.http_port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.http_port}"
        self._server = uvicorn.Server(config_of(app, host="127.0.0.1", port=self.http_port))
        self._thread = threading.Thread(target=self._serve, name="fairway-service", daemon=True)

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    async def start(self) -> None:
        """Start and wait until it takes requests.

        Raises:
            ServiceDidNotStart: It ended, or took too long.
        """
        logging.getLogger("uvicorn").setLevel(logging.ERROR)
        self._thread.start()
        until_s = time.monotonic() + START_WITHIN_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until_s:
                raise ServiceDidNotStart("the service inside this process did not start")
            await asyncio.sleep(0.05)

    async def settled(self) -> bool:
        """Wait until every fact has been planned for; False where that took too long."""
        until_s = time.monotonic() + SETTLED_WITHIN_S
        while time.monotonic() < until_s:
            planner = self.service.planner
            hub = self.service.hub
            if planner is None or (
                not planner.status.busy and planner.status.offset >= hub.offset > 0
            ):
                return True
            await asyncio.sleep(LOOK_EVERY_S)
        return False

    def stop(self) -> None:
        """Ask it to stop and wait for it."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(START_WITHIN_S)
        self._socket.close()


class Strides:
    """Time in strides: the clock goes on only once the service has dealt with all there was."""

    patience_s = 0.0

    def __init__(self, served: InnerPort, stride: timedelta) -> None:
        """Take the service and how far the clock goes at a time."""
        self._served = served
        self._stride = stride
        self.unsettled = 0

    def now(self) -> datetime:
        """Return the simulated instant."""
        return self._served.clock.now()

    async def step(self, under_way: set[asyncio.Task[None]]) -> None:
        """Let acts come to their end, the plan be mended, the boards hear of it; then go on."""
        if under_way:
            await asyncio.gather(*under_way)
        if not await self._served.settled():
            self.unsettled += 1
        await asyncio.sleep(AFTER_NEWS_S)
        self._served.clock.advance_to(self.now() + self._stride)
