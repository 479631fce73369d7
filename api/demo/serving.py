"""The demo's own service: a child process on a clock of its own, in a folder of its own."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import httpx2

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 15.0


class ServiceDidNotStart(Exception):
    """The service ended, or was not ready in time; its log tells why."""


class ServedPort:
    """A ``fairway serve`` process with its own data folder, which is emptied first.

    Attributes:
        folder: ``DATA/demo``; nothing else in ``DATA`` is touched.
        log: Where the service's structured log goes.
    """

    def __init__(self, *, data: Path, http_port: int, port: str, starts_at: datetime) -> None:
        """Take the data folder, the TCP port, the port's name and the simulated start."""
        self.folder = data / "demo"
        self.log = self.folder / "service.log"
        self.url = f"http://127.0.0.1:{http_port}"
        self._environment = {
            **os.environ,
            "FAIRWAY_PORT": port,
            "FAIRWAY_DATA_DIR": str(self.folder),
            "FAIRWAY_DATABASE_URL": "",
            "FAIRWAY_HTTP_PORT": str(http_port),
            "FAIRWAY_CLOCK_START_AT": starts_at.isoformat(),
            "FAIRWAY_CLOCK_SPEED": "1",
            "FAIRWAY_DEMO": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def empty_folder(self) -> None:
        """Begin anew: the last demo's files go."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    async def start(self) -> float:
        """Start and wait until it is ready; return the seconds that took.

        Raises:
            ServiceDidNotStart: It ended, or took too long.
        """
        begun = time.monotonic()
        self._process = self._spawn()
        async with httpx2.AsyncClient(base_url=self.url, timeout=2.0) as http:
            while time.monotonic() - begun < READY_WITHIN_S:
                if self._process.poll() is not None:
                    break
                try:
                    if (await http.get("/ready")).is_success:
                        return time.monotonic() - begun
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise ServiceDidNotStart(f"see {self.log}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "api.cli", "serve"],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is for the demo, which then stops it in order
            )

    def stop(self) -> int | None:
        """Ask it to stop, and insist after a while; return its exit code."""
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return self._process.returncode
