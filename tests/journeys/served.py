"""The real service as a child process that can be stopped, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import httpx2

from dispatch.lifecycle import Party
from dispatch.port import Port, load_port
from dispatch.store.accounts import create_account
from dispatch.store.database import Database
from tests.api.serving import PASSWORD, accounts_of, free_port

REPOSITORY = Path(__file__).parents[2]
READY_WITHIN_S = 60.0
DRAINED_WITHIN_S = 30.0
CHILD = "scheduler.worker"


class Served:
    """``fairway serve`` on a simulated clock, with its own data folder and a free TCP port.

    Attributes:
        database: The service's own store, for reading beside it.
        log: Where the service writes its log.
    """

    def __init__(
        self,
        folder: Path,
        *,
        starts_at: datetime,
        organisations: frozenset[str],
        policy: Path | None = None,
    ) -> None:
        self.port: Port = load_port("guangzhou")
        self.folder = folder
        self.log = folder / "service.log"
        http_port = free_port()
        self.url = f"http://127.0.0.1:{http_port}"
        self.starts_at = starts_at
        kept = {name: text for name, text in os.environ.items() if "FAIRWAY" not in name}
        self._environment = kept | {
            "FAIRWAY_PORT": "guangzhou",
            "FAIRWAY_DATA_DIR": str(folder),
            "FAIRWAY_HTTP_PORT": str(http_port),
            "FAIRWAY_CLOCK_START_AT": starts_at.isoformat(),
            "FAIRWAY_CLOCK_SPEED": "1",
            "FAIRWAY_POLICY_FILE": str(policy or ""),
        }
        self.database = Database(f"sqlite:///{folder / 'fairway.db'}", port="guangzhou")
        self.database.upgrade()
        self.accounts = {
            account.name: account
            for account in accounts_of(self.port)
            if account.name in organisations
        }
        for account in self.accounts.values():
            create_account(self.database, account, PASSWORD, now=starts_at)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "serve"],
                cwd=REPOSITORY,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until_s = time.monotonic() + READY_WITHIN_S
        with httpx2.Client(base_url=self.url, timeout=2.0) as http:
            while time.monotonic() < until_s:
                assert self.process.poll() is None, self.tail()
                try:
                    if http.get("/ready").is_success:
                        return
                except httpx2.TransportError:
                    time.sleep(0.05)
        raise AssertionError(f"not ready in time\n{self.tail()}")

    def kill(self) -> None:
        """Kill it as a power cut would; its solvers end with it."""
        self.process.kill()
        self.process.wait(10)

    def drain(self) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DRAINED_WITHIN_S)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self.database.close()

    def solver_pids(self) -> list[int]:
        """Return the solvers that are children of the service."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, check=True, text=True
        ).stdout
        found = (line.split(None, 2) for line in listed.splitlines())
        mine = str(self.process.pid)
        return [int(pid) for pid, parent, *args in found if parent == mine and CHILD in args[0]]

    def tail(self, lines: int = 30) -> str:
        """Return the end of the service's log, for a failure's message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def party_of(self, organisation: str) -> Party:
        return self.accounts[organisation].party
